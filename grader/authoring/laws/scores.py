"""Every blank notebook scores nothing, every solution full marks.

The functions are run here, without a kernel: each lesson's solution cells with the imports and
the plain definitions that they use. The whole notebooks are run by the tests.
"""

import ast
import contextlib
import io
import json
import symtable
from collections.abc import Iterator, Sequence

from grader.authoring.lesson_source import LessonSource
from grader.authoring.plan import LessonPlan, notebook_paths
from grader.authoring.problems import Problem
from grader.authoring.project import Project
from grader.authoring.python_cells import parse
from grader.exams import Exercise, Verdict

_NOT_STARTED = "Not started"


def blanks_score_nothing(project: Project) -> Iterator[Problem]:
    """Find exercises whose untouched stub scores points or counts as an attempt."""
    for plan in project.plan.lessons:
        for exercise, judged in _judge(project, plan, notebook_paths(plan.lesson.name)[1]):
            if isinstance(judged, Verdict):
                if judged.points == 0 and judged.outcome == _NOT_STARTED:
                    continue
                what = (
                    f"The blank {exercise.name} gives {judged.outcome!r} with {judged.points} "
                    f"of {judged.maximum} points; expected {_NOT_STARTED!r} with 0."
                )
            else:
                what = f"The blank {exercise.name} cannot be judged: {judged}."
            yield Problem(
                "blank",
                _where(plan.source, exercise),
                what,
                "Correct the stub, or the check in grader/exercises.",
            )


def solutions_score_all(project: Project) -> Iterator[Problem]:
    """Find exercises whose solution does not get full marks."""
    for plan in project.plan.lessons:
        for exercise, judged in _judge(project, plan, notebook_paths(plan.lesson.name)[0]):
            if isinstance(judged, Verdict):
                if judged.points == judged.maximum == exercise.points:
                    continue
                why = f", diagnosis {judged.diagnosis}" if judged.diagnosis else ""
                what = (
                    f"The solution of {exercise.name} gives {judged.outcome!r} with "
                    f"{judged.points} of {exercise.points} points{why}."
                )
            else:
                what = f"The solution of {exercise.name} cannot be judged: {judged}."
            yield Problem(
                "solved",
                _where(plan.source, exercise),
                what,
                "Correct the solution, or the check in grader/exercises.",
            )


def _where(source: LessonSource, exercise: Exercise) -> str:
    cell = source.cell(exercise.name)
    return source.at(cell.line) if cell else source.path


def _judge(project: Project, plan: LessonPlan, path: str) -> list[tuple[Exercise, Verdict | str]]:
    """Judge every exercise of one planned notebook; a text says why one cannot be judged."""
    if path not in plan.outputs:
        return []
    names = {exercise.name for exercise in plan.lesson.exercises}
    cells = [
        ("".join(cell["source"]), cell["id"] in names)
        for cell in json.loads(plan.outputs[path])["cells"]
        if cell["cell_type"] == "code"
    ]
    # Dataclasses look their module up, which in a notebook has this name.
    namespace: dict[str, object] = {"__name__": "__main__"}
    silenced = io.StringIO()
    with contextlib.redirect_stdout(silenced), contextlib.redirect_stderr(silenced):
        failure = _run(_needed(cells), namespace)
        return [
            (exercise, failure or _examine(project, exercise.name, namespace.get(exercise.name)))
            for exercise in plan.lesson.exercises
        ]


def _examine(project: Project, name: str, function: object) -> Verdict | str:
    if not callable(function):
        return f"its cell defines no {name}"
    return project.examine(name, function)


def _run(statements: Sequence[ast.stmt], namespace: dict[str, object]) -> str | None:
    """Run statements one by one; return what stopped them, or None."""
    for statement in statements:
        try:
            code = compile(ast.Module([statement], []), "<lesson>", "exec", dont_inherit=True)
            exec(code, namespace)
        except Exception as error:  # noqa: BLE001 - an author's code may raise anything
            first = ast.unparse(statement).split("\n")[0]
            said = f"{type(error).__name__}: {error}".removesuffix(": ")
            return f"its cell stops at `{first}` with {said}"
    return None


def _needed(cells: Sequence[tuple[str, bool]]) -> list[ast.stmt]:
    """Return the solution cells' statements, and the plain definitions that they use, in order."""
    statements = [
        (statement, is_solution)
        for source, is_solution in cells
        for statement in _statements(source)
        if is_solution or _is_plain(statement)
    ]
    own = {name for statement, is_own in statements if is_own for name in _defined(statement)}
    chosen = {number for number, (_, is_own) in enumerate(statements) if is_own}
    wanted = {name for number in chosen for name in _used(statements[number][0])} - own
    while True:
        more = {
            number
            for number, (statement, _) in enumerate(statements)
            if number not in chosen and wanted.intersection(_defined(statement))
        }
        if not more:
            return [statements[number][0] for number in sorted(chosen)]
        chosen |= more
        wanted |= {name for number in more for name in _used(statements[number][0])} - own


def _statements(source: str) -> list[ast.stmt]:
    tree = parse(source)
    return tree.body if tree else []


def _is_plain(statement: ast.stmt) -> bool:
    """Return whether a demo's statement only defines: it sends nothing and prints nothing."""
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        effects = (ast.Call, ast.Await)
        return not any(isinstance(node, effects) for node in ast.walk(statement))
    return isinstance(
        statement,
        ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
    )


def _defined(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _used(statement: ast.stmt) -> set[str]:
    """Return the names that a statement looks up in the notebook, not its own local ones."""
    table = symtable.symtable(ast.unparse(statement), "<lesson>", "exec")
    names = {each.get_name() for each in table.get_symbols() if each.is_referenced()}
    inner = table.get_children()
    while inner:
        table = inner.pop()
        names |= {each.get_name() for each in table.get_symbols() if each.is_global()}
        inner += table.get_children()
    return names
