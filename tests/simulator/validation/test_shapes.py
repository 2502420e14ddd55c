"""The type of one JSON value: returned as it is, or refused in the API's words."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.simulator.faults import Refused
from grader.simulator.validation import shapes

VALUES: dict[str, Any] = {
    "null": None,
    "boolean": True,
    "integer": 1,
    "number": 0.5,
    "string": "a",
    "array": [],
    "object": {},
}


@pytest.mark.parametrize(
    ("check", "accepted", "message"),
    [
        (shapes.array, {"array"}, "a: Input should be a valid array"),
        (shapes.mapping, {"object"}, "a: Input should be an object"),
        (shapes.shaped, {"object"}, "a: Input does not match the expected shape."),
        (shapes.string, {"string"}, "a: Input should be a valid string"),
        (shapes.integer, {"integer"}, "a: Input should be a valid integer"),
        (shapes.boolean, {"boolean"}, "a: Input should be a valid boolean"),
        (shapes.number, {"integer", "number"}, "a: Input should be a valid number"),
    ],
)
@pytest.mark.parametrize("kind", VALUES)
def test_a_value_is_of_its_type_or_refused(
    check: Callable[[Any, str], Any], accepted: set[str], message: str, kind: str
) -> None:
    """True is no integer, and 1 is a number."""
    if kind in accepted:
        assert check(VALUES[kind], "a") is VALUES[kind]
    else:
        with pytest.raises(Refused) as caught:
            check(VALUES[kind], "a")
        assert caught.value.fault.message == message


@pytest.mark.parametrize(
    ("allowed", "listed"),
    [(("a",), "'a'"), (("a", "b"), "'a' or 'b'"), (("a", "b", "c"), "'a', 'b' or 'c'")],
)
@pytest.mark.parametrize("value", ["d", None, 1, [], {}])
def test_a_choice_lists_what_is_allowed(allowed: tuple[str, ...], listed: str, value: Any) -> None:
    """With an or before the last."""
    with pytest.raises(Refused) as caught:
        shapes.one_of(value, "x", allowed)
    assert caught.value.fault.message == f"x: Input should be {listed}"


def test_bounds_are_inclusive() -> None:
    """Of integers and of the length of strings."""
    assert shapes.integer(1_024, "x", minimum=1_024) == 1_024
    assert shapes.string("a", "x", minimum=1) == "a"


def test_a_field_at_the_top_has_no_path() -> None:
    """Elsewhere it is named with what is around it."""
    for path, message in (("", "model: Field required"), ("a.0", "a.0.model: Field required")):
        with pytest.raises(Refused) as caught:
            shapes.field({}, "model", path)
        assert caught.value.fault.message == message


def test_the_first_unknown_key_is_told() -> None:
    """In the order of the body."""
    with pytest.raises(Refused) as caught:
        shapes.only({"a": 1, "z": 1, "y": 1}, "x", {"a"})
    assert caught.value.fault.message == "x.z: Extra inputs are not permitted"
