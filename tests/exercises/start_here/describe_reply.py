"""The proof of `describe_reply`."""

from tests.exercises.proof import Proof, Wrong

_FACTS = """
def describe_reply(message):
    return {
        "id": message.id, "model": message.model, "stop_reason": message.stop_reason,
        "block_types": [b.type for b in message.content],
        "input_tokens": message.usage.input_tokens, "output_tokens": message.usage.output_tokens,
    }
"""
_TYPES = "[b.type for b in message.content]"

_WRONG = (
    Wrong("total-tokens", _FACTS.replace("usage.input_", "usage.total_"), 0, "Crashed"),
    Wrong("total-tokens", _FACTS.replace("usage.input_", "usage.prompt_"), 0, "Crashed"),
    Wrong("message-as-dict", _FACTS.replace("message.id", 'message["id"]'), 0, "Crashed"),
    Wrong("message-as-dict", _FACTS.replace("message.id", 'message.get("id")'), 0, "Crashed"),
    Wrong("message-as-dict", _FACTS.replace("b.type for", 'b["type"] for'), 0, "Crashed"),
    Wrong("printed", _FACTS.replace("return {", "facts = {") + "    print(facts)"),
    Wrong("not-a-dict", "def describe_reply(message):\n    return message.id"),
    Wrong("not-a-dict", "def describe_reply(message):\n    return message"),
    Wrong("not-a-dict", "def describe_reply(message):\n    pass"),
    Wrong(
        "not-a-dict",
        "def describe_reply(message):\n    if message.content:\n        return facts(message)\n"
        + _FACTS.replace("describe_reply", "facts"),
    ),
    Wrong("missing-keys", _FACTS.replace('"block_types"', '"types"'), 2),
    Wrong("missing-keys", _FACTS.replace('"input_tokens"', '"inputTokens"'), 2),
    Wrong("missing-keys", "def describe_reply(message):\n    return message.to_dict()", 1),
    Wrong("missing-keys", "def describe_reply(message):\n    return {(1, 2): 3, None: []}"),
    Wrong("other-identity", _FACTS.replace("message.id", '"msg_01abc"'), 2),
    Wrong("other-identity", _FACTS.replace("message.model", '"claude-opus-4-8"'), 2),
    Wrong("other-identity", _FACTS.replace("message.stop_reason", '"end_turn"'), 2),
    Wrong("blocks-not-types", _FACTS.replace(_TYPES, "message.content"), 2),
    Wrong("first-type-only", _FACTS.replace(_TYPES, f"list(dict.fromkeys({_TYPES}))"), 2),
    Wrong("first-type-only", _FACTS.replace(_TYPES, _TYPES[:-1] + ' if b.type != "thinking"]'), 2),
    Wrong(
        "first-type-only",
        _FACTS.replace(_TYPES, _TYPES[:-1] + ' if not b.type.startswith("server")]'),
        2,
    ),
    Wrong("first-type-only", _FACTS.replace(_TYPES, "[message.content[0].type]"), 2),
    Wrong("other-types", _FACTS.replace(_TYPES, f"{_TYPES} or None"), 2),
    Wrong("other-types", _FACTS.replace(_TYPES, f"{_TYPES} or ['text']"), 2),
    Wrong("types-reordered", _FACTS.replace(_TYPES, f"sorted({_TYPES})"), 2),
    Wrong("other-types", _FACTS.replace(_TYPES, f"tuple({_TYPES})"), 2),
    Wrong(
        "other-types",
        _FACTS.replace(_TYPES, _TYPES.replace("b.type for", "type(b).__name__ for")),
        2,
    ),
    Wrong("no-choices", _FACTS.replace("message.stop", "message.choices[0].stop"), 0, "Crashed"),
    Wrong("message-attribute", _FACTS.replace(".stop_reason", ".finish_reason"), 0, "Crashed"),
    Wrong("list-as-block", _FACTS.replace(_TYPES, "[message.content.type]"), 0, "Crashed"),
    Wrong(
        "other-identity",
        _FACTS.replace("message.stop_reason", '(message.stop_reason or "").replace("_", " ")'),
        2,
        saw="(not ",
    ),
    Wrong("other-identity", _FACTS.replace("message.id", "message.id[4:]"), 2),
    Wrong(
        "cached-added",
        _FACTS.replace(
            "message.usage.input_tokens",
            "message.usage.input_tokens + (message.usage.cache_read_input_tokens or 0)",
        ),
        2,
    ),
    Wrong(
        "cached-added",
        _FACTS.replace(
            "message.usage.input_tokens",
            "sum(v or 0 for k, v in message.usage.to_dict().items() if 'input_tokens' in k)",
        ),
        2,
    ),
    Wrong(
        "other-tokens",
        _FACTS.replace("message.usage.output_tokens", "message.usage.output_tokens or None"),
        2,
        saw="not 0",
    ),
    Wrong("first-type-only", _FACTS.replace("message.content]", "message.content[:1]]"), 2),
    Wrong(
        "empty-crash",
        _FACTS.replace(_TYPES, "[message.content[0].type] + " + _TYPES[:-1] + "[1:]]"),
        2,
        "Crashed",
    ),
    Wrong(
        "empty-crash",
        _FACTS.replace(_TYPES, _TYPES + "[:1 // len(message.content) + 9]"),
        2,
        "Crashed",
    ),
    Wrong("other-types", _FACTS.replace(_TYPES, f'", ".join({_TYPES[1:-1]})'), 2),
    Wrong("other-types", _FACTS.replace(_TYPES, f"{{{_TYPES[1:-1]}}}"), 2),
    Wrong("types-reordered", _FACTS.replace(_TYPES, f"{_TYPES}[::-1]"), 2),
    Wrong("other-types", _FACTS.replace(_TYPES, f"{_TYPES} * 2"), 2),
    Wrong("other-tokens", _FACTS.replace("usage.output_", "usage.input_"), 2),
    Wrong("other-tokens", _FACTS.replace("message.usage.output_tokens", "0"), 2),
    Wrong(
        "other-tokens",
        _FACTS.replace("message.usage.input_tokens", "str(message.usage.input_tokens)"),
        2,
        saw="input_tokens='",
    ),
    *(
        Wrong("first-type-only", _FACTS.replace(_TYPES, f"{_TYPES[:-1]} if b.type in {kept}]"), 2)
        for kept in ('("text", "thinking", "tool_use")', '("text",)')
    ),
    Wrong("crash", _FACTS.replace("message.id", "msg.id"), 0, "Crashed"),
)

_RIGHT = {
    "built key by key": """
def describe_reply(message):
    facts = {}
    for key in ("id", "model", "stop_reason"):
        facts[key] = getattr(message, key)
    facts["block_types"] = []
    for block in message.content:
        facts["block_types"].append(block.type)
    facts["input_tokens"] = message.usage.input_tokens
    facts["output_tokens"] = message.usage.output_tokens
    return facts
""",
    "from plain data, in another order": """
class Facts(dict):
    def items(self):
        return []

def describe_reply(message):
    data = message.to_dict()
    usage = {k: v for k, v in data["usage"].items() if k in ("input_tokens", "output_tokens")}
    types = [block["type"] for block in data["content"]]
    return Facts(usage, block_types=types, **{k: data[k] for k in ("stop_reason", "model", "id")})
""",
    "one fact more than asked for": """
import json, logging

def describe_reply(message):
    facts = json.loads(message.to_json())
    facts["block_types"] = list(map(lambda block: block["type"], facts.pop("content")))
    facts.update(facts.pop("usage"))
    logging.getLogger("replies").warning("%s", facts)
    return facts
""",
    "a dataclass on the way": """
from dataclasses import asdict, dataclass, field

@dataclass
class Facts:
    id: str
    model: str
    stop_reason: str
    input_tokens: int
    output_tokens: int
    block_types: list[str] = field(default_factory=list)

def types_of(blocks):
    return [blocks[0].type, *types_of(blocks[1:])] if blocks else []

def describe_reply(message):
    usage = message.usage
    facts = Facts(message.id, message.model, message.stop_reason, usage.input_tokens,
                  usage.output_tokens)
    facts.block_types.extend(types_of(message.content))
    return asdict(facts)
""",
}

PROOF = Proof("describe_reply", wrong=_WRONG, right=_RIGHT)
