"""Validation of a conversation: order of roles, empty turns, calls and their results."""

from typing import Any

import pytest

from grader.catalog import find_model
from grader.simulator.faults import Refused
from grader.simulator.validation.conversation import check_conversation

TAIL = "; the directive-only form (content: [] with output_config) is accepted at any position"
LEADING = f"use the top-level 'system' parameter for the initial system prompt{TAIL}"
MISPLACED = f"role 'system' must precede an 'assistant' message or end the array{TAIL}"
NO_PREFILL = (
    "This model does not support assistant message prefill. "
    "The conversation must end with a user message."
)
EACH_CALL = (
    "Each `tool_use` block must have a corresponding `tool_result` block in the next message."
)
EACH_RESULT = (
    "Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
)
NO_CONTENT = (
    "all messages must have non-empty content except for the optional final assistant message"
)


def user(*content: Any) -> dict[str, Any]:
    """Return a user turn of one string, or of blocks."""
    return turn("user", content)


def assistant(*content: Any) -> dict[str, Any]:
    """Return an assistant turn of one string, or of blocks."""
    return turn("assistant", content)


def system(*content: Any) -> dict[str, Any]:
    """Return a system turn of one string, or of blocks."""
    return turn("system", content)


def turn(role: str, content: tuple[Any, ...]) -> dict[str, Any]:
    """Return a message."""
    single = len(content) == 1 and isinstance(content[0], str)
    return {"role": role, "content": content[0] if single else list(content)}


def words(said: str) -> dict[str, Any]:
    """Return a text block."""
    return {"type": "text", "text": said}


def call(call_id: str) -> dict[str, Any]:
    """Return a tool_use block."""
    return {"type": "tool_use", "id": call_id, "name": "get_time", "input": {}}


def result(call_id: str) -> dict[str, Any]:
    """Return a tool_result block."""
    return {"type": "tool_result", "tool_use_id": call_id, "content": "noon"}


def fault_of(*messages: dict[str, Any], model: str = "claude-sonnet-4-6") -> str:
    """Return the message of the fault, or an empty string."""
    try:
        check_conversation(list(messages), find_model(model))
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


BAD_CALLS: list[tuple[list[dict[str, Any]], str]] = [
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
def test_calls_and_results_must_pair(messages: list[dict[str, Any]], message: str) -> None:
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
def test_paired_calls_are_accepted(messages: list[dict[str, Any]]) -> None:
    """Also several user messages in a row: they are merged."""
    assert fault_of(*messages) == ""


@pytest.mark.parametrize(
    "messages",
    [
        [user("a"), user("b")],
        [user("a"), assistant("b"), assistant("c"), user("d")],
        [assistant("a"), user("b")],
        [user("a"), user("b"), assistant("c"), user("d"), user("e")],
    ],
    ids=["user user", "assistant assistant", "assistant first", "both"],
)
def test_turns_of_one_role_are_merged_and_any_role_may_begin(messages) -> None:
    """Old guides call these errors; recorded traffic has them answered with 200."""
    assert fault_of(*messages) == ""


EMPTY: list[tuple[list[dict[str, Any]], str]] = [
    ([user("")], f"messages.0: {NO_CONTENT}"),
    ([user()], f"messages.0: {NO_CONTENT}"),
    ([user("a"), assistant(), user("b")], f"messages.1: {NO_CONTENT}"),
    ([user("a"), assistant("b"), user(), user("")], f"messages.2: {NO_CONTENT}"),
    ([user(words(""))], "messages: text content blocks must be non-empty"),
    ([user("a"), assistant(words(""))], "messages: text content blocks must be non-empty"),
    ([user("  \n")], "messages: text content blocks must contain non-whitespace text"),
    (
        [user("a"), assistant(words("b"), words(" ")), user("c")],
        "messages: text content blocks must contain non-whitespace text",
    ),
    ([user("a"), assistant("")], ""),
    ([user("a"), assistant()], ""),
    ([user(), user("a")], ""),
    ([user("a"), user()], ""),
]


@pytest.mark.parametrize(("messages", "message"), EMPTY, ids=range(len(EMPTY)))
def test_only_a_final_assistant_turn_may_be_empty(messages, message: str) -> None:
    """An empty message is merged with its neighbours of the same role first."""
    assert fault_of(*messages) == message


def test_a_prefilled_answer_is_refused_by_models_since_4_6() -> None:
    """The older ones go on from it."""
    prefilled = [user("a"), assistant("The answer is")]
    assert fault_of(*prefilled, model="claude-sonnet-4-6") == NO_PREFILL
    assert fault_of(*prefilled, model="claude-sonnet-5-5") == NO_PREFILL
    assert fault_of(*prefilled, model="claude-haiku-4-5") == ""


def test_a_prefilled_answer_may_not_end_in_white_space() -> None:
    """Whether it is a string or the last of several blocks."""
    message = "messages: final assistant content cannot end with trailing whitespace"
    for last in (assistant("The answer is "), assistant(words("The answer"), words("is\n"))):
        assert fault_of(user("a"), last, model="claude-haiku-4-5") == message


SYSTEM: list[tuple[list[dict[str, Any]], str]] = [
    ([system("s"), user("a")], f"messages.0: {LEADING}"),
    ([system(" "), user("a")], f"messages.0: {LEADING}"),
    ([system(), user("a")], "messages.0: system content must contain at least one block"),
    ([user("a"), system("s"), user("b")], f"messages.1: {MISPLACED}"),
    ([user("a"), system("s"), system("t"), user("b")], f"messages.2: {MISPLACED}"),
    (
        [user("a"), system({"type": "image"})],
        "messages.1: role 'system' supports text, tool_addition, and tool_removal blocks only",
    ),
    (
        [user("a"), system("  ")],
        "messages.1: system text blocks must contain non-whitespace text",
    ),
    ([user("a"), system(" "), user("b")], f"messages.1: {MISPLACED}"),
    ([user("a"), system("s")], ""),
    ([user("a"), system("s"), system("t")], ""),
    ([user("a"), system("s"), assistant("b"), user("c")], ""),
]


@pytest.mark.parametrize(("messages", "message"), SYSTEM, ids=range(len(SYSTEM)))
def test_a_system_message_has_its_places(messages, message: str) -> None:
    """Never first; before an assistant turn or at the end; several in a row count as one."""
    assert fault_of(*messages, model="claude-opus-5") == message


def test_a_system_message_is_refused_by_models_without_it() -> None:
    """The first message gets the advice in any case."""
    message = "messages.1: role 'system' is not supported on this model"
    assert fault_of(user("a"), system("s"), model="claude-sonnet-4-6") == message
    assert fault_of(system("s"), user("a"), model="claude-sonnet-4-6") == f"messages.0: {LEADING}"
