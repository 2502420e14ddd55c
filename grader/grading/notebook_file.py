"""Read one submitted notebook file, and say in one sentence what is wrong with it.

Outputs and attached files are never graded, so they are dropped at once: they can be a hundred
times as large as what a learner wrote. What they keep of predictions is noted before, for counting.
"""

from __future__ import annotations

import codecs
import json
import os
import re
import stat
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import GradingError
from grader.exams import ANSWER_TYPE, Predicted, predicted_from
from grader.grading.keys import digest_of
from grader.look.inert import visible

Json = Any

MAX_BYTES = 100 * 1024 * 1024
"""How large a file may be, with its outputs."""
MAX_KEPT_BYTES = 20 * 1024 * 1024
"""How large it may be without them."""
MAX_VALUES = 5_000_000
"""How many values it may hold: each takes 70 bytes of memory or more."""
MAX_DEPTH = 100
"""How deep lists and objects may be nested; no program that writes notebooks needs 30."""
MAX_CELLS = 2_000

_SAVE_AGAIN = "Ask for it to be opened in JupyterLab, saved, and handed in again."
_ASK_AGAIN = "Ask for the lesson's notebook to be handed in again."
_AS_UTF8 = "Ask for it to be saved as UTF-8, as JupyterLab does, and handed in again."
_UNMARKED = (
    # A notebook's first character in each encoding; UTF-8 has none of these zeros.
    (b"{\x00\x00\x00", "UTF-32LE"),
    (b"\x00\x00\x00{", "UTF-32BE"),
    (b"{\x00", "UTF-16LE"),
    (b"\x00{", "UTF-16BE"),
)
_BOMS = (
    # UTF-32 comes first, because its mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
_OTHER_KINDS = (
    (b"PK\x03\x04", "is a zip archive or an Office document", "Unpack it, or ask for the notebook"),
    (b"\x1f\x8b", "is a gzip archive", "Unpack it, or ask for the notebook"),
    (b"7z\xbc\xaf", "is a 7z archive", "Unpack it, or ask for the notebook"),
    (b"Rar!", "is a rar archive", "Unpack it, or ask for the notebook"),
    (b"%PDF", "is a PDF document", "Ask for the notebook"),
    (b"\x89PNG", "is a picture", "Ask for the notebook"),
    (b"\xff\xd8\xff", "is a picture", "Ask for the notebook"),
    (
        b"version https://git-lfs",
        "is a pointer of Git LFS, and the notebook is somewhere else",
        "Run `git lfs pull` in the clone that it was taken from, or ask for the notebook",
    ),
)
# Strings match whole, closed or not, so that each character is read once.
_STRINGS = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKETS = re.compile(r"[^\[\]{}]+")
_CONFLICT = re.compile(r"^(?:<{7} |>{7} |={7}$)", re.MULTILINE)
_MARKUP = re.compile(r"\s{0,200}<(?:!doctype|html|head|body|\?xml|script|!--)", re.IGNORECASE)


@dataclass(frozen=True)
class NotebookFile:
    """Hold what was read from a file.

    digest: the SHA-256 of the file as it was handed in, in hex.
    content: the notebook without outputs and attached files, as JSON in UTF-8.
    predicted: what its outputs keep of predictions, the last of each.
    """

    digest: str
    content: bytes
    predicted: tuple[Predicted, ...] = ()


def read_notebook_file(path: Path) -> NotebookFile:
    """Return what a notebook file holds.

    Raises GradingError, naming the file and the fix, if it cannot be graded. It follows no link
    and changes nothing.
    """
    name = visible(path.name)
    return read_notebook(name, read_bytes(path))


def read_notebook(name: str, data: bytes) -> NotebookFile:
    """Return what the bytes of a notebook file hold; name: what to call it.

    Raises GradingError, with the fix, if it cannot be graded.
    """
    refuse_size(name, len(data))
    try:
        notebook = _notebook(name, data)
        return NotebookFile(digest_of(data), _kept(name, notebook), _predicted(notebook))
    except (RecursionError, MemoryError) as error:
        raise GradingError(
            f"{name} takes more memory than there is ({type(error).__name__}). {_ASK_AGAIN}"
        ) from error


def refuse_size(name: str, size: int, most: int = MAX_BYTES) -> None:
    """Raise GradingError if a file of this many bytes is too large."""
    if size > most:
        raise GradingError(
            f"{name} has {size:,} bytes; {most:,} is the most. Ask for it with all outputs cleared."
        )


def advice_on_reading(error: OSError) -> str:
    """Return how to fix a file or folder that cannot be read."""
    if isinstance(error, PermissionError):
        return "Fix its permissions: chmod -R u+rwX, with its path."
    return "Copy it again from where it was handed in."


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """Return a file's bytes; it follows no link. Raises GradingError, with the fix."""
    name = visible(path.name)
    # Without waiting: opening a named pipe would wait for a writer.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        if path.is_symlink() or not stat.S_ISREG(path.lstat().st_mode):
            raise GradingError(
                f"{name} is not a regular file; links are not followed. Ask for the file itself."
            )
        with open(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
            refuse_size(name, os.fstat(file.fileno()).st_size, most)
            return file.read(most)
    except OSError as error:
        raise GradingError(
            f"{name} cannot be read ({error.strerror}). {advice_on_reading(error)}"
        ) from error


def _notebook(name: str, data: bytes) -> dict[str, Json]:
    text = _text_of(name, data)
    _refuse_floods(name, text)
    try:
        notebook = json.loads(text, object_pairs_hook=_without_doubles)
    except _DoubledKey as error:
        raise GradingError(f"In {name} {error}, as after a merge. {_SAVE_AGAIN}") from error
    except ValueError as error:
        raise GradingError(f"{name} {_what_is_wrong(text, error)}") from error
    objection = _objection_to(notebook)
    if objection:
        is_notebook = isinstance(notebook, dict) and "nbformat" in notebook
        raise GradingError(f"{name} {objection}. {_SAVE_AGAIN if is_notebook else _ASK_AGAIN}")
    found: dict[str, Json] = notebook
    return found


def _kept(name: str, notebook: dict[str, Json]) -> bytes:
    try:
        content = json.dumps(_without_outputs(notebook), ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise GradingError(
            f"{name} holds half a character, which no file can store. {_SAVE_AGAIN}"
        ) from error
    if len(content) > MAX_KEPT_BYTES:
        raise GradingError(
            f"{name} has {len(content):,} bytes without its outputs, and {MAX_KEPT_BYTES:,} is "
            "the limit. Ask for it without the data in its cells."
        )
    return content


def _text_of(name: str, data: bytes) -> str:
    if not data.strip(b" \t\r\n\x00"):
        emptiness = "holds nothing but zeros" if b"\x00" in data else "is empty"
        raise GradingError(f"{name} {emptiness}: its upload broke off. {_ASK_AGAIN}")
    for start, kind, advice in _OTHER_KINDS:
        if data.startswith(start):
            raise GradingError(f"{name} {kind}. {advice}.")
    for start, found in _UNMARKED:
        if data.startswith(start):
            raise GradingError(
                f"{name} is saved as {found} without a byte order mark, which Jupyter cannot open "
                "either. Ask for it to be saved as UTF-8 and handed in again: `iconv -f "
                f"{found} -t UTF-8`, or Save with Encoding in VS Code."
            )
    encoding = "utf-8"
    for mark, name_of_it in _BOMS:
        if data.startswith(mark):
            data, encoding = data.removeprefix(mark), name_of_it
            break
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        saved = (
            "another encoding, such as Latin-1"
            if encoding == "utf-8"
            else "a broken " + (encoding.upper())
        )
        raise GradingError(
            f"{name} is saved in {saved} (byte {error.start + 1:,} is "
            f"0x{data[error.start]:02x}). {_AS_UTF8}"
        ) from error
    if not text.strip():
        raise GradingError(f"{name} is empty: its upload broke off. {_ASK_AGAIN}")
    return text


def _refuse_floods(name: str, text: str) -> None:
    """Raise GradingError for JSON that would exhaust a parser's stack or memory, before it does."""
    # Commas inside strings count as well; what people print comes nowhere near the limit.
    values = text.count(",") + text.count("[") + text.count("{")
    if values > MAX_VALUES:
        raise GradingError(
            f"{name} holds {values:,} values; {MAX_VALUES:,} is the most. "
            "Ask for it with all outputs cleared."
        )
    depth = 0
    for bracket in _BRACKETS.sub("", _STRINGS.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            raise GradingError(
                f"{name} is nested more than {MAX_DEPTH} levels deep, as no notebook is. "
                f"{_ASK_AGAIN}"
            )


def _what_is_wrong(text: str, error: ValueError) -> str:
    """Return what a text that is not JSON is, and how to fix it."""
    conflict = _CONFLICT.search(text)
    if conflict and text.lstrip().startswith(("{", "<<<<<<<")):
        line = text.count("\n", 0, conflict.start()) + 1
        return (
            f"has a conflict of git in it (line {line}). Ask for one side of it to be chosen, with "
            "git checkout --ours or --theirs, and for the notebook to be handed in again."
        )
    if _MARKUP.match(text):
        return f"is a web page, perhaps one that asks for a login. {_ASK_AGAIN}"
    if isinstance(error, json.JSONDecodeError):
        begins = text.lstrip().startswith("{")
        if begins and (error.pos >= len(text.rstrip()) or "Unterminated" in error.msg):
            return f"ends in the middle: its upload broke off. {_ASK_AGAIN}"
        where = f"{error.msg}: line {error.lineno} column {error.colno}"
        return f"is not JSON ({where}). {_ASK_AGAIN}"
    return f"is not JSON that can be read ({str(error)[:100]}). {_ASK_AGAIN}"


class _DoubledKey(ValueError):
    pass


def _without_doubles(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        doubled = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        # Which of the two counts would depend on the program that reads it.
        raise _DoubledKey(f"the key {visible(doubled[:40])!r} stands twice in one object")
    return found


def _objection_to(notebook: Json) -> str:
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        return "is JSON, but not a notebook"
    if notebook["nbformat"] != 4:
        return f"has notebook format {visible(repr(notebook['nbformat'])[:40])}; 4 is needed"
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        return "has no list of cells"
    if len(cells) > MAX_CELLS:
        return f"has {len(cells):,} cells; {MAX_CELLS:,} is the most"
    return ""


def _predicted(notebook: dict[str, Json]) -> tuple[Predicted, ...]:
    found: dict[str, Predicted] = {}
    for cell in notebook["cells"]:
        outputs = cell.get("outputs")
        for output in outputs if isinstance(outputs, list) else ():
            data = output.get("data") if isinstance(output, dict) else None
            told = predicted_from(data.get(ANSWER_TYPE)) if isinstance(data, dict) else None
            if told is not None and (told.id in found or len(found) < MAX_CELLS):
                found[told.id] = told
    return tuple(found.values())


def _without_outputs(notebook: dict[str, Json]) -> dict[str, Json]:
    metadata = notebook.get("metadata")
    if isinstance(metadata, dict):
        # The state of widgets: what they showed.
        kept = {key: value for key, value in metadata.items() if key != "widgets"}
        notebook = {**notebook, "metadata": kept}
    return {**notebook, "cells": [_cell_without_outputs(cell) for cell in notebook["cells"]]}


def _cell_without_outputs(cell: dict[str, Json]) -> dict[str, Json]:
    kept = {key: value for key, value in cell.items() if key != "attachments"}
    return {**kept, "outputs": []} if "outputs" in kept else kept
