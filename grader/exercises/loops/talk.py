"""One call of a learner's loop: its input, the requests it sent, and the tools it ran."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.exams import Called, Scene
from grader.exercises.loops.calls import Plan, Ran
from grader.exercises.loops.conversation import Said, answers_in
from grader.simulator import Turn, turn

Json = Any

_GOES_ON = ("tool_use", "pause_turn")


@dataclass(frozen=True)
class Step:
    """Hold one scripted reply, and what the tools that it calls do."""

    turn: Turn
    plans: tuple[Plan, ...] = ()


def asking(*parts: Plan | Turn, **options: Any) -> Step:
    """Return the step whose reply has these parts; the plans become calls."""
    turns = (part.turn if isinstance(part, Plan) else part for part in parts)
    return Step(turn(*turns, **options), tuple(part for part in parts if isinstance(part, Plan)))


@dataclass(frozen=True)
class Talk:
    """Hold one call of a loop, with its script and its scene.

    request: the parameters that the loop was given.
    """

    request: dict[str, Json]
    steps: Sequence[Step]
    scene: Scene
    called: Called
    ran: list[Ran]

    @property
    def count(self) -> int:
        """Return how many requests arrived."""
        return len(self.scene.asked)

    @property
    def answered(self) -> Sequence[Step]:
        """Return the steps whose reply arrived."""
        return self.steps[: sum(each.status == 200 for each in self.scene.asked)]

    @property
    def expected_count(self) -> int:
        """Return how many requests it takes to reach the first reply that ends the run."""
        reasons = [step.turn.stop_reason for step in self.steps]
        return 1 + next(n for n, reason in enumerate(reasons) if reason not in _GOES_ON)

    @property
    def last_reason(self) -> str:
        """Return the stop reason of the last reply that arrived."""
        return self.steps[min(self.count, len(self.steps)) - 1].turn.stop_reason

    @property
    def refusal(self) -> str | None:
        """Return the API's error for the first request that it refused, or None."""
        return self.scene.refusal

    @property
    def outcome(self) -> Json:
        """Return what the call raised, or else returned."""
        return self.called.raised or self.called.value

    def messages(self, number: int) -> Json:
        """Return the messages of a request, counted from 0."""
        return self.scene.asked[number].request.body.get("messages")

    def reply(self, number: int) -> list[Json]:
        """Return the content of the answer to a request; no blocks if the API refused it."""
        message = self.scene.asked[number].message
        content: list[Json] = message["content"] if message else []
        return content

    def is_refused(self, number: int) -> bool:
        """Return whether the API refused a request."""
        return self.scene.asked[number].status != 200

    def answers(self, number: int) -> list[Said]:
        """Return a request's messages after Claude's last turn."""
        return answers_in(self.messages(number))
