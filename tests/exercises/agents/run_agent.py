"""The proof of `run_agent`."""

from tests.exercises.proof import Proof, Wrong

_RESULT = """
@dataclass(frozen=True)
class AgentResult:
    status: str
    text: str
    messages: list
"""
_AGENT = (
    _RESULT
    + """
ENDINGS = {
    "end_turn": "done",
    "stop_sequence": "done",
    "max_tokens": "max_tokens",
    "model_context_window_exceeded": "max_tokens",
    "refusal": "refusal",
}

def run_agent(client, request, registry, *, max_turns):
    messages = list(request["messages"])
    for _ in range(max_turns):
        reply = client.messages.create(**{**request, "messages": messages})
        text = "".join(block.text for block in reply.content if block.type == "text")
        status = ENDINGS.get(reply.stop_reason)
        turn = {"role": "assistant", "content": reply.content}
        if status == "done" and reply.content:
            messages.append(turn)
        if status:
            return AgentResult(status, text, messages)
        messages.append(turn)
        if reply.stop_reason == "tool_use":
            results = execute_all(reply.content, registry)
            messages.append({"role": "user", "content": results})
    return AgentResult("turn_limit", text, messages)
"""
)
_EXECUTE = "            results = execute_all(reply.content, registry)\n"
_LOOP = """            results = []
            for block in reply.content:
                if block.type == "tool_use":
                    result = {"type": "tool_result", "tool_use_id": block.id}
                    try:
                        value = registry[block.name](**block.input)
                        result["content"] = value if isinstance(value, str) else json.dumps(value)
                    except Exception as error:
                        result |= {"content": repr(error), "is_error": True}
                    results.append(result)
"""
_INLINE = _AGENT.replace(_EXECUTE, _LOOP)
_TEXT = "value if isinstance(value, str) else json.dumps(value)"
_APPEND = "        messages.append(turn)\n        if reply.stop_reason"
_GO_ON = '        if reply.stop_reason == "tool_use":\n'
_ANSWER = '            messages.append({"role": "user", "content": results})\n'
_CREATE = 'client.messages.create(**{**request, "messages": messages})'
_KEPT = '        if status == "done" and reply.content:\n            messages.append(turn)\n'
_RETURN = "            return AgentResult(status, text, messages)\n"
_LIMIT = '    return AgentResult("turn_limit", text, messages)\n'
_JOINED = '"".join(block.text for block in reply.content if block.type == "text")'


def _kept(content: str) -> str:
    """Return the agent with another content of Claude's turns, but for the last."""
    return _AGENT.replace(
        '"content": reply.content}', f'"content": reply.content if status else ({content})}}'
    )


_BARE = _AGENT.replace(
    _EXECUTE,
    """            results = [
                {"type": "tool_result", "tool_use_id": b.id,
                 "content": json.dumps(registry[b.name](**b.input))}
                for b in reply.content if b.type == "tool_use"
            ]
""",
)

_CALLS = (
    Wrong("openai-call-block", _INLINE.replace("**block.input", "**block.arguments"), 4, "Almost"),
    Wrong(
        "input-parsed", _INLINE.replace("**block.input", "**json.loads(block.input)"), 4, "Almost"
    ),
    Wrong("block-as-dict", _INLINE.replace("block.name", 'block["name"]'), 4, "Almost"),
    Wrong("every-block", _INLINE.replace('if block.type == "tool_use"', "if True"), 2, "Crashed"),
    Wrong(
        "not-run",
        _INLINE.replace("registry[block.name](**block.input)", '"18 degrees"'),
        9,
        "Almost",
    ),
    Wrong("input-not-spread", _INLINE.replace("**block.input", "block.input"), 9, "Almost"),
    Wrong("other-input", _INLINE.replace("**block.input", "**dict(block.input, a=1)"), 9, "Almost"),
    Wrong(
        "ran-twice",
        _INLINE.replace("value = r", "registry[block.name](**block.input); value = r"),
        10,
        "Almost",
    ),
    Wrong("tool-call-id", _INLINE.replace('"tool_use_id"', '"tool_call_id"'), 4, "Almost"),
    Wrong(
        "other-id",
        _INLINE.replace('"tool_use_id": block.id', '"tool_use_id": block.name'),
        4,
        "Almost",
    ),
    Wrong(
        "unanswered",
        _AGENT.replace(_ANSWER, _ANSWER.replace("results}", "results[:1]}")),
        9,
        "Almost",
    ),
    Wrong(
        "other-id",
        _AGENT.replace("    for _ in", "    results = []\n    for _ in").replace(
            "results = execute_all", "results = results or execute_all"
        ),
        9,
        "Almost",
    ),
    Wrong(
        "answered-twice",
        _AGENT.replace(_ANSWER, _ANSWER.replace("results}", "results * 2}")),
        4,
        "Almost",
    ),
    Wrong(
        "reordered",
        _AGENT.replace(_ANSWER, _ANSWER.replace("results}", "results[::-1]}")),
        9,
        "Almost",
    ),
    Wrong("not-text", _INLINE.replace(_TEXT, "value"), 4, "Almost"),
    Wrong("python-repr", _INLINE.replace(_TEXT, "str(value)"), 10, "Almost"),
    Wrong("text-quoted", _INLINE.replace(_TEXT, "json.dumps(value)"), 10, "Almost"),
    Wrong("value-lost", _INLINE.replace(_TEXT, '"Done."'), 10, "Almost"),
    Wrong("error-unmarked", _INLINE.replace(', "is_error": True', ""), 10, "Almost"),
    Wrong("error-empty", _INLINE.replace("repr(error)", "str(error)"), 10, "Almost"),
    Wrong("error-silent", _INLINE.replace("repr(error)", '"failed"'), 10, "Almost"),
    Wrong(
        "failure-spreads",
        _BARE.replace("            results = [\n", "            try:\n              results = [\n")
        .replace(
            "            ]\n",
            "              ]\n            except Exception as error:\n"
            "              results = [{'type': 'tool_result', 'tool_use_id': b.id,"
            " 'content': repr(error), 'is_error': True}"
            " for b in reply.content if b.type == 'tool_use']\n",
        )
        .replace("json.dumps(registry[b.name](**b.input))", "say(registry[b.name](**b.input))")
        + "\ndef say(value):\n    return value if isinstance(value, str) else json.dumps(value)\n",
        10,
        "Almost",
    ),
    Wrong(
        "success-as-error",
        _INLINE.replace("block.id}", 'block.id, "is_error": True}'),
        10,
        "Almost",
    ),
    Wrong(
        "failure-kills",
        _BARE.replace("json.dumps(r", "say(r")
        + "\ndef say(value):\n    return value if isinstance(value, str) else json.dumps(value)\n",
        6,
        "Crashed",
    ),
)

_SENT = (
    Wrong(
        "messages-twice",
        _AGENT.replace(_CREATE, "client.messages.create(**request, messages=messages)"),
        0,
        "Crashed",
    ),
    Wrong(
        "no-max-tokens",
        _AGENT.replace(
            _CREATE, 'client.messages.create(model=request["model"], messages=messages)'
        ),
        0,
        "Crashed",
    ),
    Wrong("block-as-text", _AGENT.replace(_JOINED, "reply.content[0].text"), 1, "Crashed"),
    Wrong("block-as-text", _AGENT.replace(' if block.type == "text")', ")"), 1, "Crashed"),
    Wrong(
        "no-request",
        _RESULT + "\ndef run_agent(client, request, registry, *, max_turns):\n"
        "    return AgentResult('done', '', request['messages'])",
    ),
    Wrong(
        "request-lost",
        _AGENT.replace(
            _CREATE,
            'client.messages.create(model=request["model"], max_tokens=1000, '
            'messages=messages, tools=request["tools"])',
        ),
        10,
        "Almost",
    ),
    Wrong(
        "request-lost",
        _AGENT.replace(
            _CREATE,
            'client.messages.create(**{k: v for k, v in request.items() if k != "system"} '
            '| {"messages": messages})',
        ),
        10,
        "Almost",
    ),
    Wrong(
        "other-question",
        _AGENT.replace('list(request["messages"])', '[{"role": "user", "content": "Hello"}]'),
        10,
        "Almost",
    ),
    Wrong(
        "stopped-early",
        _AGENT.replace(
            '    "refusal": "refusal",', '    "refusal": "refusal",\n    "tool_use": "done",'
        ),
        2,
        "Almost",
    ),
    Wrong(
        "stopped-early",
        _AGENT.replace("        if status:\n", "        if status or text:\n").replace(
            "(status, text", '(status or "done", text'
        ),
        7,
        "Almost",
    ),
    Wrong(
        "asks-again",
        _AGENT.replace("        if status:\n", "        if status and last == text:\n")
        .replace("        status =", "        last, last_text = text, text\n        status =")
        .replace("last == text", "not calls")
        .replace(
            "        last, last_text = text, text\n",
            '        calls = any(m["role"] == "assistant" for m in messages)\n',
        ),
        5,
        "Almost",
    ),
    Wrong(
        "role-tool",
        _AGENT.replace(
            _ANSWER, '            messages += [{"role": "tool", **r} for r in results]\n'
        ),
        2,
        "Almost",
    ),
    Wrong(
        "earlier-lost",
        _AGENT.replace(_APPEND, "        messages = [turn]\n        if reply.stop_reason"),
        2,
        "Almost",
    ),
    Wrong(
        "earlier-lost",
        _AGENT.replace(
            _ANSWER,
            '            messages = [messages[0], turn, {"role": "user", "content": results}]\n',
        ),
        8,
        "Almost",
    ),
    Wrong(
        "assistant-dropped", _AGENT.replace(_APPEND, "        if reply.stop_reason"), 2, "Almost"
    ),
    Wrong(
        "results-from-assistant",
        _AGENT.replace(_ANSWER, _ANSWER.replace("user", "assistant")),
        2,
        "Almost",
    ),
    Wrong("only-text-kept", _kept("text or 'Let me see.'"), 2, "Almost"),
    Wrong(
        "only-text-kept",
        _kept("[b for b in reply.content if b.type == 'text'] or 'Calling.'"),
        2,
        "Almost",
    ),
    Wrong(
        "thinking-dropped", _kept("[b for b in reply.content if b.type != 'thinking']"), 8, "Almost"
    ),
    Wrong(
        "thinking-dropped",
        _kept("[b for b in reply.content if b.type in ('text', 'tool_use')]"),
        7,
        "Almost",
    ),
    Wrong(
        "thinking-changed",
        _kept(
            "[{'type': 'thinking', 'thinking': b.thinking or '…', 'signature': b.signature} "
            "if b.type == 'thinking' else b for b in reply.content]"
        ),
        8,
        "Almost",
    ),
    Wrong(
        "thinking-changed",
        _kept(
            "[{'type': 'thinking', 'thinking': b.thinking} "
            "if b.type == 'thinking' else b for b in reply.content]"
        ),
        8,
        "Almost",
    ),
    Wrong("blocks-dropped", _kept("[b for b in reply.content if b.type != 'text']"), 8, "Almost"),
    Wrong(
        "blocks-changed",
        _kept(
            "[{**b.to_dict(), 'text': b.text.upper()} "
            "if b.type == 'text' else b for b in reply.content]"
        ),
        8,
        "Almost",
    ),
    Wrong(
        "blocks-changed",
        _kept(
            "[{'type': 'tool_use', 'id': b.id, 'name': b.name, 'input': {}} "
            "if b.type == 'tool_use' else b for b in reply.content]"
        ),
        2,
        "Almost",
    ),
    Wrong(
        "no-result-block",
        _AGENT.replace(_ANSWER, _ANSWER.replace("results}", "str(results)}")),
        4,
        "Almost",
    ),
    Wrong(
        "text-first",
        _AGENT.replace(
            _ANSWER, _ANSWER.replace("results}", '[{"type": "text", "text": "Here:"}, *results]}')
        ),
        4,
        "Almost",
    ),
    Wrong(
        "results-split",
        _AGENT.replace(
            _ANSWER, '            messages += [{"role": "user", "content": [r]} for r in results]\n'
        ),
        9,
        "Almost",
    ),
    Wrong(
        "refused",
        _AGENT.replace(_ANSWER, _ANSWER.replace('"role"', '"name": "tools", "role"')),
        3,
        "Almost",
    ),
    Wrong("refused", _kept("[{**b.to_dict(), 'seen': True} for b in reply.content]"), 3, "Almost"),
)

_PAUSED = (
    Wrong(
        "pause-as-answer",
        _AGENT.replace('"refusal": "refusal",', '"refusal": "refusal", "pause_turn": "done",'),
        9,
        "Almost",
    ),
    Wrong(
        "pause-as-answer",
        _AGENT.replace(
            ".get(reply.stop_reason)",
            "[reply.stop_reason] if reply.stop_reason != 'tool_use' else None",
        ),
        7,
        "Crashed",
    ),
    Wrong(
        "pause-as-answer",
        _AGENT.replace(
            _ANSWER, _ANSWER + "        else:\n            raise RuntimeError(reply.stop_reason)\n"
        ),
        7,
        "Crashed",
    ),
    Wrong(
        "pause-dropped",
        _AGENT.replace(
            _APPEND,
            '        if reply.stop_reason == "pause_turn":\n            continue\n' + _APPEND,
        ),
        10,
        "Almost",
    ),
    Wrong(
        "pause-changed",
        _kept(
            "[b for b in reply.content if b.type in ('text', 'thinking', 'tool_use')] or 'Go on.'"
        ),
        9,
        "Almost",
    ),
    Wrong(
        "pause-pushed",
        _AGENT.replace(
            _ANSWER,
            _ANSWER
            + '        else:\n            messages.append({"role": "user", "content": "Go on."})\n',
        ),
        10,
        "Almost",
    ),
)

_ENDED = (
    Wrong("printed", _AGENT.replace("return AgentResult(", "return print("), 6, "Almost"),
    Wrong("not-a-result", _AGENT.replace(_RETURN, "            return text\n"), 6, "Almost"),
    Wrong(
        "not-a-result",
        _AGENT.replace("return AgentResult(", "return dict(status=")
        .replace("status, text, messages)", "status, text=text, messages=messages)")
        .replace('"turn_limit", text, messages)', '"turn_limit", text=text, messages=messages)'),
        6,
        "Almost",
    ),
    Wrong(
        "other-status", _AGENT.replace('"end_turn": "done"', '"end_turn": "end_turn"'), 7, "Almost"
    ),
    Wrong(
        "other-status",
        _AGENT.replace('"stop_sequence": "done"', '"stop_sequence": "max_tokens"'),
        9,
        "Almost",
    ),
    Wrong(
        "only-one-text",
        _AGENT.replace(_JOINED, 'next((b.text for b in reply.content if b.type == "text"), "")'),
        10,
        "Almost",
    ),
    Wrong(
        "other-answer",
        _AGENT.replace("        text = ", "        text += ").replace(
            "    for _", "    text = ''\n    for _"
        ),
        8,
        "Almost",
    ),
    Wrong("other-answer", _AGENT.replace('"".join(b', '" ".join(b'), 10, "Almost"),
    Wrong(
        "empty-crash",
        _AGENT.replace("        status = ", "        reply.content[0]\n        status = "),
        7,
        "Crashed",
    ),
    Wrong(
        "cut-call-run",
        _AGENT.replace(
            'if reply.stop_reason == "tool_use"',
            'if any(b.type == "tool_use" for b in reply.content)',
        ).replace(
            "        if status:\n",
            "        if status and not any(b.type == 'tool_use' for b in reply.content):\n",
        ),
        10,
        "Almost",
    ),
    Wrong("cut-goes-on", _AGENT.replace('    "max_tokens": "max_tokens",\n', ""), 10, "Almost"),
    Wrong(
        "cut-raised",
        _AGENT.replace(
            "        turn = ",
            '        if status == "max_tokens":\n'
            '            raise RuntimeError("cut off")\n        turn = ',
        ),
        8,
        "Crashed",
    ),
    Wrong(
        "cut-as-done",
        _AGENT.replace('"max_tokens": "max_tokens"', '"max_tokens": "done"'),
        9,
        "Almost",
    ),
    Wrong(
        "cut-as-done", _AGENT.replace('exceeded": "max_tokens"', 'exceeded": "done"'), 10, "Almost"
    ),
    Wrong(
        "refusal-retried",
        _AGENT.replace(
            "        turn = ",
            '        if status == "refusal":\n            continue\n        turn = ',
        ),
        10,
        "Almost",
    ),
    Wrong(
        "refusal-raised",
        _AGENT.replace(
            "        turn = ",
            '        if status == "refusal":\n'
            "            raise RuntimeError(reply.stop_details)\n        turn = ",
        ),
        9,
        "Crashed",
    ),
    Wrong(
        "refusal-as-done", _AGENT.replace('"refusal": "refusal"', '"refusal": "done"'), 10, "Almost"
    ),
    Wrong(
        "refusal-as-done",
        _AGENT.replace('"refusal": "refusal"', '"refusal": "refused"'),
        10,
        "Almost",
    ),
    Wrong(
        "limit-early",
        _AGENT.replace("range(max_turns)", "range(max_turns - 1)").replace(
            "    for _", "    text = ''\n    for _"
        ),
        10,
        "Almost",
    ),
    Wrong(
        "limit-early", _AGENT.replace("range(max_turns)", "range(min(max_turns, 2))"), 8, "Almost"
    ),
    Wrong(
        "limit-ignored", _AGENT.replace("for _ in range(max_turns):", "while True:"), 10, "Almost"
    ),
    Wrong(
        "limit-ignored", _AGENT.replace("range(max_turns)", "range(max_turns + 1)"), 10, "Almost"
    ),
    Wrong("limit-ignored", _AGENT.replace("range(max_turns)", "range(8)"), 10, "Almost"),
    Wrong(
        "limit-ignored",
        _AGENT.replace(
            "        status = ",
            '        while reply.stop_reason == "pause_turn":\n'
            '            messages.append({"role": "assistant", "content": reply.content})\n'
            "            reply = "
            + _CREATE
            + "\n            text = "
            + _JOINED
            + "\n        status = ",
        ),
        10,
        "Almost",
    ),
    Wrong(
        "limit-raised",
        _AGENT.replace(_LIMIT, '    raise RuntimeError("too many turns")\n'),
        10,
        "Crashed",
    ),
    Wrong("limit-as-done", _AGENT.replace('"turn_limit", text', '"done", text'), 10, "Almost"),
    Wrong(
        "mutated", _AGENT.replace('list(request["messages"])', 'request["messages"]'), 10, "Almost"
    ),
    Wrong(
        "mutated",
        _AGENT.replace('list(request["messages"])', 'request.pop("messages")'),
        10,
        "Almost",
    ),
    Wrong(
        "messages-partial", _AGENT.replace("text, messages)", "text, messages[-1:])"), 10, "Almost"
    ),
    Wrong("messages-partial", _AGENT.replace("text, messages)", "text, [])"), 10, "Almost"),
    Wrong("answer-not-kept", _AGENT.replace(_KEPT, ""), 10, "Almost"),
    Wrong(
        "messages-poisoned",
        _AGENT.replace(_KEPT, "        if status:\n            messages.append(turn)\n"),
        10,
        "Almost",
    ),
    Wrong("messages-poisoned", _AGENT.replace(" and reply.content:", ":"), 10, "Almost"),
    Wrong(
        "messages-poisoned",
        _AGENT.replace('status == "done" and reply', "status and reply"),
        10,
        "Almost",
    ),
    Wrong("crash", _AGENT.replace("*, max_turns", "max_turns, /"), 0, "Crashed"),
)

_WRONG = (*_SENT, *_CALLS, *_PAUSED, *_ENDED)

_RIGHT = {
    "recursion over tuples": _RESULT
    + """
def run_agent(client, request, registry, *, max_turns):
    reply = client.messages.create(**request)
    text = "".join(b["text"] for b in reply.to_dict()["content"] if b["type"] == "text")
    before = request["messages"]
    after = [*before, {"role": "assistant", "content": reply.to_dict()["content"]}]
    match reply.stop_reason:
        case "end_turn" | "stop_sequence":
            return AgentResult("done", text, after if reply.content else before)
        case "max_tokens" | "model_context_window_exceeded":
            return AgentResult("max_tokens", text, before)
        case "refusal":
            return AgentResult("refusal", text, before)
        case "tool_use":
            after.append({"role": "user", "content": execute_all(reply.content, registry)})
    if max_turns == 1:
        return AgentResult("turn_limit", text, after)
    return run_agent(client, request | {"messages": after}, registry, max_turns=max_turns - 1)
""",
    "a class that streams, logs, and answers a cut call": _RESULT
    + """
import copy

class Run:
    def __init__(self, client, request, registry):
        self.client, self.registry = client, registry
        self.request = copy.deepcopy(request)
        self.messages = self.request["messages"]

    def ask(self):
        with self.client.messages.stream(**self.request) as stream:
            self.reply = stream.get_final_message()
        print("stopped:", self.reply.stop_reason)
        return self.reply.stop_reason

    def keep(self):
        content = [block.model_dump(exclude_none=True) for block in self.reply.content]
        if content:
            self.messages.append({"role": "assistant", "content": content})

    def result(self, status):
        text = ""
        for block in self.reply.content:
            text += block.text if block.type == "text" else ""
        return AgentResult(status=status, text=text, messages=self.messages)

def run_agent(client, request, registry, *, max_turns):
    run = Run(client, request, registry)
    turns = 0
    while turns < max_turns:
        turns += 1
        reason = run.ask()
        if reason == "refusal":
            return run.result("refusal")
        run.keep()
        calls = [b for b in run.reply.content if b.type == "tool_use"]
        if reason == "tool_use":
            run.messages.append({"role": "user", "content": execute_all(calls, registry)})
        elif reason in ("max_tokens", "model_context_window_exceeded"):
            skipped = [dict(type="tool_result", tool_use_id=b.id, content="not run: cut off",
                            is_error=True) for b in calls]
            if skipped:
                run.messages.append({"role": "user", "content": skipped})
            return run.result("max_tokens")
        elif reason != "pause_turn":
            return run.result("done")
    return run.result("turn_limit")
""",
    "another result class, and the last calls not run": """
from dataclasses import dataclass, field

@dataclass
class AgentResult:
    status: str
    text: str = ""
    messages: list = field(default_factory=list)
    turns: int = 0

def text_of(message):
    return "".join(getattr(block, "text", "") for block in message.content)

def run_agent(client, request, registry, *, max_turns=10, log=lambda *said: None):
    rest = {key: value for key, value in request.items() if key != "messages"}
    history = tuple(request["messages"])
    for turn in range(1, max_turns + 1):
        reply = client.messages.create(messages=history, **rest)
        log(reply)
        said = {"role": reply.role, "content": [block for block in reply.content]}
        if reply.stop_reason in {"max_tokens", "model_context_window_exceeded", "refusal"}:
            status = "refusal" if reply.stop_reason == "refusal" else "max_tokens"
            return AgentResult(status, text_of(reply), list(history), turn)
        if reply.stop_reason == "pause_turn":
            history += (said,)
        elif reply.stop_reason != "tool_use":
            history += (said,) if said["content"] else ()
            return AgentResult("done", text_of(reply), list(history), turn)
        elif turn == max_turns:
            break
        else:
            answers = []
            for block in reply.content:
                if block.type != "tool_use":
                    continue
                answers += execute_all([block], registry)
            history += (said, {"role": "user", "content": answers})
    return AgentResult("turn_limit", text_of(reply), list(history), max_turns)
""",
}

PROOF = Proof("run_agent", wrong=_WRONG, right=_RIGHT, needs=("execute_all",))
