"""Files that recorded requests name, or whose base64 was shortened: others stand for them."""

import base64
import re
from typing import Any

import httpx2

from grader.simulator import Reply, Simulator
from tests.simulator.pdfs import write_pdf

PAGE = ("Sample PDF", "This is a simple PDF file. Fun fun fun.", "Lorem ipsum dolor sit amet.")
DOT = "R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="
"""A GIF of one pixel."""

FILES = "/v1/files"
HEADERS = {
    "x-api-key": "k",
    "anthropic-version": "2023-06-01",
    "anthropic-beta": "files-api-2025-04-14",
}

_NAMED = re.compile(r"\bfile_0[0-9A-Za-z]+")
# The beginning of every PDF.
_SHORTENED = re.compile(r'"data": "JVBER[^"]*\\u2026[^"]*"')


def with_own_files(text: str, simulator: Simulator, ids: dict[str, str]) -> str:
    """Return a request's path or JSON with our ids, and a PDF where one was shortened.

    ids: ours by recorded ones; a file that is not among them is uploaded, and put there.
    """
    for theirs in _NAMED.findall(text):
        if theirs not in ids:
            is_picture = '"type": "image"' in text
            media_type = "image/gif" if is_picture else "application/pdf"
            data = base64.b64decode(DOT if is_picture else write_pdf(PAGE))
            ids[theirs] = simulator.files.add("stand-in", media_type, data, now=0.0).id
    for theirs, ours in ids.items():
        text = text.replace(theirs, ours)
    return _SHORTENED.sub(f'"data": "{write_pdf(PAGE)}"', text)


def is_about_files(row: dict[str, Any]) -> bool:
    """Return whether a step is one of the Files API."""
    return str(row["url_path"]).startswith(FILES)


def answer_files(row: dict[str, Any], simulator: Simulator, ids: dict[str, str]) -> Reply:
    """Return the reply to a step of the Files API; ids: ours by recorded ones, as they come."""
    headers, body = dict(HEADERS), b""
    is_upload = row["url_path"] == FILES and row["method"] == "POST"
    if is_upload:
        body, headers["content-type"] = _form(row)
    path = with_own_files(row["url_path"], simulator, ids)
    reply = simulator.handle(row["method"], path, headers, body)
    if is_upload:
        ids[row["response"]["id"]] = reply.body["id"]
    return reply


def _form(row: dict[str, Any]) -> tuple[bytes, str]:
    """Return the upload of a step, with as many bytes as the recorded one had."""
    told = row["response"]
    (part,) = (row["request"] or {}).get("multipart") or [{}]
    data = part.get("text", "").encode().ljust(told["size_bytes"], b"\n")
    if told["mime_type"] == "application/pdf":
        data = base64.b64decode(write_pdf(PAGE)).ljust(told["size_bytes"], b" ")
    files = {"file": (told["filename"], data, told["mime_type"])}
    request = httpx2.Request("POST", "https://a.b", files=files)
    return request.read(), request.headers["content-type"]
