"""Look up which files handed in have a result, and which have to be examined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from grader.errors import GradingError
from grader.grading.course_notebooks import course_digest
from grader.grading.crew import Examiners, Jobs
from grader.grading.entries import Entry
from grader.grading.gathering import Submission
from grader.grading.hand_in_times import Place, read_timestamp
from grader.grading.journal import Journal
from grader.grading.keys import digest_of, key_of
from grader.grading.known_files import KnownFiles, see
from grader.grading.notebook_file import read_bytes, read_notebook_file
from grader.grading.result import Result, Run, result_from_json
from grader.grading.results_folder import ResultsFolder
from grader.grading.sandbox import Level
from grader.grading.whole_file import NoRoom, writing

Json = Any


@dataclass(frozen=True)
class Job:
    """Hold a file to examine. Its text is read when it's examined: a class's are gigabytes.

    copy: where the text is. text_digest: of the text, which lacks the outputs that `digest` has.
    """

    student: str
    lesson: str
    key: str
    digest: str
    copy: str
    text_digest: str

    @property
    def text(self) -> str:
        """Return the notebook's text; raises GradingError if it's gone or was changed."""
        path = Path(self.copy)
        with writing(path):
            content = path.read_bytes()
        if digest_of(content) != self.text_digest:
            raise GradingError(f"{path} was changed while the class was graded. Grade again.")
        return content.decode()


def look_up(
    submission: Submission,
    course: Path,
    folder: ResultsFolder,
    journal: Journal,
    known: KnownFiles,
) -> Job | Result | None:
    """Return the job to examine a submission, None if its result is known, or why there is none.

    known: files that needn't be read again, among which it then is.
    """
    student, lesson = submission.student, submission.lesson
    try:
        # This machine's own time: it noted st_ctime when the file arrived, and nothing inside a
        # submission can set it.
        before = see(submission.notebook)
        newest = journal.newest((student, lesson))
        seen = known.find(submission.notebook)
        if (
            seen is not None
            and seen.digest == newest
            and folder.has_collected(student, lesson, seen)
        ):
            digest, text_digest = seen.digest, seen.text_digest
            copy = folder.collected(student, lesson)
        else:
            read = read_notebook_file(submission.notebook)
            copy = folder.collect(student, lesson, read, earlier=newest)
            digest, text_digest = read.digest, digest_of(read.content)
            known.note(submission.notebook, before, read, copy)
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
    at = datetime.fromtimestamp(before.stamp[-1] // 10**9, UTC)
    stamped, remark = read_timestamp(submission.notebook.parent)
    said = " ".join(filter(None, (*submission.remarks, remark)))
    journal.see((student, lesson), digest, at=at, stamped=stamped, remark=said)
    place = student, lesson
    return _job_or_known(place, digest, copy, text_digest, course, folder, journal)


def see_earlier(
    submission: Submission,
    course: Path,
    folder: ResultsFolder,
    journal: Journal,
    known: KnownFiles,
) -> None:
    """Keep the earlier tries that lie beside a submission, as if each had been graded in its time.

    One that cannot be read is passed over. `look_up` the submission itself afterwards: what is
    looked up last is the newest.
    """
    tries = journal.tries((submission.student, submission.lesson))
    for path in submission.earlier:
        try:
            is_known = digest_of(read_bytes(path)) in tries
        except GradingError:
            continue
        if not is_known:
            before = replace(submission, notebook=path, remarks=(), earlier=())
            look_up(before, course, folder, journal, known)


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
            copy = folder.kept_copy(*place, digest, content)
            text_digest = digest_of(content)
            found = _job_or_known(place, digest, copy, text_digest, course, folder, journal)
            jobs += [found] if found else []
    return jobs


def _job_or_known(
    place: Place,
    digest: str,
    copy: Path,
    text_digest: str,
    course: Path,
    folder: ResultsFolder,
    journal: Journal,
) -> Job | None:
    course_now = course_digest(course, place[1])
    key = key_of(*place, digest, course=course_now, seed=journal.seed)
    if key in journal and folder.graded_try(*place, digest).exists():
        journal.use(key, place, digest)
        return None
    return Job(*place, key, digest, str(copy), text_digest)


def _told(job: Job, *, seed: str) -> Json:
    """Return what a worker is told of a job."""
    return {
        "student": job.student,
        "lesson": job.lesson,
        "digest": job.digest,
        "notebook": job.text,
        "seed": seed,
    }


def examine(
    todo: Sequence[Job],
    crew: Examiners | None,
    level: Level,
    journal: Journal,
    folder: ResultsFolder,
) -> Iterator[Result]:
    """Journal and yield each job's result, in the order in which they arrive.

    crew: None if there is nothing to do. One with trouble is in no journal.
    """
    for number, answer in (
        crew.examine(Jobs(todo, partial(_told, seed=journal.seed))) if crew else ()
    ):
        job = todo[number]
        if "trouble" in answer:
            yield Result(job.student, job.lesson, job.digest, trouble=answer["trouble"])
            continue
        entry = _entry(job, answer, level)
        # First the notebook, then the line that says it is there, then the gradebook.
        folder.keep_graded(job.student, job.lesson, job.digest, answer["notebook"])
        journal.add(entry)
        yield entry.result


def _entry(job: Job, answer: Json, level: Level) -> Entry:
    # On a cluster each machine has a level of its own.
    contained = answer.get("level", level.value)
    run = Run(contained, {name: round(took, 4) for name, took in answer["seconds"].items()})
    return Entry(job.key, result_from_json(answer["result"]), run)
