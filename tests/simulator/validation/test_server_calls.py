"""Validation of the API's own calls: how a paused turn goes on, and what breaks it."""

import pytest

from grader.catalog import find_model
from grader.simulator.faults import Refused
from grader.simulator.validation.conversation import check_conversation
from tests.simulator.validation.turns import Message, assistant, call, result, user, words

SEARCH = {"type": "server_tool_use", "id": "srvtoolu_01", "name": "web_search", "input": {}}
FOUND = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_01", "content": []}
LOST = (
    "messages.1: `web_search` tool use with id `srvtoolu_01` was found without a corresponding "
    "`web_search_tool_result` block"
)


def fault_of(*messages: Message) -> str:
    """Return the message of the fault, or an empty string."""
    try:
        check_conversation({"messages": list(messages)}, find_model("claude-sonnet-4-6"))
    except Refused as refused:
        return refused.fault.message
    return ""


@pytest.mark.parametrize(
    "messages",
    [
        [user("a"), assistant(words("b"), SEARCH)],
        [user("a"), assistant(SEARCH, FOUND)],
        [user("a"), assistant(SEARCH), assistant(FOUND, SEARCH)],
    ],
    ids=["a call", "a result", "twice"],
)
def test_a_paused_turn_goes_on_as_the_last_one(messages: list[Message]) -> None:
    """Also on a model that takes no answer begun for it."""
    assert fault_of(*messages) == ""


@pytest.mark.parametrize(
    "messages",
    [
        [user("a"), assistant(SEARCH), assistant(FOUND, words("b")), user("c")],
        [user("a"), assistant(SEARCH, FOUND, words("b")), user("c")],
        [user("a"), assistant(SEARCH), assistant(FOUND, call("t")), user(result("t"))],
        [user("a"), assistant(SEARCH, call("t")), user(result("t"))],
    ],
    ids=["later message", "same message", "then a tool", "with a tool"],
)
def test_a_call_whose_result_came_or_may_come_is_accepted(messages: list[Message]) -> None:
    """In its turn, or after the client's own results."""
    assert fault_of(*messages) == ""


@pytest.mark.parametrize(
    "messages",
    [
        [user("a"), assistant(words("b"), SEARCH), user("Go on.")],
        [user("a"), assistant(SEARCH, {**FOUND, "tool_use_id": "srvtoolu_02"}), user("c")],
        [user("a"), assistant(SEARCH), user("b"), assistant(FOUND), user("c")],
    ],
    ids=["pushed on", "another result", "too late"],
)
def test_a_call_that_lost_its_result_is_refused(messages: list[Message]) -> None:
    """A user turn after a paused one ends it for good."""
    assert fault_of(*messages) == LOST


def test_odd_ids_are_told_as_they_are() -> None:
    """The inside of these blocks is not checked."""
    odd = {"type": "server_tool_use", "id": ["x"]}
    assert fault_of(user("a"), assistant(odd), user("b")) == (
        "messages.1: `None` tool use with id `['x']` was found without a corresponding "
        "`None_tool_result` block"
    )
