"""What a table of the catalog file may hold, and the error messages for tables that don't fit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from grader.errors import CatalogError


@dataclass(frozen=True)
class Key:
    """Say what one key of a table must hold."""

    expected: str
    """In words, as a message shows it."""
    example: str
    """A right value, as TOML."""
    read: Callable[[Any], Any]
    """Convert the value for Python; raise ValueError if it isn't what we expect."""
    required: bool = True


def read_table(table: Mapping[str, Any], keys: Mapping[str, Key], *, place: str) -> dict[str, Any]:
    """Read every key of a table, and leave out optional keys that are absent.

    Raises CatalogError, beginning with `place`, on an unknown, a missing or a wrong key.
    """
    for name in table:
        if name not in keys:
            raise CatalogError(f"{place}: the key {name!r} is unknown. {_advice(name, keys)}")
    values = {}
    for name, key in keys.items():
        line = f"{name} = {key.example}"
        if name in table:
            try:
                values[name] = key.read(table[name])
            except ValueError:
                raise CatalogError(
                    f"{place}: {name} is {_shown(table[name])}; expected {key.expected}. "
                    f"Write it like this: {line}"
                ) from None
        elif key.required:
            raise CatalogError(
                f"{place}: the key {name!r} is missing; expected {key.expected}. "
                f"Add a line like this: {line}"
            )
    return values


def optional(key: Key) -> Key:
    """Make a required key optional."""
    return replace(key, required=False)


def text(example: str) -> Key:
    """Expect a string with something in it."""
    return Key("a non-empty string", f'"{example}"', _read_text)


def texts(example: str) -> Key:
    """Expect an array of strings, empty or not."""
    return Key("an array of non-empty strings", f'["{example}"]', _array_of(_read_text))


def choice(*words: str) -> Key:
    """Expect one of these strings."""
    return Key(f"one of {', '.join(words)}", f'"{words[0]}"', _one_of(words))


def choices(*words: str) -> Key:
    """Expect an array that holds some of these strings, or none."""
    return Key(
        f"an array of any of {', '.join(words)}", f'["{words[0]}"]', _array_of(_one_of(words))
    )


def whole(example: int) -> Key:
    """Expect a whole number above 0."""
    return Key("a whole number above 0", str(example), _read_whole)


def money(example: str) -> Key:
    """Expect a price in USD, above 0."""
    return Key("a number above 0, in USD per million tokens", example, _read_money)


def flag() -> Key:
    """Expect true or false."""
    return Key("true or false", "true", lambda value: _checked(value, right=type(value) is bool))


def day(example: str) -> Key:
    """Expect a date without a time."""
    return Key(
        "a date, without quotes", example, lambda value: _checked(value, right=type(value) is date)
    )


def table(example: str) -> Key:
    """Expect a table, whose own keys are read later."""
    return Key("a table", example, _read_mapping)


def tables(example: str) -> Key:
    """Expect a non-empty array of tables, whose own keys are read later."""
    read = _array_of(_read_mapping)
    return Key("one table or more", example, lambda value: read(_checked(value, right=bool(value))))


def _read_text(value: Any) -> Any:
    return _checked(value, right=isinstance(value, str) and bool(value.strip()))


def _read_mapping(value: Any) -> Any:
    return _checked(value, right=isinstance(value, dict))


def _read_whole(value: Any) -> Any:
    # By type(): a bool is an int to isinstance().
    return _checked(value, right=type(value) is int and value > 0)


def _read_money(value: Any) -> Decimal:
    # A Decimal may be nan or inf, which TOML can write and a price cannot be.
    right_type = type(value) is int or (isinstance(value, Decimal) and value.is_finite())
    return Decimal(_checked(value, right=right_type and value > 0))


def _one_of(words: tuple[str, ...]) -> Callable[[Any], Any]:
    return lambda value: _checked(value, right=value in words)


def _array_of(read: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda value: tuple(map(read, _checked(value, right=isinstance(value, list))))


def _checked(value: Any, *, right: bool) -> Any:
    if not right:
        raise ValueError
    return value


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, Decimal | date) else repr(value)


def _advice(name: str, keys: Mapping[str, Key]) -> str:
    near = get_close_matches(name, keys, n=1)
    if near:
        return f"Rename it to {near[0]!r}, or remove its line."
    return f"Remove its line, or use one of: {', '.join(keys)}."
