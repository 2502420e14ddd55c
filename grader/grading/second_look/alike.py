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
import keyword
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_NAME = "\N{MIDDLE DOT}"
_SPACES = (tokenize.NL, tokenize.INDENT, tokenize.DEDENT)


@dataclass(frozen=True)
class Answer:
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


def alike_pairs(answers: Iterable[Answer], given: Mapping[str, str]) -> tuple[Pair, ...]:
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
    candidates = {
        pair
        for students in holders.values()
        if 2 <= len(students) <= _COMMON
        for pair in combinations(sorted(students), 2)
    }
    found = []
    for one, other in candidates:
        units = theirs[one] & theirs[other]
        bits = _bits(units, holders, size, least)
        if bits >= least:
            shared = sorted(
                (Shared(*unit[:2], shown[unit], len(holders[unit]) - 2) for unit in units),
                key=lambda each: (each.others, each.exercise, each.text),
            )
            found.append(Pair((one, other), tuple(shared), bits))
    return tuple(sorted(found, key=lambda each: (-each.bits, each.students)))


def _bits(
    units: Iterable[_Unit], holders: Mapping[_Unit, set[str]], size: int, least: float
) -> float:
    """Return how unlikely it is that two students share all of this; 0 if it's less than `least`.

    The chances come from the class without these two.
    """
    alone = {unit: (len(holders[unit]) - 2 + 0.5) / (size - 2 + 1) for unit in units}
    if sum(-log2(chance) for chance in alone.values()) < least:
        return 0.0
    bits, before = 0.0, list[_Unit]()
    # The rarest first: what it brings along counts less.
    for unit in sorted(alone, key=lambda each: (alone[each], each)):
        chance = alone[unit]
        for other in before:
            both = len(holders[unit] & holders[other]) - 2
            # Lines of one function go together, unless the class shows otherwise; those of two
            # functions don't.
            usual = 0.5 if unit[0] == other[0] else alone[unit]
            chance = max(chance, (both + usual) / (len(holders[other]) - 2 + 1))
        bits -= log2(min(1.0, chance))
        before.append(unit)
    return bits


def _units(answer: Answer, free: set[str]) -> Iterator[tuple[_Unit, str]]:
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
    own = _own_names(code)

    def close() -> None:
        if tokens:
            compared = "\0".join(_NAME if each in own else each for each in tokens)
            found.setdefault(compared, _joined(tokens))
            tokens.clear()

    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.COMMENT:
                text = " ".join(token.string.lstrip("#").split())
                found.setdefault(f"#{text.casefold()}", f"# {text}")
            elif token.type in (tokenize.NEWLINE, tokenize.ENDMARKER):
                close()
            elif token.type not in _SPACES:
                tokens.append(token.string)
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


def _joined(tokens: Sequence[str]) -> str:
    """Return tokens as somebody would write them, roughly."""
    text = ""
    for token in tokens:
        is_word = token[:1].isalnum() or token[:1] in "_'\"{"
        is_after_word = text[-1:].isalnum() or text[-1:] in "_'\",:=)]}" or _ends_in_keyword(text)
        text += f" {token}" if text and is_word and is_after_word else token
    return text


def _ends_in_keyword(text: str) -> bool:
    return keyword.iskeyword(text.rpartition(" ")[2])


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
