"""Examine one rebuilt notebook, from its first cell to its last verdict: grading's unit of work.

The cells run in a sealed kernel. At a check cell, the exam runs here, in the trusted process, and
talks to the kernel over a socket; the check cell's output is written here too.
If a kernel dies, that costs one exercise: the next one gets a new kernel, in which the cells
before it run again, except the one that was deadly.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from grader.errors import MachineTooBusy, WarmParentLost
from grader.exams import (
    CandidateLost,
    Exercise,
    Lesson,
    Lines,
    RemoteCandidate,
    Verdict,
    common,
    examine,
    panel,
)
from grader.exams.evidence import cut_evidence
from grader.exams.shown import shown
from grader.exams.verdict import CRASHED, Finding
from grader.grading.clean_outputs import clean_outputs
from grader.grading.exam_seeds import chance_of, seed_of
from grader.grading.kernels import CellRun, SealedKernel, WarmParent
from grader.grading.rebuild import is_check
from grader.grading.result import CELL, ExerciseResult
from grader.grading.sandbox import Limits

Json = Any

_FLAGS = {
    "deadline": "Grading stopped the code of {name} at its deadline: {time}.",
    "died": "The code of {name} ended its kernel.",
    "garbled": "What the code of {name} sent was not an answer.",
    "late": "The notebook's time was up before the exam of {name}: {time}.",
    "broken": "The check of {name} could not judge what it got.",
}
_EXCESSES = {
    "": "ended its kernel.",
    "files": "was ended: it wrote more, or more files, than a notebook may.",
    "memory": "was ended: it took more memory than a notebook may.",
    "threads": "was ended: it had more threads than a notebook may.",
}
# ipykernel names the file of a cell after its process.
_CELL_FILE = re.compile(r"ipykernel_\d+[/\\]\d+\.py")
_WORD = re.compile(r"[^\s\"']+")
_CELL_NAME = re.compile(r"\(\d+\.py, ")
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_LONGEST_FAILURE = 300
_NOT_RUN = "Not run: the notebook's time was up."


@dataclass(frozen=True)
class Examination:
    """Hold the outcome of examining one notebook.

    notebook: as nbformat's JSON, with cleaned outputs and the examiner's panels.
    seconds: how long each stage took, by its name. remarks: on cells that had to be stopped.
    """

    exercises: tuple[ExerciseResult, ...]
    notebook: Json
    seconds: Mapping[str, float]
    remarks: tuple[str, ...]


def examine_notebook(
    notebook: Json,
    lesson: Lesson,
    warm: WarmParent,
    *,
    seed: str,
    limits: Limits,
    student: str = "",
    digest: str = "",
    seeds: Mapping[str, int] | None = None,
) -> Examination:
    """Run a rebuilt notebook and examine each exercise where its check cell stands.

    seed, student, digest: draw the fresh data of every exam, see `seed_of`. seeds: those of
    exercises whose data is known, by name. Besides these, the result depends only on the notebook
    and the lesson.
    """
    # Only what stands directly in a cell is written, so the rest may be shared.
    done = {**notebook, "cells": [dict(cell) for cell in notebook["cells"]]}
    exercises = {f"check_{each.name}": each for each in lesson.exercises}
    results: dict[str, ExerciseResult] = {}
    remarks: list[str] = []
    failures: dict[str, str] = {}
    most = len(exercises) + 4
    with _Sitting(warm, limits, most, chance=chance_of("", digest=digest)) as sitting:
        for number, cell in enumerate(
            (cell for cell in done["cells"] if cell["cell_type"] == "code"), 1
        ):
            cell["execution_count"] = number
            if not is_check(cell):
                run = sitting.run(cell["source"], number=number)
                cell["outputs"] = clean_outputs(run.outputs)
                remarks += _remarks_on(number, run, limits, sitting.excess)
                failures[cell["id"]] = _failure(run)
                continue
            exercise = exercises[cell["id"]]
            drawn = (seeds or {}).get(exercise.name)
            if drawn is None:
                drawn = seed_of(seed, exercise.name, student=student, digest=digest)
            result = sitting.examine(
                exercise, seed=drawn, chance=chance_of(exercise.name, digest=digest)
            )
            result = _explained(result, failures.get(exercise.name, ""))
            is_first = not results
            results[exercise.name] = result
            cell["outputs"] = [_shown(result.verdict, number, is_first=is_first)]
        seconds = dict(sitting.seconds)
        remarks += [f"Cell [{number}] {_EXCESSES[what]}" for number, what in sitting.excessive]
    judged = tuple(results[each.name] for each in lesson.exercises)
    return Examination(judged, done, seconds, tuple(remarks))


def _remarks_on(number: int, run: CellRun, limits: Limits, excess: str) -> list[str]:
    """Return the remark on a cell that did not run to its end; number: its prompt's.

    excess: the limit that it exceeded, if it was ended for that.
    """
    if run.ended == "deadline":
        return [f"Cell [{number}] was stopped at its deadline: {_deadlines(limits)}."]
    if run.ended == "died":
        return [f"Cell [{number}] {_EXCESSES[excess]}"]
    failure = _failure(run)
    return [f"Cell [{number}] failed: {shown(_stable(failure))}."] if failure else []


def _deadlines(limits: Limits) -> str:
    return f"{limits.cell_seconds:g} seconds a cell, {limits.notebook_seconds:g} a notebook"


def _failure(run: CellRun) -> str:
    """Return the last line of a cell's error, or "" if it had none."""
    if run.ended == "deadline":
        return "KeyboardInterrupt: its time was up"
    for output in run.outputs:
        if output.get("output_type") == "error":
            told = f"{output.get('ename', '')}: {output.get('evalue', '')}".rstrip(": .")
            # IPython names a file for each cell, which means nothing to people.
            return _CELL_NAME.sub("(", told)[:_LONGEST_FAILURE]
    return ""


def _explained(result: ExerciseResult, failure: str) -> ExerciseResult:
    """Return a result in which a missing exercise is explained by its cell's failure.

    An exam cannot see that. There are no points either way: the kernel is trusted only for words.
    """
    verdict = result.verdict
    if not failure or verdict.diagnosis != "missing":
        return result
    diagnosis = common("cell-failed")
    saw = diagnosis.seen(shown(_stable(failure)))
    finding = Finding(diagnosis, saw, verdict.finding.hints if verdict.finding else ())
    return replace(result, verdict=replace(verdict, outcome=CRASHED, finding=finding))


def _shown(verdict: Verdict, number: int, *, is_first: bool) -> Json:
    """Return the output of a check cell: the number that nbgrader reads, and the panel.

    is_first: whether no panel is above it, and so it brings the style of all.
    """
    # The same panel that a feedback page makes from the journal.
    html = panel(cut_evidence(verdict), brings_style=is_first)
    return {
        "output_type": "execute_result",
        "execution_count": number,
        "metadata": {},
        "data": {"text/plain": str(verdict.points), "text/html": html},
    }


class _Gone:
    """Stand for a learner's code that cannot be reached."""

    def __init__(self, cause: str) -> None:
        self._cause = cause

    def run(self, _command: Json, _ask: Any) -> Json:
        raise CandidateLost(self._cause)


@dataclass
class _Sitting:
    """Keep one notebook's kernel, and start another when it is gone."""

    warm: WarmParent
    limits: Limits
    most_kernels: int
    chance: str
    """The seed of what the cells draw."""
    seconds: dict[str, float] = field(default_factory=dict)
    excess: str = ""
    """The limit that the last kernel exceeded, if it was ended for that."""
    _kernel: SealedKernel | None = None
    _lines: Lines | None = None
    excessive: list[tuple[int, str]] = field(default_factory=list)
    """Cells that ended well but left a kernel over a limit, with that limit."""
    _ran: list[tuple[int, str]] = field(default_factory=list)
    _started: int = 0
    _is_careful: bool = False
    _spent: float = 0.0
    """How many seconds earlier kernels used."""

    def __enter__(self) -> _Sitting:
        self._open = ExitStack()
        return self

    def __exit__(self, *_error: object) -> None:
        with self._timed("end"):
            self._open.close()

    def run(self, source: str, *, number: int) -> CellRun:
        """Run one cell; number: its prompt's."""
        if not source.strip():
            return CellRun((), "ok")
        kernel = self._living()
        if kernel is None:
            told = {"output_type": "stream", "name": "stderr", "text": _NOT_RUN}
            return CellRun((told,), "ok")
        with self._timed("cells"):
            run = kernel.run(source, seconds=self._left())
        if run.ended in ("ok", "error"):
            self._ran.append((number, source))
        elif run.ended == "died":
            self._drop()
            if self._was_another():
                return self.run(source, number=number)
        return run

    def examine(self, exercise: Exercise, *, seed: int, chance: str) -> ExerciseResult:
        """Examine one exercise on the code that the kernel holds.

        seed: draws the exam's data. chance: the seed of the code's own draws.
        """
        kernel = self._living()
        if kernel is None:
            verdict = examine(exercise, _Gone("deadline"), seed=seed)
            return ExerciseResult(verdict, self._flag("late", exercise))
        # The code may read it, so it is random, and derived from nothing.
        token = secrets.token_hex(16)
        seconds = self._left()
        with self._timed("exams"):
            assert self._lines is not None
            kernel.sit(token, chance)
            deadline = kernel.deadline(seconds)
            candidate = _Watched(
                RemoteCandidate(self._lines, token=token, seconds=seconds, more=deadline.more)
            )
            try:
                verdict = examine(exercise, candidate, seed=seed)
            except Exception:  # noqa: BLE001 - an unforeseen answer must not stop a class
                self._drop()
                verdict = examine(exercise, _Gone("garbled"), seed=seed)
                return ExerciseResult(verdict, self._flag("broken", exercise))
            if candidate.lost is None:
                self._close_exam(candidate)
                return ExerciseResult(_repeatable(verdict))
            if candidate.lost == "deadline" and deadline.was_starved:
                raise MachineTooBusy
        # The next exercise must not suffer from what this one was doing.
        self._drop()
        if candidate.lost == "died" and self._was_another():
            return self.examine(exercise, seed=seed, chance=chance)
        return ExerciseResult(_repeatable(verdict), self._flag(candidate.lost, exercise))

    def _was_another(self) -> bool:
        """Return whether the kernel died because an earlier cell had left it over a limit.

        To find that cell, run all of them again and look after each; leave it out from then on.
        """
        if not self.excess or self._is_careful:
            return False
        self._is_careful = True
        before = len(self.excessive)
        return self._living() is not None and len(self.excessive) > before

    def _flag(self, cause: str, exercise: Exercise) -> str:
        return _FLAGS[cause].format(name=exercise.name, time=_deadlines(self.limits))

    def _close_exam(self, candidate: _Watched) -> None:
        assert self._kernel is not None
        try:
            candidate.remote.end()
        except CandidateLost:
            self._drop()
            return
        if self._kernel.finish(seconds=self.limits.interrupt_seconds + 1).ended != "ok":
            self._drop()

    def _living(self) -> SealedKernel | None:
        """Return a kernel that has run all cells so far, or None if time or kernels ran out."""
        if self._kernel is not None and not self._kernel.is_alive:
            self._drop()
            self._is_careful = bool(self.excess)
        while self._kernel is None:
            if self._started >= self.most_kernels or self._left() <= 0:
                return None
            self._start()
        return self._kernel if self._left() > 0 else None

    def _start(self) -> None:
        self._started += 1
        with self._timed("kernel"):
            self._kernel = self._open.enter_context(self.warm.kernel(self.chance))
            self._lines = Lines(self._kernel.exam)
        for number, source in list(self._ran):
            with self._timed("cells"):
                run = self._kernel.run(source, seconds=self._left(), silent=True)
                excess = self._kernel.look() if self._is_careful else ""
            if excess or run.ended not in ("ok", "error"):
                # It ended well the first time; the next kernel skips it.
                self._ran.remove((number, source))
                if excess:
                    self.excessive.append((number, excess))
                self._drop()
                return

    def _drop(self) -> None:
        kernel, self._kernel, self._lines = self._kernel, None, None
        if kernel is not None:
            self._spent += kernel.clock.measure()
        with self._timed("end"):
            self._open.close()
        if kernel is not None:
            self.excess = kernel.excess
            if kernel.is_orphan:
                # The notebook is not to blame: all of this is done again.
                raise WarmParentLost

    def _left(self) -> float:
        """Return how many seconds the next cell or exam may take; 0 or less if none are left."""
        left = self.limits.notebook_seconds - self._spent
        if self._kernel is not None:
            clock = self._kernel.clock
            left -= clock.now() if clock.now() < left else clock.measure()
        return min(self.limits.cell_seconds, left)

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - begun
            self.seconds[stage] = self.seconds.get(stage, 0.0) + took


class _Watched:
    """Remember whether a candidate was lost, and why."""

    def __init__(self, remote: RemoteCandidate) -> None:
        self.remote = remote
        self.lost: str | None = None

    def run(self, command: Json, ask: Any) -> Json:
        try:
            return self.remote.run(command, ask)
        except CandidateLost as lost:
            self.lost = lost.cause
            raise


def _repeatable(verdict: Verdict) -> Verdict:
    """Return a verdict without what changes from process to process: file names and addresses."""
    return replace(verdict, traceback=_stable(verdict.traceback), printed=_stable(verdict.printed))


def _stable(text: str) -> str:
    return _ADDRESS.sub("", _WORD.sub(_without_file, text))


def _without_file(word: re.Match[str]) -> str:
    """Return a word without the path of a cell's file; reads each word once."""
    ends = [file.end() for file in _CELL_FILE.finditer(word[0])]
    return f"{CELL}{word[0][ends[-1] :]}" if ends else word[0]
