"""The exam: draws fresh data, sets scenes, calls the learner's code, and judges the results.

A check is a plain function over an Exam. It sees the requests that reached the simulated API and
the plain values that came back; it never holds a learner's object.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from typing import Any, NoReturn

from grader.catalog import retirement
from grader.errors import ExamError
from grader.exams.allowance import Allowance, TooMuch
from grader.exams.called import Called, Kept
from grader.exams.candidate import (
    MAX_PRINTED,
    Candidate,
    CandidateLost,
    cut_report,
    is_report,
)
from grader.exams.counting import exam_simulator
from grader.exams.crashes import Crash, slip_of, slips_of
from grader.exams.description import (
    CallableHandle,
    KeptHandle,
    Opaque,
    describe,
)
from grader.exams.evidence import MOST_IN_MEMORY, cut_evidence
from grader.exams.exercise import Exercise
from grader.exams.fresh_data import FreshData
from grader.exams.invigilator import TOO_MUCH, Invigilator
from grader.exams.reading import read
from grader.exams.scene import Scene
from grader.exams.sending import objection_of
from grader.exams.shapes import Case
from grader.exams.shown import api_error, shown
from grader.exams.traffic import add_up
from grader.exams.verdict import Finding, Judged, Slip, Verdict, outcome_of
from grader.exams.words import LOST, Diagnosis, common
from grader.simulator import Replies, Script, Scripted, text

Json = Any


class _Ended(Exception):
    """End the exam, because nothing after this call can be judged."""


class _Stopped(_Ended):
    """End the exam, because the learner's code raised an exception."""


class Exam(FreshData):
    """Judge one exercise.

    seed: draws all data; the same seed gives the same exam.
    tried: each dimension of the inputs with each value that has come up, written as code.
    """

    def __init__(self, exercise: Exercise, candidate: Candidate, *, seed: int) -> None:
        super().__init__(seed)
        self._exercise = exercise
        self._candidate = candidate
        self._allowance = Allowance()
        self._invigilator = Invigilator(self._allowance)
        self._results: dict[str, bool] = {}
        self._at_stake: tuple[str, ...] = ()
        self._finding: Finding | None = None
        self._evidence: Json = None
        # What the learner reads if nothing else is found, with its request.
        self._last: tuple[Finding, Json] | None = None
        self._is_started = True
        self._is_lost = False
        self._has_returned = False
        self._has_crashed = False
        self._traceback = ""
        self._printed = ""
        self.tried: set[tuple[str, str]] = set()

    # -- scenes and calls ------------------------------------------------------------------

    def scene(self, *replies: Scripted, kind: str = "anthropic", retries: int = 0) -> Scene:
        """Return a scene whose client gets these replies, in order.

        kind, retries: see ClientHandle.
        """
        return self.answering_scene(Script(*replies), kind=kind, retries=retries)

    def answering_scene(
        self, replies: Replies, *, kind: str = "anthropic", retries: int = 0
    ) -> Scene:
        """Return a scene whose client is answered by what each request says, in any order.

        replies: gives the reply to a request. kind, retries: see ClientHandle.
        """
        seed = self.seed_for(f"scene {len(self._invigilator.scenes)}")
        return self._invigilator.open_scene(replies, kind=kind, retries=retries, seed=seed)

    @property
    def scene_count(self) -> int:
        """Return how many scenes were opened so far."""
        return len(self._invigilator.scenes)

    def function(
        self, name: str, body: Callable[..., Any], *, parameters: tuple[str, ...] = ()
    ) -> CallableHandle:
        """Return a handle for a function of the exam, to pass to the learner's code.

        parameters: the names that its signature shows; any arguments when there are none. Whether
        a call fits is for `body` to say.
        """
        return self._invigilator.offer(name, body, parameters)

    def cases(self, *dimensions: str) -> Iterator[Case]:
        """Yield cases that try every shape of the exercise's inputs, the simplest first.

        dimensions: the ones to vary; all unless given. See `shapes`.
        """
        shapes = self._exercise.shapes
        for case in (shapes.only(*dimensions) if dimensions else shapes).cases:
            self.tried |= case.tried
            yield case

    def part(self) -> AbstractContextManager[None]:
        """Return a context: an exception in the learner's code ends only this part of the exam."""
        return suppress(_Stopped)

    def call(
        self,
        *arguments: Any,
        judges: tuple[str, ...] = (),
        may_raise: tuple[str, ...] = (),
        crash: Crash = None,
        awaits: bool = False,
        reads: tuple[str, ...] = (),
        sent: Callable[[Called | None], object] = lambda _: None,
        **keywords: Any,
    ) -> Called:
        """Call the learner's function and return the result.

        judges: the criteria that are not met when the exam ends in this call.
        may_raise: names of exceptions, with those derived from them, that do not end the exam.
            Any other, and a function that is missing or not started, ends it.
        crash: the mistake to name if this call raises, unless another mistake's crash pattern
            matches the exception; see `crashes`.
        reads: attributes; a value of any class that has them all comes back as a Record of them.
        awaits: the function is to be an `async def`, and its coroutine is run to the end.
        sent: judges what was sent, also when this call ends the exam; it is given None then.
        """
        command = self._command(
            self._exercise.name, arguments, keywords, awaits=awaits, reads=reads
        )
        called: Called | None = None
        try:
            called = self._run(command, judges=judges, may_raise=may_raise, crash=crash)
        finally:
            sent(called)
        self._has_returned = self._has_returned or called.raised is None
        return called

    def make(
        self,
        *arguments: Any,
        judges: tuple[str, ...] = (),
        crash: Crash = None,
        **keywords: Any,
    ) -> Kept:
        """Make an object of the learner's class, which the candidate keeps."""
        command = self._command(self._exercise.name, arguments, keywords, keep=True)
        kept: Kept = self._run(command, judges=judges, may_raise=(), crash=crash).value
        return kept

    def run_kept(
        self,
        handle: KeptHandle,
        name: str,
        arguments: tuple[Any, ...],
        keywords: Mapping[str, Any],
        *,
        keep: bool,
        judges: tuple[str, ...],
        may_raise: tuple[str, ...],
        crash: Crash,
    ) -> Called:
        """Call a method of a kept object, for `Kept.call`."""
        command = self._command(name, arguments, keywords, on=handle, keep=keep)
        called = self._run(command, judges=judges, may_raise=may_raise, crash=crash)
        self._has_returned = self._has_returned or called.raised is None
        return called

    def read_kept(self, handle: KeptHandle, name: str, *, judges: tuple[str, ...]) -> Any:
        """Return an attribute of a kept object, for `Kept.read`."""
        command = {"do": "read", "name": name, "on": handle.id}
        return self._run(command, judges=judges, may_raise=(), crash=None).value

    def _command(
        self,
        name: str,
        arguments: tuple[Any, ...],
        keywords: Mapping[str, Any],
        *,
        on: KeptHandle | None = None,
        keep: bool = False,
        awaits: bool = False,
        reads: tuple[str, ...] = (),
    ) -> dict[str, Json]:
        return {
            "do": "call",
            "name": name,
            "on": None if on is None else on.id,
            "keep": keep,
            "awaits": awaits,
            "reads": list(reads),
            "arguments": [describe(_handle_of(item)) for item in arguments],
            "keywords": {key: describe(_handle_of(item)) for key, item in keywords.items()},
        }

    def _run(
        self,
        command: dict[str, Json],
        *,
        judges: tuple[str, ...],
        may_raise: tuple[str, ...],
        crash: Crash,
    ) -> Called:
        self._at_stake = tuple(self._criterion(name) for name in judges)
        for slip in slips_of(crash):
            self._exercise.mistake(slip.mistake)
        try:
            report = self._candidate.run(command, self._invigilator.answer)
        except CandidateLost as lost:
            self._end_lost(lost.cause)
        stopped = self._invigilator.stopped
        if stopped is None and not is_report(report):
            stopped = "garbled", "a report"
        if stopped is not None:
            self._end_crashed(*stopped)
        report = cut_report(report)
        self._check_found(command, report)
        if len(report["arguments"]) != len(command.get("arguments", ())):
            self._end_crashed("garbled", "a report")
        printed = report["printed"]
        self._printed = (self._printed + printed)[:MAX_PRINTED]
        try:
            self._allowance.take_text(len(printed))
            arguments_after = tuple(read(item, self._allowance) for item in report["arguments"])
            value = read(report.get("value"), self._allowance)
        except TooMuch:
            self._end_crashed(*TOO_MUCH)
        if report["outcome"] == "raised":
            raised = " ".join(f"{report['type']}: {report['message']}".split()).removesuffix(":")
            kinds = tuple(report["kinds"])
            if self._is_stub(report):
                self._end_unstarted("not-started", self._exercise.name)
            if not set(kinds) & set(may_raise):
                # If several parts stopped, the learner reads about the first.
                self._traceback = self._traceback or report["traceback"]
                self._end_raised(report, raised, crash)
            return Called(None, raised, kinds, arguments_after, printed)
        if isinstance(value, Opaque) and value.type == "coroutine":
            self._end_crashed("unexpected-async", "")
        if command.get("keep"):
            if not isinstance(value, KeptHandle):
                self._end_crashed("garbled", "a report")
            value = Kept(self, value)
        return Called(value, None, (), arguments_after, printed)

    def _check_found(self, command: Json, report: Json) -> None:
        """End the exam if the name is missing or isn't a function, or its `await` never ends."""
        outcome, name = report["outcome"], command["name"]
        if command["on"] is not None and outcome in ("missing", "not callable"):
            self._end_crashed("missing-part", name)
        if outcome == "missing":
            self._end_unstarted("missing", name)
        if outcome == "stuck":
            self._end_crashed("nothing-wakes", report["where"])
        if outcome == "not awaitable":
            self._end_crashed("not-async", report["type"])
        if outcome == "not callable":
            self._end_unstarted("not-callable", report["type"])

    def send(self, request: Json) -> str | None:
        """Send a request that the learner's code built, and return the API's objection, if any.

        None if the API accepts it; else a text such as "400 invalid_request_error: messages: …",
        or the exception that the SDK would raise because the request cannot be written as JSON.
        """
        return objection_of(exam_simulator(Script(text("Fine.")), seed=0), request)[0]

    # -- judging ---------------------------------------------------------------------------

    def expect(
        self,
        criterion: str,
        is_met: bool,
        diagnosis: str | Slip,
        observed: object = "",
        *,
        request: Json = None,
        is_last: bool = False,
    ) -> bool:
        """Judge one criterion, and return whether it is met.

        A criterion that is judged several times must be met each time. The learner reads the first
        mistake that the exam finds.
        diagnosis: the mistake's id, with what fills `{observed}` in its words; or a slip with both.
        request: the body, as a scene has it, in which the mistake is seen, if it is a single one.
        is_last: whether the learner reads of it only if no other mistake is found.
        """
        slip = Slip(diagnosis, observed) if isinstance(diagnosis, str) else diagnosis
        mistake = self._exercise.mistake(slip.mistake)
        before = self._results.get(self._criterion(criterion), True)
        self._results[criterion] = before and is_met
        if not is_met and is_last:
            self._last = self._last or (self._found(mistake, slip.observed), request)
        elif not is_met and self._finding is None:
            self._finding = self._found(mistake, slip.observed)
            self._evidence = request
        return is_met

    def judge(
        self,
        slip: Slip | None,
        *criteria: str,
        otherwise: str | None = None,
        request: Json = None,
        is_last: bool = False,
    ) -> bool:
        """Judge criteria by one slip, and return whether they are met, which means there is none.

        otherwise: the mistake to name if the exercise has no words for the slip itself.
        request, is_last: see `expect`.
        """
        for criterion in criteria:
            if slip is None:
                self._results.setdefault(self._criterion(criterion), True)
                continue
            named = slip.mistake
            if otherwise is not None:
                named = self.which({slip.mistake: True}, otherwise=otherwise)
            self.expect(
                criterion,
                is_met=False,
                diagnosis=named,
                observed=slip.observed,
                request=request,
                is_last=is_last,
            )
        return slip is None

    def _criterion(self, name: str) -> str:
        known = [criterion.id for criterion in self._exercise.criteria]
        if name not in known:
            raise ExamError(
                f"{self._exercise.name} has no criterion named {name!r}. "
                f"It has: {', '.join(known)}."
            )
        return name

    def which(self, cases: Mapping[str, bool], *, otherwise: str) -> str:
        """Return the first diagnosis whose case holds, or else `otherwise`.

        Cases that the exercise has no mistake for are skipped, so that exercises can share a
        judge. Raises ExamError if `otherwise` isn't a mistake of the exercise.
        """
        self._exercise.mistake(otherwise)
        known = {mistake.id for mistake in self._exercise.mistakes}
        return next((name for name, holds in cases.items() if holds and name in known), otherwise)

    def slip(
        self,
        cases: Mapping[str, bool | tuple[bool, object]],
        *,
        otherwise: str,
        observed: object = "",
    ) -> Slip:
        """Return the first slip whose case holds, as `which` does, with the evidence for it.

        cases: whether each holds, and its evidence if that isn't `observed`.
        """
        pairs = {
            name: case if isinstance(case, tuple) else (case, observed)
            for name, case in cases.items()
        }
        named = self.which({name: holds for name, (holds, _) in pairs.items()}, otherwise=otherwise)
        return Slip(named, pairs.get(named, (True, observed))[1])

    def explanation(self, told: str) -> str | None:
        """Return the first mistake whose crash pattern explains "TypeError: message", or None."""
        named = (each.id for each in self._exercise.mistakes if each.explains(told))
        return next(named, None)

    def verdict(self) -> Verdict:
        """Run the check and return what it found."""
        # An early end has recorded its finding; criteria not judged by then are not met.
        with suppress(_Ended):
            self._exercise.check(self)
        if self._finding is None and self._last is not None:
            self._finding, self._evidence = self._last
        counts = self._is_started and not self._is_lost
        judged = tuple(
            Judged(
                criterion,
                self._results.get(criterion.id, False) and counts,
                criterion.id in self._results and counts,
            )
            for criterion in self._exercise.criteria
        )
        requests = tuple(body for scene in self._invigilator.scenes for body in scene.bodies)
        verdict = Verdict(
            exercise=self._exercise.name,
            outcome=outcome_of(judged, is_started=self._is_started, has_crashed=self._has_crashed),
            judged=judged,
            finding=self._finding,
            requests=requests,
            traceback=self._traceback,
            printed=self._printed,
            shown_first=next(
                (place for place, body in enumerate(requests) if body is self._evidence), None
            ),
            traffic=add_up(self._invigilator.scenes),
        )
        return cut_evidence(verdict, most=MOST_IN_MEMORY)

    # -- endings ---------------------------------------------------------------------------

    def _end_unstarted(self, diagnosis: str, observed: str) -> NoReturn:
        self._is_started = False
        self._end(diagnosis, observed)

    def _is_stub(self, report: Json) -> bool:
        # Code that has returned before isn't a stub: it raises this on purpose.
        return (
            report["type"] == "NotImplementedError"
            and not self._has_returned
            and self._is_own(report["raised_in"])
        )

    def _is_own(self, place: str) -> bool:
        function, _, inner = place.partition(".")
        return function == self._exercise.name and not inner.startswith("<locals>")

    def _end_raised(self, report: Json, raised: str, crash: Crash) -> NoReturn:
        place = report["raised_in"]
        if report["type"] == "NotImplementedError" and not self._is_own(place):
            self._end_crashed("unfinished-part", place, end=_Stopped)
        if self._finding is None:
            self._evidence = self._invigilator.refused
        told = api_error(raised)
        retired = retirement(told.rpartition("model: ")[2])
        if retired and common("retired-model").explains(told):
            self._end_crashed("retired-model", retired, end=_Stopped)
        known = (*self._exercise.mistakes, common("loop-runs"))
        named = next((mistake for mistake in known if mistake.explains(raised)), None)
        slip = slip_of(crash, raised, is_explained=named is not None, is_own=report["is_own"])
        if slip is None:
            found = named or common("own-raise" if report["is_own"] else "crash")
            self._end_crashed(found, told, end=_Stopped)
        observed = told if slip.observed == "" else f"{shown(slip.observed)} → {told}"
        self._end_crashed(self._exercise.mistake(slip.mistake), observed, end=_Stopped)

    def _end_lost(self, cause: str) -> NoReturn:
        # If we have to stop the code, nothing that it did before counts, nor anything that a check
        # still says about it; and its author has to read about that first.
        self._is_lost = True
        self._finding = None
        self._has_crashed = True
        self._end(LOST[cause], self._exercise.name)

    def _end_crashed(
        self, diagnosis: str | Diagnosis, observed: object, *, end: type[_Ended] = _Ended
    ) -> NoReturn:
        # If we found something before the crash, the learner reads and fixes that first.
        self._has_crashed = self._has_crashed or self._finding is None
        self._end(diagnosis, observed, end=end)

    def _end(
        self, diagnosis: str | Diagnosis, observed: object, *, end: type[_Ended] = _Ended
    ) -> NoReturn:
        """End the exam; diagnosis: the id of one that exercises share, or the exercise's own."""
        self._results.update(dict.fromkeys(self._at_stake, False))
        if self._finding is None:
            told = common(diagnosis) if isinstance(diagnosis, str) else diagnosis
            self._finding = self._found(told, observed)
        raise end

    def _found(self, diagnosis: Diagnosis, observed: object) -> Finding:
        return Finding(
            diagnosis, diagnosis.seen(shown(observed)), diagnosis.hints or self._exercise.hints
        )


def _handle_of(argument: object) -> object:
    return argument.handle if isinstance(argument, Kept) else argument


def examine(exercise: Exercise, candidate: Candidate, *, seed: int | None = None) -> Verdict:
    """Return the verdict on one exercise; seed: random unless given."""
    drawn = random.SystemRandom().getrandbits(128) if seed is None else seed
    return Exam(exercise, candidate, seed=drawn).verdict()
