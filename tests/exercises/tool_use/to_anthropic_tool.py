"""The proof of `to_anthropic_tool`."""

from tests.exercises.proof import Proof, Wrong

_CONVERT = """
def to_anthropic_tool(openai_tool):
    function = openai_tool.get("function", openai_tool)
    nothing = {"type": "object", "properties": {}}
    schema = function.get("parameters") or nothing
    tool = {"name": function["name"], "input_schema": schema}
    for key in ("description", "strict"):
        if function.get(key) is not None:
            tool[key] = function[key]
    return tool
"""
_SCHEMA = '"input_schema": schema'
_FUNCTION = 'openai_tool.get("function", openai_tool)'
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
        1,
    ),
    Wrong(
        "no-parameters",
        _CONVERT.replace('.get("parameters") or nothing', '["parameters"]'),
        1,
        "Crashed",
    ),
    Wrong(
        "no-parameters",
        _CONVERT.replace('("parameters") or nothing', '("parameters")'),
        2,
    ),
    Wrong("no-parameters", _CONVERT.replace("or nothing", "or {}"), 2),
    Wrong(
        "no-parameters",
        _CONVERT.replace(
            _SCHEMA, '**{"input_schema": function[key] for key in function if key == "parameters"}'
        ),
        2,
    ),
    Wrong(
        "optional-expected",
        _CONVERT.replace("if function.get(key) is not None", "if 1"),
        0,
        "Crashed",
    ),
    Wrong("name-lost", _CONVERT.replace('"name": function["name"], ', ""), 2),
    Wrong("name-changed", _CONVERT.replace('function["name"]', '"get_customer"'), 3),
    Wrong(
        "schema-changed",
        _CONVERT.replace(_SCHEMA, '"input_schema": schema["properties"]'),
        1,
    ),
    Wrong(
        "schema-changed",
        "import json\n"
        + _CONVERT.replace(_SCHEMA, '"input_schema": json.dumps(function.get("parameters") or 1)'),
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
        _CONVERT.replace("if function.get(key) is not None:", "if 1:").replace(
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
        _CONVERT.replace("return tool", "return {**tool, **openai_tool['function']}").replace(
            _FUNCTION, "openai_tool['function']"
        ),
        1,
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
        1,
    ),
    Wrong("dict-as-object", _CONVERT.replace(_FUNCTION, "openai_tool.function"), 0, "Crashed"),
    Wrong("dict-as-object", _CONVERT.replace('function["name"]', "function.name"), 0, "Crashed"),
    # The shape of the Responses API.
    Wrong("flat-expected", _CONVERT.replace(_FUNCTION, "openai_tool"), 0, "Crashed"),
    Wrong(
        "flat-expected",
        _CONVERT.replace('function.get("parameters") or nothing', 'openai_tool["parameters"]'),
        0,
        "Crashed",
    ),
    Wrong(
        "no-parameters",
        _CONVERT.replace('.get("parameters")', '["parameters"]'),
        1,
        "Crashed",
        saw="For such a tool",
    ),
    # What works for some tools only.
    Wrong(
        "strict-lost",
        _CONVERT.replace("= function[key]", "= function[key] or key == 'strict'"),
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
        saw="additionalProperties: False → nothing",
    ),
    Wrong(
        "schema-changed",
        "import json\n"
        + _CONVERT.replace(
            _FUNCTION,
            f'json.loads(json.dumps({_FUNCTION}).replace(\'"parameters": {{"t\', \'"p": {{"t\'))',
        )
        .replace('"parameters"', '"p"')
        .replace('"p": {"t', '"parameters": {"t', 1),
        3,
    ),
    Wrong("strict-lost", _CONVERT.replace("= function[key]", "= str(function[key])[:99]"), 2),
    Wrong("name-changed", _CONVERT.replace('function["name"]', 'function["name"].lower()'), 3),
    Wrong("name-changed", _CONVERT.replace('function["name"]', 'function["name"][:32]'), 3),
    Wrong(
        "schema-changed",
        _CONVERT.replace(_SCHEMA, '"input_schema": schema | {"additionalProperties": True}'),
        2,
    ),
    Wrong(
        "mutated",
        _CONVERT.replace("return tool", 'function.setdefault("strict", False)\n    return tool'),
        3,
    ),
    # One of OpenAI's shapes only.
    Wrong("nested-expected", _CONVERT.replace(_FUNCTION, 'openai_tool["function"]'), 1, "Crashed"),
    Wrong(
        "name-lost",
        _CONVERT.replace(_FUNCTION, 'openai_tool.get("function", {})').replace(
            'function["name"]', 'function.get("name")'
        ),
    ),
    Wrong(
        "wrapper-kept",
        """
def to_anthropic_tool(openai_tool):
    tool = dict(openai_tool.get("function", openai_tool))
    tool["input_schema"] = tool.pop("parameters", None) or {"type": "object"}
    return {key: value for key, value in tool.items() if value is not None}
""",
        3,
        saw="'type': 'function'",
    ),
    Wrong(
        "null-kept", _CONVERT.replace("if function.get(key) is not None", "if key in function"), 2
    ),
    Wrong(
        "no-parameters",
        _CONVERT.replace('.get("parameters") or nothing', '.get("parameters", nothing)'),
        2,
        saw="None",
    ),
    Wrong("crash", _CONVERT.replace(_FUNCTION, 'openai_tool["tool"]'), 0, "Crashed"),
    # What nobody asked for; each of these has had full marks.
    Wrong(
        "made-up",
        _CONVERT.replace(
            _LOOP, f'tool["description"] = function.get("description") or ""\n    {_LOOP}'
        ),
        3,
        saw="description: ''",
    ),
    Wrong(
        "made-up",
        _CONVERT.replace("return tool", 'tool.setdefault("strict", False)\n    return tool'),
        3,
        saw="strict: False",
    ),
    Wrong(
        "schema-changed",
        _CONVERT.replace(
            "return tool",
            'if tool.get("strict"):\n'
            '        tool["input_schema"] = schema | {"additionalProperties": False}\n'
            "    return tool",
        ),
        3,
        saw="additionalProperties: nothing → False",
    ),
    Wrong(
        "schema-changed",
        _CONVERT.replace(
            _SCHEMA, '"input_schema": schema | {"required": schema.get("required", [])}'
        ),
        3,
        saw="required: nothing → []",
    ),
    Wrong(
        "schema-changed",
        _CONVERT.replace(
            "return tool",
            'if "required" in schema:\n'
            '        tool["input_schema"] = schema | {"required": sorted(schema["required"])}\n'
            "    return tool",
        ),
        3,
    ),
    Wrong("strict-lost", _CONVERT.replace("= function[key]", "= str(function[key])[:1024]"), 2),
    Wrong(
        "description-lost",
        _CONVERT.replace(
            "return tool",
            'if "description" in tool:\n'
            '        tool["description"] = tool["description"].strip()\n'
            "    return tool",
        ),
        3,
    ),
)

_RIGHT = {
    "one dict, taken apart": """
def to_anthropic_tool(openai_tool):
    function = dict(openai_tool["function"] if "function" in openai_tool else openai_tool)
    function.pop("type", None)
    schema = function.pop("parameters", None) or {"type": "object"}
    said = {key: value for key, value in function.items() if value is not None}
    return {**said, "input_schema": schema}
""",
    "by match, with a type of its own": """
def to_anthropic_tool(openai_tool):
    match openai_tool:
        case {"type": "function", "function": {**given}}:
            pass
        case {"type": "function", **given}:
            pass
    given = {key: value for key, value in given.items() if value is not None}
    schema = given.pop("parameters", {"type": "object", "properties": {}, "required": []})
    print("converted", given["name"])
    return dict(given, input_schema=schema, type="custom")
""",
    "the SDK's types": """
import copy
from anthropic.types import ToolParam

def to_anthropic_tool(openai_tool):
    old = copy.deepcopy(openai_tool)
    try:
        old = old["function"]
    except KeyError:
        pass
    tool = ToolParam(name=old["name"], input_schema={"type": "object", "properties": {}})
    if old.get("parameters") is not None:
        tool["input_schema"] = old["parameters"]
    if old.get("description"):
        tool["description"] = old["description"]
    if old.get("strict"):
        tool["strict"] = True
    return tool
""",
    "a closed schema for no parameters": """
def to_anthropic_tool(openai_tool):
    function = openai_tool.get("function") or openai_tool
    optional = {key: function[key] for key in ("description", "strict") if function.get(key)}
    closed = {"type": "object", "properties": {}, "additionalProperties": False}
    schema = function.get("parameters")
    return {
        "name": function["name"], **optional, "input_schema": closed if schema is None else schema
    }
""",
    "renamed by a loop": """
def to_anthropic_tool(openai_tool):
    tool = {}
    for key, value in openai_tool.get("function", openai_tool).items():
        if value is not None and key != "type":
            tool["input_schema" if key == "parameters" else key] = value
    tool.setdefault("input_schema", {"type": "object", "properties": {}})
    return tool
""",
}

PROOF = Proof("to_anthropic_tool", wrong=_WRONG, right=_RIGHT)
