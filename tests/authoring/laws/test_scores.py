import pytest

from grader.authoring import Problem
from tests.authoring.tiny_course import DEMO, REGION, TinyCourse, at


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            REGION,
            "    ### BEGIN SOLUTION\n    return text.lower()\n    ### END SOLUTION",
            Problem(
                "solved",
                at(15),
                "The solution of shout gives 'Not yet' with 0 of 3 points.",
                "Correct the solution, or the check in grader/exercises.",
            ),
            id="wrong solution",
        ),
    ],
)
def test_a_wrong_solution_is_seen(course: TinyCourse, old: str, new: str, problem: Problem):
    """Every solution gets full marks."""
    course.edit(old, new)
    course.build()

    assert course.check() == [problem]


def test_a_stub_that_scores_is_seen(course: TinyCourse):
    """Points for nothing would be given to everyone."""
    course.edit(
        "    ### BEGIN SOLUTION", '    if text == "a":\n        return "A"\n    ### BEGIN SOLUTION'
    )
    course.build()

    assert course.check() == [
        Problem(
            "blank",
            at(15),
            "The blank shout gives 'Correct' with 3 of 3 points; expected 'Not started' with 0.",
            "Correct the stub, or the check in grader/exercises.",
        )
    ]


def test_a_stub_that_counts_as_an_attempt_is_seen(course: TinyCourse):
    """An untouched exercise was not started, whatever it scores."""
    course.edit(
        "    ### BEGIN SOLUTION", '    if text == "a":\n        return "a"\n    ### BEGIN SOLUTION'
    )
    course.edit("loud_letters = [", 'text = "A"; loud_letters = [')
    course.build()

    assert [(each.law, each.what) for each in course.check()] == [
        (
            "blank",
            "The blank shout gives 'Not yet' with 0 of 3 points; expected 'Not started' with 0.",
        ),
        ("solved", "The solution of shout gives 'Not yet' with 0 of 3 points."),
    ]


def test_a_solution_may_use_what_the_lesson_defines(course: TinyCourse):
    """Imports, constants and functions of demo cells are there, and demos are not run."""
    course.edit('GREETING = "hello"', 'GREETING = "hello"\nMARK = GREETING[:0]\nraise SystemExit')
    course.edit(DEMO, "def join(letters):\n    return MARK.join(letters)\n\nclient = connect()")
    course.edit('"".join(loud_letters)', "join(json.loads(json.dumps(loud_letters)))")
    course.build()

    assert course.check() == []


def test_a_demo_may_use_the_names_that_a_solution_uses_for_itself(course: TinyCourse):
    """What is local to a function is not looked up in the notebook."""
    course.edit(DEMO, "letter = reply.letters\nloud_letters = [letter, client]\nstr.text = letter")
    course.build()

    assert course.check() == []


def test_a_solution_that_awaits_outside_a_function_is_seen(course: TinyCourse):
    """A solution cell defines; what it would run belongs in a demo."""
    course.edit("    ### END SOLUTION", "    ### END SOLUTION\n\nawait pause")
    course.edit(DEMO, "pause = None")
    course.build()

    failure = "its cell stops at `await pause` with SyntaxError: 'await' outside function"
    assert [(each.law, each.what.split(" (")[0]) for each in course.check()] == [
        ("blank", f"The blank shout cannot be judged: {failure}"),
        ("solved", f"The solution of shout cannot be judged: {failure}"),
    ]


def test_a_solution_whose_cell_fails_is_seen(course: TinyCourse):
    """The statement that fails is named with its error."""
    course.edit("def shout(text: str) -> str:", "def shout(text: str = MISSING) -> str:")
    course.build()

    failure = (
        "its cell stops at `def shout(text: str=MISSING) -> str:` with "
        "NameError: name 'MISSING' is not defined."
    )
    assert [(each.law, each.what) for each in course.check()] == [
        ("blank", f"The blank shout cannot be judged: {failure}"),
        ("solved", f"The solution of shout cannot be judged: {failure}"),
    ]


def test_what_a_solution_prints_is_not_shown(
    course: TinyCourse, capsys: pytest.CaptureFixture[str]
):
    """The laws say what is wrong, and nothing else is printed."""
    course.edit("    ### BEGIN SOLUTION", '    print("loud")\n    ### BEGIN SOLUTION')
    course.build()

    assert course.check() == []
    assert capsys.readouterr().out == ""
