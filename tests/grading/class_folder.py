"""Make a folder of submissions for a test."""

import json
from pathlib import Path
from typing import Any

from grader.grading.results_folder import ResultsFolder, choose_folder, known_folder
from grader.sources import solution_source

ROOT = Path(__file__).parents[2]
START = "00_start_here"
STRUCTURE = "01_structure"
RIGHT = solution_source(ROOT, START, "first_call")
"""A right answer to the first exercise, 4 points."""


def prepare_folder(out: Path, submitted: Path, db_url: str | None = None) -> ResultsFolder:
    """Return a folder of results as a run begins it, ready to be opened with nbgrader."""
    folder = choose_folder(out, submitted, db_url)
    if db_url is None:
        folder = known_folder(folder.path)
    folder.write_configs("")
    return folder


def course_notebook(lesson: str = START) -> dict[str, Any]:
    """Return the notebook of a lesson as learners get it."""
    path = ROOT / "course" / lesson / f"{lesson}.ipynb"
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def hand_in(
    submitted: Path, student: str, content: str | bytes, *, lesson: str = START, name: str = ""
) -> Path:
    """Put a file where a student's notebook belongs, and return its path."""
    path = submitted / student / lesson / (name or f"{lesson}.ipynb")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def answered(answers: dict[str, str], *, lesson: str = START) -> str:
    """Return a lesson's notebook with sources put into cells by their grade_id, as JSON text."""
    notebook = course_notebook(lesson)
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell["source"] = answers[name]
    return json.dumps(notebook)
