"""Say what the simulated model answers: what a script says, or what the improviser makes up."""

from grader.simulator.replies.improviser import LABEL, improvise, make_summary
from grader.simulator.replies.script import (
    STOP_REASONS,
    Interrupted,
    Script,
    Scripted,
    Turn,
    compaction,
    empty,
    interrupted,
    refusal,
    text,
    thinking,
    tool_use,
    turn,
    with_faults,
)

__all__ = [
    "LABEL",
    "STOP_REASONS",
    "Interrupted",
    "Script",
    "Scripted",
    "Turn",
    "compaction",
    "empty",
    "improvise",
    "interrupted",
    "make_summary",
    "refusal",
    "text",
    "thinking",
    "tool_use",
    "turn",
    "with_faults",
]
