"""Check the API's own calls in a conversation: each has its result, or it can still come.

It can where the last turn was paused, and where the turn waits for tools of the client too: then
the client sends its results and nothing else, and the API begins its next reply with what its own
tool found (Anthropic's page on server tools; two recordings). Two refusals are quoted there, that
of a missing tool by its end only; that of a result without its call is quoted in
github.com/anthropics/claude-code/issues/62577.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from grader.catalog import find_tool_kind
from grader.simulator.blocks import part_of
from grader.simulator.contents import result_kind
from grader.simulator.faults import invalid
from grader.simulator.wire import Json


class SpokenTurn(Protocol):
    """Describe a merged turn: its role, and its blocks."""

    @property
    def role(self) -> str:
        """Return the role."""

    @property
    def blocks(self) -> list[Json]:
        """Return the content blocks."""


def check_server_calls(turns: Sequence[SpokenTurn], request: dict[str, Json]) -> None:
    """Refuse calls of the API's own without results, and results without calls.

    request: says which tools are there to go on with.
    """
    called: set[str] = set()
    waiting: dict[str, tuple[int, Json]] = {}
    for index, turn in enumerate(turns):
        if turn.role == "user" and waiting and not _has_only_results(turn):
            _refuse_lost(waiting)
        for position, block in enumerate(turn.blocks):
            part = part_of(block)
            if part == "server_call":
                called.add(block["id"])
                waiting[block["id"]] = index, block
            elif part == "server_result":
                _check_called(block, called, f"messages.{index}.content.{position}")
                waiting.pop(block["tool_use_id"], None)
        if waiting and turn.role == "assistant":
            is_last = index == len(turns) - 1
            is_open = is_last or any(part_of(block) == "call" for block in turn.blocks)
            _refuse_lost(
                {
                    id: (place, call)
                    for id, (place, call) in waiting.items()
                    # Code that calls tools may wait for more than one round of results.
                    if not is_open or (place < index and call["name"] != "code_execution")
                }
            )
    for place, call in waiting.values():
        _check_offered(call, request, place)


def _has_only_results(turn: SpokenTurn) -> bool:
    return all(part_of(block) == "result" for block in turn.blocks)


def _refuse_lost(waiting: dict[str, tuple[int, Json]]) -> None:
    if not waiting:
        return
    id, (index, call) = next(iter(waiting.items()))
    # github.com/gsd-build/gsd-2/pull/2870; for other tools than web_search a guess.
    raise invalid(
        f"messages.{index}: `{_tool_of(call)}` tool use with id `{id}` was found without a "
        f"corresponding `{result_kind(call)}` block"
    )


def _check_called(result: Json, called: Collection[str], where: str) -> None:
    id, kind = result["tool_use_id"], result["type"]
    if id not in called:
        call = "mcp_tool_use" if kind == "mcp_tool_result" else "server_tool_use"
        raise invalid(
            f"{where}: unexpected `tool_use_id` found in `{kind}` blocks: {id}. Each `{kind}` "
            f"block must have a corresponding `{call}` block before it."
        )


def _check_offered(call: Json, request: dict[str, Json], index: int) -> None:
    """Refuse to go on with a call whose tool is not there any more."""
    if call["type"] == "mcp_tool_use":
        names = [server["name"] for server in request.get("mcp_servers") or []]
        if call["server_name"] in names:
            return
    elif _is_offered(call["name"], request.get("tools") or []):
        return
    raise invalid(
        f"messages.{index}: `{_tool_of(call)}` tool use with id `{call['id']}` was found but no "
        f"`{_tool_of(call)}` tool was provided"
    )


def _is_offered(name: str, tools: list[Json]) -> bool:
    kinds = [str(tool.get("type")) for tool in tools]
    if name.endswith("code_execution"):
        # The newer tools of the web bring it.
        return any(
            kind.startswith(("code_execution", "web_search_", "web_fetch_")) for kind in kinds
        )
    own = [find_tool_kind(kind) for kind in kinds]
    newer = [kind.rpartition("_")[0] for kind in kinds]
    return name in newer or any(kind is not None and kind.name == name for kind in own)


def _tool_of(call: Json) -> str:
    return "mcp_tool_use" if call["type"] == "mcp_tool_use" else str(call["name"])
