"""Match and make texts for the regular expressions of JSON schemas, in bounded time.

Python's `re` may take for ever on an expression that a user wrote; this reads the usual part of
the language and follows all ways through it at once. What it cannot read (look-around,
references) is None, and counts as no restriction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MAX_PATTERN = 500
MAX_TEXT = 1_000
_MAX_STEPS = 100_000
_MAX_SIZE = 2_000
_MAX_DEPTH = 20
_LOTS = 1 << 20
"""Stands for "any number of times"."""

_DIGIT = (("0", "9"),)
_LETTER = (("a", "z"), ("A", "Z"))
_CLASSES = {
    "d": (_DIGIT, False),
    "D": (_DIGIT, True),
    "w": ((*_LETTER, *_DIGIT, ("_", "_")), False),
    "W": ((*_LETTER, *_DIGIT, ("_", "_")), True),
    "s": (((" ", " "), ("\t", "\r")), False),
    "S": (((" ", " "), ("\t", "\r")), True),
}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
_QUANTIFIERS = {"*": (0, _LOTS), "+": (1, _LOTS), "?": (0, 1)}
_TRIED_LETTERS = "abcxyzABC0123456789-_ .,:;/!@#$%&"


class _Unread(ValueError):
    """Say that a pattern has a part which is not read here, or takes too many steps."""


@dataclass(frozen=True)
class _Letter:
    """One character out of ranges, or out of all others."""

    ranges: tuple[tuple[str, str], ...]
    is_negated: bool = False

    def takes(self, letter: str) -> bool:
        return any(low <= letter <= high for low, high in self.ranges) != self.is_negated

    def example(self) -> str:
        if not self.is_negated:
            return self.ranges[0][0] if self.ranges else ""
        return next((letter for letter in _TRIED_LETTERS if self.takes(letter)), "~")


@dataclass(frozen=True)
class _Edge:
    """The start of the text (^), its end ($), or the edge of a word (b, B)."""

    kind: str

    def holds(self, text: str, at: int) -> bool:
        if self.kind == "^":
            return at == 0
        if self.kind == "$":
            return at == len(text)
        before = at > 0 and _is_word(text[at - 1])
        after = at < len(text) and _is_word(text[at])
        return (before != after) == (self.kind == "b")


@dataclass(frozen=True)
class _Sequence:
    parts: tuple[_Node, ...]


@dataclass(frozen=True)
class _Choice:
    options: tuple[_Node, ...]


@dataclass(frozen=True)
class _Repeat:
    part: _Node
    least: int
    most: int


_Node = _Letter | _Edge | _Sequence | _Choice | _Repeat


def matches(pattern: str, text: str) -> bool | None:
    """Say whether a pattern is found in a text; None where that cannot be told."""
    node = _read(pattern)
    if node is None or len(text) > MAX_TEXT:
        return None
    try:
        return bool(_Matcher(text).ends(node, frozenset(range(len(text) + 1))))
    except _Unread:
        return None


def examples(pattern: str, length: int = 0) -> Iterator[str]:
    """Yield texts that match a pattern: the shortest first, then some of about this length."""
    node = _read(pattern)
    if node is None:
        return
    shortest = _example(node, 0)
    yield shortest
    lacking = min(length, MAX_TEXT) - len(shortest)
    for growing in range(1, 9):
        # As many parts as that may grow.
        yield _example(node, max(growing, -(-lacking // growing)))
        yield _example(node, growing)
    yield shortest + "x" * lacking


def _example(node: _Node, extra: int) -> str:
    if isinstance(node, _Letter):
        return node.example()
    if isinstance(node, _Sequence):
        return "".join(_example(part, extra) for part in node.parts)
    if isinstance(node, _Choice):
        return _example(node.options[0], extra)
    if isinstance(node, _Repeat):
        times = max(node.least, min(node.most, node.least + extra))
        # Only the outermost grows: each level would multiply the length.
        inner = 0 if times > node.least else extra
        return (_example(node.part, inner) * times)[: 2 * MAX_TEXT]
    return ""


class _Matcher:
    """Follow every way through a pattern at once, so that none is walked twice."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._steps = 0

    def ends(self, node: _Node, starts: frozenset[int]) -> frozenset[int]:
        """Return where a match may end that begins at one of these places."""
        self._steps += 1 + len(starts)
        if self._steps > _MAX_STEPS:
            raise _Unread
        text = self._text
        if isinstance(node, _Letter):
            return frozenset(at + 1 for at in starts if at < len(text) and node.takes(text[at]))
        if isinstance(node, _Edge):
            return frozenset(at for at in starts if node.holds(text, at))
        if isinstance(node, _Choice):
            return frozenset().union(*(self.ends(option, starts) for option in node.options))
        if isinstance(node, _Sequence):
            for part in node.parts:
                starts = self.ends(part, starts)
            return starts
        for _ in range(node.least):
            starts = self.ends(node.part, starts)
        reached = frontier = starts
        for _ in range(node.most - node.least):
            frontier = self.ends(node.part, frontier) - reached
            if not frontier:
                break
            reached |= frontier
        return reached


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


@lru_cache(maxsize=64)
def _read(pattern: str) -> _Node | None:
    if len(pattern) > MAX_PATTERN:
        return None
    try:
        return _Reader(pattern).whole()
    except _Unread:
        return None


class _Reader:
    """Read a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._depth = 0

    def whole(self) -> _Node:
        node = self._choice()
        if self._at < len(self._pattern) or _size(node) > _MAX_SIZE:
            raise _Unread
        return node

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _take(self) -> str:
        letter = self._peek()
        if not letter:
            raise _Unread
        self._at += 1
        return letter

    def _choice(self) -> _Node:
        options = [self._sequence()]
        while self._peek() == "|":
            self._take()
            options.append(self._sequence())
        return options[0] if len(options) == 1 else _Choice(tuple(options))

    def _sequence(self) -> _Node:
        parts: list[_Node] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))
        return _Sequence(tuple(parts))

    def _repeated(self, node: _Node) -> _Node:
        mark = self._peek()
        if mark in _QUANTIFIERS:
            self._take()
            least, most = _QUANTIFIERS[mark]
        elif mark == "{":
            least, most = self._counts()
        else:
            return node
        if isinstance(node, _Edge):
            raise _Unread
        if self._peek() == "?":
            self._take()
        if self._peek() in (*_QUANTIFIERS, "{"):
            raise _Unread
        return _Repeat(node, least, most)

    def _counts(self) -> tuple[int, int]:
        end = self._pattern.find("}", self._at)
        low, comma, high = self._pattern[self._at + 1 : max(end, 0)].partition(",")
        if end < 0 or not _is_count(low) or not (high == "" or _is_count(high)):
            raise _Unread
        self._at = end + 1
        least = int(low)
        most = least if not comma else int(high) if high else _LOTS
        if most < least:
            raise _Unread
        return least, most

    def _atom(self) -> _Node:
        letter = self._take()
        if letter in "^$":
            return _Edge(letter)
        if letter == ".":
            return _Letter((("\n", "\n"),), is_negated=True)
        if letter == "[":
            return self._class()
        if letter == "\\":
            return self._escape()
        if letter == "(":
            return self._group()
        if letter in "*+?{":
            raise _Unread
        return _Letter(((letter, letter),))

    def _group(self) -> _Node:
        if self._peek() == "?":
            self._take()
            if self._take() != ":":
                raise _Unread
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _Unread
        node = self._choice()
        self._depth -= 1
        if self._take() != ")":
            raise _Unread
        return node

    def _escape(self) -> _Node:
        letter = self._take()
        if letter in _CLASSES:
            return _Letter(*_CLASSES[letter])
        if letter in "bB":
            return _Edge(letter)
        return self._escaped(letter)

    def _escaped(self, letter: str) -> _Letter:
        if letter in _CONTROLS:
            letter = _CONTROLS[letter]
        elif letter == "u":
            digits = self._pattern[self._at : self._at + 4]
            try:
                letter = chr(int(digits, 16))
            except ValueError:
                raise _Unread from None
            self._at += 4
        elif letter.isalnum():
            raise _Unread
        return _Letter(((letter, letter),))

    def _class(self) -> _Node:
        is_negated = self._peek() == "^"
        if is_negated:
            self._take()
        ranges: list[tuple[str, str]] = []
        while self._peek() != "]":
            low = self._class_part()
            if isinstance(low, tuple):
                ranges.extend(low)
                continue
            high = low
            if self._peek() == "-" and self._pattern[self._at + 1 : self._at + 2] not in ("]", ""):
                self._take()
                part = self._class_part()
                if isinstance(part, tuple) or part < low:
                    raise _Unread
                high = part
            ranges.append((low, high))
        self._take()
        if not ranges:
            raise _Unread
        return _Letter(tuple(ranges), is_negated)

    def _class_part(self) -> str | tuple[tuple[str, str], ...]:
        letter = self._take()
        if letter != "\\":
            return letter
        letter = self._take()
        if letter in _CLASSES:
            ranges, is_negated = _CLASSES[letter]
            if is_negated:
                raise _Unread
            return ranges
        return self._escaped(letter).ranges[0][0]


def _is_count(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) <= 4


def _size(node: _Node) -> int:
    """Return how many steps a pattern takes at most, its counted repetitions unrolled."""
    if isinstance(node, _Sequence):
        return 1 + sum(_size(part) for part in node.parts)
    if isinstance(node, _Choice):
        return 1 + sum(_size(option) for option in node.options)
    if isinstance(node, _Repeat):
        times = node.most if node.most < _LOTS else node.least + 1
        return 1 + max(1, times) * _size(node.part)
    return 1
