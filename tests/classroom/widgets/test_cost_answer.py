"""What the calculator says is what the lessons' own functions say."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.catalog import Catalog, Price, PriceBand
from grader.classroom.widgets.cost_answer import CostAnswer, DayBill, answer, named_figures
from grader.classroom.widgets.cost_question import (
    CACHING,
    MOST_CALLS,
    MOST_DOLLARS,
    MOST_TOKENS,
    Pasted,
    Question,
    read_question,
)
from grader.classroom.widgets.figures import dollars, program
from grader.simulator import input_tokens, output_tokens
from tests.catalog.small import SMALL

TODAY = date(2026, 11, 23)
SYLLABUS = Question(input=0, output=0)
"""2,000 tokens of system prompt, 100 calls of Sonnet 4.6, one write and 99 reads."""


def ask(question: Question, *, catalog: Catalog = SMALL, today: date = TODAY) -> CostAnswer:
    """Return the answer on the day of these tests."""
    return answer(question, catalog, today=today)


def bill_of(question: Question, model: str) -> DayBill:
    """Return the bill of one of the models side by side."""
    return next(bill for bill in ask(question).bills if model in bill.card.names)


def day(question: Question) -> Decimal:
    """Return what a day costs."""
    return ask(question).bill.total.day.amount


def test_the_sum_of_the_syllabus_comes_out_right() -> None:
    """One write and 99 reads: $0.0669, against $0.60 without a cache."""
    bill = ask(SYLLABUS).bill
    assert bill.total.day.amount == Decimal("0.0669")
    assert bill.plain.amount == Decimal("0.60")
    assert bill.saved.amount == Decimal("0.5331")
    assert {line.name: line.spans.day.amount for line in bill.lines} == {
        "fresh": 0,
        "write_5m": Decimal("0.0075"),
        "read": Decimal("0.0594"),
        "output": 0,
    }


def test_every_class_has_its_price() -> None:
    """20,000 fresh at 3, 2,000 written at 3.75, 198,000 read at 0.30, 30,000 out at 15."""
    bill = ask(Question()).bill
    amounts = [line.spans.day.amount for line in bill.lines]
    assert amounts == [Decimal(each) for each in ("0.06", "0.0075", "0.0594", "0.45")]
    assert bill.total.day.amount == Decimal("0.5769")
    assert bill.total.call.amount == Decimal("0.005769")
    assert bill.total.month.amount == Decimal("17.307")


@pytest.mark.parametrize(
    ("changes", "dollars_a_day"),
    [
        ({"caching": "off"}, "0.60"),
        # 2,000 at 6.00 and 198,000 at 0.30
        ({"caching": "1h"}, "0.0714"),
        ({"batch": True}, "0.03345"),
        # 50 writes and 50 reads
        ({"hit_rate": Decimal(50)}, "0.405"),
        ({"hit_rate": Decimal(0)}, "0.75"),
        # The first call of a day never reads.
        ({"hit_rate": Decimal(100)}, "0.0669"),
        # 99.5 of 100 calls: half a call is none.
        ({"hit_rate": Decimal("99.5")}, "0.0669"),
        ({"minutes_apart": Decimal("4.99")}, "0.0669"),
        ({"minutes_apart": Decimal(5)}, "0.75"),
        ({"minutes_apart": Decimal(5), "caching": "1h"}, "0.0714"),
        ({"minutes_apart": Decimal(60), "caching": "1h"}, "1.20"),
        ({"calls": 1}, "0.0075"),
        # 1,023 tokens are under the minimum: plain input.
        ({"system": 1_023}, "0.3069"),
        ({"system": 1_024}, "0.0342528"),
        ({"model": "claude-fable-5-2"}, "0.0596"),
        ({"model": "claude-sonnet-5-5"}, "0.0248"),
    ],
)
def test_each_choice_changes_the_bill(changes: dict[str, Any], dollars_a_day: str) -> None:
    """Reckoned by hand from the price list."""
    assert day(replace(SYLLABUS, **changes)) == Decimal(dollars_a_day)


def test_a_band_goes_by_the_whole_prompt() -> None:
    """Haiku 5.5: 100,000 tokens cost 0.10 a million each, one more and all cost 0.50."""
    question = Question(model="claude-haiku-5-5", system=99_000, output=0, calls=1, caching="off")
    assert day(replace(question, input=1_000)) == Decimal("0.01")
    assert day(replace(question, input=1_001)) == Decimal("0.0500005")
    cached = replace(question, input=1_001, caching="5m")
    assert day(cached) == (99_000 * Decimal("0.625") + 1_001 * Decimal("0.50")) / 1_000_000


def test_what_is_not_cached_is_said() -> None:
    """Below the minimum nothing happens, silently; the calculator is not silent."""
    bill = ask(replace(SYLLABUS, system=1_000)).bill
    assert not bill.is_cached
    assert "1,000 tokens of system prompt are under this model's minimum of 1,024" in bill.notes[0]
    late = ask(replace(SYLLABUS, minutes_apart=Decimal(7))).bill
    assert late.notes[0].startswith("Calls 7 minutes apart come when the 5 minutes are over")
    assert late.saved.amount == Decimal("-0.15")
    crowded = ask(replace(SYLLABUS, minutes_apart=Decimal(20), caching="1h")).bill
    assert crowded.notes[-1] == ("100 calls, 20 minutes apart, take 33.3 hours, and a day has 24.")


@pytest.mark.parametrize(
    ("model", "caching", "call"),
    [
        ("claude-sonnet-4-6", "5m", 2),
        ("claude-sonnet-4-6", "1h", 3),
        ("claude-fable-5-2", "5m", 2),
        ("claude-fable-5-2", "1h", 3),
    ],
)
def test_the_break_even_call_is_marked(model: str, caching: str, call: int) -> None:
    """It is the first call at which the two bills have crossed."""
    found = ask(replace(SYLLABUS, model=model, caching=caching))
    assert found.break_even == call
    assert [step.call for step in found.steps if step.is_break_even] == [call]
    for step in found.steps:
        assert (step.cached.amount < step.plain.amount) == (step.call >= call)


def test_a_cache_that_never_pays_has_no_break_even() -> None:
    """With reads as dear as input no call is the one."""
    card = SMALL.find("claude-sonnet-4-6")
    price = replace(card.price_for(1), read=Decimal(3))
    found = ask(SYLLABUS.with_price(card, 2_000, price))
    assert found.break_even is None
    assert not any(step.is_break_even for step in found.steps)


def test_a_cache_that_pays_late_has_its_call() -> None:
    """Reads that save next to nothing add up: 299.804 against 300 dollars after 300 calls."""
    card = SMALL.find("claude-sonnet-4-6")
    price = replace(card.price_for(1), input=Decimal(1), write_5m=Decimal(2), read=Decimal("0.996"))
    found = ask(SYLLABUS.with_price(card, 2_000, price))
    assert found.break_even == 252
    assert [step.call for step in found.steps if step.is_break_even] == [252]


def test_the_cheapest_model_that_fits_is_found() -> None:
    """What is cheaper and too small, or has retired, is passed over, and says why."""
    assert ask(Question()).cheapest.card.id == "claude-haiku-5-5"  # type: ignore[union-attr]
    small, large = SMALL.find("claude-haiku-4-5"), SMALL.find("claude-sonnet-4-6")
    catalog = Catalog((large, small))
    for changes, obstacle in (
        ({"input": 200_000}, "202,300 tokens don't fit into its window of 200,000."),
        ({"output": 64_001}, "64,001 output tokens are more than its maximum of 64,000."),
    ):
        found = ask(replace(Question(), **changes), catalog=catalog)
        assert found.cheapest is found.bills[0]
        assert found.bills[1].obstacles == (obstacle,)
    old = SMALL.find("claude-sonnet-4-5")
    found = ask(Question(), catalog=Catalog((large, old)), today=date(2026, 11, 30))
    assert found.bills[1].obstacles == ("It retired on 2026-11-30.",)
    assert ask(Question(), catalog=Catalog((large, old))).bills[1].obstacles == ()
    assert ask(replace(Question(), output=200_000)).cheapest is None


def test_a_text_is_counted_for_each_model() -> None:
    """As the simulator counts it: each generation has a tokenizer of its own."""
    words = "May I send back an order of class 7? " * 200
    question = Question(system=words, input="Hello", output="You may.")
    for model in ("claude-sonnet-4-6", "claude-sonnet-5-5"):
        counts, card = bill_of(question, model).counts, SMALL.find(model)
        messages = [{"role": "user", "content": "Hello"}]
        assert counts.prompt == input_tokens({"system": words, "messages": messages}, card)
        assert counts.output == output_tokens([{"type": "text", "text": "You may."}], card)
    assert (
        bill_of(question, "claude-sonnet-4-6").counts
        != bill_of(question, "claude-sonnet-5-5").counts
    )


def test_a_price_is_edited_and_reset() -> None:
    """An edit holds for one model and one band; the catalog's own price is none."""
    card = SMALL.find("claude-haiku-5-5")
    question = Question(model=card.id)
    dear = replace(card.price_for(1), input=Decimal(7))
    edited = question.with_price(card, 2_000, dear)
    assert ask(edited).bill.price == dear
    assert ask(edited).bill.is_edited
    assert ask(replace(edited, system=100_001)).bill.price == card.price_for(100_001)
    assert bill_of(edited, "claude-sonnet-4-6").is_edited is False
    assert edited.with_price(card, 2_000, card.price_for(1)) == question


AMOUNTS = st.integers(0, MOST_TOKENS)
PRICES = st.decimals(0, MOST_DOLLARS, places=6, allow_nan=False)


@given(
    system=AMOUNTS,
    fresh=AMOUNTS,
    output=AMOUNTS,
    calls=st.integers(1, MOST_CALLS),
    caching=st.sampled_from(list(CACHING)),
    hit_rate=st.decimals(0, 100, places=3),
    minutes=st.decimals("0.001", 100, places=3),
    batch=st.booleans(),
    price=st.builds(Price, PRICES, PRICES, PRICES, PRICES, PRICES),
)
@settings(max_examples=30)
def test_every_figure_is_what_its_expression_comes_to(
    system: int,
    fresh: int,
    output: int,
    calls: int,
    caching: str,
    hit_rate: Decimal,
    minutes: Decimal,
    batch: bool,
    price: Price,
) -> None:
    """Copied into a cell, line by line or all of them, it gives the very same Decimal."""
    card = replace(SMALL.find("claude-sonnet-4-6"), prices=(PriceBand(price),))
    question = Question(
        card.id, system, fresh, output, calls, caching, hit_rate, minutes, batch, {}
    )
    found = ask(question, catalog=Catalog((card, SMALL.find("claude-haiku-5-5"))))
    figures = named_figures(found)
    said: dict[str, Any] = {}
    exec(program(figures), said)
    for name, figure in figures.items():
        assert figure.amount == said[name] == eval(figure.expression, {"Decimal": Decimal}), name
    # The parts add up to the whole, to the last digit.
    total = sum((line.spans.day.amount for line in found.bill.lines), Decimal(0))
    assert total == found.bill.total.day.amount


def test_faults_leave_the_last_good_part() -> None:
    """Each field with a fault has its sentence, and the others are taken."""
    good = Question(calls=7)
    typed = {
        "model": "claude-sonet-4-6",
        "system": "lots",
        "input": Pasted("  "),
        "output": 500,
        "calls": 0,
        "caching": "2h",
        "hit_rate": "101",
        "minutes_apart": "0",
        "batch": "no",
    }
    read = read_question(typed, good, SMALL)
    assert read.question == replace(good, output=500)
    assert set(read.faults) == set(typed) - {"output"}
    assert "claude-sonnet-4-6" in read.faults["model"]
    assert read.faults["input"] == "There's no text to count. Paste some first."
    assert read.faults["caching"] == "'2h' isn't a lifetime. Expected off, 5m, 1h."


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "$0.00"),
        ("0.0669", "$0.0669"),
        ("0.00000012345", "$0.0000001234"),
        ("1234567.891", "$1,234,567.89"),
        ("-0.15", "-$0.15"),
    ],
)
def test_small_amounts_keep_their_digits(amount: str, shown: str) -> None:
    """A call that costs a hundredth of a cent does not cost nothing."""
    assert dollars(Decimal(amount)) == shown
