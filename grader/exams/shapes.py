"""The shapes of an exercise's inputs: the ways in which they vary, and cases that try them all.

    shapes = Shapes(
        pairs=[("calls", "beside")],
        calls=["one", "none", "two of one tool", "many"],
        beside=["nothing", "text", "thinking"],
        form=["Message", "BetaMessage"],
    )

A check that tries one shape passes code that works for that shape only. So an exercise declares
the dimensions of its inputs, and its check goes through `exam.cases()`: few enough to be quick,
and together they try every value of every dimension, and every pair of values of two dimensions
that act on each other. Which cases there are depends on no seed, so neither does the verdict; the
seed draws what stands in them. (In the books: a covering array of mixed strength.)

A dimension's values begin with the simplest, and so do the cases: a learner reads about the
simplest input that fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from grader.errors import ExamError

# The place of a value in its dimension, for one or two dimensions: what a case is to try.
_Target = tuple[tuple[str, int], ...]


class Case(SimpleNamespace):
    """Hold one case: the value of each dimension, by its name."""

    @property
    def tried(self) -> set[tuple[str, str]]:
        """Return each dimension with its value written as code, as `Shapes.values` has them."""
        return {(name, repr(value)) for name, value in vars(self).items()}


class Shapes:
    """Declare in which dimensions an exercise's inputs vary.

    pairs: the dimensions that act on each other, two by two. dear: dimensions whose values take
    long, all but the simplest; they come up no more often than they must. dimensions: the values
    of each, the simplest first. Raises ExamError for a pair of unknown dimensions, for an unknown
    one that is dear, and for one with no value.
    """

    def __init__(
        self,
        *,
        pairs: Sequence[tuple[str, str]] = (),
        dear: Sequence[str] = (),
        **dimensions: Sequence[Any],
    ):
        unknown = {name for pair in pairs for name in pair} - set(dimensions)
        if unknown:
            raise ExamError(f"There is no dimension {min(unknown)!r} to pair.")
        strange = set(dear) - set(dimensions)
        if strange:
            raise ExamError(f"There is no dimension {min(strange)!r} to be dear.")
        empty = [name for name, values in dimensions.items() if not values]
        if empty:
            raise ExamError(f"The dimension {empty[0]!r} has no values.")
        self.dimensions: Mapping[str, tuple[Any, ...]] = {
            name: tuple(values) for name, values in dimensions.items()
        }
        self.pairs = tuple(pairs)
        self.dear = tuple(dear)
        self._parts: dict[tuple[str, ...], Shapes] = {}

    def __bool__(self) -> bool:
        """Return whether there is any dimension."""
        return bool(self.dimensions)

    @property
    def values(self) -> set[tuple[str, str]]:
        """Return each dimension with each of its values, written as code."""
        return {(name, repr(value)) for name, values in self.dimensions.items() for value in values}

    def only(self, *names: str) -> Shapes:
        """Return these dimensions alone, made once. Raises ExamError for an unknown one."""
        if names not in self._parts:
            unknown = set(names) - set(self.dimensions)
            if unknown:
                raise ExamError(f"There is no dimension {min(unknown)!r}.")
            pairs = [pair for pair in self.pairs if set(pair) <= set(names)]
            kept = {name: self.dimensions[name] for name in names}
            dear = [name for name in self.dear if name in names]
            self._parts[names] = Shapes(pairs=pairs, dear=dear, **kept)
        return self._parts[names]

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """Return few cases that try every value and every pair to be tried, the simplest first."""
        left = dict.fromkeys(self._targets())
        row = dict.fromkeys(self.dimensions, 0)
        rows: list[dict[str, int]] = []
        while left:
            rows.append(row)
            for target in [each for each in left if _is_met(each, row)]:
                del left[target]
            if left:
                row = self._row(next(iter(left)), left, rows)
        rows.sort(key=lambda row: (sum(map(bool, row.values())), tuple(row.values())))
        return tuple(self._case(row) for row in rows)

    def _targets(self) -> Iterator[_Target]:
        for one, other in self.pairs:
            for first in range(len(self.dimensions[one])):
                for second in range(len(self.dimensions[other])):
                    yield (one, first), (other, second)
        for name, values in self.dimensions.items():
            for place in range(len(values)):
                yield ((name, place),)

    def _row(
        self, target: _Target, left: Mapping[_Target, None], rows: Sequence[Mapping[str, int]]
    ) -> dict[str, int]:
        """Return a case that meets a target and as many of the others as it can.

        Where it can choose, it takes what the cases so far have tried least, and the simplest
        where the others are dear.
        """
        row = dict(target)
        for name, values in self.dimensions.items():
            if name not in row:
                places = range(len(values))
                gains = [sum(_is_met(each, {**row, name: at}) for each in left) for at in places]
                is_dear = name in self.dear
                tried = [0 if is_dear else sum(each[name] == at for each in rows) for at in places]
                row[name] = min(places, key=lambda at: (-gains[at], tried[at]))
        return row

    def _case(self, row: Mapping[str, int]) -> Case:
        return Case(**{name: values[row[name]] for name, values in self.dimensions.items()})


def _is_met(target: _Target, row: Mapping[str, int]) -> bool:
    return all(row.get(name) == place for name, place in target)
