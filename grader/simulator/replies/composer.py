"""Compose a value for a schema: of what the prompt and the results give, else a plain sample.

Nothing is understood: a value is taken because of its kind, and because it stands behind a word of
its argument's name. The jsonschema library says whether it fits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from grader.simulator.replies.asked import Wanted
from grader.simulator.replies.found import (
    Found,
    find_all,
    is_filler,
    read_words,
    stem,
    stems,
    word_list,
)
from grader.simulator.replies.json_schema import Document
from grader.simulator.wire import Json

Region = tuple[int, int]
"""Where a part of the prompt begins and ends."""

_FORMATS = {"email": "email", "uri": "url", "date": "date", "date-time": "date"}
_TAKES: Mapping[str, tuple[str, ...]] = {
    "url": ("url", "path"),
    "path": ("path", "quoted", "id"),
    "id": ("id", "number", "quoted"),
    "free": ("quoted",),
    "exact": ("quoted",),
    "name": ("quoted", "name", "id", "currency"),
}
"""Of which kinds an argument takes a value, where it is not only of its own."""
_SURE = ("email", "url", "date")
"""Kinds that an argument is given though it may be left out."""

_AFTER = re.compile(
    r"\b(?:in|for|at|near|from|named|called)\s+(?:(?:the|an?|my)\s+)?([^\W\d_][\w-]*)",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"(?::\s|\b(?:about|for)\s)(.+)", re.DOTALL)
_LISTED = re.compile(r"[\s,;&]*(?:\b(?:and|or|in|for|of|the)\b[\s,]*)*")
_NOTHING: Any = object()
_MOST_STEPS = 5_000
_DEEPEST = 8
_MOST_ITEMS = 20
_LONGEST = 10_000


class Composer:
    """Compose a value for a schema from what was asked.

    region: the part of the prompt that is looked at first. about: the stems of what the value is
    for, which are not its names. example: a value that its author gave.
    """

    def __init__(
        self,
        document: Document,
        asked: Wanted,
        *,
        region: Region | None = None,
        about: Sequence[str] = (),
        example: Json = None,
    ) -> None:
        self._document = document
        self._asked = asked
        self._example = example if isinstance(example, dict) else {}
        start, end = region or (0, len(asked.prompt))
        # A prompt may name the keys of its answer: with "name" and "age".
        names = document.schema.get("properties") or {} if isinstance(document.schema, dict) else ()
        found = [
            each
            for each in find_all(asked.prompt)
            if (each.kind != "name" or not {*stems(each.text)} <= {*about})
            and (each.kind != "quoted" or each.text not in names)
        ]
        self._inside = [each for each in found if start <= each.start < end]
        self._found = [*self._inside, *(each for each in found if each not in self._inside)]
        before = ((each, asked.prompt[max(0, each.start - 25) : each.start]) for each in found)
        self._before = {each: {*stems(words)[-1:]} for each, words in before}
        self._steps = 0
        self.taken: dict[str, Found] = {}
        """What was taken from the prompt, by the names of the arguments."""
        self.missing: list[str] = []
        """The arguments that nothing gave, and that were made up."""
        self.unchosen: list[str] = []
        """Those of which one was chosen because the schema allows it."""
        self.value: Json = self._made("", document.schema, 0)

    def more(self) -> Iterator[Json]:
        """Yield the value, and one more for each further name or id that the prompt lists."""
        yield self.value
        texts = [(each.start, name) for name, each in self.taken.items() if each.kind != "number"]
        last = self.taken[max(texts)[1]] if texts else None
        for other in self._inside:
            if last and other.kind == last.kind and other.start > last.start:
                between = self._asked.prompt[last.end : other.start].strip("\"'`“”")
                if not between or not _LISTED.fullmatch(between):
                    return
                value = {**self.value, max(texts)[1]: other.text}
                if self._document.misfit(value):
                    return
                yield value
                last = other

    def _made(self, name: str, part: Json, depth: int, index: int = 0) -> Json:
        """Return the first value for a part of the schema that fits, else the first at all."""
        first, taken = _NOTHING, self.taken
        for shape in sorted(self._shapes(part), key=lambda shape: shape.get("type") != "null"):
            self.taken = dict(taken)
            for value in self._samples(name, shape, depth, index):
                if not self._document.misfit(value, part):
                    return value
                first = value if first is _NOTHING else first
        return None if first is _NOTHING else first

    def _object(self, schema: Json, depth: int) -> Json:
        properties = schema.get("properties") or {}
        required = schema.get("required") or ()
        rest = schema.get("additionalProperties", True)
        value: dict[str, Json] = {}
        extra = (f"simulated_{number}" for number in range(_MOST_ITEMS))
        for name, part in properties.items():
            given = self._given(name, part, is_required=name in required)
            if given is not _NOTHING:
                value[name] = given
        for name in dict.fromkeys((*required, *properties, *extra)):
            is_needed = name in required or len(value) < schema.get("minProperties", 0)
            if is_needed and name not in value:
                value[name] = self._made(name, properties.get(name, rest), depth + 1)
                shapes = self._shapes(properties.get(name, rest))
                is_known = any({"default", "const"} & shape.keys() for shape in shapes)
                is_plain = type(value[name]) in (str, int, float)
                if depth == 0 and is_plain and not is_known:
                    is_choice = any("enum" in shape for shape in shapes)
                    (self.unchosen if is_choice else self.missing).append(name)
        return {name: value[name] for name in (*properties, *value) if name in value}

    def _given(self, name: str, part: Json, *, is_required: bool) -> Json:
        for shape in self._shapes(part):
            for value, found in self._candidates(name, shape, is_required=is_required):
                if not self._document.misfit(value, part):
                    if found is not None:
                        self.taken[name] = found
                    return value
        return _NOTHING

    def _candidates(
        self, name: str, shape: Json, *, is_required: bool
    ) -> Iterator[tuple[Json, Found | None]]:
        """Yield the values that an argument may be given, the likeliest first."""
        kind, prompt, own = shape.get("type"), self._asked.prompt, stems(name)
        named: list[tuple[Json, Found]] = []
        rest: list[tuple[Json, Found]] = []
        takes = kind_of(name, shape) if kind == "string" else "number"
        if "enum" in shape:
            yield from ((value, None) for value in shape["enum"] if _is_word_of(prompt, value))
        elif kind == "boolean" and not ({*own} - _deeds()).isdisjoint(stems(prompt)):
            yield True, None
        elif kind in ("string", "integer", "number") and "const" not in shape:
            for each in self._free(_TAKES.get(takes, (takes,))):
                one = (each.text if kind == "string" else each.number, each)
                is_named = not self._before[each].isdisjoint(own)
                (named if is_named else rest).append(one)
        yield from named
        if is_required and "enum" not in shape:
            yield from ((value, None) for value in self._facts(name))
        if is_required or takes in _SURE:
            yield from rest
        if is_required and kind == "string" and "enum" not in shape:
            yield from self._guesses(takes)
        if is_required and "enum" not in shape:
            inputs = (call.tool_input for call in reversed(self._asked.calls))
            yield from ((sent[name], None) for sent in inputs if name in (sent or ()))

    def _free(self, kinds: Sequence[str]) -> list[Found]:
        """Return what is not taken yet, in the order of some kinds."""
        taken = {each.start for each in self.taken.values()}
        free = [each for each in self._found if each.kind in kinds and each.start not in taken]
        return sorted(free, key=lambda each: kinds.index(each.kind))

    def _guesses(self, takes: str) -> Iterator[tuple[str, Found]]:
        """Yield words of the prompt for what it does not clearly give."""
        prompt = self._asked.prompt
        if takes == "name":
            for match in _AFTER.finditer(prompt):
                if not is_filler(match[1]):
                    yield match[1], Found("word", match[1], match.start(1), match.end(1))
        if takes == "free" and not any(each.kind == "free" for each in self.taken.values()):
            topic = _TOPIC.search(prompt)
            words = (topic[1] if topic else prompt).strip(" .?!\n")
            if words:
                yield words, Found("free", words, len(prompt), len(prompt))

    def _facts(self, name: str) -> Iterator[Json]:
        """Yield what the results say under this name, or as the id of such a thing."""
        owner = stem(name.removesuffix("_id")) if name.endswith("_id") else ""
        for call in reversed(self._asked.calls):
            for key, value in [] if call.has_failed else _pairs(call.value):
                if key == name or (key == "id" and owner in stems(call.name)):
                    yield value

    def _samples(self, name: str, shape: Json, depth: int, index: int) -> Iterator[Json]:
        """Yield values that nothing gives, the likeliest to fit first."""
        self._steps += 1
        kind = shape.get("type", "object" if "properties" in shape else "string")
        allowed = (shape.get("enum") or [])[:_MOST_ITEMS]
        yield from (shape[key] for key in ("const", "default") if key in shape)
        yield from (*allowed[index:], *allowed[:index])
        if name in self._example and depth == 1:
            yield self._example[name]
        if kind != "object" and not index:
            yield from shape.get("examples") or ()
        if self._steps > _MOST_STEPS or depth > _DEEPEST:
            yield None
        elif kind == "object":
            yield self._object(shape, depth)
        elif kind == "array":
            firsts = (shape.get("prefixItems") or [])[:_MOST_ITEMS]
            size = min(int(shape.get("minItems", 0)), _MOST_ITEMS)
            parts = [*firsts[:size], *[shape.get("items", True)] * (size - len(firsts))]
            yield [self._made(name, part, depth + 1, place) for place, part in enumerate(parts)]
        elif kind in ("integer", "number"):
            yield from _numbers(shape, index)
        elif kind in ("boolean", "null"):
            yield from (False, True) if kind == "boolean" else (None,)
        else:
            yield from _texts(name, shape, index)

    def _shapes(self, schema: Json, depth: int = 0) -> list[dict[str, Json]]:
        """Return the plain schemas that a schema allows: no reference, no choice, one type."""
        self._steps += 1
        if not isinstance(schema, dict) or depth > _DEEPEST or self._steps > _MOST_STEPS:
            return [{}]
        base = {k: v for k, v in schema.items() if k not in ("$ref", "allOf", "anyOf", "oneOf")}
        parts = [*(schema.get("allOf") or ()), *self._document.find(schema.get("$ref"))]
        for part in parts:
            base = _merged(base, self._shapes(part, depth + 1)[0])
        choices = [*(schema.get("anyOf") or ()), *(schema.get("oneOf") or ())]
        shapes = [_merged(base, s) for each in choices for s in self._shapes(each, depth + 1)]
        return [
            {**shape, "type": kind} if kind else shape
            for shape in shapes or [base]
            for kind in (shape["type"] if isinstance(shape.get("type"), list) else ("",))
        ]


def kind_of(name: str, shape: Json) -> str:
    """Return what kind of text an argument is, by its format, its name and its description."""
    if shape.get("format") in _FORMATS:
        return _FORMATS[shape["format"]]
    kinds = [_kinds()[word] for word in reversed(stems(name)) if word in _kinds()]
    told = [_kinds().get(word) for word in stems(str(shape.get("description", ""))[:80])]
    return next(iter([*kinds, *(kind for kind in told if kind in ("email", "url"))]), "name")


@cache
def _deeds() -> frozenset[str]:
    """Return the stems of the verbs that say what a tool does: run, get, list."""
    return frozenset(stem(word) for word in word_list("reads") | word_list("changes"))


@cache
def _kinds() -> dict[str, str]:
    kinds = read_words("words.toml")["kinds"].items()
    return {stem(word): kind for kind, words in kinds for word in words.split()}


def _is_word_of(prompt: str, value: Json) -> bool:
    pattern = rf"(?<!\w){re.escape(str(value).lower())}(?!\w)"
    return value != "" and re.search(pattern, prompt.lower()) is not None


def _merged(one: dict[str, Json], other: dict[str, Json]) -> dict[str, Json]:
    properties = {**(one.get("properties") or {}), **(other.get("properties") or {})}
    required = [*(one.get("required") or ()), *(other.get("required") or ())]
    both = {"properties": properties, "required": required}
    return {**one, **other, **{key: value for key, value in both.items() if value}}


def _pairs(value: Json, key: str = "", depth: int = 0) -> list[tuple[str, Json]]:
    """Return the plain values in a JSON value, each with the key it stands under."""
    if not isinstance(value, dict | list) or depth > _DEEPEST:
        return [(key, value)]
    parts = value.items() if isinstance(value, dict) else ((key, part) for part in value)
    return [pair for name, part in [*parts][:100] for pair in _pairs(part, name, depth + 1)][:300]


def _numbers(shape: Json, index: int) -> Iterator[Json]:
    step = shape.get("multipleOf") or 1
    if shape.get("type") == "integer":
        # A step of a half is one of 1 to a whole number.
        step = next((step * n for n in range(1, 101) if step * n == int(step * n)), step)
    low = shape.get("minimum", shape.get("exclusiveMinimum"))
    high = shape.get("maximum", shape.get("exclusiveMaximum"))
    start = low if low is not None else min(1, high) if high is not None else 1
    end = high if high is not None else start
    tries = [start, (start + end) / 2, 0]
    if math.isfinite(start / step) and math.isfinite(end / step):
        ups = [(math.ceil(start / step) + index + more) * step for more in range(3)]
        tries = [*ups, *((math.floor(end / step) - more) * step for more in range(2)), *tries]
    for value in tries:
        is_whole = math.isfinite(value) and value == int(value)
        yield int(value) if is_whole else value


def _texts(name: str, shape: Json, index: int) -> Iterator[str]:
    sample = read_words("words.toml")["samples"].get(shape.get("format"))
    if sample:
        yield sample
    words = re.sub(r"[\s_-]+", " ", f"simulated {name or 'value'}")
    numbered = f"{words} {index + 1}" if index else words
    least = min(int(shape.get("minLength", 0)), _LONGEST)
    yield numbered.ljust(least, ".")[: max(int(shape.get("maxLength", _LONGEST)), 0)]
