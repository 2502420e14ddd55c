"""Run the cells of one submission in a kernel of this Python.

nbgrader's own step does most of it. This one adds what grading a class needs: the kernel is that
of the running interpreter, whatever kernels a user has installed; it knows no API key, keeps no
learner's progress and reads nobody's IPython profile; a notebook has a deadline beside that of
each cell; and a kernel that dies, or no longer answers, ends the notebook and not its grading.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from subprocess import DEVNULL
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Integer, default

from grader.grading.error_output import error_output

_PRIVATE_PREFIXES = ("ANTHROPIC_", "OPENAI_")
_NOT_RUN = "NotRun"
_OUT_OF_TIME = "The notebook's time was up before this cell's turn."
_DIED = "The kernel died in this cell."
_SILENT = "The kernel no longer answered in this cell."
_NO_KERNEL = "The kernel was gone before this cell's turn."


class _OnlyThisPython(KernelSpecManager):
    """Know one kernel under every name: IPython in the running interpreter."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the kernel of this Python; a user's own `python3` could be any other."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name=kernel_name, language="python")


class KernelOfThisPython(AsyncKernelManager):
    """Start kernels with the running interpreter."""

    @default("kernel_spec_manager")
    def _kernel_spec_manager_default(self) -> KernelSpecManager:
        return _OnlyThisPython(parent=self)


class ExecuteSubmission(Execute):  # type: ignore[misc]  # nbgrader has no types
    """Run a notebook's cells one after the other, and note errors where they did not run."""

    notebook_timeout = Integer(
        300, help="How many seconds all cells of a notebook may take together."
    ).tag(config=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "kernel_manager_class": KernelOfThisPython})
        # A widget's state would make the feedback page load a viewer from another host; without it
        # the page shows the plain picture that each widget brings along.
        self.store_widget_state = False

    def preprocess(
        self, nb: NotebookNode, resources: Any = None, km: Any = None
    ) -> tuple[NotebookNode, Any]:
        """Run a notebook in a fresh kernel, which is killed at the end."""
        self._ends_at = monotonic() + self.notebook_timeout
        self._gone = ""
        self.timeout_func = self._seconds_for
        with TemporaryDirectory(prefix="grader-") as scratch:
            self._scratch = scratch
            done: tuple[NotebookNode, Any] = super().preprocess(nb, resources, km)
        return done

    def start_new_kernel(self, **options: Any) -> None:
        """Start the kernel without keys, and without a way to this process's terminal."""
        super().start_new_kernel(
            env=kernel_environment(os.environ, scratch=self._scratch),
            stdout=DEVNULL,
            stderr=DEVNULL,
            **options,
        )

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, index: int
    ) -> tuple[NotebookNode, Any]:
        """Run one cell; without a kernel, or after the deadline, only note that."""
        if cell.cell_type != "code":
            return cell, resources
        if monotonic() >= self._ends_at:
            self._gone = self._gone or _OUT_OF_TIME
        if self._gone:
            cell.outputs = [error_output(_NOT_RUN, self._gone)]
            return cell, resources
        try:
            super().preprocess_cell(cell, resources, index)
        except DeadKernelError:
            cell.outputs.append(error_output(_NOT_RUN, _DIED))
            self._gone = _NO_KERNEL
        except CellTimeoutError:
            # It ignored the interrupt, so no later cell would ever be heard.
            cell.outputs.append(error_output(_NOT_RUN, _SILENT))
            self._gone = _NO_KERNEL
        return cell, resources

    def _seconds_for(self, _cell: NotebookNode) -> int:
        left = int(self._ends_at - monotonic())
        # At least one: nbclient takes 0 for no limit at all.
        return max(1, min(int(self.timeout), left))


def kernel_environment(variables: Mapping[str, str], *, scratch: str) -> dict[str, str]:
    """Return the environment of a submission's kernel.

    variables: those of this process; those of the APIs are left out, so that nothing is billed
    and no key is read. scratch: a folder for what IPython would keep in the user's home.
    """
    kept = {
        name: value
        for name, value in variables.items()
        if not name.upper().startswith(_PRIVATE_PREFIXES)
    }
    return {**kept, "GRADER_PROGRESS": "off", "IPYTHONDIR": scratch}
