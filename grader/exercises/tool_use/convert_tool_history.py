"""A stored conversation with tools, from one API to the other."""

from __future__ import annotations

import copy
import json
from typing import Any

from grader.exams import Criterion, Diagnosis, Exam, exercise
from grader.exercises.histories import blocks_of, messages_of, types_of
from grader.exercises.readings import is_same
from grader.exercises.tool_use.histories import essence, result_text, results_in
from grader.exercises.tool_use.lesson import HISTORY, NAME

Json = Any


@exercise(
    lesson=NAME,
    minutes=8,
    criteria=[
        Criterion("calls", "each call is a `tool_use` block with its id, name and input", points=2),
        Criterion("results", "the results of a turn share one user message", points=2),
        Criterion("texts", "every text is kept, and none is made up"),
        Criterion("accepted", "the API accepts the history, and the caller's list is as it was"),
    ],
    mistakes=[
        Diagnosis(
            "not-a-list",
            title="The function should return a list of messages.",
            saw="It returned `{observed}`.",
            why="The caller sends it as `messages`.",
            next="Collect the messages in a list, and return the list.",
            where=HISTORY,
        ),
        Diagnosis(
            "role-tool",
            title="A message still has the role `tool`.",
            saw="This one came back: `{observed}`",
            why="Only `user` and `assistant` take turns here: the API answers 400.",
            next="Make a `tool_result` block of it, in a message with the role `user`.",
            where=HISTORY,
            hints=(
                "Who sends a result to Claude?",
                "Follow one result from left to right under “Send the result back”.",
                '`{"type": "tool_result", "tool_use_id": …, "content": …}`, within a user message.',
            ),
        ),
        Diagnosis(
            "tool-calls-expected",
            title="Your code expects calls in every message.",
            saw="Python says: `{observed}`",
            why="A user's message has no `tool_calls`, nor have most turns of the assistant.",
            next='Ask with `message.get("tool_calls")`, and allow for nothing.',
            where=HISTORY,
            crash=r"^KeyError: 'tool_calls'",
        ),
        Diagnosis(
            "none-expected",
            title="Your code goes through something that is not there.",
            saw="Python says: `{observed}`",
            why="Most messages have no `tool_calls`, and one that only calls has no `content`.",
            next='Allow for nothing in both: `message.get("tool_calls") or []`.',
            where=HISTORY,
            crash=r"^TypeError: 'NoneType' object is not iterable",
        ),
        Diagnosis(
            "content-expected",
            title="Your code expects content in every message.",
            saw="Python says: `{observed}`",
            why="Where the assistant only calls tools, `content` is `None`, or left out.",
            next='Read it with `message.get("content")`, and allow for nothing.',
            where=HISTORY,
            crash=r"^KeyError: 'content'",
        ),
        Diagnosis(
            "tool-calls-kept",
            title="The calls are still beside the content.",
            saw="A message has the keys `{observed}`.",
            why="The API knows `role` and `content`; `tool_calls` is an extra input, and a 400.",
            next="Make a `tool_use` block of each call, and put it into `content`.",
            where=HISTORY,
        ),
        Diagnosis(
            "function-kept",
            title="A call has the wrong shape.",
            saw="It came back as `{observed}`.",
            why="A `tool_use` block has `id`, `name` and `input`; other keys in it are a 400.",
            next="Build the block of four keys: `type`, `id`, `name` and `input`.",
            where=HISTORY,
        ),
        Diagnosis(
            "arguments-as-text",
            title="The input is still a string of JSON.",
            saw="A call has the `input` `{observed}`.",
            why="OpenAI's `arguments` are text; here `input` is an object, and text is a 400.",
            next="Parse it: `json.loads`.",
            where=HISTORY,
            hints=(
                "What type has `arguments`, and what type has `input`?",
                "Look at the quotes around the arguments under “Send the result back”.",
                '`"input": json.loads(…)`',
            ),
        ),
        Diagnosis(
            "calls-lost",
            title="A turn of calls is missing.",
            saw="Your history has the calls `{observed}`, and the old one had more.",
            why="A result whose call is missing is refused: 400.",
            next="Convert every entry of `tool_calls`, whether the message has text or not.",
            where=HISTORY,
        ),
        Diagnosis(
            "calls-changed",
            title="The calls are not those of the old history.",
            saw="One of them came back as `{observed}`.",
            why="The id ties a call to its result; name and input say what was asked.",
            next="Copy the id, and take name and arguments from `function`.",
            where=HISTORY,
        ),
        Diagnosis(
            "calls-reordered",
            title="The calls come in another order.",
            saw="They come as `{observed}`.",
            why="A later call may build on an earlier one: the order is part of what was said.",
            next="Convert each entry of `tool_calls` once, from the first to the last.",
            where=HISTORY,
        ),
        Diagnosis(
            "results-missing",
            title="A result got lost on the way.",
            saw="Your history answers the calls `{observed}`, and the old one answered more.",
            why="A call without its result in the next message is a 400.",
            next="Send off the results that you collected, also when the list ends with them.",
            where=HISTORY,
            hints=(
                "When does your code know that a turn's results are complete?",
                "What if the old history ends with a message of the role `tool`?",
                "What you do at the next message, do once more after the loop.",
            ),
        ),
        Diagnosis(
            "results-changed",
            title="A result is not what the tool had said.",
            saw="It came back as `{observed}`.",
            why="A result finds its call by `tool_use_id`, and Claude reads its `content`.",
            next="Take the id from `tool_call_id`, and the content as it is.",
            where=HISTORY,
        ),
        Diagnosis(
            "results-reordered",
            title="The results come in another order, or more than once.",
            saw="They answer `{observed}`.",
            why="Each call has one result; a second one is a 400.",
            next="Convert each message of the role `tool` once, from the first to the last.",
            where=HISTORY,
        ),
        Diagnosis(
            "results-split",
            title="The results of one turn came in several messages.",
            saw="Two calls of one turn are answered in `{observed}` messages.",
            why="The API accepts it, but such a history teaches Claude to ask for one at a time.",
            next="Collect the results that follow each other in one user message.",
            where=HISTORY,
            hints=(
                "How many turns does your user take after two calls?",
                "Count the messages on both sides under “Bring old conversations along”.",
                "When the last message you made holds results, add to it; else begin a new one.",
            ),
        ),
        Diagnosis(
            "empty-text",
            title="A text stands for nothing.",
            saw="A message has the content `{observed}`.",
            why="A message that only calls has no text; an empty one in its place is a 400.",
            next="Add a text block only when there is text.",
            where=HISTORY,
            hints=(
                "What does OpenAI write where the assistant said nothing?",
                "Look for `None` under “Bring old conversations along”, and for what became of it.",
                '`if message.get("content"): …`',
            ),
        ),
        Diagnosis(
            "text-lost",
            title="The assistant's words beside its calls are gone.",
            saw="Its turn came back with `{observed}`.",
            why="Words and calls are one turn; Claude reads what it said before it asked.",
            next="Put a `text` block before the `tool_use` blocks when there is content.",
            where=HISTORY,
        ),
        Diagnosis(
            "texts-changed",
            title="The texts of the conversation are not as they were.",
            saw="The roles and texts came back as `{observed}`.",
            why="What user and assistant said means the same to both APIs, in the same order.",
            next="Pass messages without calls on as they are.",
            where=HISTORY,
        ),
        Diagnosis(
            "refused",
            title="The API refuses the history.",
            saw="It answers: `{observed}`",
            why="A converted history is right when the next request is accepted.",
            next="Read the path before the colon: it names the message, and the block in it.",
            where=HISTORY,
        ),
        Diagnosis(
            "mutated",
            title="Your function changed the caller's list.",
            saw="After the call it was `{observed}`.",
            why="Stored conversations may still serve the old program during a migration.",
            next="Build new messages; assign nothing to those you were given.",
            where=HISTORY,
        ),
    ],
    hints=(
        "Three kinds of message, three ways: user, assistant with calls, and tool.",
        "“Bring old conversations along” shows one history on both sides. Follow each message.",
        "Loop over the messages, and decide by `role`; results join the results before them.",
    ),
)
def convert_tool_history(exam: Exam) -> None:
    """Convert a history that ends in a result, and one with two calls in a turn, and text."""
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
        for criterion in criteria:
            exam.expect(criterion, False, "not-a-list", called.value)
        return
    mine = messages_of(called.value)
    strays = [message for message in mine if message.get("role") == "tool"]
    exam.expect("results", not strays, "role-tool", strays[0] if strays else "")
    _keeps_calls(exam, given, mine)
    _keeps_results(exam, given, mine)
    _keeps_texts(exam, given, mine)
    tools = [{"name": "get", "input_schema": {"type": "object"}}]
    request = {"model": "claude-sonnet-4-6", "max_tokens": 100, "tools": tools}
    fault = exam.send({**request, "messages": called.value})
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
    blocks = [block for message in mine for block in blocks_of(message)]
    functions = [block for block in blocks if "function" in block or "arguments" in block]
    exam.expect("calls", not functions, "function-kept", functions[0] if functions else "")
    calls = [essence(block) for block in blocks if block.get("type") == "tool_use"]
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
    results = [result for message in mine for result in results_in(message)]
    found = [(result.get("tool_use_id"), result_text(result)) for result in results]
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


def _most_in_a_row(messages: list[dict[str, Json]]) -> int:
    """Return how many messages with results follow each other, at most."""
    most = count = 0
    for message in messages:
        count = count + 1 if results_in(message) else 0
        most = max(most, count)
    return most


def _keeps_texts(exam: Exam, given: list[Json], mine: list[dict[str, Json]]) -> None:
    """Judge what was said; where in its turn a text stands beside calls is not judged."""
    spoken = [one for one in given if one["role"] != "tool" and one.get("content")]
    expected = [[one["role"], one["content"]] for one in spoken]
    pairs = [
        [message.get("role"), block.get("text"), message.get("content")]
        for message in mine
        for block in blocks_of(message)
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
    observed = types_of(blocks_of(turns[0])) if lost and turns else said
    exam.expect("texts", said == expected, wrong, observed)


def _is_hollow(message: dict[str, Json]) -> bool:
    """Tell whether a message has a text of nothing, or no content at all."""
    texts = [block.get("text") for block in blocks_of(message) if block.get("type") == "text"]
    return message.get("content") in (None, "", []) or any(not words for words in texts)
