from pathlib import Path

import pytest

from grader.errors import SolutionNotShown
from grader.sources import SourceCell, nearest_root, solution_source, split_cells

SOURCE = """\
# %% [markdown]
# # Shout

# %% nbgrader={"grade_id": "shout", "solution": true}

def shout(text):
    ### BEGIN SOLUTION
    return text.upper()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_shout", "grade": true}
check("shout")
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a course with one lesson source."""
    folder = tmp_path / "solutions" / "00_shout"
    folder.mkdir(parents=True)
    (folder / "00_shout.nb.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "nbgrader_config.py").write_text("", encoding="utf-8")
    return tmp_path


def test_cells_are_split_at_their_markers():
    """Every cell knows its marker's line, its first line, its options and its source."""
    cells = split_cells(SOURCE)

    assert cells == (
        SourceCell(1, 2, "[markdown]", "# # Shout"),
        SourceCell(
            4,
            6,
            'nbgrader={"grade_id": "shout", "solution": true}',
            "def shout(text):\n    ### BEGIN SOLUTION\n    return text.upper()\n"
            "    ### END SOLUTION",
        ),
        SourceCell(12, 13, 'nbgrader={"grade_id": "check_shout", "grade": true}', 'check("shout")'),
    )
    assert [cell.grade_id for cell in cells] == [None, "shout", "check_shout"]


def test_a_solution_is_given_without_its_markers(root: Path):
    """The source of a solution is what an author wrote, less the two marker lines."""
    assert solution_source(root, "00_shout", "shout") == (
        "def shout(text):\n    return text.upper()"
    )


def test_a_solution_that_is_not_on_this_machine_is_not_shown(tmp_path: Path):
    """A class gets no lesson sources, and is told so."""
    with pytest.raises(SolutionNotShown) as caught:
        solution_source(tmp_path, "00_shout", "shout")

    assert str(caught.value) == (
        "The solution of shout is not on this machine: there is no "
        "solutions/00_shout/00_shout.nb.py. Solutions are in the course's repository, not in what "
        "is handed out to a class."
    )


def test_an_exercise_without_a_solution_cell_is_not_shown(root: Path):
    """A name that the lesson source does not hold is an author's mistake."""
    with pytest.raises(SolutionNotShown) as caught:
        solution_source(root, "00_shout", "whisper")

    assert str(caught.value) == (
        "solutions/00_shout/00_shout.nb.py has no solution cell for whisper. "
        "`grader check` lists what is missing from the lesson sources."
    )


def test_the_root_is_found_from_a_folder_within(root: Path):
    """The course may be used from any of its folders."""
    assert nearest_root(root / "solutions" / "00_shout") == root


def test_a_folder_outside_a_course_has_no_root(tmp_path: Path):
    """Lesson sources alone make no course: the configuration belongs to it."""
    (tmp_path / "solutions").mkdir()

    assert nearest_root(tmp_path) is None
