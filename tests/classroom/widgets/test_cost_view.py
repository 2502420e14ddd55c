"""The calculator's view, read by its traits: what each control changes."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from grader.classroom import CostCalculator
from grader.classroom.widgets.cost_answer import answer
from grader.classroom.widgets.cost_question import Question
from grader.classroom.widgets.figures import dollars
from tests.catalog.small import SMALL
from tests.classroom.widgets.traits import Control, button, chosen, controls, drawn

pytestmark = pytest.mark.usefixtures("small_catalog")

TODAY = date(2026, 11, 23)
OPENS = "$17.31 a month $0.5769 a day, $0.005769 a call, with Claude Sonnet 4.6."


@pytest.fixture
def view() -> Any:
    """Return the view of a calculator as it opens."""
    return CostCalculator(today=TODAY).make_view()


def words(view: Any) -> str:
    """Return what a view says, without its tags and without what is typed into fields."""
    plain = re.sub(r"<textarea.*?</textarea>", " ", drawn(view), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", plain)))


def alerts(view: Any) -> list[str]:
    """Return the faults that a view announces."""
    return re.findall(r'role="alert">([^<]*)', drawn(view))


def field(view: Any, label: str) -> Control:
    """Return the field with this name."""
    (found,) = [each for each in controls(view) if each.name == label]
    return found


def program_of(view: Any) -> str:
    """Return the program to copy."""
    (found,) = re.findall(r'aria-label="Python"[^>]*>(.*?)</textarea>', drawn(view), re.DOTALL)
    return unescape(found)


def press(view: Any, name: str) -> None:
    """Press the one button of this name."""
    button(view, name).click()


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
        ("Slide the hit rate", "40", {"hit_rate": Decimal(40)}),
        ("Minutes apart", "6", {"minutes_apart": Decimal(6)}),
    ],
)
def test_each_field_changes_the_figures(
    view: Any, label: str, typed: str, changes: dict[str, Any]
) -> None:
    """To what the state gives for it, and the slider does what its field does."""
    field(view, label).set(typed)
    expected = answer(Question(**changes), SMALL, today=TODAY)
    assert a_day(view) == dollars(expected.bill.total.day.amount)
    assert alerts(view) == []


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("None", {"caching": "off"}),
        ("1 hour", {"caching": "1h"}),
        ("In a batch, half price", {"batch": True}),
        ("Take the cheapest model that fits", {"model": "claude-haiku-5-5"}),
    ],
)
def test_each_button_changes_the_figures(view: Any, name: str, changes: dict[str, Any]) -> None:
    """What is chosen is marked."""
    press(view, name)
    expected = answer(Question(**changes), SMALL, today=TODAY)
    assert a_day(view) == dollars(expected.bill.total.day.amount)
    assert not changes.keys() & {"caching", "batch"} or name in chosen(view)


def test_a_fault_is_named_beside_its_field_and_the_last_good_figures_stay(view: Any) -> None:
    """And other fields still work; once mended, nothing is said of it."""
    field(view, "Calls a day").set("200")
    good = a_day(view)
    field(view, "Calls a day").set("-3")
    assert '✗ "-3" is less than 1, the least there can be.' in words(view)
    assert a_day(view) == good
    assert "These are the last valid figures. Fix what's marked ✗." in words(view)
    field(view, "Output").set("0")
    assert a_day(view) == dollars(
        answer(Question(calls=200, output=0), SMALL, today=TODAY).bill.total.day.amount
    )
    assert "the last valid figures" in words(view)
    field(view, "Calls a day").set("100")
    assert "✗" not in words(view)
    assert "the last valid figures" not in words(view)


def test_a_text_is_counted_into_a_field(view: Any) -> None:
    """Its tokens are shown; a number typed over it takes its place."""
    pasted = "May I send back an order of class 7? " * 50
    press(view, "Count as input")
    assert "✗ There's no text to count. Paste some first." in words(view)
    field(view, "Text to count").set(pasted)
    press(view, "Count as input")
    expected = answer(Question(input=pasted), SMALL, today=TODAY)
    assert field(view, "Input").value == f"{expected.bill.counts.input:,}"
    assert a_day(view) == dollars(expected.bill.total.day.amount)
    assert f"in a text of {len(pasted):,} characters" in words(view)
    field(view, "Input").set("200")
    assert OPENS in words(view)
    assert "in a text of" not in words(view)


def test_prices_are_edited_and_reset(view: Any) -> None:
    """The figures follow, say that they were edited, and go back."""
    field(view, "Price, fresh input").set("6")
    # 20,000 tokens at 3 dollars a million more.
    assert a_day(view) == "$0.6369"
    assert "edited; the catalog has 3.00" in words(view)
    assert "at your edited prices" in words(view)
    field(view, "Price, fresh input").set("cheap")
    assert '✗ "cheap" is no number. Write it like 3 or 0.30.' in words(view)
    assert a_day(view) == "$0.6369"
    press(view, "Reset prices to the catalog's for this model")
    assert field(view, "Price, fresh input").value == "3.00"
    assert OPENS in words(view)
    assert "✗" not in words(view)


def test_the_figures_can_be_copied_as_python(view: Any) -> None:
    """What unfolds is a program that comes to what is shown."""
    press(view, "In a batch, half price")
    said: dict[str, Any] = {}
    program = program_of(view)
    exec(program, said)
    assert dollars(said["all_day"]) == a_day(view)
    assert said["all_day"] == Decimal("0.28845")
    first = program.splitlines()[0].removeprefix("# ")
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
    field(one, "Calls a day").set("1")
    assert OPENS in words(other)
    field(other, "Calls a day").set("-1")
    assert "✗" not in words(one)


def test_a_catalog_of_one_s_own_will_do() -> None:
    """Even without the model of the lessons."""
    catalog = SMALL
    models = tuple(card for card in catalog.models if card.id == "claude-opus-5")
    widget = CostCalculator(model="claude-opus-5", catalog=type(catalog)(models), today=TODAY)
    assert str(widget).startswith("Claude Opus 5: ")


@pytest.mark.parametrize("caching", ["off", "5m", "1h"])
@pytest.mark.parametrize(("system", "calls"), [(0, 1), (37_123, 7), (900_000, 4_999)])
def test_points_stand_below_points(caching: str, system: int, calls: int) -> None:
    """In each column of money; blanks as wide as digits fill up what an amount leaves."""
    html = CostCalculator(system=system, calls=calls, caching=caching).html
    for table in re.findall(r"<tbody>(.*?)</tbody>", html, re.DOTALL):
        rows = [
            [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
            for row in re.findall(r"<tr.*?</tr>", table)
        ]
        for column in zip(*rows, strict=True):
            places = {len(cell.partition(".")[2]) for cell in column if cell.startswith("$")}
            assert len(places) <= 1
