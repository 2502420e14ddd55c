"""Replies are cut where the request leaves no room, and say so."""

import json
from typing import Any

import pytest

from grader.catalog import THINKING_MODEL, find_model
from grader.simulator import Turn, improvise, output_tokens, text, tool_use, turn
from tests.simulator.replies.toolbox import GET_WEATHER, UPDATE_SUBSCRIPTION, user

UPGRADE = "Set customer cust_123 to the pro plan."
PREFACE = "I'll call update_subscription."
WHOLE = {"customer_id": "cust_123", "plan": "pro"}
MODEL = "claude-sonnet-4-6"


def called(limit: int, *, model: str = MODEL, **request: Any) -> Turn:
    """Return the turn for a call within a limit of tokens."""
    asked = {"max_tokens": limit, "messages": [user(UPGRADE)], "tools": [UPDATE_SUBSCRIPTION]}
    return improvise({**asked, **request}, find_model(model))


def cost(*parts: Turn) -> int:
    """Return the tokens of a turn."""
    return output_tokens([block for part in parts for block in part.content], find_model(MODEL))


def test_a_call_that_fits_is_whole() -> None:
    """To the last token."""
    reply = turn(text(PREFACE), tool_use("update_subscription", WHOLE))
    assert called(cost(reply)) == reply


def test_a_call_that_does_not_fit_has_only_its_first_arguments() -> None:
    """Only the stop reason tells it from a whole one."""
    reply = turn(text(PREFACE), tool_use("update_subscription", WHOLE))
    begun = tool_use("update_subscription", {"customer_id": "cust_123"})
    cut = called(cost(reply) - 1)
    assert cut == turn(text(PREFACE), begun, stop_reason="max_tokens")
    bare = called(cost(turn(text(PREFACE), begun)) - 1)
    nothing = tool_use("update_subscription", {})
    assert bare == turn(text(PREFACE), nothing, stop_reason="max_tokens")


def test_the_words_before_a_call_are_cut_first() -> None:
    """Then there is no call at all."""
    assert called(5) == text("I'll", stop_reason="max_tokens")
    stopped = called(500, stop_sequences=["update"])
    assert stopped == text("I'll call ", stop_reason="stop_sequence", stop_sequence="update")


def test_of_several_calls_those_that_fit_are_whole() -> None:
    """And the one after them is cut."""
    asked = {"messages": [user("Weather in Paris and Tokyo?")], "tools": [GET_WEATHER]}
    paris = turn(text("I'll call get_weather."), tool_use("get_weather", {"location": "Paris"}))
    cut = improvise({**asked, "max_tokens": cost(paris) + 2}, find_model(MODEL))
    assert cut == turn(paris, tool_use("get_weather", {}), stop_reason="max_tokens")


def test_thinking_leaves_less_room_for_a_call() -> None:
    """It comes out of the same limit."""
    kinds = [
        (tuple(block["type"] for block in reply.content), reply.stop_reason)
        for reply in (called(limit, model=THINKING_MODEL) for limit in (5, 60, 500))
    ]
    assert kinds == [
        (("thinking",), "max_tokens"),
        (("thinking", "tool_use"), "max_tokens"),
        (("thinking", "tool_use"), "tool_use"),
    ]


@pytest.mark.parametrize("limit", [1, 10, 20])
def test_json_that_does_not_fit_is_no_json(limit: int) -> None:
    """It breaks off in the middle."""
    properties = {name: {"type": "string"} for name in ("city", "country", "language", "anthem")}
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    request = {
        "messages": [user("Tell me about Oslo in Norway.")],
        "output_config": {"format": {"type": "json_schema", "schema": schema}},
    }
    whole = improvise({**request, "max_tokens": 500}, find_model(MODEL))
    cut = improvise({**request, "max_tokens": limit}, find_model(MODEL))
    (words,) = (block["text"] for block in cut.content)
    assert cut.stop_reason == "max_tokens"
    assert whole.content[0]["text"].startswith(words)
    assert json.loads(whole.content[0]["text"]).keys() == properties.keys()
    with pytest.raises(json.JSONDecodeError):
        json.loads(words)
