"""Validation of tools and of the choice among them."""

from typing import Any

import pytest

from grader.catalog import load_catalog
from grader.simulator.faults import Refused
from grader.simulator.validation.request import check_request

SONNET = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 2_000,
    "messages": [{"role": "user", "content": "ping"}],
}
SCHEMA = {"type": "object", "properties": {}}
TOOL = {"name": "get_time", "input_schema": SCHEMA}
CLOSED = {**SCHEMA, "additionalProperties": False}


def fault_of(changes: dict[str, Any]) -> str:
    """Return the message of the fault in a request with such tools, or an empty string."""
    try:
        check_request({**SONNET, **changes}, load_catalog(), version="2026-10-21", counting=False)
    except Refused as refused:
        return refused.fault.message
    return ""


BAD_TOOLS: list[tuple[dict[str, Any], str]] = [
    # Tools.
    ({"tools": "get_time"}, "tools: Input should be a valid array"),
    ({"tools": [7]}, "tools.0: Input should be an object"),
    ({"tools": [{"input_schema": SCHEMA}]}, "tools.0.custom.name: Field required"),
    (
        {"tools": [{**TOOL, "name": ""}]},
        "tools.0.custom.name: String should have at least 1 character",
    ),
    (
        {"tools": [TOOL, {**TOOL, "name": "get time"}]},
        "tools.1.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
    ),
    (
        {"tools": [{**TOOL, "name": "x" * 129}]},
        "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
    ),
    ({"tools": [{"name": "get_time"}]}, "tools.0.custom.input_schema: Field required"),
    (
        {"tools": [{"name": "get_time", "parameters": SCHEMA}]},
        "tools.0.custom.input_schema: Field required",
    ),
    (
        {"tools": [{**TOOL, "input_schema": {}}]},
        "tools.0.custom.input_schema.type: Field required",
    ),
    (
        {"tools": [{**TOOL, "input_schema": {"type": "string"}}]},
        "tools.0.custom.input_schema.type: Input should be 'object'",
    ),
    (
        {"tools": [{**TOOL, "input_schema": {**SCHEMA, "required": "city"}}]},
        (
            "tools.0.custom.input_schema: JSON schema is invalid. It must match JSON Schema draft "
            "2020-12 (https://json-schema.org/draft/2020-12). Learn more about tool use at "
            "https://docs.claude.com/en/docs/tool-use."
        ),
    ),
    (
        {"tools": [{**TOOL, "parameters": SCHEMA}]},
        "tools.0.custom.parameters: Extra inputs are not permitted",
    ),
    (
        {"tools": [{**TOOL, "strict": True}]},
        "tools.0.custom: For 'object' type, 'additionalProperties' must be explicitly set to false",
    ),
    (
        {"tools": [{**TOOL, "strict": "yes"}]},
        "tools.0.custom.strict: Input should be a valid boolean",
    ),
    (
        {"tools": [{**TOOL, "defer_loading": None}]},
        "tools.0.custom.defer_loading: Input should be a valid boolean",
    ),
    (
        {"tools": [{**TOOL, "eager_input_streaming": 1}]},
        "tools.0.custom.eager_input_streaming: Input should be a valid boolean",
    ),
    (
        {"tools": [{**TOOL, "allowed_callers": ["direct", 7]}]},
        "tools.0.custom.allowed_callers.1: Input should be a valid string",
    ),
    (
        {"tools": [{**TOOL, "input_examples": [{}, "{}"]}]},
        "tools.0.custom.input_examples.1: Input should be an object",
    ),
    (
        {"tools": [{"type": "function", "function": {"name": "get_time", "parameters": SCHEMA}}]},
        (
            "tools.0: Input tag 'function' found using 'type' does not match any of the "
            "expected tags: "
            "'bash_20250124', 'code_execution_20250522', 'code_execution_20250825', "
            "'code_execution_20260120', 'custom', 'memory_20250818', 'text_editor_20250124', "
            "'text_editor_20250429', 'text_editor_20250728', 'tool_search_tool_bm25', "
            "'tool_search_tool_bm25_20251119', 'tool_search_tool_regex', "
            "'tool_search_tool_regex_20251119', 'web_fetch_20250910', 'web_fetch_20260209', "
            "'web_search_20250305', 'web_search_20260209'"
        ),
    ),
    ({"tools": [TOOL, TOOL]}, "tools: Tool names must be unique."),
    # The choice among them.
    ({"tool_choice": "auto", "tools": [TOOL]}, "tool_choice: Input should be an object"),
    ({"tool_choice": {}, "tools": [TOOL]}, "tool_choice.type: Field required"),
    (
        {"tool_choice": {"type": "required"}, "tools": [TOOL]},
        (
            "tool_choice: Input tag 'required' found using 'type' does not match any of the "
            "expected "
            "tags: 'any', 'auto', 'none', 'tool'"
        ),
    ),
    (
        {"tool_choice": {"type": "any"}},
        "tool_choice.any may only be specified while providing tools",
    ),
    (
        {"tool_choice": {"type": "auto"}, "tools": []},
        "tool_choice.auto may only be specified while providing tools",
    ),
    ({"tool_choice": {"type": "tool"}, "tools": [TOOL]}, "tool_choice.tool.name: Field required"),
    (
        {"tool_choice": {"type": "tool", "name": "get_date"}, "tools": [TOOL]},
        "Tool 'get_date' not found in provided tools",
    ),
    (
        {"tool_choice": {"type": "tool", "name": "get_date"}},
        "Tool 'get_date' not found in provided tools",
    ),
    (
        {"tool_choice": {"type": "none", "disable_parallel_tool_use": True}, "tools": [TOOL]},
        "tool_choice.none.disable_parallel_tool_use: Extra inputs are not permitted",
    ),
    (
        {"tool_choice": {"type": "any", "disable_parallel_tool_use": 1}, "tools": [TOOL]},
        "tool_choice.any.disable_parallel_tool_use: Input should be a valid boolean",
    ),
    (
        {"model": "claude-sonnet-5-5", "tool_choice": {"type": "any"}, "tools": [TOOL]},
        'tool_choice: type "tool" and "any" are not supported for this model.',
    ),
    (
        {
            "tool_choice": {"type": "tool", "name": "get_time"},
            "tools": [TOOL],
            "thinking": {"type": "enabled", "budget_tokens": 1_024},
        },
        "Thinking may not be enabled when tool_choice forces tool use.",
    ),
]


@pytest.mark.parametrize(("changes", "message"), BAD_TOOLS, ids=range(len(BAD_TOOLS)))
def test_bad_tools_are_told_in_the_apis_words(changes: dict[str, Any], message: str) -> None:
    """The path names the tool by its index and its kind."""
    assert fault_of(changes) == message


ACCEPTED: list[dict[str, Any]] = [
    {"tools": [TOOL], "tool_choice": {"type": "auto", "disable_parallel_tool_use": True}},
    {"tools": [TOOL], "tool_choice": {"type": "tool", "name": "get_time"}},
    {"tools": [TOOL], "tool_choice": {"type": "any"}, "thinking": {"type": "adaptive"}},
    {"tools": [TOOL], "tool_choice": {"type": "none"}},
    {"tools": [{**TOOL, "type": "custom", "description": "Say the time."}]},
    {"tools": [{**TOOL, "type": None, "name": "x" * 128}]},
    {"tools": [{**TOOL, "input_schema": {"type": "object", "required": None}}]},
    {"tools": [{**TOOL, "strict": True, "input_schema": CLOSED}]},
    {"tools": [{**TOOL, "input_examples": [{}], "cache_control": {"type": "ephemeral"}}]},
    {"tools": [{**TOOL, "defer_loading": False, "eager_input_streaming": None}]},
    {"tools": [{**TOOL, "allowed_callers": ["direct"], "cache_control": None}]},
    {"tools": [{"type": "bash_20250124", "name": "bash"}, TOOL]},
    {"tools": [{"type": "web_search_20991231", "name": "web_search"}]},
    {"tools": []},
]


@pytest.mark.parametrize("changes", ACCEPTED, ids=range(len(ACCEPTED)))
def test_right_tools_are_accepted(changes: dict[str, Any]) -> None:
    """Server tools are known by their dated type, also those newer than this package."""
    assert fault_of(changes) == ""


def test_a_server_tool_needs_its_name() -> None:
    """It is counted and chosen by it."""
    assert fault_of({"tools": [{"type": "bash_20250124"}]}) == (
        "tools.0.bash_20250124.name: Field required"
    )
