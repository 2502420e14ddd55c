"""Describe Python values as plain JSON, and read such descriptions back.

All that passes between an exam and a learner's code is described here, whether they share a
process or not. What JSON has no word for is a dict with the one key `"$"` that names its kind:

    {"$": "tuple", "items": […]}      {"$": "model", "type": "TextBlock", "data": {…}}
    {"$": "client", "id": 1, …}       {"$": "object", "type": "Foo", "text": "<Foo …>"}

A description is made from exact types and base-class methods, so that a value which lies about
itself (`__eq__`, `__str__`, `__iter__`) is described as what it is, or as an opaque object.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Json = Any

MAX_DEPTH = 60
MAX_NODES = 50_000
MAX_TEXT = 2_000_000
MAX_INTEGER_BITS = 1024
MAX_SHOWN = 200


@dataclass(frozen=True)
class SdkObject:
    """Hold an object of an SDK as its class's name and its fields as plain data."""

    type: str
    data: Json


@dataclass(frozen=True)
class Opaque:
    """Hold what is known of a value that is no plain data: its type's name and a short text."""

    type: str
    text: str


@dataclass(frozen=True)
class ClientHandle:
    """Stand for an API client that the candidate makes; kind: anthropic or anthropic_async."""

    id: int
    kind: str = "anthropic"


@dataclass(frozen=True)
class CallableHandle:
    """Stand for a function of the exam that learners' code may call."""

    id: int
    name: str


class _TooLarge(Exception):
    pass


def describe(value: object) -> Json:
    """Return a JSON description of any value; of a value too large or too deep, only its type."""
    try:
        return _describe(value, 0, iter(range(MAX_NODES)))
    except (_TooLarge, RecursionError):
        return {"$": "object", "type": type(value).__name__, "text": "too large to be judged"}


def _describe(value: object, depth: int, budget: Iterator[int]) -> Json:
    if depth > MAX_DEPTH or next(budget, None) is None:
        raise _TooLarge
    if value is None or value is True or value is False:
        return value
    for base, describer in _DESCRIBERS:
        # issubclass on the exact type: `__class__` and `__instancecheck__` can lie.
        if issubclass(type(value), base):
            return describer(value, lambda part: _describe(part, depth + 1, budget))
    if _is_sdk_model(type(value)):
        return _sdk_model(value, lambda part: _describe(part, depth + 1, budget))
    return {"$": "object", "type": type(value).__name__, "text": _shown(value)}


Inner = Callable[[object], Json]


def _integer(value: Any, _inner: Inner) -> Json:
    plain = int.__index__(value)
    if plain.bit_length() > MAX_INTEGER_BITS:
        raise _TooLarge
    return plain


def _float(value: Any, _inner: Inner) -> Json:
    plain = float.__float__(value)
    return plain if math.isfinite(plain) else {"$": "float", "text": float.__repr__(plain)}


def _string(value: Any, _inner: Inner) -> Json:
    plain = str.__str__(value)
    if len(plain) > MAX_TEXT:
        raise _TooLarge
    return plain


def _bytes(value: Any, _inner: Inner) -> Json:
    plain = bytes(value)
    if len(plain) > MAX_TEXT:
        raise _TooLarge
    return {"$": "bytes", "hex": plain.hex()}


def _decimal(value: Any, _inner: Inner) -> Json:
    return {"$": "decimal", "text": Decimal.__str__(value)}


def _list(value: Any, inner: Inner) -> Json:
    return [inner(item) for item in list.__iter__(value)]


def _tuple(value: Any, inner: Inner) -> Json:
    return {"$": "tuple", "items": [inner(item) for item in tuple.__iter__(value)]}


def _set(value: Any, inner: Inner) -> Json:
    base: Any = set if issubclass(type(value), set) else frozenset
    return {"$": "set", "items": [inner(item) for item in base.__iter__(value)]}


def _dict(value: Any, inner: Inner) -> Json:
    pairs = list(dict.items(value))
    if all(type(key) is str for key, _ in pairs) and "$" not in [key for key, _ in pairs]:
        return {key: inner(item) for key, item in pairs}
    return {"$": "dict", "items": [[inner(key), inner(item)] for key, item in pairs]}


def _client(value: Any, _inner: Inner) -> Json:
    return {"$": "client", "id": value.id, "kind": value.kind}


def _callable(value: Any, _inner: Inner) -> Json:
    return {"$": "callable", "id": value.id, "name": value.name}


def _sdk_object(value: Any, inner: Inner) -> Json:
    return {"$": "model", "type": value.type, "data": inner(value.data)}


_DESCRIBERS: tuple[tuple[Any, Callable[[Any, Inner], Json]], ...] = (
    (str, _string),
    (int, _integer),
    (float, _float),
    (list, _list),
    (dict, _dict),
    (tuple, _tuple),
    ((set, frozenset), _set),
    ((bytes, bytearray), _bytes),
    (Decimal, _decimal),
    (ClientHandle, _client),
    (CallableHandle, _callable),
    (SdkObject, _sdk_object),
)


def _is_sdk_model(kind: type) -> bool:
    module = kind.__module__
    return module.split(".")[0] in ("anthropic", "openai") and hasattr(kind, "model_fields")


def _sdk_model(value: Any, inner: Inner) -> Json:
    try:
        data = value.to_dict(mode="json", warnings=False)
    except Exception as error:  # noqa: BLE001 - the learner's object may be in any state
        return {"$": "object", "type": type(value).__name__, "text": type(error).__name__}
    return {"$": "model", "type": type(value).__name__, "data": inner(data)}


def _shown(value: object) -> str:
    try:
        text = str.__str__(repr(value))
    except Exception as error:  # noqa: BLE001 - a broken __repr__ is no reason to stop
        return f"no repr: {type(error).__name__}"
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def read(description: Json) -> Any:
    """Return the value that a description stands for, as plain data of the exam's own making."""
    if isinstance(description, list):
        return [read(item) for item in description]
    if not isinstance(description, dict):
        return description
    if "$" not in description:
        return {key: read(item) for key, item in description.items()}
    reader = _READERS.get(description["$"])
    if reader is None:
        return Opaque("unknown", str(description["$"])[:MAX_SHOWN])
    return reader(description)


def _read_dict(description: Json) -> Any:
    pairs = [(read(key), read(item)) for key, item in description["items"]]
    try:
        return dict(pairs)
    except TypeError:
        return Opaque("dict", "with keys that are no plain data")


def _read_set(description: Json) -> Any:
    try:
        return frozenset(read(item) for item in description["items"])
    except TypeError:
        return Opaque("set", "with items that are no plain data")


_READERS: dict[str, Callable[[Json], Any]] = {
    "float": lambda d: float(d["text"]),
    "bytes": lambda d: bytes.fromhex(d["hex"]),
    "decimal": lambda d: Decimal(d["text"]),
    "tuple": lambda d: tuple(read(item) for item in d["items"]),
    "set": _read_set,
    "dict": _read_dict,
    "client": lambda d: ClientHandle(d["id"], d["kind"]),
    "callable": lambda d: CallableHandle(d["id"], d["name"]),
    "model": lambda d: SdkObject(d["type"], read(d["data"])),
    "object": lambda d: Opaque(d["type"], d["text"]),
}
