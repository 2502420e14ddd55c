"""The page that a learner gets back: every exercise with its verdict, and nothing that runs.

It is made from what counts and the code that was graded, so a submission's content, and what a
person wrote by hand, can reach it only as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from grader.exams import panel
from grader.exams.verdict import CORRECT
from grader.grading.hand_in_times import shown_time
from grader.grading.result import ExerciseResult, Result
from grader.grading.standing import ByHand, Standing, Try, given
from grader.look.page import page, table

_SHOWN_DIGITS = 12
_NO_CODE: Mapping[str, str] = {}


def feedback_page(
    standing: Standing, *, title: str = "", code: Mapping[str, str] = _NO_CODE, who: str = ""
) -> str:
    """Return the feedback on one submission as a whole HTML page.

    title: the lesson's. code: what was graded, by exercise. who: the student for people, by
    default the id.
    """
    result = standing.result
    name, who = title or result.lesson, who or result.student
    # A flag stands beside its exercise.
    flags = {each.flag for each in result.exercises}
    said = [each for each in standing.remarks() if each not in flags] if standing.number else []
    parts = [
        f"<h1>{escape(name)}</h1>",
        (
            f'<p class="quiet">Feedback for <bdi>{escape(who)}</bdi>'
            f" on <code>{escape(result.lesson)}</code>{_which_file(standing)}</p>"
        ),
        *(f'<p class="said">{escape(each)}</p>' for each in said),
        *_what_came_of_it(standing, code),
        *_tries(standing),
    ]
    return page(f"{name}: feedback for {who}", "\n".join(parts))


def _which_file(standing: Standing) -> str:
    """Say which of a student's files was graded."""
    one = standing.counting
    came = f", {escape(standing.time_of(one))}" if one else ""
    zone = standing.due.tzinfo if standing.due else None
    due = f", due {escape(shown_time(standing.due, zone))}" if standing.due else ""
    digest = standing.result.digest[:_SHOWN_DIGITS]
    known = f"; the file's SHA-256 begins with <code>{digest}</code>" if digest else ""
    return came + due + known


def _what_came_of_it(standing: Standing, code: Mapping[str, str]) -> list[str]:
    result = standing.result
    if result.trouble:
        return [
            "<p><strong>There is no result.</strong> This is what your teacher was told:</p>",
            f'<p class="said">{escape(result.trouble)}</p>',
        ]
    return [
        (
            f"<p><strong>{standing.shown_points} points.</strong> "
            f"{_sum(standing)}{_first_step(result)}</p>"
        ),
        _points(standing),
        *(
            _exercise(
                each,
                code.get(each.exercise, ""),
                standing.by_hand.get(each.exercise),
                is_first=place == 0,
            )
            for place, each in enumerate(result.exercises)
        ),
    ]


def _sum(standing: Standing) -> str:
    """Say what being late took off the points, if anything."""
    if not standing.penalty:
        return ""
    before = (standing.points or 0.0) + standing.penalty
    return f"That is {before:g} less {standing.penalty:g} for being late. "


def _first_step(result: Result) -> str:
    """Say where to go on: one place, not all."""
    for each in result.exercises:
        if each.verdict.outcome != CORRECT:
            name = escape(each.exercise)
            return f'Go on with <a href="#{name}"><code>{name}</code></a>.'
    return "All checks passed."


def _points(standing: Standing) -> str:
    caption, head = "Points of each exercise", ("Exercise", "Outcome", "Points", "of")
    rows = [_row(each) for each in standing.result.exercises]
    if not standing.is_by_hand:
        return table(caption, head, rows, numbers=(2, 3))
    by_hand = [standing.by_hand.get(each.exercise, ByHand()) for each in standing.result.exercises]
    return table(
        caption,
        ("Exercise", "Outcome", "Automatic", "By hand", "Counts", "of"),
        [
            (
                *row[:3],
                escape(given(hand)),
                f"{standing.of_exercise(each.exercise, each.verdict.points):g}",
                row[3],
            )
            for row, hand, each in zip(rows, by_hand, standing.result.exercises, strict=True)
        ],
        numbers=(2, 4, 5),
    )


def _row(result: ExerciseResult) -> tuple[str, ...]:
    verdict, name = result.verdict, escape(result.exercise)
    cut_short = " (cut short)" if result.flag else ""
    return (
        f'<a href="#{name}"><code>{name}</code></a>',
        f'<span aria-hidden="true">{verdict.symbol}</span> {escape(verdict.outcome)}{cut_short}',
        str(verdict.points),
        str(verdict.maximum),
    )


def _exercise(result: ExerciseResult, code: str, by_hand: ByHand | None, *, is_first: bool) -> str:
    verdict = panel(result.verdict, brings_style=is_first)
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
        f"{flag}{_words(by_hand)}{verdict}{graded}\n</section>"
    )


def _words(by_hand: ByHand | None) -> str:
    """Show what a person gave and wrote, above what the check says."""
    if by_hand is None:
        return ""
    points = given(by_hand)
    told = f"<p><strong>By hand: {escape(points)}.</strong></p>" if points else ""
    if by_hand.comment:
        lines = "<br>".join(escape(each) for each in by_hand.comment.splitlines())
        told += f'<p class="said"><strong>Your teacher says:</strong> {lines}</p>'
    return told


def _tries(standing: Standing) -> list[str]:
    """List every file that was handed in, if there are several."""
    if len(standing.tries) < 2:
        return []
    rows = [
        (
            f"{number}{' (counts)' if number == standing.number else ''}",
            escape(standing.time_of(each)),
            _earned(each),
            f"<code>{each.digest[:_SHOWN_DIGITS]}</code>",
        )
        for number, each in enumerate(standing.tries, 1)
    ]
    head = ("Try", "When", "Automatic points", "SHA-256 begins with")
    return ["<h2>Your tries</h2>", table("Every file, the newest last", head, rows)]


def _earned(one: Try) -> str:
    return "no result" if one.points is None else f"{one.points} of {one.maximum}"
