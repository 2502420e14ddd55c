"""The page that a learner gets back: every exercise with its verdict, and nothing that runs.

It is made from the verdicts and the code that was graded, so nothing of the submission can reach
it except as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import escape

from grader.exams import panel
from grader.exams.verdict import CORRECT
from grader.grading.page import lasting, page, table
from grader.grading.result import ExerciseResult, Result

_SHOWN_DIGITS = 12
_NO_CODE: Mapping[str, str] = {}
_IN_TIME = timedelta()


def feedback_page(
    result: Result,
    *,
    title: str = "",
    handed_in: datetime | None = None,
    late: timedelta = _IN_TIME,
    code: Mapping[str, str] = _NO_CODE,
) -> str:
    """Return the feedback on one submission as a whole HTML page.

    title: the lesson's. handed_in: with a time zone. late: by how much it missed its time.
    code: what was graded, by exercise.
    """
    name = title or result.lesson
    parts = [
        f"<h1>{escape(name)}</h1>",
        (
            f'<p class="quiet">Feedback for <bdi>{escape(result.student)}</bdi>'
            f" on <code>{escape(result.lesson)}</code>{_which_file(result, handed_in)}</p>"
        ),
        *(f'<p class="said">{escape(each)}</p>' for each in (*_lateness(late), *result.remarks)),
        *_what_came_of_it(result, code),
    ]
    return page(f"{name}: feedback for {result.student}", "\n".join(parts))


def _lateness(late: timedelta) -> tuple[str, ...]:
    return (f"It came {lasting(late.total_seconds())} late.",) if late > _IN_TIME else ()


def _which_file(result: Result, handed_in: datetime | None) -> str:
    """Say which of a student's files was graded."""
    came = f", handed in {handed_in.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if handed_in else ""
    digest = result.digest[:_SHOWN_DIGITS]
    known = f"; the file's SHA-256 begins with <code>{digest}</code>" if digest else ""
    return came + known


def _what_came_of_it(result: Result, code: Mapping[str, str]) -> list[str]:
    if result.trouble:
        return [
            "<p><strong>There is no result.</strong> This is what your teacher was told:</p>",
            f'<p class="said">{escape(result.trouble)}</p>',
        ]
    return [
        (
            f"<p><strong>{result.points} of {result.maximum} points.</strong> "
            f"{_first_step(result)}</p>"
        ),
        table(
            "Points of each exercise",
            ("Exercise", "Outcome", "Points", "of"),
            [_row(each) for each in result.exercises],
            numbers=(2, 3),
        ),
        *(_exercise(each, code.get(each.exercise, "")) for each in result.exercises),
    ]


def _first_step(result: Result) -> str:
    """Say where to go on: one place, not all."""
    for each in result.exercises:
        if each.verdict.outcome != CORRECT:
            name = escape(each.exercise)
            return f'Go on with <a href="#{name}"><code>{name}</code></a>.'
    return "All of it is right."


def _row(result: ExerciseResult) -> tuple[str, ...]:
    verdict, name = result.verdict, escape(result.exercise)
    cut_short = " (cut short)" if result.flag else ""
    return (
        f'<a href="#{name}"><code>{name}</code></a>',
        f'<span aria-hidden="true">{verdict.symbol}</span> {escape(verdict.outcome)}{cut_short}',
        str(verdict.points),
        str(verdict.maximum),
    )


def _exercise(result: ExerciseResult, code: str) -> str:
    name = escape(result.exercise)
    flag = (
        f'<p class="said"><strong>Cut short:</strong> {escape(result.flag)}</p>'
        if result.flag
        else ""
    )
    summary = "<summary>your code, as it was graded</summary>"
    graded = f"<details>{summary}<pre>{escape(code)}</pre></details>" if code else ""
    return (
        f'<section aria-labelledby="{name}">\n<h2 id="{name}"><code>{name}</code></h2>\n'
        f"{flag}{panel(result.verdict)}{graded}\n</section>"
    )
