"""The proof of `trim_history`."""

from tests.exercises.loops.bare import BARE
from tests.exercises.proof import Proof, Wrong

_TRIM = f"""
{BARE}
def asks(message):
    content = message["content"]
    if message["role"] != "user":
        return False
    return isinstance(content, str) or all(b["type"] != "tool_result" for b in content)

def trim_history(messages, max_exchanges):
    starts = [place for place, message in enumerate(messages) if asks(message)]
    if len(starts) <= max_exchanges:
        return messages
    return bare(messages[starts[-max_exchanges]:] if max_exchanges else [])
"""
_ASKS = 'isinstance(content, str) or all(b["type"] != "tool_result" for b in content)'
_SHORT = "    if len(starts) <= max_exchanges:\n        return messages\n"
_CUT = "bare(messages[starts[-max_exchanges]:] if max_exchanges else [])"
_REBUILT = """
def text(b):
    return b["text"] if isinstance(b, dict) else b.text

def rebuilt(messages):
    return [
        m
        if isinstance(m["content"], str)
        else {
            **m,
            "content": [
                {"type": "text", 'text': text(b)} if hasattr(b, "text") or "text" in b else b
                for b in m["content"]
            ],
        }
        for m in messages
    ]
"""
_LEFT_OUT = 'kind(b) not in ("thinking", "redacted_thinking")'


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
    Wrong("not-a-list", _TRIM.replace(f"return {_CUT}", f"x = {_CUT}")),
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
    Wrong("torn", _trim("messages[-2 * max_exchanges:] if max_exchanges else []"), 2),
    Wrong("torn", _TRIM.replace(_ASKS, "True"), 5, saw="tool_use_id"),
    Wrong("torn", _TRIM.replace("all(b[", "any(b["), 5),
    Wrong(
        "torn",
        _TRIM.replace("all(b[", "content[-1:] and all(b[").replace(
            "in content)", "in content[-1:])"
        ),
        5,
    ),
    Wrong("short-crash", _TRIM.replace(_SHORT, ""), 7, "Crashed"),
    Wrong(
        "short-crash",
        _TRIM.replace(
            _SHORT, "    if len(starts) < max_exchanges:\n        raise ValueError(max_exchanges)\n"
        ),
        7,
        "Crashed",
    ),
    Wrong("none-is-all", _TRIM.replace(" if max_exchanges else []", ""), 7),
    Wrong(
        "none-is-all",
        _TRIM.replace(" else []", " else messages"),
        7,
        saw=" messages came",
    ),
    Wrong(
        "count-off",
        _TRIM.replace("starts[-max_exchanges]", "starts[-max_exchanges - 1]").replace(
            "<= max", "<= 1 + max"
        ),
        2,
        saw="4 of 6 exchanges for max_exchanges=3",
    ),
    Wrong("count-off", _TRIM.replace("starts[-max_exchanges]", "starts[1 - max_exchanges]"), 3),
    Wrong("count-off", _TRIM.replace("else []", "else messages[starts[-1]:]"), 7, saw="=0"),
    Wrong("count-off", _trim("messages")),
    Wrong("count-off", _trim("[]")),
    Wrong("count-off", _TRIM.replace("        return messages\n", "        return []\n"), 7),
    # Only some of what begins an exchange is seen, or too much of it.
    Wrong("count-off", _TRIM.replace(_ASKS, "isinstance(content, str)"), 0),
    Wrong("count-off", _TRIM.replace(_ASKS, '"tool_result" not in str(content)'), 4),
    Wrong(
        "count-off",
        _TRIM.replace(_ASKS, _ASKS.replace("all(", "all(b['type'] == 'text' and ")),
        5,
    ),
    Wrong(
        "count-off",
        _TRIM.replace(
            "if asks(message)]",
            "if asks(message)\n"
            "              and (not place or messages[place - 1]['role'] == 'assistant')]",
        ),
        5,
    ),
    Wrong("end-lost", _TRIM.replace("return messages", "return messages[:-1]"), 7),
    Wrong(
        "end-lost",
        _TRIM.replace(
            "    starts =",
            "    if messages and messages[-1]['role'] == 'user':\n"
            "        messages = messages[:-1]\n    starts =",
        ),
        4,
    ),
    Wrong(
        "end-lost",
        _TRIM.replace(_CUT, f"[m for m in ({_CUT}) if isinstance(m['content'], str)]"),
        3,
    ),
    Wrong("other-turns", _TRIM.replace(_CUT, f"2 * ({_CUT})"), 0),
    # A turn with the role system belongs to the exchange that it stands in.
    *(
        Wrong("instruction-lost", _TRIM.replace(_CUT, f"[m for m in {_CUT} if {kept}]"), 7)
        for kept in ('m["role"] != "system"', 'm["role"] in ("user", "assistant")')
    ),
    Wrong("starts-with-instruction", _TRIM.replace('!= "user"', '== "assistant"'), 6),
    Wrong(
        "turn-made-up",
        _TRIM.replace(
            _CUT, f'[{{**m, "role": "user"}} if m["role"] == "system" else m for m in {_CUT}]'
        ),
        7,
    ),
    # A question may be a picture alone.
    Wrong(
        "count-off",
        _TRIM.replace(_ASKS, f"{_ASKS} and any(b['type'] == 'text' for b in content)"),
        7,
    ),
    Wrong(
        "fields-lost", f"{_REBUILT}{_TRIM}".replace(f"return {_CUT}", f"return rebuilt({_CUT})"), 7
    ),
    Wrong(
        "turn-made-up",
        f"""
def kind(b):
    return b["type"] if isinstance(b, dict) else b.type
{_TRIM}""".replace(
            f"return {_CUT}",
            f"""return [
        m
        if isinstance(m["content"], str)
        else {{**m, "content": [b for b in m["content"] if {_LEFT_OUT}] or "(thinking)"}}
        for m in (messages[starts[-max_exchanges]:] if max_exchanges else [])
    ]""",
        ),
        5,
    ),
    Wrong(
        "turn-made-up", _TRIM.replace(_CUT, f"[{{'role': 'user', 'content': 'Hi'}}, *({_CUT})]"), 2
    ),
    Wrong("starts-with-assistant", _TRIM.replace(_CUT, f"({_CUT})[::-1]"), 3),
    # The same question and answer, twice, are two exchanges.
    Wrong(
        "count-off",
        _TRIM.replace(_CUT, f"list({{repr(each): each for each in {_CUT}}}.values())"),
        7,
    ),
    # What became of thinking.
    Wrong("bound", _TRIM.replace("return bare(", "return ("), 6, saw="a different conversation"),
    *(
        Wrong("bound", _TRIM.replace("return bare(", "return leading(") + source, 6)
        for source in (
            """
from itertools import dropwhile

def leading(messages):
    keeps = lambda b: kind(b) in ("thinking", "redacted_thinking")
    cut = [m if isinstance(m["content"], str) else
           {**m, "content": list(dropwhile(keeps, m["content"]))} for m in messages]
    return [m for m in cut if m["content"]]
""",
            """
def leading(messages):
    kept = []
    for m in messages:
        content = m["content"]
        if not isinstance(content, str):
            thought = [b for b in content if kind(b) in ("thinking", "redacted_thinking")][:2]
            content = [b for b in content if b not in thought[:2]]
        kept += [{**m, "content": content}] if content else []
    return kept
""",
        )
    ),
    Wrong(
        "other-blocks-lost",
        _TRIM.replace("return bare(", "return seen(bare(").replace(" else [])", " else []))")
        + """
def seen(messages):
    cut = [m if isinstance(m["content"], str) else
           {**m, "content": [b for b in m["content"] if kind(b) != "image"]} for m in messages]
    return [m for m in cut if m["content"]]
""",
        5,
        saw="image",
    ),
    Wrong("bound", _TRIM.replace(', "redacted_thinking")', ",)"), 6, saw="redacted_thinking"),
    Wrong("bound", _TRIM.replace(_LEFT_OUT, "kind(b) != 'redacted_thinking'"), 6, saw="'thinking'"),
    Wrong("bound", _TRIM.replace(_LEFT_OUT, f"isinstance(b, dict) or {_LEFT_OUT}"), 6),
    Wrong("objects-unseen", _TRIM.replace(_LEFT_OUT, f"not isinstance(b, dict) or {_LEFT_OUT}"), 6),
    Wrong(
        "objects-unseen",
        _TRIM.replace(
            _LEFT_OUT,
            _LEFT_OUT.replace("kind(b)", "(b.get('type') if isinstance(b, dict) else None)"),
        ),
        6,
    ),
    Wrong(
        "objects-unseen",
        _TRIM.replace(_LEFT_OUT, f"not getattr(b, 'thinking', 'no') or {_LEFT_OUT}"),
        6,
    ),
    Wrong(
        "bound",
        _TRIM.replace(
            f"[b for b in content if {_LEFT_OUT}]",
            "content[str(kind(content[0])).endswith('thinking'):]",
        ),
        6,
    ),
    Wrong(
        "bound",
        _TRIM.replace(
            "if isinstance(content, list):", "if isinstance(content, list) and len(kept) < 2:", 1
        ),
        6,
    ),
    Wrong(
        "emptied",
        _TRIM.replace("        if content:\n            kept", "        kept"),
        6,
        saw="non-empty content",
    ),
    Wrong(
        "thoughts-gone",
        _TRIM.replace("        return messages\n", "        return bare(messages)\n"),
        7,
    ),
    Wrong(
        "thoughts-gone",
        _TRIM.replace(_SHORT, "    max_exchanges = min(max_exchanges, len(starts))\n"),
        7,
    ),
    Wrong(
        "mutated",
        _TRIM.replace(
            'kept.append({**message, "content": content})',
            'message["content"] = content\n            kept.append(message)',
        ),
        7,
        saw="other content",
    ),
    Wrong(
        "other-blocks-lost", _TRIM.replace(_LEFT_OUT, "kind(b) != 'tool_use' and " + _LEFT_OUT), 6
    ),
    *(
        Wrong(
            "other-blocks-lost", _TRIM.replace(_LEFT_OUT, f"kind(b) in {kept} and " + _LEFT_OUT), 5
        )
        for kept in (
            "('text', 'tool_use', 'tool_result')",
            "('text', 'tool_use', 'tool_result', 'document')",
        )
    ),
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
        _SHORT, "    if not messages or max_exchanges >= len(starts):\n        return messages\n"
    ).replace("starts[-max_exchanges]", "starts[len(starts) - max_exchanges]"),
    "whole messages, copied": _TRIM.replace("return bare(", "return bare(list(messages) and "),
    "dicts for the SDK's blocks, and text alone as a str": _TRIM.replace(
        "        if content:",
        "            content = [b if isinstance(b, dict) else b.to_dict() for b in content]\n"
        "        if [kind(b) for b in content] == ['text'] and message['role'] == 'assistant':\n"
        "            content = content[0]['text']\n"
        "        if content:",
    ).replace(
        "[kind(b) for b in content] ==",
        "isinstance(content, list) and [kind(b) for b in content] ==",
    ),
    "backwards, one message at a time": BARE
    + """
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
    return kept if len(kept) == len(messages) else bare(kept)
""",
    "groups of messages": BARE
    + """
from itertools import chain

def trim_history(messages, max_exchanges):
    print(len(messages), "messages")
    turns = []
    for message in messages:
        content = message["content"]
        kinds = [] if isinstance(content, str) else list(map(kind, content))
        if message["role"] == "user" and "tool_result" not in kinds:
            turns.append([])
        turns[-1].append(dict(message))
    if max_exchanges >= len(turns):
        return messages
    return bare(chain.from_iterable(turns[len(turns) - max_exchanges:]))
""",
    "recursion": BARE
    + """
def newest(messages, max_exchanges):
    if not messages or max_exchanges == 0:
        return []
    for start in range(len(messages) - 1, -1, -1):
        content = messages[start]["content"]
        if messages[start]["role"] == "user" and not any(
            isinstance(block, dict) and block["type"] == "tool_result" for block in content
        ):
            return newest(messages[:start], max_exchanges - 1) + messages[start:]
    return messages

def trim_history(messages, max_exchanges):
    left = newest(messages, max_exchanges)
    return left if len(left) == len(messages) else bare(left)
""",
    "what is not signed": """
def trim_history(messages, max_exchanges):
    def part(block, name):
        return block.get(name) if isinstance(block, dict) else getattr(block, name, None)

    starts = [
        place
        for place, each in enumerate(messages)
        if each["role"] == "user"
        and not any(part(block, "tool_use_id") for block in each["content"])
    ]
    if max_exchanges >= len(starts):
        return list(messages)
    left = messages[starts[-max_exchanges]:] if max_exchanges else []
    shorter = []
    for each in left:
        content = each["content"]
        if not isinstance(content, str):
            content = [b for b in content if not part(b, "signature") and not part(b, "data")]
        shorter += [{"role": each["role"], "content": content}] if content else []
    return shorter
""",
}

PROOF = Proof("trim_history", wrong=_WRONG, right=_RIGHT)
