"""Count the tokens of documents and search results, and of what citations add to a prompt.

A page of a PDF counts as its text and as a picture of the page. The constants are fitted to eleven
recordings of 2025 and 2026, on models of both tokenizers: a blank page, two files of one page, one
of them with and without citations, a text with and without, and three searches. Single requests
were met within 3 %; one recording cannot tell how its constants divide.
"""

from __future__ import annotations

from grader.catalog import ModelRules
from grader.simulator.blocks import as_blocks
from grader.simulator.documents import Page, is_cited, pages_of, passages_in, sources_in, texts_of
from grader.simulator.tokens.pictures import Largest, image_block_tokens, image_tokens
from grader.simulator.tokens.text import Meter
from grader.simulator.wire import Json

_SOURCE = 38
"""Around a document or a search result."""
_PAGE = 60
"""Around a page of a PDF."""
_CITATIONS = 500
"""Once a request that asks for citations: what tells the model how to cite."""
_PASSAGE = 14
"""For each passage that can be cited: a mark to cite it by."""

# A page is drawn so that its longer side has so many pixels, which no model sees more of: pages on
# newer models counted as on older ones.
_DRAWN = Largest(side=1568, tokens=1568)


def source_tokens(block: Json, measure: Meter, rules: ModelRules) -> int:
    """Return the tokens of a valid document or search result, without those of citations."""
    total = _SOURCE + sum(measure(block[key]) for key in ("title", "context") if block.get(key))
    pages = pages_of(block) if block["type"] == "document" else None
    if pages is not None:
        return total + sum(_page_tokens(page, measure) for page in pages)
    if block["type"] == "search_result":
        total += measure(block["source"])
    elif block["source"]["type"] == "content":
        parts = as_blocks(block["source"]["content"])
        pictures = [part for part in parts if part["type"] == "image"]
        total += sum(image_block_tokens(picture, rules) for picture in pictures)
    return total + sum(measure(text) for text in texts_of(block))


def citing_tokens(request: Json) -> int:
    """Return what citations add to the prompt of a valid request, 0 where none are asked for."""
    if not any(is_cited(block) for block in sources_in(request)):
        return 0
    marks = sum(passage.citation is not None for passage in passages_in(request))
    return _CITATIONS + _PASSAGE * marks


def _page_tokens(page: Page, measure: Meter) -> int:
    scale = _DRAWN.side / max(page.width, page.height)
    size = (max(1, round(page.width * scale)), max(1, round(page.height * scale)))
    return image_tokens(*size, _DRAWN) + measure(page.text) + _PAGE
