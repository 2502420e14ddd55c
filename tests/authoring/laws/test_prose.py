import pytest

from grader.authoring import Problem
from tests.authoring.tiny_course import PROSE, TinyCourse, at


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            PROSE,
            "# Try it.\n# That is Easy.",
            Problem("words", at(28), "The prose says 'Easy'.", "Leave the word out."),
            id="belittling word",
        ),
        pytest.param(
            PROSE,
            "# Try it \N{ROCKET}.",
            Problem("emoji", at(27), "The prose holds the emoji U+1F680.", "Say it in words."),
            id="emoji",
        ),
        pytest.param(
            PROSE,
            "# The catalog is dated.\n#\n# It was $3.50, or nothing.",
            Problem(
                "prices",
                at(29),
                "The prose states $3.50 without its source.",
                "Compute it from the catalog in a code cell, or name the catalog or the date.",
            ),
            id="price",
        ),
    ],
)
def test_prose_that_is_not_plain_is_seen(course: TinyCourse, old: str, new: str, problem: Problem):
    """The line is named."""
    course.edit(old, new)
    course.build()

    assert course.check() == [problem]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(PROSE, "# Adjust the justification.", id="within a word"),
        pytest.param(PROSE, "# The key `easy` and\n#\n# ```\n# just = 1\n# ```", id="in code"),
        pytest.param(PROSE, "# ○ Not started, ◐ Almost, ✓ met → go on.", id="signs in words"),
        pytest.param(PROSE, "# The catalog says\n# $3 for a million.", id="price from the catalog"),
        pytest.param(PROSE, "# In May 2026 it was $3.", id="price with its date"),
    ],
)
def test_plain_prose_is_no_problem(course: TinyCourse, old: str, new: str):
    """A law that cries at sound lessons would be ignored."""
    course.edit(old, new)
    course.build()

    assert course.check() == []
