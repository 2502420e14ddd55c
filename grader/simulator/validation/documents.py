"""Check documents, search results and what they say of citations.

The words about PDFs are quoted in public issues, with `pdf` in their path where the block is a
document: claude-code 5707 and 6231 (pages), warp 8114 (the path); those for a file that is none and
for one with a password are quoted by several clients. The words for citations that do not agree,
and for their clash with a format, are guesses; that both are a 400 is documented.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.catalog import ModelCard
from grader.simulator.contents import find_blocks
from grader.simulator.documents import MEDIA_TYPE, REQUIRED, PdfError, is_cited, pages_of, read_pdf
from grader.simulator.faults import invalid
from grader.simulator.validation import shapes
from grader.simulator.validation.pictures import check_picture, check_pictures
from grader.simulator.wire import Json

MAX_PAGES = 600
MAX_PAGES_OF_SHORT = 100
"""The pages of all PDFs of a request, the second where the model's context is under a million."""

_LONG_CONTEXT = 1_000_000
_SOURCE_KEYS = {
    "base64": frozenset({"type", "media_type", "data"}),
    "content": frozenset({"type", "content"}),
    "file": frozenset({"type", "file_id"}),
    "text": frozenset({"type", "media_type", "data"}),
    "url": frozenset({"type", "url"}),
}
_MEDIA_TYPES = {"base64": MEDIA_TYPE, "text": "text/plain"}
_PDF_FAULTS = {
    "base64": "The PDF specified was not valid: invalid base64 data.",
    "invalid": "The PDF specified was not valid.",
    "password": "The PDF specified is password protected.",
}
_PARTS = ("image", "text")

CheckPart = Callable[[Json, str], None]
"""Checks a content block inside another one, at its path."""


def check_document(block: dict[str, Json], path: str, check_part: CheckPart) -> None:
    """Refuse a document whose source is not one of five, or cannot be read.

    check_part: checks the texts and pictures of a source that is content.
    """
    source = shapes.mapping(shapes.field(block, "source", path), f"{path}.source")
    kind = shapes.tag(source, f"{path}.source", _SOURCE_KEYS)
    inside = f"{path}.source.{kind}"
    if kind in _MEDIA_TYPES:
        expected = (_MEDIA_TYPES[kind],)
        shapes.one_of(shapes.field(source, "media_type", inside), f"{inside}.media_type", expected)
        data = shapes.string_field(source, "data", inside)
        if kind == "base64":
            check_pdf(data, f"{path.removesuffix('.document')}.pdf.source.base64.data")
    elif kind == "content":
        _check_parts(shapes.field(source, "content", inside), inside, _PARTS, check_part)
    elif kind == "url":
        if not shapes.string_field(source, "url", inside).lower().startswith("https://"):
            raise invalid("Only HTTPS URLs are supported.")
    else:
        shapes.string_field(source, "file_id", inside)
    shapes.only(source, inside, _SOURCE_KEYS[kind])
    for key in ("title", "context"):
        if block.get(key) is not None:
            shapes.string(block[key], f"{path}.{key}")
    if block.get("citations") is not None:
        _check_switch(block["citations"], f"{path}.citations")


def check_search_result(block: dict[str, Json], path: str, check_part: CheckPart) -> None:
    """Refuse a search result whose content is not a list of texts."""
    for key in ("source", "title"):
        shapes.string_field(block, key, path)
    content = shapes.array(shapes.field(block, "content", path), f"{path}.content")
    _check_parts(content, path, ("text",), check_part)
    if "citations" in block:
        _check_switch(block["citations"], f"{path}.citations")


def check_citations(block: dict[str, Json], path: str) -> None:
    """Refuse the citations of a text that is sent back where they are of no kind, or lack a key."""
    if block.get("citations") is None:
        return
    where = f"{path}.citations"
    for index, entry in enumerate(shapes.array(block["citations"], where)):
        inside = f"{where}.{index}"
        cited = shapes.mapping(entry, inside)
        kind = shapes.tag(cited, inside, REQUIRED)
        for key in REQUIRED[kind]:
            shapes.field(cited, key, f"{inside}.{kind}")


def check_pdf(data: str, path: str) -> None:
    """Refuse a PDF, in base64, that is none or wants a password; path: what the words name."""
    try:
        read_pdf(data)
    except PdfError as error:
        raise invalid(f"{path}: {_PDF_FAULTS[error.fault]}") from None


def check_documents(request: dict[str, Json], card: ModelCard) -> None:
    """Refuse too many pages, citations for some sources only, and citations beside a format.

    request: one whose blocks are valid, and whose files are put in their places.
    """
    found = list(find_blocks(request["messages"], ("document", "search_result")))
    if not found:
        return
    limit = MAX_PAGES if card.context_window >= _LONG_CONTEXT else MAX_PAGES_OF_SHORT
    pages = 0
    for path, block in found:
        if block["type"] == "document" and block["source"]["type"] == "base64":
            pages += len(pages_of(block) or ())
            if pages > limit:
                where = f"{path}.pdf.source.base64.data"
                raise invalid(f"{where}: A maximum of {limit} PDF pages may be provided.")
    for name in ("document", "search_result"):
        if len({is_cited(block) for _, block in found if block["type"] == name}) > 1:
            raise invalid(
                f"messages: citations must be enabled on all or none of the `{name}` blocks "
                "of a request"
            )


def check_files(request: dict[str, Json], card: ModelCard, sources: Mapping[str, Json]) -> None:
    """Refuse a request whose uploaded files are no valid PDFs or pictures, or too many.

    request: one with the files in their places. sources: what was put there, by the block's path.
    """
    for path, source in sources.items():
        if source["media_type"] == MEDIA_TYPE:
            check_pdf(source["data"], f"{path}.pdf.source.file")
        elif source["type"] == "base64":
            check_picture(source["data"], source["media_type"], f"{path}.image.source.file")
    check_pictures(request, card)
    check_documents(request, card)


def _check_parts(content: Json, path: str, kinds: tuple[str, ...], check_part: CheckPart) -> None:
    if isinstance(content, str):
        return
    for index, part in enumerate(shapes.array(content, f"{path}.content")):
        where = f"{path}.content.{index}"
        shapes.tag(shapes.mapping(part, where), where, kinds)
        check_part(part, where)


def _check_switch(value: Json, path: str) -> None:
    switch = shapes.mapping(value, path)
    if "enabled" in switch:
        shapes.boolean(switch["enabled"], f"{path}.enabled")
    shapes.only(switch, path, ("enabled",))
