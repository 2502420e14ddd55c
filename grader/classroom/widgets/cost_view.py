"""The view of the cost calculator: fields, and the figures that follow them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from grader.catalog import Catalog
from grader.classroom.showing import sendable
from grader.classroom.widgets.cost_answer import CostAnswer, answer, named_figures
from grader.classroom.widgets.cost_face import NAMES, as_code, asked, cost_picture, dated, headline
from grader.classroom.widgets.cost_question import (
    CACHING,
    PRICES,
    Pasted,
    Question,
    ReadQuestion,
    read_price,
    read_question,
)
from grader.classroom.widgets.fields import Choice, SteppedField, TypedField, make_fold
from grader.classroom.widgets.figures import program
from grader.classroom.widgets.parts import announced, make_button, make_picture, make_row, sentence

_AMOUNTS = ("system", "input", "output")
_UNITS = {
    "system": "tokens, the same in every call, tools included",
    "input": "tokens, different in each call",
    "output": "tokens",
    "calls": "all alike",
    "hit_rate": "% of the calls read the prefix",
    "minutes_apart": "from one call to the next",
}
_CHOICES: dict[str, dict[Any, str]] = {
    "caching": {
        name: "No cache" if name == "off" else f"Cache {words}" for name, words in CACHING.items()
    },
    "batch": {False: "At once", True: "In a batch, half price"},
}


class CostView:
    """Hold the controls, the last good question, and the figures for it.

    reading: what the calculator opens with. typed: the values given, good or not.
    """

    def __init__(
        self, reading: ReadQuestion, typed: Mapping[str, Any], catalog: Catalog, *, today: date
    ) -> None:
        self._catalog, self._today = catalog, today
        self._good = reading.question
        self._texts = {
            name: value
            for name in _AMOUNTS
            if isinstance(value := typed.get(name, getattr(self._good, name)), Pasted)
        }
        self._fields = {name: self._make_field(name, typed) for name in NAMES if name in _KINDS}
        self._choices = {
            name: Choice(options, getattr(self._good, name), self._change, purpose=NAMES[name])
            for name, options in _CHOICES.items()
        }
        self._choice_faults = {
            name: words for name, words in reading.faults.items() if name in _CHOICES
        }
        self._prices = {
            name: TypedField(words.capitalize(), "", self._change_price)
            for name, words in PRICES.items()
        }
        self._price_faults: dict[str, str] = {}
        self._source = make_picture("")
        self._status = make_picture("")
        self._picture = make_picture("")
        self._found = answer(self._good, catalog, today=today)
        self.view = self._laid_out()
        self._draw(reading.faults, is_first=True)

    def _make_field(self, name: str, typed: Mapping[str, Any]) -> TypedField:
        value = typed.get(name, getattr(self._good, name))
        words = "" if isinstance(value, Pasted) else _written(value)
        if name == "model":
            models = [card.id for card in self._catalog.models]
            return TypedField(NAMES[name], words, self._change, options=models, width="28em")
        if name == "hit_rate":
            return SteppedField(NAMES[name], words, self._change, good=lambda: self._good.hit_rate)
        return TypedField(NAMES[name], words, lambda: self._type(name))

    def _laid_out(self) -> Any:
        from ipywidgets import Textarea, VBox

        self._pasted = Textarea(
            description="Text to count",
            continuous_update=False,
            rows=5,
            style={"description_width": "9.5em"},
            layout={"width": "40em", "max_width": "100%"},
        )
        uses = make_row([self._make_use(name) for name in _AMOUNTS])
        reset = make_button(
            "Reset prices", "Go back to the catalog's prices for this model", self._reset
        )
        self._program = Textarea(
            description="Python",
            rows=12,
            style={"description_width": "9.5em"},
            layout={"width": "100%"},
        )
        cheapest = make_button(
            "Take the cheapest", "Choose the cheapest model that fits", self._take_cheapest
        )
        cheapest.layout.width = "auto"
        fields, choices = self._fields, self._choices
        return VBox(
            [
                fields["model"].view,
                make_row([cheapest]),
                *(fields[name].view for name in (*_AMOUNTS, "calls")),
                make_fold("Paste a text to count", VBox([self._pasted, uses])),
                choices["caching"].view,
                *(fields[name].view for name in ("hit_rate", "minutes_apart")),
                choices["batch"].view,
                make_fold(
                    "Edit prices",
                    VBox([self._source, *(f.view for f in self._prices.values()), reset]),
                ),
                self._status,
                self._picture,
                make_fold("Each figure in Python, to copy", self._program, on_open=self._write),
            ],
            layout={"overflow": "visible"},
        )

    def _make_use(self, name: str) -> Any:
        words = f"Count as {NAMES[name].lower()}"
        button = make_button(
            words, f"{words}: its tokens go into that field", lambda: self._use(name)
        )
        button.layout.width = "auto"
        return button

    def _use(self, name: str) -> None:
        self._texts[name] = Pasted(self._pasted.value)
        self._change()

    def _type(self, name: str) -> None:
        self._texts.pop(name, None)
        self._change()

    def _change(self) -> None:
        """Read all fields again, and show the result."""
        reading = read_question(self._typed(), self._good, self._catalog)
        self._choice_faults = {}
        has_moved = reading.question.model != self._good.model
        if has_moved:
            self._price_faults = {}
        self._settle(reading.question, reading.faults)

    def _change_price(self) -> None:
        price, faults = read_price(self._typed_prices(), self._found.bill.price)
        self._price_faults = faults
        card, prompt = self._found.bill.card, self._found.bill.counts.prompt
        reading = read_question(self._typed(), self._good, self._catalog)
        self._settle(reading.question.with_price(card, prompt, price), reading.faults)

    def _reset(self) -> None:
        """Go back to the catalog's prices of the chosen model, and clear what isn't a number."""
        self._price_faults = {}
        bill = self._found.bill
        own = bill.card.price_for(bill.counts.prompt)
        reading = read_question(self._typed(), self._good, self._catalog)
        question = reading.question.with_price(bill.card, bill.counts.prompt, own)
        self._settle(question, reading.faults)

    def _take_cheapest(self) -> None:
        if self._found.cheapest is None:
            self._fields["model"].say("No model in the catalog will do.", is_fault=True)
            return
        self._fields["model"].write(self._found.cheapest.card.id)
        self._change()

    def _typed(self) -> dict[str, Any]:
        fields = {name: field.value for name, field in self._fields.items()}
        choices = {name: choice.value for name, choice in self._choices.items()}
        return {**fields, **choices, **self._texts}

    def _typed_prices(self) -> dict[str, str]:
        return {name: field.value for name, field in self._prices.items()}

    def _settle(self, question: Question, faults: Mapping[str, str]) -> None:
        self._good = question
        self._found = answer(question, self._catalog, today=self._today)
        self._draw(faults)

    def _draw(self, faults: Mapping[str, str], *, is_first: bool = False) -> None:
        """Show the figures, and beside each field its fault or its meaning."""
        found = self._found
        everything = {**self._choice_faults, **faults, **self._named_price_faults()}
        for name, field in self._fields.items():
            if name in faults:
                field.say(faults[name], is_fault=True)
            else:
                field.say(self._word(name, found))
        for name in self._texts:
            if name not in faults:
                self._fields[name].write(f"{getattr(found.bill.counts, name):,}")
        for stepped in self._fields.values():
            if isinstance(stepped, SteppedField):
                stepped.follow()
        self._draw_prices(found)
        words = headline(found)
        if everything:
            words = f"{words} These are the last valid figures. Fix what's marked ✗."
        self._status.value = sendable(sentence(words) if is_first else announced(words))
        self._picture.value = sendable(cost_picture(found))
        if self._program.layout.display != "none":
            self._write()

    def _draw_prices(self, found: CostAnswer) -> None:
        own = found.bill.card.price_for(found.bill.counts.prompt)
        for name, field in self._prices.items():
            if name in self._price_faults:
                field.say(self._price_faults[name], is_fault=True)
                continue
            value, catalog = getattr(found.bill.price, name), getattr(own, name)
            field.write(f"{value:f}")
            field.say(
                "$ per million" if value == catalog else f"edited; the catalog has {catalog:f}"
            )
        self._source.value = sendable(f"{found.bill.card.id}. {dated(found)}")

    def _word(self, name: str, found: CostAnswer) -> str:
        if name == "model":
            return f"prices as of {found.bill.card.as_of}"
        if name in self._texts:
            length = len(self._texts[name].text)
            return f"tokens, counted for each model in a text of {length:,} characters"
        return _UNITS[name]

    def _named_price_faults(self) -> dict[str, str]:
        return {f"Price, {PRICES[name]}": words for name, words in self._price_faults.items()}

    def _write(self) -> None:
        heading = [as_code(self._found.question), asked(self._found), dated(self._found)]
        self._program.value = program(named_figures(self._found), heading=heading)


_KINDS = ("model", "system", "input", "output", "calls", "hit_rate", "minutes_apart")


def _written(value: Any) -> str:
    return f"{value:,}" if type(value) is int else str(value)
