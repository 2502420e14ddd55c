"""What grading keeps of a submission is plain JSON, and comes back whole."""

import json

from grader.exams import verdict_from_json, verdict_to_json
from grader.grading.result import (
    ExerciseResult,
    Result,
    canonical,
    result_from_json,
    result_to_json,
)
from tests.exercises.proofs import PROOFS


def sample() -> Result:
    """Return a result with a right, a wrong and an unstarted answer."""
    proof = PROOFS[0]
    sources = (proof.solution(), proof.wrong[0].source, proof.stub())
    # As the journal keeps them: long evidence is cut.
    verdicts = (verdict_from_json(verdict_to_json(proof.judge(source))) for source in sources)
    results = tuple(map(ExerciseResult, verdicts))
    return Result("ada", "00_start_here", "ab" * 32, results, ("One remark.",))


def test_a_result_comes_back_whole() -> None:
    """Through text, as the journal keeps it."""
    result = sample()
    text = canonical(result_to_json(result))
    assert result_from_json(json.loads(text)) == result
    assert "\n" not in text


def test_points_are_the_sum_of_what_was_judged() -> None:
    """The number is never kept apart from the criteria it follows from."""
    result = sample()
    first, second, third = (each.verdict.points for each in result.exercises)
    assert (result.points, third) == (first + second, 0)


def test_trouble_means_no_points() -> None:
    """No result is not the same as 0 points."""
    assert Result("ada", "00_start_here", trouble="Not JSON.").points is None
