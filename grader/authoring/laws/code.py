"""Code cells stay small, and are Python that needs nothing but the course."""

import ast
import re
import sys
from collections.abc import Iterator

from grader.authoring.lesson_source import Cell, LessonSource
from grader.authoring.problems import Problem
from grader.authoring.project import Project
from grader.authoring.python_cells import parse

MAX_LINES = 15

_PACKAGES = ("anthropic", "openai", "pydantic", "grader.classroom")
"""What a lesson may import beside the standard library; anthropic brings pydantic along."""
_MAGIC = re.compile(r"\s*(!|%|\?|\w[\w.]*\?)")


def code_cells_are_short(project: Project) -> Iterator[Problem]:
    """Find code cells of more than 15 lines; a solution may need more."""
    for source, cell in _code_cells(project):
        count = cell.source.count("\n") + 1
        if cell.role != "solution" and count > MAX_LINES:
            yield Problem(
                "length",
                source.at(cell.line),
                f"The code cell has {count} lines; {MAX_LINES} is the most.",
                "Split it where one idea ends.",
            )


def code_cells_are_python(project: Project) -> Iterator[Problem]:
    """Find shell commands, magics, and cells that do not parse."""
    for source, cell in _code_cells(project):
        if parse(cell.source) is not None:
            continue
        lines = cell.source.split("\n")
        magic = next((number for number, line in enumerate(lines) if _MAGIC.match(line)), None)
        if magic is None:
            yield Problem(
                "python", source.at(cell.line), "The cell is not Python.", "Correct its syntax."
            )
        else:
            yield Problem(
                "python",
                source.at(cell.line + magic),
                f"`{lines[magic].strip()}` is a shell command or a magic.",
                "Say it in Python; a notebook of this course runs on every kernel and platform.",
            )


def imports_come_first(project: Project) -> Iterator[Problem]:
    """Find imports after the first code cell, and of packages a learner need not have."""
    for plan in project.plan.lessons:
        for number, cell in enumerate(plan.source.code_cells()):
            tree = parse(cell.source)
            for node in ast.walk(tree) if tree else ():
                if not isinstance(node, ast.Import | ast.ImportFrom):
                    continue
                where = plan.source.at(cell.line + node.lineno - 1)
                if number > 0:
                    yield Problem(
                        "imports",
                        where,
                        f"`{ast.unparse(node)}` stands after the first code cell.",
                        "Move it to the first code cell.",
                    )
                for module in _modules(node):
                    if not _is_allowed(module):
                        yield Problem(
                            "imports",
                            where,
                            f"A lesson may not import {module}.",
                            "Use the standard library, anthropic, openai, pydantic or "
                            "grader.classroom.",
                        )


def _code_cells(project: Project) -> Iterator[tuple[LessonSource, Cell]]:
    for plan in project.plan.lessons:
        for cell in plan.source.code_cells():
            yield plan.source, cell


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return ["." * node.level + (node.module or "")]
    return [alias.name for alias in node.names]


def _is_allowed(module: str) -> bool:
    return module.split(".")[0] in sys.stdlib_module_names or any(
        module == package or module.startswith(f"{package}.") for package in _PACKAGES
    )
