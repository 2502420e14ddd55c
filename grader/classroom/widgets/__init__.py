"""Widgets: things of a lesson to look at and to play with.

Each has one shape, in two modules. Its state is plain Python: frozen values and the functions that
make them, tested without a browser. Its face draws that state three times: as text, complete, for
where there is nothing else; as HTML without any script, complete, for where there is no kernel;
and, where a person should play, as a thin view in ipywidgets, which is imported when it is shown.

    turn_stepper      calls.py      → call_steps.py
    sequence_stepper  sequence.py   → sequence_steps.py
    broken_turns      puzzles.py    → puzzle_board.py
    parallel_tools    schedule.py   → schedule_chart.py
    CostCalculator    cost_question.py, cost_answer.py → cost_face.py, cost_view.py
    cache_bench       cache_plays.py → cache_picture.py, cache_view.py
"""

from grader.classroom.widgets.cache_picture import cache_bench
from grader.classroom.widgets.call_steps import turn_stepper
from grader.classroom.widgets.cost_calculator import CostCalculator
from grader.classroom.widgets.puzzle_board import broken_turns
from grader.classroom.widgets.schedule_chart import parallel_tools
from grader.classroom.widgets.sequence_steps import sequence_stepper

__all__ = [
    "CostCalculator",
    "broken_turns",
    "cache_bench",
    "parallel_tools",
    "sequence_stepper",
    "turn_stepper",
]
