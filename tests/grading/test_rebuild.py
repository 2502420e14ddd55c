"""Of a submission only what its learner was to write is taken."""

import json
from typing import Any

import nbformat
import pytest

from grader.errors import GradingError
from grader.exercises import find_lesson
from grader.grading.rebuild import (
    MAX_SOURCE,
    rebuild,
    refuse_other_lesson,
    remarks_on,
    source_of,
)
from tests.grading.class_folder import START, STRUCTURE, course_notebook

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


UPPER, LOWER = "WORD = 'mine'", "def first_call(client, prompt):\n    return WORD"


def test_both_halves_of_a_split_cell_run_in_their_order() -> None:
    """JupyterLab gives both of them the cell's metadata."""
    notebook = submission(first_call=LOWER)
    add(notebook, "first_call", UPPER, metadata=cell_of(notebook, "first_call")["metadata"])
    made = rebuilt(notebook)
    assert ran_before("check_first_call", made)[-2:] == [UPPER, LOWER]
    assert cell_of(made, "first_call")["source"] == LOWER
    assert remarks_on(notebook, COURSE) == ()


def test_a_copy_that_tries_the_answer_out_does_not_replace_it() -> None:
    """Both run, and the cell that defines the name is the one shown on the feedback page."""
    notebook = submission(first_call=ANSWER)
    metadata = cell_of(notebook, "first_call")["metadata"]
    add(notebook, "check_first_call", "print(first_call)", metadata=metadata)
    made = rebuilt(notebook)
    assert ran_before("check_first_call", made)[-2:] == [ANSWER, "print(first_call)"]
    assert cell_of(made, "first_call")["source"] == ANSWER


def test_a_copy_below_the_check_runs_there() -> None:
    """The check above it never saw it, and the learner is told."""
    notebook = submission(first_call=ANSWER)
    other = "def first_call(client, prompt):\n    return 'other'"
    metadata = cell_of(notebook, "first_call")["metadata"]
    add(notebook, "describe_reply", other, metadata=metadata)
    made = rebuilt(notebook)
    assert ran_before("check_first_call", made)[-1] == ANSWER
    assert other in ran_before("check_describe_reply", made)
    assert remarks_on(notebook, COURSE) == (
        "A copy of the cell of first_call stands below its check: the one above the check counts.",
    )


def test_an_exercise_copied_with_its_check_is_judged_by_the_lower_one() -> None:
    """The cells cannot be deleted, so the second try stands there with a check of its own."""
    notebook = submission(first_call="def first_call(client, prompt):\n    return 'first try'")
    for name, source in (("first_call", ANSWER), ("check_first_call", 'check("first_call")')):
        add(notebook, "describe_reply", source, metadata=cell_of(notebook, name)["metadata"])
    made = rebuilt(notebook)
    assert cell_of(made, "first_call")["source"] == ANSWER
    assert [cell["id"] for cell in made["cells"] if cell["id"].startswith("check_")] == [
        "check_first_call",
        "check_describe_reply",
    ]


OTHER_DEFINITIONS = [
    ANSWER,
    "async def first_call(client, prompt):\n    pass",
    "class first_call:\n    pass",
    "@decorator\ndef first_call(client, prompt):\n    pass",
    "first_call = lambda client, prompt: 'mine'",
    "first_call: object = print",
    "other, (first_call, third) = 1, (print, 2)",
    "print(first_call := len)",
    "from mine import answer as first_call",
    "try:\n    def first_call(client, prompt): pass\nexcept ValueError:\n    pass",
    "if True:\n    def first_call(client, prompt): pass",
    "with lock:\n    def first_call(client, prompt): pass",
    "for first_call in [print]:\n    pass",
    "with opened() as first_call:\n    pass",
    f"%%time\n{ANSWER}",
    f"!pip install anthropic\n{ANSWER}",
    f"files = !ls\n%load_ext autoreload\n{ANSWER}",
    f"!pip install \\\n  anthropic\n{ANSWER}",
    f"first_call?\n{ANSWER}",
    f"await something()\n{ANSWER}",
    f"{ANSWER}\nthis is no Python",
    f"  {ANSWER}".replace("\n", "\n  "),
    "match 1:\n    case first_call:\n        pass",
]


@pytest.mark.parametrize("definition", OTHER_DEFINITIONS)
def test_no_stub_runs_over_a_definition(definition: str) -> None:
    """Where the cell was deleted and written anew: however the name gets its value."""
    notebook = submission()
    add(notebook, "first_call", definition)
    notebook["cells"].remove(cell_of(notebook, "first_call"))
    made = rebuilt(notebook)
    assert ran_before("check_first_call", made)[-1] == definition
    assert not any("NotImplementedError" in it for it in ran_before("check_first_call", made))
    assert remarks_on(notebook, COURSE) == (
        "The cell of first_call was replaced: the learner's own definition in another cell counts.",
    )


@pytest.mark.parametrize(
    "source",
    [
        "x = 1",
        "first_call(client, 'Hello')",
        "first_call.tries = 1",
        "table['first_call'] = 1",
        "def outer():\n    def first_call(client, prompt): pass",
        "class Outer:\n    first_call = 1",
        "[first_call for first_call in (1, 2)]",
        "first_call: object",
        "text = 'def first_call(client, prompt): pass'",
        "%%writefile mine.py\ndef first_call(client, prompt): pass",
        "%%bash\nfirst_call=1",
        "# def first_call(client, prompt): pass",
        "",
    ],
)
def test_what_defines_no_name_leaves_the_stub(source: str) -> None:
    """The exercise is not there, and its learner is told so in the end."""
    notebook = submission()
    add(notebook, "first_call", source)
    notebook["cells"].remove(cell_of(notebook, "first_call"))
    assert cell_of(rebuilt(notebook), "first_call") == cell_of(COURSE, "first_call")
    assert remarks_on(notebook, COURSE) == (
        "It lacks the code cell of first_call: 0 points for it.",
    )


def test_two_answers_in_one_cell_count_both() -> None:
    """As after a merge: the cell of the second exercise is gone."""
    both = f"{ANSWER}\n\ndef describe_reply(message):\n    return {{}}"
    notebook = submission(first_call=both)
    notebook["cells"].remove(cell_of(notebook, "describe_reply"))
    made = rebuilt(notebook)
    assert both in ran_before("check_describe_reply", made)
    assert "NotImplementedError" not in "".join(ran_before("check_describe_reply", made))


def test_a_stub_below_the_learners_definition_is_left_out() -> None:
    """The generous way; the learner's own check says Not started, so it is told."""
    notebook = submission()
    add(notebook, "first_call", ANSWER)
    made = rebuilt(notebook)
    assert ANSWER in ran_before("check_first_call", made)
    assert "NotImplementedError" not in "".join(ran_before("check_first_call", made))
    assert remarks_on(notebook, COURSE) == (
        "The untouched cell of first_call stands below the learner's own definition, which counts.",
    )


def test_what_a_stub_defines_besides_stays() -> None:
    """A learner who writes the function anew may lean on the class beside it."""
    course, notebook = course_notebook("04_agents"), course_notebook("04_agents")
    answer = "def run_agent(client, request, registry, *, max_turns):\n    return AgentResult"
    add(notebook, "run_agent", answer)
    sources = ran_before("check_run_agent", rebuild(notebook, course))
    assert answer in sources
    assert any("@dataclass(frozen=True)\nclass AgentResult" in each for each in sources)
    assert not any("def run_agent" in it and "NotImplementedError" in it for it in sources)


@pytest.mark.parametrize("source", [ANSWER + '\n\ncheck("first_call")', "X = 1\n" + ANSWER])
def test_what_was_merged_into_a_check_runs_before_it(source: str) -> None:
    """The check's own source is still the course's."""
    notebook = submission(check_first_call=source)
    notebook["cells"].remove(cell_of(notebook, "first_call"))
    made = rebuilt(notebook)
    assert source in ran_before("check_first_call", made)
    assert "NotImplementedError" not in "".join(ran_before("check_first_call", made))
    assert cell_of(made, "check_first_call") == cell_of(COURSE, "check_first_call")


def test_a_definition_that_stood_before_a_check_does_so_in_the_courses_order() -> None:
    """Here the exercises were swapped, and both answers stand in the cell of the second."""
    both = f"{ANSWER}\n\ndef describe_reply(message):\n    return {{}}"
    notebook = submission(describe_reply=both)
    notebook["cells"].remove(cell_of(notebook, "first_call"))
    check = cell_of(notebook, "check_first_call")
    notebook["cells"].remove(check)
    notebook["cells"].append(check)
    assert both in ran_before("check_first_call", rebuilt(notebook))


def test_a_missing_cell_of_the_course_runs_before_what_was_added_there() -> None:
    """As when the setup cell was copied into an own one and deleted: that one's names hold."""
    setup = next(cell for cell in COURSE["cells"] if cell["cell_type"] == "code")
    notebook = submission()
    own = f"{setup['source']}\nMODEL = 'mine'"
    add(notebook, setup["id"], own)
    notebook["cells"].remove(cell_of(notebook, setup["id"]))
    assert ran_before("check_first_call", rebuilt(notebook))[:2] == [setup["source"], own]


def bare(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook whose cells have neither metadata nor ids."""
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        del cell["id"]
    return notebook


def test_answers_without_marks_are_found_by_their_names() -> None:
    """Deepnote and Kaggle keep neither metadata nor ids."""
    described = "def describe_reply(message):\n    return {}"
    notebook = bare(submission(first_call=ANSWER, describe_reply=described))
    marked = submission(first_call=ANSWER, describe_reply=described)
    assert rebuilt(notebook) == rebuilt(marked)
    assert remarks_on(notebook, COURSE) == (
        "The course's marks are gone: the exercises were found by the names that cells define.",
    )


def test_a_blank_notebook_without_marks_is_blank() -> None:
    """Its stubs are there verbatim."""
    assert rebuilt(bare(submission())) == COURSE


def test_code_without_marks_and_names_has_no_result() -> None:
    """Never 0 points without a look by a person."""
    notebook = {**submission(), "cells": [{"cell_type": "code", "source": "answer = 4"}]}
    with pytest.raises(GradingError, match=r"marks are gone .*first_call, describe_reply.*fresh"):
        rebuilt(notebook)


def test_another_lesson_without_marks_is_refused() -> None:
    """Its checks name their exercises."""
    with pytest.raises(GradingError, match="the notebook of 01_structure, not of 00_start_here"):
        refuse_other_lesson(bare(course_notebook(STRUCTURE)), find_lesson(START))
    refuse_other_lesson(bare(course_notebook()), find_lesson(START))


def test_a_cell_that_nobody_types_is_refused_whole() -> None:
    """Code cut in the middle would be graded as something that nobody wrote."""
    notebook = submission(first_call="#" * (MAX_SOURCE + 1))
    with pytest.raises(GradingError, match=r"has 200,001 characters; 200,000 is the most"):
        rebuilt(notebook)


def test_a_long_text_is_cut_and_says_so() -> None:
    """A picture inside Markdown is no reason to refuse a notebook."""
    notebook = submission()
    cell = {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "x" * 3_000_000}
    notebook["cells"].append(cell)
    assert rebuilt(notebook)["cells"][-1]["source"].endswith("and 2,800,000 more characters\n```")


@pytest.mark.parametrize(
    "source",
    [
        *(f"first_call = {part * 9_000}1" for part in ("-", "not ", "1+", "lambda:", "(")),
        "first_call" + ".a" * 20_000,
        "first_call" + "()" * 20_000,
        "if first_call:\n pass\n" + "elif a:\n pass\n" * 3_000,
        "first_call = '''" + '"' * 40_000,
        "first_call\0",
        "first_call " * 15_000,
        "\ud800 first_call",
        "\\\n" * 20_000 + "first_call",
        "first_call = [" * 3_000,
        "=" * 100_000 + "first_call",
        "first_call\t" + "\t" * 100_000 + ":",
    ],
    ids=range(16),
)
def test_code_that_brings_a_parser_down_is_code_like_any_other(source: str) -> None:
    """It is run where it stands; what comes of it there is the kernel's affair."""
    notebook = submission()
    add(notebook, "first_call", source)
    assert source in ran_before("check_first_call", rebuilt(notebook))
    assert all("0 points" not in each for each in remarks_on(notebook, COURSE))
