"""The proof of `execute_all`."""

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
_WORDS = 'f"{type(error).__name__}: {error}"'

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

_WRONG = (
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
        1,
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
    Wrong("reordered", _ERRORS_LAST, 4),
    Wrong("reordered", _ALL.replace(_RETURN, "    return results[::-1]\n"), 1),
    Wrong("not-text", _ALL.replace(_TEXT, "value"), 3),
    Wrong("python-repr", _ALL.replace(_TEXT, "str(value)"), 6),
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
        5,
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
        5,
        "Crashed",
    ),
    Wrong("refused", _ALL.replace('"tool_use_id"', '"name": block.name, "tool_use_id"'), 3),
    Wrong("crash", "def execute_all(blocks, registry):\n    return 1 / 0", 0, "Crashed"),
)

_RIGHT = {
    "a function for one call, in threads": """
from concurrent.futures import ThreadPoolExecutor

def attempt(call, registry):
    answer = dict(type="tool_result", tool_use_id=call.id)
    function = registry.get(call.name)
    if function is None:
        return answer | dict(content=f"Error: Tool '{call.name}' not found", is_error=True)
    try:
        value = function(**call.input)
        return answer | dict(content=value if type(value) is str else json.dumps(value))
    except Exception as error:
        return answer | dict(content=f"{error!r}", is_error=True)

def execute_all(blocks, registry):
    calls = [block for block in blocks if block.type == "tool_use"]
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda call: attempt(call, registry), calls))
""",
    "text blocks as content, a default for JSON, and is_error always": """
import traceback

def execute_all(blocks, registry):
    print("running", len(blocks))
    return [answer(block, registry) for block in blocks if type(block).__name__ == "ToolUseBlock"]

def answer(block, registry):
    failed = False
    try:
        said = registry[block.name](**block.input)
    except BaseException:
        said, failed = traceback.format_exc(), True
    if not isinstance(said, str):
        said = json.dumps(said, default=str, ensure_ascii=False)
    content = [{"type": "text", "text": said}]
    return {"type": "tool_result", "tool_use_id": block.id, "content": content, "is_error": failed}
""",
    "by recursion, over dicts, as a tuple": """
def execute_all(blocks, registry):
    if not blocks:
        return ()
    first, rest = blocks[0].to_dict(), execute_all(blocks[1:], registry)
    if first["type"] != "tool_use":
        return rest
    said = {"tool_use_id": first["id"], "type": "tool_result"}
    try:
        value = registry[first["name"]](**first["input"])
        if not isinstance(value, str):
            value = json.dumps(value, indent=1)
        said["content"] = value
    except Exception as error:
        said.update(content=": ".join((type(error).__name__, *map(str, error.args))))
        said.update(is_error=True)
    return (said, *rest)
""",
}

PROOF = Proof("execute_all", wrong=_WRONG, right=_RIGHT)
