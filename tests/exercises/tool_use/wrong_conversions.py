"""Wrong answers to `convert_tool_history`: what they make is not what the API reads."""

from tests.exercises.proof import Wrong
from tests.exercises.tool_use.converter import AS_CHAT, BLOCK, LAST, RESULT, TEXT, but

_IS_RESULT = 'if message["role"] == "tool"'
_PARTS = 'part["text"] for part in item["content"]'
_ADD = 'converted.append({"role": message["role"]'
_NO_HOLLOW = (_ADD, f"if blocks: {_ADD}")
_SKIPPED = " " * 12 + "continue\n" + " " * 8

CONVERSIONS = (
    # What a result says of errors is no news of its call; and no words are a result too.
    *(
        Wrong(
            "success-as-error",
            but((RESULT, f'{RESULT}, **({{"is_error": True}} if {seen} else {{}})')),
            4,
        )
        for seen in ('"error" in content', '"error" in content.lower()', '"failed" in content')
    ),
    Wrong("success-as-error", but((RESULT, f'{RESULT}, "is_error": "error" in content')), 4),
    Wrong(
        "empty-results-missing",
        but(
            (
                _IS_RESULT,
                f"{_IS_RESULT} and not message['content']:\n{_SKIPPED}{_IS_RESULT}",
            )
        ),
        3,
    ),
    Wrong("empty-text", but((TEXT, TEXT.replace("if text else", "if text is not None else"))), 4),
    Wrong("not-a-list", but((LAST, "return {'messages': converted}"))),
    Wrong("not-a-list", but((LAST, "print(converted)"))),
    Wrong("not-a-list", but((LAST, "return iter(converted)"))),
    Wrong("role-tool", "def convert_tool_history(openai_messages):\n    return openai_messages"),
    Wrong("role-tool", but(('"user", "content": results', '"tool", "content": results')), 3),
    Wrong(
        "role-tool",
        AS_CHAT + "def convert_tool_history(openai_messages):\n"
        "    messages = []\n"
        "    for message in as_chat(openai_messages):\n"
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
    Wrong("tool-calls-expected", but(('.get("tool_calls", ())', '["tool_calls"]')), 0, "Crashed"),
    Wrong("nothing-to-loop-over", but(('("tool_calls", ())', '("tool_calls")')), 0, "Crashed"),
    Wrong("content-expected", but(('.get("content")', '["content"]')), 4, "Crashed"),
    Wrong(
        "tool-calls-kept",
        but(('converted.append({"role": message["role"], ', "converted.append({**message, ")),
        3,
    ),
    Wrong("function-kept", but((BLOCK, "call")), 3),
    Wrong("function-kept", but((BLOCK, '{**call, "type": "tool_use"}')), 3),
    Wrong("function-kept", but(('"input": given', '"arguments": given')), 3),
    Wrong("arguments-as-text", but(("json.loads(", "(")), 3),
    Wrong(
        "calls-lost",
        but(
            (
                '"content": blocks}',
                '"content": blocks} if text else {"role": "assistant", "content": "…"}',
            )
        ),
        2,
    ),
    Wrong(
        "calls-lost",
        but(
            (
                "            blocks.append(block)",
                "        blocks.append(block) if text is None else 0",
            )
        ),
        2,
    ),
    Wrong(
        "calls-lost",
        but(("if text else []", "if text else []\n        if not blocks:\n            continue")),
        1,
    ),
    Wrong(
        "calls-lost",
        but(('message.get("tool_calls", ())', 'message.get("tool_calls", ())[:1]')),
        3,
    ),
    Wrong("calls-changed", but(('"id": call["id"]', '"id": function["name"]')), 3),
    Wrong("calls-changed", but(('"name": function["name"], ', '"name": call["type"], ')), 4),
    Wrong("calls-changed", but(('"input": given', '"input": {}')), 4),
    Wrong(
        "calls-reordered",
        but(('message.get("tool_calls", ())', 'reversed(message.get("tool_calls", ()))')),
        4,
    ),
    Wrong(
        "results-missing",
        but(("results.append({", "results[:] = [{"), (RESULT + "})", RESULT + "}]")),
        3,
    ),
    Wrong(
        "results-missing",
        AS_CHAT + "def convert_tool_history(openai_messages):\n"
        "    converted, results = [], []\n"
        "    for message in as_chat(openai_messages):\n"
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
    Wrong("results-changed", but(("tool_use_id", "tool_call_id")), 3),
    Wrong("results-changed", but(('"content": content', '"content": "ok"')), 4),
    Wrong(
        "results-changed",
        but(('"content": content', '"content": json.loads(content)')),
        0,
    ),
    Wrong("results-reordered", but(("results.append({", "results.insert(0, {")), 4),
    Wrong("results-doubled", but((LAST, f"results += results\n    {LAST}")), 3),
    Wrong(
        "part-type-lost", but(_NO_HOLLOW, (_PARTS, f'{_PARTS} if part["type"] == "output_text"')), 4
    ),
    Wrong("text-lost", but(_NO_HOLLOW, (_PARTS, f'{_PARTS} if part["type"] == "input_text"')), 5),
    Wrong("results-split", but(("if not results:", "if (results := []) == []:")), 4),
    Wrong("empty-text", but((TEXT, '[{"type": "text", "text": text}]')), 4),
    Wrong("empty-text", but((TEXT, '[{"type": "text", "text": text or ""}]')), 4),
    Wrong(
        "text-lost",
        but((TEXT, '[{"type": "text", "text": text}] if not message.get("tool_calls") else []')),
        5,
    ),
    Wrong(
        "texts-changed",
        but((TEXT, '[{"type": "text", "text": text.strip(".")}] if text else []')),
        5,
    ),
    Wrong("texts-missing", but((LAST, "return converted[1:]")), 5),
    Wrong("refused", but(('"role": message["role"]', '"role": "user"')), 4),
    Wrong("refused", but((RESULT, RESULT + ', "name": "get"')), 5),
    Wrong(
        "mutated",
        but(("function = call", 'call["type"] = "tool_use"; function = call')),
        5,
    ),
    Wrong(
        "mutated",
        AS_CHAT + "def convert_tool_history(openai_messages):\n"
        "    if any('type' in one for one in openai_messages):\n"
        "        openai_messages = as_chat(openai_messages)\n"
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
    Wrong("crash", but(('"tool_call_id"', '"id"')), 0, "Crashed"),
)
