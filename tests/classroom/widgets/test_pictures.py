"""What the widgets show without a kernel: complete, without script, to be read in any theme."""

import re
from html.parser import HTMLParser
from typing import Any

import anthropic
import pytest

from grader.classroom import (
    CostCalculator,
    CostMeter,
    backoff_timeline,
    block_explorer,
    broken_turns,
    cache_bench,
    event_scrubber,
    parallel_tools,
    replay_events,
    rosetta,
    sequence_stepper,
    turn_stepper,
)
from grader.classroom.showing import Shown
from grader.classroom.widgets.broken_turns import make_puzzles, refusal_of
from grader.classroom.widgets.stream_picture import stream_html
from grader.classroom.widgets.stream_record import StreamRecord
from tests.classroom.widgets.samples import CALLS, PUZZLE_NAMES, TOOL_CALLS


def _stream() -> Shown:
    record = StreamRecord("claude-sonnet-4-6")
    for at, event in enumerate(replay_events("two calls")):
        record.note(event, at / 10)
    return Shown("", stream_html("a stream", record.snapshot()))


WIDGETS = {
    "turn_stepper": turn_stepper(CALLS),
    "sequence_stepper": sequence_stepper(TOOL_CALLS),
    "broken_turns": broken_turns(),
    "parallel_tools": parallel_tools({"a": 1.5, "b": 2}),
    "event_scrubber": event_scrubber(replay_events("two calls")),
    "stream_view": _stream(),
    "cost_meter": CostMeter(anthropic.Anthropic(api_key="k")).still(),
    "rosetta": rosetta(),
    "block_explorer": block_explorer(),
    "backoff_timeline": backoff_timeline(),
    "CostCalculator": CostCalculator(calls=-1, minutes_apart=7),
    "cache_bench": cache_bench(),
}
each_widget = pytest.mark.parametrize("widget", list(WIDGETS.values()), ids=list(WIDGETS))


class _Reader(HTMLParser):
    """Collect the tags, the styles and the words of a page, and see that each tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.styles = ""
        self.words = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        self.styles += ";".join(str(value) for name, value in attributes if name == "style") + ";"
        if tag != "br":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


_OF_SVG = {
    *("d", "fill", "height", "preserveaspectratio", "stroke", "stroke-dasharray"),
    *("vector-effect", "viewbox", "width", "x", "y"),
}


@each_widget
def test_a_picture_has_only_what_jupyterlab_leaves(widget: Shown) -> None:
    """No script, no SVG, nothing from elsewhere, and no colour that an untrusted output loses."""
    read = _Reader(widget.html)
    # What is drawn as SVG is dropped there; the same numbers stand below it in words.
    assert read.tags - {"svg", "path", "rect"} <= {
        *("div", "p", "span", "strong", "code", "pre", "br", "ul", "ol", "li"),
        *("table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
    }
    # Nothing that is seen hangs on the last ones, which an untrusted output loses.
    assert read.attributes <= {
        *("style", "scope", "class", *_OF_SVG),
        *("aria-hidden", "aria-label", "role", "tabindex", "title"),
    }
    assert "url(" not in read.styles


@each_widget
def test_what_is_drawn_needs_no_variable(widget: Shown) -> None:
    """JupyterLab takes `var()` out of outputs that it does not trust: the literal stands first."""
    for style in re.findall(r'style="([^"]*)"', widget.html):
        declared = [each.strip() for each in style.split(";")]
        for place, each in enumerate(declared):
            name = each.partition(":")[0]
            if "var(--gr-" in each and name not in _ORNAMENTS:
                before = declared[place - 1]
                assert before.partition(":")[0] == name, style
                assert "var(" not in before, style


_ORNAMENTS = ("background", "outline")
"""What only tints or frames what can be told without it."""


def test_the_words_of_calls_are_all_there() -> None:
    """Text and picture tell the same."""
    widget = WIDGETS["turn_stepper"]
    assert str(widget).splitlines() == [
        "tokens    sent again       new     input    output",
        "call 1             0         8         8        12",
        "call 2            20        10        30         5",
        "",
        "Call 1: 8 in, all new, 12 out, stop_reason end_turn",
        "  1 user       new                text: Hello <b>",
        "    assistant  output             text: Hi.",
        "",
        "Call 2: 20 sent again + 10 new = 30 in, 5 out, stop_reason end_turn",
        "  1 user       sent again         text: Hello <b>",
        "  2 assistant  reply, sent again  text: Hi.",
        "  3 user       new                text: Paris?",
        "    assistant  output             text: Yes.",
    ]
    words = _Reader(widget.html).words
    for part in ("20 sent again + 10 new = 30 in, 5 out", "Hello <b>", "Paris?", "end_turn"):
        assert part in words


def test_the_words_of_a_sequence_are_all_there() -> None:
    """Text and picture tell the same."""
    widget = WIDGETS["sequence_stepper"]
    assert [line.replace("─", "") for line in str(widget).splitlines()] == [
        "Your code                                             Claude",
        "1 user ▶",
        "    text: What is the weather in Paris and Rome?",
        "2 assistant ◀",
        "    text: I look <i>both</i> up.",
        '    tool_use makes call A: get(city="Paris")  toolu_…0001',
        '    tool_use makes call B: get(city="Rome")  toolu_…0002',
        "3 user ▶",
        "    tool_result answers call A: mild  toolu_…0001",
        "    ✗ Call B (toolu_…0002) has no result.",
        "✗ 1 problem so far. The API would refuse this.",
    ]
    words = _Reader(widget.html).words
    for part in ("2 · assistant, to your code", 'get(city="Rome")', "toolu_…0002", "<i>both</i>"):
        assert part in words


@pytest.mark.parametrize("puzzle", make_puzzles(), ids=PUZZLE_NAMES)
def test_every_answer_is_folded_into_the_picture(puzzle: Any) -> None:
    """The API's error and the reason are there without a kernel, in text and HTML."""
    widget = WIDGETS["broken_turns"]
    words = _Reader(widget.html).words
    for part in (refusal_of(puzzle.history), puzzle.why):
        assert part in str(widget)
        assert part.replace("`", "") in words.replace("`", "")
    before_answer = widget.html.split("<details")[0]
    assert "broken?" in before_answer
    assert "400" not in before_answer


def test_a_call_that_is_not_split_is_drawn_and_said_so() -> None:
    """A bar of a history that was changed makes nothing up."""
    other = ([{"role": "user", "content": "Rome?"}], CALLS[1][1])
    widget = turn_stepper([CALLS[0], other])
    assert "call 2             ?         ?        30         5" in str(widget)
    assert "    1 message of call 1 is no longer sent." in str(widget)
    assert "input, not split" in widget.html
    assert "input, not split" not in WIDGETS["turn_stepper"].html


def test_long_texts_are_cut_and_counted() -> None:
    """A prompt of a book does not bury its conversation."""
    widget = sequence_stepper([{"role": "user", "content": "a " * 5000}])
    assert "… (9,699 more characters)" in str(widget)
    assert "… (9,699 more characters)" in widget.html


def test_lines_stay_lines() -> None:
    """Code that Claude wrote is not run together."""
    code = {"role": "assistant", "content": "def f():\n    return 1"}
    widget = sequence_stepper([{"role": "user", "content": "Code, please."}, code])
    assert "    text: def f():\n            return 1\n" in str(widget)
    assert '<span style="white-space:pre-wrap">def f():\n    return 1</span>' in widget.html
    calls = turn_stepper([([code], CALLS[0][1])])
    assert "text: def f():\n            return 1\n" in str(calls)
    assert 'white-space:pre-wrap">def f():\n    return 1</td>' in calls.html


def test_a_widget_is_shown_with_and_without_its_view(monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture comes first, in an output of its own; the style sheet hides it while it plays."""
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr("IPython.display.publish_display_data", shown.append)
    WIDGETS["turn_stepper"]._ipython_display_()
    still, view = shown
    assert set(still) == {"text/plain", "text/html"}
    assert still["text/plain"] == str(WIDGETS["turn_stepper"])
    assert WIDGETS["turn_stepper"].html in still["text/html"]
    assert "gr-still" in still["text/html"]
    before, _, picture = still["text/html"].partition("Run the cell to play with it.")
    assert WIDGETS["turn_stepper"].html in picture
    assert WIDGETS["turn_stepper"].html not in before
    assert view["text/plain"] == view["text/html"] == ""
    assert "application/vnd.jupyter.widget-view+json" in view
