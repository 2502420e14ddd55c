"""The proof of `execute_all`."""

from tests.exercises.agents.right_executions import RIGHT
from tests.exercises.proof import Proof, Wrong

_ALL = """
def execute_all(blocks, registry):
    results = []
    for block in blocks:
        if block.type != "tool_use":
            continue
        result = {"type": "tool_result", "tool_use_id": block.id}
        try:
            value = registry[block.name](**block.input)
            result["content"] = value if isinstance(value, str) else json.dumps(value)
        except Exception as error:
            result["content"] = f"{type(error).__name__}: {error}"
            result["is_error"] = True
        results.append(result)
    return results
"""
_TEXT = "value if isinstance(value, str) else json.dumps(value)"
_RETURN = "    return results\n"
_IS_CALL = 'block.type != "tool_use"'
_WORDS = 'f"{type(error).__name__}: {error}"'

_TAKEN = "__import__('inspect').signature(registry[block.name]).parameters"
_LOOKS_UP_FIRST = """
def execute_all(blocks, registry):
    results = []
    for block in blocks:
        if block.type != "tool_use":
            continue
        result = {"type": "tool_result", "tool_use_id": block.id, "is_error": True}
        function = registry.get(block.name)
        if function is None:
            result["content"] = "no such tool"
        else:
            try:
                value = function(**block.input)
            except Exception as error:
                result["content"] = repr(error)
            else:
                result["content"] = value if isinstance(value, str) else json.dumps(value)
                del result["is_error"]
        results.append(result)
    return results
"""
_OWN_KEY_ERROR = """
def execute_all(blocks, registry):
    results = []
    for block in blocks:
        if block.type == "tool_use":
            result = {"type": "tool_result", "tool_use_id": block.id}
            try:
                value = registry[block.name](**block.input)
                result["content"] = value if isinstance(value, str) else json.dumps(value)
            except KeyError:
                result |= {"content": f"There is no tool {block.name}.", "is_error": True}
            except Exception as error:
                result |= {"content": repr(error), "is_error": True}
            results.append(result)
    return results
"""
_WHOLE_TRY = """
def execute_all(blocks, registry):
    calls = [block for block in blocks if block.type == "tool_use"]
    try:
        values = [registry[call.name](**call.input) for call in calls]
    except Exception as error:
        return [{"type": "tool_result", "tool_use_id": call.id, "content": repr(error),
                 "is_error": True} for call in calls]
    return [
        {"type": "tool_result", "tool_use_id": call.id,
         "content": value if isinstance(value, str) else json.dumps(value)}
        for call, value in zip(calls, values)
    ]
"""
_BARE = """
def execute_all(blocks, registry):
    results = []
    for block in blocks:
        if block.type == "tool_use":
            value = registry[block.name](**block.input)
            content = value if isinstance(value, str) else json.dumps(value)
            results.append(
                {"type": "tool_result", "tool_use_id": block.id, "content": content})
    return results
"""
_ERRORS_LAST = """
def execute_all(blocks, registry):
    results, errors = [], []
    for block in blocks:
        if block.type == "tool_use":
            result = {"type": "tool_result", "tool_use_id": block.id}
            try:
                value = registry[block.name](**block.input)
                result["content"] = value if isinstance(value, str) else json.dumps(value)
                results.append(result)
            except Exception as error:
                errors.append({**result, "content": repr(error), "is_error": True})
    return results + errors
"""
_RETRIED = _ALL.replace(
    "            value = registry[block.name](**block.input)\n",
    """            function = registry[block.name]
            try:
                value = function(**block.input)
            except Exception:
                value = function(**block.input)
""",
)

_FLAG = """
def execute_all(blocks, registry):
    results, failed = [], False
    for block in blocks:
        if block.type != "tool_use":
            continue
        try:
            value = registry[block.name](**block.input)
            content = value if isinstance(value, str) else json.dumps(value)
        except Exception as error:
            content, failed = repr(error), True
        result = {"type": "tool_result", "tool_use_id": block.id, "content": content}
        results.append(result | ({"is_error": True} if failed else {}))
    return results
"""

_REMEMBERED = _ALL.replace("    results = []\n", "    results, known = [], {}\n").replace(
    "            value = registry[block.name](**block.input)\n",
    """            key = block.name + json.dumps(block.input)
            if key not in known:
                known[key] = registry[block.name](**block.input)
            value = known[key]
""",
)

_FALLBACK = """
def text_of_value(value, other):
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value)
    except TypeError:
        return other(value)
"""
_NUMBER = """
def _number(value):
    return int(value) if isinstance(value, str) and value.isdigit() else value
"""

_WRONG = (
    Wrong("args-expected", _ALL.replace("{error}", "{error.args[0]}"), 6, "Crashed"),
    *(
        Wrong("python-repr", _ALL.replace(_TEXT, f"text_of_value(value, {other})") + _FALLBACK, 6)
        for other in ("str", "repr")
    ),
    *(
        Wrong("value-lost", _ALL.replace(_TEXT, f"({_TEXT})[:{most}]"), 6)
        for most in (1_000, 4_096, 10_000)
    ),
    Wrong(
        "other-input",
        _ALL.replace("**block.input)", "**{k: _number(v) for k, v in block.input.items()})")
        + _NUMBER,
        5,
    ),
    *(
        Wrong("unasked-run", _ALL.replace("registry[block.name]", found), 5)
        for found in (
            "{name.lower(): run for name, run in registry.items()}[block.name.lower()]",
            "next(run for name, run in registry.items() if name.lower() == block.name.lower())",
        )
    ),
    Wrong(
        "other-input",
        _ALL.replace(
            "(**block.input)", f"(**{{k: v for k, v in block.input.items() if k in {_TAKEN}}})"
        ),
        5,
    ),
    *(
        Wrong("not-run", _ALL.replace(_IS_CALL, f"{_IS_CALL} or {is_other}"), 3)
        for is_other in (
            '(block.caller and block.caller.type != "direct")',
            'getattr(block.caller, "tool_id", None)',
        )
    ),
    Wrong(
        "openai-call-block",
        _BARE.replace("block.name](**block.input", "block.function.name](**block.input"),
        0,
        "Crashed",
    ),
    Wrong("openai-call-block", _ALL.replace("**block.input", "**block.arguments")),
    Wrong("input-parsed", _ALL.replace("**block.input", "**json.loads(block.input)")),
    Wrong(
        "input-parsed", _BARE.replace("**block.input", "**json.loads(block.input)"), 0, "Crashed"
    ),
    Wrong("block-as-dict", _ALL.replace("block.name", 'block["name"]')),
    Wrong("block-as-dict", _ALL.replace("block.type", 'block["type"]'), 0, "Crashed"),
    Wrong("every-block", _BARE.replace('if block.type == "tool_use"', "if True"), 1, "Crashed"),
    Wrong(
        "every-block",
        _ALL.replace('if block.type != "tool_use":\n            continue', "pass"),
        4,
        "Crashed",
    ),
    Wrong("not-run", _ALL.replace("registry[block.name](**block.input)", '"18 degrees"'), 2),
    Wrong("input-not-spread", _ALL.replace("**block.input", "block.input"), 3),
    Wrong("other-input", _ALL.replace("**block.input", "**dict(block.input, extra=1)"), 3),
    Wrong("ran-twice", _RETRIED, 6),
    Wrong(
        "ran-twice",
        _ALL.replace("value = r", "registry[block.name](**block.input); value = r"),
        6,
    ),
    Wrong("tool-call-id", _ALL.replace('"tool_use_id"', '"tool_call_id"'), 1),
    Wrong("tool-call-id", _ALL.replace('"tool_use_id": block.id', '"name": block.name'), 1),
    Wrong("other-id", _ALL.replace("block.id", "block.name"), 1),
    Wrong(
        "unanswered",
        _ALL.replace("        results.append(result)\n    return", "    return").replace(
            "        except", "            results.append(result)\n        except"
        ),
        4,
    ),
    Wrong(
        "unanswered",
        "def execute_all(blocks, registry):\n"
        "    answers = {}\n"
        "    for block in blocks:\n"
        "        if block.type == 'tool_use':\n"
        "            value = registry[block.name](**block.input)\n"
        "            content = value if isinstance(value, str) else json.dumps(value)\n"
        "            answers[block.name] = {'type': 'tool_result', 'tool_use_id': block.id,"
        " 'content': content}\n"
        "    return list(answers.values())",
        1,
    ),
    Wrong("answered-twice", _ALL.replace(_RETURN, "    return results + results\n"), 1),
    Wrong("reordered", _ERRORS_LAST, 6),
    Wrong("reordered", _ALL.replace(_RETURN, "    return results[::-1]\n"), 3),
    # What is given is used otherwise than it came.
    *(
        Wrong("other-input", _ALL.replace("**block.input", f"**{{k: {kept} for k, v in {own}}}"), 5)
        for own, kept in (
            ("block.input.items()", "v.strip() if isinstance(v, str) else v"),
            ("block.input.items()", "' '.join(v.split()) if isinstance(v, str) else v"),
            ("block.input.items()", "v[:200] if isinstance(v, str) else v"),
            ("block.input.items()", "v.lower() if isinstance(v, str) else v"),
            (
                "block.input.items()",
                "json.loads(v) if isinstance(v, str) and v.startswith('[') else v",
            ),
        )
    ),
    Wrong(
        "other-input",
        _ALL.replace(
            "        try:\n",
            "        for key, value in block.input.items():\n"
            "            if isinstance(value, str):\n"
            "                block.input[key] = value.strip()\n"
            "        try:\n",
        ),
        5,
    ),
    Wrong("not-text", _ALL.replace(_TEXT, "value"), 3),
    Wrong("python-repr", _ALL.replace(_TEXT, "str(value)"), 5),
    Wrong("text-quoted", _ALL.replace(_TEXT, "json.dumps(value)"), 5),
    Wrong("value-lost", _ALL.replace(_TEXT, '"Done."'), 4),
    Wrong("value-lost", _ALL.replace(_TEXT, "json.dumps({'result': value})"), 5),
    Wrong("error-unmarked", _ALL.replace('            result["is_error"] = True\n', ""), 5),
    Wrong("error-unmarked", _ALL.replace('["is_error"] = True', '["is_error"] = False'), 5),
    Wrong("error-unmarked", _ALL.replace('["is_error"] = True', '["error"] = True'), 5),
    Wrong("error-empty", _ALL.replace(_WORDS, "str(error)"), 6),
    Wrong("error-silent", _ALL.replace(_WORDS, '"failed"'), 6),
    Wrong("error-silent", _ALL.replace(_WORDS, "type(error).__name__"), 6),
    Wrong("own-key-error", _OWN_KEY_ERROR, 6),
    Wrong("failure-spreads", _WHOLE_TRY, 4),
    Wrong("success-as-error", _FLAG, 6),
    Wrong(
        "success-as-error",
        _ALL.replace("        try:", '        result["is_error"] = True\n        try:'),
        3,
    ),
    Wrong("printed", _ALL.replace(_RETURN, "    print(results)\n"), 1),
    Wrong("role-tool", _ALL.replace('"type": "tool_result"', '"role": "tool"'), 1),
    Wrong(
        "whole-message",
        _ALL.replace(_RETURN, '    return {"role": "user", "content": results}\n'),
        1,
    ),
    Wrong(
        "whole-message",
        _ALL.replace("append(result)", 'append({"role": "user", "content": [result]})'),
        1,
    ),
    Wrong("not-a-list", _ALL.replace(_RETURN, "    return results[0]\n"), 1),
    Wrong("not-a-list", _ALL.replace(_RETURN, ""), 1),
    Wrong("not-results", _ALL.replace("append(result)", 'append(result["content"])'), 1),
    Wrong("not-results", _ALL.replace("append(result)", "append(block)"), 1),
    Wrong("unknown-kills", _BARE, 4, "Crashed"),
    Wrong(
        "unknown-kills",
        _BARE.replace("registry[block.name]", "registry.get(block.name)"),
        4,
        "Crashed",
    ),
    Wrong("failure-kills", _ALL.replace("except Exception", "except LookupError"), 5, "Crashed"),
    Wrong(
        "failure-kills",
        _ALL.replace("except Exception", "except (KeyError, ValueError)"),
        5,
        "Crashed",
    ),
    Wrong("unwritable-kills", _LOOKS_UP_FIRST, 5, "Crashed"),
    Wrong("none-expected", _ALL.replace(_RETURN, "    return results or None\n"), 5),
    Wrong(
        "none-expected",
        _ALL.replace("    results = []\n", "    results = []\n    blocks[0]\n"),
        4,
        "Crashed",
    ),
    # What works for some replies only; many of these have had full marks.
    Wrong(
        "server-call-answered",
        _ALL.replace(_IS_CALL, 'not hasattr(block, "name")'),
        4,
        saw="srvtoolu",
    ),
    Wrong("server-call-answered", _ALL.replace(_IS_CALL, 'not block.type.endswith("tool_use")'), 4),
    Wrong(
        "every-block", _ALL.replace(_IS_CALL, 'block.type in ("text", "thinking")'), 4, "Crashed"
    ),
    Wrong(
        "python-repr",
        _ALL.replace(_TEXT, "json.dumps(value) if type(value) in (dict, list) else str(value)"),
        6,
    ),
    Wrong("value-lost", _ALL.replace(_TEXT, f"({_TEXT}) if value else ''"), 6, saw="→ ''"),
    Wrong("value-lost", _ALL.replace("**block.input)", "**block.input) or 'no result'"), 6),
    Wrong(
        "success-as-error",
        _ALL.replace(
            '            result["content"] = value',
            "            if not value:\n                raise ValueError('no result')\n"
            '            result["content"] = value',
        ),
        6,
    ),
    Wrong(
        "some-not-run",
        _ALL.replace("in blocks:", "in {getattr(b, 'name', 0): b for b in blocks}.values():"),
        3,
    ),
    Wrong(
        "alike-run-once",
        _ALL.replace("in blocks:", "in {str(getattr(b, 'input', b)): b for b in blocks}.values():"),
        3,
    ),
    Wrong("alike-run-once", _REMEMBERED, 6, saw="get_"),
    Wrong(
        "unasked-run",
        _ALL.replace("    results = []\n", "    results = []\n    _try_all(registry)\n")
        + "\ndef _try_all(registry):\n"
        "    for name in [*registry][1:]:\n"
        "        try:\n            registry[name]()\n"
        "        except Exception:\n            continue\n",
        6,
    ),
    Wrong("mutated", _ALL.replace("(**block.input)", "(**block.input); block.input.clear()"), 6),
    Wrong("mutated", _ALL.replace(_RETURN, "    registry.clear()\n    return results\n"), 6),
    Wrong(
        "other-input",
        _ALL.replace("**block.input", "**{k: v for k, v in block.input.items() if v}"),
        5,
    ),
    Wrong(
        "other-input",
        _ALL.replace("**block.input", "**{k: str(v) for k, v in block.input.items()}"),
        5,
    ),
    Wrong("refused", _ALL.replace('"tool_use_id"', '"name": block.name, "tool_use_id"'), 3),
    Wrong(
        "more-in-result",
        _ALL.replace('"tool_use_id"', '"cache_control": {"type": "ephemeral"}, "tool_use_id"'),
        3,
    ),
    Wrong("some-not-run", _ALL.replace("in blocks:", "in blocks[:20]:"), 3),
    Wrong(
        "value-lost",
        _ALL.replace(_TEXT, f"({_TEXT})[:2000]"),
        6,
    ),
    Wrong(
        "success-as-error",
        _ALL.replace(
            '            result["content"] = value',
            '            result["is_error"] = isinstance(value, dict) and "error" in value\n'
            '            result["content"] = value',
        ),
        6,
    ),
    Wrong("crash", "def execute_all(blocks, registry):\n    return 1 / 0", 0, "Crashed"),
)

PROOF = Proof("execute_all", wrong=_WRONG, right=RIGHT)
