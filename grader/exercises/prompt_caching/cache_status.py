"""What a reply's usage says of the cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.exams import Criterion, Diagnosis, Exam, SdkObject, exercise
from grader.exercises.prompt_caching.lesson import ASKED, MOVES, NAME, SILENT
from grader.exercises.readings import is_same
from grader.exercises.shared_mistakes import printed

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
    lesson=NAME,
    minutes=4,
    criteria=[
        Criterion("write", "a call that wrote to the cache"),
        Criterion("read", "a call that read from it"),
        Criterion("both", "a call that read, and wrote what was new"),
        Criterion("none", "a call that did neither, with 0 or with `None`"),
    ],
    mistakes=[
        Diagnosis(
            "usage-subscripted",
            title="A usage is an object, and not a dict.",
            saw="Python says: `{observed}`",
            why="The SDK gives you its fields as attributes.",
            next="Write `usage.cache_read_input_tokens`, with a dot.",
            where=ASKED,
            crash=r"^(TypeError: 'Usage' object is not subscriptable"
            r"|AttributeError: 'Usage' object has no attribute 'get')",
        ),
        Diagnosis(
            "no-such-field",
            title="A usage has no field of that name.",
            saw="Python says: `{observed}`",
            why="What OpenAI calls `cached_tokens` are two fields here: written, and read.",
            next="Use `cache_creation_input_tokens` and `cache_read_input_tokens`.",
            where=ASKED,
            crash=r"^AttributeError: 'Usage' object has no attribute",
        ),
        Diagnosis(
            "split-missing",
            title="The object `cache_creation` may be `None`.",
            saw="Python says: `{observed}`",
            why="It has the writes of either lifetime, and is absent where the API left it out.",
            next="Use `cache_creation_input_tokens`, the sum; `None` counts as 0.",
            where=SILENT,
            crash=r"^(AttributeError: 'NoneType' object has no attribute 'ephemeral_"
            r"|TypeError: 'NoneType' object is not subscriptable)",
        ),
        Diagnosis(
            "none-crash",
            title="A field of the usage may be `None`.",
            saw="Python says: `{observed}`",
            why="Where no cache was used the API may leave the field out, and the SDK says `None`.",
            next="Take `None` for 0: `if count:` does so, `count > 0` does not.",
            where=SILENT,
            crash=r"^(TypeError: .*'NoneType'|AttributeError: 'NoneType' object)",
        ),
        printed(ASKED),
        Diagnosis(
            "other-word",
            title="The answer is none of the four words.",
            saw="Your function returned `{observed}`.",
            why="The caller counts calls by these words, and knows no other.",
            next='Return `"none"`, `"write"`, `"read"` or `"both"`.',
            where=ASKED,
        ),
        Diagnosis(
            "zero-counted",
            title="A count of 0 is taken for a use of the cache.",
            saw="Usage and word were: `{observed}`.",
            why="Neither 0 nor `None` is a use of the cache; "
            "and the object `cache_creation` is there also when both counts in it are 0.",
            next="Ask whether the two numbers are above 0, not whether they are there.",
            where=SILENT,
            hints=(
                "Of a field that is there, what do you know?",
                "“A shorter handbook” prints two calls. What do both fields hold?",
                "`if usage.cache_creation_input_tokens:` is false for `None` and for 0.",
            ),
        ),
        Diagnosis(
            "swapped",
            title="Writes and reads are the wrong way round.",
            saw="`{observed}` is told as the other.",
            why="`cache_creation_input_tokens` were written, at a higher price; "
            "`cache_read_input_tokens` were read, at a lower one.",
            next="Swap the two words, or the two fields.",
            where=ASKED,
        ),
        Diagnosis(
            "both-as-one",
            title="A call can read and write at once.",
            saw="For `{observed}` your function names only one of them.",
            why="In a conversation each call reads what was there and writes what is new. "
            "It costs both.",
            next="Ask for both first, and for one of them after that.",
            where=MOVES,
            hints=(
                "What does the second call of a conversation do with the cache?",
                "“A breakpoint that moves along” prints usages with two numbers above 0.",
                '`if … and …: return "both"`, before the other branches.',
            ),
        ),
        Diagnosis(
            "one-lifetime",
            title="What was written for one of the lifetimes is overlooked.",
            saw="For `{observed}` your function says that nothing was written.",
            why="`cache_creation` has one count for 5 minutes and one for 1 hour.",
            next="Ask `cache_creation_input_tokens`, which has both in it.",
            where=ASKED,
        ),
        Diagnosis(
            "other-status",
            title="The word does not fit the usage.",
            saw="Usage and word were: `{observed}`.",
            why="Only two fields decide: what was written, and what was read.",
            next="Go through your branches with these numbers.",
            where=ASKED,
        ),
    ],
    hints=(
        "Two questions, each with yes or no. How many answers does that make?",
        "The usages under “The same prompt, twice” show which field is above 0 when.",
        "`wrote = bool(usage.cache_creation_input_tokens)`, and `read` in the same way.",
    ),
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
