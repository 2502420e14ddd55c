"""Wrong answers to `convert_tool_history` that are right for some conversations only."""

from tests.exercises.proof import Wrong
from tests.exercises.tool_use.converter import LAST, TEXT, but

_CALL_ID = 'call = {"id": item["call_id"]'
_EACH = "each for each in openai_messages if each.get('type')"
_PARTS = """
    typed = [each["content"] for each in openai_messages if isinstance(each.get("content"), list)]
    for turn, parts in zip(converted, typed):
        turn["content"] = parts + turn["content"][1:]
    return converted
"""
_THOUGHTS = """
    for each in openai_messages:
        if each.get("type") == "reasoning":
            turn = next(turn for turn in converted if turn["role"] == "assistant")
            thought = {"type": "thinking", "thinking": str(each["summary"]), "signature": "rs"}
            turn["content"].insert(0, thought)
    return converted
"""
_SUMMARIES = """
        elif kind == "reasoning" and item["summary"]:
            words = item["summary"][0]["text"]
            messages.append({"role": "assistant", "content": words})
        elif kind == "function_call":
"""

SHAPED = (
    # The shape of the Responses API, and of OpenAI's own objects.
    Wrong("flat-expected", but(('function["name"]', 'call["name"]')), 0, "Crashed"),
    Wrong(
        "dict-as-object",
        but(('message["role"] == "tool"', 'message.role == "tool"')),
        0,
        "Crashed",
    ),
    Wrong("function-kept", but(('"type": "tool_use"', '"type": "function"')), 3),
    # What works for some histories only; most of these have had full marks.
    Wrong("arguments-evaluated", but(("json.loads(", "eval(")), 2, "Crashed"),
    Wrong(
        "arguments-evaluated",
        "import ast\n" + but(("json.loads(", "ast.literal_eval(")),
        2,
        "Crashed",
    ),
    Wrong(
        "refused",
        but(('{"role": message["role"], ', '{**_others(message), "role": message["role"], '))
        + "\ndef _others(message):\n"
        "    ours = ('tool_calls', 'tool_call_id', 'content')\n"
        "    return {key: message[key] for key in message if key not in ours}",
        5,
    ),
    Wrong(
        "text-after-calls",
        but(
            (f"blocks = {TEXT}", "blocks = []"),
            (
                '        converted.append({"role": message',
                (
                    '        blocks += [{"type": "text", "text": text}] if text else []\n'
                    '        converted.append({"role": message'
                ),
            ),
        ),
        5,
    ),
    Wrong(
        "text-first",
        but(
            (
                "        results = []\n",
                (
                    '        if message["role"] == "user" and results:\n'
                    '            results.insert(0, {"type": "text", "text": message["content"]})\n'
                    "            continue\n"
                    "        results = []\n"
                ),
            )
        ),
        4,
    ),
    Wrong(
        "results-made-up",
        but(
            (
                LAST,
                """answered = [r["tool_use_id"] for m in converted if m["role"] == "user"
                for r in m["content"] if r["type"] == "tool_result"]
    for call in converted[-1]["content"] if converted else []:
        if call["type"] == "tool_use" and call["id"] not in answered:
            made = {"type": "tool_result", "tool_use_id": call["id"], "content": "no result"}
            converted.append({"role": "user", "content": [made]})
    return converted""",
            )
        ),
        3,
    ),
    Wrong(
        "results-changed",
        but(
            ("    converted, results = [], []", "    converted, results, waiting = [], [], []"),
            ('message["tool_call_id"], message', "waiting.pop(0), message"),
            (
                "            blocks.append(block)",
                '            waiting.append(call["id"])\n            blocks.append(block)',
            ),
        ),
        4,
    ),
    Wrong(
        "results-from-assistant",
        but(('"user", "content": results', '"assistant", "content": results')),
        3,
    ),
    Wrong(
        "texts-changed",
        but(('message.get("content")', '(message.get("content") or "").strip()')),
        5,
    ),
    Wrong(
        "calls-changed",
        but(
            (
                'json.loads(function["arguments"])',
                '{k: str(v) for k, v in json.loads(function["arguments"]).items()}',
            )
        ),
        4,
    ),
    Wrong(
        "calls-lost",
        but(
            ("        for call in", "        seen = set()\n        for call in"),
            (
                '            function = call["function"]',
                (
                    '            function = call["function"]\n'
                    "            if str(function) in seen: continue\n"
                    "            seen.add(str(function))"
                ),
            ),
        ),
        3,
    ),
    Wrong(
        "empty-results-missing",
        but(
            (
                "            id, content",
                '            if not message["content"]: continue\n            id, content',
            )
        ),
        2,
    ),
    Wrong("texts-changed", but((TEXT, '[{"type": "text", "text": text or "(calls a tool)"}]')), 5),
    Wrong("crash", but((LAST, "converted[0]\n    return converted")), 5, "Crashed"),
    Wrong("calls-lost", but(('"tool_calls", ())', '"tool_calls", ())[:2]')), 3),
    Wrong(
        "texts-missing",
        but(("in as_chat(openai_messages):", "in _once(as_chat(openai_messages)):"))
        + "\ndef _once(messages):\n    return {str(each): each for each in messages}.values()\n",
        5,
    ),
    # One of OpenAI's shapes only, or items taken for messages.
    Wrong(
        "role-expected", but(("in as_chat(openai_messages)", "in openai_messages")), 2, "Crashed"
    ),
    Wrong("type-expected", but(('item.get("type", "message")', 'item["type"]')), 0, "Crashed"),
    Wrong(
        "nested-expected",
        but(('{"name": item["name"], "arguments": item["arguments"]}', 'item["function"]')),
        2,
        "Crashed",
    ),
    Wrong("item-id", but((_CALL_ID, 'call = {"id": item.get("id", "call")')), 3),
    Wrong("item-id", but((_CALL_ID, 'call = {"id": item.get("id", item["call_id"])')), 3),
    Wrong("items-kept", but((LAST, f"return converted + [{_EACH} == 'function_call']")), 2),
    Wrong("items-kept", but((LAST, f"return [{_EACH} == 'reasoning'] + converted")), 2),
    Wrong("parts-kept", but((LAST, _PARTS))),
    Wrong("reasoning-kept", but((LAST, _THOUGHTS)), 5),
    Wrong("reasoning-said", but(('        elif kind == "function_call":', _SUMMARIES)), 5),
    Wrong(
        "texts-changed",
        but(('"".join(part["text"] for part in item["content"])', 'item["content"][0]["text"]')),
        5,
    ),
    Wrong("results-missing", but(('elif kind == "function_call_output":', "elif False:")), 3),
    Wrong("calls-lost", but(('elif kind == "function_call":', "elif False:")), 3),
    Wrong(
        "results-changed",
        but(('id, output = item["call_id"], item["output"]', 'id, output = item["call_id"], ""')),
        4,
    ),
    # What was said, and by whom.
    Wrong(
        "roles-changed",
        but((LAST, "return _by_turns(converted)")) + "\ndef _by_turns(messages):\n"
        "    said = [[b for b in m['content'] if b['type'] == 'text'] for m in messages]\n"
        "    plain = all(len(s) == len(m['content']) for s, m in zip(said, messages))\n"
        "    return [{**m, 'role': 'user'} for m in messages] if plain else messages\n",
        5,
    ),
    Wrong("texts-missing", but((LAST, "return converted[-20:]")), 5),
    Wrong(
        "texts-missing",
        but(("in as_chat(openai_messages)", "in as_chat(openai_messages)[-24:]")),
        5,
    ),
    Wrong(
        "open-calls-lost",
        but((LAST, "return _closed(converted)")) + "\ndef _closed(messages):\n"
        "    last = messages[-1:] or [{'content': []}]\n"
        "    kept = [b for b in last[0]['content'] if b['type'] != 'tool_use']\n"
        "    turn = [{**last[0], 'content': kept}] if kept else []\n"
        "    return messages[:-1] + turn\n",
        3,
    ),
    Wrong(
        "calls-changed",
        but(
            (
                'converted.append({"role": message["role"], "content": blocks})',
                (
                    "if 'name' in message:\n            blocks[0]['name'] = message['name']\n"
                    '        converted.append({"role": message["role"], "content": blocks})'
                ),
            )
        ),
        3,
    ),
    Wrong(
        "mutated",
        but((LAST, "[item.pop('id', None) for item in openai_messages]\n    return converted")),
        5,
        saw="id: ",
    ),
)
