"""Start the warm parent, and ask it for kernels."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from grader.errors import GradingError
from grader.grading.kernels.sealed_kernel import SealedKernel
from grader.grading.kernels.starting import start_kernel
from grader.grading.sandbox import Level, Limits

_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
_SETTINGS = {
    # One thread, or a fork would copy half a process.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    # The order of sets is the same each time a submission is graded.
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONSAFEPATH": "1",
    "PYTHONUTF8": "1",
    "GRADER_PROGRESS": "off",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "NBGRADER_EXECUTION": "autograde",
}
_MOST_SOCKET_PATH = 107
"""How long the path of a socket may be, in bytes (<sys/un.h>)."""


class WarmParent:
    """Fork sealed kernels from a process that has imported all they need. A context manager.

    level: how kernels are contained. limits: what each may use.
    """

    def __init__(self, level: Level, limits: Limits | None = None) -> None:
        self._level = level
        self._limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = ""

    @property
    def address(self) -> dict[str, str]:
        """Return what another process needs to ask for kernels too, as plain JSON."""
        return {"socket": f"{self._folder}/s", "level": self._level.value}

    @classmethod
    def connect(cls, address: dict[str, str], limits: Limits) -> WarmParent:
        """Return the warm parent that another process started, to ask it for kernels."""
        parent = cls(Level(address["level"]), limits)
        parent._folder = os.path.dirname(address["socket"])
        return parent

    def __enter__(self) -> WarmParent:
        self._folder = tempfile.mkdtemp(prefix="grader-")
        path = f"{self._folder}/s"
        if len(path) > _MOST_SOCKET_PATH - 20:
            shutil.rmtree(self._folder)
            raise GradingError(
                f"The temporary folder {self._folder} has too long a name for a socket in it. "
                "Choose a shorter one: TMPDIR=/tmp grader grade …"
            )
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "grader.grading.kernels.fork_server", path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**kept, **_SETTINGS, "HOME": self._folder, **self._import_path()},
            cwd=self._folder,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        if self._process.stdout.readline() != b"ready\n":
            self.__exit__(None, None, None)
            raise GradingError(
                "The parent of the kernels did not start; what it said is above. "
                "Run `grader doctor`."
            )
        return self

    @staticmethod
    def _import_path() -> dict[str, str]:
        """Return where the grader is found, also where it is not installed but on the path."""
        import grader

        return {"PYTHONPATH": str(Path(grader.__file__).parents[1])}

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        process = self._process
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.kill()
        process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def kernel(self) -> Iterator[SealedKernel]:
        """Give a kernel of its own, ready to run cells; it is killed at the end.

        Raises GradingError when none starts.
        """
        place = tempfile.mkdtemp(prefix="k", dir=self._folder)
        try:
            started = start_kernel(f"{self._folder}/s", place, self._level, self._limits)
            kernel = SealedKernel(started, self._limits)
            try:
                yield kernel
            finally:
                kernel.kill()
        finally:
            shutil.rmtree(place, ignore_errors=True)
