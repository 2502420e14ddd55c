"""What stands in for a shell in a kernel that starts no programs.

In Jupyter `!ls` never raises, even if the program fails, so the lines below it run. A sealed
kernel can't start programs; a line that asks for one says so, and the cell goes on as usual.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from fnmatch import fnmatch
from itertools import pairwise
from typing import Any

from IPython.core.magics.script import ScriptMagics
from IPython.utils.text import LSString, SList
from traitlets import Any as AnyTrait
from traitlets.config import Application

_SAID = "Not run while this is graded, because a sealed kernel starts no programs: {line}"
_LONGEST = 100
# As ipykernel sets it, so that a plot is shown where it is made.
_PLOTS = "module://matplotlib_inline.backend_inline"
# Where the six ends of pipes stand among the arguments after the first, in Python 3.11 to 3.14.
_PIPES = slice(9, 15)


class _KernelHolder(Application):
    """Hold the kernel where ipykernel looks for it when a cell asks for plots."""

    kernel = AnyTrait()


def stand_in_for_shell(kernel: Any) -> None:
    """Make a kernel's shell lines, script cells and `pip` say that they are not run.

    kernel: ipykernel's, not yet forked.
    """
    shell = kernel.shell
    shell.system = shell.system_piped = shell.system_raw = lambda cmd: _pass_over(shell, cmd)
    shell.getoutput = _get_nothing
    os.system = _system
    ScriptMagics.shebang = _pass_over_script  # type: ignore[method-assign]
    # Kept in memory: IPython's own lies in a folder of the process that this one is forked from.
    shell.db = _Database()
    # As every notebook's kernel loads it (IPython.core.shellapp, default_extensions).
    shell.extension_manager.load_extension("storemagic")
    _let_pip_pass()
    os.environ.setdefault("MPLBACKEND", _PLOTS)
    if not Application.initialized():
        _KernelHolder.instance().kernel = kernel


def forget_kernel() -> None:
    """Make room for a kernel with its own application."""
    _KernelHolder.clear_instance()


def _say(line: str) -> None:
    first, *more = line.strip().splitlines() or [""]
    shown = first if len(first) <= _LONGEST and not more else f"{first[:_LONGEST]} …"
    print(_SAID.format(line=shown))  # noqa: T201  # it stands in for what the program would print


def _pass_over(shell: Any, command: str) -> None:
    _say(str(command))
    # As after a program that went well.
    shell.user_ns["_exit_code"] = 0


def _system(command: Any) -> int:
    _say(str(command))
    return 0


def _get_nothing(cmd: str, split: bool = True, depth: int = 0) -> Any:  # noqa: ARG001, FBT001, FBT002  # IPython's signature
    _say(str(cmd))
    return SList() if split else LSString("")


def _pass_over_script(self: Any, line: str, cell: str) -> None:
    """Stand in for `%%bash` and its kind; `--out name` then names an empty text."""
    _say(f"%%{line} {cell}")
    words = line.split()
    for option, name in pairwise(words):
        if option in ("--out", "--err"):
            self.shell.user_ns[name] = ""


class _Database(dict[str, Any]):
    """Keep what magics such as `%cd` and `%store` keep, as long as the kernel lives."""

    def keys(self, globpat: str | None = None) -> Any:
        """Return the keys, or those that match a pattern."""
        return [each for each in self if globpat is None or fnmatch(each, globpat)]

    def hget(self, hashroot: str, hashkey: str, default: Any = None, **_more: object) -> Any:
        """Return one value of a group."""
        return self.get(hashroot, {}).get(hashkey, default)

    def hset(self, hashroot: str, hashkey: str, value: Any) -> None:
        """Keep one value of a group."""
        self.setdefault(hashroot, {})[hashkey] = value


def _let_pip_pass() -> None:
    """Make `subprocess` treat an installation by pip as done: everything is installed."""
    started: Callable[..., Any] = subprocess.Popen._execute_child  # type: ignore[attr-defined]  # noqa: SLF001  # the one place that every way to start a program passes

    def execute_child(self: Any, args: Any, *more: Any) -> None:
        if not _is_pip(args):
            started(self, args, *more)
            return
        _say(args if isinstance(args, str) else " ".join(map(str, args)))
        # The child's ends, so that a reader finds the end at once.
        self._close_pipe_fds(*more[_PIPES])
        self.pid, self.returncode, self._child_created = 0, 0, False

    subprocess.Popen._execute_child = execute_child  # type: ignore[attr-defined]  # noqa: SLF001


def _is_pip(args: Any) -> bool:
    words = args.split() if isinstance(args, str) else [str(each) for each in args or ()]
    if not words:
        return False
    program = os.path.basename(words[0])
    is_python = words[0] == sys.executable or program.startswith("python")
    return program in ("pip", "pip3", "uv") or (is_python and words[1:3] == ["-m", "pip"])
