"""What editors and people do to a notebook: pure functions from notebook to notebook.

Each keeps an honest notebook honest: after "Restart & Run All" its checks find what they found
before. Notebooks are nbformat's JSON; none is changed, a new one is returned.
"""

import ast
from collections.abc import Callable
from copy import deepcopy
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st

from grader.exercises import find_lesson
from grader.sources import solution_source
from tests.grading.class_folder import ROOT, START, course_notebook

Json = Any
Edit = Callable[[Json], Json]


def text_of(cell: Json) -> str:
    """Return a cell's source as one text."""
    source = cell["source"]
    return "".join(source) if isinstance(source, list) else source


def mark_of(cell: Json) -> str:
    """Return the name by which nbgrader knows a cell, or ""."""
    marks: dict[str, str] = cell["metadata"].get("nbgrader", {})
    return marks.get("grade_id", "")


def solved(lesson: str = START, answers: dict[str, str] | None = None) -> Json:
    """Return a lesson's notebook with every exercise done, by the solutions unless given."""
    notebook = course_notebook(lesson)
    names = {each.name for each in find_lesson(lesson).exercises}
    for cell in notebook["cells"]:
        cell["source"] = text_of(cell)
        name = mark_of(cell)
        if name in names:
            own = (answers or {}).get(name)
            cell["source"] = solution_source(ROOT, lesson, name) if own is None else own
    return notebook


def solution_names(notebook: Json) -> list[str]:
    """Return the exercises whose cells still carry their marks."""
    return [
        mark_of(cell)
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    ]


def code_cell(source: str, **fields: Any) -> Json:
    """Return a code cell that somebody added."""
    made = {"cell_type": "code", "id": _id(), "metadata": {}, "outputs": []}
    return {**made, "execution_count": None, "source": source, **fields}


def split(notebook: Json, place: int, line: int = 0) -> Json:
    """Split a code cell as JupyterLab's Split Cell does: both halves carry the metadata.

    line: between which two statements of the top level, as far as there are so many.
    """
    made = deepcopy(notebook)
    cell = made["cells"][place]
    breaks = _breaks(text_of(cell))
    if cell["cell_type"] != "code" or not breaks:
        return made
    lines = text_of(cell).splitlines(keepends=True)
    at = breaks[line % len(breaks)]
    # The upper part is the new cell, with a copy of the metadata; the lower part stays.
    upper = {**deepcopy(cell), "source": "".join(lines[:at]).rstrip("\n")}
    if "id" in cell:
        upper["id"] = _id()
    cell["source"] = "".join(lines[at:])
    made["cells"].insert(place, upper)
    return made


def merge(notebook: Json, place: int) -> Json:
    """Merge a code cell with the next one, as editors do: the upper one's metadata stays."""
    made = deepcopy(notebook)
    cells = made["cells"]
    below = place + 1
    while below < len(cells) and cells[below]["cell_type"] != "code":
        below += 1
    if cells[place]["cell_type"] != "code" or below >= len(cells):
        return made
    if _is_locked(cells[place]) or _is_locked(cells[below]):
        return made
    sources = [text_of(cells[place]), text_of(cells[below])]
    if any(source.startswith("%%") for source in sources):
        return made
    cells[place]["source"] = "\n\n".join(sources)
    del cells[below]
    return made


def copy_paste(notebook: Json, place: int, *, to: int | None = None, source: str = "") -> Json:
    """Paste a copy of a code cell below it, or elsewhere, and make it a scratch cell.

    source: what is then written in it; the copy stays as it is where nothing is.
    """
    made = deepcopy(notebook)
    cell = made["cells"][place]
    if cell["cell_type"] != "code" or _is_locked(cell):
        return made
    copy = deepcopy(cell)
    if "id" in copy:
        copy["id"] = _id()
    copy["source"] = source or text_of(cell)
    made["cells"].insert(place + 1 if to is None else to % (len(made["cells"]) + 1), copy)
    return made


def delete_and_rewrite(notebook: Json, place: int) -> Json:
    """Delete a code cell and write the same in a new one, without marks."""
    made = deepcopy(notebook)
    cell = made["cells"][place]
    if cell["cell_type"] == "code" and not _is_locked(cell):
        fresh = code_cell(text_of(cell))
        if "id" not in cell:
            del fresh["id"]
        made["cells"][place] = fresh
    return made


def move(notebook: Json, place: int, to: int) -> Json:
    """Move an added cell, one without a mark and not the course's, somewhere else."""
    made = deepcopy(notebook)
    cell = made["cells"][place]
    if cell["metadata"] == {"added": True}:
        made["cells"].insert(to % len(made["cells"]), made["cells"].pop(place))
    return made


def retype(notebook: Json, place: int, kind: str = "markdown") -> Json:
    """Turn a solution's cell into text, as one key of VS Code does, where it is the only one."""
    made = deepcopy(notebook)
    cell = made["cells"][place]
    name = mark_of(cell)
    alone = sum(f" {name}(" in text_of(each) for each in made["cells"]) == 1
    if name in solution_names(made) and alone and f" {name}(" in text_of(cell):
        same = [each for each in made["cells"] if mark_of(each) == name]
        if len(same) == 1:
            cell["cell_type"] = kind
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
    return made


def lose_metadata(notebook: Json) -> Json:
    """Save with a program that keeps no metadata of cells."""
    made = deepcopy(notebook)
    for cell in made["cells"]:
        cell["metadata"] = {}
    return made


def lose_ids(notebook: Json) -> Json:
    """Save in an older format, which has no ids of cells."""
    made = deepcopy(notebook)
    for cell in made["cells"]:
        cell.pop("id", None)
    return {**made, "nbformat_minor": 4}


def new_ids(notebook: Json) -> Json:
    """Give every cell a new id, as importing into another program does."""
    made = deepcopy(notebook)
    for cell in made["cells"]:
        cell["id"] = _id()
    return {**made, "nbformat_minor": 5}


def add_cells(notebook: Json, sources: list[tuple[int, str]]) -> Json:
    """Add code cells, each at a place."""
    made = deepcopy(notebook)
    for place, source in sources:
        cell = code_cell(source, metadata={"added": True})
        made["cells"].insert(place % (len(made["cells"]) + 1), cell)
    return made


def resave_as_colab(notebook: Json) -> Json:
    """Save as Colab does: ids within the metadata, format 4.0, a badge on top."""
    made = deepcopy(notebook)
    for cell in made["cells"]:
        cell["metadata"] = {**cell["metadata"], "id": cell.pop("id", _id())}
    badge = {"cell_type": "markdown", "metadata": {"colab_type": "text"}}
    made["cells"].insert(0, {**badge, "source": ['<a href="https://colab.research.google.com">']})
    made["metadata"] = {"colab": {"provenance": []}, **made["metadata"]}
    return {**made, "nbformat_minor": 0}


def resave_as_vscode(notebook: Json) -> Json:
    """Save as VS Code does: sources as lines, empty tags, the same ids."""
    made = deepcopy(notebook)
    for cell in made["cells"]:
        cell["source"] = text_of(cell).splitlines(keepends=True)
        if cell["cell_type"] == "code":
            cell["metadata"] = {**cell["metadata"], "vscode": {"languageId": "python"}}
    return made


def resave_as_kaggle(notebook: Json) -> Json:
    """Save as Kaggle does: foreign metadata and ids gone, its own in their place."""
    made = lose_ids(lose_metadata(notebook))
    for cell in made["cells"]:
        if cell["cell_type"] == "code":
            cell["metadata"] = {"trusted": True, "execution": {"iopub.status.idle": ""}}
    return made


SCRATCH = (
    "print('trying')",
    "scratch = [each * 2 for each in range(3)]",
    "for number in range(2):\n    print(number)",
    "# nothing yet",
    "import json\nprint(json.dumps({'a': 1}))",
)
"""What people try out in cells of their own."""


@st.composite
def edits(draw: st.DrawFn, *, most: int = 6) -> list[tuple[str, Edit]]:
    """Draw a sequence of edits, each with its name; apply them with `edited`."""
    number = st.integers(0, 200)
    made: list[tuple[str, Edit]] = []
    for _ in range(draw(st.integers(0, most))):
        kind = draw(st.sampled_from(sorted(_KINDS)))
        place, other, words = draw(number), draw(number), draw(st.sampled_from(SCRATCH))
        made.append((f"{kind} {place} {other}", _KINDS[kind](place, other, words)))
    return made


def edited(notebook: Json, steps: list[tuple[str, Edit]]) -> Json:
    """Return a notebook after a sequence of edits."""
    for _, step in steps:
        notebook = step(notebook)
    return notebook


def _at(edit: Callable[..., Json], place: int, *more: Any) -> Edit:
    return lambda notebook: edit(notebook, place % len(notebook["cells"]), *more)


_KINDS: dict[str, Callable[[int, int, str], Edit]] = {
    "split": lambda place, other, _: _at(split, place, other),
    "merge": lambda place, _, __: _at(merge, place),
    "copy": lambda place, _, words: (
        lambda notebook: copy_paste(notebook, place % len(notebook["cells"]), source=words)
    ),
    "duplicate": lambda place, _, __: _at(copy_paste, place),
    "rewrite": lambda place, _, __: _at(delete_and_rewrite, place),
    "move": lambda place, other, _: _at(move, place, other),
    "retype": lambda place, other, _: _at(retype, place, ("markdown", "raw")[other % 2]),
    "metadata lost": lambda _, __, ___: lose_metadata,
    "ids lost": lambda _, __, ___: lose_ids,
    "new ids": lambda _, __, ___: new_ids,
    "add": lambda place, _, words: lambda notebook: add_cells(notebook, [(place, words)]),
    "Colab": lambda _, __, ___: resave_as_colab,
    "VS Code": lambda _, __, ___: resave_as_vscode,
    "Kaggle": lambda _, __, ___: resave_as_kaggle,
}


def _id() -> str:
    return uuid4().hex[:8]


def _is_locked(cell: Json) -> bool:
    """Return whether it is a check's cell: JupyterLab neither changes nor deletes that."""
    return text_of(cell).strip().startswith("check(")


def _breaks(source: str) -> list[int]:
    """Return before which lines a new statement of the top level begins, but the first."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return []
    lines = []
    for node in body[1:]:
        decorators = getattr(node, "decorator_list", [])
        lines.append(min([node.lineno, *(each.lineno for each in decorators)]) - 1)
    return sorted(set(lines))
