"""What a notebook of this course imports: clients, checks, and ways to show things.

    from grader.classroom import check, connect, hint, solution

Python loads each name when it is first used, so the import costs almost nothing on top of
`import anthropic`.
"""

import sys
from typing import TYPE_CHECKING

from grader.lazy import loader

if sys.platform == "emscripten":
    # A browser has no threads; the demos of lessons 04 and 08 use some.
    from grader.classroom.without_threads import work_at_once

    work_at_once()

if TYPE_CHECKING:
    from grader.catalog import find_model, load_catalog
    from grader.classroom.calibrating import calibration
    from grader.classroom.checking import CheckResult, check, hint, solution
    from grader.classroom.connection import connect, connect_async, connect_openai
    from grader.classroom.openai_bot import CompletionsBot, ResponsesBot
    from grader.classroom.pictures import picture
    from grader.classroom.predicting import predict
    from grader.classroom.progress_table import progress
    from grader.classroom.rehearsals import SimulatedClock, rehearse
    from grader.classroom.reviewing import review
    from grader.classroom.scenes import replay, sample_image
    from grader.classroom.showing import (
        expect_error,
        show,
        show_image,
        show_source,
        side_by_side,
    )
    from grader.classroom.streams import replay_events, replay_stream
    from grader.classroom.trials import Trial, trial
    from grader.classroom.widgets import (
        CostCalculator,
        CostMeter,
        StreamView,
        backoff_timeline,
        block_explorer,
        broken_turns,
        cache_bench,
        event_scrubber,
        parallel_tools,
        rosetta,
        sequence_stepper,
        token_view,
        turn_stepper,
    )
    from grader.exercises import examine
    from grader.simulator import Pace

__all__ = [
    "CheckResult",
    "CompletionsBot",
    "CostCalculator",
    "CostMeter",
    "Pace",
    "ResponsesBot",
    "SimulatedClock",
    "StreamView",
    "Trial",
    "backoff_timeline",
    "block_explorer",
    "broken_turns",
    "cache_bench",
    "calibration",
    "check",
    "connect",
    "connect_async",
    "connect_openai",
    "event_scrubber",
    "examine",
    "expect_error",
    "find_model",
    "hint",
    "load_catalog",
    "parallel_tools",
    "picture",
    "predict",
    "progress",
    "rehearse",
    "replay",
    "replay_events",
    "replay_stream",
    "review",
    "rosetta",
    "sample_image",
    "sequence_stepper",
    "show",
    "show_image",
    "show_source",
    "side_by_side",
    "solution",
    "token_view",
    "trial",
    "turn_stepper",
]

__getattr__ = loader(__name__)


def __dir__() -> list[str]:
    return __all__
