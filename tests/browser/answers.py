"""Answers to `first_call` as a learner types them."""

RIGHT = """\
def first_call(client, prompt: str) -> str:
    message = client.messages.create(
        model=MODEL,
        max_tokens=300,
        messages=[{"role": "user", "content": prompt}],
    )
    return "".join(block.text for block in message.content if block.type == "text")
"""

SAME_PROMPT = RIGHT.replace('"content": prompt', '"content": "What is the capital of France?"')
"""The demo's call with the demo's prompt: the argument was forgotten."""
