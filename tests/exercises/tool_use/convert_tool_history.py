"""The proof of `convert_tool_history`."""

from tests.exercises.proof import Proof
from tests.exercises.tool_use.converter import AS_CHAT
from tests.exercises.tool_use.wrong_conversions import CONVERSIONS
from tests.exercises.tool_use.wrong_shapes import SHAPED

_RIGHT = {
    "groupby, and helpers": AS_CHAT
    + """
from itertools import groupby

def result(message):
    return {"type": "tool_result", "tool_use_id": message["tool_call_id"],
            "content": [{"type": "text", "text": message["content"]}]}

def call_block(call):
    function = call["function"]
    return dict(type="tool_use", id=call["id"], name=function["name"],
                input=json.loads(function["arguments"]))

def convert_tool_history(openai_messages):
    history, old = [], as_chat(openai_messages)
    for is_tool, run in groupby(old, key=lambda message: message["role"] == "tool"):
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
    "results joined by what follows, and by match": AS_CHAT
    + """
def convert_tool_history(openai_messages):
    out = []
    for message in as_chat(openai_messages):
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
                if rest.get("content"):
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
    "collected and sent off, with the SDK's types": AS_CHAT
    + """
import copy
from anthropic.types import TextBlock, ToolResultBlockParam, ToolUseBlock

def convert_tool_history(openai_messages):
    converted, waiting = [], []

    def send_off():
        if waiting:
            converted.append({"role": "user", "content": tuple(waiting)})
            waiting.clear()

    for message in as_chat(copy.deepcopy(openai_messages)):
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
    "one block at a time, the items by their types": """
BLOCKS = {
    "function_call": lambda item: ("assistant", call(item["call_id"], item)),
    "function_call_output": lambda item: ("user", result(item["call_id"], item["output"])),
}

def call(id, function):
    return {"type": "tool_use", "id": id, "name": function["name"],
            "input": json.loads(function["arguments"])}

def result(id, words):
    return {"type": "tool_result", "tool_use_id": id, "content": words}

def blocks_of(history):
    for item in history:
        if item.get("type") == "reasoning":
            continue
        if item.get("type") in BLOCKS:
            yield BLOCKS[item["type"]](item)
            continue
        if item["role"] == "tool":
            yield "user", result(item["tool_call_id"], item["content"])
            continue
        content = item.get("content") or ""
        if not isinstance(content, str):
            content = "".join(part["text"] for part in content)
        if content:
            yield item["role"], {"type": "text", "text": content}
        for each in item.get("tool_calls") or []:
            yield "assistant", call(each["id"], each["function"])

def convert_tool_history(history):
    messages = []
    for role, block in blocks_of(history):
        if messages and messages[-1]["role"] == role:
            messages[-1]["content"].append(block)
        else:
            messages.append({"role": role, "content": [block]})
    return messages
""",
    "each item a message, which the API merges": """
def convert_tool_history(history):
    messages, results = [], None
    for item in history:
        kind, role = item.get("type"), item.get("role")
        if kind == "reasoning":
            continue
        if role == "tool" or kind == "function_call_output":
            if results is None:
                results = []
                messages.append({"role": "user", "content": results})
            id = item.get("tool_call_id") or item["call_id"]
            content = item["output"] if "output" in item else item["content"]
            results.append({"type": "tool_result", "tool_use_id": id, "content": content})
            continue
        results = None
        if kind == "function_call":
            calls = [(item["call_id"], item)]
        else:
            calls = [(call["id"], call["function"]) for call in item.get("tool_calls") or []]
        text = item.get("content")
        if text and isinstance(text, str):
            messages.append({"role": role, "content": text})
        elif text:
            parts = [{"type": "text", "text": part["text"]} for part in text]
            messages.append({"role": role, "content": parts})
        for id, function in calls:
            given = json.loads(function["arguments"])
            block = {"type": "tool_use", "id": id, "name": function["name"], "input": given}
            messages.append({"role": "assistant", "content": [block]})
    return messages
""",
}

PROOF = Proof("convert_tool_history", wrong=(*CONVERSIONS, *SHAPED), right=_RIGHT)
