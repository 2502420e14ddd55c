"""Do sums with a learner's tools, step by step: 12 times 7 plus 5 is multiply, then add."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.simulator.replies.language import Step, means, numbers, root, steps, sums
from grader.simulator.replies.planning.task import Task
from grader.simulator.replies.planning.tool import Tool
from grader.simulator.replies.values import same
from grader.simulator.wire import Json

_RESULT = re.compile(
    r"\b(?:the |that |this )?(?:result|answer|outcome)\b|\b(?:it|that)\b", re.IGNORECASE
)
_SWAPPED = re.compile(r"\b(?:subtract|take|deduct)\s+(\S+)\s+from\b", re.IGNORECASE)

Number = int | float


def sum_inputs(tool: Tool, tools: Sequence[Tool], task: Task) -> tuple[Json, ...] | None:
    """Return the inputs with which a tool does its steps of the prompt's sums.

    A step that needs another's result comes when that is there. None where there is no sum, or
    the tools have no such step.
    """
    found = [step for mention in sums(task.prompt) for step in steps(str(mention.value))]
    doers = [next((t for t in tools if _does(t, step)), None) for step in found]
    if tool not in doers or None in doers:
        return None
    results: list[tuple[Step, Number | None]] = []
    inputs: list[Json] = []
    for step, doer in zip(found, doers, strict=True):
        left, right = (_operand(side, results) for side in (step.left, step.right))
        if doer is None or left is None or right is None:
            results.append((step, None))
            continue
        tool_input = dict(zip(doer.numbers, (left, right), strict=True))
        results.append((step, _outcome(doer, tool_input, task)))
        if doer is tool:
            inputs.append(tool_input)
    return tuple(inputs)


def needs_result(text: str, tool: Tool) -> bool:
    """Say whether a text has fewer numbers than a tool takes, and a word for an earlier result."""
    lacks = len(numbers(text)) < len(tool.numbers) == len(tool.arguments)
    return lacks and _RESULT.search(text) is not None


def last_result(task: Task, tool: Tool) -> Number | None:
    """Return the number that the last call of another tool came to."""
    known = [call.number for call in task.calls if call.name != tool.name]
    return known[-1] if known else None


def with_result(text: str, result: Number) -> str:
    """Return a text with a number in the place of "the result"."""
    return _RESULT.sub(str(result), text, count=1)


def in_order(tool: Tool, tool_input: dict[str, Json], text: str) -> dict[str, Json]:
    """Return an input with its numbers in the order of the sum: "subtract 1 from 2" is 2 - 1."""
    swapped = _SWAPPED.search(text)
    is_difference = any(means(word, root("subtract")) for word in tool.words)
    if swapped is None or not is_difference or len(tool.numbers) != len(("left", "right")):
        return tool_input
    first, second = tool.numbers
    if str(tool_input.get(first)) != swapped[1] or second not in tool_input:
        return tool_input
    return {**tool_input, first: tool_input[second], second: tool_input[first]}


def _does(tool: Tool, step: Step) -> bool:
    named = any(means(word, root(step.name)) for word in tool.words)
    return named and len(tool.numbers) == len((step.left, step.right))


def _operand(side: Number | Step, results: Sequence[tuple[Step, Number | None]]) -> Number | None:
    if not isinstance(side, Step):
        return side
    return next(result for step, result in results if step is side)


def _outcome(tool: Tool, tool_input: Json, task: Task) -> Number | None:
    """Return what a call came to that was made before."""
    made = (c for c in task.calls if c.name == tool.name and same(c.tool_input, tool_input))
    return next((call.number for call in made), None)
