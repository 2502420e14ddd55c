"""Read the descriptions of values back, trusting none of them; see `description`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from grader.exams.allowance import LONG_NUMBER, Allowance
from grader.exams.description import (
    MAX_DEPTH,
    MAX_INTEGER_BITS,
    Budget,
    CallableHandle,
    ClientHandle,
    Json,
    KeptHandle,
    Opaque,
    Record,
    SdkError,
    SdkObject,
    TooLarge,
    exactly,
)

MAX_DECIMAL = 1_000
"""How many characters a Decimal may have, and how many digits written out."""
_LONG_BITS = (10 ** (LONG_NUMBER - 1)).bit_length()


def read(description: Json, allowance: Allowance | None = None) -> Any:
    """Return the value that a description stands for, as plain data that the exam makes itself.

    Anything that isn't a description, or is larger than `describe` makes, becomes an Opaque.
    allowance: what the whole exam may still accept. Raises TooMuch when that is used up.
    """
    try:
        return _Reading(allowance or Allowance()).read(description, 0)
    except TooLarge:
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
    """Read one description, within its own bounds and the exam's allowance."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._budget = Budget()
        self._is_hashed = False

    def read(self, description: Json, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise TooLarge
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
        plain: str = exactly(str, text)
        self._budget.take(text=len(plain))
        self._allowance.take_text(len(plain))
        return plain

    def _integer(self, number: int) -> None:
        if number.bit_length() > MAX_INTEGER_BITS:
            raise TooLarge
        if number.bit_length() >= _LONG_BITS:
            self._allowance.take_long_numbers(1)

    def _fields(self, description: Json, depth: int) -> dict[str, Any]:
        named = exactly(dict, description)
        return {self._text(key): self.read(item, depth + 1) for key, item in named.items()}

    def _items(self, description: Json) -> list[Json]:
        # A text or a dict can be iterated too, but isn't a list.
        items: list[Json] = exactly(list, description["items"])
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
            raise TooLarge
        value = Decimal(text)
        # Comparing a signaling NaN would raise in the check, not in the learner's code.
        if value.is_snan():
            return Opaque("Decimal", "sNaN")
        # And a check must not write out a billion zeros.
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
        return ClientHandle(
            exactly(int, description["id"]), kind, exactly(int, description["retries"])
        )

    def read_error(self, description: Json, depth: int) -> Any:
        cut = description["cut"]
        return SdkError(
            parameters=exactly(dict, self.read(description["parameters"], depth + 1)),
            status=exactly(int, description["status"]),
            headers=exactly(dict, self.read(description["headers"], depth + 1)),
            body=self._text(description["body"]),
            cut=None if cut is None else self._text(cut),
            python=self._text(description["python"]),
            is_strict=exactly(bool, description["is_strict"]),
        )

    def read_kept(self, description: Json, _depth: int) -> Any:
        return KeptHandle(exactly(int, description["id"]), self._text(description["type"]))

    def read_record(self, description: Json, depth: int) -> Any:
        kind = self._text(description["type"])
        return Record(kind, exactly(dict, self.read(description["fields"], depth + 1)))

    def read_callable(self, description: Json, _depth: int) -> Any:
        named = exactly(list, description["parameters"])
        return CallableHandle(
            exactly(int, description["id"]),
            self._text(description["name"]),
            tuple(self._text(each) for each in named),
        )

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
