"""One call of a learner's agent: what it was asked, what it sent, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.exams import Called, Record, Scene
from grader.exercises.agents.calls import Plan, Ran
from grader.exercises.histories import blocks_of, messages_of
from grader.simulator import Exchange, Turn

Json = Any

_FIELDS = {"status", "text", "messages"}
_GOES_ON = ("tool_use", "pause_turn")


@dataclass(frozen=True)
class Step:
    """Hold one scripted reply, and what the tools do that it asks for."""

    turn: Turn
    plans: tuple[Plan, ...] = ()


@dataclass(frozen=True)
class Talk:
    """Hold one call of the agent, with its script and its scene.

    request: the parameters that the agent was given.
    """

    request: dict[str, Json]
    steps: Sequence[Step]
    scene: Scene
    called: Called
    ran: list[Ran]

    @property
    def exchanges(self) -> list[Exchange]:
        """Return the requests for messages that arrived, with their answers."""
        return [
            each
            for each in self.scene.exchanges
            if each.request.path == "/v1/messages" and isinstance(each.request.body, dict)
        ]

    @property
    def count(self) -> int:
        """Return how many requests arrived."""
        return len(self.exchanges)

    @property
    def expected_count(self) -> int:
        """Return how many requests lead to the first reply that ends the run."""
        reasons = [step.turn.stop_reason for step in self.steps]
        return 1 + next(n for n, reason in enumerate(reasons) if reason not in _GOES_ON)

    @property
    def last_reason(self) -> str:
        """Return why the last reply that arrived had ended."""
        return self.steps[min(self.count, len(self.steps)) - 1].turn.stop_reason

    @property
    def refusal(self) -> str | None:
        """Return what the API said to the first request that it refused, or None."""
        faults = [each.body["error"] for each in self.exchanges if each.status != 200]
        return f"{faults[0]['type']}: {faults[0]['message']}" if faults else None

    @property
    def fields(self) -> dict[str, Json] | None:
        """Return the fields of the result, or None when it is no such result."""
        value = self.called.value
        is_result = isinstance(value, Record) and value.fields.keys() >= _FIELDS
        return value.fields if is_result else None

    @property
    def outcome(self) -> Json:
        """Return what the call raised, else what it returned."""
        fields = self.fields
        if self.called.raised is None and fields is not None:
            return f"status {fields['status']}, text {fields['text']!r}"
        return self.called.raised or self.called.value

    def body(self, number: int) -> dict[str, Json]:
        """Return a request, counted from 0."""
        body: dict[str, Json] = self.exchanges[number].request.body
        return body

    def messages(self, number: int) -> list[dict[str, Json]]:
        """Return the messages of a request."""
        return messages_of(self.body(number).get("messages"))

    def reply(self, number: int) -> list[dict[str, Json]]:
        """Return the content of the answer to a request; no blocks when it was refused."""
        message = self.exchanges[number].message
        content: list[dict[str, Json]] = message["content"] if message else []
        return content

    def is_refused(self, number: int) -> bool:
        """Tell whether the API refused a request."""
        return self.exchanges[number].status != 200

    def answers(self, number: int) -> tuple[int, list[dict[str, Json]]]:
        """Return how many messages end a request after Claude's last turn, and their blocks."""
        messages = self.messages(number)
        spoken = [place for place, one in enumerate(messages) if one.get("role") == "assistant"]
        answers = messages[spoken[-1] + 1 :] if spoken else messages
        return len(answers), [block for message in answers for block in blocks_of(message)]
