"""A stored conversation with tools, from one API to the other."""

from __future__ import annotations

import copy
import json
from typing import Any

from grader.exams import Criterion, Exam, Slip, exercise
from grader.exercises.loops import (
    blocks_of,
    content_text,
    dicts_in,
    find_stray,
    objection,
    results_in,
    types_of,
)
from grader.exercises.readings import is_same

Json = Any


@exercise(
    minutes=8,
    criteria=[
        Criterion("calls", "each call is a `tool_use` block with its id, name and input", points=2),
        Criterion("results", "the results of a turn share one user message", points=2),
        Criterion("texts", "every text is kept, and none is made up"),
        Criterion("accepted", "the API accepts the history, and the caller's list is as it was"),
    ],
)
def convert_tool_history(exam: Exam) -> None:
    """Convert a history that ends in a result, and one with text and two calls in a turn."""
    question, answer = _said(exam, "user"), _said(exam, "assistant")
    one = _called(exam, content=None)
    _converts(exam, [question, *one])
    two = _called(exam, _called_name(exam), content=exam.words(4))
    bare = _called(exam)
    last = _said(exam, "user")
    _converts(exam, [question, *two, *bare, answer, last])
    _converts(exam, [question, answer, last])


def _said(exam: Exam, role: str) -> Json:
    return {"role": role, "content": f"{exam.words(4)}."}


def _called_name(exam: Exam) -> Json:
    arguments = {"key": exam.fresh("in"), "count": exam.number(2, 99)}
    return _openai_call(exam, arguments)


def _openai_call(exam: Exam, arguments: Json) -> Json:
    function = {"name": exam.fresh("get"), "arguments": json.dumps(arguments)}
    return {"id": exam.fresh("call"), "type": "function", "function": function}


def _called(exam: Exam, *more: Json, **content: str | None) -> list[Json]:
    """Return a turn of the assistant with calls, and the messages that answer them."""
    calls = [_openai_call(exam, {}), *more] if not more else [_called_name(exam), *more]
    results = [
        {"role": "tool", "tool_call_id": call["id"], "content": json.dumps({"a": exam.words(2)})}
        for call in calls
    ]
    return [{"role": "assistant", **content, "tool_calls": calls}, *results]


def _converts(exam: Exam, given: list[Json]) -> None:
    criteria = ("calls", "results", "texts", "accepted")
    called = exam.call(copy.deepcopy(given), judges=criteria)
    if not isinstance(called.value, list | tuple):
        exam.judge(Slip("not-a-list", called.value), *criteria)
        return
    mine = dicts_in(called.value)
    exam.judge(find_stray(mine), "results")
    _keeps_calls(exam, given, mine)
    _keeps_results(exam, given, mine)
    _keeps_texts(exam, given, mine)
    tools = [{"name": "get", "input_schema": {"type": "object"}}]
    fault = objection(exam, called.value, tools=tools)
    exam.expect("accepted", fault is None, "refused", fault or "")
    after = called.arguments[0]
    exam.expect("accepted", is_same(after, given), "mutated", after)


def _keeps_calls(exam: Exam, given: list[Json], mine: list[dict[str, Json]]) -> None:
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
    functions = [block for block in blocks if "function" in block or "arguments" in block]
    exam.expect("calls", not functions, "function-kept", functions[0] if functions else "")
    calls = [block for block in blocks_of(blocks) if block["type"] == "tool_use"]
    texts = [call["input"] for call in calls if isinstance(call["input"], str)]
    exam.expect("calls", not texts, "arguments-as-text", repr(texts[0]) if texts else "")
    changed = [call for call in calls if call not in expected]
    wrong = exam.which(
        {"calls-lost": len(calls) < len(expected), "calls-changed": bool(changed)},
        otherwise="calls-reordered",
    )
    names = ", ".join(str(call["name"]) for call in calls) or "none"
    observed = changed[0] if wrong == "calls-changed" else names
    exam.expect("calls", is_same(calls, expected), wrong, observed)


def _keeps_results(exam: Exam, given: list[Json], mine: list[dict[str, Json]]) -> None:
    expected = [
        (message["tool_call_id"], message["content"])
        for message in given
        if message["role"] == "tool"
    ]
    results = [result for message in mine for result in _results_in(message)]
    found = [(result.get("tool_use_id"), content_text(result.get("content"))) for result in results]
    changed = [each for each, pair in zip(results, found, strict=True) if pair not in expected]
    wrong = exam.which(
        {"results-missing": len(found) < len(expected), "results-changed": bool(changed)},
        otherwise="results-reordered",
    )
    ids = ", ".join(str(id) for id, _ in found) or "none"
    observed = changed[0] if wrong == "results-changed" else ids
    exam.expect("results", found == expected, wrong, observed)
    runs = _most_in_a_row(mine)
    exam.expect("results", runs < 2, "results-split", runs)


def _results_in(message: dict[str, Json]) -> list[dict[str, Json]]:
    return results_in(blocks_of(message.get("content")))


def _most_in_a_row(messages: list[dict[str, Json]]) -> int:
    """Return the most messages with results that follow each other."""
    most = count = 0
    for message in messages:
        count = count + 1 if _results_in(message) else 0
        most = max(most, count)
    return most


def _keeps_texts(exam: Exam, given: list[Json], mine: list[dict[str, Json]]) -> None:
    """Judge the texts, but not where in its turn a text stands beside calls."""
    spoken = [one for one in given if one["role"] != "tool" and one.get("content")]
    expected = [[one["role"], one["content"]] for one in spoken]
    pairs = [
        [message.get("role"), block.get("text"), message.get("content")]
        for message in mine
        for block in blocks_of(message.get("content"))
        if block.get("type") == "text"
    ]
    hollow = [message for message in mine if _is_hollow(message)]
    observed = hollow[0].get("content") if hollow else ""
    exam.expect("texts", not hollow, "empty-text", observed)
    said = [[role, words] for role, words, _ in pairs]
    beside = [one["content"] for one in spoken if one.get("tool_calls")]
    lost = [words for words in beside if words not in [words for _, words in said]]
    wrong = exam.which({"text-lost": bool(lost)}, otherwise="texts-changed")
    turns = [message for message in mine if message.get("role") == "assistant"]
    observed = types_of(turns[0].get("content")) if lost and turns else said
    exam.expect("texts", said == expected, wrong, observed)


def _is_hollow(message: dict[str, Json]) -> bool:
    """Return whether a message has an empty text, or no content at all."""
    texts = [
        block.get("text")
        for block in blocks_of(message.get("content"))
        if block.get("type") == "text"
    ]
    return message.get("content") in (None, "", []) or any(not words for words in texts)
