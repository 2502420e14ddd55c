"""A place that wants a value: a property of a schema, with all that tells what belongs there."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.simulator.replies.language import is_filler, kind_of, words_of_name
from grader.simulator.replies.values.schema import Schema, types_of
from grader.simulator.wire import Json

COUNTED = ("number", "count")
"""Kinds that are numbers."""

WORDED = ("title", "query", "text")
"""Kinds of which any words may be."""

_FORMATS = {
    "date": "date",
    "date-time": "moment",
    "email": "email",
    "time": "time",
    "uri": "url",
    "url": "url",
    "uuid": "identifier",
}
_VAGUE = frozenset(words_of_name("id number code name type value key no"))
"""Roots that leave it to a property's other words to say whose value it is."""


@dataclass(frozen=True)
class Slot:
    """Hold one place for a value.

    name: the property's name. part: its schema as written; shape: with its references followed.
    kind: what sort of value belongs there: "choice", "flag", "number", or a row of `words.toml`.
    words: the roots in its name. nouns: those that say whose value it is: customer, of customer_id.
    about: roots of what it belongs to. examples: what the schema or the tool gives as such.
    """

    name: str
    part: Json
    document: Schema = field(repr=False, compare=False)
    shape: dict[str, Json]
    kind: str | None
    words: tuple[str, ...]
    nouns: tuple[str, ...]
    about: tuple[str, ...] = ()
    examples: tuple[Json, ...] = ()

    @property
    def types(self) -> tuple[str, ...]:
        """Return the types that a value may have; empty where the schema does not say."""
        return types_of(self.shape)

    def accepts(self, value: Json) -> bool:
        """Say whether a value fits the slot's schema."""
        return self.document.accepts(self.part, value)


def make_slot(
    name: str,
    part: Json,
    document: Schema,
    *,
    about: tuple[str, ...] = (),
    examples: tuple[Json, ...] = (),
) -> Slot:
    """Return the slot of one property.

    about: roots of what the property belongs to, such as the words of a tool's name.
    """
    shape = _without_null(document.resolve(part), document)
    words = words_of_name(name)
    own = tuple(word for word in words if not is_filler(word) and word not in _VAGUE)
    given = [*_list(shape.get("examples")), *examples]
    if isinstance(shape.get("default"), str):
        given.append(shape["default"])
    kind = _kind(shape, words)
    # The id of a customer tool is a customer's.
    inherits = kind == "identifier" or not {"object", "array"}.isdisjoint(types_of(shape))
    nouns = own or (about if inherits else ())
    return Slot(name, part, document, shape, kind, words, nouns, about, tuple(given))


def _without_null(shape: dict[str, Json], document: Schema) -> dict[str, Json]:
    """Return what a nullable schema says of the value that it wants."""
    for key in ("anyOf", "oneOf"):
        options = [document.resolve(option) for option in _list(shape.get(key))]
        wanted = [option for option in options if types_of(option) != ("null",)]
        if len(wanted) == 1:
            rest = {name: value for name, value in shape.items() if name != key}
            return {**wanted[0], **rest}
    return shape


def _kind(shape: dict[str, Json], words: tuple[str, ...]) -> str | None:
    types = types_of(shape)
    if "enum" in shape or "const" in shape:
        return "choice"
    if "boolean" in types:
        return "flag"
    if "integer" in types or "number" in types:
        return "count" if kind_of(words) == "count" else "number"
    known = _FORMATS.get(shape.get("format", ""))
    described = words_of_name(str(shape.get("description", "")))
    kind = known or kind_of(words) or kind_of(described)
    return kind if kind != "count" else None


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
