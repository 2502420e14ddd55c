"""The token view: its parts add up to what was billed, and it is drawn without any script."""

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.catalog import active_models, find_model
from grader.classroom import connect, token_view
from grader.classroom.widgets.token_parts import read_parts
from grader.errors import WidgetError
from tests.classroom.widgets.test_pictures import _Reader

TOOL = {"name": "find_order", "description": "Find an order.", "input_schema": {"type": "object"}}
HANDBOOK = {"type": "text", "text": "An order may be sent back. " * 400}
CACHED = {**HANDBOOK, "cache_control": {"type": "ephemeral"}}
MODELS = st.sampled_from(active_models())
COUNTS = st.integers(0, 20_000)


def _request(model: str = "claude-sonnet-4-6", **more: Any) -> dict[str, Any]:
    asked = [{"role": "user", "content": "May I send it back?"}]
    return {"model": model, "max_tokens": 900, "messages": asked, **more}


@given(
    MODELS,
    st.integers(0, 4),
    st.integers(1, 12),
    COUNTS,
    COUNTS,
    COUNTS,
    st.integers(1, 5_000),
    st.integers(0, 6_000),
)
def test_the_parts_add_up_to_the_usage_and_to_the_bill(
    model: str,
    blocks: int,
    turns: int,
    read: int,
    written: int,
    fresh: int,
    output: int,
    thought: int,
) -> None:
    """Class by class, whatever our own count of the prompt was."""
    messages = [
        {"role": ("user", "assistant")[turn % 2], "content": f"turn {turn} " * 5}
        for turn in range(turns)
    ]
    request = _request(model, messages=messages, system=[HANDBOOK] * blocks, tools=[TOOL])
    usage = {
        "input_tokens": fresh,
        "cache_read_input_tokens": read,
        "cache_creation_input_tokens": written,
        "output_tokens": output,
        "output_tokens_details": {"thinking_tokens": thought},
    }
    reply = {"content": [{"type": "text", "text": "Yes."}], "usage": usage}
    parts = read_parts(request, reply)
    sums = {kind: sum(p.tokens for p in parts if p.usage == kind) for kind in ("fresh", "read")}
    assert sums == {"fresh": fresh, "read": read}
    assert sum(p.tokens for p in parts if p.usage == "write") == written
    assert sum(p.tokens for p in parts if p.usage in ("think", "out")) == output
    assert sum((p.cost for p in parts), Decimal(0)) == find_model(model).cost_of(usage)
    order = [p.usage for p in parts]
    assert order == sorted(order, key=("read", "write", "fresh", "think", "out").index)
    assert [p.place for p in parts] == sorted(p.place for p in parts)


def test_each_part_of_a_cached_prompt_has_its_class() -> None:
    """The classes end where the breakpoint stands, though counts are estimates."""
    client = connect(live=False)
    request = _request(tools=[TOOL], system=[CACHED, {"type": "text", "text": "It is 9."}])
    first, second = client.messages.create(**request), client.messages.create(**request)
    for reply, kind in ((first, "write"), (second, "read")):
        found = {part.name: part.usage for part in read_parts(request, reply)}
        wanted = {"tools": kind, "system 1": kind, "system 2": "fresh", "user": "fresh"}
        assert found == {**wanted, "text": "out"}


def test_without_a_reply_all_of_the_prompt_is_fresh() -> None:
    """Nothing is known of caching before a request is sent."""
    parts = read_parts(_request(system="Be brief."))
    assert {part.usage for part in parts} == {"fresh"}
    assert str(token_view(_request())).startswith("All ")


def test_the_picture_says_everything_in_words_too() -> None:
    """Each part is met once by the keyboard, with its tokens, its class and its price."""
    request = _request(system=[HANDBOOK])
    reply = connect(live=False).messages.create(**request)
    shown = token_view(request, reply)
    read = _Reader(re.sub(r"<(path|/path)[^>]*>", "", shown.html))
    assert "script" not in read.tags
    labels = re.findall(r'tabindex="0" role="img" aria-label="([^"]*)"', shown.html)
    parts = read_parts(request, reply)
    assert [label.partition(":")[0] for label in labels] == [part.name for part in parts]
    assert all("tokens" in label and "$" in label for label in labels)
    for part in parts:
        assert f"{part.tokens:,}" in str(shown)


def test_a_learners_words_are_escaped() -> None:
    """Neither a message nor a tool's name becomes part of the page."""
    evil = [{"role": "user", "content": "<script>alert(1)</script>"}]
    html = token_view(_request(messages=evil, tools=[{**TOOL, "name": "<b>"}])).html
    assert "<script" not in html
    assert "<b>" not in html


@pytest.mark.parametrize(
    ("request_", "reply", "told"),
    [
        ({}, None, "no request of the Messages API"),
        ({"model": "claude-sonnet-4-6", "messages": "hello"}, None, "no request of the Messages"),
        (_request(messages=[{"role": "user"}]), None, "can't be counted"),
        ({"model": "claude-sonnet-4-6", "messages": []}, None, "no messages"),
        (_request(), "Paris.", "no usage"),
    ],
)
def test_what_cannot_be_drawn_is_told(request_: dict[str, Any], reply: Any, told: str) -> None:
    """In a sentence that names what was expected."""
    with pytest.raises(WidgetError, match=told):
        token_view(request_, reply)
