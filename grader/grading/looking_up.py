"""Look up which files handed in have a result, and which have to be examined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.errors import GradingError
from grader.grading.course_notebooks import course_digest
from grader.grading.crew import Crew
from grader.grading.gathering import Submission
from grader.grading.hand_in_times import Place, read_timestamp
from grader.grading.journal import Entry, Journal
from grader.grading.keys import digest_of, key_of
from grader.grading.notebook_file import read_bytes, read_notebook_file
from grader.grading.result import Result, Run, result_from_json
from grader.grading.results_folder import ResultsFolder
from grader.grading.sandbox import Level
from grader.grading.whole_file import NoRoom

Json = Any


@dataclass(frozen=True)
class Job:
    """Hold a file to examine; content: its text."""

    student: str
    lesson: str
    key: str
    digest: str
    content: str


def look_up(
    submission: Submission, course: Path, folder: ResultsFolder, journal: Journal
) -> Entry | Job | Result:
    """Return a submission's known entry, the job to examine it, or why there can be none."""
    student, lesson = submission.student, submission.lesson
    try:
        # This machine's own time: it noted st_ctime when the file arrived, and nothing inside a
        # submission can set it.
        changed = submission.notebook.lstat().st_ctime
        read = read_notebook_file(submission.notebook)
        folder.collect(student, lesson, read, earlier=journal.newest((student, lesson)) or "")
    except NoRoom:
        raise
    except GradingError as error:
        # The file changed since it was gathered.
        return Result(student, lesson, trouble=str(error))
    except OSError as error:
        sentence = f"{error.filename} cannot be written ({error.strerror}). Fix it, grade again."
        return Result(student, lesson, trouble=sentence)
    except Exception as error:  # noqa: BLE001 - one submission must not stop a class
        sentence = f"Grading stopped at it ({type(error).__name__}: {error})."
        return Result(student, lesson, trouble=sentence)
    at = datetime.fromtimestamp(int(changed), UTC)
    stamped, remark = read_timestamp(submission.notebook.parent)
    said = " ".join(filter(None, (*submission.remarks, remark)))
    journal.see((student, lesson), read.digest, at=at, stamped=stamped, remark=said)
    return _known_or_job((student, lesson), read.digest, read.content, course, folder, journal)


def see_earlier(
    submission: Submission, course: Path, folder: ResultsFolder, journal: Journal
) -> None:
    """Keep the earlier tries that lie beside a submission, as if each had been graded in its time.

    One that cannot be read is passed over. `look_up` the submission itself afterwards: what is
    looked up last is the newest.
    """
    known = journal.tries((submission.student, submission.lesson))
    for path in submission.earlier:
        try:
            is_known = digest_of(read_bytes(path)) in known
        except GradingError:
            continue
        if not is_known:
            before = replace(submission, notebook=path, remarks=(), earlier=())
            look_up(before, course, folder, journal)


def earlier_tries(
    submission: Submission, course: Path, folder: ResultsFolder, journal: Journal
) -> list[Job]:
    """Return jobs for a student's earlier files that this version of the grader hasn't examined.

    A file that is gone keeps the result it got.
    """
    place = submission.student, submission.lesson
    jobs = []
    for digest in list(journal.tries(place))[:-1]:
        content = folder.kept_try(*place, digest)
        if content is not None:
            found = _known_or_job(place, digest, content, course, folder, journal)
            jobs += [found] if isinstance(found, Job) else []
    return jobs


def _known_or_job(
    place: Place,
    digest: str,
    content: bytes,
    course: Path,
    folder: ResultsFolder,
    journal: Journal,
) -> Entry | Job:
    course_now = course_digest(course, place[1])
    key = key_of(*place, digest, course=course_now, seed=journal.seed)
    known = journal.find(key)
    if known is not None and folder.graded_try(*place, digest).exists():
        journal.use(known)
        return known
    return Job(*place, key, digest, content.decode())


def examine(
    todo: Sequence[Job],
    crew: Crew | None,
    level: Level,
    journal: Journal,
    folder: ResultsFolder,
) -> Iterator[Entry | Result]:
    """Journal and yield each job's result, in the order in which they arrive.

    crew: None if there is nothing to do.
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
    for number, answer in crew.examine(rows) if crew else ():
        job = todo[number]
        if "trouble" in answer:
            yield Result(job.student, job.lesson, job.digest, trouble=answer["trouble"])
            continue
        entry = _entry(job, answer, level)
        # First the notebook, then the line that says it is there, then the gradebook.
        folder.keep_graded(job.student, job.lesson, job.digest, answer["notebook"])
        journal.add(entry)
        yield entry


def _entry(job: Job, answer: Json, level: Level) -> Entry:
    run = Run(level.value, {name: round(took, 4) for name, took in answer["seconds"].items()})
    return Entry(job.key, result_from_json(answer["result"]), run)
