"""A stored conversation with tools, from either of OpenAI's APIs to this one."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from grader.exams import Case, Criterion, Exam, Slip, exercise
from grader.exercises.loops import (
    blocks_of,
    content_text,
    dicts_in,
    find_stray,
    objection,
    results_in,
    types_of,
)
from grader.exercises.readings import first_change, is_same
from grader.exercises.tool_use.old_history import SHAPES, as_items, old_history

Json = Any
_Messages = list[dict[str, Json]]

_ITEMS = ("function_call", "function_call_output", "reasoning")
"""The types of items of the Responses API that are no messages."""
_THOUGHTS = ("thinking", "redacted_thinking", "reasoning")
_PARTS = ("input_text", "output_text")
_ITEM_ID = "fc_"
"""How the id of a call's item begins, which is not the id of the call."""
_OF_MESSAGES = {r"^KeyError: '(type|call_id|output)'": "type-expected"}
_OF_ITEMS = {
    r"^KeyError: 'function'": "nested-expected",
    r"^KeyError: '(role|content|tool_call_id|tool_calls)'": "role-expected",
    r"^KeyError: 'type'": "type-expected",
}
"""What a KeyError means for messages of Chat Completions, and for items of Responses."""


@exercise(
    minutes=15,
    criteria=[
        Criterion("calls", "each call is a `tool_use` block with its id, name and input", points=2),
        Criterion("results", "the results of a turn share one user message", points=2),
        Criterion("texts", "every text is kept in its place, no reasoning, and none is made up"),
        Criterion("accepted", "the API accepts the history, and the caller's list is as it was"),
    ],
    shapes=SHAPES,
)
def convert_tool_history(exam: Exam) -> None:
    """Convert histories of every shape, from one call and its result on."""
    first, *others = exam.cases()
    if not _converts(exam, first, ("calls", "results", "texts", "accepted")):
        return
    # Once more each by itself: beside a turn without calls, some would say nothing.
    alone = exam.cases("form", "arguments", "result")
    cases = [*others, *(Case(**vars(first) | vars(each)) for each in alone)]
    # Open calls last: a code that loses answered ones too has another mistake.
    for case in sorted(cases, key=lambda case: case.answered == "not yet"):
        with exam.part():
            _converts(exam, case, _judges(case))
    with exam.part():
        _judge(exam, [], [], ("accepted",))


def _judges(case: Case) -> tuple[str, ...]:
    """Return the criteria that code does not meet if it stops at such a history."""
    is_quiet = case.calls == "none" or case.text != "words"
    return ("texts" if is_quiet else "calls", "accepted")


def _converts(exam: Exam, case: Case, judges: tuple[str, ...]) -> bool:
    """Judge the conversion of one history, and return whether it is a list at all."""
    messages = old_history(exam, case)
    if case.form == "Chat Completions":
        return _judge(exam, messages, messages, judges, crash=_OF_MESSAGES)
    return _judge(exam, messages, as_items(exam, case, messages), judges, crash=_OF_ITEMS)


def _judge(
    exam: Exam,
    given: list[Json],
    stored: list[Json],
    judges: tuple[str, ...],
    *,
    crash: Mapping[str, str] = MappingProxyType({}),
) -> bool:
    """Judge the conversion of what was stored; given: the same as messages of Chat Completions."""
    called = exam.call(copy.deepcopy(stored), judges=judges, crash=crash)
    if not exam.expect(
        judges[0], isinstance(called.value, list | tuple), "not-a-list", called.value
    ):
        return False
    mine = dicts_in(called.value)
    exam.judge(find_stray(mine), "results")
    exam.judge(_find_reasoning(stored, mine), "texts")
    items = [each for each in mine if each.get("type") in _ITEMS]
    exam.expect("calls", not items, "items-kept", items[0] if items else "")
    _keeps_calls(exam, given, mine)
    _keeps_results(exam, given, mine)
    _keeps_texts(exam, given, mine, stored)
    fault = _objection(exam, given, called.value)
    exam.expect("accepted", fault is None, "refused", fault or "")
    after = called.arguments[0]
    exam.expect("accepted", is_same(after, stored), "mutated", first_change(stored, after))
    return True


def _objection(exam: Exam, given: list[Json], value: Json) -> str | None:
    """Return the API's objection to a history, when what it waits for is added; or None."""
    if not given:
        return None if not value else objection(exam, value)
    more: list[Json] = []
    if given[-1]["role"] == "assistant":
        open_calls = given[-1].get("tool_calls", ())
        answers = [
            {"type": "tool_result", "tool_use_id": call["id"], "content": "Fine."}
            for call in open_calls
        ]
        more = [{"role": "user", "content": answers or "Go on."}]
    tools = [{"name": "get", "input_schema": {"type": "object"}}]
    return objection(exam, [*value, *more], tools=tools)


# -- the calls -------------------------------------------------------------------------------


def _keeps_calls(exam: Exam, given: list[Json], mine: _Messages) -> None:
    expected = [
        {
            "type": "tool_use",
            "id": call["id"],
            "name": call["function"]["name"],
            "input": json.loads(call["function"]["arguments"]),
        }
        for message in given
        for call in message.get("tool_calls", ())
    ]
    kept = [message for message in mine if "tool_calls" in message]
    exam.expect("calls", not kept, "tool-calls-kept", ", ".join(kept[0]) if kept else "")
    blocks = [block for message in mine for block in dicts_in(message.get("content"))]
    functions = [block for block in blocks if _is_function(block)]
    exam.expect("calls", not functions, "function-kept", functions[0] if functions else "")
    calls = [block for block in blocks_of(blocks) if block["type"] == "tool_use"]
    texts = [call["input"] for call in calls if isinstance(call["input"], str)]
    exam.expect("calls", not texts, "arguments-as-text", repr(texts[0]) if texts else "")
    changed = [call for call in calls if call not in expected]
    swapped = [call for call in changed if str(call["id"]).startswith(_ITEM_ID)]
    answered = {one["tool_call_id"] for one in given if one["role"] == "tool"}
    missing = [call for call in expected if call not in calls]
    is_open = bool(missing) and all(call["id"] not in answered for call in missing)
    is_lost = len(calls) < len(expected)
    ids = ", ".join(str(call["id"]) for call in missing)
    known = {call["id"]: call for call in expected}
    slip = exam.slip(
        {
            "item-id": (bool(swapped), swapped[0] if swapped else ""),
            "open-calls-lost": (is_lost and is_open and not changed, ids),
            "calls-lost": (
                is_lost,
                f"{len(calls)} of {len(expected)}: {ids or 'one of two alike'}",
            ),
            "calls-changed": (
                bool(changed),
                first_change(known.get(changed[0]["id"], missing[0] if missing else {}), changed[0])
                if changed
                else "",
            ),
        },
        otherwise="calls-reordered",
        observed=", ".join(str(call["name"]) for call in calls) or "none",
    )
    exam.expect("calls", is_same(calls, expected), slip)


def _is_function(block: dict[str, Json]) -> bool:
    """Return whether a block still says `function`, as a key or as its type, or `arguments`."""
    return "function" in block or "arguments" in block or block.get("type") == "function"


# -- the results -----------------------------------------------------------------------------


def _keeps_results(exam: Exam, given: list[Json], mine: _Messages) -> None:
    expected = [
        (message["tool_call_id"], message["content"])
        for message in given
        if message["role"] == "tool"
    ]
    asked = [call["id"] for message in given for call in message.get("tool_calls", ())]
    answered = [id for id, _ in expected]
    results = [result for message in mine for result in _results_in(message)]
    found = [(result.get("tool_use_id"), content_text(result.get("content"))) for result in results]
    pairs = list(zip(results, found, strict=True))
    changed = [each for each, pair in pairs if pair not in expected]
    made_up = [each for each, (id, _) in pairs if id in asked and id not in answered]
    turned = [message for message in mine if message.get("role") == "assistant"]
    from_claude = [message for message in turned if _results_in(message)]
    observed = types_of(from_claude[0].get("content")) if from_claude else ""
    exam.expect("results", not from_claude, "results-from-assistant", observed)
    slip = exam.slip(
        {
            "results-made-up": (bool(made_up), made_up[0] if made_up else ""),
            "empty-results-missing": (
                len(found) < len(expected) and found == [pair for pair in expected if pair[1]],
                f"{len(expected) - len(found)} of {len(expected)}",
            ),
            "results-missing": len(found) < len(expected),
            "results-changed": (bool(changed), changed[0] if changed else ""),
            "results-doubled": len(found) > len(expected),
        },
        otherwise="results-reordered",
        observed=", ".join(str(id) for id, _ in found) or "none",
    )
    # Results may come in the order of their calls too, if the old ones did not.
    in_calls_order = sorted(expected, key=lambda pair: asked.index(pair[0]))
    exam.expect("results", found in (expected, in_calls_order), slip)
    marked = [result for result in results if result.get("is_error")]
    exam.expect("results", not marked, "success-as-error", marked[0] if marked else "")
    runs = _most_in_a_row(mine)
    exam.expect("results", runs < 2, "results-split", runs)


def _results_in(message: dict[str, Json]) -> list[dict[str, Json]]:
    return results_in(blocks_of(message.get("content")))


def _most_in_a_row(messages: _Messages) -> int:
    """Return the most messages with results that follow each other."""
    most = count = 0
    for message in messages:
        count = count + 1 if _results_in(message) else 0
        most = max(most, count)
    return most


# -- the texts -------------------------------------------------------------------------------


def _keeps_texts(exam: Exam, given: list[Json], mine: _Messages, stored: list[Json]) -> None:
    """Judge who said what; stored: the history as it was given, of which `given` tells."""
    spoken = [one for one in given if one["role"] != "tool" and one.get("content")]
    expected = [[one["role"], one["content"]] for one in spoken]
    said = [
        [message.get("role"), block.get("text")]
        for message in mine
        for block in blocks_of(message.get("content"))
        if block.get("type") == "text"
    ]
    blocks = [block for message in mine for block in blocks_of(message.get("content"))]
    for types, mistake in ((_THOUGHTS, "reasoning-kept"), (_PARTS, "parts-kept")):
        kept = [block for block in blocks if block.get("type") in types]
        exam.expect("texts", not kept, mistake, kept[0] if kept else "")
    hollow = [message for message in mine if _is_hollow(message)]
    observed = hollow[0].get("content") if hollow else ""
    exam.expect("texts", not hollow, "empty-text", observed)
    beside = [one["content"] for one in spoken if one.get("tool_calls")]
    whole = _rejoined(said, expected)
    lost = [words for words in beside if words not in [words for _, words in whole]]
    is_lost = bool(lost) and len(said) < len(expected)
    unread = _unread_parts(stored, [text for _, text in said])
    turns = [message for message in mine if message.get("role") == "assistant"]
    words, wanted = ([text for _, text in each] for each in (said, expected))
    slip = exam.slip(
        {
            "part-type-lost": (unread != "" and not is_lost, unread),
            "text-lost": (is_lost, types_of(turns[0].get("content")) if turns else said),
            "roles-changed": (
                words == wanted,
                first_change([role for role, _ in expected], [role for role, _ in said]),
            ),
            "texts-missing": (
                len(words) < len(wanted) and all(text in wanted for text in words),
                f"{len(words)} of {len(wanted)}",
            ),
        },
        otherwise="texts-changed",
        # Of as many texts as there were, each is told beside its own.
        observed=first_change(expected, said if len(said) == len(expected) else whole),
    )
    exam.expect("texts", whole == expected, slip)
    for role, late, early, mistake in (
        ("assistant", "text", "tool_use", "text-after-calls"),
        ("user", "tool_result", "text", "text-first"),
    ):
        mixed = [each for each in mine if each.get("role") == role and _stands(each, late, early)]
        exam.expect("texts", not mixed, mistake, types_of(mixed[0]["content"]) if mixed else "")


def _unread_parts(stored: list[Json], said: list[Json]) -> str:
    """Return the type of parts whose texts are gone, where those of another type aren't, or ""."""
    contents = [item["content"] for item in stored if isinstance(item.get("content"), list)]
    parts = [part for content in contents for part in content if part.get("text")]
    types = dict.fromkeys(part["type"] for part in parts)
    read = {part["type"] for part in parts if any(part["text"] in str(text) for text in said)}
    return next((kind for kind in types if read and kind not in read), "")


def _find_reasoning(stored: list[Json], mine: _Messages) -> Slip | None:
    """Return the mistake of reasoning that became a text, or None."""
    items = [item for item in stored if item.get("type") == "reasoning"]
    thoughts = [part["text"] for item in items for part in item["summary"]]
    thoughts += [item["encrypted_content"] for item in items if "encrypted_content" in item]
    texts = [content_text(message.get("content")) for message in mine]
    said = next((thought for thought in thoughts for text in texts if thought in text), None)
    return None if said is None else Slip("reasoning-said", said)


def _rejoined(said: list[Json], expected: list[Json]) -> list[Json]:
    """Return roles and texts, with those texts joined that make up an expected one."""
    left = [[role, str(words or "")] for role, words in said]
    joined: list[Json] = []
    for role, words in expected:
        text = ""
        while text != words and left and left[0][0] == role and words.startswith(text + left[0][1]):
            text += left.pop(0)[1]
        joined.append([role, text])
    return joined + left


def _stands(message: dict[str, Json], late: str, early: str) -> bool:
    """Return whether a block of one type stands behind one of the other in a message."""
    types = [block.get("type") for block in blocks_of(message.get("content"))]
    return early in types and late in types[types.index(early) :]


def _is_hollow(message: dict[str, Json]) -> bool:
    """Return whether a message has an empty text, or no content at all."""
    texts = [
        block.get("text")
        for block in blocks_of(message.get("content"))
        if block.get("type") == "text"
    ]
    return message.get("content") in (None, "", []) or any(not words for words in texts)
