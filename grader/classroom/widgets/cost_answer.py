"""What a day's calls cost: by class of usage, by model, and from when a cache pays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache

from grader.catalog import Catalog, ModelCard, Price, Tokens, break_even
from grader.classroom.widgets.cost_question import CACHING, Amount, Question
from grader.classroom.widgets.figures import Figure, Spans, difference, figure_of, spans_of
from grader.simulator import input_tokens, output_tokens

_MINUTES = {"5m": 5, "1h": 60}
_DAY = 24 * 60
"""How many minutes a day has."""
_LONGEST_TABLE = 5
"""How many calls to show one by one before the one that breaks even."""


@dataclass(frozen=True)
class Counts:
    """Hold the tokens of one call for one model."""

    system: int
    input: int
    output: int

    @property
    def prompt(self) -> int:
        """Return the tokens sent."""
        return self.system + self.input


@dataclass(frozen=True)
class Line:
    """Hold one class of usage: a day's tokens, and their cost.

    name: the field of Tokens. price: in USD per million tokens.
    """

    name: str
    tokens: int
    price: Decimal
    spans: Spans


@dataclass(frozen=True)
class DayBill:
    """Hold what a day of calls costs with one model.

    hits: the calls that read the prefix. obstacles: why the model won't do, in sentences.
    notes: things worth knowing, in sentences. plain: what a day costs without a cache.
    """

    card: ModelCard
    counts: Counts
    price: Price
    is_edited: bool
    is_cached: bool
    hits: int
    obstacles: tuple[str, ...]
    notes: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Spans
    plain: Figure

    @property
    def saved(self) -> Figure:
        """Return what the cache saves in a day; negative if it costs more."""
        return difference(self.plain, self.total.day)


@dataclass(frozen=True)
class CallCost:
    """Hold what the prefix costs until a call, with a cache and without; it is the same for all."""

    call: int
    plain: Figure
    cached: Figure
    is_break_even: bool


@dataclass(frozen=True)
class CostAnswer:
    """Hold all that the calculator shows.

    bills: one for each model, in the catalog's order. cheapest: the bill of the cheapest suitable
    model. steps: the calls up to the one that breaks even; empty if nothing is cached.
    break_even: that call; None if there is none.
    """

    question: Question
    bill: DayBill
    bills: tuple[DayBill, ...]
    cheapest: DayBill | None
    steps: tuple[CallCost, ...]
    break_even: int | None


def answer(question: Question, catalog: Catalog, *, today: date) -> CostAnswer:
    """Return what a question comes to; today: a model that has retired by then will not do."""
    bills = tuple(make_bill(question, card, today=today) for card in catalog.models)
    bill = next(bill for bill in bills if bill.card.id == question.model)
    pays = _break_even(bill, question) if bill.is_cached else None
    return CostAnswer(
        question=question,
        bill=bill,
        bills=bills,
        cheapest=min(
            (bill for bill in bills if not bill.obstacles),
            key=lambda bill: bill.total.day.amount,
            default=None,
        ),
        steps=tuple(_steps(bill, question, pays)) if bill.is_cached else (),
        break_even=pays,
    )


def make_bill(question: Question, card: ModelCard, *, today: date) -> DayBill:
    """Return what a day of calls costs with one model."""
    counts = count(question, card)
    price = question.price_of(card, counts.prompt)
    is_cached = question.caching != "off" and counts.system >= max(card.cache_minimum, 1)
    hits = _hits(question) if is_cached else 0
    tokens = _tokens(question, counts, hits, is_cached=is_cached)

    def spans(tokens: Tokens) -> Spans:
        return spans_of(tokens, price, calls=question.calls, batch=question.batch)

    plain = _tokens(question, counts, 0, is_cached=False)
    return DayBill(
        card=card,
        counts=counts,
        price=price,
        is_edited=price != card.price_for(counts.prompt),
        is_cached=is_cached,
        hits=hits,
        obstacles=tuple(_obstacles(counts, card, today)),
        notes=tuple(_notes(question, counts, card, is_cached=is_cached, hits=hits)),
        lines=tuple(
            Line(name, amount, getattr(price, of), spans(only))
            for name, of, amount, only in _classes(tokens)
        ),
        total=spans(tokens),
        plain=figure_of(plain, price, batch=question.batch),
    )


def count(question: Question, card: ModelCard) -> Counts:
    """Return the tokens of one call; a text counts as in the simulator."""

    def tokens(name: str, amount: Amount) -> int:
        return amount if isinstance(amount, int) else _count(name, amount, card)

    return Counts(
        tokens("system", question.system),
        tokens("input", question.input),
        tokens("output", question.output),
    )


@lru_cache(maxsize=256)
def _count(name: str, text: str, card: ModelCard) -> int:
    if name == "output":
        return output_tokens([{"type": "text", "text": text}], card)
    if name == "input":
        return input_tokens({"messages": [{"role": "user", "content": text}]}, card)
    request = {"messages": [{"role": "user", "content": "Hello"}]}
    return input_tokens({**request, "system": text}, card) - input_tokens(request, card)


def _hits(question: Question) -> int:
    """Return how many calls of a day find the prefix in the cache: the first one never does."""
    if question.minutes_apart >= _MINUTES[question.caching]:
        return 0
    hits = (question.calls * question.hit_rate / 100).to_integral_value(ROUND_FLOOR)
    return min(int(hits), question.calls - 1)


def _tokens(question: Question, counts: Counts, hits: int, *, is_cached: bool) -> Tokens:
    """Return the tokens of a day by class."""
    calls = question.calls
    plain = Tokens(fresh=calls * counts.prompt, output=calls * counts.output)
    if not is_cached:
        return plain
    written = {f"write_{question.caching}": (calls - hits) * counts.system}
    return replace(plain, fresh=calls * counts.input, read=hits * counts.system, **written)


def _classes(tokens: Tokens) -> Iterator[tuple[str, str, int, Tokens]]:
    """Yield, for each class with any tokens, its name, price, number, and these tokens alone."""
    none = Tokens(fresh=0, output=0)
    prices = {"fresh": "input", "write_5m": "", "write_1h": "", "read": "", "output": ""}
    for name, price in prices.items():
        amount = getattr(tokens, name)
        if amount or name in ("fresh", "output"):
            yield name, price or name, amount, replace(none, **{name: amount})


def _obstacles(counts: Counts, card: ModelCard, today: date) -> Iterator[str]:
    """Yield why a model cannot take the call, as lesson 06 has it."""
    both = counts.prompt + counts.output
    if both > card.context_window:
        yield f"{both:,} tokens don't fit into its window of {card.context_window:,}."
    if counts.output > card.max_output:
        yield f"{counts.output:,} output tokens are more than its maximum of {card.max_output:,}."
    if card.retires is not None and card.retires <= today:
        yield f"It retired on {card.retires}."


def _notes(
    question: Question, counts: Counts, card: ModelCard, *, is_cached: bool, hits: int
) -> Iterator[str]:
    if question.caching != "off" and not is_cached:
        least = card.cache_minimum
        yield (
            f"Nothing is cached, and the API doesn't tell you: {counts.system:,} tokens of system "
            f"prompt are under this model's minimum of {least:,}."
        )
    if is_cached and question.minutes_apart >= _MINUTES[question.caching]:
        yield (
            f"Calls {question.minutes_apart:f} minutes apart come when the "
            f"{CACHING[question.caching]} are over, so each one writes and none reads."
            if question.caching == "5m"
            else f"Calls {question.minutes_apart:f} minutes apart come when the hour is over, so "
            "each one writes and none reads."
        )
    elif is_cached:
        yield f"{hits:,} of {question.calls:,} calls read the system prompt, the others write it."
    if question.caching != "off" and card.min_cache is None:
        yield f"No source gives its minimum for caching, so this assumes {card.cache_minimum:,}."
    if question.calls > 1 and question.calls * question.minutes_apart > _DAY:
        hours = question.calls * question.minutes_apart / 60
        yield (
            f"{question.calls:,} calls, {question.minutes_apart:f} minutes apart, take "
            f"{hours:,.1f} hours, and a day has 24."
        )
    longest = next(
        (band.up_to_prompt_tokens for band in card.prices if band.covers(counts.prompt)), None
    )
    if len(card.prices) > 1:
        words = f"up to {longest:,}" if longest else f"over {card.prices[0].up_to_prompt_tokens:,}"
        yield f"This model has price bands. These prices are for prompts of {words} tokens."


def _break_even(bill: DayBill, question: Question) -> int | None:
    # Without a prefix there is nothing that a cache could make cheaper.
    return break_even(bill.price, question.caching) if bill.counts.system else None


def _steps(bill: DayBill, question: Question, pays: int | None) -> Iterator[CallCost]:
    last = pays or _LONGEST_TABLE
    for call in sorted({*range(1, min(last, _LONGEST_TABLE) + 1), last, last + 1}):
        yield _step(bill, question, call, pays)


def _step(bill: DayBill, question: Question, call: int, pays: int | None) -> CallCost:
    size = bill.counts.system
    written = {f"write_{question.caching}": size}
    cached = Tokens(fresh=0, output=0, read=(call - 1) * size, **written)
    plain = Tokens(fresh=call * size, output=0)
    return CallCost(
        call,
        figure_of(plain, bill.price, batch=question.batch),
        figure_of(cached, bill.price, batch=question.batch),
        call == pays,
    )


def named_figures(found: CostAnswer) -> Mapping[str, Figure]:
    """Return every figure that is shown, by a name that Python takes."""
    figures = {}
    for line in found.bill.lines:
        figures.update(_named(line.name, line.spans))
    figures.update(_named("all", found.bill.total))
    if found.bill.is_cached:
        figures["plain_day"] = found.bill.plain
        figures["saved_day"] = found.bill.saved
    for step in found.steps:
        figures[f"plain_after_{step.call}"] = step.plain
        figures[f"cached_after_{step.call}"] = step.cached
    for bill in found.bills:
        name = bill.card.id.replace("-", "_")
        figures[f"{name}_day"] = bill.total.day
        figures[f"{name}_month"] = bill.total.month
    return figures


def _named(name: str, spans: Spans) -> dict[str, Figure]:
    return {f"{name}_call": spans.call, f"{name}_day": spans.day, f"{name}_month": spans.month}
