"""The calculator's view, read by its traits: what each control changes."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from grader.classroom import CostCalculator
from grader.classroom.widgets.cost_answer import answer
from grader.classroom.widgets.cost_question import Question
from grader.classroom.widgets.figures import dollars
from tests.catalog.small import SMALL
from tests.classroom.widgets.reading import alerts, press, within, words

pytestmark = pytest.mark.usefixtures("small_catalog")

TODAY = date(2026, 11, 23)
OPENS = "Claude Sonnet 4.6: $0.5769 a day, $17.31 a month, $0.005769 a call."


@pytest.fixture
def view() -> Any:
    """Return the view of a calculator as it opens."""
    return CostCalculator(today=TODAY).make_view()


def field(view: Any, label: str) -> Any:
    """Return the first field with this label: the last one of it is the price."""
    return next(
        each
        for each in within(view)
        if getattr(each, "description", "") == label and hasattr(each, "placeholder")
    )


def a_day(view: Any) -> str:
    """Return what the view says that a day costs."""
    return re.findall(r"[$]\S+ a day", words(view))[0].removesuffix(" a day")


def test_it_opens_with_figures_and_says_nothing_aloud(view: Any) -> None:
    """The figures are there before anything is touched."""
    assert OPENS in words(view)
    assert alerts(view) == []
    assert "prices as of 2026-11-22" in words(view)


@pytest.mark.parametrize(
    ("label", "typed", "changes"),
    [
        ("Model", "claude-haiku-4-5", {"model": "claude-haiku-4-5-20251001"}),
        ("System prompt", "5,000", {"system": 5_000}),
        ("Input", "0", {"input": 0}),
        ("Output", "1", {"output": 1}),
        ("Calls a day", "10_000", {"calls": 10_000}),
        ("Hit rate", "12.5 %", {"hit_rate": Decimal("12.5")}),
        ("Minutes apart", "6", {"minutes_apart": Decimal(6)}),
    ],
)
def test_each_field_changes_the_figures(
    view: Any, label: str, typed: str, changes: dict[str, Any]
) -> None:
    """To what the state gives for it, and that is said aloud, for the focus stays in the field."""
    field(view, label).value = typed
    expected = answer(Question(**changes), SMALL, today=TODAY)
    assert a_day(view) == dollars(expected.bill.total.day.amount)
    assert len(alerts(view)) == 1


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("No cache", {"caching": "off"}),
        ("Cache 1 hour", {"caching": "1h"}),
        ("In a batch, half price", {"batch": True}),
        ("-10 %", {"hit_rate": Decimal(89)}),
        ("+10 %", {"hit_rate": Decimal(100)}),
        ("Take the cheapest", {"model": "claude-haiku-5-5"}),
    ],
)
def test_each_button_changes_the_figures(view: Any, name: str, changes: dict[str, Any]) -> None:
    """A choice is marked with a tick."""
    press(view, name)
    expected = answer(Question(**changes), SMALL, today=TODAY)
    assert a_day(view) == dollars(expected.bill.total.day.amount)
    assert not changes.keys() & {"caching", "batch"} or any(
        getattr(each, "description", "") == f"✓ {name}" for each in within(view)
    )


def test_a_fault_is_named_beside_its_field_and_the_last_good_figures_stay(view: Any) -> None:
    """And other fields still work; once mended, nothing is said of it."""
    field(view, "Calls a day").value = "200"
    good = a_day(view)
    field(view, "Calls a day").value = "-3"
    assert '✗ "-3" is less than 1, the least there can be.' in words(view)
    assert a_day(view) == good
    assert "These are the last valid figures. Fix what's marked ✗." in words(view)
    field(view, "Output").value = "0"
    assert a_day(view) == dollars(
        answer(Question(calls=200, output=0), SMALL, today=TODAY).bill.total.day.amount
    )
    assert "the last valid figures" in words(view)
    field(view, "Calls a day").value = "100"
    assert "✗" not in words(view)
    assert "the last valid figures" not in words(view)


def test_a_text_is_counted_into_a_field(view: Any) -> None:
    """Its tokens are shown; a number typed over it takes its place."""
    text = next(each for each in within(view) if type(each).__name__ == "Textarea")
    press(view, "Count as input")
    assert "✗ There's no text to count. Paste some first." in words(view)
    text.value = "May I send back an order of class 7? " * 50
    press(view, "Count as input")
    expected = answer(Question(input=text.value), SMALL, today=TODAY)
    assert field(view, "Input").value == f"{expected.bill.counts.input:,}"
    assert a_day(view) == dollars(expected.bill.total.day.amount)
    assert f"in a text of {len(text.value):,} characters" in words(view)
    field(view, "Input").value = "200"
    assert OPENS in words(view)
    assert "in a text of" not in words(view)


def test_prices_are_edited_and_reset(view: Any) -> None:
    """The figures follow, say that they were edited, and go back."""
    price = field(view, "Fresh input")
    price.value = "6"
    # 20,000 tokens at 3 dollars a million more.
    assert a_day(view) == "$0.6369"
    assert "edited; the catalog has 3.00" in words(view)
    assert "at your edited prices" in words(view)
    price.value = "cheap"
    assert '✗ "cheap" is no number. Write it like 3 or 0.30.' in words(view)
    assert a_day(view) == "$0.6369"
    press(view, "Reset prices")
    assert price.value == "3.00"
    assert OPENS in words(view)
    assert "✗" not in words(view)


def test_the_figures_can_be_copied_as_python(view: Any) -> None:
    """What unfolds is a program that comes to what is shown."""
    *_, program = [each for each in within(view) if type(each).__name__ == "Textarea"]
    press(view, "▸ Each figure in Python, to copy")
    press(view, "In a batch, half price")
    said: dict[str, Any] = {}
    exec(program.value, said)
    assert dollars(said["all_day"]) == a_day(view)
    assert said["all_day"] == Decimal("0.28845")
    first = program.value.splitlines()[0].removeprefix("# ")
    again = eval(first, {"CostCalculator": lambda **given: CostCalculator(today=TODAY, **given)})
    assert a_day(again.make_view()) == a_day(view)


def test_what_it_is_given_wrongly_is_named_in_it() -> None:
    """No traceback: the sentence stands beside the field, in the text and in the picture too."""
    widget = CostCalculator(
        model="claude-sonet-4-6", calls=-1, caching="2h", hit_rate=float("nan"), today=TODAY
    )
    view = widget.make_view()
    for said in (str(widget), re.sub(r"&quot;", '"', widget.html), words(view)):
        assert "no model" in said
        assert '"-1" is less than 1' in said
        assert '"nan" is no number.' in said
        assert "the last valid figures" in said
    assert "isn't a lifetime" in str(widget)
    assert field(view, "Model").value == "claude-sonet-4-6"
    assert a_day(view) == "$0.5769"


def test_a_calculator_shown_twice_works_twice() -> None:
    """Each view has a question of its own."""
    widget = CostCalculator(today=TODAY)
    one, other = widget.make_view(), widget.make_view()
    field(one, "Calls a day").value = "1"
    assert OPENS in words(other)
    field(other, "Calls a day").value = "-1"
    assert "✗" not in words(one)


def test_a_catalog_of_one_s_own_will_do() -> None:
    """Even without the model of the lessons."""
    catalog = SMALL
    models = tuple(card for card in catalog.models if card.id == "claude-opus-5")
    widget = CostCalculator(model="claude-opus-5", catalog=type(catalog)(models), today=TODAY)
    assert str(widget).startswith("Claude Opus 5: ")
