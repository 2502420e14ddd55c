"""Check what system messages may have beside their text: an end, and changes of the tools.

What a message for one turn may not have is in the server's words. The codes of the changes are
those of anthropic 2.12 (`types/tool_*_error_details.py`); their wordings are a guess.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from grader.catalog import asks_for
from grader.simulator.blocks import BlockKind, part_of
from grader.simulator.contents import as_blocks, is_summary
from grader.simulator.faults import invalid
from grader.simulator.reading import is_turn_scoped
from grader.simulator.tool_changes import Key, key_of, key_of_reference
from grader.simulator.validation import shapes
from grader.simulator.validation.tools import check_tool
from grader.simulator.wire import Json, JsonValue

MOST_TOOLS = 10_000
"""How many deferred tools a request may have, and how many may be added in its messages."""

MOST_BYTES = 4 * 1024 * 1024
"""How long the definitions that are added may be together, in bytes of their JSON."""

_KEYS = {
    "tool_reference": ("type", "name"),
    "mcp_tool_reference": ("type", "server_name", "name"),
    "mcp_toolset_reference": ("type", "server_name"),
}
_SCOPED = "(clear_at: 'next_user_message')"


def check_clear_at(message: dict[str, Json], path: str) -> None:
    """Refuse an end that a message cannot have, and in a message for one turn all but text."""
    if message.get("clear_at") is None:
        return
    if message["role"] != "system":
        raise invalid(f"{path}.clear_at: clear_at is only permitted on role 'system' messages")
    shapes.one_of(message["clear_at"], f"{path}.clear_at", ("next_user_message", "never"))
    if not is_turn_scoped(message):
        return
    blocks = as_blocks(message["content"])
    if any(block["type"] != "text" for block in blocks):
        raise invalid(f"{path}: a turn-scoped system message supports text blocks only {_SCOPED}")
    if message.get("output_config") is not None:
        raise invalid(
            f"{path}: output_config is not permitted on a turn-scoped system message {_SCOPED}"
        )
    for index, block in enumerate(blocks):
        if block.get("cache_control") is not None:
            raise invalid(
                f"{path}.content.{index}: cache_control is not permitted on a turn-scoped system "
                f"message {_SCOPED}"
            )


def check_change(
    kind: BlockKind, block: dict[str, Json], path: str, betas: Collection[str]
) -> None:
    """Refuse a change of the tools that names none, or not in a way the request may.

    betas: the values of the header `anthropic-beta`; one of them lets a tool be defined here.
    """
    where = f"{path}.tool"
    tool = shapes.mapping(shapes.field(block, "tool", path), where)
    is_inline = kind.name == "tool_addition" and asks_for(betas, "inline_tools")
    name = shapes.tag(tool, where, [*_KEYS, *(["tool_definition"] if is_inline else [])])
    inside = f"{where}.{name}"
    if name == "tool_definition":
        shapes.only(tool, inside, ("type", "definition"))
        definition = shapes.field(tool, "definition", inside)
        added = check_tool(definition, f"{inside}.definition", betas)
        _check_definition(added, block, inside, betas)
        return
    for key in _KEYS[name][1:]:
        shapes.string_field(tool, key, inside)
    shapes.only(tool, inside, _KEYS[name])


def _check_definition(
    tool: dict[str, JsonValue], block: dict[str, Json], path: str, betas: Collection[str]
) -> None:
    if tool.get("type") == "mcp_toolset" and not asks_for(betas, "inline_mcp"):
        raise invalid(f"{path}.definition: Extra inputs are not permitted")
    marked = tool.get("cache_control") is not None
    if marked and block.get("cache_control") is not None:
        raise invalid(
            f"{path}.definition.cache_control: cache_control may be set on the block or in the "
            "definition, not on both"
        )
    if tool.get("defer_loading") and (marked or block.get("cache_control") is not None):
        raise invalid(f"{path}: cache_control cannot be set on a tool with defer_loading=true")


def check_changes(request: dict[str, Json]) -> None:
    """Refuse changes of tools that there are none of, or whose names are taken; and too many."""
    messages = request["messages"]
    places = [
        (f"messages.{index}.content.{position}", block)
        for index, message in enumerate(messages)
        if message["role"] == "system" and isinstance(message["content"], list)
        for position, block in enumerate(message["content"])
        if part_of(block) == "change"
    ]
    if not places:
        return
    _check_pause(messages)
    kinds: dict[Key, str] = {}
    for tool in request.get("tools") or ():
        kinds[key_of(tool)] = _kind(tool)
    for block in (block for m in messages for block in as_blocks(m["content"])):
        if is_summary(block):
            for change in block.get("tool_changes") or ():
                definition = change["tool"].get("definition")
                if definition is not None:
                    kinds[key_of(definition)] = _kind(definition)
    offered = set(kinds)
    count = size = 0
    for path, block in places:
        reference = block["tool"]
        if reference["type"] != "tool_definition":
            key = key_of_reference(reference)
            if key not in kinds and key[:2] not in kinds:
                raise invalid(
                    f"{path}.tool: the referenced tool is not defined at this point: "
                    f"{'.'.join(key[1:])}",
                    error_code="tool_reference_unresolved",
                )
            (offered.add if block["type"] == "tool_addition" else offered.discard)(key)
        else:
            definition = reference["definition"]
            key = key_of(definition)
            if key in offered and kinds[key] != _kind(definition):
                raise invalid(
                    f"{path}.tool.definition.name: the name '{key[-1]}' is taken by an available "
                    "tool of another kind",
                    error_code="tool_name_conflict",
                )
            kinds[key] = _kind(definition)
            offered.add(key)
            size += len(json.dumps(definition, ensure_ascii=False).encode("utf-8", "replace"))
        count += block["type"] == "tool_addition"
    deferred = sum(bool(tool.get("defer_loading")) for tool in request.get("tools") or ())
    if max(deferred, count) > MOST_TOOLS or size > MOST_BYTES:
        raise invalid(
            f"{places[-1][0]}: too many tools are available: at most {MOST_TOOLS} may be deferred, "
            f"{MOST_TOOLS} added, with definitions of {MOST_BYTES} bytes",
            error_code="available_tools_limit_exceeded",
        )


def _check_pause(messages: list[Json]) -> None:
    """Refuse a change right behind a turn that was paused, which goes on with the tools it had."""
    for index, message in enumerate(messages[1:], start=1):
        changes = message["role"] == "system" and any(
            part_of(block) == "change" for block in as_blocks(message["content"])
        )
        before = messages[index - 1]
        if changes and before["role"] == "assistant" and index + 1 == len(messages):
            raise invalid(f"messages.{index}: tools cannot be changed directly after a paused turn")


def _kind(tool: Json) -> str:
    return str(tool.get("type") or "custom")
