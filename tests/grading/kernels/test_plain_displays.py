"""What the course draws arrives in words; what a learner's own code shows arrives whole."""

import pytest

from grader.classroom import broken_turns, show
from grader.grading.clean_outputs import clean_outputs
from grader.grading.sandbox import probe
from tests.grading.kernels.asking import run
from tests.grading.kernels.conftest import Kernels

pytestmark = pytest.mark.xdist_group("grading")

_PLAYED = "from grader.classroom import broken_turns, show\nbroken_turns()"


def test_words_alone_are_sent(sealed_kernel: Kernels) -> None:
    """They are all that a graded notebook keeps, so nothing is lost by it."""
    kernel = sealed_kernel(probe())
    played = run(kernel, _PLAYED).outputs
    data = [each["data"] for each in (*played, *run(kernel, "show({'a': '\\ud800'})").outputs)]
    assert data == [
        {"text/plain": broken_turns().text},
        {"text/plain": ""},
        {"text/plain": show({"a": "\ud800"}).text.encode("utf-8", "backslashreplace").decode()},
    ]
    assert [each["data"] for each in clean_outputs(played)] == data[:2]


def test_a_learners_object_is_asked_for_all_that_it_shows(sealed_kernel: Kernels) -> None:
    """Their code may count on being called."""
    source = "class A:\n    __repr__ = _repr_html_ = lambda self: '<p>'\n\nA()"
    [output] = run(sealed_kernel(probe()), source).outputs
    assert output["data"] == {"text/plain": "<p>", "text/html": "<p>"}
