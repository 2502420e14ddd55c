"""Grade a class: examine what is new side by side, journal it, and write it down in one place.

Whatever ends the command, running it again goes on where it stopped: what the journal has is not
examined again, and what the gradebook has is not written again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from grader.errors import GradingError
from grader.exams import Lesson
from grader.grading.course_notebooks import course_digest
from grader.grading.crew import Crew
from grader.grading.gathering import Class, Submission
from grader.grading.journal import Entry, Journal
from grader.grading.keys import key_of
from grader.grading.notebook_file import read_notebook_file
from grader.grading.result import Result, Run, result_from_json
from grader.grading.results_folder import ResultsFolder, prepare_folder
from grader.grading.sandbox import Level, Limits, probe
from grader.grading.writer import Writer

Json = Any


@dataclass(frozen=True)
class GradeReport:
    """Hold the results of a class, in the order of students and lessons.

    examined: how many got their result now; other results were known from an earlier run.
    level: how the kernels were contained. due: when lessons had to be handed in, as far as that was
    said, now or in an earlier run. late: how long after that a submission came, by student and
    lesson.
    """

    results: tuple[Result, ...]
    examined: int
    level: Level
    folder: ResultsFolder
    due: Mapping[str, datetime]
    late: Mapping[tuple[str, str], timedelta]

    @property
    def is_complete(self) -> bool:
        """Tell whether everything that was handed in has a result."""
        return not any(each.trouble for each in self.results)


@dataclass(frozen=True)
class _Job:
    """Hold a submission that is to be examined; content: the text of its file."""

    student: str
    lesson: str
    key: str
    digest: str
    content: str
    handed_in: datetime


def grade_class(
    gathered: Class,
    course: Path,
    out: Path,
    *,
    db_url: str | None = None,
    jobs: int | None = None,
    seed: str | None = None,
    level: Level | None = None,
    limits: Limits | None = None,
    allow_unsandboxed: bool = False,
    due: Mapping[str, datetime] | None = None,
    on_graded: Callable[[Result], object] = lambda _result: None,
) -> GradeReport:
    """Grade every submission of a class, whatever happens to single ones.

    course: the repository. out: the folder of results. db_url: out's own SQLite file unless given.
    jobs: how many are examined at once, all cores unless given. seed: draws the fresh data of the
    class; by chance unless given, and the same for as long as the folder is. level: how kernels
    are contained, the strongest that holds here unless given. due: when lessons have to be handed
    in, by name; remembered for the next run. on_graded: called with each result.
    Raises GradingError when nothing can be graded at all.
    """
    contained = level or probe()
    if contained is Level.PROCESS and not allow_unsandboxed:
        raise GradingError(
            "Nothing here can seal a submission off from this machine; `grader doctor` says why. "
            "Grade on Linux, or add --allow-unsandboxed for notebooks of people you trust."
        )
    folder = prepare_folder(out, gathered.folder, db_url)
    lessons = _used(gathered)
    folder.copy_lessons(course, lessons)
    troubles = [
        Result(each.student, each.lesson, trouble=each.sentence) for each in gathered.troubles
    ]
    names = {each.name for each in gathered.lessons}
    results: list[Result] = []
    entries: list[Entry] = []
    with (
        Journal(folder.journal, seed=seed) as journal,
        Writer(folder, journal, lessons) as writer,
        ExitStack() as stack,
    ):
        journal.keep_due(due or {})
        dues = dict(journal.due)
        looked_up = [_look_up(each, course, folder, journal) for each in gathered.submissions]
        todo = [each for each in looked_up if isinstance(each, _Job)]
        known = [each for each in looked_up if not isinstance(each, _Job)]
        crew = None
        if todo:
            most = min(jobs or os.cpu_count() or 1, len(todo))
            log = stack.enter_context(folder.log.open("ab"))
            crew = stack.enter_context(
                Crew(course, contained, limits or Limits(), jobs=most, log=log)
            )
            # A gradebook that cannot be opened is told of before anything is examined.
            writer.open()
        for found in chain(troubles, known, _examine(todo, crew, contained, journal, folder)):
            if isinstance(found, Entry):
                entry = _with_remarks(found, gathered)
                result = entry.result
                writer.write(entry)
                entries.append(entry)
            else:
                result = found
                if found.lesson in names:
                    writer.write_trouble(found)
            results.append(result)
            on_graded(result)
        ordered = tuple(sorted(results, key=lambda each: (each.student, each.lesson)))
        folder.write_results(ordered, entries)
    examined = len(entries) - sum(isinstance(each, Entry) for each in known)
    return GradeReport(ordered, examined, contained, folder, dues, _late(entries, dues))


def _late(
    entries: Iterable[Entry], due: Mapping[str, datetime]
) -> dict[tuple[str, str], timedelta]:
    return {
        (each.result.student, each.result.lesson): each.handed_in - due[each.result.lesson]
        for each in entries
        if each.result.lesson in due and each.handed_in > due[each.result.lesson]
    }


def _with_remarks(entry: Entry, gathered: Class) -> Entry:
    """Return an entry that also says what lay beside its notebook: that is no part of a result."""
    result = entry.result
    remarks = gathered.remarks_on(result.student, result.lesson)
    return replace(entry, result=replace(result, remarks=(*remarks, *result.remarks)))


def _used(gathered: Class) -> list[Lesson]:
    names = {each.lesson for each in gathered.submissions}
    return [lesson for lesson in gathered.lessons if lesson.name in names]


def _look_up(
    submission: Submission, course: Path, folder: ResultsFolder, journal: Journal
) -> Entry | _Job | Result:
    """Return what is known of a submission, or what is to be done, or why nothing can be."""
    student, lesson = submission.student, submission.lesson
    try:
        # The collector's own time: what this machine noted when the file came, which nothing
        # inside a submission can set.
        changed = submission.notebook.lstat().st_ctime
        read = read_notebook_file(submission.notebook)
        folder.collect(student, lesson, read.content)
    except GradingError as error:
        # The file changed since it was gathered.
        return Result(student, lesson, trouble=str(error))
    except OSError as error:
        sentence = f"{error.filename} cannot be written ({error.strerror}). Mend it, grade again."
        return Result(student, lesson, trouble=sentence)
    except Exception as error:  # noqa: BLE001 - one submission may not stop a class
        sentence = f"Grading stopped at it ({type(error).__name__}: {error})."
        return Result(student, lesson, trouble=sentence)
    course_now = course_digest(course, lesson)
    key = key_of(student, lesson, read.digest, course=course_now, seed=journal.seed)
    known = journal.find(key)
    if known is not None:
        return known
    handed_in = datetime.fromtimestamp(int(changed), UTC)
    return _Job(student, lesson, key, read.digest, read.content.decode(), handed_in)


def _examine(
    todo: Sequence[_Job],
    crew: Crew | None,
    level: Level,
    journal: Journal,
    folder: ResultsFolder,
) -> Iterator[Entry | Result]:
    """Give what comes of each job, in the order in which it is found, and journal it.

    crew: None where there is nothing to do.
    """
    rows = [
        {
            "student": job.student,
            "lesson": job.lesson,
            "digest": job.digest,
            "notebook": job.content,
            "seed": journal.seed,
        }
        for job in todo
    ]
    for place, answer in crew.examine(rows) if crew else ():
        job = todo[place]
        if "trouble" in answer:
            yield Result(job.student, job.lesson, job.digest, trouble=answer["trouble"])
            continue
        entry = _entry(job, answer, level)
        # First the notebook, then the line that says it is there, then the gradebook.
        folder.keep_graded(job.student, job.lesson, answer["notebook"])
        journal.add(entry)
        yield entry


def _entry(job: _Job, answer: Json, level: Level) -> Entry:
    run = Run(level.value, {name: round(took, 4) for name, took in answer["seconds"].items()})
    return Entry(job.key, result_from_json(answer["result"]), run, job.handed_in)
