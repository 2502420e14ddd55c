"""Every exercise, proved: its stub, its wrong answers, and its right ones."""

from typing import Any

import pytest

from grader.exercises import COURSE, find_exercise
from grader.exercises.sources import source_path
from tests.exercises.first_lessons import PROOFS
from tests.exercises.proof import ROOT, SEEDS, Proof, Wrong

WRONG = [
    pytest.param(proof, wrong, id=f"{proof.exercise}-{wrong.diagnosis}-{number}")
    for proof in PROOFS
    for number, wrong in enumerate(proof.wrong)
]
RIGHT = [
    pytest.param(proof, source, id=f"{proof.exercise}-{name}")
    for proof in PROOFS
    for name, source in {"the solution": proof.solution(), **proof.right}.items()
]


def test_every_exercise_of_the_course_has_its_proof() -> None:
    """An exercise cannot be added without one."""
    exercises = [exercise.name for lesson in COURSE for exercise in lesson.exercises]
    assert [proof.exercise for proof in PROOFS] == exercises


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.exercise)
def test_the_stub_is_not_started(proof: Proof) -> None:
    """What learners get earns nothing, and says so in words."""
    verdict = proof.judge(proof.stub())
    assert (verdict.outcome, verdict.points, verdict.diagnosis) == ("Not started", 0, "not-started")


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.exercise)
def test_a_missing_function_is_not_started(proof: Proof) -> None:
    """A renamed function is told apart from a wrong one."""
    verdict = proof.judge("another_name = 1")
    assert (verdict.outcome, verdict.points, verdict.diagnosis) == ("Not started", 0, "missing")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("proof", "wrong"), WRONG)
def test_a_wrong_answer_gets_its_own_diagnosis(proof: Proof, wrong: Wrong, seed: int) -> None:
    """The mistake is named, and costs what it should, whatever the fresh data."""
    verdict = proof.judge(wrong.source, seed=seed)
    assert (verdict.diagnosis, verdict.points, verdict.outcome) == (
        wrong.diagnosis,
        wrong.points,
        wrong.outcome,
    )
    assert verdict.finding is not None
    assert "{observed}" not in verdict.finding.saw


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("proof", "source"), RIGHT)
def test_a_right_answer_gets_full_marks(proof: Proof, source: str, seed: int) -> None:
    """The solution and differently written right answers are all Correct."""
    verdict = proof.judge(source, seed=seed)
    assert (verdict.finding, verdict.outcome, verdict.points) == (
        None,
        "Correct",
        find_exercise(proof.exercise).points,
    )


@pytest.mark.parametrize(("proof", "source"), RIGHT)
def test_a_right_answer_is_as_right_behind_a_socket(proof: Proof, source: str) -> None:
    """All that passes between exam and answer can be JSON text."""
    assert proof.judge_as_json(source) == proof.judge(source)


@pytest.mark.parametrize(("proof", "wrong"), WRONG)
def test_a_wrong_answer_is_as_wrong_behind_a_socket(proof: Proof, wrong: Wrong) -> None:
    """The verdict does not depend on where the code runs."""
    assert _told(proof.judge_as_json(wrong.source)) == _told(proof.judge(wrong.source))


def _told(verdict: Any) -> tuple[object, ...]:
    return verdict.outcome, verdict.judged, verdict.finding, verdict.requests


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.exercise)
def test_every_named_mistake_has_a_wrong_answer(proof: Proof) -> None:
    """No diagnosis is dead, and there are three or more."""
    named = {mistake.id for mistake in find_exercise(proof.exercise).mistakes}
    assert named <= {wrong.diagnosis for wrong in proof.wrong}
    assert len(named) >= 3


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.exercise)
def test_a_hint_ladder_has_three_different_steps(proof: Proof) -> None:
    """Each rung says something new, and none is the solution."""
    exercise = find_exercise(proof.exercise)
    ladders = [exercise.hints, *(each.hints for each in exercise.mistakes if each.hints)]
    assert [len(set(ladder)) for ladder in ladders] == [3] * len(ladders)


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.exercise)
def test_a_diagnosis_points_to_a_heading_of_its_lesson(proof: Proof) -> None:
    """`Where` names a section that a learner can find."""
    exercise = find_exercise(proof.exercise)
    path = ROOT / source_path(exercise.lesson)
    source = path.read_text(encoding="utf-8")
    places = {each.where.strip("“”") for each in exercise.mistakes}
    assert {place for place in places if f"# ## {place}\n" not in source} == set()


def test_an_answer_copied_from_an_earlier_check_fails() -> None:
    """Data is drawn anew for each check."""
    proof = PROOFS[5]
    first, second = (proof.judge(proof.wrong[0].source, seed=seed).printed for seed in (1, 2))
    assert first != second
    verdict = proof.judge(f"def text_of(message):\n    return {first.rstrip(chr(10))!r}", seed=2)
    assert verdict.points == 0
