"""Answer free prompts: by calls of the request's tools, in the format asked for, or in words.

Lessons' prompts have written answers; whatever else is said begins with a label. Where the model
would think before it answers, the reply begins with a thinking block, empty as newer models send it
unless `display` asks for a summary.
"""

from __future__ import annotations

import json

from grader.catalog import ModelCard
from grader.simulator.replies.limit import Limit
from grader.simulator.replies.pictures import describe_picture
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
from grader.simulator.replies.script import Turn, thinking, turn
from grader.simulator.replies.values import Composer, Schema, Source, make_slot
from grader.simulator.replies.written import words_of, written_answer
from grader.simulator.tokens import thinking_tokens
from grader.simulator.wire import Json

LABEL = "[simulated reply]"
"""What every answer begins with that was not written for its prompt."""

_SUMMARY = "Let me see what is being asked, and answer it in a few plain words."


def improvise(request: Json, card: ModelCard) -> Turn:
    """Return a turn that does what the last user message asks, within the request's limits."""
    if request.get("max_tokens") == 0:
        return Turn((), stop_reason="max_tokens")
    thought = _thought(request, card)
    spent = thinking_tokens(thought.content, card) if thought else 0
    limit = Limit(request, card, spent=spent)
    # Thinking counts against the limit: a small one may leave no room for an answer.
    if thought and limit.is_reached:
        return turn(thought, stop_reason="max_tokens")
    task = read_task(request)
    planned = _plan(request, task)
    shape = (request.get("output_config") or {}).get("format")
    if planned.calls:
        reply = limit.calls(_preface(request, card, planned), planned.calls)
    elif shape:
        reply = limit.json(_formatted(shape["schema"], task))
    else:
        reply = limit.text(_words(request["messages"], task, planned))
    return turn(thought, reply) if thought else reply


def _plan(request: Json, task: Task) -> Plan:
    choice = request.get("tool_choice") or {}
    kind = choice.get("type", "auto")
    tools = [] if kind == "none" else _callable(request)
    if kind == "tool":
        tools = [tool for tool in tools if tool.name == choice["name"]]
    if not tools:
        return Plan()
    planned = plan_forced(task, tools) if _is_forced(request) else plan(task, tools)
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
    thinks = card.rules.thinking_default != "off" or _thinks(request, card)
    return "" if thinks or _is_forced(request) else announce(planned.calls)


def _words(messages: list[Json], task: Task, planned: Plan) -> str:
    told = [report(task.calls)] if task.calls else []
    if planned.lacking:
        told.append(ask(*planned.lacking))
    if told:
        return f"{LABEL} {' '.join(told)}"
    return written_answer(messages) or f"{LABEL} {_excuse(messages)}"


def _excuse(messages: list[Json]) -> str:
    pictures = _pictures(messages[-1])
    if pictures:
        return f"{pictures} A real model would say what it shows."
    prompt = next((words_of(m) for m in reversed(messages) if m["role"] == "user"), "")
    opening = " ".join(prompt.split())
    opening = opening if len(opening) <= 60 else opening[:59] + "…"
    return (
        f"No model read this. Your last message begins with “{opening}” and has "
        f"{len(prompt.split())} words; the conversation has {len(messages)} turns so far. "
        "With an API key in ANTHROPIC_API_KEY the same code reaches Claude."
    )


def _pictures(message: Json) -> str:
    if isinstance(message["content"], str):
        return ""
    sources = [block["source"] for block in message["content"] if block["type"] == "image"]
    if not sources:
        return ""
    noun = "image" if len(sources) == 1 else "images"
    return f"Your message has {len(sources)} {noun}: {', '.join(map(describe_picture, sources))}."


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


def _is_forced(request: Json) -> bool:
    return (request.get("tool_choice") or {}).get("type") in ("any", "tool")


def _thinks(request: Json, card: ModelCard) -> bool:
    kind = (request.get("thinking") or {}).get("type")
    # Recorded of claude-sonnet-5: a forced call comes without a thought.
    if kind == "disabled" or _is_forced(request):
        return False
    return kind is not None or card.rules.thinking_default != "off"


def _thought(request: Json, card: ModelCard) -> Turn | None:
    if not _thinks(request, card):
        return None
    asked = request.get("thinking") or {}
    older = card.tokenizer == "v3"
    display = asked.get("display") or ("summarized" if older else "omitted")
    return thinking(_SUMMARY if display == "summarized" else "")
