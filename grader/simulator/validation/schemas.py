"""Check that a JSON schema is one, by its keywords, and that a strict one is closed.

A reading of draft 2020-12's meta-schema that keeps to the keywords people write. A full validator
would cost each request with tools many times what the rest of the simulator does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from grader.simulator.wire import Json

NOT_A_SCHEMA = (
    "JSON schema is invalid. It must match JSON Schema draft 2020-12 "
    "(https://json-schema.org/draft/2020-12)."
)
"""What the API says of a schema that is none."""

OPEN_OBJECT = "For 'object' type, 'additionalProperties' must be explicitly set to false"
"""What the API says of a schema that it must guarantee and that has an object left open."""

_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")


def is_schema(value: Json) -> bool:
    """Say whether a value is a JSON schema of draft 2020-12."""
    if isinstance(value, bool):
        return True
    if not isinstance(value, dict):
        return False
    return all(check(value[key]) for key, check in _KEYWORDS.items() if key in value)


def open_object(schema: Json) -> bool:
    """Say whether a schema has an object, at any depth, that admits additional properties."""
    if not isinstance(schema, dict):
        return False
    is_open = schema.get("type") == "object" and schema.get("additionalProperties") is not False
    return is_open or any(open_object(part) for part in _parts(schema))


def _parts(schema: Mapping[str, Json]) -> Iterator[Json]:
    for key, value in schema.items():
        if _KEYWORDS.get(key) is _schemas_by_name:
            yield from value.values()
        elif _KEYWORDS.get(key) is _schemas:
            yield from value
        elif _KEYWORDS.get(key) is is_schema:
            yield value


def _schemas(value: Json) -> bool:
    return isinstance(value, list) and bool(value) and all(is_schema(part) for part in value)


def _schemas_by_name(value: Json) -> bool:
    return isinstance(value, dict) and all(is_schema(part) for part in value.values())


def _type(value: Json) -> bool:
    if isinstance(value, list):
        return bool(value) and _names(value) and all(name in _TYPES for name in value)
    return isinstance(value, str) and value in _TYPES


def _names(value: Json) -> bool:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        return False
    return len(set(value)) == len(value)


def _list(value: Json) -> bool:
    return isinstance(value, list)


def _string(value: Json) -> bool:
    return isinstance(value, str)


def _boolean(value: Json) -> bool:
    return isinstance(value, bool)


def _number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _positive(value: Json) -> bool:
    return _number(value) and value > 0


def _count(value: Json) -> bool:
    return _number(value) and value >= 0 and value == int(value)


_GROUPS: Mapping[Callable[[Json], bool], str] = {
    _type: "type",
    _schemas_by_name: "properties patternProperties $defs dependentSchemas",
    _schemas: "allOf anyOf oneOf prefixItems",
    is_schema: "items additionalProperties not contains propertyNames if then else "
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
_KEYWORDS: Mapping[str, Callable[[Json], bool]] = {
    key: check for check, keys in _GROUPS.items() for key in keys.split()
}
