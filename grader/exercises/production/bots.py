"""A learner's bot in a scene: what it was made of, what reached its listener, what it sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from grader.catalog import DEFAULT_MODEL, THINKING_MODEL, ModelCard, find_model, read_usage
from grader.exams import Exam, Kept, Scene, exam_tokens
from grader.exercises.conversations.turns import Turn, blocks_of, spoken, turns_of
from grader.exercises.readings import content_text
from grader.simulator import Exchange, Scripted

Json = Any

NO_LIMIT = 100_000
"""A budget that no trace reaches unless it is about the budget."""
_MESSAGES = "/v1/messages"
LONG, BRIEF = 300, 20
"""How many lines a shop's instructions have: enough to be cached, or quick to count."""


@dataclass(frozen=True)
class Heard:
    """Hold a piece of text that a bot handed on; is_open: whether its stream had more to come."""

    piece: Json
    is_open: bool


@dataclass
class Shop:
    """Hold what bots of one shop are made of, and the scene that they all talk to."""

    exam: Exam
    scene: Scene
    card: ModelCard
    system: str
    tools: list[Json]
    functions: dict[str, Callable[..., Json]]
    budget: int = NO_LIMIT
    heard: list[Heard] = field(default_factory=list)
    has_closed: bool = False
    """Whether the listener takes no more pieces, and raises `TimeoutError`."""

    def hire(self, *judges: str) -> Kept:
        """Make a bot for one more customer."""
        functions = self.functions.items()
        return self.exam.make(
            self.scene.client,
            judges=judges,
            card=self.card,
            system=self.system,
            tools=self.tools,
            registry={name: self.exam.function(name, body) for name, body in functions},
            on_text=self.exam.function("on_text", self._hear),
            budget=self.budget,
        )

    def _hear(self, piece: Json = None) -> None:
        exchanges = self.exchanges
        is_open = bool(exchanges) and not exchanges[-1].finished
        self.heard.append(Heard(piece, is_open))
        if self.has_closed:
            raise TimeoutError("nobody listens any more")

    @property
    def exchanges(self) -> list[Exchange]:
        """Return the requests for messages that arrived, without those that only counted."""
        return [each for each in self.scene.exchanges if each.request.path == _MESSAGES]

    def was_counted(self, place: int) -> bool:
        """Tell whether a count was asked for right before one of the requests for messages."""
        arrived = self.scene.exchanges
        before = arrived.index(self.exchanges[place]) - 1
        return before >= 0 and arrived[before].request.path != _MESSAGES

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
    functions: dict[str, Callable[..., Json]] | None = None,
    model: str | None = None,
    lines: int = BRIEF,
) -> Shop:
    """Return a shop with new instructions; functions: its tools, one of no use unless given."""
    named = functions or {exam.fresh("get"): lambda **_: "Nothing."}
    schema = {"type": "object", "properties": {"order": {"type": "string"}}}
    tools = [{"name": name, "description": exam.words(4), "input_schema": schema} for name in named]
    return Shop(
        exam,
        exam.scene(*replies),
        find_model(model or exam.pick(DEFAULT_MODEL, THINKING_MODEL)),
        " ".join(exam.words(5) for _ in range(lines)),
        tools,
        named,
    )


def kept_turns(bot: Kept, *judges: str) -> list[tuple[Json, str]]:
    """Return who said what, by a bot's own `messages`."""
    return spoken(turns_of(bot.read("messages", judges=judges)))


def sent_turns(exchange: Exchange) -> list[Turn]:
    """Return the turns of a request."""
    return turns_of(exchange.request.body.get("messages"))


def begins_with_question(turns: list[Turn]) -> bool:
    """Tell whether turns begin where a turn of the user's begins: with text, and no result."""
    if not turns or turns[0][0] != "user":
        return False
    return all(_type(block) != "tool_result" for block in turns[0][1])


def results_of(turn: Turn) -> list[Json]:
    """Return the tool results in a turn."""
    return [block for block in turn[1] if _type(block) == "tool_result"]


def told(result: Json) -> str:
    """Return what a tool result says, in text."""
    return content_text(result.get("content"))


def system_text(exchange: Exchange) -> str:
    """Return the text of a request's system prompt."""
    return content_text(exchange.request.body.get("system"))


def total_input(exchange: Exchange) -> int:
    """Return all input tokens of an answered request."""
    return read_usage(exchange.message["usage"]).prompt if exchange.message else 0


def content_of(exchange: Exchange) -> list[Json]:
    """Return the blocks of a reply."""
    return blocks_of(exchange.message["content"] if exchange.message else [])


def _type(block: Json) -> Json:
    return block.get("type") if isinstance(block, dict) else None
