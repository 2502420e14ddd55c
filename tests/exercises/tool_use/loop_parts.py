"""A right answer to `run_tools`, in parts that wrong answers replace."""

ASK = """client.messages.create(
            model="claude-sonnet-4-6", max_tokens=1000, tools=tools, messages=messages
        )"""
ANSWER = 'return "".join(block.text for block in message.content if block.type == "text")'
OTHERWISE = """if message.stop_reason != "tool_use":
            raise RuntimeError(f"the reply ended with {message.stop_reason}")"""
RUN = """try:
                value = registry[block.name](**block.input)
                results.append(tool_result(block, value))
            except Exception as error:
                results.append(tool_result(block, f"{error!r}", is_error=True))"""
SPOKEN = 'messages.append({"role": "assistant", "content": message.content})'
GIVEN = 'messages.append({"role": "user", "content": results})'
LIMIT = 'raise RuntimeError(f"no answer after {max_turns} requests")'
END = 'if message.stop_reason == "end_turn":'
RISKED = "results.append(tool_result(block, registry[block.name](**block.input)))"
DEF = "def run_tools(client, user_message, tools, registry, *, max_turns=8):"
LOOP = f"""
{DEF}
    messages = [{{"role": "user", "content": user_message}}]
    for _ in range(max_turns):
        message = {ASK}
        {END}
            {ANSWER}
        {OTHERWISE}
        results = []
        for block in tool_uses(message):
            {RUN}
        {SPOKEN}
        {GIVEN}
    {LIMIT}
"""


def but(*changes: tuple[str, str]) -> str:
    """Return the loop with some of its parts replaced."""
    source = LOOP
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    return source
