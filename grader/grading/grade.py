"""Grade a class: examine what is new in parallel, journal it, and write it down in one place.

However the command ends, running it again goes on where it stopped: nothing in the journal is
examined again, and nothing in the gradebook is written again. Other lessons, and students whose
folder is gone, keep their results.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from grader.exams import Lesson
from grader.exercises import COURSE
from grader.grading.agreed import Agreed, agree, notes_on
from grader.grading.cluster.address import Address
from grader.grading.cluster.client import Cluster
from grader.grading.crew import Crew
from grader.grading.gathering import Class
from grader.grading.hand_in_times import Place
from grader.grading.journal import Journal, NoResult
from grader.grading.known_files import KnownFiles
from grader.grading.lean import Lean
from grader.grading.looking_up import Job, earlier_tries, examine, look_up, see_earlier
from grader.grading.one_run import one_run
from grader.grading.options import load_config
from grader.grading.result import Result, Run, canonical, result_to_json
from grader.grading.results_folder import ResultsFolder, choose_folder, known_folder
from grader.grading.roster import ClassList, Roster, keep_class_list
from grader.grading.sandbox import Level, Limits, probe, refuse_unsealed
from grader.grading.shards import refuse_own_seed
from grader.grading.standing import Standing, standing_to_json
from grader.grading.versions import keep_versions, lesson_version
from grader.grading.whole_file import writing
from grader.grading.writer import Writer

_NAMES = {each.name for each in COURSE}


@dataclass(frozen=True)
class GradeReport:
    """Hold what counts for the lessons that a run was asked for, sorted by student and lesson.

    examined: how many files were examined now; other results were known from an earlier run.
    standings: without the evidence, which the journal has. level: how the kernels were contained.
    due: when lessons are due, as far as that is known.
    kept: how many results of other lessons or parts stay as they were. notes: what else to know.
    people: who is in the class.
    """

    standings: tuple[Standing, ...]
    examined: int
    level: Level
    folder: ResultsFolder
    due: Mapping[str, datetime]
    kept: int = 0
    notes: tuple[str, ...] = ()
    people: ClassList = field(default_factory=ClassList)

    @property
    def results(self) -> tuple[Result, ...]:
        """Return the result that counts for each, or why there is none."""
        return tuple(each.result for each in self.standings)

    @property
    def late(self) -> Mapping[Place, timedelta]:
        """Return how late the tries that count were, after any extension, by student and lesson."""
        return {
            each.place: timedelta(seconds=each.seconds_late)
            for each in self.standings
            if each.seconds_late
        }

    @property
    def absent(self) -> Mapping[str, tuple[str, ...]]:
        """Return who of the roster handed in nothing, for people, by lesson."""
        lessons = sorted({each.place[1] for each in self.standings if each.points is not None})
        found = {
            lesson: self.people.without(
                each.place[0] for each in self.standings if each.place[1] == lesson
            )
            for lesson in lessons
        }
        return {lesson: tuple(one.shown for one in each) for lesson, each in found.items() if each}

    @property
    def is_complete(self) -> bool:
        """Return whether everybody's newest file has a result."""
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
    roster: Roster | None = None,
    missing: str | None = None,
    cluster: Address | None = None,
    on_graded: Callable[[Standing], object] = lambda _standing: None,
) -> GradeReport:
    """Grade every submission of a class, even if some of them fail.

    course: the repository. out: the folder of results. db_url: by default the last run's, at first
    out's own SQLite file. jobs: how many are examined at once, by default one for each core.
    seed: draws the class's fresh data; random unless given, and fixed once the folder exists.
    level: how kernels are contained, by default the strongest that holds here. due: when lessons
    are due, by name; short for `Agreed(due=…)`. roster: who is in the class; missing: what counts
    for who handed in nothing; both are remembered. cluster: examine them there, each worker at its
    strongest level; here only what the cluster has no result for. on_graded: called with what
    counts for each student and lesson of the class.
    Raises GradingError when nothing can be graded at all, RunAtWork while another run is at work.
    """
    contained = level or probe()
    if cluster is None:
        refuse_unsealed(contained, allow_unsandboxed=allow_unsandboxed)
    is_sealed = contained is not Level.PROCESS or allow_unsandboxed
    said = agreed or Agreed(due=due)
    folder = choose_folder(out, gathered.folder, db_url)
    with one_run(folder.path):
        if db_url is None:
            folder = known_folder(folder.path)
        lessons = _used(gathered)
        folder.copy_lessons(course, lessons)
        keep_versions(folder.path, [lesson_version(course, each.name) for each in lessons])
        if seed is None and not folder.journal.exists():
            refuse_own_seed(gathered.shard)
        with Journal(folder.journal, seed=seed) as journal:
            agree(said, gathered, journal)
            folder.write_configs(journal.late_penalty)
            config = load_config(folder.path)
            people = keep_class_list(folder.path, roster, missing=missing)
            with Writer(folder, journal, COURSE, config, people) as writer, ExitStack() as stack:
                forgotten = tuple(writer.forget(each) for each in dict.fromkeys(said.forget))
                run = _Run(gathered, course, folder, journal, writer, on_graded)
                known = KnownFiles(folder.path)
                todo = run.look_up(known)
                known.save()
                crew: Crew | Cluster | None = None
                if todo:
                    most = min(jobs or os.cpu_count() or 1, len(todo))
                    with writing(folder.log):
                        log = stack.enter_context(folder.log.open("ab"))
                    here = partial(Crew, course, contained, limits or Limits(), log=log)
                    if cluster is None:
                        crew = stack.enter_context(here(jobs=most))
                    else:
                        alone = partial(here, jobs=1) if is_sealed else None
                        crew = stack.enter_context(
                            Cluster(cluster, course, limits or Limits(), here=alone)
                        )
                    # A gradebook that cannot be opened fails the run before any work starts.
                    writer.open()
                    for lesson in lessons:
                        writer.register(lesson.name)
                found = examine(todo, crew, contained, journal, folder)
                report = run.finish(found, contained)
                if roster is not None:
                    writer.enrol()
                notes = (*forgotten, *writer.notes(), *notes_on(journal))
                if isinstance(crew, Cluster):
                    report = replace(report, level=crew.level or contained)
                    notes += crew.notes
                strangers = people.strangers(each.result.student for each in report.standings)
                return replace(report, notes=(*notes, *strangers), people=people)


def settle_class(
    folder: Path,
    db_url: str | None = None,
    *,
    roster: Roster | None = None,
    missing: str | None = None,
) -> tuple[str, ...]:
    """Update a folder's pages, gradebook and results.json without examining anything.

    roster, missing: as for `grade_class`. Returns what else to know, a sentence each.
    Raises RunAtWork while a run is at work, GradingError if it cannot be done.
    """
    known = known_folder(folder, db_url)
    with one_run(known.path), Journal(known.journal) as journal:
        config = load_config(known.path)
        people = keep_class_list(known.path, roster, missing=missing)
        with Writer(known, journal, COURSE, config, people) as writer:
            _Run(None, known.path, known, journal, writer, lambda _standing: None).write_results()
            if roster is not None:
                writer.enrol()
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
        self._lean = Lean()
        self._examined = 0

    def look_up(self, known: KnownFiles) -> list[Job]:
        """Return the jobs to examine, and note the places that have files or troubles.

        known: files that needn't be read again.
        """
        assert self._gathered is not None
        self._troubles = [
            Result(each.student, each.lesson, trouble=each.sentence)
            for each in self._gathered.troubles
        ]
        todo = []
        for submission in self._gathered.submissions:
            see_earlier(submission, self._course, self._folder, self._journal, known)
            found = look_up(submission, self._course, self._folder, self._journal, known)
            if isinstance(found, Result):
                self._troubles.append(found)
                continue
            self._present.add((submission.student, submission.lesson))
            todo += [found] if found else []
            todo += earlier_tries(submission, self._course, self._folder, self._journal)
        for each in self._troubles:
            # The time was meant for this file, not for the next one.
            if (each.student, each.lesson) not in self._present:
                self._journal.drop_time((each.student, each.lesson))
        self._waiting.update((job.student, job.lesson) for job in todo)
        return todo

    def finish(self, found: Iterable[Result], level: Level) -> GradeReport:
        """Settle everything, and return the report on what the run was asked for."""
        assert self._gathered is not None
        for place in sorted(self._present):
            if not self._waiting[place]:
                self._settle(place)
        for result in self._troubles:
            self._tell(result)
        for result in found:
            self._examined += not result.trouble
            place = result.student, result.lesson
            if result.trouble:
                self._hear(result)
            self._waiting[place] -= 1
            if not self._waiting[place]:
                self._settle(place)
        self._keep_troubles()
        others = self.write_results()
        shown = [each for each in others if self._is_asked(each.place)]
        return GradeReport(
            tuple(shown),
            self._examined,
            level,
            self._folder,
            self._writer.terms.due,
            len(others) - len(shown),
        )

    def write_results(self) -> list[Standing]:
        """Settle what this run did not look at, write everything, and return it in order."""
        troubles = {(each.student, each.lesson): each for each in self._journal.troubles}
        for place in self._journal.places:
            if place not in self._settled:
                known = troubles.get(place)
                standing = self._writer.settle(
                    place,
                    trouble=_as_result(known) if known else None,
                    is_kept=place in self._journal.gone,
                )
                self._hold(standing)
        standings = list(self._settled.values())
        for each in self._journal.troubles:
            settled = self._settled.get((each.student, each.lesson))
            if settled is None or settled.trouble != each.sentence:
                standings.append(Standing(_as_result(each), trouble=each.sentence))
        standings.sort(key=lambda each: (*each.place, each.trouble))
        self._folder.write_results(map(self._row, standings), of=self._digest(standings))
        return standings

    def _digest(self, standings: Iterable[Standing]) -> str:
        """Return the digest of all that goes into results.json; results by their lines."""
        found = hashlib.sha256(self._journal.seed.encode())
        for each in standings:
            line = self._journal.line_of(each.place, each.result.digest) if each.number else None
            none = None if each.number else result_to_json(each.result)
            told = [*each.place, each.result.digest, line, none, standing_to_json(each)]
            found.update(canonical(told).encode())
        return found.hexdigest()

    def _row(self, standing: Standing) -> tuple[Standing, Result, Run | None]:
        entry = self._journal.entry_of(standing.place, standing.result.digest)
        if entry is None or not standing.number:
            return standing, standing.result, None
        return standing, entry.result, entry.run

    def _hold(self, standing: Standing) -> None:
        """Keep what counts for the report; its evidence stays in the journal."""
        self._settled[standing.place] = replace(standing, result=self._lean(standing.result))

    def _hear(self, trouble: Result) -> None:
        """Remember that a file has no result, unless it is an earlier one."""
        if self._journal.newest((trouble.student, trouble.lesson)) == trouble.digest:
            self._troubles.append(trouble)
            self._unread[trouble.student, trouble.lesson] = trouble

    def _settle(self, place: Place) -> None:
        standing = self._writer.settle(place, trouble=self._unread.get(place))
        self._hold(standing)
        self._on_graded(standing)

    def _tell(self, trouble: Result) -> None:
        """Settle what cannot be read; the result of an earlier file may count instead."""
        place = trouble.student, trouble.lesson
        is_of_a_place = trouble.student and trouble.lesson in _NAMES
        if is_of_a_place and place not in self._present and place not in self._settled:
            standing = self._writer.settle(place, trouble=trouble)
            self._hold(standing)
            self._on_graded(standing)
        else:
            self._on_graded(Standing(trouble, trouble=trouble.trouble))

    def _is_asked(self, place: Place) -> bool:
        """Return whether this run was asked for what is in a place."""
        assert self._gathered is not None
        student, lesson = place
        asked = {each.name for each in self._gathered.lessons}
        return student in self._gathered.shard and (lesson in asked or lesson not in _NAMES)

    def _keep_troubles(self) -> None:
        """Remember what has no result now or is gone; keep what this run was not asked for."""
        kept = [
            each
            for each in self._journal.troubles
            if not self._is_asked((each.student, each.lesson))
        ]
        new = [
            NoResult(each.student, each.lesson, each.trouble, each.digest)
            for each in self._troubles
        ]
        ordered = sorted((*kept, *new), key=lambda each: (each.student, each.lesson, each.sentence))
        self._journal.keep_troubles(tuple(ordered))
        here = {*self._present, *((each.student, each.lesson) for each in self._troubles)}
        before = {place for place in self._journal.gone if not self._is_asked(place)}
        asked = {place for place in self._journal.places if self._is_asked(place)}
        self._journal.keep_gone(frozenset(before | (asked - here)))


def _as_result(trouble: NoResult) -> Result:
    return Result(trouble.student, trouble.lesson, trouble.digest, trouble=trouble.sentence)


def _used(gathered: Class) -> list[Lesson]:
    names = {each.lesson for each in gathered.submissions}
    return [lesson for lesson in gathered.lessons if lesson.name in names]
