"""Faces of folders whose names are loaded when they are first asked for.

Such a face imports its names below `if TYPE_CHECKING:`, where readers and type checkers find them,
lists them in `__all__`, and ends with `__getattr__ = loader(__name__)`.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any


def loader(face: str) -> Callable[[str], Any]:
    """Return what a module has for `__getattr__` (PEP 562); face: its name."""

    def load(name: str) -> Any:
        home = homes(face).get(name)
        if home is None:
            raise AttributeError(f"module {face!r} has no attribute {name!r}")
        value = getattr(import_module(home), name)
        setattr(sys.modules[face], name, value)
        return value

    return load


@cache
def homes(face: str) -> dict[str, str]:
    """Return the module that each name of a face is imported from, as its own lines say."""
    source = Path(str(sys.modules[face].__file__)).read_text(encoding="utf-8")
    return {
        alias.name: str(line.module)
        for block in ast.parse(source).body
        if isinstance(block, ast.If)
        and isinstance(block.test, ast.Name)
        and block.test.id == "TYPE_CHECKING"
        for line in block.body
        if isinstance(line, ast.ImportFrom)
        for alias in line.names
    }
