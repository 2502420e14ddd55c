"""Every lesson runs from top to bottom, solved and blank, and shows what it should."""

import pytest

from grader.simulator import LABEL
from tests.course.demos import CURRENT_MODELS
from tests.course.marks import EVERY, each_lesson, each_model
from tests.course.runs import read_notebook

A_SCREEN = 60
"""How many lines of plain text a cell may show; more is scrolled past, not read."""

each_run = pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="solved"),
        pytest.param({"folder": "course"}, id="blank"),
        *(pytest.param({"model": each}, id=f"solved-{each}") for each in CURRENT_MODELS if EVERY),
    ],
)


@each_lesson
@each_run
def test_no_cell_stops_with_an_error(run, lesson, options):
    """Errors that a lesson shows are caught; nothing else fails."""
    assert [(c.title, c.error) for c in run(lesson.name, **options) if c.error] == []


@each_lesson
@each_run
def test_no_cell_writes_to_stderr(run, lesson, options):
    """JupyterLab shows stderr in red, and a learner takes it for a mistake."""
    assert [(c.title, c.stderr) for c in run(lesson.name, **options) if c.stderr] == []


@each_lesson
@each_model
def test_the_solutions_get_every_point(run, lesson, model):
    """The check cells of the solved notebook show full points, as nbgrader reads them."""
    shown = {c.grade_id: c.text for c in run(lesson.name, model=model) if c.is_check}
    assert shown == {f"check_{each.name}": str(each.points) for each in lesson.exercises}


@each_lesson
def test_a_blank_lesson_is_not_started(run, lesson):
    """The check cells of the learner's notebook show 0, and say that nothing is there yet."""
    cells = run(lesson.name, folder="course")
    shown = {c.grade_id: (c.text, ">○ Not started</strong>" in c.html) for c in cells if c.is_check}
    assert shown == {f"check_{each.name}": ("0", True) for each in lesson.exercises}


@each_lesson
@each_run
def test_no_cell_shows_a_simulated_reply(run, lesson, options):
    """Every prompt of a lesson has an answer that a reader would believe."""
    cells = run(lesson.name, **options)
    assert [cell.title for cell in cells if LABEL in cell.text + cell.html] == []


@each_lesson
@pytest.mark.parametrize("folder", ["solutions", "course"])
def test_no_cell_shows_more_than_a_screen(run, lesson, folder):
    """What a cell shows can be read without losing the cell."""
    cells = run(lesson.name, folder=folder)
    lengths = [(cell.title, len(cell.text.splitlines())) for cell in cells]
    assert [(title, lines) for title, lines in lengths if lines > A_SCREEN] == []


@each_lesson
@pytest.mark.parametrize("folder", ["solutions", "course"])
def test_notebooks_are_kept_without_outputs(lesson, folder):
    """A notebook in the repository holds what its author wrote, and nothing of a run."""
    cells = [cell for cell in read_notebook(folder, lesson.name).cells if cell.cell_type == "code"]
    assert [cell.source for cell in cells if cell.outputs or cell.execution_count] == []
