"""What a learner hands to a widget: dicts, SDK objects, and things that are no conversation."""

from typing import Any

import pytest

from grader.classroom import replay
from grader.classroom.widgets.history import Block, Message, read_history
from grader.errors import WidgetError


def test_dicts_and_objects_of_the_sdk_read_the_same() -> None:
    """A reply's content may be appended as it came, or as JSON."""
    reply = replay("two texts")
    as_objects = [{"role": "assistant", "content": reply.content}]
    as_dicts = [{"role": "assistant", "content": [block.to_dict() for block in reply.content]}]
    call = reply.content[1].id
    assert read_history(as_objects) == read_history(as_dicts)
    assert read_history(as_objects)[0].blocks == (
        Block("text", "Let me look that up. "),
        Block("tool_use", 'get_weather(city="Paris")', call),
        Block("text", "I have asked for the weather. "),
    )


def test_a_string_is_one_text_block() -> None:
    """Content may be a string or a list of blocks."""
    blocks = [{"type": "text", "text": "Hello"}]
    assert read_history([{"role": "user", "content": "Hello"}]) == read_history(
        ({"role": "user", "content": blocks},)
    )


@pytest.mark.parametrize(
    ("block", "read"),
    [
        ({"type": "thinking", "thinking": "", "signature": "s"}, "(its words are not shown)"),
        ({"type": "thinking", "thinking": "Hm.", "signature": "s"}, "Hm."),
        ({"type": "redacted_thinking", "data": "x"}, "(encrypted)"),
        ({"type": "image", "source": {"type": "url", "url": "u"}}, '{"source": {"type": "url",'),
        ({"type": "tool_use", "id": "a", "name": "f", "input": "{}"}, 'f("{}")'),
    ],
    ids=["silent thinking", "thinking", "redacted", "image", "input as a string"],
)
def test_every_block_says_something(block: dict[str, Any], read: str) -> None:
    """No block of a conversation is left out."""
    (message,) = read_history([{"role": "assistant", "content": [block]}])
    assert message.blocks[0].kind == block["type"]
    assert message.blocks[0].words.startswith(read)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "(empty)"),
        ({"content": ""}, "(empty)"),
        ({"content": []}, "(empty)"),
        ({"content": "42"}, "42"),
        ({"content": [{"type": "text", "text": "4"}, {"type": "text", "text": "2"}]}, "4 2"),
        ({"content": [{"type": "image"}]}, '{"type": "image"}'),
        ({"content": 42}, "42"),
    ],
    ids=["absent", "no text", "no blocks", "a text", "texts", "an image", "a number"],
)
def test_a_result_says_what_it_holds(given: dict[str, Any], words: str) -> None:
    """The API takes a string, blocks, or nothing."""
    block = {"type": "tool_result", "tool_use_id": "a", "is_error": True, **given}
    (message,) = read_history([{"role": "user", "content": [block]}])
    assert message.blocks == (Block("tool_result", words, "a", is_error=True),)


def test_other_keys_of_a_message_are_kept() -> None:
    """They are what is wrong with a history that was written for OpenAI."""
    message = {"role": "tool", "tool_call_id": "call_1", "content": "42", "n": [1]}
    assert read_history([message]) == (
        Message("tool", (Block("text", "42"),), (("tool_call_id", "call_1"), ("n", "[1]"))),
    )


def _loop() -> list[Any]:
    messages: list[Any] = [{"role": "user", "content": "Hello"}]
    messages.append(messages)
    return messages


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (None, "messages is None. Expected a list of messages"),
        ("Hello", 'messages is a string, "Hello". Expected a list'),
        ([], "messages is an empty list"),
        ({"messages": [], "model": "m"}, "Give its list of messages: request['messages']"),
        (["Hello"], 'messages[0] is a string, "Hello". Expected a message with role and content'),
        ([{"content": "Hello"}], "messages[0] is a dict"),
        ([{"role": "user"}], "The content of messages[0] is None"),
        (
            [{"role": "assistant", "content": None, "tool_calls": []}],
            "A history for OpenAI has to be converted first",
        ),
        ([{"role": "user", "content": ["Hello"]}], "messages[0]['content'][0] is a string"),
        ([{"role": "user", "content": [{"text": "x" * 200}]}], "xxx…. Expected a content block"),
        (_loop(), "messages contains itself"),
    ],
    ids=[
        "None",
        "a string",
        "nothing",
        "a request",
        "strings",
        "no role",
        "no content",
        "an OpenAI call",
        "a string for a block",
        "no type",
        "a loop",
    ],
)
def test_what_is_no_history_gets_a_clear_word(messages: Any, said: str) -> None:
    """The error names the place, what is there, and what was expected."""
    with pytest.raises(WidgetError) as caught:
        read_history(messages)
    assert said in str(caught.value)
    assert caught.value._render_traceback_() == [f"WidgetError: {caught.value}"]
