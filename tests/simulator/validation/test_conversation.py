"""Validation of a conversation: where system messages stand, empty turns, how it may end."""

import pytest

from grader.catalog import find_model
from grader.simulator.faults import Refused
from grader.simulator.validation.conversation import check_conversation
from tests.simulator.validation.turns import (
    Message,
    assistant,
    call,
    result,
    system,
    thought,
    user,
    words,
)

TAIL = "; the directive-only form (content: [] with output_config) is accepted at any position"
LEADING = f"use the top-level 'system' parameter for the initial system prompt{TAIL}"
BEFORE = f"role 'system' must precede an 'assistant' message or end the array{TAIL}"
AFTER = (
    "role 'system' must follow a 'user' message or an 'assistant' message ending in a server tool "
    f"result{TAIL}"
)
NO_PREFILL = (
    "This model does not support assistant message prefill. "
    "The conversation must end with a user message."
)
NO_CONTENT = (
    "all messages must have non-empty content except for the optional final assistant message"
)


def fault_of(*messages: Message, model: str = "claude-sonnet-4-6") -> str:
    """Return the message of the fault, or an empty string."""
    try:
        check_conversation({"messages": list(messages)}, find_model(model))
    except Refused as refused:
        return refused.fault.message
    return ""


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


EMPTY: list[tuple[list[Message], str]] = [
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


def test_a_conversation_cannot_end_in_a_thought() -> None:
    """Whether or not the model goes on from an answer."""
    for model in ("claude-haiku-4-5", "claude-sonnet-4-6"):
        ended = fault_of(user("a"), assistant(words("b"), thought("c")), model=model)
        assert ended == "messages.1: The final block in an assistant message cannot be `thinking`."


SERVER_RESULT = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_01", "content": []}

SYSTEM: list[tuple[list[Message], str]] = [
    ([system("s"), user("a")], f"messages.0: {LEADING}"),
    ([system("s"), system("t"), user("a")], f"messages.0: {LEADING}"),
    ([system(" "), user("a")], f"messages.0: {LEADING}"),
    ([system(), user("a")], "messages.0: system content must contain at least one block"),
    ([user("a"), system("")], "messages.1: system content must contain at least one block"),
    ([user("a"), system("s"), user("b")], f"messages.1: {BEFORE}"),
    ([user("a"), system("s"), system("t"), user("b")], f"messages.2: {BEFORE}"),
    ([user("a"), assistant("b"), system("s"), user("c")], f"messages.2: {AFTER}"),
    ([user("a"), assistant("b"), system("s"), assistant("c")], f"messages.2: {AFTER}"),
    ([user("a"), assistant("b"), system("s"), system("t"), user("c")], f"messages.2: {AFTER}"),
    # The index is that of the messages as they were sent, not of the merged turns.
    ([user("a"), user("b"), assistant("c"), system("s"), user("d")], f"messages.3: {AFTER}"),
    ([user("a"), assistant(call("t")), system("s"), user(result("t"))], f"messages.2: {AFTER}"),
    (
        [user("a"), system({"type": "image"})],
        "messages.1: role 'system' supports text, tool_addition, and tool_removal blocks only",
    ),
    ([user("a"), system(words(""))], "messages: text content blocks must be non-empty"),
    (
        [user("a"), system("  ")],
        "messages.1: system text blocks must contain non-whitespace text",
    ),
    ([user("a"), system(" "), user("b")], f"messages.1: {BEFORE}"),
    ([user("a"), system("s")], ""),
    ([user("a"), system("s"), system("t")], ""),
    ([user("a"), system("s"), assistant("b"), user("c"), system("t")], ""),
    ([user("a"), assistant(SERVER_RESULT), system("s")], ""),
]


@pytest.mark.parametrize(("messages", "message"), SYSTEM, ids=range(len(SYSTEM)))
def test_a_system_message_has_its_places(messages: list[Message], message: str) -> None:
    """After a user turn, and before an assistant turn or at the end; several count as one."""
    assert fault_of(*messages, model="claude-opus-5") == message


@pytest.mark.parametrize("model", ["claude-sonnet-4-6", "claude-sonnet-5", "claude-haiku-4-5"])
def test_a_system_message_is_refused_by_models_without_it(model: str) -> None:
    """The first message gets the advice in any case."""
    message = "role 'system' is not supported on this model"
    assert fault_of(user("a"), system("s"), model=model) == message
    assert fault_of(system("s"), user("a"), model=model) == f"messages.0: {LEADING}"
