"""Values as plain JSON, however they try to look like something else."""

import json
from decimal import Decimal
from typing import Any

import anthropic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.exams import Opaque, SdkObject, describe, read

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**60), max_value=2**60)
    | st.floats(allow_nan=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


def crossed(value: object) -> Any:
    """Return a value after it went through JSON text, as between two processes."""
    return read(json.loads(json.dumps(describe(value), allow_nan=False)))


@given(PLAIN)
@settings(max_examples=150)
def test_plain_data_comes_back_as_it_was(value: object) -> None:
    """Whatever JSON can say, and infinite numbers too, is read back equal and of equal types."""
    assert repr(crossed(value)) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        (1, "two", [3]),
        {1: "a", None: [2]},
        {"$": "a key of ours"},
        frozenset({1, 2}),
        b"\x00\xff",
        Decimal("0.10"),
        {"a": (Decimal(1), {"b": b""})},
    ],
    ids=repr,
)
def test_what_json_has_no_word_for_comes_back_too(value: object) -> None:
    """Tuples, sets, bytes, Decimals and odd keys survive."""
    assert crossed(value) == value
    assert type(crossed(value)) is type(value)


class Liar(str):
    """Lie about everything that can be asked."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __str__(self) -> str:
        return "a lie"

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Any:
        return iter("lies")


class LyingList(list[int]):
    """Show other items than it holds."""

    def __iter__(self) -> Any:
        return iter([1, 2, 3])


class LyingDict(dict[str, int]):
    """Show other items than it holds."""

    def items(self) -> Any:
        """Lie."""
        return {"right": 1}.items()


class LyingInt(int):
    """Be equal to everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __index__(self) -> int:
        return 7


class Hostile:
    """Raise whenever it is looked at."""

    def __repr__(self) -> str:
        raise RuntimeError("no")

    @property
    def __class__(self) -> Any:  # type: ignore[override]
        return str


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (Liar("truth"), "truth"),
        (LyingList([9]), [9]),
        (LyingDict(wrong=0), {"wrong": 0}),
        (LyingInt(5), 5),
    ],
    ids=["str", "list", "dict", "int"],
)
def test_a_value_that_lies_is_described_as_what_it_is(value: object, truth: object) -> None:
    """Only methods of the base classes are asked."""
    assert repr(crossed(value)) == repr(truth)


@pytest.mark.parametrize(
    "value",
    [Hostile(), object(), print, (x for x in ()), type("Odd", (), {}), 1 << 5_000_000],
    ids=["hostile", "object", "function", "generator", "class", "number of a million digits"],
)
def test_what_is_no_plain_data_is_opaque(value: object) -> None:
    """Its type's name is told, and no more."""
    assert isinstance(crossed(value), Opaque)


def nested(depth: int) -> list[Any]:
    """Return a list in a list in a list …."""
    inner: list[Any] = []
    for _ in range(depth):
        inner = [inner]
    return inner


@pytest.mark.parametrize(
    "value",
    [nested(100_000), [0] * 1_000_000, "x" * 50_000_000, {str(i): i for i in range(200_000)}],
    ids=["deep", "long", "long text", "wide"],
)
def test_what_is_too_large_is_opaque(value: object) -> None:
    """The exam is never drowned, and the learner's process is not either."""
    assert crossed(value) == Opaque(type(value).__name__, "too large to be judged")


def test_half_a_surrogate_pair_crosses_as_text() -> None:
    """A string that is no Unicode is still a string."""
    assert crossed("\ud800") == "\ud800"


def test_an_object_of_the_sdk_crosses_as_its_fields() -> None:
    """Its class's name and its data are what a check may look at."""
    block = anthropic.types.TextBlock(type="text", text="Hi.")
    assert crossed([block]) == [SdkObject("TextBlock", {"type": "text", "text": "Hi."})]


def test_an_unknown_description_is_opaque() -> None:
    """A protocol line of somebody else's making stops nothing."""
    assert isinstance(read({"$": "surprise"}), Opaque)
