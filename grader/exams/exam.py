"""The exam: draws fresh data, sets scenes, calls the learner's code, and judges what came of it.

A check is a plain function over an Exam. It sees requests that reached the simulated API and plain
values that came back; it never holds an object of the learner's.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from grader.errors import ExamError
from grader.exams import common_diagnoses
from grader.exams.candidate import Candidate, is_question, is_report
from grader.exams.description import (
    CallableHandle,
    ClientHandle,
    Opaque,
    SdkObject,
    describe,
    name_of,
    read,
)
from grader.exams.exercise import Diagnosis, Exercise
from grader.exams.scene import Scene
from grader.exams.shown import shown
from grader.exams.verdict import Finding, Judged, Verdict, outcome_of
from grader.simulator import (
    NEWEST_VERSION,
    Script,
    Scripted,
    ServerSentEvent,
    Simulator,
    text,
)

Json = Any

MAX_QUESTIONS = 2_000
"""How often a candidate may ask in one exam, pulled events and invoked functions included."""

MODELS = ("claude-haiku-4-5-20251001", "claude-opus-4-8", "claude-sonnet-4-6", "claude-sonnet-5-5")
"""The models that the exams' own messages come from."""

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_WORDS = (
    "amber basil cedar delta ember fjord grove hazel inlet jasper kelp lumen maple nectar onyx "
    "pearl quartz river sable thyme umber violet willow xenon yarrow zephyr"
)


@dataclass(frozen=True)
class Called:
    """Hold what came of one call of the learner's code, as plain data.

    value: what it returned; None when it raised.
    raised: "TypeError: message" when it raised something that the check allows, else None.
    raised_kinds: the names of that exception's class and of its base classes.
    arguments: the positional arguments as they were after the call; a client is opaque.
    printed: what it printed.
    """

    value: Any
    raised: str | None
    raised_kinds: tuple[str, ...]
    arguments: tuple[Any, ...]
    printed: str


class _Ended(Exception):
    """Carry the end of an exam from a call that cannot be judged further."""


class Exam:
    """Judge one exercise.

    seed: draws all data; the same seed gives the same exam.
    """

    def __init__(self, exercise: Exercise, candidate: Candidate, *, seed: int) -> None:
        self._exercise = exercise
        self._candidate = candidate
        self._random = random.Random(seed)
        self._scenes: dict[int, Scene] = {}
        self._callables: dict[int, Callable[..., Any]] = {}
        self._streams: dict[int, Iterator[ServerSentEvent]] = {}
        self._questions = 0
        self._results: dict[str, bool] = {}
        self._at_stake: tuple[str, ...] = ()
        self._finding: Finding | None = None
        self._is_started = True
        self._has_returned = False
        self._has_crashed = False
        self._stopped: tuple[Diagnosis, object] | None = None
        self._traceback = ""
        self._printed: list[str] = []

    # -- fresh data ------------------------------------------------------------------------

    def fresh(self, prefix: str) -> str:
        """Return an id that no learner can have seen, such as `cust_k7m2xq`."""
        return f"{prefix}_{''.join(self._random.choices(_ALPHABET, k=6))}"

    def words(self, count: int) -> str:
        """Return so many different plain words, with a space between them."""
        return " ".join(self._random.sample(_WORDS.split(), count))

    def number(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return self._random.randint(low, high)

    def pick(self, *choices: Any) -> Any:
        """Return one of the choices."""
        return self._random.choice(choices)

    # -- scenes and calls ------------------------------------------------------------------

    def scene(self, *replies: Scripted, kind: str = "anthropic") -> Scene:
        """Return a scene whose client gets these replies, in order; kind: see ClientHandle."""
        handle = ClientHandle(len(self._scenes) + 1, kind)
        scene = Scene(handle, replies, seed=self._random.randrange(2**32))
        self._scenes[handle.id] = scene
        return scene

    def function(self, name: str, body: Callable[..., Any]) -> CallableHandle:
        """Return a handle for a function of the exam, to be given to the learner's code."""
        handle = CallableHandle(len(self._callables) + 1, name)
        self._callables[handle.id] = body
        return handle

    def message(self, *, content: list[Json], **fields: Json) -> SdkObject:
        """Return a Message with this content, as the SDK would hand it to a learner."""
        blank = {
            "id": f"msg_01{''.join(self._random.choices(_ALPHABET, k=22))}",
            "type": "message",
            "role": "assistant",
            "model": self.pick(*MODELS),
            "content": content,
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "stop_details": None,
            "usage": {
                "input_tokens": self.number(10, 900),
                "cache_creation_input_tokens": 0,
                "cache_read_input_tokens": 0,
                "output_tokens": self.number(5, 400),
                "service_tier": "standard",
            },
        }
        return SdkObject("Message", {**blank, **fields})

    def call(
        self,
        *arguments: Any,
        judges: tuple[str, ...] = (),
        may_raise: tuple[str, ...] = (),
        crash: str | None = None,
        **keywords: Any,
    ) -> Called:
        """Call the learner's function and return what came of it.

        judges: the criteria that are not met when the exam ends in this call.
        may_raise: names of exceptions, with those derived from them, that do not end the exam.
            Any other, and a function that is missing or not started, ends it.
        crash: the mistake that an exception in this very call shows, unless the pattern of
            another mistake explains it.
        """
        crashed = common_diagnoses.CRASH if crash is None else self._exercise.mistake(crash)
        self._at_stake = tuple(self._criterion(name) for name in judges)
        command = {
            "do": "call",
            "name": self._exercise.name,
            "arguments": [describe(item) for item in arguments],
            "keywords": {key: describe(item) for key, item in keywords.items()},
        }
        report = self._candidate.run(command, self._answer)
        if self._stopped is None and not is_report(report):
            self._stopped = common_diagnoses.GARBLED, "a report"
        if self._stopped is not None:
            self._end_crashed(*self._stopped)
        outcome = report["outcome"]
        if outcome == "missing":
            self._end_unstarted(common_diagnoses.MISSING, self._exercise.name)
        if outcome == "not callable":
            self._end_unstarted(common_diagnoses.NOT_CALLABLE, report["type"])
        printed = report["printed"]
        self._printed.append(printed)
        arguments_after = tuple(read(item) for item in report["arguments"])
        if len(arguments_after) != len(arguments):
            self._end_crashed(common_diagnoses.GARBLED, "a report")
        if outcome == "raised":
            raised = " ".join(f"{report['type']}: {report['message']}".split()).removesuffix(":")
            kinds = tuple(str(kind) for kind in report["kinds"])
            if self._is_stub(report):
                self._end_unstarted(common_diagnoses.NOT_STARTED, self._exercise.name)
            if not set(kinds) & set(may_raise):
                self._traceback = report["traceback"]
                self._end_raised(report, raised, crashed)
            return Called(None, raised, kinds, arguments_after, printed)
        value = read(report.get("value"))
        if isinstance(value, Opaque) and value.type == "coroutine":
            self._end_crashed(common_diagnoses.NEEDS_NO_AWAIT, "")
        self._has_returned = True
        return Called(value, None, (), arguments_after, printed)

    def send(self, request: Json) -> str | None:
        """Send a request that the learner's code built, and return the API's objection.

        None when the API accepts it, else such as "400 invalid_request_error: messages: …", or
        the exception that the SDK would raise because the request cannot be written as JSON.
        """
        try:
            body = json.dumps(request, default=_plain, allow_nan=False).encode()
        except (TypeError, ValueError) as error:
            return f"{type(error).__name__}: {error}"
        simulator = Simulator(replies=Script(text("Fine.")), seed=0)
        headers = {"x-api-key": "exam", "anthropic-version": NEWEST_VERSION}
        reply = simulator.handle("POST", "/v1/messages", headers, body)
        if reply.status == 200:
            return None
        fault = reply.body["error"]
        return f"{reply.status} {fault['type']}: {fault['message']}"

    # -- judging ---------------------------------------------------------------------------

    def expect(self, criterion: str, is_met: bool, diagnosis: str, observed: object = "") -> bool:
        """Judge one criterion, and return whether it is met.

        A criterion judged several times must be met each time. The first diagnosis of the exam is
        the one that is shown; observed fills `{observed}` in it.
        """
        mistake = self._exercise.mistake(diagnosis)
        before = self._results.get(self._criterion(criterion), True)
        self._results[criterion] = before and is_met
        if not is_met and self._finding is None:
            self._finding = self._found(mistake, observed)
        return is_met

    def _criterion(self, name: str) -> str:
        known = [criterion.id for criterion in self._exercise.criteria]
        if name not in known:
            raise ExamError(
                f"{self._exercise.name} has no criterion named {name!r}. "
                f"It has: {', '.join(known)}."
            )
        return name

    def which(self, cases: Mapping[str, bool], *, otherwise: str) -> str:
        """Return the first diagnosis whose case holds, else the other one.

        Raises ExamError when one of them, right or not, is no mistake of the exercise.
        """
        for name in (*cases, otherwise):
            self._exercise.mistake(name)
        return next((name for name, holds in cases.items() if holds), otherwise)

    def verdict(self) -> Verdict:
        """Run the check and return what it found."""
        # At an early end the finding is recorded; what was not judged is not met.
        with suppress(_Ended):
            self._exercise.check(self)
        judged = tuple(
            Judged(criterion, self._results.get(criterion.id, False) and self._is_started)
            for criterion in self._exercise.criteria
        )
        return Verdict(
            exercise=self._exercise.name,
            outcome=outcome_of(judged, is_started=self._is_started, has_crashed=self._has_crashed),
            judged=judged,
            finding=self._finding,
            requests=tuple(body for scene in self._scenes.values() for body in scene.requests),
            traceback=self._traceback,
            printed="".join(self._printed),
        )

    # -- endings ---------------------------------------------------------------------------

    def _end_unstarted(self, diagnosis: Diagnosis, observed: str) -> None:
        self._is_started = False
        self._end(diagnosis, observed)

    def _is_stub(self, report: Json) -> bool:
        # Code that has returned before is started: it raises this on purpose.
        return (
            report["type"] == "NotImplementedError"
            and not self._has_returned
            and self._is_own(report["raised_in"])
        )

    def _is_own(self, place: str) -> bool:
        function, _, inner = place.partition(".")
        return function == self._exercise.name and not inner.startswith("<locals>")

    def _end_raised(self, report: Json, raised: str, otherwise: Diagnosis) -> None:
        place = report["raised_in"]
        if report["type"] == "NotImplementedError" and not self._is_own(place):
            self._end_crashed(common_diagnoses.UNFINISHED_PART, place)
        named = [mistake for mistake in self._exercise.mistakes if mistake.explains(raised)]
        self._end_crashed(named[0] if named else otherwise, raised)

    def _end_crashed(self, diagnosis: Diagnosis, observed: object) -> None:
        # When something was found before, that is what the learner reads, and mends, first.
        self._has_crashed = self._finding is None
        self._end(diagnosis, observed)

    def _end(self, diagnosis: Diagnosis, observed: object) -> None:
        self._results.update(dict.fromkeys(self._at_stake, False))
        if self._finding is None:
            self._finding = self._found(diagnosis, observed)
        raise _Ended

    def _found(self, diagnosis: Diagnosis, observed: object) -> Finding:
        saw = diagnosis.saw.replace("{observed}", shown(observed))
        return Finding(diagnosis, saw, diagnosis.hints or self._exercise.hints)

    # -- questions of the candidate --------------------------------------------------------

    def _answer(self, question: Json) -> Json:
        self._questions += 1
        if self._questions > MAX_QUESTIONS and self._stopped is None:
            self._stopped = common_diagnoses.ENDLESS, MAX_QUESTIONS
        if self._stopped is None and not self._can_answer(question):
            self._stopped = common_diagnoses.GARBLED, "a question"
        if self._stopped is not None:
            return {"over": True}
        kind = question["ask"]
        if kind == "request":
            answer, events = self._scenes[question["client"]].answer(question)
            if events is not None:
                answer["stream"] = len(self._streams) + 1
                self._streams[answer["stream"]] = events
            return answer
        if kind == "event":
            event = next(self._streams[question["stream"]], None)
            return {"event": None if event is None else event.encode().decode()}
        if kind == "close":
            close = getattr(self._streams[question["stream"]], "close", None)
            if close is not None:
                close()
            return {}
        return self._invoke(question)

    def _can_answer(self, question: Json) -> bool:
        if not is_question(question):
            return False
        known: dict[str, Mapping[int, object]] = {
            "client": self._scenes,
            "stream": self._streams,
            "callable": self._callables,
        }
        return all(question[key] in ids for key, ids in known.items() if key in question)

    def _invoke(self, question: Json) -> Json:
        body = self._callables[question["callable"]]
        arguments = [read(item) for item in question["arguments"]]
        keywords = {key: read(item) for key, item in question["keywords"].items()}
        try:
            return {"returned": describe(body(*arguments, **keywords))}
        except ExamError:
            raise
        except Exception as error:  # noqa: BLE001 - what a tool raises crosses as plain data
            # str() of a KeyError is the repr of its key.
            is_key = isinstance(error, KeyError) and error.args
            message = str(error.args[0] if is_key else error)
            return {"raised": {"type": name_of(type(error)), "message": message}}


def _plain(value: object) -> Json:
    if isinstance(value, SdkObject):
        return value.data
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def examine(exercise: Exercise, candidate: Candidate, *, seed: int | None = None) -> Verdict:
    """Return the verdict on one exercise; seed: drawn by chance unless given."""
    drawn = random.SystemRandom().randrange(2**32) if seed is None else seed
    return Exam(exercise, candidate, seed=drawn).verdict()
