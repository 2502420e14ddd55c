"""Plan the next tool calls from what is asked, what the tools can do, and what they have said.

Nothing is kept between two plans: the calls made so far are read from the conversation. In order:
a call that failed is tried once more where its error says what is allowed; all that can be looked
up is looked up, side by side; then what changes something is called, one tool after the other.
What a tool lacks comes from the prompt, from results, or from another tool that can look it up;
else the user is asked for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.simulator.replies.language import means, words_of_text
from grader.simulator.replies.planning.drafting import MAX_CALLS, Draft, draft
from grader.simulator.replies.planning.matching import Match, find_matches
from grader.simulator.replies.planning.retry import is_left_failed, retry
from grader.simulator.replies.planning.task import Task
from grader.simulator.replies.planning.tool import Tool
from grader.simulator.replies.values import Composer, Slot, Source, same
from grader.simulator.wire import Json

_MAX_MADE = 40
"""After so many calls for one prompt there is an answer, whatever is still wanted."""

_DESCRIBING = 500


@dataclass(frozen=True)
class Planned:
    """Hold a call to make."""

    tool: Tool
    tool_input: Json


@dataclass(frozen=True)
class Plan:
    """Hold what comes next: calls, or a question, or neither where there is nothing left to do.

    lacking: the tool that the question is about, and the arguments that nothing gives.
    """

    calls: tuple[Planned, ...] = ()
    lacking: tuple[Tool, tuple[Slot, ...]] | None = None


def plan(task: Task, tools: Sequence[Tool]) -> Plan:
    """Return what to do next where the model may choose whether to call a tool."""
    if len(task.calls) >= _MAX_MADE:
        return Plan()
    drafts = _drafts(_wanted(task, tools), task, guesses=False)
    drafts = [one for one in drafts if not any(_replaces(other, one) for other in drafts)]
    ready = _again(task, tools) or _pending(task, _looks(drafts))
    has_failed = any(is_left_failed(call, task.calls) for call in task.calls)
    if not ready and not has_failed:
        ready = _pending(task, _providers(drafts, tools, task))[:1]
    # Where something could not be looked up, nothing is changed.
    if ready or has_failed:
        return Plan(ready[:MAX_CALLS])
    drafts = _drafts([one.match for one in drafts], task, guesses=True)
    if ready := _pending(task, _looks(drafts)):
        return Plan(ready[:MAX_CALLS])
    for one in drafts:
        if one.missing:
            return Plan(lacking=(one.tool, one.missing))
        if ready := _pending(task, [one]):
            return Plan(ready[:MAX_CALLS])
    return Plan()


def plan_forced(task: Task, tools: Sequence[Tool]) -> Plan:
    """Return the calls where one of the tools must be called, whether it fits or not."""
    wanted = _wanted(task, tools) or [Match(tools[0], 0, frozenset(), 0)]
    drafts = [replace(one, missing=()) for one in _drafts(wanted, task, guesses=True)]
    ready = _again(task, tools) or _pending(task, _looks(drafts)) or _pending(task, drafts)
    if not ready:
        # Every call was made before. The API calls again all the same, so that a loop never ends.
        inputs = [Planned(one.tool, tool_input) for one in drafts for tool_input in one.inputs]
        ready = tuple(inputs[:1]) or (_sampled(tools[0]),)
    return Plan(ready[:MAX_CALLS])


def _wanted(task: Task, tools: Sequence[Tool]) -> list[Match]:
    asked = find_matches(tools, task.prompt)
    # "And in Tokyo?" goes on with what was asked before, but all of it is about Tokyo.
    return asked or [replace(match, start=0) for match in find_matches(tools, task.topic)]


def _drafts(wanted: Sequence[Match], task: Task, *, guesses: bool) -> list[Draft]:
    return [draft(match, wanted, task, guesses=guesses) for match in wanted]


def _looks(drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts of tools that change nothing."""
    return [one for one in drafts if not one.tool.writes]


def _again(task: Task, tools: Sequence[Tool]) -> tuple[Planned, ...]:
    """Return the failed calls that are worth another try."""
    return tuple(
        Planned(tool, tool_input)
        for tool in tools
        for tool_input in retry(tool.slot, [call for call in task.calls if call.name == tool.name])
    )


def _replaces(one: Draft, other: Draft) -> bool:
    """Say whether the same words ask for either tool, and one can be called now, or comes first."""
    if one is other or one.tool.writes or other.tool.writes or one.missing:
        return False
    if one.match.is_named or one.match.places != other.match.places:
        return False
    return bool(other.missing) or one.match.rank < other.match.rank


def _pending(task: Task, drafts: Sequence[Draft]) -> tuple[Planned, ...]:
    """Return the calls of complete drafts that were not made yet."""
    return tuple(
        Planned(one.tool, tool_input)
        for one in drafts
        if not one.missing
        for tool_input in _not_made(one, task)
    )


def _not_made(one: Draft, task: Task) -> list[Json]:
    """Return the inputs of calls that were not made yet.

    One call made stands for one call wanted, since a die may be rolled three times; and one with
    another input stands for the call we would make: the model that made it had its reasons.
    """
    made = [call.tool_input for call in task.calls if call.name == one.tool.name]
    left = []
    for tool_input in one.inputs:
        known = next((i for i, other in enumerate(made) if same(other, tool_input)), None)
        if known is None:
            left.append(tool_input)
        else:
            del made[known]
    return left[len(made) :]


def _providers(drafts: Sequence[Draft], tools: Sequence[Tool], task: Task) -> list[Draft]:
    """Return calls of other tools that can look up what is missing."""
    found = []
    for one in drafts:
        for slot in one.missing:
            for tool in tools:
                if tool is not one.tool and not tool.writes and _provides(tool, slot):
                    match = Match(tool, len(task.prompt), frozenset(), 0)
                    found.append(draft(match, [match], task, guesses=False))
    return [one for one in found if not one.missing and one.tool.arguments]


def _provides(tool: Tool, slot: Slot) -> bool:
    """Say whether a tool may give an argument: it is about what the argument belongs to."""
    told = {word.root for word in words_of_text(tool.description[:_DESCRIBING])}
    return any(means(word, noun) for word in {*tool.words, *told} for noun in slot.nouns)


def _sampled(tool: Tool) -> Planned:
    composed = Composer(Source(("",)), guesses=False).compose(tool.slot)
    return Planned(tool, composed if isinstance(composed, dict) else {})
