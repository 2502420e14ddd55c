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
from grader.exams.candidate import Candidate
from grader.exams.description import (
    CallableHandle,
    ClientHandle,
    Opaque,
    SdkObject,
    describe,
    read,
)
from grader.exams.exercise import Diagnosis, Exercise
from grader.exams.scene import Scene
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
MAX_OBSERVED = 160
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_WORDS = [
    "amber",
    "basil",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "hazel",
    "inlet",
    "jasper",
    "kelp",
    "lumen",
    "maple",
    "nectar",
    "onyx",
    "pearl",
    "quartz",
    "river",
    "sable",
    "thyme",
    "umber",
    "violet",
    "willow",
    "xenon",
    "yarrow",
    "zephyr",
]


@dataclass(frozen=True)
class Called:
    """Hold what came of one call of the learner's code, as plain data.

    value: what it returned; None when it raised.
    raised: "TypeError: message" when it raised something that the check allows, else None.
    raised_kinds: the names of that exception's class and of its base classes.
    arguments: the positional arguments as they were after the call.
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
        self._finding: Finding | None = None
        self._is_started = True
        self._has_crashed = False
        self._traceback = ""
        self._printed: list[str] = []

    # -- fresh data ------------------------------------------------------------------------

    def fresh(self, prefix: str) -> str:
        """Return an id that no learner can have seen, such as `cust_k7m2xq`."""
        return f"{prefix}_{''.join(self._random.choices(_ALPHABET, k=6))}"

    def words(self, count: int) -> str:
        """Return so many different plain words, with a space between them."""
        return " ".join(self._random.sample(_WORDS, count))

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
            "model": "claude-sonnet-4-6",
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

    def call(self, *arguments: Any, may_raise: tuple[str, ...] = (), **keywords: Any) -> Called:
        """Call the learner's function and return what came of it.

        may_raise: names of exceptions that do not end the exam. Any other exception, and a
        function that is missing or not started, ends it.
        """
        command = {
            "do": "call",
            "name": self._exercise.name,
            "arguments": [describe(item) for item in arguments],
            "keywords": {key: describe(item) for key, item in keywords.items()},
        }
        report = self._candidate.run(command, self._answer)
        self._printed.append(str(report.get("printed", "")))
        outcome = report["outcome"]
        if outcome == "missing":
            self._end_unstarted(common_diagnoses.MISSING, self._exercise.name)
        if outcome == "not callable":
            self._end_unstarted(common_diagnoses.NOT_CALLABLE, report["type"])
        arguments_after = tuple(read(item) for item in report["arguments"])
        if outcome == "raised":
            raised = f"{report['type']}: {report['message']}"
            if report["type"] == "NotImplementedError":
                self._end_stub(str(report["raised_in"]))
            kinds = tuple(report["kinds"])
            if not set(kinds) & set(may_raise):
                self._end_crashed(raised, report["traceback"])
            return Called(None, raised, kinds, arguments_after, self._printed[-1])
        value = read(report["value"])
        if isinstance(value, Opaque) and value.type == "coroutine":
            self._has_crashed = True
            self._end(common_diagnoses.NEEDS_NO_AWAIT, "")
        return Called(value, None, (), arguments_after, self._printed[-1])

    def send(self, request: Json) -> str | None:
        """Send a request that the learner's code built, and return the API's objection.

        None when the API accepts it, else such as "400 invalid_request_error: messages: …".
        """
        simulator = Simulator(replies=Script(text("Fine.")), seed=0)
        headers = {"x-api-key": "exam", "anthropic-version": NEWEST_VERSION}
        body = json.dumps(request, default=shown).encode()
        reply = simulator.handle("POST", "/v1/messages", headers, body)
        if reply.status == 200:
            return None
        error = reply.body["error"]
        return f"{reply.status} {error['type']}: {error['message']}"

    # -- judging ---------------------------------------------------------------------------

    def expect(self, criterion: str, is_met: bool, diagnosis: str, observed: object = "") -> bool:
        """Judge one criterion, and return whether it is met.

        A criterion judged several times must be met each time. The first diagnosis of the exam is
        the one that is shown; observed fills `{observed}` in it.
        """
        if criterion not in [each.id for each in self._exercise.criteria]:
            raise ExamError(f"{self._exercise.name} has no criterion {criterion!r}.")
        mistake = self._exercise.mistake(diagnosis)
        self._results[criterion] = self._results.get(criterion, True) and is_met
        if not is_met and self._finding is None:
            self._finding = self._found(mistake, observed)
        return is_met

    def which(self, cases: Mapping[str, bool], *, otherwise: str) -> str:
        """Return the first diagnosis whose case holds, else the other one."""
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

    def _end_stub(self, raised_in: str) -> None:
        if raised_in.split(".")[0] == self._exercise.name:
            self._end_unstarted(common_diagnoses.NOT_STARTED, self._exercise.name)
        self._has_crashed = True
        self._end(common_diagnoses.UNFINISHED_PART, raised_in)

    def _end_crashed(self, raised: str, traceback: str) -> None:
        self._has_crashed = True
        self._traceback = traceback
        named = [mistake for mistake in self._exercise.mistakes if mistake.explains(raised)]
        self._end(named[0] if named else common_diagnoses.CRASH, raised)

    def _end(self, diagnosis: Diagnosis, observed: object) -> None:
        if self._finding is None:
            self._finding = self._found(diagnosis, observed)
        raise _Ended

    def _found(self, diagnosis: Diagnosis, observed: object) -> Finding:
        saw = diagnosis.saw.replace("{observed}", shown(observed))
        return Finding(diagnosis, saw, diagnosis.hints or self._exercise.hints)

    # -- questions of the candidate --------------------------------------------------------

    def _answer(self, question: Json) -> Json:
        self._questions += 1
        if self._questions > MAX_QUESTIONS:
            raise ExamError(
                f"{self._exercise.name} asked the exam more than {MAX_QUESTIONS} times. "
                "Look for a loop that never ends."
            )
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

    def _invoke(self, question: Json) -> Json:
        body = self._callables[question["callable"]]
        arguments = [read(item) for item in question["arguments"]]
        keywords = {key: read(item) for key, item in question["keywords"].items()}
        try:
            return {"returned": describe(body(*arguments, **keywords))}
        except Exception as error:  # noqa: BLE001 - what a tool raises crosses as plain data
            return {"raised": {"type": type(error).__name__, "message": str(error)}}


def shown(value: object) -> str:
    """Return a value as a learner would write it, cut to one short line."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, SdkObject):
        text = f"{value.type}({_json(value.data)})"
    elif isinstance(value, Opaque):
        text = f"a {value.type}: {value.text}"
    elif isinstance(value, list | dict):
        text = _json(value)
    else:
        text = repr(value)
    text = " ".join(text.split())
    return text if len(text) <= MAX_OBSERVED else text[: MAX_OBSERVED - 1] + "…"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=shown)


def examine(exercise: Exercise, candidate: Candidate, *, seed: int | None = None) -> Verdict:
    """Return the verdict on one exercise; seed: drawn by chance unless given."""
    drawn = random.SystemRandom().randrange(2**32) if seed is None else seed
    return Exam(exercise, candidate, seed=drawn).verdict()
