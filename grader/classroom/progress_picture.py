"""The picture of progress: a bar of the whole course, what is next, and each lesson once."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from grader.classroom.progress_chapters import Chapter, Link, next_of, state_of, sum_of
from grader.look import SUMMARY, style_sheet, themed, tinted

_PADDED = "margin:0 0 4px;line-height:1.5"
_CARD = "flex:1 1 18em;min-width:0;border-radius:8px;padding:12px 16px;line-height:1.5"
_CELL = "padding:.1em .8em .1em 0;text-align:left;white-space:nowrap"
# nbgrader's feedback pages hide the triangle that says "open me".


def course_html(chapters: Sequence[Chapter], link: Link, place: Link, due: str = "") -> str:
    """Return the course as HTML.

    link: names a lesson. place: says in which lesson something is. due: what is due for review, as
    HTML.
    """
    lessons = "".join(_lesson(each, link, is_next=each is next_of(chapters)) for each in chapters)
    return (
        f'{style_sheet("progress")}<div class="gr"><div class="so-far">'
        f'<p class="answer" style="font-size:20px;font-weight:600;margin:0 0 8px">'
        f"{sum_of(chapters)}</p>{_track(chapters)}"
        '<div style="display:flex;flex-wrap:wrap;gap:12px;margin:12px 0">'
        f"{_next_card(chapters, place)}{_due_card(chapters, due)}</div>{lessons}</div></div>"
    )


def _track(chapters: Sequence[Chapter]) -> str:
    """Return a bar with a part for each lesson, as wide as its points."""
    here = next_of(chapters)
    parts = "".join(
        f'<div title="{escape(chapter.lesson.title)}: {_points(chapter)}" '
        f'style="flex:{chapter.lesson.points} 1 0;min-width:8px;{_edge(is_here=chapter is here)}">'
        f"{_filled(chapter)}</div>"
        for chapter in chapters
    )
    return (
        f'<div aria-hidden="true" style="display:flex;gap:3px;height:24px;margin:0 0 4px">{parts}'
        '</div><p class="caption" style="margin:0;font-size:12px">A part for each lesson, as wide '
        "as its points; what you have is filled.</p>"
    )


def _edge(*, is_here: bool) -> str:
    width, hue = ("2.5px", "act") if is_here else ("1.5px", "grey")
    return f"box-sizing:border-box;border-radius:3px;{themed(f'border:{width} solid {{0}}', hue)}"


def _filled(chapter: Chapter) -> str:
    share = 100 * chapter.points / chapter.lesson.points
    return f'<div style="height:100%;width:{share:.1f}%;{themed("background", "green")}"></div>'


def _next_card(chapters: Sequence[Chapter], place: Link) -> str:
    chapter = next_of(chapters)
    edge = themed("border:2px solid {0}", "act")
    if chapter is None or chapter.next is None:
        words = "All done."
        more = "Every exercise of the course is correct."
    else:
        exercise = chapter.next
        words = f"Next: <code>{exercise.name}</code> {place(chapter.lesson)}."
        more = f"{exercise.minutes} minutes, {exercise.points} points"
    return (
        f'<div style="{_CARD};{edge};{tinted("act")}"><p style="{_PADDED}"><strong>{words}'
        f'</strong></p><p class="caption" style="margin:0;font-size:12px">{more}</p></div>'
    )


def _due_card(chapters: Sequence[Chapter], due: str) -> str:
    """Return what is due, and what was tried and isn't correct yet."""
    tried = [
        f"<code>{exercise.name}</code>"
        for chapter in chapters
        for exercise, record in chapter.rows
        if record.attempts and not record.is_correct
    ]
    words = [due or "Nothing is due."]
    if tried:
        words.append(f"Tried, not correct yet: {', '.join(tried)}.")
    edge = themed("border:1px solid {0}", "grey")
    told = "".join(f'<p style="{_PADDED}">{each}</p>' for each in words)
    return f'<div style="{_CARD};{edge}">{told}</div>'


def _lesson(chapter: Chapter, link: Link, *, is_next: bool) -> str:
    """Return a lesson in a line, with its exercises folded below it."""
    head = "".join(
        f'<th scope="col" style="{_CELL}">{title}</th>'
        for title in ("Exercise", "State", "Points", "Minutes")
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td style="{_CELL}">{value}</td>'
            for value in (
                f"<code>{exercise.name}</code>",
                state_of(record),
                f"{record.points} of {exercise.points}",
                str(exercise.minutes),
            )
        )
        + "</tr>"
        for exercise, record in chapter.rows
    )
    bar = (
        '<span aria-hidden="true" style="display:inline-block;flex:0 0 80px;height:9px;'
        f'overflow:hidden;{_edge(is_here=is_next)}"><span style="display:block;height:100%;'
        f"width:{100 * chapter.points / chapter.lesson.points:.1f}%;"
        f'{themed("background", "green")}"></span></span>'
    )
    line = (
        '<span style="display:inline-flex;flex-wrap:wrap;gap:0 12px;align-items:center;'
        'white-space:nowrap;max-width:calc(100% - 24px);vertical-align:top">'
        f'<span style="flex:0 0 7em">{chapter.state}</span>{bar}'
        f'<span style="flex:0 0 7em">{_points(chapter)}</span></span>'
    )
    # A link inside a summary would be a control inside a control.
    return (
        '<div class="lesson" style="display:flex;flex-wrap:wrap;gap:0 12px;padding:4px 0">'
        f'<div style="flex:1 1 18em;min-width:0;padding:2px 0">{link(chapter.lesson)}</div>'
        f'<details style="flex:0 0 27em;max-width:100%"{" open" if is_next else ""}>'
        f'<summary style="{SUMMARY}">{line}</summary>'
        f'<table style="overflow-wrap:normal"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></details></div>"
    )


def _points(chapter: Chapter) -> str:
    return f"{chapter.points} of {chapter.lesson.points} points"
