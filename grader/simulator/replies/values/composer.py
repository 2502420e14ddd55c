"""Put a value for a schema together: of what texts and results give, else of samples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from grader.simulator.replies.language import Mention, apart
from grader.simulator.replies.values.finder import Finder, find, guess, name_thing, stated
from grader.simulator.replies.values.keywords import same
from grader.simulator.replies.values.listing import siblings
from grader.simulator.replies.values.samples import sample, samples
from grader.simulator.replies.values.schema import count_of, merge
from grader.simulator.replies.values.shape import (
    is_composite,
    item_of,
    members_of,
    options_of,
    other_member,
    required_of,
)
from grader.simulator.replies.values.slot import COUNTED, WORDED, Slot, make_slot
from grader.simulator.replies.values.source import Source, Taken
from grader.simulator.wire import Json

_MAX_DEPTH = 30
_MAX_OPTIONAL = 4
"""So deep in a value, what is not needed is still tried."""

_MAX_PARTS = 1_000
_MAX_ITEMS = 100
_LATE = ("flag", "choice", *COUNTED, "language", "place", "contact", "name", None, *WORDED)
"""Kinds of which a text may mention more than is meant choose after the others, in this order."""

_CUTS = (
    re.compile(r"\n+"),
    re.compile(r"\s{0,9};\s{0,9}"),
    re.compile(r"\s{0,9}(?:,\s?and\b|,(?!\d)|:\s|\band\b)\s{0,9}"),
    re.compile(r"(?<=[.!?])\s{1,9}"),
)
"""Where a text may be cut into entries: at lines, semicolons, commas, sentences."""

_BRANCHES = ("if", "then", "else")
_QUOTES = tuple("\"'“`")


class Composer:
    """Compose values from a source; what one slot has taken, no other one takes.

    guesses: whether a slot that must have a value takes what may not be meant for it.
    is_entry: whether the source is one entry of a list. depth: how deep in a value it begins.
    taken: what slots took from the texts. missing: slots that must have a value and found none.
    """

    def __init__(
        self, source: Source, *, guesses: bool, is_entry: bool = False, depth: int = 0
    ) -> None:
        self.taken: list[Taken] = []
        self.missing: list[Slot] = []
        self.parts = 0
        self._source = source
        self._guesses = guesses
        self._is_entry = is_entry
        self._depth = depth
        self._used: dict[str, list[Mention]] = {}

    def compose(self, slot: Slot) -> Json:
        """Return a value for a slot: one that fits its schema, where one is found."""
        self.parts += 1
        if self.parts > _MAX_PARTS or self._depth > _MAX_DEPTH:
            return sample(slot)
        self._depth += 1
        value = self._composed(slot)
        self._depth -= 1
        return value

    def _composed(self, slot: Slot) -> Json:
        if slot.kind != "choice":
            for option in options_of(slot):
                value = self.compose(option)
                if slot.accepts(value):
                    return value
            if "object" in slot.types:
                return self._object(slot)
            if "array" in slot.types:
                return self._array(slot)
        return self._plain(slot)

    def _plain(self, slot: Slot) -> Json:
        for finder in (stated, find, guess) if self._guesses else (stated, find):
            if (mention := self._take(slot, finder)) is not None:
                return mention.value
        if (known := self._source.known(slot)) is not None:
            return known
        self.missing.append(slot)
        return sample(slot)

    def _take(self, slot: Slot, finder: Finder) -> Mention | None:
        """Take the first value that a finder finds for a slot and that no other slot has."""
        for text in self._source.texts:
            used = self._used.setdefault(text, [])
            found = finder(slot, text)
            if slot.kind in WORDED:
                # A message may say again what other slots have taken from it, but for quotations.
                quotations = [one for one in used if text[: one.start].endswith(_QUOTES)]
                free = list(apart(found, quotations)) or found
            else:
                free = list(apart(found, used))
            if free:
                free = self._source.nearest(text, free)
                if slot.kind not in WORDED or text[: free[0].start].endswith(_QUOTES):
                    used.append(free[0])
                self.taken.append(Taken(slot, text, free[0], tuple(free[1:])))
                return free[0]
        return None

    def _object(self, slot: Slot) -> Json:
        value = self._members(slot)
        if self._depth <= _MAX_OPTIONAL and not slot.accepts(value):
            value = next(filter(slot.accepts, self._other_members(slot, value)), value)
        return value

    def _members(self, slot: Slot) -> dict[str, Json]:
        """Return an object of all that it must have, and of what else is given.

        What is stated comes first, then what is clear, then what results say; lists and objects
        follow, and last what may be meant.
        """
        slots, required = members_of(slot), required_of(slot)
        plain = [inside for inside in slots.values() if not is_composite(inside)]
        plain.sort(key=lambda inside: _LATE.index(inside.kind) if inside.kind in _LATE else -1)
        # Where nothing must be given, what is clearly there is taken.
        needed = [inside for inside in plain if inside.name in required or not required]
        values: dict[str, Json] = {}
        self._fill(values, plain, stated)
        self._fill_in_result(values, needed)
        if self._is_entry:
            self._fill(values, needed, name_thing)
        self._fill(values, needed, find)
        for inside in needed:
            if inside.name not in values and (known := self._source.known(inside)) is not None:
                values[inside.name] = known
        self._fill_composites(values, slots, required)
        if self._guesses:
            self._fill(values, [inside for inside in needed if inside.name in required], guess)
        for name in required:
            if name not in values:
                inside = slots.get(name) or other_member(slot, name)
                values[name] = sample(inside)
                self.missing.append(inside)
        return {name: values[name] for name in (*slots, *required) if name in values}

    def _fill(self, values: dict[str, Json], slots: Sequence[Slot], finder: Finder) -> None:
        for slot in slots:
            if slot.name not in values and (mention := self._take(slot, finder)) is not None:
                values[slot.name] = mention.value

    def _fill_in_result(self, values: dict[str, Json], slots: Sequence[Slot]) -> None:
        """Give what the last tool gave to a slot for words, where the request is about that."""
        for slot in slots if self._source.result else ():
            if slot.kind in ("answer", "text") and slot.accepts(self._source.result):
                values.setdefault(slot.name, self._source.result)

    def _fill_composites(
        self, values: dict[str, Json], slots: dict[str, Slot], required: Sequence[str]
    ) -> None:
        for name, slot in slots.items():
            # A schema that holds itself is gone into only where it must be.
            if not is_composite(slot) or (name not in required and self._depth > _MAX_OPTIONAL):
                continue
            taken, missing = len(self.taken), len(self.missing)
            value = self.compose(slot)
            if name in required or len(self.taken) > taken:
                values[name] = value
            if name not in required:
                del self.missing[missing:]

    def _other_members(self, slot: Slot, value: dict[str, Json]) -> Iterator[Json]:
        """Yield objects with fewer properties or more, where the first one does not fit."""
        yield {name: value[name] for name in required_of(slot) if name in value}
        slots, fuller = members_of(slot), dict(value)
        for name, inside in slots.items():
            if name not in fuller:
                fuller[name] = self.compose(inside)
                yield dict(fuller)
        for number in range(count_of(slot.shape, "minProperties", most=_MAX_ITEMS)):
            name = f"property_{number + 1}"
            fuller.setdefault(name, sample(other_member(slot, name)))
            yield dict(fuller)
        for name, inside in slots.items():
            yield from ({**value, name: other} for other in list(samples(inside))[:10])
        rest = {key: part for key, part in slot.shape.items() if key not in _BRANCHES}
        for branch in ("then", "else"):
            part = merge(rest, slot.document.resolve(slot.shape.get(branch, True)))
            yield self._members(make_slot(slot.name, part, slot.document))

    def _array(self, slot: Slot) -> Json:
        shape, item = slot.shape, item_of(slot)
        parts = shape.get("prefixItems", [])[:_MAX_ITEMS]
        inside = [make_slot(slot.name, part, slot.document, about=slot.nouns) for part in parts]
        values = [self.compose(part) for part in inside] or self._entries(item)
        is_unique = shape.get("uniqueItems", False)
        if is_unique:
            values = [v for i, v in enumerate(values) if not any(same(v, w) for w in values[:i])]
        values = values[: count_of(shape, "maxItems", most=_MAX_ITEMS, default=_MAX_ITEMS)]
        if not values:
            self.missing.append(slot)
        least = count_of(shape, "minItems", most=_MAX_ITEMS)
        if "contains" in shape:
            contained = make_slot(slot.name, shape["contains"], slot.document)
            wanted = count_of(shape, "minContains", most=_MAX_ITEMS, default=1)
            values += [self._extra(contained, []) for _ in range(wanted)]
        while len(values) < least and self.parts <= _MAX_PARTS:
            values.append(self._extra(item, values if is_unique else []))
        return values

    def _entries(self, item: Slot) -> list[Json]:
        """Return the items that the texts list."""
        if is_composite(item):
            return self._composite_entries(item)
        for finder in (find, guess) if self._guesses else (find,):
            for text in self._source.texts:
                used = self._used.setdefault(text, [])
                found = list(apart(finder(item, text), used))
                if finder is guess:
                    found = [*found[:1], *siblings(found[0], found[1:], text)] if found else []
                if found:
                    used += found
                    self.taken.append(Taken(item, text, found[0], tuple(found[1:])))
                    return [m.value for m in sorted(found, key=lambda mention: mention.start)]
        return []

    def _composite_entries(self, item: Slot) -> list[Json]:
        """Return an item for each piece of a text that gives all that an item must have."""
        best: list[Json] = []
        taken: list[Taken] = []
        for cut in _CUTS:
            entries: list[Json] = []
            pieces = cut.split(self._source.texts[0])[:_MAX_ITEMS]
            for piece in pieces if len(pieces) > 1 or not self._is_entry else ():
                inner = Composer(
                    Source((piece,)), guesses=self._guesses, is_entry=True, depth=self._depth
                )
                inner.parts = self.parts
                value = inner.compose(item)
                self.parts = inner.parts
                if inner.taken and not inner.missing:
                    entries.append(value)
                    taken = inner.taken[:1]
            best = max(best, entries, key=len)
        self.taken += taken
        return best

    def _extra(self, item: Slot, others: Sequence[Json]) -> Json:
        """Return one more item, other than those that are there."""
        self.parts += 1
        if is_composite(item):
            return self.compose(item)
        fresh = (
            value
            for value in samples(item)
            if item.accepts(value) and not any(same(value, other) for other in others)
        )
        return next(fresh, sample(item))
