"""A class, graded by nbgrader from end to end."""

import json
from pathlib import Path

import pytest

from grader.errors import GradingError
from grader.exercises import COURSE
from grader.exercises.sources import solution_source
from grader.grading import EXPECTED, CellPoints, Class, GradeReport, grade_class, make_demo_class
from tests.grading.class_folder import ROOT, START, answered, hand_in

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("grading")]

# A logger keeps the stream that it found when it was made, so it writes into the check's cell.
NOISY = """
import logging, sys, warnings
logging.basicConfig(level="INFO")
warnings.warn("nothing to worry about")
print("on stderr", file=sys.stderr)

def first_call(client, prompt):
    print("noise", file=sys.stderr)
    warnings.warn("more noise")
    logging.info("asking")
    message = client.messages.create(
        model="claude-sonnet-4-6", max_tokens=9, messages=[{"role": "user", "content": prompt}]
    )
    return "".join(block.text for block in message.content if block.type == "text")
"""
DYING = "import os\nos._exit(3)"
SILENCER = """
def check(name):
    print("full marks, please")

def first_call(client, prompt):
    raise SystemExit
"""


RIGHT = solution_source(ROOT, START, "first_call")
WRONG = "def first_call(client, prompt):\n    return 4"


def forged(answers: dict[str, str]) -> str:
    """Return a notebook whose check cells say 400 and are marked twice, one of them torn."""
    notebook = json.loads(answered(answers))
    checks = [
        cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")
    ]
    for cell in checks:
        cell["source"] = "400"
        cell["metadata"]["nbgrader"] |= {"points": 400, "locked": False}
    torn = {**checks[0], "id": "torn", "metadata": {"nbgrader": {"grade_id": "check_first_call"}}}
    notebook["cells"].append(torn)
    return json.dumps(notebook)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[GradeReport, Path]:
    """Grade the made-up class of eight, with a few unlucky submissions among them, once."""
    folder = tmp_path_factory.mktemp("class")
    submitted = make_demo_class(ROOT, folder / "submitted")
    hand_in(submitted, "ivy_not_json", b"not JSON")
    (submitted / "jan_empty").mkdir()
    hand_in(submitted, "kim_noisy", answered({"first_call": NOISY}))
    hand_in(submitted, "lou_silencer", answered({"first_call": SILENCER}))
    hand_in(submitted, "mia_misnamed", answered({}), name="00_start_here (1).ipynb")
    hand_in(submitted, "nat_forger", forged({"first_call": WRONG}))
    hand_in(submitted, "oda_dying", answered({"first_call": RIGHT, "describe_reply": DYING}))
    before = {path: path.read_bytes() for path in submitted.rglob("*.ipynb")}
    report = grade_class(Class.gather(submitted, COURSE), ROOT, folder / "out")
    assert {path: path.read_bytes() for path in submitted.rglob("*.ipynb")} == before
    return report, folder


def points(report: GradeReport) -> dict[str, dict[str, float | None]]:
    """Return the points of each student and lesson."""
    table: dict[str, dict[str, float | None]] = {}
    for each in report.graded:
        table.setdefault(each.student, {})[each.lesson] = each.points
    return table


def test_the_class_of_eight_gets_the_points_it_earned(graded: tuple[GradeReport, Path]) -> None:
    """Right, differently right, half right, blank, and four named mistakes."""
    report, _ = graded
    table = points(report)
    assert {student: table[student] for student in EXPECTED} == EXPECTED


def test_the_unlucky_do_not_stop_the_class(graded: tuple[GradeReport, Path]) -> None:
    """What cannot be graded has no points and one sentence; the report is not complete."""
    report, _ = graded
    told = {each.student: each.trouble for each in report.graded if each.points is None}
    assert sorted(told) == ["ivy_not_json", "jan_empty", "mia_misnamed"]
    assert told["ivy_not_json"].startswith("00_start_here.ipynb is not JSON")
    assert not report.is_complete


def test_noise_on_stderr_costs_nothing(graded: tuple[GradeReport, Path]) -> None:
    """Warnings and prints are no mistakes."""
    assert points(graded[0])["kim_noisy"] == {START: 4}


def test_a_check_that_says_nothing_earns_nothing(graded: tuple[GradeReport, Path]) -> None:
    """Replacing `check` by a print is full marks in stock nbgrader, and none here."""
    assert points(graded[0])["lou_silencer"] == {START: 0}


def test_a_forged_check_is_restored(graded: tuple[GradeReport, Path]) -> None:
    """The check that counts is the course's, with the course's points."""
    [row] = [each for each in graded[0].graded if each.student == "nat_forger"]
    assert (row.points, row.maximum) == (0, 7)


def test_a_kernel_that_dies_costs_what_came_after(graded: tuple[GradeReport, Path]) -> None:
    """The exercise before it keeps its points, and there is a feedback page."""
    [row] = [each for each in graded[0].graded if each.student == "oda_dying"]
    assert row.exercises == (CellPoints("first_call", 4, 4), CellPoints("describe_reply", 0, 3))
    assert row.trouble == ""
    assert row.feedback is not None
    assert "The kernel died in this cell." in row.feedback.read_text(encoding="utf-8")


def test_partial_credit_is_in_the_gradebook(graded: tuple[GradeReport, Path]) -> None:
    """Each exercise has its own points, as formgrader shows them."""
    from nbgrader.api import Gradebook

    with Gradebook(graded[0].db_url) as gradebook:
        notebook = gradebook.find_submission_notebook(START, START, "eli_returned_block")
        found = {grade.name: (grade.auto_score, grade.max_score) for grade in notebook.grades}
    assert found == {"check_first_call": (2, 4), "check_describe_reply": (3, 3)}


def test_the_feedback_page_names_the_mistake(graded: tuple[GradeReport, Path]) -> None:
    """A learner reads there what the check saw."""
    report, _ = graded
    [page] = [
        each.feedback
        for each in report.graded
        if (each.student, each.lesson) == ("eli_returned_block", START) and each.feedback
    ]
    assert "You returned the envelope, not the letter." in page.read_text(encoding="utf-8")


def test_the_results_file_says_the_same(graded: tuple[GradeReport, Path]) -> None:
    """A program can read what the table shows; pages are named from the folder itself."""
    report, folder = graded
    rows = json.loads(report.results.read_text(encoding="utf-8"))
    assert {(row["student"], row["lesson"]): row["points"] for row in rows} == {
        (each.student, each.lesson): each.points for each in report.graded
    }
    assert [folder / "out" / row["feedback"] for row in rows if row["feedback"]] == list(
        report.feedback
    )
    assert all(page.is_file() for page in report.feedback)


def test_formgrader_opens_the_result(graded: tuple[GradeReport, Path]) -> None:
    """The folder is a whole nbgrader course: its own config finds assignments and grades."""
    from nbgrader.apps.api import NbGraderAPI
    from traitlets.config import PyFileConfigLoader

    report, folder = graded
    config = PyFileConfigLoader("nbgrader_config.py", str(folder / "out")).load_config()
    api = NbGraderAPI(config=config)
    told = {each["student"]: each["score"] for each in api.get_submissions(START)}
    assert [each["name"] for each in api.get_assignments()] == sorted(EXPECTED["ada_all_right"])
    assert told == {
        each.student: each.points
        for each in report.graded
        if each.lesson == START and each.points is not None
    }
    assert not any(each["needs_manual_grade"] for each in api.get_submissions(START))


def test_no_solution_lies_beside_a_submission(graded: tuple[GradeReport, Path]) -> None:
    """Nbgrader copies what lies beside the source notebook; the lesson source must not be."""
    _, folder = graded
    assert list((folder / "out" / "autograded").rglob("*.nb.py")) == []


def test_grading_again_changes_nothing(
    graded: tuple[GradeReport, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    """The same notebook a second time gives the same points, no doubles, and no noise."""
    from nbgrader.api import Gradebook

    report, folder = graded
    notebook = folder / "submitted" / "kim_noisy" / START / f"{START}.ipynb"
    hand_in(folder / "again", "kim_noisy", notebook.read_bytes())
    again = grade_class(Class.gather(folder / "again", COURSE), ROOT, folder / "out")
    assert [each for each in report.graded if each.student == "kim_noisy"] == list(again.graded)
    with Gradebook(again.db_url) as gradebook:
        students = [submission.student.id for submission in gradebook.assignment_submissions(START)]
    assert students.count("kim_noisy") == 1
    assert capfd.readouterr() == ("", "")


def test_each_result_is_told_at_once(tmp_path: Path) -> None:
    """A progress bar hears of troubles first, then of each submission."""
    hand_in(tmp_path / "submitted", "ada", b"not JSON")
    heard = []
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    report = grade_class(gathered, ROOT, tmp_path / "out", on_graded=heard.append)
    assert tuple(heard) == report.graded
    assert len(gathered) == len(heard) == 1


def test_a_notebook_that_changed_since_it_was_gathered_is_named(tmp_path: Path) -> None:
    """What is graded is read once more, with the same care."""
    notebook = hand_in(tmp_path / "submitted", "ada", answered({}))
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    notebook.unlink()
    notebook.symlink_to(ROOT / "solutions" / START / f"{START}.ipynb")
    [row] = grade_class(gathered, ROOT, tmp_path / "out").graded
    assert row.points is None
    assert row.trouble == (
        "00_start_here.ipynb is no regular file, and links are not followed. "
        "Ask for the file itself."
    )


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Nothing is graded when the results would be lost."""
    hand_in(tmp_path / "submitted", "ada", answered({}))
    (tmp_path / "out").write_text("a file where a folder should be")
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    with pytest.raises(GradingError, match=r"out cannot be written .*--out"):
        grade_class(gathered, ROOT, tmp_path / "out")
