"""The proof of `cached_chat`."""

from tests.exercises.erring import erring
from tests.exercises.prompt_caching.right_cached_chats import RIGHT
from tests.exercises.proof import Proof, Wrong

_CHAT = """
def cached_chat(client, system, messages, user_input, *, model="claude-opus-5", max_tokens=90):
    control = {"type": "ephemeral"}
    question = {"role": "user", "content": user_input}
    sent = [*messages, question]
    request = {"model": model, "max_tokens": max_tokens, "system": system, "messages": sent}
    message = client.messages.create(**request, cache_control=control)
    text = "".join(block.text for block in message.content if block.type == "text")
    if not message.content:
        return "", messages
    answer = {"role": "assistant", "content": message.content}
    return text, [*sent, answer]
"""
_OPTION = ", cache_control=control"
_CREATE = "message = client.messages.create(**request, cache_control=control)"
_TEXT = 'text = "".join(block.text for block in message.content if block.type == "text")'
_GUARD = '    if not message.content:\n        return "", messages\n'
_RETURN = "return text, [*sent, answer]"
_QUESTION = 'question = {"role": "user", "content": user_input}'
_BLOCK = (
    'question = {"role": "user", "content": '
    '[{"type": "text", "text": user_input, "cache_control": control}]}'
)
_SYSTEM = '"system": system,'
_MARKED_SYSTEM = '"system": [{"type": "text", "text": system, "cache_control": control}],'

_LEFT_BEHIND = _CHAT.replace(_OPTION, "").replace(_QUESTION, _BLOCK)

_ANSWER_MARKED = """
def cached_chat(client, system, messages, user_input, *, model="claude-opus-5", max_tokens=90):
    control = {"type": "ephemeral"}
    sent = [*messages, {"role": "user", "content": user_input}]
    request = {"model": model, "max_tokens": max_tokens, "messages": list(sent)}
    request["system"] = [{"type": "text", "text": system, "cache_control": control}]
    if messages:
        *others, last = [block.to_dict() for block in messages[-1]["content"]]
        content = [*others, {**last, "cache_control": control}]
        request["messages"][-2] = {"role": "assistant", "content": content}
    message = client.messages.create(**request)
    text = "".join(block.text for block in message.content if block.type == "text")
    if not message.content:
        return "", messages
    return text, [*sent, {"role": "assistant", "content": message.content}]
"""

_FIRST_MARKED = _CHAT.replace(
    "    request =",
    """    if messages:
        first, *others = [block.to_dict() for block in messages[-1]["content"]]
        content = [{**first, "cache_control": control}, *others]
        sent[-2] = {"role": "assistant", "content": content}
    request =""",
)

_TOOL = """tool = {"name": f"note_{len(messages)}", "input_schema": {"type": "object"}}
    """

_WRONG = (
    # Every request is marked, and every text is as it came.
    Wrong(
        "short-system",
        _CHAT.replace(_OPTION, "").replace(
            "**request)", "**request, **({'cache_control': control} if len(system) > 4000 else {}))"
        ),
        6,
        saw="Be ",
    ),
    Wrong("request-changed", _CHAT.replace("user_input}", "user_input.strip()}"), 5),
    Wrong("request-changed", _CHAT.replace(_SYSTEM, '"system": system.strip(),'), 7),
    Wrong("blank-dropped", _CHAT.replace('== "text")', '== "text" and block.text.strip())'), 7),
    Wrong(
        "not-always-marked",
        _CHAT.replace(_CREATE, _CREATE.replace("=control", "=control if messages else None")),
        5,
        saw="call 1",
    ),
    *(
        Wrong(
            "ending-dropped",
            _CHAT.replace("if not message.content:", f"if not message.content or {ends}:"),
            5,
        )
        for ends in (
            "message.stop_reason == 'max_tokens'",
            "message.stop_reason == 'refusal'",
            "message.stop_reason == 'pause_turn'",
            "message.stop_reason == 'model_context_window_exceeded'",
            "message.stop_reason not in ('end_turn', 'stop_sequence')",
        )
    ),
    *(
        Wrong(diagnosis, source, 7)
        for diagnosis, source in erring(_CHAT, _CREATE, hidden="return '', messages")
    ),
    *(
        Wrong(
            "request-changed",
            _CHAT.replace(
                "sent = [*messages, question]", f"sent = [*messages[-{most}:], question]"
            ).replace("[*sent, answer]", "[*messages, question, answer]"),
            7,
            saw=f"`messages, {most + 1} instead of 73`",
        )
        for most in (24, 50)
    ),
    Wrong("other-text", _CHAT.replace(_TEXT, _TEXT + ".lower()"), 7),
    Wrong("other-text", _CHAT.replace(_TEXT, _TEXT + ".splitlines()[0]"), 6),
    Wrong("other-text", _CHAT.replace(_TEXT, _TEXT + ".encode('ascii', 'ignore').decode()"), 7),
    Wrong("first-block", _CHAT.replace(_TEXT, "text = message.content[0].text"), 3, "Crashed"),
    Wrong(
        "on-a-string",
        _CHAT.replace("    sent", '    system["cache_control"] = control\n    sent', 1),
        0,
        "Crashed",
    ),
    Wrong(
        "on-a-message",
        _CHAT.replace(_OPTION, "").replace(
            '"content": user_input}', '"content": user_input, "cache_control": control}'
        ),
        0,
        "Crashed",
    ),
    Wrong(
        "system-not-a-list",
        _CHAT.replace(_SYSTEM, _MARKED_SYSTEM.replace("[", "").replace("]", "")),
        0,
        "Crashed",
    ),
    # Each question keeps its mark in the history.
    Wrong(
        "no-choices",
        _CHAT.replace(_TEXT, "text = message.choices[0].message.content"),
        0,
        "Crashed",
    ),
    Wrong(
        "system-in-messages",
        _CHAT.replace(_SYSTEM, "").replace(
            '"messages": sent}',
            '"messages": [{"role": "system", "content": system}, *sent]}',
        ),
        0,
        "Crashed",
    ),
    Wrong("five", _LEFT_BEHIND, 7, "Crashed"),
    Wrong("five", _LEFT_BEHIND.replace(_SYSTEM, _MARKED_SYSTEM), 7, "Crashed"),
    Wrong("thinking-marked", _FIRST_MARKED, 7, "Crashed"),
    Wrong(
        "control-otherwise",
        _CHAT.replace('control = {"type": "ephemeral"}', 'control = "ephemeral"'),
        0,
        "Crashed",
    ),
    Wrong("refused", _CHAT.replace('"role": "user"', '"role": "human"'), 0, "Crashed"),
    Wrong(
        "answer-kept",
        "KEPT = {}\n"
        + _CHAT.replace(
            _CREATE,
            f"if user_input in KEPT:\n        return KEPT[user_input]\n    {_CREATE}",
        ).replace(_RETURN, "KEPT[user_input] = text, [*sent, answer]\n    return KEPT[user_input]"),
        6,
    ),
    Wrong(
        "hit-expected",
        _CHAT.replace(
            _CREATE,
            f"{_CREATE}\n    if not message.usage.cache_read_input_tokens:\n        {_CREATE}",
        ),
        0,
    ),
    Wrong(
        "hit-expected",
        _CHAT.replace(
            _CREATE,
            f"{_CREATE}\n    read = message.usage.cache_read_input_tokens\n"
            f"    if messages and not read:\n        {_CREATE}",
        ),
        6,
    ),
    Wrong("requests-counted", "def cached_chat(*given, **named):\n    return 'Fine.', []"),
    Wrong(
        "requests-counted",
        _CHAT.replace(
            _CREATE, f"client.messages.create(**{{**request, 'max_tokens': 1}})\n    {_CREATE}"
        ),
    ),
    # The cache taken for a memory.
    Wrong("not-sent-again", _CHAT.replace('"messages": sent}', '"messages": [question]}'), 4),
    Wrong(
        "not-sent-again",
        _CHAT.replace(_SYSTEM, '"system": "" if messages else system,'),
        4,
    ),
    Wrong("request-changed", _CHAT.replace('"max_tokens": max_tokens', '"max_tokens": 7'), 7),
    Wrong(
        "request-changed",
        _CHAT.replace('"model": model', '"model": "claude-sonnet-4-6"'),
        7,
    ),
    Wrong("request-changed", _CHAT.replace('"messages": sent}', '"messages": sent[-3:]}'), 5),
    Wrong(
        "request-changed",
        _CHAT.replace(_SYSTEM, '"system": f"{system} Turn {len(messages)}.",'),
        4,
    ),
    Wrong("printed", _CHAT.replace(_RETURN, "print(text)"), 2),
    Wrong("not-a-pair", _CHAT.replace(_RETURN, "return text"), 2),
    Wrong("not-a-pair", _CHAT.replace(_RETURN, "return [*sent, answer]"), 2),
    Wrong("not-marked", _CHAT.replace(_OPTION, ""), 5),
    Wrong(
        "not-always-marked",
        _CHAT.replace(_OPTION, "").replace(
            _SYSTEM,
            '"system": system if messages else [\n'
            '        {"type": "text", "text": system, "cache_control": control}],',
        ),
        5,
    ),
    Wrong("never-hits", _CHAT.replace(_CREATE, _TOOL + _CREATE.replace("(", "(tools=[tool], ")), 5),
    Wrong("other-lifetime", _CHAT.replace('"ephemeral"}', '"ephemeral", "ttl": "1h"}'), 6),
    Wrong(
        "breakpoint-stands",
        _CHAT.replace(_OPTION, "").replace(_SYSTEM, _MARKED_SYSTEM),
        6,
    ),
    Wrong("breakpoint-behind", _ANSWER_MARKED, 6),
    Wrong("other-text", _CHAT.replace(_RETURN, "return message, [*sent, answer]"), 7),
    Wrong("other-text", _CHAT.replace('"".join', '"\\n".join'), 7),
    Wrong("other-text", _CHAT.replace('return "", messages', "return None, messages"), 7),
    Wrong("question-forgotten", _CHAT.replace("[*sent, answer]", "[*messages, answer]"), 3),
    Wrong("reply-forgotten", _CHAT.replace("[*sent, answer]", "sent"), 3),
    Wrong(
        "text-for-blocks",
        _CHAT.replace('"content": message.content}', '"content": text}'),
        7,
    ),
    Wrong("history-otherwise", _CHAT.replace("[*sent, answer]", "[answer, *sent]"), 3),
    Wrong("history-otherwise", _CHAT.replace("[*sent, answer]", "None"), 3),
    Wrong(
        "mutated",
        _CHAT.replace(
            "sent = [*messages, question]", "messages.append(question)\n    sent = list(messages)"
        ),
        6,
    ),
    # Old marks are taken off, in the caller's own turns.
    Wrong(
        "mutated",
        _LEFT_BEHIND.replace(
            "    sent =",
            "    for turn in messages[::2]:\n"
            '        turn["content"][0].pop("cache_control", None)\n    sent =',
            1,
        ),
        7,
    ),
    Wrong("own-raise", _CHAT.replace(_GUARD, "    assert text\n"), 7, "Crashed"),
    Wrong("empty-crash", _CHAT.replace(_TEXT, f"{_TEXT}\n    message.content[-1]"), 7, "Crashed"),
    # A reply that holds only thinking has no text, and is a turn.
    Wrong("thinking-only-dropped", _CHAT.replace("if not message.content", "if not text"), 7),
    Wrong(
        "error-hidden",
        _CHAT.replace(
            f"    {_CREATE}",
            f"    try:\n        {_CREATE}\n    except Exception:\n        return '', messages",
        ),
        7,
    ),
    # Some errors are told, others aren't.
    *(
        Wrong(
            "error-hidden",
            "import anthropic\n"
            + _CHAT.replace(
                f"    {_CREATE}",
                f"    try:\n        {_CREATE}\n    except {kind}:\n        return '', messages",
            ),
            7,
        )
        for kind in (
            "anthropic.RateLimitError",
            "anthropic.InternalServerError",
            "anthropic.APIConnectionError",
            "anthropic.APIStatusError",
        )
    ),
    # Each error is told in other words.
    Wrong(
        "error-wrapped",
        "import anthropic\n"
        + _CHAT.replace(
            f"    {_CREATE}",
            f"    try:\n        {_CREATE}\n    except anthropic.APIError as error:\n"
            "        raise RuntimeError('no answer') from error",
        ),
        7,
    ),
    # What works for one kind of reply only.
    Wrong("other-text", _CHAT.replace(_TEXT, f"{_TEXT}.strip()"), 7),
    Wrong(
        "other-text",
        _CHAT.replace('"".join(block', '"".join({block').replace('"text")', '"text"})'),
        7,
    ),
    Wrong(
        "other-text",
        _CHAT.replace(_TEXT, 'text = [b.text for b in message.content if b.type == "text"][0]'),
        6,
    ),
    Wrong(
        "other-text", _CHAT.replace(_TEXT, "text = getattr(message.content[-1:], 'text', '')"), 7
    ),
    Wrong(
        "first-block",
        _CHAT.replace('if block.type == "text"', 'if block.type != "thinking"'),
        7,
        "Crashed",
    ),
    Wrong(
        "text-for-blocks",
        _CHAT.replace(
            '"content": message.content}',
            '"content": [b for b in message.content if b.type in ("text", "redacted_thinking")]}',
        ),
        7,
    ),
    Wrong(
        "text-for-blocks",
        _CHAT.replace(
            '"content": message.content}',
            '"content": [b for b in message.content if b.type in ("text", "thinking")]}',
        ),
        7,
    ),
    Wrong(
        "text-for-blocks",
        _CHAT.replace(
            '"content": message.content}',
            '"content": [b for b in message.content if "text" in b.type or "think" in b.type]}',
        ),
        7,
    ),
    Wrong(
        "history-otherwise",
        _CHAT.replace(
            '"content": message.content}',
            '"content": list({b.to_json(): b for b in message.content}.values())}',
        ),
        6,
    ),
    *(
        Wrong(
            "fields-lost",
            _CHAT.replace(
                '"content": message.content}', f'"content": [{kept} for b in message.content]}}'
            ),
            7,
        )
        for kept in (
            'b if b.type != "text" else {"type": "text", "text": b.text}',
            'b.model_dump(exclude={"citations"})',
        )
    ),
    # Only some ends are taken for an answer.
    Wrong(
        "own-raise",
        _CHAT.replace(_GUARD, '    assert message.stop_reason != "max_tokens"\n' + _GUARD),
        3,
        "Crashed",
    ),
    Wrong(
        "ending-dropped",
        _CHAT.replace("if not message.content", 'if message.stop_reason != "end_turn"'),
        5,
    ),
    Wrong(
        "request-changed",
        _CHAT.replace('"content": user_input}', '"content": user_input[:20]}'),
        2,
    ),
    Wrong("request-changed", _CHAT.replace(_SYSTEM, '"system": ascii(system),'), 7),
    Wrong("empty-kept", _CHAT.replace(_GUARD, ""), 7),
    Wrong("empty-kept", _CHAT.replace('return "", messages', 'return "", sent'), 7),
    Wrong("crash", _CHAT.replace("[*messages, question]", "messages + question"), 0, "Crashed"),
)

PROOF = Proof("cached_chat", _WRONG, RIGHT)
