"""A learner's bot in a scene: its parts, the text that its listener got, the requests it sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from grader.catalog import DEFAULT_MODEL, ModelCard, find_model, read_usage
from grader.exams import CallableHandle, Exam, Kept, Scene, exam_tokens
from grader.exercises.loops import (
    Plan,
    Ran,
    Said,
    definitions,
    make_registry,
    plan_call,
    results_in,
    said_in,
    spoken,
)
from grader.simulator import Exchange, Scripted

Json = Any

NO_LIMIT = 100_000
"""A budget that only traces about the budget reach."""
LONG, BRIEF = 300, 20
"""How many lines a shop's instructions have: enough for the cache, or quick to count."""


@dataclass(frozen=True)
class Heard:
    """Hold a piece of text that a bot passed on; is_open: whether its stream had more to come."""

    piece: Json
    is_open: bool


@dataclass
class Shop:
    """Hold the parts that one shop makes its bots from, and the scene that they all talk to."""

    exam: Exam
    scene: Scene
    card: ModelCard
    system: str
    tools: list[Json]
    registry: dict[str, CallableHandle]
    ran: list[Ran]
    budget: int = NO_LIMIT
    heard: list[Heard] = field(default_factory=list)
    has_closed: bool = False
    """Whether the listener refuses more pieces, and raises `TimeoutError`."""

    def hire(self, *judges: str) -> Kept:
        """Make a bot for one more customer."""
        return self.exam.make(
            self.scene.client,
            judges=judges,
            card=self.card,
            system=self.system,
            tools=self.tools,
            registry=self.registry,
            on_text=self.exam.function("on_text", self._listener(), parameters=("text",)),
            budget=self.budget,
        )

    def _listener(self) -> Callable[[Json], None]:
        """Return a function of one argument, as the docstring says that `on_text` is."""

        def on_text(text: Json) -> None:
            exchanges = self.exchanges
            is_open = bool(exchanges) and not exchanges[-1].finished
            self.heard.append(Heard(text, is_open))
            if self.has_closed:
                raise TimeoutError("nobody listens any more")

        return on_text

    @property
    def exchanges(self) -> list[Exchange]:
        """Return the Messages requests that arrived, without token counts."""
        return self.scene.asked

    def was_counted(self, place: int) -> bool:
        """Return whether the bot asked for a count right before one of its Messages requests."""
        arrived = self.scene.exchanges
        before = arrived.index(self.exchanges[place]) - 1
        return before >= 0 and arrived[before] not in self.exchanges

    def costs(self) -> list[Decimal]:
        """Return what each reply costs."""
        replies = [each.message for each in self.exchanges if each.message is not None]
        return [self.card.cost_of(message["usage"]) for message in replies]

    def tokens(self, *messages: Json) -> int:
        """Return the input tokens of a request with these messages."""
        request = {
            "model": self.card.id,
            "max_tokens": 100,
            "system": self.system,
            "tools": self.tools,
            "messages": list(messages),
        }
        return exam_tokens(request, self.card)


def open_shop(
    exam: Exam,
    *replies: Scripted,
    plans: Sequence[Plan] = (),
    model: str = DEFAULT_MODEL,
    lines: int = BRIEF,
) -> Shop:
    """Return a shop with new instructions; plans: what its tools do, by default one unused tool."""
    known = [plan for plan in plans if plan.is_known] or [plan_call(exam, "Nothing.")]
    ran: list[Ran] = []
    return Shop(
        exam,
        exam.scene(*replies),
        find_model(model),
        " ".join(exam.words(5) for _ in range(lines)),
        definitions(exam, [plan.name for plan in known]),
        make_registry(exam, known, ran),
        ran,
    )


def kept_turns(bot: Kept, *judges: str) -> list[tuple[Json, str]]:
    """Return who said what, according to the bot's `messages`."""
    return spoken(said_in(bot.read("messages", judges=judges)))


def sent_turns(exchange: Exchange) -> list[Said]:
    """Return the turns of a request."""
    return said_in(exchange.request.body.get("messages"))


def begins_with_question(turns: list[Said]) -> bool:
    """Return whether turns begin with a user's question: with text, and no result."""
    return bool(turns) and turns[0].role == "user" and not results_in(turns[0].blocks)


def total_input(exchange: Exchange) -> int:
    """Return all input tokens of an answered request."""
    return read_usage(exchange.message["usage"]).prompt if exchange.message else 0
