"""Read a body of the type multipart/form-data, as an upload has it (RFC 7578).

    parts = read_parts("multipart/form-data; boundary=abc", body)

The bytes of a file are passed on as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser

MOST_PARTS = 1_000
_LONGEST_HEAD = 64 * 1024
_BREAK = b"\r\n"


class MultipartError(ValueError):
    """Say what is wrong with a body that should have parts."""


@dataclass(frozen=True)
class FormField:
    """Hold one field of a form.

    filename: None for a field that is no file. media_type: "" where the part doesn't say.
    """

    name: str
    filename: str | None
    media_type: str
    data: bytes

    @property
    def text(self) -> str:
        """Return the field's value as text."""
        return self.data.decode("utf-8", "replace")


def read_parts(content_type: str, body: bytes) -> list[FormField]:
    """Return the fields of a form, in order. Raises MultipartError.

    content_type: the request's header, which names the boundary.
    """
    head = _parsed(f"content-type: {content_type}")
    boundary = head.get_param("boundary")
    if head.get_content_type() != "multipart/form-data" or not isinstance(boundary, str):
        raise MultipartError("the content type is not multipart/form-data with a boundary")
    if not boundary:
        raise MultipartError("the boundary is empty")
    mark = b"--" + boundary.encode("utf-8", "replace")
    # The first boundary may open the body; each of the others follows a line break.
    pieces = (_BREAK + body).split(_BREAK + mark)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise MultipartError("the body does not end with its boundary")
    if len(pieces) > MOST_PARTS + 2:
        raise MultipartError(f"the body has more than {MOST_PARTS} parts")
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> FormField:
    # What follows the boundary on its line is white space.
    padding, line_break, rest = piece.partition(_BREAK)
    if padding.strip(b" \t") or not line_break:
        raise MultipartError("a boundary is followed by other text on its line")
    head, empty_line, data = (_BREAK + rest).partition(_BREAK * 2)
    if not empty_line or len(head) > _LONGEST_HEAD:
        raise MultipartError("a part has no empty line after its headers")
    headers = _parsed(head.decode("utf-8", "replace").strip())
    name = _parameter(headers, "name")
    if name is None:
        raise MultipartError("a part has no name")
    told = headers.get_content_type() if "content-type" in headers else ""
    return FormField(name, _parameter(headers, "filename"), told, data)


def _parsed(head: str) -> Message:
    return HeaderParser().parsestr(f"{head}\r\n\r\n")


def _parameter(headers: Message, name: str) -> str | None:
    """Return a parameter of the content's disposition, None where it is not there."""
    value = headers.get_param(name, header="content-disposition")
    if value is None:
        return None
    if isinstance(value, tuple):
        charset, _, encoded = value
        raw = encoded.encode("latin-1", "replace")
        try:
            return raw.decode(charset or "utf-8", "replace")
        except LookupError:
            return raw.decode("utf-8", "replace")
    # Browsers and httpx escape a quote and line breaks so, and nothing else.
    for escaped, plain in (("%22", '"'), ("%0D", "\r"), ("%0A", "\n")):
        value = value.replace(escaped, plain)
    return value
