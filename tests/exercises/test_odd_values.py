"""Whatever a learner's function returns, a check comes to a verdict, and gives nothing for it."""

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.exams import CallableHandle, ClientHandle, Opaque, SdkObject, panel
from tests.exercises.marks import each_proof
from tests.exercises.proof import Proof


class Equal:
    """Claims to be equal to everything, and to hold itself."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __getattr__(self, name: str) -> Any:
        return self

    def __iter__(self) -> Any:
        return iter([self, self])

    def __repr__(self) -> str:
        return "True"


class EqualText(str):
    """Claims to be equal to every text."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("")


def _deep() -> list[Any]:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    return value


def _cycle() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


ODD = {
    "equal to everything": Equal(),
    "equal text": EqualText("no"),
    "a type": str,
    "an exception": ValueError("no"),
    "NaN": math.nan,
    "a signaling NaN": Decimal("sNaN"),
    "bytes": b"stop",
    "a huge number": 10**5000,
    "a deep list": _deep(),
    "a list of itself": _cycle(),
    "a long list": [0] * 1_000_000,
    "half a pair": "\ud800",
    "a long text": "x" * 3_000_000,
    "a generator": (item for item in ()),
    "a dict with odd keys": {(1, 2): 3, None: 4, 5.5: 6, b"7": 8},
    "a dict of odd values": {"type": "image", "source": {"type": Equal(), "url": Equal()}},
    "a description": {"$": "decimal", "text": "sNaN"},
    "a pair of odd things": (Equal(), [Equal()]),
    "messages that are none": (7, [1, "a", {"role": {}}, {"role": ["system"]}]),
    "a request of odd parts": {
        "model": Equal(),
        "messages": {"role": "user"},
        "system": {"a": {1, 2}},
        "max_tokens": math.inf,
        "stop_sequences": ({"a"},),
        "metadata": ["user_id"],
    },
    "facts of odd kinds": {
        "id": [],
        "model": {},
        "stop_reason": (),
        "block_types": {"text": 1},
        "input_tokens": math.nan,
        "output_tokens": True,
    },
    "the exam's own client": ClientHandle(1),
    "the exam's own function": CallableHandle(1, "f"),
    "the exam's own object": SdkObject("Message", {"content": []}),
    "an object of no type": SdkObject(5, Equal()),  # type: ignore[arg-type]
    "nothing known": Opaque("coroutine", "x"),
}

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(
            st.sampled_from(["type", "source", "url", "data", "id", "role", "messages", "system"])
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@each_proof
@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_an_odd_value_earns_nothing_for_itself(proof: Proof, value: Any) -> None:
    """No value is right by lying, and none stops the check; asking alone earns no answer."""
    verdict = proof.judge_names({proof.exercise: lambda *given, **named: value})
    assert verdict.points == 0
    assert verdict.outcome in ("Not yet", "Crashed")
    panel(verdict).encode()


@each_proof
@settings(max_examples=40)
@given(value=plain)
def test_any_plain_value_comes_to_a_verdict(proof: Proof, value: Any) -> None:
    """A check reads what came back with care."""
    verdict = proof.judge_names({proof.exercise: lambda *given, **named: value})
    assert verdict.points < verdict.maximum
    panel(verdict).encode()


@each_proof
def test_an_argument_made_odd_does_not_stop_the_check(proof: Proof) -> None:
    """What was done to the arguments is read as carefully as what came back."""

    def spoil(*given: Any, **named: Any) -> Any:
        for value in given:
            if isinstance(value, list):
                value[:] = [Equal(), {(1, 2): Equal()}]
            if isinstance(value, dict):
                value.clear()
                value[(1, 2)] = Equal()
        return given[0]

    verdict = proof.judge_names({proof.exercise: spoil})
    assert verdict.points < verdict.maximum
