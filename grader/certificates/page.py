"""The page of a certificate: all that people read on it comes from the data that it holds."""

from __future__ import annotations

import hashlib
import re
from html import escape

from grader.certificates.content import Certificate, LearnerCell, LessonWork, Passed, data_text
from grader.exercises import COURSE
from grader.look import fold, themed
from grader.look.page import page, table
from grader.plural import counted

_TITLE = "Certificate: Anthropic's Messages API for developers who know OpenAI's"
_NO_DIGEST = "0" * 64
# What stands between these marks can come from nobody's code, where quotes are escaped.
_SLOT = '<code id="digest">{}</code>'
_MARK = re.compile(_SLOT.format("([0-9a-f]{64})"))
_HELD = '<script type="application/json" id="certificate">\n{}\n</script>'
_DATA = re.compile(_HELD.format("(.*?)"), re.DOTALL)
_LESSONS = {lesson.name: lesson for lesson in COURSE}


def certificate_page(certificate: Certificate) -> str:
    """Return a certificate as a whole HTML page, the same for the same certificate."""
    parts = [
        f"<h1>{_TITLE}</h1>",
        _who(certificate),
        _answer(certificate),
        _overview(certificate),
        *(_lesson(each) for each in certificate.lessons),
        _how_to_check(certificate),
        _HELD.format(data_text(certificate)),
    ]
    text = page(_TITLE, "\n".join(parts))
    return text.replace(_SLOT.format(_NO_DIGEST), _SLOT.format(digest_of_page(text)))


def data_of_page(text: str) -> str | None:
    """Return the data in a page, None if it has none."""
    found = _DATA.findall(text)
    return str(found[0]) if len(found) == 1 else None


def digest_in_page(text: str) -> str | None:
    """Return the digest that a page says it has, None if it says none."""
    found = _MARK.findall(text)
    return str(found[0]) if len(found) == 1 else None


def digest_of_page(text: str) -> str:
    """Return the SHA-256 of a page in hex, with zeros where the page names its own."""
    plain = _MARK.sub(_SLOT.format(_NO_DIGEST), text)
    return hashlib.sha256(plain.encode()).hexdigest()


def _who(certificate: Certificate) -> str:
    name = f"<strong><bdi>{escape(certificate.name)}</bdi></strong> · " if certificate.name else ""
    return (
        f'<p class="quiet">{name}made on {certificate.made} · version '
        f"<code>{certificate.version}</code> of the course</p>"
    )


def _answer(certificate: Certificate) -> str:
    exercises = sum(len(lesson.exercises) for lesson in COURSE)
    points = sum(lesson.points for lesson in COURSE)
    return (
        '<p style="font-size:20px;font-weight:600;line-height:1.3;margin:12px 0">'
        f"{certificate.exercises} of {counted(exercises, 'exercise')} passed, "
        f"{certificate.points} of {counted(points, 'point')}.</p>{_track(certificate)}"
    )


def _track(certificate: Certificate) -> str:
    """Return a bar with a part for each lesson, as wide as its points, as `progress()` draws it."""
    earned = {each.lesson: sum(one.points for one in each.passed) for each in certificate.lessons}
    edge = f"box-sizing:border-box;border-radius:3px;{themed('border:1.5px solid {0}', 'grey')}"
    parts = "".join(
        f'<div style="flex:{lesson.points} 1 0;min-width:8px;{edge}"><div style="height:100%;'
        f"width:{min(100, 100 * earned.get(lesson.name, 0) / lesson.points):.1f}%;"
        f'{themed("background", "green")}"></div></div>'
        for lesson in COURSE
    )
    return f'<div aria-hidden="true" style="display:flex;gap:3px;height:24px">{parts}</div>'


def _overview(certificate: Certificate) -> str:
    rows = []
    for each in certificate.lessons:
        points = sum(passed.points for passed in each.passed)
        lesson = _LESSONS.get(each.lesson)
        rows.append(
            (
                f'<a href="#{escape(each.lesson)}">{escape(_title(each))}</a>',
                f"{len(each.passed)} of {len(lesson.exercises)}" if lesson else str(points),
                f"{points} of {lesson.points}" if lesson else str(points),
            )
        )
    head = ("Lesson", "Exercises", "Points")
    return table("What was passed in each lesson", head, rows, numbers=(1, 2))


def _title(work: LessonWork) -> str:
    lesson = _LESSONS.get(work.lesson)
    return f"{work.lesson} · {lesson.title}" if lesson else work.lesson


def _lesson(work: LessonWork) -> str:
    names = [each.name for each in work.passed]
    rest = [cell for cell in work.cells if cell.mark not in names]
    others = "".join(_code(cell) for cell in rest)
    below = fold(f"The notebook's other code: {counted(len(rest), 'cell')}", others) if rest else ""
    exercises = "\n".join(_exercise(each, work.cells) for each in work.passed)
    name = escape(work.lesson)
    return (
        f'<section aria-labelledby="{name}">\n<h2 id="{name}">{escape(_title(work))}</h2>\n'
        f"{exercises}\n{below}\n</section>"
    )


def _exercise(passed: Passed, cells: tuple[LearnerCell, ...]) -> str:
    day = f" on {passed.on}" if passed.on else ""
    seed = f" · seed <code>{passed.seed}</code>" if passed.seed else ""
    code = "".join(_code(cell) for cell in cells if cell.mark == passed.name)
    points = counted(passed.points, "point")
    shown = fold("The code", code) if code else "<p>Its code stands in another cell, below.</p>"
    return (
        f'<h3><span aria-hidden="true">●</span> <code>{escape(passed.name)}</code> · {points}</h3>'
        f'<p class="quiet">Passed{day}{seed}</p>{shown}'
    )


def _code(cell: LearnerCell) -> str:
    return f"<pre>{escape(cell.source)}</pre>"


def _how_to_check(certificate: Certificate) -> str:
    name = (
        " The name is what its owner gave: nothing proves who wrote the code."
        if certificate.name
        else " It has no name: nothing in it proves who wrote the code."
    )
    return (
        "<h2>Check it</h2>\n<p>Nobody signed this page, and nobody needs to: in a copy of the "
        "course, on Linux, <code>grader verify FILE</code> runs this code again in a sealed kernel "
        "and says of each exercise whether it passes, with the data of its seed and with new data."
        f"{name}</p>\n"
        '<p class="quiet">SHA-256 of this page, with zeros in its place: '
        f"{_SLOT.format(_NO_DIGEST)}</p>"
    )
