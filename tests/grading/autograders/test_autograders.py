"""What Gradescope and Classroom 50 get: golden files, and the rules of their forms."""

import json
import os
import stat
import subprocess
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from grader.cli import app
from grader.errors import GradingError
from grader.exams import Criterion, Diagnosis, Finding, Judged, Verdict
from grader.grading.autograders import (
    Identity,
    classroom50_result,
    grade_one,
    gradescope_results,
    gradescope_zip,
    identity_in,
)
from grader.grading.hand_in_times import SEEN
from grader.grading.result import ExerciseResult, Result
from grader.grading.standing import Standing, Try
from tests.grading.class_folder import RIGHT, ROOT, START, answered
from tests.grading.made_results import hostile_result, result

HERE = Path(__file__).parent
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
ENVIRONMENT = {
    "CLASSROOM": "api-course",
    "ASSIGNMENT": "start-here",
    "OWNER": "ada-l",
    "SUBMISSION_TAG": "submit/20261130T120000Z-0a1b2c3",
    "COMMIT_URL": "https://example.org/commit",
    "RELEASE_URL": "https://example.org/release",
    "REVIEW_URL": "https://example.org/review",
}
IDENTITY = identity_in(ENVIRONMENT)
TRY = Try("ab" * 32, NOON, SEEN, 0.0, 7, 7)


def standing(points: float | None = None, **answers: str) -> Standing:
    """Return what counts for a result; points: unless they are the automatic ones."""
    made = result("student", **answers)
    return Standing(made, 1, (TRY,), points=float(made.points or 0) if points is None else points)


def _three_criteria() -> Result:
    """Return a result whose words are no lesson's, so that no lesson changes the golden files."""
    diagnosis = Diagnosis("other", "It greets somebody else.", "", "They mind.", "Use the name.")
    judged = (
        Judged(Criterion("one", "one greeting is sent", 2), is_met=True),
        Judged(Criterion("two", "it has the name", 3), is_met=False),
        Judged(Criterion("three", "it is the name's only one"), is_met=False),
        Judged(Criterion("four", "an error passes through"), is_met=False, is_reached=False),
    )
    verdict = Verdict("greet", "Not yet", judged, Finding(diagnosis, "It said “Hello, Zoë”.", ()))
    return Result("student", START, "ab" * 32, (ExerciseResult(verdict),), ("A remark.",))


MADE = {
    "gradescope.json": gradescope_results,
    "classroom50.json": lambda one: classroom50_result(one, IDENTITY, NOON),
}


@pytest.mark.parametrize("name", MADE)
def test_a_result_is_written_as_the_golden_file_has_it(name: str) -> None:
    """Met, not met, not reached: a criterion of each. `GOLDEN=1` writes the files anew."""
    made = MADE[name](Standing(_three_criteria(), 1, (TRY,), points=2.0))
    path = HERE / name
    if os.environ.get("GOLDEN"):
        path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert made == json.loads(path.read_text(encoding="utf-8"))


def objections_to_classroom50(made: dict[str, Any]) -> list[str]:
    """Return what breaks schemas/result-v1.schema.json, as its keys."""
    words = ("classroom", "assignment", "owner", "commit", "release", "review")
    found = [each for each in words if not (isinstance(made[each], str) and made[each])]
    known = {"schema", "assignment_type", "submission", "datetime", "score", "max-score", "tests"}
    found += sorted(made.keys() - known - set(words) - {"graded_at", "submitted_by"})
    found += [] if made["submission"].startswith("submit/") else ["submission"]
    for each in (made, *made["tests"]):
        score, most = each["score"], each["max-score"]
        if type(score) is not int or type(most) is not int or not 0 <= score <= most:
            found.append("score")
    for each in made["tests"]:
        if not each["test-name"] or type(each["passed"]) is not bool:
            found.append("tests")
    return found


@pytest.mark.parametrize("points", [None, 0, 0.5, 2.4, 6.5, 6.75, 99])
@pytest.mark.parametrize("answer", ["right", "blank", "returned-block"])
def test_classroom_50_gets_whole_numbers_within_the_maximum(
    points: float | None, answer: str
) -> None:
    """Whatever a person gave, and whatever being late took off."""
    made = classroom50_result(standing(points, first_call=answer), IDENTITY, NOON)
    assert objections_to_classroom50(made) == []
    assert made["max-score"] == sum(each["max-score"] for each in made["tests"]) == 7
    if points is None:
        assert made["score"] == sum(each["score"] for each in made["tests"])


def test_the_rules_can_be_broken() -> None:
    """A half point, a key of our own and another tag are found."""
    made = classroom50_result(standing(), IDENTITY, NOON)
    broken = {**made, "score": 6.5, "ours": 1, "submission": "x"}
    assert objections_to_classroom50(broken) == ["ours", "submission", "score"]


@pytest.mark.parametrize("name", MADE)
def test_no_result_is_no_silent_zero(name: str) -> None:
    """It says why, and passes no test."""
    made = MADE[name](Standing(Result("student", START, trouble="It is torn.")))
    assert "It is torn." in json.dumps(made)
    assert not any(each.get("passed") for each in made["tests"])


@pytest.mark.parametrize("name", MADE)
def test_what_a_learner_writes_stays_text(name: str) -> None:
    """No control character reaches a terminal, and Gradescope is told that it is no HTML."""
    made = MADE[name](
        Standing(hostile_result("student", "\x1b]0;owned\x07<b>"), 1, (TRY,), points=0.0)
    )
    text = json.dumps(made, ensure_ascii=False)
    assert "\\u001b" not in text
    assert "\x1b" not in text
    assert made.get("test_output_format", "text") == "text"


def test_the_runner_says_whose_a_result_is() -> None:
    """What it leaves out is named."""
    assert isinstance(IDENTITY, Identity)
    with pytest.raises(GradingError, match="OWNER, COMMIT_URL"):
        identity_in({**ENVIRONMENT, "OWNER": "", "COMMIT_URL": ""})
    with pytest.raises(GradingError, match="submit/"):
        identity_in({**ENVIRONMENT, "SUBMISSION_TAG": "v1"})


def test_gradescopes_zip_is_the_same_each_time_and_holds_no_leftovers() -> None:
    """Its scripts are at the root, and can be run."""
    content = gradescope_zip(ROOT, START)
    assert gradescope_zip(ROOT, START) == content
    with zipfile.ZipFile(BytesIO(content)) as archive:
        modes = {each.filename: each.external_attr >> 16 for each in archive.infolist()}
    runnable = {name for name, mode in modes.items() if mode & stat.S_IXUSR}
    assert runnable == {"setup.sh", "run_autograder"}
    assert {"grader/cli/__init__.py", f"solutions/{START}/{START}.ipynb"} <= modes.keys()
    assert not [name for name in modes if "__pycache__" in name or name.endswith(".pyc")]


@pytest.mark.slow
@pytest.mark.xdist_group("grading")
def test_run_autograder_grades_one_submission_in_a_sealed_kernel(tmp_path: Path) -> None:
    """As Gradescope runs it, with the places moved and the installed grader."""
    source = tmp_path / "source"
    with zipfile.ZipFile(BytesIO(gradescope_zip(ROOT, START))) as archive:
        archive.extractall(source)
    (source / ".venv").symlink_to(ROOT / ".venv")
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "my work.ipynb").write_text(answered({"first_call": RIGHT}))
    environment = {**os.environ, "AUTOGRADER": str(tmp_path)}
    subprocess.run(["sh", str(source / "run_autograder")], env=environment, check=True)
    made = json.loads((tmp_path / "results" / "results.json").read_text())
    assert made["score"] == 4
    assert sum(each["score"] for each in made["tests"]) == 4
    assert sum(each["max_score"] for each in made["tests"]) == 7


def test_a_submission_without_the_lesson_says_what_was_there(tmp_path: Path) -> None:
    """Nothing is graded for that."""
    (tmp_path / "report.pdf").write_bytes(b"%PDF")
    found = grade_one(tmp_path, ROOT, START)
    assert found.points is None
    assert "Nothing of 00_start_here was found" in found.trouble


def test_the_command_names_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it grades anything."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    result_ = CliRunner().invoke(app, ["export", "classroom50", str(tmp_path), "--lesson", "00"])
    assert isinstance(result_.exception, GradingError)
    made = CliRunner().invoke(
        app, ["export", "gradescope", "--lesson", "00", "--out", str(tmp_path / "a.zip")]
    )
    assert made.exit_code == 0
    assert zipfile.is_zipfile(tmp_path / "a.zip")
