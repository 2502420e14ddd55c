"""`check`, `hint` and `solution`: what a learner calls in a notebook.

The first check loads the exams: an import of the course shall take no longer than the SDK's.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from grader.classroom import notebook_code
from grader.classroom.craft import course_answer, tell_craft
from grader.classroom.progress_file import (
    Progress,
    ProgressRecord,
    load_progress,
    save_progress,
)
from grader.classroom.progress_place import open_place
from grader.classroom.showing import Shown
from grader.classroom.watching import interrupted_if_endless
from grader.errors import ProgressError, SolutionNotShown
from grader.plural import counted

if TYPE_CHECKING:
    from grader.exams import Exercise, Verdict

FAILURES_BEFORE_SOLUTION = 3
"""How many failed attempts open the solution."""

_STALE = "The newest version of `{name}` has a syntax error, so Python didn't run it."
_AT = "Line {line} of its cell: `{source}`"
_MEND = "Fix the cell, run it, and check again."
_STOPPED = (
    "Stopped before `{name}` finished. Look for a loop that never ends, fix it, run the cell, "
    "and check again."
)


@dataclass(frozen=True)
class CheckResult:
    """Show a verdict: its panel as HTML, and the bare number of points as plain text.

    nbgrader reads that number as the points of the cell. lead: sentences before the verdict.
    onward, craft: what to try next, and how a correct answer compares.
    """

    verdict: Verdict
    footnotes: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    onward: str = ""
    craft: str = ""

    def _repr_mimebundle_(self, **_options: object) -> dict[str, str]:
        from grader.exams import panel

        html = panel(
            self.verdict,
            footnotes=self.footnotes,
            lead=self.lead,
            onward=self.onward,
            craft=self.craft,
            is_in_lesson=True,
        )
        return {"text/plain": str(self.verdict.points), "text/html": html}

    def __str__(self) -> str:
        return str(self.verdict.points)


def check(name: str | Callable[..., Any], *, today: date | None = None) -> CheckResult | Shown:
    """Judge the notebook's function or class with this name, and show the verdict.

    today: the day that the progress notes, by default today's.
    An interrupted check says so instead, and one that never ends is interrupted. Raises
    UnknownExercise if the name isn't an exercise.
    """
    from grader.exams import LocalCandidate, examine

    exercise = _find(name)
    seed = random.SystemRandom().getrandbits(128)
    try:
        with interrupted_if_endless():
            verdict = examine(exercise, LocalCandidate(notebook_code.names()), seed=seed)
    except KeyboardInterrupt:
        return _plain(_STOPPED.format(name=exercise.name))
    notes: list[str] = []
    progress = Progress()
    try:
        path = open_place().path
        before = load_progress(path)
        progress = _after(before, verdict, notebook_code.fingerprint(exercise.name), seed)
        progress = _reviewed(before, progress, verdict, today)
        save_progress(progress, path)
        if path is not None:
            notes += _footnotes(exercise, progress.record(exercise.name), verdict)
    except ProgressError as error:
        notes.append(f"Your progress isn't saved: {error}")
    lead = _lead(exercise.name)
    if lead or verdict.outcome != "Correct":
        return CheckResult(verdict, tuple(notes), lead)
    onward, craft = _onward(exercise, progress), tell_craft(exercise, verdict.traffic, seed=seed)
    return CheckResult(verdict, tuple(notes), onward=onward, craft=craft)


def hint(name: str | Callable[..., Any]) -> Shown:
    """Show the next of the three hints for the last check's finding.

    Raises UnknownExercise if the name isn't an exercise.
    """
    exercise = _find(name)
    path = open_place().path
    progress = load_progress(path)
    record = progress.record(exercise.name)
    if record.is_correct and not record.diagnosis:
        return _plain(f"`{exercise.name}` is correct, so there's nothing left to hint at.")
    hints = exercise.hints_for(record.diagnosis)
    number = min(record.hints_seen, len(hints) - 1)
    seen = replace(record, hints_seen=number + 1)
    save_progress(progress.with_record(exercise.name, seen), path)
    return _plain(f"Hint {number + 1} of {len(hints)}: {hints[number]}")


def solution(name: str | Callable[..., Any]) -> Shown:
    """Show one way to do an exercise, once it is correct or after three failed attempts.

    Raises SolutionNotShown before that, or if the solutions are not on this machine.
    """
    exercise = _find(name)
    record = load_progress(open_place().path).record(exercise.name)
    left = FAILURES_BEFORE_SOLUTION - record.failures
    if not record.is_correct and left > 0:
        attempts = "attempt" if left == 1 else "attempts"
        raise SolutionNotShown(
            f"The solution of {exercise.name} opens after {left} more failed {attempts}, or once "
            f'it is correct. Until then, hint("{exercise.name}") helps.'
        )
    return _code(course_answer(exercise))


def _find(name: str | Callable[..., Any]) -> Exercise:
    # Imported at the first check: loading all checks of the course would slow the first cell down.
    from grader.exercises import find_exercise

    return find_exercise(_named(name))


def _named(name: str | Callable[..., Any]) -> str:
    """Return an exercise's name, also if somebody passes the function itself."""
    return name if isinstance(name, str) else str(getattr(name, "__name__", name))


def _after(known: Progress, verdict: Verdict, fingerprint: str, seed: int) -> Progress:
    """Return the progress after one more check; the same code again isn't a new attempt."""
    record = known.record(verdict.exercise)
    if verdict.outcome == "Not started":
        return known
    is_correct = verdict.outcome == "Correct"
    is_new = not fingerprint or fingerprint != record.fingerprint
    diagnosis = verdict.diagnosis or ""
    after = replace(
        record,
        attempts=record.attempts + is_new,
        failures=record.failures + (is_new and not is_correct),
        points=max(record.points, verdict.points),
        is_correct=record.is_correct or is_correct,
        diagnosis=diagnosis,
        hints_seen=record.hints_seen if diagnosis == record.diagnosis else 0,
        fingerprint=fingerprint,
        seed=f"{seed:x}" if is_correct and (is_new or not record.seed) else record.seed,
    )
    return known.with_record(verdict.exercise, after)


def _onward(exercise: Exercise, progress: Progress) -> str:
    """Return what to try after a correct answer: what is open in its lesson, or what follows."""
    from grader.exercises import COURSE, find_lesson

    lesson = find_lesson(exercise.lesson)
    for each in lesson.exercises:
        if each.name != exercise.name and not progress.record(each.name).is_correct:
            return f"`{each.name}`, {counted(each.minutes, 'minute')}, in this lesson."
    later = COURSE[COURSE.index(lesson) + 1 :]
    follows = f"{later[0].name}, {later[0].title}." if later else "`progress()` shows it all."
    return f"{follows} Every exercise of this lesson is correct."


def _reviewed(before: Progress, after: Progress, verdict: Verdict, today: date | None) -> Progress:
    """Return the progress with what a check says about the exercise's reviews."""
    from grader.classroom.reviewing import after_check, this_day

    name = verdict.exercise
    if verdict.outcome == "Not started":
        return after
    record = after_check(
        before.record(name),
        after.record(name),
        today or this_day(),
        is_right=verdict.outcome == "Correct",
        is_anew=notebook_code.is_newer_than(name, "review"),
    )
    return after.with_record(name, record)


def _lead(name: str) -> tuple[str, ...]:
    """Return what is wrong with the newest version of an answer, if Python could not read it."""
    fault = notebook_code.syntax_fault(name)
    if fault is None:
        return ()
    # The message shows it as code, between backticks, so it can't contain any.
    source = fault.source.replace("`", "'")
    at = _AT.format(line=fault.line, source=source) if source else f"Line {fault.line} of its cell"
    return _STALE.format(name=name), f"{at}: {fault.message}. {_MEND}"


def _footnotes(exercise: Exercise, record: ProgressRecord, verdict: Verdict) -> list[str]:
    name = exercise.name
    notes = []
    if record.points > verdict.points:
        notes.append(f"Your best so far, {record.points} of {exercise.points}, is kept.")
    if record.is_correct:
        notes.append(f'`solution("{name}")` shows one way to write it.')
    elif record.failures >= FAILURES_BEFORE_SOLUTION:
        notes.append(f'`solution("{name}")` is open now.')
    return notes


def _plain(sentence: str) -> Shown:
    from grader.exams import marked

    return Shown(sentence, f"<p>{marked(sentence)}</p>")


def _code(source: str) -> Shown:
    from grader.exams import preformatted

    note = "One way to write it. Yours may be just as good."
    return Shown(f"{note}\n\n{source}", f"<p>{note}</p>{preformatted(source)}")
