"""An agent that is right, for answers that are wrong in one place."""

RESULT = """
@dataclass(frozen=True)
class AgentResult:
    status: str
    text: str
    messages: list
"""

AGENT = (
    RESULT
    + """
ENDINGS = {
    "end_turn": "done",
    "stop_sequence": "done",
    "max_tokens": "max_tokens",
    "model_context_window_exceeded": "max_tokens",
    "refusal": "refusal",
}
KNOWN = (
    "end_turn",
    "stop_sequence",
    "max_tokens",
    "model_context_window_exceeded",
    "refusal",
    "tool_use",
    "pause_turn",
)

def run_agent(client, request, registry, *, max_turns):
    messages = list(request["messages"])
    for _ in range(max_turns):
        reply = client.messages.create(**{**request, "messages": messages})
        text = "".join(block.text for block in reply.content if block.type == "text")
        if reply.stop_reason not in KNOWN:
            raise RuntimeError(f"ended with {reply.stop_reason}")
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

EXECUTE = "            results = execute_all(reply.content, registry)\n"

LOOP = """            results = []
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

INLINE = AGENT.replace(EXECUTE, LOOP)

TEXT = "value if isinstance(value, str) else json.dumps(value)"

APPEND = "        messages.append(turn)\n        if reply.stop_reason"

ANSWER = '            messages.append({"role": "user", "content": results})\n'

CREATE = 'client.messages.create(**{**request, "messages": messages})'

KEPT = '        if status == "done" and reply.content:\n            messages.append(turn)\n'

RETURN = "            return AgentResult(status, text, messages)\n"

LIMIT = '    return AgentResult("turn_limit", text, messages)\n'

JOINED = '"".join(block.text for block in reply.content if block.type == "text")'


def keeping(content: str) -> str:
    """Return the agent with another content of Claude's turns, but for the last."""
    return AGENT.replace(
        '"content": reply.content}', f'"content": reply.content if status else ({content})}}'
    )


BARE = AGENT.replace(
    EXECUTE,
    """            results = [
                {"type": "tool_result", "tool_use_id": b.id,
                 "content": json.dumps(registry[b.name](**b.input))}
                for b in reply.content if b.type == "tool_use"
            ]
""",
)
