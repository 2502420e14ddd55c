"""An invoice's text in, its fields out, as JSON that fits a schema."""

from __future__ import annotations

import json
from typing import Any

from grader.catalog import find_model
from grader.exams import (
    COUNTER,
    Called,
    Case,
    Crash,
    Criterion,
    Exam,
    Scene,
    SdkObject,
    Shapes,
    Slip,
    exercise,
)
from grader.exercises.agents.invoice_schema import excluded_values, judge_schema, may_be_null
from grader.exercises.agents.invoices import (
    FIELDS,
    PIECES,
    cut,
    invoice_of,
    stopped,
    text_of,
    written,
)
from grader.exercises.failures import FAILURES, failing_scene
from grader.exercises.loops import blocks_beside, content_text
from grader.exercises.readings import differing, is_same
from grader.simulator import Turn, output_tokens, text, turn

Json = Any

_MOST_REQUESTS = 4
"""How many requests we answer, so that we can tell asking again from failing."""
_KNOWN = 12
"""How many characters a text begins with by which we know it again."""
_SAID = ("number", "vendor", "date", "total", "currency", "written", "text")
"""The dimensions of an invoice in one text, and of the words that were asked about."""

_ODD: dict[str, dict[str, str]] = {
    "spaces at the edges": {"vendor": " Müller AG\n", "number": " 7 "},
    "nothing": {"vendor": "", "number": ""},
    "in other words": {"currency": "Euro", "date": "3 March"},
    "as it was written": {"total": "1.591,40", "date": "03.03.2026"},
    "with strokes": {"total": "1'591.40", "date": "3/3/26", "number": "7/B-1.0"},
    "a code fence": {"vendor": "```json `Acme` GmbH```", "number": "**7**"},
}
"""What a reply may say in a field, unless the schema says how a text has to look."""
_NOT_WHOLE: Crash = {"^JSONDecodeError": "not-whole-text"}
_NARROW = ("enum", "const", "pattern", "format", "minLength", "maxLength")


@exercise(
    minutes=8,
    criteria=[
        Criterion("asks", "one request brings the text to the API, in a user message"),
        Criterion("format", "`output_config.format` holds the schema"),
        Criterion("schema", "the schema is closed: five texts, all required, and no other key"),
        Criterion("returns", "the function returns the reply's JSON as a dict"),
        Criterion("any-block", "also behind a thinking block, and in several pieces"),
        Criterion(
            "stops", "any other end than `end_turn` is a `ValueError` that names it", points=2
        ),
    ],
    shapes=Shapes(
        pairs=[("reason", "held")],
        pieces=PIECES,
        before=["nothing", "thinking", "redacted"],
        number=["letters and digits", "digits", "zeros first"],
        vendor=["words", "other letters", "quotes", "braces", "a word of JSON"],
        date=["no zeros", "zeros"],
        total=[
            "cents",
            "a zero at the end",
            "no cents",
            "less than one",
            "no decimals",
            "a million",
        ],
        currency=["EUR", "USD", "CHF"],
        abroad=["JPY", "PLN", "ISK", "INR", "BRL", "KWD", "XOF", "THB"],
        written=["in a line", "over lines", "escaped"],
        text=["a line", "lines", "braces and quotes", "other letters", "long"],
        reason=[
            "max_tokens",
            "refusal",
            "model_context_window_exceeded",
            "stop_sequence",
            "pause_turn",
            "compaction",
        ],
        held=["a cut-off text", "the whole JSON", "nothing"],
        odd=[*_ODD],
        failure=[*FAILURES],
    ),
)
def extract_invoice(exam: Exam) -> None:
    """Read replies that end well, whole and in pieces, and replies that end otherwise."""
    first, *others = exam.cases(*_SAID)
    schemas: list[Json] = []
    if not _reads(exam, first, schemas):
        return
    for case in exam.cases("abroad"):
        # The schema is there already, and says without another call what it allows.
        _allows(exam, schemas[-1:], {"currency": case.abroad})
    for case in others:
        with exam.part():
            _reads(exam, case, schemas)
    whole = [Case(pieces="one", before=case.before) for case in exam.cases("before")]
    for case in (*whole, *exam.cases("pieces", "before")):
        with exam.part():
            _joins(exam, first, case)
    _stops(exam, first)
    with exam.part():
        _reads_null(exam, first, schemas)
    for case in exam.cases("odd"):
        with exam.part():
            _reads_odd(exam, first, case.odd, schemas)
    for case in exam.cases("failure"):
        _fails(exam, first, case.failure)


# -- replies that end well -------------------------------------------------------------------


def _reads(exam: Exam, case: Case, schemas: list[Json]) -> bool:
    """Judge what the code makes of an invoice, and return whether it is right.

    schemas: gets the schema of each request.
    """
    invoice = invoice_of(exam, case)
    reply = text(written(invoice, case))
    called = _asked(exam, case, reply, "returns", schemas=schemas, crash=_NOT_WHOLE)
    _allows(exam, schemas[-1:], invoice)
    return _judge_value(exam, "returns", called, invoice)


def _allows(exam: Exam, schemas: list[Json], values: dict[str, str]) -> None:
    """Judge that each schema lets an invoice have these values."""
    excluded = [told for schema in schemas for told in excluded_values(schema, values)]
    if excluded:
        exam.expect("schema", False, "values-excluded", ", ".join(excluded))


def _joins(exam: Exam, usual: Case, case: Case) -> None:
    """Judge what the code makes of an invoice behind other blocks, and in pieces."""
    whole = Case(**{**vars(usual), "vendor": "other letters", "written": "escaped"})
    invoice = invoice_of(exam, whole)
    pieces = cut(written(invoice, whole), case.pieces)
    reply = turn(Turn(tuple(blocks_beside(exam, case.before))), *map(text, pieces))
    ends = [piece if len(piece) < 30 else f"…{piece[-20:]}" for piece in pieces]
    crash = _NOT_WHOLE
    if case.pieces != "one":
        crash = {
            "^JSONDecodeError: Invalid control character": Slip("joined-otherwise", ends),
            "^(JSONDecodeError|ValueError)": Slip("one-piece", ends),
        }
    called = _asked(exam, usual, reply, "any-block", crash=crash)
    _judge_value(exam, "any-block", called, invoice)


def _judge_value(exam: Exam, criterion: str, called: Called, invoice: dict[str, str]) -> bool:
    value = called.value
    held = value if isinstance(value, list) else [value]
    more = _more_space(value, invoice) if criterion == "any-block" else 0
    wrong = exam.which(
        {
            "printed": value is None and called.printed != "",
            "joined-otherwise": more > 0,
            "spaces-lost": more < 0,
            "returned-message": any(isinstance(item, SdkObject) for item in held),
            "not-parsed": isinstance(value, str),
        },
        otherwise="other-invoice",
    )
    observed = value
    if isinstance(value, dict):
        keys = differing(value, invoice)
        observed = ", ".join(f"{key}: {invoice.get(key)!r} → {value.get(key)!r}" for key in keys)
    return exam.expect(criterion, is_same(value, invoice), wrong, observed)


def _more_space(value: Json, invoice: dict[str, str]) -> int:
    """Return how many more blanks a value has than an invoice; 0 if it differs by others too."""
    before, after = (json.dumps(each, ensure_ascii=False) for each in (invoice, value))
    is_other = "".join(before.split()) != "".join(after.split())
    return 0 if is_other else len(after) - len(before)


def _reads_null(exam: Exam, case: Case, schemas: list[Json]) -> None:
    """Judge what comes back where the schema allows null: the reply has it, as it may."""
    names = may_be_null(schemas[-1], FIELDS) if schemas else []
    if not names:
        return
    invoice: dict[str, Json] = {**invoice_of(exam, case), names[0]: None}
    called = _asked(exam, case, text(written(invoice, case)), "schema", may_raise=("Exception",))
    value = called.value if isinstance(called.value, dict) else {}
    is_text = called.raised is not None or isinstance(value.get(names[0]), str)
    exam.expect("schema", is_text, "nullable", f"{names[0]}: {value.get(names[0])!r}")


def _reads_odd(exam: Exam, case: Case, odd: str, schemas: list[Json]) -> None:
    """Judge whether fields come back as the reply has them, however they look."""
    if schemas and not any(f'"{word}"' in json.dumps(schemas[-1]) for word in _NARROW):
        invoice = {**invoice_of(exam, case), **_ODD[odd]}
        called = _asked(exam, case, text(written(invoice, case)), "returns")
        _judge_value(exam, "returns", called, invoice)


def _asked(
    exam: Exam,
    case: Case,
    reply: Turn,
    criterion: str,
    *,
    schemas: list[Json] | None = None,
    may_raise: tuple[str, ...] = (),
    crash: Crash = None,
) -> Called:
    """Call with a new text, and judge the request; answer a second request too."""
    words = text_of(exam, case)
    scene = exam.scene(*[reply] * _MOST_REQUESTS)

    def sent(called: Called | None) -> None:
        schema = _judge_requests(exam, scene, words, called and called.value)
        if schema is not None and schemas is not None:
            schemas.append(schema)

    return exam.call(
        scene.client, words, judges=(criterion,), may_raise=may_raise, crash=crash, sent=sent
    )


# -- what was asked --------------------------------------------------------------------------


def _judge_requests(exam: Exam, scene: Scene, words: str, value: object) -> Json:
    """Judge the requests of one call, and return the schema of the first, if the API took it."""
    asked = scene.asked
    if not exam.expect("asks", bool(asked), "no-request", value):
        return None
    # First: code that asks twice may bring the text only later.
    exam.expect("asks", len(asked) == 1, "asked-twice", len(asked))
    request = scene.requests[0]
    said = _said_by_user(request)
    slip = exam.slip(
        {
            "invoice-in-system": words in content_text(request.get("system")),
            "invoice-reflowed": "".join(words.split()) in "".join(said.split()),
            "invoice-cut-off": (
                words[:_KNOWN] in said,
                f"{_shared(words, said)} of {len(words)} characters",
            ),
        },
        otherwise="invoice-not-sent",
        observed=said,
    )
    exam.expect("asks", words in said, slip)
    refused = [each.body for each in scene.exchanges if each.status != 200]
    if refused:
        exam.expect("format", False, "refused", refused[0]["error"]["message"])
        return None
    config = request.get("output_config")
    schema: Json = ((config or {}).get("format") or {}).get("schema")
    if exam.expect("format", schema is not None, "no-format", config):
        judge_schema(exam, schema, FIELDS)
    message = asked[0].message
    # A scripted reply comes whole, whatever the limit and the stop sequences.
    content, card = (message or {}).get("content", ()), find_model(request["model"])
    told = "".join(block.get("text", "") for block in content)
    stops = [stop for stop in request.get("stop_sequences") or () if stop in told]
    exam.expect("asks", not stops, "stop-sequences", ", ".join(map(repr, stops)))
    needed, limit = output_tokens(content, card, counter=COUNTER), request["max_tokens"]
    exam.expect("asks", needed <= limit, "too-little-room", f"{needed} tokens, of {limit}")
    return schema


def _shared(words: str, said: str) -> int:
    """Return how many characters of a text were said, up to the first that wasn't."""
    begun = said[said.find(words[:_KNOWN]) :]
    return next(
        (n for n, (a, b) in enumerate(zip(words, begun, strict=False)) if a != b), len(begun)
    )


def _said_by_user(request: Json) -> str:
    """Return the texts of the user's messages, and those of documents in them."""
    messages = request.get("messages")
    contents = [
        message.get("content")
        for message in (messages if isinstance(messages, list) else ())
        if isinstance(message, dict) and message.get("role") == "user"
    ]
    documents = [
        block.get("source") or {}
        for content in contents
        for block in (content if isinstance(content, list) else ())
        if isinstance(block, dict) and block.get("type") == "document"
    ]
    texts = [each.get("data") or content_text(each.get("content")) for each in documents]
    return "\n".join([*map(content_text, contents), *map(str, texts)])


# -- replies that end otherwise --------------------------------------------------------------


def _stops(exam: Exam, usual: Case) -> None:
    """Judge what the code does with replies that end otherwise; they may hold JSON all the same.

    usual: the case of the text that is asked about.
    """
    tried: list[tuple[Turn, Called, bool]] = []
    for case in exam.cases("reason", "held"):
        reply = stopped(case, invoice_of(exam, usual))
        called = _asked(exam, usual, reply, "stops", may_raise=("Exception",))
        said = "ValueError" in called.raised_kinds and reply.stop_reason in (called.raised or "")
        tried.append((reply, called, said))
    wrong_about = {reply.stop_reason for reply, _, is_named in tried if not is_named}
    is_listed = any(reply.stop_reason not in wrong_about for reply, _, _ in tried)
    for reply, called, is_named in tried:
        is_value_error = "ValueError" in called.raised_kinds
        is_read = called.raised is None or "JSONDecodeError" in called.raised_kinds
        wrong = exam.which(
            {
                "stop-by-list": is_listed and is_read,
                "stop-trusted": called.raised is None,
                "stop-other-error": not is_value_error,
                "parsed-first": "JSONDecodeError" in called.raised_kinds,
            },
            otherwise="stop-unnamed",
        )
        observed = f"stop_reason {reply.stop_reason} → {called.raised or called.value}"
        exam.expect("stops", is_named, wrong, observed)


# -- errors of the API -----------------------------------------------------------------------


def _fails(exam: Exam, usual: Case, failure: str) -> None:
    """Judge a request that fails: an exception comes out of it, the SDK's own or one about it."""
    scene = failing_scene(exam, failure)
    errors = ("APIError", "ValueError", "RuntimeError")
    called = exam.call(scene.client, text_of(exam, usual), judges=("returns",), may_raise=errors)
    exam.expect("returns", called.raised is not None, "error-hidden", called.value)
