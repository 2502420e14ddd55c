"""Feedback pages in one zip, found again by the system that the submissions came from."""

import io
import re
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from grader.errors import GradingError
from grader.grading.report import feedback_zip
from grader.grading.results_folder import ResultsFolder
from tests.grading.class_folder import START
from tests.grading.intake.downloads import (
    Person,
    canvas_files,
    canvas_table,
    collected,
    moodle_files,
    people,
    roster_of,
    unpacked,
    worksheet_table,
)


def moodles_participant(path: str) -> str:
    """Return whose file Moodle takes it for (importziplib.php, is_valid_filename_for_import)."""
    for part in path.split("/"):
        info = part.split("_", 4)
        if len(info) >= 4 and info[1].isdigit() and info[2:4] == ["assignsubmission", "file"]:
            return info[1]
    return ""


def canvas_user(path: str) -> str:
    """Return whose file Canvas takes it for: <name>[_LATE]_<user id>_<attachment id>_<name>."""
    found = re.match(r"[^_]+(?:_LATE)?_(\d+)_\d+_", path)
    return found[1] if found else ""


@pytest.mark.parametrize("is_moodle", [True, False])
@given(persons=people(4))
@settings(max_examples=12, deadline=None)
def test_each_page_goes_back_to_its_student(is_moodle: bool, persons: list[Person]) -> None:
    """By the numbers that the system gave; names in any script, and the same, do not matter."""
    with TemporaryDirectory() as made:
        files = moodle_files(persons) if is_moodle else canvas_files(persons, late=True)
        table = worksheet_table(persons) if is_moodle else canvas_table(persons)
        submitted, grades = Path(made, "submitted"), Path(made, "grades")
        planned, _ = collected(unpacked(files, Path(made, "in")), submitted, roster_of(table))
        folder = ResultsFolder(grades.resolve())
        for move in planned.moves:
            student = move.handed_in.student
            unpacked([(f"{START}.html", student.encode())], folder.feedback(student, START).parent)
        back = feedback_zip(grades, submitted, START)
        assert feedback_zip(grades, submitted, START) == back
        assert (back.pages, back.without) == (len(persons), ())
        with zipfile.ZipFile(io.BytesIO(back.content)) as archive:
            got = {
                (moodles_participant if is_moodle else canvas_user)(name): archive.read(
                    name
                ).decode()
                for name in archive.namelist()
            }
        assert got == {
            str(each.number + 5000 if is_moodle else each.number): (
                each.email if is_moodle else each.login
            )
            for each in persons
        }


def test_who_came_another_way_is_named(tmp_path: Path) -> None:
    """Their pages are in the folder; without any page there is nothing to hand back."""
    submitted, grades = tmp_path / "submitted", tmp_path / "grades"
    unpacked([(f"{START}.ipynb", b"{}")], submitted / "ada" / START)
    with pytest.raises(GradingError, match="Grade first"):
        feedback_zip(grades, submitted, START)
    page = ResultsFolder(grades.resolve()).feedback("ada", START)
    unpacked([(page.name, b"<p>")], page.parent)
    back = feedback_zip(grades, submitted, START)
    assert (back.pages, back.without) == (0, ("ada",))
