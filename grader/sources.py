"""The lesson sources as plain text: where they lie, and the solution of one exercise.

A lesson source is a file of cells, each opened by a `# %%` marker (jupytext's percent format).
This module splits it without jupytext, because a notebook that shows a solution imports it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import grader
from grader.errors import AuthoringError, SolutionNotShown

CONFIG_NAME = "nbgrader_config.py"
SOURCES = "solutions"

_MARKER = re.compile(r"#\s*%%+(?:\s+(?P<options>.*))?")
_GRADE_ID = re.compile(r"""["']grade_id["']\s*:\s*["'](?P<name>[^"']+)["']""")
_SOLUTION_MARKERS = frozenset({"### BEGIN SOLUTION", "### END SOLUTION"})


@dataclass(frozen=True)
class SourceCell:
    """Hold one cell as it stands in the file.

    `marker_line` and `first_line` count from 1; `options` is the text after `# %%`;
    `source` is everything below it, without the blank lines around.
    """

    marker_line: int
    first_line: int
    options: str
    source: str

    @property
    def grade_id(self) -> str | None:
        """Return the nbgrader id in the cell marker, or None."""
        found = _GRADE_ID.search(self.options)
        return found["name"] if found else None


def source_path(lesson: str) -> str:
    """Return the path of a lesson's source, from the root of the course."""
    return f"{SOURCES}/{lesson}/{lesson}.nb.py"


def split_cells(text: str) -> tuple[SourceCell, ...]:
    """Split a percent file at its cell markers; what stands before the first is left out."""
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if _MARKER.fullmatch(line)]
    ends = [*starts, len(lines)][1:]
    return tuple(_cell(lines, start, end) for start, end in zip(starts, ends, strict=True))


def solution_source(root: Path, lesson: str, name: str) -> str:
    """Return the source of an exercise's solution cell, without the marker lines.

    Raises SolutionNotShown where the lesson source is absent or has no such cell.
    """
    path = root / source_path(lesson)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SolutionNotShown(
            f"The solution of {name} is not on this machine: there is no {source_path(lesson)}. "
            "Solutions are in the course's repository, not in what is handed out to a class."
        ) from error
    for cell in split_cells(text):
        if cell.grade_id == name:
            lines = cell.source.split("\n")
            return "\n".join(line for line in lines if line.strip() not in _SOLUTION_MARKERS)
    raise SolutionNotShown(
        f"{source_path(lesson)} has no solution cell for {name}. "
        "`grader check` lists what is missing from the lesson sources."
    )


def find_root(start: Path | None = None) -> Path:
    """Return the course's folder: the nearest upwards from `start`, else the installed one.

    `start` is the working directory unless given.
    Raises AuthoringError where neither holds `solutions/` and `nbgrader_config.py`.
    """
    begin = (start or Path.cwd()).resolve()
    installed = Path(grader.__file__).resolve().parent.parent
    found = nearest_root(begin) or nearest_root(installed)
    if found is None:
        raise AuthoringError(
            f"No course at {begin} or above it; expected a folder with {SOURCES}/ and "
            f"{CONFIG_NAME}. Run the command inside a clone of the course's repository."
        )
    return found


def nearest_root(start: Path) -> Path | None:
    """Return the nearest folder from `start` upwards that holds the course, or None."""
    for folder in (start, *start.parents):
        if (folder / SOURCES).is_dir() and (folder / CONFIG_NAME).is_file():
            return folder
    return None


def _cell(lines: list[str], start: int, end: int) -> SourceCell:
    found = _MARKER.fullmatch(lines[start])
    options = (found["options"] or "") if found else ""
    first = start + 1
    while first < end and not lines[first].strip():
        first += 1
    source = "\n".join(lines[first:end]).rstrip()
    return SourceCell(
        marker_line=start + 1, first_line=first + 1, options=options.strip(), source=source
    )
