"""The proof of `convert_tool_history`."""

from tests.exercises.proof import Proof
from tests.exercises.tool_use.wrong_conversions import CONVERSIONS
from tests.exercises.tool_use.wrong_shapes import SHAPED

_RIGHT = {
    "groupby, and helpers": """
from itertools import groupby

def result(message):
    return {"type": "tool_result", "tool_use_id": message["tool_call_id"],
            "content": [{"type": "text", "text": message["content"]}]}

def call_block(call):
    function = call["function"]
    return dict(type="tool_use", id=call["id"], name=function["name"],
                input=json.loads(function["arguments"]))

def convert_tool_history(openai_messages):
    history = []
    for is_tool, run in groupby(openai_messages, key=lambda message: message["role"] == "tool"):
        if is_tool:
            history.append({"role": "user", "content": [result(message) for message in run]})
            continue
        for message in run:
            calls = [call_block(call) for call in message.get("tool_calls") or []]
            if not calls:
                history.append(message)
                continue
            words = message.get("content")
            start = [{"type": "text", "text": words}] if words else []
            history.append({"role": "assistant", "content": start + calls})
    return history
""",
    "results joined by what follows, and by match": """
def convert_tool_history(openai_messages):
    out = []
    for message in openai_messages:
        match message:
            case {"role": "tool", "tool_call_id": id, "content": content}:
                block = {"type": "tool_result", "tool_use_id": id, "content": content,
                         "is_error": False}
                if out[-1]["role"] == "user":
                    out[-1]["content"].append(block)
                else:
                    out.append({"role": "user", "content": [block]})
            case {"role": "assistant", "tool_calls": [*calls], **rest}:
                blocks = []
                if rest.get("content") is not None:
                    blocks.append({"type": "text", "text": rest["content"]})
                blocks += [
                    {"type": "tool_use", "id": call["id"], "name": call["function"]["name"],
                     "input": json.loads(call["function"]["arguments"])}
                    for call in calls
                ]
                out.append({"role": "assistant", "content": blocks})
            case {"role": "user", "content": text} if out and out[-1]["role"] == "user":
                out[-1]["content"].append({"type": "text", "text": text})
            case {"role": role, "content": text}:
                out.append({"role": role, "content": [{"type": "text", "text": text}]})
    return out
""",
    "collected and sent off, with the SDK's types": """
import copy
from anthropic.types import TextBlock, ToolResultBlockParam, ToolUseBlock

def convert_tool_history(openai_messages):
    converted, waiting = [], []

    def send_off():
        if waiting:
            converted.append({"role": "user", "content": tuple(waiting)})
            waiting.clear()

    for message in copy.deepcopy(openai_messages):
        if message["role"] == "tool":
            waiting.append(ToolResultBlockParam(
                type="tool_result", tool_use_id=message["tool_call_id"], content=message["content"]
            ))
            continue
        send_off()
        if "tool_calls" in message:
            blocks = [
                ToolUseBlock(type="tool_use", id=call["id"], name=call["function"]["name"],
                             input=json.loads(call["function"]["arguments"]))
                for call in message.pop("tool_calls")
            ]
            if message.get("content"):
                blocks.insert(0, TextBlock(type="text", text=message["content"]))
            message = {"role": "assistant", "content": blocks}
        converted.append(message)
    send_off()
    print(len(converted))
    return converted
""",
}

PROOF = Proof("convert_tool_history", wrong=(*CONVERSIONS, *SHAPED), right=_RIGHT)
