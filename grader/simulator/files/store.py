"""Uploaded files: kept, listed, described, and gone when they expire or are deleted.

    POST /v1/files         GET /v1/files         GET /v1/files/{id}
    GET /v1/files/{id}/content                   DELETE /v1/files/{id}

The shapes, their key order and the words for a file that cannot be downloaded were recorded, on
version 2023-06-01; the pages of a newer list, `expires_at`, the limits and the codes of errors are
from anthropic 2.12 (`resources/files.py`, `types/file_*.py`). The words for what is wrong with an
upload are guesses.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from grader.simulator.faults import Fault, Refused, invalid
from grader.simulator.files.multipart import FormField, MultipartError, read_parts
from grader.simulator.identifiers import Identifiers
from grader.simulator.paging import Page, Query, page_limit
from grader.simulator.validation import NEWEST_VERSION
from grader.simulator.wire import Json

PATH = "/v1/files"
MAX_FILE = 500 * 1024 * 1024
"""The largest file, in bytes."""
MAX_BODY = MAX_FILE + 1024 * 1024
"""The largest body of an upload, in bytes: a file and what is around it."""

SHORTEST, LONGEST = 3_600, 7_776_000
"""The bounds of `expires_in_seconds`."""

# An organisation may keep a terabyte; this bound is ours, so that a server's memory has one.
MAX_KEPT = 2 * 1024 * 1024 * 1024
_MOST_IDS = 100
_LONGEST_NAME = 255
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]')
_INTEGER = re.compile(r"[-+]?[0-9]{1,12}", re.ASCII)
_CURSOR = "page_"
_KNOWN_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


@dataclass(frozen=True)
class StoredFile:
    """Hold one file.

    created, expires: in seconds since the epoch; expires is None for a file that never does.
    downloadable: whether its content can be had: of what tools made, never of an upload.
    """

    id: str
    filename: str
    media_type: str
    data: bytes
    created: float
    expires: float | None = None
    downloadable: bool = False

    def is_expired(self, now: float) -> bool:
        """Return whether the file's time is over."""
        return self.expires is not None and now >= self.expires

    def describe(self, version: str) -> Json:
        """Return the file in the API's shape; version: the API's."""
        told: dict[str, Json] = {
            "type": "file",
            "id": self.id,
            "size_bytes": len(self.data),
            "created_at": _moment(self.created),
            "filename": self.filename,
            "mime_type": self.media_type,
            "downloadable": self.downloadable,
        }
        if self.expires is not None or version == NEWEST_VERSION:
            told["expires_at"] = None if self.expires is None else _moment(self.expires)
        return told


class Files:
    """Keep the files of one organisation; the time is an argument, never the clock.

    lenient: whether an id that is none's means an empty file.
    """

    def __init__(self, ids: Identifiers, *, lenient: bool = False) -> None:
        self._ids = ids
        self._lenient = lenient
        self._files: dict[str, StoredFile] = {}

    def upload(self, content_type: str, body: bytes, *, now: float) -> StoredFile:
        """Return a new file from the body of an upload, or refuse it."""
        try:
            parts = read_parts(content_type, body)
        except MultipartError as error:
            raise invalid(f"The request body is not valid multipart/form-data: {error}") from None
        fields = {part.name: part for part in parts}
        file = fields.get("file")
        if file is None:
            raise invalid("file: Field required")
        for name in fields:
            if name not in ("file", "expires_in_seconds"):
                raise invalid(f"{name}: Extra inputs are not permitted")
        lasts = _lifetime(fields.get("expires_in_seconds"))
        if len(file.data) > MAX_FILE:
            raise Refused(Fault(413, "Request exceeds the maximum size"))
        media_type = _media_type(file)
        name = _filename(file, media_type)
        return self.add(
            name, media_type, file.data, now=now, expires=None if lasts is None else now + lasts
        )

    def add(
        self,
        filename: str,
        media_type: str,
        data: bytes,
        *,
        now: float,
        expires: float | None = None,
        downloadable: bool = False,
    ) -> StoredFile:
        """Keep a file and return it; refuse it where there is no room left."""
        if sum(len(file.data) for file in self._files.values()) + len(data) > MAX_KEPT:
            raise Refused(
                Fault(400, "Storage quota exceeded.", error_code="storage_quota_exceeded")
            )
        id = self._ids.draw("file")
        file = StoredFile(id, filename, media_type, data, now, expires, downloadable)
        self._files[id] = file
        return file

    def find(self, id: str, *, now: float) -> StoredFile:
        """Return a file, or refuse an id that is none's. An expired file is still described."""
        file = self._files.get(id)
        if file is None and self._lenient:
            return StoredFile(id, "unnamed.txt", "text/plain", b"", now, downloadable=True)
        if file is None:
            raise Refused(Fault(404, f"File `{id}` not found."))
        return file

    def read(self, id: str, *, now: float) -> StoredFile:
        """Return a file whose bytes are there, or refuse an unknown or an expired one."""
        file = self.find(id, now=now)
        if file.is_expired(now):
            raise Refused(Fault(404, f"File `{id}` has expired.", error_code="file_expired"))
        return file

    def download(self, id: str, *, now: float, version: str) -> StoredFile:
        """Return a file whose content can be had, or refuse it; version: the API's."""
        file = self.read(id, now=now)
        if not file.downloadable:
            # Recorded without a code on the older version.
            code = "file_not_downloadable" if version == NEWEST_VERSION else None
            raise Refused(Fault(400, f"File '{id}' is not downloadable", error_code=code))
        return file

    def delete(self, id: str, *, now: float) -> Json:
        """Forget a file, and return what says so."""
        self.find(id, now=now)
        self._files.pop(id, None)
        return {"id": id, "type": "file_deleted"}

    def show(self, query: Query, *, version: str) -> Json:
        """Return a page of the files, newest first, in the shape of the API's version."""
        newest = [file.describe(version) for file in reversed(list(self._files.values()))]
        if version != NEWEST_VERSION and "page" not in query and "ids" not in query:
            return Page.of(query).show(newest)
        wanted = list(dict.fromkeys([*query.get("ids", ()), *query.get("ids[]", ())]))
        if wanted:
            return _chosen(newest, wanted, query)
        limit = page_limit(query)
        start = _start(newest, query)
        shown = newest[start : start + limit]
        more = start + limit < len(newest)
        return {
            "data": shown,
            "has_more": more,
            "next_page": f"{_CURSOR}{shown[-1]['id']}" if more else None,
        }


def _chosen(files: list[Json], wanted: list[str], query: Query) -> Json:
    if len(wanted) > _MOST_IDS:
        raise invalid(
            f"ids: List should have at most {_MOST_IDS} items after validation, not {len(wanted)}"
        )
    for name in ("page", "limit"):
        if name in query:
            raise invalid(f"ids: cannot be used together with `{name}`")
    chosen = [file for file in files if file["id"] in wanted]
    return {"data": chosen, "has_more": False, "next_page": None}


def _start(files: list[Json], query: Query) -> int:
    cursor = (query.get("page") or [""])[-1]
    if not cursor:
        return 0
    id = cursor.removeprefix(_CURSOR)
    for place, file in enumerate(files):
        if file["id"] == id and cursor.startswith(_CURSOR):
            return place + 1
    raise invalid(f"page: {cursor!r} is no page of this list")


def _lifetime(part: FormField | None) -> int | None:
    if part is None:
        return None
    written = part.text.strip()
    if _INTEGER.fullmatch(written) is None:
        raise invalid(
            "expires_in_seconds: Input should be a valid integer, unable to parse string as an "
            "integer"
        )
    seconds = int(written)
    if seconds < SHORTEST:
        raise invalid(f"expires_in_seconds: Input should be greater than or equal to {SHORTEST}")
    if seconds > LONGEST:
        raise invalid(f"expires_in_seconds: Input should be less than or equal to {LONGEST}")
    return seconds


def _media_type(file: FormField) -> str:
    if _KNOWN_TYPE.fullmatch(file.media_type):
        return file.media_type
    return mimetypes.guess_type(file.filename or "")[0] or "application/octet-stream"


def _filename(file: FormField, media_type: str) -> str:
    name = re.split(r"[/\\]", file.filename or "")[-1]
    if not name:
        return f"unnamed{mimetypes.guess_extension(media_type) or ''}"
    if len(name) > _LONGEST_NAME:
        raise invalid(f"file: the filename has {len(name)} characters, of {_LONGEST_NAME} at most")
    forbidden = _FORBIDDEN.search(name)
    if forbidden is not None:
        raise invalid(f"file: the filename contains the forbidden character {forbidden[0]!r}")
    return name


def content_headers(file: StoredFile) -> Mapping[str, str]:
    """Return the headers of a file's content."""
    return {"content-type": file.media_type}


def _moment(seconds: float) -> str:
    # Recorded: thousandths, and Z.
    told = datetime.fromtimestamp(seconds, UTC)
    return f"{told.strftime('%Y-%m-%dT%H:%M:%S')}.{told.microsecond // 1000:03}000Z"
