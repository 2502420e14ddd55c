"""The options of Anthropic's tools, and what tools rule out together."""

from typing import Any, get_args, get_origin, get_type_hints

import pytest
from anthropic.types import ToolUnionParam
from anthropic.types.beta import BetaToolUnionParam

from grader.catalog import find_tool_kind, tool_kinds

BETA = "mcp-client-2025-11-20"
SERVER = {"type": "url", "name": "wiki", "url": "https://a.b/mcp"}
TOOLSET = {"type": "mcp_toolset", "mcp_server_name": "wiki"}
SEARCH = {"type": "web_search_20250305", "name": "web_search"}
CODE = {"type": "code_execution_20260120", "name": "code_execution"}
TOOL = {"name": "f", "input_schema": {"type": "object", "properties": {"a": {"type": "integer"}}}}
CODED = {**TOOL, "allowed_callers": ["code_execution_20260120"]}


def defined(kind: str) -> dict[str, Any]:
    """Return a definition of a type of tool, with all that it needs."""
    known = tool_kinds()[kind]
    values = {"model": "claude-opus-5", "mcp_server_name": "wiki"}
    named = {"name": known.name} if known.name else {}
    return {"type": kind, **named, **{key: values.get(key, 10) for key in known.required}}


def asked(*tools: Any, **others: Any) -> dict[str, Any]:
    """Return the changes of a request that has these tools, beside one that is none of theirs."""
    has_set = any(tool.get("type") == "mcp_toolset" for tool in tools)
    return {"tools": [*tools, {**TOOL, "name": "other"}], **others} | (
        {"mcp_servers": [SERVER]} if has_set else {}
    )


@pytest.mark.parametrize("kind", tool_kinds())
def test_a_tool_has_its_own_name_and_no_key_of_anothers(refusal, kind: str) -> None:
    """Every known type, with what it needs and without."""
    tool, known = defined(kind), tool_kinds()[kind]
    assert refusal(asked(tool), betas=[BETA]) == ""
    odd = refusal(asked({**tool, "odd": 1}), betas=[BETA])
    assert odd == f"tools.0.{kind}.odd: Extra inputs are not permitted"
    for key in known.required:
        lacking = {name: value for name, value in tool.items() if name != key}
        told = refusal(asked(lacking), betas=[BETA])
        assert told == f"tools.0.{kind}.{key}: Field required"
    if known.name:
        told = refusal(asked({**tool, "name": "mine"}), betas=[BETA])
        assert told == f"tools.0.{kind}.name: Input should be '{known.name}'"
    else:
        told = refusal(asked({**tool, "name": "mine"}), betas=[BETA])
        assert told == f"tools.0.{kind}.name: Extra inputs are not permitted"


def is_optional(hint: Any) -> bool:
    """Return whether a type hint has None among its options, at its top."""
    inside = get_args(hint)
    is_wrapped = get_origin(hint) is not None and "Required" in str(get_origin(hint))
    return type(None) in inside or (is_wrapped and any(map(is_optional, inside)))


SDK = {
    word: get_type_hints(tool)
    for tool in [*get_args(ToolUnionParam), *get_args(BetaToolUnionParam)]
    for word in get_args(get_type_hints(tool)["type"])
    if isinstance(word, str) and find_tool_kind(word)
}


@pytest.mark.parametrize("kind", SDK)
def test_an_option_may_be_null_where_the_sdk_says_so(refusal, kind: str) -> None:
    """Clients send it (recorded), and any other value of the wrong type is refused."""
    for key, hint in SDK[kind].items():
        if key in ("type", "name", "cache_control"):
            continue
        if is_optional(hint):
            assert refusal(asked({**defined(kind), key: None}), betas=[BETA]) == "", key
        wrong = refusal(asked({**defined(kind), key: 0.5}), betas=[BETA])
        assert wrong.startswith(f"tools.0.{kind}.{key}"), key


REFUSED: list[tuple[dict[str, Any], str]] = [
    (
        asked({**SEARCH, "blocked_domains": []}),
        (
            "tools.0.web_search_20250305.blocked_domains: Empty list of domains is ambiguous. "
            "Provide at least one domain or null."
        ),
    ),
    (
        asked({**SEARCH, "allowed_domains": ["a.b"], "blocked_domains": ["c.d"]}),
        "tools.0.web_search_20250305: Cannot specify both allowed_domains and blocked_domains.",
    ),
    (
        asked({**SEARCH, "max_uses": 0}),
        "tools.0.web_search_20250305.max_uses: Input should be greater than or equal to 1",
    ),
    (
        asked({**SEARCH, "user_location": {"type": "exact"}}),
        (
            "tools.0.web_search_20250305.user_location: Input tag 'exact' found using 'type' "
            "does not match any of the expected tags: 'approximate'"
        ),
    ),
    (
        asked({**TOOL, "allowed_callers": ["anybody"]}),
        (
            "tools.0.custom.allowed_callers.0: Input should be 'direct', "
            "'code_execution_20250825', 'code_execution_20260120' or 'code_execution_20260521'"
        ),
    ),
    (
        {"tools": [{**TOOL, "defer_loading": True}, {**SEARCH, "defer_loading": True}]},
        "At least one tool must have defer_loading=false. All tools cannot be deferred.",
    ),
    (
        asked({**TOOL, "defer_loading": True, "cache_control": {"type": "ephemeral"}}),
        (
            "Tool 'f' cannot have both defer_loading=true and cache_control set. Tools with "
            "defer_loading cannot use prompt caching."
        ),
    ),
    (
        asked({**TOOL, "input_examples": [{"a": 1}, {"a": "one"}]}),
        "tools.0.custom.input_examples.1: 'one' is not of type 'integer'",
    ),
    (
        asked({"type": "computer_toolset_20260801", "configs": {"fly": {"enabled": True}}}),
        "tools.0.computer_toolset_20260801.configs.fly: Extra inputs are not permitted",
    ),
    (
        asked({"type": "computer_toolset_20260801", "defer_loading": True}),
        "tools.0.computer_toolset_20260801.defer_loading: Extra inputs are not permitted",
    ),
    (
        asked({"type": "browser_toolset_20260801", "configs": {"find": {"defer_loading": True}}}),
        (
            "tools.0.browser_toolset_20260801.configs: defer_loading must be the same for every "
            "enabled tool of the set."
        ),
    ),
    (
        asked(CODED),
        "tools.0.custom.allowed_callers: a code_execution tool is required.",
    ),
    (
        asked(CODED, CODE, tool_choice={"type": "tool", "name": "f"}),
        (
            "tool_choice: Tool 'f' cannot be called directly: its allowed_callers do not include "
            "'direct'."
        ),
    ),
    (
        asked(CODED, CODE, tool_choice={"type": "auto", "disable_parallel_tool_use": True}),
        "tool_choice.disable_parallel_tool_use: not supported with programmatic tool calling.",
    ),
    (
        {"mcp_servers": [SERVER]},
        "MCP server 'wiki' is defined but not referenced by any `mcp_toolset` in `tools`.",
    ),
    (
        {"mcp_servers": [], "tools": [TOOLSET]},
        (
            "MCP server 'wiki' is referenced by an `mcp_toolset` in `tools` but not defined in "
            "`mcp_servers`."
        ),
    ),
    (
        {"mcp_servers": [SERVER], "tools": [TOOLSET, TOOLSET]},
        "MCP server 'wiki' is referenced by more than one `mcp_toolset`.",
    ),
    (
        {"mcp_servers": [SERVER, SERVER], "tools": [TOOLSET]},
        "mcp_servers: MCP server names must be unique.",
    ),
    (
        {"mcp_servers": [{**SERVER, "url": "http://a.b"}], "tools": [TOOLSET]},
        "mcp_servers.0.url: URL must start with https://",
    ),
    (
        {"mcp_servers": [{**SERVER, "type": "stdio"}], "tools": [TOOLSET]},
        "mcp_servers.0.type: Input should be 'url'",
    ),
]


@pytest.mark.parametrize(("changes", "message"), REFUSED, ids=range(len(REFUSED)))
def test_what_rules_out_something_is_told(refusal, changes: dict[str, Any], message: str) -> None:
    """Five of them in the server's words, the others in ours."""
    assert refusal(changes, betas=[BETA]) == message


def test_the_first_version_of_the_connector_has_no_toolsets(refusal) -> None:
    """Its servers say themselves which tools they give (recorded until August 2026)."""
    chosen = {"enabled": True, "allowed_tools": ["f"]}
    servers = {"mcp_servers": [{**SERVER, "tool_configuration": chosen}]}
    assert refusal(servers, betas=["mcp-client-2025-04-04"]) == ""


def test_a_toolset_is_unknown_without_its_beta(refusal) -> None:
    """Like any type that does not exist."""
    assert refusal({"tools": [TOOLSET]}).startswith("tools.0: Input tag 'mcp_toolset' found")


def called(kind: str, id: str) -> Any:
    """Return the call of a tool that code made, or the model."""
    caller = {"type": "direct"} if kind == "direct" else {"type": kind, "tool_id": "srvtoolu_01"}
    return {"type": "tool_use", "id": id, "name": "f", "input": {}, "caller": caller}


@pytest.mark.parametrize("caller", ["direct", "code_execution_20250825", "code_execution_20260120"])
@pytest.mark.parametrize("container", [None, "container_01"])
def test_results_for_code_that_waits_name_its_container(
    refusal, caller: str, container: str | None
) -> None:
    """In the server's words; the model's own calls need none."""
    code = {"type": "server_tool_use", "id": "srvtoolu_01", "name": "code_execution", "input": {}}
    content = [called(caller, "t")] if caller == "direct" else [code, called(caller, "t")]
    messages = [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": content},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t"}]},
    ]
    told = refusal({"messages": messages, "tools": [CODE, CODED], "container": container})
    lost = (
        "container_id is required when there are pending tool uses generated by code execution "
        "with tools."
    )
    assert told == (lost if caller != "direct" and container is None else "")


@pytest.mark.parametrize("by_client", [True, False])
def test_a_reference_names_a_tool_that_is_there(refusal, by_client: bool) -> None:
    """Whether a search of the API's own found it or one of the client's."""
    found = {"type": "tool_reference", "tool_name": "gone"}
    if by_client:
        call = {"type": "tool_use", "id": "t", "name": "f", "input": {}}
        result = {"type": "tool_result", "tool_use_id": "t", "content": [found]}
        turns = [("assistant", [call]), ("user", [result])]
    else:
        name = "tool_search_tool_regex"
        call = {"type": "server_tool_use", "id": "srvtoolu_01", "name": name, "input": {}}
        content = {"type": "tool_search_tool_search_result", "tool_references": [found]}
        block = {
            "type": "tool_search_tool_result",
            "tool_use_id": "srvtoolu_01",
            "content": content,
        }
        turns = [("assistant", [call, block]), ("user", "b")]
    messages = [{"role": "user", "content": "a"}]
    messages += [{"role": role, "content": content} for role, content in turns]
    tools = [TOOL, {"type": "tool_search_tool_regex", "name": "tool_search_tool_regex"}]
    told = refusal({"messages": messages, "tools": tools})
    assert told == "Tool reference 'gone' not found in available tools"
    assert refusal({"messages": messages, "tools": [*tools, {**TOOL, "name": "gone"}]}) == ""
