"""Objects that a learner's class makes: the exam holds a number, the candidate the object."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.exams import Exam, Kept, Opaque, Record, examine
from tests.exams.json_candidate import JsonCandidate
from tests.exams.small_exercise import judged, made

COUNTER = """
class answer:
    def __init__(self, start=0):
        self.value = start
    def add(self, by=1):
        self.value += by
        return self.value
    def copy(self):
        return answer(self.value)
    def itself(self):
        return self
    @property
    def broken(self):
        raise RuntimeError("out of order")
    def unwritten(self):
        raise NotImplementedError
"""


def told(check: Callable[[Exam], Any], source: str = COUNTER) -> Any:
    """Return what a check found out, here and through JSON text."""
    heard: list[Any] = []

    def checking(exam: Exam) -> None:
        heard.append(check(exam))

    judged(checking, source)
    names: dict[str, Any] = {}
    exec(source, names)
    examine(made(checking), JsonCandidate(names), seed=1)
    assert len(heard) == 2
    return heard[0]


def test_an_object_lives_on_between_calls() -> None:
    """Its state is its own, and can be read."""

    def check(exam: Exam) -> Any:
        counter = exam.make(3)
        counter.call("add")
        return counter.call("add", by=10).value, counter.read("value")

    assert told(check) == (14, 14)


def test_what_a_method_makes_can_be_kept_too() -> None:
    """A copy has a life of its own; the same object has the same handle."""

    def check(exam: Exam) -> Any:
        counter = exam.make()
        copy = counter.call("copy", keep=True).value
        itself = counter.call("itself", keep=True).value
        copy.call("add")
        return counter.read("value"), copy.read("value"), itself.handle == counter.handle

    assert told(check) == (0, 1, True)


def test_a_kept_object_can_be_an_argument() -> None:
    """The candidate puts the object itself in its place."""
    source = "class Box: pass\ndef answer(box=None):\n  return box is box.me if box else made()\n"
    source += "def made():\n  box = Box()\n  box.me = box\n  return box\n"

    def check(exam: Exam) -> Any:
        box = exam.make()
        return exam.call(box).value

    assert told(check, source) is True


@pytest.mark.parametrize(
    ("use", "id_", "observed"),
    [
        (lambda kept: kept.call("gone"), "missing-part", "gone"),
        (lambda kept: kept.read("gone"), "missing-part", "gone"),
        (lambda kept: kept.call("value"), "missing-part", "value"),
        (lambda kept: kept.read("broken"), "crash", "RuntimeError: out of order"),
        (lambda kept: kept.call("unwritten"), "not-started", "answer"),
    ],
    ids=["no method", "no attribute", "no function", "a property that raises", "a stub"],
)
def test_what_goes_wrong_is_named(use: Callable[[Kept], Any], id_: str, observed: str) -> None:
    """With the name that was looked for, or what Python said."""
    verdict = judged(lambda exam: use(exam.make()), COUNTER)
    assert verdict.finding is not None
    assert verdict.finding.diagnosis.id == id_
    assert f"`{observed}`" in verdict.finding.saw


def test_a_method_that_was_written_counts_as_started() -> None:
    """One that is not is then an unfinished part, and no reason to say Not started."""

    def check(exam: Exam) -> None:
        counter = exam.make()
        counter.call("add")
        counter.call("unwritten")

    verdict = judged(check, COUNTER)
    assert verdict.outcome == "Crashed"


def test_a_dataclass_is_told_field_by_field() -> None:
    """By its class's name; an object of another class stays opaque."""
    source = (
        "from dataclasses import dataclass\n@dataclass\nclass Result:\n  status: str\n"
        "  parts: list\nclass Plain: pass\n"
        "def answer():\n  return Result('done', [1, (2,)]), Plain"
    )
    record, plain = told(lambda exam: exam.call().value, source)
    assert record == Record("Result", {"status": "done", "parts": [1, (2,)]})
    assert isinstance(plain, Opaque)


def test_a_dataclass_that_cannot_be_read_is_opaque() -> None:
    """It can stop no report."""
    source = (
        "from dataclasses import dataclass\n@dataclass\nclass Result:\n  status: str\n"
        "def answer():\n  result = Result('done')\n  del result.status\n  return result"
    )
    assert isinstance(told(lambda exam: exam.call().value, source), Opaque)
