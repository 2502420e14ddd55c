"""A message that a learner's code put together, beside the one that the API would have sent."""

from __future__ import annotations

from typing import Any

from grader.exams import Called, Exam
from grader.exercises.readings import compared, is_same
from grader.exercises.streaming.streams import Streamed

Json = Any

_ENDING = ("stop_reason", "stop_sequence", "stop_details")
_CHANGING = ("content", "usage", *_ENDING)
"""The fields of a message that differ between its start and its end."""


def content_of(called: Called) -> list[Json]:
    """Return the blocks of the message that came back, as far as they are dicts."""
    content = called.value.get("content") if isinstance(called.value, dict) else None
    blocks = content if isinstance(content, list) else []
    return [block for block in blocks if isinstance(block, dict)]


def is_content(called: Called, stream: Streamed) -> bool:
    """Return whether the blocks are the message's; the input of a server's call may be missing."""
    content = called.value.get("content") if isinstance(called.value, dict) else None
    whole = stream.message["content"]
    bare = [{**b, "input": {}} if b["type"] == "server_tool_use" else b for b in whole]
    return is_same(content, whole) or is_same(content, bare)


def values_of(called: Called, key: str) -> list[Json]:
    """Return what each block that came back has under a key, None where it lacks it."""
    return [block.get(key) for block in content_of(called)]


def judge_start(exam: Exam, value: Json, message: Json) -> None:
    """Judge the fields that a message has from its start on."""
    keys = sorted({*map(str, value), *message} - {*_CHANGING})
    others = [key for key in keys if not is_same(value.get(key), message.get(key))]
    others += [key for key in message if key not in value and key not in others]
    exam.expect("start", not others, "other-start", ", ".join(others))


def judge_text(exam: Exam, called: Called, stream: Streamed) -> bool:
    """Judge the content of a message of one text, and return whether it is right."""
    content, pieces = called.value.get("content"), stream.pieces("text_delta", "text")
    texts = values_of(called, "text")
    wrong = exam.which(
        {
            "content-not-blocks": not isinstance(content, list)
            or len(content_of(called)) != len(content),
            "no-blocks": not content,
            "only-one-piece": len(texts) == 1 and texts[0] in pieces,
            "own-keys": is_same(without_own_keys(called, stream), stream.message["content"]),
        },
        otherwise="other-content",
    )
    observed = own_keys(called, stream) if wrong == "own-keys" else content
    return exam.expect("text", is_same(content, stream.message["content"]), wrong, observed)


def without_own_keys(called: Called, stream: Streamed) -> list[Json]:
    """Return the blocks that came back, without keys that the message's blocks lack."""
    pairs = zip(content_of(called), stream.message["content"], strict=False)
    return [{key: block[key] for key in block if key in whole} for block, whole in pairs]


def own_keys(called: Called, stream: Streamed) -> str:
    """Return the keys of the blocks that came back which the message's blocks lack."""
    pairs = zip(content_of(called), stream.message["content"], strict=False)
    return ", ".join(str(key) for block, whole in pairs for key in block if key not in whole)


def lost_keys(called: Called, stream: Streamed) -> str:
    """Return the keys that the message's blocks have and those that came back lack."""
    pairs = zip(content_of(called), stream.message["content"], strict=False)
    return ", ".join(
        f"{key} of {whole['type']}"
        for block, whole in pairs
        if block.get("type") == whole["type"]
        for key in whole
        if key not in block
    )


def judge_end(exam: Exam, value: Json, message: Json) -> None:
    """Judge what a message says of its end."""
    told = {key: value.get(key) for key in _ENDING}
    expected = {key: message[key] for key in _ENDING}
    others = {key: told[key] for key in _ENDING if not is_same(told[key], expected[key])}
    slip = exam.slip(
        {
            "reason-made-up": (expected["stop_reason"] is None, others),
            "stop-from-start": (told["stop_reason"] is None, told),
        },
        otherwise="other-end",
        observed=others,
    )
    exam.expect("end", is_same(told, expected), slip)


def judge_usage(exam: Exam, value: Json, stream: Streamed) -> None:
    """Judge the counts: those of the end take the place of those of the start."""
    usage = value.get("usage")
    first = stream.of_type("message_start")[0]["message"]["usage"]
    lasts = stream.of_type("message_delta")
    last = lasts[-1]["usage"] if lasts else {}
    mine = usage if isinstance(usage, dict) else {}
    sums = {key: first[key] + last[key] for key in ("input_tokens", "output_tokens") if key in last}
    whole, count = stream.message["usage"], mine.get("output_tokens")
    is_sum = any(is_same(mine.get(key), total) for key, total in sums.items())
    slip = exam.slip(
        {
            "usage-added": (is_sum, count),
            "usage-from-start": (last != {} and is_same(usage, first), count),
            "usage-replaced": (
                last != {} and is_same(usage, last),
                ", ".join(sorted(first.keys() - mine.keys())),
            ),
        },
        otherwise="other-usage",
        observed=_compared(mine, whole) if mine else usage,
    )
    exam.expect("usage", is_same(usage, whole), slip)


def _compared(mine: Json, whole: Json) -> str:
    """Return the counts that are others than the message's, and those that only one of both has."""
    missing = [f"{key} is missing" for key in whole if key not in mine]
    extra = [f"{key} is extra" for key in mine if key not in whole]
    others = [
        f"{key} {compared(mine[key], whole[key])}"
        for key in whole
        if key in mine and not is_same(mine[key], whole[key])
    ]
    return ", ".join([*others, *missing, *extra])


def changed_events(stream: Streamed, after: Json) -> Json:
    """Return the types of the events that the code changed."""
    if not isinstance(after, list) or len(after) != len(stream.events):
        return after
    pairs = zip(stream.events, after, strict=True)
    return ", ".join(event["type"] for event, mine in pairs if not is_same(mine, event))
