"""Write lessons and results into nbgrader's gradebook, one transaction each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isclose
from pathlib import Path
from sys import intern
from typing import Any

from grader.errors import GradingError
from grader.exams import Lesson
from grader.grading.gradebook.comment import comment_on
from grader.grading.gradebook.course_cells import (
    bring_up_to_date,
    read_course_cells,
    refuse_change,
)
from grader.grading.hand_in_times import Place
from grader.grading.options import AUTOGRADED, COLLECTED
from grader.grading.result import ExerciseResult, Result
from grader.grading.roster import Enrolled
from grader.grading.standing import NOTHING_HELD, ByHand, Held, Standing
from grader.grading.whole_file import write_whole

_TIMESTAMP = "%Y-%m-%d %H:%M:%S.%f UTC"
_AT_ONCE = 2_000
"""How many rows of a large table are in memory at the same time."""


@dataclass(frozen=True)
class Submitted:
    """Hold what the gradebook has on a submission.

    held: what a person gave. automatic: our points, by exercise. at: when it was handed in.
    """

    held: Held
    automatic: Mapping[str, float]
    penalty: float
    at: datetime | None

    def shows(self, standing: Standing) -> bool:
        """Return whether it shows what counts; a server may keep less precise numbers."""
        result = {each.exercise: each.verdict.points for each in standing.result.exercises}
        one = standing.counting
        return (
            one is not None
            and self.automatic == result
            and self.at == one.handed_in
            and isclose(self.penalty, standing.penalty, rel_tol=1e-5, abs_tol=1e-5)
        )


@dataclass(frozen=True)
class _Registered:
    """Hold the ids under which the gradebook knows a lesson."""

    assignment: str
    notebook: str
    grades: Mapping[str, str]
    solutions: Mapping[str, str]


class Book:
    """Write into an open gradebook; `open_gradebook` makes one."""

    def __init__(self, gradebook: Any, root: Path, config: Any) -> None:
        self._gradebook = gradebook
        self._root = root
        self._config = config
        self._registered: dict[str, _Registered] = {}

    def register(
        self,
        lesson: Lesson,
        notebook: bytes,
        *,
        due: datetime | None = None,
        is_due_taken_back: bool = False,
    ) -> None:
        """Put a lesson and its exercises into the gradebook, or bring them up to date.

        notebook: the lesson's solution notebook. due: with a time zone; what the gradebook
        holds stays unless given, or taken back. Raises GradingError when the notebook and the
        lesson differ, or the gradebook holds submissions of a lesson that had other exercises.
        """
        from nbgrader.api import Assignment, MissingEntry, Notebook

        cells = read_course_cells(lesson, notebook, self._config)
        with self._transaction() as db:
            try:
                assignment = self._gradebook.find_assignment(lesson.name)
            except MissingEntry:
                assignment = Assignment(lesson.name, course_id=self._gradebook.course_id)
                db.add(assignment)
            if due is not None or is_due_taken_back:
                assignment.duedate = _as_utc(due) if due else None
            kept = [each for each in assignment.notebooks if each.name == lesson.name]
            book = kept[0] if kept else Notebook(name=lesson.name, assignment=assignment)
            db.add(book)
            book.kernelspec = cells.kernelspec
            if book.submissions:
                refuse_change(lesson.name, book, cells)
            bring_up_to_date(db, book, cells)
            db.flush()
            self._registered[lesson.name] = _Registered(
                assignment.id,
                book.id,
                {each.name: each.id for each in book.grade_cells},
                {each.name: each.id for each in book.solution_cells},
            )

    def enrol(self, people: Iterable[Enrolled]) -> None:
        """Put students into the gradebook, with the names and addresses that formgrader shows."""
        from nbgrader.api import Student

        with self._transaction() as db, db.no_autoflush:
            for each in people:
                student = db.get(Student, each.student) or Student(id=each.student)
                first, last = each.first_and_last
                student.first_name = first or student.first_name
                student.last_name = last or student.last_name
                student.email = each.email or student.email
                db.add(student)

    def write(
        self,
        result: Result,
        notebook: bytes,
        *,
        submitted_at: datetime,
        penalty: float = 0.0,
        earlier: Collection[str] = (),
    ) -> None:
        """Write one submission's result, and its graded notebook for formgrader to show.

        notebook: with the panels and points in its check cells. submitted_at: when it was handed
        in, with a time zone. penalty: the points that being late takes off. earlier: exercises
        whose points by hand were given for another result. A person's points, comments and extra
        credit stay; those given earlier, or for other automatic points, are marked for review.
        Raises GradingError when the lesson is not registered, the result has other exercises, or
        the database cannot hold the student's name.
        """
        from nbgrader.api import Student

        known = self._known(result)
        when = _as_utc(submitted_at)
        self._put_files(result, notebook, when)
        with self._transaction() as db, db.no_autoflush:
            student = db.get(Student, result.student) or Student(id=result.student)
            db.add(student)
            graded = _submitted_notebook(db, known, student)
            graded.assignment.timestamp = when
            _write_points(db, graded, known, result.exercises, earlier)
            _write_comments(db, graded, known, result.exercises)
            graded.late_submission_penalty = penalty or None

    def extend(self, student: str, lesson: str, extension: timedelta) -> bool:
        """Grant a student an extension instead of any earlier one; a zero one takes it back.

        Returns whether the gradebook has a submission that it belongs to.
        """
        from nbgrader.api import Assignment, SubmittedAssignment

        with self._transaction() as db:
            found = (
                db.query(SubmittedAssignment)
                .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
                .filter(Assignment.name == lesson, SubmittedAssignment.student_id == student)
                .one_or_none()
            )
            if found is not None:
                found.extension = extension or None
        return found is not None

    def forget(self, student: str) -> None:
        """Remove a student from the gradebook, with all that was handed in and given."""
        from nbgrader.api import MissingEntry

        with suppress(MissingEntry):
            self._gradebook.remove_student(student)

    def due(self) -> dict[str, datetime]:
        """Return when lessons are due, as far as the gradebook says."""
        from nbgrader.api import Assignment

        with self._transaction() as db:
            rows = db.query(Assignment.name, Assignment.duedate).all()
        return {name: due.replace(tzinfo=UTC) for name, due in rows if due is not None}

    def submitted(self) -> dict[Place, Submitted]:
        """Return what the gradebook has on every submission, by student and lesson.

        Rows are read a few at a time: as objects, those of a large class are gigabytes.
        """
        from nbgrader.api import Assignment, SubmittedAssignment, SubmittedNotebook

        automatic: dict[str, dict[str, float]] = defaultdict(dict)
        by_hand: dict[str, dict[str, ByHand]] = defaultdict(dict)
        with self._transaction() as db:
            comments = _comments_by_hand(db)
            for notebook, cell, auto, manual, extra, is_flagged in _grades(db):
                exercise = intern(cell.removeprefix("check_"))
                automatic[notebook][exercise] = auto
                comment = comments.pop((notebook, exercise), "")
                if manual is not None or extra or comment:
                    is_earlier = is_flagged and bool(manual is not None or extra)
                    by_hand[notebook][exercise] = ByHand(manual, extra or None, comment, is_earlier)
            for (notebook, exercise), comment in comments.items():
                by_hand[notebook][exercise] = ByHand(comment=comment)
            rows = (
                db.query(
                    SubmittedAssignment.student_id,
                    Assignment.name,
                    SubmittedNotebook.id,
                    SubmittedAssignment.extension,
                    SubmittedAssignment.timestamp,
                    SubmittedNotebook.late_submission_penalty,
                )
                .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
                .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
                .yield_per(_AT_ONCE)
            )
            return {
                (intern(student), intern(lesson)): Submitted(
                    _held(extension, by_hand.get(notebook)),
                    automatic.pop(notebook, {}),
                    penalty or 0.0,
                    at.replace(tzinfo=UTC) if at else None,
                )
                for student, lesson, notebook, extension, at, penalty in rows
            }

    def _known(self, result: Result) -> _Registered:
        if result.trouble:
            raise GradingError(
                f"{result.student} has no result for {result.lesson}: {result.trouble}"
            )
        known = self._registered.get(result.lesson)
        if known is None:
            raise GradingError(
                f"{result.lesson} is not registered in the gradebook. Call register() first."
            )
        judged = {f"check_{each.exercise}" for each in result.exercises}
        if judged != known.grades.keys():
            raise GradingError(
                f"The result of {result.student} judges {', '.join(sorted(judged)) or 'nothing'}, "
                f"and {result.lesson} has {', '.join(sorted(known.grades))}. "
                "Run `grader build`, then grade again."
            )
        _refuse_long(self._gradebook.engine.dialect.name, result.student)
        return known

    def _put_files(self, result: Result, notebook: bytes, when: datetime) -> None:
        """Write the graded notebook, and when it was handed in, where nbgrader looks for both."""
        place = Path(result.student, result.lesson)
        timestamp = when.strftime(_TIMESTAMP).encode()
        for folder, name, content in (
            (AUTOGRADED, f"{result.lesson}.ipynb", notebook),
            # formgrader considers a submission graded if both times are the same.
            (AUTOGRADED, "timestamp.txt", timestamp),
            (COLLECTED, "timestamp.txt", timestamp),
        ):
            write_whole(self._root / folder / place / name, content)

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        """Yield the session; keep all that the block does, or nothing."""
        db = self._gradebook.db()
        try:
            yield db
            db.commit()
        except BaseException:
            db.rollback()
            raise
        finally:
            # Drop it: a session keeps all that it read, and a class of 500 is not read twice.
            db.expunge_all()


def _held(extension: timedelta | None, by_hand: Mapping[str, ByHand] | None) -> Held:
    if not extension and not by_hand:
        return NOTHING_HELD
    return Held(extension or timedelta(), dict(sorted((by_hand or {}).items())))


def _grades(db: Any) -> Iterator[Any]:
    from nbgrader.api import Grade, GradeCell

    columns = Grade.notebook_id, GradeCell.name, Grade.auto_score, Grade.manual_score
    more = Grade.extra_credit, Grade.needs_manual_grade
    found = db.query(*columns, *more).join(GradeCell, GradeCell.id == Grade.cell_id)
    yield from found.yield_per(_AT_ONCE)


def _comments_by_hand(db: Any) -> dict[tuple[str, str], str]:
    """Return the comments of people, by notebook and exercise."""
    from nbgrader.api import Comment, SolutionCell

    rows = (
        db.query(Comment.notebook_id, SolutionCell.name, Comment.manual_comment)
        .join(SolutionCell, SolutionCell.id == Comment.cell_id)
        .filter(Comment.manual_comment.isnot(None))
        .all()
    )
    return {(notebook, name): text for notebook, name, text in rows if text.strip()}


def _submitted_notebook(db: Any, known: _Registered, student: Any) -> Any:
    """Return a student's notebook of a lesson in the gradebook, a new one if needed."""
    from nbgrader.api import Assignment, SubmittedAssignment, SubmittedNotebook

    found = (
        db.query(SubmittedAssignment)
        .filter_by(assignment_id=known.assignment, student_id=student.id)
        .one_or_none()
    )
    if found is not None:
        place = {"notebook_id": known.notebook, "assignment_id": found.id}
        notebook = db.query(SubmittedNotebook).filter_by(**place).one_or_none()
        if notebook is not None:
            return notebook
    submission = found or SubmittedAssignment(
        assignment=db.get(Assignment, known.assignment), student=student
    )
    notebook = SubmittedNotebook(notebook_id=known.notebook, assignment=submission)
    db.add_all((submission, notebook))
    return notebook


def _write_points(
    db: Any,
    graded: Any,
    known: _Registered,
    results: tuple[ExerciseResult, ...],
    earlier: Collection[str],
) -> None:
    from nbgrader.api import Grade

    grades = _by_cell(db, Grade, graded, known.grades)
    for result in results:
        cell = known.grades[f"check_{result.exercise}"]
        grade = grades.get(cell) or Grade(cell_id=cell, notebook=graded)
        db.add(grade)
        points = float(result.verdict.points)
        has_changed = grade.auto_score is not None and grade.auto_score != points
        if grade.manual_score is None and not grade.extra_credit:
            grade.needs_manual_grade = False
        elif has_changed or result.exercise in earlier:
            grade.needs_manual_grade = True
        grade.auto_score = points


def _write_comments(
    db: Any, graded: Any, known: _Registered, results: tuple[ExerciseResult, ...]
) -> None:
    from nbgrader.api import Comment

    comments = _by_cell(db, Comment, graded, known.solutions)
    for result in results:
        cell = known.solutions.get(result.exercise)
        if cell is not None:
            comment = comments.get(cell) or Comment(cell_id=cell, notebook=graded)
            db.add(comment)
            comment.auto_comment = comment_on(result)


def _by_cell(db: Any, model: Any, graded: Any, cells: Mapping[str, str]) -> dict[str, Any]:
    if graded.id is None:
        # New: it gets its id when it is written.
        return {}
    # Filter by cell too: nbgrader's index begins with it, and without it all rows are read.
    rows = db.query(model).filter(model.cell_id.in_(cells.values()), model.notebook_id == graded.id)
    return {each.cell_id: each for each in rows}


def _refuse_long(dialect: str, student: str) -> None:
    """Raise GradingError for a name that nbgrader's column cannot hold; SQLite holds any."""
    from nbgrader.api import Student

    most = Student.__table__.c.id.type.length
    if dialect != "sqlite" and len(student) > most:
        raise GradingError(
            f"{student[:60]}… has {len(student)} characters, and nbgrader keeps names of at most "
            f"{most} in {dialect}. Rename the folder, or grade into SQLite: leave out --db."
        )


def _as_utc(when: datetime) -> datetime:
    """Return a time as nbgrader keeps it: in UTC, without saying so."""
    if when.tzinfo is None:
        raise ValueError(f"{when!r} has no time zone; give one, such as datetime.now(UTC).")
    return when.astimezone(UTC).replace(tzinfo=None)
