"""Follow the tools of a conversation: which are offered at its end, after all that was changed.

A system message may add a tool or take one away from there on: by its name, as one of an MCP
server, as a server's whole set, or a new one by its definition. `tools` itself stays as it is, so
the prompt's cache and the thinking bound to it stay valid. A summary carries what the messages
before it had changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from grader.simulator.blocks import part_of
from grader.simulator.contents import as_blocks, is_summary, references
from grader.simulator.wire import Json

Key = tuple[str, ...]
"""What tells one tool from another: its kind of name, its server where it has one, its name."""


def find_changes(request: Json) -> Iterator[Json]:
    """Yield the changes of a conversation's tools, in order; from the newest summary on."""
    found: list[Json] = []
    for message in request["messages"]:
        content = message["content"]
        if message["role"] != "system" and not _has_summary(content):
            continue
        for block in as_blocks(content):
            if is_summary(block):
                found = list(block.get("tool_changes") or ())
            elif part_of(block) == "change":
                found.append(block)
    yield from found


def offered_tools(request: Json) -> list[Json]:
    """Return the tools that the model may call at the end of a valid conversation.

    A tool that is deferred is not offered until it is added, or a search has found it.
    """
    tools = list(request.get("tools") or ())
    changes = list(find_changes(request))
    if not changes and not any(tool.get("defer_loading") for tool in tools):
        return tools
    found = {each["tool_name"] for each in references(request["messages"])}
    offered = {
        key_of(tool): tool
        for tool in tools
        if not tool.get("defer_loading") or tool.get("name") in found
    }
    known = {key_of(tool): tool for tool in tools}
    for change in changes:
        reference = change["tool"]
        if reference["type"] == "tool_definition":
            definition = reference["definition"]
            known[key_of(definition)] = offered[key_of(definition)] = definition
            continue
        key = key_of_reference(reference)
        if change["type"] == "tool_removal":
            offered.pop(key, None)
        elif key in known:
            tool = known[key]
            offered[key] = {name: tool[name] for name in tool if name != "defer_loading"}
    return list(offered.values())


def net_changes(request: Json) -> list[Json]:
    """Return what takes a request's tools to those at its end, as a summary of it tells them.

    Of several changes of one tool the last one counts, by value where the tool was defined here.
    """
    declared = {key_of(tool) for tool in request.get("tools") or ()}
    last: dict[Key, Json] = {}
    defined: dict[Key, Json] = {}
    for change in find_changes(request):
        reference = change["tool"]
        if reference["type"] == "tool_definition":
            key = key_of(reference["definition"])
            defined[key] = reference
        else:
            key = key_of_reference(reference)
        last.pop(key, None)
        last[key] = change
    net = []
    for key, change in last.items():
        if change["type"] == "tool_addition":
            net.append({"type": "tool_addition", "tool": defined.get(key, change["tool"])})
        elif key in declared or key[:2] in declared:
            net.append({"type": "tool_removal", "tool": change["tool"]})
    return net


def key_of(tool: Json) -> Key:
    """Return what tells a tool from others; a set of an MCP server has no name of its own."""
    if tool.get("type") == "mcp_toolset":
        return ("mcp", str(tool.get("mcp_server_name")))
    return ("tool", str(tool.get("name")))


def key_of_reference(reference: Json) -> Key:
    """Return the key of what a reference names."""
    match reference["type"]:
        case "tool_reference":
            return ("tool", reference["name"])
        case "mcp_toolset_reference":
            return ("mcp", reference["server_name"])
        case _:
            return ("mcp", reference["server_name"], reference["name"])


def _has_summary(content: Json) -> bool:
    return isinstance(content, list) and any(is_summary(block) for block in content)
