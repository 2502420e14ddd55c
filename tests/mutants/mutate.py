"""Change a piece of Python in one place at a time: an operator, a constant, a key, a line."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
}
_DROPPED = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Raise, ast.Break, ast.Continue)


Change = Callable[[], object]


@dataclass(frozen=True)
class Mutant:
    """Hold a changed source; change: the line it was made in, before and after."""

    change: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Return every mutant of a source, none twice."""
    tree = bare(source)
    made: dict[str, Mutant] = {}
    for place, node in enumerate(ast.walk(tree)):
        for variant in range(len(list(_changes(node)))):
            changed = copy.deepcopy(tree)
            target = list(ast.walk(changed))[place]
            line, before = _line(changed, target)
            list(_changes(target))[variant]()
            ast.fix_missing_locations(changed)
            after = ast.unparse(changed)
            if after != ast.unparse(tree):
                # A statement is named with what stands there now, an expression with its line.
                now = _statements(changed)[line] if line < len(_statements(changed)) else ""
                change = f"{before}  →  {_first(now)}"
                made.setdefault(after, Mutant(change, after))
    return list(made.values())


def bare(source: str) -> ast.Module:
    """Return a source's tree without docstrings and annotations, which do nothing when it runs."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            node.body = [line for line in node.body if not _is_docstring(line)] or [ast.Pass()]
    return tree


def _changes(node: ast.AST) -> Iterator[Change]:
    """Yield functions that each change a node in place, in one way."""
    yield from _operators(node)
    yield from _constants(node)
    yield from _parts(node)
    yield from _lines(node)


def _operators(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            if type(operator) in _SWAPPED:
                yield lambda i=index: node.ops.__setitem__(i, _SWAPPED[type(node.ops[i])]())
    elif isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign) and type(node.op) in _SWAPPED:
        yield lambda: setattr(node, "op", _SWAPPED[type(node.op)]())
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        for outcome in (True, False):
            # `while True` without the way out that its condition was has no end.
            if not (isinstance(node, ast.While) and outcome):
                yield lambda o=outcome: setattr(node, "test", ast.Constant(o))
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield node.ifs.clear
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield lambda: setattr(node, "operand", ast.UnaryOp(ast.Not(), node.operand))


def _constants(node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield lambda: setattr(node, "value", not value)
    elif isinstance(value, int | float):
        yield lambda: setattr(node, "value", value + 1)
    elif isinstance(value, str):
        yield lambda: setattr(node, "value", f"{value}x")


def _parts(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Dict):
        for index in range(len(node.keys)):
            yield lambda i=index: (node.keys.pop(i), node.values.pop(i))
    elif isinstance(node, ast.Call):
        for index in range(len(node.keywords)):
            yield lambda i=index: node.keywords.pop(i)
    elif isinstance(node, ast.List | ast.Tuple | ast.Set) and isinstance(
        getattr(node, "ctx", ast.Load()), ast.Load
    ):
        for index in range(len(node.elts)):
            yield lambda i=index: node.elts.pop(i)


def _lines(node: ast.AST) -> Iterator[Change]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if not isinstance(block, list):
            continue
        for index, statement in enumerate(block):
            if isinstance(statement, _DROPPED):
                yield lambda b=block, i=index: b.__setitem__(i, ast.Pass())
            if isinstance(statement, ast.Return) and statement.value is not None:
                yield lambda b=block, i=index: b.__setitem__(i, ast.Return(ast.Constant(None)))


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _statements(tree: ast.AST) -> list[ast.stmt]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]


def _line(tree: ast.AST, target: ast.AST) -> tuple[int, str]:
    """Return the place and the first line of the innermost statement around a node."""
    statements = _statements(tree)
    around = [
        place
        for place, statement in enumerate(statements)
        if any(inner is target for inner in ast.walk(statement))
    ]
    place = around[-1] if around else 0
    return place, _first(statements[place])


def _first(statement: ast.stmt | str) -> str:
    text = statement if isinstance(statement, str) else ast.unparse(statement)
    return text.splitlines()[0] if text else ""
