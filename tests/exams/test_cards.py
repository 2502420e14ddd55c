"""Cards, prices and days of the catalog cross to a learner's code as a notebook has them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from grader.catalog import Catalog, ModelCard, Price, PriceBand, find_model
from grader.exams import Exam, LocalCandidate, Opaque, Record, examine, read
from tests.exams.json_candidate import JsonCandidate
from tests.exams.small_exercise import made

DAY = date(2026, 11, 23)
PRICE = Price(*(Decimal(each) for each in ("1.5", "7.25", "1.875", "3", "0.15")))
CARD = replace(
    find_model("claude-haiku-5-5"),
    id="claude-new-9",
    retires=DAY,
    prices=(PriceBand(PRICE, 1_000), PriceBand(replace(PRICE, input=Decimal(9)))),
    tool_overhead=None,
)


@pytest.mark.parametrize("kind", [LocalCandidate, JsonCandidate])
def test_a_catalog_is_a_catalog_again(kind: Any) -> None:
    """Classes, properties and methods are there, and every field is equal."""
    got: list[Any] = []

    def check(exam: Exam) -> None:
        called = exam.call(Catalog(models=(CARD,)), {"price": PRICE}, DAY)
        exam.expect("one", called.value is True, "wrong", called.value)

    def answer(catalog: Any, needs: Any, today: Any) -> bool:
        got.extend((catalog, needs, today))
        return bool(catalog.find("claude-new-9").price_for(1_001).input == 9)

    assert examine(made(check), kind({"answer": answer}), seed=1).points == 1
    assert got == [Catalog(models=(CARD,)), {"price": PRICE}, DAY]
    assert [type(each) for each in (*got, got[0].models[0])] == [Catalog, dict, date, ModelCard]


def test_a_card_comes_back_as_its_fields() -> None:
    """What a learner's code did to its arguments is read as plain data."""
    found: list[Any] = []

    def check(exam: Exam) -> None:
        called = exam.call(PRICE, DAY)
        found.extend((*called.arguments, called.value))

    examine(made(check), LocalCandidate({"answer": lambda price, day: [price, day]}), seed=1)
    fields = {name: getattr(PRICE, name) for name in ("input", "output", "write_5m", "write_1h")}
    record = Record("Price", {**fields, "read": PRICE.read})
    assert found == [record, DAY, [record, DAY]]


class LyingDay(date):
    """Write another day than it is."""

    def isoformat(self) -> str:
        """Lie."""
        return "2001-01-01"


def test_a_day_is_told_by_its_base_class() -> None:
    """A subclass cannot lie about it, and a time of day is not lost in silence."""
    found: list[Any] = []

    def check(exam: Exam) -> None:
        found.extend(exam.call().value)

    values = [LyingDay(2026, 11, 23), datetime(2026, 11, 23, tzinfo=UTC)]
    examine(made(check), LocalCandidate({"answer": lambda: values}), seed=1)
    assert found == [
        DAY,
        Opaque("datetime", "datetime.datetime(2026, 11, 23, 0, 0, tzinfo=datetime.timezone.utc)"),
    ]


@pytest.mark.parametrize("text", ["2026-02-30", "", 20261123, None])
def test_no_day_is_opaque(text: object) -> None:
    """A protocol line of somebody else's making stops nothing."""
    assert isinstance(read({"$": "date", "text": text}), Opaque)
