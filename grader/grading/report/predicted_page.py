"""The part of the report's page on what a class predicted."""

from __future__ import annotations

from html import escape

from grader.exams import marked
from grader.grading.report.predicted import PredictedCounts
from grader.grading.report.summary import Summary
from grader.look.page import table

_WHERE_FROM = (
    "<p>Counted from the answers below the cells of the notebooks that were handed in. "
    "A notebook whose outputs were cleared, or whose cells didn't run, holds none. "
    "Predictions give and cost no points.</p>"
)
_HOW_SURE = ("didn't say how sure", "a guess", "fairly sure", "sure")


def predictions_part(summary: Summary) -> list[str]:
    """Return what was predicted by question, the one that most were sure and wrong about first."""
    if not summary.asked:
        return []
    asked = sorted(summary.asked, key=lambda each: (-each.sure_and_wrong, each.share_right))
    rows = [
        (
            marked(each.question),
            "<br>".join(_chosen(each, letter) for letter in each.choices),
            str(each.number),
            f"{each.share_right:.0%}".replace("%", " %"),
            str(each.sure_and_wrong),
            f"<code>{escape(each.lesson)}</code>",
        )
        for each in asked
    ]
    return [
        "<h2>What the class predicted</h2>",
        _WHERE_FROM,
        table(
            "Predictions by question, those that most were sure and wrong about first",
            ("Question", "Choices", "Students", "Right", "Sure and wrong", "Lesson"),
            rows,
            numbers=(2, 3, 4),
        ),
    ]


def _chosen(each: PredictedCounts, letter: str) -> str:
    by_sure = each.counts[letter]
    how = [f"{by_sure[sure]} {_HOW_SURE[sure]}" for sure in sorted(by_sure, reverse=True)]
    told = f": {sum(by_sure.values())} ({', '.join(how)})" if by_sure else ": 0"
    words = f"{letter} · {marked(each.choices[letter])}{told}"
    return f"✓ <strong>{words}</strong>" if letter == each.right else words
