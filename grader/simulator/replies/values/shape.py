"""See what a slot's schema is made of: the properties of an object, the items of an array."""

from __future__ import annotations

from grader.simulator.replies.values.schema import merge
from grader.simulator.replies.values.slot import Slot, make_slot
from grader.simulator.wire import Json

_MAX_MEMBERS = 500
_MAX_OPTIONS = 20
_COMPOSITE = frozenset(("object", "array"))


def is_composite(slot: Slot) -> bool:
    """Say whether a slot wants an object or an array."""
    if slot.kind == "choice":
        return False
    return not _COMPOSITE.isdisjoint(slot.types) or bool(options_of(slot))


def options_of(slot: Slot) -> list[Slot]:
    """Return the ways to fill a slot whose schema offers several, objects or arrays among them."""
    for key in ("anyOf", "oneOf"):
        if key in slot.shape:
            rest = {name: value for name, value in slot.shape.items() if name != key}
            parts = slot.shape[key][:_MAX_OPTIONS]
            options = [_option(slot, merge(rest, slot.document.resolve(part))) for part in parts]
            if any(not _COMPOSITE.isdisjoint(option.types) for option in options):
                return options
    return []


def _option(slot: Slot, part: Json) -> Slot:
    return make_slot(slot.name, part, slot.document, about=slot.nouns)


def members_of(slot: Slot) -> dict[str, Slot]:
    """Return the slots of an object's properties, by name."""
    properties = slot.shape.get("properties", {})
    return {
        name: make_slot(name, part, slot.document, about=slot.nouns, examples=_inside(slot, name))
        for name, part in list(properties.items())[:_MAX_MEMBERS]
    }


def _inside(slot: Slot, name: str) -> tuple[Json, ...]:
    objects = [example for example in slot.examples if isinstance(example, dict)]
    return tuple(example[name] for example in objects if name in example)


def required_of(slot: Slot) -> list[str]:
    """Return the names of the properties that an object must have."""
    return list(slot.shape.get("required", []))[:_MAX_MEMBERS]


def other_member(slot: Slot, name: str) -> Slot:
    """Return the slot of a property that the schema does not name."""
    return make_slot(name, slot.shape.get("additionalProperties", True), slot.document)


def item_of(slot: Slot) -> Slot:
    """Return the slot of an array's items."""
    part = slot.shape.get("items", True)
    return make_slot(slot.name, part, slot.document, about=slot.nouns)
