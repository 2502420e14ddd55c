"""Match and make texts for the regular expressions of JSON schemas, in bounded time.

Python's `re` may take for ever on an expression that a user wrote; here all ways through it are
followed at once. An expression that cannot be read counts as no restriction.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from grader.simulator.replies.values.pattern_reader import (
    LOTS,
    Choice,
    Edge,
    Letter,
    Part,
    Repeat,
    Sequence,
    Unread,
    read_pattern,
)

MAX_PATTERN = 500
MAX_TEXT = 1_000
_MAX_STEPS = 100_000
_MAX_SIZE = 2_000


def matches(pattern: str, text: str) -> bool | None:
    """Say whether a pattern is found in a text; None where that cannot be told."""
    node = _read(pattern)
    if node is None or len(text) > MAX_TEXT:
        return None
    try:
        return bool(_Matcher(text).ends(node, frozenset(range(len(text) + 1))))
    except Unread:
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


def _example(node: Part, extra: int) -> str:
    if isinstance(node, Letter):
        return node.example()
    if isinstance(node, Sequence):
        return "".join(_example(part, extra) for part in node.parts)
    if isinstance(node, Choice):
        return _example(node.options[0], extra)
    if isinstance(node, Repeat):
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

    def ends(self, node: Part, starts: frozenset[int]) -> frozenset[int]:
        """Return where a match may end that begins at one of these places."""
        self._steps += 1 + len(starts)
        if self._steps > _MAX_STEPS:
            raise Unread
        text = self._text
        if isinstance(node, Letter):
            return frozenset(at + 1 for at in starts if at < len(text) and node.takes(text[at]))
        if isinstance(node, Edge):
            return frozenset(at for at in starts if node.holds(text, at))
        if isinstance(node, Choice):
            return frozenset().union(*(self.ends(option, starts) for option in node.options))
        if isinstance(node, Sequence):
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


@lru_cache(maxsize=64)
def _read(pattern: str) -> Part | None:
    if len(pattern) > MAX_PATTERN:
        return None
    try:
        part = read_pattern(pattern)
    except Unread:
        return None
    return part if _size(part) <= _MAX_SIZE else None


def _size(node: Part) -> int:
    """Return how many steps a pattern takes at most, its counted repetitions unrolled."""
    if isinstance(node, Sequence):
        return 1 + sum(_size(part) for part in node.parts)
    if isinstance(node, Choice):
        return 1 + sum(_size(option) for option in node.options)
    if isinstance(node, Repeat):
        times = node.most if node.most < LOTS else node.least + 1
        return 1 + max(1, times) * _size(node.part)
    return 1
