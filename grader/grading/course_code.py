"""Notice an answer that uses the course's own code, which does much of what exercises ask.

This forbids nothing and takes no points: it is a remark for the person who looks at the grades.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from grader.grading.rebuild import source_of

Json = Any

_FACE = "grader.classroom"
_NAMED = re.compile(r"\bgrader(?:\.[a-z_]{1,60}){1,6}")
_LONGEST = 200_000
_MOST = 5


def remarks_on_course_code(notebook: Json) -> tuple[str, ...]:
    """Return a sentence on the course's modules that a notebook's code names, if any.

    The package that every lesson imports in its first cell does not count; modules below it do.
    """
    found: set[str] = set()
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            found.update(_modules_in(source_of(cell)[:_LONGEST]))
    taken = sorted(found - {_FACE, "grader"})
    if not taken:
        return ()
    named = ", ".join(taken[:_MOST])
    return (f"Its code uses the course's own modules ({named}): decide whether that is fair.",)


def _modules_in(source: str) -> Iterator[str]:
    """Yield the dotted names of this package that a cell's source names."""
    if "grader" not in source:
        return
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # It has a magic among its lines, for example.
        yield from (_cut(each) for each in _NAMED.findall(source))
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (_cut(each.name) for each in node.names if _is_ours(each.name))
        elif isinstance(node, ast.ImportFrom) and node.module and _is_ours(node.module):
            if node.module == "grader":
                yield from (f"grader.{each.name}" for each in node.names)
            else:
                yield _cut(node.module)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (_cut(each) for each in _NAMED.findall(node.value))
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "grader"
        ):
            yield f"grader.{node.attr}"


def _is_ours(module: str) -> bool:
    return module == "grader" or module.startswith("grader.")


def _cut(module: str) -> str:
    """Return a module's name, cut to its first three parts."""
    return ".".join(module.split(".")[:3]) if module != "grader" else "grader"
