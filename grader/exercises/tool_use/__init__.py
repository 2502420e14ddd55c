"""Lesson 03: tools, their calls and results, and the loop around them."""

from grader.exams import Lesson, Objective
from grader.exercises.tool_use.convert_tool_history import convert_tool_history
from grader.exercises.tool_use.run_tools import run_tools
from grader.exercises.tool_use.to_anthropic_tool import to_anthropic_tool
from grader.exercises.tool_use.tool_result import tool_result
from grader.exercises.tool_use.tool_uses import tool_uses

LESSON = Lesson(
    name="03_tool_use",
    title="The tool loop",
    minutes=85,
    objectives=(
        Objective("define a tool for Claude", ("to_anthropic_tool",)),
        Objective("find the `tool_use` blocks in any reply", ("tool_uses",)),
        Objective(
            "answer each call by its id, in a user turn", ("tool_result", "convert_tool_history")
        ),
        Objective("loop until there is an answer, and no longer", ("run_tools",)),
    ),
    exercises=(to_anthropic_tool, tool_uses, tool_result, run_tools, convert_tool_history),
)

__all__ = ["LESSON"]
