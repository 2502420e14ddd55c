"""Widgets: things of a lesson to look at and to play with.

Each has one shape, in two modules. Its state is plain Python: frozen values and the functions that
make them, tested without a browser. Its face draws that state three times: as text, complete, for
where there is nothing else; as HTML without any script, complete, for where there is no kernel;
and, where a person should play, as a thin view in ipywidgets, which is imported when it is shown.

    turn_stepper      calls.py            → call_steps.py
    sequence_stepper  sequence.py         → sequence_steps.py
    broken_turns      puzzles.py          → puzzle_board.py
    parallel_tools    schedule.py         → schedule_chart.py
    event_scrubber    events.py           → event_steps.py
    rosetta           counterparts.py     → counterpart_trees.py
    block_explorer    ways_of_reading.py  → block_table.py
    backoff_timeline  backoff.py          → backoff_chart.py
    CostMeter         bill.py             → cost_meter.py
    CostCalculator    cost_question.py, cost_answer.py → cost_face.py, cost_view.py
    cache_bench       cache_plays.py      → cache_picture.py, cache_view.py

The stream view moves on by itself, so it has a third part between the two, a task on the notebook's
event loop; what moves on is written anew into the cell's output (`live_output.py`).

    StreamView        stream_record.py → stream_run.py → stream_picture.py, stream_view.py
"""

from grader.classroom.widgets.backoff_chart import backoff_timeline
from grader.classroom.widgets.block_table import block_explorer
from grader.classroom.widgets.cache_picture import cache_bench
from grader.classroom.widgets.call_steps import turn_stepper
from grader.classroom.widgets.cost_calculator import CostCalculator
from grader.classroom.widgets.cost_meter import CostMeter
from grader.classroom.widgets.counterpart_trees import rosetta
from grader.classroom.widgets.event_steps import event_scrubber
from grader.classroom.widgets.puzzle_board import broken_turns
from grader.classroom.widgets.schedule_chart import parallel_tools
from grader.classroom.widgets.sequence_steps import sequence_stepper
from grader.classroom.widgets.stream_view import StreamView

__all__ = [
    "CostCalculator",
    "CostMeter",
    "StreamView",
    "backoff_timeline",
    "block_explorer",
    "broken_turns",
    "cache_bench",
    "event_scrubber",
    "parallel_tools",
    "rosetta",
    "sequence_stepper",
    "turn_stepper",
]
