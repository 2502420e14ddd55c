"""Notebooks as a learner runs them: from the first cell to the last, in a kernel of their own."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from grader.authoring import find_root
from grader.exams import ANSWER_TYPE

ROOT = find_root(Path(__file__))

_STILL = 'class="gr gr-still"'
_VIEW = "application/vnd.jupyter.widget-view+json"
_SECONDS_A_CELL = 60
_SERVERS = ("ANTHROPIC_", "OPENAI_")
_MODEL = re.compile(r'^MODEL = "([^"]+)"$', re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """Hold a code cell after a run.

    grade_id: nbgrader's name of it, "" for a demo.
    text: all that it shows in plain text, stderr, errors and widgets apart; html: the same as HTML.
    stderr: what it wrote there. error: the type and message of what stopped it, else "".
    predicted: what the course shows of predictions there, which is apart from text and html.
    """

    source: str
    grade_id: str = ""
    text: str = ""
    html: str = ""
    stderr: str = ""
    error: str = ""
    predicted: tuple[Any, ...] = ()

    @property
    def title(self) -> str:
        """Return its first line, to name it in a failure."""
        return self.source.partition("\n")[0]

    @property
    def is_check(self) -> bool:
        """Return whether it is the check of an exercise."""
        return self.grade_id.startswith("check_")


def read_notebook(folder: str, lesson: str) -> NotebookNode:
    """Return the notebook of a lesson as it lies in `course` or `solutions`."""
    return nbformat.read(ROOT / folder / lesson / f"{lesson}.ipynb", as_version=4)


def with_model(notebook: NotebookNode, model: str) -> NotebookNode:
    """Return the notebook with another MODEL in its first code cell.

    Raises ValueError where that cell does not set MODEL once.
    """
    changed = nbformat.from_dict(notebook)
    first = next(cell for cell in changed.cells if cell.cell_type == "code")
    first.source, count = _MODEL.subn(f'MODEL = "{model}"', first.source)
    if count != 1:
        raise ValueError(
            f"The first code cell sets MODEL {count} times; expected one line "
            f'MODEL = "claude-…" in\n{first.source}'
        )
    return changed


def run_notebook(notebook: NotebookNode, folder: Path) -> tuple[Cell, ...]:
    """Run every cell in a fresh kernel that starts in `folder`, and return the code cells.

    A cell that fails does not stop the run. Nobody's key or progress reaches the kernel.
    """
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(_SERVERS)
    }
    environment |= {"GRADER_PROGRESS": "off", "IPYTHONDIR": str(folder / ".ipython")}
    client = NotebookClient(
        nbformat.from_dict(notebook),
        timeout=_SECONDS_A_CELL,
        allow_errors=True,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    done = client.execute(env=environment)
    return tuple(_cell(cell) for cell in done.cells if cell.cell_type == "code")


def _cell(cell: NotebookNode) -> Cell:
    text, html, stderr, error, predicted = "", "", "", "", []
    for output in cell.outputs:
        if output.output_type == "error":
            error = f"{output.ename}: {output.evalue}"
        elif output.output_type == "stream" and output.name == "stderr":
            stderr += output.text
        elif output.output_type == "stream":
            text += output.text
        elif ANSWER_TYPE in output.data:
            predicted.append(output.data[ANSWER_TYPE])
        else:
            shown = output.data.get("text/html", "")
            # The text of a widget is for where there is no view.
            is_widget = _VIEW in output.data or _STILL in shown
            text += "" if is_widget else output.data.get("text/plain", "") + "\n"
            html += shown
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    return Cell(cell.source, grade_id, text.strip("\n"), html, stderr, error, tuple(predicted))
