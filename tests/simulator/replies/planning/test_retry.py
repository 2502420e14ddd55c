"""A failed call is tried once more where its error says what is allowed."""

from typing import Any

import pytest

from grader.simulator.replies.planning import Call, read_tool
from grader.simulator.replies.planning.retry import is_left_failed, retry
from tests.simulator.replies.toolbox import UPDATE_SUBSCRIPTION, tool

CHANGE = tool("change_plan", "", customer_id="string", plan="string")
INPUT = {"customer_id": "cust_1", "plan": "pro"}


def failed(text: str, tool_input: Any = INPUT, *, turn: int = 1) -> Call:
    """Return a call that failed."""
    return Call("change_plan", tool_input, turn, text, has_failed=True)


def retried(*calls: Call, definition: Any = CHANGE) -> list[Any]:
    """Return the inputs to try instead of those that failed."""
    return list(retry(read_tool(definition).slot, calls))


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("Unknown plan 'pro'. Allowed plans: basic, premium", "premium"),
        ("plan must be one of ['basic', 'premium']", "premium"),
        ('ValueError: pro is not valid, use "profi" or "basic"', "profi"),
        ("Did you mean professional?", "professional"),
        ("must be premium or basic", "premium"),
    ],
)
def test_an_allowed_value_is_tried(text: str, plan: str) -> None:
    """The one that is most like what was meant, in the argument that the error is about."""
    assert retried(failed(f"plan pro: {text}")) == [{**INPUT, "plan": plan}]


@pytest.mark.parametrize(
    "text", ["not found", "", "must be positive", "expected a string", "one of", "Allowed: pro"]
)
def test_where_nothing_is_allowed_nothing_is_tried(text: str) -> None:
    """What failed is told then."""
    assert retried(failed(text)) == []


def test_there_is_one_try() -> None:
    """A second failure is told."""
    first = failed("pro is no plan. Allowed: basic, premium")
    second = failed("premium is no plan. Allowed: basic", {**INPUT, "plan": "premium"}, turn=2)
    assert retried(first) == [second.tool_input]
    assert retried(first, second) == []


def test_a_value_that_the_schema_forbids_is_not_tried() -> None:
    """An error may say anything."""
    call = failed("plan must be one of gold, silver")
    assert retried(call, definition=UPDATE_SUBSCRIPTION) == []


def test_a_call_that_was_made_good_has_not_failed() -> None:
    """Another one that happens to be good does not make up for it."""
    call = failed("pro is no plan. Allowed: basic, premium")
    good = Call("change_plan", {**INPUT, "plan": "premium"}, 2, "done")
    other = Call("change_plan", {**INPUT, "customer_id": "cust_2"}, 2, "done")
    assert not is_left_failed(call, [call, good])
    assert is_left_failed(call, [call, other])
    assert not is_left_failed(good, [good])


def test_an_odd_input_is_left_alone() -> None:
    """A conversation from elsewhere may hold any."""
    assert retried(failed("Allowed: a", [1])) == []
    assert retried(failed("Allowed: a", {})) == []
