"""Read a JSON schema: follow its references, and say whether a value fits it.

A reading of draft 2020-12 that is bounded: past a number of steps everything fits, so that no
schema, however large or recursive, holds up a reply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import unquote

from grader.simulator.replies.values.keywords import CHECKS, same
from grader.simulator.validation import is_schema
from grader.simulator.wire import Json

_MAX_STEPS = 50_000
_MAX_DEPTH = 60
_MAX_REFERENCES = 20


class Schema:
    """Read the parts of one JSON schema, whose references point into it."""

    def __init__(self, root: Json) -> None:
        self.root = root
        self._steps = 0
        self._depth = 0
        self._targets: dict[str, Json] = {}

    def resolve(self, part: Json) -> dict[str, Json]:
        """Return a part of the schema with its references followed and its `allOf` put in.

        What cannot be put together is left to `accepts`.
        """
        return self._resolve(part, 0)

    def accepts(self, part: Json, value: Json) -> bool:
        """Say whether a value fits a part of the schema."""
        if isinstance(part, bool):
            return part
        self._steps += 1
        if self._steps > _MAX_STEPS or self._depth > _MAX_DEPTH:
            return True
        self._depth += 1
        fits = all(
            check(self, argument, value, part)
            for key, argument in part.items()
            if (check := CHECKS.get(key)) is not None
        )
        self._depth -= 1
        return fits

    def target(self, reference: str) -> Json:
        """Return what a `$ref` points to; True, which takes anything, where that is no schema."""
        if reference not in self._targets:
            found = self._find(reference)
            self._targets[reference] = found if is_schema(found) else True
        return self._targets[reference]

    def _find(self, reference: str) -> Json:
        if reference != "#" and not reference.startswith("#/"):
            return None
        found = self.root
        for key in unquote(reference[1:]).split("/")[1:]:
            name = key.replace("~1", "/").replace("~0", "~")
            if isinstance(found, dict):
                found = found.get(name)
            elif isinstance(found, list) and name.isdecimal() and int(name[:9]) < len(found):
                found = found[int(name[:9])]
            else:
                return None
        return found

    def _resolve(self, part: Json, depth: int) -> dict[str, Json]:
        self._steps += 1
        if not isinstance(part, dict) or self._steps > _MAX_STEPS:
            return {}
        if depth > _MAX_REFERENCES:
            return {key: value for key, value in part.items() if key not in ("$ref", "allOf")}
        merged = dict(part)
        others = [self.target(merged.pop("$ref"))] if "$ref" in part else []
        if "allOf" in merged:
            others += merged.pop("allOf")
        for other in others[:_MAX_REFERENCES]:
            merged = merge(merged, self._resolve(other, depth + 1))
        return merged


def merge(one: Mapping[str, Json], other: Mapping[str, Json]) -> dict[str, Json]:
    """Return a schema that asks what both ask for, as far as one schema can say it."""
    merged = dict(one)
    for key, value in other.items():
        if key not in merged:
            merged[key] = value
        elif key in _MERGED:
            merged[key] = _MERGED[key](merged[key], value)
    return merged


def types_of(schema: Mapping[str, Json]) -> tuple[str, ...]:
    """Return the types that a schema allows, in its order; empty where it does not say."""
    kind = schema.get("type")
    if isinstance(kind, str):
        return (kind,)
    if isinstance(kind, list):
        return tuple(name for name in kind if isinstance(name, str))
    if "properties" in schema or "required" in schema:
        return ("object",)
    if "items" in schema or "prefixItems" in schema:
        return ("array",)
    return ()


def count_of(schema: Mapping[str, Json], key: str, *, most: int, default: int = 0) -> int:
    """Return a schema's count such as minItems as an int (JSON may have 3.0), and no larger one."""
    return int(min(schema.get(key, default), most))


def _merge_properties(one: Json, other: Json) -> Json:
    shared = {key: {"allOf": [one[key], other[key]]} for key in one if key in other}
    return {**one, **other, **shared}


def _merge_types(one: Json, other: Json) -> Json:
    ones = one if isinstance(one, list) else [one]
    others = other if isinstance(other, list) else [other]
    both = [name for name in ones if name in others]
    if not both and "integer" in (*ones, *others):
        both = ["integer"]
    return both or one


def _merge_values(one: Json, other: Json) -> Json:
    return [value for value in one if any(same(value, known) for known in other)] or one


_MERGED: Mapping[str, Callable[[Json, Json], Json]] = {
    "enum": _merge_values,
    "exclusiveMaximum": min,
    "exclusiveMinimum": max,
    "maxItems": min,
    "maxLength": min,
    "maximum": min,
    "minItems": max,
    "minLength": max,
    "minimum": max,
    "properties": _merge_properties,
    "required": lambda one, other: list(dict.fromkeys([*one, *other])),
    "type": _merge_types,
}
