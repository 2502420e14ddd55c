"""What a notebook of this course imports: clients, checks, and ways to show things.

    from grader.classroom import check, connect, hint, solution

Names are loaded when they are first asked for, so that the import costs almost nothing over
`import anthropic`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.catalog import find_model, load_catalog
    from grader.classroom.checking import CheckResult, check, hint, solution
    from grader.classroom.connection import connect, connect_async, connect_openai
    from grader.classroom.openai_bot import OpenAIBot
    from grader.classroom.progress_table import progress
    from grader.classroom.rehearsals import SimulatedClock, rehearse
    from grader.classroom.scenes import replay, sample_image
    from grader.classroom.showing import (
        expect_error,
        show,
        show_image,
        show_source,
        side_by_side,
    )
    from grader.classroom.streams import replay_events, replay_stream
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
        turn_stepper,
    )
    from grader.exercises import examine
    from grader.simulator import Pace

_HOMES = {
    "CheckResult": "grader.classroom.checking",
    "CostMeter": "grader.classroom.widgets",
    "OpenAIBot": "grader.classroom.openai_bot",
    "Pace": "grader.simulator",
    "CostCalculator": "grader.classroom.widgets",
    "SimulatedClock": "grader.classroom.rehearsals",
    "StreamView": "grader.classroom.widgets",
    "backoff_timeline": "grader.classroom.widgets",
    "block_explorer": "grader.classroom.widgets",
    "broken_turns": "grader.classroom.widgets",
    "cache_bench": "grader.classroom.widgets",
    "check": "grader.classroom.checking",
    "connect": "grader.classroom.connection",
    "connect_async": "grader.classroom.connection",
    "connect_openai": "grader.classroom.connection",
    "event_scrubber": "grader.classroom.widgets",
    "examine": "grader.exercises",
    "expect_error": "grader.classroom.showing",
    "find_model": "grader.catalog",
    "hint": "grader.classroom.checking",
    "load_catalog": "grader.catalog",
    "parallel_tools": "grader.classroom.widgets",
    "progress": "grader.classroom.progress_table",
    "rehearse": "grader.classroom.rehearsals",
    "replay": "grader.classroom.scenes",
    "replay_events": "grader.classroom.streams",
    "replay_stream": "grader.classroom.streams",
    "rosetta": "grader.classroom.widgets",
    "sample_image": "grader.classroom.scenes",
    "sequence_stepper": "grader.classroom.widgets",
    "show": "grader.classroom.showing",
    "show_image": "grader.classroom.showing",
    "show_source": "grader.classroom.showing",
    "side_by_side": "grader.classroom.showing",
    "solution": "grader.classroom.checking",
    "turn_stepper": "grader.classroom.widgets",
}

__all__ = [
    "CheckResult",
    "CostCalculator",
    "CostMeter",
    "OpenAIBot",
    "Pace",
    "SimulatedClock",
    "StreamView",
    "backoff_timeline",
    "block_explorer",
    "broken_turns",
    "cache_bench",
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
    "progress",
    "rehearse",
    "replay",
    "replay_events",
    "replay_stream",
    "rosetta",
    "sample_image",
    "sequence_stepper",
    "show",
    "show_image",
    "show_source",
    "side_by_side",
    "solution",
    "turn_stepper",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
