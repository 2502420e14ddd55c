"""Agents that go wrong in what goes back to the API, and in which request."""

from tests.exercises.agents.agent import AGENT, ANSWER, APPEND, CREATE, JOINED, RESULT, keeping
from tests.exercises.proof import Wrong

SENT = (
    Wrong(
        "messages-twice",
        AGENT.replace(CREATE, "client.messages.create(**request, messages=messages)"),
        0,
        "Crashed",
    ),
    Wrong(
        "no-max-tokens",
        AGENT.replace(CREATE, 'client.messages.create(model=request["model"], messages=messages)'),
        0,
        "Crashed",
    ),
    Wrong("no-choices", AGENT.replace(JOINED, "reply.choices[0].message.content"), 1, "Crashed"),
    Wrong("block-as-text", AGENT.replace(JOINED, "reply.content[0].text"), 1, "Crashed"),
    Wrong("block-as-text", AGENT.replace(' if block.type == "text")', ")"), 1, "Crashed"),
    Wrong(
        "no-request",
        RESULT + "\ndef run_agent(client, request, registry, *, max_turns):\n"
        "    return AgentResult('done', '', request['messages'])",
    ),
    Wrong(
        "request-lost",
        AGENT.replace(
            CREATE,
            'client.messages.create(model=request["model"], max_tokens=1000, '
            'messages=messages, tools=request["tools"])',
        ),
        10,
    ),
    Wrong(
        "request-lost",
        AGENT.replace(
            CREATE,
            'client.messages.create(**{k: v for k, v in request.items() if k != "system"} '
            '| {"messages": messages})',
        ),
        10,
    ),
    Wrong(
        "other-question",
        AGENT.replace('list(request["messages"])', '[{"role": "user", "content": "Hello"}]'),
        11,
    ),
    Wrong(
        "stopped-early",
        AGENT.replace(
            '    "refusal": "refusal",', '    "refusal": "refusal",\n    "tool_use": "done",'
        ),
        2,
    ),
    Wrong(
        "stopped-early",
        AGENT.replace("        if status:\n", "        if status or text:\n").replace(
            "(status, text", '(status or "done", text'
        ),
        5,
    ),
    Wrong(
        "asks-again",
        AGENT.replace("        if status:\n", "        if status and last == text:\n")
        .replace("        status =", "        last, last_text = text, text\n        status =")
        .replace("last == text", "not calls")
        .replace(
            "        last, last_text = text, text\n",
            '        calls = any(m["role"] == "assistant" for m in messages)\n',
        ),
        5,
    ),
    Wrong(
        "role-tool",
        AGENT.replace(ANSWER, '            messages += [{"role": "tool", **r} for r in results]\n'),
        2,
    ),
    Wrong(
        "earlier-lost",
        AGENT.replace(APPEND, "        messages = [turn]\n        if reply.stop_reason"),
        1,
    ),
    Wrong(
        "earlier-lost",
        AGENT.replace(
            ANSWER,
            '            messages = [messages[0], turn, {"role": "user", "content": results}]\n',
        ),
        1,
    ),
    Wrong("assistant-dropped", AGENT.replace(APPEND, "        if reply.stop_reason"), 2),
    Wrong(
        "results-from-assistant",
        AGENT.replace(ANSWER, ANSWER.replace("user", "assistant")),
        2,
    ),
    Wrong("only-text-kept", keeping("text or 'Let me see.'"), 2),
    Wrong(
        "only-text-kept",
        keeping("[b for b in reply.content if b.type == 'text'] or 'Calling.'"),
        2,
    ),
    Wrong(
        "thinking-dropped",
        keeping("[b for b in reply.content if b.type != 'thinking']"),
        9,
    ),
    Wrong(
        "blocks-dropped",
        keeping("[b for b in reply.content if b.type in ('text', 'tool_use')]"),
        7,
    ),
    Wrong(
        "thinking-changed",
        keeping(
            "[{'type': 'thinking', 'thinking': b.thinking or '…', 'signature': b.signature} "
            "if b.type == 'thinking' else b for b in reply.content]"
        ),
        9,
    ),
    Wrong(
        "thinking-changed",
        keeping(
            "[{'type': 'thinking', 'thinking': b.thinking} "
            "if b.type == 'thinking' else b for b in reply.content]"
        ),
        9,
    ),
    Wrong("blocks-dropped", keeping("[b for b in reply.content if b.type != 'text']"), 8),
    Wrong(
        "blocks-changed",
        keeping(
            "[{**b.to_dict(), 'text': b.text.upper()} "
            "if b.type == 'text' else b for b in reply.content]"
        ),
        8,
    ),
    Wrong(
        "blocks-changed",
        keeping(
            "[{'type': 'tool_use', 'id': b.id, 'name': b.name, 'input': {}} "
            "if b.type == 'tool_use' else b for b in reply.content]"
        ),
        2,
    ),
    Wrong(
        "input-as-text",
        keeping(
            "[{'type': 'tool_use', 'id': b.id, 'name': b.name, 'input': str(b.input)} "
            "if b.type == 'tool_use' else b for b in reply.content]"
        ),
        2,
    ),
    Wrong(
        "no-result-block",
        AGENT.replace(ANSWER, ANSWER.replace("results}", "str(results)}")),
        4,
    ),
    Wrong(
        "text-first",
        AGENT.replace(
            ANSWER, ANSWER.replace("results}", '[{"type": "text", "text": "Here:"}, *results]}')
        ),
        4,
    ),
    Wrong(
        "results-split",
        AGENT.replace(
            ANSWER, '            messages += [{"role": "user", "content": [r]} for r in results]\n'
        ),
        10,
    ),
    Wrong(
        "refused",
        AGENT.replace(ANSWER, ANSWER.replace('"role"', '"name": "tools", "role"')),
        3,
    ),
    Wrong("refused", keeping("[{**b.to_dict(), 'seen': True} for b in reply.content]"), 3),
)


PAUSED = (
    Wrong(
        "pause-as-answer",
        AGENT.replace('"refusal": "refusal",', '"refusal": "refusal", "pause_turn": "done",'),
        10,
    ),
    Wrong(
        "pause-raised",
        AGENT.replace(
            ".get(reply.stop_reason)",
            "[reply.stop_reason] if reply.stop_reason != 'tool_use' else None",
        ),
        10,
        "Crashed",
    ),
    Wrong(
        "pause-raised",
        AGENT.replace(
            ANSWER, ANSWER + "        else:\n            raise RuntimeError(reply.stop_reason)\n"
        ),
        10,
        "Crashed",
    ),
    Wrong(
        "pause-dropped",
        AGENT.replace(
            APPEND,
            '        if reply.stop_reason == "pause_turn":\n            continue\n' + APPEND,
        ),
        10,
    ),
    Wrong(
        "blocks-dropped",
        keeping(
            "[b for b in reply.content if b.type in ('text', 'thinking', 'tool_use')] or 'Go on.'"
        ),
        7,
    ),
    Wrong(
        "pause-pushed",
        AGENT.replace(
            ANSWER,
            ANSWER
            + '        else:\n            messages.append({"role": "user", "content": "Go on."})\n',
        ),
        11,
    ),
)
