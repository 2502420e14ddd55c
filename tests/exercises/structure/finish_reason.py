"""The proof of `finish_reason`."""

from tests.exercises.proof import Proof, Wrong

_REASON = """
def finish_reason(message):
    words = {
        "end_turn": "stop", "stop_sequence": "stop",
        "max_tokens": "length", "model_context_window_exceeded": "length",
        "tool_use": "tool_calls", "refusal": "content_filter",
    }
    if message.stop_reason not in words:
        raise ValueError(f"no word for {message.stop_reason}")
    return words[message.stop_reason]
"""
_KNOWN = "message.stop_reason not in words"
_RAISE = 'raise ValueError(f"no word for {message.stop_reason}")'

_WRONG = (
    *(
        Wrong(
            "unknown-as-stop", _REASON.replace("words = {", f'words = {{"compaction": "{word}",'), 4
        )
        for word in ("length", "stop")
    ),
    Wrong("returned-as-is", "def finish_reason(message):\n    return message.stop_reason"),
    Wrong("returned-as-is", _REASON.replace('"tool_calls"', '"tool_use"'), 4),
    Wrong(
        "printed",
        _REASON.replace("return words[message.stop_reason]", "print(words[message.stop_reason])"),
        1,
    ),
    Wrong("reason-missing", _REASON.replace(', "refusal": "content_filter"', ""), 4),
    Wrong(
        "reason-missing",
        _REASON.replace(' "model_context_window_exceeded": "length",', "").replace(_KNOWN, "0"),
        3,
    ),
    Wrong("reason-missing", _REASON.replace("return ", "return message.content[0] and "), 1),
    Wrong("refusal-as-stop", _REASON.replace('"content_filter"', '"stop"'), 4),
    Wrong("window-as-stop", _REASON.replace('exceeded": "length"', 'exceeded": "stop"'), 4),
    Wrong("window-as-stop", _REASON.replace('"length"', '"max_length"'), 4),
    Wrong(
        "sequence-not-stop",
        _REASON.replace('sequence": "stop"', 'sequence": "length"'),
        4,
    ),
    Wrong("sequence-not-stop", "def finish_reason(message):\n    pass"),
    Wrong("tool-use-lost", _REASON.replace('"tool_calls"', '"stop"'), 4),
    Wrong("tool-use-lost", _REASON.replace('"tool_calls"', "None"), 4),
    Wrong("unknown-as-stop", _REASON.replace(_RAISE, 'return "stop"'), 4),
    Wrong("unknown-as-stop", _REASON.replace(_RAISE, "return None"), 4),
    Wrong("unknown-as-stop", _REASON.replace(_RAISE, 'return ValueError("unknown")'), 4),
    Wrong(
        "unknown-as-stop",
        _REASON.replace('"refusal"', '"pause_turn": "stop", "refusal"'),
        4,
        saw="pause_turn",
    ),
    Wrong("unknown-key-error", _REASON.replace(_KNOWN, "False"), 4),
    Wrong("unknown-key-error", _REASON.replace("ValueError", "RuntimeError"), 4),
    Wrong("unknown-key-error", _REASON.replace(_RAISE, "raise NotImplementedError"), 4),
    Wrong("unknown-key-error", _REASON.replace(_RAISE, "assert False"), 4),
    Wrong(
        "no-choices",
        "def finish_reason(message):\n    return message.choices[0].finish_reason",
        0,
        "Crashed",
    ),
    Wrong("message-attribute", _REASON.replace(".stop_reason", ".finish_reason"), 0, "Crashed"),
    Wrong("message-as-dict", _REASON.replace(".stop_reason", "['stop_reason']"), 0, "Crashed"),
    Wrong("crash", _REASON.replace("message.stop_reason not", "reason not"), 0, "Crashed"),
    # It looks at the reply in place of the reason.
    Wrong(
        "content-decides",
        _REASON.replace(
            "    if mess",
            "    if any(b.type == 'tool_use' for b in message.content):\n"
            "        return 'tool_calls'\n    if mess",
            1,
        ),
        1,
        saw="tool_calls for end_turn",
    ),
    Wrong(
        "content-decides",
        _REASON.replace(
            "    if mess",
            "    if not message.content:\n        return 'content_filter'\n    if mess",
            1,
        ),
        1,
    ),
    Wrong(
        "refusal-as-stop",
        _REASON.replace(
            "    return",
            "    if message.stop_reason == 'refusal' and message.content:\n"
            "        return 'stop'\n    return",
        ),
        4,
    ),
    # A part of a reason in place of the whole.
    Wrong(
        "unknown-as-stop",
        """
def finish_reason(message):
    reason = message.stop_reason
    if reason.startswith("end_turn") or reason == "stop_sequence":
        return "stop"
    if reason in ("max_tokens", "model_context_window_exceeded"):
        return "length"
    if reason in ("tool_use", "refusal"):
        return "tool_calls" if reason == "tool_use" else "content_filter"
    raise ValueError(reason)
""",
        4,
    ),
    Wrong(
        "unknown-as-stop",
        """
def finish_reason(message):
    reason = message.stop_reason
    if "max" in reason or "exceeded" in reason:
        return "length"
    for part, word in {"end": "stop", "stop": "stop", "tool": "tool_calls"}.items():
        if reason.startswith(part):
            return word
    if reason == "refusal":
        return "content_filter"
    raise ValueError(reason)
""",
        4,
    ),
    Wrong("sequence-not-stop", _REASON.replace('"stop", "stop_', '"finished", "stop_'), 4),
    Wrong(
        "unknown-as-stop",
        _REASON.replace(f"    if {_KNOWN}:\n        {_RAISE}\n", "").replace(
            "words[message.stop_reason]", "words.get(message.stop_reason)"
        ),
        4,
    ),
    Wrong(
        "unknown-as-stop",
        _REASON.replace(f"    if {_KNOWN}:\n        {_RAISE}\n", "").replace(
            "words[message.stop_reason]", "words.get(message.stop_reason, 'stop')"
        ),
        4,
    ),
    Wrong("reason-missing", _REASON.replace(' "max_tokens": "length",', ""), 4, saw="max_tokens"),
    Wrong("unknown-key-error", _REASON.replace(f"    if {_KNOWN}:\n        {_RAISE}\n", ""), 4),
)

_RIGHT = {
    "branches": """
def finish_reason(message):
    reason = message.stop_reason
    if reason in ("end_turn", "stop_sequence"):
        return "stop"
    if reason in ("max_tokens", "model_context_window_exceeded"):
        return "length"
    if reason == "tool_use":
        return "tool_calls"
    if reason == "refusal":
        return "content_filter"
    raise ValueError(reason)
""",
    "a lookup that translates the error": """
WORDS = dict(end_turn="stop", stop_sequence="stop", max_tokens="length", tool_use="tool_calls",
             model_context_window_exceeded="length", refusal="content_filter")

class UnknownReason(ValueError):
    pass

def finish_reason(message):
    try:
        return WORDS[message.stop_reason]
    except KeyError:
        raise UnknownReason(message.stop_reason) from None
""",
    "enumerations on both sides": """
from enum import Enum, StrEnum

class Finish(StrEnum):
    STOP = "stop"
    LENGTH = "length"
    TOOL_CALLS = "tool_calls"
    CONTENT_FILTER = "content_filter"

class Stop(Enum):
    end_turn = "end_turn"
    stop_sequence = "stop_sequence"
    max_tokens = "max_tokens"
    model_context_window_exceeded = "model_context_window_exceeded"
    tool_use = "tool_use"
    refusal = "refusal"

def finish_reason(message):
    reason = Stop(message.stop_reason)
    if reason is Stop.refusal:
        return Finish.CONTENT_FILTER
    if reason is Stop.tool_use:
        return Finish.TOOL_CALLS
    return Finish.LENGTH if reason.name.startswith("m") else Finish.STOP
""",
    "by match, noisily": """
import sys

def finish_reason(message):
    print("stopped:", message.stop_reason, file=sys.stderr)
    match message.to_dict()["stop_reason"]:
        case "end_turn" | "stop_sequence":
            word = "stop"
        case "max_tokens" | "model_context_window_exceeded":
            word = "length"
        case "tool_use":
            word = "tool_calls"
        case "refusal":
            word = "content_filter"
        case other:
            raise ValueError("no word for " + other) from LookupError(other)
    return word
""",
}

PROOF = Proof("finish_reason", wrong=_WRONG, right=_RIGHT)
