"""What is typed into a field is a number, or is told why it is none."""

from decimal import Decimal

import pytest

from grader.classroom.widgets.typed_numbers import read_decimal, read_whole
from grader.errors import WidgetError


@pytest.mark.parametrize(
    ("typed", "number"), [("2000", 2000), (" 2,000 ", 2000), ("1_000_000", 1_000_000), ("+7", 7)]
)
def test_a_whole_number_is_read(typed: str, number: int) -> None:
    """Thousands may be set apart."""
    assert read_whole(typed, least=0, most=10**7) == number


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Nothing is no whole number."),
        ("many", '"many" is no whole number. Write it like 2,000 or 2000.'),
        ("1,5", '"1,5" is no whole number.'),
        ("2.000", '"2.000" is no whole number.'),
        ("1e9", '"1e9" is no whole number.'),
        ("9" * 5000, f'"{"9" * 30}…" is no whole number.'),
        ("-3", '"-3" is less than 0, the least there can be.'),
        ("10,000,001", '"10,000,001" is more than 10,000,000, the most this field takes.'),
    ],
)
def test_what_is_no_count_is_refused_in_words(typed: str, words: str) -> None:
    """Nothing is guessed, and nothing is clamped in silence."""
    with pytest.raises(WidgetError) as caught:
        read_whole(typed, least=0, most=10_000_000)
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize(
    ("typed", "number"), [("0.30", "0.30"), ("$3", "3"), ("99 %", "99"), (".5", ".5"), ("5.", "5")]
)
def test_a_price_is_read_exactly(typed: str, number: str) -> None:
    """It never passes through a float."""
    assert read_decimal(typed, least=Decimal(0), most=Decimal(100)) == Decimal(number)


@pytest.mark.parametrize(
    "typed", ["", "NaN", "inf", "1e3", "three", "0,30", "-1", "101", "0.0000001", "1" * 40]
)
def test_what_is_no_price_is_refused(typed: str) -> None:
    """Neither NaN nor infinity is an amount of money."""
    with pytest.raises(WidgetError):
        read_decimal(typed, least=Decimal(0), most=Decimal(100))
