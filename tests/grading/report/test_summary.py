"""What a class's results add up to."""

from dataclasses import replace
from pathlib import Path

import pytest

from grader.grading.hand_in_times import HandIn
from grader.grading.report import Summary, read_class_results, summarize
from grader.grading.report.reading import ClassResults
from grader.grading.report.summary import LessonPoints, Misconception, Stage, Stuck
from grader.grading.result import Result
from grader.grading.standing import ByHand, Held, Terms, decide
from tests.grading.class_folder import START, STRUCTURE
from tests.grading.made_results import result
from tests.grading.made_standings import NOON, standing_of
from tests.grading.report.made_class import ADAS_POINTS, STRUCTURE_POINTS, write_class


@pytest.fixture
def summary(tmp_path: Path) -> Summary:
    """Give the summary of a class of five."""
    return summarize(read_class_results(write_class(tmp_path)))


def test_points_of_each_lesson(summary: Summary) -> None:
    """Who has no result is not counted as 0."""
    assert summary.lessons == (
        LessonPoints(START, 7, (0, 2, 5, 7)),
        LessonPoints(STRUCTURE, STRUCTURE_POINTS, (ADAS_POINTS,)),
    )
    assert (summary.lessons[0].mean, summary.lessons[0].median) == (3.5, 3.5)
    assert (summary.students, summary.submissions) == (5, 6)
    assert [each.student for each in summary.troubles] == ["eve"]


def test_bins_hold_everybody_once() -> None:
    """0 is in the first tenth and full marks are in the last."""
    assert LessonPoints("", 25, (0, 2, 3, 12, 13, 24, 25)).bins == (2, 1, 0, 0, 1, 1, 0, 0, 0, 2)


def test_difficulty_counts_each_outcome(summary: Summary) -> None:
    """In the order of the lesson, with the part of the points that was earned."""
    first, second = summary.exercises[:2]
    assert (first.exercise, second.exercise) == ("first_call", "describe_reply")
    assert dict(first.outcomes) == {
        "Correct": 1,
        "Almost": 0,
        "Not yet": 2,
        "Crashed": 0,
        "Not started": 1,
    }
    assert first.share == first.automatic == 8 / 16
    assert [each.lesson for each in summary.exercises] == [START] * 2 + [STRUCTURE] * 5


def test_misconceptions_have_name_title_and_count(summary: Summary) -> None:
    """A blank answer is no misconception."""
    assert summary.misconceptions == (
        Misconception(
            START,
            "first_call",
            "returned-block",
            "You returned a block or a message instead of its text.",
            2,
        ),
    )


def test_who_is_stuck_where(summary: Summary) -> None:
    """Who tried and failed is told apart from who has not begun; solved exercises are left out."""
    assert summary.stuck == (
        Stuck(START, "first_call", ("ben", "cho"), ("dee",)),
        Stuck(START, "describe_reply", (), ("cho", "dee")),
        Stuck(STRUCTURE, "finish_reason", (), ("ada",)),
    )


def test_time_of_each_stage(summary: Summary) -> None:
    """In the order in which the stages come."""
    assert summary.stages == (
        Stage("run", 6.0, 2.0, 3.0, 0.75),
        Stage("judge", 2.0, 0.5, 1.0, 0.25),
    )
    assert summary.levels == {"landlock": 1, "namespaces": 2}


def test_points_given_by_hand_are_earned_too() -> None:
    """Beside what the checks gave."""
    held = Held(by_hand={"first_call": ByHand(4, 0.5)})
    blank = result("ada", first_call="blank")
    standings = standing_of(blank, held=held), standing_of(replace(blank, student="ben"))
    first, second = summarize(ClassResults(standings, {})).exercises
    assert (first.share, first.automatic) == (4.5 / 8, 0)
    assert (second.share, second.automatic) == (1, 1)


def test_everything_without_a_result_is_counted() -> None:
    """A file of nobody and a student without a lesson too; what an earlier try has is told."""
    torn = Result("ada", START, trouble="It is torn.")
    earlier = [(HandIn(NOON), "ab" * 32, result("ada"))]
    standings = (
        decide(("ada", START), earlier, terms=Terms(), trouble=torn),
        standing_of(result("ben")),
        *(
            standing_of(each)
            for each in (
                Result("cho", START, trouble="It is no notebook."),
                Result("dee", "", trouble="There is nothing."),
                Result("", "", trouble="loose.ipynb belongs to nobody."),
            )
        ),
    )
    found = summarize(ClassResults(standings, {}))
    counts = found.students, found.submissions, found.without_result, found.from_earlier
    assert counts == (4, 5, 3, 1)
    assert len(found.troubles) == 3
