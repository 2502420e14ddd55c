"""What a notebook defined so far: its names, and the source of a function in it."""

from __future__ import annotations

import ast
import hashlib
import inspect
import re
from collections.abc import Mapping
from typing import Any


def names() -> Mapping[str, object]:
    """Return the names that the notebook holds, or those of the program outside a notebook."""
    shell = _shell()
    if shell is None:
        import __main__

        return vars(__main__)
    held: Mapping[str, object] = shell.user_ns
    return held


def is_stale(name: str) -> bool:
    """Tell whether the last cell that defines a name could not be run for its syntax."""
    shell = _shell()
    if shell is None:
        return False
    define = re.compile(rf"^\s*(async\s+def|def|class)\s+{re.escape(name)}\b", re.MULTILINE)
    cells = [cell for cell in shell.user_ns.get("In", []) if define.search(cell)]
    if not cells:
        return False
    try:
        ast.parse(shell.transform_cell(cells[-1]))
    except SyntaxError:
        return True
    return False


def fingerprint(name: str) -> str:
    """Return a digest of the source that defines a name, "" when there is none to be had."""
    try:
        source = inspect.getsource(names()[name])  # type: ignore[arg-type]
    except (KeyError, OSError, TypeError):
        return ""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def _shell() -> Any:
    from IPython.core.getipython import get_ipython

    return get_ipython()
