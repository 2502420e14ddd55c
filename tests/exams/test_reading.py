"""What is read from the other side: any JSON at all, and never anybody's code."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.exams import Opaque, is_question, is_report, read

KINDS = ["float", "bytes", "decimal", "tuple", "set", "dict", "client", "callable", "model"]
FIELDS = ["$", "text", "hex", "items", "id", "kind", "name", "type", "data"]

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.sampled_from([*KINDS, "object", "nan", "1E+9", "00ff"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
@settings(max_examples=400)
def test_any_json_can_be_read(value: Any) -> None:
    """A line of somebody else's making stops nothing, and what it gives can be compared."""
    found = read(value)
    assert (found == found) in (True, False)
    assert isinstance(repr(found), str)
    assert is_question(value) in (True, False)
    assert is_report(value) in (True, False)


@pytest.mark.parametrize(
    "description",
    [
        {"$": "surprise"},
        {"$": ["float"]},
        {"$": "float"},
        {"$": "float", "text": "much"},
        {"$": "float", "text": 1},
        {"$": "bytes", "hex": "zz"},
        {"$": "decimal", "text": "1E+999999999999999999999"},
        {"$": "tuple", "items": 3},
        {"$": "dict", "items": [[1]]},
        {"$": "client", "id": "1", "kind": "anthropic"},
        {"$": "callable", "id": True, "name": "f"},
        {"$": "model", "type": 1, "data": {}},
        {"$": "object", "type": "A", "text": ["b"]},
    ],
    ids=str,
)
def test_what_is_no_description_is_opaque(description: Any) -> None:
    """It is judged like any other value that is no plain data."""
    assert isinstance(read(description), Opaque)
    assert read([1, description]) == read(description)


def test_a_description_that_is_too_deep_is_opaque() -> None:
    """Whoever sends it chose its depth."""
    deep: Any = {"$": "tuple", "items": []}
    for _ in range(100_000):
        deep = {"$": "tuple", "items": [deep]}
    assert isinstance(read(deep), Opaque)


@pytest.mark.parametrize(
    "description",
    [
        {"$": "set", "items": [[1]]},
        {"$": "dict", "items": [[[1], 2]]},
    ],
    ids=["set", "dict"],
)
def test_what_cannot_be_a_key_is_opaque(description: Any) -> None:
    """A list in a set is no value of Python's."""
    assert isinstance(read(description), Opaque)
