"""Results in nbgrader's gradebook, in SQLite and in PostgreSQL."""

import gc
import json
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from grader.errors import GradingError
from grader.exercises import find_lesson
from grader.grading.gradebook import Book, Submitted, open_gradebook
from grader.grading.gradebook import book as book_module
from grader.grading.result import Result
from grader.grading.standing import NOTHING_HELD, ByHand, Held
from tests.grading.class_folder import START
from tests.grading.made_results import HOSTILE, hostile_result, result, solution_notebook

pytestmark = pytest.mark.xdist_group("gradebook")

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@contextmanager
def opened(root: Path, db_url: str, **options: Any) -> Iterator[Book]:
    """Open a gradebook that knows the first lesson."""
    due = options.pop("due", None)
    with open_gradebook(root, db_url, **options) as book:
        book.register(find_lesson(START), solution_notebook(), due=due)
        yield book


@contextmanager
def nbgrader(db_url: str) -> Iterator[Any]:
    """Open it as nbgrader does."""
    from nbgrader.api import Gradebook

    with Gradebook(db_url) as gradebook:
        yield gradebook


def grades(db_url: str, student: str) -> dict[str, tuple[Any, ...]]:
    """Return automatic points, points by hand, most points, and whether a person must look."""
    with nbgrader(db_url) as gradebook:
        notebook = gradebook.find_submission_notebook(START, START, student)
        return {
            each.name: (
                each.auto_score,
                each.manual_score,
                each.max_score,
                each.needs_manual_grade,
            )
            for each in notebook.grades
        }


def give_by_hand(db_url: str, student: str, points: float) -> None:
    """Do what formgrader does when a person gives points, a bonus and a comment."""
    with nbgrader(db_url) as gradebook:
        grade = gradebook.find_grade("check_first_call", START, START, student)
        grade.manual_score, grade.extra_credit = points, 0.5
        comment = gradebook.find_comment("first_call", START, START, student)
        comment.manual_comment = "Well argued."
        gradebook.db.commit()


def test_points_and_comments_are_in_the_gradebook(db_url: str, tmp_path: Path) -> None:
    """Partial credit, nothing left to grade by hand, and the diagnosis in plain words."""
    with opened(tmp_path, db_url) as book:
        book.write(result("ada", first_call="returned-block"), NOTEBOOK, submitted_at=NOON)
    assert grades(db_url, "ada") == {
        "check_first_call": (2, None, 4, False),
        "check_describe_reply": (3, None, 3, False),
    }
    with nbgrader(db_url) as gradebook:
        submission = gradebook.find_submission(START, "ada")
        assert submission.timestamp == NOON.replace(tzinfo=None)
        assert (submission.score, submission.max_score) == (5, 7)
        comments = {each.name: each.comment for each in submission.notebooks[0].comments}
    assert comments["describe_reply"] is None
    assert comments["first_call"].startswith(
        "Not yet: 2 of 4 points. You returned a block or a message instead of its text."
    )


def test_a_second_run_changes_nothing(db_url: str, tmp_path: Path) -> None:
    """No doubles, however often the same is written."""
    for _ in range(2):
        with opened(tmp_path, db_url) as book:
            for student in ("ada", "ben", "ada"):
                book.write(result(student), NOTEBOOK, submitted_at=NOON)
            full = {"first_call": 4, "describe_reply": 3}
            one = Submitted(NOTHING_HELD, full, 0.0, NOON)
            assert book.submitted() == {(name, START): one for name in ("ada", "ben")}


def test_what_a_person_gave_survives_a_regrade(db_url: str, tmp_path: Path) -> None:
    """Points, bonus and comment stay; a person looks again only if the automatic points moved."""
    with opened(tmp_path, db_url) as book:
        book.write(result("ada", first_call="returned-block"), NOTEBOOK, submitted_at=NOON)
    give_by_hand(db_url, "ada", 3)
    with opened(tmp_path, db_url) as book:
        book.write(result("ada", first_call="returned-block"), NOTEBOOK, submitted_at=NOON)
        [found] = book.submitted().values()
        assert found.held == Held(by_hand={"first_call": ByHand(3, 0.5, "Well argued.")})
    with nbgrader(db_url) as gradebook:
        grade = gradebook.find_grade("check_first_call", START, START, "ada")
        assert (grade.manual_score, grade.extra_credit) == (3, 0.5)
        comment = gradebook.find_comment("first_call", START, START, "ada")
        assert comment.comment == "Well argued."
        grade.needs_manual_grade = False
        gradebook.db.commit()
    with opened(tmp_path, db_url) as book:
        book.write(result("ada"), NOTEBOOK, submitted_at=NOON)
    assert grades(db_url, "ada")["check_first_call"] == (4, 3, 4, True)


def test_a_penalty_and_a_time_are_what_nbgrader_reads(db_url: str, tmp_path: Path) -> None:
    """In UTC, in whatever zone the due date is; none is none."""
    due = NOON.astimezone(timezone(timedelta(hours=9)))
    with opened(tmp_path, db_url, due=due) as book:
        book.write(result("ada"), NOTEBOOK, submitted_at=NOON)
        book.write(result("ben"), NOTEBOOK, submitted_at=NOON + timedelta(seconds=1), penalty=2.5)
    with nbgrader(db_url) as gradebook:
        found = {
            each.student.id: (each.total_seconds_late, each.late_submission_penalty)
            for each in gradebook.assignment_submissions(START)
        }
    assert found == {"ada": (0, 0), "ben": (1, 2.5)}
    with opened(tmp_path, db_url) as book:
        book.write(result("ben"), NOTEBOOK, submitted_at=NOON)
        assert book.submitted()["ben", START].penalty == 0


def test_an_extension_is_granted_kept_and_taken_back(db_url: str, tmp_path: Path) -> None:
    """By us as by nbgrader; registering without a due date leaves the old one."""
    with opened(tmp_path, db_url, due=NOON) as book:
        assert not book.extend("ada", START, timedelta(days=1))
        book.write(result("ada"), NOTEBOOK, submitted_at=NOON + timedelta(hours=2))
        assert book.extend("ada", START, timedelta(days=1))
    with nbgrader(db_url) as gradebook:
        assert gradebook.find_submission(START, "ada").total_seconds_late == 0
        gradebook.grant_extension(START, "ada", hours=1)
    with opened(tmp_path, db_url) as book:
        assert book.due() == {START: NOON}
        assert book.submitted()["ada", START].held.extension == timedelta(hours=1)
        book.extend("ada", START, timedelta())
    with nbgrader(db_url) as gradebook:
        assert gradebook.find_submission(START, "ada").extension is None
        assert gradebook.find_submission(START, "ada").total_seconds_late == 7200


def test_a_due_date_is_taken_back(db_url: str, tmp_path: Path) -> None:
    """Only when that is said."""
    with opened(tmp_path, db_url, due=NOON):
        pass
    with open_gradebook(tmp_path, db_url) as book:
        book.register(find_lesson(START), solution_notebook(), is_due_taken_back=True)
        assert book.due() == {}


def test_whatever_a_learner_says_fits_into_a_comment(tmp_path: Path) -> None:
    """A database refuses NUL and half characters; a terminal obeys escapes."""
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with opened(tmp_path, url) as book:
        for number, said in enumerate(HOSTILE):
            one = hostile_result(f"student{number}", said * 200)
            book.write(one, NOTEBOOK, submitted_at=NOON)
    with nbgrader(url) as gradebook:
        comments = [
            gradebook.find_comment("first_call", START, START, f"student{number}").auto_comment
            for number in range(len(HOSTILE))
        ]
    assert [len(each) <= 2_000 and each.isprintable() for each in comments] == [True] * 8


def test_odd_words_and_names_go_through(db_url: str, tmp_path: Path) -> None:
    """Any name that gathering lets pass, and every hostile word in one comment."""
    name = "Zoë 漢字 '; DROP TABLE student; -- %s"
    with opened(tmp_path, db_url) as book:
        book.write(hostile_result(name, "".join(HOSTILE)), NOTEBOOK, submitted_at=NOON)
        assert list(book.submitted()) == [(name, START)]


def test_a_name_that_the_database_cannot_hold_is_refused(db_url: str, tmp_path: Path) -> None:
    """SQLite holds 200 bytes; nbgrader's column in PostgreSQL has 128 characters."""
    name = "x" * 200
    with opened(tmp_path, db_url) as book:
        if db_url.startswith("sqlite"):
            book.write(result(name), NOTEBOOK, submitted_at=NOON)
            return
        book.write(result("漢" * 66), NOTEBOOK, submitted_at=NOON)
        with pytest.raises(GradingError, match=r"has 200 characters, .* at most 128 in postgresql"):
            book.write(result(name), NOTEBOOK, submitted_at=NOON)
        book.write(result("ben"), NOTEBOOK, submitted_at=NOON)
        assert {student for student, _ in book.submitted()} == {"漢" * 66, "ben"}


def test_a_write_that_fails_leaves_nothing(
    db_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of a submission is written or none of it, and the next one is written as ever."""

    def fail(*_: Any) -> None:
        raise KeyboardInterrupt

    with opened(tmp_path, db_url) as book:
        monkeypatch.setattr("grader.grading.gradebook.book.comment_on", fail)
        with pytest.raises(KeyboardInterrupt):
            book.write(result("ada"), NOTEBOOK, submitted_at=NOON)
        monkeypatch.undo()
        book.write(result("ben"), NOTEBOOK, submitted_at=NOON)
    with nbgrader(db_url) as gradebook:
        assert [each.id for each in gradebook.students] == ["ben"]


def test_a_changed_lesson_is_refused_once_there_are_submissions(
    db_url: str, tmp_path: Path
) -> None:
    """Before, the gradebook follows the lesson; after, the submissions would lose their grades."""
    lesson = find_lesson(START)
    fewer = replace(lesson, exercises=lesson.exercises[:1])
    notebook = without_cells("describe_reply")
    with open_gradebook(tmp_path, db_url) as book:
        book.register(fewer, notebook)
        book.register(lesson, solution_notebook())
        book.register(fewer, notebook)
        book.write(
            replace(result("ada"), exercises=result("ada").exercises[:1]),
            NOTEBOOK,
            submitted_at=NOON,
        )
        with pytest.raises(
            GradingError, match="lost none and gained check_describe_reply, describe_reply"
        ):
            book.register(lesson, solution_notebook())
    assert grades(db_url, "ada") == {"check_first_call": (4, None, 4, False)}


def without_cells(name: str) -> bytes:
    """Return the solution notebook without the cells of an exercise."""
    notebook = json.loads(solution_notebook())
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if name not in cell["metadata"].get("nbgrader", {}).get("grade_id", "")
    ]
    return json.dumps(notebook).encode()


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Give the URL of a file of SQLite's."""
    return f"sqlite:///{tmp_path / 'gradebook.db'}"


def test_the_notebook_lies_where_formgrader_looks(url: str, tmp_path: Path) -> None:
    """With the time at which it was handed in, on both sides."""
    with opened(tmp_path, url) as book:
        book.write(result("ada"), NOTEBOOK, submitted_at=NOON)
    graded = tmp_path / "autograded" / "ada" / START
    assert (graded / f"{START}.ipynb").read_bytes() == NOTEBOOK
    assert {each.name for each in graded.iterdir()} == {f"{START}.ipynb", "timestamp.txt"}
    expected = "2026-03-01 12:00:00.123456 UTC"
    for folder in ("autograded", "collected"):
        assert (tmp_path / folder / "ada" / START / "timestamp.txt").read_text() == expected


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Result("ada", START, trouble="Not JSON."), "has no result for 00_start_here: Not JSON."),
        (result("ada", "01_structure"), "01_structure is not registered"),
        (Result("ada", START), "judges nothing, and 00_start_here has check_describe_reply"),
    ],
)
def test_a_result_that_does_not_fit_is_refused(
    wrong: Result, said: str, url: str, tmp_path: Path
) -> None:
    """Nothing of it is written, not even a file."""
    with opened(tmp_path, url) as book, pytest.raises(GradingError, match=said):
        book.write(wrong, NOTEBOOK, submitted_at=NOON)
    assert not (tmp_path / "autograded").exists()


def test_a_time_without_a_zone_is_refused(url: str, tmp_path: Path) -> None:
    """It would be taken for another time in another place."""
    with opened(tmp_path, url) as book, pytest.raises(ValueError, match="has no time zone"):
        book.write(result("ada"), NOTEBOOK, submitted_at=NOON.replace(tzinfo=None))


def test_a_folder_that_cannot_be_written_is_named(url: str, tmp_path: Path) -> None:
    """The gradebook then knows nothing of the submission."""
    (tmp_path / "autograded").write_text("a file where a folder should be")
    with opened(tmp_path, url) as book:
        with pytest.raises(GradingError, match=r"autograded.* cannot be written"):
            book.write(result("ada"), NOTEBOOK, submitted_at=NOON)
        assert book.submitted() == {}


def fill(book: Book, number: int) -> None:
    """Put many submissions into a gradebook at once."""
    from nbgrader.api import Grade, Student, SubmittedAssignment, SubmittedNotebook

    known = book._registered[START]
    with book._transaction() as db:
        for each in range(number):
            name = f"s{each:04}"
            lesson = {"assignment_id": known.assignment, "student_id": name, "timestamp": NOON}
            notebook = {"assignment_id": f"a{name}", "notebook_id": known.notebook}
            for table, row in (
                (Student, {"id": name}),
                (SubmittedAssignment, {"id": f"a{name}", **lesson}),
                (SubmittedNotebook, {"id": f"n{name}", **notebook}),
            ):
                db.execute(table.__table__.insert(), row)
            for cell in known.grades.values():
                row = {"cell_id": cell, "notebook_id": f"n{name}", "auto_score": 1.0}
                db.execute(Grade.__table__.insert(), {"id": f"{cell}{name}", **row})


def test_a_large_gradebook_is_read_a_few_rows_at_a_time(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What reading it takes is little more than what it returns."""
    monkeypatch.setattr(book_module, "_AT_ONCE", 20)
    with opened(tmp_path, url) as book:
        book.submitted()
        fill(book, 400)
        gc.collect()
        tracemalloc.start()
        try:
            found = book.submitted()
            kept, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert len(found) == 400
    assert peak - kept < kept / 5
