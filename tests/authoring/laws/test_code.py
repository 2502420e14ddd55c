import pytest

from grader.authoring import Problem
from tests.authoring.tiny_course import DEMO, TinyCourse, at

SIXTEEN = "\n".join(f"json.dumps({number})" for number in range(16))


def import_problem(module: str) -> Problem:
    """Return the problem of importing a module in the first code cell."""
    return Problem(
        "imports",
        at(9),
        f"A lesson may not import {module}.",
        "Use the standard library, anthropic, openai, pydantic or grader.classroom.",
    )


def late_import(line: int) -> Problem:
    """Return the problem of `import os` at a line of a later cell."""
    return Problem(
        "imports",
        at(line),
        "`import os` stands after the first code cell.",
        "Move it to the first code cell.",
    )


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            DEMO,
            "json.dumps(1)\n!ls",
            Problem(
                "python",
                at(30),
                "`!ls` is a shell command or a magic.",
                "Say it in Python; a notebook of this course runs on every kernel and platform.",
            ),
            id="shell command",
        ),
        pytest.param(
            DEMO,
            "%time json.dumps(1)",
            Problem(
                "python",
                at(29),
                "`%time json.dumps(1)` is a shell command or a magic.",
                "Say it in Python; a notebook of this course runs on every kernel and platform.",
            ),
            id="magic",
        ),
        pytest.param(
            DEMO,
            "json.dumps(",
            Problem("python", at(29), "The cell is not Python.", "Correct its syntax."),
            id="syntax error",
        ),
    ],
)
def test_a_cell_that_is_not_python_is_seen(
    course: TinyCourse, old: str, new: str, problem: Problem
):
    """A magic is told from a mistake."""
    course.edit(old, new)
    course.build()

    assert course.check() == [problem]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            DEMO,
            SIXTEEN,
            Problem(
                "length",
                at(29),
                "The code cell has 16 lines; 15 is the most.",
                "Split it where one idea ends.",
            ),
            id="long cell",
        ),
    ],
)
def test_a_long_cell_is_seen(course: TinyCourse, old: str, new: str, problem: Problem):
    """Fifteen lines are the most."""
    course.edit(old, new)
    course.build()

    assert course.check() == [problem]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(DEMO, "import os\nos.getcwd()", late_import(29), id="late import"),
        pytest.param(
            "    ### BEGIN SOLUTION",
            "    ### BEGIN SOLUTION\n    import os",
            late_import(21),
            id="import in a solution",
        ),
        pytest.param("import json", "import json, yaml", import_problem("yaml"), id="package"),
        pytest.param(
            "import json",
            "import json; from grader.exams import Exam",
            import_problem("grader.exams"),
            id="inner module",
        ),
    ],
)
def test_an_import_out_of_place_is_seen(course: TinyCourse, old: str, new: str, problem: Problem):
    """Imports stand in the first code cell, and need nothing but the course."""
    course.edit(old, new)
    course.build()

    assert course.check() == [problem]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(DEMO, "await shout_later()", id="await at the top level"),
        pytest.param(DEMO, 'sign = "%s"\nname = (sign\n    % "a")', id="remainder sign first"),
        pytest.param(DEMO, 'json.dumps("\\d")', id="doubtful escape"),
        pytest.param(DEMO, SIXTEEN.removesuffix("\njson.dumps(15)"), id="fifteen lines"),
        pytest.param("import json", "import json, anthropic, openai", id="the SDKs"),
        pytest.param(
            "import json", "import json; from grader.classroom import check", id="the classroom"
        ),
    ],
)
def test_what_a_notebook_may_hold_is_no_problem(course: TinyCourse, old: str, new: str):
    """A law that cries at sound lessons would be ignored."""
    course.edit(old, new)
    course.build()

    assert course.check() == []
