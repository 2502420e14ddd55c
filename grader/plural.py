"""Numbers with their nouns, as every room says them."""

from __future__ import annotations


def counted(number: float, noun: str) -> str:
    """Return a number with its noun, such as "1 message" or "2.5 points"."""
    shown = f"{number:,}" if isinstance(number, int) else f"{number:g}"
    return f"{shown} {noun}" if number == 1 else f"{shown} {noun}s"
