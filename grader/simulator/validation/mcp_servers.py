"""Check the MCP servers of a request, and that each has its toolset.

The rules are those of Anthropic's page on the MCP connector. That of a server without a toolset is
quoted in github.com/anthropics/anthropic-sdk-csharp/issues/255; how the server words the others was
not found. The first version of the beta has no toolsets: a server says itself which tools it gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.wire import Json

FIRST_BETA = "mcp-client-2025-04-04"
"""The version of the beta that has no toolsets (deprecated, and recorded until August 2026)."""

_KEYS = ("authorization_token", "name", "tool_configuration", "type", "url")


def check_mcp_servers(value: Json) -> None:
    """Refuse MCP servers that are none, or that share a name."""
    if value is None:
        return
    names: list[str] = []
    for index, entry in enumerate(shapes.array(value, "mcp_servers")):
        path = f"mcp_servers.{index}"
        server = shapes.mapping(entry, path)
        shapes.one_of(shapes.field(server, "type", path), f"{path}.type", ("url",))
        names.append(shapes.string(shapes.field(server, "name", path), f"{path}.name", minimum=1))
        address = shapes.string_field(server, "url", path)
        if not address.startswith("https://"):
            raise invalid(f"{path}.url: URL must start with https://")
        if server.get("authorization_token") is not None:
            shapes.string(server["authorization_token"], f"{path}.authorization_token")
        if server.get("tool_configuration") is not None:
            _check_configuration(server["tool_configuration"], f"{path}.tool_configuration")
        shapes.only(server, path, _KEYS)
    if len(set(names)) < len(names):
        raise invalid("mcp_servers: MCP server names must be unique.")


def _check_configuration(value: Json, path: str) -> None:
    configuration = shapes.mapping(value, path)
    if configuration.get("enabled") is not None:
        shapes.boolean(configuration["enabled"], f"{path}.enabled")
    if configuration.get("allowed_tools") is not None:
        allowed = shapes.array(configuration["allowed_tools"], f"{path}.allowed_tools")
        for index, name in enumerate(allowed):
            shapes.string(name, f"{path}.allowed_tools.{index}")
    shapes.only(configuration, path, ("allowed_tools", "enabled"))


def check_toolsets(request: dict[str, Json], betas: Collection[str]) -> None:
    """Refuse a server without its toolset, and a toolset without its server."""
    if not request.get("mcp_servers") and not request.get("tools"):
        return
    servers = [server["name"] for server in request.get("mcp_servers") or []]
    sets = Counter(
        tool["mcp_server_name"]
        for tool in request.get("tools") or []
        if tool.get("type") == "mcp_toolset"
    )
    if not servers and not sets:
        return
    for name, count in sets.items():
        if name not in servers:
            raise invalid(
                f"MCP server '{name}' is referenced by an `mcp_toolset` in `tools` but not "
                "defined in `mcp_servers`."
            )
        if count > 1:
            raise invalid(f"MCP server '{name}' is referenced by more than one `mcp_toolset`.")
    if FIRST_BETA in betas and not sets:
        return
    for name in servers:
        if name not in sets:
            raise invalid(
                f"MCP server '{name}' is defined but not referenced by any `mcp_toolset` in "
                "`tools`."
            )
