"""Read one submitted notebook file, and say in one sentence what is wrong with it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from grader.exams import Lesson

MAX_BYTES = 20 * 1024 * 1024
MAX_CELLS = 2_000

_SAVE_AGAIN = "Ask for it to be opened in JupyterLab, saved, and handed in again."


def objection_to_file(path: Path) -> str:
    """Return why a file cannot be graded, or "" when it can be.

    The sentence names the file and what mends it. Nothing is changed.
    """
    name = path.name
    if path.is_symlink() or not path.is_file():
        return f"{name} is no regular file, and links are not followed. Ask for the file itself."
    size = path.stat().st_size
    if size > MAX_BYTES:
        return (
            f"{name} has {size:,} bytes; {MAX_BYTES:,} is the most. "
            "Ask for it with all outputs cleared."
        )
    try:
        notebook = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return f"{name} is not JSON ({error}). {_SAVE_AGAIN}"
    return _objection_to_notebook(name, notebook)


def _objection_to_notebook(name: str, notebook: Any) -> str:
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        return f"{name} is JSON, but no notebook. {_SAVE_AGAIN}"
    if notebook["nbformat"] != 4:
        return f"{name} has notebook format {notebook['nbformat']!r}; 4 is needed. {_SAVE_AGAIN}"
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        return f"{name} has no list of cells. {_SAVE_AGAIN}"
    if len(cells) > MAX_CELLS:
        return f"{name} has {len(cells):,} cells; {MAX_CELLS:,} is the most. {_SAVE_AGAIN}"
    return ""


def remarks_on(path: Path, lesson: Lesson) -> str:
    """Return what a gradable notebook lacks or has twice, or "" when nothing is amiss."""
    notebook = json.loads(path.read_bytes().decode("utf-8-sig"))
    found = Counter(_grade_id(cell) for cell in notebook["cells"])
    missing = [each.name for each in lesson.exercises if not found[each.name]]
    doubled = [each.name for each in lesson.exercises if found[each.name] > 1]
    remarks = []
    if missing:
        remarks.append(f"{path.name} lacks the cell of {', '.join(missing)}: 0 points for it.")
    if doubled:
        remarks.append(f"{path.name} has {', '.join(doubled)} twice: only one cell counts.")
    return " ".join(remarks)


def _grade_id(cell: dict[str, Any]) -> str | None:
    metadata = cell.get("metadata")
    marked = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = marked.get("grade_id") if isinstance(marked, dict) else None
    return name if isinstance(name, str) else None
