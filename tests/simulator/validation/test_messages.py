"""Validation of messages one by one, and of the system prompt."""

from typing import Any

import pytest

from grader.simulator.validation import NEWEST_VERSION
from grader.simulator.validation.messages import MAX_MESSAGES

PING = {"role": "user", "content": "ping"}
NOT_EMPTY = "text content blocks must be non-empty"
NOT_BLANK = "text content blocks must contain non-whitespace text"

BAD_MESSAGES: list[tuple[Any, str]] = [
    (None, "messages: Input should be a valid array"),
    ("ping", "messages: Input should be a valid array"),
    (PING, "messages: Input should be a valid array"),
    ([], "messages: at least one message is required"),
    ([PING] * (MAX_MESSAGES + 1), "messages: List should have at most 100000 items"),
    ([7], "messages.0: Input should be an object"),
    ([{"content": "ping"}], "messages.0.role: Field required"),
    ([{"role": 1}], "messages.0.role: Input should be a valid string"),
    ([{"role": "user"}], "messages.0.content: Field required"),
    ([{**PING, "content": None}], "messages.0.content: Input should be a valid array"),
    (
        [{**PING, "content": {"type": "text"}}],
        "messages.0.content: Input should be a valid array",
    ),
    ([PING, {**PING, "name": "Ann"}], "messages.1.name: Extra inputs are not permitted"),
    (
        [{"role": "tool", "content": "42"}],
        (
            'messages: Unexpected role "tool". Allowed roles are "user" or "assistant". For '
            "instructions on how to use tools, see "
            "https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview."
        ),
    ),
    (
        [{"role": "developer", "content": "Be brief."}],
        'messages: Unexpected role "developer". Allowed roles are "user" or "assistant"',
    ),
]


@pytest.mark.parametrize(("messages", "message"), BAD_MESSAGES, ids=range(len(BAD_MESSAGES)))
def test_a_bad_message_is_told_with_its_place(refusal, messages: Any, message: str) -> None:
    """By its index, and the key in it."""
    assert refusal({"messages": messages}) == message


BAD_SYSTEM: list[tuple[Any, str]] = [
    (7, "system: Input should be a valid array"),
    (None, "system: Input should be a valid array"),
    ([7], "system.0: Input does not match the expected shape."),
    (
        [{"type": "image"}],
        (
            "system.0: Input tag 'image' found using 'type' does not match any of the expected "
            "tags: 'text'"
        ),
    ),
    ([{"type": "text"}], "system.0.text: Field required"),
    ([{"type": "text", "text": 1}], "system.0.text: Input should be a valid string"),
    ([{"type": "text", "text": "a", "b": 1}], "system.0.b: Extra inputs are not permitted"),
    ([{"type": "text", "text": ""}], f"system: {NOT_EMPTY}"),
    ([{"type": "text", "text": "a"}, {"type": "text", "text": " "}], f"system: {NOT_BLANK}"),
]


@pytest.mark.parametrize(("system", "message"), BAD_SYSTEM, ids=range(len(BAD_SYSTEM)))
def test_a_bad_system_prompt_is_told_with_its_place(refusal, system: Any, message: str) -> None:
    """It holds text alone."""
    assert refusal({"system": system}) == message


@pytest.mark.parametrize(
    ("role", "block", "message"),
    [
        (
            "assistant",
            {"type": "document", "source": {}},
            "messages.1.content.0: `document` blocks can only be in `user` messages",
        ),
        (
            "user",
            {"type": "text", "text": "So said", "citations": [{"type": "char_location"}]},
            "messages.1.content.0.text.citations: Extra inputs are not permitted",
        ),
    ],
)
def test_two_shapes_are_gone_from_the_newest_version(refusal, role, block, message: str) -> None:
    """A document of the assistant's and a citation of the user's; the wording is a guess."""
    changes = {"messages": [PING, {"role": role, "content": [block]}, PING]}
    assert refusal(changes) == ""
    assert refusal(changes, version=NEWEST_VERSION) == message
    assert refusal({**changes, "max_tokens": ...}, version=NEWEST_VERSION, counting=True) == message


def test_the_other_side_keeps_both_shapes(refusal) -> None:
    """A document of the user's, a citation of the assistant's, and no citations at all."""
    cited = {"type": "text", "text": "So said", "citations": [{"type": "char_location"}]}
    turns = [
        {"role": "user", "content": [{"type": "document", "source": {}}]},
        {"role": "assistant", "content": [cited]},
        {"role": "user", "content": [{"type": "text", "text": "And?", "citations": []}]},
    ]
    assert refusal({"messages": turns}, version=NEWEST_VERSION) == ""
