"""The fifth trace of the bot: what its ledger says about the money spent."""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate
from typing import Any

from grader.catalog import THINKING_MODEL, Tokens, read_usage
from grader.exams import Exam, SdkObject, Slip
from grader.exercises.loops import plan_call
from grader.exercises.port.bots import LONG, Shop, open_shop
from grader.simulator import empty, refusal, text, turn

Json = Any


def judge_ledger(exam: Exam) -> None:
    """Judge a question with a tool, one without, and one that is refused."""
    plan = plan_call(exam, exam.words(3))
    replies = (
        text(exam.words(4)),
        turn(text(exam.words(4)), plan.turn),
        text(exam.words(9)),
        text(exam.words(5)),
        refusal(None, None, text(exam.words(3))),
        empty(),
    )
    shop = open_shop(exam, *replies, plans=[plan], model=THINKING_MODEL, lines=LONG)
    judges = ("entries", "amounts")
    shop.hire(*judges).call("ask", f"{exam.words(3)}?", judges=judges)
    bot = shop.hire(*judges)
    # Another bot has charged for a reply by now.
    begun = bot.read("ledger", judges=judges)
    if isinstance(begun, list) and not exam.expect("entries", not begun, "ledger-shared", begun):
        exam.expect("amounts", False, "ledger-shared", begun)
        return
    for _ in range(2):
        bot.call("ask", f"{exam.words(3)}?", judges=judges)
    ledger = bot.read("ledger", judges=judges)
    answered = len(shop.costs()) - 1
    if not isinstance(ledger, list):
        exam.judge(Slip("ledger-no-list", ledger), *judges)
        return
    wrong = exam.which({"ledger-by-question": len(ledger) == 2 < answered}, otherwise="ledger-gaps")
    counted = f"{len(ledger)} entries for {answered} replies"
    is_whole = exam.expect("entries", len(ledger) == answered == 3, wrong, counted)
    if not is_whole:
        exam.expect("amounts", False, wrong, counted)
        return
    _are_right(exam, shop, ledger)
    bot.call("ask", f"{exam.words(3)}?", judges=("entries",), may_raise=("Exception",))
    after = bot.read("ledger", judges=("entries",))
    entries = len(after) if isinstance(after, list) else 0
    exam.expect("entries", entries == len(shop.costs()) - 1, "refusal-unpaid", entries)
    bot.call("ask", f"{exam.words(3)}?", judges=("entries",), may_raise=("Exception",))
    after = bot.read("ledger", judges=("entries",))
    is_paid = isinstance(after, list) and len(after) == len(shop.costs()) - 1
    exam.expect("entries", is_paid, "empty-unpaid", entries)


def _are_right(exam: Exam, shop: Shop, ledger: list[Json]) -> None:
    costs = shop.costs()[1:]
    wrong = exam.which(
        {
            "ledger-floats": any(not isinstance(entry, Decimal) for entry in ledger),
            "ledger-sums": ledger == list(accumulate(costs)) != costs,
            "cache-free": ledger == _otherwise(shop, "free") != costs,
            "cache-at-full-price": ledger == _otherwise(shop, "full") != costs,
        },
        otherwise="ledger-otherwise",
    )
    listed = ", ".join(map(_entry, ledger))
    expected = ", ".join(str(cost) for cost in costs)
    observed = listed if wrong != "ledger-otherwise" else f"{listed} instead of {expected}"
    is_right = all(isinstance(entry, Decimal) for entry in ledger) and ledger == costs
    exam.expect("amounts", is_right, wrong, observed)


def _entry(entry: Json) -> str:
    return f"a {entry.type}" if isinstance(entry, SdkObject) else str(entry)


def _otherwise(shop: Shop, cached: str) -> list[Decimal]:
    """Return the costs if cached tokens were free, or cost as much as fresh ones."""
    found = []
    for message in (each.message for each in shop.exchanges[1:] if each.message):
        tokens = read_usage(message["usage"])
        free = Tokens(fresh=tokens.fresh, output=tokens.output)
        found.append(shop.card.charge(tokens.uncached if cached == "full" else free))
    return found
