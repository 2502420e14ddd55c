"""Validation of calls and results: each call has one result, in the turn after it."""

import pytest

from grader.simulator.faults import Refused
from grader.simulator.validation.calls import check_calls
from grader.simulator.validation.turns import merge
from tests.simulator.validation.turns import Message, assistant, call, result, user, words

EACH_CALL = (
    "Each `tool_use` block must have a corresponding `tool_result` block in the next message."
)
EACH_RESULT = (
    "Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
)


def fault_of(*messages: Message) -> str:
    """Return the message of the fault, or an empty string."""
    try:
        check_calls(merge(list(messages)))
    except Refused as refused:
        return refused.fault.message
    return ""


def unanswered(index: int, *calls: str) -> str:
    """Return the words for calls without results."""
    return (
        f"messages.{index}: `tool_use` ids were found without `tool_result` blocks immediately "
        f"after: {', '.join(calls)}. {EACH_CALL}"
    )


def unexpected(place: str, call_id: str) -> str:
    """Return the words for a result without its call."""
    return (
        f"{place}: unexpected `tool_use_id` found in `tool_result` blocks: {call_id}. {EACH_RESULT}"
    )


BAD_CALLS: list[tuple[list[Message], str]] = [
    ([user("a"), assistant(call("t1"))], unanswered(1, "t1")),
    ([user("a"), assistant(call("t1")), user("b")], unanswered(1, "t1")),
    ([user("a"), assistant(call("t1"), call("t2")), user("b")], unanswered(1, "t1", "t2")),
    ([user("a"), assistant(call("t1"), call("t2")), user(result("t1"))], unanswered(1, "t2")),
    (
        [user("a"), assistant(call("t1")), user(words("Here:"), result("t1"))],
        unanswered(1, "t1"),
    ),
    ([user(result("t1"))], unexpected("messages.0.content.0", "t1")),
    (
        [user("a"), assistant("b"), user(result("t1"))],
        unexpected("messages.2.content.0", "t1"),
    ),
    (
        [user("a"), assistant(call("t1")), user(result("t1"), result("t2"))],
        unexpected("messages.2.content.1", "t2"),
    ),
    # Merged first, as recorded: the result is block 1 of message 0.
    ([user("a"), user(result("t1"))], unexpected("messages.0.content.1", "t1")),
    (
        [user("a"), assistant(call("t1")), user(result("t1"), result("t1"))],
        (
            "messages.2.content.1: each tool_use must have a single result. "
            "Found multiple `tool_result` blocks with id: t1"
        ),
    ),
    (
        [
            user("a"),
            assistant(call("t1")),
            user(result("t1")),
            assistant(words("Again."), call("t1")),
            user(result("t1")),
        ],
        "messages.3.content.1: `tool_use` ids must be unique",
    ),
    (
        [user("a"), assistant(result("t1")), user("b")],
        "messages.1: `tool_result` blocks can only be in `user` messages",
    ),
    (
        [user(call("t1")), user(result("t1"))],
        "messages.0: `tool_use` blocks can only be in `assistant` messages",
    ),
]


@pytest.mark.parametrize(("messages", "message"), BAD_CALLS, ids=range(len(BAD_CALLS)))
def test_calls_and_results_must_pair(messages: list[Message], message: str) -> None:
    """Each call has one result, in the next turn, before any text; and no result stands alone."""
    assert fault_of(*messages) == message


@pytest.mark.parametrize(
    "messages",
    [
        [user("a"), assistant(call("t1")), user(result("t1"))],
        [user("a"), assistant(call("t1"), call("t2")), user(result("t2"), result("t1"))],
        [user("a"), assistant(call("t1"), call("t2")), user(result("t1")), user(result("t2"))],
        [user("a"), assistant(call("t1")), user(result("t1"), words("And now?"))],
        [user("a"), assistant(call("t1")), assistant("Hm."), user(result("t1")), user("b")],
        [
            user("a"),
            assistant(words("Hm."), call("t1")),
            user(result("t1")),
            assistant(call("t2")),
            user(result("t2")),
        ],
    ],
    ids=["one", "any order", "two messages", "text after", "two turns", "two rounds"],
)
def test_paired_calls_are_accepted(messages: list[Message]) -> None:
    """Also several user messages in a row: they are merged."""
    assert fault_of(*messages) == ""
