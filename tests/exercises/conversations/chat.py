"""The proof of `chat`."""

from tests.exercises.beginners import beginners
from tests.exercises.proof import Proof, Wrong
from tests.exercises.troubled import caught, troubled

_ASK = """
def chat(client, system, messages, user_input, *, model="claude-sonnet-4-6", max_tokens=1000):
    question = {"role": "user", "content": user_input}
    sent = [*messages, question]
    request = {"model": model, "max_tokens": max_tokens, "messages": sent}
    if system is not None:
        request["system"] = system
    message = client.messages.create(**request)
    text = "".join(block.text for block in message.content if block.type == "text")
    if not message.content:
        return "", messages
    answer = {"role": "assistant", "content": message.content}
    return text, [*sent, answer]
"""
_TEXT = 'text = "".join(block.text for block in message.content if block.type == "text")'
_CALL = "    message = client.messages.create(**request)\n"
_EMPTY = "if not message.content"
_RENAMED = """
    sent = [{**m, "role": "user"} if m["role"] == "system" else m for m in sent]"""
_GUARD = '    if not message.content:\n        return "", messages\n'
_SYSTEM = '    if system is not None:\n        request["system"] = system\n'
_SENT = "sent = [*messages, question]"
_CONTENT = '"content": message.content}'
_RETURN = "return text, [*sent, answer]"

# The example of the course outline that this lesson grew out of.
_OUTLINE = """
def chat(client, system, messages, user_input, *, model="claude-sonnet-4-6", max_tokens=500):
    messages = messages + [{"role": "user", "content": user_input}]
    response = client.messages.create(
        model=model, max_tokens=max_tokens, system=system, messages=messages
    )
    assistant_reply = response.content[0].text
    messages = messages + [{"role": "assistant", "content": assistant_reply}]
    return assistant_reply, messages
"""

_WRONG = (
    Wrong(
        "system-in-history",
        _ASK.replace(_SENT, 'sent = [{"role": "system", "content": system}, *messages, question]'),
        0,
        "Crashed",
    ),
    Wrong(
        "system-in-history",
        _ASK.replace(
            _RETURN, 'return text, [{"role": "system", "content": system}, *sent, answer]'
        ),
        3,
    ),
    Wrong("first-block", _OUTLINE, 4, "Crashed"),
    Wrong("first-block", _ASK.replace(' if block.type == "text"', ""), 4, "Crashed"),
    Wrong("system-null", _ASK.replace("if system is not None", "if True"), 6, "Crashed"),
    Wrong("empty-stored", _ASK.replace(_GUARD, ""), 6),
    Wrong(
        "empty-stored",
        _ASK.replace(_GUARD, "").replace(_CONTENT, '"content": message.content or text}'),
        6,
    ),
    Wrong(
        "empty-stored",
        _ASK.replace(_GUARD, "").replace(
            _CONTENT, '"content": message.content or [{"type": "text", "text": text}]}'
        ),
        6,
    ),
    Wrong("refused", _ASK.replace('"role": "user"', '"role": "human"'), 0, "Crashed"),
    Wrong("history-otherwise", _ASK.replace('"role": "assistant"', '"role": "model"'), 3),
    Wrong("no-request", "def chat(*given, **named):\n    return 'Fine.', []"),
    Wrong(
        "requests-counted",
        _ASK.replace("    text =", "    message = client.messages.create(**request)\n    text ="),
    ),
    Wrong("question-changed", _ASK.replace(": user_input}", ": user_input.upper()}"), 2),
    Wrong("question-changed", _ASK.replace(": user_input}", ": user_input.strip()}"), 4),
    *(
        Wrong(
            "blank-dropped", _ASK.replace('block.type == "text"', f'block.type == "text"{kept}'), 6
        )
        for kept in (
            " and block.text.strip()",
            " and not block.text.isspace()",
            " and block.text != '\\n\\n'",
            " and block.text != ' '",
        )
    ),
    *(
        Wrong("options-lost", _ASK.replace("= system\n", f"= {changed}\n"), 6)
        for changed in ("system.strip()", "system.rstrip()", "system + '.'")
    ),
    Wrong(
        "ending-dropped",
        _ASK.replace(_EMPTY, f"{_EMPTY} or 'window' in message.stop_reason"),
        4,
    ),
    Wrong(
        "question-not-sent",
        _ASK.replace(_SENT, "sent = [*messages, question, {**question, 'content': 'Be brief.'}]"),
        2,
    ),
    *(
        Wrong("history-cut", _ASK.replace('"messages": sent}', f'"messages": sent[-{most}:]}}'), 6)
        for most in (10, 11, 20, 24)
    ),
    *(
        Wrong("system-empty", _ASK.replace(_SYSTEM, f'    request["system"] = {empty}\n'), 6)
        for empty in ('system or ""', "system or []")
    ),
    *(
        Wrong("defaults-changed", _ASK.replace("max_tokens=1000", f"max_tokens={most}"), 6)
        for most in (256, 4096)
    ),
    Wrong(
        "defaults-changed", _ASK.replace("claude-sonnet-4-6", "claude-haiku-4-5"), 6, saw="haiku"
    ),
    *(
        Wrong(
            "error-retried",
            _ASK.replace("client.messages", f"client.with_options(max_retries={often}).messages"),
            6,
        )
        for often in (3, 4, 5, 20)
    ),
    Wrong(
        "no-request",
        """
import anthropic

def ask(messages, **options):
    return anthropic.Anthropic(base_url="http://127.0.0.1:9", api_key="none", max_retries=0)
"""
        + _ASK.replace(_CALL, "    ask(sent)\n    return user_input, sent\n"),
    ),
    # A question that was asked before is left out.
    Wrong(
        "refused",
        _ASK.replace(_SENT, "sent = messages + [question] * (question not in messages)"),
        6,
        "Crashed",
    ),
    *(
        Wrong("refusal-dropped", _ASK.replace("if not message.content:", f"if {refused}:"), 4)
        for refused in (
            'not message.content or message.stop_reason == "refusal"',
            'message.stop_reason == "refusal" or message.content == []',
        )
    ),
    Wrong(
        "other-text",
        _ASK.replace(
            _RETURN,
            "text = getattr(message.stop_details, 'explanation', None) or text\n    " + _RETURN,
        ),
        6,
    ),
    Wrong("no-text-dropped", _ASK.replace("if not message.content", "if not text"), 5),
    Wrong(
        "fields-lost",
        _ASK.replace(
            _CONTENT,
            '"content": '
            '[{"type": b.type, "text": getattr(b, "text", "")} for b in message.content]}',
        ),
        4,
    ),
    Wrong("history-not-a-list", _ASK.replace("[*sent, answer]", "(*sent, answer)"), 3),
    Wrong("refused", _ASK.replace(_SENT, "sent = [question, *messages]"), 4, "Crashed"),
    Wrong(
        "history-not-sent",
        _ASK.replace('"messages": sent}', '"messages": [question]}'),
        6,
    ),
    Wrong(
        "past-changed",
        _ASK.replace('"messages": sent}', '"messages": sent[-3:]}'),
        5,
        "Crashed",
        saw="differs, first at",
    ),
    Wrong(
        "history-changed",
        _ASK.replace('"messages": sent}', '"messages": [m for m in sent if m["role"] == "user"]}'),
        6,
    ),
    Wrong("options-lost", _ASK.replace(_SYSTEM, ""), 6),
    Wrong("options-lost", _ASK.replace("if system is not None", "if not messages"), 5),
    Wrong("options-lost", _ASK.replace('"model": model', '"model": "claude-haiku-4-5"'), 5),
    Wrong("options-lost", _ASK.replace('"max_tokens": max_tokens', '"max_tokens": 7'), 6),
    Wrong("printed", _ASK.replace(_RETURN, "print(text)"), 2),
    Wrong("not-a-pair", _ASK.replace(_RETURN, "return text"), 2),
    Wrong("not-a-pair", _ASK.replace(_RETURN, "return [*sent, answer]"), 2),
    Wrong("not-a-pair", _ASK.replace(_RETURN, "messages.append(answer)"), 2),
    Wrong("other-text", _ASK.replace(_RETURN, "return message, [*sent, answer]"), 6),
    Wrong("swapped", _ASK.replace(_RETURN, "return [*sent, answer], text"), 2),
    Wrong("other-text", _ASK.replace('"".join', '"\\n".join'), 6),
    Wrong(
        "only-some-text",
        _ASK.replace(
            _TEXT, 'text = ([b.text for b in message.content if b.type == "text"] or [""])[-1]'
        ),
        6,
    ),
    *(
        Wrong("empty-otherwise", _ASK.replace('return "", messages', f"return {said}, messages"), 6)
        for said in ("None", "'(no answer)'", "[]")
    ),
    # What a block has beside its text, and what is neither text nor thinking.
    *(
        Wrong("fields-lost", _ASK.replace(_CONTENT, f'"content": {copied}}}'), 6)
        for copied in (
            "[b.model_dump(exclude={'citations'}) for b in message.content]",
            "[dict(type='text', text=b.text) if 'text' == b.type else b for b in message.content]",
        )
    ),
    Wrong(
        "text-for-blocks",
        _ASK.replace(
            _CONTENT,
            '"content": [b for b in message.content if b.type in '
            '("text", "thinking", "redacted_thinking", "tool_use")]}',
        ),
        6,
        saw="server_tool_use",
    ),
    Wrong("words-added", _ASK.replace(_RETURN, "return f'Claude: {text}', [*sent, answer]"), 6),
    Wrong(
        "beside-in-text",
        _ASK.replace(
            _TEXT,
            _TEXT + "\n    text += ''.join(f'[{b.input}]' for b in message.content "
            "if b.type == 'server_tool_use')",
        ),
        6,
    ),
    Wrong("message-stored", _ASK.replace("[*sent, answer]", "[*sent, message]"), 3),
    Wrong("block-stored", _ASK.replace(_CONTENT, '"content": message.content[0]}'), 3),
    Wrong(
        "block-stored",
        _ASK.replace(_CONTENT, '"content": {"type": "text", "text": text}}'),
        3,
    ),
    Wrong("history-dropped", _ASK.replace("[*sent, answer]", "[question, answer]"), 5),
    Wrong("question-forgotten", _ASK.replace("[*sent, answer]", "[*messages, answer]"), 3),
    Wrong("reply-forgotten", _ASK.replace("[*sent, answer]", "sent"), 3),
    Wrong("text-for-blocks", _ASK.replace(_CONTENT, '"content": text}'), 6),
    Wrong(
        "text-for-blocks",
        _ASK.replace(_CONTENT, '"content": [b for b in message.content if b.type == "text"]}'),
        6,
    ),
    Wrong("text-for-blocks", _ASK.replace(_CONTENT, '"content": message.content[-1:]}'), 5),
    Wrong("history-otherwise", _ASK.replace("[*sent, answer]", "[answer, *sent]"), 3),
    Wrong("history-otherwise", _ASK.replace("[*sent, answer]", "str([*sent, answer])"), 3),
    Wrong(
        "history-otherwise",
        _ASK.replace("[*sent, answer]", "[*sent, answer, question]"),
        3,
    ),
    Wrong(
        "history-otherwise",
        _ASK.replace(
            'return "", messages', 'return "", [*sent, {"role": "assistant", "content": "?"}]'
        ),
        6,
    ),
    Wrong(
        "mutated",
        _ASK.replace(_SENT, "messages.append(question)\n    sent = list(messages)"),
        5,
    ),
    Wrong("mutated", _ASK.replace(_SENT, "sent = messages\n    sent += [question]"), 5),
    Wrong(
        "mutated",
        _ASK.replace(_RETURN, "messages += [question, answer]\n    return text, messages"),
        6,
    ),
    Wrong(
        "empty-crash",
        _ASK.replace(
            _TEXT,
            'texts = [b.text for b in message.content if b.type == "text"]\n'
            '    text = texts[0] + "".join(texts[1:])',
        ),
        5,
        "Crashed",
    ),
    Wrong(
        "empty-crash",
        _ASK.replace('return "", messages', 'raise ValueError("no content")'),
        6,
        "Crashed",
    ),
    Wrong("question-left", _ASK.replace('return "", messages', 'return "", sent'), 6),
    Wrong("crash", _ASK.replace(_SENT, "sent = messages + question"), 0, "Crashed"),
    *beginners(_ASK, _TEXT, "client.messages.create(**request)", "message"),
    Wrong("message-attribute", _ASK.replace(_CONTENT, '"content": message.text}'), 2, "Crashed"),
    Wrong(
        "refusal-dropped",
        _ASK.replace(
            "if not message.content", "if not message.content or message.stop_reason == 'refusal'"
        ),
        4,
    ),
    # A reply's text where something else stands before it, or there are two.
    Wrong(
        "text-behind",
        _ASK.replace(
            _TEXT,
            "first = message.content[0] if message.content else None\n"
            '    text = first.text if first and first.type == "text" else ""',
        ),
        6,
    ),
    Wrong(
        "only-some-text",
        _ASK.replace(
            _TEXT, 'text = next((b.text for b in message.content if b.type == "text"), "")'
        ),
        6,
    ),
    Wrong(
        "edges-lost",
        _ASK.replace('if block.type == "text")', 'if block.type == "text").strip()'),
        6,
    ),
    Wrong(
        "text-for-blocks",
        _ASK.replace(
            _CONTENT,
            '"content": [b for b in message.content if b.type != "redacted_thinking"] or text}',
        ),
        6,
    ),
    # A reply without text has content all the same.
    Wrong("no-text-dropped", _ASK.replace("if not message.content", "if not text"), 5),
    Wrong(
        "own-raise",
        _ASK.replace(_GUARD, _GUARD + '    if not text:\n        raise ValueError("no text")\n'),
        6,
        "Crashed",
    ),
    Wrong(
        "ending-raised",
        _ASK.replace(
            _GUARD,
            _GUARD
            + '    if message.stop_reason == "max_tokens":\n        raise ValueError("cut")\n',
        ),
        6,
        "Crashed",
    ),
    Wrong("options-lost", _ASK.replace(": max_tokens,", ": max(max_tokens, 1000),"), 6),
    Wrong("question-changed", _ASK.replace(": user_input}", ": user_input.strip()}"), 4),
    Wrong(
        "history-changed",
        _ASK.replace(
            _SENT,
            'turns = [m for m in messages if isinstance(m["content"], str)]\n'
            "    sent = [*turns, question]",
        ),
        4,
    ),
    Wrong(
        "mutated",
        _ASK.replace(
            _SENT,
            _SENT + "\n    for turn in messages:\n"
            '        if isinstance(turn["content"], str):\n'
            '            turn["content"] = [{"type": "text", "text": turn["content"]}]',
        ),
        6,
    ),
    *troubled(_ASK, _CALL, 6, hidden="return '', messages"),
    *troubled(_ASK, _CALL, 6, hidden="return str(error), [*sent]")[:1],
    Wrong(
        "ending-dropped", _ASK.replace(_EMPTY, f'{_EMPTY} or message.stop_reason != "end_turn"'), 4
    ),
    *(
        Wrong(
            "ending-dropped",
            _ASK.replace(_EMPTY, f"{_EMPTY} or message.stop_reason == {ending!r}"),
            4,
        )
        for ending in ("max_tokens", "stop_sequence")
    ),
    # A turn with the role system is a turn like any other.
    *(
        Wrong("instruction-lost", _ASK.replace(_SENT, f"{line}\n    {_SENT}"), 5)
        for line in (
            'messages = [turn for turn in messages if turn["role"] != "system"]',
            'messages = [turn for turn in messages if turn["role"] in ("user", "assistant")]',
        )
    ),
    Wrong(
        "instruction-lost",
        _ASK.replace("[*sent, answer]", '[m for m in sent if m["role"] != "system"] + [answer]'),
        6,
        saw="the history you returned",
    ),
    Wrong(
        "history-changed",
        _ASK.replace(_SENT, _SENT + _RENAMED),
        5,
    ),
    Wrong("crash", "def chat(client, messages):\n    return '', messages", 0, "Crashed"),
)

_RIGHT = {
    "the beta client": _ASK.replace("client.messages", "client.beta.messages"),
    "parsed blocks": _ASK.replace("client.messages.create", "client.messages.parse"),
    "an error that is logged and raised again": caught(
        _ASK, _CALL, "APIError", "print(error)\nraise"
    ),
    "a client that tries again by itself": _ASK.replace(
        "client.messages", "client.with_options(max_retries=2).messages"
    ),
    "options spread from a display": """
def chat(client, system, messages, user_input, *, model="claude-sonnet-4-6", max_tokens=1000):
    sent = messages + [{"role": "user", "content": user_input}]
    options = {"model": model, "max_tokens": max_tokens}
    options |= {"system": system} if system is not None else {}
    message = client.messages.create(messages=sent, **options)
    if not message.content:
        return "", messages
    text = "".join(block.text for block in message.content if block.type == "text")
    return text, sent + [{"role": "assistant", "content": message.content}]
""",
    "dicts, a loop, and prints": """
import logging

def chat(client, system, messages, user_input, *, model="claude-sonnet-4-6", max_tokens=1000):
    logging.warning("asking %s", user_input)
    options = {} if system is None else {"system": [{"type": "text", "text": system}]}
    sent = list(messages)
    sent.append({"role": "user", "content": [{"type": "text", "text": user_input}]})
    reply = client.messages.create(model=model, max_tokens=max_tokens, messages=sent, **options)
    blocks, text = [], ""
    for block in reply.to_dict()["content"]:
        blocks.append(block)
        if block["type"] == "text":
            text += block["text"]
    print(text)
    if not blocks:
        return text, list(messages)
    sent.append({"role": "assistant", "content": blocks})
    return text, sent
""",
    "to_param, and omit": """
import anthropic

def chat(client, system, messages, user_input, *, model="claude-sonnet-4-6", max_tokens=1000):
    messages = messages + [{"role": "user", "content": user_input}]
    reply = client.messages.create(
        model=model, max_tokens=max_tokens, messages=messages,
        system=anthropic.omit if system is None else system,
    )
    text = "".join(getattr(block, "text", "") for block in reply.content)
    return (text, messages + [reply.to_param()]) if reply.content else (text, messages[:-1])
""",
    "a stream, model_dump, and a list of two": """
import copy

def say(role, content):
    return {"role": role, "content": content}

def chat(client, system, messages, user_input, **options):
    options = {"model": "claude-sonnet-4-6", "max_tokens": 1000, **options}
    history = copy.deepcopy(messages)
    history += [say("user", user_input)]
    if system:
        options["system"] = system
    with client.messages.stream(messages=history, **options) as stream:
        reply = stream.get_final_message()
    blocks = [block.model_dump(exclude={"parsed_output"}) for block in reply.content]
    words = [block["text"] for block in blocks if block["type"] == "text"]
    if blocks == []:
        history.pop()
    else:
        history.append(say("assistant", blocks))
    return ["".join(words), history]
""",
    "a wrapper around the asking, and counting first": """
def answered(client, request):
    counted = {name: part for name, part in request.items() if name != "max_tokens"}
    client.messages.count_tokens(**counted)
    return client.with_options(max_retries=1).messages.create(**request)

def chat(client, system, messages, user_input, *, model="claude-sonnet-4-6", max_tokens=1000):
    question = dict(role="user", content=user_input)
    request = dict(model=model, max_tokens=max_tokens, messages=(*messages, question))
    if system is not None:
        request.update(system=system)
    reply = answered(client, request)
    text = "".join(block.text for block in reply.content if block.type == "text")
    new = [question, dict(role="assistant", content=list(reply.content))] if reply.content else []
    return text, [*messages, *new]
""",
}

PROOF = Proof("chat", wrong=_WRONG, right=_RIGHT)
