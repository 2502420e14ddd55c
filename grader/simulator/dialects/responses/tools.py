"""Functions and output formats: from OpenAI's form, with the rules of `strict`, to the API's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.simulator.dialects.responses.faults import chosen, missing, refuse, typed
from grader.simulator.wire import Json

# openai 3.54, types/responses/tool_param.py. They run at OpenAI and are never called here.
_HOSTED = re.compile(
    r"(?:file_search|web_search|web_search_preview|computer|computer_use_preview|mcp|custom|shell"
    r"|code_interpreter|image_generation|local_shell|namespace|tool_search|apply_patch"
    r"|programmatic_tool_calling)(?:_\d{4}_\d{2}_\d{2})?"
)
_CHOICES = {"auto": "auto", "required": "any", "none": "none"}
_FORMATS = ("text", "json_object", "json_schema")
_BY_NAME = ("properties", "$defs", "definitions")
_LISTED = ("anyOf", "allOf", "oneOf")
_PLAIN = ("type", "required", "enum", "const", "$ref", "description", "title", "format", "default")
_DEEPEST = 40
_ANY_OBJECT: Json = {
    "type": "object",
    "properties": {"answer": {"type": "string"}},
    "required": ["answer"],
    "additionalProperties": False,
}


def to_tools(tools: Json) -> list[Json]:
    """Return the functions among a request's tools as the Messages API takes them."""
    found = []
    for index, entry in enumerate(tools):
        path = f"tools[{index}]"
        tool = typed(entry, path, dict)
        if "type" not in tool:
            raise missing(f"{path}.type")
        kind = typed(tool["type"], f"{path}.type", str)
        if kind == "function":
            found.append(_function(tool, path))
        elif not _HOSTED.fullmatch(kind):
            chosen(kind, f"{path}.type", ("function", "web_search", "file_search", "custom"))
    return found


def to_tool_choice(choice: Json, tools: list[Json]) -> Json:
    """Return a tool choice as the Messages API takes it, None for its default."""
    if isinstance(choice, str):
        kind = _CHOICES[chosen(choice, "tool_choice", tuple(_CHOICES))]
        return {"type": kind} if tools else None
    name = typed(choice, "tool_choice", str, dict).get("name")
    if choice.get("type") != "function":
        return None
    if name not in [tool["name"] for tool in tools]:
        raise refuse("Tool choice 'function' not found in 'tools' parameter.", "tool_choice")
    return {"type": "tool", "name": name}


def to_format(given: Json) -> Json:
    """Return an output format as the Messages API takes it, None for plain text."""
    if "type" not in typed(given, "text.format", dict):
        raise missing("text.format.type")
    kind = chosen(given["type"], "text.format.type", _FORMATS)
    if kind == "text":
        return None
    if kind == "json_object":
        return {"type": "json_schema", "schema": _ANY_OBJECT}
    for key, right in (("name", str), ("schema", dict)):
        if key not in given:
            raise missing(f"text.format.{key}")
        typed(given[key], f"text.format.{key}", right)
    if given.get("strict"):
        where = f"Invalid schema for response_format '{given['name']}'"
        _check_strict(given["schema"], where, "text.format.schema", "invalid_json_schema")
    return {"type": "json_schema", "schema": _closed(given["schema"], 0)}


def _function(tool: Json, path: str) -> Json:
    if "name" not in tool:
        raise missing(f"{path}.name")
    name = typed(tool["name"], f"{path}.name", str)
    schema = typed(tool.get("parameters"), f"{path}.parameters", dict, type(None))
    if schema is not None:
        where, param = f"Invalid schema for function '{name}'", f"{path}.parameters"
        kind = schema.get("type")
        if kind != "object":
            raise refuse(
                f"{where}: schema must be a JSON Schema of 'type: \"object\"', got 'type: "
                f'"{kind}"\'.',
                param,
                "invalid_function_parameters",
            )
        if tool.get("strict") is True:
            _check_strict(schema, where, param, "invalid_function_parameters")
    converted = {"name": name, "input_schema": schema or {"type": "object", "properties": {}}}
    if typed(tool.get("description"), f"{path}.description", str, type(None)):
        converted["description"] = tool["description"]
    return converted


def _check_strict(schema: Json, where: str, param: str, code: str) -> None:
    """Refuse a strict schema with an object left open, or a property that may be left out."""
    for part, path in _objects(schema):
        context = f"{where}: In context={path!r}, "
        if part.get("additionalProperties") is not False:
            message = "'additionalProperties' is required to be supplied and to be false."
            raise refuse(context + message, param, code)
        required = part.get("required")
        names = required if isinstance(required, list) else []
        absent = [name for name in part.get("properties") or {} if name not in names]
        if absent:
            message = (
                "'required' is required to be supplied and to be an array including every key in "
                f"properties. Missing '{absent[0]}'."
            )
            raise refuse(context + message, param, code)


def _objects(schema: Json) -> Iterator[tuple[dict[str, Json], tuple[str, ...]]]:
    """Yield each object in a schema with its path; a loop, as schemas may be deep."""
    waiting: list[tuple[Json, tuple[str, ...]]] = [(schema, ())]
    while waiting:
        part, path = waiting.pop(0)
        if not isinstance(part, dict):
            continue
        if part.get("type") == "object" and isinstance(part.get("properties", {}), dict):
            yield part, path
        for key in _BY_NAME:
            if isinstance(part.get(key), dict):
                waiting += [(inner, (*path, key, name)) for name, inner in part[key].items()]
        for key in _LISTED:
            if isinstance(part.get(key), list):
                waiting += [(inner, (*path, key, str(n))) for n, inner in enumerate(part[key])]
        waiting.append((part.get("items"), (*path, "items")))


def _closed(schema: Json, depth: int) -> Json:
    """Return a schema with what both APIs take of it: OpenAI's has more keywords."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return {}
    kept = {key: schema[key] for key in _PLAIN if key in schema}
    for key in _BY_NAME:
        if isinstance(schema.get(key), dict):
            inner = schema[key].items()
            kept[key] = {name: _closed(part, depth + 1) for name, part in inner}
    for key in _LISTED:
        if isinstance(schema.get(key), list):
            kept[key] = [_closed(part, depth + 1) for part in schema[key]]
    if "items" in schema:
        kept["items"] = _closed(schema["items"], depth + 1)
    if kept.get("type") == "object":
        kept["additionalProperties"] = False
    return kept
