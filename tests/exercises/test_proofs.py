"""Every exercise, proved: its stub, its wrong answers, and its right ones."""

import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from typing import Any

import pytest

from grader.exams import Verdict, verdict_to_json
from grader.exams.evidence import MOST
from grader.exercises import COURSE, find_exercise
from grader.simulator.tokens import text as counting
from grader.simulator.tokens.estimate import estimate_tokens
from tests.exercises.marks import EVERY, RIGHT, WRONG, each_proof, each_right, each_wrong
from tests.exercises.proof import SEEDS, Proof, Wrong
from tests.exercises.proofs import PROOFS

MOST_WRITTEN = MOST + 6_000
"""How many characters a verdict may have in the journal, its words beside its evidence."""
FEW = 2
OVER_SOCKET = [
    wrong
    for _, wrongs in groupby(WRONG, key=lambda wrong: wrong.values[0].exercise)
    for number, wrong in enumerate(wrongs)
    if number < FEW or EVERY
]
RIGHT_OVER_SOCKET = [
    right
    for _, rights in groupby(RIGHT, key=lambda right: right.values[0].exercise)
    for number, right in enumerate(rights)
    if number < FEW or EVERY
]
"""`make proofs` tries every answer over a socket, `make test` a few of each exercise."""


@pytest.fixture(autouse=True)
def _installed_counter_is_not_asked(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """See that no exam counts tokens with what this Python happens to have; see test_counting."""
    wrong = getattr(request.node, "callspec", None) and request.node.callspec.params.get("wrong")
    asked: list[str] = []

    def count(text: str, tokenizer: str) -> int:
        asked.append(text)
        return estimate_tokens(text, tokenizer)

    found = counting.InstalledCounter(count, "", is_used=False)
    monkeypatch.setattr(counting, "installed_counter", lambda: found)
    yield
    # An answer may make a client of its own, which is the notebook's and no exam's.
    assert asked == [] or (wrong and "connect()" in wrong.source)


def test_every_exercise_of_the_course_has_its_proof() -> None:
    """An exercise cannot be added without one."""
    exercises = [exercise.name for lesson in COURSE for exercise in lesson.exercises]
    assert [proof.exercise for proof in PROOFS] == exercises


@each_proof
def test_the_stub_is_not_started(proof: Proof) -> None:
    """What learners get earns nothing, and says so in words."""
    verdict = proof.judge(proof.stub())
    assert (verdict.outcome, verdict.points, verdict.diagnosis) == ("Not started", 0, "not-started")


@each_proof
def test_a_missing_function_is_not_started(proof: Proof) -> None:
    """A renamed function is told apart from a wrong one."""
    verdict = proof.judge("another_name = 1")
    assert (verdict.outcome, verdict.points, verdict.diagnosis) == ("Not started", 0, "missing")


@pytest.mark.parametrize("seed", SEEDS)
@each_wrong
def test_a_wrong_answer_gets_its_own_diagnosis(proof: Proof, wrong: Wrong, seed: int) -> None:
    """The mistake is named, and costs what it should, whatever the fresh data."""
    verdict = proof.judge(wrong.source, seed=seed)
    is_nearly = wrong.points >= Fraction(2, 3) * find_exercise(proof.exercise).points
    assert (verdict.diagnosis, verdict.points, verdict.outcome) == (
        wrong.diagnosis,
        wrong.points,
        wrong.outcome or ("Almost" if is_nearly else "Not yet"),
    )
    assert verdict.finding is not None
    assert wrong.saw in verdict.finding.saw
    assert "{observed}" not in verdict.finding.saw
    assert "``" not in verdict.finding.saw
    assert _is_short(verdict)


@pytest.mark.parametrize("seed", SEEDS)
@each_right
def test_a_right_answer_gets_full_marks(proof: Proof, source: str, seed: int) -> None:
    """The solution and differently written right answers are all Correct."""
    verdict = proof.judge(source, seed=seed)
    assert (verdict.finding, verdict.outcome, verdict.points) == (
        None,
        "Correct",
        find_exercise(proof.exercise).points,
    )
    assert _is_short(verdict)


@pytest.mark.parametrize(("proof", "source"), RIGHT_OVER_SOCKET)
def test_a_right_answer_is_as_right_behind_a_socket(proof: Proof, source: str) -> None:
    """All that passes between exam and answer can be lines of JSON."""
    assert proof.judge_over_socket(source) == proof.judge(source)


@pytest.mark.parametrize(("proof", "wrong"), OVER_SOCKET)
def test_a_wrong_answer_is_as_wrong_behind_a_socket(proof: Proof, wrong: Wrong) -> None:
    """The verdict does not depend on where the code runs."""
    assert _told(proof.judge_over_socket(wrong.source)) == _told(proof.judge(wrong.source))


def _is_short(verdict: Verdict) -> bool:
    """Return whether a verdict is as short on disk as a class of thousands needs it."""
    return len(json.dumps(verdict_to_json(verdict))) <= MOST_WRITTEN


def _told(verdict: Any) -> tuple[object, ...]:
    return verdict.outcome, verdict.judged, verdict.finding, verdict.requests


@each_proof
def test_every_named_mistake_has_a_wrong_answer(proof: Proof) -> None:
    """No diagnosis is dead, and there are three or more."""
    named = {mistake.id for mistake in find_exercise(proof.exercise).mistakes}
    assert named - {wrong.diagnosis for wrong in proof.wrong} == set()
    assert len(named) >= 3


@each_proof
def test_there_are_right_answers_besides_the_solution(proof: Proof) -> None:
    """A check that knows one right answer only would refuse good code."""
    assert len(set(proof.right.values()) - {proof.solution()}) >= 2
