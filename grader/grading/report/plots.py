"""The plots of a report: SVG that stands in the page and takes its colours from the page's theme.

matplotlib writes fixed colours; here each stands for a variable of the page's style, so that one
drawing reads in light and dark. Words stay text, for screen readers and for searching.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from grader.errors import GradingError
from grader.exams.verdict import SYMBOLS
from grader.grading.report.summary import OUTCOMES, Difficulty, LessonPoints, Stage
from grader.look.inert import one_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_INK, _BAR, _PAPER, _GRID = "#010101", "#020202", "#030303", "#040404"
_SHADES = ("#050505", "#060606", "#070707", "#080808", "#090909")
_VARIABLES = {
    _INK: "var(--gr-ink)",
    _BAR: "var(--gr-act)",
    _PAPER: "var(--gr-page)",
    _GRID: "var(--gr-hair)",
    **{
        shade: f"color-mix(in srgb, var(--gr-act) {part}%, var(--gr-page))"
        for shade, part in zip(_SHADES, (100, 65, 40, 20, 0), strict=True)
    },
}
_HATCHES = ("", "", "///", "xxx", "")
_OPTIONS: Any = {
    "svg.fonttype": "none",
    # A student's words are no formula.
    "text.parse_math": False,
    "font.size": 10,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _GRID,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "xtick.color": _INK,
    "ytick.color": _INK,
    "grid.color": _GRID,
    "hatch.color": _INK,
    "hatch.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_LABEL = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>", re.DOTALL)
_NAMES = re.compile(r'(\bid="|url\(#|href="#)')


def points_plot(lessons: Sequence[LessonPoints]) -> str:
    """Return how many reached how many points, a row of bars for each lesson."""

    def draw(figure: Figure) -> None:
        axes = figure.subplots(len(lessons), 1, squeeze=False)[:, 0]
        for number, (axis, lesson) in enumerate(zip(axes, lessons, strict=True)):
            width = lesson.maximum / len(lesson.bins)
            left = [index * width for index in range(len(lesson.bins))]
            axis.bar(left, lesson.bins, width * 0.92, align="edge", color=_BAR)
            axis.axvline(lesson.median, color=_INK, linewidth=1.4, linestyle="--")
            axis.set_xlim(0, lesson.maximum)
            axis.set_title(
                f"{one_line(lesson.lesson)}: median {lesson.median:g}", loc="left", fontsize=10
            )
            axis.set_ylabel("students")
            axis.yaxis.get_major_locator().set_params(integer=True)
            if number == len(lessons) - 1:
                axis.set_xlabel("points")

    label = "Histogram of points for each lesson; a dashed line marks the median"
    return _drawn("points", label, 7.4, 0.7 + 1.25 * len(lessons), draw)


def difficulty_plot(exercises: Sequence[Difficulty]) -> str:
    """Return how each exercise ended, as the parts of a bar."""

    def draw(figure: Figure) -> None:
        axis = figure.subplots()
        rows = range(len(exercises))
        starts = [0.0] * len(exercises)
        for outcome, shade, hatch in zip(OUTCOMES, _SHADES, _HATCHES, strict=True):
            parts = [
                100 * each.outcomes[outcome] / max(1, sum(each.outcomes.values()))
                for each in exercises
            ]
            axis.barh(
                rows,
                parts,
                0.72,
                left=starts,
                color=shade,
                edgecolor=_INK,
                linewidth=0.6,
                hatch=hatch,
                label=f"{SYMBOLS[outcome]} {outcome}",
            )
            starts = [start + part for start, part in zip(starts, parts, strict=True)]
        axis.set_yticks(rows, [one_line(each.exercise) for each in exercises])
        axis.invert_yaxis()
        axis.margins(y=0.005)
        axis.set_xlim(0, 100)
        axis.set_xlabel("per cent of the graded submissions")
        figure.legend(loc="outside upper left", ncols=len(OUTCOMES), frameon=False, fontsize=9)

    label = "For each exercise, how many are correct, almost, not yet, crashed or not started"
    return _drawn("difficulty", label, 7.4, 1.2 + 0.27 * len(exercises), draw)


def time_plot(stages: Sequence[Stage]) -> str:
    """Return the time that each stage of grading took."""

    def draw(figure: Figure) -> None:
        axis = figure.subplots()
        rows = range(len(stages))
        axis.barh(rows, [each.total for each in stages], 0.6, color=_BAR)
        axis.set_yticks(rows, [one_line(each.name) for each in stages])
        axis.invert_yaxis()
        axis.set_xlabel("seconds, all submissions together")

    return _drawn("time", "Seconds of each stage of grading", 7.4, 0.8 + 0.32 * len(stages), draw)


def _drawn(name: str, label: str, width: float, height: float, draw: Any) -> str:
    """Return a drawing as SVG for a page; name: makes its ids its own."""
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as error:
        raise GradingError(
            f"The report's plots need matplotlib, which can't be imported ({error}). "
            "Install everything that grading needs: pip install 'grader[teach]', or in the "
            "course's folder: pip install -r requirements.txt"
        ) from error
    with warnings.catch_warnings(), rc_context({**_OPTIONS, "svg.hashsalt": name}):
        # The words are drawn by the reader's browser, whose fonts have more characters.
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from font")
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure)
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None})
    svg = _LABEL.sub("", written.getvalue()).strip()
    svg = _NAMES.sub(lambda found: f"{found[1]}{name}-", svg)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, variable)
    svg = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font: \1px system-ui, sans-serif", svg)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1)
