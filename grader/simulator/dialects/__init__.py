"""The protocols that the simulator speaks, each an object: the core has no branch for any of them.

To add one, write its module and put it into DIALECTS; `Simulator(dialects=…)` takes others too.
"""

from grader.simulator.dialects.chat import CHAT
from grader.simulator.dialects.dialect import (
    Asked,
    Counted,
    Counting,
    Dialect,
    Failed,
    LimitNames,
)
from grader.simulator.dialects.messages import MESSAGES, message_events
from grader.simulator.dialects.responses import RESPONSES

DIALECTS = (MESSAGES, CHAT, RESPONSES)
"""Those that a simulator speaks; the first is that of errors at any other path."""

__all__ = [
    "CHAT",
    "DIALECTS",
    "MESSAGES",
    "RESPONSES",
    "Asked",
    "Counted",
    "Counting",
    "Dialect",
    "Failed",
    "LimitNames",
    "message_events",
]
