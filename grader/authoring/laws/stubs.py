"""A learner's stub promises what the solution keeps."""

import ast
import json
import re
from collections.abc import Iterator

from grader.authoring.lesson_source import CHECK_PREFIX, LessonSource
from grader.authoring.notebooks import STUB
from grader.authoring.plan import LessonPlan, notebook_paths
from grader.authoring.problems import Problem
from grader.authoring.project import Project
from grader.authoring.python_cells import parse
from grader.exams import Exercise
from grader.plural import counted

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def stubs_match(project: Project) -> Iterator[Problem]:
    """Find stubs whose signatures or docstrings are not those of their solutions."""
    for plan in project.plan.lessons:
        stubs = _stub_sources(plan)
        for exercise in plan.lesson.exercises:
            cell = plan.source.cell(exercise.name)
            if cell is not None and exercise.name in stubs:
                where = plan.source.at(cell.line)
                for what, fix in _differences(exercise.name, cell.source, stubs[exercise.name]):
                    yield Problem("stubs", where, what, fix)


def docstrings_state_worth(project: Project) -> Iterator[Problem]:
    """Find stubs whose docstring states other minutes or points than the exercise has."""
    for plan in project.plan.lessons:
        for exercise in plan.lesson.exercises:
            yield from _worth_problems(plan.source, exercise)


def checks_carry_points(project: Project) -> Iterator[Problem]:
    """Find check cells in course/ worth other points than the exercise has."""
    for plan in project.plan.lessons:
        path = notebook_paths(plan.lesson.name)[1]
        points = _points_of_checks(project.files.get(path, b""))
        for exercise in plan.lesson.exercises:
            found = points.get(CHECK_PREFIX + exercise.name, exercise.points)
            if found != exercise.points:
                yield Problem(
                    "points",
                    path,
                    f"The check of {exercise.name} carries {found} points; "
                    f"the exercise is worth {exercise.points}.",
                    "Run `grader build --force`.",
                )


def worth(exercise: Exercise) -> str:
    """Return the line of a docstring that states what an exercise asks and gives."""
    return f"{counted(exercise.minutes, 'minute')}, {counted(exercise.points, 'point')}."


def _worth_problems(source: LessonSource, exercise: Exercise) -> Iterator[Problem]:
    cell = source.cell(exercise.name)
    tree = parse(cell.source) if cell else None
    if cell is None or tree is None:
        return
    definition = _definitions(tree).get(exercise.name)
    docstring = (ast.get_docstring(definition) or "") if definition else ""
    expected = worth(exercise)
    if expected not in re.split(r"\s*\n\s*", docstring):
        stated = re.search(r"\d+ minutes?, \d+ points?\.?", docstring)
        yield Problem(
            "worth",
            source.at(cell.line),
            f"The docstring of {exercise.name} states {stated[0]!r}."
            if stated
            else f"The docstring of {exercise.name} states neither minutes nor points.",
            f"Write `{expected}` on a line of its own, or change the exercise in grader/exercises.",
        )


def _stub_sources(plan: LessonPlan) -> dict[str, str]:
    data = plan.outputs.get(notebook_paths(plan.lesson.name)[1])
    if data is None:
        return {}
    return {cell["id"]: "".join(cell["source"]) for cell in json.loads(data)["cells"]}


def _differences(name: str, solution: str, stub: str) -> Iterator[tuple[str, str]]:
    solved, cleared = parse(solution), parse(stub)
    if solved is None or cleared is None:
        which = "solution" if solved is None else "stub that a learner gets"
        yield f"The {which} of {name} is not Python.", "Correct it, or move its markers."
        return
    given, kept = _definitions(cleared), _definitions(solved)
    if name not in given:
        yield (
            f"The stub defines no {name}.",
            f"Leave the `def` or `class` line of {name} outside the SOLUTION region.",
        )
        return
    if STUB not in stub:
        yield f"The stub of {name} never says `{STUB}`.", "Put its body in a SOLUTION region."
    for key in sorted(key for key in kept.keys() - given.keys() if _is_promised(key, name)):
        yield (
            f"The stub of {name} lacks {key}.",
            f"Leave the `def` line of {key} outside the SOLUTION region.",
        )
    for key in sorted(given.keys() & kept.keys()):
        if _signature(given[key]) != _signature(kept[key]):
            yield f"The stub of {key} has another signature.", "Define it once, above the region."
        if ast.get_docstring(given[key]) != ast.get_docstring(kept[key]):
            yield (
                f"The stub of {key} lacks its solution's docstring.",
                "Move the docstring above `### BEGIN SOLUTION`.",
            )


def _definitions(tree: ast.Module) -> dict[str, _Definition]:
    """Return the functions and classes of a cell, and the methods of those classes."""
    found: dict[str, _Definition] = {}
    for node in tree.body:
        if isinstance(node, _Definition):
            found[node.name] = node
        if isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
                    found[f"{node.name}.{method.name}"] = method
    return found


def _is_promised(key: str, name: str) -> bool:
    """Return whether learners must see a definition; private ones may be the solution's own."""
    owner, _, method = key.partition(".")
    return owner == name and (not method.startswith("_") or method == "__init__")


def _signature(node: _Definition) -> tuple[str, ...]:
    decorators = [ast.dump(each) for each in node.decorator_list]
    if isinstance(node, ast.ClassDef):
        inherited = [ast.dump(each) for each in (*node.bases, *node.keywords)]
        return (type(node).__name__, *decorators, *inherited)
    returns = ast.dump(node.returns) if node.returns else ""
    return (type(node).__name__, *decorators, ast.dump(node.args), returns)


def _points_of_checks(data: bytes) -> dict[str, object]:
    try:
        cells = json.loads(data)["cells"]
        options = [cell["metadata"].get("nbgrader", {}) for cell in cells]
        return {each["grade_id"]: each.get("points") for each in options if each.get("grade")}
    except (ValueError, KeyError, TypeError, AttributeError):
        # Not a notebook: files_are_fresh says so.
        return {}
