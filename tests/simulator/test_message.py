"""Whole messages: ids, key order of blocks, and usage."""

import re
from typing import Any

import pytest

from grader.catalog import find_model
from grader.simulator import (
    Script,
    Simulator,
    Turn,
    empty,
    text,
    thinking,
    tool_use,
    turn,
)
from grader.simulator.identifiers import Identifiers
from grader.simulator.message import make_message
from grader.simulator.signatures import read_signature

REQUEST: dict[str, Any] = {
    "max_tokens": 1_000,
    "messages": [{"role": "user", "content": "Hello"}],
}


def made(reply: Turn, *, model: str = "claude-sonnet-4-6", **request: Any) -> Any:
    """Return the message that answers a request."""
    return make_message(reply, {**REQUEST, **request}, find_model(model), Identifiers(1))


def test_a_call_without_an_id_gets_one() -> None:
    """Of the API's form, and new for each call; a given id is kept."""
    reply = turn(tool_use("f", {"a": 1}), tool_use("f", {"a": 1}), tool_use("f", {}, id="mine"))
    first, second, third = (dict(block) for block in made(reply)["content"])
    ids = first.pop("id"), second.pop("id")
    assert all(re.fullmatch(r"toolu_01[1-9A-HJ-NP-Za-km-z]{22}", drawn) for drawn in ids)
    assert ids[0] != ids[1]
    caller = {"caller": {"type": "direct"}}
    assert first == second == {"type": "tool_use", "name": "f", "input": {"a": 1}, **caller}
    assert third == {"type": "tool_use", "id": "mine", "name": "f", "input": {}, **caller}


def test_a_thought_without_a_signature_gets_one() -> None:
    """That of its words; a given signature is kept."""
    drawn, given = made(turn(thinking("Hm."), thinking("Hm.", signature="mine")))["content"]
    assert list(drawn) == ["type", "thinking", "signature"]
    signed = read_signature(drawn["signature"])
    assert signed is not None
    assert signed.fits("Hm.")
    assert not signed.fits("Hm")
    assert given["signature"] == "mine"


RECORDED_KEYS = [
    "model",
    "id",
    "type",
    "role",
    "content",
    "container",
    "stop_reason",
    "stop_sequence",
    "stop_details",
    "usage",
    "diagnostics",
]


@pytest.mark.parametrize("asked", [None, {"previous_message_id": None}])
def test_a_message_has_the_keys_recorded_in_october_2026(asked: Any) -> None:
    """Null where no code ran and where nobody asked why the cache was missed."""
    message = made(text("Hi."), diagnostics=asked)
    assert list(message) == RECORDED_KEYS
    assert (message["container"], message["diagnostics"]) == (None, None)


@pytest.mark.parametrize("version", ["2023-06-01", "2026-10-21"])
@pytest.mark.parametrize("stream", [False, True])
def test_the_sdk_reads_the_keys_of_both_versions(client_of, version: str, stream: bool) -> None:
    """Streamed or not: the version changes nothing of a reply."""
    client = client_of(
        Simulator(replies=Script(text("Hi."))), default_headers={"anthropic-version": version}
    )
    asked = {"model": "claude-sonnet-4-6", "max_tokens": 9, "messages": REQUEST["messages"]}
    if stream:
        with client.messages.stream(**asked) as events:
            message = events.get_final_message()
    else:
        message = client.messages.create(**asked)
    assert (message.container, message.diagnostics) == (None, None)
    assert message.model_fields_set >= {"container", "diagnostics"}


def test_a_script_is_not_changed_by_its_messages() -> None:
    """So that it can be sent again with other ids."""
    reply = turn(thinking("Hm."), tool_use("f", {"a": 1}))
    made(reply)
    assert reply == turn(thinking("Hm."), tool_use("f", {"a": 1}))


COUNTS = [
    "input_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    "cache_creation",
    "output_tokens",
]
PLACE = ["service_tier", "inference_geo"]
ADAPTIVE = {"thinking": {"type": "adaptive"}}


@pytest.mark.parametrize(
    ("model", "reply", "request_", "details"),
    [
        ("claude-sonnet-4-6", text("Hi."), {}, None),
        ("claude-sonnet-4-6", text("Hi."), {"thinking": {"type": "disabled"}}, None),
        ("claude-sonnet-4-6", text("Hi."), ADAPTIVE, {"thinking_tokens": 0}),
        ("claude-sonnet-4-6", turn(thinking(), text("Hi.")), {}, {"thinking_tokens": 24}),
        ("claude-sonnet-5", text("Hi."), {}, {"thinking_tokens": 0}),
    ],
    ids=["off", "disabled", "asked for", "done", "newer model"],
)
def test_usage_tells_of_thinking_where_there_could_be_some(
    model: str, reply: Turn, request_: dict[str, Any], details: Any
) -> None:
    """Recorded: newer models always, older ones where thinking is on."""
    usage = made(reply, model=model, **request_)["usage"]
    between = [] if details is None else ["output_tokens_details"]
    assert list(usage) == [*COUNTS, *between, *PLACE]
    assert usage.get("output_tokens_details") == details


@pytest.mark.parametrize(
    ("model", "place"),
    [
        ("claude-haiku-4-5", "not_available"),
        ("claude-sonnet-4-5", "not_available"),
        ("claude-sonnet-4-6", "global"),
        ("claude-sonnet-5-5", "global"),
    ],
)
def test_usage_tells_where_the_model_ran(model: str, place: str) -> None:
    """Models of 4.5 do not tell."""
    assert made(text("Hi."), model=model)["usage"]["inference_geo"] == place


@pytest.mark.parametrize(
    ("reply", "limit", "expected"),
    [
        (text("Hi."), 1_000, 5),
        (empty(), 1_000, 1),
        (text("Hi.", stop_reason="max_tokens"), 1_000, 1_000),
        (text("Many words. " * 100), 50, 50),
        (empty(stop_reason="max_tokens"), 0, 0),
    ],
    ids=["whole", "empty", "cut", "too long for its limit", "warming a cache"],
)
def test_output_never_passes_the_limit(reply: Turn, limit: int, expected: int) -> None:
    """A reply that was cut has exactly as many tokens as it might (13 of 13 recorded)."""
    assert made(reply, max_tokens=limit)["usage"]["output_tokens"] == expected
