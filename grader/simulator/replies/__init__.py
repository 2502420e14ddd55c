"""Say what the simulated model answers: what a script says, or what the improviser makes up."""

from grader.simulator.replies.improviser import LABEL, improvise
from grader.simulator.replies.script import (
    STOP_REASONS,
    Script,
    Scripted,
    Turn,
    empty,
    refusal,
    text,
    thinking,
    tool_use,
    turn,
)

__all__ = [
    "LABEL",
    "STOP_REASONS",
    "Script",
    "Scripted",
    "Turn",
    "empty",
    "improvise",
    "refusal",
    "text",
    "thinking",
    "tool_use",
    "turn",
]
