"""Answer as an MCP server: which tools it has, and what they say.

A request that names tools of a server (in `configs`, in `allowed_tools`) knows them: the server has
these then. One that pins the listing gets exactly it. Else it has those of `served.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.simulator.served.script import read_script
from grader.simulator.served.web import WebPage, find_pages
from grader.simulator.wire import Json


@dataclass(frozen=True)
class McpTool:
    """Hold a tool of an MCP server; is_deferred: it is to be found by a tool search first."""

    server: str
    name: str
    description: str
    schema: Json
    is_deferred: bool = False


def read_mcp_tools(request: Json) -> list[McpTool]:
    """Return the tools that the MCP servers of a request give the model."""
    found: list[McpTool] = []
    sets = {
        tool["mcp_server_name"]: tool
        for tool in request.get("tools") or ()
        if tool.get("type") == "mcp_toolset"
    }
    for server in request.get("mcp_servers") or ():
        found += _tools_of(server, sets.get(server["name"]))
    return found


def answer_mcp(tool_input: Json) -> Json:
    """Return the content of an MCP tool's result."""
    asked = " ".join(str(value) for value in tool_input.values())
    pages = find_pages(asked, {})
    first = pages[0] if isinstance(pages, list) and isinstance(pages[0], WebPage) else None
    return [{"type": "text", "text": first.text if first else "Nothing was found."}]


def listing_of(server: str, tools: list[McpTool]) -> Json:
    """Return the block that lists the tools of a server."""
    return {
        "type": "mcp_tool_listing",
        "mcp_server_name": server,
        "tools": [
            {"name": tool.name, "description": tool.description, "input_schema": tool.schema}
            for tool in tools
            if tool.server == server
        ],
    }


def _tools_of(server: Json, toolset: Json) -> list[McpTool]:
    pinned = (toolset or {}).get("tools")
    usual = read_script()["mcp_tools"]
    configs = dict((toolset or {}).get("configs") or {})
    default = (toolset or {}).get("default_config") or {}
    older = server.get("tool_configuration") or {}
    if older.get("enabled") is False:
        return []
    allowed = older.get("allowed_tools")
    named = [*configs, *(allowed or ())]
    known = {tool["name"]: tool for tool in (pinned if pinned is not None else usual)}
    if pinned is None and named:
        known |= {name: _guessed(name) for name in named if name not in known}
    tools: list[McpTool] = []
    for name, tool in known.items():
        config = {**default, **(configs.get(name) or {})}
        if config.get("enabled") is False or (allowed is not None and name not in allowed):
            continue
        tools.append(
            McpTool(
                server["name"],
                name,
                str(tool.get("description") or ""),
                tool["input_schema"],
                is_deferred=bool(config.get("defer_loading")),
            )
        )
    return tools


def _guessed(name: str) -> Json:
    """Return a tool of which only the name is known."""
    usual = read_script()["mcp_tools"][0]
    words = name.replace("_", " ").replace("-", " ")
    return {**usual, "name": name, "description": f"{words[:1].upper()}{words[1:]}."}
