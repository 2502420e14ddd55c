"""Read the pages of a PDF: how large they are, and the text in them.

pypdf does it, and is loaded with the first PDF. A file comes from a learner's code and is read by
the process that grades it, so the work has a bound that no clock decides: once pypdf has made so
many calls, the pages that are left count as pages without text.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pypdf import PdfReader

MEDIA_TYPE = "application/pdf"

MOST_PAGES = 600
"""The pages of which text is read: no request may have more."""

PdfFault = Literal["base64", "invalid", "password"]
"""What is wrong with a PDF: its base64, the file itself, or that it wants a password."""

LETTER = (612.0, 792.0)
"""The size of a page that tells none, in points of 1/72 inch."""

_HEADER = b"%PDF-"
# Readers look for it so far into a file.
_HEADER_WITHIN = 1024
# A page of 45 lines takes about 70,000 calls and returns of functions: so 100 such pages are read,
# within some seconds.
_MOST_STEPS = 8_000_000
_LONGEST_PAGE = 200_000
_KEPT = 32


class PdfError(ValueError):
    """Say that data is no PDF that can be read; fault: what is wrong with it."""

    def __init__(self, fault: PdfFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class PdfPage:
    """Hold a page: its text, its lines ended by CR LF as recorded, and its size in points."""

    text: str
    width: float = LETTER[0]
    height: float = LETTER[1]


Pages = tuple[PdfPage, ...]

_read: dict[bytes, Pages] = {}


def read_pdf(data: str) -> Pages:
    """Return the pages of a base64 PDF. Raises PdfError.

    The pages of the last few PDFs are kept: one request reads its own several times.
    """
    try:
        raw = base64.b64decode(data, validate=True)
    # binascii.Error, and ValueError where a character is not ASCII.
    except ValueError:
        raise PdfError("base64") from None
    key = hashlib.sha256(raw).digest()
    pages = _read.get(key)
    if pages is None:
        pages = _pages(raw)
        while len(_read) >= _KEPT:
            _read.pop(next(iter(_read)), None)
        _read[key] = pages
    return pages


def _pages(raw: bytes) -> Pages:
    if _HEADER not in raw[:_HEADER_WITHIN]:
        raise PdfError("invalid")
    # Whoever wants pypdf's warnings can have them; otherwise they would be written to stderr.
    logger = logging.getLogger("pypdf")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    # Before the steps are counted: the first PDF is to have as many as the second.
    from pypdf import PdfReader

    steps = _Steps(_MOST_STEPS)
    reader = steps.take(lambda: PdfReader(BytesIO(raw)))
    if reader is None:
        raise PdfError("invalid")
    if steps.take(lambda: bool(reader.is_encrypted)):
        raise PdfError("password")
    number = steps.take(lambda: len(reader.pages))
    if not number:
        raise PdfError("invalid")
    empty = PdfPage("")
    read = [
        steps.take(lambda place=place: _page(reader, place)) or empty  # type: ignore[misc]
        for place in range(min(number, MOST_PAGES))
    ]
    return (*read, *[empty] * (number - len(read)))


def _page(reader: PdfReader, place: int) -> PdfPage:
    page = reader.pages[place]
    try:
        box = page.mediabox
        width, height = float(box.width), float(box.height)
        sized = PdfPage("", width, height) if min(width, height) > 0 else PdfPage("")
    except Exception:  # noqa: BLE001 - a broken box is one of any kind, and the page has its text
        sized = PdfPage("")
    lines = page.extract_text()[:_LONGEST_PAGE].split("\n")
    return replace(sized, text="".join(f"{line.rstrip()}\r\n" for line in lines if line.strip()))


class _TooMuch(BaseException):
    """Say that the steps are used up; no Exception, so that pypdf lets it through."""


class _Steps:
    """Let functions take so many steps in all, a step being a call or a return in Python."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, read: Callable[[], Any]) -> Any:
        """Return what a function returns, None where it fails or there are no steps left."""
        if self._left <= 0:
            return None

        def count(*_: object) -> None:
            self._left -= 1
            if self._left <= 0:
                raise _TooMuch

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            return read()
        except _TooMuch:
            return None
        except Exception:  # noqa: BLE001 - on a broken file pypdf raises nearly anything
            return None
        finally:
            sys.setprofile(before)


def imagine_page(url: str) -> Pages:
    """Return the page that stands for a PDF at an address, which is never fetched."""
    return (PdfPage("".join(f"{line}\r\n" for line in _imagined(url))),)


def _imagined(url: str) -> Iterator[str]:
    address = url.partition("://")[2].partition("?")[0].partition("#")[0].rstrip("/")
    host, _, path = address.partition("/")
    name = path.rpartition("/")[2] or host
    title = name.rpartition(".")[0] or name
    yield " ".join(title.replace("-", " ").replace("_", " ").split()) or "Untitled"
    yield f"This page stands for the document at {host}."
    yield "The simulator reaches no network, so nothing was downloaded."
    yield f"The document that was asked for is called {name}."
