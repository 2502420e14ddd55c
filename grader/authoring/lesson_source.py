"""One lesson source, read: its cells, each with its role, and what makes it unreadable.

jupytext reads the cells; `grader.sources` knows the lines they stand on.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import jupytext
from nbformat import ValidationError

from grader.authoring.problems import Problem
from grader.sources import SourceCell, source_path, split_cells

Kind = Literal["code", "markdown", "raw"]
Role = Literal["solution", "check"]

CHECK_PREFIX = "check_"

# By default jupytext turns comments such as "# cat the parts" into shell commands.
_FORMAT = {"extension": ".py", "format_name": "percent", "comment_magics": False}
_LAYOUT_KEYS = frozenset({"lines_to_next_cell", "region_name", "cell_marker"})
_PLAIN_TITLE = re.compile(r"[\w ,.;:?'·—-]+")
_EXAMPLE = '`# %% nbgrader={"grade_id": "first_call", "solution": true}`'


@dataclass(frozen=True)
class Cell:
    """Hold one cell of a lesson; `line` is the line of the file its source starts on."""

    kind: Kind
    source: str
    line: int
    role: Role | None = None
    grade_id: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class LessonSource:
    """Hold a lesson source as read; with problems, the cells may be incomplete."""

    lesson: str
    cells: tuple[Cell, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def path(self) -> str:
        """Return the source's path from the root of the course."""
        return source_path(self.lesson)

    def at(self, line: int) -> str:
        """Return the path with a line number."""
        return f"{self.path}:{line}"

    def code_cells(self) -> tuple[Cell, ...]:
        """Return the code cells in order."""
        return tuple(cell for cell in self.cells if cell.kind == "code")

    def markdown_cells(self) -> tuple[Cell, ...]:
        """Return the prose cells in order."""
        return tuple(cell for cell in self.cells if cell.kind == "markdown")

    def cell(self, grade_id: str) -> Cell | None:
        """Return the first cell with this nbgrader id, or None."""
        return next((cell for cell in self.cells if cell.grade_id == grade_id), None)


def read_source(lesson: str, data: bytes | None) -> LessonSource:
    """Read the bytes of a lesson source; None stands for a file that is absent."""
    path = source_path(lesson)
    if data is None:
        problem = Problem(
            "source",
            path,
            f"The lesson {lesson} has no source.",
            f"Write {path}, or take the lesson out of grader/exercises.",
        )
        return LessonSource(lesson, problems=(problem,))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problem = Problem(
            "source",
            f"{path}:{line}",
            f"The byte {data[error.start]:#04x} is not UTF-8.",
            "Save the file as UTF-8.",
        )
        return LessonSource(lesson, problems=(problem,))
    return _read_text(lesson, path, text.replace("\r\n", "\n").replace("\r", "\n"))


def _read_text(lesson: str, path: str, text: str) -> LessonSource:
    spans = split_cells(text)
    stray = _stray_line(text, spans)
    if stray is not None:
        problem = Problem(
            "source",
            f"{path}:{stray}",
            "Text stands before the first cell marker.",
            "Start the file with `# %% [markdown]`; the build writes the notebook's metadata.",
        )
        return LessonSource(lesson, problems=(problem,))
    try:
        nodes = jupytext.reads(text, fmt=_FORMAT).cells if spans else []
    except ValidationError as error:
        problem = Problem(
            "source",
            _first_invalid(path, text, spans),
            f"The cell options are not those of a notebook: {error.message}.",
            'Write tags as a list: `tags=["raises-exception"]`.',
        )
        return LessonSource(lesson, problems=(problem,))
    if not nodes or len(nodes) != len(spans):
        problem = Problem(
            "source",
            path,
            f"The file has {len(spans)} lines that look like cell markers, "
            f"and jupytext reads {len(nodes)} cells.",
            "Start each cell with `# %%` in the first column, and keep such lines out of strings.",
        )
        return LessonSource(lesson, problems=(problem,))
    cells: list[Cell] = []
    problems: list[Problem] = []
    for node, span in zip(nodes, spans, strict=True):
        options = {key: value for key, value in node.metadata.items() if key not in _LAYOUT_KEYS}
        problems += _option_problems(f"{path}:{span.marker_line}", options, span, node.cell_type)
        cells.append(_cell(node.cell_type, node.source, options, span))
    return LessonSource(lesson, tuple(cells), tuple(problems))


def _stray_line(text: str, spans: tuple[SourceCell, ...]) -> int | None:
    lines = text.split("\n")
    before = lines[: spans[0].marker_line - 1] if spans else lines
    return next((number for number, line in enumerate(before, start=1) if line.strip()), None)


def _first_invalid(path: str, text: str, spans: tuple[SourceCell, ...]) -> str:
    """Return the place of the first cell that jupytext refuses by itself."""
    lines = text.split("\n")
    for span in spans:
        try:
            jupytext.reads(lines[span.marker_line - 1], fmt=_FORMAT)
        except ValidationError:
            return f"{path}:{span.marker_line}"
    return path


def _cell(kind: Kind, source: str, options: Mapping[str, Any], span: SourceCell) -> Cell:
    nbgrader = options.get("nbgrader")
    tags = options.get("tags")
    role: Role | None = None
    grade_id: str | None = None
    if isinstance(nbgrader, dict):
        role = "check" if nbgrader.get("grade") is True else "solution"
        grade_id = str(nbgrader.get("grade_id"))
    return Cell(
        kind=kind,
        source=source.strip("\n"),
        line=span.first_line,
        role=role,
        grade_id=grade_id,
        tags=tuple(tags) if isinstance(tags, list) else (),
    )


def _option_problems(
    path: str, options: Mapping[str, Any], span: SourceCell, kind: Kind
) -> Iterator[Problem]:
    if "incorrectly_encoded_metadata" in options:
        yield Problem(
            "source",
            path,
            f"The cell options `{span.options}` are not JSON.",
            f"Write them like {_EXAMPLE}.",
        )
        return
    title = options.get("title", "")
    if not isinstance(title, str) or (title and not _PLAIN_TITLE.fullmatch(title)):
        yield Problem(
            "source",
            path,
            f"The cell marker `# %% {span.options}` is neither a title nor options.",
            f"Write `# %%`, `# %% [markdown]`, or options like {_EXAMPLE}.",
        )
        return
    for key in sorted(options.keys() - {"nbgrader", "tags", "title"}):
        yield Problem(
            "source",
            path,
            f"`{key}` is not a cell option of this course.",
            "Use `nbgrader={…}` and `tags=[…]`; anything else never reaches the notebook.",
        )
    if "nbgrader" in options:
        fault = _nbgrader_fault(options["nbgrader"], kind)
        if fault:
            yield Problem("source", path, *fault)


def _nbgrader_fault(options: Any, kind: Kind) -> tuple[str, str] | None:
    if not isinstance(options, dict):
        return f"`nbgrader={options!r}` is not a JSON object.", f"Write it like {_EXAMPLE}."
    if "points" in options:
        return (
            "The cell marker states points.",
            "Remove `points`: they come from the exercise's criteria in grader/exercises.",
        )
    unknown = sorted(options.keys() - {"grade_id", "solution", "grade"})
    if unknown:
        return (
            f"`{unknown[0]}` is not an nbgrader option that authors write.",
            "Keep `grade_id` and one of `solution` and `grade`; the build adds the rest.",
        )
    if not isinstance(options.get("grade_id"), str):
        return "The nbgrader options have no `grade_id`.", f"Write them like {_EXAMPLE}."
    roles = [options.get("solution", False), options.get("grade", False)]
    if sorted(map(repr, roles)) != ["False", "True"]:
        return (
            f"The cell {options['grade_id']} is not exactly one of solution and check.",
            'Write `"solution": true` for a solution cell, `"grade": true` for a check cell.',
        )
    if kind != "code":
        return (
            f"The cell {options['grade_id']} is graded but is {kind}.",
            "Make it a code cell: this course grades code only.",
        )
    return None
