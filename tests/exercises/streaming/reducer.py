"""A right answer to `accumulate`, and its lines, to be changed one by one."""

SOLVED = """
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
TEXT = 'block["text"] += delta["text"]'
START = 'copy.deepcopy(event["message"])'
BLOCK = 'message["content"].append(dict(event["content_block"]))'
INDEXED = 'message["content"][event["index"]], event["delta"]'
INPUT = 'written[event["index"]] += delta["partial_json"]'
PARSED = 'block["input"] = json.loads(written[event["index"]] or "{}")'
END = 'message.update(event["delta"])'
USAGE = 'message["usage"].update(event["usage"])'
RAISE = 'raise RuntimeError(event["error"]["type"])'
ERROR = '        elif kind == "error":\n            ' + RAISE + "\n"
RETURN = "    return message"


def but(*pairs: tuple[str, str]) -> str:
    """Return the right answer with these changes."""
    source = SOLVED
    for old, new in pairs:
        assert old in source
        source = source.replace(old, new)
    return source
