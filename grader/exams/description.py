"""Describe Python values as plain JSON, and read such descriptions back.

All that passes between an exam and a learner's code is described here, whether they share a
process or not. What JSON has no word for is a dict with the one key `"$"` that names its kind:

    {"$": "tuple", "items": […]}      {"$": "model", "type": "TextBlock", "data": {…}}
    {"$": "client", "id": 1, …}       {"$": "object", "type": "Foo", "text": "<Foo …>"}
    {"$": "kept", "id": 1, …}         {"$": "record", "type": "Foo", "fields": {…}}
    {"$": "decimal", "text": "0.10"}  {"$": "date", "text": "2026-11-22"}
    {"$": "error", "parameters": {…}, "status": 529, "headers": {…}, "body": "…", "cut": null}

A description is made from exact types and base-class methods, so that a value which lies about
itself (`__eq__`, `__str__`, `__iter__`) is described as what it is, or as an opaque object. Both
ways are total: no value stops `describe`, and no JSON, however odd, stops `read`. Both have the
same bounds, for a description may be forged. `read` takes from the exam's allowance, too, and only
the end of that ends the reading.
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

from grader.exams.allowance import LONG_NUMBER, Allowance

Json = Any

MAX_DEPTH = 60
MAX_NODES = 50_000
MAX_TEXT = 2_000_000
"""How many characters one description may hold, all strings taken together."""
MAX_INTEGER_BITS = 1024
MAX_HASHED = 1_000
"""How many parts of sets, and of keys that are no plain text, one description may hold.

Items with one hash are compared with each other, so the work may grow with the square of this.
"""
MAX_DECIMAL = 1_000
"""How many characters a Decimal may have, and how many digits when it is written out."""
MAX_SHOWN = 200
_LONG_BITS = (10 ** (LONG_NUMBER - 1)).bit_length()
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


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
class Record:
    """Hold an instance of a dataclass as its class's name and its fields as plain data."""

    type: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class KeptHandle:
    """Stand for an object of the learner's that the candidate keeps for later calls."""

    id: int
    type: str


@dataclass(frozen=True)
class ClientHandle:
    """Stand for an API client that the candidate makes.

    kind: anthropic or anthropic_async. retries: how often it tries a request again by itself.
    """

    id: int
    kind: str = "anthropic"
    retries: int = 0


@dataclass(frozen=True)
class SdkError:
    """Stand for the exception that the SDK raises for one call; the candidate makes the call.

    parameters: those of `messages.create`. status, headers, body: what is answered.
    cut: how the connection is lost, as `Reply.cut` has it.
    """

    parameters: dict[str, Any]
    status: int
    headers: dict[str, str]
    body: str
    cut: str | None = None


@dataclass(frozen=True)
class CallableHandle:
    """Stand for a function of the exam that learners' code may call."""

    id: int
    name: str


class _TooLarge(Exception):
    pass


@dataclass
class _Budget:
    nodes: int = MAX_NODES
    text: int = MAX_TEXT
    hashed: int = MAX_HASHED

    def take(self, *, nodes: int = 0, text: int = 0, hashed: int = 0) -> None:
        self.nodes -= nodes
        self.text -= text
        self.hashed -= hashed
        if self.nodes < 0 or self.text < 0 or self.hashed < 0:
            raise _TooLarge


def describe(value: object) -> Json:
    """Return a JSON description of any value; of one that cannot be described, only its type."""
    try:
        return _describe(value, _Budget(), 0)
    except (_TooLarge, RecursionError, MemoryError):
        return _opaque(value, "too large to be judged")
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a learner's object may do anything
        return _opaque(value, f"cannot be read: {name_of(type(error))}")


def name_of(kind: type) -> str:
    """Return a class's name, whatever its metaclass says."""
    return str.__str__(type.__dict__["__name__"].__get__(kind))


def _opaque(value: object, text: str) -> Json:
    return {"$": "object", "type": name_of(type(value)), "text": text}


def _describe(value: object, budget: _Budget, depth: int) -> Json:
    if depth > MAX_DEPTH:
        raise _TooLarge
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


def _integer(value: Any, _budget: _Budget, _depth: int) -> Json:
    plain = int.__index__(value)
    if plain.bit_length() > MAX_INTEGER_BITS:
        raise _TooLarge
    return plain


def _float(value: Any, _budget: _Budget, _depth: int) -> Json:
    plain = float.__float__(value)
    return plain if math.isfinite(plain) else {"$": "float", "text": float.__repr__(plain)}


def _string(value: Any, budget: _Budget, _depth: int) -> Json:
    budget.take(text=str.__len__(value))
    return str.__str__(value)


def _bytes(value: Any, budget: _Budget, _depth: int) -> Json:
    base: Any = bytes if issubclass(type(value), bytes) else bytearray
    budget.take(text=2 * base.__len__(value))
    # A slice by the base class: bytes(value) would ask `__bytes__`.
    return {"$": "bytes", "hex": base.__getitem__(value, slice(None)).hex()}


def _decimal(value: Any, budget: _Budget, _depth: int) -> Json:
    text = Decimal.__str__(value)
    budget.take(text=len(text))
    return {"$": "decimal", "text": text}


def _date(value: Any, _budget: _Budget, _depth: int) -> Json:
    # A datetime is a date to issubclass, and would lose its time.
    if issubclass(type(value), datetime):
        return _opaque(value, _shown(value))
    return {"$": "date", "text": date.isoformat(value)}


def _list(value: Any, budget: _Budget, depth: int) -> Json:
    return [_describe(item, budget, depth) for item in list.__iter__(value)]


def _tuple(value: Any, budget: _Budget, depth: int) -> Json:
    items = [_describe(item, budget, depth) for item in tuple.__iter__(value)]
    return {"$": "tuple", "items": items}


def _set(value: Any, budget: _Budget, depth: int) -> Json:
    base: Any = set if issubclass(type(value), set) else frozenset
    items = [_describe_hashed(item, budget, depth) for item in base.__iter__(value)]
    # In an order of their own: that of a set changes from process to process.
    return {"$": "set", "items": sorted(items, key=json.dumps)}


def _dict(value: Any, budget: _Budget, depth: int) -> Json:
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


def _describe_hashed(value: Any, budget: _Budget, depth: int) -> Json:
    """Describe an item of a set, or a key, which counts with all its parts."""
    before = budget.nodes
    described = _describe(value, budget, depth)
    budget.take(hashed=before - budget.nodes)
    return described


def _client(value: Any, _budget: _Budget, _depth: int) -> Json:
    return {
        "$": "client",
        "id": _as(int, value.id),
        "kind": _as(str, value.kind),
        "retries": _as(int, value.retries),
    }


def _error(value: Any, budget: _Budget, depth: int) -> Json:
    fields = {name: getattr(value, name) for name in value.__dataclass_fields__}
    return {"$": "error", **_dict(fields, budget, depth)}


def _callable(value: Any, _budget: _Budget, _depth: int) -> Json:
    return {"$": "callable", "id": _as(int, value.id), "name": _as(str, value.name)}


def _kept(value: Any, _budget: _Budget, _depth: int) -> Json:
    return {"$": "kept", "id": _as(int, value.id), "type": _as(str, value.type)}


def _record(value: Any, budget: _Budget, depth: int) -> Json:
    fields = {_as(str, name): getattr(value, name) for name in value.__dataclass_fields__}
    described = _describe(fields, budget, depth)
    return {"$": "record", "type": name_of(type(value)), "fields": described}


def _sdk_object(value: Any, budget: _Budget, depth: int) -> Json:
    data = _describe(value.data, budget, depth)
    return {"$": "model", "type": _as(str, value.type), "data": data}


Describer = Callable[[Any, _Budget, int], Json]

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


def _as(kind: type, value: object) -> Json:
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


def _sdk_model(value: Any, budget: _Budget, depth: int) -> Json:
    try:
        data = value.to_dict(mode="json", warnings=False)
    except Exception as error:  # noqa: BLE001 - the learner's object may be in any state
        return _opaque(value, name_of(type(error)))
    kind = name_of(type(value))
    return {"$": "model", "type": kind, "data": _describe(data, budget, depth)}


def _shown(value: object) -> str:
    try:
        text = str.__str__(repr(value))
    except Exception as error:  # noqa: BLE001 - a broken __repr__ is no reason to stop
        return f"no repr: {name_of(type(error))}"
    # An address says nothing, and would make two reports of one submission differ.
    text = _ADDRESS.sub("", text)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def read(description: Json, allowance: Allowance | None = None) -> Any:
    """Return the value that a description stands for, as plain data of the exam's own making.

    What is no description at all, or a larger one than `describe` makes, is read as an Opaque.
    allowance: what the whole exam may still take in. Raises TooMuch when that is used up.
    """
    try:
        return _Reading(allowance or Allowance()).read(description, 0)
    except _TooLarge:
        return Opaque("unknown", "too large to be judged")
    except (
        ArithmeticError,
        LookupError,
        MemoryError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        return Opaque("unknown", f"no description: {type(error).__name__}")


class _Reading:
    """Read one description, within the bounds of one and of the exam's allowance."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._budget = _Budget()
        self._is_hashed = False

    def read(self, description: Json, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise _TooLarge
        self._budget.take(nodes=1, hashed=self._is_hashed)
        self._allowance.take_object()
        if self._is_hashed:
            self._allowance.take_hashed()
        if isinstance(description, str):
            return self._text(description)
        if isinstance(description, list):
            return [self.read(item, depth + 1) for item in description]
        if isinstance(description, dict):
            if "$" not in description:
                return self._fields(description, depth)
            return _READERS[description["$"]](self, description, depth)
        if isinstance(description, int):
            self._integer(description)
        return description

    def _text(self, text: Json) -> str:
        plain: str = _as(str, text)
        self._budget.take(text=len(plain))
        self._allowance.take_text(len(plain))
        return plain

    def _integer(self, number: int) -> None:
        if number.bit_length() > MAX_INTEGER_BITS:
            raise _TooLarge
        if number.bit_length() >= _LONG_BITS:
            self._allowance.take_long_numbers(1)

    def _fields(self, description: Json, depth: int) -> dict[str, Any]:
        named = _as(dict, description)
        return {self._text(key): self.read(item, depth + 1) for key, item in named.items()}

    def _items(self, description: Json) -> list[Json]:
        # A text or a dict can be gone through as well, and is no list.
        items: list[Json] = _as(list, description["items"])
        return items

    def _hashed(self, description: Json, depth: int) -> Any:
        """Read an item of a set, or a key."""
        was_hashed, self._is_hashed = self._is_hashed, True
        value = self.read(description, depth)
        self._is_hashed = was_hashed
        return value

    def read_float(self, description: Json, _depth: int) -> Any:
        return float(self._text(description["text"]))

    def read_bytes(self, description: Json, _depth: int) -> Any:
        return bytes.fromhex(self._text(description["hex"]))

    def read_decimal(self, description: Json, _depth: int) -> Any:
        text = self._text(description["text"])
        if len(text) > MAX_DECIMAL:
            raise _TooLarge
        value = Decimal(text)
        # A signaling NaN raises when it is compared, in the check and not in the learner's code.
        if value.is_snan():
            return Opaque("Decimal", "sNaN")
        # Nor may a check write out a billion zeros.
        if not -MAX_DECIMAL < value.adjusted() < MAX_DECIMAL:
            return Opaque("Decimal", text)
        if len(text) >= LONG_NUMBER:
            self._allowance.take_long_numbers(1)
        return value

    def read_date(self, description: Json, _depth: int) -> Any:
        return date.fromisoformat(self._text(description["text"]))

    def read_tuple(self, description: Json, depth: int) -> Any:
        return tuple(self.read(item, depth + 1) for item in self._items(description))

    def read_set(self, description: Json, depth: int) -> Any:
        items = [self._hashed(item, depth + 1) for item in self._items(description)]
        try:
            return frozenset(items)
        except TypeError:
            return Opaque("set", "with items that are no plain data")

    def read_dict(self, description: Json, depth: int) -> Any:
        pairs = [
            (self._hashed(key, depth + 1), self.read(item, depth + 1))
            for key, item in self._items(description)
        ]
        try:
            return dict(pairs)
        except TypeError:
            return Opaque("dict", "with keys that are no plain data")

    def read_client(self, description: Json, _depth: int) -> Any:
        kind = self._text(description["kind"])
        return ClientHandle(_as(int, description["id"]), kind, _as(int, description["retries"]))

    def read_error(self, description: Json, depth: int) -> Any:
        cut = description["cut"]
        return SdkError(
            parameters=_as(dict, self.read(description["parameters"], depth + 1)),
            status=_as(int, description["status"]),
            headers=_as(dict, self.read(description["headers"], depth + 1)),
            body=self._text(description["body"]),
            cut=None if cut is None else self._text(cut),
        )

    def read_kept(self, description: Json, _depth: int) -> Any:
        return KeptHandle(_as(int, description["id"]), self._text(description["type"]))

    def read_record(self, description: Json, depth: int) -> Any:
        kind = self._text(description["type"])
        return Record(kind, _as(dict, self.read(description["fields"], depth + 1)))

    def read_callable(self, description: Json, _depth: int) -> Any:
        return CallableHandle(_as(int, description["id"]), self._text(description["name"]))

    def read_model(self, description: Json, depth: int) -> Any:
        kind = self._text(description["type"])
        return SdkObject(kind, self.read(description["data"], depth + 1))

    def read_object(self, description: Json, _depth: int) -> Any:
        return Opaque(self._text(description["type"]), self._text(description["text"]))


_READERS: dict[str, Callable[[_Reading, Json, int], Any]] = {
    "float": _Reading.read_float,
    "bytes": _Reading.read_bytes,
    "decimal": _Reading.read_decimal,
    "date": _Reading.read_date,
    "tuple": _Reading.read_tuple,
    "set": _Reading.read_set,
    "dict": _Reading.read_dict,
    "client": _Reading.read_client,
    "error": _Reading.read_error,
    "kept": _Reading.read_kept,
    "record": _Reading.read_record,
    "callable": _Reading.read_callable,
    "model": _Reading.read_model,
    "object": _Reading.read_object,
}
