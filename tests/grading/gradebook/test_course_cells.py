"""The cells of a lesson, as nbgrader itself would register them."""

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from grader.errors import GradingError
from grader.exercises import find_lesson
from grader.grading.gradebook import open_gradebook
from grader.grading.gradebook.course_cells import read_course_cells
from grader.grading.options import configure
from tests.grading.class_folder import START
from tests.grading.made_results import solution_notebook

pytestmark = pytest.mark.xdist_group("gradebook")


def contents(db_url: str) -> dict[str, Any]:
    """Return all that a gradebook knows of a lesson, but for its ids."""
    from nbgrader.api import Gradebook

    with Gradebook(db_url) as gradebook:
        notebook = gradebook.find_notebook(START, START)
        rows = [*notebook.grade_cells, *notebook.solution_cells, *notebook.source_cells]
        cells = [(type(each).__name__, {**each.to_dict(), "id": ""}) for each in rows]
        version = gradebook.db.connection().exec_driver_sql("SELECT * FROM alembic_version")
        return {
            "assignments": [{**each.to_dict(), "id": ""} for each in gradebook.assignments],
            "kernelspec": notebook.kernelspec,
            "cells": sorted(cells, key=lambda each: (each[0], each[1]["name"])),
            "version": version.all(),
        }


@pytest.mark.slow
def test_a_lesson_is_registered_as_generate_assignment_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same rows, checksums and version of the tables, without nbgrader's command."""
    (tmp_path / "ours").mkdir()
    with open_gradebook(tmp_path / "ours") as book:
        book.register(find_lesson(START), solution_notebook())
    generate(tmp_path / "theirs", monkeypatch)
    ours, theirs = (
        contents(f"sqlite:///{tmp_path / name / 'gradebook.db'}") for name in ("ours", "theirs")
    )
    assert ours == theirs


def generate(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run `nbgrader generate_assignment` in a folder."""
    import sys

    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory

    source = root / "source" / START / f"{START}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_bytes(solution_notebook())
    config = Config()
    configure(config, root=root, db_url=None)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        course = CourseDirectory(config=config)
        course.assignment_id = START
        GenerateAssignment(coursedir=course, config=config).start()


def test_no_solution_is_kept_in_the_gradebook() -> None:
    """What nbgrader restores in a submission is the stub."""
    config = Config()
    configure(config, root=Path(), db_url=None)
    cells = read_course_cells(find_lesson(START), solution_notebook(), config)
    assert "raise NotImplementedError" in cells.sources["first_call"].source
    assert "messages.create" not in "".join(each.source for each in cells.sources.values())


def test_a_notebook_of_other_exercises_is_refused() -> None:
    """Points too: the gradebook and the results would not agree."""
    lesson = find_lesson(START)
    fewer = replace(lesson, exercises=lesson.exercises[:1])
    with pytest.raises(
        GradingError,
        match=r"checks check_describe_reply \(3\), check_first_call \(4\), and the lesson has "
        r"check_first_call \(4\)\. Run `grader build`",
    ):
        read_course_cells(fewer, solution_notebook(), Config())


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b'{"cells": 1}'])
def test_no_notebook_is_refused(content: bytes) -> None:
    """The course itself may be broken, and then says so."""
    with pytest.raises(GradingError, match=r"cannot be read: .* Run `grader build`"):
        read_course_cells(find_lesson(START), content, Config())
