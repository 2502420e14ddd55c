"""What a reply's usage says about the cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.catalog import Tokens
from grader.exams import Criterion, Exam, SdkObject, exercise
from grader.exercises.readings import is_same
from grader.exercises.usages import told_input, usage_of

Json = Any

_WORDS = ("none", "write", "read", "both")


@dataclass(frozen=True)
class _Use:
    """Hold the tokens of one call; absent: whether fields are None instead of 0."""

    tokens: Tokens
    absent: bool = False

    @property
    def word(self) -> str:
        if self.tokens.read and self.tokens.written:
            return "both"
        return "read" if self.tokens.read else "write" if self.tokens.written else "none"

    @property
    def long(self) -> int:
        return self.tokens.write_1h

    @property
    def usage(self) -> SdkObject:
        return usage_of(self.tokens, absent=("written", "read") if self.absent else ())

    @property
    def told(self) -> str:
        return told_input(self.usage)


@exercise(
    minutes=4,
    criteria=[
        Criterion("write", "a call that wrote to the cache"),
        Criterion("read", "a call that read from it"),
        Criterion("both", "a call that read, and wrote what was new"),
        Criterion("none", "a call that did neither, with 0 or with `None`"),
    ],
)
def cache_status(exam: Exam) -> None:
    """Ask about usages of all four kinds, with 0 and with `None` for unused classes."""
    results = [(use, exam.call(use.usage, judges=_WORDS)) for use in _uses(exam)]
    # If only fields above 0 are there, nobody can count a 0 as a use.
    is_zero_counted = all(is_same(called.value, use.word) for use, called in results if use.absent)
    is_short_asked = all(is_same(called.value, use.word) for use, called in results if not use.long)
    for use, called in results:
        value = called.value
        is_word = isinstance(value, str) and value in _WORDS
        wrong = exam.which(
            {
                "printed": value is None and any(word in called.printed for word in _WORDS),
                "other-word": not is_word,
                "zero-counted": is_zero_counted and not use.absent and _has_more(value, use.word),
                "words-swapped": (use.word, value) in (("read", "write"), ("write", "read")),
                "one-lifetime": is_short_asked and use.long > 0 and value in ("none", "read"),
                "both-as-one": use.word == "both" and value in ("read", "write"),
            }
            if is_word or value is None
            else {},
            otherwise="other-word-for-usage" if is_word else "other-word",
        )
        observed = value if wrong in ("other-word", "printed") else use.told
        if wrong in ("other-word-for-usage", "zero-counted"):
            observed = f"{use.told}: {value}"
        exam.expect(use.word, is_same(value, use.word), wrong, observed)


def _has_more(value: Json, word: str) -> bool:
    """Return whether a word claims a use that the right word doesn't."""
    return (value == "both" and word != "both") or (value != "none" and word == "none")


def _uses(exam: Exam) -> list[_Use]:
    """Return usages of all kinds, in any order."""

    def some() -> int:
        return exam.number(1025, 9000)

    def use(fresh: int, *, absent: bool = False, **cached: int) -> _Use:
        return _Use(Tokens(fresh=fresh, output=117, **cached), absent)

    # The fresh part may be long, short or 0, because it doesn't matter.
    kinds: tuple[dict[str, Any], ...] = (
        {"write_5m": some()},
        {"write_5m": some(), "absent": True},
        {"write_1h": some()},
        {"read": some()},
        {"read": some(), "absent": True},
        {"write_5m": some(), "read": some()},
        {"write_1h": some(), "read": some()},
        {"write_5m": 1, "read": some()},
        {"write_5m": some(), "read": 1},
        {"absent": True},
    )
    uses = [use(exam.pick(some(), exam.number(1, 40), 0), **kind) for kind in kinds]
    uses += [use(0, write_5m=some()), use(0, read=some()), use(some()), use(9, absent=True)]
    return [uses.pop(exam.number(0, len(uses) - 1)) for _ in range(len(uses))]
