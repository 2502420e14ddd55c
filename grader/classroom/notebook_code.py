"""What a notebook has defined so far: its names, and the source of a function in it."""

from __future__ import annotations

import ast
import hashlib
import inspect
import keyword
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_KEYWORDS = rf"(?:{'|'.join([*keyword.kwlist, *keyword.softkwlist])})\b"
# The cell magics that run the cell's other lines as Python in the notebook's namespace.
_RUNS_PYTHON = re.compile(r"\s*%%(?:time|capture|prun|debug)\b")


def names() -> Mapping[str, object]:
    """Return the notebook's names, or the main program's outside a notebook."""
    shell = running_shell()
    if shell is None:
        import __main__

        return vars(__main__)
    held: Mapping[str, object] = shell.user_ns
    return held


@dataclass(frozen=True)
class SyntaxFault:
    """Say where Python could not read a cell.

    line: in the cell, counted from 1. source: that line. message: Python's.
    """

    line: int
    source: str
    message: str


def syntax_fault(name: str) -> SyntaxFault | None:
    """Return why the last cell meant to define a name could not run, None if it could."""
    shell = running_shell()
    if shell is None:
        return None
    defines = _definition(name)
    # Not `In`, which has the cells as IPython rewrote them, with other lines.
    cells = [cell for cell in shell.history_manager.input_hist_raw if defines.search(cell)]
    return _fault_of(cells[-1], defines, shell) if cells else None


def _definition(name: str) -> re.Pattern[str]:
    """Return a pattern for lines that give a name its value, or were meant to.

    It allows a misspelt first word of a definition.
    """
    word = re.escape(name)
    return re.compile(
        rf"^\s*(?:(?:(?:\w+\s+)?def|class)\s+{word}\b"
        rf"|{word}\s*(?::[^=\n]+)?=(?!=)"
        rf"|(?:async\s+)?(?!{_KEYWORDS})\w+\s+{word}\s*\([^\n]*:\s*(?:#[^\n]*)?$)",
        re.MULTILINE,
    )


def _fault_of(cell: str, defines: re.Pattern[str], shell: Any) -> SyntaxFault | None:
    lines = cell.split("\n")
    # IPython drops blank lines at the top, and the code that a cell magic runs begins below it.
    above = next((number for number, line in enumerate(lines) if line.strip()), 0)
    above += bool(_RUNS_PYTHON.match(lines[above]))
    flags = shell.compile.flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    begun = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(shell.transform_cell("\n".join(lines[above:])))
            for node in tree.body:
                begun = min([node.lineno, *_decorated(node)]) - 1
                part = ast.Module([node], [])
                compile(part, "<cell>", "exec", flags, dont_inherit=True)
        except SyntaxError as error:
            line = above + (error.lineno or 1)
            shown = lines[line - 1].strip() if line <= len(lines) else ""
            fault = SyntaxFault(line, shown, error.msg)
        except (ValueError, RecursionError, MemoryError) as error:
            # A character that no source may contain, or brackets nested deeper than Python reads.
            line = above + begun
            fault = SyntaxFault(line + 1, lines[line].strip(), str(error) or type(error).__name__)
        else:
            return None
    # IPython runs the statements above one that doesn't compile, so a definition there counts.
    return fault if defines.search("\n".join(lines[above + begun :])) else None


def _decorated(node: ast.stmt) -> list[int]:
    return [each.lineno for each in getattr(node, "decorator_list", [])]


def starting_folder() -> Path:
    """Return the folder that the kernel started in, which is its notebook's.

    `%cd` and `os.chdir` do not change it. Outside a notebook it is the working directory.
    """
    shell = running_shell()
    return Path(shell.starting_dir) if shell is not None else Path.cwd()


def is_newer_than(name: str, call: str) -> bool:
    """Return whether a cell that defines a name ran after the last one that made a call.

    call: the name of a function, such as "review". Outside a notebook nothing is newer.
    """
    shell = running_shell()
    if shell is None:
        return False
    cells = shell.history_manager.input_hist_raw
    called = re.compile(rf"\b{re.escape(call)}\s*\(")
    last = max((at for at, cell in enumerate(cells) if called.search(cell)), default=None)
    if last is None:
        return False
    return any(_definition(name).search(cell) for cell in cells[last + 1 :])


def fingerprint(name: str) -> str:
    """Return a digest of the source that defines a name, "" if there is no source."""
    try:
        source = inspect.getsource(names()[name])  # type: ignore[arg-type]
    except (KeyError, OSError, TypeError):
        return ""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def running_shell() -> Any:
    """Return IPython's shell, None outside of one."""
    from IPython.core.getipython import get_ipython

    return get_ipython()
