"""Gather a class from a folder: what can be graded, and what cannot and why.

The folder has nbgrader's layout, `SUBMITTED/<student>/<lesson>/<lesson>.ipynb`. It is only read.
A problem in one student's folder affects that student alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from grader.errors import GradingError
from grader.exams import Lesson
from grader.exercises import find_lesson
from grader.grading.folders import (
    NOTEBOOK,
    entries_of,
    is_archive,
    is_folder,
    is_notebook,
    notebooks_below,
    same_name,
)
from grader.grading.hand_in_times import read_timestamp
from grader.grading.known_files import KnownFiles
from grader.grading.lesson_names import lesson_like
from grader.grading.notebook_file import advice_on_reading, read_notebook_file
from grader.grading.rebuild import is_of_lesson
from grader.grading.shards import WHOLE, Shard
from grader.grading.student_names import doubled_names, objection_to_name, student_of
from grader.look.inert import visible

LAYOUT = "SUBMITTED/<student>/<lesson>/<lesson>.ipynb"
_COLLECT = "`grader collect` does that for a whole download."
_ASK_AGAIN = "Ask the student to hand in again."
_MOST_LISTED = 3
_MOST_TRIES = 100
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
EARLIER = "earlier"
"""The folder beside a notebook in which earlier tries are, each in a folder of its own."""


@dataclass(frozen=True, order=True)
class Submission:
    """Hold where one student's notebook of one lesson is.

    remarks: on that place, if any. earlier: where earlier tries are, the oldest first, as
    `grader collect` puts them.
    """

    student: str
    lesson: str
    notebook: Path
    remarks: tuple[str, ...] = ()
    earlier: tuple[Path, ...] = ()


@dataclass(frozen=True, order=True)
class Trouble:
    """Say why something handed in cannot be graded, and how to fix it.

    student: "" for an entry that is not a student's folder. lesson: "" if unknown.
    """

    student: str
    lesson: str
    sentence: str


Found = Submission | Trouble
_Seen = TypeVar("_Seen")


@dataclass(frozen=True)
class Class:
    """Hold everything handed in to a folder, sorted by student and lesson."""

    folder: Path
    submissions: tuple[Submission, ...]
    troubles: tuple[Trouble, ...]
    lessons: tuple[Lesson, ...]
    shard: Shard = WHOLE

    @classmethod
    def gather(
        cls,
        submitted: Path,
        course: Sequence[Lesson],
        *,
        lesson: str | None = None,
        known: KnownFiles | None = None,
        shard: Shard = WHOLE,
    ) -> Class:
        """Return the class in a folder, or a part of it, with all lessons or only one.

        known: files that needn't be read to see whether they can be.
        Raises GradingError when the folder is not there or holds nothing, UnknownExercise for a
        lesson that does not exist.
        """
        lessons = tuple(course) if lesson is None else (find_lesson(lesson),)
        names = {each.name for each in course}
        found = list(_in_class(submitted, lessons, names, known, shard))
        if not found and shard == WHOLE:
            raise GradingError(f"Nothing was handed in under {submitted}. Expected: {LAYOUT}.")
        return cls(
            folder=submitted,
            submissions=tuple(sorted(each for each in found if isinstance(each, Submission))),
            troubles=tuple(sorted(each for each in found if isinstance(each, Trouble))),
            lessons=lessons,
            shard=shard,
        )

    def remarks_on(self, student: str, lesson: str) -> tuple[str, ...]:
        """Return the remarks on where a student's notebook of a lesson is."""
        places = (each for each in self.submissions if each.student == student)
        return next((each.remarks for each in places if each.lesson == lesson), ())

    def __len__(self) -> int:
        """Return how many results there will be, with and without points."""
        return len(self.submissions) + len(self.troubles)


def _in_class(
    submitted: Path,
    lessons: tuple[Lesson, ...],
    known: set[str],
    read: KnownFiles | None,
    shard: Shard,
) -> Iterator[Found]:
    try:
        if submitted.is_file():
            advice = "Unpack it, and give" if is_archive(submitted) else "Give"
            raise GradingError(
                f"{submitted} is a file. {advice} a folder laid out as {LAYOUT}. `grader collect "
                f"{submitted}` makes one of a class's download."
            )
        if not submitted.is_dir():
            raise GradingError(f"There is no folder {submitted}. Expected: {LAYOUT}.")
        entries = entries_of(submitted)
    except OSError as error:
        raise GradingError(
            f"{submitted} cannot be read ({error.strerror}). {advice_on_reading(error)}"
        ) from error
    students = []
    for entry in entries:
        objection = _guarded("", "", partial(_objection_to, entry, known))
        if isinstance(objection, Trouble):
            if objection.student in shard:
                yield objection
        elif objection is not None:
            students.append(entry)
    doubled = doubled_names(each.name for each in students)
    for student, names in doubled.items():
        if student in shard:
            yield Trouble(
                student,
                "",
                f"{len(names)} folders have the name {visible(student)}, stored in different "
                "letters that look the same. Move what is in them into one folder, and remove the "
                "others.",
            )
    twice = {name for names in doubled.values() for name in names}
    for entry in students:
        student = student_of(entry.name)
        if entry.name not in twice and student in shard:
            yield from _of_student(_Wanted(student, entry, lessons, known, read))


def _objection_to(entry: Path, known: set[str]) -> Trouble | bool | None:
    """Return why an entry is not a student's folder; True if it is one, None to ignore it."""
    name = visible(entry.name)
    if not is_folder(entry):
        if is_archive(entry):
            sentence = f"{name} is an archive. Unpack it, so that there is: {LAYOUT}. {_COLLECT}"
            return Trouble("", "", sentence)
        if is_notebook(entry) or (entry.is_symlink() and entry.is_dir()):
            return Trouble(
                "",
                "",
                f"{name} is not a student's folder. Move it away, or put it where it belongs: "
                f"{LAYOUT}.",
            )
        # A class list, a letter, a settings file: not a student's work.
        return None
    if entry.name.startswith(".") and next(notebooks_below(entry), None) is None:
        return None
    objection = objection_to_name(entry.name)
    if objection:
        return Trouble("", "", objection)
    if entry.name in known:
        return Trouble(
            "",
            "",
            f"{name} is a lesson, and a student's folder belongs here. Expected: {LAYOUT}.",
        )
    return True


@dataclass(frozen=True)
class _Wanted:
    """Hold what to look for in a student's folder.

    known: the names of all lessons. read: files that are known to be readable.
    """

    student: str
    folder: Path
    lessons: tuple[Lesson, ...]
    known: set[str]
    read: KnownFiles | None = None

    @property
    def names(self) -> set[str]:
        """Return the names of the lessons that are graded."""
        return {each.name for each in self.lessons}


def _of_student(wanted: _Wanted) -> list[Found]:
    found = _guarded(wanted.student, "", partial(_in_student, wanted))
    return [found] if isinstance(found, Trouble) else found


def _in_student(wanted: _Wanted) -> list[Found]:
    student = wanted.student
    inside = entries_of(wanted.folder)
    if not inside:
        return [Trouble(student, "", f"The folder {student} is empty. {_ASK_AGAIN}")]
    there = {each.name for each in inside}
    remarks: dict[str, list[str]] = {}
    told: list[Found] = []
    for entry in inside:
        if entry.name in wanted.known:
            continue
        about = _guarded(student, "", partial(_about, entry, wanted, there))
        if isinstance(about, Trouble):
            told.append(about)
        elif about:
            remarks.setdefault(about[0], []).append(about[1])
    for lesson in wanted.lessons:
        if lesson.name in there:
            known = tuple(each for each in remarks.get(lesson.name, ()) if each)
            look = partial(_of_lesson, wanted, wanted.folder / lesson.name, lesson, known)
            told.append(_guarded(student, lesson.name, look))
    others = wanted.known - wanted.names
    if not told and others.isdisjoint(there | remarks.keys()):
        told.append(Trouble(student, "", _nothing_in(student, inside)))
    return told


def _about(entry: Path, wanted: _Wanted, there: set[str]) -> Trouble | tuple[str, str] | None:
    """Return the trouble with an entry that is not a lesson's folder, or None to ignore it.

    If it belongs to a lesson: that lesson's name, and a remark on what was graded of it.
    """
    name, student = visible(entry.name), wanted.student
    if is_notebook(entry):
        lesson = lesson_like(entry.name[: -len(NOTEBOOK)], wanted.known)
        if not lesson:
            return Trouble(
                student,
                visible(entry.name[: -len(NOTEBOOK)]),
                f"{name} is outside the lessons' folders. Expected: {LAYOUT}.",
            )
        target = f"{lesson}/{lesson}{NOTEBOOK}"
        if lesson in there:
            return lesson, f"{name} is next to the folder {lesson}, and wasn't graded."
        if lesson not in wanted.names:
            return lesson, ""
        sentence = f"{name} is outside the lessons' folders. Move it to {student}/{target}."
        return Trouble(student, lesson, sentence)
    if not is_folder(entry):
        return None
    if not entries_of(entry):
        return None
    notebooks = sorted(notebooks_below(entry))
    if not notebooks:
        # Pictures, data, a program's settings: students keep them beside their lessons.
        return None
    lesson = lesson_like(entry.name, wanted.known)
    if lesson in there:
        return lesson, (
            f"The folder {name} is next to {lesson}, and wasn't graded. If it has the newer "
            f"notebook, replace {lesson}/{lesson}{NOTEBOOK} with it."
        )
    if lesson and lesson not in wanted.names:
        return lesson, ""
    if lesson:
        sentence = f"{name} is not the name of a lesson. {_renaming(entry, lesson)}"
        return Trouble(student, name, sentence)
    return _about_deeper(entry, notebooks, wanted, there)


def _about_deeper(
    entry: Path, notebooks: list[Path], wanted: _Wanted, there: set[str]
) -> Trouble | tuple[str, str] | None:
    """Say where the lessons are in a folder that is not a lesson's."""
    name, student = visible(entry.name), wanted.student
    if entry.name == "solutions" and "course" in there:
        # A clone of the course: its solutions are not a student's work.
        return None
    deep = sorted({each.parent for each in notebooks if each.parent.name in wanted.known})
    missing = [each for each in deep if each.name in wanted.names and each.name not in there]
    if deep and not missing:
        return deep[0].name, ""
    if missing:
        shown = visible(missing[0].relative_to(wanted.folder.parent).as_posix())
        rest = f", and so do {len(missing) - 1} more" if len(missing) > 1 else ""
        sentence = f"{shown} lies too deep{rest}. Move it to {student}/{missing[0].name}."
        return Trouble(student, missing[0].name, sentence)
    sentence = f"{name} isn't the name of a lesson. The lessons are: {_listed(wanted.known)}."
    return Trouble(student, name, sentence)


def _renaming(folder: Path, lesson: str) -> str:
    notebooks = [each for each in entries_of(folder) if is_notebook(each)]
    right = f"{lesson}{NOTEBOOK}"
    if len(notebooks) == 1 and not same_name(notebooks[0], right):
        return f"Rename it to {lesson}, and the notebook in it to {right}."
    return f"Rename it to {lesson}."


def _of_lesson(wanted: _Wanted, folder: Path, lesson: Lesson, remarks: tuple[str, ...]) -> Found:
    student = wanted.student
    if not is_folder(folder):
        sentence = f"{lesson.name} is not a folder; links are not followed. Expected: {LAYOUT}."
        return Trouble(student, lesson.name, sentence)
    right = f"{lesson.name}{NOTEBOOK}"
    inside = entries_of(folder)
    notebooks = [each for each in inside if is_notebook(each)]
    named = [each for each in inside if each.name == right]
    if named:
        told = (*_not_graded([each for each in notebooks if each.name != right]), *remarks)
        try:
            if wanted.read is None or wanted.read.find(named[0]) is None:
                read_notebook_file(named[0])
        except GradingError as error:
            # The right one may lie beside it.
            return Trouble(student, lesson.name, " ".join((str(error), *told)))
        return Submission(student, lesson.name, named[0], told, _earlier(inside, right))
    if len(notebooks) == 1:
        content = json.loads(read_notebook_file(notebooks[0]).content)
        if is_of_lesson(content, lesson):
            name = visible(notebooks[0].name)
            remark = f"{name} was graded, the only notebook in the folder {lesson.name}."
            return Submission(student, lesson.name, notebooks[0], (remark, *remarks))
    return Trouble(student, lesson.name, _missing(folder, inside, right))


def _earlier(inside: Sequence[Path], notebook: str) -> tuple[Path, ...]:
    """Return the earlier tries in a lesson's folder, by their times; one without comes first."""
    places = [each for each in inside if each.name == EARLIER and is_folder(each)]
    found = [
        each / notebook
        for place in places
        for each in entries_of(place)
        if is_folder(each) and (each / notebook).exists()
    ]
    times = {path: read_timestamp(path.parent)[0] for path in found}
    ordered = sorted(found, key=lambda path: (times[path] or _BEFORE_ALL, path))
    return tuple(ordered[-_MOST_TRIES:])


def _not_graded(notebooks: list[Path]) -> list[str]:
    if not notebooks:
        return []
    names = _some(notebooks)
    if len(notebooks) == 1:
        return [f"{names} is next to it, and wasn't graded."]
    return [f"{names} are next to it, and weren't graded."]


def _missing(folder: Path, inside: list[Path], right: str) -> str:
    """Say what a lesson's folder holds instead of its notebook, and what to do."""
    if not inside:
        return f"The folder is empty. {_ASK_AGAIN}"
    notebooks = [each for each in inside if is_notebook(each)]
    if len(notebooks) == 1:
        return f"There is {_some(notebooks)}, but no {right}. Rename it if it is the right file."
    if notebooks:
        return f"There is {_some(notebooks)}, but no {right}. Rename the right one to {right}."
    deeper = sorted(each for entry in inside if is_folder(entry) for each in notebooks_below(entry))
    if deeper:
        shown = visible(deeper[0].relative_to(folder.parents[1]).as_posix())
        target = visible((folder / right).relative_to(folder.parents[1]).as_posix())
        return f"{shown} lies too deep. Move it to {target}."
    return _other_kind(inside, right)


def _nothing_in(student: str, inside: list[Path]) -> str:
    if any(is_archive(each) for each in inside):
        return _other_kind(inside, LAYOUT)
    return f"{student} holds no lesson's folder. Expected: {LAYOUT}."


def _other_kind(inside: list[Path], right: str) -> str:
    archives = [each for each in inside if is_archive(each)]
    if archives:
        return f"There is {_some(archives)}. Unpack it, so that there is {right}."
    return f"There is {_some(inside)}, but no notebook. Ask the student for {right}."


def _some(paths: list[Path]) -> str:
    names = [visible(each.name) for each in paths[:_MOST_LISTED]]
    left = len(paths) - len(names)
    return ", ".join([*names, f"{left} more"] if left else names)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _guarded(student: str, lesson: str, look: Callable[[], _Seen]) -> _Seen | Trouble:
    """Return what `look` finds, or the trouble that stopped it."""
    try:
        return look()
    except GradingError as error:
        return Trouble(student, lesson, str(error))
    except OSError as error:
        name = visible(Path(error.filename).name) if isinstance(error.filename, str) else "It"
        sentence = f"{name} cannot be read ({error.strerror}). {advice_on_reading(error)}"
        return Trouble(student, lesson, sentence)
    except Exception as error:  # noqa: BLE001 - one student's files must not stop a class
        return Trouble(student, lesson, f"Gathering stopped at it ({type(error).__name__}).")
