"""Agents that go wrong in how it ends."""

from tests.exercises.agents.agent import AGENT, CREATE, JOINED, KEPT, LIMIT, RETURN
from tests.exercises.proof import Wrong

_COUNTED = AGENT.replace("for _ in range(max_turns)", "for number in range(max_turns)")

ENDED = (
    Wrong("printed", AGENT.replace("return AgentResult(", "return print("), 6),
    Wrong("not-a-result", AGENT.replace(RETURN, "            return text\n"), 6),
    Wrong(
        "not-a-result",
        AGENT.replace("return AgentResult(", "return dict(status=")
        .replace("status, text, messages)", "status, text=text, messages=messages)")
        .replace('"turn_limit", text, messages)', '"turn_limit", text=text, messages=messages)'),
        6,
    ),
    Wrong("other-status", AGENT.replace('"end_turn": "done"', '"end_turn": "end_turn"'), 7),
    Wrong(
        "other-status",
        AGENT.replace('"stop_sequence": "done"', '"stop_sequence": "max_tokens"'),
        9,
    ),
    Wrong(
        "only-one-text",
        AGENT.replace(JOINED, 'next((b.text for b in reply.content if b.type == "text"), "")'),
        10,
    ),
    Wrong(
        "only-one-text",
        AGENT.replace(JOINED, '"".join({b.text: 0 for b in reply.content if b.type == "text"})'),
        10,
    ),
    Wrong(
        "other-answer",
        AGENT.replace("        text = ", "        text += ").replace(
            "    for _", "    text = ''\n    for _"
        ),
        6,
    ),
    Wrong("other-answer", AGENT.replace('"".join(b', '" ".join(b'), 10),
    Wrong(
        "empty-crash",
        AGENT.replace("        status = ", "        reply.content[0]\n        status = "),
        9,
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
        9,
    ),
    Wrong("cut-goes-on", AGENT.replace('    "max_tokens": "max_tokens",\n', ""), 10),
    Wrong(
        "cut-raised",
        AGENT.replace(
            "        turn = ",
            '        if status == "max_tokens":\n'
            '            raise RuntimeError("cut off")\n        turn = ',
        ),
        10,
        "Crashed",
    ),
    Wrong(
        "cut-as-done",
        AGENT.replace('"max_tokens": "max_tokens"', '"max_tokens": "done"'),
        9,
    ),
    Wrong("cut-as-done", AGENT.replace('exceeded": "max_tokens"', 'exceeded": "done"'), 9),
    Wrong(
        "refusal-retried",
        AGENT.replace(
            "        turn = ",
            '        if status == "refusal":\n            continue\n        turn = ',
        ),
        9,
    ),
    Wrong(
        "refusal-raised",
        AGENT.replace(
            "        turn = ",
            '        if status == "refusal":\n'
            "            raise RuntimeError(reply.stop_details)\n        turn = ",
        ),
        10,
        "Crashed",
    ),
    Wrong("refusal-as-done", AGENT.replace('"refusal": "refusal"', '"refusal": "done"'), 9),
    Wrong(
        "refusal-as-done",
        AGENT.replace('"refusal": "refusal"', '"refusal": "refused"'),
        10,
    ),
    Wrong(
        "limit-early",
        AGENT.replace("range(max_turns)", "range(max_turns - 1)").replace(
            "    for _", "    text = ''\n    for _"
        ),
        9,
    ),
    Wrong("limit-early", AGENT.replace("range(max_turns)", "range(min(max_turns, 2))"), 8),
    Wrong("limit-ignored", AGENT.replace("for _ in range(max_turns):", "while True:"), 10),
    Wrong("limit-ignored", AGENT.replace("range(max_turns)", "range(max_turns + 1)"), 10),
    Wrong("limit-ignored", AGENT.replace("range(max_turns)", "range(8)"), 10),
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
        10,
    ),
    Wrong(
        "limit-raised",
        AGENT.replace(LIMIT, '    raise RuntimeError("too many turns")\n'),
        10,
        "Crashed",
    ),
    Wrong("limit-as-done", AGENT.replace('"turn_limit", text', '"done", text'), 10),
    Wrong("mutated", AGENT.replace('list(request["messages"])', 'request["messages"]'), 10),
    Wrong(
        "mutated",
        AGENT.replace('list(request["messages"])', 'request.pop("messages")'),
        10,
    ),
    Wrong("messages-partial", AGENT.replace("text, messages)", "text, messages[-1:])"), 10),
    Wrong("messages-partial", AGENT.replace("text, messages)", "text, [])"), 10),
    Wrong("answer-not-kept", AGENT.replace(KEPT, ""), 10),
    Wrong(
        "messages-poisoned",
        AGENT.replace(KEPT, "        if status:\n            messages.append(turn)\n"),
        10,
    ),
    Wrong(
        "limit-unanswered",
        _COUNTED.replace('== "tool_use":', '== "tool_use" and number < max_turns - 1:'),
        9,
    ),
    Wrong("messages-poisoned", AGENT.replace(" and reply.content:", ":"), 10),
    Wrong(
        "messages-poisoned",
        AGENT.replace('status == "done" and reply', "status and reply"),
        10,
    ),
    Wrong("crash", AGENT.replace("*, max_turns", "max_turns, /"), 0, "Crashed"),
)
