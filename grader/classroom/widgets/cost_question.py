"""The cost calculator's question, and how we read it from what a person typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any

from grader.catalog import DEFAULT_MODEL, Catalog, ModelCard, Price
from grader.classroom.widgets.typed_numbers import read_decimal, read_whole
from grader.errors import UnknownModel, WidgetError

CACHING = {"off": "off", "5m": "5 minutes", "1h": "1 hour"}
"""The choices of a cache lifetime, and their names."""

PRICES = {
    "input": "fresh input",
    "write_5m": "write, 5 minutes",
    "write_1h": "write, 1 hour",
    "read": "read",
    "output": "output",
}
"""A model's five prices, and what each one is for."""

MOST_TOKENS = 10_000_000
"""More than any model reads; with MOST_CALLS and MOST_DOLLARS no product ever needs rounding."""
MOST_CALLS = 100_000_000
MOST_DOLLARS = Decimal(10_000)
_MOST_MINUTES = Decimal(100_000)
_LEAST_MINUTES = Decimal("0.000001")
LONGEST_TEXT = 200_000
"""The most characters of a pasted text that we count: an exact count takes time."""
_LONGEST_NAME = 60

Amount = int | str
"""A number of tokens, or a text to count for each model."""
Band = tuple[str, int | None]
"""A model's id, and the longest prompt that a price holds for; None if it holds for any."""


@dataclass(frozen=True)
class Question:
    """Hold a question: a day's calls, all alike.

    system: the prefix that is the same in every call, with tools. input: the part that differs.
    caching: a name in CACHING. hit_rate: how many of 100 calls begin like the one before.
    minutes_apart: from one call to the next. edits: prices that replace the catalog's.
    """

    model: str = DEFAULT_MODEL
    system: Amount = 2_000
    input: Amount = 200
    output: Amount = 300
    calls: int = 100
    caching: str = "5m"
    hit_rate: Decimal = Decimal(99)
    minutes_apart: Decimal = Decimal(2)
    batch: bool = False
    edits: Mapping[Band, Price] = field(default_factory=dict)

    def price_of(self, card: ModelCard, prompt_tokens: int) -> Price:
        """Return the price for a prompt of this length, with any edits."""
        return self.edits.get(band_of(card, prompt_tokens), card.price_for(prompt_tokens))

    def with_price(self, card: ModelCard, prompt_tokens: int, price: Price) -> Question:
        """Return the question with an edited price; the catalog's own price isn't an edit."""
        band = band_of(card, prompt_tokens)
        others = {key: value for key, value in self.edits.items() if key != band}
        is_edit = price != card.price_for(prompt_tokens)
        return replace(self, edits={**others, band: price} if is_edit else others)


@dataclass(frozen=True)
class ReadQuestion:
    """Hold what was read: the question, with its last good part wherever a field has a fault.

    faults: what is wrong, in a sentence, by the field's name.
    """

    question: Question
    faults: Mapping[str, str]


def band_of(card: ModelCard, prompt_tokens: int) -> Band:
    """Return which of a model's prices applies to a prompt of this length."""
    band = next(band for band in card.prices if band.covers(prompt_tokens))
    return card.id, band.up_to_prompt_tokens


def read_question(typed: Mapping[str, Any], good: Question, catalog: Catalog) -> ReadQuestion:
    """Return the question that was typed.

    typed: by the names of Question's fields; a number may be a number or a text. In system, input
        and output a Pasted is a text to count. good: the values of all other fields, and of every
        field with a fault.
    """
    read: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, value in typed.items():
        try:
            read[name] = _READERS[name](value, catalog)
        except WidgetError as error:
            faults[name] = str(error)
    return ReadQuestion(replace(good, **read), faults)


def read_price(typed: Mapping[str, str], good: Price) -> tuple[Price, dict[str, str]]:
    """Return a price with the typed parts, in USD per million tokens, and the faults."""
    read, faults = dict(asdict(good)), {}
    for name, words in typed.items():
        try:
            read[name] = read_decimal(words, least=Decimal(0), most=MOST_DOLLARS)
        except WidgetError as error:
            faults[name] = str(error)
    return Price(**read), faults


@dataclass(frozen=True)
class Pasted:
    """Hold a text to count, as opposed to a typed number."""

    text: str


def _model(value: Any, catalog: Catalog) -> str:
    try:
        return catalog.find(str(value).strip()[:_LONGEST_NAME]).id
    except UnknownModel as error:
        raise WidgetError(str(error)) from error


def _amount(value: Any, _catalog: Catalog) -> Amount:
    if not isinstance(value, Pasted):
        return read_whole(str(value), least=0, most=MOST_TOKENS)
    if not value.text.strip():
        raise WidgetError("There's no text to count. Paste some first.")
    if len(value.text) > LONGEST_TEXT:
        raise WidgetError(
            f"The text has {len(value.text):,} characters, and this counts at most "
            f"{LONGEST_TEXT:,}. Type its tokens instead."
        )
    return value.text


def _choice(value: Any, _catalog: Catalog) -> str:
    if value not in CACHING:
        raise WidgetError(f"{value!r:.40} isn't a lifetime. Expected {', '.join(CACHING)}.")
    return str(value)


def _flag(value: Any, _catalog: Catalog) -> bool:
    if not isinstance(value, bool):
        raise WidgetError(f"{value!r:.40} isn't True or False.")
    return value


_READERS: dict[str, Callable[[Any, Catalog], Any]] = {
    "model": _model,
    "system": _amount,
    "input": _amount,
    "output": _amount,
    "calls": lambda value, _: read_whole(str(value), least=1, most=MOST_CALLS),
    "caching": _choice,
    "hit_rate": lambda value, _: read_decimal(str(value), least=Decimal(0), most=Decimal(100)),
    "minutes_apart": lambda value, _: read_decimal(
        str(value), least=_LEAST_MINUTES, most=_MOST_MINUTES
    ),
    "batch": _flag,
}
