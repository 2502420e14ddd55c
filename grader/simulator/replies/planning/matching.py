"""Say which tools a prompt asks for, and which part of the prompt is about each of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from grader.simulator.replies.language import (
    OPERATIONS,
    is_clear,
    is_filler,
    is_plain,
    means,
    places_in,
    places_of,
    root,
    steps,
    sums,
    words_of_name,
    words_of_text,
)
from grader.simulator.replies.planning.tool import Tool
from grader.simulator.replies.values import WORDED, Composer, Slot, Source

_CLAUSE = re.compile(r"[.!?;\n]\s{1,9}|,?\s{1,9}(?:and )?(?:then|also)\s", re.IGNORECASE)
_GENERAL = re.compile(
    r"\s*(?:please\s+)?(?:explain|write|why|define|describe|compare|translate|summari[sz]e|"
    r"tell me a|what (?:is|are|does|do) an?\b|what does|what's an?\b|how do\b|how does|"
    r"what is the difference)\b",
    re.IGNORECASE,
)
"""How prompts begin that ask for knowledge or for words, and not for what a tool does."""

_TELLING = frozenset(("currency", "expression", "identifier", "path", "url"))
"""Kinds of arguments that say alone which tool is wanted."""

_CERTAIN = frozenset(("choice", "code", "email", "phone", "symbol"))
"""Kinds that say so with a word of what the tool does."""

_DESCRIBING = 500
"""So many characters of a tool's description are read for what it does."""

_ALLOWED = 50


@dataclass(frozen=True)
class Match:
    """Hold how a text speaks of a tool: where it begins to, and the words that do.

    places: the indexes of these words in the text. is_named: whether the tool's very name is there.
    lacking: how many words of the tool's name the text does not have. is_hint: whether the text
    only gives its arguments, without a word of what it does. rank: the tool's place among all.
    """

    tool: Tool
    start: int
    places: frozenset[int]
    lacking: int
    rank: int = 0
    is_named: bool = False
    is_hint: bool = False


def find_matches(tools: Sequence[Tool], text: str) -> list[Match]:
    """Return the tools that a text asks for, in the order in which it speaks of them."""
    found = [
        replace(match, rank=rank)
        for rank, tool in enumerate(tools)
        if (match := _match(tool, text)) is not None
    ]
    for is_better in (lambda match: match.is_named, lambda match: not match.is_hint):
        found = [match for match in found if is_better(match)] or found
    kept = [match for match in found if not any(_outdoes(other, match) for other in found)]
    return sorted(kept, key=lambda match: match.start)


def region(text: str, match: Match, others: Sequence[Match]) -> tuple[int, int]:
    """Return where the part of a text begins and ends that is about one of the tools.

    It is the clause that speaks of the tool, up to where it speaks of the next one.
    """
    starts = [other.start for other in others]
    start = max((cut.end() for cut in _CLAUSE.finditer(text, 0, match.start)), default=0)
    before = [other for other in starts if start <= other < match.start]
    following = [other for other in starts if other > match.start]
    end = min(following, default=len(text))
    return match.start if before else start, end


def _outdoes(one: Match, other: Match) -> bool:
    """Say whether a tool fits better than another that the same words of the text speak of."""
    if one is other or bool(one.tool.writes) != bool(other.tool.writes):
        return False
    if not other.places <= one.places:
        return False
    return other.places < one.places or one.lacking < other.lacking


def _match(tool: Tool, text: str) -> Match | None:
    named = _name_in(tool.name, text)
    if named is not None:
        return Match(tool, named, frozenset(), 0, is_named=True)
    return _match_change(tool, text) if tool.writes else _match_look(tool, text)


def _match_change(tool: Tool, text: str) -> Match | None:
    """Match a tool that changes something: only where the text asks for that change."""
    asked = _places(text, tool.writes)
    if not asked:
        return None
    topics = {place for topic in tool.topics for place in places_of(text, topic)}
    about = topics | _described(tool, text) - asked
    told = {slot.kind for slot in _given(tool, text)} & (_TELLING | _CERTAIN)
    says_all = not tool.topics or is_clear(tool.verb or "")
    if not told and (_GENERAL.match(text) or not (about or says_all)):
        return None
    lacking = sum(not places_of(text, topic) for topic in tool.topics)
    return _matched(tool, text, asked | about, lacking)


def _match_look(tool: Tool, text: str) -> Match | None:
    """Match a tool that looks something up or works it out."""
    spoken = [places_of(text, topic) for topic in tool.topics]
    places = {place for found in spoken for place in found}
    lacking = spoken.count([])
    if worked_out := _operators(tool, text):
        places, lacking = places | worked_out, 0
    said = _said(tool, text)
    if places or not tool.topics:
        places |= said
    if _is_asked(tool, text, places, lacking):
        return _matched(tool, text, places, lacking)
    is_hint = not places and not said
    places |= said | _described(tool, text)
    if _is_hinted(tool, text, places, lacking):
        return replace(_matched(tool, text, places, lacking), is_hint=is_hint)
    return None


def _matched(tool: Tool, text: str, places: set[int], lacking: int) -> Match:
    words = words_of_text(text)
    start = min((words[place].start for place in places if place >= 0), default=0)
    return Match(tool, start, frozenset(places), lacking)


def _is_asked(tool: Tool, text: str, places: set[int], lacking: int) -> bool:
    """Say whether a text speaks of all that a tool's name does, and asks for it."""
    if not places or 2 * lacking > len(tool.topics):
        return False
    if lacking and tool.required:
        return False
    return not _GENERAL.match(text) or bool(_given(tool, text))


def _is_hinted(tool: Tool, text: str, places: set[int], lacking: int) -> bool:
    """Say whether a text gives all that a tool must have, and some words of what it does."""
    enough = _TELLING | _CERTAIN if places else _TELLING
    is_spoken_of = len(places) > 1 or lacking < len(tool.topics)
    wanted = {slot.kind for slot in tool.arguments.values()}
    # What follows takes long, and there may be many tools.
    if not tool.required or not (is_spoken_of or wanted & enough):
        return False
    given = _given(tool, text)
    if not {*tool.required} <= {slot.name for slot in given}:
        return False
    return is_spoken_of or bool(enough & {slot.kind for slot in given})


def _given(tool: Tool, text: str) -> list[Slot]:
    """Return the arguments that a text clearly gives; any words may be a title or a message."""
    composer = Composer(Source((text,)), guesses=False)
    composer.compose(tool.slot)
    slots = [taken.slot for taken in composer.taken]
    return [slot for slot in slots if slot.kind not in WORDED and slot.name in tool.arguments]


def _said(tool: Tool, text: str) -> set[int]:
    """Return the places of words that say what a tool does."""
    known = places_in(text)
    # "Get" and "show" say nothing, but "find" is how people ask for a search.
    telling = [word for word in known if not is_plain(word) or word == "find"]
    return _places(text, [word for word in telling if tool.verb and means(word, tool.verb)])


def _places(text: str, roots: Iterable[str]) -> set[int]:
    known = places_in(text)
    return {place for word in roots for place in known.get(word, ())}


def _described(tool: Tool, text: str) -> set[int]:
    """Return the places of words that the tool's description or its arguments have too."""
    told = [word.root for word in words_of_text(tool.description[:_DESCRIBING])]
    told += [word for slot in tool.arguments.values() for word in (*slot.words, *_allowed(slot))]
    return _places(text, {word for word in told if not is_filler(word)})


def _allowed(slot: Slot) -> tuple[str, ...]:
    values = [value for value in slot.shape.get("enum", [])[:_ALLOWED] if isinstance(value, str)]
    return tuple(word for value in values for word in words_of_name(value))


def _operators(tool: Tool, text: str) -> set[int]:
    """Return the kinds of steps of a text's sums that a tool does, as places before the text."""
    done = {step.name for mention in sums(text) for step in steps(str(mention.value))}
    words = [*tool.words, *(word for slot in tool.arguments.values() for word in _allowed(slot))]
    takes_all = any(slot.kind == "expression" for slot in tool.arguments.values())
    return {
        -1 - place
        for place, name in enumerate(OPERATIONS)
        if name in done and (takes_all or any(means(word, root(name)) for word in words))
    }


def _name_in(name: str, text: str) -> int | None:
    """Return where a text has a tool's very name; a name that is a word only as a tool's name."""
    written = re.escape(name)
    if "_" not in name and "-" not in name and name.islower():
        written = rf"(?:`{written}`|{written}(?=\s+(?:tool|function)\b|\())"
    match = re.search(rf"(?<![\w-]){written}(?![\w-])|`{re.escape(name)}`", text, re.IGNORECASE)
    return match.start() if match else None
