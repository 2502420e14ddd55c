"""Fresh usages, as replies have them: the tokens of one call by class."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from grader.catalog import Tokens
from grader.exams import Exam, SdkObject

Json = Any

CLASSES = ("write_5m", "write_1h", "read")
"""The optional classes of input, by the names of their prices."""


def fresh_tokens(exam: Exam, *classes: str) -> Tokens:
    """Return the tokens of a call that has these classes besides fresh input and output."""
    # The ranges lie far apart, so that no sum of some equals another.
    ranges = {"write_5m": (3_001, 5_000), "write_1h": (11_003, 14_000), "read": (30_001, 60_000)}
    counts = {name: exam.number(*ranges[name]) for name in CLASSES if name in classes}
    return Tokens(fresh=exam.number(101, 400), output=exam.number(601, 990), **counts)


def usage_of(
    tokens: Tokens, *, absent: Collection[str] = (), has_lifetimes: bool = True, thought: int = 0
) -> SdkObject:
    """Return a Usage as the SDK has it.

    absent: "written" or "read" for those that are None where they would be 0. has_lifetimes:
    whether `cache_creation` says for how long something was written; else it is None. thought: how
    many of the output tokens were thinking; they are told only if there were any.
    """

    def told(count: int, name: str) -> int | None:
        return None if name in absent and not count else count

    split = {
        "ephemeral_5m_input_tokens": tokens.write_5m,
        "ephemeral_1h_input_tokens": tokens.write_1h,
    }
    has_split = has_lifetimes and told(tokens.written, "written") is not None
    return SdkObject(
        "Usage",
        {
            "input_tokens": tokens.fresh,
            "cache_creation_input_tokens": told(tokens.written, "written"),
            "cache_read_input_tokens": told(tokens.read, "read"),
            "cache_creation": split if has_split else None,
            "output_tokens": tokens.output,
            "output_tokens_details": {"thinking_tokens": thought} if thought else None,
            "service_tier": "standard",
        },
    )


def told_input(usage: SdkObject) -> str:
    """Return what a usage says about input, as a panel shows it."""
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    return ", ".join(f"{name}={usage.data[name]}" for name in names)
