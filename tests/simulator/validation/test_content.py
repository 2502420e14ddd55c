"""Messages and the system prompt: roles, keys and content blocks that the API refuses."""

from typing import Any

import pytest

from grader.simulator.faults import Refused
from grader.simulator.validation import NEWEST_VERSION
from grader.simulator.validation.content import MAX_MESSAGES, check_content

PING = {"role": "user", "content": "ping"}
DOCUMENT = {
    "type": "document",
    "source": {"type": "text", "media_type": "text/plain", "data": "So said"},
}
CITATION = {
    "type": "char_location",
    "cited_text": "So said",
    "document_index": 0,
    "document_title": None,
    "start_char_index": 0,
    "end_char_index": 7,
}
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
            DOCUMENT,
            "messages.1.content.0: `document` blocks can only be in `user` messages",
        ),
        (
            "user",
            {"type": "text", "text": "So said", "citations": [CITATION]},
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
    cited = {"type": "text", "text": "So said", "citations": [CITATION]}
    turns = [
        {"role": "user", "content": [DOCUMENT]},
        {"role": "assistant", "content": [cited]},
        {"role": "user", "content": [{"type": "text", "text": "And?", "citations": []}]},
    ]
    assert refusal({"messages": turns}, version=NEWEST_VERSION) == ""


TAGS = (
    "'bash_code_execution_tool_result', 'code_execution_tool_result', 'container_upload', "
    "'document', 'image', 'redacted_thinking', 'search_result', 'server_tool_use', 'text', "
    "'text_editor_code_execution_tool_result', 'thinking', 'tool_result', "
    "'tool_search_tool_result', 'tool_use', 'web_fetch_tool_result', 'web_search_tool_result'"
)
CALL = {"type": "tool_use", "id": "toolu_01", "name": "get_time", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_01"}
LINK = {"type": "url", "url": "https://example.com/cat.png"}


def fault_of_blocks(*content: Any) -> str:
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
            "the expected tags: 'browser_state', 'document', 'image', 'search_result', 'text', "
            "'tool_reference'"
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
    assert fault_of_blocks(block) == message


def test_the_place_counts_blocks() -> None:
    """The first bad block is told, by its index."""
    good = {"type": "text", "text": "a"}
    assert fault_of_blocks(good, good, {"type": "text"}) == "2.text.text: Field required"


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
        DOCUMENT,
    ],
    ids=range(11),
)
def test_a_right_block_is_accepted(block: dict[str, Any]) -> None:
    """A reply's own blocks can be sent back as they came."""
    assert fault_of_blocks(block) == ""
