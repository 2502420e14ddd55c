import json
from typing import Any

from grader.authoring.lesson_source import read_source
from grader.authoring.notebooks import course_notebook, render, solution_notebook
from grader.sources import solution_source
from tests.authoring.tiny_course import COURSE_PATH, SOLVED_PATH, SOURCE, TinyCourse


def notebook(source: str) -> Any:
    """Return the solutions' notebook of a source, as it stands in its file."""
    return json.loads(render(solution_notebook(read_source("00_shout", source.encode()), {})))


def test_the_solutions_notebook_is_what_nbgrader_calls_a_source(course: TinyCourse):
    """Graded cells have whole metadata of schema 3, and points come from the exercise."""
    cells = json.loads(course.read(SOLVED_PATH))["cells"]

    assert [cell["metadata"] for cell in cells if cell["metadata"]] == [
        {
            "nbgrader": {
                "grade": False,
                "grade_id": "shout",
                "locked": False,
                "schema_version": 3,
                "solution": True,
                "task": False,
            }
        },
        {
            "nbgrader": {
                "grade": True,
                "grade_id": "check_shout",
                "locked": True,
                "points": 3,
                "schema_version": 3,
                "solution": False,
                "task": False,
            }
        },
    ]


def test_the_course_notebook_has_stubs_and_locked_checks(course: TinyCourse):
    """Learners get a stub that they may edit, and a check that they may not."""
    cells = {cell["id"]: cell for cell in json.loads(course.read(COURSE_PATH))["cells"]}

    assert "".join(cells["shout"]["source"]) == (
        'def shout(text: str) -> str:\n    """Return the text in capitals.\n\n'
        '    4 minutes, 3 points.\n    """\n    raise NotImplementedError'
    )
    assert cells["shout"]["metadata"]["deletable"] is False
    assert "editable" not in cells["shout"]["metadata"]
    assert cells["check_shout"]["metadata"]["deletable"] is False
    assert cells["check_shout"]["metadata"]["editable"] is False
    assert cells["check_shout"]["metadata"]["nbgrader"]["points"] == 3


def test_a_notebook_says_nothing_that_varies_from_machine_to_machine(course: TinyCourse):
    """No version of Python, Jupyter or jupytext, and no count or output of a run."""
    read = json.loads(course.read(COURSE_PATH))

    assert read["metadata"] == {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
    assert (read["nbformat"], read["nbformat_minor"]) == (4, 5)
    assert [
        (cell["execution_count"], cell["outputs"])
        for cell in read["cells"]
        if cell["cell_type"] == "code"
    ] == [(None, [])] * 4


def test_both_notebooks_give_a_cell_the_same_id(course: TinyCourse):
    """Graded cells are called by their grade_id, the others after their text."""
    solved, given = (
        [cell["id"] for cell in json.loads(course.read(path))["cells"]]
        for path in (SOLVED_PATH, COURSE_PATH)
    )

    assert solved == given
    assert given == [
        "884fce8f639c",
        "693c5aa2431d",
        "b1a73ad61923",
        "shout",
        "check_shout",
        "a393815f0d4a",
        "f5bcedb5fdf6",
    ]


def test_a_cell_keeps_its_id_when_another_changes():
    """A change in one cell is a change in one cell of the notebook."""
    before = {cell["id"] for cell in notebook("# %%\n1\n# %%\n2\n# %%\n3\n")["cells"]}
    after = {cell["id"] for cell in notebook("# %%\n1\n# %%\n20\n# %%\n3\n")["cells"]}

    assert len(before & after) == 2


def test_alike_cells_have_ids_of_their_own():
    """The second of two alike cells is numbered."""
    first, second, third = (cell["id"] for cell in notebook("# %%\n1\n" * 3)["cells"])

    assert (second, third) == (f"{first}-2", f"{first}-3")


def test_tags_reach_the_notebook():
    """A demo that is meant to fail says so to whoever runs the notebook."""
    (cell,) = notebook('# %% tags=["raises-exception"]\n1 / 0\n')["cells"]

    assert cell["metadata"] == {"tags": ["raises-exception"]}


def test_the_file_has_sorted_keys_indent_one_and_a_newline(course: TinyCourse):
    """Two builds can be compared byte for byte, and a change read in a diff."""
    text = course.read(COURSE_PATH)

    assert text == json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_clearing_leaves_the_solutions_notebook_as_it_was():
    """The learner's notebook is made from a copy."""
    solved = solution_notebook(read_source("00_shout", SOURCE.encode()), {"shout": 3})
    before = render(solved)

    course_notebook(solved)

    assert render(solved) == before


def test_the_solution_that_is_shown_is_the_one_that_is_built(course: TinyCourse):
    """The classroom reads the source as text, the build through jupytext."""
    cells = {cell["id"]: cell for cell in json.loads(course.read(SOLVED_PATH))["cells"]}
    lines = "".join(cells["shout"]["source"]).split("\n")

    assert solution_source(course.root, "00_shout", "shout").split("\n") == [
        line for line in lines if not line.strip().startswith("###")
    ]
