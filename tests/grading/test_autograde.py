"""Plain `nbgrader autograde`, with the project's configuration, goes the way of `grader grade`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import GradingError
from tests.grading.class_folder import (
    RIGHT,
    ROOT,
    START,
    STRUCTURE,
    answered,
    course_notebook,
    hand_in,
)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("grading")]

FORGED = "def check(name):\n    return 100"


# One Python for both commands: nbgrader takes seconds to import.
_NBGRADER = """
import sys
from nbgrader.apps import NbGraderApp
for command in ("generate_assignment", "autograde"):
    NbGraderApp.launch_instance([command, *sys.argv[1:]])
    NbGraderApp.clear_instance()
"""


def autograde(folder: Path, *words: str) -> str:
    """Release an assignment and autograde it, by nbgrader's own commands."""
    place = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": os.pathsep.join([place, os.environ["PATH"]])}
    done = subprocess.run(
        [sys.executable, "-c", _NBGRADER, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_it_gives_the_points_that_were_earned(tmp_path: Path) -> None:
    """In the course's own layout: a forged check earns nothing, a right answer everything."""
    from nbgrader.api import Gradebook

    for name in ("solutions", "course", "nbgrader_config.py"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "release").mkdir()
    notebook = json.loads(answered({"first_call": RIGHT, "describe_reply": FORGED}))
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "check_first_call"]
    hand_in(tmp_path / "submitted", "ada", json.dumps(notebook))
    assignment = (
        f"--CourseDirectory.release_directory={tmp_path / 'release'}",
        f"--assignment={START}",
    )
    autograde(tmp_path, *assignment)
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        graded = gradebook.find_submission_notebook(START, START, "ada")
        found = {grade.name: grade.auto_score for grade in graded.grades}
        comments = {each.name: each.auto_comment for each in graded.comments}
    assert found == {"check_first_call": 4, "check_describe_reply": 0}
    assert comments["first_call"] is None
    assert "describe_reply" in comments["describe_reply"]


def test_it_refuses_the_notebook_of_another_lesson(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `grader grade` does: such a student has no points, not 0."""
    from grader.grading.autograde import RebuildSubmission

    monkeypatch.chdir(ROOT)
    place = {"nbgrader": {"assignment": STRUCTURE, "student": "ada"}}
    with pytest.raises(GradingError, match=r"the notebook of 00_start_here, not of 01_structure"):
        RebuildSubmission().preprocess(course_notebook(START), place)
    rebuilt, _ = RebuildSubmission().preprocess(course_notebook(STRUCTURE), place)
    assert len(rebuilt["cells"]) == len(course_notebook(STRUCTURE)["cells"])
