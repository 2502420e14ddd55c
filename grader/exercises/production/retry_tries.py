"""One call of the learner's `call_with_retries`, and what we saw of it."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from grader.exams import Called, ClientHandle, Exam, Scene
from grader.exercises.loops import new_request
from grader.exercises.readings import differing
from grader.simulator import Scripted

Json = Any

_RETRY_COUNT = "x-stainless-retry-count"


@dataclass(frozen=True)
class Tried:
    """Hold one call of the learner's function; drawn: the numbers that `rng` returned.

    naps: the argument of each call of `sleep`, and how many requests had arrived by then.
    """

    called: Called
    scene: Scene
    naps: list[tuple[int, Json]]
    drawn: list[float]

    @property
    def slept(self) -> list[Json]:
        """Return the arguments of `sleep`, in order."""
        return [seconds for _, seconds in self.naps]

    @property
    def pauses(self) -> list[list[Json]]:
        """Return the sleeps before each request but the first; together they are one wait."""
        return [
            [seconds for arrived, seconds in self.naps if arrived == place]
            for place in range(1, self.count)
        ]

    @property
    def needless(self) -> list[Json]:
        """Return the sleeps before the first request and after the last."""
        return [seconds for arrived, seconds in self.naps if arrived in (0, self.count)]

    @property
    def count(self) -> int:
        """Return how many requests arrived."""
        return len(self.scene.exchanges)

    @property
    def retries_of_the_sdk(self) -> list[str]:
        """Return the retry counts in the headers of requests that the SDK retried."""
        counts = [each.request.headers.get(_RETRY_COUNT, "0") for each in self.scene.exchanges]
        return [count for count in counts if count != "0"]

    @property
    def outcome(self) -> Json:
        """Return the result: an exception in words, or a value."""
        return self.called.raised or self.called.value


def attempt(
    exam: Exam,
    replies: list[Scripted],
    criterion: str,
    *,
    attempts: int = 9,
    number: float | None = None,
    retries: int = 0,
    crash: str | None = None,
    may_raise: tuple[str, ...] = (),
    without: str = "",
) -> Tried:
    """Call the learner's function; number: what `rng` returns each time, random unless given."""
    request = new_request(exam)
    request.pop(without, None)
    naps: list[tuple[int, Json]] = []
    drawn: list[float] = []

    def sleep(seconds: Json = "nothing") -> None:
        naps.append((len(scene.exchanges), seconds))

    def rng() -> float:
        drawn.append(exam.number(1, 998) / 1000 if number is None else number)
        return drawn[-1]

    scene = exam.scene(*replies, retries=retries)
    called = exam.call(
        scene.client,
        copy.deepcopy(request),
        judges=(criterion,),
        may_raise=("APIError", *may_raise),
        crash=crash,
        max_attempts=attempts,
        sleep=exam.function("sleep", sleep),
        rng=exam.function("rng", rng),
    )
    after = called.arguments[1]
    spoiled = sorted(differing(after, request)) if isinstance(after, dict) else ["all"]
    exam.expect("returns", not spoiled, "request-spoiled", ", ".join(spoiled))
    for body in scene.requests:
        others = ", ".join(differing(body, request, but=("stream",)))
        exam.expect("returns", not others, "request-changed", others)
    left = called.arguments[0]
    if isinstance(left, ClientHandle) and left.retries != retries:
        exam.expect("alone", False, "callers-client", left.retries)
    return Tried(called, scene, naps, drawn)
