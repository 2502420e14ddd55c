"""Of a submission only what its learner was to write is taken."""

import json
from typing import Any

import nbformat
import pytest

from grader.grading.rebuild import rebuild, remarks_on, source_of
from tests.grading.class_folder import course_notebook

COURSE = course_notebook()
for _cell in COURSE["cells"]:
    # A file keeps a source as lines; what is run is one text.
    _cell["source"] = "".join(_cell["source"])
ANSWER = "def first_call(client, prompt):\n    return 'mine'"


def submission(**sources: str) -> dict[str, Any]:
    """Return the course's notebook with these sources, by cell id."""
    notebook = course_notebook()
    for cell in notebook["cells"]:
        cell["source"] = sources.get(cell["id"], cell["source"])
    return notebook


def cell_of(notebook: dict[str, Any], id: str) -> dict[str, Any]:
    """Return a cell by its id."""
    return next(cell for cell in notebook["cells"] if cell["id"] == id)


def code_of(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the code cells of a notebook."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def ran_before(id: str, notebook: dict[str, Any]) -> list[str]:
    """Return the sources of the code cells above a cell."""
    cells = code_of(notebook)
    return [cell["source"] for cell in cells[: cells.index(cell_of(notebook, id))]]


def add(notebook: dict[str, Any], before: str, source: str, **fields: Any) -> None:
    """Add a code cell above a cell."""
    made = {"cell_type": "code", "id": f"own{len(notebook['cells'])}", "metadata": {}}
    place = notebook["cells"].index(cell_of(notebook, before))
    notebook["cells"].insert(place, {**made, "source": source, **fields})


def rebuilt(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a submission rebuilt from the course."""
    return rebuild(notebook, COURSE)


def test_an_untouched_notebook_is_the_course() -> None:
    """Cell by cell, without outputs."""
    assert rebuilt(submission()) == COURSE


def test_a_solution_and_a_free_cell_are_taken() -> None:
    """Nothing else of them: their metadata is the course's."""
    free = next(
        cell["id"]
        for cell in COURSE["cells"]
        if cell["cell_type"] == "code" and not cell["metadata"]
    )
    notebook = submission(first_call=ANSWER, **{free: "x = 1"})
    cell_of(notebook, "first_call")["metadata"]["tags"] = ["skip-execution"]
    cell_of(notebook, free)["metadata"]["tags"] = ["raises-exception"]
    made = rebuilt(notebook)
    assert cell_of(made, "first_call")["source"] == ANSWER
    assert cell_of(made, "first_call")["metadata"] == cell_of(COURSE, "first_call")["metadata"]
    assert (cell_of(made, free)["source"], cell_of(made, free)["metadata"]) == ("x = 1", {})


def games() -> dict[str, dict[str, Any]]:
    """Return submissions with a right answer and one thing changed that is not theirs to change."""
    check = "check_first_call"

    def changed(change: Any) -> dict[str, Any]:
        notebook = submission(first_call=ANSWER)
        change(notebook["cells"], cell_of(notebook, check))
        return notebook

    def retag(_cells: Any, cell: Any) -> None:
        cell["metadata"] = {"tags": ["skip-execution"], "nbgrader": {"points": 100}}

    return {
        "deleted": changed(lambda cells, cell: cells.remove(cell)),
        "emptied": changed(lambda _cells, cell: cell.update(source="")),
        "forged": changed(lambda _cells, cell: cell.update(source="4")),
        "turned to markdown": changed(lambda _cells, cell: cell.update(cell_type="markdown")),
        "retagged": changed(retag),
        "moved to the top": changed(
            lambda cells, cell: (cells.remove(cell), cells.insert(0, cell))  # type: ignore[func-returns-value]
        ),
        "doubled": changed(lambda cells, cell: cells.append({**cell, "source": "4"})),
        "torn": changed(lambda _cells, cell: cell["metadata"].update(nbgrader=[1])),
        "all reversed": changed(lambda cells, _cell: cells.reverse()),
    }


@pytest.mark.parametrize("notebook", games().values(), ids=games())
def test_what_is_done_to_a_check_cell_changes_nothing(notebook: dict[str, Any]) -> None:
    """Source, metadata, type, number and place of a check cell are the course's."""
    assert rebuilt(notebook) == rebuilt(submission(first_call=ANSWER))


def test_an_answer_below_its_check_is_brought_before_it() -> None:
    """Where nothing above the check defines the name: a notebook that was moved loses nothing."""
    notebook = submission(first_call="x = 1")
    notebook["cells"].append({**cell_of(notebook, "first_call"), "id": "copy", "source": ANSWER})
    assert ran_before("check_first_call", rebuilt(notebook))[-2:] == ["x = 1", ANSWER]
    assert remarks_on(notebook, COURSE) == (
        "The cell of first_call stands below its check, and was run before it.",
    )


def test_a_missing_solution_is_the_stub() -> None:
    """It earns nothing, and is named."""
    notebook = submission(describe_reply="x = 1")
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "first_call"]
    assert cell_of(rebuilt(notebook), "first_call") == cell_of(COURSE, "first_call")
    assert remarks_on(notebook, COURSE) == (
        "It lacks the code cell of first_call: 0 points for it.",
    )


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_solution_turned_into_text_is_run_as_code(kind: str) -> None:
    """One key of an editor does that; nbgrader restores the type, too."""
    notebook = submission(first_call=ANSWER)
    cell_of(notebook, "first_call")["cell_type"] = kind
    assert rebuilt(notebook) == rebuilt(submission(first_call=ANSWER))
    assert remarks_on(notebook, COURSE) == (
        "The cell of first_call was turned into text, and was graded as code.",
    )


@pytest.mark.parametrize("kind", ["markdown", "raw"])
@pytest.mark.parametrize("text", ["I could not do it.", "", f"Here it is:\n{ANSWER}", "TODO"])
def test_a_solution_that_is_text_is_missing(kind: str, text: str) -> None:
    """What is no Python is not run."""
    notebook = submission(first_call=text)
    cell_of(notebook, "first_call")["cell_type"] = kind
    assert cell_of(rebuilt(notebook), "first_call") == cell_of(COURSE, "first_call")
    assert remarks_on(notebook, COURSE) == (
        "It lacks the code cell of first_call: 0 points for it.",
    )


def test_text_is_not_run_where_code_defines_the_name() -> None:
    """The learner's code is what counts; a text may be an older version."""
    notebook = submission(first_call="def first_call(client, prompt):\n    return 'old'")
    cell_of(notebook, "first_call")["cell_type"] = "markdown"
    add(notebook, "check_first_call", ANSWER)
    assert ran_before("check_first_call", rebuilt(notebook))[-1] == ANSWER
    assert "'old'" not in json.dumps([each["source"] for each in code_of(rebuilt(notebook))])


def test_a_solution_is_found_by_its_id_where_its_metadata_is_lost() -> None:
    """Some editors drop what they do not know."""
    notebook = submission(first_call=ANSWER)
    cell_of(notebook, "first_call")["metadata"] = {}
    assert cell_of(rebuilt(notebook), "first_call")["source"] == ANSWER


def test_an_added_cell_keeps_its_place() -> None:
    """Behind the course's cell that it follows, without its metadata."""
    notebook = submission()
    at = notebook["cells"].index(cell_of(notebook, "first_call"))
    extra = {"cell_type": "code", "id": "mine", "source": ["a = 1\n", "b"], "metadata": {"x": 1}}
    notebook["cells"].insert(at, {**extra, "outputs": ["forged"], "execution_count": 7})
    cells = rebuilt(notebook)["cells"]
    place = next(number for number, cell in enumerate(cells) if cell["id"] == "first_call")
    added = cells[place - 1]
    assert (added["source"], added["metadata"], added["outputs"]) == ("a = 1\nb", {}, [])


def test_an_added_text_is_shown_as_it_was_typed() -> None:
    """Markdown may hold a script, which would run in an instructor's browser."""
    notebook = submission()
    source = "<script>alert(1)</script>\n````\n<b>"
    notebook["cells"].append({"cell_type": "markdown", "id": "m", "metadata": {}, "source": source})
    last = rebuilt(notebook)["cells"][-1]
    assert last["source"] == f"`````text\n{source}\n`````"


def test_a_file_without_ids_is_rebuilt_too() -> None:
    """Cells that were left alone are known by their source, and do not run twice."""
    notebook = submission(first_call=ANSWER)
    for cell in notebook["cells"]:
        del cell["id"]
    assert rebuilt(notebook) == rebuilt(submission(first_call=ANSWER))


@pytest.mark.parametrize("source", [None, 3, {"a": 1}, ["a", 2], [["a"]]])
def test_a_source_that_is_no_text_is_empty(source: Any) -> None:
    """A file may hold anything."""
    assert source_of({"source": source}) == ""


@pytest.mark.parametrize(
    "cell",
    [
        {},
        {"cell_type": 7},
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": ["x"]}}},
        {"cell_type": "code", "id": {"a": 1}, "metadata": 3, "source": "1"},
        {"cell_type": "code", "id": "../../x", "metadata": {"nbgrader": {"grade_id": "../x"}}},
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "first\u200b_call"}}},
    ],
)
def test_odd_cells_make_a_valid_notebook(cell: dict[str, Any]) -> None:
    """Whatever a cell is, what is run is a notebook."""
    notebook = submission()
    notebook["cells"].append(cell)
    made = json.loads(json.dumps(rebuilt(notebook)))
    nbformat.validate(nbformat.from_dict(made))
    assert len(made["cells"]) == len(COURSE["cells"]) + 1


def test_neither_notebook_is_changed() -> None:
    """The course's is kept for the next submission."""
    notebook, course = submission(first_call=ANSWER), course_notebook()
    made = rebuild(notebook, course)
    for cell in made["cells"]:
        cell["metadata"]["touched"] = True
    assert (notebook, course) == (submission(first_call=ANSWER), course_notebook())
