"""Grade a class: examine what is new side by side, journal it, and write it down in one place.

Whatever ends the command, running it again goes on where it stopped: what the journal has is not
examined again, and what the gradebook has is not written again. What this run doesn't look at,
other lessons and students whose folder is gone, keeps what it has.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from grader.errors import GradingError
from grader.exams import Lesson
from grader.exercises import COURSE
from grader.grading.agreed import Agreed, agree, notes_on
from grader.grading.crew import Crew
from grader.grading.gathering import Class
from grader.grading.hand_in_times import Place
from grader.grading.journal import Entry, Journal, NoResult
from grader.grading.looking_up import Job, earlier_tries, examine, look_up
from grader.grading.one_run import one_run
from grader.grading.options import load_config
from grader.grading.result import Result
from grader.grading.results_folder import ResultsFolder, choose_folder, known_folder
from grader.grading.sandbox import Level, Limits, probe
from grader.grading.standing import Standing
from grader.grading.whole_file import writing
from grader.grading.writer import Writer

_NAMES = {each.name for each in COURSE}


@dataclass(frozen=True)
class GradeReport:
    """Hold what counts of what a run was asked for, in the order of students and lessons.

    examined: how many files were examined now; other results were known from an earlier run.
    level: how the kernels were contained. due: when lessons have to be handed in, as far as that is
    known. kept: how many results of other lessons stay as they were. notes: what else to know.
    """

    standings: tuple[Standing, ...]
    examined: int
    level: Level
    folder: ResultsFolder
    due: Mapping[str, datetime]
    kept: int = 0
    notes: tuple[str, ...] = ()

    @property
    def results(self) -> tuple[Result, ...]:
        """Return the result that counts of each, or why there is none."""
        return tuple(each.result for each in self.standings)

    @property
    def late(self) -> Mapping[Place, timedelta]:
        """Return how late what counts came, with any extension, by student and lesson."""
        return {
            each.place: timedelta(seconds=each.seconds_late)
            for each in self.standings
            if each.seconds_late
        }

    @property
    def is_complete(self) -> bool:
        """Return whether the newest file of everybody has a result."""
        return not any(each.trouble or each.result.trouble for each in self.standings)


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
    due: Mapping[str, datetime | None] | None = None,
    agreed: Agreed | None = None,
    on_graded: Callable[[Standing], object] = lambda _standing: None,
) -> GradeReport:
    """Grade every submission of a class, whatever happens to single ones.

    course: the repository. out: the folder of results. db_url: that of the last run unless given,
    at first out's own SQLite file. jobs: how many are examined at once, all cores unless given.
    seed: draws the fresh data of the class; by chance unless given, and the same for as long as the
    folder is. level: how kernels are contained, the strongest that holds here unless given. due:
    when lessons have to be handed in, by name; short for what `agreed` says. on_graded: called with
    what counts for each student and lesson of the class.
    Raises GradingError when nothing can be graded at all, RunAtWork while another run is at it.
    """
    contained = level or probe()
    if contained is Level.PROCESS and not allow_unsandboxed:
        raise GradingError(
            "Nothing here can seal a submission off from this machine; `grader doctor` says why. "
            "Grade on Linux, or add --allow-unsandboxed for notebooks of people you trust."
        )
    said = agreed or Agreed(due=due)
    folder = choose_folder(out, gathered.folder, db_url)
    with one_run(folder.path):
        if db_url is None:
            folder = known_folder(folder.path)
        lessons = _used(gathered)
        folder.copy_lessons(course, lessons)
        with Journal(folder.journal, seed=seed) as journal:
            agree(said, gathered, journal)
            folder.write_configs(journal.late_penalty)
            config = load_config(folder.path)
            with Writer(folder, journal, COURSE, config) as writer, ExitStack() as stack:
                forgotten = tuple(writer.forget(each) for each in dict.fromkeys(said.forget))
                run = _Run(gathered, course, folder, journal, writer, on_graded)
                todo = run.look_up()
                crew = None
                if todo:
                    most = min(jobs or os.cpu_count() or 1, len(todo))
                    with writing(folder.log):
                        log = stack.enter_context(folder.log.open("ab"))
                    crew = stack.enter_context(
                        Crew(course, contained, limits or Limits(), jobs=most, log=log)
                    )
                    # A gradebook that cannot be opened is told of before anything is examined.
                    writer.open()
                    for lesson in lessons:
                        writer.register(lesson.name)
                found = examine(todo, crew, contained, journal, folder)
                report = run.finish(found, contained)
                return replace(report, notes=(*forgotten, *writer.notes(), *notes_on(journal)))


def settle_class(folder: Path, db_url: str | None = None) -> tuple[str, ...]:
    """Bring pages, gradebook and results.json of a folder up to date, and examine nothing.

    Returns what else to know, a sentence each.
    Raises RunAtWork while a run is at it, GradingError where that cannot be done.
    """
    known = known_folder(folder, db_url)
    with one_run(known.path), Journal(known.journal) as journal:
        config = load_config(known.path)
        with Writer(known, journal, COURSE, config) as writer:
            _Run(None, known.path, known, journal, writer, lambda _standing: None).write_results()
            return writer.notes()


class _Run:
    """Look up what was handed in, settle each place when all of it is known, and write it all."""

    def __init__(
        self,
        gathered: Class | None,
        course: Path,
        folder: ResultsFolder,
        journal: Journal,
        writer: Writer,
        on_graded: Callable[[Standing], object],
    ) -> None:
        self._gathered = gathered
        self._course = course
        self._folder = folder
        self._journal = journal
        self._writer = writer
        self._on_graded = on_graded
        self._troubles: list[Result] = []
        self._unread: dict[Place, Result] = {}
        self._waiting: Counter[Place] = Counter()
        self._present: set[Place] = set()
        self._settled: dict[Place, Standing] = {}
        self._examined = 0

    def look_up(self) -> list[Job]:
        """Return what is to be examined; what is known is settled."""
        assert self._gathered is not None
        self._troubles = [
            Result(each.student, each.lesson, trouble=each.sentence)
            for each in self._gathered.troubles
        ]
        todo = []
        for submission in self._gathered.submissions:
            found = look_up(submission, self._course, self._folder, self._journal)
            if isinstance(found, Result):
                self._troubles.append(found)
                continue
            self._present.add((submission.student, submission.lesson))
            todo += [found] if isinstance(found, Job) else []
            todo += earlier_tries(submission, self._course, self._folder, self._journal)
        for each in self._troubles:
            # The time was that of this file, and not of the next one.
            if (each.student, each.lesson) not in self._present:
                self._journal.drop_time((each.student, each.lesson))
        self._waiting.update((job.student, job.lesson) for job in todo)
        return todo

    def finish(self, found: Iterable[Entry | Result], level: Level) -> GradeReport:
        """Settle everything, and return what counts of what the run was asked for."""
        assert self._gathered is not None
        for place in sorted(self._present):
            if not self._waiting[place]:
                self._settle(place)
        for result in self._troubles:
            self._tell(result)
        for each in found:
            result = each.result if isinstance(each, Entry) else each
            self._examined += isinstance(each, Entry)
            place = result.student, result.lesson
            if isinstance(each, Result):
                self._hear(each)
            self._waiting[place] -= 1
            if not self._waiting[place]:
                self._settle(place)
        asked = {each.name for each in self._gathered.lessons}
        self._keep_troubles(asked)
        others = self.write_results()
        shown = [
            each
            for each in others
            if each.result.lesson in asked or each.result.lesson not in _NAMES
        ]
        return GradeReport(
            tuple(shown),
            self._examined,
            level,
            self._folder,
            self._writer.terms.due,
            len(others) - len(shown),
        )

    def write_results(self) -> list[Standing]:
        """Settle what this run did not look at, write all of it, and return it in order."""
        troubles = {(each.student, each.lesson): each for each in self._journal.troubles}
        for place in self._journal.places:
            if place not in self._settled:
                known = troubles.get(place)
                self._settled[place] = self._writer.settle(
                    place,
                    trouble=_as_result(known) if known else None,
                    is_kept=place in self._journal.gone,
                )
        standings = list(self._settled.values())
        for each in self._journal.troubles:
            settled = self._settled.get((each.student, each.lesson))
            if settled is None or settled.trouble != each.sentence:
                standings.append(Standing(_as_result(each), trouble=each.sentence))
        standings.sort(key=lambda each: (*each.place, each.trouble))
        runs = {
            each.place: run for each in standings if (run := self._writer.run_of(each)) is not None
        }
        self._folder.write_results(standings, runs)
        return standings

    def _hear(self, trouble: Result) -> None:
        """Remember that a file has no result; of an earlier one nothing is told."""
        if self._journal.newest((trouble.student, trouble.lesson)) == trouble.digest:
            self._troubles.append(trouble)
            self._unread[trouble.student, trouble.lesson] = trouble

    def _settle(self, place: Place) -> None:
        self._settled[place] = self._writer.settle(place, trouble=self._unread.get(place))
        self._on_graded(self._settled[place])

    def _tell(self, trouble: Result) -> None:
        """Settle what cannot be read; where an earlier file was, its result may count."""
        place = trouble.student, trouble.lesson
        is_of_a_place = trouble.student and trouble.lesson in _NAMES
        if is_of_a_place and place not in self._present and place not in self._settled:
            self._settled[place] = self._writer.settle(place, trouble=trouble)
            self._on_graded(self._settled[place])
        else:
            self._on_graded(Standing(trouble, trouble=trouble.trouble))

    def _keep_troubles(self, asked: set[str]) -> None:
        """Remember what has no result now or is gone; of lessons not asked for, what was known."""
        kept = [
            each
            for each in self._journal.troubles
            if each.lesson in _NAMES and each.lesson not in asked
        ]
        new = [
            NoResult(each.student, each.lesson, each.trouble, each.digest)
            for each in self._troubles
        ]
        ordered = sorted((*kept, *new), key=lambda each: (each.student, each.lesson, each.sentence))
        self._journal.keep_troubles(tuple(ordered))
        here = {*self._present, *((each.student, each.lesson) for each in self._troubles)}
        before = {place for place in self._journal.gone if place[1] not in asked}
        gone = {place for place in self._journal.places if place[1] in asked and place not in here}
        self._journal.keep_gone(frozenset(before | gone))


def _as_result(trouble: NoResult) -> Result:
    return Result(trouble.student, trouble.lesson, trouble.digest, trouble=trouble.sentence)


def _used(gathered: Class) -> list[Lesson]:
    names = {each.lesson for each in gathered.submissions}
    return [lesson for lesson in gathered.lessons if lesson.name in names]
