"""Agents that keep another conversation than the table says, or are right for some replies only."""

from tests.exercises.agents.agent import AGENT, ANSWER, EXECUTE, INLINE, KEPT, LIMIT, keeping
from tests.exercises.proof import Wrong

_COUNTED = AGENT.replace("for _ in range(max_turns)", "for number in range(max_turns)")
_IS_LAST = "number == max_turns - 1"
_APPEND = "        messages.append(turn)\n        if reply"

LIMITS = (
    Wrong(
        "last-turn-lost",
        _COUNTED.replace(_APPEND, f"        if {_IS_LAST}:\n            break\n{_APPEND}"),
        10,
    ),
    Wrong(
        "last-calls-not-run",
        _COUNTED.replace(
            EXECUTE,
            f"            run = _skip if {_IS_LAST} else execute_all\n"
            "            results = run(reply.content, registry)\n",
        )
        + "\ndef _skip(blocks, registry):\n"
        "    return [{'type': 'tool_result', 'tool_use_id': b.id, 'content': 'not run',"
        " 'is_error': True} for b in blocks if b.type == 'tool_use']\n",
        11,
    ),
    Wrong(
        "end-kept",
        AGENT.replace(
            KEPT,
            "        if status and reply.content and status != 'max_tokens':\n"
            "            messages.append(turn)\n",
        ),
        11,
        saw="refusal",
    ),
    Wrong(
        "end-kept",
        AGENT.replace(
            KEPT,
            KEPT + "        if status == 'max_tokens':\n"
            "            said = [block for block in reply.content if block.type == 'text']\n"
            '            messages.append({"role": "assistant", "content": said})\n',
        ),
        11,
        saw="max_tokens",
    ),
    Wrong(
        "end-kept",
        AGENT.replace(
            "            return AgentResult(status, text, messages)\n",
            '            if status == "refusal":\n'
            '                messages += [{"role": "assistant", "content": "Sorry."}]\n'
            "            return AgentResult(status, text, messages)\n",
        ),
        11,
    ),
    Wrong(
        "ending-missed",
        AGENT.replace('    "stop_sequence": "done",\n', "").replace(
            "ENDINGS.get(reply.stop_reason)",
            "{**ENDINGS, 'tool_use': None, 'pause_turn': None}[reply.stop_reason]",
        ),
        11,
        "Crashed",
    ),
    Wrong(
        "server-call-answered",
        INLINE.replace('block.type == "tool_use"', 'block.type.endswith("tool_use")'),
        11,
    ),
    Wrong("unanswered", INLINE.replace("in reply.content:", "in reply.content[:1]:"), 6),
    Wrong(
        "unanswered",
        INLINE.replace(
            "for block in reply.content:",
            "for block in {str(getattr(b, 'input', b)): b for b in reply.content}.values():",
        ),
        11,
    ),
    Wrong(
        "unasked-run",
        AGENT.replace(
            "    for _ in",
            "    for name in list(registry)[-1:]:\n        registry[name]()\n    for _ in",
        ),
        11,
    ),
    Wrong(
        "value-lost",
        AGENT.replace(
            ANSWER,
            "            for r in results:\n                r['content'] = r['content'] or '-'\n"
            + ANSWER,
        ),
        11,
    ),
    Wrong("limit-early", AGENT.replace("range(max_turns)", "range(min(max_turns, 10))"), 11),
    Wrong(
        "limit-as-done",
        AGENT.replace(LIMIT, LIMIT.replace("turn_limit", "max_tokens")),
        11,
    ),
    Wrong(
        "alike-run-once",
        INLINE.replace("    messages = list(", "    known = {}\n    messages = list(", 1).replace(
            "value = registry[block.name](**block.input)",
            "key = block.name + str(block.input)\n"
            "                        if key not in known:\n"
            "                            known[key] = registry[block.name](**block.input)\n"
            "                        value = known[key]",
        ),
        11,
    ),
    Wrong(
        "pause-changed",
        keeping(
            "[b for b in reply.content if b.type != 'server_tool_use'"
            " or reply.stop_reason != 'pause_turn'] or 'Go on.'"
        ),
        9,
    ),
    # What a long conversation, or what the caller asked for, brings to light.
    Wrong(
        "other-question", AGENT.replace('"messages": messages})', '"messages": messages[-20:]})'), 1
    ),
    Wrong(
        "request-lost",
        AGENT.replace(
            "        text = ",
            '        request = {**request, "tool_choice": {"type": "any"}}\n        text = ',
        ),
        9,
    ),
    Wrong(
        "other-answer",
        AGENT.replace(
            "            return AgentResult(status, text, messages)\n",
            "            if status == 'refusal':\n"
            "                text = reply.stop_details.explanation or text\n"
            "            return AgentResult(status, text, messages)\n",
        ),
        11,
    ),
    Wrong("other-answer", AGENT.replace(LIMIT, LIMIT.replace("text", "text or 'limit'")), 11),
    Wrong(
        "mutated",
        AGENT.replace(
            "    messages = list(",
            "    request.setdefault('stream', False)\n    messages = list(",
            1,
        ),
        11,
        saw="stream: nothing",
    ),
)
