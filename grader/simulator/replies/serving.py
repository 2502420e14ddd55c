"""Call Anthropic's own tools where a prompt asks for them, and say what they found.

What a prompt asks of them is a plan that follows from the prompt and the tools alone, like the
steps of the client's tools; the calls that were made since say how far it has got. So a paused turn
goes on where it stopped, and ends. The API calls the model at most ten times in a row: then the
turn pauses with a call whose result begins the next reply (recorded).

Apart from the improviser so that a client without such tools does not load it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.simulator.blocks import part_of
from grader.simulator.contents import as_blocks
from grader.simulator.replies.asked import read_asked
from grader.simulator.replies.desk import Desk
from grader.simulator.replies.limit import Limit
from grader.simulator.replies.programs import call_from_code, end_code
from grader.simulator.replies.script import Turn
from grader.simulator.replies.server_answers import ServerAnswers
from grader.simulator.replies.server_plan import ServerPlan, ServerStep, is_direct, is_served
from grader.simulator.replies.server_report import report
from grader.simulator.replies.written import written_answer
from grader.simulator.wire import Json

if TYPE_CHECKING:
    from grader.simulator.containers import Containers

MOST_ROUNDS = 10
"""How many calls of the API's own the model makes in one reply before the turn pauses."""

Act = Callable[[Json], Turn | None]
"""What acts on a request with the client's tools, or in a format."""


def serves(request: Json) -> bool:
    """Return whether a request has tools that the API runs, or that code calls."""
    tools = request.get("tools") or ()
    return bool(request.get("mcp_servers")) or any(
        is_served(tool) or not is_direct(tool) for tool in tools
    )


def serve(
    request: Json,
    messages: list[Json],
    limit: Limit,
    *,
    label: str,
    act: Act,
    containers: Containers | None = None,
) -> Turn | None:
    """Return a reply with calls of the API's own tools; None where none is wanted or waits.

    messages: those of the request, without what is not the user's. label: what words begin with
    that were not written for the prompt. act: acts on what is left for the client's tools.
    containers: where code runs.
    """
    desk = Desk(request, containers)
    served = _serve(request, messages, limit, desk, label=label, act=act)
    return replace(served, container=desk.container_id) if served and desk.container_id else served


def _serve(
    request: Json, messages: list[Json], limit: Limit, desk: Desk, *, label: str, act: Act
) -> Turn | None:
    plan = ServerPlan(request, messages, read_asked(messages), inputs=desk.inputs)
    answers = ServerAnswers(plan, request, messages, desk)
    since = _blocks_since(messages)
    blocks = [answers.answer(call, id=call["id"]) for call in _waiting(since)]
    ended = end_code(since)
    blocks += ended
    for place, step in enumerate(_left(plan, since), start=len(blocks)):
        if place == MOST_ROUNDS:
            # What code would call begins anew with the code.
            waiting = [] if step.is_programmed else answers.calls(step)
            return limit.blocks([*blocks, *waiting], stop_reason="pause_turn")
        blocks += answers.run(step)
    coded = {tool["name"] for tool in request.get("tools") or () if not is_direct(tool)}
    runs_code = "code_execution" in plan.tools
    rest = act(_for_the_client(request, blocks, coded if runs_code else set()))
    if rest is None and not blocks:
        return None
    said = list(rest.content) if rest else []
    calls = [block for block in said if block["type"] == "tool_use" and block["name"] in coded]
    if not blocks and not calls:
        return rest
    if calls:
        others = [block for block in said if block not in calls]
        return limit.blocks([*blocks, *others, *call_from_code(calls)], stop_reason="tool_use")
    has_format = (request.get("output_config") or {}).get("format")
    if rest is None or (rest.stop_reason != "tool_use" and not has_format):
        # What code printed has become words already, where there are any.
        reported = [block for block in blocks if not said or block not in ended]
        written = None if said else written_answer(messages)
        said = [*report(reported, label, written=written), *said] if reported else said
    return limit.blocks(
        [*blocks, *said],
        stop_reason=rest.stop_reason if rest else "end_turn",
        stop_sequence=rest.stop_sequence if rest else None,
    )


def _left(plan: ServerPlan, since: Sequence[Json]) -> list[ServerStep]:
    """Return the calls that the prompt asks for and that were not made yet."""
    made = [block["name"] for block in since if _is_direct_call(block)]
    left: list[ServerStep] = []
    for step in plan.steps():
        if step.top in made:
            made.remove(step.top)
        else:
            left.append(step)
    return left


def _waiting(since: Sequence[Json]) -> list[Json]:
    """Return the calls that have no result yet and were not made by code that waits."""
    answered = {block.get("tool_use_id") for block in since}
    # Code goes on with the results of the tools that it called.
    callers = {(block.get("caller") or {}).get("tool_id") for block in since}
    return [
        block
        for block in since
        if part_of(block) == "server_call" and block["id"] not in answered | callers
    ]


def _for_the_client(request: Json, blocks: Sequence[Json], coded: set[str]) -> Json:
    """Return what is left of a request: with what was found, and a choice that may have been met.

    coded: the tools that code calls, which are as good as the client's.
    """
    names = {
        reference["tool_name"]
        for block in blocks
        if block["type"] == "tool_search_tool_result"
        for reference in block["content"].get("tool_references", ())
    }
    tools = []
    for tool in request.get("tools") or ():
        given = {**tool, "defer_loading": False} if tool.get("name") in names else tool
        is_coded = tool.get("name") in coded
        tools.append({**given, "allowed_callers": ["direct"]} if is_coded else given)
    choice = request.get("tool_choice") or {}
    own = {tool.get("name") for tool in tools if is_served(tool)}
    is_met = any(part_of(block) == "server_call" for block in blocks)
    if is_met and (choice.get("type") == "any" or choice.get("name") in own):
        choice = {"type": "auto"}
    return {**request, "tools": tools, **({"tool_choice": choice} if choice else {})}


def _blocks_since(messages: list[Json]) -> list[Json]:
    """Return the blocks that came since the user last wrote something."""
    start = 0
    for place, message in enumerate(messages):
        blocks = as_blocks(message["content"])
        if message["role"] == "user" and any(block["type"] == "text" for block in blocks):
            start = place
    return [block for message in messages[start:] for block in as_blocks(message["content"])]


def _is_direct_call(block: Json) -> bool:
    caller = (block.get("caller") or {}).get("type", "direct")
    return part_of(block) == "server_call" and caller == "direct"
