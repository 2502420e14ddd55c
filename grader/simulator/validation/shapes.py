"""Check the type of one JSON value, and refuse it in the API's words.

Each function takes the value and its path ("messages.0.content") and returns the value, or raises
Refused with the wording that the live API uses since August 2026.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from grader.simulator.faults import invalid
from grader.simulator.wire import JsonValue


def array(value: JsonValue, path: str) -> list[JsonValue]:
    """Return a list, or refuse."""
    if not isinstance(value, list):
        raise invalid(f"{path}: Input should be a valid array")
    return value


def mapping(value: JsonValue, path: str) -> dict[str, JsonValue]:
    """Return a dict, or refuse."""
    if not isinstance(value, dict):
        raise invalid(f"{path}: Input should be an object")
    return value


def shaped(value: JsonValue, path: str) -> dict[str, JsonValue]:
    """Return a dict, or refuse in the words of the few places that say it so."""
    if not isinstance(value, dict):
        raise invalid(f"{path}: Input does not match the expected shape.")
    return value


def string(value: JsonValue, path: str, *, minimum: int = 0, maximum: int | None = None) -> str:
    """Return a str of at least and at most so many characters, or refuse."""
    if not isinstance(value, str):
        raise invalid(f"{path}: Input should be a valid string")
    if len(value) < minimum:
        raise invalid(f"{path}: String should have at least {minimum} character")
    if maximum is not None and len(value) > maximum:
        raise invalid(f"{path}: String should have at most {maximum} characters")
    return value


def integer(value: JsonValue, path: str, *, minimum: int | None = None) -> int:
    """Return an int (a bool is none), or refuse."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise invalid(f"{path}: Input should be a valid integer")
    if minimum is not None and value < minimum:
        raise invalid(f"{path}: Input should be greater than or equal to {minimum}")
    return value


def boolean(value: JsonValue, path: str) -> bool:
    """Return a bool, or refuse."""
    if not isinstance(value, bool):
        raise invalid(f"{path}: Input should be a valid boolean")
    return value


def number(value: JsonValue, path: str) -> float:
    """Return an int or float (a bool is none), or refuse."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid(f"{path}: Input should be a valid number")
    return value


def one_of(value: JsonValue, path: str, allowed: Sequence[str]) -> str:
    """Return a str that is one of those allowed, or refuse."""
    if not isinstance(value, str) or value not in allowed:
        quoted = [f"'{name}'" for name in allowed]
        listed = quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
        raise invalid(f"{path}: Input should be {listed}")
    return value


def tag(value: dict[str, JsonValue], path: str, expected: Collection[str]) -> str:
    """Return the `type` of a tagged object, or refuse."""
    if "type" not in value:
        raise invalid(f"{path}.type: Field required")
    found = value["type"]
    if not isinstance(found, str) or found not in expected:
        listed = ", ".join(f"'{name}'" for name in sorted(expected))
        raise invalid(
            f"{path}: Input tag '{found}' found using 'type' does not match any of the "
            f"expected tags: {listed}"
        )
    return found


def field(value: dict[str, JsonValue], key: str, path: str) -> JsonValue:
    """Return a required key of an object, or refuse."""
    if key not in value:
        raise invalid(f"{path}.{key}: Field required" if path else f"{key}: Field required")
    return value[key]


def string_field(value: dict[str, JsonValue], key: str, path: str) -> str:
    """Return a required str of an object, or refuse; the path is written only then."""
    found = value.get(key)
    return found if isinstance(found, str) else string(field(value, key, path), f"{path}.{key}")


def only(value: dict[str, JsonValue], path: str, allowed: Collection[str]) -> None:
    """Refuse the first key that the API does not know."""
    for key in value:
        if key not in allowed:
            where = f"{path}.{key}" if path else key
            raise invalid(f"{where}: Extra inputs are not permitted")
