"""The body of a request: JSON, and nothing that only Python takes for it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.simulator.faults import Refused
from grader.simulator.validation.body import MAX_DEPTH, read_body, read_json

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.floats(allow_nan=False)),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=20,
).filter(lambda value: "Infinity" not in json.dumps(value))


@settings(max_examples=150)
@given(value=JSON, escaped=st.booleans())
def test_json_is_read_as_it_was_written(value: Any, escaped: bool) -> None:
    """Escaped to ASCII or not."""
    assert read_body(json.dumps(value, ensure_ascii=escaped).encode()) == value


BAD: list[tuple[bytes, str]] = [
    (b'{"a" 1}', "unexpected character: line 1 column 6 (char 5)"),
    (b'{\n"a": nil}', "unexpected character: line 2 column 6 (char 7)"),
    (b'{"a": NaN}', "unexpected character in NaN"),
    (b"[-Infinity]", "unexpected character in -Infinity"),
    (b"[1e400]", "number is infinity when parsed as double"),
    (b'["\\ud83d"]', "no low surrogate in string: line 1 column 9 (char 8)"),
    (b'["\\uD83D\\u0041"]', "no low surrogate in string: line 1 column 9 (char 8)"),
    (b'["\\ude00"]', "invalid high surrogate in string: line 1 column 9 (char 8)"),
]


@pytest.mark.parametrize(("body", "message"), BAD, ids=range(len(BAD)))
def test_what_is_not_json_is_refused_in_the_apis_words(body: bytes, message: str) -> None:
    """With the place where reading stopped."""
    with pytest.raises(Refused) as caught:
        read_body(body)
    assert caught.value.fault.status == 400
    assert caught.value.fault.message == f"The request body is not valid JSON: {message}"


@pytest.mark.parametrize(
    "text", ['"\\ud83d\\ude00"', '"\\\\ud83d"', '"\\\\\\\\ud83d"', '"\\ud7ff\\ue000"']
)
def test_whole_pairs_and_escaped_backslashes_are_no_halves(text: str) -> None:
    """Only a real escape counts."""
    assert read_json(text) == json.loads(text)


def test_nesting_is_bounded() -> None:
    """At the bound it is read, one deeper it is refused, and so in objects and arrays alike."""
    for left, right in (("[", "]"), ('{"a":', "}")):
        inner = "1" if left != "[" else ""
        assert read_json(left * MAX_DEPTH + inner + right * MAX_DEPTH)
        with pytest.raises(ValueError, match="more than 200 levels of arrays and objects"):
            read_json(left * (MAX_DEPTH + 1) + inner + right * (MAX_DEPTH + 1))


def test_width_is_not_depth() -> None:
    """A long conversation is flat."""
    wide = [{"a": []}] * 10_000
    assert read_json(json.dumps(wide)) == wide
