"""The proof of `accumulate`."""

from tests.exercises.proof import Proof, Wrong

_SOLVED = """
import copy
import json

def accumulate(events):
    message, written = {}, {}
    for event in events:
        kind = event["type"]
        if kind == "message_start":
            message = copy.deepcopy(event["message"])
        elif kind == "content_block_start":
            message["content"].append(dict(event["content_block"]))
            written[event["index"]] = ""
        elif kind == "content_block_delta":
            block, delta = message["content"][event["index"]], event["delta"]
            if delta["type"] == "text_delta":
                block["text"] += delta["text"]
            elif delta["type"] == "thinking_delta":
                block["thinking"] += delta["thinking"]
            elif delta["type"] == "signature_delta":
                block["signature"] = delta["signature"]
            elif delta["type"] == "input_json_delta":
                written[event["index"]] += delta["partial_json"]
        elif kind == "content_block_stop":
            block = message["content"][event["index"]]
            if block["type"] == "tool_use":
                block["input"] = json.loads(written[event["index"]] or "{}")
        elif kind == "message_delta":
            message.update(event["delta"])
            message["usage"].update(event["usage"])
        elif kind == "error":
            raise RuntimeError(event["error"]["type"])
    return message
"""
_TEXT = 'block["text"] += delta["text"]'
_START = 'copy.deepcopy(event["message"])'
_BLOCK = 'message["content"].append(dict(event["content_block"]))'
_INDEXED = 'message["content"][event["index"]], event["delta"]'
_INPUT = 'written[event["index"]] += delta["partial_json"]'
_PARSED = 'block["input"] = json.loads(written[event["index"]] or "{}")'
_END = 'message.update(event["delta"])'
_USAGE = 'message["usage"].update(event["usage"])'
_RAISE = 'raise RuntimeError(event["error"]["type"])'
_ERROR = '        elif kind == "error":\n            ' + _RAISE + "\n"
_RETURN = "    return message"


def _but(*pairs: tuple[str, str]) -> str:
    """Return the right answer with these changes."""
    source = _SOLVED
    for old, new in pairs:
        assert old in source
        source = source.replace(old, new)
    return source


_WRONG = (
    Wrong("event-as-object", _but(('event["type"]\n', "event.type\n")), 0, "Crashed"),
    Wrong("input-is-dict", _but((_INPUT, 'block["input"] += delta["partial_json"]')), 7, "Crashed"),
    Wrong("printed", _but((_RETURN, "    print(message)"))),
    Wrong("text-only", _but((_RETURN, '    return message["content"][0]["text"]'))),
    Wrong("not-a-dict", _but((_RETURN, '    return message["content"]'))),
    Wrong(
        "not-a-dict",
        _but((_RETURN, "    from anthropic.types import Message\n    return Message(**message)")),
    ),
    Wrong("not-a-dict", _but((_RETURN, "    return"))),
    Wrong(
        "other-start",
        _but(
            (
                _START,
                '{"role": "assistant", "content": [], "usage": dict(event["message"]["usage"])}',
            )
        ),
        10,
        "Almost",
    ),
    Wrong(
        "other-start", _but((_RETURN, '    return {**message, "written": written}')), 10, "Almost"
    ),
    Wrong(
        "content-not-blocks",
        _but(
            (
                _RETURN,
                '    message["content"] = "".join(b["text"] for b in message["content"])\n'
                + _RETURN,
            )
        ),
        3,
        "Almost",
    ),
    Wrong(
        "content-not-blocks",
        _but(
            (_START, 'dict(copy.deepcopy(event["message"]), content={})'),
            (_BLOCK, 'message["content"][event["index"]] = dict(event["content_block"])'),
        ),
        3,
        "Almost",
    ),
    Wrong(
        "no-blocks",
        'def accumulate(events):\n    message = dict(events[0]["message"])\n'
        "    for event in events:\n"
        '        if event["type"] == "message_delta":\n'
        '            message.update(event["delta"])\n'
        '            message["usage"] = {**message["usage"], **event["usage"]}\n'
        "    return message\n",
        3,
        "Almost",
    ),
    Wrong("only-one-piece", _but((_TEXT, 'block["text"] = delta["text"]')), 3, "Almost"),
    Wrong("other-content", _but((_TEXT, 'block["text"] += delta["text"] + " "')), 3, "Almost"),
    Wrong("other-content", _but((_TEXT, 'block["text"] += delta["text"].strip()')), 3, "Almost"),
    Wrong(
        "other-content",
        _but(('block["signature"] = delta["signature"]', 'block["signature"] = str(delta)')),
        10,
        "Almost",
    ),
    Wrong("stop-from-start", _but((_END, "pass")), 10, "Almost"),
    Wrong("other-start", _but((_END, 'message["delta"] = event["delta"]')), 9, "Almost"),
    Wrong(
        "other-end",
        _but((_END, 'message["stop_reason"] = event["delta"]["stop_reason"]')),
        10,
        "Almost",
    ),
    Wrong("other-end", _but((_END, 'message["stop_reason"] = "end_turn"')), 10, "Almost"),
    Wrong(
        "usage-added",
        _but(
            (
                _USAGE,
                (
                    'for key, count in event["usage"].items():\n'
                    "                if isinstance(count, int):\n"
                    '                    message["usage"].setdefault(key, 0)\n'
                    '                    message["usage"][key] += count'
                ),
            )
        ),
        10,
        "Almost",
    ),
    Wrong(
        "usage-added",
        _but((_USAGE, 'message["usage"]["output_tokens"] += event["usage"]["output_tokens"]')),
        10,
        "Almost",
    ),
    Wrong("usage-from-start", _but((_USAGE, "pass")), 10, "Almost"),
    Wrong("usage-replaced", _but((_USAGE, 'message["usage"] = event["usage"]')), 10, "Almost"),
    Wrong(
        "other-usage",
        _but((_USAGE, 'message["usage"]["output_tokens"] = 0')),
        10,
        "Almost",
    ),
    Wrong(
        "other-usage",
        _but((_USAGE, 'message["usage"]["output_tokens"] = event["usage"]["output_tokens"]')),
        10,
        "Almost",
    ),
    Wrong("mutated", _but((_START, 'event["message"]')), 10, "Almost"),
    Wrong(
        "mutated", _but(('dict(event["content_block"])', 'event["content_block"]')), 10, "Almost"
    ),
    Wrong("mutated", _but((_START, 'dict(event["message"])')), 10, "Almost"),
    Wrong(
        "first-block-assumed",
        _but((_INDEXED, 'message["content"][0], event["delta"]')),
        5,
        "Almost",
    ),
    Wrong(
        "blocks-lost",
        _but(
            (_BLOCK, 'message["content"] = [dict(event["content_block"])]'),
            (_INDEXED, 'message["content"][-1], event["delta"]'),
            ('message["content"][event["index"]]\n', 'message["content"][-1]\n'),
        ),
        8,
        "Almost",
    ),
    Wrong(
        "blocks-lost",
        _but((_RETURN, '    message["content"] = message["content"][:1]\n' + _RETURN)),
        8,
        "Almost",
    ),
    Wrong(
        "thinking-crash",
        _but(('if delta["type"] == "text_delta":', 'if "partial_json" not in delta:')),
        6,
        "Crashed",
    ),
    Wrong("thinking-lost", _but(('block["thinking"] += delta["thinking"]', "pass")), 10, "Almost"),
    Wrong(
        "thinking-lost",
        _but(
            ('if delta["type"] == "text_delta"', 'if "text" in delta'),
            ('delta["type"] == "thinking_delta"', "False"),
        ),
        9,
        "Almost",
    ),
    Wrong(
        "signature-lost", _but(('block["signature"] = delta["signature"]', "pass")), 10, "Almost"
    ),
    Wrong("tool-crash", _but((_INPUT, 'written[event["index"]] += delta["text"]')), 7, "Crashed"),
    Wrong(
        "tool-crash",
        _but(
            (
                '            elif delta["type"] == "input_json_delta":\n                ' + _INPUT,
                '            else:\n                block["citations"].append(delta["citation"])',
            )
        ),
        7,
        "Crashed",
    ),
    Wrong(
        "parsed-early",
        _but((_INPUT, 'block["input"].update(json.loads(delta["partial_json"]))')),
        9,
        "Almost",
    ),
    Wrong(
        "parsed-early",
        _but(
            (
                _INPUT,
                _INPUT + '\n                block["input"] = json.loads(written[event["index"]])',
            )
        ),
        9,
        "Almost",
    ),
    Wrong(
        "input-lost",
        _but(
            (
                '            elif delta["type"] == "input_json_delta":\n                '
                + _INPUT
                + "\n",
                "",
            )
        ),
        10,
        "Almost",
    ),
    Wrong("input-lost", _but((_PARSED, "pass")), 10, "Almost"),
    Wrong(
        "input-not-parsed",
        _but((_PARSED, 'block["input"] = written[event["index"]]')),
        9,
        "Almost",
    ),
    Wrong(
        "calls-mixed",
        _but(
            ('written[event["index"]] = ""', 'written.setdefault("all", "")'),
            (_INPUT, 'written["all"] += delta["partial_json"]'),
            ('written[event["index"]] or "{}"', 'written["all"] or "{}"'),
        ),
        10,
        "Almost",
    ),
    Wrong("empty-input", _but((' or "{}"', "")), 10, "Almost"),
    Wrong(
        "empty-input",
        _but(
            (
                _PARSED,
                (
                    'whole = written[event["index"]]\n'
                    '                block["input"] = json.loads(whole) if whole else None'
                ),
            )
        ),
        10,
        "Almost",
    ),
    Wrong(
        "unknown-crash",
        _but(
            (
                _RETURN,
                '        elif kind != "message_stop":\n'
                '            raise ValueError(f"unknown: {kind}")\n' + _RETURN,
            )
        ),
        9,
        "Crashed",
    ),
    Wrong(
        "unknown-crash",
        _but(
            (
                'kind = event["type"]',
                (
                    'kind = event["type"]\n        if not kind.startswith("message"):\n'
                    '            print(event["index"])'
                ),
            )
        ),
        9,
        "Crashed",
    ),
    Wrong(
        "unknown-read",
        _but(('if delta["type"] == "text_delta"', 'if "text" in delta')),
        10,
        "Almost",
    ),
    Wrong(
        "unknown-crash",
        _but(
            ('elif kind == "content_block_delta":', 'elif "delta" in event and "index" in event:'),
            ('if delta["type"] == "text_delta"', 'if "text" in delta'),
        ),
        9,
        "Crashed",
    ),
    Wrong("error-ignored", _but((_ERROR, "")), 10, "Almost"),
    Wrong("error-ignored", _but((_RAISE, "print(event)")), 10, "Almost"),
    Wrong(
        "error-otherwise", _but((_RAISE, 'raise ValueError(event["error"]["type"])')), 10, "Almost"
    ),
    Wrong(
        "error-otherwise",
        _but(
            (
                _ERROR,
                (
                    '        elif kind not in ("message_stop", "ping") and "news" not in kind:\n'
                    '            print(event["delta"])\n'
                ),
            )
        ),
        10,
        "Almost",
    ),
    Wrong("error-unnamed", _but((_RAISE, 'raise RuntimeError("the stream broke")')), 10, "Almost"),
    Wrong(
        "error-unnamed",
        _but((_RAISE, 'raise RuntimeError(event["error"]["message"])')),
        10,
        "Almost",
    ),
    Wrong("crash", _but((_BLOCK, "pass")), 0, "Crashed"),
)

_RIGHT = {
    "as above": _SOLVED,
    "a function for each kind, and new dicts all the way": """
import json

PIECES = {"text_delta": "text", "thinking_delta": "thinking", "signature_delta": "signature"}

def with_delta(block, delta):
    key = PIECES.get(delta["type"])
    return {**block, key: block[key] + delta[key]} if key else block

def finished(block, written):
    return {**block, "input": json.loads(written)} if written else block

def accumulate(events):
    message, blocks, written = None, {}, {}
    for event in events:
        match event:
            case {"type": "message_start", "message": begun}:
                message = begun
            case {"type": "content_block_start", "index": index, "content_block": block}:
                blocks[index] = block
            case {"type": "content_block_delta", "index": index, "delta": delta}:
                blocks[index] = with_delta(blocks[index], delta)
                if delta["type"] == "input_json_delta":
                    written[index] = written.get(index, "") + delta["partial_json"]
            case {"type": "message_delta", "delta": delta, "usage": usage}:
                message = {**message, **delta, "usage": {**message["usage"], **usage}}
            case {"type": "error", "error": error}:
                raise RuntimeError(f"{error['type']}: {error['message']}")
    content = [finished(block, written.get(index)) for index, block in sorted(blocks.items())]
    return {**message, "content": content}
""",
    "recursion": """
import copy
import json

class StreamFailed(RuntimeError):
    pass

def accumulate(events, message=None, written=""):
    if not events:
        return message
    event, *rest = copy.deepcopy(list(events)) if message is None else events
    kind = event["type"]
    print("got", kind)
    if kind == "error":
        raise StreamFailed(json.dumps(event))
    if kind == "message_start":
        message = event["message"]
    if kind == "content_block_start":
        message["content"] += [event["content_block"]]
        written = ""
    if kind == "content_block_delta":
        delta = event["delta"]
        block = message["content"][event["index"]]
        name = delta["type"].removesuffix("_delta")
        if name in ("text", "thinking", "signature"):
            block[name] += delta[name]
        if name == "input_json":
            written += delta["partial_json"]
    if kind == "content_block_stop" and written:
        message["content"][event["index"]]["input"] = json.loads(written)
        written = ""
    if kind == "message_delta":
        for key in event["delta"]:
            message[key] = event["delta"][key]
        for key in event["usage"]:
            message["usage"][key] = event["usage"][key]
    return accumulate(rest, message, written)
""",
    "the SDK's own reducer": """
from anthropic._models import construct_type
from anthropic.lib.streaming._messages import accumulate_event

KNOWN = ("message_start", "content_block_start", "content_block_delta", "content_block_stop")
KNOWN += ("message_delta", "message_stop")

def accumulate(events):
    import copy
    snapshot, buffers = None, {}
    for event in copy.deepcopy(events):
        if event["type"] == "error":
            raise RuntimeError(event["error"]["type"])
        if event["type"] in KNOWN:
            snapshot = accumulate_event(
                event=event, current_snapshot=snapshot, json_bufs=buffers
            )
    return snapshot.to_dict()
""",
}

PROOF = Proof("accumulate", wrong=_WRONG, right=_RIGHT)
