"""A verdict in words: complete, and harmless in a terminal."""

from pathlib import Path

import pytest

from grader.errors import GradingError
from grader.grading.second_look import FoundResult, explanation, find_result
from tests.grading.class_folder import START, STRUCTURE
from tests.grading.made_results import HOSTILE, hostile_result, result
from tests.grading.made_standings import standing_of
from tests.grading.report.made_class import write_class


def told(**answers: str) -> str:
    """Return the explanation of a made result."""
    return explanation(FoundResult(standing_of(result("ada", **answers)), {}, "Ada (ada)"))


def test_a_mistake_is_told_with_all_its_evidence() -> None:
    """The criteria, what was seen, the hints, and the request that shows it."""
    made = result("ada", first_call="no-max-tokens")
    verdict = made.exercises[0].verdict
    text = explanation(FoundResult(standing_of(made), {"first_call": "my = 'code'"}, "Ada"))
    assert text.startswith(f"Ada · {START} · {made.points} of {made.maximum} points\n")
    assert verdict.finding is not None
    for part in (
        verdict.finding.diagnosis.title,
        verdict.finding.diagnosis.next,
        *verdict.finding.hints,
        *(each.criterion.text for each in verdict.judged),
        "my = 'code'",
    ):
        assert part in text
    assert ("Request 1 of" in text) == bool(verdict.requests)


def test_what_is_correct_takes_a_line_unless_it_is_asked_for() -> None:
    """An office hour is about the rest."""
    made = result("ada")
    found = FoundResult(standing_of(made), {"first_call": "my = 'code'"}, "Ada")
    short, whole = explanation(found), explanation(found, "first_call")
    assert "first_call · ● Correct · 4 of 4 points" in short
    assert "Request" not in short
    assert "my = 'code'" in whole
    assert "describe_reply" not in whole
    assert "Request 1 of" in whole


@pytest.mark.parametrize("said", HOSTILE)
def test_nothing_that_a_submission_says_reaches_the_terminal(said: str) -> None:
    """Escape sequences and marks of direction are shown, not obeyed."""
    text = explanation(
        FoundResult(standing_of(hostile_result("eve", said)), {"first_call": said}, said)
    )
    assert not {"\x1b", "\x00", "\x07", "\x85", "\u202e", "\x9b"} & set(text)
    text.encode()


def test_one_without_a_result_says_why(tmp_path: Path) -> None:
    """There is nothing else to tell."""
    found = find_result(write_class(tmp_path), "eve", START)
    assert "00_start_here.ipynb is not JSON." in explanation(found)


@pytest.mark.parametrize(
    ("student", "lesson", "said"),
    [
        ("adda", START, "Did you mean: ada"),
        ("ben", STRUCTURE, f"ben has no result of {STRUCTURE}"),
        ("zzz", START, "See .*results.json"),
    ],
)
def test_who_is_not_there_is_told_with_the_nearest(
    tmp_path: Path, student: str, lesson: str, said: str
) -> None:
    """A slip in a name is mended in one look."""
    with pytest.raises(GradingError, match=said):
        find_result(write_class(tmp_path), student, lesson)


def test_a_folder_without_results_names_the_command(tmp_path: Path) -> None:
    """Not a traceback."""
    with pytest.raises(GradingError, match="Run `grader grade"):
        find_result(tmp_path, "ada", START)


def test_answers_explain_themselves() -> None:
    """The made results of other tests have one mistake in words each."""
    assert "Saw:" in told(first_call="returned-block")
