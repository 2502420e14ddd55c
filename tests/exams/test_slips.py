"""How a check names what it has seen: the first slip that the exercise has words for."""

from typing import Any

import pytest

from grader.exams import Called, Exam, Slip
from tests.exams.small_exercise import judged

RIGHT = "def answer(x=None): return x"


def _found(check: Any, source: str = RIGHT) -> tuple[str | None, str, int]:
    verdict = judged(check, source)
    saw = verdict.finding.saw if verdict.finding else ""
    return verdict.diagnosis, saw, verdict.points


def test_a_case_that_the_exercise_lacks_is_passed_over() -> None:
    """So exercises share a judge, and each names what it has words for."""

    def check(exam: Exam) -> None:
        cases = {"nowhere": True, "other": True, "wrong": True}
        exam.expect("one", False, exam.which(cases, otherwise="wrong"))

    assert _found(check)[0] == "other"


@pytest.mark.parametrize(
    ("cases", "slip"),
    [
        ({"other": False}, Slip("wrong", "usual")),
        ({"other": True}, Slip("other", "usual")),
        ({"division": (False, "a"), "other": (True, "b")}, Slip("other", "b")),
        ({"nowhere": (True, "a")}, Slip("wrong", "usual")),
    ],
)
def test_a_slip_has_what_shows_it(cases: Any, slip: Slip) -> None:
    """Its own evidence, or the usual one."""
    slips = []

    def check(exam: Exam) -> None:
        slips.append(exam.slip(cases, otherwise="wrong", observed="usual"))

    judged(check, RIGHT)
    assert slips == [slip]


def test_a_slip_costs_each_criterion_that_it_judges() -> None:
    """The finding is the slip, with its evidence."""

    def check(exam: Exam) -> None:
        exam.judge(None, "one", "two")
        exam.judge(Slip("other", 7), "two")

    assert _found(check) == ("other", "It was `7`.", 1)


def test_no_slip_leaves_a_lost_criterion_lost() -> None:
    """A criterion that is judged twice must be met twice."""

    def check(exam: Exam) -> None:
        exam.judge(Slip("other", 7), "one", "two")
        exam.judge(None, "one", "two")

    assert _found(check) == ("other", "It was `7`.", 0)


def test_a_slip_without_words_is_told_by_a_coarser_one() -> None:
    """What the exercise has words for goes before."""

    def check(exam: Exam) -> None:
        exam.judge(Slip("nowhere", 7), "one", otherwise="wrong")

    assert _found(check) == ("wrong", "It was `7`.", 0)

    def exact(exam: Exam) -> None:
        exam.judge(Slip("other", 7), "one", otherwise="wrong")

    assert _found(exact)[0] == "other"


def test_what_was_sent_is_judged_also_when_the_call_ends_the_exam() -> None:
    """The judge is given what came of the call, or None."""
    seen: list[Called | None] = []

    def check(exam: Exam) -> None:
        exam.call(3, judges=("one",), sent=seen.append)

    judged(check, RIGHT)
    judged(check, "def answer(x): return 1 / 0")
    assert [called and called.value for called in seen] == [3, None]
