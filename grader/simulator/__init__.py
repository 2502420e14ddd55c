"""The Messages API, offline: the same requests, replies, errors and events, without a model.

    simulator = Simulator(replies=Script(text("Hello!")))
    reply = simulator.handle("POST", "/v1/messages", headers, body)

A pure core (`Simulator.handle`) with thin edges (`SimulatorTransport`). Everything it knows of
models comes from the catalog; what reached it is in `simulator.transcript`.
"""

from grader.simulator.core import Replies, Simulator
from grader.simulator.faults import Fault
from grader.simulator.replies import (
    LABEL,
    STOP_REASONS,
    Script,
    Scripted,
    Turn,
    empty,
    improvise,
    refusal,
    text,
    thinking,
    tool_use,
    turn,
)
from grader.simulator.stream import Pace
from grader.simulator.tokens import input_tokens, output_tokens
from grader.simulator.transport import SimulatorTransport
from grader.simulator.validation import NEWEST_VERSION
from grader.simulator.wire import Exchange, Json, Reply, Request, ServerSentEvent

__all__ = [
    "LABEL",
    "NEWEST_VERSION",
    "STOP_REASONS",
    "Exchange",
    "Fault",
    "Json",
    "Pace",
    "Replies",
    "Reply",
    "Request",
    "Script",
    "Scripted",
    "ServerSentEvent",
    "Simulator",
    "SimulatorTransport",
    "Turn",
    "empty",
    "improvise",
    "input_tokens",
    "output_tokens",
    "refusal",
    "text",
    "thinking",
    "tool_use",
    "turn",
]
