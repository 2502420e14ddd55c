"""Answer from the documents and search results of a request, with their own sentences.

Nothing is understood: a sentence is taken because its words are those of the question. Where the
sources ask for citations, what is quoted stands in text blocks of its own, each with its citation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from grader.simulator.documents import Passage, cited_text, passages_in, sentences, sources_in
from grader.simulator.replies.asked import read_asked
from grader.simulator.replies.found import stems
from grader.simulator.replies.limit import Limit
from grader.simulator.replies.script import Turn
from grader.simulator.wire import Json

_MOST_PASSAGES = 20_000
_MOST_QUOTED = 3
# A word so short is no quotation.
_SHORTEST_QUOTED = 12
_LONGEST_QUOTED = 400


class _Span(NamedTuple):
    """Say which part of a text is quoted from a passage."""

    start: int
    end: int
    citation: Json


def read_sources(
    request: Json, messages: Sequence[Json], limit: Limit, *, label: str
) -> Turn | None:
    """Return what the sources of a request say to its question, None where they say nothing.

    messages: those of the request, without what is not the user's. label: what the answer begins
    with.
    """
    passages = passages_in(request)[:_MOST_PASSAGES]
    if not passages:
        return None
    wanted = {*stems(read_asked(list(messages)).prompt)}
    chosen = _fitting(passages, wanted)
    if not chosen and _brings_sources(messages):
        chosen = _openings(passages)
    if not chosen:
        return None
    text, spans = f"{label} {_opening(chosen)}", []
    for passage in chosen:
        said = _quoted(passage.text, wanted)
        spans.append(_Span(len(text), len(text) + len(said), passage.citation))
        text += f"{said} "
    return _cited(limit.text(text.rstrip()), spans)


def cite_quotations(reply: Turn, request: Json) -> Turn:
    """Return a reply whose quotations of the request's sources are cited, where these ask for it.

    What is cited already, and what is no text, stays as it is.
    """
    if not sources_in(request):
        return reply
    passages = [passage for passage in passages_in(request) if passage.citation is not None]
    content: list[Json] = []
    for block in reply.content:
        if block["type"] != "text" or "citations" in block:
            content.append(block)
        else:
            content += _split(block["text"], _quotations(block["text"], passages))
    return replace(reply, content=tuple(content))


def _quotations(text: str, passages: Sequence[Passage]) -> list[_Span]:
    spans: list[_Span] = []
    for passage in passages:
        said = passage.text.strip()
        start = text.find(said) if len(said) >= _SHORTEST_QUOTED else -1
        if start >= 0 and all(start >= s.end or start + len(said) <= s.start for s in spans):
            spans.append(_Span(start, start + len(said), passage.citation))
    return sorted(spans, key=lambda span: span.start)


def _fitting(passages: Sequence[Passage], wanted: set[str]) -> list[Passage]:
    """Return the few passages that have most of the words that are asked for, in their order."""
    words = [wanted & {*stems(passage.text)} for passage in passages]
    titles = [wanted & {*stems(passage.title)} for passage in passages]
    common = Counter(word for found in words for word in found)
    # A word that many passages have says little.
    scores = [
        sum(1 / common[word] for word in found) + (0.1 * len(named) if found else 0)
        for found, named in zip(words, titles, strict=True)
    ]
    best = sorted(range(len(passages)), key=lambda place: -scores[place])[:_MOST_QUOTED]
    kept = [place for place in best if scores[place] > 0 and scores[place] * 2 >= scores[best[0]]]
    return [passages[place] for place in sorted(kept)]


def _openings(passages: Sequence[Passage]) -> list[Passage]:
    """Return the first passages of one source, or the first of each of several."""
    if len({passage.source for passage in passages}) == 1:
        return list(passages[:_MOST_QUOTED])
    firsts = {passage.source: passage for passage in reversed(passages)}
    return [firsts[source] for source in sorted(firsts)][:_MOST_QUOTED]


def _brings_sources(messages: Sequence[Json]) -> bool:
    """Return whether the last message of the user's brings documents or search results."""
    return bool(sources_in({"messages": messages[-1:]}))


def _opening(chosen: Sequence[Passage]) -> str:
    titles = list(dict.fromkeys(passage.title for passage in chosen if passage.title))
    if not titles:
        return "The document says: "
    return f"{' and '.join(titles)} {'says' if len(titles) == 1 else 'say'}: "


def _quoted(text: str, wanted: set[str]) -> str:
    """Return a passage in one line, of a long one the sentence that fits best."""
    best = max(
        (text[start:end] for start, end in sentences(text)),
        key=lambda sentence: len(wanted & {*stems(sentence)}),
    )
    line = " ".join((best if len(text) > _LONGEST_QUOTED else text).split())
    return line if len(line) <= _LONGEST_QUOTED else f"{line[: _LONGEST_QUOTED - 1].rstrip()}…"


def _cited(reply: Turn, spans: Sequence[_Span]) -> Turn:
    return replace(reply, content=tuple(_split(reply.content[0]["text"], spans)))


def _split(text: str, spans: Sequence[_Span]) -> list[Json]:
    """Return the text blocks of a text, of which some parts are cited; a text may be cut short."""
    blocks: list[Json] = []
    done = 0
    for start, end, citation in spans:
        if citation is None or start >= len(text):
            continue
        if start > done:
            blocks.append(cited_text(text[done:start]))
        blocks.append(cited_text(text[start:end], [citation]))
        done = min(end, len(text))
    if done < len(text) or not blocks:
        blocks.append(cited_text(text[done:]))
    return blocks
