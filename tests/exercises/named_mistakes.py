"""The mistakes that checks name in their code, and the exercises that use that code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grader.exercises
from grader.exams import Exercise

ROOM = Path(grader.exercises.__file__).parent
_ROOM = "grader.exercises"


def named_in(source: str) -> set[str]:
    """Return the mistakes that some code names: to `expect`, `which`, `call` and in a `Slip`."""
    return {text for named in _naming(ast.parse(source)) for text in _texts(named)}


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield the texts that an expression may come to."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp | ast.BoolOp):
        parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else node.values
        for part in parts:
            yield from _texts(part)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _texts(value)


def _naming(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions whose texts are ids of mistakes."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        yield from (named[each] for each in ("crash", "otherwise", "diagnosis") if each in named)
        if name == "expect":
            yield from node.args[2:3]
        elif name == "Slip":
            yield from node.args[:1]
        elif name in ("which", "slip"):
            yield from _keys(node.args[:1])


def _keys(nodes: list[ast.expr]) -> Iterator[ast.AST]:
    for node in nodes:
        yield from (key for key in getattr(node, "keys", ()) if key is not None)


def modules_of(exercise: Exercise) -> set[str]:
    """Return the modules of the exercises' room that a check takes something from."""
    found: set[str] = set()
    waiting = {exercise.check.__module__}
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= _taken(name) - found
    return found


@cache
def source_of(module: str) -> str:
    """Return the source of a module of the room."""
    place = ROOM.joinpath(*module.removeprefix(_ROOM).split("."))
    file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    return file.read_text(encoding="utf-8")


@cache
def _taken(module: str) -> set[str]:
    return {
        node.module
        for node in ast.walk(ast.parse(source_of(module)))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{_ROOM}.")
    }


def named_by_finder(source: str) -> dict[str, set[str]]:
    """Return the mistakes that each function `find_…` of some code names."""
    return {
        node.name: named_in(ast.unparse(node))
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("find_")
    }


def called_in(source: str) -> set[str]:
    """Return the names of the functions that some code calls."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return {node.func.id for node in calls if isinstance(node.func, ast.Name)}
