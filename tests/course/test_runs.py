"""The laws of the notebooks can be broken: a run tells apart what a cell shows."""

import nbformat
import pytest

from tests.course.runs import Cell, run_notebook, with_model


def _notebook(*sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return nbformat.v4.new_notebook(cells=cells)


def test_a_run_tells_output_stderr_and_errors_apart(tmp_path):
    """What is printed, shown, written to stderr and raised is each found in its place."""
    shown = "class Shown:\n    def _repr_html_(self):\n        return '<p>3</p>'\nShown()"
    sources = (
        "print('1')\n2",
        shown + "\n",
        "import sys\nprint('careful', file=sys.stderr)",
        "raise ValueError('4')",
        "print(6)",
    )
    cells = run_notebook(_notebook(*sources), tmp_path)
    assert [(c.text, c.stderr, c.error) for c in (cells[0], *cells[2:])] == [
        ("1\n2", "", ""),
        ("", "careful\n", ""),
        ("", "", "ValueError: 4"),
        ("6", "", ""),
    ]
    assert cells[1].html == "<p>3</p>"


def test_a_run_reaches_nobodys_server_and_nobodys_progress(tmp_path, monkeypatch):
    """Keys and addresses of whoever runs the tests stay out of the kernel."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "somebodys")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://example.com")
    monkeypatch.setenv("GRADER_PROGRESS", "somebodys.json")
    source = (
        "import os\n"
        "print([name for name in os.environ if name.startswith(('ANTHROPIC_', 'OPENAI_'))],"
        " os.environ['GRADER_PROGRESS'])"
    )
    assert run_notebook(_notebook(source), tmp_path) == (Cell(source, text="[] off"),)


def test_the_model_is_changed_in_the_first_cell_only():
    """The rest of the lesson stays as its author wrote it."""
    notebook = _notebook('MODEL = "claude-sonnet-4-6"\nprint(MODEL)', 'MODEL = "other"')
    changed = with_model(notebook, "claude-sonnet-5-5")
    assert [cell.source for cell in changed.cells] == [
        'MODEL = "claude-sonnet-5-5"\nprint(MODEL)',
        'MODEL = "other"',
    ]


def test_a_lesson_that_sets_no_model_is_refused():
    """A lesson that would run on its own model again proves nothing about another."""
    with pytest.raises(ValueError, match="sets MODEL 0 times"):
        with_model(_notebook("print(1)"), "claude-sonnet-5-5")
