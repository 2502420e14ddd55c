"""Read a regular expression into its parts.

The usual part of the language is read: characters, classes, groups, choices, repetitions, edges.
Look-around and references are not.
"""

from __future__ import annotations

from dataclasses import dataclass

LOTS = 1 << 20
"""Stands for "any number of times"."""

_MAX_DEPTH = 20
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
_QUANTIFIERS = {"*": (0, LOTS), "+": (1, LOTS), "?": (0, 1)}
_TRIED = "abcxyzABC0123456789-_ .,:;/!@#$%&"


class Unread(ValueError):
    """Say that a pattern has a part which is not read here, or takes too many steps."""


@dataclass(frozen=True)
class Letter:
    """One character out of ranges, or out of all others."""

    ranges: tuple[tuple[str, str], ...]
    is_negated: bool = False

    def takes(self, letter: str) -> bool:
        """Say whether a character is one of these."""
        return any(low <= letter <= high for low, high in self.ranges) != self.is_negated

    def example(self) -> str:
        """Return one of the characters."""
        if not self.is_negated:
            return self.ranges[0][0] if self.ranges else ""
        return next((letter for letter in _TRIED if self.takes(letter)), "~")


@dataclass(frozen=True)
class Edge:
    """The start of the text (^), its end ($), or the edge of a word (b, B)."""

    kind: str

    def holds(self, text: str, at: int) -> bool:
        """Say whether a text has this edge at a place."""
        if self.kind == "^":
            return at == 0
        if self.kind == "$":
            return at == len(text)
        before = at > 0 and _is_word(text[at - 1])
        after = at < len(text) and _is_word(text[at])
        return (before != after) == (self.kind == "b")


@dataclass(frozen=True)
class Sequence:
    """Parts one after the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Choice:
    """One of several parts."""

    options: tuple[Part, ...]


@dataclass(frozen=True)
class Repeat:
    """A part several times, as often as LOTS at most."""

    part: Part
    least: int
    most: int


Part = Letter | Edge | Sequence | Choice | Repeat


def read_pattern(pattern: str) -> Part:
    """Return the parts of a pattern; raises Unread where one of them is not read here."""
    return _Reader(pattern).whole()


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


class _Reader:
    """Read a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._depth = 0

    def whole(self) -> Part:
        node = self._choice()
        if self._at < len(self._pattern):
            raise Unread
        return node

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _take(self) -> str:
        letter = self._peek()
        if not letter:
            raise Unread
        self._at += 1
        return letter

    def _choice(self) -> Part:
        options = [self._sequence()]
        while self._peek() == "|":
            self._take()
            options.append(self._sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))
        return Sequence(tuple(parts))

    def _repeated(self, node: Part) -> Part:
        mark = self._peek()
        if mark in _QUANTIFIERS:
            self._take()
            least, most = _QUANTIFIERS[mark]
        elif mark == "{":
            least, most = self._counts()
        else:
            return node
        if isinstance(node, Edge):
            raise Unread
        if self._peek() == "?":
            self._take()
        if self._peek() in (*_QUANTIFIERS, "{"):
            raise Unread
        return Repeat(node, least, most)

    def _counts(self) -> tuple[int, int]:
        end = self._pattern.find("}", self._at)
        low, comma, high = self._pattern[self._at + 1 : max(end, 0)].partition(",")
        if end < 0 or not _is_count(low) or not (high == "" or _is_count(high)):
            raise Unread
        self._at = end + 1
        least = int(low)
        most = least if not comma else int(high) if high else LOTS
        if most < least:
            raise Unread
        return least, most

    def _atom(self) -> Part:
        letter = self._take()
        if letter in "^$":
            return Edge(letter)
        if letter == ".":
            return Letter((("\n", "\n"),), is_negated=True)
        if letter == "[":
            return self._class()
        if letter == "\\":
            return self._escape()
        if letter == "(":
            return self._group()
        if letter in "*+?{":
            raise Unread
        return Letter(((letter, letter),))

    def _group(self) -> Part:
        if self._peek() == "?":
            self._take()
            if self._take() != ":":
                raise Unread
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise Unread
        node = self._choice()
        self._depth -= 1
        if self._take() != ")":
            raise Unread
        return node

    def _escape(self) -> Part:
        letter = self._take()
        if letter in _CLASSES:
            return Letter(*_CLASSES[letter])
        if letter in "bB":
            return Edge(letter)
        return self._escaped(letter)

    def _escaped(self, letter: str) -> Letter:
        if letter in _CONTROLS:
            letter = _CONTROLS[letter]
        elif letter == "u":
            digits = self._pattern[self._at : self._at + 4]
            try:
                letter = chr(int(digits, 16))
            except ValueError:
                raise Unread from None
            self._at += 4
        elif letter.isalnum():
            raise Unread
        return Letter(((letter, letter),))

    def _class(self) -> Part:
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
                    raise Unread
                high = part
            ranges.append((low, high))
        self._take()
        if not ranges:
            raise Unread
        return Letter(tuple(ranges), is_negated)

    def _class_part(self) -> str | tuple[tuple[str, str], ...]:
        letter = self._take()
        if letter != "\\":
            return letter
        letter = self._take()
        if letter in _CLASSES:
            ranges, is_negated = _CLASSES[letter]
            if is_negated:
                raise Unread
            return ranges
        return self._escaped(letter).ranges[0][0]


def _is_count(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) <= 4
