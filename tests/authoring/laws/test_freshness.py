from collections.abc import Callable
from typing import Any

import pytest

from grader.authoring import Problem
from tests.authoring.tiny_course import COURSE_PATH, MANIFEST_PATH, SOLVED_PATH, TinyCourse

BUILD = "Run `grader build`."


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        pytest.param(
            lambda course: (course.root / COURSE_PATH).unlink(),
            [Problem("fresh", COURSE_PATH, "The file was not built.", BUILD)],
            id="not built",
        ),
        pytest.param(
            lambda course: course.edit("Try it", "Use it"),
            [
                Problem("fresh", path, "The file is not what its source gives now.", BUILD)
                for path in (COURSE_PATH, SOLVED_PATH)
            ]
            + [
                Problem(
                    "fresh",
                    MANIFEST_PATH,
                    "The record of the last build is not of this one.",
                    BUILD,
                )
            ],
            id="source edited",
        ),
        pytest.param(
            lambda course: course.edit("Try it", "Use it", path=SOLVED_PATH),
            [Problem("fresh", SOLVED_PATH, "The file is not what its source gives now.", BUILD)],
            id="notebook edited",
        ),
        pytest.param(
            lambda course: (course.root / MANIFEST_PATH).unlink(),
            [
                Problem(
                    "fresh",
                    MANIFEST_PATH,
                    "The record of the last build is not of this one.",
                    BUILD,
                )
            ],
            id="record lost",
        ),
    ],
)
def test_a_stale_file_is_seen(
    course: TinyCourse, change: Callable[[TinyCourse], Any], problems: list[Problem]
):
    """Every generated file is compared with what a build would write."""
    change(course)

    assert course.check() == problems


def test_a_leftover_of_an_earlier_build_is_seen(sources: TinyCourse):
    """A generated file whose source is gone waits for the next build."""
    sources.write("solutions/00_shout/words.txt", "loud\n")
    sources.build()
    (sources.root / "solutions/00_shout/words.txt").unlink()

    assert sources.check() == [
        Problem(
            "fresh",
            "course/00_shout/words.txt",
            "The source of this generated file is gone.",
            BUILD,
        ),
        Problem("fresh", MANIFEST_PATH, "The record of the last build is not of this one.", BUILD),
    ]


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        pytest.param(
            lambda course: course.write("course/notes.md", "Mine.\n"),
            [
                Problem(
                    "expected",
                    "course/notes.md",
                    "Nothing generates this file, and no author keeps one here.",
                    "Remove it: `rm course/notes.md`.",
                )
            ],
            id="unexpected in course",
        ),
        pytest.param(
            lambda course: course.write("solutions/00_shout/old.ipynb", "{}\n"),
            [
                Problem(
                    "expected",
                    "solutions/00_shout/old.ipynb",
                    "Nothing generates this file, and no author keeps one here.",
                    "Remove it: `rm solutions/00_shout/old.ipynb`.",
                )
            ],
            id="unexpected notebook in solutions",
        ),
        pytest.param(
            lambda course: course.write("solutions/todo.txt", "all\n"),
            [
                Problem(
                    "expected",
                    "solutions/todo.txt",
                    "Nothing generates this file, and no author keeps one here.",
                    "Remove it: `rm solutions/todo.txt`.",
                )
            ],
            id="unexpected in solutions",
        ),
    ],
)
def test_an_unexpected_file_is_seen(
    course: TinyCourse, change: Callable[[TinyCourse], Any], problems: list[Problem]
):
    """The command that removes it is named."""
    change(course)

    assert course.check() == problems
