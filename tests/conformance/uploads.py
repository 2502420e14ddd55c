"""Files that recorded requests name, or whose base64 was shortened: others stand for them."""

import base64
import re

from grader.simulator import Simulator
from tests.simulator.pdfs import write_pdf

PAGE = ("Sample PDF", "This is a simple PDF file. Fun fun fun.", "Lorem ipsum dolor sit amet.")
DOT = "R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="
"""A GIF of one pixel."""

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
