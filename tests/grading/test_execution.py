"""How a submission's cells are run."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.grading.execution import ExecuteSubmission, KernelOfThisPython, kernel_environment


def said(folder: Path, *sources: str, **limits: int) -> list[str]:
    """Run cells, and return the last word of each: text, or the error's name and message."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    step = ExecuteSubmission(shutdown_kernel="immediate", **limits)
    ran, _ = step.preprocess(notebook, {"metadata": {"path": str(folder)}})
    return [_last_word(cell.outputs[-1]) if cell.outputs else "" for cell in ran.cells]


def _last_word(output: Any) -> str:
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return output.text.strip() if output.output_type == "stream" else output.data["text/plain"]


def test_the_kernel_is_the_running_python_whatever_a_user_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kernelspec named python3 in the user's own folder is not started."""
    foreign = tmp_path / "kernels" / "python3" / "kernel.json"
    foreign.parent.mkdir(parents=True)
    spec = {"argv": ["other-python", "{connection_file}"], "display_name": "", "language": "python"}
    foreign.write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    argv = KernelOfThisPython(kernel_name="python3").kernel_spec.argv
    assert argv == [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]


def test_a_submission_sees_no_key_and_keeps_no_progress() -> None:
    """Grading bills nobody, reaches no server, and reads nobody's IPython profile."""
    variables = {
        "ANTHROPIC_API_KEY": "secret",
        "ANTHROPIC_BASE_URL": "http://127.0.0.1:9",
        "OPENAI_API_KEY": "secret",
        "PATH": "/bin",
        "GRADER_PROGRESS": "/home/ada/progress.json",
    }
    assert kernel_environment(variables, scratch="/scratch") == {
        "PATH": "/bin",
        "GRADER_PROGRESS": "off",
        "IPYTHONDIR": "/scratch",
    }


def test_that_environment_is_the_kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the function above says is what a cell finds."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret")
    source = "import os, sys\nprint(os.environ.get('ANTHROPIC_API_KEY'), sys.executable)"
    assert said(tmp_path, source) == [f"None {sys.executable}"]


def test_a_kernel_that_dies_ends_the_notebook_and_not_its_grading(tmp_path: Path) -> None:
    """Cells before the death keep their outputs; those after it say why they have none."""
    assert said(tmp_path, "1 + 1", "import os; os._exit(3)", "2 + 2") == [
        "2",
        "NotRun: The kernel died in this cell.",
        "NotRun: The kernel was gone before this cell's turn.",
    ]


def test_a_cell_that_does_not_end_is_interrupted(tmp_path: Path) -> None:
    """The cells after it run as if nothing had happened."""
    assert said(tmp_path, "while True: pass", "2 + 2", timeout=1) == ["CellTimeoutError: ", "4"]


def test_a_cell_that_ignores_the_interrupt_is_the_last(tmp_path: Path) -> None:
    """Waiting for each later cell in turn would take minutes."""
    deaf = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    assert said(tmp_path, deaf, "2 + 2", timeout=1, iopub_timeout=1) == [
        "NotRun: The kernel no longer answered in this cell.",
        "NotRun: The kernel was gone before this cell's turn.",
    ]


def test_a_notebook_has_a_deadline_of_its_own(tmp_path: Path) -> None:
    """Many cells, each within its limit, may not take an hour together."""
    loop = "while True: pass"
    assert said(tmp_path, loop, loop, "2 + 2", timeout=1, notebook_timeout=1)[2] == (
        "NotRun: The notebook's time was up before this cell's turn."
    )


def test_a_question_to_the_user_is_an_error(tmp_path: Path) -> None:
    """Nobody sits there to answer `input()`."""
    [first, second] = said(tmp_path, "input('?')", "2 + 2")
    assert first.startswith("StdinNotImplementedError")
    assert second == "4"


def test_a_text_cell_is_left_alone(tmp_path: Path) -> None:
    """It has nothing to run, and can have no outputs."""
    step = ExecuteSubmission(shutdown_kernel="immediate")
    notebook = new_notebook(cells=[new_markdown_cell("#", id="title")])
    ran, _ = step.preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
    assert ran.cells == [{"id": "title", "cell_type": "markdown", "source": "#", "metadata": {}}]
