"""Shapes: few cases that try every value, and every pair that is to be tried."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import ExamError
from grader.exams import Shapes

NAMES = "abcdef"


@st.composite
def drawn_shapes(draw: st.DrawFn) -> Shapes:
    """Return shapes of up to six dimensions of up to five values, some of them paired."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=6))
    dimensions = {name: range(size) for name, size in zip(NAMES, sizes, strict=False)}
    possible = list(combinations(dimensions, 2))
    pairs = draw(st.lists(st.sampled_from(possible), unique=True)) if possible else []
    dear = draw(st.lists(st.sampled_from(list(dimensions)), unique=True))
    return Shapes(pairs=pairs, dear=dear, **dimensions)


@given(drawn_shapes())
def test_every_value_and_every_pair_is_tried(shapes: Shapes) -> None:
    """What an exercise declares is what its cases hold."""
    assert set().union(*(case.tried for case in shapes.cases)) == shapes.values
    for one, other in shapes.pairs:
        tried = {(getattr(case, one), getattr(case, other)) for case in shapes.cases}
        assert tried == set(product(shapes.dimensions[one], shapes.dimensions[other]))


@given(drawn_shapes())
def test_cases_are_few_and_begin_with_the_plainest(shapes: Shapes) -> None:
    """There are no more than there are things to try, none twice, and always the same."""
    targets = len(shapes.values) + sum(
        len(shapes.dimensions[one]) * len(shapes.dimensions[other]) for one, other in shapes.pairs
    )
    assert len(shapes.cases) <= targets
    assert vars(shapes.cases[0]) == {name: values[0] for name, values in shapes.dimensions.items()}
    assert [shapes.cases.count(case) for case in shapes.cases] == [1] * len(shapes.cases)
    again = Shapes(pairs=shapes.pairs, dear=shapes.dear, **shapes.dimensions)
    assert again.cases == shapes.cases


def test_some_dimensions_alone() -> None:
    """A scene that varies in less asks for less."""
    shapes = Shapes(pairs=[("a", "b")], a=[1, 2], b=[1, 2], c=[1, 2, 3])
    assert [vars(case) for case in shapes.only("c").cases] == [{"c": 1}, {"c": 2}, {"c": 3}]
    assert len(shapes.only("a", "b").cases) == 4
    with pytest.raises(ExamError, match="no dimension 'd'"):
        shapes.only("d")


def test_what_is_dear_comes_up_once() -> None:
    """But for the simplest value; what is paired with it needs it more often."""
    shapes = Shapes(dear=["length"], length=["short", "long", "longest"], size=range(9))
    lengths = [case.length for case in shapes.cases]
    assert sorted(lengths) == ["long", "longest", *["short"] * 7]
    assert shapes.only("size", "length").dear == ("length",)
    assert shapes.only("size").dear == ()


def test_what_no_case_could_try_is_refused() -> None:
    """A dimension without values and a pair without dimensions are mistakes of the author."""
    with pytest.raises(ExamError, match="no dimension 'b' to be dear"):
        Shapes(dear=["b"], a=[1])
    with pytest.raises(ExamError, match="'a' has no values"):
        Shapes(a=[])
    with pytest.raises(ExamError, match="no dimension 'b' to pair"):
        Shapes(pairs=[("a", "b")], a=[1])


def test_no_shapes_are_falsy() -> None:
    """An exercise that declares none can be told."""
    assert not Shapes()
    assert Shapes().cases == ()
