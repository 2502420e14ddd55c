"""Find pairs of answers that have more in common than chance gives them.

What two answers share counts by how rare it is in this class: a line that half of the class wrote
says nothing, one that only these two wrote says much. What goes with something else that they share
counts by how often the two go together in the class, so a copied block is one coincidence and not
twenty, and so is a habit. What the course itself gives (the lesson's cells, the solutions) counts
nothing, and nor does how somebody names variables.

The sum is in bits: 20 bits is a coincidence of one in a million, for two given people. A pair is
told only if a class without any copying would be expected to have less than `FEWER` such pairs.
It stays evidence for a person, who also knows who worked together, or had the same tutor.
"""

from __future__ import annotations

import ast
import io
import json
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import log2
from typing import Any

Json = Any

FEWER = 0.01
"""How many pairs a class without copying is expected to have among those that are told."""
_COMMON = 8
"""What more students have says too little about a pair to be followed up."""
_LEAST_TOKENS = 3
_STEPS = tuple(number / 20 for number in range(1, 20))
_NAME = "\N{MIDDLE DOT}"
_SPACES = (tokenize.NL, tokenize.INDENT, tokenize.DEDENT)


@dataclass(frozen=True)
class WrittenAnswer:
    """Hold what one student wrote for one exercise.

    is_wrong: whether it lost points; the requests of a right one are those of everybody.
    """

    student: str
    exercise: str
    code: str
    requests: tuple[Json, ...] = ()
    is_wrong: bool = False


@dataclass(frozen=True)
class Shared:
    """Hold something that both wrote; others: how many others have it. kind: line or request."""

    exercise: str
    kind: str
    text: str
    others: int


@dataclass(frozen=True)
class Pair:
    """Hold two students and what they share, the rarest first; bits: how unlikely that is."""

    students: tuple[str, str]
    shared: tuple[Shared, ...]
    bits: float


_Unit = tuple[str, str, str]
"""An exercise, a kind, and a text as it's compared."""


def alike_pairs(answers: Iterable[WrittenAnswer], given: Mapping[str, str]) -> tuple[Pair, ...]:
    """Return the pairs of a class, the most unlikely first.

    answers: of one lesson. given: code that the course gives everybody, by exercise; "" for the
    lesson's own cells.
    """
    theirs: dict[str, set[_Unit]] = defaultdict(set)
    shown: dict[_Unit, str] = {}
    free = {key: set(_lines(text)) for key, text in given.items()}
    for answer in answers:
        known = free.get(answer.exercise, set()) | free.get("", set())
        for unit, text in _units(answer, known):
            theirs[answer.student].add(unit)
            shown.setdefault(unit, text)
    holders: dict[_Unit, set[str]] = defaultdict(set)
    for student, units in theirs.items():
        for unit in units:
            holders[unit].add(student)
    size = len(theirs)
    least = log2(max(1.0, size * (size - 1) / 2) / FEWER)
    costs = {student: _costs(units, holders, size) for student, units in theirs.items()}
    candidates = {
        pair
        for students in holders.values()
        if 2 <= len(students) <= _COMMON
        for pair in combinations(sorted(students), 2)
    }
    habits = _Habits(theirs, candidates)
    found = []
    for one, other in candidates:
        units = theirs[one] & theirs[other]
        both = costs[one], costs[other]
        chances = {unit: _chance(len(holders[unit]), size) for unit in units}
        if _evidence({unit: _bits(each) for unit, each in chances.items()}, both) < least:
            continue
        usual = habits.without(one, other)
        bits = _evidence(_bits_left(chances, holders, usual), both)
        if bits >= least:
            shared = sorted(
                (Shared(*unit[:2], shown[unit], len(holders[unit]) - 2) for unit in units),
                key=lambda each: (each.others, each.exercise, each.text),
            )
            found.append(Pair((one, other), tuple(shared), bits))
    return tuple(sorted(found, key=lambda each: (-each.bits, each.students)))


class _Habits:
    """Know how much two students share of an exercise if they share something rare of it.

    Whoever takes the same uncommon way writes more of the same lines.
    """

    def __init__(self, theirs: Mapping[str, set[_Unit]], pairs: Iterable[tuple[str, str]]) -> None:
        self._theirs = theirs
        self._sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for pair in pairs:
            self._add(pair, self._sums, 1)

    def without(self, one: str, other: str) -> Mapping[str, float]:
        """Return that share by exercise, from all other pairs; a half where there are none."""
        sums = self._sums.copy()
        self._add((one, other), sums, -1)
        # Laplace's rule.
        return {each: (shared + 1) / (number + 2) for each, (shared, number) in sums.items()}

    def _add(self, pair: tuple[str, str], sums: dict[str, tuple[int, int]], sign: int) -> None:
        one, other = (self._theirs[each] for each in pair)
        counts = [Counter(unit[0] for unit in each) for each in (one & other, one, other)]
        for exercise, shared in counts[0].items():
            before = sums[exercise]
            number = min(counts[1][exercise], counts[2][exercise]) - 1
            sums[exercise] = before[0] + sign * (shared - 1), before[1] + sign * number


def _chance(holders: int, of: int) -> float:
    """Return how likely it is that somebody has what others have, judged by all but a pair."""
    return min(1.0, (holders - 2 + 0.5) / max(1, of - 2 + 1))


def _bits(chance: float) -> float:
    return -log2(chance)


def _costs(
    units: Iterable[_Unit], holders: Mapping[_Unit, set[str]], size: int
) -> Mapping[str, tuple[float, ...]]:
    """Return by exercise what a student shares with anybody by chance, for each of `_STEPS`.

    It is the sum of Chernoff's bound: log2 of the mean of 2 to the power of step times bits.
    """
    found: dict[str, list[float]] = defaultdict(list)
    for unit in units:
        found[unit[0]].append(_chance(len(holders[unit]) + 1, size))
    return {
        exercise: tuple(
            sum(log2(1 - chance + chance ** (1 - step)) for chance in chances) for step in _STEPS
        )
        for exercise, chances in found.items()
    }


def _evidence(
    bits: Mapping[_Unit, float], costs: Iterable[Mapping[str, tuple[float, ...]]]
) -> float:
    """Return how unlikely it is to have so much in common, in bits, for either of two students.

    https://en.wikipedia.org/wiki/Chernoff_bound: what is shared by chance adds up too. Each
    exercise counts or doesn't, and that choice costs a bit.
    """
    sums: dict[str, float] = defaultdict(float)
    for unit, each in bits.items():
        sums[unit[0]] += each
    return min(
        sum(
            max(0.0, *(step * sums[name] - cost for step, cost in zip(_STEPS, own, strict=True)))
            - 1.0
            for name, own in each.items()
        )
        for each in costs
    )


def _bits_left(
    chances: Mapping[_Unit, float], holders: Mapping[_Unit, set[str]], usual: Mapping[str, float]
) -> Mapping[_Unit, float]:
    """Return the bits of what two share, each as far as the others don't bring it along."""
    left: dict[_Unit, float] = {}
    # The rarest first: what it brings along counts less.
    for unit in sorted(chances, key=lambda each: (chances[each], each)):
        chance = chances[unit]
        for other in left:
            both = len(holders[unit] & holders[other]) - 2
            # Lines of one function go together, unless the class shows otherwise; those of two
            # functions don't.
            known = max(chances[unit], usual[unit[0]] if unit[0] == other[0] else 0.0)
            chance = max(chance, (both + known) / (len(holders[other]) - 2 + 1))
        left[unit] = _bits(min(1.0, chance))
    return left


def _units(answer: WrittenAnswer, free: set[str]) -> Iterator[tuple[_Unit, str]]:
    """Yield what an answer has, each as it's compared and as it's shown."""
    for line, shown in _lines(answer.code).items():
        if line not in free and _is_told(line):
            yield (answer.exercise, "line", line), shown
    if answer.is_wrong:
        for value in dict.fromkeys(each for body in answer.requests for each in _values(body)):
            yield (answer.exercise, "request", value), value


def _is_told(line: str) -> bool:
    return line.startswith("#") or len(line.split("\0")) >= _LEAST_TOKENS


def _lines(code: str) -> dict[str, str]:
    """Return the logical lines of some code as they're compared, with each as it's written.

    A comment is a line of its own. Spaces don't count, and names that the code itself gives are
    all alike; texts, numbers, methods and fields count as they are.
    """
    found: dict[str, str] = {}
    tokens: list[str] = []
    rows: dict[str, None] = {}
    own = _own_names(code)

    def close() -> None:
        if tokens:
            compared = "\0".join(_NAME if each in own else each for each in tokens)
            found.setdefault(compared, " ".join(" ".join(rows).split()))
            tokens.clear()
            rows.clear()

    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.COMMENT:
                text = " ".join(token.string.lstrip("#").split())
                found.setdefault(f"#{text.casefold()}", f"# {text}")
            elif token.type in (tokenize.NEWLINE, tokenize.ENDMARKER):
                close()
            elif token.type not in _SPACES:
                tokens.append(token.string)
                rows[token.line] = None
    except (tokenize.TokenError, SyntaxError, ValueError):
        # What isn't Python is compared by its words.
        tokens.clear()
        for line in code.splitlines():
            words = line.split()
            found.setdefault("\0".join(words), " ".join(words))
    close()
    return {line: shown for line, shown in found.items() if line}


def _own_names(code: str) -> set[str]:
    """Return the names that some code binds, but for those of functions and classes."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {
        node.arg if isinstance(node, ast.arg) else node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.arg)
        or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    }


def _values(request: Json, path: str = "") -> Iterator[str]:
    """Yield a request's parts as a path with a value: what is drawn anew is nobody else's."""
    if isinstance(request, dict):
        for key, value in request.items():
            yield from _values(value, f"{path}.{key}" if path else str(key))
    elif isinstance(request, list):
        for value in request:
            yield from _values(value, f"{path}[]")
    else:
        yield f"{path} = {json.dumps(request, ensure_ascii=False)}"
