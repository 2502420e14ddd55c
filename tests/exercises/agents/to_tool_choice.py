"""The proof of `to_tool_choice`."""

from tests.exercises.proof import Proof, Wrong

_CHOICE = """
def to_tool_choice(openai_choice, parallel):
    if openai_choice in (None, "auto"):
        choice = {"type": "auto"}
    elif openai_choice == "required":
        choice = {"type": "any"}
    elif openai_choice == "none":
        choice = {"type": "none"}
    elif isinstance(openai_choice, dict) and openai_choice["type"] == "function":
        choice = {"type": "tool", "name": (openai_choice.get("function") or openai_choice)["name"]}
    else:
        raise ValueError(openai_choice)
    if not parallel and choice["type"] != "none":
        choice["disable_parallel_tool_use"] = True
    return choice
"""
_NAME = '(openai_choice.get("function") or openai_choice)["name"]'
_SWITCH = 'choice["disable_parallel_tool_use"]'
_TOOL = f'{{"type": "tool", "name": {_NAME}}}'
_RETURN = "    return choice\n"
_WORDS = """
WORDS = {"auto": "auto", "required": "any", "none": "none"}

def to_tool_choice(openai_choice, parallel):
    if isinstance(openai_choice, str):
        choice = {"type": WORDS[openai_choice]}
    else:
        choice = {"type": "tool", "name": openai_choice.get("function", openai_choice)["name"]}
    if not parallel and openai_choice != "none":
        choice["disable_parallel_tool_use"] = True
    return choice
"""

_LOWERED = """    if isinstance(openai_choice, str):
        openai_choice = openai_choice.lower()
"""

_WRONG = (
    Wrong("printed", _CHOICE.replace(_RETURN, "    print(choice)\n"), 1),
    Wrong("string-kept", "def to_tool_choice(openai_choice, parallel):\n    return openai_choice"),
    Wrong("string-kept", _CHOICE.replace(_RETURN, "    return choice['type']\n"), 1),
    Wrong("none-is-auto", _WORDS, 4, "Crashed"),
    Wrong("none-is-auto", _CHOICE.replace('in (None, "auto")', '== "auto"'), 5, "Crashed"),
    Wrong(
        "none-is-auto",
        _CHOICE.replace(
            '    if openai_choice in (None, "auto")',
            '    if openai_choice is None:\n        return None\n    if openai_choice == "auto"',
        ),
        5,
    ),
    Wrong("not-a-dict", _CHOICE.replace(_RETURN, "    return [choice]\n"), 1),
    Wrong("not-a-dict", _CHOICE.replace(_RETURN, ""), 1),
    Wrong("required-kept", _CHOICE.replace('"any"', '"required"'), 5),
    Wrong("function-type-kept", _CHOICE.replace(_TOOL, "dict(openai_choice)"), 5),
    Wrong("function-type-kept", _CHOICE.replace('"tool"', '"function"'), 5),
    Wrong(
        "name-misplaced",
        _CHOICE.replace(_TOOL, '{"type": "tool", "function": openai_choice["function"]}'),
        5,
    ),
    Wrong(
        "name-misplaced", _CHOICE.replace(_NAME, 'openai_choice.get("function", openai_choice)'), 5
    ),
    Wrong("name-misplaced", _CHOICE.replace(_TOOL, '{"type": "tool"}'), 5),
    Wrong("other-choice", _CHOICE.replace('"any"', '"auto"'), 5),
    Wrong("other-choice", _CHOICE.replace('{"type": "none"}', '{"type": "auto"}'), 5),
    Wrong("other-choice", _CHOICE.replace(_TOOL, '{"type": "any"}'), 5),
    Wrong("parallel-on-none", _CHOICE.replace(' and choice["type"] != "none"', ""), 4),
    Wrong(
        "parallel-on-none",
        _CHOICE.replace(
            _RETURN, "    choice.setdefault('disable_parallel_tool_use', False)\n" + _RETURN
        ),
        4,
    ),
    Wrong("parallel-inverted", _CHOICE.replace("if not parallel", "if parallel"), 5),
    Wrong(
        "parallel-inverted",
        _CHOICE.replace("if not parallel and", "if").replace("] = True", "] = parallel"),
        5,
    ),
    Wrong("parallel-lost", _CHOICE.replace(f"{_SWITCH} = True", "pass"), 5),
    Wrong("parallel-lost", _CHOICE.replace("] = True", "] = None"), 5),
    Wrong("switch-as-text", _CHOICE.replace("] = True", '] = "true"'), 5),
    Wrong(
        "refused",
        _CHOICE.replace('"disable_parallel_tool_use"', '"parallel_tool_calls"'),
        2,
    ),
    Wrong(
        "refused",
        _CHOICE.replace('{"type": "any"}', '{"type": "any", "mode": "required"}'),
        5,
    ),
    Wrong(
        "unknown-passed",
        _CHOICE.replace("raise ValueError(openai_choice)", "return openai_choice"),
        5,
    ),
    Wrong(
        "unknown-passed",
        _CHOICE.replace("raise ValueError(openai_choice)", 'choice = {"type": "auto"}'),
        5,
    ),
    *(
        Wrong("unknown-passed", _CHOICE.replace(*changed), 5)
        for changed in (
            ('== "required"', 'in ("required", "any")'),
            ("    if openai", f"{_LOWERED}    if openai"),
        )
    ),
    Wrong(
        "unknown-passed",
        _CHOICE.replace(' and openai_choice["type"] == "function"', ""),
        5,
    ),
    Wrong("unknown-other-error", _CHOICE.replace("ValueError", "KeyError"), 5),
    Wrong(
        "mutated",
        _CHOICE.replace(_TOOL, '{"type": "tool", **openai_choice.pop("function")}'),
        5,
    ),
    Wrong("dict-as-object", _CHOICE.replace(_NAME, "openai_choice.function.name"), 5, "Crashed"),
    # The shape of the Responses API.
    Wrong("top-expected", _CHOICE.replace(_NAME, 'openai_choice["name"]'), 5, "Crashed"),
    # The shape of Chat Completions.
    Wrong(
        "nested-expected", _CHOICE.replace(_NAME, 'openai_choice["function"]["name"]'), 5, "Crashed"
    ),
    Wrong(
        "name-misplaced",
        _CHOICE.replace(_NAME, 'openai_choice.get("function", {}).get("name")'),
        5,
        saw="None",
    ),
    Wrong(
        "unknown-passed",
        _CHOICE.replace(
            'openai_choice["type"] == "function"', '{"name", "function"} & {*openai_choice}'
        ),
        5,
        saw="'tool'",
    ),
    # What works for some choices only, or the first time only.
    Wrong(
        "left-over",
        """
TABLE = {None: {"type": "auto"}, "auto": {"type": "auto"}, "required": {"type": "any"},
         "none": {"type": "none"}}

def to_tool_choice(openai_choice, parallel):
    if isinstance(openai_choice, dict) and openai_choice["type"] == "function":
        function = openai_choice.get("function", openai_choice)
        choice = {"type": "tool", "name": function["name"]}
    elif isinstance(openai_choice, dict) or openai_choice not in TABLE:
        raise ValueError(openai_choice)
    else:
        choice = TABLE[openai_choice]
    if not parallel and choice["type"] != "none":
        choice["disable_parallel_tool_use"] = True
    return choice
""",
        5,
        saw="parallel=True",
    ),
    Wrong(
        "unknown-passed",
        _CHOICE.replace('in (None, "auto")', 'is None or "auto" in openai_choice'),
        5,
        saw="auto_",
    ),
    Wrong(
        "unknown-passed",
        _CHOICE.replace(' and openai_choice["type"] == "function"', "").replace(
            _NAME, '(openai_choice.get(openai_choice["type"]) or openai_choice).get("name")'
        ),
        5,
        saw="'tool'",
    ),
    Wrong(
        "other-choice",
        _CHOICE.replace('openai_choice == "none"', '"none" in str(openai_choice)'),
        3,
    ),
    Wrong(
        "unknown-passed",
        _CHOICE.replace("raise ValueError(openai_choice)", "return {'type': 'auto'}"),
        5,
    ),
    Wrong(
        "unknown-passed",
        _CHOICE.replace('openai_choice == "required"', 'str(openai_choice).endswith("required")'),
        5,
        saw="1_required",
    ),
    Wrong(
        "mutated",
        _CHOICE.replace("    else:", "    else:\n        getattr(openai_choice, 'clear', str)()"),
        5,
        saw="{}",
    ),
    Wrong("other-choice", _CHOICE.replace('"type": "none"', '"type": "auto"'), 5),
    *(
        Wrong("unknown-passed", _CHOICE.replace(*changed), 5, saw=f"{part} → ")
        for changed, part in (
            (('in (None, "auto")', 'is None or str(openai_choice) in "auto"'), "uto"),
            (('openai_choice == "required"', 'str(openai_choice) in "required"'), "require"),
            (('openai_choice == "none"', 'str(openai_choice) in "none"'), "one"),
            (('in (None, "auto")', 'in (None, "auto", "None")'), "None"),
        )
    ),
    *(
        Wrong("other-name", _CHOICE.replace(_NAME, name), 5)
        for name in (f"{_NAME}.lower()", f"{_NAME}.replace('-', '_')", '"get_weather"')
    ),
    Wrong("none-lost", _CHOICE.replace('choice = {"type": "none"}', "return None"), 5),
    Wrong("crash", "def to_tool_choice(openai_choice):\n    return {}", 0, "Crashed"),
)

_RIGHT = {
    "match": """
def to_tool_choice(openai_choice, parallel):
    switch = {} if parallel else {"disable_parallel_tool_use": True}
    match openai_choice:
        case None | "auto":
            return {"type": "auto", **switch}
        case "required":
            return {"type": "any", **switch}
        case "none":
            return {"type": "none"}
        case {"type": "function", "function": {"name": str(name)}} | {
            "type": "function", "name": str(name)
        }:
            return {"type": "tool", "name": name, **switch}
    raise ValueError(f"tool_choice {openai_choice!r}")
""",
    "a table, and the switch in every case": """
WORDS = dict(auto="auto", required="any", none="none")

class NoCounterpart(ValueError):
    pass

def to_tool_choice(openai_choice, parallel=True):
    if isinstance(openai_choice, dict):
        if openai_choice.get("type") != "function":
            raise NoCounterpart(openai_choice)
        name = openai_choice["name" if "name" in openai_choice else "function"]
        choice = dict(type="tool", name=name if isinstance(name, str) else name["name"])
    else:
        word = WORDS.get(openai_choice or "auto")
        if word is None:
            raise NoCounterpart(openai_choice)
        choice = dict(type=word)
    if choice["type"] != "none":
        choice["disable_parallel_tool_use"] = not parallel
    return choice
""",
    "the SDK's own types": """
from anthropic.types import ToolChoiceAnyParam, ToolChoiceAutoParam, ToolChoiceNoneParam
from anthropic.types import ToolChoiceToolParam

def to_tool_choice(openai_choice, parallel):
    print("choice", openai_choice)
    if openai_choice == "none":
        return ToolChoiceNoneParam(type="none")
    if openai_choice is None or openai_choice == "auto":
        found = ToolChoiceAutoParam(type="auto")
    elif openai_choice == "required":
        found = ToolChoiceAnyParam(type="any")
    else:
        try:
            assert openai_choice["type"] == "function"
            name = {**openai_choice, **openai_choice.get("function", {})}["name"]
        except (AssertionError, KeyError, TypeError) as error:
            raise ValueError("no counterpart") from error
        found = ToolChoiceToolParam(type="tool", name=name)
    return found if parallel else {**found, "disable_parallel_tool_use": True}
""",
}

PROOF = Proof("to_tool_choice", wrong=_WRONG, right=_RIGHT)
