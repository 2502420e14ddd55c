"""Check schemas that the API must guarantee: of a format for the answer, and of strict tools.

It takes a part of JSON Schema, and limits on all schemas of one request. Quoted from replies are
the words on keywords of a type, on an open object, on definitions that refer to themselves and on
too many optional parameters (github.com/agentjido/req_llm/issues/302, egonSchiele/agency-lang/
issues/487, elie222/inbox-zero/issues/2323), and how the refusal of too many strict tools begins
(camel-ai/camel/pull/4171). What is refused is on Anthropic's page on structured outputs; the words
for the rest are guesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from grader.simulator.documents import is_cited, sources_in
from grader.simulator.faults import invalid
from grader.simulator.validation.schemas import walk
from grader.simulator.wire import Json, JsonValue

MAX_STRICT_TOOLS = 20
MAX_OPTIONAL = 24
MAX_UNIONS = 16

FORMATS = (
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "time",
    "uri",
    "uuid",
)
"""The formats of strings that are guaranteed."""

_OPEN = "For 'object' type, 'additionalProperties' must be explicitly set to false"
_FEW = "For 'array' type, 'minItems' values other than 0 or 1 are not supported"
_TOO_COMPLEX = (
    "Schema is too complex for compilation. Try reducing the number of tools or simplifying tool "
    "schemas."
)
_OF_NUMBERS = (
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maximum",
    "minimum",
    "multipleOf",
)
_UNSUPPORTED: Mapping[str, Sequence[str]] = {
    "integer": _OF_NUMBERS,
    "number": _OF_NUMBERS,
    "string": ("maxLength", "minLength"),
    "array": (
        "contains",
        "maxContains",
        "maxItems",
        "minContains",
        "prefixItems",
        "unevaluatedItems",
        "uniqueItems",
    ),
    "object": (
        "dependentRequired",
        "dependentSchemas",
        "maxProperties",
        "minProperties",
        "patternProperties",
        "propertyNames",
        "unevaluatedProperties",
    ),
}
_NEVER = ("else", "if", "not", "oneOf", "then")
# Look-around, back references and word boundaries are what its patterns can't have. Escapes are
# read in pairs, so that what an escaped backslash precedes is none.
_PIECE = re.compile(r"\\.|\(\?(?:[=!]|<[=!]|P=)", re.DOTALL)
_HARD = re.compile(r"\(|\\[1-9bBk]")
# A bound of ours, so that circles are found in time; the API's own is that of its compiler.
_MOST_PARTS = 2_000


def check_guaranteed(schema: JsonValue, path: str) -> None:
    """Refuse a schema that the API can't guarantee; path: how the message begins."""
    for number, part in enumerate(walk(schema)):
        if number == _MOST_PARTS:
            raise invalid(f"{path}: {_TOO_COMPLEX}")
        if isinstance(part, dict):
            _check_part(part, path)
    if isinstance(schema, dict):
        _check_references(schema, path)


def check_clashes(request: dict[str, Json], output_format: Json) -> None:
    """Refuse what a format for the answer does not go with: a begun answer, and citations.

    The documentation says that both are a 400; the words are guesses.
    """
    if not output_format:
        return
    messages = request["messages"]
    if messages and messages[-1]["role"] == "assistant":
        raise invalid(
            "output_config.format: not supported with an assistant message at the end of messages"
        )
    if any(map(is_cited, sources_in(request))):
        raise invalid("output_config.format: not supported when citations are enabled")


def check_complexity(schemas: Sequence[Json], *, strict_tools: int) -> None:
    """Refuse a request whose schemas are together more than the API compiles."""
    if strict_tools > MAX_STRICT_TOOLS:
        raise invalid(
            f"Too many strict tools ({strict_tools}). The maximum number of strict tools is "
            f"{MAX_STRICT_TOOLS}."
        )
    parts = [part for schema in schemas for part in walk(schema) if isinstance(part, dict)]
    optional = sum(map(_optional, parts))
    if optional > MAX_OPTIONAL:
        raise invalid(
            f"Schemas contains too many optional parameters ({optional}), which would make grammar "
            "compilation inefficient. Reduce the number of optional parameters in your tool "
            f"schemas (limit: {MAX_OPTIONAL})."
        )
    unions = sum(map(_unions, parts))
    if unions > MAX_UNIONS:
        raise invalid(
            f"Schemas contains too many parameters with union types ({unions}), which would make "
            "grammar compilation inefficient. Reduce the number of parameters with union types in "
            f"your tool schemas (limit: {MAX_UNIONS})."
        )


def _check_part(part: dict[str, JsonValue], path: str) -> None:
    kinds = _types(part)
    if "object" in kinds and part.get("additionalProperties") is not False:
        raise invalid(f"{path}: {_OPEN}")
    for kind in kinds:
        named = [key for key in _UNSUPPORTED.get(kind, ()) if key in part]
        if len(named) == 1:
            raise invalid(f"{path}: For '{kind}' type, property '{named[0]}' is not supported")
        if named:
            listed = ", ".join(sorted(named))
            raise invalid(f"{path}: For '{kind}' type, properties {listed} are not supported")
    if "array" in kinds and part.get("minItems") not in (None, 0, 1):
        raise invalid(f"{path}: {_FEW}")
    if "string" in kinds:
        _check_string(part, path)
    for key in _NEVER:
        if key in part:
            raise invalid(f"{path}: Schema keyword '{key}' is not supported")
    if any(isinstance(value, dict | list) for value in _allowed(part)):
        raise invalid(
            f"{path}: 'enum' and 'const' values must be strings, numbers, booleans or null"
        )


def _check_string(part: dict[str, JsonValue], path: str) -> None:
    named = part.get("format")
    if named is not None and named not in FORMATS:
        raise invalid(f"{path}: For 'string' type, format '{named}' is not supported")
    pattern = part.get("pattern")
    if isinstance(pattern, str) and any(map(_HARD.match, _PIECE.findall(pattern))):
        raise invalid(f"{path}: For 'string' type, pattern '{pattern}' is not supported")


def _check_references(schema: dict[str, JsonValue], path: str) -> None:
    """Refuse references that leave the schema, lead nowhere, or come back to where they are."""
    for part in walk(schema):
        if not isinstance(part, dict):
            continue
        choices = part.get("allOf")
        if isinstance(choices, list) and any(
            isinstance(each, dict) and "$ref" in each for each in choices
        ):
            raise invalid(f"{path}: 'allOf' with '$ref' is not supported")
        reference = part.get("$ref")
        if isinstance(reference, str):
            if not reference.startswith("#"):
                raise invalid(f"{path}: External reference '{reference}' is not supported")
            if not isinstance(_find(schema, reference), dict | bool):
                raise invalid(f"{path}: Reference '{reference}' cannot be resolved")
    circle = _find_circle(schema)
    if circle:
        raise invalid(
            f"{path}: Circular reference detected in schema definitions: {' -> '.join(circle)}. "
            "Self-referencing or mutually-referencing definitions are not supported."
        )


def _find(schema: Json, reference: str) -> Json:
    found = schema
    for key in reference.lstrip("#").split("/")[1:]:
        name = key.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict) and name in found:
            found = found[name]
        elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        else:
            return None
    return found


def _find_circle(schema: dict[str, JsonValue]) -> list[str]:
    """Return the names along a circle of references; nothing where there is none."""
    done: set[str] = set()
    for part in walk(schema):
        first = part.get("$ref") if isinstance(part, dict) else None
        if not isinstance(first, str) or first in done:
            continue
        trail = [(first, _references(_find(schema, first)))]
        while trail:
            name, ahead = trail[-1]
            following = next(ahead, None)
            names = [each for each, _ in trail]
            if following is None:
                done.add(name)
                trail.pop()
            elif following in names:
                return [*map(_short, names[names.index(following) :]), _short(following)]
            elif following not in done:
                trail.append((following, _references(_find(schema, following))))
    return []


def _references(schema: Json) -> Iterator[str]:
    """Yield where a schema refers to; its definitions count only where they are used."""
    if isinstance(schema, dict) and "$defs" in schema:
        schema = {key: value for key, value in schema.items() if key != "$defs"}
    for part in walk(schema):
        if isinstance(part, dict) and isinstance(part.get("$ref"), str):
            yield str(part["$ref"])


def _short(reference: str) -> str:
    return reference.rpartition("/")[2] or reference


def _types(part: dict[str, JsonValue]) -> list[str]:
    kind = part.get("type")
    if isinstance(kind, list):
        return [str(each) for each in kind]
    return [kind] if isinstance(kind, str) else []


def _allowed(part: dict[str, JsonValue]) -> list[JsonValue]:
    listed = part.get("enum")
    return [*(listed if isinstance(listed, list) else ()), part.get("const")]


def _optional(part: dict[str, JsonValue]) -> int:
    properties, required = part.get("properties"), part.get("required")
    if not isinstance(properties, dict):
        return 0
    needed = required if isinstance(required, list) else []
    return sum(name not in needed for name in properties)


def _unions(part: dict[str, JsonValue]) -> int:
    """Return how many properties of one object may have several types."""
    properties = part.get("properties")
    if not isinstance(properties, dict):
        return 0
    return sum(
        isinstance(each, dict) and ("anyOf" in each or isinstance(each.get("type"), list))
        for each in properties.values()
    )
