"""Say in words what a message holds, and how many of something there are."""

from __future__ import annotations

from collections.abc import Sequence

from grader.classroom.widgets.history import Block

LONGEST = 300
"""How much of a block is shown, in characters."""


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as "1 message"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def cut(text: str) -> str:
    """Return the beginning of a text, and how much of it was left out; lines stay lines."""
    kept = text.strip()
    if len(kept) <= LONGEST:
        return kept
    return f"{kept[:LONGEST]} … ({len(kept) - LONGEST:,} more characters)"


def block_words(block: Block) -> str:
    """Return what a block says."""
    return f"error: {cut(block.words)}" if block.is_error else cut(block.words)


def indented(words: str, by: int) -> str:
    """Return words whose later lines begin after so many spaces."""
    return words.replace("\n", "\n" + " " * by)
