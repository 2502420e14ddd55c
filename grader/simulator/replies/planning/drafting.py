"""Draft the calls of a tool: the inputs that the prompt and the results give it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.simulator.replies.language import means, numbers, root
from grader.simulator.replies.planning.matching import Match, region
from grader.simulator.replies.planning.reckoning import (
    in_order,
    last_result,
    needs_result,
    sum_inputs,
    with_result,
)
from grader.simulator.replies.planning.task import Task
from grader.simulator.replies.planning.tool import Tool
from grader.simulator.replies.values import (
    COUNTED,
    Composer,
    Slot,
    Source,
    Taken,
    is_joined,
    same,
)
from grader.simulator.wire import Json

MAX_CALLS = 10
"""How many calls one turn makes at most."""

_CONTENT = re.compile(
    r"\b(?:it|them|the (?:results?|contents?|summary|answer|list|report|details))\b",
    re.IGNORECASE,
)
_WHOSE = {"identifier", "place", "name", None}
"""Kinds of arguments that say whose or where something is to be changed."""


@dataclass(frozen=True)
class Draft:
    """Hold the inputs with which a tool would be called.

    missing: the arguments that nothing gives, and for which the user is to be asked.
    """

    match: Match
    inputs: tuple[Json, ...]
    missing: tuple[Slot, ...] = ()

    @property
    def tool(self) -> Tool:
        """Return the tool that would be called."""
        return self.match.tool


def draft(match: Match, wanted: Sequence[Match], task: Task, *, guesses: bool) -> Draft:
    """Return how a tool would be called for the part of the prompt that is about it.

    wanted: all tools that the prompt asks for. guesses: whether an argument may be taken from what
    may not be meant for it.
    """
    tool = match.tool
    inputs = sum_inputs(tool, [other.tool for other in wanted], task)
    if inputs is not None:
        return Draft(match, inputs)
    start, end = region(task.prompt, match, wanted)
    about, waits = task.prompt[start:end], False
    if match is not wanted[0] and needs_result(about, tool):
        known = last_result(task, tool)
        about, waits = (about, True) if known is None else (with_result(about, known), False)
    source = Source(
        texts=(task.prompt[:start] + about + task.prompt[end:],),
        window=(start, start + len(about)),
        earlier=task.earlier,
        facts=tuple(f for call in task.calls if call.name != tool.name for f in call.facts),
        result=_last_text(about, task),
    )
    composer = Composer(source, guesses=guesses)
    composed = composer.compose(tool.slot)
    composed = in_order(tool, composed if isinstance(composed, dict) else {}, source.texts[0])
    if not tool.arguments:
        return Draft(match, (composed,) * _times(about, tool))
    missing = tool.arguments.values() if waits else composer.missing
    lacking = [slot for slot in missing if waits or _is_asked_for(slot, tool)]
    return Draft(match, tuple(_series(composed, composer.taken)), tuple(lacking))


def _last_text(text: str, task: Task) -> str:
    """Return what the last call gave, where a text speaks of it: "email it to Bob"."""
    good = [call.text for call in task.calls if call.text and not call.has_failed]
    return good[-1] if good and _CONTENT.search(text) else ""


def _is_asked_for(slot: Slot, tool: Tool) -> bool:
    """Say whether the user is to be asked for an argument, rather than take a sensible value."""
    if "default" in slot.shape or "const" in slot.shape:
        return False
    if slot.kind in ("choice", "flag", "count"):
        return bool(tool.writes) and _is_essential(slot, tool)
    return not slot.accepts(None)


def _is_essential(slot: Slot, tool: Tool) -> bool:
    """Say whether a choice is what a change is about: all that must be given but whose it is."""
    kinds = {inside.kind for name, inside in tool.arguments.items() if name in tool.required}
    return slot.name in tool.required and kinds <= {slot.kind, *_WHOSE}


def _series(composed: dict[str, Json], taken: Sequence[Taken]) -> Iterator[Json]:
    """Yield an input, and one more for each further value that the text lists with its own."""
    yield composed
    own = [
        one
        for one in taken
        if one.slot.name in composed and same(composed[one.slot.name], one.mention.value)
    ]
    counted = [one for one in own if one.slot.kind in COUNTED]
    if len(counted) > 1:
        yield from _counted_series(composed, counted)
        return
    for one in own:
        listed = list(_listed(one))
        if listed:
            yield from ({**composed, one.slot.name: value} for value in listed)
            return


def _listed(one: Taken) -> Iterator[Json]:
    last = one.mention
    for other in one.others:
        if is_joined(one.text, last, other):
            yield other.value
            last = other


def _counted_series(composed: dict[str, Json], counted: Sequence[Taken]) -> Iterator[Json]:
    """Yield an input for each further group of numbers: 3 by 4 and 5 by 6."""
    counted = sorted(counted, key=lambda one: one.mention.start)
    names = [one.slot.name for one in counted]
    text, last = counted[-1].text, counted[-1].mention
    rest = [number for number in counted[-1].others if number.start >= last.end]
    while len(rest) >= len(names) and is_joined(text, last, rest[0]):
        group, rest = rest[: len(names)], rest[len(names) :]
        last = group[-1]
        yield {**composed, **dict(zip(names, (number.value for number in group), strict=True))}


def _times(text: str, tool: Tool) -> int:
    """Return how often a tool without arguments is wanted: 3 times, two names."""
    for number in numbers(text):
        following = re.match(r"\s*([\w-]+)", text[number.end : number.end + 40])
        word = root(following[1]) if following else ""
        is_count = word == root("times") or any(means(word, own) for own in tool.words)
        if is_count and isinstance(number.value, int) and 1 < number.value <= MAX_CALLS:
            return number.value
    return 2 if re.search(r"\btwice\b", text, re.IGNORECASE) else 1
