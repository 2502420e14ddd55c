"""In a narrow window all outputs keep off the bar beside a cell, and stand in one line."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.catalog import DEFAULT_MODEL
from grader.classroom import show, show_source, side_by_side, token_view
from grader.classroom.pictures import draw, names
from grader.classroom.showing import Drawn, Shown
from grader.look import indented, style_sheet

_REQUEST = {"model": DEFAULT_MODEL, "messages": [{"role": "user", "content": "Hi."}]}
_RULE = re.compile(
    r"@media ?\(max-width: ?(\d+)px\) ?\{ ?\.jp-OutputArea-child (\.[\w-]+)[^{]*\{([^}]*)\}"
)


def rules(html):
    """Return where and by how much outputs are indented, by what is indented."""
    return {
        kind: (width, told.replace(" ", "").strip(";")) for width, kind, told in _RULE.findall(html)
    }


@pytest.mark.parametrize(
    "shown",
    [
        show({"a": 1}),
        side_by_side({"a": 1}, {"a": 2}),
        show_source(Shown),
        Shown("", "<p>A sentence.</p>"),
        Drawn("", "<p>A picture.</p>"),
        token_view(_REQUEST),
    ],
    ids=["json", "side by side", "source", "sentence", "drawn", "tokens"],
)
def test_all_outputs_are_indented_alike(shown):
    """By their own rule or by the style sheet's, once."""
    found = rules(shown._repr_mimebundle_()["text/html"])
    assert len(found) == 1
    assert (
        set(found.values()) == set(rules(style_sheet()).values()) == {("760", "padding-left:8px")}
    )


@pytest.mark.parametrize("name", names())
def test_a_picture_is_indented(name):
    """As what stands above it."""
    assert rules(indented(draw(name).as_html())).keys() == {".gr-plain"}


@given(st.text(max_size=60))
def test_what_is_shown_stays_as_it_is(words):
    """It's wrapped and no more, and never twice."""
    html = indented(words)
    assert words in html
    assert indented(html) == html
