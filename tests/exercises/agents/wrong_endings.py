"""Agents that go wrong in how it ends."""

from tests.exercises.agents.agent import AGENT, CREATE, JOINED, KEPT, LIMIT, RETURN
from tests.exercises.proof import Wrong
from tests.exercises.troubled import caught, troubled

_COUNTED = AGENT.replace("for _ in range(max_turns)", "for number in range(max_turns)")

_CALL = f"        reply = {CREATE}\n"
_LATER = """if len(messages) == len(request["messages"]): raise
return AgentResult("turn_limit", "", messages)"""
_GUARD = """        if reply.stop_reason not in KNOWN:
            raise RuntimeError(f"ended with {reply.stop_reason}")
"""
_NOT_KNOWN = "if reply.stop_reason not in KNOWN"
_LAX = """        if reply.stop_reason not in KNOWN:
            return AgentResult("…", text, messages)
"""

_TEXTS_KEPT = """        if status == "done" and reply.content:
            texts = [b for b in reply.content if b.type == "text"]
            messages.append({"role": "assistant", "content": texts})
"""
_AS_TEXT = '{"role": "assistant", "content": text})'
_PAUSES = """        pauses = pauses + 1 if reply.stop_reason == "pause_turn" else 0
        if pauses > 3:
            raise RuntimeError("pause_turn again and again")
"""

ENDED = (
    Wrong("printed", AGENT.replace("return AgentResult(", "return print("), 7),
    Wrong("not-a-result", AGENT.replace(RETURN, "            return text\n"), 7),
    Wrong(
        "not-a-result",
        AGENT.replace("return AgentResult(", "return dict(status=")
        .replace("status, text, messages)", "status, text=text, messages=messages)")
        .replace('"turn_limit", text, messages)', '"turn_limit", text=text, messages=messages)'),
        7,
    ),
    Wrong("other-status", AGENT.replace('"end_turn": "done"', '"end_turn": "end_turn"'), 8),
    Wrong(
        "other-status",
        AGENT.replace('"stop_sequence": "done"', '"stop_sequence": "max_tokens"'),
        10,
    ),
    Wrong(
        "only-one-text",
        AGENT.replace(JOINED, 'next((b.text for b in reply.content if b.type == "text"), "")'),
        9,
    ),
    Wrong(
        "only-one-text",
        AGENT.replace(JOINED, '"".join({b.text: 0 for b in reply.content if b.type == "text"})'),
        11,
    ),
    Wrong(
        "other-answer",
        AGENT.replace("        text = ", "        text += ").replace(
            "    for _", "    text = ''\n    for _"
        ),
        7,
    ),
    Wrong("joined-otherwise", AGENT.replace('"".join(b', '" ".join(b'), 9),
    Wrong(
        "empty-crash",
        AGENT.replace("        status = ", "        reply.content[0]\n        status = "),
        10,
        "Crashed",
    ),
    Wrong(
        "cut-call-run",
        AGENT.replace(
            'if reply.stop_reason == "tool_use"',
            'if any(b.type == "tool_use" for b in reply.content)',
        ).replace(
            "        if status:\n",
            "        if status and not any(b.type == 'tool_use' for b in reply.content):\n",
        ),
        10,
    ),
    Wrong("cut-goes-on", AGENT.replace('    "max_tokens": "max_tokens",\n', ""), 11),
    Wrong(
        "cut-raised",
        AGENT.replace(
            "        turn = ",
            '        if status == "max_tokens":\n'
            '            raise RuntimeError("cut off")\n        turn = ',
        ),
        11,
        "Crashed",
    ),
    Wrong(
        "cut-as-done",
        AGENT.replace('"max_tokens": "max_tokens"', '"max_tokens": "done"'),
        10,
    ),
    Wrong("cut-as-done", AGENT.replace('exceeded": "max_tokens"', 'exceeded": "done"'), 10),
    Wrong(
        "refusal-retried",
        AGENT.replace(
            "        turn = ",
            '        if status == "refusal":\n            continue\n        turn = ',
        ),
        10,
    ),
    Wrong(
        "refusal-raised",
        AGENT.replace(
            "        turn = ",
            '        if status == "refusal":\n'
            "            raise RuntimeError(reply.stop_details)\n        turn = ",
        ),
        11,
        "Crashed",
    ),
    Wrong("refusal-as-done", AGENT.replace('"refusal": "refusal"', '"refusal": "done"'), 10),
    Wrong(
        "refusal-as-done",
        AGENT.replace('"refusal": "refusal"', '"refusal": "refused"'),
        11,
    ),
    Wrong(
        "limit-early",
        AGENT.replace("range(max_turns)", "range(max_turns - 1)").replace(
            "    for _", "    text = ''\n    for _"
        ),
        10,
    ),
    Wrong("limit-early", AGENT.replace("range(max_turns)", "range(min(max_turns, 2))"), 9),
    Wrong("limit-ignored", AGENT.replace("for _ in range(max_turns):", "while True:"), 11),
    Wrong("limit-ignored", AGENT.replace("range(max_turns)", "range(max_turns + 1)"), 11),
    Wrong("limit-ignored", AGENT.replace("range(max_turns)", "range(8)"), 11),
    Wrong(
        "limit-ignored",
        AGENT.replace(
            "        status = ",
            '        while reply.stop_reason == "pause_turn":\n'
            '            messages.append({"role": "assistant", "content": reply.content})\n'
            "            reply = "
            + CREATE
            + "\n            text = "
            + JOINED
            + "\n        status = ",
        ),
        11,
    ),
    Wrong(
        "limit-raised",
        AGENT.replace(LIMIT, '    raise RuntimeError("too many turns")\n'),
        11,
        "Crashed",
    ),
    Wrong("limit-as-done", AGENT.replace('"turn_limit", text', '"done", text'), 11),
    Wrong("mutated", AGENT.replace('list(request["messages"])', 'request["messages"]'), 11),
    Wrong(
        "mutated",
        AGENT.replace('list(request["messages"])', 'request.pop("messages")'),
        11,
    ),
    Wrong("messages-partial", AGENT.replace("text, messages)", "text, messages[-1:])"), 11),
    Wrong("messages-partial", AGENT.replace("text, messages)", "text, [])"), 11),
    Wrong("answer-not-kept", AGENT.replace(KEPT, ""), 11),
    Wrong(
        "messages-poisoned",
        AGENT.replace(KEPT, "        if status:\n            messages.append(turn)\n"),
        11,
    ),
    Wrong(
        "limit-unanswered",
        _COUNTED.replace('== "tool_use":', '== "tool_use" and number < max_turns - 1:'),
        10,
    ),
    Wrong("messages-poisoned", AGENT.replace(" and reply.content:", ":"), 11),
    *troubled(AGENT, _CALL, 11, hidden="return AgentResult('refusal', '', messages)"),
    *(
        Wrong("error-hidden", caught(AGENT, _CALL, kind, _LATER), 11)
        for kind in ("APIError", "RateLimitError", "InternalServerError", "APIConnectionError")
    ),
    Wrong("thought-not-kept", AGENT.replace(" and reply.content:", " and text:"), 11),
    *(
        Wrong(
            "instruction-lost",
            AGENT.replace(
                'list(request["messages"])', f'[m for m in request["messages"] if {kept}]'
            ),
            11,
        )
        for kept in ('m["role"] != "system"', 'm["role"] in ("user", "assistant")')
    ),
    Wrong(
        "end-kept",
        AGENT.replace('status == "done" and reply', "status and reply"),
        11,
    ),
    Wrong("crash", AGENT.replace("*, max_turns", "max_turns, /"), 0, "Crashed"),
    # What the API may say next year.
    Wrong("unknown-goes-on", AGENT.replace(_GUARD, ""), 11),
    Wrong("unknown-as-known", AGENT.replace(_GUARD, _LAX.replace("…", "done")), 11),
    Wrong("unknown-as-known", AGENT.replace(_GUARD, _LAX.replace("…", "refusal")), 11),
    Wrong(
        "unknown-goes-on", AGENT.replace(_NOT_KNOWN, "if not reply.stop_reason.endswith(KNOWN)"), 11
    ),
    Wrong(
        "unknown-goes-on",
        AGENT.replace(_NOT_KNOWN, "if not reply.stop_reason.startswith(KNOWN)"),
        11,
    ),
    Wrong("stop-other-error", AGENT.replace("raise RuntimeError", "raise KeyError"), 11),
    Wrong("stop-unnamed", AGENT.replace('f"ended with {reply.stop_reason}"', '"an odd end"'), 11),
    # A text that's cut short with the reply, and limits of the code's own.
    Wrong("blank-dropped", AGENT.replace('== "text")', '== "text" and block.text.strip())'), 10),
    Wrong("text-emptied", AGENT.replace(LIMIT, LIMIT.replace("text", "''")), 11, saw="tool_use"),
    Wrong(
        "text-emptied",
        AGENT.replace("(status, text,", "(status, text if status == 'done' else '',"),
        10,
        saw="max_tokens",
    ),
    Wrong("answer-changed", AGENT.replace(KEPT, _TEXTS_KEPT), 11),
    Wrong("answer-changed", AGENT.replace(KEPT, KEPT.replace("turn)", _AS_TEXT)), 11),
    Wrong(
        "own-limit",
        AGENT.replace("    for _", "    pauses = 0\n    for _").replace(
            "        text = ", _PAUSES + "        text = "
        ),
        11,
        "Crashed",
    ),
    Wrong(
        "own-limit",
        AGENT.replace("    for _", "    assert max_turns < 10\n    for _"),
        10,
        "Crashed",
    ),
)
