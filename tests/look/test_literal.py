"""Prices stay prices: MathJax would set what stands between two of their signs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom import CostCalculator, cache_bench
from grader.classroom.showing import Drawn, Shown
from grader.exams import LocalCandidate, examine, panel
from grader.exercises import find_exercise
from grader.look import literal

IGNORED = '<div class="mathjax_ignore tex2jax_ignore">'


@given(st.text(alphabet="$\\([a bégin{", max_size=20))
def test_what_could_be_a_formula_is_wrapped(html: str) -> None:
    """And nothing else is changed."""
    could = html.count("$") > 1 or "\\(" in html or "\\[" in html or "\\begin" in html
    assert literal(html) == (f"{IGNORED}{html}</div>" if could else html)


@pytest.mark.parametrize("kind", [Shown, Drawn])
def test_what_is_shown_is_literal(kind: type[Shown]) -> None:
    """Whatever is drawn in a cell goes through one of the two."""
    html = kind("", "<p>$1 with, $2 without</p>")._repr_mimebundle_()["text/html"]
    assert html.startswith(IGNORED)
    assert kind("", "<p>$1</p>")._repr_mimebundle_()["text/html"].startswith(IGNORED) is False


@pytest.mark.parametrize("widget", [CostCalculator(), cache_bench()], ids=["calculator", "bench"])
def test_a_bill_at_rest_is_literal(widget: Shown) -> None:
    """It names several prices in a sentence."""
    assert widget._repr_mimebundle_()["text/html"].startswith(IGNORED)


def test_a_verdict_on_prices_is_literal() -> None:
    """What a learner's code gave may be made of anything."""
    exercise = find_exercise("text_of")
    verdict = examine(exercise, LocalCandidate({"text_of": lambda _message: "$1, $2"}), seed=1)
    assert panel(verdict).startswith(IGNORED)
