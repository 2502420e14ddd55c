"""Make up values that fit a slot where nothing is given: allowed ones first, then sensible ones."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice

from grader.simulator.replies.values.patterns import examples
from grader.simulator.replies.values.schema import count_of, merge
from grader.simulator.replies.values.slot import Slot, make_slot
from grader.simulator.wire import Json

MAX_LENGTH = 4_000
_MAX_DEPTH = 4
_MAX_TRIED = 500
_MAX_MEMBERS = 100
_FORMATS = {
    "date": "2026-01-01",
    "date-time": "2026-01-01T09:00:00Z",
    "duration": "PT1H",
    "email": "name@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "time": "09:00:00Z",
    "uri": "https://example.com",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_BY_KIND = {
    "date": "2026-01-01",
    "email": "name@example.com",
    "time": "09:00",
    "url": "https://example.com",
    "currency": "USD",
    "expression": "1 + 1",
    "path": "file.txt",
}


def sample(slot: Slot) -> Json:
    """Return a value for a slot of a plain type: one that fits, where one is found."""
    fitting = filter(slot.accepts, islice(samples(slot), _MAX_TRIED))
    return next(fitting, next(samples(slot), None))


def samples(slot: Slot, depth: int = 0) -> Iterator[Json]:
    """Yield values that may fit a slot, the best first; not all of them do."""
    shape = slot.shape
    for key in ("const", "default"):
        if key in shape:
            yield shape[key]
    if slot.types and "enum" not in shape:
        yield None
    yield from slot.examples
    yield from shape.get("enum", [])
    for key in ("anyOf", "oneOf") if depth < _MAX_DEPTH else ():
        rest = {name: value for name, value in shape.items() if name != key}
        for option in shape.get(key, [])[:20]:
            part = merge(rest, slot.document.resolve(option))
            yield from samples(make_slot(slot.name, part, slot.document), depth + 1)
    for kind in slot.types or ("string", "integer"):
        if kind == "string":
            yield from _strings(slot)
        elif kind in ("integer", "number"):
            yield from _numbers(slot, whole=kind == "integer")
        elif kind == "boolean":
            yield from (False, True)
        elif kind == "object":
            yield _object(slot, depth)
        elif kind == "array":
            yield _array(slot, depth)


def _object(slot: Slot, depth: int) -> dict[str, Json]:
    """Return an object that has what it must have, and nothing else."""
    parts = slot.shape.get("properties", {})
    required = list(slot.shape.get("required", []))[:_MAX_MEMBERS] if depth < _MAX_DEPTH else []
    value: dict[str, Json] = {}
    for name in required:
        inside = make_slot(name, parts.get(name, True), slot.document)
        value[name] = next(filter(inside.accepts, samples(inside, depth + 1)), None)
    return value


def _array(slot: Slot, depth: int) -> list[Json]:
    """Return a list that is as long as it must be, and no longer."""
    inside = make_slot(slot.name, slot.shape.get("items", True), slot.document)
    least = count_of(slot.shape, "minItems", most=_MAX_MEMBERS // 3**depth)
    item = next(filter(inside.accepts, samples(inside, depth + 1)), None) if least else None
    return [item] * least


def _strings(slot: Slot) -> Iterator[str]:
    shape = slot.shape
    least = count_of(shape, "minLength", most=MAX_LENGTH)
    most = count_of(shape, "maxLength", most=MAX_LENGTH, default=MAX_LENGTH)
    if shape.get("format") in _FORMATS:
        yield _FORMATS[shape["format"]]
    if "pattern" in shape:
        yield from examples(shape["pattern"], least)
    words = _BY_KIND.get(slot.kind or "") or " ".join(["simulated", *_plain_words(slot)])
    for number in ("", *(f" {n}" for n in range(2, 102))):
        made = f"{words}{number}"
        if len(made) > most:
            made = f"{number.strip()}{words}"[:most]
        yield made.ljust(least, ".")


def _plain_words(slot: Slot) -> list[str]:
    return slot.name.replace("_", " ").replace("-", " ").split() or ["value"]


def _numbers(slot: Slot, *, whole: bool) -> Iterator[Json]:
    """Yield numbers from the lower bound upwards, or from the upper one downwards."""
    shape = slot.shape
    step = shape.get("multipleOf", 1)
    low = max(shape.get("minimum", -math.inf), shape.get("exclusiveMinimum", -math.inf))
    high = min(shape.get("maximum", math.inf), shape.get("exclusiveMaximum", math.inf))
    start = low if low > -math.inf else min(1, high)
    if math.isfinite(start) and math.isfinite(start / step):
        first = math.ceil(start / step)
        for count in range(102):
            yield _number((first + count) * step, whole=whole)
        for count in range(1, 5):
            yield _number((first - count) * step, whole=whole)
    if low > -math.inf and high < math.inf:
        yield from (low + (high - low) * share for share in (0.5, 0.25, 0.75))
    yield from (bound for bound in (low, high) if math.isfinite(bound))
    yield 0


def _number(value: float, *, whole: bool) -> Json:
    return int(value) if whole and math.isfinite(value) and value == int(value) else value
