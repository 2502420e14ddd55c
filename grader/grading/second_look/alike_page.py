"""The page of answers that are alike, for a person who decides what that means."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from grader.errors import GradingError, SolutionNotShown
from grader.exams.verdict import CORRECT
from grader.exercises import find_lesson
from grader.grading.course_notebooks import read_course_notebook
from grader.grading.rebuild import source_of
from grader.grading.report.reading import full_standings
from grader.grading.roster import read_class_list
from grader.grading.second_look.alike import Pair, Shared, WrittenAnswer, alike_pairs
from grader.grading.second_look.finding import code_of
from grader.grading.whole_file import write_whole
from grader.look.page import page
from grader.plural import counted
from grader.sources import solution_source

_MOST_PAIRS = 100
_MOST_SHARED = 40
_MOST_OTHERS = 6
_LONGEST = 300
_LEAST_STUDENTS = 5
_WHAT = (
    "These pairs share lines or wrong requests that hardly anybody else here has. What the "
    "lesson and its solutions have was left out, names of variables too, and the class itself says "
    "how rare the rest is. By that reckoning, one class in a hundred has such a pair by chance."
)
_BUT = (
    "That is no proof, and changes no point: two people may have worked together as you allowed, "
    "had the same tutor, or asked the same assistant. Read both, and talk to them."
)


@dataclass(frozen=True)
class AlikePage:
    """Say where the page is, how many pairs it has, and of how many students."""

    path: Path
    pairs: int
    students: int


def write_alike_page(folder: Path, course: Path, lesson: str) -> AlikePage:
    """Write the page of a lesson into a folder of results.

    course: the repository. Raises GradingError if there are no results, or of too few students.
    """
    answers = list(_answers(folder, lesson))
    students = {each.student for each in answers}
    if len(students) < _LEAST_STUDENTS:
        raise GradingError(
            f"{folder} has results of {lesson} from {len(students)}; what is rare shows in a class "
            f"of {_LEAST_STUDENTS} and more."
        )
    pairs = alike_pairs(answers, _given(course, lesson))
    people = read_class_list(folder)
    path = folder / f"alike-{lesson}.html"
    write_whole(path, alike_page(lesson, pairs, len(students), people.shown).encode())
    return AlikePage(path, len(pairs), len(students))


def alike_page(
    lesson: str, pairs: Sequence[Pair], students: int, shown: Callable[[str], str]
) -> str:
    """Return the page as HTML; students: how many there are. shown: the name of one of them."""
    title = f"{find_lesson(lesson).title}: answers that are alike"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="quiet">{counted(len(pairs), "pair")} of {counted(students, "student")}</p>',
        f"<p>{_WHAT}</p>",
        f'<p class="said">{_BUT}</p>',
        *(_pair(each, shown) for each in pairs[:_MOST_PAIRS]),
    ]
    if len(pairs) > _MOST_PAIRS:
        parts.append(f"<p>{len(pairs) - _MOST_PAIRS} more pairs share less.</p>")
    return page(title, "\n".join(parts))


def _answers(folder: Path, lesson: str) -> Iterator[WrittenAnswer]:
    for standing in full_standings(folder):
        if standing.place[1] == lesson and standing.result.exercises:
            code = code_of(folder, standing)
            for each in standing.result.exercises:
                verdict = each.verdict
                yield WrittenAnswer(
                    standing.place[0],
                    each.exercise,
                    code.get(each.exercise, ""),
                    verdict.requests,
                    is_wrong=verdict.outcome != CORRECT,
                )


def _given(course: Path, lesson: str) -> dict[str, str]:
    """Return what the course gives everybody: the lesson's cells, and the solutions."""
    cells = read_course_notebook(course, lesson)["cells"]
    given = {"": "\n".join(source_of(each) for each in cells if each["cell_type"] == "code")}
    for each in find_lesson(lesson).exercises:
        try:
            given[each.name] = solution_source(course, lesson, each.name)
        except SolutionNotShown:
            # Where the sources are not installed, solutions can't be told from what was copied.
            continue
    return given


def _pair(pair: Pair, shown: Callable[[str], str]) -> str:
    names = " and ".join(f"<bdi>{escape(shown(each))}</bdi>" for each in pair.students)
    parts = [f"<section>\n<h2>{names}</h2>"]
    for exercise in dict.fromkeys(each.exercise for each in pair.shared):
        here = [each for each in pair.shared if each.exercise == exercise]
        parts.append(f"<h3><code>{escape(exercise)}</code></h3>")
        parts += _list("Lines that both wrote", [each for each in here if each.kind == "line"])
        parts += _list("In wrong requests of both", [each for each in here if each.kind != "line"])
    return "\n".join([*parts, "</section>"])


def _list(title: str, shared: Sequence[Shared]) -> Iterator[str]:
    """Show what few have, and say how much more there is."""
    if shared:
        rare = [each for each in shared if each.others <= _MOST_OTHERS][:_MOST_SHARED]
        rows = "".join(
            f"<li><code>{escape(_short(each.text))}</code> · {_others(each.others)}</li>"
            for each in rare
        )
        more = len(shared) - len(rare)
        rest = f"<li>{more} more, which others have too</li>" if more > 0 else ""
        yield f"<p>{title}:</p><ul>{rows}{rest}</ul>"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{json.dumps(text[:_LONGEST])[1:-1]}…"


def _others(number: int) -> str:
    if not number:
        return "nobody else"
    return f"{number} other{'s' if number > 1 else ''}"
