"""Plan what a model with tools does next, and say it in plain sentences.

`read_task` reads the conversation, `plan` says which calls come next, and `sentences` has the words
before, between and after them.
"""

from grader.simulator.replies.planning.planner import Plan, Planned, plan, plan_forced
from grader.simulator.replies.planning.sentences import announce, ask, report
from grader.simulator.replies.planning.task import Call, Task, read_task
from grader.simulator.replies.planning.tool import Tool, read_tool

__all__ = [
    "Call",
    "Plan",
    "Planned",
    "Task",
    "Tool",
    "announce",
    "ask",
    "plan",
    "plan_forced",
    "read_task",
    "read_tool",
    "report",
]
