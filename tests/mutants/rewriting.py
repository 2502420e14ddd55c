"""What the changed ideas of `behaviours` and `values` are made with."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

Rewriting = Callable[[ast.AST], Iterator[ast.AST]]
"""Yields what may stand in a node's place, which is given as a copy that it may take apart."""


def expression(source: str, **parts: ast.AST) -> ast.expr:
    """Return an expression with nodes in the place of names."""

    class Filling(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            return copy.deepcopy(parts.get(node.id, node))

    found = Filling().visit(ast.parse(source, mode="eval").body)
    assert isinstance(found, ast.expr)
    return found


def texts_compared(node: ast.AST) -> tuple[ast.expr, ast.Constant] | None:
    """Return both sides of `value == "text"`."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
        right = node.comparators[0]
        if isinstance(right, ast.Constant) and isinstance(right.value, str):
            return node.left, right
    return None
