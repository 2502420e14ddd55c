"""Count the tokens of documents and search results, and of what citations add to a prompt.

A page of a PDF counts as its text and as a picture of the page. The constants are fitted to ten
recordings of 2025 and 2026: texts with and without citations (exact), a blank page and one with few
words, and what one, two and four search results added (within 1 %). That a sentence's mark costs as
much in a PDF as in a text is a guess: one recording of a PDF with citations agrees.
"""

from __future__ import annotations

from grader.catalog import ModelRules
from grader.simulator.contents import as_blocks
from grader.simulator.documents import (
    PdfPage,
    is_cited,
    pages_of,
    passages_in,
    sources_in,
    texts_of,
)
from grader.simulator.tokens.pictures import Largest, image_block_tokens, image_tokens
from grader.simulator.tokens.text import Meter
from grader.simulator.wire import Json

_DOCUMENT = 38
"""Around a document."""
_SEARCH_RESULT = 62
"""Around a search result."""
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
    total = sum(measure(block[key]) for key in ("title", "context") if block.get(key))
    total += _DOCUMENT if block["type"] == "document" else _SEARCH_RESULT
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


def _page_tokens(page: PdfPage, measure: Meter) -> int:
    scale = _DRAWN.side / max(page.width, page.height)
    size = (max(1, round(page.width * scale)), max(1, round(page.height * scale)))
    return image_tokens(*size, _DRAWN) + measure(page.text) + _PAGE
