"""Read one submitted notebook file, and say in one sentence what is wrong with it."""

from __future__ import annotations

import json
import os
import stat
from collections import Counter
from pathlib import Path
from typing import Any

from grader.errors import GradingError

MAX_BYTES = 20 * 1024 * 1024
MAX_CELLS = 2_000

_SAVE_AGAIN = "Ask for it to be opened in JupyterLab, saved, and handed in again."
_ASK_AGAIN = "Ask for the lesson's notebook to be handed in again."


def read_notebook_file(path: Path) -> bytes:
    """Return the bytes of a notebook file, without the byte order mark that Windows may write.

    Raises GradingError, with a sentence that names the file and what mends it, when it cannot be
    graded. A link is not followed, and nothing is changed.
    """
    data = _read(path).removeprefix(b"\xef\xbb\xbf")
    _parse(path.name, data)
    return data


def _read(path: Path) -> bytes:
    name = path.name
    # Without waiting: opening a named pipe would wait for a writer.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        if path.is_symlink() or not stat.S_ISREG(path.lstat().st_mode):
            raise GradingError(
                f"{name} is no regular file, and links are not followed. Ask for the file itself."
            )
        with open(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_BYTES:
                raise GradingError(
                    f"{name} has {size:,} bytes; {MAX_BYTES:,} is the most. "
                    "Ask for it with all outputs cleared."
                )
            return file.read(MAX_BYTES)
    except OSError as error:
        raise GradingError(
            f"{name} cannot be read ({error.strerror}). Mend its permissions."
        ) from error


def _parse(name: str, data: bytes) -> dict[str, Any]:
    try:
        notebook = json.loads(data.decode("utf-8"), object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as error:
        raise GradingError(f"{name} is not JSON ({error}). {_ASK_AGAIN}") from error
    objection = _objection_to(notebook)
    if objection:
        advice = (
            _SAVE_AGAIN if isinstance(notebook, dict) and "nbformat" in notebook else _ASK_AGAIN
        )
        raise GradingError(f"{name} {objection}. {advice}")
    return dict(notebook)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        doubled = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        # Which of the two counts would depend on the program that reads it.
        raise ValueError(f"the key {doubled[:40]!r} stands twice in one object")
    return found


def _objection_to(notebook: Any) -> str:
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        return "is JSON, but no notebook"
    if notebook["nbformat"] != 4:
        return f"has notebook format {notebook['nbformat']!r}; 4 is needed"
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        return "has no list of cells"
    if len(cells) > MAX_CELLS:
        return f"has {len(cells):,} cells; {MAX_CELLS:,} is the most"
    try:
        json.dumps(notebook, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return "holds half a character, which no file can store"
    return ""
