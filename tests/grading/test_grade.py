"""A class, graded from end to end: by the command's own way, in sealed kernels."""

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest

from grader.errors import GradingError
from grader.exercises import COURSE
from grader.grading import EXPECTED, Agreed, Class, GradeReport, grade_class, make_demo_class
from grader.grading import keys as keys
from grader.grading.crew import Crew
from grader.grading.gradebook import open_gradebook
from grader.grading.one_run import RunAtWork, one_run
from grader.grading.sandbox import Level, Limits, probe
from grader.grading.standing import Standing
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


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """Start one crew for the tests that are about what a run makes of its results."""
    with (
        (tmp_path_factory.mktemp("crew") / "log").open("ab") as log,
        Crew(ROOT, probe(), Limits(), jobs=1, log=log) as started,
    ):
        yield started


@pytest.fixture
def shared_crew(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a run find that crew where it would start its own, which takes most of its time."""
    monkeypatch.setattr("grader.grading.grade.Crew", lambda *_, **_more: nullcontext(crew))


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
    assert sorted(told) == ["ivy_not_json", "jan_empty"]
    assert told["ivy_not_json"].startswith("00_start_here.ipynb is not JSON")
    assert not report.is_complete


def test_what_lies_beside_a_notebook_is_told_with_its_result(
    graded: tuple[GradeReport, Path],
) -> None:
    """In the table, and on the feedback page that the learner reads."""
    report, _ = graded
    [row] = [each for each in report.standings if each.result.student == "mia_misnamed"]
    remark = "00_start_here (1).ipynb was graded, the only notebook in the folder 00_start_here."
    assert row.remarks() == (remark,)
    page = report.folder.feedback("mia_misnamed", START).read_text(encoding="utf-8")
    assert "00_start_here (1).ipynb was graded" in page


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
    assert "You returned a block or a message instead of its text." in page


def test_the_feedback_page_shows_the_code_that_was_graded(
    graded: tuple[GradeReport, Path],
) -> None:
    """And when it came: a learner may have handed in more than once."""
    page = graded[0].folder.feedback("eli_returned_block", START).read_text(encoding="utf-8")
    assert "your code, as it was graded" in page
    assert "def first_call(" in page
    assert "first seen here 20" in page


def test_what_has_no_result_has_a_page_that_says_why(graded: tuple[GradeReport, Path]) -> None:
    """Until there is one: then that page goes."""
    folder = graded[0].folder
    page = folder.no_result("ivy_not_json", START)
    assert "00_start_here.ipynb is not JSON" in page.read_text(encoding="utf-8")
    assert not folder.feedback("ivy_not_json", START).exists()


@pytest.mark.usefixtures("shared_crew")
def test_a_result_takes_the_place_of_a_trouble_and_stays(tmp_path: Path) -> None:
    """There is one page; a broken file after it takes nothing away, and is told of."""
    troubles = []
    for content in (b"not JSON", answered({"first_call": RIGHT}), b"torn"):
        hand_in(tmp_path / "submitted", "ada", content)
        report = grade_class(Class.gather(tmp_path / "submitted", COURSE), ROOT, tmp_path / "out")
        [standing], folder = report.standings, report.folder
        pages = [folder.feedback("ada", START).exists(), folder.no_result("ada", START).exists()]
        assert pages == ([False, True] if content == b"not JSON" else [True, False])
        assert standing.points == (None if content == b"not JSON" else 4)
        troubles.append((report.is_complete, bool(standing.trouble)))
    assert troubles == [(False, True), (True, False), (False, True)]
    assert "an earlier try with 4 of 7 counts." in standing.remarks()[0]
    page = folder.feedback("ada", START).read_text(encoding="utf-8")
    assert "an earlier try with 4 of 7 counts." in page
    [row] = json.loads(folder.results.read_text(encoding="utf-8"))
    assert row["standing"]["points"] == 4


@pytest.mark.usefixtures("shared_crew")
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


@pytest.mark.usefixtures("shared_crew")
def test_what_came_in_time_stays_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a chmod, a copy back and forth, an upgrade of the grader and of the course."""
    submitted, due = tmp_path / "submitted", datetime.now(UTC) + timedelta(seconds=2)
    path = hand_in(submitted, "ada", answered({"first_call": RIGHT}))
    report = grade_class(Class.gather(submitted, COURSE), ROOT, tmp_path / "out", due={START: due})
    assert report.late == {}
    [first] = report.standings[0].tries
    while datetime.now(UTC) < due + timedelta(seconds=2):
        time.sleep(0.1)
    for number, change in enumerate(
        (
            lambda: path.chmod(0o400),
            lambda: os.replace(shutil.copy(path, path.with_suffix(".copy")), path),
        )
    ):
        change()
        # Another version of the grader knows no key of the one before.
        monkeypatch.setattr(keys, "library_versions", lambda number=number: (str(number),))
        report = grade_class(Class.gather(submitted, COURSE), ROOT, tmp_path / "out")
        assert (report.examined, report.late) == (1, {})
        assert report.standings[0].tries == (first,)


@pytest.mark.usefixtures("shared_crew")
def test_the_time_that_an_instructor_gives_is_shown_everywhere(tmp_path: Path) -> None:
    """Over timestamp.txt, which is over the time at which this machine got the file."""
    path = hand_in(tmp_path / "submitted", "ada", answered({}))
    due = datetime(2026, 11, 1, 12, tzinfo=UTC)

    def came(**said: Any) -> tuple[datetime, str]:
        gathered = Class.gather(tmp_path / "submitted", COURSE)
        agreed = Agreed(due={START: due}, **said)
        report = grade_class(gathered, ROOT, tmp_path / "out", agreed=agreed)
        one = report.standings[0].counting
        assert one is not None
        page = report.folder.feedback("ada", START).read_text(encoding="utf-8")
        assert report.standings[0].time_of(one) in page
        [run] = json.loads(report.folder.runs.read_text(encoding="utf-8"))
        assert run["handed_in"] == one.handed_in.isoformat()
        return one.handed_in, one.source

    assert came()[1] == "first seen"
    stamp = path.with_name("timestamp.txt")
    stamp.write_text("2026-11-01 11:00:00 UTC")
    assert came() == (due - timedelta(hours=1), "timestamp.txt")
    given = due + timedelta(hours=3)
    assert came(times={("ada", START): given}) == (given, "given")
    assert came() == (given, "given")
    # The next file is another one.
    hand_in(tmp_path / "submitted", "ada", answered({"first_call": RIGHT}))
    assert came() == (due - timedelta(hours=1), "timestamp.txt")
    stamp.unlink()
    assert came()[1] == "first seen"


def test_one_lesson_leaves_the_others_alone(graded: tuple[GradeReport, Path]) -> None:
    """In results.json, runs.json, the gradebook and the CSV files; also what has no result."""
    report, folder = graded
    before = {
        path: path.read_bytes()
        for path in (folder / "out").rglob("*")
        if path.is_file() and path.name not in ("grading.lock", "known_files.json")
    }
    one = grade_class(
        Class.gather(folder / "submitted", COURSE, lesson="01_structure"), ROOT, folder / "out"
    )
    assert {each.lesson for each in one.results} == {"01_structure", ""}
    assert one.kept == len(report.results) - len(one.results)
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.usefixtures("shared_crew")
def test_a_student_whose_folder_is_gone_keeps_the_result(tmp_path: Path) -> None:
    """It is said; nothing is lost because a folder was moved."""
    for student in ("ada", "ben"):
        hand_in(tmp_path / "submitted", student, answered({"first_call": RIGHT}))
    grade_class(Class.gather(tmp_path / "submitted", COURSE), ROOT, tmp_path / "out")
    shutil.rmtree(tmp_path / "submitted" / "ben")
    report = grade_class(Class.gather(tmp_path / "submitted", COURSE), ROOT, tmp_path / "out")
    assert [(each.place[0], each.points, each.is_kept) for each in report.standings] == [
        ("ada", 4, False),
        ("ben", 4, True),
    ]
    assert "kept from an earlier run" in report.standings[1].remarks()[0]
    assert report.is_complete
    assert report.notes[0].endswith("To take somebody out: --forget 'ben'")


@pytest.mark.usefixtures("shared_crew")
def test_a_student_who_is_gone_is_forgotten_when_that_is_said(tmp_path: Path) -> None:
    """In results, gradebook and pages; nobody whose folder is there is."""
    submitted, out = tmp_path / "submitted", tmp_path / "out"
    for student in ("ada (1)", "ben"):
        hand_in(submitted, student, answered({"first_call": RIGHT}))
    folder = grade_class(Class.gather(submitted, COURSE), ROOT, out).folder
    (submitted / "ada (1)").rename(submitted / "ada")
    with pytest.raises(GradingError, match=r"ben can't be forgotten, because there's a folder"):
        grade_class(Class.gather(submitted, COURSE), ROOT, out, agreed=Agreed(forget=("ben",)))
    for agreed in (Agreed(forget=("ada (1)",)), None):
        report = grade_class(Class.gather(submitted, COURSE), ROOT, out, agreed=agreed)
        assert [each.place[0] for each in report.standings] == ["ada", "ben"]
        assert report.notes == (
            (f"Forgotten: ada (1), with what was handed in of {START}; also in the gradebook.",)
            if agreed
            else ()
        )
        with open_gradebook(out) as book:
            assert {student for student, _ in book.submitted()} == {"ada", "ben"}
        assert not list(out.rglob("ada (1)*"))
    rows = json.loads(folder.results.read_text(encoding="utf-8"))
    assert {row["student"] for row in rows} == {"ada", "ben"}


@pytest.mark.usefixtures("shared_crew")
def test_earlier_tries_are_examined_by_the_grader_of_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the copy that was kept: the best of all tries is by one measure."""
    for source in (RIGHT, "x = 1"):
        hand_in(tmp_path / "submitted", "ada", answered({"first_call": source}))
        gathered = Class.gather(tmp_path / "submitted", COURSE)
        grade_class(gathered, ROOT, tmp_path / "out")
    monkeypatch.setattr(keys, "library_versions", lambda: ("another",))
    agreed = Agreed(attempts="best")
    report = grade_class(gathered, ROOT, tmp_path / "out", agreed=agreed)
    assert report.examined == 2
    assert (report.standings[0].number, report.standings[0].points) == (1, 4)
    assert grade_class(gathered, ROOT, tmp_path / "out").examined == 0


def test_two_runs_on_one_folder_are_refused(tmp_path: Path) -> None:
    """The second says who is at work, and changes nothing."""
    hand_in(tmp_path / "submitted", "ada", answered({}))
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    (tmp_path / "out").mkdir()
    with one_run(tmp_path / "out"), pytest.raises(RunAtWork, match=r"process \d+, since 20"):
        grade_class(gathered, ROOT, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.usefixtures("shared_crew")
@pytest.mark.proofs
def test_a_locked_gradebook_is_told_in_a_sentence(tmp_path: Path) -> None:
    """By a real lock of another program; the same command goes on when it is gone."""
    hand_in(tmp_path / "submitted", "ada", answered({"first_call": RIGHT}))
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    folder = grade_class(gathered, ROOT, tmp_path / "out").folder
    hand_in(tmp_path / "submitted", "ada", answered({"first_call": "x = 1"}))
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    with sqlite3.connect(folder.path / "gradebook.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(GradingError, match=r"cannot be written: .*locked\. Close what else"):
            grade_class(gathered, ROOT, tmp_path / "out")
        other.execute("ROLLBACK")
    other.close()
    assert rows_of(grade_class(gathered, ROOT, tmp_path / "out"))["ada"].points == 0


@pytest.mark.usefixtures("shared_crew")
@pytest.mark.proofs
@pytest.mark.parametrize("kind", ["feedback", "autograded", "results.json", "collected"])
def test_a_full_disk_ends_the_run_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Wherever it was met: nothing half-written stays, and the same command goes on."""
    hand_in(tmp_path / "submitted", "ada", answered({"first_call": RIGHT}))
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    real = os.replace

    def full(source: str | Path, target: str | Path) -> None:
        if kind in Path(target).parts:
            raise OSError(ENOSPC, os.strerror(ENOSPC), str(target))
        real(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        with pytest.raises(GradingError, match=rf"{kind}.* cannot be written \(No space left"):
            grade_class(gathered, ROOT, tmp_path / "out")
    assert list((tmp_path / "out").rglob("*.partial")) == []
    report = grade_class(gathered, ROOT, tmp_path / "out")
    assert report.standings[0].points == 4
    assert report.folder.feedback("ada", START).exists()


@pytest.mark.usefixtures("shared_crew")
def test_a_due_time_that_is_said_later_reaches_gradebook_and_feedback(tmp_path: Path) -> None:
    """Though nothing is examined again."""
    from nbgrader.api import Gradebook

    hand_in(tmp_path / "submitted", "ada", answered({}))
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    folder = grade_class(gathered, ROOT, tmp_path / "out").folder
    assert " late." not in folder.feedback("ada", START).read_text(encoding="utf-8")
    due = datetime.now(UTC) - timedelta(hours=2, seconds=30)
    assert grade_class(gathered, ROOT, tmp_path / "out", due={START: due}).examined == 0
    assert "First seen here 2 h 0 min late." in folder.feedback("ada", START).read_text(
        encoding="utf-8"
    )
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
    limits = Limits(cell_seconds=2)
    ada, ben = grade_class(gathered, ROOT, tmp_path / "out", limits=limits).results
    verdict = ada.exercises[0].verdict
    assert (verdict.outcome, verdict.diagnosis) == ("Crashed", "cell-failed")
    assert verdict.finding is not None
    assert verdict.finding.saw == "Python says: `SyntaxError: expected ':' (line 1)`"
    assert (ben.points, ben.exercises[1].verdict.diagnosis) == (4, "cell-failed")
    assert ben.remarks[0].endswith("was stopped at its deadline: 2 seconds a cell, 90 a notebook.")


@pytest.mark.usefixtures("shared_crew")
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
    heard: list[Standing] = []
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
        # known_files.json notes that files have stayed as they were.
        if path.is_file() and path.name not in ("results.json", "runs.json", "known_files.json")
    }
    written = report.folder.results.read_bytes()
    again = grade_class(Class.gather(folder / "submitted", COURSE), ROOT, folder / "out")
    assert (again.examined, again.results) == (0, report.results)
    assert report.folder.results.read_bytes() == written
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in kept} == kept
    assert capfd.readouterr() == ("", "")


@pytest.mark.proofs
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
    assert "You returned a block or a message instead of its text." in comment.auto_comment


def test_each_result_is_told_at_once(tmp_path: Path) -> None:
    """A progress bar hears of troubles too."""
    hand_in(tmp_path / "submitted", "ada", b"not JSON")
    heard: list[Standing] = []
    gathered = Class.gather(tmp_path / "submitted", COURSE)
    report = grade_class(gathered, ROOT, tmp_path / "out", on_graded=heard.append)
    assert tuple(heard) == report.standings
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
        "00_start_here.ipynb is not a regular file; links are not followed. "
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


@pytest.mark.usefixtures("shared_crew")
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
