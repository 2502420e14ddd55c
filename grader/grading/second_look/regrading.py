"""Examine submissions again, and say what is otherwise than it was, and why.

Nothing changes unless that is asked for: first an instructor looks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader.errors import GradingError
from grader.exams.verdict import Verdict
from grader.exercises import find_lesson
from grader.grading.crew import Crew, Jobs
from grader.grading.entries import Entry
from grader.grading.grade import settle_class
from grader.grading.journal import Journal
from grader.grading.lean import Lean
from grader.grading.one_run import one_run
from grader.grading.options import COLLECTED
from grader.grading.rebuild import source_of
from grader.grading.report.reading import full_standings
from grader.grading.result import (
    ExerciseResult,
    Result,
    Run,
    canonical,
    result_from_json,
    result_to_json,
)
from grader.grading.results_folder import ResultsFolder, known_folder
from grader.grading.sandbox import Level, Limits, probe, refuse_unsealed
from grader.grading.versions import UNCHANGED, changed_since, lesson_version, read_versions
from grader.grading.whole_file import writing

Json = Any

MOST_SHOWN = 200
"""Of how many submissions that differ the evidence is kept."""
_CHANCE = (
    "Nothing that a result depends on has changed since, and yet it is another one: what this code "
    "does depends on chance, on the time, or on how busy the machine is."
)


@dataclass(frozen=True)
class Again:
    """Hold a result beside that of the same file, examined again.

    new: with a trouble if it could not be examined. why: what has changed, a sentence.
    code: by exercise. is_kept: whether the new one counts from now on.
    """

    old: Result
    new: Result
    why: str
    code: dict[str, str] = field(default_factory=dict)
    is_kept: bool = False

    @property
    def exercises(self) -> tuple[tuple[ExerciseResult, ExerciseResult], ...]:
        """Return each exercise before and now, as far as it is in both."""
        now = {each.exercise: each for each in self.new.exercises}
        return tuple(
            (each, now[each.exercise]) for each in self.old.exercises if each.exercise in now
        )

    @property
    def changed(self) -> tuple[str, ...]:
        """Return the names of the exercises whose verdict is otherwise, as people see it."""
        if self.new.trouble:
            return ()
        before = {each.exercise: _seen(each) for each in self.old.exercises}
        now = {each.exercise: _seen(each) for each in self.new.exercises}
        names = dict.fromkeys((*before, *now))
        return tuple(each for each in names if before.get(each) != now.get(each))


@dataclass(frozen=True)
class Regraded:
    """Hold what came of examining again, by student; notes: what else to know, a sentence each."""

    lesson: str
    exercise: str
    again: tuple[Again, ...]
    notes: tuple[str, ...] = ()


def regrade(
    folder: Path,
    course: Path,
    lesson: str,
    *,
    students: Sequence[str] = (),
    exercise: str = "",
    is_kept: bool = False,
    jobs: int | None = None,
    level: Level | None = None,
    limits: Limits | None = None,
    allow_unsandboxed: bool = False,
    on_examined: Callable[[], object] = lambda: None,
) -> Regraded:
    """Examine again what counts in a lesson, and compare.

    folder: of results. course: the repository. students: by default everybody who has a result.
    exercise: only this one may change if the new results are kept. is_kept: let them count.
    on_examined: called for each submission. Raises GradingError when nothing can be examined at
    all, RunAtWork while a run is at work.
    """
    contained = level or probe()
    refuse_unsealed(contained, allow_unsandboxed=allow_unsandboxed)
    if exercise:
        _refuse_other_exercise(lesson, exercise)
    known = known_folder(folder)
    counting = _counting(known.path, lesson, students)
    with one_run(known.path), ExitStack() as stack:
        journal = stack.enter_context(Journal(known.journal))
        asked = _Asked(known, course, lesson, exercise, journal, is_kept=is_kept)
        with writing(known.log):
            log = stack.enter_context(known.log.open("ab"))
        most = min(jobs or os.cpu_count() or 1, len(counting))
        crew = stack.enter_context(Crew(course, contained, limits or Limits(), jobs=most, log=log))
        found: dict[int, Again] = {}
        lean, shown = Lean(), 0
        for place, answer in crew.examine(Jobs(counting, asked.job)):
            one = asked.compare(counting[place], answer, contained)
            shown += bool(one.changed)
            if len(counting) > 1 and (shown > MOST_SHOWN or not one.changed):
                # A class's evidence takes gigabytes, and nobody looks at so much of it.
                one = replace(one, old=lean(one.old), new=lean(one.new))
            found[place] = one
            on_examined()
    again = tuple(found[place] for place in sorted(found))
    notes = settle_class(known.path) if any(each.is_kept for each in again) else ()
    return Regraded(lesson, exercise, again, (*_not_kept(again, exercise, is_kept=is_kept), *notes))


def _refuse_other_exercise(lesson: str, exercise: str) -> None:
    names = [each.name for each in find_lesson(lesson).exercises]
    if exercise not in names:
        raise GradingError(f"{lesson} has no exercise {exercise!r}. It has: {', '.join(names)}.")


def _counting(folder: Path, lesson: str, students: Sequence[str]) -> list[Result]:
    """Return the results that count, without their evidence."""
    found = [
        replace(each.result, exercises=())
        for each in full_standings(folder)
        if each.place[1] == lesson
        and each.result.exercises
        and (not students or each.place[0] in students)
    ]
    missing = set(students) - {each.student for each in found}
    if missing or not found:
        who = ", ".join(sorted(missing)) or "Nobody"
        raise GradingError(
            f"{who}: no result of {lesson} in {folder}. `grader grade` grades what is new."
        )
    return found


class _Asked:
    """Make the jobs, and compare what comes of them with what is known."""

    def __init__(
        self,
        folder: ResultsFolder,
        course: Path,
        lesson: str,
        exercise: str,
        journal: Journal,
        *,
        is_kept: bool,
    ) -> None:
        self._folder = folder
        self._exercise = exercise
        self._journal = journal
        self._is_kept = is_kept
        self._now = lesson_version(course, lesson)
        self._known = read_versions(folder.path)

    def job(self, result: Result) -> Json:
        """Return what a worker is told of a submission."""
        return {
            "student": result.student,
            "lesson": result.lesson,
            "digest": result.digest,
            "seed": self._journal.seed,
            "notebook": self._text(result),
        }

    def _text(self, result: Result) -> str:
        """Return what was read from a file when it came."""
        place = result.student, result.lesson
        kept = self._folder.kept_try(*place, result.digest)
        path = self._folder.path / COLLECTED / place[0] / place[1] / f"{place[1]}.ipynb"
        if kept is None and self._journal.newest(place) == result.digest and path.exists():
            with writing(path):
                kept = path.read_bytes()
        if kept is None:
            raise GradingError(
                f"What {result.student} handed in of {result.lesson} is gone from {path.parent}. "
                "Hand it in again with `grader grade`."
            )
        return kept.decode()

    def compare(self, lean: Result, answer: Json, level: Level) -> Again:
        """Return both results, and keep the new one if that was asked for."""
        place = lean.student, lean.lesson
        entry = self._journal.entry_of(place, lean.digest)
        assert entry is not None, "what counts is in the journal"
        old, seed = entry.result, self._journal.seed
        if "trouble" in answer:
            new = Result(*place, lean.digest, trouble=answer["trouble"])
            return Again(old, new, "It could not be examined again, so what was found stays.")
        new = result_from_json(answer["result"])
        why = changed_since(entry.key, old, self._now, self._known, seed=seed)
        is_same = canonical(result_to_json(old)) == canonical(answer["result"])
        if why == UNCHANGED and not is_same:
            why = _CHANCE
        names = {each.exercise for each in new.exercises}
        cells = {each["id"]: source_of(each) for each in answer["notebook"]["cells"]}
        code = {name: cells[name] for name in names if name in cells}
        again = Again(old, new, why, code)
        if not self._is_kept or is_same or not self._may_keep(again):
            return again
        run = Run(level.value, {name: round(took, 4) for name, took in answer["seconds"].items()})
        self._folder.keep_graded(*place, lean.digest, answer["notebook"])
        self._journal.add(Entry(self._now.key(old, seed), new, run))
        return replace(again, is_kept=True)

    def _may_keep(self, again: Again) -> bool:
        return not self._exercise or set(again.changed) <= {self._exercise}


def _not_kept(again: Sequence[Again], exercise: str, *, is_kept: bool) -> Iterator[str]:
    if not is_kept:
        return
    others = [each for each in again if exercise and set(each.changed) - {exercise}]
    for each in others:
        names = ", ".join(name for name in each.changed if name != exercise)
        yield (
            f"{each.old.student}: not kept, because {names} would change too. Look at that, and "
            "leave --exercise out to keep all of it."
        )


def _seen(result: ExerciseResult) -> Json:
    """Return what a person sees of a verdict; requests have ids that are drawn anew."""
    verdict = result.verdict
    return (verdict.outcome, _criteria(verdict), verdict.diagnosis, result.flag)


def _criteria(verdict: Verdict) -> tuple[tuple[str, int, bool, bool], ...]:
    return tuple(
        (each.criterion.id, each.criterion.points, each.is_met, each.is_reached)
        for each in verdict.judged
    )


def differences(before: ExerciseResult, now: ExerciseResult) -> tuple[str, ...]:
    """Return in words what is otherwise with one exercise, a sentence each."""
    old, new = before.verdict, now.verdict
    told = []
    if old.outcome != new.outcome:
        told.append(f"The outcome was {old.outcome}, and is {new.outcome}.")
    was = {each.criterion.id: each for each in old.judged}
    for each in new.judged:
        one = was.pop(each.criterion.id, None)
        text = each.criterion.text
        if one is None:
            told.append(f"There is a new criterion: {text}.")
        elif one.criterion.points != each.criterion.points:
            worth = f"{each.criterion.points} instead of {one.criterion.points}"
            told.append(f"Worth {worth}: {text}.")
        elif one.is_met != each.is_met:
            told.append(f"{'Now met' if each.is_met else 'No longer met'}: {text}.")
    told += [f"There is no longer a criterion: {each.criterion.text}." for each in was.values()]
    if old.diagnosis != new.diagnosis:
        told.append(f"Seen before: {_title(old)} Seen now: {_title(new)}")
    if before.flag != now.flag:
        told.append(f"Cut short before: {before.flag or 'no'}. Now: {now.flag or 'no'}.")
    return tuple(told)


def _title(verdict: Verdict) -> str:
    return verdict.finding.diagnosis.title if verdict.finding else "no mistake."
