from collections.abc import Callable
from typing import Any

import pytest

from grader.authoring import Problem
from tests.authoring.tiny_course import TinyCourse


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        pytest.param(
            lambda course: course.edit("| 10 | 1 | 3 |", "| 10 | 2 | 3 |", path="README.md"),
            [
                Problem(
                    "readme",
                    "README.md:5",
                    "The row of 00_shout states '2' exercises; it has 1.",
                    "Write the numbers as in "
                    "`| [Shout](course/00_shout/00_shout.ipynb) | 10 | 1 | 3 |`.",
                )
            ],
            id="README states other numbers",
        ),
        pytest.param(
            lambda course: course.edit(
                "\n| [Shout](course/00_shout/00_shout.ipynb) | 10 | 1 | 3 |", "", path="README.md"
            ),
            [
                Problem(
                    "readme",
                    "README.md",
                    "The table of lessons has no row of 00_shout.",
                    "Add `| [Shout](course/00_shout/00_shout.ipynb) | 10 | 1 | 3 |`.",
                )
            ],
            id="README lacks a lesson",
        ),
        pytest.param(
            lambda course: course.write("README.md", "# A course\n"),
            [
                Problem(
                    "readme",
                    "README.md",
                    "The file has no table of lessons.",
                    "Add one with the header `| Lesson | Minutes | Exercises | Points |` "
                    "and a row for each lesson.",
                )
            ],
            id="README lacks the table",
        ),
    ],
)
def test_a_table_that_is_wrong_is_seen(
    course: TinyCourse, change: Callable[[TinyCourse], Any], problems: list[Problem]
):
    """The row to write is given."""
    change(course)

    assert course.check() == problems


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        pytest.param(
            lambda course: course.edit("00_shout.ipynb", "shout.ipynb", path="README.md"),
            [],
            id="README may link as it likes",
        ),
        pytest.param(lambda course: (course.root / "README.md").unlink(), [], id="no README yet"),
    ],
)
def test_a_table_may_link_as_it_likes_or_be_written_later(
    course: TinyCourse, change: Callable[[TinyCourse], Any], problems: list[Problem]
):
    """Only the numbers of a lesson are compared."""
    change(course)

    assert course.check() == problems
