"""What the schema of a request guarantees of an invoice: five texts, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from grader.exams import Exam

Json = Any

_REPEATED_GROUP = re.compile(r"\)[*+{]")
_MOST_REPEATS = 6
_PLAIN = {
    "date": re.compile(r"iso|yy-mm?-dd?|%Y-%m-%d|\d{4}-\d\d-\d\d", re.IGNORECASE),
    "total": re.compile(
        r"(?<![.,\d])\d{1,12}\.\d\d?(?![.,]?\d)|without|decimal|point", re.IGNORECASE
    ),
}
_PART = r"(d{1,2}|m{1,2}|\d\d?)"
_OTHER = {
    "date": re.compile(rf"\b{_PART}[./]{_PART}[./](yy|\d\d)", re.IGNORECASE),
    "total": re.compile(r"\d[.,]\d{3}[.,]\d\d|(?<![.,\d])\d{1,12},\d\d(?!\d)"),
}
"""The formats of the docstring's example, and others that a description may ask for."""
_LONGEST = 16
"""How many characters a text has at most that we hold against a pattern."""


def judge_schema(exam: Exam, schema: Mapping[str, Json], fields: Sequence[str]) -> None:
    """Judge a schema that the API accepted: an object has to be closed."""
    root = _resolved(schema, schema)
    kind = root.get("type")
    if not exam.expect("schema", kind == "object", "not-an-object", kind):
        return
    properties = root.get("properties") or {}
    is_same_set = sorted(properties) == sorted(fields)
    if not exam.expect("schema", is_same_set, "other-fields", ", ".join(properties) or "none"):
        return
    required = root.get("required")
    exam.expect("schema", set(required or ()) == set(fields), "required-incomplete", required)
    for name in fields:
        kinds = _kinds(properties[name], schema)
        is_number = name == "total" and bool({"number", "integer"} & kinds)
        wrong = exam.which({"total-number": is_number}, otherwise="untyped")
        observed = properties[name] if is_number else {name: properties[name]}
        exam.expect("schema", "string" in kinds and kinds <= {"string", "null"}, wrong, observed)
        said = str(_resolved(properties[name], schema).get("description", ""))
        is_other = name in _OTHER and _OTHER[name].search(said) and not _PLAIN[name].search(said)
        exam.expect("schema", not is_other, "other-form", f"{name}: {said}")


def may_be_null(schema: Mapping[str, Json], fields: Sequence[str]) -> list[str]:
    """Return the fields of an invoice for which a schema allows null."""
    properties = _resolved(schema, schema).get("properties") or {}
    return [name for name in fields if "null" in _kinds(properties.get(name), schema)]


def excluded_values(schema: Mapping[str, Json], invoice: Mapping[str, Json]) -> list[str]:
    """Return the fields with a value that a schema doesn't let the reply have, as code."""
    properties = _resolved(schema, schema).get("properties") or {}
    return [
        f"{name}: {value!r}"
        for name, value in invoice.items()
        if _is_excluded(properties.get(name), value, schema)
    ]


def _is_excluded(schema: Json, value: Json, root: Mapping[str, Json], *, depth: int = 0) -> bool:
    """Return whether a schema says which values it allows, and this isn't one of them."""
    resolved = _resolved(schema, root)
    if "enum" in resolved and value not in resolved["enum"]:
        return True
    if "const" in resolved and value != resolved["const"]:
        return True
    if isinstance(value, str) and not _is_long_and_like(value, resolved):
        return True
    if depth > len(str(root)):
        return False
    every, some = resolved.get("allOf", ()), resolved.get("anyOf", ())
    return any(_is_excluded(part, value, root, depth=depth + 1) for part in every) or (
        bool(some) and all(_is_excluded(part, value, root, depth=depth + 1) for part in some)
    )


def _is_long_and_like(value: str, schema: Mapping[str, Json]) -> bool:
    """Return whether a text has the length and the form that a schema asks for."""
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength", len(value))
    pattern = schema.get("pattern", "")
    if not shortest <= len(value) <= longest:
        return False
    return not _is_quick(pattern, value) or re.search(pattern, value) is not None


def _is_quick(pattern: str, value: str) -> bool:
    """Return whether we can try a learner's pattern: another could keep us busy for hours."""
    if len(value) > _LONGEST or _REPEATED_GROUP.search(pattern):
        return False
    if sum(map(pattern.count, "*+{?")) > _MOST_REPEATS:
        return False
    with suppress(re.error):
        re.compile(pattern)
        return True
    return False


def _resolved(schema: Json, root: Mapping[str, Json], *, depth: int = 0) -> Mapping[str, Json]:
    """Return what a schema says, at the end of its references within the root."""
    if not isinstance(schema, Mapping):
        return {}
    reference = schema.get("$ref")
    if not isinstance(reference, str) or depth > len(str(root)):
        return schema
    found: Json = root
    for step in reference.removeprefix("#").strip("/").split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        found = found.get(name) if isinstance(found, Mapping) and step else found
    return _resolved(found, root, depth=depth + 1) if found is not root else {}


def _kinds(schema: Json, root: Mapping[str, Json], *, depth: int = 0) -> set[str]:
    """Return the types that a schema allows for its values; none if it leaves them open."""
    resolved = _resolved(schema, root)
    kinds = resolved.get("type", ())
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    values = [*resolved.get("enum", ()), *([resolved["const"]] if "const" in resolved else [])]
    if values and all(isinstance(value, str) for value in values):
        found.add("string")
    if None in values:
        found.add("null")
    if depth > len(str(root)):
        return found
    parts = [
        _kinds(part, root, depth=depth + 1)
        for name in ("anyOf", "allOf")
        for part in resolved.get(name, ())
    ]
    return found.union(*parts)
