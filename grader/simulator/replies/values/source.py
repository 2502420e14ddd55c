"""What values are taken from: what was asked, what was said before, and what tools have given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grader.simulator.replies.language import Mention, means, words_of_name
from grader.simulator.replies.values.finder import find
from grader.simulator.replies.values.slot import COUNTED, WORDED, Slot
from grader.simulator.wire import Json

_LOOSE = (None, "flag", *COUNTED, *WORDED)
"""Kinds that are not looked for in what was said before: too much there may be taken for them."""


@dataclass(frozen=True)
class Fact:
    """Hold one value of a tool's result: its key, and the roots of all that it belongs to."""

    key: str
    about: tuple[str, ...]
    value: Json


@dataclass(frozen=True)
class Source:
    """Hold what values are taken from.

    texts: what was asked. window: the part of the first text that is looked at first.
    earlier: what was said before, the latest first. facts: what tools have given.
    result: what the last of them gave, where something is to be done with just that.
    """

    texts: tuple[str, ...]
    window: tuple[int, int] | None = None
    earlier: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    result: str = ""

    def nearest(self, text: str, found: Iterable[Mention]) -> list[Mention]:
        """Return mentions in a text with those in the window first."""
        if self.window is None or text is not self.texts[0]:
            return list(found)
        start, end = self.window
        return sorted(found, key=lambda mention: not start <= mention.start < end)

    def known(self, slot: Slot) -> Json:
        """Return what results, or else earlier words, give for a slot; None for nothing."""
        # What a customer's plan is does not say what it is to become.
        if slot.kind in ("choice", "flag"):
            return None
        for belongs in (_is_named, _is_of, _is_like):
            for fact in self.facts:
                if belongs(slot, fact) and slot.accepts(fact.value):
                    return fact.value
        for text in self.earlier if slot.kind not in _LOOSE else ():
            if found := find(slot, text):
                return found[0].value
        return None


@dataclass(frozen=True)
class Taken:
    """Hold which mention of which text a slot took, and the others that it could have taken."""

    slot: Slot
    text: str
    mention: Mention
    others: tuple[Mention, ...]


def _is_named(slot: Slot, fact: Fact) -> bool:
    """Say whether a fact goes by the slot's very name."""
    return words_of_name(fact.key) == slot.words and bool(slot.nouns)


def _is_of(slot: Slot, fact: Fact) -> bool:
    """Say whether a fact is the same of the same thing: the id of a customer, customer_id."""
    key = words_of_name(fact.key)
    if not slot.words or key[-1:] != slot.words[-1:]:
        return False
    return all(any(means(noun, known) for known in fact.about) for noun in slot.nouns)


def _is_like(slot: Slot, fact: Fact) -> bool:
    """Say whether a fact's name means the same: the city of a person, location."""
    key = words_of_name(fact.key)
    return len(slot.words) == 1 and any(means(slot.words[0], word) for word in key[-1:])
