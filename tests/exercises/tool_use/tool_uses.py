"""The proof of `tool_uses`."""

from tests.exercises.proof import Proof, Wrong

_USES = """
def tool_uses(message):
    return [block for block in message.content if block.type == "tool_use"]
"""
_IF = ' if block.type == "tool_use"'

_WRONG = (
    *(
        Wrong("none-found", _USES.replace(_IF, f"{_IF} and ({direct})"), 2, saw="caller")
        for direct in (
            'block.caller is None or block.caller.type == "direct"',
            "not block.caller or not hasattr(block.caller, 'tool_id')",
        )
    ),
    Wrong("none-found", _USES.replace(_IF, f"{_IF} and block.input"), 2, saw="the input {}"),
    Wrong("openai-reply", _USES.replace("message.content", "message.tool_calls"), 0, "Crashed"),
    Wrong(
        "openai-reply",
        "def tool_uses(message):\n    return message.choices[0].message.tool_calls or []",
        0,
        "Crashed",
    ),
    Wrong("function-in-block", _USES.replace("[block ", "[block.function "), 0, "Crashed"),
    Wrong("function-in-block", _USES.replace("[block ", "[block.arguments "), 0, "Crashed"),
    Wrong(
        "input-parsed",
        "import json\n" + _USES.replace("[block ", "[(block.name, json.loads(block.input)) "),
        0,
        "Crashed",
    ),
    Wrong("block-as-dict", _USES.replace("block.type", 'block["type"]'), 0, "Crashed"),
    Wrong("block-as-dict", _USES.replace("block.type", 'block.get("type")'), 0, "Crashed"),
    Wrong("block-as-dict", _USES.replace("message.content", 'message["content"]'), 0, "Crashed"),
    Wrong("every-block", _USES.replace(_IF, " if block.name"), 1, "Crashed"),
    Wrong("every-block", _USES.replace(_IF, " if block.input"), 1, "Crashed"),
    Wrong("printed", _USES.replace("return [", "print([").replace('use"]', 'use"])')),
    Wrong(
        "printed",
        "def tool_uses(message):\n"
        "    for block in message.content:\n"
        "        if block.type == 'tool_use':\n"
        "            print(block)",
    ),
    Wrong("not-a-list", "def tool_uses(message):\n    return message.content[0]"),
    Wrong("not-a-list", _USES.replace("return [", "return next(").replace('use"]', 'use")')),
    Wrong("not-a-list", _USES.replace("return [", "return (").replace('use"]', 'use")')),
    Wrong("not-a-list", _USES.replace("return [", "x = [")),
    Wrong("not-a-list", _USES.replace("[block", "{block.id: block").replace("]", "}")),
    Wrong("other-blocks", _USES.replace('== "tool_use"', 'in ("tool_use", "text")'), 1),
    Wrong("other-blocks", "def tool_uses(message):\n    return message.content", 1),
    Wrong("server-call", _USES.replace('== "tool_use"', '!= "text"'), 1),
    Wrong("server-call", _USES.replace('== "tool_use"', 'not in ("text", "thinking")'), 1),
    Wrong("none-found", _USES.replace(_IF, " if message.stop_reason == 'tool_use'"), 1),
    Wrong(
        "none-found",
        _USES.replace(_IF, f"{_IF} and message.stop_reason == 'tool_use'"),
        2,
        saw="stop_reason max_tokens",
    ),
    Wrong("not-a-list", _USES.replace("return [", "return tuple([").replace('use"]', 'use"])')),
    Wrong("calls-lost", _USES.replace('use"]', 'use"][:20]'), 2, saw="4 of 24"),
    Wrong("calls-doubled", _USES.replace("return [", "return 2 * [")),
    Wrong(
        "calls-doubled",
        _USES.replace("return [", "calls = [")
        + "    return calls + [c for c in calls if calls.index(c) > 0]",
        2,
    ),
    Wrong("not-blocks", _USES.replace("[block ", "[block.name "), 0),
    Wrong("not-blocks", _USES.replace("[block ", "[(block.name, block.input) "), 0),
    Wrong("not-blocks", _USES.replace("[block ", '[{"id": block.id, "input": block.input} '), 0),
    # The docstring reads `block.name`, which a dict doesn't have.
    Wrong("not-blocks", _USES.replace("[block ", "[block.model_dump() ")),
    # What works for one shape of reply only; each of these has had full marks.
    Wrong("server-call", _USES.replace('== "tool_use"', '.endswith("tool_use")'), 1),
    Wrong("server-call", _USES.replace(_IF, ' if "tool_use" in block.type'), 1),
    Wrong(
        "server-call",
        _USES.replace(
            _IF,
            ' if block.type not in ("text", "thinking", "redacted_thinking", "container_upload")',
        ),
        1,
    ),
    Wrong("server-call", _USES.replace(_IF, ' if "tool" in block.type'), 1),
    *(
        Wrong("none-found", _USES.replace(_IF, f"{test} and block.name != 'web_search'"), 2)
        for test in (_IF, ' if "tool_use" in block.type')
    ),
    Wrong("server-call", _USES.replace(_IF, ' if hasattr(block, "input")'), 1),
    Wrong(
        "calls-lost",
        _USES.replace("return [block ", "return list({block.name: block ").replace(
            'use"]', 'use"}.values())'
        ),
        2,
    ),
    Wrong(
        "calls-lost",
        _USES.replace("return [block ", "return list({str(block.input): block ").replace(
            'use"]', 'use"}.values())'
        ),
        2,
    ),
    Wrong("calls-lost", _USES.replace('use"]', 'use"][:1]'), 2),
    Wrong(
        "calls-lost",
        "def tool_uses(message):\n"
        "    for block in message.content:\n"
        "        if block.type == 'tool_use':\n"
        "            return [block]\n"
        "    return []",
        2,
    ),
    Wrong(
        "calls-lost",
        "def tool_uses(message):\n"
        "    last = message.content[-1:]\n"
        "    return last if last and last[0].type == 'tool_use' else []",
        2,
    ),
    Wrong("other-order", _USES.replace('use"]', 'use"][::-1]'), 2),
    Wrong(
        "calls-changed",
        "import json\n"
        "def tool_uses(message):\n"
        "    return [block.model_copy(update={'input': json.dumps(block.input)})\n"
        "            for block in message.content if block.type == 'tool_use']",
    ),
    Wrong("none-found", _USES.replace('use"]', 'use"][1:]')),
    Wrong("none-expected", _USES.replace('use"]', 'use"] or None'), 2),
    Wrong(
        "none-expected",
        "def tool_uses(message):\n"
        "    calls = [block for block in message.content if block.type == 'tool_use']\n"
        "    if not calls:\n"
        "        raise ValueError('no call')\n"
        "    return calls",
        2,
        "Crashed",
    ),
    Wrong(
        "none-expected",
        "def tool_uses(message):\n"
        "    if message.content[0].type or True:\n"
        "        return [b for b in message.content if b.type == 'tool_use']",
        2,
        "Crashed",
    ),
    Wrong("crash", _USES.replace("message.content", "message.blocks"), 0, "Crashed"),
)

_RIGHT = {
    "a loop, and a tuple in between": """
def tool_uses(message):
    calls = ()
    for block in message.content:
        if block.type != "tool_use":
            print("skipped", block.type)
            continue
        calls += (block,)
    return list(calls)
""",
    "isinstance and filter": """
from anthropic.types import ToolUseBlock

def tool_uses(message):
    return list(filter(lambda block: isinstance(block, ToolUseBlock), message.content))
""",
    "by match": """
def tool_uses(message):
    found = []
    for block in message.content:
        match block.type:
            case "tool_use":
                found.append(block.model_copy())
            case _:
                pass
    return found
""",
}

PROOF = Proof("tool_uses", wrong=_WRONG, right=_RIGHT)
