"""Cache bench: a prompt as blocks to edit and reorder, and what each call finds in the cache."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from html import escape
from typing import Any

from grader.catalog import DEFAULT_MODEL, find_model
from grader.classroom.widgets.cache_picture import bench_html, bench_text
from grader.classroom.widgets.cache_plays import Bench, Part
from grader.classroom.widgets.playable import Playable
from grader.look import QUIET

_PAUSE = Decimal(4)
_RULE = "Article {number}: an order of class {number} may be sent back within {days} days."


def cache_bench(handbook: str | None = None, *, model: str = DEFAULT_MODEL) -> Playable:
    """Show a prompt to play with: its blocks, its breakpoints, a clock, and the running bill.

    handbook: the long part of the system prompt; by default an invented one. Each call runs on the
    simulator, which keeps its cache as the API does. Raises UnknownModel.
    """
    bench = Bench(find_model(model), _opening(handbook))

    def view() -> Any:
        from grader.classroom.widgets.cache_view import make_view

        return make_view(bench)

    plays = tuple(_demonstrations(bench))
    return Playable(
        text="\n\n".join(f"{title}\n{bench_text(play)}" for title, play in plays),
        html="".join(
            f'<p style="{QUIET}"><strong>{escape(title)}</strong></p>{bench_html(play)}'
            for title, play in plays
        ),
        make_view=view,
        advice="These are pictures of two examples. Run the cell to send calls of your own.",
    )


def _opening(handbook: str | None) -> tuple[Part, ...]:
    rules = [_RULE.format(number=number, days=number + 13) for number in range(1, 91)]
    return (
        Part("find_order", "tools", "Find an order by its number."),
        Part("refund", "tools", "Pay an order back."),
        Part("Time", "system", "It is {time}."),
        Part("Handbook", "system", handbook or "\n".join(rules), "5m"),
        Part("Question", "messages", "May I send back an order of class {call}?"),
    )


def _demonstrations(bench: Bench) -> Iterator[tuple[str, Bench]]:
    """Yield the bench as it opens, and after three calls in two orders."""
    mended, _ = bench.move(2, 1)
    yield "Example: the time comes before the handbook, three calls 4 minutes apart", _played(bench)
    yield "Example: the time comes after it, the same calls", _played(mended)


def _played(bench: Bench) -> Bench:
    for _ in range(3):
        if not bench.ahead.fault:
            bench = bench.send().wait(_PAUSE)
    return bench
