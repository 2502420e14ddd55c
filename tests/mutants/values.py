"""Change what a piece of Python makes of one value, as people do who know one sort of value.

A text is trimmed, a type told by an attribute, a limit held by a constant, a key never absent.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator

from tests.mutants.rewriting import Rewriting, expression, texts_compared

_TEXTS = ("text", "partial_json", "prompt", "data")
"""The names under which only texts stand, which are to stay as they are."""


def _is_of_text(node: ast.AST) -> bool:
    """Return whether an expression reads a text by name, or joins texts."""
    if isinstance(node, ast.Attribute):
        return node.attr in _TEXTS and isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.Subscript):
        is_named = isinstance(node.slice, ast.Constant) and node.slice.value in _TEXTS
        return is_named and isinstance(node.ctx, ast.Load)
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".join")


def _text_as(changed: str) -> Rewriting:
    """Return a rewriting of texts; changed: what becomes of `t`, a str that is not empty."""

    def rewrite(node: ast.AST) -> Iterator[ast.AST]:
        if _is_of_text(node):
            source = f"(lambda t: {changed} if isinstance(t, str) and t else t)(value)"
            yield expression(source, value=node)

    return rewrite


_BY_PART = {
    "tool_use": ("input", "name", "id"),
    "text_delta": ("text",),
    "content_block_delta": ("index",),
    "message_delta": ("delta", "usage"),
}
"""By type, the parts by which people tell it, and which other types have too."""


def _part_for_type(node: ast.AST) -> Iterator[ast.AST]:
    sides = texts_compared(node)
    if not sides:
        return
    value, word = sides
    for part in _BY_PART.get(str(word.value), ()):
        if isinstance(value, ast.Attribute) and value.attr == "type":
            yield expression("hasattr(owner, part)", owner=value.value, part=ast.Constant(part))
        elif isinstance(value, ast.Subscript):
            yield expression("part in owner", owner=value.value, part=ast.Constant(part))


_A_LIMIT = re.compile(r"(self\.)?(max_\w+|limit|budget)$")
_OF_ROUNDS = re.compile("turns|rounds|attempts")


def _own_limit(node: ast.AST) -> Iterator[ast.AST]:
    """Yield calls and comparisons with another limit; what an error says of it is no matter."""
    for place, child in enumerate(ast.iter_child_nodes(node)):
        is_used = isinstance(node, ast.Call | ast.Compare | ast.keyword)
        if not (is_used and _A_LIMIT.match(ast.unparse(child))):
            continue
        others = ["min(value, 10)"]
        others += ["max(value, 2)"] if _OF_ROUNDS.search(ast.unparse(child)) else []
        for other in others:
            changed = copy.deepcopy(node)
            target = list(ast.iter_child_nodes(changed))[place]
            yield _with(changed, target, expression(other, value=child))


def _with(node: ast.AST, target: ast.AST, new: ast.AST) -> ast.AST:
    """Return a node with another one in a child's place."""
    for name, value in ast.iter_fields(node):
        if value is target:
            setattr(node, name, new)
        elif isinstance(value, list):
            setattr(node, name, [new if each is target else each for each in value])
    return node


def _narrower_errors(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.ExceptHandler) and node.type is not None:
        for names in (
            "ValueError",
            "(KeyError, TypeError, ValueError)",
            "anthropic.APIError",
            "anthropic.APIStatusError",
            "anthropic.RateLimitError",
        ):
            narrower = copy.deepcopy(node)
            narrower.type = expression(names)
            yield narrower


def _other_error(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        for name in ("Exception", "AssertionError"):
            other = copy.deepcopy(node)
            assert isinstance(other.exc, ast.Call)
            other.exc.func = ast.Name(name, ast.Load())
            yield other


def _never_absent(node: ast.AST) -> Iterator[ast.AST]:
    is_get = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    if is_get and node.func.attr == "get" and node.args and not node.keywords:
        yield expression("owner[key]", owner=node.func.value, key=node.args[0])
        if len(node.args) > 1:
            yield expression("owner.get(key)", owner=node.func.value, key=node.args[0])


def _one_side(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BoolOp):
        yield from node.values


def _joined_otherwise(node: ast.AST) -> Iterator[ast.AST]:
    is_method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    if is_method and node.func.attr == "join" and isinstance(node.func.value, ast.Constant):
        for between in ("", " ", "\n", "\n\n"):
            joined = copy.deepcopy(node)
            joined.func = ast.Attribute(ast.Constant(between), "join", ast.Load())
            yield joined


def _other_kind(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance":
        value, kind = node.args
        if ast.unparse(kind) == "str":
            yield expression("not isinstance(value, list)", value=value)
            yield expression("not isinstance(value, (list, dict))", value=value)
            yield expression("isinstance(value, str) and bool(value)", value=value)


def _floats(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Name) and node.id == "Decimal":
        yield ast.Name("float", ast.Load())
    if isinstance(node, ast.Return) and isinstance(node.value, ast.IfExp):
        yield ast.Return(expression("round(value, 4)", value=node.value))


IDEAS_OF_VALUES: dict[str, Rewriting] = {
    "edges trimmed": _text_as("t.strip()"),
    "the first line": _text_as("t.splitlines()[0]"),
    "small letters": _text_as("t.lower()"),
    "plain letters": _text_as("t.encode('ascii', 'ignore').decode()"),
    "a part for the type": _part_for_type,
    "a limit of its own": _own_limit,
    "other errors left": _narrower_errors,
    "another error": _other_error,
    "never absent": _never_absent,
    "one side only": _one_side,
    "joined otherwise": _joined_otherwise,
    "another kind": _other_kind,
    "floats and rounding": _floats,
}
"""Each idea about a value that people get wrong, by its name, with the changes that it makes."""
