"""The proof of `continue_reply`."""

from tests.exercises.beginners import bad_calls, bad_readings
from tests.exercises.proof import Proof, Wrong
from tests.exercises.troubled import caught, troubled

_GO_ON = """
def continue_reply(client, request, max_rounds):
    messages = list(request["messages"])
    pieces = []
    for _ in range(max_rounds):
        reply = client.messages.create(**{**request, "messages": messages})
        text = "".join(b.text for b in reply.content if b.type == "text")
        pieces.append(text)
        if reply.stop_reason != "max_tokens" or not text:
            break
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": "Go on."})
    return "".join(pieces)
"""
_CALL = '{**request, "messages": messages}'
_LINE = f"        reply = client.messages.create(**{_CALL})\n"
_ADD_REPLY = '        messages.append({"role": "assistant", "content": reply.content})\n'
_ADD_PLEA = '        messages.append({"role": "user", "content": "Go on."})\n'
_TEXT = 'text = "".join(b.text for b in reply.content if b.type == "text")'
_STOP = 'if reply.stop_reason != "max_tokens" or not text:'
_LOOP = "for _ in range(max_rounds):"
_RETURN = 'return "".join(pieces)'
_ONCE = """
def continue_reply(client, request, max_rounds):
    reply = client.messages.create(**request)
    return "".join(b.text for b in reply.content if b.type == "text")
"""

_WRONG = (
    *(
        Wrong(
            "rounds-lost",
            _GO_ON.replace(
                _LINE, f"        messages[begin:] = messages[begin:][-{kept}:]\n{_LINE}"
            ).replace("    pieces = []", "    pieces, begin = [], len(messages)"),
            7,
        )
        for kept in (4, 8, 20)
    ),
    *(
        Wrong("fields-lost", _GO_ON.replace('"content": reply.content}', f'"content": {kept}}}'), 8)
        for kept in (
            "[{'type': 'text', 'text': b.text} if b.type == 'text' else b for b in reply.content]",
            "[b.model_dump(exclude={'citations'}) for b in reply.content]",
        )
    ),
    Wrong(
        "text-for-blocks",
        _GO_ON.replace(
            '"content": reply.content}',
            '"content": [b for b in reply.content if "text" in b.type or "think" in b.type]}',
        ),
        8,
        saw="server_tool_use",
    ),
    *(
        Wrong("blank-dropped", _GO_ON.replace('b.type == "text"', f'b.type == "text"{kept}'), 8)
        for kept in (" and b.text.strip()", " and b.text != '\\n\\n'", " and b.text != ' '")
    ),
    *(
        Wrong("only-some-text", _GO_ON.replace(_TEXT, f"text = {some}"), 8)
        for some in (
            '([b.text for b in reply.content if b.type == "text"] or [""])[0]',
            'next((b.text for b in reply.content if b.type == "text"), "")',
        )
    ),
    Wrong(
        "refusal-dropped",
        _GO_ON.replace(
            "        pieces.append(text)",
            '        if reply.stop_reason == "refusal":\n            break\n'
            "        pieces.append(text)",
        ),
        8,
        saw="refusal",
    ),
    Wrong("pieces-lost", _GO_ON.replace(_RETURN, 'return "".join(dict.fromkeys(pieces))'), 8),
    *(
        Wrong(
            "history-cut",
            _GO_ON.replace('list(request["messages"])', f'list(request["messages"])[-{most}:]'),
            8,
        )
        for most in (5, 6, 20)
    ),
    *(
        Wrong(
            "history-cut",
            _GO_ON.replace(_CALL, f'{{**request, "messages": messages[-{most}:]}}'),
            4,
        )
        for most in (10, 11, 20)
    ),
    Wrong(
        "parameters-changed",
        _GO_ON.replace(
            _CALL, _CALL[:-1] + ', "max_tokens": request["max_tokens"] * min(2, 1 + len(pieces))}'
        ),
        7,
    ),
    Wrong(
        "goes-on-anyway",
        _GO_ON.replace('!= "max_tokens"', 'in ("end_turn", "stop_sequence", "refusal")'),
        8,
    ),
    Wrong("prefill", _GO_ON.replace(_ADD_PLEA, ""), 2, "Crashed"),
    Wrong("first-block", _GO_ON.replace(' if b.type == "text"', ""), 3, "Crashed"),
    Wrong(
        "first-block",
        _GO_ON.replace(
            '"".join(b.text for b in reply.content if b.type == "text")', "reply.content[0].text"
        ),
        3,
        "Crashed",
    ),
    Wrong("empty-stored", _GO_ON.replace(" or not text", ""), 8, "Crashed"),
    Wrong(
        "refused",
        _GO_ON.replace(
            '"role": "user", "content": "Go on."', '"role": "system", "content": "Go on."'
        ),
        2,
        "Crashed",
    ),
    Wrong("plea-empty", _GO_ON.replace('"Go on."', '""'), 2, "Crashed"),
    Wrong("plea-empty", _GO_ON.replace('"Go on."', "[]"), 2, "Crashed"),
    Wrong("printed", _GO_ON.replace(_RETURN, 'print("".join(pieces))'), 2),
    Wrong("no-request", "def continue_reply(client, request, max_rounds):\n    return 'Fine.'"),
    Wrong("no-request", _GO_ON.replace(_LOOP, "for _ in range(max_rounds - 5):")),
    Wrong("goes-on-anyway", _GO_ON.replace(_STOP, "if not text:"), 1),
    Wrong("goes-on-anyway", _GO_ON.replace('!= "max_tokens"', '== "end_turn"'), 8),
    Wrong(
        "goes-on-anyway",
        _GO_ON.replace('!= "max_tokens"', 'in ("end_turn", "stop_sequence")'),
        8,
    ),
    Wrong(
        "request-changed",
        _GO_ON.replace("**{**request,", "**{**request, 'max_tokens': 4096,"),
        6,
    ),
    Wrong(
        "request-changed",
        _GO_ON.replace(
            _CALL, '{"model": request["model"], "max_tokens": 500, "messages": messages}'
        ),
        6,
    ),
    Wrong("not-continued", _ONCE, 3),
    Wrong("asked-again", _GO_ON.replace(f"**{_CALL}", "**request"), 4),
    Wrong("asked-again", _GO_ON.replace(_ADD_REPLY, "").replace(_ADD_PLEA, ""), 4),
    Wrong("partial-dropped", _GO_ON.replace(_ADD_REPLY, ""), 4),
    Wrong(
        "text-for-blocks",
        _GO_ON.replace('"content": reply.content}', '"content": text}'),
        8,
    ),
    Wrong(
        "past-changed",
        _GO_ON.replace(
            '        messages.append({"role": "assistant", "content": reply.content})\n',
            '        messages = [{"role": "assistant", "content": reply.content}]\n',
        ),
        4,
        "Crashed",
    ),
    Wrong("past-changed", _GO_ON.replace(_ADD_REPLY, _ADD_REPLY + _ADD_REPLY), 4, "Crashed"),
    Wrong(
        "turns-otherwise",
        _GO_ON.replace(
            _ADD_REPLY, _ADD_REPLY + '        messages.append({"role": "user", "content": "Hm."})\n'
        ),
        4,
    ),
    Wrong(
        "parameters-lost",
        _GO_ON.replace(
            f"**{_CALL}",
            "**(request if not pieces else "
            '{"model": request["model"], "max_tokens": 900, "messages": messages})',
        ),
        6,
    ),
    Wrong("doubled", _GO_ON.replace(_RETURN, 'return "".join(pieces[:1] + pieces)'), 2),
    Wrong(
        "doubled",
        _GO_ON.replace("pieces.append(text)", 'pieces.append("".join(pieces) + text)'),
        6,
    ),
    Wrong("pieces-lost", _GO_ON.replace(_RETURN, "return pieces[-1]"), 6),
    Wrong("pieces-lost", _GO_ON.replace(_RETURN, "return pieces[0]"), 7),
    Wrong("joined-otherwise", _GO_ON.replace('"".join(pieces)', '" ".join(pieces)'), 6),
    Wrong(
        "edges-lost",
        _GO_ON.replace('"".join(pieces)', '"".join(p.strip() for p in pieces)'),
        7,
    ),
    Wrong("other-text", _GO_ON.replace('"".join(pieces)', "pieces"), 2),
    Wrong("pieces-lost", _GO_ON.replace('"".join(pieces)', '"".join(pieces[-2:])'), 7),
    Wrong("unbounded", _GO_ON.replace(_LOOP, "while True:"), 8),
    *(
        Wrong(
            "ending-dropped",
            _GO_ON.replace(
                f"        {_TEXT}",
                f"        if reply.stop_reason == '{reason}' and not pieces:\n"
                f"            return ''\n        {_TEXT}",
            ),
            8,
        )
        for reason in ("stop_sequence", "model_context_window_exceeded", "pause_turn", "tool_use")
    ),
    Wrong(
        "last-lost",
        _GO_ON.replace(
            f"        {_TEXT}",
            "        if reply.stop_reason in ('refusal', 'stop_sequence'):\n"
            f"            break\n        {_TEXT}",
        ),
        8,
    ),
    Wrong("one-request-more", _GO_ON.replace(_LOOP, "for _ in range(max_rounds + 1):"), 8),
    *(
        Wrong("goes-on-anyway", _GO_ON.replace('reply.stop_reason != "max_tokens"', ends), 8)
        for ends in (
            'reply.usage.output_tokens < request["max_tokens"]',
            'reply.usage.output_tokens != request["max_tokens"]',
        )
    ),
    Wrong(
        "not-continued",
        _GO_ON.replace(_STOP, _STOP[:-1] + ' or text.endswith((".", "!", "?")):'),
        6,
    ),
    Wrong(
        "refusal-dropped",
        _GO_ON.replace(_RETURN, f'if reply.stop_reason == "refusal": return ""\n    {_RETURN}'),
        7,
    ),
    Wrong(
        "unbounded",
        """
def continue_reply(client, request, max_rounds):
    def ask(messages):
        reply = client.messages.create(**{**request, "messages": messages})
        text = "".join(b.text for b in reply.content if b.type == "text")
        if reply.stop_reason != "max_tokens" or not text:
            return text
        plea = {"role": "user", "content": "Go on."}
        return text + ask([*messages, {"role": "assistant", "content": reply.content}, plea])
    return ask(request["messages"])
""",
        8,
    ),
    Wrong("gave-up-early", _GO_ON.replace(_LOOP, "for _ in range(max_rounds - 1):"), 8),
    Wrong("gave-up-early", _GO_ON.replace(_LOOP, "for _ in range(min(max_rounds, 10)):"), 8),
    Wrong(
        "gave-up-early",
        _GO_ON.replace(_LOOP, "for _ in range(max(1, max_rounds - 1)):"),
        8,
    ),
    Wrong(
        "bound-crash",
        _GO_ON.replace(
            _RETURN,
            "if reply.stop_reason == 'max_tokens' and text:\n"
            "        raise RuntimeError(max_rounds)\n    " + _RETURN,
        ),
        8,
        "Crashed",
    ),
    Wrong("no-text-goes-on", _GO_ON.replace("or not text:", "or not reply.content:"), 8),
    Wrong(
        "ending-raised",
        _GO_ON.replace(
            "        pieces.append",
            '        if reply.stop_reason == "refusal":\n'
            '            raise RuntimeError("refused")\n        pieces.append',
        ),
        7,
        "Crashed",
    ),
    Wrong(
        "no-text-crash",
        _GO_ON.replace("        pieces.append", "        reply.content[0]\n        pieces.append"),
        8,
        "Crashed",
    ),
    Wrong("mutated", _GO_ON.replace('list(request["messages"])', 'request["messages"]'), 8),
    Wrong(
        "mutated",
        _GO_ON.replace("    return", '    request["messages"] = messages\n    return'),
        8,
    ),
    Wrong("message-attribute", _GO_ON.replace(".stop_reason", ".finish_reason"), 0, "Crashed"),
    Wrong("crash", _GO_ON.replace("if reply.stop", "if answer.stop"), 0, "Crashed"),
    *(
        wrong
        for wrong in bad_calls(_GO_ON, f"client.messages.create(**{_CALL})")
        if wrong.diagnosis in ("own-client", "unknown-argument")
    ),
    *bad_readings(_GO_ON, _TEXT, "reply", points=0),
    # It goes on once, and takes what then comes for the end.
    Wrong("gave-up-early", _GO_ON.replace(_LOOP, "for _ in range(min(max_rounds, 2)):"), 7),
    Wrong("gave-up-early", _GO_ON.replace(_LOOP, "for _ in range(min(max_rounds, 3)):"), 8),
    *(
        Wrong(
            "window-goes-on" if "window" in more else "goes-on-anyway",
            _GO_ON.replace('!= "max_tokens"', f"not in ('max_tokens', {more!r})"),
            8,
        )
        for more in ("pause_turn", "tool_use", "refusal", "model_context_window_exceeded")
    ),
    Wrong("edges-lost", _GO_ON.replace(_RETURN, f"{_RETURN}.strip()"), 7),
    Wrong(
        "text-for-blocks",
        _GO_ON.replace(
            '"content": reply.content}',
            '"content": [b for b in reply.content if b.type != "redacted_thinking"]}',
        ),
        8,
    ),
    Wrong(
        "ending-raised",
        _GO_ON.replace(
            "        pieces.append",
            "        if reply.stop_reason == 'pause_turn':\n"
            "            raise RuntimeError('paused')\n        pieces.append",
        ),
        8,
        "Crashed",
    ),
    Wrong(
        "mutated",
        _GO_ON.replace("    return", "    request['rounds'] = max_rounds\n    return"),
        8,
    ),
    *troubled(_GO_ON, _LINE, 8, hidden="return ''.join(pieces)"),
    *(
        Wrong("error-hidden", caught(_GO_ON, _LINE, kind, "if not pieces: raise\nbreak"), 8)
        for kind in ("APIError", "RateLimitError", "InternalServerError", "APIConnectionError")
    ),
    *(
        Wrong(
            "error-retried",
            caught(_GO_ON, _LINE, kind, f"if not pieces: raise\n{_LINE.strip()}"),
            8,
        )
        for kind in ("APIError", "RateLimitError", "APIStatusError")
    ),
    # A turn with the role system is a turn like any other.
    Wrong(
        "instruction-lost",
        _GO_ON.replace(
            'list(request["messages"])', '[m for m in request["messages"] if m["role"] != "system"]'
        ),
        8,
    ),
    Wrong("question-again", _GO_ON.replace('"Go on."', 'request["messages"][-1]["content"]'), 7),
    Wrong("crash", "def continue_reply(client, request):\n    return ''", 0, "Crashed"),
)

_RIGHT = {
    "an error that is logged and raised again": caught(
        _GO_ON, _LINE, "APIError", "print(error)\nraise"
    ),
    "the beta client": _GO_ON.replace("client.messages", "client.beta.messages"),
    "parsed blocks": _GO_ON.replace("client.messages.create", "client.messages.parse"),
    "recursion, and dicts": """
def continue_reply(client, request, max_rounds):
    if max_rounds == 0:
        return ""
    reply = client.messages.create(**request).to_dict()
    text = "".join(block.get("text", "") for block in reply["content"])
    if text == "" or reply["stop_reason"] != "max_tokens":
        return text
    turns = [
        {"role": "assistant", "content": reply["content"]},
        {"role": "user", "content": [{"type": "text", "text": "Please continue."}]},
    ]
    longer = dict(request, messages=[*request["messages"], *turns])
    return text + continue_reply(client, longer, max_rounds - 1)
""",
    "a while loop over a deep copy, streamed": """
import copy

PLEA = dict(role="user", content="Continue where you stopped.")

def continue_reply(client, request, max_rounds):
    request = copy.deepcopy(request)
    whole, rounds = "", 0
    while rounds < max_rounds:
        rounds += 1
        with client.messages.stream(**request) as stream:
            reply = stream.get_final_message()
        texts = [block.text for block in reply.content if block.type == "text"]
        whole += "".join(texts)
        print(rounds, reply.stop_reason)
        if not texts or reply.stop_reason != "max_tokens":
            return whole
        blocks = [block.model_dump(exclude={"parsed_output"}) for block in reply.content]
        request["messages"] += [{"role": "assistant", "content": blocks}, PLEA]
    return whole
""",
    "a generator that drops what is repeated": """
def rounds(client, request, most):
    messages = tuple(request["messages"])
    for number in range(1, most + 1):
        reply = client.messages.create(**(request | {"messages": messages}))
        yield (text := "".join(getattr(block, "text", "") for block in reply.content))
        match reply.stop_reason:
            case "max_tokens" if text.strip():
                last = text[-40:]
                plea = f"Go on after: {last}"
                messages += (reply.to_param(), {"role": "user", "content": plea})
            case _:
                return

def continue_reply(client, request, max_rounds):
    whole = ""
    for text in rounds(client, request, max_rounds):
        for length in range(min(len(whole), len(text)), 11, -1):
            if whole.endswith(text[:length]):
                text = text[length:]
                break
        whole += text
    return whole
""",
}

PROOF = Proof("continue_reply", wrong=_WRONG, right=_RIGHT)
