"""Find the names that a cell's code defines, without running it, however odd the code is.

The code may contain IPython's magics and shell lines, may be broken, or may be written to crash a
parser: then a plain search for `def`, `class` and `=` at the start of lines decides.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

# Cell magics whose body runs in the notebook's namespace; the body of others defines nothing.
_TRANSPARENT_MAGICS = frozenset({"capture", "prun", "time"})
_CELL_MAGIC = re.compile(r"%%(\w*)[^\n]*")
_COMMAND = re.compile(r"([ \t]*)[%!?].*")
_ASSIGNED = re.compile(r"([ \t]{0,200}[\w, \t]{1,200}=[ \t]{0,20})[%!].*")
_HELP = re.compile(r"([ \t]{0,200})[\w.%]{1,200}\?{1,2}[ \t]{0,200}")
_DEF = re.compile(r"^(?:async[ \t]{1,9})?(?:def|class)[ \t]{1,9}(\w{1,200})", re.MULTILINE)
_ASSIGNMENT = re.compile(r"^(\w{1,200})[ \t]{0,9}(?::[^=\n]{0,200})?=(?!=)", re.MULTILINE)
# Parsing takes a thousand times the memory of the text.
_MOST_PARSED = 50_000
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_DOCUMENTED = (*_SCOPES, ast.Module)


def defined_in(source: str) -> frozenset[str]:
    """Return the names that a cell's code binds at the top level."""
    tree = _tree_of(source)
    if tree is not None:
        return frozenset(_bound(tree))
    found = (pattern.finditer(source) for pattern in (_DEF, _ASSIGNMENT))
    return frozenset(match[1] for matches in found for match in matches)


def is_python(source: str) -> bool:
    """Return whether a cell's text is Python, apart from magics and shell lines."""
    return _tree_of(source) is not None


def _tree_of(source: str) -> ast.Module | None:
    if len(source) > _MOST_PARSED:
        return None
    magic = _CELL_MAGIC.match(source.lstrip("\n"))
    if magic:
        source = source.lstrip("\n")[magic.end() :] if magic[1] in _TRANSPARENT_MAGICS else ""
    return _parsed(source) or _parsed(_without_commands(_dedented(source)))


def is_untouched(source: str, stub: str) -> bool:
    """Return whether a cell is still the course's stub, ignoring blanks, comments, docstrings."""
    if source.split() == stub.split():
        return True
    if "NotImplementedError" not in source:
        return False
    own, course = _parsed(source), _parsed(stub)
    if own is None or course is None:
        return False
    try:
        return ast.dump(_without_docstrings(own)) == ast.dump(_without_docstrings(course))
    except RecursionError:
        return False


def rest_of(stub: str, names: frozenset[str]) -> str:
    """Return the code with which a stub defines other names than these, or ""."""
    lines = stub.split("\n")
    kept = []
    for node in ast.parse(stub).body:
        if not isinstance(node, _SCOPES) or node.name in names:
            continue
        first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
        kept.append("\n".join(lines[first - 1 : node.end_lineno]))
    return "\n\n\n".join(kept)


def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # Also NUL characters, and code nested so deep that the parser gives up.
        return None


def _dedented(source: str) -> str:
    """Return a cell without the indentation of its first line, as IPython runs it."""
    lines = source.split("\n")
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    return "\n".join(line.removeprefix(indent) for line in lines) if indent else source


def _without_commands(source: str) -> str:
    lines = []
    goes_on = False
    for line in source.split("\n"):
        was_command, goes_on = goes_on, False
        if was_command:
            made = ""
        elif found := _COMMAND.fullmatch(line) or _HELP.fullmatch(line):
            made = f"{found[1]}pass"
        elif found := _ASSIGNED.fullmatch(line):
            made = f"{found[1]}None"
        else:
            lines.append(line)
            continue
        goes_on = line.endswith("\\")
        lines.append(made)
    return "\n".join(lines)


def _bound(tree: ast.Module) -> set[str]:
    """Return the names that a module binds, not looking into its functions and classes."""
    names: set[str] = set()
    # An explicit stack: code may be nested deeper than Python can recurse.
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        names.update(_names_bound_by(node))
        if isinstance(node, ast.comprehension):
            todo += [node.iter, *node.ifs]
        elif isinstance(node, ast.AnnAssign) and node.value is None:
            continue
        elif not isinstance(node, (*_SCOPES, ast.Lambda)):
            todo += ast.iter_child_nodes(node)
    return names


def _names_bound_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Name(ctx=ast.Store()):
            yield node.id
        case ast.alias():
            yield (node.asname or node.name).partition(".")[0]
        case ast.MatchAs() | ast.MatchStar():
            yield from filter(None, [node.name])
        case ast.MatchMapping():
            yield from filter(None, [node.rest])


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
    return tree
