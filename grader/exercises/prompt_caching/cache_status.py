"""What a reply's usage says of the cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.exams import Criterion, Exam, SdkObject, exercise
from grader.exercises.readings import is_same

Json = Any

_WORDS = ("none", "write", "read", "both")


@dataclass(frozen=True)
class _Use:
    """Hold the tokens of one call; absent: what would be 0 is None."""

    fresh: int
    short: int = 0
    long: int = 0
    read: int = 0
    absent: bool = False

    @property
    def written(self) -> int:
        return self.short + self.long

    @property
    def word(self) -> str:
        if self.read and self.written:
            return "both"
        return "read" if self.read else "write" if self.written else "none"

    @property
    def told(self) -> str:
        fields = (
            ("input_tokens", self.fresh),
            ("cache_creation_input_tokens", self._count(self.written)),
            ("cache_read_input_tokens", self._count(self.read)),
        )
        return ", ".join(f"{name}={count}" for name, count in fields)

    def usage(self) -> SdkObject:
        """Return it as the SDK has it."""
        split = {
            "ephemeral_5m_input_tokens": self.short,
            "ephemeral_1h_input_tokens": self.long,
        }
        return SdkObject(
            "Usage",
            {
                "input_tokens": self.fresh,
                "cache_creation_input_tokens": self._count(self.written),
                "cache_read_input_tokens": self._count(self.read),
                "cache_creation": None if self.absent and not self.written else split,
                "output_tokens": 117,
                "service_tier": "standard",
            },
        )

    def _count(self, count: int) -> int | None:
        return None if self.absent and not count else count


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
    """Ask about usages of all four kinds, with 0 and with `None` for what is not there."""
    results = [(use, exam.call(use.usage(), judges=_WORDS)) for use in _uses(exam)]
    # Where nothing is there but what is above 0, nobody can take a 0 for a use.
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
                "swapped": (use.word, value) in (("read", "write"), ("write", "read")),
                "one-lifetime": is_short_asked and use.long > 0 and value in ("none", "read"),
                "both-as-one": use.word == "both" and value in ("read", "write"),
            }
            if is_word or value is None
            else {},
            otherwise="other-status" if is_word else "other-word",
        )
        observed = value if wrong in ("other-word", "printed") else use.told
        if wrong in ("other-status", "zero-counted"):
            observed = f"{use.told}: {value}"
        exam.expect(use.word, is_same(value, use.word), wrong, observed)


def _has_more(value: Json, word: str) -> bool:
    """Tell whether a word claims a use besides those of the right one."""
    return (value == "both" and word != "both") or (value != "none" and word == "none")


def _uses(exam: Exam) -> list[_Use]:
    """Return usages of all kinds, in any order."""

    def some() -> int:
        return exam.number(1025, 9000)

    # The fresh part may be long, short, or nothing at all: it decides nothing.
    kinds: tuple[dict[str, Json], ...] = (
        {"short": some()},
        {"short": some(), "absent": True},
        {"long": some()},
        {"read": some()},
        {"read": some(), "absent": True},
        {"short": some(), "read": some()},
        {"long": some(), "read": some()},
        {"short": 1, "read": some()},
        {"short": some(), "read": 1},
        {"absent": True},
    )
    uses = [_Use(exam.pick(some(), exam.number(1, 40), 0), **kind) for kind in kinds]
    uses += [_Use(0, short=some()), _Use(0, read=some()), _Use(some()), _Use(9, absent=True)]
    mixed = []
    while uses:
        mixed.append(uses.pop(exam.number(0, len(uses) - 1)))
    return mixed
