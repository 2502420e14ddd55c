"""Simulator: any request at all gets a well-formed reply."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.catalog import find_beta, find_model
from grader.simulator import Reply, Simulator
from grader.simulator.binding import Signer
from grader.simulator.core import MAX_BODY, max_body
from grader.simulator.identifiers import Identifiers
from grader.simulator.summaries import sign_summary
from grader.simulator.validation import request
from tests.simulator.pdfs import pdf_source

DOT = "R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="
"""A GIF of one pixel."""

HOUR = {"type": "ephemeral", "ttl": "1h"}

VALID: dict[str, list[dict[str, Any]]] = {
    "/v1/messages": [
        {
            "model": "claude-sonnet-4-6",
            "max_tokens": 9,
            "messages": [{"role": "user", "content": "Hi"}],
        },
        {
            "model": "claude-haiku-4-5",
            "max_tokens": 4_000,
            "system": [{"type": "text", "text": "Be brief."}],
            "stop_sequences": ["stop"],
            "temperature": 0.5,
            "top_k": 3,
            "stream": True,
            "metadata": {"user_id": "u"},
            "service_tier": "auto",
            "tools": [
                {
                    "name": "get_weather",
                    "description": "Say the weather.",
                    "input_schema": {
                        "type": "object",
                        "properties": {"city": {"type": "string", "enum": ["Rome"]}},
                        "required": ["city"],
                    },
                },
                {"type": "bash_20250124", "name": "bash"},
            ],
            "tool_choice": {"type": "tool", "name": "get_weather"},
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": "Weather?"}]},
                {
                    "role": "assistant",
                    "content": [
                        {"type": "thinking", "thinking": "Hm.", "signature": "s"},
                        {"type": "text", "text": "Let me see."},
                        {
                            "type": "tool_use",
                            "id": "t1",
                            "name": "get_weather",
                            "input": {"city": "Rome"},
                        },
                    ],
                },
                {
                    "role": "user",
                    "content": [
                        {
                            "type": "tool_result",
                            "tool_use_id": "t1",
                            "is_error": False,
                            "content": [
                                {"type": "text", "text": "Sunny"},
                                {
                                    "type": "image",
                                    "source": {"type": "url", "url": "https://a.b/c.png"},
                                },
                            ],
                        },
                        {
                            "type": "image",
                            "source": {
                                "type": "base64",
                                "media_type": "image/gif",
                                "data": DOT,
                            },
                        },
                        {"type": "text", "text": "And now?"},
                    ],
                },
            ],
        },
        {
            "model": "claude-sonnet-5",
            "max_tokens": 2_000,
            "thinking": {"type": "adaptive", "display": "summarized"},
            "output_config": {
                "effort": "low",
                "format": {
                    "type": "json_schema",
                    "schema": {
                        "type": "object",
                        "properties": {"a": {"anyOf": [{"type": "null"}, {"type": "number"}]}},
                        "additionalProperties": False,
                    },
                },
            },
            "cache_control": {"type": "ephemeral", "ttl": "5m"},
            "messages": [
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "content": "Hello"},
                {"role": "user", "content": "Bye"},
            ],
        },
        {
            "model": "claude-opus-5",
            "max_tokens": 0,
            "messages": [
                {"role": "user", "content": "Hi"},
                {"role": "system", "content": [{"type": "text", "text": "Brief."}]},
            ],
            "inference_geo": "us",
            "container": None,
        },
        {
            "model": "claude-sonnet-5-5",
            "max_tokens": 500,
            "thinking": {"type": "between_tools"},
            "output_config": {
                "effort": "high",
                "task_budget": {"type": "tokens", "total": 20_000, "remaining": 7},
            },
            "output_format": {
                "type": "json_schema",
                "schema": {
                    "$defs": {"a": {"type": "array", "items": {"type": "string"}}},
                    "type": "object",
                    "properties": {"b": {"$ref": "#/$defs/a"}},
                    "additionalProperties": False,
                },
            },
            "speed": "standard",
            "diagnostics": {"previous_message_id": "msg_01"},
            "cache_control": {"type": "ephemeral", "ttl": "5m"},
            "system": [{"type": "text", "text": "Be brief.", "cache_control": HOUR}],
            "tools": [
                {
                    "name": "read",
                    "input_schema": {"type": "object"},
                    "cache_control": HOUR,
                    "strict": False,
                    "defer_loading": False,
                    "eager_input_streaming": None,
                    "allowed_callers": ["direct"],
                    "input_examples": [{}],
                },
                {"type": "web_search_20260209", "name": "web_search", "cache_control": None},
            ],
            "tool_choice": {"type": "auto", "disable_parallel_tool_use": True},
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {
                            "type": "document",
                            "source": {"type": "text", "media_type": "text/plain", "data": "a"},
                        },
                        {"type": "text", "text": "Read it.", "citations": None},
                    ],
                },
                {
                    "role": "assistant",
                    "content": [
                        {"type": "thinking", "thinking": "Hm.", "signature": "EgA="},
                        {"type": "redacted_thinking", "data": "d"},
                        {
                            "type": "tool_use",
                            "id": "t1",
                            "name": "read",
                            "input": {},
                            "caller": {"type": "direct"},
                            "cache_control": {"type": "ephemeral"},
                        },
                    ],
                },
                {
                    "role": "user",
                    "content": [
                        {
                            "type": "tool_result",
                            "tool_use_id": "t1",
                            "content": [{"type": "tool_reference", "tool_name": "read"}],
                            "cache_control": None,
                        }
                    ],
                },
                {"role": "system", "content": "Now in French."},
            ],
        },
        {
            "model": "claude-sonnet-4-6",
            "max_tokens": 500,
            "container": "container_01",
            "tools": [
                {
                    "type": "web_search_20260318",
                    "name": "web_search",
                    "max_uses": 2,
                    "allowed_domains": ["a.b"],
                    "user_location": {"type": "approximate", "city": "Rome", "country": "IT"},
                    "allowed_callers": ["direct"],
                    "response_inclusion": "full",
                },
                {
                    "type": "web_fetch_20260318",
                    "name": "web_fetch",
                    "blocked_domains": ["a.b"],
                    "citations": {"enabled": True},
                    "max_content_tokens": 5,
                    "url_sources": {"user_input": {"type": "all"}},
                    "use_cache": False,
                },
                {"type": "code_execution_20260521", "name": "code_execution"},
                {"type": "tool_search_tool_regex", "name": "tool_search_tool_regex"},
                {"type": "advisor_20260301", "name": "advisor", "model": "claude-opus-5"},
                {"type": "memory_20250818", "name": "memory", "input_examples": [{}]},
                {
                    "type": "browser_toolset_20260801",
                    "configs": {"zoom": {"enabled": False}, "wait": None},
                },
                {
                    "name": "late",
                    "input_schema": {"type": "object"},
                    "defer_loading": True,
                    "allowed_callers": ["direct", "code_execution_20260120"],
                },
            ],
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {
                            "type": "text",
                            "text": "Search the web, read https://a.b, run 1 + 1, ask the advisor.",
                        },
                    ],
                },
                {
                    "role": "assistant",
                    "content": [
                        {
                            "type": "server_tool_use",
                            "id": "srvtoolu_01",
                            "name": "web_search",
                            "input": {"query": "a"},
                            "caller": {"type": "direct"},
                        },
                        {
                            "type": "web_search_tool_result",
                            "tool_use_id": "srvtoolu_01",
                            "content": [
                                {
                                    "type": "web_search_result",
                                    "title": "A",
                                    "url": "https://a.b",
                                    "encrypted_content": "EgA=",
                                    "page_age": None,
                                }
                            ],
                            "caller": {"type": "direct"},
                        },
                        {
                            "type": "server_tool_use",
                            "id": "srvtoolu_02",
                            "name": "tool_search_tool_regex",
                            "input": {"pattern": "late"},
                        },
                        {
                            "type": "tool_search_tool_result",
                            "tool_use_id": "srvtoolu_02",
                            "content": {
                                "type": "tool_search_tool_search_result",
                                "tool_references": [
                                    {"type": "tool_reference", "tool_name": "late"}
                                ],
                            },
                        },
                        {
                            "type": "server_tool_use",
                            "id": "srvtoolu_03",
                            "name": "code_execution",
                            "input": {"code": "print(await late({}))"},
                        },
                        {
                            "type": "tool_use",
                            "id": "t1",
                            "name": "late",
                            "input": {},
                            "caller": {
                                "type": "code_execution_20260120",
                                "tool_id": "srvtoolu_03",
                            },
                        },
                    ],
                },
                {
                    "role": "user",
                    "content": [
                        {
                            "type": "tool_result",
                            "tool_use_id": "t1",
                            "content": [{"type": "browser_state", "tabs": []}],
                        }
                    ],
                },
            ],
        },
        {
            "model": "claude-sonnet-4-6",
            "max_tokens": 500,
            "mcp_servers": [
                {
                    "type": "url",
                    "name": "wiki",
                    "url": "https://a.b/mcp",
                    "authorization_token": "t",
                    "tool_configuration": {"enabled": True, "allowed_tools": ["f"]},
                }
            ],
            "tools": [
                {
                    "type": "mcp_toolset",
                    "mcp_server_name": "wiki",
                    "default_config": {"enabled": True, "defer_loading": False},
                    "configs": {"f": {"enabled": True}},
                }
            ],
            "messages": [
                {"role": "user", "content": "Call f of the wiki."},
                {
                    "role": "assistant",
                    "content": [
                        {
                            "type": "mcp_tool_use",
                            "id": "mcptoolu_01",
                            "name": "f",
                            "server_name": "wiki",
                            "input": {},
                        },
                        {
                            "type": "mcp_tool_result",
                            "tool_use_id": "mcptoolu_01",
                            "is_error": False,
                            "content": [{"type": "text", "text": "a"}],
                        },
                    ],
                },
            ],
        },
        {
            "model": "claude-haiku-4-5",
            "max_tokens": 90,
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {
                            "type": "document",
                            "source": pdf_source(["One. Two."]),
                            "title": "A",
                            "context": None,
                            "citations": {"enabled": True},
                        },
                        {
                            "type": "document",
                            "source": {
                                "type": "content",
                                "content": [
                                    {"type": "text", "text": "Three."},
                                    {
                                        "type": "image",
                                        "source": {"type": "url", "url": "https://a.b/c.png"},
                                        "transformations": {"oversized_image": "error"},
                                    },
                                ],
                            },
                            "citations": {"enabled": True},
                        },
                        {
                            "type": "search_result",
                            "source": "kb://a",
                            "title": "B",
                            "content": [{"type": "text", "text": "Four."}],
                            "citations": {"enabled": True},
                            "cache_control": {"type": "ephemeral"},
                        },
                        {"type": "text", "text": "One or four?"},
                    ],
                },
                {
                    "role": "assistant",
                    "content": [
                        {
                            "type": "text",
                            "text": "One.",
                            "citations": [
                                {
                                    "type": "page_location",
                                    "cited_text": "One. ",
                                    "document_index": 0,
                                    "document_title": "A",
                                    "start_page_number": 1,
                                    "end_page_number": 2,
                                }
                            ],
                        }
                    ],
                },
                {
                    "role": "user",
                    "content": [
                        {
                            "type": "document",
                            "source": {"type": "url", "url": "https://a.b/c.pdf"},
                            "citations": {"enabled": True},
                        }
                    ],
                },
            ],
        },
    ],
    "/v1/chat/completions": [
        {
            "model": "claude-sonnet-4-6",
            "max_completion_tokens": 50,
            "stop": ["stop"],
            "stream": True,
            "stream_options": {"include_usage": True},
            "n": 1,
            "tools": [
                {
                    "type": "function",
                    "function": {"name": "f", "description": "d", "parameters": {"type": "object"}},
                }
            ],
            "tool_choice": {"type": "function", "function": {"name": "f"}},
            "messages": [
                {"role": "system", "content": [{"type": "text", "text": "Be brief."}]},
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "What is this?"},
                        {
                            "type": "image_url",
                            "image_url": {"url": f"data:image/gif;base64,{DOT}"},
                        },
                    ],
                },
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [
                        {
                            "id": "c1",
                            "type": "function",
                            "function": {"name": "f", "arguments": "{}"},
                        }
                    ],
                },
                {"role": "tool", "tool_call_id": "c1", "content": "42"},
            ],
        }
    ],
    "/v1/responses": [
        {"model": "gpt-5.5", "input": "Hi"},
        {
            "model": "gpt-5.5",
            "instructions": "Be brief.",
            "max_output_tokens": 4_000,
            "stream": True,
            "stream_options": {"include_obfuscation": True},
            "store": True,
            "background": False,
            "conversation": {"id": "conv_1"},
            "include": ["reasoning.encrypted_content"],
            "metadata": {"a": "b"},
            "parallel_tool_calls": False,
            "reasoning": {"effort": "low", "summary": "auto"},
            "temperature": 0.5,
            "top_p": 1,
            "text": {
                "verbosity": "low",
                "format": {
                    "type": "json_schema",
                    "name": "answer",
                    "strict": True,
                    "schema": {
                        "type": "object",
                        "properties": {"a": {"anyOf": [{"type": "null"}, {"type": "number"}]}},
                        "required": ["a"],
                        "additionalProperties": False,
                    },
                },
            },
            "tools": [
                {
                    "type": "function",
                    "name": "f",
                    "description": "d",
                    "strict": True,
                    "parameters": {
                        "type": "object",
                        "properties": {"b": {"type": "string"}},
                        "required": ["b"],
                        "additionalProperties": False,
                    },
                },
                {"type": "web_search"},
            ],
            "tool_choice": {"type": "function", "name": "f"},
            "input": [
                {"role": "developer", "content": "In French."},
                {
                    "role": "user",
                    "content": [
                        {"type": "input_text", "text": "What is this?"},
                        {"type": "input_image", "image_url": f"data:image/gif;base64,{DOT}"},
                    ],
                },
                {"type": "reasoning", "id": "rs_1", "summary": []},
                {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
                {
                    "type": "function_call_output",
                    "call_id": "c1",
                    "output": [{"type": "input_text", "text": "42"}],
                },
                {
                    "type": "message",
                    "id": "msg_1",
                    "role": "assistant",
                    "content": [{"type": "output_text", "text": "42"}],
                },
                {"role": "user", "content": "Again."},
            ],
        },
    ],
}
COUNTED = (
    "cache_control",
    "messages",
    "model",
    "output_config",
    "mcp_servers",
    "output_format",
    "speed",
    "system",
    "thinking",
    "tool_choice",
    "tools",
)
VALID["/v1/messages/count_tokens"] = [
    {key: value for key, value in request.items() if key in COUNTED}
    for request in VALID["/v1/messages"]
]
_BOUND = next(each for each in VALID["/v1/messages"] if "diagnostics" in each)
_BOUND["messages"][1]["content"][0]["signature"] = Signer(
    {**_BOUND, "messages": _BOUND["messages"][:1]}, find_model(_BOUND["model"]), Identifiers(1)
).sign("Hm.")
PLAIN = [(path, request) for path, requests in VALID.items() for request in requests]

MARK = {"type": "ephemeral"}
LOOK_UP = {"name": "look_up", "input_schema": {"type": "object"}}
REFERENCE = {"type": "tool_reference", "name": "look_up"}
SEARCH = {"name": "search", "input_schema": {"type": "object"}}
CARRIED = [{"type": "tool_removal", "tool": REFERENCE}]
SHORT = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
LONG: list[dict[str, Any]] = [
    {
        "model": "claude-opus-5-5",
        "max_tokens": 500,
        "compaction": {"type": "summarize", "instructions": "Be short."},
        "messages": SHORT,
    },
    {
        "model": "claude-opus-5",
        "max_tokens": 500,
        "tools": [LOOK_UP],
        "messages": [
            {
                "role": "assistant",
                "content": [
                    {
                        "type": "compaction",
                        "content": "They said hello.",
                        "signature": sign_summary(
                            "They said hello.", CARRIED, Identifiers(1), span=None
                        ),
                        "tool_changes": CARRIED,
                        "cache_control": MARK,
                    }
                ],
            },
            {"role": "user", "content": "Hi"},
            {"role": "system", "content": "Brief.", "clear_at": "next_user_message"},
            {"role": "assistant", "content": "Yes?"},
            {"role": "user", "content": "Look up a cat."},
            {
                "role": "system",
                "content": [
                    {"type": "text", "text": "Now with tools."},
                    {"type": "tool_addition", "tool": REFERENCE, "cache_control": MARK},
                    {
                        "type": "tool_addition",
                        "tool": {"type": "tool_definition", "definition": SEARCH},
                    },
                    {"type": "tool_removal", "tool": {**REFERENCE, "name": "search"}},
                ],
            },
        ],
    },
    {
        "model": "claude-opus-5",
        "max_tokens": 500,
        "thinking": {"type": "adaptive"},
        "context_management": {
            "edits": [
                {
                    "type": "clear_thinking_20251015",
                    "keep": {"type": "thinking_turns", "value": 1},
                },
                {
                    "type": "clear_tool_uses_20250919",
                    "trigger": {"type": "tool_uses", "value": 0},
                    "keep": {"type": "tool_uses", "value": 0},
                    "clear_at_least": {"type": "input_tokens", "value": 1},
                    "exclude_tools": ["search"],
                    "clear_tool_inputs": ["look_up"],
                },
                {
                    "type": "compact_20260112",
                    "trigger": {"type": "input_tokens", "value": 50_000},
                    "pause_after_compaction": True,
                    "instructions": None,
                },
            ]
        },
        "messages": [
            {"role": "user", "content": "Look up a cat."},
            {
                "role": "assistant",
                "content": [
                    {"type": "compaction", "content": "They asked for a cat."},
                    {"type": "compaction", "content": None},
                    {"type": "tool_use", "id": "t1", "name": "look_up", "input": {"what": "cat"}},
                ],
            },
            {
                "role": "user",
                "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "cat " * 99}],
            },
        ],
    },
    {
        "model": "claude-opus-5",
        "max_tokens": 500,
        "safeguards": [{"type": "dangerous_tool_use", "classifier_context": {"v": 1}}],
        "billing_policy": {"type": "billing_policy", "bill_to": "self"},
        "container": {
            "id": None,
            "skills": [{"type": "anthropic", "skill_id": "pptx", "version": "latest"}],
        },
        "fallbacks": [
            {
                "model": "claude-opus-4-8",
                "max_tokens": 90,
                "thinking": {"type": "adaptive"},
                "output_config": {"effort": "low"},
                "speed": "standard",
            }
        ],
        "fallback_credit_token": None,
        "tools": [{"type": "code_execution_20260521", "name": "code_execution"}],
        "messages": [
            {"role": "user", "content": "Run 1 + 1."},
        ],
    },
]
"""Right requests of long conversations, and what clients send beside, under their betas."""
COUNTED_LONG = (*COUNTED, "compaction", "context_management")
CASES = [
    *PLAIN,
    *(("/v1/messages", request) for request in LONG),
    *(
        ("/v1/messages/count_tokens", {key: request[key] for key in request if key in COUNTED_LONG})
        for request in LONG[1:]
    ),
]
EVERY_BETA = ",".join(
    find_beta(name)
    for name in (
        "mcp",
        "compaction",
        "threshold_compaction",
        "context_editing",
        "clear_at",
        "inline_tools",
        "fast_mode",
        "structured_outputs",
        "task_budgets",
        "fallbacks",
        "fallback_credit",
        "per_turn_control",
        "profile_billing",
        "safeguards",
    )
)
ADDRESSES = [
    *VALID,
    "/v1/models",
    "/v1/models/claude-opus-5",
    "/v1/responses/input_tokens",
    "/v1/responses/resp_1",
    "/v1/messages/batches",
    "/v1/messages/batches/msgbatch_01/cancel",
    "/v1/messages/batches/msgbatch_01/results",
    "/v1/files",
    "/v1/files/file_01",
    "/v1/files/file_01/content",
    "/v1/unknown",
]
QUERIES = [
    "",
    "?limit=1",
    "?limit=",
    "?limit=-0",
    "?limit=1e3",
    "?after_id=a&before_id=b",
    "?lifecycle[]",
    "?page=page_1&ids=a",
    "?ids[]=",
]
"""Queries that something reads."""
OWN_HEADERS = ["origin", "anthropic-dangerous-direct-browser-access", "x-simulator-fault"]
"""Headers by which a right request may be refused."""
HEADERS = [
    "x-api-key",
    "Authorization",
    "anthropic-version",
    "anthropic-beta",
    "anthropic-workspace-id",
    "anthropic-user-profile-id",
    "content-type",
    "content-length",
    "x-stainless-retry-count",
]

TEXT = st.text(st.characters(exclude_categories=[]), max_size=12)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**30, max_value=10**200),
    st.floats(allow_nan=True, allow_infinity=True),
    TEXT,
    st.sampled_from(["user", "assistant", "text", "image", "tool_use", "tool_result", "auto"]),
    st.sampled_from([{"type": "ephemeral"}, {"type": "ephemeral", "ttl": "1h"}, {"type": "1h"}]),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(TEXT, st.sampled_from(["type", "content", "text", "cache_control"])),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)

examples = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def send(path: str, body: bytes, *, method: str = "POST", version: str = "2023-06-01") -> Reply:
    """Send one request with a key."""
    headers = {"x-api-key": "simulated", "anthropic-version": version}
    headers["anthropic-beta"] = EVERY_BETA
    return Simulator(seed=1).handle(method, path, headers, body)


def assert_well_formed(reply: Reply) -> None:
    """A status, headers of text, and a body that any JSON reader takes."""
    assert type(reply.status) is int
    assert all(type(value) is str for value in reply.headers.values())
    if reply.events is None and reply.body is not None:
        json.loads(reply.content(), parse_constant=pytest.fail)
        if reply.status != 200:
            assert type(reply.body["error"]["message"]) is str
    else:
        for event in reply.events or ():
            line = event.encode().decode().partition("data: ")[2]
            if event.data != "[DONE]":
                json.loads(line, parse_constant=pytest.fail)


def places(value: Any) -> list[list[Any]]:
    """Return the path of every value inside a JSON value, its own first."""
    if not isinstance(value, dict | list):
        return [[]]
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    return [[], *([key, *path] for key, inner in entries for path in places(inner))]


def replaced(value: Any, path: list[Any], new: Any) -> Any:
    """Return a copy with another value at one place."""
    if not path:
        return new
    changed = copy.deepcopy(value)
    parent = changed
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = new
    return changed


def without(value: Any, path: list[Any]) -> Any:
    """Return a copy that lacks one key or item."""
    changed = copy.deepcopy(value)
    parent = changed
    for key in path[:-1]:
        parent = parent[key]
    del parent[path[-1]]
    return changed


@pytest.mark.parametrize(("path", "request_"), CASES)
def test_the_requests_to_be_spoilt_are_right(path: str, request_: dict[str, Any]) -> None:
    """Each one is answered with 200 while nothing in it is spoilt."""
    reply = send(path, json.dumps(request_).encode())
    assert (reply.status, reply.body if reply.status != 200 else None) == (200, None)
    assert_well_formed(reply)


@pytest.mark.parametrize(("path", "request_"), CASES)
@pytest.mark.parametrize("version", ["2023-06-01", "2026-10-21"])
def test_every_place_may_hold_anything(path: str, request_: dict[str, Any], version: str) -> None:
    """Every value of a right request, replaced in turn by each kind of JSON, or taken away."""
    strange = [
        None,
        True,
        -1,
        10**40,
        0.5,
        "",
        "\ud800",
        "x",
        [],
        [[]],
        [None],
        {},
        {"type": "text"},
    ]
    for place in places(request_):
        bodies = [replaced(request_, place, new) for new in strange]
        bodies += [without(request_, place)] if place else []
        for body in bodies:
            assert_well_formed(send(path, json.dumps(body).encode(), version=version))


@examples
@given(st.data())
def test_a_request_spoilt_at_several_places_is_answered(data: st.DataObject) -> None:
    """Three random places of a right request hold random JSON."""
    path, body = data.draw(st.sampled_from(CASES))
    for _ in range(3):
        place = data.draw(st.sampled_from(places(body)))
        body = replaced(body, place, data.draw(JSON))
    assert_well_formed(send(path, json.dumps(body).encode()))


@examples
@given(path=st.sampled_from(ADDRESSES), body=JSON)
def test_any_json_is_answered(path: str, body: Any) -> None:
    """Also what is no object, NaN, and halves of surrogate pairs."""
    assert_well_formed(send(path, json.dumps(body).encode()))


@examples
@given(
    method=st.one_of(st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS"]), TEXT),
    path=st.one_of(st.sampled_from(ADDRESSES), TEXT.map(lambda end: f"/v1/models/{end}"), TEXT),
    query=st.one_of(st.sampled_from(QUERIES), TEXT.map(lambda words: f"?limit={words}")),
    headers=st.dictionaries(st.one_of(st.sampled_from([*HEADERS, *OWN_HEADERS]), TEXT), TEXT),
    body=st.binary(max_size=40),
)
def test_any_request_is_answered(
    method: str, path: str, query: str, headers: Any, body: bytes
) -> None:
    """Whatever the method, the address, the headers and the bytes."""
    assert_well_formed(Simulator(seed=1).handle(method, path + query, headers, body))


@examples
@given(JSON, st.sampled_from(VALID["/v1/messages"]), st.data())
def test_any_batch_is_answered(strange: Any, right: Any, data: st.DataObject) -> None:
    """With anything in the place of an item's parameters, or of anything else in it."""
    body = {"requests": [{"custom_id": "a", "params": right}, {"custom_id": "b", "params": {}}]}
    body = replaced(body, data.draw(st.sampled_from(places(body))), strange)
    simulator = Simulator(seed=1, batch_seconds=0.0)
    headers = {"x-api-key": "a", "anthropic-version": "2023-06-01", "anthropic-beta": EVERY_BETA}
    address = "/v1/messages/batches"
    created = simulator.handle("POST", address, headers, json.dumps(body).encode())
    assert_well_formed(created)
    if created.status == 200:
        path = f"{address}/{created.body['id']}/results"
        results = simulator.handle("GET", path, headers, b"")
        lines = results.content().decode().splitlines()
        kinds = [json.loads(line)["result"]["type"] for line in lines]
        assert len(kinds) == len(body["requests"])
        assert set(kinds) <= {"succeeded", "errored"}


@examples
@given(
    content_type=st.one_of(st.just("multipart/form-data; boundary=b"), TEXT),
    names=st.lists(st.one_of(st.sampled_from(["file", "expires_in_seconds"]), TEXT), max_size=3),
    data=st.binary(max_size=40),
)
def test_any_upload_is_answered(content_type: str, names: list[str], data: bytes) -> None:
    """And where it is taken, the file is listed, and deleted."""
    head = b'--b\r\nContent-Disposition: form-data; filename="%s"; name="%s"\r\n\r\n'
    parts = [head % (data[:9], name.encode("utf-8", "replace")) + data for name in names]
    body = b"\r\n".join([*parts, b"--b--"])
    simulator = Simulator(seed=1)
    headers = {"x-api-key": "a", "anthropic-version": "2023-06-01", "content-type": content_type}
    made = simulator.handle("POST", "/v1/files", headers, body)
    assert_well_formed(made)
    listed = simulator.handle("GET", "/v1/files", headers, b"")
    assert listed.body["data"] == ([made.body] if made.status == 200 else [])
    if made.status == 200:
        path = f"/v1/files/{made.body['id']}"
        assert simulator.handle("DELETE", path, headers, b"").status == 200


@examples
@given(
    wanted=st.lists(
        st.one_of(
            st.sampled_from(["429", "slow", "cut", "timeout", "after=1", "times=1", "between=0"]),
            st.tuples(st.sampled_from(["retry-after", "after", "first-token"]), TEXT).map("=".join),
            TEXT,
        )
    ).map(", ".join),
    case=st.sampled_from(CASES),
)
def test_any_wish_for_a_fault_is_answered(wanted: str, case: Any) -> None:
    """Granted, or refused with what can be wished for."""
    path, body = case
    headers = {
        "x-api-key": "a",
        "anthropic-version": "2023-06-01",
        "anthropic-beta": EVERY_BETA,
        "x-simulator-fault": wanted,
    }
    reply = Simulator(seed=1).handle("POST", path, headers, json.dumps(body).encode())
    if reply.cut is None:
        assert_well_formed(reply)


@examples
@given(
    case=st.sampled_from(PLAIN),
    query=st.one_of(st.just("?beta=true"), TEXT.map(lambda words: f"?{words}#{words}")),
    headers=st.dictionaries(st.sampled_from(HEADERS[3:]), TEXT),
)
def test_a_right_request_with_odd_headers_and_query_is_right(
    case: Any, query: str, headers: dict[str, str]
) -> None:
    """Betas are not judged, nor is the type of the content: the body is read as it is."""
    path, body = case
    sent = {"x-api-key": "simulated", "anthropic-version": "2023-06-01", **headers}
    sent["anthropic-beta"] = f"{EVERY_BETA},{headers.get('anthropic-beta', '')}"
    reply = Simulator(seed=1).handle("POST", path + query, sent, json.dumps(body).encode())
    assert reply.status == 200
    assert_well_formed(reply)


@pytest.mark.parametrize("path", [path for path in ADDRESSES if max_body(path) == MAX_BODY])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_body_past_32_megabytes_is_a_413(path: str, method: str) -> None:
    """Whatever is asked for; at the limit it is looked at."""
    body = b" " * (MAX_BODY + 1)
    large = send(path, body, method=method)
    assert (large.status, list(large.body)) == (413, ["error"])
    assert_well_formed(large)
    assert send(path, body[1:], method=method).status != 413


def test_a_turn_of_many_calls_is_checked_at_once() -> None:
    """The time goes with their number, and not with its square."""
    ids = [f"t{index}" for index in range(20_000)]
    calls = [{"type": "tool_use", "id": call, "name": "f", "input": {}} for call in ids]
    results = [{"type": "tool_result", "tool_use_id": call} for call in reversed(ids)]
    body = {
        **VALID["/v1/messages"][0],
        "messages": [
            {"role": "assistant", "content": calls},
            {"role": "user", "content": results},
        ],
    }
    assert send("/v1/messages", json.dumps(body).encode()).status == 200


def test_of_a_key_given_twice_the_last_counts() -> None:
    """As most readers of JSON have it; what the API does is not known."""
    body = json.dumps(VALID["/v1/messages"][0])
    twice = body[:-1] + ', "max_tokens": "many"}'
    assert send("/v1/messages", twice.encode()).status == 400
    assert send("/v1/messages", ('{"max_tokens": "many", ' + body[1:]).encode()).status == 200


@pytest.mark.parametrize("path", VALID)
@pytest.mark.parametrize(
    "value",
    [
        b'{"model":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b"[" * 5_000,
        b'{"messages": NaN}',
        b'{"max_tokens": ' + b"9" * 5_000 + b"}",
        b'{"max_tokens": 1e999}',
        b'"\\ud800"',
        b'"\xed\xa0\x80"',
        b"\xff\xfe",
        "{}".encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b'{"model": "\x00"}',
        b"",
    ],
    ids=[
        "deep array",
        "deep object",
        "deep and open",
        "NaN",
        "long integer",
        "infinite number",
        "half a pair, escaped",
        "half a pair, raw",
        "no text",
        "another encoding",
        "a mark before it",
        "a raw control character",
        "nothing",
    ],
)
def test_what_is_not_json_is_refused_as_such(path: str, value: bytes) -> None:
    """Python's reader takes or chokes on all of these; the API does neither."""
    reply = send(path, value)
    assert_well_formed(reply)
    assert reply.status == 400
    assert reply.body["error"]["message"].startswith("The request body is not valid JSON: ")


def test_json_as_deep_as_any_schema_is_read() -> None:
    """The bound on nesting is far above what a tool's schema needs."""
    schema: Any = {"type": "string"}
    for _ in range(40):
        schema = {"type": "object", "properties": {"inner": schema}}
    tool = {"name": "deep", "input_schema": schema}
    body = {**VALID["/v1/messages"][0], "tools": [tool]}
    assert send("/v1/messages", json.dumps(body).encode()).status == 200


def test_a_scripted_half_of_a_pair_is_escaped_on_the_wire() -> None:
    """UTF-8 has no form for it; JSON's escape carries it."""
    reply = Reply(200, {}, {"text": "\ud83d"})
    assert reply.content() == b'{"text":"\\ud83d"}'


SHORT = st.fixed_dictionaries(
    {
        "model": st.sampled_from(
            ["claude-sonnet-4-6", "claude-opus-5-5", "claude-haiku-4-5", "no"]
        ),
        "max_tokens": st.sampled_from([0, 1, 300, 10**9]),
        "messages": st.lists(
            st.fixed_dictionaries(
                {
                    "role": st.sampled_from(["user", "assistant", "system"]),
                    "content": st.one_of(
                        st.sampled_from(["Hi", "", " "]),
                        st.lists(
                            st.sampled_from(
                                [
                                    {"type": "text", "text": "Hi"},
                                    {"type": "text", "text": "Hi", "cache_control": HOUR},
                                ]
                            ),
                            max_size=6,
                        ),
                    ),
                }
            ),
            max_size=4,
        ),
    },
    optional={
        "system": st.sampled_from(["Be brief.", "", [{"type": "text", "text": "Be brief."}]]),
        "stream": st.booleans(),
        "stop_sequences": st.sampled_from([[], ["stop"], [" "]]),
        "metadata": st.sampled_from([{"user_id": "u"}, {}]),
    },
)


@given(body=SHORT, betas=st.sampled_from(["", "compact-2026-01-12", "message-threads-2026-09-01"]))
def test_a_short_request_is_judged_as_any_other(body: dict[str, Any], betas: str) -> None:
    """It skips the checks that have nothing to look at, and no other."""
    told = []
    for plain in (request._PLAIN, frozenset()):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(request, "_PLAIN", plain)
            headers = {"x-api-key": "k", "anthropic-version": "2026-10-21"}
            headers |= {"anthropic-beta": betas} if betas else {}
            sent = json.dumps(body).encode()
            reply = Simulator(seed=1).handle("POST", "/v1/messages", headers, sent)
            told.append((reply.status, b"".join(e.encode() for e in reply.events or ())))
            if reply.events is None:
                told[-1] = reply.status, reply.content()
    assert told[0] == told[1]
