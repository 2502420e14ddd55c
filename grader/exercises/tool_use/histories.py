"""Read the messages of requests, and find what is wrong in the answer to a tool call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.exercises.histories import READ_AGAIN, Fault, blocks_of, types_of
from grader.exercises.readings import content_text, is_same

Json = Any

CALLS_GONE = ("earlier-lost", "assistant-dropped", "results-from-assistant", "only-text-kept")
"""The mistakes that leave no calls which results could answer."""


def listed(value: Json) -> list[Json]:
    """Return a list or tuple as a list, anything else as no items."""
    return list(value) if isinstance(value, list | tuple) else []


def essence(block: dict[str, Json]) -> dict[str, Json]:
    """Return what the API reads of a block when it comes back."""
    keys = READ_AGAIN.get(str(block.get("type")))
    if keys is None:
        return block
    return {key: block.get(key) for key in ("type", *keys)}


def results_in(message: dict[str, Json]) -> list[dict[str, Json]]:
    """Return the `tool_result` blocks of a message."""
    return [block for block in blocks_of(message) if block.get("type") == "tool_result"]


def is_before(earlier: list[dict[str, Json]], later: list[dict[str, Json]]) -> bool:
    """Tell whether one conversation is the beginning of another, however it is written."""
    mine, theirs = _spoken(earlier), _spoken(later)
    return is_same(theirs[: len(mine)], mine)


def _spoken(messages: list[dict[str, Json]]) -> list[list[Json]]:
    return [
        [message.get("role"), essence(block)]
        for message in messages
        for block in blocks_of(message)
    ]


def find_lost_turn(
    before: list[dict[str, Json]], after: list[dict[str, Json]], reply: list[Json]
) -> Fault | None:
    """Return what is wrong with Claude's turn in the request after it, or None.

    before, after: the messages of the request that was answered, and of the next.
    reply: the content of the answer.
    """
    if not is_before(before, after):
        return Fault("earlier-lost", len(after))
    spoken = [message for message in after if message.get("role") == "assistant"]
    known = [message for message in before if message.get("role") == "assistant"]
    if len(spoken) <= len(known):
        roles = ", ".join(str(message.get("role")) for message in after)
        return Fault("assistant-dropped", roles)
    blocks = [block for message in spoken[len(known) :] for block in blocks_of(message)]
    if any(block.get("type") == "tool_result" for block in blocks):
        return Fault("results-from-assistant", types_of(blocks))
    if not any(block.get("type") == "tool_use" for block in blocks):
        return Fault("only-text-kept", spoken[-1].get("content"))
    strings = [block for block in blocks if isinstance(block.get("input"), str)]
    if strings:
        return Fault("input-as-text", repr(strings[0]["input"]))
    mine, theirs = [essence(block) for block in blocks], [essence(block) for block in reply]
    if len(mine) < len(theirs):
        return Fault("blocks-dropped", f"{types_of(blocks)} (of {types_of(reply)})")
    wrong = [block for block in mine if block not in theirs]
    if not is_same(mine, theirs):
        return Fault("blocks-changed", wrong[0] if wrong else types_of(blocks))
    return None


def find_lost_result(after: list[dict[str, Json]], asked: Sequence[str]) -> Fault | None:
    """Return what is wrong with the results at the end of a request, or None.

    asked: the ids of the calls that the turn before them made.
    """
    answers = last_answers(after)
    blocks = [block for message in answers for block in blocks_of(message)]
    results = [block for block in blocks if block.get("type") == "tool_result"]
    if not results:
        return Fault("no-result-block", blocks[0] if blocks else "nothing")
    unnamed = [block for block in results if "tool_use_id" not in block]
    if unnamed:
        return Fault("tool-call-id", ", ".join(unnamed[0]))
    odd = [block for block in results if not isinstance(block.get("content", ""), str | list)]
    if odd:
        return Fault("content-not-text", odd[0]["content"])
    if blocks[: len(results)] != results:
        return Fault("text-first", types_of(blocks))
    ids = [block["tool_use_id"] for block in results]
    unasked = [id for id in ids if id not in asked]
    if unasked:
        return Fault("other-id", unasked[0])
    missing = [id for id in asked if id not in ids]
    if missing:
        return Fault("id-unanswered", ", ".join(missing))
    if len(ids) > len(asked):
        return Fault("answered-twice", next(id for id in ids if ids.count(id) > 1))
    carriers = [message for message in answers if results_in(message)]
    if len(carriers) > 1:
        return Fault("results-split", len(carriers))
    return None


def last_answers(messages: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """Return the messages after the last turn of the assistant."""
    places = [place for place, one in enumerate(messages) if one.get("role") == "assistant"]
    return messages[places[-1] + 1 :] if places else messages


def result_text(result: dict[str, Json]) -> str:
    """Return the text of a `tool_result` block."""
    return content_text(result.get("content"))
