import pytest

from grader.authoring import Problem
from tests.authoring.tiny_course import (
    COURSE_PATH,
    DEMO,
    REGION,
    SOLVED_PATH,
    SOURCE_PATH,
    TinyCourse,
    at,
)


@pytest.mark.parametrize("path", ["course/00_shout/notes.txt", "course/README.md"])
def test_a_hidden_line_in_the_course_is_seen(sources: TinyCourse, path: str):
    """A line of a solution leaks through any text file, not only through notebooks."""
    text = "Try:\n\n  loud_letters =  [letter.upper() for letter in text]\n"
    sources.write(path.replace("course/00", "solutions/00"), text)
    sources.build()

    assert sources.check() == [
        Problem(
            "secret",
            path,
            "The file shows `loud_letters = [letter.upper() for letter in text]`, "
            f"a hidden line of {SOURCE_PATH}.",
            "Run `grader build`, or take the line out of the file it was copied from.",
        )
    ]


def test_a_solved_notebook_in_the_course_is_seen(course: TinyCourse):
    """Every telling line of a solution that was copied over is named."""
    course.write(COURSE_PATH, course.read(SOLVED_PATH))

    assert [each.what for each in course.check() if each.law == "secret"] == [
        f"The file shows `{line}`, a hidden line of {SOURCE_PATH}."
        for line in (
            "loud_letters = [letter.upper() for letter in text]",
            'return "".join(loud_letters)',
        )
    ]


def test_a_line_that_is_shown_on_purpose_is_no_secret(course: TinyCourse):
    """A demo may use what a solution uses too."""
    course.edit(DEMO, 'letters = ["a"]\nprint([letter.upper() for letter in letters])')
    course.edit(
        REGION,
        "    ### BEGIN SOLUTION\n    letters = text\n"
        "    letters = list(text)\n    print([letter.upper() for letter in letters])\n"
        "    return text.upper()\n    ### END SOLUTION",
    )
    course.build()

    assert course.check() == []


def test_a_hidden_test_in_the_course_is_seen(course: TinyCourse):
    """Lines of hidden tests are secret even in a source that cannot be built."""
    hidden = '\n### BEGIN HIDDEN TESTS\nassert shout("b") == "B"\n### END HIDDEN TESTS'
    course.edit('check("shout")', 'check("shout")' + hidden)
    course.write("course/README.md", 'assert shout("b") == "B"\n')

    assert [(each.law, each.path) for each in course.check()] == [
        ("markers", at(25)),
        ("secret", "course/README.md"),
    ]
