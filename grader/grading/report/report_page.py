"""The report on a class as one HTML page; every plot has its numbers beside it as a table."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from grader.exams import marked
from grader.exams.verdict import SYMBOLS
from grader.grading.hand_in_times import shown_time
from grader.grading.options import FEEDBACK
from grader.grading.report.plots import difficulty_plot, points_plot, time_plot
from grader.grading.report.predicted_page import predictions_part
from grader.grading.report.summary import OUTCOMES, LessonPoints, Student, Summary
from grader.grading.roster import ZERO
from grader.look.page import lasting, page, table
from grader.plural import counted

_MOST_MISCONCEPTIONS = 25
_SHOWN = 8
"""How many characters of a digest are shown, as Git does."""


def report_page(summary: Summary) -> str:
    """Return the report as a whole HTML page."""
    parts = [
        "<h1>Report on the class</h1>",
        (
            f"<p>{counted(summary.students, 'student')}, "
            f"{counted(summary.submissions, 'submission')}, "
            f"{summary.without_result} of them without a result.{_from_earlier(summary)}</p>"
        ),
        *_troubles(summary),
        *_no_shows(summary),
        *_points(summary),
        *_sections(summary),
        *_grades(summary),
        *_difficulty(summary),
        *_misconceptions(summary),
        *predictions_part(summary),
        *_stopped(summary),
        *_stuck(summary),
        *_late(summary),
        *_remarks(summary),
        *_time(summary),
        *_versions(summary),
    ]
    return page("Report on the class", "\n".join(parts), has_tables=True)


def _from_earlier(summary: Summary) -> str:
    if not summary.from_earlier:
        return ""
    return f" For {summary.from_earlier} an earlier try counts, because the newest can't be graded."


def _troubles(summary: Summary) -> list[str]:
    if not summary.troubles:
        return []
    rows = [
        (
            _name(summary, each.student),
            _code(each.lesson) if each.lesson else "",
            escape(each.trouble),
        )
        for each in summary.troubles
    ]
    return [
        "<h2>No result yet</h2>",
        table(
            "Submissions without a result, and how to fix them", ("Student", "Lesson", "Why"), rows
        ),
    ]


def _no_shows(summary: Summary) -> list[str]:
    if not summary.no_shows:
        return []
    rows = [
        (
            _code(each.lesson),
            _people(summary, each.students),
            "0 points" if each.count_as == ZERO else "no result",
            _people(summary, each.excused),
        )
        for each in summary.no_shows
    ]
    head = ("Lesson", "Nothing from", "Counts as", "Excused")
    made = table("Students of the roster who handed in nothing", head, rows)
    return ["<h2>Handed in nothing</h2>", made]


def _sections(summary: Summary) -> list[str]:
    if not summary.sections:
        return []
    rows = [
        (
            escape(each.section),
            _code(each.lesson),
            str(each.students),
            str(each.with_points),
            "none" if each.mean is None else f"{each.mean:.1f}",
        )
        for each in summary.sections
    ]
    head = ("Section", "Lesson", "Students", "With points", "Mean")
    return ["<h2>Sections</h2>", table("Each section's points", head, rows, numbers=(2, 3, 4))]


def _points(summary: Summary) -> list[str]:
    if not summary.lessons:
        return []
    has_due = any(each.due for each in summary.lessons)
    rows = [
        (
            _code(each.lesson),
            str(len(each.points)),
            str(each.maximum),
            f"{each.mean:.1f}",
            f"{each.median:g}",
            f"{each.points[0]:g}",
            f"{each.points[-1]:g}",
            *((_due(each),) if has_due else ()),
            *map(str, each.bins),
        )
        for each in summary.lessons
    ]
    due = ("Due",) if has_due else ()
    head = ("Lesson", "Students", "Of", "Mean", "Median", "Least", "Most", *due, *_bin_names())
    return [
        "<h2>Points</h2>",
        _figure(points_plot(summary.lessons), "How many students got how many points."),
        _numbers(
            table(
                "Points of each lesson, and students by share of the points",
                head,
                rows,
                numbers=tuple(range(1, len(head))),
            )
        ),
    ]


def _grades(summary: Summary) -> list[str]:
    if not summary.lessons:
        return []
    lessons = [each.lesson for each in summary.lessons]
    has_sections = any(each.section for each in summary.grades)
    rows = [
        (
            _name(summary, each.name),
            *((escape(each.section),) if has_sections else ()),
            *(_given(each, lesson) for lesson in lessons),
            f"{each.total:g}",
        )
        for each in summary.grades
    ]
    head = ("Student", *(("Section",) if has_sections else ()), *lessons, "Sum")
    made = table(
        "Points of each student (none: nothing handed in, or no result)",
        head,
        rows,
        numbers=tuple(range(len(head) - len(lessons) - 1, len(head))),
    )
    return [f"<details><summary>Everybody's points</summary>{made}</details>"]


def _given(student: Student, lesson: str) -> str:
    """Return somebody's points, as a link to their feedback page if they have one."""
    points = student.points.get(lesson)
    told = "none" if points is None else f"{points:g}"
    return _page_of(student.name, lesson, told) if lesson in student.pages else told


def _due(lesson: LessonPoints) -> str:
    return escape(shown_time(lesson.due, lesson.due.tzinfo)) if lesson.due else "never"


def _bin_names() -> tuple[str, ...]:
    count = len(LessonPoints("", 1, (0,)).bins)
    step = 100 // count
    return tuple(f"{index * step} to {(index + 1) * step} %" for index in range(count))


def _difficulty(summary: Summary) -> list[str]:
    if not summary.exercises:
        return []
    rows = [
        (
            _code(each.exercise),
            _code(each.lesson),
            f"{each.share:.0%}",
            f"{each.automatic:.0%}",
            *(str(each.outcomes[outcome]) for outcome in OUTCOMES),
        )
        for each in sorted(summary.exercises, key=lambda each: each.share)
    ]
    head = (
        "Exercise",
        "Lesson",
        "Points that count",
        "Automatic points",
        *(f"{SYMBOLS[outcome]} {outcome}" for outcome in OUTCOMES),
    )
    return [
        "<h2>How hard each exercise was</h2>",
        _figure(difficulty_plot(summary.exercises), "How each exercise ended, in per cent."),
        _numbers(
            table(
                "Exercises, the hardest first; points given by hand count, and outcomes are those "
                "of the checks",
                head,
                rows,
                numbers=tuple(range(2, len(head))),
            )
        ),
    ]


def _misconceptions(summary: Summary) -> list[str]:
    if not summary.misconceptions:
        return []
    shown = summary.misconceptions[:_MOST_MISCONCEPTIONS]
    rows = [
        (marked(each.title), str(each.count), _code(each.exercise), _code(each.diagnosis))
        for each in shown
    ]
    more = len(summary.misconceptions) - len(shown)
    rest = f"<p>{counted(more, 'rarer mistake')} in <code>report.json</code>.</p>" if more else ""
    return [
        "<h2>The most common misconceptions</h2>",
        table(
            "Mistakes that checks named, the most common first",
            ("Mistake", "Students", "Exercise", "Name"),
            rows,
            numbers=(1,),
        ),
        rest,
    ]


def _stopped(summary: Summary) -> list[str]:
    if not summary.stopped:
        return []
    shown = summary.stopped[:_MOST_MISCONCEPTIONS]
    rows = [
        (
            escape(each.what),
            str(each.count),
            _code(each.exercise),
            _code(each.lesson),
            "<br>".join(map(_code, each.lines)),
        )
        for each in shown
    ]
    more = len(summary.stopped) - len(shown)
    rest = f"<p>{more} more in <code>report.json</code>.</p>" if more else ""
    head = ("What", "Students", "Exercise", "Lesson", "In lines such as")
    made = table("What stopped a check, the most common first", head, rows, numbers=(1,))
    return ["<h2>Code that stopped</h2>", made, rest]


def _remarks(summary: Summary) -> list[str]:
    if not summary.remarks:
        return []
    rows = [
        (
            _name(summary, each.student),
            _code(each.lesson),
            "<br>".join(escape(remark) for remark in each.remarks),
            _page_of(each.student, each.lesson, "page") if each.has_page else "",
        )
        for each in summary.remarks
    ]
    head = ("Student", "Lesson", "Remarks", "Feedback")
    return ["<h2>Remarks</h2>", table("Notes about single submissions", head, rows)]


def _page_of(student: str, lesson: str, words: str) -> str:
    """Return a link to a student's feedback page, relative to the report's folder."""
    parts = FEEDBACK, student, lesson, f"{lesson}.html"
    path = "/".join(quote(each, safe="", errors="replace") for each in parts)
    return f'<a href="{escape(path)}">{escape(words)}</a>'


def _stuck(summary: Summary) -> list[str]:
    if not summary.stuck:
        return []
    rows = [
        (
            _code(each.exercise),
            _code(each.lesson),
            _people(summary, each.begun),
            _people(summary, each.not_begun),
        )
        for each in summary.stuck
    ]
    return [
        "<h2>Who is stuck where</h2>",
        table(
            "Students who haven't solved an exercise yet",
            ("Exercise", "Lesson", "Started, not solved", "Not started"),
            rows,
        ),
    ]


def _late(summary: Summary) -> list[str]:
    if not summary.late:
        return []
    rows = [
        (
            _name(summary, each.student),
            _code(each.lesson),
            lasting(each.seconds),
            f"{each.penalty:g}",
            f"{each.points:g}",
        )
        for each in summary.late
    ]
    return [
        "<h2>What came late</h2>",
        table(
            "Submissions that came after the due time, extensions included",
            ("Student", "Lesson", "Late by", "Penalty", "Points left"),
            rows,
            numbers=(3, 4),
        ),
    ]


def _time(summary: Summary) -> list[str]:
    if not summary.stages:
        return ["<h2>Time</h2>", "<p>The folder doesn't say how long grading took.</p>"]
    rows = [
        (
            escape(each.name),
            f"{each.total:.2f}",
            f"{each.share:.0%}",
            f"{each.median:.3f}",
            f"{each.slowest:.3f}",
        )
        for each in summary.stages
    ]
    levels = ", ".join(f"{escape(name)} ({count})" for name, count in summary.levels.items())
    return [
        "<h2>Time</h2>",
        f"<p>Submissions by level of containment: {levels}.</p>",
        _figure(time_plot(summary.stages), "Time by stage, all submissions together."),
        _numbers(
            table(
                "Seconds of each stage",
                ("Stage", "Total", "Share", "Median", "Slowest"),
                rows,
                numbers=(1, 2, 3, 4),
            )
        ),
    ]


def _versions(summary: Summary) -> list[str]:
    if not summary.versions:
        return []
    rows = [
        (
            _code(each.lesson),
            _code(each.course[:_SHOWN]),
            _code(each.code[:_SHOWN]),
            escape(", ".join(each.libraries)),
        )
        for each in summary.versions
    ]
    head = ("Lesson", "Its notebook", "The grader's code", "With")
    made = table("What lessons were graded with, the newest of each last", head, rows)
    seed = "<p>The class's seed draws everybody's data, so students shouldn't know it: "
    seed += f"<details><summary>show it</summary>{_code(summary.seed)}</details></p>"
    return ["<h2>Versions</h2>", seed if summary.seed else "", _numbers(made)]


def _figure(svg: str, caption: str) -> str:
    return f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>"


def _numbers(made: str) -> str:
    return f"<details><summary>The numbers</summary>{made}</details>"


def _people(summary: Summary, names: tuple[str, ...]) -> str:
    if not names:
        return "0"
    listed = ", ".join(_name(summary, each) for each in names)
    return f"<details><summary>{len(names)}</summary>{listed}</details>"


def _name(summary: Summary, student: str) -> str:
    return f"<bdi>{escape(summary.people.shown(student))}</bdi>"


def _code(name: str) -> str:
    return f"<code>{escape(name)}</code>"
