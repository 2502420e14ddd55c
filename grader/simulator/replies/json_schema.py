"""Ask the jsonschema library whether a value fits a schema, and never wait for a pattern.

The schema is a learner's. Python's `re` can take for ever over a short text, so a pattern that
might do that is not tried: no value is known to fit it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache, cached_property
from importlib import import_module
from typing import Any

from grader.simulator.wire import Json

_GRAMMAR = "rfc3987_syntax"
_REPEATED = re.compile(r"\)[*+{]")
_UNBOUNDED = re.compile(r"[*+]|\{\d*,\d*\}")
_MOST_UNBOUNDED = 4
_LONGEST_TEXT = 200
_DEEPEST = 40


def import_jsonschema() -> Any:
    """Import jsonschema quickly, and return it.

    Where JupyterLab is installed it compiles a grammar of international addresses at import, which
    takes a second or more. No schema of a lesson asks for such an address.
    """
    is_blocked = "jsonschema" not in sys.modules and _GRAMMAR not in sys.modules
    if is_blocked:
        # None makes an import of this name fail, which jsonschema foresees: it is optional.
        sys.modules[_GRAMMAR] = None  # type: ignore[assignment]
    try:
        return import_module("jsonschema")
    finally:
        if is_blocked:
            del sys.modules[_GRAMMAR]


def is_quick(pattern: str) -> bool:
    """Return whether a pattern can be tried on a short text without waiting.

    It may repeat characters, but no group, and only a few times without a fixed number.
    """
    return not _REPEATED.search(pattern) and len(_UNBOUNDED.findall(pattern)) <= _MOST_UNBOUNDED


class Document:
    """Hold a schema, to which its parts refer."""

    def __init__(self, schema: Json) -> None:
        self.schema = _without_slow_keys(schema, 0)

    def misfit(self, value: Json, part: Json = None) -> str:
        """Return in the library's words what is wrong with a value; "" where it fits.

        part: the part of the schema that is meant; all of it when None.
        """
        if self._is_endless:
            return "the schema refers to itself without an end"
        checker = self._checker if part is None else self._checker.evolve(schema=part)
        try:
            error = next(checker.iter_errors(value), None)
        except Exception as raised:  # noqa: BLE001 - a schema may be wrong in any way
            return f"the schema cannot be read ({type(raised).__name__})"
        return "" if error is None else str(error.message)[:_LONGEST_TEXT]

    def find(self, reference: Json) -> list[Json]:
        """Return the one part that `$ref` points to, or nothing where the document has none."""
        found = self.schema
        if not isinstance(reference, str) or not reference.startswith("#"):
            return []
        for key in reference.split("/")[1:]:
            name = key.replace("~1", "/").replace("~0", "~")
            if isinstance(found, list) and name.isdecimal() and int(name) < len(found):
                found = found[int(name)]
            elif isinstance(found, dict) and name in found:
                found = found[name]
            else:
                return []
        return [found]

    def arranged(self, value: Json, part: Json = None, depth: int = 0) -> Json:
        """Return a value that fits with its keys as the API writes them, which are promised.

        Those that the schema requires come first, then the others, each in the schema's order.
        part: the part of the schema that is meant; all of it when None.
        """
        part = self.schema if part is None else part
        if not isinstance(part, dict) or depth > _DEEPEST or not isinstance(value, dict | list):
            return value
        for key in ("anyOf", "oneOf"):
            fitting = [each for each in part.get(key) or () if not self.misfit(value, each)]
            value = self.arranged(value, fitting[0], depth + 1) if fitting else value
        for each in (*self.find(part.get("$ref")), *(part.get("allOf") or ())):
            value = self.arranged(value, each, depth + 1)
        if isinstance(value, list):
            items = part.get("items")
            return [self.arranged(each, items, depth + 1) if items else each for each in value]
        properties = part.get("properties") or {}
        if not properties:
            return value
        required = part.get("required") or ()
        names = [name for name in properties if name in value]
        names.sort(key=lambda name: name not in required)
        known = {name: self.arranged(value[name], properties[name], depth + 1) for name in names}
        return {**known, **{name: value[name] for name in value if name not in known}}

    @cached_property
    def _is_endless(self) -> bool:
        """Return whether the schema asks itself about one value again and again.

        The library would use up Python's stack over it, and its parts in Rust panic then.
        """
        done: set[str] = set()

        def comes_back(part: Json, path: tuple[str, ...]) -> bool:
            if not isinstance(part, dict):
                return False
            reference = part.get("$ref")
            parts = [part.get(key) for key in ("not", "if", "then", "else")]
            parts += [each for key in ("allOf", "anyOf", "oneOf") for each in part.get(key) or ()]
            if isinstance(reference, str) and reference not in done:
                ahead = (*path, reference)
                if reference in path or any(comes_back(p, ahead) for p in self.find(reference)):
                    return True
                done.add(reference)
            return any(comes_back(each, path) for each in parts)

        return any(comes_back({"$ref": each}, ()) for each in _references(self.schema))

    @cached_property
    def _checker(self) -> Any:
        kind, formats, registry = _library()
        return kind(self.schema, format_checker=formats, registry=registry)


@cache
def _library() -> tuple[Any, Any, Any]:
    """Return the kind of validator, its formats, and a registry that fetches nothing."""
    validators = import_jsonschema().validators
    draft = validators.Draft202012Validator
    kind = validators.extend(draft, {"pattern": _check_pattern})
    return kind, draft.FORMAT_CHECKER, validators.SPECIFICATIONS


def _check_pattern(_checker: Any, pattern: str, value: Json, _schema: Json) -> Iterator[Any]:
    can_try = is_quick(pattern) and isinstance(value, str) and len(value) <= _LONGEST_TEXT
    if isinstance(value, str) and not (can_try and re.search(pattern, value)):
        what = "does not match" if can_try else "was not tried against the pattern"
        yield import_jsonschema().ValidationError(f"{value[:40]!r} {what} {pattern!r}")


def _references(schema: Json) -> Iterator[str]:
    parts = schema.values() if isinstance(schema, dict) else schema
    if isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
        yield schema["$ref"]
    if isinstance(schema, dict | list):
        for part in parts:
            yield from _references(part)


def _without_slow_keys(schema: Json, depth: int) -> Json:
    """Return a copy without patterns of names that are not to be tried, and not too deep."""
    if isinstance(schema, list):
        return [_without_slow_keys(part, depth + 1) for part in schema]
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return {} if isinstance(schema, dict) else schema
    kept = {key: _without_slow_keys(value, depth + 1) for key, value in schema.items()}
    if isinstance(patterns := kept.get("patternProperties"), dict):
        kept["patternProperties"] = {key: patterns[key] for key in patterns if is_quick(key)}
    return kept
