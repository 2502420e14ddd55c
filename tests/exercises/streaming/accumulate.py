"""The proof of `accumulate`."""

from tests.exercises.proof import Proof
from tests.exercises.streaming.reducer import SOLVED
from tests.exercises.streaming.wrong_messages import WRONG

_RIGHT = {
    "as above": SOLVED,
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

PROOF = Proof("accumulate", wrong=WRONG, right=_RIGHT)
