"""Models of known quality and cost, that answer an exam's cases, each with its trap."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from grader.catalog import ModelCard, Price, PriceBand, find_model
from grader.exams import Exam, exam_simulator
from grader.exercises.loops import said_in, spoken
from grader.simulator import NEWEST_VERSION, Turn, text, thinking, turn

Json = Any

MOST_OUTPUT = 1000
"""The `max_tokens` that the task asks for."""
_HEADERS = {"x-api-key": "simulated", "anthropic-version": NEWEST_VERSION}


@dataclass(frozen=True)
class Rival:
    """Hold one model that may be chosen.

    trap: the mistake that choosing it shows; "" for the right one. replies: by the case's prompt.
    """

    card: ModelCard
    trap: str
    replies: Mapping[str, Turn]

    def passes(self, cases: Sequence[Json]) -> bool:
        """Return whether its replies have what each case expects."""
        return all(case["expected"] in text_of(self.replies[case["prompt"]]) for case in cases)

    def cost(self, cases: Sequence[Json]) -> Decimal:
        """Return what its replies to all cases cost, in USD, by the usage that the API bills."""
        return sum((self.card.cost_of(self.usage(case["prompt"])) for case in cases), Decimal(0))

    def usage(self, prompt: str) -> Json:
        """Return the usage that the API bills for the reply to a prompt."""
        messages = [{"role": "user", "content": prompt}]
        body = json.dumps({"model": self.card.id, "max_tokens": MOST_OUTPUT, "messages": messages})
        simulator = exam_simulator(lambda _request, _card: self.replies[prompt], seed=0)
        reply = simulator.handle("POST", "/v1/messages", _HEADERS, body.encode())
        return json.loads(reply.content())["usage"]


@dataclass(frozen=True)
class Contest:
    """Hold the cases, and the rivals in the order in which the code gets them."""

    cases: tuple[Json, ...]
    rivals: tuple[Rival, ...]

    def answer(self, request: Json, card: object) -> Turn:
        """Return what the request's model replies to its prompt, whatever else is in it."""
        del card
        prompt = prompt_of(request)
        rival = self.find(request["model"])
        unknown = text("I don't know what you mean.")
        return unknown if rival is None else rival.replies.get(prompt, unknown)

    def find(self, model: Json) -> Rival | None:
        """Return the rival of this id."""
        return next((each for each in self.rivals if each.card.id == model), None)

    @property
    def right(self) -> Rival | None:
        """Return the one that passes every case and costs least; None if none passes."""
        good = [each for each in self.rivals if each.passes(self.cases)]
        return min(good, key=lambda each: each.cost(self.cases), default=None)


def prompt_of(request: Json) -> str:
    """Return the prompt of a request that has nothing else to say; "" of any other."""
    said = spoken(said_in(request.get("messages")))
    return said[0][1] if len(said) == 1 and said[0][0] == "user" else ""


def text_of(reply: Turn) -> str:
    """Return all the text of a reply."""
    return "".join(block["text"] for block in reply.content if block["type"] == "text")


def new_cases(exam: Exam, count: int, *, words: int = 8) -> tuple[Json, ...]:
    """Return cases; words: how long each prompt is, in tens of words."""
    return tuple(
        {
            "id": exam.fresh("case"),
            "prompt": f"{exam.fresh('ticket')}:\n{_words(exam, words)}: À «東京»?\n",
            "expected": exam.fresh("label"),
        }
        for _ in range(count)
    )


def _words(exam: Exam, tens: int) -> str:
    return " ".join(exam.words(10) for _ in range(tens))


def new_reply(exam: Exam, case: Json, shape: str) -> Turn:
    """Return a reply that passes a case.

    shape: "text", "several texts", "thinking first" or "hidden thoughts".
    """
    expected, first = case["expected"], f"À {exam.words(3)}"
    if shape == "several texts":
        # The word that passes is cut in two, and two of the blocks are alike.
        parts = f"{first} {expected[:-3]}", expected[-3:], "\n", exam.words(2), "\n"
        return turn(*map(text, parts))
    said = text(f"{first}: {expected}")
    if shape == "hidden thoughts":
        return turn(Turn(({"type": "redacted_thinking", "data": exam.fresh("data")},)), said)
    return turn(thinking(), said) if shape == "thinking first" else said


def failing_reply(exam: Exam, shape: str) -> Turn:
    """Return a reply that passes no case; shape: "other words", "nothing" or "a refusal"."""
    if shape == "other words":
        return text(f"{exam.words(3)}: {exam.fresh('label')}")
    return Turn((), stop_reason="refusal" if shape == "a refusal" else "end_turn")


def spending(reply: Turn, tokens: int) -> Turn:
    """Return a reply that thinks first, and spends so many tokens on it."""
    words = replace(reply, content=tuple(b for b in reply.content if b["type"] == "text"))
    return turn(replace(thinking(), thinking_tokens=tokens), words)


def priced(model: str, base: Price, share: str, *, output: str = "") -> ModelCard:
    """Return a model's card with prices that no catalog has.

    share: its input price as a share of the base's; output: that of its output price, if another.
    """
    price = Price(
        input=base.input * Decimal(share),
        output=base.output * Decimal(output or share),
        write_5m=base.write_5m * Decimal(share),
        write_1h=base.write_1h * Decimal(share),
        read=base.read * Decimal(share),
    )
    return replace(find_model(model), prices=(PriceBand(price),))
