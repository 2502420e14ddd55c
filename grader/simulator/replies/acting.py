"""Act on a request with tools or a format for its answer: calls, JSON, or what calls came to.

Apart from the improviser so that a client without tools does not load the planner.
"""

from __future__ import annotations

import json

from grader.catalog import ModelCard
from grader.simulator.replies.limit import Limit
from grader.simulator.replies.planning import (
    Plan,
    Task,
    Tool,
    announce,
    ask,
    plan,
    plan_forced,
    read_task,
    read_tool,
    report,
)
from grader.simulator.replies.script import Turn
from grader.simulator.replies.thoughts import is_forced, thinks
from grader.simulator.replies.values import Composer, Schema, Source, make_slot
from grader.simulator.wire import Json


def act(request: Json, card: ModelCard, limit: Limit) -> Turn | str | None:
    """Return the calls or the JSON that a request asks for, or words about calls made before.

    None where there is nothing to call and nothing to tell: the prompt is to be answered.
    """
    task = read_task(request)
    planned = _plan(request, task)
    shape = (request.get("output_config") or {}).get("format")
    if planned.calls:
        return limit.calls(_preface(request, card, planned), planned.calls)
    if shape:
        return limit.json(_formatted(shape["schema"], task))
    told = [report(task.calls)] if task.calls else []
    if planned.lacking:
        told.append(ask(*planned.lacking))
    return " ".join(told) or None


def _plan(request: Json, task: Task) -> Plan:
    choice = request.get("tool_choice") or {}
    kind = choice.get("type", "auto")
    tools = [] if kind == "none" else _callable(request)
    if kind == "tool":
        tools = [tool for tool in tools if tool.name == choice["name"]]
    if not tools:
        return Plan()
    planned = plan_forced(task, tools) if is_forced(request) else plan(task, tools)
    if choice.get("disable_parallel_tool_use"):
        return Plan(planned.calls[:1], planned.lacking)
    return planned


def _callable(request: Json) -> list[Tool]:
    """Return the tools that the model calls by itself and the client runs."""
    return [
        read_tool(tool)
        for tool in request.get("tools") or []
        if tool.get("type") in (None, "custom")
        and "direct" in (tool.get("allowed_callers") or ("direct",))
    ]


def _preface(request: Json, card: ModelCard, planned: Plan) -> str:
    """Return the sentence before calls, where the model says one.

    Recorded: a call that `tool_choice` asks for, or that comes after a thought, has none before it,
    and neither has any of the models that think by default.
    """
    is_thinking = card.rules.thinking_default != "off" or thinks(request, card)
    return "" if is_thinking or is_forced(request) else announce(planned.calls)


def _formatted(schema: Json, task: Task) -> str:
    """Return JSON that fits a schema, with what the prompt and the tools give."""
    good = [call for call in task.calls if not call.has_failed]
    source = Source(
        texts=(task.prompt, *(call.text for call in good)),
        earlier=task.earlier,
        facts=tuple(fact for call in good for fact in call.facts),
        result=good[-1].text if good else "",
    )
    slot = make_slot("", schema, Schema(schema))
    return json.dumps(Composer(source, guesses=True).compose(slot), ensure_ascii=False)
