"""The proof of `to_anthropic_tool`."""

from tests.exercises.proof import Proof, Wrong

_CONVERT = """
def to_anthropic_tool(openai_tool):
    function = openai_tool["function"]
    nothing = {"type": "object", "properties": {}}
    tool = {"name": function["name"], "input_schema": function.get("parameters", nothing)}
    for key in ("description", "strict"):
        if key in function:
            tool[key] = function[key]
    return tool
"""
_SCHEMA = '"input_schema": function.get("parameters", nothing)'
_LOOP = 'for key in ("description", "strict"):'

_WRONG = (
    Wrong("not-a-dict", _CONVERT.replace("return tool", "return [tool]")),
    Wrong("not-a-dict", _CONVERT.replace("return tool", "print(tool)")),
    Wrong("not-a-dict", "import json\n" + _CONVERT.replace("n tool", "n json.dumps(tool)")),
    Wrong("wrapper-kept", "def to_anthropic_tool(openai_tool):\n    return openai_tool"),
    Wrong(
        "wrapper-kept",
        "def to_anthropic_tool(openai_tool):\n"
        "    return {'type': 'function', 'name': openai_tool['function']['name'],\n"
        "            'input_schema': openai_tool['function']['parameters']}",
    ),
    Wrong(
        "wrapper-kept",
        "def to_anthropic_tool(openai_tool):\n"
        "    tool = {**openai_tool}\n"
        "    tool['function'] = dict(tool['function'])\n"
        "    tool['function']['input_schema'] = tool['function'].pop('parameters')\n"
        "    return tool",
    ),
    Wrong(
        "old-schema-name",
        "def to_anthropic_tool(openai_tool):\n    return dict(openai_tool['function'])",
        2,
    ),
    Wrong(
        "no-parameters",
        _CONVERT.replace('.get("parameters", nothing)', '["parameters"]'),
        1,
        "Crashed",
    ),
    Wrong(
        "no-parameters",
        _CONVERT.replace('("parameters", nothing)', '("parameters")'),
        2,
    ),
    Wrong("no-parameters", _CONVERT.replace("nothing)", "{})"), 2),
    Wrong(
        "no-parameters",
        _CONVERT.replace(
            _SCHEMA, '**{"input_schema": function[key] for key in function if key == "parameters"}'
        ),
        2,
    ),
    Wrong("optional-expected", _CONVERT.replace("if key in function", "if 1"), 0, "Crashed"),
    Wrong("name-lost", _CONVERT.replace('"name": function["name"], ', ""), 2),
    Wrong("name-lost", _CONVERT.replace('function["name"]', '"get_customer"'), 3),
    Wrong(
        "schema-changed",
        _CONVERT.replace('get("parameters", nothing)', 'get("parameters", nothing)["properties"]'),
        2,
    ),
    Wrong(
        "schema-changed",
        "import json\n"
        + _CONVERT.replace(_SCHEMA, '"input_schema": json.dumps(function.get("parameters", 1))'),
        2,
    ),
    Wrong(
        "schema-changed",
        _CONVERT.replace("return tool", 'tool["input_schema"] = nothing\n    return tool'),
        2,
    ),
    Wrong("description-lost", _CONVERT.replace('"description", ', ""), 3),
    Wrong("strict-lost", _CONVERT.replace('("description", "strict")', '["description"]'), 3),
    Wrong(
        "made-up",
        _CONVERT.replace("if key in function:", "if 1:").replace(
            "= function[key]", "= function.get(key)"
        ),
        2,
    ),
    Wrong("made-up", _CONVERT.replace("return tool", 'return {"strict": True, **tool}'), 2),
    Wrong(
        "made-up",
        _CONVERT.replace("return tool", 'return {"description": tool["name"], **tool}'),
        3,
    ),
    Wrong(
        "refused",
        _CONVERT.replace("return tool", "return {**tool, **openai_tool['function']}"),
        3,
    ),
    Wrong(
        "refused",
        _CONVERT.replace("return tool", 'return {**tool, "kind": "function"}'),
        3,
    ),
    Wrong(
        "mutated",
        "def to_anthropic_tool(openai_tool):\n"
        "    tool = openai_tool['function']\n"
        "    tool['input_schema'] = tool.pop('parameters', {'type': 'object', 'properties': {}})\n"
        "    return tool",
        3,
    ),
    Wrong("dict-as-object", _CONVERT.replace('["function"]', ".function"), 0, "Crashed"),
    Wrong("dict-as-object", _CONVERT.replace('function["name"]', "function.name"), 0, "Crashed"),
    # The shape of the Responses API.
    Wrong(
        "flat-expected", _CONVERT.replace('openai_tool["function"]', "openai_tool"), 0, "Crashed"
    ),
    Wrong(
        "flat-expected",
        _CONVERT.replace('function.get("parameters", nothing)', 'openai_tool["parameters"]'),
        0,
        "Crashed",
    ),
    Wrong(
        "no-parameters",
        _CONVERT.replace('.get("parameters", nothing)', '["parameters"]'),
        1,
        "Crashed",
        saw="KeyError: 'parameters'",
    ),
    # What works for some tools only.
    Wrong(
        "strict-lost",
        _CONVERT.replace("return tool", "tool['strict'] = 'strict' in function\n    return tool"),
        2,
        saw="False → True",
    ),
    Wrong(
        "made-up",
        _CONVERT.replace("return tool", 'return tool | {"cache_control": {"type": "ephemeral"}}'),
        3,
    ),
    Wrong(
        "schema-changed",
        _CONVERT.replace(
            "return tool",
            'schema = tool["input_schema"]\n'
            '    keys = ("type", "properties", "required")\n'
            '    tool["input_schema"] = {key: schema[key] for key in keys if key in schema}\n'
            "    return tool",
        ),
        2,
        saw="additionalProperties: False → None",
    ),
    Wrong(
        "schema-changed",
        "import json\n"
        + _CONVERT.replace(
            'openai_tool["function"]',
            'json.loads(json.dumps(openai_tool).replace(\'"parameters": {"t\', \'"p": {"t\'))'
            '["function"]',
        )
        .replace('"parameters"', '"p"')
        .replace('"p": {"t', '"parameters": {"t', 1),
        3,
    ),
    Wrong("description-lost", _CONVERT.replace("= function[key]", "= str(function[key])[:99]"), 2),
    Wrong("name-lost", _CONVERT.replace('function["name"]', 'function["name"].lower()'), 3),
    Wrong("name-lost", _CONVERT.replace('function["name"]', 'function["name"][:32]'), 3),
    Wrong(
        "schema-changed",
        _CONVERT.replace("nothing)", 'nothing) | {"additionalProperties": True}'),
        2,
    ),
    Wrong(
        "mutated",
        _CONVERT.replace("return tool", 'function.setdefault("strict", False)\n    return tool'),
        3,
    ),
    Wrong("crash", _CONVERT.replace('["function"]', '["tool"]'), 0, "Crashed"),
)

_RIGHT = {
    "one dict, taken apart": """
def to_anthropic_tool(openai_tool):
    function = dict(openai_tool["function"])
    schema = function.pop("parameters", None) or {"type": "object"}
    return {**function, "input_schema": schema}
""",
    "by match, with a type of its own": """
def to_anthropic_tool(openai_tool):
    match openai_tool:
        case {"type": "function", "function": {"name": str(name), **rest}}:
            schema = rest.pop("parameters", {"type": "object", "properties": {}, "required": []})
            print("converted", name)
            return dict(rest, name=name, input_schema=schema, type="custom")
""",
    "the SDK's types": """
import copy
from anthropic.types import ToolParam

def to_anthropic_tool(openai_tool):
    old = copy.deepcopy(openai_tool["function"])
    tool = ToolParam(name=old["name"], input_schema={"type": "object", "properties": {}})
    if "parameters" in old:
        tool["input_schema"] = old["parameters"]
    if old.get("description"):
        tool["description"] = old["description"]
    if old.get("strict"):
        tool["strict"] = True
    return tool
""",
    "empty words for what is absent": """
KEYS = {"name": "name", "description": "description", "parameters": "input_schema"}

def to_anthropic_tool(openai_tool):
    function = {"description": "", "parameters": {"type": "object", "additionalProperties": False}}
    function |= openai_tool["function"]
    tool = {KEYS[key]: function[key] for key in KEYS}
    return {**tool, "strict": function.get("strict", False)}
""",
}

_RIGHT |= {
    "a closed schema for no parameters": """
def to_anthropic_tool(openai_tool):
    function = openai_tool.get("function", {})
    optional = {key: function[key] for key in ("description", "strict") if function.get(key)}
    closed = {"type": "object", "properties": {}, "additionalProperties": False}
    schema = function["parameters"] if "parameters" in function else closed
    return {"name": function["name"], **optional, "input_schema": schema}
""",
    "renamed by a loop": """
def to_anthropic_tool(openai_tool):
    tool = {}
    for key, value in openai_tool["function"].items():
        tool["input_schema" if key == "parameters" else key] = value
    tool.setdefault("input_schema", {"type": "object", "properties": {}})
    return tool
""",
}

PROOF = Proof("to_anthropic_tool", wrong=_WRONG, right=_RIGHT)
