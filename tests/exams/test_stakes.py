"""What is at stake when an exam ends early, and what a forged question or report can win."""

from typing import Any

import pytest

from grader.errors import ExamError
from grader.exams import Exam, LocalCandidate, Slip, examine, panel
from tests.exams.small_exercise import judged, made


def two_calls(exam: Exam) -> None:
    """Judge both criteria in each of two calls."""
    for number in (1, 2):
        value = exam.call(number, judges=("two",), crash="other").value
        exam.expect("one", isinstance(value, int), "wrong", value)
        exam.expect("two", value == number, "wrong", value)


def test_right_once_and_crashing_after_loses_what_the_call_judges() -> None:
    """What was met before the end of an exam is not met after it."""
    verdict = judged(two_calls, "def answer(x): return 1 if x == 1 else [][x]")
    assert (verdict.outcome, verdict.points, verdict.diagnosis) == ("Crashed", 1, "other")


def test_the_pattern_of_a_mistake_comes_before_that_of_the_call() -> None:
    """An exception that says what went wrong says more than where it happened."""
    verdict = judged(two_calls, "def answer(x): return 1 if x == 1 else 1 / 0")
    assert (verdict.outcome, verdict.points, verdict.diagnosis) == ("Crashed", 1, "division")
    assert verdict.traceback != ""


def test_a_crash_after_a_finding_does_not_hide_it() -> None:
    """What was found first is mended first; the traceback is there for who wants it."""
    verdict = judged(two_calls, "def answer(x): return 7 if x == 1 else [][x]")
    assert (verdict.outcome, verdict.points, verdict.diagnosis) == ("Not yet", 1, "wrong")
    assert "IndexError" in panel(verdict)


@pytest.mark.parametrize(
    ("body", "diagnosis", "saw"),
    [
        ("{}['a']", "wrong", "It was `KeyError: 'a'`."),
        ("{}['b']", "other", "It was `5 → KeyError: 'b'`."),
        ("1 / 0", "wrong", "It was `ZeroDivisionError: division by zero`."),
        ("[][0]", "crash", None),
        ("raise KeyError('c')", "crash", None),
    ],
)
def test_a_call_names_its_exceptions_by_their_words(body: str, diagnosis: str, saw: str) -> None:
    """The same exception means one thing for one input, and another for the next."""

    def check(exam: Exam) -> None:
        here = {"^KeyError: 'a'": "wrong", "^KeyError: 'b'": Slip("other", 5), "^Zero": "wrong"}
        exam.call(crash=here)

    verdict = judged(check, f"def answer(): {body}")
    assert (verdict.outcome, verdict.diagnosis) == ("Crashed", diagnosis)
    assert verdict.finding is not None
    assert saw in (None, verdict.finding.saw)


def test_the_input_stands_before_the_exception() -> None:
    """Who reads what was raised also reads for which input."""
    verdict = judged(
        lambda exam: exam.call(None, crash=Slip("other", None)), "def answer(x): return x[0]"
    )
    assert verdict.finding is not None
    assert verdict.finding.saw.startswith("It was `None → TypeError: 'NoneType'")


def two_parts(exam: Exam) -> None:
    """Judge each criterion in a part of its own."""
    for number, criterion in enumerate(("one", "two"), start=1):
        with exam.part():
            value = exam.call(number, judges=(criterion,)).value
            exam.expect(criterion, value == number, "wrong", value)


def test_a_part_that_stops_costs_no_more_than_itself() -> None:
    """The parts after it are judged all the same."""
    verdict = judged(two_parts, "def answer(x): return 1 / 0 if x == 1 else x")
    assert (verdict.outcome, verdict.points, verdict.diagnosis) == ("Crashed", 2, "division")


def test_of_two_parts_that_stop_the_first_is_told() -> None:
    """Diagnosis and traceback are of the same exception."""
    verdict = judged(two_parts, "def answer(x): return 1 / 0 if x == 1 else [][x]")
    assert (verdict.outcome, verdict.points, verdict.diagnosis) == ("Crashed", 0, "division")
    assert "ZeroDivisionError" in verdict.traceback
    assert "IndexError" not in verdict.traceback


def test_a_stub_ends_the_exam_in_a_part_too() -> None:
    """What was not written has no parts."""
    verdict = judged(two_parts, "def answer(x): raise NotImplementedError")
    assert (verdict.outcome, verdict.diagnosis) == ("Not started", "not-started")


@pytest.mark.parametrize(
    "check",
    [
        lambda exam: exam.call(judges=("three",)),
        lambda exam: exam.call(crash="three"),
        lambda exam: exam.call(crash={"^KeyError": Slip("three")}),
        lambda exam: exam.expect("one", True, "three"),
        lambda exam: exam.judge(None, "three"),
        lambda exam: exam.judge(Slip("three"), "one"),
        lambda exam: exam.which({"wrong": True}, otherwise="three"),
    ],
    ids=["judges", "crash", "pattern", "expect", "judge", "slip", "otherwise"],
)
def test_a_slip_in_a_check_shows_whatever_the_answer(check: Any) -> None:
    """A name that does not exist is an error also where nobody went wrong."""
    with pytest.raises(ExamError, match=r"no (criterion|mistake) named 'three'"):
        judged(check, "def answer(): return 1")


def test_an_exception_of_a_class_that_a_check_takes_does_not_end_the_exam() -> None:
    """Naming a base class is enough."""

    def check(exam: Exam) -> None:
        called = exam.call(may_raise=("LookupError",))
        exam.expect("one", called.raised == "IndexError: no", "wrong", called.raised)

    assert judged(check, "def answer(): raise IndexError('no')").points == 1
    assert judged(check, "def answer(): raise TypeError('no')").diagnosis == "crash"


class Forger(LocalCandidate):
    """Ask what no runner of ours asks, then give a report."""

    def __init__(self, question: Any, report: Any) -> None:
        super().__init__({})
        self.question, self.report = question, report

    def run(self, command: Any, ask: Any) -> Any:
        """Return the forged report."""
        self.answer = ask(self.question)
        return self.report


RETURNED = {"outcome": "returned", "value": 1, "arguments": [], "printed": ""}
FAIR = {"ask": "request", "client": 1, "method": "POST", "path": "/v1/messages", "headers": {}}


@pytest.mark.parametrize(
    "question",
    [
        None,
        [],
        "event",
        {},
        {"ask": "points"},
        {"ask": ["event"]},
        {"ask": "event"},
        {"ask": "event", "stream": 1},
        {"ask": "event", "stream": True},
        {"ask": "close", "stream": "1"},
        {"ask": "invoke", "callable": 9, "arguments": [], "keywords": {}},
        {"ask": "invoke", "callable": 1, "arguments": {}, "keywords": {}},
        {**FAIR, "client": 2, "body": ""},
        {**FAIR, "body": None},
        {**FAIR, "body": "x"},
        {**FAIR, "method": 5, "body": ""},
        {**FAIR, "headers": {"x-api-key": 5}, "body": ""},
    ],
    ids=str,
)
def test_a_forged_question_ends_the_exam(question: Any) -> None:
    """Whatever is reported after it, nothing is earned."""

    def check(exam: Exam) -> None:
        exam.scene()
        exam.expect("one", exam.call().value == 1, "wrong")

    forger = Forger(question, RETURNED)
    verdict = examine(made(check), forger, seed=1)
    assert forger.answer == {"over": True}
    assert (verdict.outcome, verdict.points, verdict.diagnosis) == ("Crashed", 0, "garbled")


def test_a_report_on_other_arguments_ends_the_exam() -> None:
    """A check that compares them before and after can rely on their number."""

    def check(exam: Exam) -> None:
        exam.scene()
        exam.expect("one", exam.call([1]).arguments[0] == [1], "wrong")

    question = {**FAIR, "body": ""}
    verdict = examine(made(check), Forger(question, RETURNED), seed=1)
    assert (verdict.points, verdict.diagnosis) == (0, "garbled")
