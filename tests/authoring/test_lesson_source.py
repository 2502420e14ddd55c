from dataclasses import replace

import pytest

from grader.authoring import Problem, build
from grader.authoring.lesson_source import Cell, read_source
from grader.errors import AuthoringError
from tests.authoring.tiny_course import SHOUT, SOURCE, SOURCE_PATH, TinyCourse, make_exercise

SOLUTION_MARKER = 'nbgrader={"grade_id": "shout", "solution": true}'
CHECK_MARKER = 'nbgrader={"grade_id": "check_shout", "grade": true}'
EXAMPLE = '`# %% nbgrader={"grade_id": "first_call", "solution": true}`'
SECOND_CHECK = f'check("shout")\n# %% {CHECK_MARKER}\ncheck("shout")'


def refusal(course: TinyCourse) -> str:
    """Return what a build says, having seen that it writes nothing."""
    before = course.files()
    with pytest.raises(AuthoringError) as caught:
        course.build()
    assert course.files() == before
    return str(caught.value)


def test_cells_are_read_with_their_lines():
    """Every cell has its kind, its source, its line and its part in an exercise."""
    cells = read_source("00_shout", SOURCE.encode()).cells

    assert [(cell.kind, cell.line, cell.role, cell.grade_id) for cell in cells] == [
        ("markdown", 2, None, None),
        ("code", 9, None, None),
        ("markdown", 13, None, None),
        ("code", 15, "solution", "shout"),
        ("code", 25, "check", "check_shout"),
        ("markdown", 27, None, None),
        ("code", 29, None, None),
    ]
    assert cells[0].source.split("\n")[0] == "# Shout"


def test_windows_line_ends_change_nothing():
    """A checkout with other line ends builds the same notebook."""
    windows = b"\xef\xbb\xbf" + SOURCE.replace("\n", "\r\n").encode()

    assert read_source("00_shout", windows) == read_source("00_shout", SOURCE.encode())


def test_comments_stay_comments():
    """jupytext would turn some comments into shell commands."""
    source = read_source("00_shout", b"# %%\n# cat the parts\n# !important\n# more on this\n1\n")

    assert source.cells == (
        Cell("code", "# cat the parts\n# !important\n# more on this\n1", line=2),
    )


def test_tags_and_titles_are_allowed():
    """Tags reach the notebook; a title is for the author's editor."""
    source = read_source("00_shout", b'# %% Fails on purpose tags=["raises-exception"]\n1 / 0\n')

    assert (source.cells, source.problems) == (
        (Cell("code", "1 / 0", line=2, tags=("raises-exception",)),),
        (),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            SOURCE,
            "",
            f"{SOURCE_PATH}: The file has 0 lines that look like cell markers, and jupytext reads "
            "0 cells. Start each cell with `# %%` in the first column, and keep such lines out of "
            "strings.",
            id="no cells",
        ),
        pytest.param(
            "# %% [markdown]\n# # Shout",
            "\nimport os\n# %% [markdown]\n# # Shout",
            f"{SOURCE_PATH}:2: Text stands before the first cell marker. Start the file with "
            "`# %% [markdown]`; the build writes the notebook's metadata.",
            id="text before the first cell",
        ),
        pytest.param(
            "json.dumps(GREETING)",
            'text = """\n# %%\n"""',
            f"{SOURCE_PATH}: The file has 8 lines that look like cell markers, and jupytext reads "
            "7 cells. Start each cell with `# %%` in the first column, and keep such lines out of "
            "strings.",
            id="marker in a string",
        ),
        pytest.param(
            SOLUTION_MARKER,
            'nbgrader={"grade_id": "shout", "solution": true',
            f'{SOURCE_PATH}:14: The cell options `nbgrader={{"grade_id": "shout", '
            f'"solution": true` are not JSON. Write them like {EXAMPLE}.',
            id="broken JSON",
        ),
        pytest.param(
            SOLUTION_MARKER,
            'nbgrader{"grade_id": "shout", "solution": true}',
            f"{SOURCE_PATH}:14: `grade_id` is not a cell option of this course. Use "
            "`nbgrader={…}` and `tags=[…]`; anything else never reaches the notebook.\n"
            f"{SOURCE_PATH}:14: `solution` is not a cell option of this course. Use "
            "`nbgrader={…}` and `tags=[…]`; anything else never reaches the notebook.",
            id="equals sign forgotten",
        ),
        pytest.param(
            "# %% [markdown]\n# Turn",
            "# %% [markdwon]\n# Turn",
            f"{SOURCE_PATH}:12: The cell marker `# %% [markdwon]` is neither a title nor options. "
            f"Write `# %%`, `# %% [markdown]`, or options like {EXAMPLE}.",
            id="misspelt kind",
        ),
        pytest.param(
            CHECK_MARKER,
            CHECK_MARKER.replace("nbgrader", "nbgrade"),
            f"{SOURCE_PATH}:24: `nbgrade` is not a cell option of this course. Use "
            "`nbgrader={…}` and `tags=[…]`; anything else never reaches the notebook.",
            id="misspelt option",
        ),
        pytest.param(
            "# %%\njson.dumps",
            '# %% tags="raises-exception"\njson.dumps',
            f"{SOURCE_PATH}:28: The cell options are not those of a notebook: 'raises-exception' "
            "is not of type 'array'. Write tags as a list: `tags=[\"raises-exception\"]`.",
            id="tags as a text",
        ),
        pytest.param(
            SOLUTION_MARKER,
            "nbgrader=3",
            f"{SOURCE_PATH}:14: `nbgrader=3` is not a JSON object. Write it like {EXAMPLE}.",
            id="not an object",
        ),
        pytest.param(
            '"check_shout", "grade": true',
            '"check_shout", "grade": true, "points": 3',
            f"{SOURCE_PATH}:24: The cell marker states points. Remove `points`: they come from "
            "the exercise's criteria in grader/exercises.",
            id="points stated twice",
        ),
        pytest.param(
            '"shout", "solution": true',
            '"shout", "solution": true, "locked": true',
            f"{SOURCE_PATH}:14: `locked` is not an nbgrader option that authors write. Keep "
            "`grade_id` and one of `solution` and `grade`; the build adds the rest.",
            id="unknown nbgrader option",
        ),
        pytest.param(
            '{"grade_id": "shout", "solution": true}',
            '{"solution": true}',
            f"{SOURCE_PATH}:14: The nbgrader options have no `grade_id`. "
            f"Write them like {EXAMPLE}.",
            id="no grade_id",
        ),
        pytest.param(
            '"shout", "solution": true',
            '"shout", "solution": true, "grade": true',
            f"{SOURCE_PATH}:14: The cell shout is not exactly one of solution and check. Write "
            '`"solution": true` for a solution cell, `"grade": true` for a check cell.',
            id="solution and check at once",
        ),
        pytest.param(
            "# %% [markdown]\n# Try",
            '# %% [markdown] nbgrader={"grade_id": "essay", "grade": true}\n# Try',
            f"{SOURCE_PATH}:26: The cell essay is graded but is markdown. "
            "Make it a code cell: this course grades code only.",
            id="graded prose",
        ),
        pytest.param(
            '"grade_id": "shout"',
            '"grade_id": "yell"',
            f"{SOURCE_PATH}:15: The lesson has no exercise yell; the lesson has shout. Correct "
            "the grade_id, or register the exercise in grader/exercises.\n"
            f"{SOURCE_PATH}: The exercise shout has no solution cell. Write one under "
            f"`# %% {SOLUTION_MARKER}`.",
            id="unknown exercise",
        ),
        pytest.param(
            f'# %% {CHECK_MARKER}\ncheck("shout")\n',
            "",
            f"{SOURCE_PATH}: The exercise shout has no check cell. Write one under "
            f"`# %% {CHECK_MARKER}`.",
            id="no check cell",
        ),
        pytest.param(
            'check("shout")',
            SECOND_CHECK,
            f"{SOURCE_PATH}:27: The grade_id check_shout stands on 2 cells. Keep one of them.",
            id="duplicate grade_id",
        ),
        pytest.param(
            '"grade_id": "check_shout"',
            '"grade_id": "test_shout"',
            f"{SOURCE_PATH}:25: The check cell's grade_id is test_shout. "
            "Name it check_test_shout.\n"
            f"{SOURCE_PATH}: The exercise shout has no check cell. Write one under "
            f"`# %% {CHECK_MARKER}`.",
            id="check cell misnamed",
        ),
        pytest.param(
            'check("shout")',
            'print("ready")\ncheck("shout")',
            f"{SOURCE_PATH}:25: The check cell check_shout holds more or other than its check. "
            'Make its whole source `check("shout")`.',
            id="check cell with more",
        ),
        pytest.param(
            'check("shout")',
            'check("shout")\n### BEGIN HIDDEN TESTS\nassert shout("a") == "A"\n'
            "### END HIDDEN TESTS",
            f"{SOURCE_PATH}:25: The cell holds a HIDDEN TESTS region, which grading here never "
            "runs. Move the test into the exercise's check in grader/exercises.",
            id="hidden tests",
        ),
        pytest.param(
            'check("shout")',
            'check("shout")\n### BEGIN HIDDEN TESTS\nassert shout("a") == "A"',
            f"{SOURCE_PATH}:26: `### BEGIN HIDDEN TESTS` is never closed in its cell. "
            "Write `### END HIDDEN TESTS` below the lines to hide.",
            id="hidden tests never closed",
        ),
        pytest.param(
            "### BEGIN SOLUTION",
            "### BEGIN SOLUTIONS",
            f"{SOURCE_PATH}:20: The marker `### BEGIN SOLUTIONS` is not spelt as nbgrader and "
            "this course expect. Write `### BEGIN SOLUTION`, alone on its line.",
            id="misspelt marker",
        ),
        pytest.param(
            "    ### END SOLUTION\n",
            "",
            f"{SOURCE_PATH}:20: `### BEGIN SOLUTION` is never closed in its cell. "
            "Write `### END SOLUTION` below the lines to hide.",
            id="unbalanced marker",
        ),
        pytest.param(
            "json.dumps(GREETING)",
            "### BEGIN SOLUTION\njson.dumps(GREETING)\n### END SOLUTION",
            f"{SOURCE_PATH}:29: A SOLUTION region stands in a cell that is not a solution cell. "
            'Give its marker `nbgrader={"grade_id": "…", "solution": true}`.',
            id="solution in a demo",
        ),
        pytest.param(
            "    ### BEGIN SOLUTION\n    loud_letters = [letter.upper() for letter in text]\n"
            '    return "".join(loud_letters)\n    ### END SOLUTION',
            "    return text.upper()",
            f"{SOURCE_PATH}:15: The solution cell shout marks no solution. Put "
            "`### BEGIN SOLUTION` and `### END SOLUTION` around the lines to hide.",
            id="solution unmarked",
        ),
    ],
)
def test_what_cannot_be_built_is_refused(sources: TinyCourse, old: str, new: str, message: str):
    """A build names the file, the line, what is wrong and what mends it, and writes nothing."""
    sources.edit(old, new)

    assert refusal(sources) == message


def test_a_file_that_is_not_utf8_is_refused(sources: TinyCourse):
    """The line of the first wrong byte is named."""
    path = sources.root / SOURCE_PATH
    path.write_bytes(path.read_bytes().replace(b"hello", b"caf\xe9"))

    assert refusal(sources) == (
        f"{SOURCE_PATH}:11: The byte 0xe9 is not UTF-8. Save the file as UTF-8."
    )


def test_a_lesson_without_its_source_is_refused(sources: TinyCourse):
    """A lesson of the course needs a source."""
    (sources.root / SOURCE_PATH).unlink()

    assert refusal(sources) == (
        f"{SOURCE_PATH}: The lesson 00_shout has no source. "
        f"Write {SOURCE_PATH}, or take the lesson out of grader/exercises."
    )


def test_a_folder_without_a_source_is_refused(sources: TinyCourse):
    """A folder of solutions/ is a lesson, or should not be there."""
    sources.write("solutions/01_hum/notes.txt", "hum")

    assert refusal(sources) == (
        "solutions/01_hum: The folder is not a lesson: it has no 01_hum.nb.py. "
        "Write solutions/01_hum/01_hum.nb.py, or run `rm -r solutions/01_hum`."
    )


def test_a_lesson_that_is_not_registered_is_refused(sources: TinyCourse):
    """Without its exercises a lesson has no points."""
    sources.write("solutions/01_hum/01_hum.nb.py", "# %%\n1\n")

    assert refusal(sources) == (
        "solutions/01_hum: No lesson of the course is called 01_hum. "
        "Register the lesson in grader/exercises, or rename the folder."
    )


def test_an_exercise_of_another_lesson_is_refused(sources: TinyCourse):
    """The message names the lesson that the exercise belongs to."""
    hum = replace(SHOUT, name="01_hum", exercises=(make_exercise("hum"),))
    sources.write(
        "solutions/01_hum/01_hum.nb.py",
        SOURCE.replace('"shout"', '"hum"').replace("check_shout", "check_hum"),
    )
    sources.edit('"grade_id": "shout"', '"grade_id": "hum"')

    with pytest.raises(AuthoringError) as caught:
        build(sources.root, (SHOUT, hum))

    assert str(caught.value).split("\n")[0] == (
        f"{SOURCE_PATH}:15: The lesson has no exercise hum; it belongs to 01_hum. "
        "Correct the grade_id, or register the exercise in grader/exercises."
    )


def test_check_reports_what_build_refuses(course: TinyCourse):
    """A source that cannot be built is one problem, not one for each law that needs it."""
    course.edit("### BEGIN SOLUTION", "### BEGIN SOLUTON")

    assert course.check() == [
        Problem(
            "markers",
            f"{SOURCE_PATH}:20",
            "The marker `### BEGIN SOLUTON` is not spelt as nbgrader and this course expect.",
            "Write `### BEGIN SOLUTION`, alone on its line.",
        )
    ]
