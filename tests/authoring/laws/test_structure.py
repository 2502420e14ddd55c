import pytest

from grader.authoring import Problem
from grader.exams import Objective
from tests.authoring.tiny_course import CHECK, SOURCE_PATH, TinyCourse, at


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            "# %% [markdown]\n# Turn a text into capitals.\n",
            "",
            Problem(
                "groups",
                at(13),
                "No prose cell stands directly above the solution cell shout.",
                "Put the sentence that sets the task there.",
            ),
            id="no task",
        ),
        pytest.param(
            CHECK,
            "# %%\njson.loads('1')\n" + CHECK,
            Problem(
                "groups",
                at(15),
                "The solution cell shout is not followed by its check.",
                "Put the cell check_shout directly below it.",
            ),
            id="check further down",
        ),
        pytest.param(
            "# # Shout",
            "# # Whisper",
            Problem(
                "heading",
                SOURCE_PATH,
                "The first heading is '# Whisper'; the lesson's title is 'Shout'.",
                "Make them agree, here or in grader/exercises.",
            ),
            id="another title",
        ),
        pytest.param(
            "takes 10 minutes",
            "takes 100 minutes",
            Problem(
                "heading",
                SOURCE_PATH,
                "The opening does not say that the lesson takes 10 minutes.",
                "Write `10 minutes` before the first code cell.",
            ),
            id="another time",
        ),
        pytest.param(
            "takes 10 minutes",
            "takes 10 minutes: 2 exercises, 3 points",
            Problem(
                "heading",
                SOURCE_PATH,
                "The opening states '2 exercises'; the lesson has 1 exercise.",
                "Write `1 exercise` before the first code cell.",
            ),
            id="other exercises",
        ),
        pytest.param(
            "takes 10 minutes",
            "takes 10 minutes: 1 exercise, 7 points",
            Problem(
                "heading",
                SOURCE_PATH,
                "The opening states '7 points'; the lesson has 3 points.",
                "Write `3 points` before the first code cell.",
            ),
            id="other points",
        ),
        pytest.param(
            "make a text loud",
            "make a text soft",
            Problem(
                "objectives",
                SOURCE_PATH,
                "The opening does not name the objective 'Make a text loud.'.",
                "Write it, in these words, before the first code cell.",
            ),
            id="objective not named",
        ),
    ],
)
def test_a_lesson_that_breaks_its_promise_is_seen(
    course: TinyCourse, old: str, new: str, problem: Problem
):
    """Opening and exercises have one shape in every lesson."""
    course.edit(old, new)
    course.build()

    assert course.check() == [problem]


def test_an_objective_without_an_exercise_is_seen(course: TinyCourse):
    """What a lesson promises, an exercise of that lesson shows."""
    broken = course.having(objectives=(Objective("Make a text loud.", ("whisper",)),))

    assert broken.check() == [
        Problem(
            "objectives",
            SOURCE_PATH,
            "No exercise of the lesson serves the objective 'Make a text loud.'.",
            "Name one of shout for it in grader/exercises.",
        ),
        Problem(
            "objectives",
            SOURCE_PATH,
            "The objective 'Make a text loud.' names whisper, which is not an exercise of the "
            "lesson.",
            "Correct the name in grader/exercises.",
        ),
    ]
