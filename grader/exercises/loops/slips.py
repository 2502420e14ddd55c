"""Find the first thing wrong with what a loop sends back: Claude's turns, and the results."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from grader.exams import Exam, Slip
from grader.exercises.loops.calls import Plan
from grader.exercises.loops.conversation import (
    Block,
    Said,
    begins_with,
    blocks_of,
    content_text,
    dicts_in,
    entries_of,
    results_in,
    roles_of,
    said_first,
    said_in,
    types_of,
)
from grader.exercises.readings import from_json, is_same

Json = Any

_TAKEN = ("cache_control", "citations")
"""What the API takes in a result besides the keys that say something of a call."""


# -- Claude's turns --------------------------------------------------------------------------


def find_stray(messages: Json) -> Slip | None:
    """Return the mistake of a message with a role that only OpenAI has, or None."""
    strays = [message for message in dicts_in(messages) if message.get("role") == "tool"]
    return Slip("role-tool", strays[0]) if strays else None


def find_lost_turn(before: Json, after: Json, reply: Json) -> Slip | None:
    """Return what is wrong with Claude's turn in the request after it, or None.

    before, after: the messages of the request that was answered, and of the next.
    reply: the content of the answer.
    """
    known, now = entries_of(before), entries_of(after)
    if not begins_with(now, known):
        return Slip("earlier-lost", len(after))
    # We judge additions to the user's previous turn together with the results.
    new = now[len(known) + len(said_first(now[len(known) :], "user")) :]
    said, expected = said_first(new, "assistant"), blocks_of(reply)
    turns = [message for message in dicts_in(after) if message.get("role") == "assistant"]
    if not said and all(blocks_of(turn.get("content")) for turn in turns):
        return Slip("assistant-dropped", ", ".join(map(str, roles_of(said_in(after)))))
    if is_same(said, expected):
        return None
    mine, theirs = ([block["type"] for block in blocks] for blocks in (said, expected))
    told = f"{types_of(said)} (of {types_of(expected)})"
    if "tool_result" in mine:
        return Slip("results-from-assistant", types_of(said))
    if "tool_use" in theirs and "tool_use" not in mine:
        return Slip("only-text-kept", turns[-1].get("content"))
    if "thinking" in theirs and "thinking" not in mine:
        return Slip("thinking-dropped", told)
    texts = [block["input"] for block in said if isinstance(block.get("input"), str)]
    if texts:
        return Slip("input-as-text", repr(texts[0]))
    wrong = next((block for block in said if block not in expected), None)
    if wrong is None:
        return Slip("blocks-dropped" if len(said) < len(expected) else "blocks-changed", told)
    return Slip("thinking-changed" if wrong["type"] == "thinking" else "blocks-changed", wrong)


def find_lost_pause(before: Json, after: Json, reply: Json) -> Slip | None:
    """Return what is wrong with the request after a paused turn, or None; see find_lost_turn."""
    known, now = entries_of(before), entries_of(after)
    if not begins_with(now, known):
        return Slip("earlier-lost", len(after))
    new = now[len(known) :]
    said, expected = said_first(new, "assistant"), blocks_of(reply)
    if not said:
        return Slip("pause-dropped", (roles_of(said_in(after)) or ["nobody"])[-1])
    if not is_same(said, expected):
        return Slip("pause-changed", f"{types_of(said)} (of {types_of(expected)})")
    if len(new) > len(said):
        return Slip("pause-pushed", new[len(said)][1])
    return None


# -- the results -----------------------------------------------------------------------------


def find_no_results(answers: Sequence[Said]) -> Slip | None:
    """Return why there are no results where they belong, or None.

    answers: the messages after the turn that called.
    """
    blocks = [block for said in answers for block in said.blocks]
    results = results_in(blocks)
    if not results:
        return Slip("no-result-block", blocks[0] if blocks else "nothing")
    if blocks[: len(results)] != results:
        return Slip("text-first", types_of(blocks))
    return None


def find_mismatch(
    results: Sequence[Block], plans: Sequence[Plan], *, in_order: bool = True
) -> Slip | None:
    """Return what is wrong with the ids of some results and with their order, or None."""
    asked = [plan.id for plan in plans]
    unnamed = [result for result in results if "tool_use_id" not in result]
    if unnamed:
        return Slip("tool-call-id", ", ".join(str(key) for key in unnamed[0]))
    ids = [result["tool_use_id"] for result in results]
    strange = [id for id in ids if id not in asked]
    if strange:
        is_served = str(strange[0]).startswith("srvtoolu")
        return Slip("server-call-answered" if is_served else "other-id", strange[0])
    missing = [plan for plan in plans if plan.id not in ids]
    if missing:
        return Slip("unanswered", f"{missing[0].name}, {missing[0].id}")
    # The first duplicate is near the beginning, because all ids here were asked for.
    doubled = next((id for id in ids if ids.count(id) > 1), None)
    if doubled is not None:
        return Slip("answered-twice", doubled)
    if in_order and ids != asked:
        return Slip("reordered", f"{', '.join(ids)} (of {', '.join(asked)})")
    return None


def find_more_in_result(results: Sequence[Block]) -> Slip | None:
    """Return the mistake of results with keys that the API takes and nobody asked for, or None."""
    more = [key for result in results for key in result if key in _TAKEN]
    return Slip("more-in-result", ", ".join(more)) if more else None


def find_split(answers: Sequence[Said]) -> Slip | None:
    """Return the mistake of results in several messages, or None."""
    carriers = [said for said in answers if results_in(said.blocks)]
    return Slip("results-split", len(carriers)) if len(carriers) > 1 else None


def find_swallowed(exam: Exam, results: Sequence[Block], plans: Sequence[Plan]) -> Slip | None:
    """Return the mistake that the answer to a working call reveals, or None.

    Code that catches all exceptions of a call also catches those that its own mistakes raise.
    """
    working = [plan.id for plan in plans if not plan.goes_wrong]
    for result in results:
        if result.get("is_error") and result.get("tool_use_id") in working:
            says = content_text(result.get("content"))
            mistake = exam.explanation(says)
            if mistake is not None:
                return Slip(mistake, says)
    return None


def find_misreport(result: Block, plan: Plan, *, unknown_says: str | None = None) -> Slip | None:
    """Return what is wrong with what a result says about its call, or None.

    unknown_says: what the same code said about a tool that is not in the registry, if known.
    """
    says, mark = content_text(result.get("content")), result.get("is_error")
    if plan.fails:
        if mark is not True:
            return Slip("error-unmarked", result)
        if not says.strip():
            return Slip("error-empty" if not plan.reason else "error-silent", result)
        if plan.reason in says:
            return None
        is_excuse = isinstance(plan.value, KeyError) and says_of(result, plan) == unknown_says
        return Slip("own-key-error" if is_excuse else "error-silent", says)
    if plan.is_unwritable:
        if mark is True:
            return None if says.strip() else Slip("value-lost", result)
        if from_json(says) is ... and str(plan.amount) in says:
            return Slip("python-repr", f"{plan.value!r} → {says!r}")
        return None if str(plan.amount) in says else Slip("value-lost", result)
    if mark:
        return Slip("success-as-error", result)
    return find_lost_value(result.get("content"), plan.value)


def find_lost_value(content: Json, value: Json) -> Slip | None:
    """Return how a value got lost in the content that should hold it, or None.

    value: anything that `json.dumps` writes.
    """
    says = content_text(content)
    is_text = isinstance(value, str)
    # JSON knows no tuple.
    expected = value if is_text else json.loads(json.dumps(value))
    if says == value if is_text else is_same(from_json(says), expected):
        return None
    if says == "" and not isinstance(content, str):
        return Slip("not-text", content)
    observed = f"{value!r} → {content!r}"
    if is_text:
        return Slip("text-quoted" if from_json(says) == value else "value-lost", observed)
    return Slip("python-repr" if says in (str(value), repr(value)) else "value-lost", observed)


def says_of(result: Block, plan: Plan) -> str:
    """Return what a result says, without the name of its tool."""
    return content_text(result.get("content")).replace(plan.name, "")
