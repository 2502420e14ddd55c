"""The proof of `tool_result`."""

from tests.exercises.proof import Proof, Wrong

_RESULT = """
def tool_result(block, value, *, is_error=False):
    text = value if isinstance(value, str) else json.dumps(value)
    result = {"type": "tool_result", "tool_use_id": block.id, "content": text}
    if is_error:
        result["is_error"] = True
    return result
"""
_TEXT = "value if isinstance(value, str) else json.dumps(value)"
_LAST = "return result"


def _first(lines: str) -> str:
    """Return the function with other lines at its beginning."""
    return _RESULT.replace("    text = ", f"    {lines}\n    text = ")


_OF_DICTS = "isinstance(value, list) and value and isinstance(value[0], dict)"

_WRONG = (
    Wrong("call-id", _RESULT.replace("block.id", "block.tool_call_id"), 0, "Crashed"),
    Wrong("call-id", _RESULT.replace("block.id", "block.tool_use_id"), 0, "Crashed"),
    Wrong("function-in-block", _RESULT.replace("block.id", "block.function.id"), 0, "Crashed"),
    Wrong("block-as-dict", _RESULT.replace("block.id", 'block["id"]'), 0, "Crashed"),
    Wrong(
        "role-tool",
        "def tool_result(block, value, *, is_error=False):\n"
        "    return {'role': 'tool', 'tool_call_id': block.id, 'content': json.dumps(value)}",
    ),
    Wrong(
        "role-tool",
        _RESULT.replace(_LAST, "return {'role': 'tool', 'content': [result]}"),
    ),
    Wrong(
        "whole-message",
        _RESULT.replace(_LAST, "return {'role': 'user', 'content': [result]}"),
    ),
    Wrong("not-a-dict", _RESULT.replace(_LAST, "return [result]")),
    Wrong("not-a-dict", _RESULT.replace(_LAST, "print(result)")),
    Wrong("not-a-dict", _RESULT.replace(_LAST, "return text")),
    Wrong("other-type", _RESULT.replace('"type": "tool_result", ', "")),
    Wrong("other-type", _RESULT.replace('"tool_result"', '"tool_use"')),
    Wrong("other-type", _RESULT.replace('"tool_result"', '"function_call_output"')),
    Wrong("tool-call-id", _RESULT.replace('"tool_use_id"', '"tool_call_id"'), 4),
    Wrong("tool-call-id", _RESULT.replace('"tool_use_id"', '"id"'), 3),
    Wrong("other-id", _RESULT.replace("block.id", "block.name"), 4),
    Wrong("other-id", _RESULT.replace("block.id", '"toolu_01"'), 4),
    Wrong("not-text", _RESULT.replace(_TEXT, "value"), 4),
    Wrong(
        "not-text",
        _RESULT.replace(_TEXT, "value if isinstance(value, str) else [value]"),
        4,
    ),
    Wrong("not-text", _RESULT.replace(_TEXT, "{'text': value}"), 3),
    Wrong("python-repr", _RESULT.replace("json.dumps(value)", "str(value)"), 4),
    Wrong("python-repr", _RESULT.replace(_TEXT, "f'{value}'"), 4),
    Wrong("text-quoted", _RESULT.replace(_TEXT, "json.dumps(value)"), 4),
    Wrong("value-lost", _RESULT.replace(', "content": text', ""), 3),
    Wrong("value-lost", _RESULT.replace('"content": text', '"content": "ok"'), 3),
    Wrong("value-lost", _RESULT.replace(_TEXT, "repr(value)"), 3),
    Wrong("value-lost", _RESULT.replace("json.dumps(value)", "''"), 4),
    Wrong("error-unmarked", _RESULT.replace('result["is_error"] = True', "pass"), 4),
    Wrong(
        "error-unmarked",
        _RESULT.replace('result["is_error"] = True', 'result["is_error"] = "true"'),
        3,
    ),
    Wrong(
        "error-unmarked",
        _RESULT.replace('result["is_error"] = True', 'text = "Error: " + text'),
        4,
    ),
    *(
        Wrong("always-error", _RESULT.replace("if is_error:", f"if is_error or {seen}:"), 4)
        for seen in (
            "isinstance(value, dict) and value.get('error')",
            "isinstance(value, dict) and value.get('is_error')",
            "text.startswith('Error')",
            "'error' in text.lower()",
        )
    ),
    *(
        Wrong(diagnosis, _RESULT.replace(_TEXT, f"value if {is_raw} else {_TEXT}"), 4)
        for diagnosis, is_raw in (
            (
                "not-text",
                f"{_OF_DICTS} and 'type' in value[0]",
            ),
            (
                "value-lost",
                f"{_OF_DICTS} and value[0].get('type') == 'text'",
            ),
        )
    ),
    Wrong("always-error", _RESULT.replace("if is_error:", "if 1:"), 4),
    Wrong("always-error", _RESULT.replace("if is_error:", "if not is_error:"), 4),
    Wrong("refused", _RESULT.replace(_LAST, "return {**result, 'name': block.name}"), 4),
    Wrong(
        "refused",
        _RESULT.replace('"tool_use_id": block.id', '"tool_use_id": block.id, "role": None'),
        4,
    ),
    Wrong("value-stops", _RESULT.replace("json.dumps", "json.dump"), 3, "Crashed"),
    # What works for some values only; each of the first four has had full marks.
    Wrong(
        "python-repr",
        _RESULT.replace(
            _TEXT, "json.dumps(value) if isinstance(value, (dict, list)) else str(value)"
        ),
        4,
        saw="→ ",
    ),
    Wrong("value-lost", _RESULT.replace(_TEXT, f"({_TEXT}) if value else ''"), 4),
    Wrong("value-lost", _first("value = value or 'no result'"), 3),
    Wrong(
        "value-stops",
        _RESULT.replace(
            "    text", "    if not value:\n        raise ValueError('none')\n    text"
        ),
        2,
        "Crashed",
        saw="→ ValueError: none",
    ),
    Wrong("value-lost", _RESULT.replace(_TEXT, f"({_TEXT})[:2000]"), 4),
    Wrong("value-lost", _RESULT.replace(_TEXT, f"({_TEXT}).strip()"), 4),
    Wrong("value-lost", _RESULT.replace(_TEXT, f"({_TEXT}).encode('ascii', 'ignore').decode()"), 4),
    Wrong(
        "not-text", _RESULT.replace("isinstance(value, str)", "isinstance(value, (str, int))"), 4
    ),
    Wrong(
        "value-lost",
        _first("try:\n        value = json.loads(value)\n    except (TypeError, ValueError): pass"),
        4,
    ),
    Wrong(
        "always-error",
        _RESULT.replace("*, is_error=False", "**options").replace(
            "if is_error:", "if 'is_error' in options:"
        ),
        4,
    ),
    Wrong("error-unmarked", _RESULT.replace("if is_error:", "if is_error and value:"), 4),
    Wrong(
        "mutated",
        _RESULT.replace(
            _LAST,
            "if isinstance(value, list):\n        value.sort(key=str)\n    return result",
        ),
        4,
        saw="[0]: ",
    ),
    Wrong("value-lost", _first("if isinstance(value, list):\n        value.sort(key=str)"), 4),
    Wrong(
        "more-in-result",
        _RESULT.replace(_LAST, "return {**result, 'cache_control': {'type': 'ephemeral'}}"),
        4,
    ),
    Wrong(
        "value-lost",
        _first("if isinstance(value, list):\n        value = [v for v in value if v is not None]"),
        4,
    ),
    Wrong(
        "always-error",
        _RESULT.replace("if is_error:", "if is_error or text.startswith('Error'):"),
        4,
    ),
    Wrong("always-error", _RESULT.replace("if is_error:", "if is_error or 'error' in text:"), 4),
    Wrong(
        "mutated",
        _RESULT.replace(_LAST, "getattr(value, 'clear', str)()\n    return result"),
        4,
        saw="→ nothing",
    ),
    Wrong(
        "crash", "def tool_result(block, value, *, is_error=False):\n    return {}[0]", 0, "Crashed"
    ),
)

_RIGHT = {
    "one dict, with is_error always": """
def tool_result(block, value, *, is_error=False):
    if not isinstance(value, str):
        value = json.dumps(value, ensure_ascii=False, indent=2)
    return {"content": value, "is_error": is_error, "type": "tool_result", "tool_use_id": block.id}
""",
    "the SDK's types, and blocks": """
from anthropic.types import TextBlockParam, ToolResultBlockParam

def written(value):
    return value if type(value) is str else json.dumps(value, sort_keys=True)

def tool_result(block, value, *, is_error=False):
    print(block.name, "answered")
    text = TextBlockParam(type="text", text=written(value))
    result = ToolResultBlockParam(type="tool_result", tool_use_id=block.id, content=[text])
    if is_error:
        result.update(is_error=True)
    return result
""",
    "by match, from a dict": """
def tool_result(block, value, *, is_error=False):
    match value:
        case str():
            text = value
        case _:
            text = json.JSONEncoder().encode(value)
    mark = {"is_error": True} if is_error else {}
    return dict(type="tool_result", tool_use_id=block.to_dict()["id"], content=text, **mark)
""",
}

_RIGHT |= {
    "a function for each type": """
from functools import singledispatch

@singledispatch
def written(value):
    return json.dumps(value, default=str, separators=(",", ":"))

@written.register
def _(value: str):
    return value

def tool_result(block, value, *, is_error=False):
    result = {"type": "tool_result", "tool_use_id": block.id, "content": written(value)}
    return result | {"is_error": bool(is_error)}
""",
    "words for an error without any, and no content for no words": """
def tool_result(block, value, *, is_error=False):
    text = value
    if not isinstance(text, str):
        try:
            text = json.dumps(value)
        except TypeError:
            text, is_error = repr(value), True
    result = {"type": "tool_result", "tool_use_id": block.id}
    if text or is_error:
        result["content"] = text or "unknown error"
    if is_error:
        result["is_error"] = True
    return result
""",
}

PROOF = Proof("tool_result", wrong=_WRONG, right=_RIGHT)
