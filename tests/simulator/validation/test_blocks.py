"""Validation of content blocks: the kinds and their fields."""

from typing import Any

import pytest

from grader.simulator.faults import Refused
from grader.simulator.validation.blocks import check_content

TAGS = (
    "'bash_code_execution_tool_result', 'code_execution_tool_result', 'container_upload', "
    "'document', 'image', 'redacted_thinking', 'search_result', 'server_tool_use', 'text', "
    "'text_editor_code_execution_tool_result', 'thinking', 'tool_result', "
    "'tool_search_tool_result', 'tool_use', 'web_fetch_tool_result', 'web_search_tool_result'"
)
CALL = {"type": "tool_use", "id": "toolu_01", "name": "get_time", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_01"}
LINK = {"type": "url", "url": "https://example.com/cat.png"}


def fault_of(*content: Any) -> str:
    """Return the message of the fault, or an empty string."""
    try:
        check_content(list(content), "messages.0.content")
    except Refused as refused:
        return refused.fault.message.removeprefix("messages.0.content.")
    return ""


BAD_BLOCKS: list[tuple[Any, str]] = [
    (7, "0: Input should be an object"),
    ({}, "0.type: Field required"),
    (
        {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}},
        "0: Input tag 'image_url' found using 'type' does not match any of the expected tags: "
        + TAGS,
    ),
    ({"type": "text"}, "0.text.text: Field required"),
    ({"type": "text", "text": None}, "0.text.text: Input should be a valid string"),
    (
        {"type": "text", "text": "a", "parsed_output": None},
        "0.text.parsed_output: Extra inputs are not permitted",
    ),
    ({"type": "thinking", "thinking": "a"}, "0.thinking.signature: Field required"),
    (
        {"type": "thinking", "thinking": "a", "signature": "b", "cache_control": None},
        "0.thinking.cache_control: Extra inputs are not permitted",
    ),
    ({"type": "redacted_thinking"}, "0.redacted_thinking.data: Field required"),
    ({**CALL, "id": 1}, "0.tool_use.id: Input should be a valid string"),
    ({**CALL, "id": "call:1"}, "0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'"),
    ({**CALL, "input": '{"a": 1}'}, "0.tool_use.input: Input should be a valid dictionary"),
    ({"type": "tool_use", "id": "a", "name": "b"}, "0.tool_use.input: Field required"),
    ({"type": "tool_result", "content": "a"}, "0.tool_result.tool_use_id: Field required"),
    (
        {"type": "tool_result", "tool_call_id": "a", "tool_use_id": "a"},
        "0.tool_result.tool_call_id: Extra inputs are not permitted",
    ),
    ({**RESULT, "is_error": 1}, "0.tool_result.is_error: Input should be a valid boolean"),
    ({**RESULT, "content": {"a": 1}}, "0.tool_result.content: Input should be a valid array"),
    (
        {**RESULT, "content": "", "is_error": True},
        "0.tool_result: content cannot be empty if `is_error` is true",
    ),
    (
        {**RESULT, "content": [], "is_error": True},
        "0.tool_result: content cannot be empty if `is_error` is true",
    ),
    (
        {**RESULT, "content": [{"type": "thinking"}]},
        (
            "0.tool_result.content.0: Input tag 'thinking' found using 'type' does not "
            "match any of "
            "the expected tags: 'document', 'image', 'search_result', 'text', 'tool_reference'"
        ),
    ),
    (
        {**RESULT, "content": [{"type": "image", "source": {"type": "path"}}]},
        (
            "0.tool_result.content.0.image.source: Input tag 'path' found using 'type' does "
            "not match "
            "any of the expected tags: 'base64', 'file', 'url'"
        ),
    ),
]


@pytest.mark.parametrize(("block", "message"), BAD_BLOCKS, ids=range(len(BAD_BLOCKS)))
def test_a_bad_block_is_told_with_its_place(block: Any, message: str) -> None:
    """The path goes on with the kind of the block, then the field."""
    assert fault_of(block) == message


def test_the_place_counts_blocks() -> None:
    """The first bad block is told, by its index."""
    good = {"type": "text", "text": "a"}
    assert fault_of(good, good, {"type": "text"}) == "2.text.text: Field required"


@pytest.mark.parametrize(
    "block",
    [
        {"type": "text", "text": "a", "citations": None, "cache_control": {"type": "ephemeral"}},
        {"type": "thinking", "thinking": "", "signature": "s"},
        {"type": "redacted_thinking", "data": "d"},
        {**CALL, "caller": {"type": "direct"}},
        RESULT,
        {**RESULT, "content": "noon", "is_error": True},
        {
            **RESULT,
            "content": [{"type": "text", "text": "noon"}, {"type": "image", "source": LINK}],
        },
        {**RESULT, "content": [{"type": "tool_reference", "tool_name": "get_time"}]},
        {"type": "image", "source": LINK},
        {"type": "image", "source": {"type": "file", "file_id": "file_01"}},
        {"type": "document", "source": {"type": "text", "data": "a"}},
    ],
    ids=range(11),
)
def test_a_right_block_is_accepted(block: dict[str, Any]) -> None:
    """A reply's own blocks can be sent back as they came."""
    assert fault_of(block) == ""
