"""What a reply holds besides its text."""

from __future__ import annotations

from typing import Any

from grader.catalog import active_models
from grader.exams import Case, Criterion, Exam, SdkObject, Shapes, Slip, exercise, shown
from grader.exercises.readings import is_same
from grader.exercises.replies import beside, text_json, worded
from grader.simulator import STOP_REASONS

Json = Any

_CRITERIA = ("identity", "blocks", "tokens")


@exercise(
    minutes=6,
    criteria=[
        Criterion("identity", "`id`, `model` and `stop_reason` are the message's own"),
        Criterion("blocks", "`block_types` lists the type of every block, in order"),
        Criterion("tokens", "`input_tokens` and `output_tokens` come from `usage`"),
    ],
    shapes=Shapes(
        pairs=[("blocks", "form")],
        blocks=[
            "a text",
            "thinking, a text and a call",
            "none",
            "two texts",
            "two alike",
            "a search",
        ],
        form=["Message", "ParsedMessage"],
        stop_reason=[*STOP_REASONS, "a new one"],
        cached=["none", "some", "unknown"],
        output=["some", "none"],
    ),
)
def describe_reply(exam: Exam) -> None:
    """Describe replies of every kind, with cached tokens and without, the simplest first."""
    # A different one each time, so that a hard-coded model is wrong somewhere.
    models = active_models()
    first = exam.number(0, len(models) - 1)
    for number, case in enumerate(exam.cases()):
        model = models[(first + number) % len(models)]
        if number == 0:
            if not _describes(exam, case, model, _CRITERIA):
                return
        else:
            with exam.part():
                _describes(exam, case, model, ("blocks",))


def _describes(exam: Exam, case: Case, model: str, judges: tuple[str, ...]) -> bool:
    """Judge the facts of one reply, and return whether they are a dict."""
    content = _content(exam, case.blocks)
    reason = exam.fresh("reason") if case.stop_reason == "a new one" else case.stop_reason
    message = exam.message(
        content=content,
        form=case.form,
        model=model,
        stop_reason=reason,
        stop_sequence=exam.fresh("END") if reason == "stop_sequence" else None,
    )
    usage = message.data["usage"]
    usage |= _cached(exam, case.cached) | ({"output_tokens": 0} if case.output == "none" else {})
    crash = None if content else "empty-crash"
    called = exam.call(message, judges=judges, crash=crash)
    value = called.value
    if not isinstance(value, dict):
        is_printed = value is None and message.data["id"] in called.printed
        wrong = exam.which({"printed": is_printed}, otherwise="not-a-dict")
        exam.judge(Slip(wrong, value), *_CRITERIA)
        return False
    _has_facts(exam, value, message.data)
    return True


def _content(exam: Exam, blocks: str) -> list[Json]:
    words = text_json(worded(exam))
    match blocks:
        case "a text":
            return [words]
        case "none":
            return []
        case "two texts":
            return [words, text_json(worded(exam))]
        case "two alike":
            return [*beside(exam, "a call") * 2, words, words]
        case "a search":
            return [*beside(exam, "a search"), words]
        case _:
            return [*beside(exam, "thinking"), words, *beside(exam, "a call")]


def _cached(exam: Exam, cached: str) -> dict[str, Json]:
    """Return what a usage says of the cache; an older gateway may say nothing."""
    written, read = exam.number(10, 90), exam.number(100, 900)
    counts = {"none": (0, 0), "unknown": (None, None)}.get(cached, (written, read))
    return dict(
        zip(("cache_creation_input_tokens", "cache_read_input_tokens"), counts, strict=True)
    )


def _has_facts(exam: Exam, value: dict[Json, Json], message: dict[str, Json]) -> None:
    usage, content = message["usage"], message["content"]
    identity = {key: message[key] for key in ("id", "model", "stop_reason")}
    types = [block["type"] for block in content]
    tokens = {key: usage[key] for key in ("input_tokens", "output_tokens")}
    missing = [key for key in (*identity, "block_types", *tokens) if key not in value]
    for criterion, keys in zip(_CRITERIA, (identity, ["block_types"], tokens), strict=True):
        is_there = not set(keys) & set(missing)
        exam.expect(criterion, is_there, "missing-keys", ", ".join(missing))
    others = _others(value, identity)
    exam.expect("identity", not others, "other-identity", others)
    listed = value.get("block_types")
    items = listed if isinstance(listed, list) else None
    wrong = exam.which(
        {
            "blocks-not-types": any(isinstance(item, SdkObject) for item in items or ()),
            "first-type-only": items is not None and len(items) < len(types),
            "types-reordered": items is not None
            and items != types
            and sorted(map(str, items)) == sorted(types),
        },
        otherwise="other-types",
    )
    told = f"{shown(listed)} (of {', '.join(types) or 'no blocks'})"
    exam.expect("blocks", is_same(listed, types), wrong, told)
    cached = [count for name, count in usage.items() if name.startswith("cache_") and count]
    more = value.get("input_tokens")
    is_sum = isinstance(more, int) and more - usage["input_tokens"] in (*cached, sum(cached))
    wrong = exam.which({"cached-added": bool(cached) and is_sum}, otherwise="other-tokens")
    others = _others(value, tokens)
    exam.expect("tokens", not others, wrong, others)


def _others(value: dict[Json, Json], expected: dict[str, Json]) -> str:
    """Return which facts aren't the message's own, with both values; "" for none."""
    return ", ".join(
        f"{key}={shown(value.get(key))} (not {shown(own)})"
        for key, own in expected.items()
        if not is_same(value.get(key), own)
    )
