"""The contests of `cheapest_that_passes`: models that differ in what they can, and what they cost.

Each wrong way to choose picks another rival, whose trap names the mistake.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from grader.catalog import Price, PriceBand
from grader.exams import Case, Exam
from grader.exercises.tokens_and_cost.measured import (
    Contest,
    Rival,
    failing_reply,
    new_cases,
    new_reply,
    priced,
    spending,
)
from grader.exercises.tokens_and_cost.prompts import newer_models, older_models
from grader.simulator import Turn

Json = Any

COSTS = (
    "dear output",
    "long thoughts",
    "dear input",
    "another tokenizer",
    "cheap at the first case",
    "cheap at the last case",
    "no case is dear",
    "bands",
    "bands by the length of a prompt",
    "thoughts of the cheapest",
)
"""What makes another model look cheapest."""


def _price(exam: Exam) -> Price:
    dollars = Decimal(exam.number(211, 489)) / 100
    return Price(dollars, dollars * 5, dollars * Decimal("1.25"), dollars * 2, dollars / 10)


def _models(exam: Exam, count: int) -> list[str]:
    """Return models that split a text alike, so that the prices drawn decide."""
    models = newer_models()
    start = exam.number(0, len(models) - 1)
    return [models[(start + place) % len(models)] for place in range(count)]


def by_quality(exam: Exam, case: Case) -> Contest:
    """Return a contest in which the cheapest model fails, and others are dearer than need be."""
    cases, base = new_cases(exam, 3 if case.cases == "three" else 1), _price(exam)
    right, weak, dear, dearest = _models(exam, 4)
    failing = {"the first case": cases[:1], "the last case": cases[-1:]}.get(case.fails, cases)

    def replies(*, weakly: bool = False) -> dict[str, Turn]:
        return {
            each["prompt"]: failing_reply(exam, case.failure)
            if weakly and each in failing
            else _ended(exam, new_reply(exam, each, case.reply), case.ends)
            for each in cases
        }

    by_price = [
        Rival(priced(weak, base, "0.3"), "fails", replies(weakly=True)),
        Rival(priced(right, base, "1"), "", replies()),
        Rival(priced(dear, base, "2"), "dearer-chosen", replies()),
        Rival(priced(dearest, base, "3"), "dearer-chosen", replies()),
    ]
    order = {
        "dearest first": (3, 1, 0, 2),
        "cheapest first": (0, 2, 1, 3),
        "the right one last": (2, 0, 3, 1),
    }[case.order]
    return Contest(cases, tuple(by_price[place] for place in order))


def _ended(exam: Exam, reply: Turn, ends: str) -> Turn:
    """Return a reply that ends for another reason."""
    word = exam.fresh("END") if ends == "stop_sequence" else None
    return replace(reply, stop_reason=ends, stop_sequence=word)


def by_cost(exam: Exam, cost: str) -> Contest:
    """Return a contest of models that all pass, in which a wrong sum makes another one cheapest."""
    is_long = cost in ("dear input", "dear output")
    cases, base = new_cases(exam, 3, words=24 if is_long else 6), _price(exam)
    right, other, dear = _models(exam, 3)
    short = {each["prompt"]: new_reply(exam, each, "thinking first") for each in cases}
    last = Rival(priced(dear, base, "3"), "dearer-chosen", short)
    if cost == "another tokenizer":
        return _by_tokenizer(exam, cases, base, last)
    if "case" in cost:
        return _by_case(exam, cases, base, cost)
    if cost == "bands":
        return _by_band(exam, cases, base)
    if "bands" in cost:
        return _by_length(exam, base)
    if cost == "long thoughts":
        replies = _all_spending(short, 400)
        trap = Rival(priced(other, base, "0.8"), "by-price", replies)
    elif cost == "thoughts of the cheapest":
        # They are in the output tokens already: counted again, they make the other one cheaper.
        mine = Rival(priced(right, base, "1"), "", _all_spending(short, 400))
        spoken = _all_spending(short, 0)
        alike = Rival(priced(other, base, "1"), "", spoken)
        share = Decimal("1.4") * mine.cost(cases) / alike.cost(cases)
        trap = Rival(priced(other, base, f"{share:.6f}"), "thinking-twice", spoken)
        return Contest(cases, (trap, mine, replace(last, card=priced(dear, base, "40"))))
    elif cost == "dear input":
        trap = Rival(priced(other, base, "1.6", output="0.5"), "output-only", short)
    else:
        replies = _all_spending(short, 200)
        trap = Rival(priced(other, base, "0.8", output="3"), "output-forgotten", replies)
    return Contest(cases, (trap, Rival(priced(right, base, "1"), "", short), last))


def _by_tokenizer(exam: Exam, cases: tuple[Json, ...], base: Price, last: Rival) -> Contest:
    """Return a contest in which the lower price a token is for more tokens of the same text."""
    short = {each["prompt"]: new_reply(exam, each, "text") for each in cases}
    right = Rival(priced(str(exam.pick(*older_models())), base, "1"), "", short)
    other = next(each for each in newer_models() if each != last.card.id)
    trap = Rival(priced(other, base, "1"), "by-price", short)
    # Between a price as high as the other's, and one at which the cost is as high.
    ratio = (right.cost(cases) / trap.cost(cases)).sqrt()
    return Contest(cases, (Rival(priced(other, base, str(ratio)), "by-price", short), right, last))


def _by_case(exam: Exam, cases: tuple[Json, ...], base: Price, cost: str) -> Contest:
    """Return a contest whose trap costs less for one case, and more for all of them."""
    right, other, dear = _models(exam, 3)
    short = {each["prompt"]: new_reply(exam, each, "text") for each in cases}
    cheap = cases[0] if cost == "cheap at the first case" else cases[-1]
    replies = {
        prompt: reply if prompt == cheap["prompt"] else spending(reply, 300)
        for prompt, reply in short.items()
    }
    trap = Rival(priced(other, base, "0.8"), "part-of-cost", replies)
    if cost == "no case is dear":
        trap = Rival(priced(other, base, "0.8"), "part-of-cost", _all_spending(short, 300))
        short = {**short, cheap["prompt"]: spending(short[cheap["prompt"]], 350)}
    last = Rival(priced(dear, base, "3"), "dearer-chosen", short)
    return Contest(cases, (last, trap, Rival(priced(right, base, "1"), "", short)))


def _all_spending(replies: dict[str, Turn], tokens: int) -> dict[str, Turn]:
    return {prompt: spending(reply, tokens) for prompt, reply in replies.items()}


def _by_band(exam: Exam, cases: tuple[Json, ...], base: Price) -> Contest:
    """Return a contest in which the price at another length than a prompt's picks another card."""
    right, flat, short = _models(exam, 3)
    replies = {each["prompt"]: new_reply(exam, each, "text") for each in cases}

    def banded(model: str, low: str, up_to: int, high: str, trap: str) -> Rival:
        bands = PriceBand(priced(model, base, low).price_for(0), up_to)
        card = priced(model, base, high)
        return Rival(replace(card, prices=(bands, *card.prices)), trap, replies)

    plain = Rival(priced(right, base, "1"), "", replies)
    # The cheap band ends exactly at the longest prompt's last token.
    longest = max(plain.usage(each["prompt"])["input_tokens"] for each in cases)
    rivals = (
        Rival(priced(flat, base, "2"), "other-band", replies),
        banded(right, "1", longest, "4", ""),
        banded(short, "0.1", exam.number(5, 9), "3", "other-band"),
    )
    return Contest(cases, rivals)


def _by_length(exam: Exam, base: Price) -> Contest:
    """Return a contest in which one prompt alone is so long that a card asks more for it."""
    lengths = (6, 30, 6)
    cases = tuple(case for words in lengths for case in new_cases(exam, 1, words=words))
    right, other, dear = _models(exam, 3)
    replies = {each["prompt"]: new_reply(exam, each, "text") for each in cases}
    plain = Rival(priced(right, base, "1"), "", replies)
    short = max(plain.usage(case["prompt"])["input_tokens"] for case in (cases[0], cases[2]))
    low = PriceBand(priced(other, base, "0.5").price_for(0), short)
    card = priced(other, base, "4")
    trap = Rival(replace(card, prices=(low, *card.prices)), "other-band", replies)
    return Contest(cases, (trap, plain, Rival(priced(dear, base, "3"), "dearer-chosen", replies)))


def rivals_failing(exam: Exam, none: str) -> Contest:
    """Return a contest that nobody wins; none: "each fails one", "all fail all" or "no cards"."""
    cases, base = new_cases(exam, 3), _price(exam)
    rivals = []
    for place, model in enumerate([] if none == "no cards" else _models(exam, 3)):
        replies = {
            each["prompt"]: failing_reply(exam, "other words")
            if none == "all fail all" or number == place
            else new_reply(exam, each, "text")
            for number, each in enumerate(cases)
        }
        rivals.append(Rival(priced(model, base, str(place + 1)), "fails", replies))
    return Contest(cases, tuple(rivals))
