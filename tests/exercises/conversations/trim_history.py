"""The proof of `trim_history`."""

from tests.exercises.proof import Proof, Wrong

_TRIM = """
def asks(message):
    content = message["content"]
    if message["role"] != "user":
        return False
    return isinstance(content, str) or all(b["type"] != "tool_result" for b in content)

def trim_history(messages, max_exchanges):
    starts = [place for place, message in enumerate(messages) if asks(message)]
    if len(starts) <= max_exchanges:
        return messages
    return messages[starts[-max_exchanges]:] if max_exchanges else []
"""
_ASKS = 'isinstance(content, str) or all(b["type"] != "tool_result" for b in content)'
_SHORT = "    if len(starts) <= max_exchanges:\n        return messages\n"
_CUT = "messages[starts[-max_exchanges]:] if max_exchanges else []"


def _trim(expression: str) -> str:
    return f"def trim_history(messages, max_exchanges):\n    return {expression}"


_WRONG = (
    Wrong("blocks-of-one-kind", _TRIM.replace("isinstance(content, str) or ", ""), 0, "Crashed"),
    Wrong(
        "blocks-of-one-kind",
        _TRIM.replace(_ASKS, 'content[0].get("type") != "tool_result"'),
        0,
        "Crashed",
    ),
    Wrong(
        "blocks-of-one-kind",
        _TRIM.replace('    if message["role"] != "user":\n        return False\n', ""),
        0,
        "Crashed",
    ),
    Wrong("blocks-of-one-kind", _TRIM.replace('b["type"]', "b.type"), 0, "Crashed"),
    Wrong(
        "mutated",
        _TRIM.replace(
            f"return {_CUT}", "del messages[: starts[-max_exchanges] if max_exchanges else None]"
        )
        + "    return messages",
        5,
    ),
    Wrong(
        "mutated",
        _TRIM.replace(
            f"return {_CUT}", "del messages[: starts[-max_exchanges] if max_exchanges else None]"
        ),
    ),
    Wrong(
        "mutated",
        "def trim_history(messages, max_exchanges):\n"
        "    while len(messages) > 2 * max_exchanges:\n"
        "        messages.pop(0)\n"
        "    return messages",
        1,
    ),
    Wrong("not-a-list", _TRIM.replace("return messages[", "x = messages[")),
    Wrong("not-a-list", _TRIM.replace(_CUT, f"iter({_CUT})")),
    Wrong("not-a-list", _TRIM.replace(_CUT, "starts[-max_exchanges]")),
    Wrong("oldest-kept", _trim("messages[: 2 * max_exchanges]"), 2, saw="[0, 1, "),
    Wrong(
        "oldest-kept",
        _TRIM.replace("[starts[-max_exchanges]:]", "[:starts[-max_exchanges]]"),
        3,
    ),
    Wrong("messages-counted", _trim("messages[-max_exchanges:]"), 1),
    Wrong("messages-counted", _trim("messages[max(0, len(messages) - max_exchanges):]"), 2),
    Wrong("starts-with-assistant", _trim("messages[-2 * max_exchanges + 1:]"), 1),
    Wrong(
        "starts-with-assistant",
        _TRIM.replace("[starts[-max_exchanges]:]", "[starts[-max_exchanges] + 1:]"),
        3,
    ),
    Wrong(
        "starts-with-assistant", _trim("messages[-2 * max_exchanges:] if max_exchanges else []"), 2
    ),
    Wrong("torn", _TRIM.replace(_ASKS, "True"), 3, saw="tool_use_id"),
    Wrong("torn", _TRIM.replace("all(b[", "any(b["), 3),
    Wrong(
        "torn",
        _TRIM.replace("all(b[", "content[-1:] and all(b[").replace(
            "in content)", "in content[-1:])"
        ),
        3,
    ),
    Wrong("short-crash", _TRIM.replace(_SHORT, ""), 5, "Crashed"),
    Wrong(
        "short-crash",
        _TRIM.replace(
            _SHORT, "    if len(starts) < max_exchanges:\n        raise ValueError(max_exchanges)\n"
        ),
        5,
        "Crashed",
    ),
    Wrong("none-is-all", _TRIM.replace(" if max_exchanges else []", ""), 5),
    Wrong(
        "none-is-all",
        _TRIM.replace(" else []", " else messages"),
        5,
        saw=" messages came",
    ),
    Wrong(
        "count-off",
        _TRIM.replace("starts[-max_exchanges]", "starts[-max_exchanges - 1]").replace(
            "<= max", "<= 1 + max"
        ),
        3,
        saw="4 of 6 exchanges for max_exchanges=3",
    ),
    Wrong("count-off", _TRIM.replace("starts[-max_exchanges]", "starts[1 - max_exchanges]"), 3),
    Wrong("count-off", _TRIM.replace("else []", "else messages[starts[-1]:]"), 5, saw="=0"),
    Wrong("count-off", _trim("messages")),
    Wrong("count-off", _trim("[]")),
    Wrong("count-off", _TRIM.replace("        return messages\n", "        return []\n"), 5),
    # Only some of what begins an exchange is seen, or too much of it.
    Wrong("count-off", _TRIM.replace(_ASKS, "isinstance(content, str)"), 0),
    Wrong("count-off", _TRIM.replace(_ASKS, '"tool_result" not in str(content)'), 3),
    Wrong(
        "count-off",
        _TRIM.replace(_ASKS, _ASKS.replace("all(", "all(b['type'] == 'text' and ")),
        4,
    ),
    Wrong(
        "count-off",
        _TRIM.replace(
            "if asks(message)]",
            "if asks(message)\n"
            "              and (not place or messages[place - 1]['role'] == 'assistant')]",
        ),
        3,
    ),
    Wrong("end-lost", _TRIM.replace("return messages", "return messages[:-1]"), 2),
    Wrong(
        "end-lost",
        _TRIM.replace(
            "    starts =",
            "    if messages and messages[-1]['role'] == 'user':\n"
            "        messages = messages[:-1]\n    starts =",
        ),
        2,
    ),
    Wrong(
        "end-lost",
        _TRIM.replace(_CUT, f"[m for m in ({_CUT}) if isinstance(m['content'], str)]"),
        3,
    ),
    Wrong(
        "other-turns", _TRIM.replace(_CUT, f"[{{'role': 'user', 'content': 'Hi'}}, *({_CUT})]"), 2
    ),
    Wrong("starts-with-assistant", _TRIM.replace(_CUT, f"({_CUT})[::-1]"), 3),
    Wrong("crash", _trim("messages[-max_exchanges]['messages']"), 0, "Crashed"),
    Wrong(
        "not-started",
        "def trim_history(messages, max_exchanges):\n    raise NotImplementedError",
        0,
        "Not started",
    ),
)

_RIGHT = {
    "it relies on an exchange at the beginning": _TRIM.replace(
        _SHORT, "    if not messages:\n        return []\n"
    ).replace("starts[-max_exchanges]", "starts[-min(max_exchanges, len(starts))]"),
    "whole messages, copied": _TRIM.replace("    return messages[", "    return list(messages)["),
    "backwards, one message at a time": """
def trim_history(messages, max_exchanges):
    kept, turns = [], 0
    for message in reversed(messages):
        if turns == max_exchanges:
            break
        kept.insert(0, message)
        blocks = message["content"] if isinstance(message["content"], list) else []
        if message["role"] == "user" and not any(
            isinstance(block, dict) and block.get("type") == "tool_result" for block in blocks
        ):
            turns += 1
    return kept
""",
    "groups of messages": """
from itertools import chain

def kind(block):
    return block["type"] if isinstance(block, dict) else block.type

def trim_history(messages, max_exchanges):
    print(len(messages), "messages")
    turns = []
    for message in messages:
        content = message["content"]
        kinds = [] if isinstance(content, str) else list(map(kind, content))
        if message["role"] == "user" and "tool_result" not in kinds:
            turns.append([])
        turns[-1].append(dict(message))
    return list(chain.from_iterable(turns[max(0, len(turns) - max_exchanges):]))
""",
    "recursion": """
def trim_history(messages, max_exchanges):
    if not messages or max_exchanges == 0:
        return []
    for start in range(len(messages) - 1, -1, -1):
        content = messages[start]["content"]
        if messages[start]["role"] == "user" and not any(
            isinstance(block, dict) and block["type"] == "tool_result" for block in content
        ):
            return trim_history(messages[:start], max_exchanges - 1) + messages[start:]
    return messages
""",
}

PROOF = Proof("trim_history", wrong=_WRONG, right=_RIGHT)
