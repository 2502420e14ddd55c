"""Compare a lesson's cells with its exercises: what the build refuses to guess."""

from collections import Counter
from collections.abc import Iterator, Mapping

from grader.authoring import markers
from grader.authoring.lesson_source import CHECK_PREFIX, Cell, LessonSource
from grader.authoring.problems import Problem
from grader.exams import Lesson


def find_problems(
    source: LessonSource, lesson: Lesson, owners: Mapping[str, str]
) -> Iterator[Problem]:
    """Find wrong markers and cells that do not match the lesson's exercises.

    `owners` names the lesson of every exercise of the course.
    """
    yield from source.problems
    for cell in source.cells:
        yield from _marker_problems(source, cell)
    if not source.problems:
        yield from _exercise_problems(source, lesson, owners)


def _marker_problems(source: LessonSource, cell: Cell) -> Iterator[Problem]:
    faults = list(markers.find_faults(cell.source, code=cell.kind == "code"))
    for fault in faults:
        yield Problem("markers", source.at(cell.line + fault.offset), fault.what, fault.fix)
    if faults or source.problems:
        return
    kinds = markers.kinds_in(cell.source)
    if markers.SOLUTION in kinds and cell.role != "solution":
        yield Problem(
            "markers",
            source.at(cell.line),
            "A SOLUTION region stands in a cell that is not a solution cell.",
            'Give its marker `nbgrader={"grade_id": "…", "solution": true}`.',
        )
    for kind in sorted(kinds - {markers.SOLUTION}):
        yield Problem(
            "markers",
            source.at(cell.line),
            f"The cell holds a {kind} region, which grading here never runs.",
            "Move the test into the exercise's check in grader/exercises.",
        )
    if cell.role == "solution" and markers.SOLUTION not in kinds:
        yield Problem(
            "markers",
            source.at(cell.line),
            f"The solution cell {cell.grade_id} marks no solution.",
            "Put `### BEGIN SOLUTION` and `### END SOLUTION` around the lines to hide.",
        )


def _exercise_problems(
    source: LessonSource, lesson: Lesson, owners: Mapping[str, str]
) -> Iterator[Problem]:
    names = {exercise.name for exercise in lesson.exercises}
    counts = Counter(cell.grade_id for cell in source.cells if cell.grade_id)
    seen: set[str] = set()
    for cell in source.cells:
        if cell.grade_id is None:
            continue
        if cell.grade_id in seen:
            yield Problem(
                "exercises",
                source.at(cell.line),
                f"The grade_id {cell.grade_id} stands on {counts[cell.grade_id]} cells.",
                "Keep one of them.",
            )
            continue
        seen.add(cell.grade_id)
        yield from _name_problems(source, cell, names, owners)
    for name in sorted(names):
        for grade_id, role in ((name, "solution"), (CHECK_PREFIX + name, "check")):
            if grade_id not in seen:
                option = "solution" if role == "solution" else "grade"
                yield Problem(
                    "exercises",
                    source.path,
                    f"The exercise {name} has no {role} cell.",
                    f'Write one under `# %% nbgrader={{"grade_id": "{grade_id}", '
                    f'"{option}": true}}`.',
                )


def _name_problems(
    source: LessonSource, cell: Cell, names: set[str], owners: Mapping[str, str]
) -> Iterator[Problem]:
    grade_id = cell.grade_id or ""
    name = grade_id.removeprefix(CHECK_PREFIX) if cell.role == "check" else grade_id
    if cell.role == "check" and not grade_id.startswith(CHECK_PREFIX):
        yield Problem(
            "exercises",
            source.at(cell.line),
            f"The check cell's grade_id is {grade_id}.",
            f"Name it {CHECK_PREFIX}{grade_id}.",
        )
    elif name not in names:
        owner = owners.get(name)
        where = f"it belongs to {owner}" if owner else f"the lesson has {_listed(names)}"
        yield Problem(
            "exercises",
            source.at(cell.line),
            f"The lesson has no exercise {name}; {where}.",
            "Correct the grade_id, or register the exercise in grader/exercises.",
        )
    elif (
        cell.role == "check"
        and not markers.kinds_in(cell.source)
        and cell.source.strip() != f'check("{name}")'
    ):
        yield Problem(
            "exercises",
            source.at(cell.line),
            f"The check cell {grade_id} holds more or other than its check.",
            f'Make its whole source `check("{name}")`.',
        )


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"
