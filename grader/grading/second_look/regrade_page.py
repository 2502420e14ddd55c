"""The page that shows old and new verdicts side by side, and why they differ."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

from grader.exams import panel
from grader.exercises import find_lesson
from grader.grading.result import ExerciseResult
from grader.grading.roster import read_class_list
from grader.grading.second_look.regrading import MOST_SHOWN, Again, Regraded, differences
from grader.grading.whole_file import write_whole
from grader.look.page import page, table

_SIDES = "display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1rem"


def write_regrade_page(folder: Path, regraded: Regraded) -> Path:
    """Write the page into a folder of results, and return its path.

    What was asked for by name is shown even if nothing changed.
    """
    people = read_class_list(folder)
    title = find_lesson(regraded.lesson).title
    shown = [
        (each, before, now)
        for each in regraded.again
        for before, now in each.exercises
        if before.exercise in _to_show(each, regraded)
    ]
    more = len(shown) - MOST_SHOWN
    parts = [
        f"<h1>{escape(title)}: graded again</h1>",
        f'<p class="quiet">{escape(_summary(regraded))}</p>',
        *(f'<p class="said">{escape(each)}</p>' for each in regraded.notes),
        _table(regraded, people.shown),
        *(
            _sides(people.shown(one.old.student), one, before, now, is_first=place == 0)
            for place, (one, before, now) in enumerate(shown[:MOST_SHOWN])
        ),
        f"<p>{more} more are only in the table.</p>" if more > 0 else "",
    ]
    path = folder / f"regraded-{regraded.lesson}.html"
    write_whole(path, page(f"{title}: graded again", "\n".join(parts)).encode())
    return path


def _to_show(again: Again, regraded: Regraded) -> tuple[str, ...]:
    if regraded.exercise:
        is_asked = len(regraded.again) == 1 or regraded.exercise in again.changed
        return (regraded.exercise,) if is_asked else ()
    if len(regraded.again) == 1 and not again.changed:
        return tuple(each.exercise for each in again.old.exercises)
    return again.changed


def _summary(regraded: Regraded) -> str:
    changed = sum(bool(each.changed) for each in regraded.again)
    kept = sum(each.is_kept for each in regraded.again)
    count = f"{changed} of {len(regraded.again)} differ."
    if kept:
        return f"{count} The new results of {kept} count from now on."
    return f"{count} Nothing was changed; with --keep the new results count." if changed else count


def _table(regraded: Regraded, shown: Callable[[str], str]) -> str:
    rows = []
    for each in regraded.again:
        for before, now in each.exercises:
            if before.exercise in each.changed and regraded.exercise in ("", before.exercise):
                rows.append(
                    (
                        f'<a href="#{_anchor(each, before)}">{escape(shown(each.old.student))}</a>',
                        f"<code>{escape(before.exercise)}</code>",
                        str(before.verdict.points),
                        str(now.verdict.points),
                        escape(_in_short(differences(before, now))),
                    )
                )
        if each.new.trouble:
            rows.append((escape(shown(each.old.student)), "", "", "", escape(each.new.trouble)))
    if not rows:
        return ""
    head = ("Student", "Exercise", "Before", "Now", "What is otherwise")
    return table("What differs", head, rows, numbers=(2, 3))


def _in_short(told: tuple[str, ...]) -> str:
    return " ".join(told[:2]) + (" …" if len(told) > 2 else "")


def _anchor(again: Again, result: ExerciseResult) -> str:
    return escape(f"{again.old.student}/{result.exercise}", quote=True)


def _sides(
    who: str, again: Again, before: ExerciseResult, now: ExerciseResult, *, is_first: bool
) -> str:
    old = panel(before.verdict, brings_style=is_first)
    new = panel(now.verdict, brings_style=False)
    told = "".join(f"<li>{escape(each)}</li>" for each in differences(before, now))
    code = again.code.get(now.exercise, "")
    summary = "<summary>the code, as it was graded</summary>"
    graded = f"<details>{summary}<pre>{escape(code)}</pre></details>" if code else ""
    return (
        f'<section>\n<h2 id="{_anchor(again, before)}"><bdi>{escape(who)}</bdi>: '
        f"<code>{escape(now.exercise)}</code></h2>\n<p>{escape(again.why)}</p>\n"
        f"<ul>{told or '<li>Nothing is otherwise.</li>'}</ul>\n"
        f'<div style="{_SIDES}"><div><h3>Before</h3>{old}</div>'
        f"<div><h3>Now</h3>{new}</div></div>\n{graded}\n</section>"
    )
