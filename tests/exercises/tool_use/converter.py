"""A right answer to `convert_tool_history`, in parts that wrong answers replace."""

AS_CHAT = """
def as_chat(history):
    messages = []
    for item in history:
        kind = item.get("type", "message")
        if kind == "message":
            message = dict(item)
            if isinstance(item.get("content"), list):
                words = "".join(part["text"] for part in item["content"])
                message = {"role": item["role"], "content": words}
            messages.append(message)
        elif kind == "function_call":
            function = {"name": item["name"], "arguments": item["arguments"]}
            call = {"id": item["call_id"], "type": "function", "function": function}
            if not messages or messages[-1]["role"] != "assistant":
                messages.append({"role": "assistant", "content": None})
            messages[-1].setdefault("tool_calls", []).append(call)
        elif kind == "function_call_output":
            id, output = item["call_id"], item["output"]
            messages.append({"role": "tool", "tool_call_id": id, "content": output})
    return messages
"""
"""Turns items of Responses into messages of Chat Completions, for answers that read only those."""

CONVERT = (
    AS_CHAT
    + """
def convert_tool_history(openai_messages):
    converted, results = [], []
    for message in as_chat(openai_messages):
        if message["role"] == "tool":
            if not results:
                converted.append({"role": "user", "content": results})
            id, content = message["tool_call_id"], message["content"]
            results.append({"type": "tool_result", "tool_use_id": id, "content": content})
            continue
        results = []
        text = message.get("content")
        blocks = [{"type": "text", "text": text}] if text else []
        for call in message.get("tool_calls", ()):
            function = call["function"]
            given = json.loads(function["arguments"])
            block = {"type": "tool_use", "id": call["id"], "name": function["name"], "input": given}
            blocks.append(block)
        converted.append({"role": message["role"], "content": blocks})
    return converted
"""
)
RESULT = '"tool_use_id": id, "content": content'
BLOCK = '{"type": "tool_use", "id": call["id"], "name": function["name"], "input": given}'
TEXT = '[{"type": "text", "text": text}] if text else []'
LAST = "return converted"


def but(*changes: tuple[str, str]) -> str:
    """Return the converter with some of its parts replaced."""
    source = CONVERT
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    return source
