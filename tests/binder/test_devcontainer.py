"""The dev container of Codespaces and VS Code: what it names is there, and its one step works."""

import json
import subprocess
from typing import Any

import pytest

from tests.binder.requirements_files import ROOT

CONTAINER: dict[str, Any] = json.loads(
    (ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8")
)
VSCODE = CONTAINER["customizations"]["vscode"]


def test_every_file_that_it_opens_is_there():
    """A lesson that is renamed is renamed here too."""
    opened = CONTAINER["customizations"]["codespaces"]["openFiles"]
    assert [path for path in opened if not (ROOT / path).is_file()] == []


def test_its_python_is_the_one_of_binder():
    """Binder's image and this one have the same."""
    version = CONTAINER["image"].rpartition(":")[2]
    runtime = (ROOT / "binder" / "runtime.txt").read_text("utf-8").strip()
    assert f"python-{version}" == runtime


@pytest.mark.binder
@pytest.mark.slow
def test_its_step_makes_the_python_that_the_notebooks_run_in(tmp_path):
    """In a fresh clone: the interpreter that VS Code is told of imports the course."""
    clone = tmp_path / "workspace"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    subprocess.run(CONTAINER["postCreateCommand"].split(), cwd=clone, check=True)
    python = VSCODE["settings"]["python.defaultInterpreterPath"].replace(
        "${containerWorkspaceFolder}", str(clone)
    )
    ran = subprocess.run(
        [python, "-c", "import ipykernel, grader.classroom; print(grader.__file__)"],
        cwd=clone / "course",
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.startswith(str(clone))
