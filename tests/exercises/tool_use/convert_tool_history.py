"""The proof of `convert_tool_history`."""

from tests.exercises.proof import Proof, Wrong

_CONVERT = """
def convert_tool_history(openai_messages):
    converted, results = [], []
    for message in openai_messages:
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
_RESULT = '"tool_use_id": id, "content": content'
_BLOCK = '{"type": "tool_use", "id": call["id"], "name": function["name"], "input": given}'
_TEXT = '[{"type": "text", "text": text}] if text else []'
_LAST = "return converted"


def _but(*changes: tuple[str, str]) -> str:
    """Return the converter with some of its parts replaced."""
    source = _CONVERT
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    return source


_WRONG = (
    Wrong("not-a-list", _but((_LAST, "return {'messages': converted}"))),
    Wrong("not-a-list", _but((_LAST, "print(converted)"))),
    Wrong("not-a-list", _but((_LAST, "return iter(converted)"))),
    Wrong("role-tool", "def convert_tool_history(openai_messages):\n    return openai_messages"),
    Wrong("role-tool", _but(('"user", "content": results', '"tool", "content": results')), 3),
    Wrong(
        "role-tool",
        "def convert_tool_history(openai_messages):\n"
        "    messages = []\n"
        "    for message in openai_messages:\n"
        "        blocks = [{'type': 'text', 'text': message['content']}] if message.get('content') "
        "else []\n"
        "        for call in message.get('tool_calls', []):\n"
        "            blocks.append({'type': 'tool_use', 'id': call['id'],\n"
        "                'name': call['function']['name'],\n"
        "                'input': json.loads(call['function']['arguments'])})\n"
        "        messages.append({'role': message['role'], 'content': blocks})\n"
        "    return messages",
        2,
    ),
    Wrong("tool-calls-expected", _but(('.get("tool_calls", ())', '["tool_calls"]')), 0, "Crashed"),
    Wrong("nothing-to-loop-over", _but(('("tool_calls", ())', '("tool_calls")')), 0, "Crashed"),
    Wrong("content-expected", _but(('.get("content")', '["content"]')), 0, "Crashed"),
    Wrong(
        "tool-calls-kept",
        _but(('converted.append({"role": message["role"], ', "converted.append({**message, ")),
        3,
    ),
    Wrong("function-kept", _but((_BLOCK, "call")), 3),
    Wrong("function-kept", _but((_BLOCK, '{**call, "type": "tool_use"}')), 3),
    Wrong("function-kept", _but(('"input": given', '"arguments": given')), 3),
    Wrong("arguments-as-text", _but(("json.loads(", "(")), 3),
    Wrong(
        "calls-lost",
        _but(
            (
                '"content": blocks}',
                '"content": blocks} if text else {"role": "assistant", "content": "…"}',
            )
        ),
        2,
    ),
    Wrong(
        "calls-lost",
        _but(
            (
                "            blocks.append(block)",
                "        blocks.append(block) if text is None else 0",
            )
        ),
        3,
    ),
    Wrong(
        "calls-lost",
        _but(("if text else []", "if text else []\n        if not blocks:\n            continue")),
        1,
    ),
    Wrong(
        "calls-lost",
        _but(('message.get("tool_calls", ())', 'message.get("tool_calls", ())[:1]')),
        3,
    ),
    Wrong("calls-changed", _but(('"id": call["id"]', '"id": function["name"]')), 3),
    Wrong("calls-changed", _but(('"name": function["name"], ', '"name": call["type"], ')), 4),
    Wrong("calls-changed", _but(('"input": given', '"input": {}')), 4),
    Wrong(
        "calls-reordered",
        _but(('message.get("tool_calls", ())', 'reversed(message.get("tool_calls", ()))')),
        4,
    ),
    Wrong(
        "results-missing",
        _but(("results.append({", "results[:] = [{"), (_RESULT + "})", _RESULT + "}]")),
        3,
    ),
    Wrong(
        "results-missing",
        "def convert_tool_history(openai_messages):\n"
        "    converted, results = [], []\n"
        "    for message in openai_messages:\n"
        "        if message['role'] == 'tool':\n"
        "            results.append({'type': 'tool_result', 'content': message['content'],\n"
        "                            'tool_use_id': message['tool_call_id']})\n"
        "            continue\n"
        "        if results:\n"
        "            converted.append({'role': 'user', 'content': results})\n"
        "            results = []\n"
        "        text = message.get('content')\n"
        "        blocks = [{'type': 'text', 'text': text}] if text else []\n"
        "        for call in message.get('tool_calls', ()):\n"
        "            blocks.append({'type': 'tool_use', 'id': call['id'],\n"
        "                           'name': call['function']['name'],\n"
        "                           'input': json.loads(call['function']['arguments'])})\n"
        "        converted.append({'role': message['role'], 'content': blocks})\n"
        "    return converted",
        3,
    ),
    Wrong("results-changed", _but(("tool_use_id", "tool_call_id")), 3),
    Wrong("results-changed", _but(('"content": content', '"content": "ok"')), 4),
    Wrong(
        "results-changed",
        _but(('"content": content', '"content": json.loads(content)')),
        3,
    ),
    Wrong("results-reordered", _but(("results.append({", "results.insert(0, {")), 4),
    Wrong("results-reordered", _but((_LAST, f"results += results\n    {_LAST}")), 3),
    Wrong("results-split", _but(("if not results:", "if (results := []) == []:")), 4),
    Wrong("empty-text", _but((_TEXT, '[{"type": "text", "text": text}]')), 4),
    Wrong("empty-text", _but((_TEXT, '[{"type": "text", "text": text or ""}]')), 4),
    Wrong(
        "text-lost",
        _but((_TEXT, '[{"type": "text", "text": text}] if not message.get("tool_calls") else []')),
        5,
    ),
    Wrong(
        "texts-changed",
        _but((_TEXT, '[{"type": "text", "text": text.strip(".")}] if text else []')),
        5,
    ),
    Wrong("texts-changed", _but((_LAST, "return converted[1:]")), 5),
    Wrong("refused", _but(('"role": message["role"]', '"role": "user"')), 4),
    Wrong("refused", _but((_RESULT, _RESULT + ', "name": "get"')), 5),
    Wrong(
        "mutated",
        _but(("function = call", 'call["type"] = "tool_use"; function = call')),
        5,
    ),
    Wrong(
        "mutated",
        "def convert_tool_history(openai_messages):\n"
        "    for message in openai_messages:\n"
        "        calls = message.pop('tool_calls', [])\n"
        "        if message['role'] == 'tool':\n"
        "            message['role'] = 'user'\n"
        "            message['content'] = [{'type': 'tool_result', 'content': message['content'],\n"
        "                'tool_use_id': message.pop('tool_call_id')}]\n"
        "        elif calls:\n"
        "            text = message.get('content')\n"
        "            message['content'] = [{'type': 'text', 'text': text}] if text else []\n"
        "            for call in calls:\n"
        "                function = call['function']\n"
        "                message['content'].append({'type': 'tool_use', 'id': call['id'],\n"
        "                    'name': function['name'],\n"
        "                    'input': json.loads(function['arguments'])})\n"
        "    merged = []\n"
        "    for message in openai_messages:\n"
        "        is_result = message['role'] == 'user' and isinstance(message['content'], list)\n"
        "        if is_result and merged and merged[-1]['role'] == 'user':\n"
        "            merged[-1] = {'role': 'user',\n"
        "                'content': merged[-1]['content'] + message['content']}\n"
        "        else:\n"
        "            merged.append(message)\n"
        "    return merged",
        5,
    ),
    Wrong("crash", _but(('"tool_call_id"', '"id"')), 0, "Crashed"),
)

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
            message["content"] = blocks
        converted.append(message)
    send_off()
    print(len(converted))
    return converted
""",
}

PROOF = Proof("convert_tool_history", wrong=_WRONG, right=_RIGHT)
