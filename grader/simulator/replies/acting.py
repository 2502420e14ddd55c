"""Act on a request with tools or a format for its answer: calls, JSON, or what calls came to.

The steps of a prompt follow from the prompt and the tools alone, and go in one order: what was
called last says how far they have got. So a loop ends, however little of itself it remembers.

Apart from the improviser so that a client without tools does not load the composer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from grader.catalog import ModelCard
from grader.simulator.replies.asked import MadeCall, Wanted, read_asked
from grader.simulator.replies.composer import Composer, Region
from grader.simulator.replies.deferred import deferred_names, is_finder
from grader.simulator.replies.form import find_form
from grader.simulator.replies.json_schema import Document
from grader.simulator.replies.limit import Limit
from grader.simulator.replies.script import Turn
from grader.simulator.replies.thoughts import is_forced, thinks
from grader.simulator.replies.tools import (
    Tool,
    find_reference,
    find_wanted,
    is_meant,
    read_tools,
    times,
)
from grader.simulator.replies.written import words_of, written_answer
from grader.simulator.replies.written_calls import Loop, Round, find_forced, find_json, find_loops
from grader.simulator.tool_changes import offered_tools
from grader.simulator.wire import Json

_MOST_CALLS_OF_A_TOOL = 10

Read = Callable[[], Turn | None]
"""Answers from what a request brings to read, with None where that says nothing."""


def act(
    request: Json, messages: list[Json], card: ModelCard, limit: Limit, *, label: str, read: Read
) -> Turn | None:
    """Return the calls or the JSON that a request asks for, or words about calls made before.

    None where there is nothing to call and nothing to tell: the prompt is to be answered.
    messages: those of the request, without what is not the user's. label: what words begin with
    that were not written for the prompt. read: answers from documents and search results.
    """
    asked = read_asked(messages)
    schema = ((request.get("output_config") or {}).get("format") or {}).get("schema")
    choice = request.get("tool_choice") or {}
    tools = _offered(request, choice)
    is_single = bool(choice.get("disable_parallel_tool_use"))
    says = card.rules.thinking_default == "off" and not thinks(request, card)
    loops = [loop for loop in find_loops(asked.prompt) if _fits(loop, tools, asked.calls)]
    if is_forced(request) and tools:
        return limit.calls("", _forced(asked, tools, loops, is_single=is_single))
    for loop in loops:
        if not asked.calls and (said := loop.held_back(_told(request, loop))):
            return limit.text(said)
        following = _next(loop.steps, asked.calls, is_single=is_single)
        if following:
            return limit.calls(loop.says[following[0].round] if says else "", following)
        is_told = asked.calls and not schema and not any(tool.is_output for tool in tools)
        if is_told and (told := loop.answer(asked.calls)):
            return limit.text(_in_form(request, asked, told))
    wanted = find_wanted(tools, asked)
    if not wanted and not written_answer(messages):
        wanted = find_reference(tools, asked)
    if not wanted and (finding := _find_deferred(request, tools, asked)):
        return limit.calls(_preface([finding], label, says=says), [finding])
    steps = _steps(wanted, asked, is_single=is_single)
    following = _next(steps, asked.calls, is_single=is_single)
    if following:
        return limit.calls(_preface(following, label, says=says), following)
    if schema:
        return limit.json(_formatted(schema, asked))
    if asked.calls and (told_by_sources := read()):
        return told_by_sources
    parts = [_report(asked.calls)] if asked.calls else []
    parts += [step.note for step in steps if step.tool_input is None][:1]
    return limit.text(_in_form(request, asked, f"{label} {' '.join(parts)}")) if parts else None


def note_between(request: Json, messages: list[Json]) -> str:
    """Return what a model notes before the calls that it makes next, or "".

    Documented of the models that think by default: what older ones say in a text block between
    calls comes back in a thinking block.
    """
    asked, tools = read_asked(messages), _offered(request, request.get("tool_choice") or {})
    for loop in find_loops(asked.prompt):
        if _fits(loop, tools, asked.calls) and (following := _next(loop.steps, asked.calls)):
            return loop.says[following[0].round]
    return ""


def _in_form(request: Json, asked: Wanted, said: str) -> str:
    """Return an answer in the form that the request asks for in words, if it does."""
    form = find_form(request, asked.prompt) if asked.calls else None
    return form.fill(asked, said) if form else said


def _offered(request: Json, choice: Json) -> list[Tool]:
    if choice.get("type") == "none":
        return []
    tools = read_tools(request)
    return [tool for tool in tools if tool.name == choice.get("name", tool.name)]


def _find_deferred(request: Json, tools: Sequence[Tool], asked: Wanted) -> Round | None:
    """Return the call that finds the tools which a prompt asks for and a client keeps back."""
    finder = next((tool for tool in tools if is_finder(tool.name)), None)
    if finder is None or any(call.name == finder.name for call in asked.calls):
        return None
    names = [name for name in deferred_names(request) if is_meant(name, asked.prompt)]
    argument = next(iter(finder.document.schema.get("required") or finder.properties), None)
    if not names or argument is None:
        return None
    return Round(finder.name, {argument: f"select:{','.join(names)}"}, 0)


def _fits(loop: Loop, tools: Sequence[Tool], calls: Sequence[MadeCall]) -> bool:
    """Return whether the next tools of a written loop are offered, and take what it gives them."""
    documents = {tool.name: tool.document for tool in tools}
    if following := _next(loop.steps, calls):
        return all(
            step.name in documents and not documents[step.name].misfit(step.tool_input)
            for step in following
        )
    names = {step.name for step in loop.steps}
    has_failed = any(call.has_failed and call.name in names for call in calls)
    return has_failed or names <= {call.name for call in calls}


def _told(request: Json, loop: Loop) -> str:
    """Return what a model was told of a loop's tools: their descriptions, and the system prompt."""
    names = {step.name for step in loop.steps}
    tools = [tool for tool in offered_tools(request) if tool.get("name") in names]
    system = {"role": "system", "content": request.get("system") or ""}
    return " ".join((*_descriptions(tools), words_of(system)))


def _descriptions(value: Json) -> Iterator[str]:
    """Yield every description in a tool's definition, those of its properties too."""
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        if key == "description" and isinstance(part, str):
            yield part
        elif isinstance(part, dict | list):
            yield from _descriptions(part)


def _next(
    steps: Sequence[Round], calls: Sequence[MadeCall], *, is_single: bool = False
) -> list[Round]:
    """Return the calls to make next: those of one round, behind all that was called.

    A call stands for the step with its input, else for the first of its name. Where something
    failed, no later round begins.
    """
    left = dict(enumerate(steps))
    last = -1
    for call in calls:
        same = [place for place, step in left.items() if step.name == call.name]
        exact = [place for place in same if left[place].tool_input == call.tool_input]
        for place in (exact or same)[:1]:
            last = max(last, place)
            del left[place]
    following = [step for place, step in left.items() if place > last]
    ready = [step for step in following if step.tool_input is not None]
    if any(call.has_failed for call in calls):
        ready = [step for step in ready if last >= 0 and step.round == steps[last].round]
    return [step for step in ready if step.round == ready[0].round][: 1 if is_single else None]


def _steps(
    wanted: Sequence[tuple[Tool, Region]], asked: Wanted, *, is_single: bool
) -> tuple[Round, ...]:
    """Return the steps of the tools that are wanted: looks first, then changes, then answers."""
    steps: list[Round] = []
    for tool, region in wanted:
        is_known = not tool.lacking(tool.compose(Wanted(asked.prompt), region))
        number = 4 if tool.is_output else 2 * tool.changes + (not is_known)
        steps += _steps_of(tool, tool.compose(asked, region), asked, number)
    steps.sort(key=lambda step: step.round)
    if is_single:
        # Two alike could not be told apart by a loop that remembers its last turn only.
        steps = [step for place, step in enumerate(steps) if step not in steps[:place]]
    return tuple(steps)


def _steps_of(tool: Tool, composer: Composer, asked: Wanted, number: int) -> Iterator[Round]:
    names = tool.lacking(composer)
    if names and not tool.is_output:
        lack = " and the ".join(name.replace("_", " ") for name in names)
        words = f"To call {tool.name} I need the {lack}; your message doesn't say."
        yield Round(tool.name, None, number, words)
    elif not tool.properties:
        yield from [Round(tool.name, composer.value, number)] * times(asked.prompt, tool)
    else:
        for value in islice(composer.more(), _MOST_CALLS_OF_A_TOOL):
            yield Round(tool.name, value, number, tool.document.misfit(value))


def _forced(
    asked: Wanted, tools: Sequence[Tool], loops: Sequence[Loop], *, is_single: bool
) -> list[Round]:
    """Return calls where there must be one: what is wanted next, else some tool that is offered."""
    wanted = find_wanted(tools, asked)
    for steps in (*(loop.steps for loop in loops), _steps(wanted, asked, is_single=is_single)):
        if following := _next(steps, asked.calls, is_single=is_single):
            return following
    tool = [*(tool for tool, _ in wanted), *sorted(tools, key=lambda tool: tool.changes)][0]
    written = find_forced(asked.prompt).get(tool.name)
    if written is None or tool.document.misfit(written):
        written = tool.compose(asked).value
    return [Round(tool.name, written, 0)]


def _preface(steps: Sequence[Round], label: str, *, says: bool) -> str:
    """Return the sentence before calls, where the model says one, or an input does not fit.

    Recorded: a call that `tool_choice` asks for, or that comes after a thought, has none before it,
    and neither has any of the models that think by default.
    """
    deed = f"I'll call {' and '.join(dict.fromkeys(step.name for step in steps))}."
    notes = list(dict.fromkeys(step.note for step in steps if step.note))
    if notes:
        return f"{label} {deed} Nothing was found that fits the schema: {'; '.join(notes)}."
    return deed if says else ""


def _formatted(schema: Json, asked: Wanted) -> str:
    """Return JSON that fits a schema, with what the prompt and the tools give."""
    document = Document(schema)
    written = find_json(asked.prompt)
    if written is None or asked.calls or document.misfit(written):
        written = Composer(document, asked).value
    return json.dumps(document.arranged(written), ensure_ascii=False)


def _report(calls: Sequence[MadeCall]) -> str:
    """Return what the calls made for a prompt came to."""
    lines: list[str] = []
    for call in [call for call in calls if not is_finder(call.name)] or calls:
        values = call.tool_input.values() if isinstance(call.tool_input, Mapping) else ()
        shown = _cut(", ".join(map(str, values)), 80)
        came = _cut(call.text.strip() or "no output", 400)
        lines.append(f"{call.name}({shown}) {'failed:' if call.has_failed else 'gave'} {came}")
    return lines[0] if len(lines) == 1 else "\n- ".join(("The tools were called.", *lines))


def _cut(words: str, length: int) -> str:
    return words if len(words) <= length else f"{words[: length - 1]}…"
