"""Describe Python values as plain JSON; `reading` reads such descriptions back.

Everything that passes between an exam and a learner's code is described here, whether they share
a process or not. What JSON can't express becomes a dict whose key `"$"` names its kind:

    {"$": "tuple", "items": […]}      {"$": "model", "type": "TextBlock", "data": {…}}
    {"$": "client", "id": 1, …}       {"$": "object", "type": "Foo", "text": "<Foo …>"}
    {"$": "kept", "id": 1, …}         {"$": "record", "type": "Foo", "fields": {…}}
    {"$": "decimal", "text": "0.10"}  {"$": "date", "text": "2026-11-22"}
    {"$": "error", "parameters": {…}, "status": 529, "headers": {…}, "body": "…", "cut": null}

A description is made from exact types and base-class methods, so that a value which lies about
itself (`__eq__`, `__str__`, `__iter__`) is described as what it is, or as an opaque object. Both
ways are total: no value stops `describe`, and no JSON, however odd, stops `read`. Both have the
same bounds, because somebody could forge a description. `read` also draws on the exam's allowance,
and stops only when that is used up.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Json = Any

MAX_DEPTH = 60
MAX_NODES = 50_000
MAX_TEXT = 2_000_000
"""How many characters one description may hold, in all its strings together."""
MAX_INTEGER_BITS = 1024
MAX_HASHED = 1_000
"""How many parts of sets, and of keys that aren't plain text, one description may hold.

Python compares items that share a hash, so the work can grow with the square of this.
"""
MAX_SHOWN = 200
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


@dataclass(frozen=True)
class SdkObject:
    """Hold an object of an SDK as its class's name and its fields as plain data."""

    type: str
    data: Json

    def __repr__(self) -> str:
        return _as_call(self.type, self.data)


@dataclass(frozen=True)
class Opaque:
    """Hold what we know about a value that isn't plain data: its type's name and a short text."""

    type: str
    text: str

    def __repr__(self) -> str:
        return f"a {self.type}: {self.text}"


@dataclass(frozen=True)
class Record:
    """Hold an instance of a dataclass as its class's name and its fields as plain data."""

    type: str
    fields: dict[str, Any]

    def __repr__(self) -> str:
        return _as_call(self.type, self.fields)


@dataclass(frozen=True)
class KeptHandle:
    """Stand for a learner's object that the candidate keeps for later calls."""

    id: int
    type: str

    def __repr__(self) -> str:
        return f"a {self.type}"


@dataclass(frozen=True)
class ClientHandle:
    """Stand for an API client that the candidate makes.

    kind: anthropic or anthropic_async. retries: how often it retries a request by itself.
    """

    id: int
    kind: str = "anthropic"
    retries: int = 0

    def __repr__(self) -> str:
        return "the client"


@dataclass(frozen=True)
class SdkError:
    """Stand for the exception that the SDK raises for one call; the candidate makes the call.

    parameters: those of `messages.create`. status, headers, body: the API's answer.
    cut: how the connection is lost; see `Reply.cut`.
    python: the name of one of Python's own exceptions, which is raised in the call's place; the
    body is then its text. is_strict: whether the client validates replies.
    """

    parameters: dict[str, Any]
    status: int
    headers: dict[str, str]
    body: str
    cut: str | None = None
    python: str = ""
    is_strict: bool = False

    def __repr__(self) -> str:
        if self.python:
            return f"a {self.python}: {self.body}"
        return f"an error of the API: {self.body or self.cut}"


@dataclass(frozen=True)
class CallableHandle:
    """Stand for a function of the exam that the learner's code may call.

    parameters: the names that its signature shows; any arguments when there are none.
    """

    id: int
    name: str
    parameters: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"the function {self.name}"


def _as_call(name: str, data: Json) -> str:
    """Return an object as its class would be called; no class of an exam is in a sentence."""
    if not isinstance(data, dict):
        return f"{name}({data!r})"
    return f"{name}({', '.join(f'{key}={value!r}' for key, value in data.items())})"


class TooLarge(Exception):
    """Signal that a value, or its description, is too large."""


@dataclass
class Budget:
    """Track how much more one description may hold."""

    nodes: int = MAX_NODES
    text: int = MAX_TEXT
    hashed: int = MAX_HASHED

    def take(self, *, nodes: int = 0, text: int = 0, hashed: int = 0) -> None:
        """Take from the budget; raises TooLarge if not enough is left."""
        self.nodes -= nodes
        self.text -= text
        self.hashed -= hashed
        if self.nodes < 0 or self.text < 0 or self.hashed < 0:
            raise TooLarge


def describe(value: object) -> Json:
    """Return a JSON description of any value; only its type if nothing else can be described."""
    try:
        return _describe(value, Budget(), 0)
    except (TooLarge, RecursionError, MemoryError):
        return _opaque(value, "too large to be judged")
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a learner's object may do anything
        return _opaque(value, f"cannot be read: {name_of(type(error))}")


def name_of(kind: type) -> str:
    """Return a class's real name, even if its metaclass gives another."""
    return str.__str__(type.__dict__["__name__"].__get__(kind))


def _opaque(value: object, text: str) -> Json:
    return {"$": "object", "type": name_of(type(value)), "text": text}


def _describe(value: object, budget: Budget, depth: int) -> Json:
    if depth > MAX_DEPTH:
        raise TooLarge
    budget.take(nodes=1)
    if value is None or value is True or value is False:
        return value
    kind = type(value)
    for base, describer in _PLAIN:
        # issubclass on the exact type: `__class__` and `__instancecheck__` can lie.
        if issubclass(kind, base):
            return describer(value, budget, depth + 1)
    if kind in _HANDLES:
        return _HANDLES[kind](value, budget, depth + 1)
    if _is_sdk_model(kind):
        return _sdk_model(value, budget, depth + 1)
    if _is_dataclass(kind):
        return _record(value, budget, depth + 1)
    return _opaque(value, _shown(value))


def _integer(value: Any, _budget: Budget, _depth: int) -> Json:
    plain = int.__index__(value)
    if plain.bit_length() > MAX_INTEGER_BITS:
        raise TooLarge
    return plain


def _float(value: Any, _budget: Budget, _depth: int) -> Json:
    plain = float.__float__(value)
    return plain if math.isfinite(plain) else {"$": "float", "text": float.__repr__(plain)}


def _string(value: Any, budget: Budget, _depth: int) -> Json:
    budget.take(text=str.__len__(value))
    return str.__str__(value)


def _bytes(value: Any, budget: Budget, _depth: int) -> Json:
    base: Any = bytes if issubclass(type(value), bytes) else bytearray
    budget.take(text=2 * base.__len__(value))
    # A slice by the base class: bytes(value) would ask `__bytes__`.
    return {"$": "bytes", "hex": base.__getitem__(value, slice(None)).hex()}


def _decimal(value: Any, budget: Budget, _depth: int) -> Json:
    text = Decimal.__str__(value)
    budget.take(text=len(text))
    return {"$": "decimal", "text": text}


def _date(value: Any, _budget: Budget, _depth: int) -> Json:
    # A datetime is a date to issubclass, and would lose its time.
    if issubclass(type(value), datetime):
        return _opaque(value, _shown(value))
    return {"$": "date", "text": date.isoformat(value)}


def _list(value: Any, budget: Budget, depth: int) -> Json:
    return [_describe(item, budget, depth) for item in list.__iter__(value)]


def _tuple(value: Any, budget: Budget, depth: int) -> Json:
    items = [_describe(item, budget, depth) for item in tuple.__iter__(value)]
    return {"$": "tuple", "items": items}


def _set(value: Any, budget: Budget, depth: int) -> Json:
    base: Any = set if issubclass(type(value), set) else frozenset
    items = [_describe_hashed(item, budget, depth) for item in base.__iter__(value)]
    # Sorted, because a set's own order changes from process to process.
    return {"$": "set", "items": sorted(items, key=json.dumps)}


def _dict(value: Any, budget: Budget, depth: int) -> Json:
    pairs = list(dict.items(value))
    if all(type(key) is str for key, _ in pairs) and "$" not in [key for key, _ in pairs]:
        budget.take(text=sum(len(key) for key, _ in pairs))
        return {key: _describe(item, budget, depth) for key, item in pairs}
    return {
        "$": "dict",
        "items": [
            [_describe_hashed(key, budget, depth), _describe(item, budget, depth)]
            for key, item in pairs
        ],
    }


def _describe_hashed(value: Any, budget: Budget, depth: int) -> Json:
    """Describe an item of a set, or a key; each of its parts counts as hashed."""
    before = budget.nodes
    described = _describe(value, budget, depth)
    budget.take(hashed=before - budget.nodes)
    return described


def _client(value: Any, _budget: Budget, _depth: int) -> Json:
    return {
        "$": "client",
        "id": exactly(int, value.id),
        "kind": exactly(str, value.kind),
        "retries": exactly(int, value.retries),
    }


def _error(value: Any, budget: Budget, depth: int) -> Json:
    fields = {name: getattr(value, name) for name in value.__dataclass_fields__}
    return {"$": "error", **_dict(fields, budget, depth)}


def _callable(value: Any, _budget: Budget, _depth: int) -> Json:
    return {
        "$": "callable",
        "id": exactly(int, value.id),
        "name": exactly(str, value.name),
        "parameters": [exactly(str, each) for each in value.parameters],
    }


def _kept(value: Any, _budget: Budget, _depth: int) -> Json:
    return {"$": "kept", "id": exactly(int, value.id), "type": exactly(str, value.type)}


def _record(value: Any, budget: Budget, depth: int) -> Json:
    fields = {exactly(str, name): getattr(value, name) for name in value.__dataclass_fields__}
    described = _describe(fields, budget, depth)
    return {"$": "record", "type": name_of(type(value)), "fields": described}


def _sdk_object(value: Any, budget: Budget, depth: int) -> Json:
    data = _describe(value.data, budget, depth)
    return {"$": "model", "type": exactly(str, value.type), "data": data}


Describer = Callable[[Any, Budget, int], Json]

_PLAIN: tuple[tuple[Any, Describer], ...] = (
    (str, _string),
    (int, _integer),
    (float, _float),
    (list, _list),
    (dict, _dict),
    (tuple, _tuple),
    ((set, frozenset), _set),
    ((bytes, bytearray), _bytes),
    (Decimal, _decimal),
    (date, _date),
)
_HANDLES: dict[type, Describer] = {
    ClientHandle: _client,
    KeptHandle: _kept,
    CallableHandle: _callable,
    SdkError: _error,
    SdkObject: _sdk_object,
}


def exactly(kind: type, value: object) -> Json:
    """Return a value of this very type, or raise TypeError."""
    if type(value) is not kind:
        raise TypeError(f"{name_of(type(value))} is no {kind.__name__}")
    return value


def _is_sdk_model(kind: type) -> bool:
    module = type.__dict__["__module__"].__get__(kind)
    return (
        type(module) is str
        and module.split(".")[0] in ("anthropic", "openai")
        and hasattr(kind, "model_fields")
    )


def _is_dataclass(kind: type) -> bool:
    # The class's own dict, by the base class: `__getattr__` of a metaclass can lie.
    own = type.__dict__["__dict__"]
    return any("__dataclass_fields__" in own.__get__(base) for base in type.mro(kind))


def _sdk_model(value: Any, budget: Budget, depth: int) -> Json:
    try:
        data = value.to_dict(mode="json", warnings=False)
    except Exception as error:  # noqa: BLE001 - the learner's object may be in any state
        return _opaque(value, name_of(type(error)))
    kind = name_of(type(value))
    return {"$": "model", "type": kind, "data": _describe(data, budget, depth)}


def without_addresses(text: str) -> str:
    """Return a text without memory addresses, which make two reports of one submission differ."""
    return _ADDRESS.sub("", text)


def _shown(value: object) -> str:
    try:
        text = str.__str__(repr(value))
    except Exception as error:  # noqa: BLE001 - a broken __repr__ is no reason to stop
        return f"no repr: {name_of(type(error))}"
    text = without_addresses(text)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
