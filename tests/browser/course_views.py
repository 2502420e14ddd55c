"""A notebook of everything of the course that is looked at: widgets, verdicts and progress."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.browser.answers import RIGHT, SAME_PROMPT
from tests.classroom.widgets.samples import CALLS, TOOL_CALLS

CRASHES = "def describe_reply(message):\n    return message.choices[0]"

WIDGETS = {
    "turn_stepper": "turn_stepper(CALLS)",
    "sequence_stepper": "sequence_stepper(TOOL_CALLS)",
    "broken_turns": "broken_turns()",
    "parallel_tools": 'parallel_tools({"get_weather": 1.5, "get_time": 0.5})',
    "rosetta": "rosetta()",
    "block_explorer": "block_explorer()",
    "backoff_timeline": "backoff_timeline()",
    "progress": "progress()",
}
"""The line that shows each widget, by its name."""

VERDICTS = {
    "Not started": 'check("text_of")',
    "Crashed": f'{CRASHES}\ncheck("describe_reply")',
    "Almost": f'{SAME_PROMPT}\n\ncheck("first_call")',
    "Correct": f'{RIGHT}\n\ncheck("first_call")  # mended',
}
"""The cell that shows a verdict, by its outcome."""

LAST_LINES = {name: source.splitlines()[-1] for name, source in (WIDGETS | VERDICTS).items()}
"""A line of each cell that no other cell has."""

_KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def notebook_of_views(more: Sequence[str] = ()) -> NotebookNode:
    """Return a notebook with a cell for each of them; more: the sources of further cells."""
    sources = [
        "from grader.classroom import *",
        'MODEL = "claude-sonnet-4-6"',
        f"CALLS, TOOL_CALLS = {CALLS!r}, {TOOL_CALLS!r}",
        *VERDICTS.values(),
        *WIDGETS.values(),
        *more,
    ]
    cells = [nbformat.v4.new_code_cell(source, id=f"c{at}") for at, source in enumerate(sources)]
    return nbformat.v4.new_notebook(cells=cells, metadata=_KERNEL)


def write_notebook(course: Path, name: str) -> None:
    """Write the notebook into a folder of its own in a course."""
    place = course / name / f"{name}.ipynb"
    place.parent.mkdir()
    nbformat.write(notebook_of_views(), place)
