"""Cut the documents and search results of a request into the passages that a reply may cite.

Text and PDFs are cut into sentences, each with the white space behind it, so that the passages of a
text put together are the text; the blocks of `content` and of a search result are never cut.
Documents are numbered over the whole request, search results by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from grader.simulator.contents import find_blocks
from grader.simulator.documents.citations import cite_document, cite_search_result
from grader.simulator.documents.pdf import Pages, imagine_page, read_pdf
from grader.simulator.wire import Json

_SOURCES = ("document", "search_result")
# A sentence ends with its mark, what closes after it and white space; or where a line is empty.
_END = re.compile(
    r"""(?<=[.!?\u2026])["'\u201d\u2019\u00bb)\]]*\s+"""
    r"""|(?<=[\u3002\uff01\uff1f])"""
    r"""|\r?\n[^\S\n]*\r?\n\s*"""
)


@dataclass(frozen=True)
class Passage:
    """Hold a piece of a document or of a search result.

    citation: what cites it; None where its document asks for no citations. source: the number of
    what it is from, over documents and search results. title: that of its source, "" without one.
    """

    text: str
    citation: Json
    source: int
    title: str


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a text begins and ends; together they are the whole text."""
    start = 0
    for match in _END.finditer(text):
        if match.end() > start and text[start : match.end()].strip():
            yield start, match.end()
            start = match.end()
    if start < len(text):
        yield start, len(text)


def sources_in(request: Json) -> list[Json]:
    """Return the documents and search results of a request, in order; those in results too."""
    return [block for _, block in find_blocks(request["messages"], _SOURCES)]


def is_cited(block: Json) -> bool:
    """Return whether a document or a search result asks to be cited."""
    return bool((block.get("citations") or {}).get("enabled"))


def passages_in(request: Json) -> list[Passage]:
    """Return the passages of all documents and search results of a valid request, in order."""
    found: list[Passage] = []
    numbers = {"document": 0, "search_result": 0}
    for source, block in enumerate(sources_in(request)):
        number = numbers[block["type"]]
        numbers[block["type"]] += 1
        cut = _document if block["type"] == "document" else _search_result
        for text, citation in cut(block, number):
            if text.strip():
                cited = citation if is_cited(block) else None
                found.append(Passage(text, cited, source, block.get("title") or ""))
    return found


def pages_of(block: Json) -> Pages | None:
    """Return the pages of a document that is a PDF, None for one of another sort."""
    source = block["source"]
    if source["type"] == "url":
        return imagine_page(source["url"])
    return read_pdf(source["data"]) if source["type"] == "base64" else None


def texts_of(block: Json) -> list[str]:
    """Return the texts of a document that is no PDF, or of a search result, block by block."""
    if block["type"] == "search_result":
        return [part["text"] for part in block["content"]]
    source = block["source"]
    if source["type"] == "text":
        return [source["data"]]
    content = source["content"]
    if isinstance(content, str):
        return [content]
    # A picture has its number among the blocks, and nothing to cite.
    return [part["text"] if part["type"] == "text" else "" for part in content]


def _document(block: Json, number: int) -> Iterator[tuple[str, Json]]:
    title, file = block.get("title"), block["source"].get("file_id")
    pages = pages_of(block)
    for place, page in enumerate(pages or (), start=1):
        for start, end in sentences(page.text):
            text = page.text[start:end]
            yield (
                text,
                cite_document("page_location", text, number, title, place, place + 1, file),
            )
    if pages is not None:
        return
    texts = texts_of(block)
    if block["source"]["type"] == "text":
        for start, end in sentences(texts[0]):
            text = texts[0][start:end]
            yield text, cite_document("char_location", text, number, title, start, end, file)
        return
    for place, text in enumerate(texts):
        cited = cite_document("content_block_location", text, number, title, place, place + 1, file)
        yield text, cited


def _search_result(block: Json, number: int) -> Iterator[tuple[str, Json]]:
    for place, text in enumerate(texts_of(block)):
        yield (
            text,
            cite_search_result(text, block["source"], block["title"], number, place, place + 1),
        )
