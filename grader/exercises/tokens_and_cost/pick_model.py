"""The cheapest suitable model of a catalog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from grader.catalog import DEFAULT_MODEL, Catalog, ModelCard, Price, PriceBand, find_model
from grader.exams import Called, Case, Criterion, Exam, Record, Shapes, exercise
from grader.exercises.readings import is_same

Json = Any

_TODAY = date(2027, 1, 10)
_EARLY, _LATE = date(2001, 1, 10), date(2109, 1, 10)
"""Far from the day on which the code runs, so that no verdict hangs on that."""
_AMPLE = 1_000_000
_DEARER = ("first-band", "band-by-both", "last-band", "input-only", "unweighted", "not-cheapest")
"""The mistakes that show in what a call costs."""


_ROUNDED = Decimal("0.005")
"""Dollars; what costs less is 0.00 to whoever rounds to cents."""


@dataclass(frozen=True)
class _Size:
    """Hold the tokens of a call: its input, and its longest reply."""

    input: int
    reply: int

    def cost(self, price: Price) -> Decimal:
        return price.cost(input_tokens=self.input, output_tokens=self.reply)


@exercise(
    minutes=6,
    criteria=[
        Criterion("cheapest", "what a whole call costs decides"),
        Criterion("band", "at the price for a prompt of this length"),
        Criterion("answers", "the model answers on that day"),
        Criterion("room", "the call has room in the model's two limits"),
        Criterion("tested", "the model is one that you may choose"),
        Criterion("none", "a `ValueError` when no model will do"),
    ],
    shapes=Shapes(
        pairs=[("size", "place"), ("today", "place"), ("limit", "place"), ("listed", "place")],
        size=["a long prompt", "a long reply", "a short call"],
        place=["second", "last", "first"],
        today=["late", "early"],
        limit=["exact", "ample"],
        listed=["in the catalog's order", "in another order"],
        untested=["with other ids", "with longer ids", "with a shorter id"],
        none=["each for its own reason", "no id", "all retired", "all too small"],
    ),
)
def pick_model(exam: Exam) -> None:
    """Choose from catalogs with one trap each, and from one in which nothing fits."""
    first, *others = exam.cases("size", "place")
    if not _by_cost(exam, first):
        return
    for case in others:
        with exam.part():
            _by_cost(exam, case)
    with exam.part():
        _by_band(exam)
    for dimension, judge in (
        ("today", _by_day),
        ("limit", _by_room),
        ("listed", _by_tests),
        ("none", _from_nothing),
    ):
        names = {"none": ("none",), "listed": ("listed", "place", "untested")}.get(
            dimension, (dimension, "place")
        )
        for case in exam.cases(*names):
            with exam.part():
                judge(exam, case)


def _by_cost(exam: Exam, case: Case) -> bool:
    size, base = _size(exam), _price(exam)
    if case.size == "a long reply":
        size = _Size(input=size.reply, reply=size.input)
    if case.size == "a short call":
        # Any of these models answers it for less than half a cent.
        size = _Size(input=exam.number(40, 90), reply=exam.number(10, 30))
    right = _card(exam, base, retires_not_before=_TODAY - timedelta(days=400))
    # Elsewhere code that skips a place would choose one of these, and have made no such mistake.
    if case.size == "a short call":
        shares = ("1.2", "1.4", "1.7")
        dearer = [("not-cheapest", _card(exam, _times(base, share))) for share in shares]
        return _picks(exam, "cheapest", size, right, dearer, place=case.place)
    misread = (
        ("promise-read", _card(exam, _times(base, "1.01"))),
        ("input-only", _card(exam, _with_input(base, size, share="0.7", total="1.04"))),
        ("unweighted", _card(exam, _with_input(base, size, share="1.2", total="1.03"))),
    )
    traps = (
        *(misread if case.place == "second" else ()),
        ("not-cheapest", _card(exam, _times(base, "1.2"))),
        ("not-cheapest", _card(exam, _times(base, "1.4"))),
        # Its cost has a digit more, and as a text comes first.
        ("not-cheapest", _card(exam, _times(base, "9"))),
    )
    return _picks(exam, "cheapest", size, right, traps, place=case.place)


def _by_band(exam: Exam) -> None:
    """Judge a choice among bands, in which each wrong way to read them picks another card."""
    size, base = _size(exam), _price(exam)

    def banded(low: str, up_to: int, high: str) -> ModelCard:
        bands = PriceBand(_times(base, low), up_to), PriceBand(_times(base, high))
        return _card(exam, base, prices=bands)

    # The right card's cheap band ends exactly at the prompt's last token.
    right = banded("0.9", size.input, "3")
    traps = (
        ("first-band", banded("0.2", size.input - exam.number(1, 9), "1.3")),
        ("band-by-both", banded("1.1", size.input + size.reply, "2")),
        ("last-band", _card(exam, _times(base, "1.15"))),
    )
    _picks(exam, "band", size, right, traps)


def _by_day(exam: Exam, case: Case) -> None:
    size, base = _size(exam), _price(exam)
    today = (_LATE if case.today == "late" else _EARLY) + timedelta(days=exam.number(0, 300))

    def retiring(days: int, share: str) -> ModelCard:
        day = today + timedelta(days=days)
        return _card(exam, _times(base, share), lifecycle="deprecated", retires=day)

    traps = (
        ("retired", retiring(0, "0.7")),
        ("retired", retiring(-exam.number(1, 90), "0.6")),
        ("only-active", _card(exam, _times(base, "1.2"))),
    )
    _picks(exam, "answers", size, retiring(1, "1"), traps, place=case.place, today=today)


def _by_room(exam: Exam, case: Case) -> None:
    size, base = _size(exam), _price(exam)
    both = size.input + size.reply
    exact = {"context_window": both, "max_output": size.reply} if case.limit == "exact" else {}
    right = _card(exam, base, **exact)
    traps = (
        ("too-small", _card(exam, _times(base, "0.6"), context_window=both - 1)),
        ("too-small", _card(exam, _times(base, "0.5"), context_window=size.input - 1)),
        ("too-small", _card(exam, _times(base, "0.7"), max_output=size.reply - 1)),
        (
            "refused-fitting" if exact else "not-cheapest",
            _card(exam, _times(base, "1.3")),
        ),
    )
    _picks(exam, "room", size, right, traps, place=case.place)


def _by_tests(exam: Exam, case: Case) -> None:
    size, base = _size(exam), _price(exam)
    right, dearer = _card(exam, base), _card(exam, _times(base, "1.2"))
    # Ids that have one another in them, as a model's has that of its predecessor.
    short = right.id
    other, third = {
        "with longer ids": ({"id": f"{short}-5"}, {"id": f"eu.{short}"}),
        "with a shorter id": ({"id": short}, {}),
    }.get(case.untested, ({}, {}))
    if case.untested == "with a shorter id":
        right = replace(right, id=f"{short}-5")
    traps = (
        ("not-tested", _card(exam, _times(base, "0.8"), **other)),
        ("not-tested", _card(exam, _times(base, "0.5"), **third)),
        ("not-cheapest", dearer),
        ("not-cheapest", _card(exam, _times(base, "1.3"))),
    )
    tested = (right, dearer, traps[-1][1])
    is_turned = case.listed == "in another order"
    _picks(exam, "tested", size, right, traps, place=case.place, tested=tested, is_turned=is_turned)


def _picks(
    exam: Exam,
    criterion: str,
    size: _Size,
    right: ModelCard,
    traps: Sequence[tuple[str, ModelCard]],
    *,
    place: str = "second",
    today: date = _TODAY,
    tested: Sequence[ModelCard] = (),
    is_turned: bool = False,
) -> bool:
    """Judge one choice, and return whether the code chose some card of the catalog.

    traps: other cards, each with the mistake that choosing it shows. place: where the right card
    stands in the catalog, so that no place is a choice by price. tested: the cards that one
    may choose; all if empty. is_turned: whether `needs` has them in another order.
    """
    # The dearest comes first, unless the right one does.
    by_cost = sorted(
        (card for _, card in traps), key=lambda card: size.cost(card.price_for(size.input))
    )
    cards = [by_cost.pop(), *by_cost]
    cards.insert({"first": 0, "second": 1, "last": len(cards)}[place], right)
    called = _call(exam, criterion, size, cards, tested or cards, today, is_turned=is_turned)
    value = called.value
    shown = next((mistake for mistake, card in traps if is_same(value, card.id)), "")
    is_chosen = any(is_same(value, card.id) for card in cards)
    wrong = exam.which(
        {
            "printed": value is None and right.id in called.printed,
            "card-returned": isinstance(value, Record),
            "not-an-id": not is_chosen,
        },
        otherwise=shown or "not-cheapest",
    )
    observed = value.fields.get("display_name") if isinstance(value, Record) else value
    chosen = next((card for card in cards if is_same(value, card.id)), None)
    if chosen is not None and wrong == "too-small":
        observed = f"{value}: {size.input} + {size.reply} tokens, a window of "
        observed += f"{chosen.context_window}, and {chosen.max_output} of output"
    elif chosen is not None and wrong in _DEARER:
        costs = [size.cost(card.price_for(size.input)) for card in (chosen, right)]
        if max(costs) < _ROUNDED:
            wrong = exam.which({"costs-rounded": True}, otherwise=wrong)
        observed = f"{value}, {costs[0]:.6f} USD; {right.id}, {costs[1]:.6f} USD"
    exam.expect(criterion, is_same(value, right.id), wrong, observed)
    return is_chosen


def _from_nothing(exam: Exam, case: Case) -> None:
    """Judge a call that no card suits."""
    size, base = _size(exam), _price(exam)

    def gone() -> ModelCard:
        day = _LATE - timedelta(days=exam.number(1, 90))
        return _card(exam, base, lifecycle="deprecated", retires=day)

    short = _card(exam, base, context_window=size.input)
    terse = _card(exam, base, max_output=size.reply - 1)
    unfit = {
        "each for its own reason": [gone(), short, terse],
        "no id": [],
        "all retired": [gone(), gone()],
        "all too small": [short, terse],
    }[case.none]
    cards = [_card(exam, base), *unfit]
    called = _call(exam, "none", size, cards, unfit, _LATE, may_raise=("Exception",))
    is_raised = called.raised is not None
    wrong = exam.which({"none-chosen": not is_raised}, otherwise="other-error")
    observed = called.raised if is_raised else called.value
    exam.expect("none", "ValueError" in called.raised_kinds, wrong, observed)


def _call(
    exam: Exam,
    criterion: str,
    size: _Size,
    cards: Sequence[ModelCard],
    tested: Sequence[ModelCard],
    today: date,
    *,
    is_turned: bool = False,
    may_raise: tuple[str, ...] = (),
) -> Called:
    ids = [card.id for card in cards if card in tested]
    needs = {
        "models": ids[::-1] if is_turned else ids,
        "input_tokens": size.input,
        "max_tokens": size.reply,
    }
    catalog = Catalog(models=tuple(cards))
    return exam.call(needs, catalog, today, judges=(criterion,), may_raise=may_raise)


def _size(exam: Exam) -> _Size:
    """Return a size whose reply costs about half of what its prompt costs."""
    tokens = exam.number(40_000, 90_000)
    return _Size(input=tokens, reply=tokens // exam.number(9, 11))


def _price(exam: Exam) -> Price:
    dollars = Decimal(exam.number(211, 489)) / 100
    return Price(
        input=dollars,
        output=dollars * exam.number(4, 6),
        write_5m=dollars * Decimal("1.25"),
        write_1h=dollars * 2,
        read=dollars / 10,
    )


def _times(price: Price, share: str) -> Price:
    """Return a price whose parts are all this share of another's."""
    parts = (price.input, price.output, price.write_5m, price.write_1h, price.read)
    return Price(*(part * Decimal(share) for part in parts))


def _with_input(price: Price, size: _Size, *, share: str, total: str) -> Price:
    """Return a price with this share of another's input price, and an output price to match.

    total: what a call of this size costs at the new price, as a share of its cost at the other.
    """
    dollars = price.input * Decimal(share)
    left = size.cost(price) * Decimal(total) * 1_000_000 - dollars * size.input
    return replace(price, input=dollars, output=(left / size.reply).quantize(Decimal("0.01")))


def _card(exam: Exam, price: Price, **fields: Any) -> ModelCard:
    """Return the card of a model that no catalog has; fields: those that aren't as usual."""
    name = exam.fresh("model").removeprefix("model_")
    usual: dict[str, Any] = {
        "id": f"claude-{name}",
        "aliases": (),
        "display_name": f"Claude {name}",
        "lifecycle": "active",
        "retires": None,
        "retires_not_before": None,
        "context_window": _AMPLE,
        "max_output": _AMPLE,
        "tool_overhead": None,
        "prices": (PriceBand(price),),
    }
    return replace(find_model(DEFAULT_MODEL), **{**usual, **fields})
