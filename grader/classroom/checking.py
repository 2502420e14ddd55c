"""`check`, `hint` and `solution`: what a learner calls in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from grader.classroom.progress_file import (
    Progress,
    Record,
    load_progress,
    progress_path,
    save_progress,
)
from grader.classroom.shown import Shown
from grader.errors import ProgressError, SolutionNotShown
from grader.exams import Exercise, LocalCandidate, Verdict, marked, panel
from grader.exams import examine as examine_candidate
from grader.exercises import find_exercise
from grader.exercises.sources import nearest_root, solution_source

FAILURES_BEFORE_SOLUTION = 3
"""How many failed attempts open the solution."""


@dataclass(frozen=True)
class CheckResult:
    """Show a verdict: its panel as HTML, and the bare number of points as plain text.

    nbgrader reads that number as the points of the cell.
    """

    verdict: Verdict
    footnotes: tuple[str, ...] = ()

    def _repr_mimebundle_(self, **_options: object) -> dict[str, str]:
        html = panel(self.verdict, footnotes=self.footnotes)
        return {"text/plain": str(self.verdict.points), "text/html": html}

    def __str__(self) -> str:
        return str(self.verdict.points)


def check(name: str) -> CheckResult:
    """Judge the function or class of this name in the notebook, and show what was found.

    Raises UnknownExercise for a name that is no exercise.
    """
    exercise = find_exercise(name)
    verdict = examine_candidate(exercise, LocalCandidate(_notebook_names()))
    notes: tuple[str, ...]
    try:
        path = progress_path()
        progress = _after(load_progress(path), verdict)
        save_progress(progress, path)
        notes = _footnotes(exercise, progress.record(name), is_kept=path is not None)
    except ProgressError as error:
        notes = (f"Progress is not kept: {error}",)
    return CheckResult(verdict, notes)


def hint(name: str) -> Shown:
    """Show the next of the three hints that fit what the last check found."""
    exercise = find_exercise(name)
    path = progress_path()
    progress = load_progress(path)
    record = progress.record(name)
    if record.is_correct and not record.diagnosis:
        return _plain(f"`{name}` is correct: there is nothing left to hint at.")
    hints = _ladder(exercise, record.diagnosis)
    number = min(record.hints_seen, len(hints) - 1)
    seen = replace(record, hints_seen=number + 1)
    save_progress(progress.with_record(name, seen), path)
    return _plain(f"Hint {number + 1} of {len(hints)}: {hints[number]}")


def solution(name: str) -> Shown:
    """Show one way to do an exercise, after it is correct or after three failed attempts.

    Raises SolutionNotShown before that, or where the solutions are not on this machine.
    """
    exercise = find_exercise(name)
    record = load_progress(progress_path()).record(name)
    left = FAILURES_BEFORE_SOLUTION - record.failures
    if not record.is_correct and left > 0:
        attempts = "attempt" if left == 1 else "attempts"
        raise SolutionNotShown(
            f"The solution of {name} opens after {left} more failed {attempts}, or once it is "
            f'correct. Until then, hint("{name}") helps.'
        )
    root = nearest_root(Path.cwd()) or nearest_root(Path(__file__).parent)
    return _code(solution_source(root or Path.cwd(), exercise.lesson, name))


def _notebook_names() -> Mapping[str, object]:
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None:
        # Outside a notebook: the module that runs as the program.
        import __main__

        return vars(__main__)
    names: Mapping[str, object] = shell.user_ns
    return names


def _after(known: Progress, verdict: Verdict) -> Progress:
    """Return the progress after one more check."""
    record = known.record(verdict.exercise)
    if verdict.outcome == "Not started":
        return known
    is_correct = verdict.points == verdict.maximum
    diagnosis = verdict.diagnosis or ""
    record = Record(
        attempts=record.attempts + 1,
        failures=record.failures + (0 if is_correct else 1),
        points=max(record.points, verdict.points),
        is_correct=record.is_correct or is_correct,
        diagnosis=diagnosis,
        hints_seen=record.hints_seen if diagnosis == record.diagnosis else 0,
    )
    return known.with_record(verdict.exercise, record)


def _footnotes(exercise: Exercise, record: Record, *, is_kept: bool) -> tuple[str, ...]:
    if not is_kept or not record.attempts:
        return ()
    name = exercise.name
    if record.is_correct:
        return (f'`solution("{name}")` shows one way to write it.',)
    if record.failures >= FAILURES_BEFORE_SOLUTION:
        return (f'`hint("{name}")` gives the next hint; `solution("{name}")` is open to you now.',)
    return (f'`hint("{name}")` gives the next hint.',)


def _ladder(exercise: Exercise, diagnosis: str) -> tuple[str, ...]:
    for mistake in exercise.mistakes:
        if mistake.id == diagnosis and mistake.hints:
            return mistake.hints
    return exercise.hints


def _plain(sentence: str) -> Shown:
    return Shown(sentence, f"<p>{marked(sentence)}</p>")


def _code(source: str) -> Shown:
    note = "One way to write it; yours may be as good."
    return Shown(f"{note}\n\n{source}", f"<p>{note}</p><pre>{escape(source)}</pre>")
