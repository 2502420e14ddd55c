from collections.abc import Callable
from typing import Any

import pytest

from grader.authoring import Problem
from tests.authoring.tiny_course import (
    COURSE_PATH,
    DOCSTRING,
    REGION,
    TinyCourse,
    at,
    make_exercise,
)

BUILD = "Run `grader build`."


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            DOCSTRING + REGION,
            REGION.replace("SOLUTION\n    loud", f"SOLUTION\n{DOCSTRING}    loud"),
            Problem(
                "stubs",
                at(15),
                "The stub of shout lacks its solution's docstring.",
                "Move the docstring above `### BEGIN SOLUTION`.",
            ),
            id="docstring in the solution",
        ),
    ],
)
def test_a_docstring_that_the_stub_lacks_is_seen(
    course: TinyCourse, old: str, new: str, problem: Problem
):
    """The docstring is the task; it stands above the region."""
    course.edit(old, new)
    course.build()

    assert course.check() == [problem]


WHOLE = "def shout(text: str) -> str:\n" + DOCSTRING + REGION
REDEFINED = (
    "def shout(text):\n"
    + DOCSTRING
    + REGION
    + "\n### BEGIN SOLUTION\ndef shout(text: str) -> str:\n"
    + DOCSTRING
    + "    return text.upper()\n### END SOLUTION"
)
HIDDEN = (
    "### BEGIN SOLUTION\ndef shout(text: str) -> str:\n"
    + DOCSTRING
    + "    return text.upper()\n### END SOLUTION"
)


@pytest.mark.parametrize(
    ("new", "what", "fix"),
    [
        pytest.param(
            REDEFINED,
            "The stub of shout has another signature.",
            "Define it once, above the region.",
            id="another signature",
        ),
        pytest.param(
            HIDDEN,
            "The stub defines no shout.",
            "Leave the `def` or `class` line of shout outside the SOLUTION region.",
            id="no definition left",
        ),
    ],
)
def test_a_solution_outside_its_function_is_seen(course: TinyCourse, new: str, what: str, fix: str):
    """The stub is not what the solution is, and its cell raises as soon as it is run."""
    course.edit(WHOLE, new)
    course.build()

    assert course.check() == [
        Problem("stubs", at(15), what, fix),
        Problem(
            "blank",
            at(15),
            "The blank shout cannot be judged: its cell stops at `raise NotImplementedError` with "
            "NotImplementedError.",
            "Correct the stub, or the check in grader/exercises.",
        ),
    ]


CLASS_SOURCE = '''\
class shout:
    """Say things in capitals.

    4 minutes, 3 points.
    """

    def __init__(self, text: str) -> None:
        """Keep the text."""
        ### BEGIN SOLUTION
        self.text = text
        ### END SOLUTION

    def __eq__(self, other: object) -> bool:
        """Tell whether the capitals are these."""
        ### BEGIN SOLUTION
        return self._capitals() == other

    def _capitals(self) -> str:
        return self.text.upper()
        ### END SOLUTION
'''


def test_a_class_may_have_several_regions_and_private_methods_of_its_own(course: TinyCourse):
    """What a learner must write is promised; how the solution does it is not."""
    course.edit(WHOLE + "\n", CLASS_SOURCE)
    course.build()

    assert course.check() == []


def test_a_public_method_that_the_stub_lacks_is_seen(course: TinyCourse):
    """A learner cannot know of a method that only the solution has."""
    source = CLASS_SOURCE.replace("_capitals", "capitals")
    course.edit(WHOLE + "\n", source)
    course.build()

    assert course.check() == [
        Problem(
            "stubs",
            at(15),
            "The stub of shout lacks shout.capitals.",
            "Leave the `def` line of shout.capitals outside the SOLUTION region.",
        )
    ]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            "4 minutes, 3 points.",
            "5 minutes, 3 points.",
            Problem(
                "worth",
                at(15),
                "The docstring of shout states '5 minutes, 3 points.'.",
                "Write `4 minutes, 3 points.` on a line of its own, "
                "or change the exercise in grader/exercises.",
            ),
            id="other minutes",
        ),
        pytest.param(
            "\n\n    4 minutes, 3 points.\n    ",
            "",
            Problem(
                "worth",
                at(15),
                "The docstring of shout states neither minutes nor points.",
                "Write `4 minutes, 3 points.` on a line of its own, "
                "or change the exercise in grader/exercises.",
            ),
            id="no minutes and points",
        ),
    ],
)
def test_a_docstring_that_states_another_worth_is_seen(
    course: TinyCourse, old: str, new: str, problem: Problem
):
    """A learner reads minutes and points where the exercise is."""
    course.edit(old, new)
    course.build()

    assert course.check() == [problem]


def test_one_minute_and_one_point_are_singular(course: TinyCourse):
    """The docstring is read by people."""
    course.edit("4 minutes, 3 points.", "1 minute, 1 point.")
    broken = course.having(exercises=(make_exercise(points=1, minutes=1),))
    broken.build()

    assert [each.law for each in broken.check()] == ["readme", "solved"]


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        pytest.param(
            lambda course: course.edit('"points": 3', '"points": 5', path=COURSE_PATH),
            [
                Problem("fresh", COURSE_PATH, "The file is not what its source gives now.", BUILD),
                Problem(
                    "points",
                    COURSE_PATH,
                    "The check of shout carries 5 points; the exercise is worth 3.",
                    "Run `grader build --force`.",
                ),
            ],
            id="points edited",
        ),
    ],
)
def test_a_check_that_carries_other_points_is_seen(
    course: TinyCourse, change: Callable[[TinyCourse], Any], problems: list[Problem]
):
    """nbgrader counts the points of the check cell."""
    change(course)

    assert course.check() == problems
