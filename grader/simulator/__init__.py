"""The Messages API, offline: the same requests, replies, errors and events, without a model.

    simulator = Simulator(replies=Script(text("Hello!")))
    reply = simulator.handle("POST", "/v1/messages", headers, body)

A pure core (`core.Simulator.handle`) with thin edges (`transport`, `server`). Everything it knows
of models comes from the catalog; what reached it is in `simulator.transcript`.

A request's way: `core` refuses what is too large, without a key or at no path, a dialect of
`dialects` reads it as a Messages request, and `answering` takes it through the API's order:
`validation` refuses, `reading` leaves out what the model is not to read, `tokens` counts, `limits`
admits, `caching` looks up, `replies` says what comes back, `compacting` makes summaries of it,
`message` puts it into a message. On the way back the dialect writes that as JSON or as
events, which `stream` hands on one by one.
"""

from grader.simulator.binding import Signer
from grader.simulator.blocks import BLOCKS
from grader.simulator.core import Replies, Simulator
from grader.simulator.faults import (
    Fault,
    compaction_unavailable,
    connection_cut,
    credit_too_low,
    overloaded,
    rate_limited,
    server_error,
    spend_limit_reached,
    timed_out,
)
from grader.simulator.identifiers import Identifiers
from grader.simulator.limits import RateLimit
from grader.simulator.replies import (
    LABEL,
    STOP_REASONS,
    Interrupted,
    Script,
    Scripted,
    Turn,
    compaction,
    empty,
    improvise,
    interrupted,
    refusal,
    text,
    thinking,
    tool_use,
    turn,
    with_faults,
)
from grader.simulator.requested import HEADER as FAULT_HEADER
from grader.simulator.stream import Pace
from grader.simulator.tokens import (
    Counter,
    count_prompt,
    estimate_tokens,
    input_tokens,
    installed_counter,
    output_tokens,
)
from grader.simulator.transport import SimulatorTransport, lost_connection
from grader.simulator.validation import NEWEST_VERSION
from grader.simulator.wire import Exchange, Json, Reply, Request, ServerSentEvent

__all__ = [
    "BLOCKS",
    "FAULT_HEADER",
    "LABEL",
    "NEWEST_VERSION",
    "STOP_REASONS",
    "Counter",
    "Exchange",
    "Fault",
    "Identifiers",
    "Interrupted",
    "Json",
    "Pace",
    "RateLimit",
    "Replies",
    "Reply",
    "Request",
    "Script",
    "Scripted",
    "ServerSentEvent",
    "Signer",
    "Simulator",
    "SimulatorTransport",
    "Turn",
    "compaction",
    "compaction_unavailable",
    "connection_cut",
    "count_prompt",
    "credit_too_low",
    "empty",
    "estimate_tokens",
    "improvise",
    "input_tokens",
    "installed_counter",
    "interrupted",
    "lost_connection",
    "output_tokens",
    "overloaded",
    "rate_limited",
    "refusal",
    "server_error",
    "spend_limit_reached",
    "text",
    "thinking",
    "timed_out",
    "tool_use",
    "turn",
    "with_faults",
]
