"""The chart of tools one after another and together."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom import parallel_tools
from grader.classroom.widgets.parallel_tools import ToolRun, plan
from grader.errors import WidgetError

TOOLS = {"get_weather": 1.5, "get_time": 0.5, "search": 2}


def test_tools_are_planned_in_two_ways() -> None:
    """One after another each waits for those before it; together none does."""
    schedule = plan(TOOLS)
    assert schedule.one_after_another == (
        ToolRun("get_weather", 0.0, 1.5),
        ToolRun("get_time", 1.5, 2.0),
        ToolRun("search", 2.0, 4.0),
    )
    assert schedule.together == (
        ToolRun("get_weather", 0.0, 1.5),
        ToolRun("get_time", 0.0, 0.5),
        ToolRun("search", 0.0, 2.0),
    )
    assert (schedule.sum, schedule.longest.name) == (4.0, "search")


def test_the_text_is_a_chart_with_totals_in_words() -> None:
    """It can be read without a page."""
    assert str(parallel_tools(TOOLS)).splitlines() == [
        "One after another: 4.00 s in all.",
        "  get_weather  0.00 s to 1.50 s  ███████████████",
        "  get_time     1.50 s to 2.00 s                 █████",
        "  search       2.00 s to 4.00 s                      ████████████████████",
        "",
        "All together: 2.00 s, as long as the slowest one, search.",
        "  get_weather  0.00 s to 1.50 s  ███████████████",
        "  get_time     0.00 s to 0.50 s  █████",
        "  search       0.00 s to 2.00 s  ████████████████████",
        "",
        "Running all together saves 2.00 s.",
    ]


def test_the_picture_says_all_that_the_text_says() -> None:
    """Each tool has its name, its times and a bar, and names are escaped."""
    html = parallel_tools({**TOOLS, "<b>": 1}).html
    for words in (
        "2.00 s to 4.00 s",
        "0.00 s to 2.00 s",
        "&lt;b&gt;",
        "Running all together saves 3.00 s",
    ):
        assert words in html
    assert html.count("<li") == 8
    assert "<b>" not in html


@given(st.lists(st.floats(0, 10, allow_nan=False), min_size=1, max_size=12), st.integers(1, 14))
def test_a_gate_lets_no_more_through_than_it_has_places(seconds: list[float], limit: int) -> None:
    """Each starts in order, as soon as a place is free, and takes as long as it does alone."""
    schedule = plan({f"call {number}": each for number, each in enumerate(seconds)}, limit)
    runs = schedule.few_at_a_time
    assert [run.end - run.start for run in runs] == pytest.approx(seconds)
    assert [run.start for run in runs] == sorted(run.start for run in runs)
    for run in runs:
        under_way = [each for each in runs if each.start <= run.start < each.end]
        assert len(under_way) <= limit
        assert run.start == 0 or run.start in [each.end for each in runs]
    last = max(run.end for run in runs)
    assert schedule.longest.end - 1e-9 <= last <= schedule.sum + 1e-9


def test_a_gate_stands_between_the_two_other_ways() -> None:
    """The chart says how long it takes behind a semaphore."""
    lines = str(parallel_tools(TOOLS, at_once=2)).splitlines()
    assert lines[5:9] == [
        "2 at a time: 2.50 s in all.",
        "  get_weather  0.00 s to 1.50 s  ███████████████",
        "  get_time     0.00 s to 0.50 s  █████",
        "  search       0.50 s to 2.50 s       ████████████████████",
    ]


@pytest.mark.parametrize("limit", [0, -1, True, 2.5, "2"])
def test_a_limit_that_is_none_is_refused(limit: Any) -> None:
    """Whoever made the slip reads which values there are."""
    with pytest.raises(WidgetError, match="Expected a whole number, 1 or more"):
        parallel_tools(TOOLS, at_once=limit)


def test_short_times_are_in_milliseconds() -> None:
    """A simulated tool takes next to no time."""
    text = str(parallel_tools({"a": 0.02, "b": 0.03}))
    assert "One after another: 50 ms" in text
    assert "b  20 ms to 50 ms" in text


@pytest.mark.parametrize("durations", [{"a": 1.5}, {"a": 0, "b": 0}], ids=["one", "no time"])
def test_nothing_is_gained_where_nothing_waits(durations: dict[str, float]) -> None:
    """A single tool, or tools that take no time, are as fast in either way."""
    assert "saves no time here" in str(parallel_tools(durations))


@pytest.mark.parametrize(
    ("durations", "said"),
    [
        ({}, "takes a dict of seconds by name, and this is {}"),
        ([1, 2], "this is [1, 2]"),
        ({"a": "1"}, "The duration of 'a' is '1'"),
        ({"a": True}, "is True"),
        ({"a": -1}, "is -1. Expected seconds, 0 or more."),
        ({"a": float("nan")}, "is nan"),
        ({"a": float("inf")}, "is inf"),
    ],
    ids=["nothing", "a list", "a string", "a bool", "negative", "nan", "endless"],
)
def test_what_are_no_durations_gets_a_clear_word(durations: Any, said: str) -> None:
    """The error names the tool and what was expected."""
    with pytest.raises(WidgetError) as caught:
        parallel_tools(durations)
    assert said in str(caught.value)
