"""Know the members of Anthropic's toolsets: a request has a set as one entry without a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.catalog import find_tool_kind
from grader.simulator.replies.found import read_words
from grader.simulator.replies.script import Turn
from grader.simulator.wire import Json

_GIVEN_BY_PROMPTS = ("url",)


def read_members(request: Json) -> Iterator[Json]:
    """Yield definitions of the members of a request's toolsets that it enables."""
    taken = {tool.get("name") for tool in request.get("tools") or ()}
    for tool in request.get("tools") or ():
        for name, member in _members(tool):
            if name not in taken:
                taken.add(name)
                yield member


def name_toolsets(turn: Turn, request: Json) -> Turn:
    """Return a turn whose calls of a toolset's members name their toolset."""
    owners: dict[str, str] = {}
    custom = {tool.get("name") for tool in request.get("tools") or ()}
    for tool in request.get("tools") or ():
        for name, _ in _members(tool):
            if name not in custom:
                owners.setdefault(name, _family(tool))
    if not owners or all(block["type"] != "tool_use" for block in turn.content):
        return turn
    content = tuple(
        {**block, "toolset_name": owners[block["name"]]}
        if block["type"] == "tool_use" and block["name"] in owners
        else block
        for block in turn.content
    )
    return replace(turn, content=content)


def _family(tool: Json) -> str:
    return str(tool["type"]).partition("_toolset_")[0]


def _members(tool: Json) -> Iterator[tuple[str, Json]]:
    kind = find_tool_kind(tool.get("type"))
    if kind is None or not kind.members:
        return
    inputs = read_words("words.toml")["toolsets"][_family(tool)]
    configs = tool.get("configs") or {}
    for name, example in inputs.items():
        config = configs.get(name) or {}
        if config.get("enabled") is not False and not config.get("defer_loading"):
            yield name, _definition(name, example)


def _definition(name: str, example: Json) -> Json:
    words = name.replace("_", " ")
    properties: Json = {
        key: {"type": "string", "default": value} if key in _GIVEN_BY_PROMPTS else {"const": value}
        for key, value in example.items()
    }
    schema = {"type": "object", "properties": properties, "required": list(example)}
    return {"name": name, "description": f"{words.capitalize()}.", "input_schema": schema}
