"""One call of a learner's loop: what it sent, what was answered, which tools it ran."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.exams import Called, Scene
from grader.exercises.histories import messages_of
from grader.exercises.tool_use.histories import last_answers, results_in
from grader.simulator import Exchange

Json = Any


@dataclass(frozen=True)
class Ran:
    """Record one call of a tool: its name, and what it was given."""

    name: str
    positional: tuple[Json, ...]
    named: dict[str, Json]

    @property
    def written(self) -> str:
        """Return the call as a learner would write it."""
        given = [repr(value) for value in self.positional]
        given += [f"{key}={value!r}" for key, value in self.named.items()]
        return f"{self.name}({', '.join(given)})"


@dataclass(frozen=True)
class Talk:
    """Hold one call of the learner's loop: its scene, what came of it, and which tools ran."""

    scene: Scene
    called: Called
    ran: list[Ran]

    @property
    def requests(self) -> list[Json]:
        """Return the requests that arrived, in order."""
        return self.scene.requests

    @property
    def outcome(self) -> Json:
        """Return what the call raised, else what it returned."""
        return self.called.raised or self.called.value

    @property
    def refusal(self) -> str | None:
        """Return what the API said to the request that it refused, or None."""
        faults = [each.body["error"] for each in self._answered() if each.status != 200]
        return f"400 {faults[-1]['type']}: {faults[-1]['message']}" if faults else None

    def messages(self, number: int) -> list[dict[str, Json]]:
        """Return the messages of a request, counted from 0."""
        return messages_of(self.requests[number].get("messages"))

    def reply(self, number: int) -> list[dict[str, Json]]:
        """Return the content of the answer to a request; no blocks when it was refused."""
        message = self._answered()[number].message
        content: list[dict[str, Json]] = message["content"] if message else []
        return content

    def calls(self, number: int) -> list[dict[str, Json]]:
        """Return the calls in the answer to a request."""
        return [block for block in self.reply(number) if block["type"] == "tool_use"]

    def results(self, number: int) -> list[dict[str, Json]]:
        """Return the results at the end of a request."""
        answers = last_answers(self.messages(number))
        return [result for each in answers for result in results_in(each)]

    def is_refused(self, number: int) -> bool:
        """Tell whether the API refused a request."""
        return self._answered()[number].status != 200

    def _answered(self) -> list[Exchange]:
        """Return the exchanges of the requests, one for each."""
        return [
            each
            for each in self.scene.exchanges
            if each.request.path == "/v1/messages" and isinstance(each.request.body, dict)
        ]
