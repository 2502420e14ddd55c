"""Answer requests about files."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

from grader.simulator.faults import NO_SUCH_PATH, Refused
from grader.simulator.files.store import PATH, Files, StoredFile
from grader.simulator.paging import read_query
from grader.simulator.wire import Json

_FILE = f"{PATH}/"


def is_files(address: str) -> bool:
    """Return whether an address, without its query, is one of the Files API."""
    return address == PATH or address.startswith(_FILE)


def answer_files(
    files: Files,
    method: str,
    address: str,
    query: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: float,
    version: str,
) -> Json | StoredFile:
    """Return the body of the reply, or the file whose content it is, or refuse.

    address: without the query. headers: lower-case names. now: seconds since the epoch.
    version: the API's.
    """
    id, _, action = address.removeprefix(_FILE).partition("/")
    id = unquote(id)
    match method, address == PATH, action:
        case "POST", True, _:
            content_type = headers.get("content-type", "")
            return files.upload(content_type, body, now=now).describe(version)
        case "GET", True, _:
            return files.show(read_query(query), version=version)
        case "GET", False, "" if id:
            return files.find(id, now=now).describe(version)
        case "GET", False, "content":
            return files.download(id, now=now, version=version)
        case "DELETE", False, "" if id:
            return files.delete(id, now=now)
        case _:
            raise Refused(NO_SUCH_PATH)


def forgive_files(files: Files, method: str, address: str, *, now: float, version: str) -> Json:
    """Return what a lenient simulator answers in the place of a refusal."""
    if method == "POST":
        return files.add("unnamed.txt", "text/plain", b"", now=now).describe(version)
    if address == PATH:
        return files.show({}, version=version)
    return files.find(unquote(address.removeprefix(_FILE)), now=now).describe(version)
