"""The view of the cost calculator: fields, and the figures that follow them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

from grader.catalog import Catalog
from grader.classroom.widgets.cost_answer import CostAnswer, answer, named_figures
from grader.classroom.widgets.cost_face import (
    NAMES,
    as_code,
    asked,
    dated,
    detail_html,
    result_html,
)
from grader.classroom.widgets.cost_question import (
    CACHING,
    PRICES,
    Pasted,
    Question,
    ReadQuestion,
    read_price,
    read_question,
)
from grader.classroom.widgets.figures import program
from grader.classroom.widgets.live import make_live
from grader.look import area, button, choices, field, fold, row, slider, style_sheet

_AMOUNTS = ("system", "input", "output")
_UNITS = {
    "system": "tokens, the same in every call, tools included",
    "input": "tokens, different in each call",
    "output": "tokens",
    "calls": "all alike",
    "hit_rate": "% of the calls read the prefix",
    "minutes_apart": "from one call to the next",
}
_CACHING = {name: "None" if name == "off" else words for name, words in CACHING.items()}
_BATCH = {"False": "At once", "True": "In a batch, half price"}
_PRICE = "price "
"""What the name of an action begins with that edits a price."""


class CostView:
    """Hold what is typed, the last good question, and the figures for it.

    reading: what the calculator opens with. typed: the values given, good or not.
    """

    def __init__(
        self, reading: ReadQuestion, typed: Mapping[str, Any], catalog: Catalog, *, today: date
    ) -> None:
        self._catalog, self._today = catalog, today
        self._good = reading.question
        given = {name: typed.get(name, getattr(self._good, name)) for name in NAMES}
        self._texts = {name: value for name, value in given.items() if isinstance(value, Pasted)}
        self._typed = {name: value for name, value in given.items() if name not in self._texts}
        self._faults = dict(reading.faults)
        self._pasted = ""
        self._prices: dict[str, str] = {}
        self._price_faults: dict[str, str] = {}
        self._found = answer(self._good, catalog, today=today)
        self.view = make_live(self._draw, self._hear)

    def _hear(self, name: str, value: str) -> None:
        if name == "paste":
            self._pasted = value
        elif name == "reset":
            self._reset()
        elif name.startswith(_PRICE):
            self._change_price(name.removeprefix(_PRICE), value)
        elif name == "cheapest":
            self._take_cheapest()
        elif name == "use":
            self._texts[value] = Pasted(self._pasted)
            self._change()
        else:
            self._texts.pop(name, None)
            self._typed[name] = value == "True" if name == "batch" else value
            self._change()

    def _change(self) -> None:
        """Read all fields again, and keep the last good value of each that has a fault."""
        reading = self._read()
        if reading.question.model != self._good.model:
            self._prices, self._price_faults = {}, {}
        self._settle(reading.question, reading.faults)

    def _change_price(self, name: str, value: str) -> None:
        self._prices[name] = value
        price, self._price_faults = read_price(self._prices, self._found.bill.price)
        card, prompt = self._found.bill.card, self._found.bill.counts.prompt
        reading = self._read()
        self._settle(reading.question.with_price(card, prompt, price), reading.faults)

    def _reset(self) -> None:
        """Go back to the catalog's prices of the chosen model, and clear what isn't a number."""
        self._prices, self._price_faults = {}, {}
        bill = self._found.bill
        own = bill.card.price_for(bill.counts.prompt)
        reading = self._read()
        question = reading.question.with_price(bill.card, bill.counts.prompt, own)
        self._settle(question, reading.faults)

    def _take_cheapest(self) -> None:
        if self._found.cheapest is None:
            self._faults["model"] = "No model in the catalog will do."
            return
        self._typed["model"] = self._found.cheapest.card.id
        self._change()

    def _read(self) -> ReadQuestion:
        return read_question({**self._typed, **self._texts}, self._good, self._catalog)

    def _settle(self, question: Question, faults: Mapping[str, str]) -> None:
        self._good, self._faults = question, dict(faults)
        self._found = answer(question, self._catalog, today=self._today)
        # A price that was taken is shown as it was read; only a wrong one stays as it was typed.
        self._prices = {name: self._prices[name] for name in self._price_faults}

    def _draw(self) -> str:
        found = self._found
        stale = (
            '<p class="fault" style="margin:0">These are the last valid figures. '
            "Fix what's marked ✗.</p>"
            if self._faults or self._price_faults
            else ""
        )
        return (
            f'{style_sheet("controls", "tokens", "calculator")}<div class="calc live">'
            f'<div class="result">{stale}{result_html(found)}</div>'
            f'<div class="fields">{self._fields(found)}</div>'
            f"{detail_html(found)}</div>"
        )

    def _fields(self, found: CostAnswer) -> str:
        hit = float(self._good.hit_rate)
        slide = slider("Slide the hit rate", "hit_rate", hit, least=0, most=100, said=f"{hit:g} %")
        uses = [button(f"Count as {NAMES[name].lower()}", "use", name) for name in _AMOUNTS]
        cheapest = button(
            "Take the cheapest", "cheapest", purpose="Take the cheapest model that fits"
        )
        return "".join(
            [
                self._field("model"),
                row(cheapest),
                *(self._field(name) for name in (*_AMOUNTS, "calls")),
                self._choice("caching", _CACHING),
                self._field("hit_rate"),
                slide,
                self._field("minutes_apart"),
                self._choice("batch", _BATCH),
                fold(
                    "Paste a text to count",
                    area("Text to count", "paste", self._pasted, rows=5) + row(*uses),
                ),
                fold("Edit prices", self._price_fields(found)),
                fold("Each figure in Python, to copy", area("Python", "", self._code(), rows=12)),
            ]
        )

    def _field(self, name: str) -> str:
        found, fault = self._found, self._faults.get(name, "")
        value = _written(self._typed.get(name, ""))
        if name in self._texts and not fault:
            value = f"{getattr(found.bill.counts, name):,}"
        options = None
        if name == "model":
            options = {card.id: card.display_name for card in self._catalog.models}
            if fault:
                options = {value: value, **options}
            else:
                value = found.bill.card.id
        word = escape(self._word(name, found))
        return field(NAMES[name], name, value, note=word, fault=fault, options=options)

    def _choice(self, name: str, options: Mapping[str, str]) -> str:
        named = f'<div class="caption">{escape(NAMES[name])}</div>'
        made = choices(options, str(getattr(self._good, name)), name, purpose=NAMES[name])
        fault = self._faults.get(name)
        told = f'<div class="fault" role="alert">✗ {escape(fault)}</div>' if fault else ""
        return f"{named}{made}{told}"

    def _price_fields(self, found: CostAnswer) -> str:
        own = found.bill.card.price_for(found.bill.counts.prompt)
        fields = []
        for name, words in PRICES.items():
            value, catalog = getattr(found.bill.price, name), getattr(own, name)
            fields.append(
                field(
                    f"Price, {words}",
                    f"{_PRICE}{name}",
                    self._prices.get(name, f"{value:f}"),
                    note="$ per million"
                    if value == catalog
                    else f"edited; the catalog has {catalog:f}",
                    fault=self._price_faults.get(name, ""),
                )
            )
        reset = button(
            "Reset prices", "reset", purpose="Reset prices to the catalog's for this model"
        )
        source = f'<p class="caption">{escape(found.bill.card.id)}. {escape(dated(found))}</p>'
        return f"{source}{''.join(fields)}{row(reset)}"

    def _word(self, name: str, found: CostAnswer) -> str:
        if name == "model":
            return f"prices as of {found.bill.card.as_of}"
        if name in self._texts:
            length = len(self._texts[name].text)
            return f"tokens, counted for each model in a text of {length:,} characters"
        return _UNITS[name]

    def _code(self) -> str:
        heading = [as_code(self._found.question), asked(self._found), dated(self._found)]
        return program(named_figures(self._found), heading=heading)


def _written(value: Any) -> str:
    return f"{value:,}" if type(value) is int else str(value)
