"""The cheapest suitable model of a catalog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from grader.catalog import DEFAULT_MODEL, Catalog, ModelCard, Price, PriceBand, find_model
from grader.exams import Called, Criterion, Exam, Record, exercise
from grader.exercises.readings import is_same

Json = Any

_TODAY = date(2027, 1, 10)
_AMPLE = 1_000_000


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
)
def pick_model(exam: Exam) -> None:
    """Choose from catalogs with one trap each, and from one in which nothing fits."""
    for judge in (_by_cost, _by_band, _by_day, _by_room, _by_tests):
        if not judge(exam):
            return
    _by_day(exam)
    _from_nothing(exam)


def _by_cost(exam: Exam) -> bool:
    size, base = _size(exam), _price(exam)
    right = _card(exam, base, retires_not_before=_TODAY - timedelta(days=400))
    traps = (
        ("promise-read", _card(exam, _times(base, "1.01"))),
        ("input-only", _card(exam, _with_input(base, size, share="0.7", total="1.04"))),
        ("unweighted", _card(exam, _with_input(base, size, share="1.2", total="1.03"))),
        ("not-cheapest", _card(exam, _times(base, "1.5"))),
    )
    return _picks(exam, "cheapest", size, right, traps)


def _by_band(exam: Exam) -> bool:
    size, base = _size(exam), _price(exam)
    # The right card's cheap band ends exactly at the prompt's last token.
    low = PriceBand(_times(base, "0.9"), size.input)
    right = _card(exam, base, prices=(low, PriceBand(_times(base, "3"))))
    below = PriceBand(_times(base, "0.2"), size.input - exam.number(1, 9))
    trap = _card(exam, base, prices=(below, PriceBand(_times(base, "1.3"))))
    traps = (("first-band", trap), ("not-cheapest", _card(exam, base)))
    return _picks(exam, "band", size, right, traps)


def _by_day(exam: Exam) -> bool:
    size, base = _size(exam), _price(exam)
    today = _TODAY + timedelta(days=exam.number(0, 300))

    def retiring(days: int, share: str) -> ModelCard:
        day = today + timedelta(days=days)
        return _card(exam, _times(base, share), lifecycle="deprecated", retires=day)

    traps = (
        ("retired", retiring(0, "0.7")),
        ("retired", retiring(-exam.number(1, 90), "0.6")),
        ("only-active", _card(exam, _times(base, "1.2"))),
    )
    return _picks(exam, "answers", size, retiring(1, "1"), traps, today=today)


def _by_room(exam: Exam) -> bool:
    size, base = _size(exam), _price(exam)
    both = size.input + size.reply
    right = _card(exam, base, context_window=both, max_output=size.reply)
    traps = (
        ("too-small", _card(exam, _times(base, "0.6"), context_window=both - 1)),
        ("too-small", _card(exam, _times(base, "0.5"), context_window=size.input - 1)),
        ("too-small", _card(exam, _times(base, "0.7"), max_output=size.reply - 1)),
        ("refused-fitting", _card(exam, _times(base, "1.3"))),
    )
    return _picks(exam, "room", size, right, traps)


def _by_tests(exam: Exam) -> bool:
    size, base = _size(exam), _price(exam)
    right, dearer = _card(exam, base), _card(exam, _times(base, "1.2"))
    traps = (
        ("not-tested", _card(exam, _times(base, "0.8"))),
        ("not-tested", _card(exam, _times(base, "0.5"))),
        ("not-cheapest", dearer),
    )
    return _picks(exam, "tested", size, right, traps, tested=(dearer, right))


def _picks(
    exam: Exam,
    criterion: str,
    size: _Size,
    right: ModelCard,
    traps: Sequence[tuple[str, ModelCard]],
    *,
    today: date = _TODAY,
    tested: Sequence[ModelCard] = (),
) -> bool:
    """Judge one choice, and return whether the code chose some card of the catalog.

    traps: other cards, each with the mistake that choosing it shows. tested: the cards that one
    may choose; all if empty.
    """
    cards = [right, *(card for _, card in traps)]
    called = _call(exam, criterion, size, cards, tested or cards, today)
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
    exam.expect(criterion, is_same(value, right.id), wrong, observed)
    return is_chosen


def _from_nothing(exam: Exam) -> None:
    """Judge a call that no card suits, each for its own reason."""
    size, base = _size(exam), _price(exam)
    day = {"lifecycle": "deprecated", "retires": _TODAY - timedelta(days=exam.number(1, 90))}
    cards = [
        _card(exam, base, **day),
        _card(exam, base, context_window=size.input),
        _card(exam, base, max_output=size.reply - 1),
        _card(exam, base),
    ]
    called = _call(exam, "none", size, cards, cards[:-1], _TODAY, may_raise=("Exception",))
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
    may_raise: tuple[str, ...] = (),
) -> Called:
    # The most expensive comes first, so that taking the first that fits isn't choosing by price;
    # the others come in the order of their drawn ids, which gives nothing away.
    by_id = sorted(cards, key=lambda card: card.id)
    dearest = max(by_id, key=lambda card: size.cost(card.price_for(size.input)))
    ordered = [dearest, *(card for card in by_id if card is not dearest)]
    catalog = Catalog(models=tuple(ordered))
    needs = {
        "models": [card.id for card in ordered if card in tested],
        "input_tokens": size.input,
        "max_tokens": size.reply,
    }
    return exam.call(needs, catalog, today, judges=(criterion,), may_raise=may_raise)


def _size(exam: Exam) -> _Size:
    return _Size(input=exam.number(40_000, 90_000), reply=exam.number(2_000, 6_000))


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
