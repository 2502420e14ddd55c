"""Make citations, and the text blocks that have them.

The keys stand in the order of recorded citations (of pages, characters and search results). That
`file_id` comes last, and only where the document is an uploaded file, is a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from grader.simulator.wire import Json

Location = Literal["char_location", "page_location", "content_block_location"]
"""The kinds of places in a document."""

_SPANS: Mapping[str, str] = {
    "char_location": "char_index",
    "page_location": "page_number",
    "content_block_location": "block_index",
}

REQUIRED: Mapping[str, tuple[str, ...]] = {
    **{
        kind: ("cited_text", "document_index", "document_title", f"start_{span}", f"end_{span}")
        for kind, span in _SPANS.items()
    },
    "search_result_location": (
        "cited_text",
        "source",
        "title",
        "search_result_index",
        "start_block_index",
        "end_block_index",
    ),
    "web_search_result_location": ("cited_text", "encrypted_index", "title", "url"),
}
"""The keys that a citation of each kind has when it is sent back (anthropic 2.12,
`types/text_citation_param.py`)."""


def cite_document(
    kind: Location,
    text: str,
    index: int,
    title: str | None,
    start: int,
    end: int,
    file_id: str | None = None,
) -> Json:
    """Return the citation of a place in a document.

    index: the document's, over the whole request. start, end: the place, the end excluded; pages
    count from 1, characters and blocks from 0.
    """
    span = _SPANS[kind]
    cited: dict[str, Json] = {
        "type": kind,
        "cited_text": text,
        "document_index": index,
        "document_title": title,
        f"start_{span}": start,
        f"end_{span}": end,
    }
    return cited if file_id is None else {**cited, "file_id": file_id}


def cite_search_result(
    text: str, source: str, title: str, index: int, start: int, end: int
) -> Json:
    """Return the citation of blocks of a search result, the end excluded.

    index: the result's among all search results of the request.
    """
    return {
        "type": "search_result_location",
        "cited_text": text,
        "source": source,
        "title": title,
        "search_result_index": index,
        "start_block_index": start,
        "end_block_index": end,
    }


def cited_text(text: str, citations: Sequence[Json] = ()) -> Json:
    """Return a text block; its citations, if it has any, come first, as recorded."""
    plain = {"type": "text", "text": text}
    return {"citations": list(citations), **plain} if citations else plain
