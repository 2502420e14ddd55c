"""Widgets: parts of a lesson to look at and play with.

They all have the same shape. First the state, in plain Python: frozen values and the functions that
make them, tested without a browser. Then the face, which draws that state in up to three ways: as
complete text, for when there is nothing else; as complete HTML without scripts, for when there is
no kernel; and, if one can play with it, as a thin live view, whose library is imported when shown.
Most widgets are one module; in the larger ones the first module holds the state.

    rosetta           counterpart_rules.py → counterparts.py → counterpart_trees.py
    CostMeter         bill.py → cost_meter.py
    CostCalculator    cost_question.py, cost_answer.py → cost_face.py, cost_view.py
    cache_bench       cache_plays.py → cache_picture.py, cache_bench.py, cache_view.py
    token_view        token_parts.py → token_view.py
    StreamView        stream_record.py → stream_run.py → stream_picture.py, stream_view.py

`stream_run.py` is a task on the notebook's event loop, because that view moves by itself.
"""

from grader.classroom.widgets.backoff_timeline import backoff_timeline
from grader.classroom.widgets.block_explorer import block_explorer
from grader.classroom.widgets.broken_turns import broken_turns
from grader.classroom.widgets.cache_bench import cache_bench
from grader.classroom.widgets.cost_calculator import CostCalculator
from grader.classroom.widgets.cost_meter import CostMeter
from grader.classroom.widgets.counterpart_trees import rosetta
from grader.classroom.widgets.event_scrubber import event_scrubber
from grader.classroom.widgets.parallel_tools import parallel_tools
from grader.classroom.widgets.sequence_stepper import sequence_stepper
from grader.classroom.widgets.stream_view import StreamView
from grader.classroom.widgets.token_view import token_view
from grader.classroom.widgets.turn_stepper import turn_stepper

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
    "token_view",
    "turn_stepper",
]
