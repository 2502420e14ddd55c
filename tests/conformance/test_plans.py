"""Plans: the improviser calls the tools that the live models called, without a script."""

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from grader.simulator import Reply, improvise
from tests.conformance.shapes import events_of, message_of

Row = dict[str, Any]
Resend = Callable[..., Reply]
Tell = Callable[[str, object], None]

SAME_TOOLS = 0.9
SAME_INPUTS = 0.6
"""Shares that were reached; what differs is a place spelt out or a query in other words."""


def is_answered(row: Row) -> bool:
    """Say whether a row has a message as its reply, and none of Anthropic's own tools."""
    is_message = row["status"] == 200 and row["url_path"] == "/v1/messages"
    return is_message and "server_tool" not in row["kinds"]


def calls_in(message: Any) -> list[tuple[str, Any]]:
    """Return the calls of a message, in order."""
    blocks = [block for block in message["content"] if block["type"] == "tool_use"]
    return [(block["name"], block["input"]) for block in blocks]


@pytest.fixture
def answered(pairs: list[Row], resend: Resend) -> list[tuple[Row, Any, Any]]:
    """Return each row with the recorded message and the improvised one."""
    both = []
    for row in filter(is_answered, pairs):
        recorded = row["response"] or message_of(events_of(row["response_sse"]))
        seen: list[Any] = []

        def replies(request: Any, card: Any, seen: list[Any] = seen) -> Any:
            seen.append(improvise(request, card))
            return seen[0]

        resend(row, replies, adapted=True)
        if seen:
            both.append((row, recorded, {"content": seen[0].content}))
    return both


def test_the_same_tools_are_called(answered: list[Any], tell: Tell) -> None:
    """In the same order, and none where the model called none."""
    rows = [
        (calls_in(recorded), calls_in(ours))
        for row, recorded, ours in answered
        if row["request"].get("tools")
    ]
    tools = sum([c[0] for c in recorded] == [c[0] for c in ours] for recorded, ours in rows)
    inputs = sum(recorded == ours for recorded, ours in rows)
    tell("the same tools called", f"{tools} of {len(rows)}")
    tell("with the same inputs", f"{inputs} of {len(rows)}")
    assert len(rows) > 30
    assert tools >= SAME_TOOLS * len(rows)
    assert inputs >= SAME_INPUTS * len(rows)


def test_a_recorded_format_is_kept_to(answered: list[Any]) -> None:
    """The reply's text is JSON that fits."""
    formats = [
        (shape["schema"], ours["content"][-1]["text"])
        for row, _, ours in answered
        if (shape := (row["request"].get("output_config") or {}).get("format"))
        and not calls_in(ours)
    ]
    assert len(formats) > 2
    for schema, words in formats:
        jsonschema.Draft202012Validator(schema).validate(json.loads(words))


def test_no_request_is_left_without_a_reply(answered: list[Any]) -> None:
    """Whatever its tools and its history."""
    assert len(answered) > 60
    assert all(ours["content"] for _, _, ours in answered)
