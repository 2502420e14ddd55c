"""What holds for every exercise, whatever it asks for."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from itertools import count
from typing import Any

from grader.exams import Exam, LocalCandidate, Verdict, panel
from grader.exercises import find_exercise
from grader.sources import source_path
from tests.exercises.marks import EVERY, each_proof, each_wrong
from tests.exercises.proof import ROOT, SEEDS, Proof, Wrong


def _headings(proof: Proof) -> set[str]:
    path = ROOT / source_path(find_exercise(proof.exercise).lesson)
    return set(re.findall(r"^# ## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE))


def _with(proof: Proof, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> dict[str, Any]:
    """Return the names of the solution, with its function wrapped."""
    names = proof.names(proof.solution())
    return {**names, proof.exercise: wrap(names[proof.exercise])}


@each_proof
def test_a_hint_ladder_has_three_different_steps(proof: Proof) -> None:
    """Each rung says something new."""
    exercise = find_exercise(proof.exercise)
    ladders = [exercise.hints, *(each.hints for each in exercise.mistakes if each.hints)]
    assert [len(set(ladder)) for ladder in ladders] == [3] * len(ladders)


@each_proof
def test_a_diagnosis_points_to_a_heading_of_its_lesson(proof: Proof) -> None:
    """`Where` names a section that a learner can find."""
    places = {each.where for each in find_exercise(proof.exercise).mistakes}
    assert {place.strip("“”") for place in places} - _headings(proof) == set()
    assert {place for place in places if not re.fullmatch("“.+”", place)} == set()


@each_proof
def test_what_stands_between_quotes_is_a_heading(proof: Proof) -> None:
    """Hints send nobody to a section that is not there."""
    exercise = find_exercise(proof.exercise)
    texts = [*exercise.hints]
    for each in exercise.mistakes:
        texts += [each.title, each.saw, each.why, each.next, *each.hints]
    quoted = {place for text in texts for place in re.findall("“(.+?)”", text)}
    assert quoted - _headings(proof) == set()


@each_proof
def test_sentences_are_whole(proof: Proof) -> None:
    """A panel puts them one after the other: each starts big, or with code, and ends."""
    odd = [
        text
        for each in find_exercise(proof.exercise).mistakes
        for text in (each.title, each.saw, each.why, each.next)
        if not re.fullmatch(r"[A-Z`].*([.?!`]|`\.)", text, re.DOTALL)
    ]
    assert odd == []


@each_proof
def test_the_solution_is_judged_by_every_criterion(proof: Proof) -> None:
    """None is met because nobody looked."""
    exercise = find_exercise(proof.exercise)
    exam = Exam(exercise, LocalCandidate(proof.names(proof.solution())), seed=1)
    verdict = exam.verdict()
    assert verdict.outcome == "Correct"
    assert exam._results == {criterion.id: True for criterion in exercise.criteria}


@each_proof
def test_the_solution_meets_every_shape_of_the_inputs(proof: Proof) -> None:
    """What an exercise declares that its inputs vary in, its check tries."""
    exercise = find_exercise(proof.exercise)
    exam = Exam(exercise, LocalCandidate(proof.names(proof.solution())), seed=1)
    exam.verdict()
    assert exam.tried == exercise.shapes.values


def _until(proof: Proof, last: int, after: Callable[[], Any]) -> Verdict:
    """Return the verdict on code that is right in the first calls; after: what the others do."""
    calls = count()
    return proof.judge_names(
        _with(
            proof,
            lambda solve: (
                lambda *given, **named: solve(*given, **named) if next(calls) < last else after()
            ),
        )
    )


def _calls_to_spoil(proof: Proof) -> list[int]:
    """Return from which calls on a law spoils them: the first, the middle one and the last.

    The last has least to lose: what is wrong from an earlier one on is wrong there too. `make
    proofs` tries every call.
    """
    calls = count()
    names = _with(
        proof,
        lambda solve: lambda *given, **named: (next(calls), solve(*given, **named))[1],
    )
    assert proof.judge_names(names).outcome == "Correct"
    made = next(calls)
    assert made >= 1
    return list(range(made)) if EVERY else sorted({0, made // 2, made - 1})


@each_proof
def test_right_at_first_and_silent_after_is_not_correct(proof: Proof) -> None:
    """Whichever call it is that returns nothing, it costs something."""
    verdicts = [_until(proof, last, lambda: None) for last in _calls_to_spoil(proof)]
    lost = [verdict.maximum - verdict.points for verdict in verdicts]
    assert min(lost) >= 1
    assert lost == sorted(lost, reverse=True)


@each_proof
def test_right_at_first_and_crashing_after_is_not_correct(proof: Proof) -> None:
    """Whichever call it is that stops, it costs something, and says so."""
    verdicts = [_until(proof, last, lambda: 1 // 0) for last in _calls_to_spoil(proof)]
    assert max(verdict.points - verdict.maximum for verdict in verdicts) < 0
    # finish_reason and run_tools ask for an exception in their last calls, only not for this.
    assert {verdict.outcome for verdict in verdicts} <= {"Crashed", "Almost", "Not yet"}
    assert verdicts[0].outcome == "Crashed"


@each_proof
def test_values_copied_from_an_earlier_check_are_not_correct(proof: Proof) -> None:
    """Data is drawn anew for each check, so yesterday's answers are wrong today."""
    returned: list[Any] = []

    def recorded(solve: Callable[..., Any]) -> Callable[..., Any]:
        def function(*given: Any, **named: Any) -> Any:
            try:
                returned.append(solve(*given, **named))
            except Exception as error:
                returned.append(error)
                raise
            return returned[-1]

        return function

    def replayed(solve: Callable[..., Any]) -> Callable[..., Any]:
        values = iter(returned)

        def function(*given: Any, **named: Any) -> Any:
            value = next(values)
            if isinstance(value, Exception):
                raise value
            return value

        return function

    assert proof.judge_names(_with(proof, recorded), seed=100).outcome == "Correct"
    assert proof.judge_names(_with(proof, replayed), seed=100).outcome != "Not started"
    for seed in SEEDS:
        verdict = proof.judge_names(_with(proof, replayed), seed=seed)
        assert verdict.points < verdict.maximum


@each_wrong
def test_no_verdict_reveals_the_solution(proof: Proof, wrong: Wrong) -> None:
    """Before the last hint, no line of it is shown that the learner has not written."""
    verdict = proof.judge(wrong.source)
    assert verdict.finding is not None
    shown = panel(replace(verdict, finding=replace(verdict.finding, hints=())))
    shown += "".join(verdict.finding.hints[:2])
    lines = {line.strip() for line in proof.solution().split('"""')[-1].splitlines()}
    telling = {line for line in lines if len(line) > 20 and line not in wrong.source}
    assert {line for line in telling if line in unescape(shown)} == set()


@each_proof
def test_the_same_seed_gives_the_same_verdict(proof: Proof) -> None:
    """Whoever is graded twice gets the same words twice; every proof shows it over a socket."""
    for wrong in proof.wrong[:3]:
        again = proof.judge_names(proof.names(wrong.source))
        assert proof.judge(wrong.source) == again
