"""Check that a JSON schema is one, by its keywords.

A reading of draft 2020-12's meta-schema that keeps to the keywords people write. A full validator
would cost each request with tools many times what the rest of the simulator does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeGuard

from grader.simulator.wire import JsonValue

NOT_A_SCHEMA = (
    "JSON schema is invalid. It must match JSON Schema draft 2020-12 "
    "(https://json-schema.org/draft/2020-12)."
)
"""What the API says of a schema that is none."""

_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")


def is_schema(value: JsonValue) -> bool:
    """Return whether a value is a JSON schema of draft 2020-12."""
    return all(_is_well_formed(part) for part in walk(value))


def walk(schema: JsonValue) -> Iterator[JsonValue]:
    """Yield a schema and all schemas in it; by a loop, for Python's stack may be nearly used up."""
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, dict):
            for key, value in part.items():
                waiting += _inside(_KEYWORDS.get(key), value)


def _inside(check: Callable[[JsonValue], bool] | None, value: JsonValue) -> list[JsonValue]:
    if check is _schemas_by_name and isinstance(value, dict):
        return list(value.values())
    if check is _schemas and isinstance(value, list):
        return list(value)
    return [value] if check is _schema else []


def _is_well_formed(schema: JsonValue) -> bool:
    """Return whether a schema's own keywords have the right shape, at the top level only."""
    if isinstance(schema, bool):
        return True
    if not isinstance(schema, dict):
        return False
    return all(check(schema[key]) for key, check in _KEYWORDS.items() if key in schema)


def _schema(value: JsonValue) -> bool:
    return isinstance(value, bool | dict)


def _schemas(value: JsonValue) -> bool:
    return isinstance(value, list) and bool(value)


def _schemas_by_name(value: JsonValue) -> bool:
    return isinstance(value, dict)


def _type(value: JsonValue) -> bool:
    if isinstance(value, list):
        return bool(value) and _names(value) and all(name in _TYPES for name in value)
    return isinstance(value, str) and value in _TYPES


def _names(value: JsonValue) -> bool:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        return False
    return len(set(value)) == len(value)


def _list(value: JsonValue) -> bool:
    return isinstance(value, list)


def _string(value: JsonValue) -> bool:
    return isinstance(value, str)


def _boolean(value: JsonValue) -> bool:
    return isinstance(value, bool)


def _number(value: JsonValue) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _positive(value: JsonValue) -> bool:
    return _number(value) and value > 0


def _count(value: JsonValue) -> bool:
    return _number(value) and value >= 0 and value == int(value)


_GROUPS: Mapping[Callable[[JsonValue], bool], str] = {
    _type: "type",
    _schemas_by_name: "properties patternProperties $defs dependentSchemas",
    _schemas: "allOf anyOf oneOf prefixItems",
    _schema: "items additionalProperties not contains propertyNames if then else "
    "unevaluatedItems unevaluatedProperties",
    _names: "required",
    _list: "enum examples",
    _string: "title description $ref $id $comment format pattern",
    _boolean: "uniqueItems deprecated readOnly writeOnly",
    _number: "minimum maximum exclusiveMinimum exclusiveMaximum",
    _positive: "multipleOf",
    _count: "minLength maxLength minItems maxItems minProperties maxProperties "
    "minContains maxContains",
}
_KEYWORDS: Mapping[str, Callable[[JsonValue], bool]] = {
    key: check for check, keys in _GROUPS.items() for key in keys.split()
}
