"""Documents and search results: what stands in them, how they are cut, and how they are cited."""

from grader.simulator.documents.citations import (
    REQUIRED,
    cite_document,
    cite_search_result,
    cited_text,
)
from grader.simulator.documents.passages import (
    Passage,
    is_cited,
    pages_of,
    passages_in,
    sentences,
    sources_in,
    texts_of,
)
from grader.simulator.documents.pdf import MEDIA_TYPE, Pages, PdfError, PdfPage, read_pdf

__all__ = [
    "MEDIA_TYPE",
    "REQUIRED",
    "Pages",
    "Passage",
    "PdfError",
    "PdfPage",
    "cite_document",
    "cite_search_result",
    "cited_text",
    "is_cited",
    "pages_of",
    "passages_in",
    "read_pdf",
    "sentences",
    "sources_in",
    "texts_of",
]
