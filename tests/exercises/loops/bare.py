"""Code of answers that cut a history: what stays, without its thinking."""

BARE = """
def kind(block):
    return block["type"] if isinstance(block, dict) else block.type

def bare(messages):
    kept = []
    for message in messages:
        content = message["content"]
        if isinstance(content, list):
            content = [b for b in content if kind(b) not in ("thinking", "redacted_thinking")]
        if content:
            kept.append({**message, "content": content})
    return kept
"""
