"""Lesson 04: tools that fail and run in parallel, structured output, and every stop reason."""

from grader.exams import Lesson, Objective
from grader.exercises.agents.execute_all import execute_all
from grader.exercises.agents.extract_invoice import extract_invoice
from grader.exercises.agents.run_agent import run_agent
from grader.exercises.agents.to_tool_choice import to_tool_choice

LESSON = Lesson(
    name="04_agents",
    title="Agents: tools that fail, run in parallel, return structure",
    minutes=75,
    objectives=(
        Objective("answer several calls in one message", ("execute_all", "run_agent")),
        Objective("turn a failure into a result", ("execute_all",)),
        Objective(
            "let Claude choose a tool, make it use one, or forbid all of them", ("to_tool_choice",)
        ),
        Objective("get JSON that fits a strict schema", ("extract_invoice",)),
        Objective("take thinking through a tool loop", ("run_agent",)),
        Objective("act on every stop reason in one loop", ("run_agent",)),
    ),
    exercises=(execute_all, to_tool_choice, extract_invoice, run_agent),
)

__all__ = ["LESSON"]
