"""An invoice's text in, its fields out, as JSON that fits a schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from grader.exams import Called, Criterion, Exam, Scene, SdkObject, exercise
from grader.exercises.loops import content_text
from grader.exercises.readings import is_same
from grader.simulator import Turn, refusal, text, thinking, turn

Json = Any

FIELDS = ("number", "vendor", "date", "currency", "total")
_MOST_REQUESTS = 4
"""How many requests we answer, so that we can tell asking again from failing."""


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
)
def extract_invoice(exam: Exam) -> None:
    """Read replies that end well, in one piece and in two, and replies that do not."""
    invoice = _invoice(exam)
    called = _asked(exam, text(json.dumps(invoice)), "returns")
    if not _judge_value(exam, "returns", called, invoice):
        return
    invoice = _invoice(exam)
    called = _asked(exam, turn(thinking(), text(json.dumps(invoice))), "any-block")
    _judge_value(exam, "any-block", called, invoice)
    invoice = _invoice(exam)
    written = json.dumps(invoice)
    half = written.index('"date"')
    reply = turn(thinking(), text(written[:half]), text(written[half:]))
    called = _asked(exam, reply, "any-block", crash="one-piece")
    _judge_value(exam, "any-block", called, invoice)
    _judge_stops(exam)


def _invoice(exam: Exam) -> dict[str, str]:
    return {
        "number": exam.fresh("INV"),
        "vendor": exam.words(2).title(),
        "date": f"2026-{exam.number(1, 12):02}-{exam.number(1, 28):02}",
        "currency": exam.pick("EUR", "USD", "CHF"),
        "total": f"{exam.number(100, 9999)}.{exam.number(10, 99)}",
    }


def _asked(
    exam: Exam,
    reply: Turn,
    criterion: str,
    *,
    may_raise: tuple[str, ...] = (),
    crash: str | None = None,
) -> Called:
    """Call with a new text, and judge the request; answer a second request too."""
    words = f"Invoice {exam.fresh('no')} of {exam.words(2)}\nTotal: {exam.number(10, 999)}"
    scene = exam.scene(*[reply] * _MOST_REQUESTS)

    def sent(called: Called | None) -> None:
        _judge_requests(exam, scene, words, called and called.value)

    return exam.call(
        scene.client, words, judges=(criterion,), may_raise=may_raise, crash=crash, sent=sent
    )


# -- what was asked --------------------------------------------------------------------------


def _judge_requests(exam: Exam, scene: Scene, words: str, value: object) -> None:
    requests = scene.requests
    if not exam.expect("asks", bool(requests), "no-request", value):
        return
    said = _said_by_user(requests[0])
    exam.expect("asks", words in said, "invoice-not-sent", said)
    refused = [each.body for each in scene.exchanges if each.status != 200]
    if refused:
        exam.expect("format", False, "refused", refused[0]["error"]["message"])
        return
    config = requests[0].get("output_config")
    schema: Json = ((config or {}).get("format") or {}).get("schema")
    if exam.expect("format", schema is not None, "no-format", config):
        _judge_schema(exam, schema)
    exam.expect("asks", len(requests) == 1, "asked-twice", len(requests))


def _said_by_user(request: Json) -> str:
    messages = request.get("messages")
    return "\n".join(
        content_text(message.get("content"))
        for message in (messages if isinstance(messages, list) else ())
        if isinstance(message, dict) and message.get("role") == "user"
    )


def _judge_schema(exam: Exam, schema: Mapping[str, Json]) -> None:
    """Judge a schema that the API accepted: an object has to be closed."""
    kind = schema.get("type")
    if not exam.expect("schema", kind == "object", "not-an-object", kind):
        return
    properties = schema.get("properties") or {}
    is_same_set = sorted(properties) == sorted(FIELDS)
    if not exam.expect("schema", is_same_set, "other-fields", ", ".join(properties) or "none"):
        return
    required = schema.get("required")
    is_complete = set(required or ()) == set(FIELDS)
    exam.expect("schema", is_complete, "required-incomplete", required)
    for name in FIELDS:
        kinds = _kinds(properties[name])
        is_number = name == "total" and bool({"number", "integer"} & kinds)
        wrong = exam.which({"total-number": is_number}, otherwise="untyped")
        observed = properties[name] if is_number else {name: properties[name]}
        is_text = "string" in kinds and kinds <= {"string", "null"}
        exam.expect("schema", is_text, wrong, observed)


def _kinds(schema: Json) -> set[str]:
    """Return the types that a schema allows for its values; none if it leaves them open."""
    if not isinstance(schema, dict):
        return set()
    kinds = schema.get("type", ())
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    values = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])]
    if values and all(isinstance(value, str) for value in values):
        found.add("string")
    return found.union(*(_kinds(part) for part in schema.get("anyOf", ())))


# -- what came back --------------------------------------------------------------------------


def _judge_value(exam: Exam, criterion: str, called: Called, invoice: dict[str, str]) -> bool:
    value = called.value
    held = value if isinstance(value, list) else [value]
    wrong = exam.which(
        {
            "printed": value is None and called.printed != "",
            "returned-message": any(isinstance(item, SdkObject) for item in held),
            "not-parsed": isinstance(value, str),
        },
        otherwise="other-invoice",
    )
    return exam.expect(criterion, is_same(value, invoice), wrong, value)


def _judge_stops(exam: Exam) -> None:
    """Judge what the code does with cut-off and refused replies, some of which still hold JSON."""
    whole = json.dumps(_invoice(exam))
    for reply in (
        text(whole[: -exam.number(8, 20)], stop_reason="max_tokens"),
        refusal(exam.pick("cyber", "bio", None)),
        text(whole, stop_reason="max_tokens"),
        text(whole[:20], stop_reason="model_context_window_exceeded"),
        refusal(exam.pick("cyber", "bio", None), None, text(whole)),
    ):
        called = _asked(exam, reply, "stops", may_raise=("Exception",))
        is_value_error = "ValueError" in called.raised_kinds
        wrong = exam.which(
            {"stop-trusted": called.raised is None, "stop-other-error": not is_value_error},
            otherwise="stop-unnamed",
        )
        is_named = is_value_error and reply.stop_reason in (called.raised or "")
        observed = f"stop_reason {reply.stop_reason} → {called.raised or called.value}"
        exam.expect("stops", is_named, wrong, observed)
