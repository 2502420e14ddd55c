"""The sentences before, between and after calls."""

from typing import Any

import pytest

from grader.simulator.replies.planning import Call, Planned, announce, ask, read_tool, report
from tests.simulator.replies.toolbox import (
    ADD,
    GET_WEATHER,
    UPDATE_SUBSCRIPTION,
    tool,
)


@pytest.mark.parametrize(
    ("definitions", "expected"),
    [
        ([GET_WEATHER], "I'll get the weather."),
        ([GET_WEATHER, GET_WEATHER], "I'll get the weather."),
        ([GET_WEATHER, ADD], "I'll get the weather and use add."),
        ([tool("getUserName")], "I'll get the user name."),
    ],
)
def test_calls_are_announced(definitions: list[Any], expected: str) -> None:
    """By what their tools are called."""
    assert announce([Planned(read_tool(given), {}) for given in definitions]) == expected


def test_a_question_names_what_is_lacking() -> None:
    """With what is allowed, where that is known."""
    change = read_tool(UPDATE_SUBSCRIPTION)
    customer, plan = change.arguments.values()
    assert ask(change, [customer]) == (
        "To update the subscription I need the customer id. Which customer do you mean?"
    )
    assert ask(change, [plan, customer]) == (
        "To update the subscription I need the plan and the customer id. "
        "It can be basic, pro, enterprise. Which plan do you mean?"
    )


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        (
            [Call("get_weather", {"location": "Oslo"}, 1, "Sunny, 18 degrees.")],
            "get_weather(Oslo) gave Sunny, 18 degrees.",
        ),
        (
            [
                Call(
                    "get", {"a": True}, 1, '{"name": "Jane", "tags": ["x", null], "of": [{"b": 1}]}'
                )
            ],
            "get(yes) gave name: Jane; tags: x, none; of: (b: 1).",
        ),
        ([Call("get", {}, 1)], "get() gave no output."),
        ([Call("draw", {}, 1, "", ("30 by 40 pixels",))], "draw() gave an image, 30 by 40 pixels."),
        (
            [Call("a", {}, 1, "1"), Call("b", {}, 1, "no data", has_failed=True)],
            "The tools were called.\n- a() gave 1.\n- b() failed: no data.",
        ),
    ],
)
def test_results_are_told(calls: list[Call], expected: str) -> None:
    """In the words that they have, the failures last."""
    assert report(calls) == expected


def test_a_long_result_is_cut() -> None:
    """A reader has seen it already."""
    told = report([Call("get", {}, 1, "word " * 500)])
    assert len(told) < 450
    assert told.endswith("….")
