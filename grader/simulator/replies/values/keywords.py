"""Say whether a value fits one keyword of a JSON schema.

Each check takes the schema's reader, the keyword's argument, the value, and the part of the schema
that the keyword stands in. A value of a type that the keyword does not speak of fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Protocol

from grader.simulator.replies.values.patterns import matches
from grader.simulator.wire import Json

_FORMATS = {
    "date": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
    "date-time": r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?",
    "email": r"[^@\s]{1,64}@[^@\s]{1,200}",
    "ipv4": r"\d{1,3}(\.\d{1,3}){3}",
    "time": r"\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?",
    "uri": r"[A-Za-z][A-Za-z0-9+.-]{0,30}:\S{1,2000}",
    "uuid": r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
}


class Reader(Protocol):
    """What the checks need of a schema."""

    def accepts(self, part: Json, value: Json) -> bool:
        """Say whether a value fits a part of the schema."""

    def target(self, reference: str) -> Json:
        """Return what a reference points to."""


Check = Callable[[Reader, Json, Json, Mapping[str, Json]], bool]


def same(one: Json, other: Json) -> bool:
    """Say whether two JSON values are equal: 1 is 1.0, but not true."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return bool(one == other)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_of_type(name: Json, value: Json) -> bool:
    if name == "integer":
        return _is_number(value) and (isinstance(value, int) or value.is_integer())
    if name == "number":
        return _is_number(value)
    kinds = {"array": list, "boolean": bool, "null": type(None), "object": dict, "string": str}
    return isinstance(value, kinds.get(name, object))


def _reference(schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
    return schema.accepts(schema.target(argument), value)


def _type(_schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
    names = argument if isinstance(argument, list) else [argument]
    return any(_is_of_type(name, value) for name in names)


def _enum(_schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
    return any(same(value, allowed) for allowed in argument)


def _const(_schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
    return same(value, argument)


def _all(schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
    return all(schema.accepts(option, value) for option in argument)


def _any(schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
    return any(schema.accepts(option, value) for option in argument)


def _one(schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
    return sum(schema.accepts(option, value) for option in argument) == 1


def _not(schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
    return not schema.accepts(argument, value)


def _if(schema: Reader, argument: Json, value: Json, part: Mapping[str, Json]) -> bool:
    branch = "then" if schema.accepts(argument, value) else "else"
    return schema.accepts(part.get(branch, True), value)


def _bound(allows: Callable[[Json, Json], bool], size: Callable[[Json], Json]) -> Check:
    """Make the check of a keyword that compares a value's size with its argument."""

    def check(_schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
        measured = size(value)
        return measured is None or bool(allows(measured, argument))

    return check


def _number(value: Json) -> Json:
    return value if _is_number(value) else None


def _length(value: Json) -> Json:
    return len(value) if isinstance(value, str) else None


def _count(value: Json) -> Json:
    return len(value) if isinstance(value, list) else None


def _keys(value: Json) -> Json:
    return len(value) if isinstance(value, dict) else None


def _is_multiple(value: Json, step: Json) -> bool:
    if isinstance(value, int) and isinstance(step, int):
        return value % step == 0
    try:
        return bool((value / step).is_integer())
    except OverflowError:
        return False


def _pattern(_schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
    return not isinstance(value, str) or matches(argument, value) is not False


def _format(_schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
    known = _FORMATS.get(argument)
    return known is None or not isinstance(value, str) or re.fullmatch(known, value) is not None


def _unique(_schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
    if not argument or not isinstance(value, list):
        return True
    return not any(same(one, other) for i, one in enumerate(value) for other in value[:i])


def _items(schema: Reader, argument: Json, value: Json, part: Mapping[str, Json]) -> bool:
    if not isinstance(value, list):
        return True
    return all(schema.accepts(argument, item) for item in value[len(part.get("prefixItems", ())) :])


def _prefix(schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
    return not isinstance(value, list) or all(map(schema.accepts, argument, value))


def _contains(schema: Reader, argument: Json, value: Json, part: Mapping[str, Json]) -> bool:
    if not isinstance(value, list):
        return True
    found = sum(schema.accepts(argument, item) for item in value)
    return bool(part.get("minContains", 1) <= found <= part.get("maxContains", found))


def _properties(schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
    if not isinstance(value, dict):
        return True
    return all(schema.accepts(argument[key], value[key]) for key in value if key in argument)


def _by_pattern(schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
    if not isinstance(value, dict):
        return True
    return all(
        schema.accepts(inside, value[key])
        for pattern, inside in argument.items()
        for key in value
        if matches(pattern, key)
    )


def _additional(schema: Reader, argument: Json, value: Json, part: Mapping[str, Json]) -> bool:
    if not isinstance(value, dict):
        return True
    named, patterns = part.get("properties", {}), part.get("patternProperties", {})
    return all(
        schema.accepts(argument, value[key])
        for key in value
        if key not in named and not any(matches(pattern, key) for pattern in patterns)
    )


def _required(_schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
    return not isinstance(value, dict) or all(key in value for key in argument)


def _names(schema: Reader, argument: Json, value: Json, _part: Mapping[str, Json]) -> bool:
    return not isinstance(value, dict) or all(schema.accepts(argument, key) for key in value)


CHECKS: Mapping[str, Check] = {
    "$ref": _reference,
    "additionalProperties": _additional,
    "allOf": _all,
    "anyOf": _any,
    "const": _const,
    "contains": _contains,
    "enum": _enum,
    "exclusiveMaximum": _bound(lambda value, bound: value < bound, _number),
    "exclusiveMinimum": _bound(lambda value, bound: value > bound, _number),
    "format": _format,
    "if": _if,
    "items": _items,
    "maxItems": _bound(lambda value, bound: value <= bound, _count),
    "maxLength": _bound(lambda value, bound: value <= bound, _length),
    "maxProperties": _bound(lambda value, bound: value <= bound, _keys),
    "maximum": _bound(lambda value, bound: value <= bound, _number),
    "minItems": _bound(lambda value, bound: value >= bound, _count),
    "minLength": _bound(lambda value, bound: value >= bound, _length),
    "minProperties": _bound(lambda value, bound: value >= bound, _keys),
    "minimum": _bound(lambda value, bound: value >= bound, _number),
    "multipleOf": _bound(_is_multiple, _number),
    "not": _not,
    "oneOf": _one,
    "pattern": _pattern,
    "patternProperties": _by_pattern,
    "prefixItems": _prefix,
    "properties": _properties,
    "propertyNames": _names,
    "required": _required,
    "type": _type,
    "uniqueItems": _unique,
}
"""The check of each keyword."""
