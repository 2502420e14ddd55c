"""Agents that go wrong in the calls and their results."""

from tests.exercises.agents.agent import AGENT, ANSWER, BARE, INLINE, TEXT
from tests.exercises.proof import Wrong

CALLS = (
    Wrong("openai-call-block", INLINE.replace("**block.input", "**block.arguments"), 4),
    Wrong("input-parsed", INLINE.replace("**block.input", "**json.loads(block.input)"), 4),
    Wrong("block-as-dict", INLINE.replace("block.name", 'block["name"]'), 4),
    Wrong("every-block", INLINE.replace('if block.type == "tool_use"', "if True"), 3, "Crashed"),
    Wrong(
        "not-run",
        INLINE.replace("registry[block.name](**block.input)", '"18 degrees"'),
        9,
    ),
    Wrong("input-not-spread", INLINE.replace("**block.input", "block.input"), 10),
    Wrong("other-input", INLINE.replace("**block.input", "**dict(block.input, a=1)"), 10),
    Wrong(
        "ran-twice",
        INLINE.replace("value = r", "registry[block.name](**block.input); value = r"),
        11,
    ),
    Wrong("tool-call-id", INLINE.replace('"tool_use_id"', '"tool_call_id"'), 4),
    Wrong(
        "other-id",
        INLINE.replace('"tool_use_id": block.id', '"tool_use_id": block.name'),
        4,
    ),
    Wrong(
        "unanswered",
        AGENT.replace(ANSWER, ANSWER.replace("results}", "results[:1]}")),
        9,
    ),
    Wrong(
        "other-id",
        AGENT.replace("    for _ in", "    results = []\n    for _ in").replace(
            "results = execute_all", "results = results or execute_all"
        ),
        9,
    ),
    Wrong(
        "answered-twice",
        AGENT.replace(ANSWER, ANSWER.replace("results}", "results * 2}")),
        4,
    ),
    Wrong(
        "reordered",
        AGENT.replace(ANSWER, ANSWER.replace("results}", "results[::-1]}")),
        10,
    ),
    Wrong("not-text", INLINE.replace(TEXT, "value"), 4),
    Wrong("python-repr", INLINE.replace(TEXT, "str(value)"), 11),
    Wrong("text-quoted", INLINE.replace(TEXT, "json.dumps(value)"), 11),
    # What the loop itself does wrong comes first.
    Wrong(
        "refusal-raised",
        INLINE.replace(TEXT, "json.dumps(value)").replace('"refusal"', '"a refusal"'),
        10,
        "Crashed",
    ),
    Wrong("value-lost", INLINE.replace(TEXT, '"Done."'), 11),
    Wrong("error-unmarked", INLINE.replace(', "is_error": True', ""), 11),
    Wrong("error-empty", INLINE.replace("repr(error)", "str(error)"), 11),
    Wrong("error-silent", INLINE.replace("repr(error)", '"failed"'), 11),
    Wrong(
        "failure-spreads",
        BARE.replace("            results = [\n", "            try:\n              results = [\n")
        .replace(
            "            ]\n",
            "              ]\n            except Exception as error:\n"
            "              results = [{'type': 'tool_result', 'tool_use_id': b.id,"
            " 'content': repr(error), 'is_error': True}"
            " for b in reply.content if b.type == 'tool_use']\n",
        )
        .replace("json.dumps(registry[b.name](**b.input))", "say(registry[b.name](**b.input))")
        + "\ndef say(value):\n    return value if isinstance(value, str) else json.dumps(value)\n",
        11,
    ),
    Wrong(
        "success-as-error",
        INLINE.replace("block.id}", 'block.id, "is_error": True}'),
        11,
    ),
    Wrong(
        "failure-kills",
        BARE.replace("json.dumps(r", "say(r")
        + "\ndef say(value):\n    return value if isinstance(value, str) else json.dumps(value)\n",
        10,
        "Crashed",
    ),
)
