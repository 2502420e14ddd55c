"""The catalogue of errors: a minimal request for each, through the whole simulator."""

from typing import Any

import pytest

from grader.simulator import Fault, Script, Simulator
from grader.simulator.identifiers import Identifiers
from grader.simulator.signatures import sign
from tests.simulator.validation.turns import (
    Message,
    assistant,
    call,
    result,
    system,
    thought,
    user,
    words,
)

RIGHT: dict[str, Any] = {
    "model": "claude-haiku-4-5",
    "max_tokens": 2_000,
    "messages": [user("ping")],
}
SCHEMA = {"type": "object"}
TOOL = {"name": "get_time", "input_schema": SCHEMA}
MARK = {"type": "ephemeral"}
HOUR = {"type": "ephemeral", "ttl": "1h"}
BUDGET = {"thinking": {"type": "enabled", "budget_tokens": 1_024}}
TAGS = "found using 'type' does not match any of the expected tags: "
OR_DIRECTIVE = (
    "; the directive-only form (content: [] with output_config) is accepted at any position"
)
EACH_CALL = (
    "Each `tool_use` block must have a corresponding `tool_result` block in the next message."
)
EACH_RESULT = (
    "Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
)
USE_ADAPTIVE = (
    'Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'
)


def turns(*messages: Message) -> dict[str, Any]:
    """Return the change to these messages."""
    return {"messages": list(messages)}


def marked(block: dict[str, Any], control: dict[str, str] = MARK) -> dict[str, Any]:
    """Return a block with a breakpoint."""
    return {**block, "cache_control": control}


CATALOGUE: dict[str, tuple[dict[str, Any], str]] = {
    "tool_use without results": (
        turns(user("a"), assistant(call("t1"), call("t2")), user("b")),
        (
            "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: "
            f"t1, t2. {EACH_CALL}"
        ),
    ),
    "orphan tool_result": (
        turns(user(result("t1"))),
        (
            "messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: t1. "
            f"{EACH_RESULT}"
        ),
    ),
    "duplicate result": (
        turns(user("a"), assistant(call("t1")), user(result("t1"), result("t1"))),
        (
            "messages.2.content.1: each tool_use must have a single result. Found multiple "
            "`tool_result` blocks with id: t1"
        ),
    ),
    "duplicate tool_use id": (
        turns(
            user("a"),
            assistant(call("t1")),
            user(result("t1")),
            assistant(words("b"), call("t1")),
            user(result("t1")),
        ),
        "messages.3.content.1: `tool_use` ids must be unique",
    ),
    "tool_result in assistant": (
        turns(user("a"), assistant(result("t1")), user("b")),
        "messages.1: `tool_result` blocks can only be in `user` messages",
    ),
    "tool_use in user": (
        turns(user(call("t1"))),
        "messages.0: `tool_use` blocks can only be in `assistant` messages",
    ),
    "tool_use.input as a string": (
        turns(user("a"), assistant({**call("t1"), "input": "{}"}), user(result("t1"))),
        "messages.1.content.0.tool_use.input: Input should be a valid dictionary",
    ),
    "leading system message": (
        turns(system("s"), user("a")),
        (
            "messages.0: use the top-level 'system' parameter for the initial system prompt"
            f"{OR_DIRECTIVE}"
        ),
    ),
    "system message on an older model": (
        turns(user("a"), system("s")),
        "role 'system' is not supported on this model",
    ),
    "system message before a user turn": (
        {"model": "claude-opus-5", **turns(user("a"), system("s"), user("b"))},
        (
            "messages.1: role 'system' must precede an 'assistant' message or end the array"
            f"{OR_DIRECTIVE}"
        ),
    ),
    "system message after an assistant turn": (
        {"model": "claude-opus-5", **turns(user("a"), assistant("b"), system("s"))},
        (
            "messages.2: role 'system' must follow a 'user' message or an 'assistant' message "
            f"ending in a server tool result{OR_DIRECTIVE}"
        ),
    ),
    "role tool": (
        turns({"role": "tool", "content": "42"}),
        (
            'messages: Unexpected role "tool". Allowed roles are "user" or "assistant". For '
            "instructions on how to use tools, see "
            "https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview."
        ),
    ),
    "empty text": (turns(user(words(""))), "messages: text content blocks must be non-empty"),
    "whitespace text": (
        turns(user(" ")),
        "messages: text content blocks must contain non-whitespace text",
    ),
    "empty content": (
        turns(user("a"), assistant(), user("b")),
        (
            "messages.1: all messages must have non-empty content except for the optional final "
            "assistant message"
        ),
    ),
    "prefill with a trailing space": (
        turns(user("a"), assistant("b ")),
        "messages: final assistant content cannot end with trailing whitespace",
    ),
    "prefill since 4.6": (
        {"model": "claude-sonnet-4-6", **turns(user("a"), assistant("b"))},
        (
            "This model does not support assistant message prefill. The conversation must end with "
            "a user message."
        ),
    ),
    "no model": ({"model": ...}, "model: Field required"),
    "no max_tokens": ({"max_tokens": ...}, "max_tokens: Field required"),
    "no messages": ({"messages": ...}, "messages: Field required"),
    "max_tokens too big": (
        {"model": "claude-opus-4-5-20251101", "max_tokens": 128_001},
        (
            "max_tokens: 128001 > 64000, which is the maximum allowed number of output tokens for "
            "claude-opus-4-5-20251101"
        ),
    ),
    "budget": (
        {"max_tokens": 1_024, **BUDGET},
        (
            "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our "
            "documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking"
            "#max-tokens-and-context-window-size"
        ),
    ),
    "empty list": ({"messages": []}, "messages: at least one message is required"),
    "wrong type": ({"messages": "ping"}, "messages: Input should be a valid array"),
    "too many breakpoints": (
        turns(user(*[marked(words("a"))] * 5)),
        "A maximum of 4 blocks with cache_control may be provided. Found 5.",
    ),
    "empty cached block": (
        turns(user("a"), assistant(marked(words("")), words("b")), user("c")),
        "messages.1.content.0.text: cache_control cannot be set for empty text blocks",
    ),
    "empty cached system prompt": (
        {"system": [marked(words(""))]},
        "system.0: cache_control cannot be set for empty text blocks",
    ),
    "lifetimes out of order": (
        turns(user(marked(words("a")), marked(words("b"), HOUR))),
        (
            "messages.0.content.1.cache_control.ttl: a ttl='1h' cache_control block must not come "
            "after a ttl='5m' cache_control block. Note that blocks are processed in the following "
            "order: `tools`, `system`, `messages`."
        ),
    ),
    "OpenAI's tool": (
        {"tools": [{"type": "function", "function": {"name": "f"}}]},
        f"tools.0: Input tag 'function' {TAGS}'bash_20250124', 'code_execution_20250522', …",
    ),
    "OpenAI's image": (
        turns(user({"type": "image_url", "image_url": {"url": "https://a.b/c.png"}})),
        f"messages.0.content.0: Input tag 'image_url' {TAGS}'bash_code_execution_tool_result', …",
    ),
    "OpenAI's tool_choice": (
        {"tools": [TOOL], "tool_choice": "auto"},
        "tool_choice: Input should be an object",
    ),
    "tool_choice without tools": (
        {"tool_choice": {"type": "any"}},
        "tool_choice.any may only be specified while providing tools",
    ),
    "forced tool on 5.x": (
        {"model": "claude-sonnet-5-5", "tools": [TOOL], "tool_choice": {"type": "any"}},
        'tool_choice: type "tool" and "any" are not supported for this model.',
    ),
    "forced tool and thinking": (
        {"tools": [TOOL], "tool_choice": {"type": "tool", "name": "get_time"}, **BUDGET},
        "Thinking may not be enabled when tool_choice forces tool use.",
    ),
    "schema without a type": (
        {"tools": [{"name": "f", "input_schema": {}}]},
        "tools.0.custom.input_schema.type: Field required",
    ),
    "tool without a schema": (
        {"tools": [{"name": "f"}]},
        "tools.0.custom.input_schema: Field required",
    ),
    "no schema": (
        {"tools": [{"name": "f", "input_schema": {**SCHEMA, "properties": []}}]},
        (
            "tools.0.custom.input_schema: JSON schema is invalid. It must match JSON Schema draft "
            "2020-12 (https://json-schema.org/draft/2020-12). Learn more about tool use at "
            "https://docs.claude.com/en/docs/tool-use."
        ),
    ),
    "tool name": (
        {"tools": [{**TOOL, "name": "get time"}]},
        "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
    ),
    "duplicate names": ({"tools": [TOOL, TOOL]}, "tools: Tool names must be unique."),
    "sampling since 4.7": (
        {"model": "claude-opus-4-7", "temperature": 0},
        "`temperature` is deprecated for this model.",
    ),
    "temperature and top_p": (
        {"temperature": 0, "top_p": 0.5},
        "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
    ),
    "range": ({"temperature": 1.5}, "temperature: range: 0..1"),
    "thinking enabled": (
        {"model": "claude-opus-4-7", **BUDGET},
        f'"thinking.type.enabled" is not supported for this model. {USE_ADAPTIVE}',
    ),
    "thinking disabled": (
        {"model": "claude-opus-5-5", "thinking": {"type": "disabled"}},
        f'"thinking.type.disabled" is not supported for this model. {USE_ADAPTIVE}',
    ),
    "thinking adaptive": (
        {"thinking": {"type": "adaptive"}},
        "adaptive thinking is not supported on this model",
    ),
    "effort": (
        {"model": "claude-opus-4-6", "output_config": {"effort": "xhigh"}},
        (
            "This model does not support effort level 'xhigh'. Supported levels: high, low, max, "
            "medium."
        ),
    ),
    "unknown key": ({"seed": 7}, "seed: Extra inputs are not permitted"),
    "unknown key of a message": (
        turns({**user("a"), "name": "Ann"}),
        "messages.0.name: Extra inputs are not permitted",
    ),
    "echoed parsed_output": (
        turns(user("a"), assistant({**words("{}"), "parsed_output": {}}), user("b")),
        "messages.1.content.0.text.parsed_output: Extra inputs are not permitted",
    ),
    "stop sequence": (
        {"stop_sequences": ["\n"]},
        "stop_sequences: each stop sequence must contain non-whitespace",
    ),
    "edited thinking": (
        turns(
            user("a"),
            assistant(thought("Hm!", sign("Hm.", Identifiers(1))), words("b")),
            user("c"),
        ),
        (
            "messages.1.content.0: `thinking` or `redacted_thinking` blocks in the latest "
            "assistant message cannot be modified. These blocks must remain as they were in the "
            "original response."
        ),
    ),
    "signature of a thought": (
        turns(user("a"), assistant(thought("Hm.", ""), words("b")), user("c")),
        "messages.1.content.0: Invalid `signature` in `thinking` block",
    ),
}


def ask(post: Any, changes: dict[str, Any], **options: Any) -> Any:
    """Return the reply to a changed request; `...` takes a key away."""
    body = {key: value for key, value in {**RIGHT, **changes}.items() if value is not ...}
    return post(body, **{"version": "2023-06-01", **options})


@pytest.mark.parametrize(("changes", "message"), CATALOGUE.values(), ids=CATALOGUE)
def test_each_error_of_the_catalogue_is_told(post, changes: dict[str, Any], message: str) -> None:
    """Status, type and words; of a list of tags, how it begins."""
    reply = ask(post, changes)
    error = reply.body["error"]
    assert (reply.status, error["type"]) == (400, "invalid_request_error")
    start, cut, _ = message.partition("…")
    assert error["message"].startswith(start) if cut else error["message"] == message


@pytest.mark.parametrize("key", ["temperature", "top_p", "top_k"])
def test_sampling_is_an_error_of_the_newest_version(post, key: str) -> None:
    """Even at its default value; the words are a guess."""
    reply = ask(post, {key: 1}, version="2026-10-21")
    assert reply.status == 400
    assert reply.body["error"]["message"] == f"{key}: Extra inputs are not permitted"


def test_a_prompt_past_the_window_is_an_error(post) -> None:
    """With the count, which is the simulator's own."""
    reply = ask(post, turns(user("word " * 250_000)))
    error = reply.body["error"]["message"]
    start, _, rest = error.partition(": ")
    count, _, end = rest.partition(" ")
    assert (reply.status, start, end) == (400, "prompt is too long", "tokens > 200000 maximum")
    assert int(count) > 200_000


def test_an_unknown_model_is_an_error_with_its_name(post) -> None:
    """The whole message."""
    reply = ask(post, {"model": "claude-does-not-exist"})
    error = {"type": "not_found_error", "message": "model: claude-does-not-exist"}
    assert (reply.status, reply.body["error"]) == (404, error)


def test_a_missing_version_is_an_error(post) -> None:
    """The header is named."""
    reply = ask(post, {}, version="")
    assert reply.body["error"]["message"] == "anthropic-version: header is required"


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"X-Api-Key": "wrong"}, "invalid x-api-key"),
        ({"X-Api-Key": ""}, "x-api-key header is required"),
        ({"X-Api-Key": "", "Authorization": "Bearer wrong"}, "Invalid bearer token"),
    ],
)
def test_a_wrong_key_is_an_error(post, headers: dict[str, str], message: str) -> None:
    """Each way of giving one has its own words."""
    reply = ask(post, {}, to=Simulator(api_key="right"), **headers)
    error = {"type": "authentication_error", "message": message}
    assert (reply.status, reply.body["error"]) == (401, error)


@pytest.mark.parametrize(
    ("status", "kind", "message"),
    [
        (400, "invalid_request_error", "Your credit balance is too low to access the API."),
        (429, "rate_limit_error", "This request would exceed your organization's rate limit."),
        (529, "overloaded_error", "Overloaded"),
    ],
)
def test_what_depends_on_more_than_the_request_is_scripted(post, status, kind, message) -> None:
    """In any words."""
    reply = ask(post, {}, to=Simulator(replies=Script(Fault(status, message))))
    error = reply.body["error"]
    assert (reply.status, error["type"], error["message"]) == (status, kind, message)


NO_ERRORS: dict[str, dict[str, Any]] = {
    "two user turns": turns(user("a"), user("b")),
    "an assistant turn first": turns(assistant("a"), user("b")),
    # Since February 2025, says Anthropic: github.com/anthropics/anthropic-sdk-python/issues/849
    "calls and results without tools": turns(user("a"), assistant(call("t")), user(result("t"))),
}


@pytest.mark.parametrize("changes", NO_ERRORS.values(), ids=NO_ERRORS)
def test_what_old_guides_call_errors_is_answered(post, changes: dict[str, Any]) -> None:
    """Three rules are gone."""
    assert ask(post, changes).status == 200
