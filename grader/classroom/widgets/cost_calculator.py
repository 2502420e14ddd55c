"""Cost calculator: what a day's calls cost, for each class of usage and each model."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from grader.catalog import DEFAULT_MODEL, Catalog, load_catalog
from grader.classroom.widgets.cost_answer import answer
from grader.classroom.widgets.cost_face import cost_html, cost_text
from grader.classroom.widgets.cost_question import Pasted, Question, read_question
from grader.classroom.widgets.playable import Playable

_EXAMPLE = Question()

_ADVICE = (
    "This is a picture of how it opens, without what you changed. Run the cell to play with it."
)


class CostCalculator(Playable):
    """Show what a day's calls cost, with a control for everything that the cost depends on.

    model: an id or alias of the catalog. system, input, output: tokens of one call, or a text to
    count as the simulator does; system is the prefix that is the same in every call.
    calls: a day. caching: "off", "5m" or "1h". hit_rate: in percent. minutes_apart: from one call
    to the next. batch: at half the price.
    catalog: the packaged one unless given. today: decides which models have retired.

    The widget names any value that makes no sense, and works out the figures without it.
    """

    def __init__(
        self,
        *,
        model: str = DEFAULT_MODEL,
        system: int | str = _EXAMPLE.system,
        input: int | str = _EXAMPLE.input,  # noqa: A002 - the API's own word
        output: int | str = _EXAMPLE.output,
        calls: int = _EXAMPLE.calls,
        caching: str = _EXAMPLE.caching,
        hit_rate: Decimal | float = _EXAMPLE.hit_rate,
        minutes_apart: Decimal | float = _EXAMPLE.minutes_apart,
        batch: bool = _EXAMPLE.batch,
        catalog: Catalog | None = None,
        today: date | None = None,
    ) -> None:
        amounts = {"system": system, "input": input, "output": output}
        typed: dict[str, Any] = {
            "model": model,
            **{
                name: Pasted(value) if isinstance(value, str) else value
                for name, value in amounts.items()
            },
            "calls": calls,
            "caching": caching,
            "hit_rate": hit_rate,
            "minutes_apart": minutes_apart,
            "batch": batch,
        }
        models = catalog or load_catalog()
        day = today or datetime.now(UTC).date()
        reading = read_question(typed, _example(models), models)
        found = answer(reading.question, models, today=day)

        def make_view() -> Any:
            from grader.classroom.widgets.cost_view import CostView

            return CostView(reading, typed, models, today=day).view

        super().__init__(
            text=cost_text(found, reading.faults),
            html=cost_html(found, reading.faults),
            make_view=make_view,
            advice=_ADVICE,
        )


def _example(catalog: Catalog) -> Question:
    """Return the question that supplies values for faults, with a model that the catalog has."""
    names = [card.id for card in catalog.models]
    return _EXAMPLE if _EXAMPLE.model in names else replace(_EXAMPLE, model=names[0])
