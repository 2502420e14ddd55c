"""Read which form a prompt or a system prompt asks for in words: JSON, tags, or one word.

Programs ask so where they don't use the API's own formats: "Respond with a JSON object …",
"… in <answer> tags", "Reply with PASS if …". What they then do with the answer works only if it has
that form, and a loop that waits for a word ends only if it comes. A form that is shown in words is
read as a schema, so that it is filled like any other.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.simulator.replies.asked import Wanted, read_system
from grader.simulator.replies.composer import Composer, kind_of
from grader.simulator.replies.found import word_list
from grader.simulator.replies.json_schema import Document
from grader.simulator.validation import is_schema
from grader.simulator.wire import Json

_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?\n]?")
_QUESTION = re.compile(
    r"\s*(?:how|why|what|who|where|explain|describe|does|is|when (?:do|does|is|should))\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:respond|reply|answer|return|output|provide|produce|give|generate|format|extract|convert|"
    r"use|put|write|list|make|must|should|always|only|expected|strictly)\w*\b",
    re.IGNORECASE,
)
_AS_JSON = re.compile(
    r"\b(?:as|in|into|with|of|valid|raw|only|following|an?|the|one|single|matching|returns?|"
    r"outputs?|respond|reply)\s+(?:\w+\s+){0,2}?json\b|"
    r"\bjson\s*(?:object|array|format|schema|only|output|response|list|string|with)\b",
    re.IGNORECASE,
)
_OF_CODE = re.compile(
    r"\b(?:from (?:this|the|that)(?: following)? json|function|code|script|program|class|endpoint|"
    r"parser|regex)\b",
    re.IGNORECASE,
)
_KEY = re.compile(r"[\"'“`](\w[\w -]{0,60})[\"'”`]\s*:")
_NAMED = re.compile(r"[\"'“`](\w[\w-]{0,60})[\"'”`](?:\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\))?")
_LISTS_KEYS = re.compile(r"\b(?:keys?|fields?|properties|attributes)\b", re.IGNORECASE)
_PLAIN_KEYS = re.compile(
    r"\b(?:keys?|fields?|properties|attributes):?\s+((?:\w+(?:,? and |, ))*\w+)"
)
_CHOICES = re.compile(r"[\"'“]([^\"'“”|]{1,40})[\"'”]")
_TYPES: Mapping[str, tuple[str, ...]] = {
    "boolean": ("bool", "true", "false"),
    "integer": ("int", "integer"),
    "number": ("float", "number", "score", "decimal", "percentage"),
    "object": ("dict", "object"),
}
_IN_TAGS = re.compile(
    r"\b(?:in|within|inside|between|using|with|into)\s+(?:\w+\s+){0,2}?<(\w[\w-]*)>"
    r"(?:\s*(?:and\s+)?(?:\.\.\.|…)?\s*</\1>)?\s*(?:XML\s+)?tags?\b",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(
    r"\b(?:format|structure|template|like this)\b[^\n<]{0,80}[:.]?\s*(?=<\w)", re.IGNORECASE
)
_TAG = re.compile(r"\s*<(\w[\w-]*)>([^<]{0,400})</\1>")
_WORD = re.compile(
    r"\b(?i:say|reply|respond|answer|return|output|write|print)\b(?:\s+(?:with|only|just|exactly|"
    r"either|the|single|word|one|of|by|saying|back))*:?\s*"
    r"(?:[\"'“`]([^\"'“”`\n]{1,30})[\"'”`](?=\s+(?:or|if|when|once|and nothing)|,|[.!]?\s*$)|"
    r"([A-Z][A-Z_]+)\b)"
)
_LATER = re.compile(r"\b(?:when|once|after|finished|done|complete|completed)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Form:
    """Hold the form that an answer is to have; of the three one is given.

    rest: the prompt without the words that ask for the form. schema: of JSON; wrap: the tag that is
    to hold it. tags: the names of tags, each with the choices of what it holds, or none.
    word: what is waited for; is_after: whether it comes behind an answer.
    """

    rest: str
    schema: Json = None
    wrap: str = ""
    tags: Mapping[str, Sequence[str]] | None = None
    word: str = ""
    is_after: bool = False

    def fill(self, asked: Wanted, said: str, *, begun: str = "") -> str:
        """Return an answer in this form.

        said: the answer without it. begun: what the client has begun the answer with.
        """
        if self.schema is not None:
            return self._json(replace(asked, prompt=self.rest), said, begun)
        if self.tags is not None:
            plain = re.sub(r"[<>]", "", said)
            parts = ((name, (*choices, plain)[0]) for name, choices in self.tags.items())
            return "\n".join(f"<{name}>{words}</{name}>" for name, words in parts)
        return f"{said} {self.word}" if self.is_after else self.word

    def _json(self, asked: Wanted, said: str, begun: str) -> str:
        value = Composer(Document(self.schema), asked).value
        written = json.dumps(_told(value, said), ensure_ascii=False)
        if begun.endswith(("{", "[")) and written.startswith(begun[-1]):
            return written[1:]
        return f"<{self.wrap}>{written}</{self.wrap}>" if self.wrap and not begun else written


def _told(value: Json, said: str) -> Json:
    """Return a value in which the answer itself stands where nothing else was asked for."""
    if isinstance(value, list):
        return [_told(each, said) for each in value]
    return {"answer": said} if value == _SAMPLE else value


_SAMPLE = {"answer": ""}
_ANYTHING: Json = {"const": _SAMPLE}


def find_form(request: Json, prompt: str) -> Form | None:
    """Return the form that a request's prompt asks for in words, else its system prompt, or None.

    prompt: the user's last text.
    """
    for text in (prompt, read_system(request)):
        rest = prompt if text is not prompt else None
        form = _find_json(text, rest) or _find_tags(text, rest) or _find_word(text, rest)
        if form is not None:
            return form
    return None


def _sentences(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _SENTENCE.finditer(text) if match[0].strip())


def _find_json(text: str, rest: str | None) -> Form | None:
    if "json" not in text.lower():
        return None
    asks = [sentence for sentence in _sentences(text) if _asks_for_json(sentence[0])]
    if not asks:
        return None
    schema, left = _shown(text)
    schema = schema or _described(text, asks) or _ANYTHING
    for sentence in asks:
        left = left.replace(sentence[0], " ")
    if schema.get("type") != "array" and re.search(r"\bjson (?:array|list)\b", text, re.IGNORECASE):
        schema = {"type": "array", "minItems": 1, "items": schema}
    wrap = re.search(r"<(\w*json\w*)>", text, re.IGNORECASE)
    return Form(left if rest is None else rest, schema, wrap=wrap[1] if wrap else "")


def _asks_for_json(sentence: str) -> bool:
    """Return whether a sentence tells the model to answer by JSON."""
    return bool(
        _AS_JSON.search(sentence)
        and _TELLS.search(sentence)
        and not _QUESTION.match(sentence)
        and not _OF_CODE.search(sentence)
    )


def _shown(text: str) -> tuple[Json, str]:
    """Return the schema that a text shows, or of the example that it shows, and the text without.

    An example may hold words for its values, which no parser of JSON takes: {"score": 1-5}.
    """
    found: list[tuple[Json, int, int]] = []
    decoder = json.JSONDecoder(parse_float=_finite, parse_constant=_finite)
    start = text.find("{")
    while start >= 0 and len(found) < 20:
        end = start + 1
        try:
            value, end = decoder.raw_decode(text, start)
            found.append((value, start, end))
        except (ValueError, RecursionError):
            closing = text.find("}", start)
            inside = text[start : text.rfind("}") + 1] if closing > 0 else ""
            if _KEY.search(inside):
                _, *parts = _KEY.split(inside)
                keys = zip(parts[::2], parts[1::2], strict=True)
                end = start + len(inside)
                found.append((_object({key: _typed(words) for key, words in keys}), start, end))
        start = text.find("{", end)
    for value, start, end in reversed(found):
        schema = _as_schema(value)
        if schema is not None:
            return schema, f"{text[:start]} {text[end:]}"
    return None, text


def _finite(digits: str) -> float:
    """Return a number of JSON. Raises ValueError for one that JSON can't hold."""
    if not math.isfinite(float(digits)):
        raise ValueError(digits)
    return float(digits)


def _as_schema(value: Json) -> Json:
    """Return a value if it is a schema, else the schema of values like it; None for nothing."""
    if isinstance(value, dict):
        inner = [part for part in value.values() if isinstance(part, dict)]
        for part in (value, *inner):
            looks = isinstance(part.get("properties"), dict) or part.get("type") == "array"
            if looks and is_schema(part):
                return part
    return _like(value, 0) if value else None


def _like(value: Json, depth: int) -> Json:
    if isinstance(value, dict) and depth < 8:
        return _object({str(key): _like(part, depth + 1) for key, part in value.items()})
    if isinstance(value, list) and depth < 8:
        return {
            "type": "array",
            "minItems": 1,
            "items": _like(value[0], depth + 1) if value else {},
        }
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, int | float):
        return {"type": "integer" if isinstance(value, int) else "number"}
    return _typed(value) if isinstance(value, str) else {}


def _object(properties: Mapping[str, Json]) -> Json:
    return {"type": "object", "properties": dict(properties), "required": [*properties]}


def _typed(words: str) -> Json:
    """Return the schema of a value that is described in words."""
    choices = _CHOICES.findall(words)
    if "|" in words and len(choices) < 2:
        choices = [part.strip("\"'<>[] ,}") for part in words.split("|")]
    if len(choices) > 1:
        return {"type": "string", "enum": list(dict.fromkeys(choices))}
    if words.lstrip().startswith("["):
        return {"type": "array", "items": {"type": "string"}, "minItems": 1}
    said = {*re.findall(r"[a-z]+", words.lower())}
    kinds = (kind for kind, names in _TYPES.items() if not said.isdisjoint(names))
    return {"type": next(kinds, "string")}


def _described(text: str, asks: Sequence[re.Match[str]]) -> Json:
    """Return the schema of the keys that the sentences about JSON name, or None."""
    for sentence in asks:
        near = text[sentence.start() : sentence.end() + 600]
        listed = _LISTS_KEYS.search(near)
        if listed:
            keys = {key: _typed(words) for key, words in _NAMED.findall(near[listed.start() :])}
            plain = _PLAIN_KEYS.search(near)
            if not keys and plain:
                keys = {key: _typed("") for key in re.split(r",? and |, ", plain[1])}
            if keys:
                return _object({key: _by_name(key, part) for key, part in keys.items()})
    return None


def _by_name(key: str, part: Json) -> Json:
    """Return the schema of a key's value, whose name alone may say that it is a number."""
    is_number = part == {"type": "string"} and kind_of(key, {}) == "number"
    return {"type": "number"} if is_number else part


def _find_tags(text: str, rest: str | None) -> Form | None:
    """Return the tags that a text asks for, in a template or by name."""
    if "<" not in text:
        return None
    tags: dict[str, Sequence[str]] = {}
    left = text
    for template in _TEMPLATE.finditer(text):
        place = template.end()
        while tag := _TAG.match(text, place):
            tags[tag[1]] = _choices(tag[2])
            left, place = left.replace(tag[0], " "), tag.end()
    if not tags:
        for sentence in _sentences(text):
            for name in _IN_TAGS.finditer(sentence[0]) if _TELLS.search(sentence[0]) else ():
                quoted = _CHOICES.findall(sentence[0][: name.start()])
                tags[name[1]] = quoted if len(quoted) > 1 else ()
                left = left.replace(sentence[0], " ")
    return Form(left if rest is None else rest, tags=tags) if tags else None


def _choices(words: str) -> Sequence[str]:
    """Return the choices that a template gives: PASS, NEEDS_IMPROVEMENT, or FAIL."""
    parts = [part.strip(" \n\"'[]") for part in re.split(r",|\||/|\bor\b", words)]
    parts = [part for part in parts if part]
    return parts if len(parts) > 1 and all(len(part.split()) < 4 for part in parts) else ()


def _find_word(text: str, rest: str | None) -> Form | None:
    """Return the word that a text waits for: Reply with PASS if all is well."""
    for sentence in _sentences(text):
        found = None if _QUESTION.match(sentence[0]) else _WORD.search(sentence[0])
        word = (found[1] or found[2] or "").strip() if found else ""
        if word and word not in word_list("acronyms"):
            later = rest is not None and _LATER.search(sentence[0]) is not None
            left = text.replace(sentence[0], " ") if rest is None else rest
            return Form(left, word=word, is_after=later)
    return None
