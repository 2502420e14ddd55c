"""The proof of `tool_inputs`."""

from tests.exercises.proof import Proof, Wrong

_SOLVED = """
import json

def tool_inputs(events):
    calls, names, written = [], {}, {}
    for event in events:
        kind = event["type"]
        if kind == "content_block_start" and event["content_block"]["type"] == "tool_use":
            names[event["index"]] = event["content_block"]["name"]
            written[event["index"]] = ""
        elif kind == "content_block_delta" and event["index"] in names:
            written[event["index"]] += event["delta"]["partial_json"]
        elif kind == "content_block_stop" and event["index"] in names:
            tool_input = json.loads(written[event["index"]] or "{}")
            calls.append((names[event["index"]], tool_input))
    return calls
"""
_INPUT = 'written[event["index"]] += event["delta"]["partial_json"]'
_PARSED = 'json.loads(written[event["index"]] or "{}")'
_IS_DELTA = ' and event["index"] in names'
_PAIR = '(names[event["index"]], tool_input)'
_IS_CALL = 'event["content_block"]["type"] == "tool_use"'
_TYPE = 'event["content_block"]["type"]'
_BEGUN = 'event["content_block"]["name"]'
_APPEND = f"calls.append({_PAIR})"
_BY_NAME = 'done[names[event["index"]]] = tool_input'
_LOOSE = (
    'written[event["index"]] = written.get(event["index"], "") + event["delta"].get("partial_json")'
)
_STOP = '        elif kind == "content_block_stop" and event["index"] in names:\n'
_REUSE = (
    "def tool_inputs(events):\n"
    "    return [(b['name'], b['input']) for b in accumulate(events)['content']\n"
    "            if b['type'] == 'tool_use']\n"
)


def _but(*pairs: tuple[str, str]) -> str:
    """Return the right answer with these changes."""
    source = _SOLVED
    for old, new in pairs:
        assert old in source
        source = source.replace(old, new)
    return source


# Blocks may alternate, so what is kept of one call alone is lost or mixed.
_ONE_AT_A_TIME = """
import json

def tool_inputs(events):
    calls, name, pieces = [], None, []
    for event in events:
        match event:
            case {"content_block": {"type": "tool_use", "name": begun}}:
                name, pieces = begun, []
            case {"delta": {"type": "input_json_delta", "partial_json": piece}}:
                pieces += [piece]
            case {"type": "content_block_stop"} if name is not None:
                calls += [(name, json.loads("".join(pieces)) if any(pieces) else {})]
                name = None
    return calls
"""
_BUFFER = """
import json

def tool_inputs(events):
    calls, name, written = [], None, ""
    for event in events:
        if event["type"] == "content_block_start" and event["content_block"]["type"] == "tool_use":
            name = event["content_block"]["name"]
        elif event["type"] == "content_block_delta":
            written += event["delta"].get("partial_json", "")
        elif event["type"] == "content_block_stop" and name:
            calls.append((name, json.loads(written or "{}")))
            name, written = None, ""
    return calls
"""

_WRONG = (
    Wrong("calls-mixed", _ONE_AT_A_TIME, 3),
    Wrong("calls-mixed", _BUFFER, 3),
    Wrong(
        "calls-mixed", _but((_INPUT, 'written[max(written)] += event["delta"]["partial_json"]')), 3
    ),
    Wrong(
        "code-calls-missing",
        _but(
            (
                '["content_block"]["type"] == "tool_use"',
                (
                    '["content_block"].get("caller") == {"type": "direct"}'
                    ' and event["content_block"]["type"] == "tool_use"'
                ),
            )
        ),
        3,
    ),
    Wrong(
        "listed-twice",
        """
import json

def tool_inputs(events):
    calls, name, written = [], None, ""
    for event in events:
        if event["type"] == "content_block_start" and event["content_block"]["type"] == "tool_use":
            name, written = event["content_block"]["name"], ""
        elif event["type"] == "content_block_delta":
            if name and event["delta"]["type"] == "input_json_delta":
                written += event["delta"]["partial_json"]
        elif event["type"] == "content_block_stop" and name:
            calls.append((name, json.loads(written or "{}")))
    return calls
""",
        3,
    ),
    Wrong("not-tuples", _but((_PAIR, _PAIR.replace("(", "[", 1).replace(")", "]"))), 3),
    # A call that has stopped is complete, however the reply ends.
    *(
        Wrong(
            "calls-by-reason",
            _but(
                (
                    "    return calls",
                    (
                        "    for event in events:\n"
                        f'        if event["type"] == "message_delta" and {otherwise}:\n'
                        "            return []\n    return calls"
                    ),
                )
            ),
            3,
        )
        for otherwise in (
            'event["delta"]["stop_reason"] != "tool_use"',
            'event["delta"]["stop_reason"] == "pause_turn"',
            'event["delta"]["stop_reason"] not in ("tool_use", "end_turn", "pause_turn")',
        )
    ),
    # Which calls are the API's own is said by the block's type, not by a name.
    *(
        Wrong("calls-missing", _but(*changes), 3, saw=saw)
        for changes, saw in (
            ([(_IS_CALL, f"{_IS_CALL} and {_BEGUN} != 'web_search'")], "web_search"),
            ([(_IS_CALL, f"{_IS_CALL} and {_BEGUN} == {_BEGUN}.lower()")], "getWeather"),
            ([("return calls", "return calls[:2]")], "Bash"),
            ([("return calls", "return calls[-2:]")], "Bash"),
        )
    ),
    *(
        Wrong(
            "calls-missing",
            _but((_IS_CALL, f"'tool_use' in {_TYPE} and {_BEGUN} not in {names}")),
            3,
        )
        for names in ("('web_search',)", "('web_search', 'web_fetch', 'code_execution')")
    ),
    Wrong("other-calls", _but((_PARSED, _PARSED[:-1] + ", parse_float=str)")), 3, saw="share"),
    Wrong("other-order", _but(("return calls", "return sorted(calls, key=lambda c: c[0])")), 3),
    Wrong(
        "wrong-block-closed",
        _but(
            (_STOP, _STOP.replace('event["index"] in names', "names")),
            (
                'tool_input = json.loads(written[event["index"]]',
                "last = max(names)\n            tool_input = json.loads(written[last]",
            ),
            (_APPEND, "calls.append((names.pop(last), tool_input))"),
        ),
        3,
    ),
    Wrong("not-tuples", _but((_APPEND, "calls.append({'name': names[event['index']]})")), 0),
    Wrong("event-as-object", _but(('event["type"]\n', "event.type\n")), 0, "Crashed"),
    Wrong(
        "printed", _but((_APPEND, "calls.append(event['index'])"), ("return calls", "print(calls)"))
    ),
    Wrong("not-a-list", _but(("return calls", "return dict(calls)"))),
    Wrong("not-a-list", _but(("return calls", "return"))),
    Wrong(
        "parsed-early",
        _but((_INPUT, 'written[event["index"]] = json.loads(event["delta"]["partial_json"])')),
    ),
    Wrong(
        "parsed-early",
        _but((_INPUT, _INPUT + '\n            print(json.loads(written[event["index"]]))')),
    ),
    Wrong(
        "input-from-start",
        "def tool_inputs(events):\n"
        "    blocks = [e['content_block'] for e in events if e['type'] == 'content_block_start']\n"
        "    return [(b['name'], b['input']) for b in blocks if b['type'] == 'tool_use']\n",
        0,
    ),
    Wrong("input-not-parsed", _but((_PARSED, 'written[event["index"]]'))),
    Wrong("other-calls", _but(('["content_block"]["name"]', '["content_block"]["id"]'))),
    Wrong("nothing-found", _but(("return calls", "return []")), 0),
    Wrong("other-order", _but(("return calls", "return calls[::-1]")), 3),
    Wrong("calls-missing", _but(("return calls", "return calls[:1]")), 2),
    Wrong("calls-missing", _but(('names[event["index"]] = ', "names[0] = ")), 2),
    Wrong(
        "chunks-expected", _but(('event["type"]\n', 'event["choices"][0]["delta"]\n')), 0, "Crashed"
    ),
    Wrong("key-missing", _but(('event["type"]', 'event["index"]')), 0, "Crashed"),
    Wrong("no-call-crash", _but(("return calls", "return calls + [calls[0]][:0]")), 2, "Crashed"),
    Wrong(
        "early-crash",
        _but(("return calls", "last = events[3]\n    return calls")),
        3,
        "Crashed",
    ),
    # What works for one shape of stream only; each of these has had full marks.
    Wrong(
        "calls-by-name",
        _but(
            ("calls, names", "done, names"),
            ("= [], {}", "= {}, {}"),
            (_APPEND, _BY_NAME),
            ("return calls", "return list(done.items())"),
        ),
        3,
    ),
    Wrong(
        "calls-by-name", _but((_APPEND, f"if {_PAIR} not in calls:\n                {_APPEND}")), 3
    ),
    Wrong(
        "calls-mixed",
        """
import json

def tool_inputs(events):
    name, written, calls = None, "", []
    for event in events:
        if event["type"] in ("content_block_start", "message_delta") and name:
            calls.append((name, json.loads(written or "{}")))
            name = None
        if event["type"] == "content_block_start" and event["content_block"]["type"] == "tool_use":
            name, written = event["content_block"]["name"], ""
        elif event["type"] == "content_block_delta":
            written += event["delta"].get("partial_json", "")
    return calls
""",
        2,
    ),
    Wrong(
        "unfinished-call",
        """
import json

def tool_inputs(events):
    calls = {}
    for event in events:
        if event["type"] == "content_block_start" and event["content_block"]["type"] == "tool_use":
            calls[event["index"]] = [event["content_block"]["name"], "", False]
        elif event["type"] == "content_block_delta" and event["index"] in calls:
            calls[event["index"]][1] += event["delta"]["partial_json"]
        elif event["type"] == "content_block_stop" and event["index"] in calls:
            calls[event["index"]][2] = True
    found = []
    for name, written, is_whole in calls.values():
        try:
            found.append((name, json.loads(written or "{}" if is_whole else written)))
        except json.JSONDecodeError:
            pass
    return found
""",
        3,
    ),
    Wrong(
        "other-blocks-listed",
        _but(('["type"] == "tool_use"', '["type"].endswith("tool_use")')),
        3,
    ),
    Wrong(
        "other-blocks-listed",
        _but(('["content_block"]["type"] == "tool_use"', '["content_block"].get("name")')),
        3,
    ),
    Wrong("empty-left-out", _but((_APPEND, f"if tool_input:\n                {_APPEND}")), 2),
    Wrong(
        "inputs-exchanged",
        _but(("return calls", "return [(name, calls[-1][1]) for name, _ in calls]")),
        3,
    ),
    Wrong(
        "parsed-early",
        _but(
            (
                _INPUT,
                _INPUT + '\n            if written[event["index"]].endswith("}"):\n'
                '                json.loads(written[event["index"]])',
            ),
        ),
        3,
    ),
    Wrong("own-key", _but((_IS_DELTA, "")), 3, "Crashed"),
    Wrong("other-blocks-crash", _but((_IS_DELTA, ""), (_INPUT, _LOOSE)), 3, "Crashed"),
    Wrong(
        "key-missing",
        _but((' and event["content_block"]["type"] == "tool_use"', "")),
        3,
        "Crashed",
    ),
    Wrong(
        "key-missing",
        _but(
            (' and event["content_block"]["type"] == "tool_use"', ""),
            ('event["content_block"]["name"]', 'event["content_block"].get("name", "text")'),
        ),
        3,
        "Crashed",
    ),
    Wrong(
        "calls-mixed",
        _but(
            ('written[event["index"]] = ""', 'written.setdefault(0, "")'),
            (_INPUT, 'written[0] += event["delta"]["partial_json"]'),
            (_PARSED, 'json.loads(written[0] or "{}")'),
        ),
        2,
    ),
    Wrong("empty-input", _but((' or "{}"', "")), 3),
    Wrong("empty-input", _but((_PARSED, 'json.loads(written[event["index"]] or "null")')), 3),
    Wrong(
        "unfinished-call",
        _but(
            (_STOP, "    for index in names:\n"),
            (
                "            tool_input = " + _PARSED,
                '        tool_input = json.loads(written[index] or "{}")',
            ),
            (
                '            calls.append((names[event["index"]], tool_input))',
                "        calls.append((names[index], tool_input))",
            ),
        ),
        3,
    ),
    Wrong("unfinished-call", _REUSE, 3),
    Wrong(
        "whole-call-lost",
        _but(
            ("return calls", 'return calls if events[-1]["type"] == "message_stop" else []'),
            (
                "for event in events:",
                "events = [e for e in events if e != {'type': 'ping'}]\n    for event in events:",
            ),
        ),
        3,
    ),
    Wrong(
        "crash", _but(("calls, names, written = [], {}, {}", "calls, names = [], {}")), 0, "Crashed"
    ),
)

_RIGHT = {
    "by index": _SOLVED,
    "by comprehension, block by block": """
import json

def of_kind(events, kind):
    return [event for event in events if event["type"] == kind]

def tool_inputs(events):
    deltas = of_kind(events, "content_block_delta")
    whole = {event["index"] for event in of_kind(events, "content_block_stop")}
    found = []
    for start in of_kind(events, "content_block_start"):
        index, block = start["index"], start["content_block"]
        if block["type"] != "tool_use" or index not in whole:
            continue
        written = "".join(
            each["delta"].get("partial_json", "") for each in deltas if each["index"] == index
        )
        found.append((block["name"], json.loads(written) if written else {}))
    print(len(found), "calls")
    return found
""",
    "on top of accumulate": """
def tool_inputs(events):
    whole = [event["index"] for event in events if event["type"] == "content_block_stop"]
    content = accumulate(events)["content"]
    calls = [content[index] for index in whole if content[index]["type"] == "tool_use"]
    return [(call["name"], call["input"]) for call in calls]
""",
}

PROOF = Proof("tool_inputs", wrong=_WRONG, right=_RIGHT, needs=("accumulate",))
