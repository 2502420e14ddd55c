"""Code cells as Python: what a notebook would parse, awaits at the top level included."""

import ast
import warnings


def parse(source: str) -> ast.Module | None:
    """Return the syntax tree of a code cell, or None if it is not plain Python."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    with warnings.catch_warnings():
        # Python versions warn about different escapes; the laws must not differ.
        warnings.simplefilter("ignore")
        try:
            tree = compile(source, "<cell>", "exec", flags=flags, dont_inherit=True)
        except (SyntaxError, ValueError):
            return None
    return tree if isinstance(tree, ast.Module) else None
