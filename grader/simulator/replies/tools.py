"""Read the tools of a request, and say which of them a prompt asks for.

A tool is asked for by the words that its name and the prompt share, and by what the prompt gives
for its arguments. One that changes something is asked for by its own verb, or by all it needs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from grader.simulator.contents import references
from grader.simulator.replies.asked import Wanted
from grader.simulator.replies.composer import Composer, Region, kind_of
from grader.simulator.replies.found import find_all, read_words, stem, stems, word_list
from grader.simulator.replies.json_schema import Document
from grader.simulator.replies.toolsets import read_members
from grader.simulator.tool_changes import offered_tools
from grader.simulator.wire import Json

_GENERAL = re.compile(
    r"\s*(?:please\s+)?(?:explain|write|why|define|describe|translate|summari[sz]e|tell me a|"
    r"(?:what|who) (?:is|are|does|do) an?\b|what's an?\b|how do\b|how does|what is the difference"
    r")\b",
    re.IGNORECASE,
)
"""How prompts begin that ask for knowledge or for words."""

_OUTPUT = re.compile(
    r"\b(?:final|structured|formatted)[\s_-]+(?:\w+[\s_-]+)?(?:output|result|answer|response)"
)
_OUTPUT_NAME = re.compile(r"(?:print|output|emit)_|json(?:_tool_call|_output)?$")
"""How tools are named whose call is what the program wants to have, not a deed."""

_NOUN = re.compile(r"(?:[A-Z][a-z0-9]+)+$|(?:extract|record|classify)_\w+$")
"""How such tools are named where each is the only one: after a class, or after the answer."""

_ONLY_USERS_KNOW = ("email", "url", "path", "id", "exact")
_ASKS_FACT = re.compile(
    r"\s*(?:who|what|when|where|which|did|is|are|was|were|"
    r"how (?:many|much|old|tall|far|long|high|big))\b[^?]*\?\s*$",
    re.IGNORECASE,
)
_TELLING = frozenset(("email", "url", "sum"))
_COUNTS: Mapping[str, int] = {"two": 2, "three": 3, "four": 4, "five": 5}
_COUNTED = re.compile(r"(?<!\w)([2-9]|10|two|three|four|five) (\w+)")
_DESCRIBING = 160


@dataclass(frozen=True)
class Tool:
    """Hold a tool that the client runs.

    description: how it begins. example: an input that its author gave, or None.
    changes: whether it may change something. is_output: whether a call of it is the answer itself;
    is_final: whether it is so of any answer, a greeting's too. cues: words of a prompt by which it
    is asked for, without any other.
    """

    name: str
    description: str
    document: Document
    example: Json = None
    changes: bool = False
    is_output: bool = False
    cues: frozenset[str] = frozenset()
    is_final: bool = False

    @property
    def topics(self) -> list[str]:
        """Return the stems in its name that say what it is about."""
        return _topics(self.name)

    @property
    def properties(self) -> dict[str, Json]:
        """Return the schemas of its arguments."""
        return self.document.schema.get("properties") or {}

    def compose(self, asked: Wanted, region: Region | None = None) -> Composer:
        """Return what has composed an input for a call."""
        about = [*self.topics, *stems(self.description)]
        composer = Composer(self.document, asked, region=region, about=about, example=self.example)
        # Required arguments first: promised of strict tools, and as good for any other.
        is_input = isinstance(composer.value, dict)
        composer.value = self.document.arranged(composer.value) if is_input else {}
        return composer

    def lacking(self, composer: Composer) -> list[str]:
        """Return the arguments without which it is not to be called by itself."""
        return [*composer.missing, *(composer.unchosen if self.changes else ())]


def read_tools(request: Json) -> list[Tool]:
    """Return the tools that the model calls by itself and the client runs.

    Those that are deferred are there once a search has found them.
    """
    named = (request.get("tool_choice") or {}).get("name")
    offered = offered_tools(request)
    if named and all(tool.get("name") != named for tool in offered):
        offered += [tool for tool in request.get("tools") or () if tool.get("name") == named]
    tools = [tool for tool in offered if "direct" in (tool.get("allowed_callers") or ("direct",))]
    is_alone = len(tools) == 1
    known = read_words("words.toml")["client_tools"]
    kinds = [re.sub(r"_\d{8}$", "", tool.get("type") or "custom") for tool in tools]
    return [
        tool_of({**tool, **known.get(kind, {})}, is_alone=is_alone)
        for tool, kind in zip(tools, kinds, strict=True)
        if kind == "custom" or kind in known
    ] + [tool_of(member) for member in read_members(request)]


def find_wanted(tools: Sequence[Tool], asked: Wanted) -> list[tuple[Tool, Region]]:
    """Return the tools that a prompt asks for, each with the part of the prompt that is about it.

    They come in the order in which it speaks of them; those last whose call is the answer itself.
    """
    text = asked.prompt
    outputs = [(tool, (0, len(text))) for tool in tools if tool.is_output]
    if {*re.findall(r"\w+", text.lower())} <= word_list("greetings"):
        return [
            one for one in outputs if _OUTPUT.search(f"{one[0].name} {one[0].description}".lower())
        ]
    others = [tool for tool in tools if not tool.is_output]
    heard = _heard(text)
    said = {*re.findall(r"\w+", text.lower())}
    ranked = [
        (
            3 * _is_named(tool.name, text)
            or 2 * bool(tool.cues & said)
            or _rank(tool, asked, heard),
            tool,
        )
        for tool in others
    ]
    best = max((1, *(rank for rank, _ in ranked)))
    wanted = [tool for rank, tool in ranked if rank == best]
    if any(tool.lacking(tool.compose(asked)) for tool in wanted):
        # Another one may look up what is lacking.
        wanted = [tool for rank, tool in ranked if rank]
    placed = sorted([(_place(tool, text, heard), tool) for tool in wanted], key=lambda one: one[0])
    cuts = [0, *(place for place, _ in placed[1:]), len(text)]
    regions = list(pairwise(cuts))[: len(placed)]
    return [*((tool, at) for (_, tool), at in zip(placed, regions, strict=True)), *outputs]


def find_reference(tools: Sequence[Tool], asked: Wanted) -> list[tuple[Tool, Region]]:
    """Return the tool in which a question of fact can be looked up, if that is all there is for."""
    whole = (0, len(asked.prompt))
    if len(tools) != 1 or not _ASKS_FACT.match(asked.prompt) or _GENERAL.match(asked.prompt):
        return []
    about = {*stems(f"{tools[0].name} {tools[0].description}")}
    is_reference = not about.isdisjoint(map(stem, word_list("references")))
    is_known = not tools[0].lacking(tools[0].compose(asked))
    return [(tools[0], whole)] if is_reference and is_known and not tools[0].changes else []


def is_meant(name: str, prompt: str) -> bool:
    """Return whether a prompt has all words of a tool's name, of which no more is known."""
    is_greeting = {*re.findall(r"\w+", prompt.lower())} <= word_list("greetings")
    topics = {*_topics(name)}
    is_asked = bool(topics) and topics <= _heard(prompt) and not _GENERAL.match(prompt)
    return _is_named(name, prompt) or (is_asked and not is_greeting)


def times(prompt: str, tool: Tool) -> int:
    """Return how often a tool without arguments is wanted: 3 times, twice, two names."""
    own = (stem("times"), *stems(tool.name))
    for number, what in _COUNTED.findall(prompt.lower()):
        if stem(what) in own:
            return _COUNTS.get(number) or int(number)
    return 2 if re.search(r"\btwice\b", prompt.lower()) else 1


def _topics(name: str) -> list[str]:
    own = stems(name.removeprefix("mcp__").rpartition("__")[2] or name)
    return [word for word in own if not _does([word], "reads")] or own


def _verb(words: str) -> list[str]:
    """Return the stem of the first word, which says what a tool does."""
    return [stem(word) for word in re.findall(r"[A-Z]?[a-z]+", words)[:1]]


def _does(verbs: Sequence[str], what: str) -> bool:
    """Return whether one of some stems is that of a word in a list: reads, changes."""
    return not {*map(stem, word_list(what))}.isdisjoint(verbs)


def find_references(messages: list[Json]) -> set[str]:
    """Return the names of the tools that searches have found in a conversation."""
    return {reference["tool_name"] for reference in references(messages)}


def tool_of(tool: Json, *, is_alone: bool = False) -> Tool:
    """Return what is read of a tool's definition; is_alone: there is no other."""
    # The SDK types properties and required as optional, so None stands for absent.
    schema = {key: value for key, value in tool["input_schema"].items() if value is not None}
    description = (tool.get("description") or "")[:_DESCRIBING].partition(". ")[0]
    verbs = [*_verb(tool["name"]), *_verb(description)]
    parts = [part for part in (schema.get("properties") or {}).values() if isinstance(part, dict)]
    # To add numbers changes nothing.
    is_sum = bool(parts) and all(part.get("type") in ("integer", "number") for part in parts)
    is_final = bool(_OUTPUT.search(f"{tool['name']} {description}".lower()))
    return Tool(
        tool["name"],
        description,
        Document(schema),
        example=next(iter(tool.get("input_examples") or ()), None),
        changes=not is_sum and not _does(verbs[:1], "reads") and _does(verbs, "changes"),
        cues=frozenset(tool.get("cues") or ()),
        is_output=is_final or _is_output(tool["name"], schema, is_alone=is_alone),
        is_final=is_final,
    )


def _is_output(name: str, schema: Json, *, is_alone: bool) -> bool:
    """Return whether a tool is named so that its arguments look like the parts of an answer."""
    parts = schema.get("properties") or {}
    asks = any(
        kind_of(each, part) in _ONLY_USERS_KNOW
        for each, part in parts.items()
        if isinstance(part, dict) and part.get("type") == "string"
    )
    is_named_so = _OUTPUT_NAME.match(name) or (
        is_alone and _NOUN.match(name) and not _does(stems(name), "reads")
    )
    return bool(is_named_so and parts and not asks)


def _heard(text: str) -> frozenset[str]:
    """Return the stems of a prompt, and what stands for one of them or for a sign in a sum."""
    heard = {*stems(text), *(sign for f in find_all(text) if f.kind == "sum" for sign in f.text)}
    for words in read_words("words.toml")["alike"]:
        alike = {stem(word) for word in words.split()}
        heard |= alike if alike & heard else set()
    return frozenset(heard)


def _rank(tool: Tool, asked: Wanted, heard: frozenset[str]) -> int:
    """Return 2 where a prompt asks for a tool in words, 1 where it gives all that it takes."""
    hits = len({*tool.topics} & heard)
    verbs = {*_verb(tool.name), *_verb(tool.description)} & heard
    parts = [part for part in tool.properties.values() if isinstance(part, dict)]
    told = [tool.description, *tool.properties, *(v for p in parts for v in p.get("enum") or ())]
    hints = len({*stems(" ".join(map(str, told)))} & heard - {*tool.topics} - verbs)
    composer = tool.compose(asked)
    is_given = not tool.lacking(composer)
    taken = {found.kind for found in composer.taken.values()}
    if _GENERAL.match(asked.prompt) and not (is_given and taken):
        return 0
    if tool.changes:
        is_about = hits - len(verbs & {*tool.topics}) + hints > 0
        is_meant = verbs and (is_about or is_given)
        is_told = is_given and hints > 1 and taken and _does([*heard], "changes")
        return 2 if is_meant or is_told else 0
    if hits and 2 * hits >= len(tool.topics):
        return 2
    if not tool.document.schema.get("required") or not is_given:
        return 0
    is_told = bool(taken & _TELLING) or ("path" in taken and bool(verbs or hints))
    return int(is_told or (hints > 1 and bool(taken)))


def _place(tool: Tool, text: str, heard: frozenset[str]) -> int:
    """Return where a text begins to speak of a tool."""
    own = {*stems(tool.name)} & heard or {*stems(tool.description)}
    words = (match.start() for match in re.finditer(r"[^\W_]+", text) if stem(match[0]) in own)
    return text.find(tool.name) if _is_named(tool.name, text) else next(words, len(text))


def _is_named(name: str, text: str) -> bool:
    """Return whether a text has a tool's very name, if that is no word, or calls it a tool."""
    end = r"(?!\w)" if "_" in name else r"(?:\(|\s+(?:tool|function)\b)"
    return re.search(rf"(?<!\w){re.escape(name)}{end}", text) is not None
