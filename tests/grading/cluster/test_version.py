"""Which workers fit: the same course, code, Python and libraries, told apart in words."""

import copy
from typing import Any

import pytest

from grader.exercises import COURSE
from grader.grading.cluster.version import difference, version_of
from grader.grading.keys import key_of
from tests.grading.class_folder import ROOT

HERE = version_of(ROOT)
NAME = COURSE[0].name


def test_the_same_checkout_fits() -> None:
    """It differs in nothing from itself."""
    assert difference(HERE, copy.deepcopy(HERE)) == ""


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (("libraries", 0), "other instead of python"),
        (("libraries", 1), "other instead of anthropic"),
        (("lessons", NAME), f"another notebook of {NAME}"),
        (("code", NAME), "another version of the grader"),
        (("way",), "another version of the grader"),
    ],
)
def test_whatever_differs_is_named(where: tuple[Any, ...], said: str) -> None:
    """Every part of a key that a worker brings along."""
    there = copy.deepcopy(HERE)
    part: Any = there
    for step in where[:-1]:
        part = part[step]
    part[where[-1]] = "other"
    assert said in difference(HERE, there)


def test_other_lessons_are_named() -> None:
    """A worker with a course that has one lesson less."""
    there = copy.deepcopy(HERE)
    del there["lessons"][NAME]
    assert "other lessons" in difference(HERE, there)


def test_all_that_a_key_is_made_of_is_compared() -> None:
    """Two that don't differ give the same key: the rest of it comes with the job."""
    digests = {each.name: HERE["lessons"][each.name] for each in COURSE}
    for lesson, digest in digests.items():
        assert key_of("ada", lesson, "d", course=digest, seed="s") == key_of(
            "ada", lesson, "d", course=version_of(ROOT)["lessons"][lesson], seed="s"
        )
