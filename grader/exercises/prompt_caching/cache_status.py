"""What a reply's usage says about the cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.catalog import Tokens
from grader.exams import Case, Criterion, Exam, SdkObject, Shapes, exercise
from grader.exercises.readings import is_same
from grader.exercises.usages import told_input, usage_of

Json = Any

_WORDS = ("none", "write", "read", "both")


@dataclass(frozen=True)
class _Use:
    """Hold the tokens of one call; absent: whether fields are None instead of 0.

    has_split: whether `cache_creation` says for how long something was written.
    """

    tokens: Tokens
    absent: bool = False
    has_split: bool = True

    @property
    def word(self) -> str:
        if self.tokens.read and self.tokens.written:
            return "both"
        return "read" if self.tokens.read else "write" if self.tokens.written else "none"

    @property
    def has_none(self) -> bool:
        """Return whether a field is None that could be 0."""
        return self.absent and not (self.tokens.read and self.tokens.written)

    @property
    def long(self) -> int:
        return self.tokens.write_1h

    @property
    def usage(self) -> SdkObject:
        return usage_of(
            self.tokens,
            absent=("written", "read") if self.absent else (),
            has_lifetimes=self.has_split,
        )

    @property
    def told(self) -> str:
        said = told_input(self.usage)
        return said if self.has_split else f"{said}, cache_creation=None"


@exercise(
    minutes=4,
    criteria=[
        Criterion("write", "a call that wrote to the cache"),
        Criterion("read", "a call that read from it"),
        Criterion("both", "a call that read, and wrote what was new"),
        Criterion("none", "a call that did neither, with 0 or with `None`"),
    ],
    shapes=Shapes(
        pairs=[("did", "unused_fresh"), ("did", "split"), ("did", "size"), ("size", "split")],
        did=["write 5m", "read", "none", "both 5m", "write 1h", "both 1h"],
        unused_fresh=["0 many", "None many", "0 few", "None few", "0 none", "None none"],
        split=["there", "absent"],
        size=["more written", "more read", "one written", "one read"],
    ),
)
def cache_status(exam: Exam) -> None:
    """Ask about usages of all four kinds, with 0 and with `None` for unused classes."""
    uses = [_use(exam, case) for case in exam.cases()]
    # In any order, so that nobody learns it; they are judged from the simplest on.
    left, by_place = list(range(len(uses))), {}
    while left:
        place = left.pop(exam.number(0, len(left) - 1))
        by_place[place] = exam.call(uses[place].usage, judges=_WORDS)
    results = [(use, by_place[place]) for place, use in enumerate(uses)]
    answers = [called.value for _, called in results]
    is_split_read = all(is_same(called.value, use.word) for use, called in results if use.has_split)
    are_swapped = all(
        (use.word, called.value) in (("read", "write"), ("write", "read"))
        for use, called in results
        if use.word in ("read", "write")
    )
    # If only fields above 0 are there, nobody can count a 0 as a use.
    is_zero_counted = all(
        is_same(called.value, use.word)
        for use, called in results
        if use.absent and (use.has_split or not use.tokens.written)
    )
    is_none_asked = all(
        is_same(called.value, use.word) for use, called in results if not use.has_none
    )
    is_short_asked = all(
        is_same(called.value, use.word) for use, called in results if use.has_split and not use.long
    )
    for use, called in results:
        value = called.value
        is_word = isinstance(value, str) and value in _WORDS
        wrong = exam.which(
            {
                "printed": value is None and any(word in called.printed for word in _WORDS),
                "other-word": not is_word,
                "zero-counted": is_zero_counted and not use.absent and _has_more(value, use.word),
                "always-one-word": all(is_same(answer, value) for answer in answers),
                "words-swapped": are_swapped,
                "none-gives-up": is_none_asked and use.has_none,
                "split-only": is_split_read and not use.has_split,
                "one-lifetime": is_short_asked and use.has_split and value in ("none", "read"),
                "both-as-one": use.word == "both" and value in ("read", "write"),
            }
            if is_word or value is None
            else {},
            otherwise="other-word-for-usage" if is_word else "other-word",
        )
        observed = value if wrong in ("other-word", "printed", "always-one-word") else use.told
        if wrong in ("other-word-for-usage", "zero-counted", "split-only", "none-gives-up"):
            observed = f"{use.told}: {value}"
        exam.expect(use.word, is_same(value, use.word), wrong, observed)


def _has_more(value: Json, word: str) -> bool:
    """Return whether a word claims a use that the right word doesn't."""
    return (value == "both" and word != "both") or (value != "none" and word == "none")


def _use(exam: Exam, case: Case) -> _Use:
    """Return a usage of a case."""
    did, _, lifetime = case.did.partition(" ")
    unused, _, fresh = case.unused_fresh.partition(" ")
    few, more = exam.number(1025, 4000), exam.number(5000, 9000)
    written, read = {
        "more written": (more, few),
        "more read": (few, more),
        "one written": (1, more),
        "one read": (more, 1),
    }[case.size]
    cached = {f"write_{lifetime}": written} if lifetime else {}
    if did in ("read", "both"):
        cached["read"] = read
    tokens = {"many": more + 7, "few": exam.number(1, 40), "none": 0}[fresh]
    return _Use(
        Tokens(fresh=tokens, output=exam.number(101, 400), **cached),
        absent=unused == "None",
        has_split=case.split == "there",
    )
