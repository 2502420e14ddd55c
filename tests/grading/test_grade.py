"""A class, graded from end to end: by the command's own way, in sealed kernels."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grader.errors import GradingError
from grader.exercises import COURSE
from grader.grading import EXPECTED, Class, GradeReport, Result, grade_class, make_demo_class
from grader.grading.sandbox import Level, Limits, probe
from tests.grading.class_folder import RIGHT, ROOT, START, answered, hand_in

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("grading")]

SEED = "a class of tests"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[GradeReport, Path]:
    """Grade the made-up class of eight, with a few unlucky submissions among them, once."""
    folder = tmp_path_factory.mktemp("class")
    submitted = make_demo_class(ROOT, folder / "submitted")
    hand_in(submitted, "ivy_not_json", b"not JSON")
    (submitted / "jan_empty").mkdir()
    hand_in(submitted, "mia_misnamed", answered({}), name="00_start_here (1).ipynb")
    hand_in(submitted, "oda_dying", answered({"first_call": "import os\nos._exit(3)"}))
    before = {path: path.read_bytes() for path in submitted.rglob("*.ipynb")}
    report = grade_class(Class.gather(submitted, COURSE), ROOT, folder / "out", seed=SEED)
    assert {path: path.read_bytes() for path in submitted.rglob("*.ipynb")} == before
    return report, folder


def points(report: GradeReport) -> dict[str, dict[str, int | None]]:
    """Return the points of each student and lesson."""
    table: dict[str, dict[str, int | None]] = {}
    for each in report.results:
        table.setdefault(each.student, {})[each.lesson] = each.points
    return table


def test_the_class_of_eight_gets_the_points_it_earned(graded: tuple[GradeReport, Path]) -> None:
    """Right, differently right, half right, blank, and four named mistakes."""
    table = points(graded[0])
    assert {student: table[student] for student in EXPECTED} == EXPECTED


def test_the_unlucky_do_not_stop_the_class(graded: tuple[GradeReport, Path]) -> None:
    """What cannot be graded has no points and one sentence; the report is not complete."""
    report, _ = graded
    told = {each.student: each.trouble for each in report.results if each.points is None}
    assert sorted(told) == ["ivy_not_json", "jan_empty", "mia_misnamed"]
    assert told["ivy_not_json"].startswith("00_start_here.ipynb is not JSON")
    assert not report.is_complete


def test_a_cell_that_dies_costs_its_exercise(graded: tuple[GradeReport, Path]) -> None:
    """The stub of the other exercise is judged all the same."""
    [row] = [each for each in graded[0].results if each.student == "oda_dying"]
    assert [each.verdict.outcome for each in row.exercises] == ["Not started", "Not started"]


def test_the_results_file_says_the_same(graded: tuple[GradeReport, Path]) -> None:
    """A program can read what the table shows; how it was found lies beside it."""
    report, _ = graded
    rows = json.loads(report.folder.results.read_text(encoding="utf-8"))
    assert {(row["student"], row["lesson"]): row["points"] for row in rows} == {
        (each.student, each.lesson): each.points for each in report.results
    }
    runs = json.loads(report.folder.runs.read_text(encoding="utf-8"))
    assert {run["level"] for run in runs} == {report.level.value}
    assert len(runs) == sum(each.points is not None for each in report.results)


def test_partial_credit_is_in_the_gradebook(graded: tuple[GradeReport, Path]) -> None:
    """Each exercise has its own points, as formgrader shows them."""
    from nbgrader.api import Gradebook

    with Gradebook(graded[0].folder.db_url) as gradebook:
        notebook = gradebook.find_submission_notebook(START, START, "eli_returned_block")
        found = {grade.name: (grade.auto_score, grade.max_score) for grade in notebook.grades}
    assert found == {"check_first_call": (2, 4), "check_describe_reply": (3, 3)}


def test_the_feedback_page_names_the_mistake(graded: tuple[GradeReport, Path]) -> None:
    """A learner reads there what the check saw."""
    page = graded[0].folder.feedback("eli_returned_block", START).read_text(encoding="utf-8")
    assert "You returned the envelope, not the letter." in page


def test_the_feedback_page_shows_the_code_that_was_graded(
    graded: tuple[GradeReport, Path],
) -> None:
    """And when it came: a learner may have handed in more than once."""
    page = graded[0].folder.feedback("eli_returned_block", START).read_text(encoding="utf-8")
    assert "your code, as it was graded" in page
    assert "def first_call(" in page
    assert "handed in 20" in page


def test_what_has_no_result_has_a_page_that_says_why(graded: tuple[GradeReport, Path]) -> None:
    """Until there is one: then that page goes."""
    folder = graded[0].folder
    page = folder.no_result("ivy_not_json", START)
    assert "00_start_here.ipynb is not JSON" in page.read_text(encoding="utf-8")
    assert not folder.feedback("ivy_not_json", START).exists()


def test_a_result_takes_the_place_of_a_trouble_and_back(tmp_path: Path) -> None:
    """There is one page, and it is the one that holds now."""
    for content in (answered({}), b"not JSON", answered({})):
        hand_in(tmp_path / "submitted", "ada", content)
        gathered = Class.gather(tmp_path / "submitted", COURSE)
        folder = grade_class(gathered, ROOT, tmp_path / "out").folder
        pages = [folder.feedback("ada", START).exists(), folder.no_result("ada", START).exists()]
        assert pages == ([False, True] if content == b"not JSON" else [True, False])


def test_what_came_late_is_told(tmp_path: Path) -> None:
    """For a lesson whose due time is given."""
    hand_in(tmp_path / "submitted", "ada", answered({}))
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    due = datetime.now(UTC) - timedelta(hours=2)
    out = tmp_path / "out"
    late, later_run, in_time = (
        grade_class(gathered, ROOT, out, due=given)
        for given in ({START: due}, None, {START: due + timedelta(days=1)})
    )
    assert round(late.late["ada", START] / timedelta(hours=1)) == 2
    # Said once, it is known.
    assert (later_run.due, later_run.late) == (late.due, late.late)
    assert in_time.late == {}


def test_a_due_time_that_is_said_later_reaches_gradebook_and_feedback(tmp_path: Path) -> None:
    """Though nothing is examined again."""
    from nbgrader.api import Gradebook

    hand_in(tmp_path / "submitted", "ada", answered({}))
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    folder = grade_class(gathered, ROOT, tmp_path / "out").folder
    assert " late." not in folder.feedback("ada", START).read_text(encoding="utf-8")
    due = datetime.now(UTC) - timedelta(hours=2, seconds=30)
    assert grade_class(gathered, ROOT, tmp_path / "out", due={START: due}).examined == 0
    assert "It came 2 h 0 min late." in folder.feedback("ada", START).read_text(encoding="utf-8")
    with Gradebook(folder.db_url) as gradebook:
        submission = gradebook.find_submission(START, "ada")
        assert submission.total_seconds_late == pytest.approx(7200, abs=60)


def test_a_cell_that_fails_is_told_of(tmp_path: Path) -> None:
    """A missing colon is no missing function; a cell without an end is remarked on."""
    hand_in(
        tmp_path / "submitted",
        "ada",
        answered({"first_call": "def first_call(client, prompt)\n    return 1"}),
    )
    loop = {"first_call": RIGHT, "describe_reply": "while True: pass"}
    hand_in(tmp_path / "submitted", "ben", answered(loop))
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    limits = Limits(cell_seconds=3)
    ada, ben = grade_class(gathered, ROOT, tmp_path / "out", limits=limits).results
    verdict = ada.exercises[0].verdict
    assert (verdict.outcome, verdict.diagnosis) == ("Crashed", "cell-failed")
    assert verdict.finding is not None
    assert verdict.finding.saw == "Python says: `SyntaxError: expected ':' (line 1)`"
    assert (ben.points, ben.exercises[1].verdict.diagnosis) == (4, "cell-failed")
    assert ben.remarks[0].endswith("was stopped at its deadline: 3 seconds a cell, 90 a notebook.")


def test_the_notebook_of_another_lesson_has_no_result(tmp_path: Path) -> None:
    """Nobody gets 0 points for a mistaken upload."""
    hand_in(tmp_path / "submitted", "ada", answered({}), lesson="01_structure")
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    [row] = grade_class(gathered, ROOT, tmp_path / "out").results
    assert row.points is None
    assert row.trouble == (
        "This is the notebook of 00_start_here, not of 01_structure. Ask for the right one."
    )


def test_a_gradebook_that_cannot_be_opened_is_told_before_anything_is_examined(
    tmp_path: Path,
) -> None:
    """A class of hundreds is not examined for nothing."""
    hand_in(tmp_path / "submitted", "ada", answered({}))
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    heard: list[Result] = []
    with pytest.raises(GradingError, match=r"mkdir -p /nowhere/at/all"):
        grade_class(
            gathered,
            ROOT,
            tmp_path / "out",
            db_url="sqlite:////nowhere/at/all/gradebook.db",
            on_graded=heard.append,
        )
    assert heard == []


def test_the_graded_notebook_has_the_examiners_panel(graded: tuple[GradeReport, Path]) -> None:
    """Formgrader shows it; nbgrader reads the number."""
    path = graded[0].folder.graded("eli_returned_block", START)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    [cell] = [cell for cell in notebook["cells"] if cell["id"] == "check_first_call"]
    [output] = cell["outputs"]
    assert output["data"]["text/plain"] == "2"
    assert "2 of 4 points" in output["data"]["text/html"]


# nbgrader 0.9.6 asks for the zone with it, from Python 3.12 on a warning.
@pytest.mark.filterwarnings(r"ignore:datetime\.datetime\.utcnow:DeprecationWarning:nbgrader\.utils")
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
        for each in report.results
        if each.lesson == START and each.points is not None
    }
    assert not any(each["needs_manual_grade"] for each in api.get_submissions(START))


def test_no_solution_lies_beside_a_submission(graded: tuple[GradeReport, Path]) -> None:
    """Nbgrader copies what lies beside the source notebook; the lesson source must not be."""
    _, folder = graded
    assert list((folder / "out" / "autograded").rglob("*.nb.py")) == []


def test_a_second_run_does_nothing(
    graded: tuple[GradeReport, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    """Nothing is examined or written again, and the results are the same bytes."""
    report, folder = graded
    kept = {
        path: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in (folder / "out").rglob("*")
        if path.is_file() and path.name not in ("results.json", "runs.json", "nbgrader_config.py")
    }
    written = report.folder.results.read_bytes()
    again = grade_class(Class.gather(folder / "submitted", COURSE), ROOT, folder / "out")
    assert (again.examined, again.results) == (0, report.results)
    assert report.folder.results.read_bytes() == written
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in kept} == kept
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("level", list(Level), ids=lambda level: level.value)
def test_results_are_the_same_bytes_at_every_level(
    graded: tuple[GradeReport, Path], tmp_path: Path, level: Level
) -> None:
    """In another order, one after the other, however the kernels are contained."""
    if list(Level).index(level) < list(Level).index(probe()):
        pytest.skip(f"Containment by {level.value} does not hold here.")
    report, folder = graded
    gathered = Class.gather(folder / "submitted", COURSE, lesson=START)
    again = grade_class(
        gathered,
        ROOT,
        tmp_path / "out",
        seed=SEED,
        jobs=1,
        level=level,
        allow_unsandboxed=True,
    )
    one_lesson = [each for each in report.results if each.lesson in (START, "")]
    assert list(again.results) == one_lesson
    rows = json.loads(report.folder.results.read_text(encoding="utf-8"))
    assert json.loads(again.folder.results.read_text(encoding="utf-8")) == [
        row for row in rows if row["lesson"] in (START, "")
    ]


def test_unsealed_grading_is_refused_unless_asked_for(tmp_path: Path) -> None:
    """The sentence names the option."""
    hand_in(tmp_path / "submitted", "ada", answered({}))
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    with pytest.raises(GradingError, match="--allow-unsandboxed"):
        grade_class(gathered, ROOT, tmp_path / "out", level=Level.PROCESS)
    assert not (tmp_path / "out").exists()


def test_the_autograde_button_goes_the_same_way(graded: tuple[GradeReport, Path]) -> None:
    """What formgrader calls when it is pressed: the same points, from a sealed kernel."""
    from nbgrader.api import Gradebook
    from nbgrader.apps.api import NbGraderAPI
    from traitlets.config import PyFileConfigLoader

    report, folder = graded
    config = PyFileConfigLoader("nbgrader_config.py", str(folder / "out")).load_config()
    told = NbGraderAPI(config=config).autograde(START, "eli_returned_block")
    assert told["success"], told
    with Gradebook(report.folder.db_url) as gradebook:
        notebook = gradebook.find_submission_notebook(START, START, "eli_returned_block")
        found = {grade.name: grade.auto_score for grade in notebook.grades}
        [comment] = [each for each in notebook.comments if each.name == "first_call"]
    assert found == {"check_first_call": 2, "check_describe_reply": 3}
    assert "You returned the envelope, not the letter." in comment.auto_comment


def test_each_result_is_told_at_once(tmp_path: Path) -> None:
    """A progress bar hears of troubles too."""
    hand_in(tmp_path / "submitted", "ada", b"not JSON")
    heard: list[Result] = []
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    report = grade_class(gathered, ROOT, tmp_path / "out", on_graded=heard.append)
    assert tuple(heard) == report.results
    assert len(gathered) == len(heard) == 1


def test_a_notebook_that_changed_since_it_was_gathered_is_named(tmp_path: Path) -> None:
    """What is graded is read once more, with the same care."""
    notebook = hand_in(tmp_path / "submitted", "ada", answered({}))
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    notebook.unlink()
    notebook.symlink_to(ROOT / "solutions" / START / f"{START}.ipynb")
    [row] = grade_class(gathered, ROOT, tmp_path / "out").results
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


def rows_of(report: GradeReport) -> dict[str, Any]:
    """Return the results by student."""
    return {each.student: each for each in report.results}


def test_a_new_submission_replaces_the_old_one(tmp_path: Path) -> None:
    """Also in the gradebook, and the old one again after that."""
    from nbgrader.api import Gradebook

    for source, earned in ((RIGHT, 4), ("x = 1", 0), (RIGHT, 4)):
        hand_in(tmp_path / "submitted", "ada", answered({"first_call": source}))
        gathered = Class.gather(tmp_path / "submitted", COURSE)
        report = grade_class(gathered, ROOT, tmp_path / "out")
        assert rows_of(report)["ada"].points == earned
        with Gradebook(report.folder.db_url) as gradebook:
            assert gradebook.find_submission(START, "ada").score == earned
