"""A tool that may be called, and what its definition tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.simulator.replies.language import is_filler, words_of_name, written_by
from grader.simulator.replies.values import (
    COUNTED,
    Schema,
    Slot,
    item_of,
    make_slot,
    members_of,
    required_of,
)
from grader.simulator.wire import Json

_READS = frozenset(
    words_of_name(
        "get fetch read list find search lookup look check query retrieve view describe show count "
        "calculate compute convert translate analyze summarize roll"
    )
)
_DESCRIBING = 40
"""In so many characters of its description a tool says what it does."""


@dataclass(frozen=True)
class Tool:
    """Hold a custom tool.

    words: the roots in its name. topics: those that say what it is about. verb: the one that says
    what it does. writes: roots by which people ask for the change it makes; empty where it changes
    nothing. slot: its whole input. arguments: the slots in it, by name.
    """

    name: str
    description: str
    words: tuple[str, ...]
    topics: tuple[str, ...]
    verb: str | None
    writes: frozenset[str]
    slot: Slot
    arguments: Mapping[str, Slot]

    @property
    def required(self) -> list[str]:
        """Return the names of the arguments that a call must have."""
        return required_of(self.slot)

    @property
    def numbers(self) -> list[str]:
        """Return the names of the arguments that are numbers."""
        return [name for name, slot in self.arguments.items() if slot.kind in COUNTED]


def read_tool(tool: Json) -> Tool:
    """Return what can be known of a custom tool from its definition."""
    words = words_of_name(tool["name"])
    verb = next((word for word in words if word in _READS or written_by(word)), None)
    topics = tuple(w for w in words if w != verb and w not in _READS and not is_filler(w))
    # The SDK types properties and required as optional, so None stands for absent.
    schema = {key: value for key, value in tool["input_schema"].items() if value is not None}
    examples = tuple(tool.get("input_examples") or ())
    slot = make_slot(tool["name"], schema, Schema(schema), about=topics, examples=examples)
    arguments = members_of(slot)
    description = tool.get("description") or ""
    # To add numbers changes nothing, and neither does order_lookup.
    changes = verb is not None and words[-1] not in _READS and not _is_sum(arguments)
    writes = written_by(verb) if verb is not None and changes else frozenset()
    if writes and (told := words_of_name(description[:_DESCRIBING])):
        writes |= written_by(told[0])
    return Tool(tool["name"], description, words, topics, verb, writes, slot, arguments)


def _is_sum(arguments: Mapping[str, Slot]) -> bool:
    return bool(arguments) and all(map(_is_numeric, arguments.values()))


def _is_numeric(slot: Slot) -> bool:
    inside = item_of(slot) if slot.types == ("array",) else slot
    return inside.kind in COUNTED
