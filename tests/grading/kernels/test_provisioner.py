"""Jupyter's own programs run notebooks in sealed kernels, unchanged."""

import signal
from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import Any

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from grader.errors import GradingError
from grader.grading.kernels.provisioner import ADDRESS, SealedProvisioner
from grader.grading.sandbox import Level
from tests.grading.kernels.conftest import Parents
from tests.grading.kernels.levels import SEALED
from tests.grading.kernels.processes import running


def executed(*sources: str, **options: Any) -> list[Any]:
    """Run cells with nbclient, and return the last output of each."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(notebook, allow_errors=True, timeout=60, **options).execute()
    return [cell.outputs[-1] if cell.outputs else None for cell in notebook.cells]


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Let Jupyter start every kernel with the provisioner of this project."""
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", "grader-sealed")
    # The factory is kept, with the default that it read.
    from jupyter_client.provisioning import KernelProvisionerFactory

    monkeypatch.setattr(KernelProvisionerFactory, "_instance", None)
    # nbclient 0.11 leaves its own in place when a kernel does not start.
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield monkeypatch
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_it_is_registered_with_jupyter() -> None:
    """The name stands in pyproject.toml; after a change there the package is installed anew."""
    [found] = entry_points(group="jupyter_client.kernel_provisioners", name="grader-sealed")
    assert found.load() is SealedProvisioner


@pytest.mark.parametrize("level", SEALED, ids=lambda level: level.value)
def test_nbclient_runs_a_notebook_in_a_sealed_kernel(
    level: Level, chosen: pytest.MonkeyPatch, warm_parent: Parents
) -> None:
    """Async cells run, errors are kept, and nothing outside is reached."""
    chosen.setenv(ADDRESS, warm_parent(level).address)
    others = running()
    outputs = executed(
        "import asyncio\nawait asyncio.sleep(0)\n6 * 7",
        "1 / 0",
        "import socket\nsocket.socket()",
        "open('/etc/passwd')",
        "import os\nos.fork()",
        "import sys\n'' in sys.path or os.getcwd() in sys.path[:-1]",
    )
    assert [each.get("ename") or each.data["text/plain"] for each in outputs] == [
        "42",
        "ZeroDivisionError",
        "PermissionError",
        "FileNotFoundError" if level is Level.NAMESPACES else "PermissionError",
        "PermissionError",
        "False",
    ]
    assert running() == others


def test_without_a_sandbox_it_refuses(chosen: pytest.MonkeyPatch, warm_parent: Parents) -> None:
    """Unless whoever grades has said that this is wanted."""
    chosen.setenv(ADDRESS, warm_parent(Level.PROCESS).address)
    with pytest.raises(GradingError, match="neither namespaces nor Landlock"):
        executed("6 * 7")
