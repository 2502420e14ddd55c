"""What a reply holds besides its text."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from grader.catalog import active_models
from grader.exams import Criterion, Exam, SdkObject, Slip, exercise
from grader.exercises.readings import is_same

Json = Any

_CRITERIA = ("identity", "blocks", "tokens")


@exercise(
    minutes=6,
    criteria=[
        Criterion("identity", "`id`, `model` and `stop_reason` are the message's own"),
        Criterion("blocks", "`block_types` lists the type of every block, in order"),
        Criterion("tokens", "`input_tokens` and `output_tokens` come from `usage`"),
    ],
)
def describe_reply(exam: Exam) -> None:
    """Describe replies with one text block, with thinking first, with a tool call, and empty."""
    texts: list[Json] = [{"type": "text", "text": exam.words(3)}]
    thought = {"type": "thinking", "thinking": "", "signature": exam.fresh("sig")}
    call = {"type": "tool_use", "id": exam.fresh("toolu"), "name": "look_up", "input": {}}
    cases: tuple[tuple[list[Json], str, str | None], ...] = (
        (texts, "end_turn", None),
        ([thought, *texts, call], "tool_use", None),
        ([], exam.pick("max_tokens", "refusal"), "empty-crash"),
    )
    # Three different ones, so that a hard-coded model is wrong somewhere.
    models = exam.pick(*permutations(active_models(), len(cases)))
    for model, (content, stop_reason, crash) in zip(models, cases, strict=True):
        message = exam.message(content=content, stop_reason=stop_reason, model=model)
        judges = _CRITERIA if crash is None else ("blocks",)
        called = exam.call(message, judges=judges, crash=crash)
        if not isinstance(called.value, dict):
            is_printed = called.value is None and called.printed != ""
            kind = exam.which({"printed": is_printed}, otherwise="not-a-dict")
            exam.judge(Slip(kind, called.value), *_CRITERIA)
            return
        _describes(exam, called.value, message.data)


def _describes(exam: Exam, value: dict[Json, Json], message: dict[str, Json]) -> None:
    usage, content = message["usage"], message["content"]
    identity = {key: message[key] for key in ("id", "model", "stop_reason")}
    types = [block["type"] for block in content]
    tokens = {key: usage[key] for key in ("input_tokens", "output_tokens")}
    missing = [key for key in (*identity, "block_types", *tokens) if key not in value]
    for criterion, keys in zip(_CRITERIA, (identity, ["block_types"], tokens), strict=True):
        is_there = not set(keys) & set(missing)
        exam.expect(criterion, is_there, "missing-keys", ", ".join(missing))
    mine = {key: value.get(key) for key in identity}
    listed = value.get("block_types")
    counted = {key: value.get(key) for key in tokens}
    exam.expect("identity", is_same(mine, identity), "other-identity", mine)
    wrong = exam.which(
        {
            "blocks-not-types": isinstance(listed, list)
            and any(isinstance(item, SdkObject) for item in listed),
            "first-type-only": isinstance(listed, list) and len(listed) < len(types),
        },
        otherwise="other-types",
    )
    exam.expect("blocks", is_same(listed, types), wrong, listed)
    exam.expect("tokens", is_same(counted, tokens), "other-tokens", counted)
