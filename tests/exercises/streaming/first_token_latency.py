"""The proof of `first_token_latency`."""

from tests.exercises.proof import Proof, Wrong

_SOLVED = """
def first_token_latency(timed_events):
    for seconds, event in timed_events:
        if event["type"] == "content_block_delta" and event["delta"]["type"] == "text_delta":
            return seconds
    raise ValueError("no text")
"""
_KIND = 'event["type"] == "content_block_delta"'
_DELTA = 'event["delta"]["type"] == "text_delta"'
_IF = f"{_KIND} and {_DELTA}"
_RAISE = '    raise ValueError("no text")'


def _but(*pairs: tuple[str, str]) -> str:
    """Return the right answer with these changes."""
    source = _SOLVED
    for old, new in pairs:
        assert old in source
        source = source.replace(old, new)
    return source


_WRONG = (
    Wrong("event-as-object", _but((_IF, 'event.type == "content_block_delta"')), 0, "Crashed"),
    Wrong("key-missing", _but((_IF, _DELTA)), 0, "Crashed"),
    Wrong("key-missing", _but((_IF, 'event["delta"]')), 0, "Crashed"),
    Wrong("printed", _but(("return seconds", "print(seconds)"), (_RAISE, "")), 0),
    Wrong("not-seconds", _but(("return seconds", "return event")), 0),
    Wrong("not-seconds", _but(("return seconds", "return seconds, event")), 0),
    Wrong("not-seconds", _but(("return seconds", "return f'{seconds} s'")), 0),
    Wrong(
        "reply-begun", "def first_token_latency(timed_events):\n    return timed_events[0][0]", 0
    ),
    Wrong("block-begun", _but((_IF, 'event["type"] == "content_block_start"')), 0),
    Wrong("block-begun", _but((_IF, 'event.get("content_block", {}).get("type") == "text"')), 0),
    Wrong("since-the-start", _but(("return seconds", "return seconds - timed_events[0][0]")), 1),
    Wrong("thinking-counted", _but((_IF, _KIND)), 0),
    Wrong("milliseconds", _but(("return seconds", "return seconds * 1000")), 1),
    Wrong("blank-skipped", _but((_IF, f'{_IF} and event["delta"]["text"].strip()')), 2),
    Wrong(
        "zero-time",
        """
def first_token_latency(timed_events):
    found = None
    for seconds, event in timed_events:
        if event["type"] == "content_block_delta" and event["delta"]["type"] == "text_delta":
            found = seconds
            break
    if not found:
        raise ValueError("no text")
    return found
""",
        2,
        "Crashed",
    ),
    Wrong(
        "later-text", "def first_token_latency(timed_events):\n    return timed_events[-1][0]", 0
    ),
    Wrong("later-text", _but((_IF, 'event["type"] == "content_block_stop"')), 0),
    Wrong("rounded-time", _but(("return seconds", "return round(seconds, 2)")), 1),
    Wrong("rounded-time", _but(("return seconds", "return round(seconds, 1)")), 1),
    Wrong(
        "key-missing",
        _but((_IF, "len(event.get('delta', {}).get('text', '') or event['index'] * '') > 0")),
        0,
        "Crashed",
    ),
    Wrong("key-missing", _but((_IF, f'"delta" in event and {_DELTA}')), 2),
    Wrong("found-none", _but((_DELTA, 'event["delta"]["type"] == "text"')), 0, "Crashed"),
    Wrong("found-none", _but((_IF, 'event["type"] == "text"')), 0, "Crashed"),
    Wrong("found-none", _but((_DELTA, f'event["index"] == 0 and {_DELTA}')), 1, "Crashed"),
    Wrong(
        "found-none",
        (
            "def first_token_latency(timed_events):\n"
            "    return next(t for t, e in timed_events if e['type'] == 'text_delta')"
        ),
        0,
        "Crashed",
    ),
    Wrong(
        "other-event-crash",
        "def first_token_latency(timed_events):\n"
        "    for seconds, event in timed_events:\n"
        "        if event.get('delta', {}).get('text').strip():\n"
        "            return seconds\n"
        "    raise ValueError('no text')",
        0,
        "Crashed",
    ),
    Wrong(
        "later-text",
        _but(
            ("for seconds, event in timed_events", "for seconds, event in reversed(timed_events)")
        ),
        1,
    ),
    Wrong(
        "since-the-start",
        _but(
            (
                "for seconds",
                (
                    "begun = next(t for t, e in timed_events if e['type'] == "
                    "'content_block_start')\n"
                    "    for seconds"
                ),
            ),
            ("return seconds", "return seconds - begun"),
        ),
        0,
    ),
    Wrong(
        "call-counted",
        _but(
            (
                _DELTA,
                (
                    'event["delta"]["type"] != "thinking_delta" and event["delta"]["type"] != '
                    '"signature_delta"'
                ),
            )
        ),
        1,
    ),
    Wrong("other-time", _but(("return seconds", "return seconds * 1.5")), 1),
    Wrong("found-none", _but(("in timed_events", "in timed_events[:-1]")), 2, "Crashed"),
    Wrong("other-time", "def first_token_latency(timed_events):\n    return 0.68", 0),
    Wrong(
        "none-otherwise",
        _but(("    for", "    if not timed_events:\n        raise KeyError('none')\n    for")),
        2,
    ),
    Wrong("none-silent", _but((_RAISE, "    return None")), 2),
    Wrong("none-silent", _but((_RAISE, "    return 0.0")), 2),
    Wrong(
        "call-counted",
        _but(
            (
                _DELTA,
                'event["delta"]["type"] != "thinking_delta" and "signature" not in event["delta"]',
            )
        ),
        1,
    ),
    Wrong("none-otherwise", _but((_RAISE, '    raise RuntimeError("no text")')), 2),
    Wrong(
        "none-otherwise",
        "def first_token_latency(timed_events):\n"
        "    times = [t for t, e in timed_events if e['type'] == 'content_block_delta'\n"
        "             and e['delta']['type'] == 'text_delta']\n"
        "    return times[0]",
        2,
    ),
    Wrong(
        "none-otherwise",
        "def first_token_latency(timed_events):\n"
        "    return next(t for t, e in timed_events if e.get('delta', {}).get('text'))",
        2,
    ),
)

_RIGHT = {
    "the least of all": """
def first_token_latency(timed_events):
    return min(
        seconds
        for seconds, event in timed_events
        if event.get("delta", {}).get("type") == "text_delta"
    )
""",
    "a helper, and an exception of its own": """
class NoText(ValueError):
    pass

def is_text(event):
    match event:
        case {"type": "content_block_delta", "delta": {"type": "text_delta"}}:
            return True
    return False

def first_token_latency(timed_events):
    times = [pair[0] for pair in timed_events if is_text(pair[1])]
    print(len(timed_events), "events")
    if not times:
        raise NoText("this reply has no text")
    return times[0]
""",
    "a dict of the first of each kind": """
def first_token_latency(timed_events):
    first = {}
    for seconds, event in timed_events:
        kind = event.get("delta", {}).get("type") if "index" in event else event["type"]
        first.setdefault(kind, seconds)
    if "text_delta" not in first:
        raise ValueError(f"only {sorted(map(str, first))}")
    return first["text_delta"]
""",
    "for and else": """
def first_token_latency(timed_events):
    for seconds, event in sorted(timed_events, key=lambda pair: pair[0]):
        try:
            if event["delta"]["type"] == "text_delta":
                break
        except KeyError:
            continue
    else:
        raise ValueError("no text")
    return seconds
""",
    "recursion": """
def first_token_latency(timed_events):
    if not timed_events:
        raise ValueError()
    (seconds, event), *rest = timed_events
    delta = event["delta"] if event["type"] == "content_block_delta" else {}
    return seconds if delta.get("type") == "text_delta" else first_token_latency(rest)
""",
}

PROOF = Proof("first_token_latency", wrong=_WRONG, right=_RIGHT)
