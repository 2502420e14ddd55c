"""A mistake that a check names is one of its exercise: `Exam.which` passes over all others."""

from collections import defaultdict

import pytest

from grader.exams import Exercise
from grader.exercises import COURSE
from tests.exercises.named_mistakes import (
    called_in,
    modules_of,
    named_by_finder,
    named_in,
    source_of,
)

EXERCISES = [exercise for lesson in COURSE for exercise in lesson.exercises]


def _unknown(more: str = "") -> dict[str, set[str]]:
    """Return what each module names that no exercise has which uses it; more: code in each."""
    known: dict[str, set[str]] = defaultdict(set)
    for exercise in EXERCISES:
        for module in modules_of(exercise):
            known[module] |= {mistake.id for mistake in exercise.mistakes}
    named = {module: named_in(source_of(module) + more) for module in known}
    return {
        module: named[module] - known[module] for module in known if named[module] - known[module]
    }


def test_a_mistake_that_a_check_names_is_one_of_its_exercise() -> None:
    """A slip of the pen would otherwise name no mistake, and nobody would notice."""
    assert _unknown() == {}


def test_a_slip_of_the_pen_is_found_wherever_it_stands() -> None:
    """The law reads all places in which a mistake is named."""
    code = """
exam.expect("one", is_right, "typo-1" if is_late else "typo-2", value)
wrong = exam.which({"typo-3": True, name or "typo-4": False}, otherwise="typo-5")
slip = exam.slip({"typo-6": False}, otherwise="typo-5")
exam.judge(Slip("typo-7" if is_late else "typo-8", value), "one")
exam.call(value, judges=("one",), crash="typo-9")
exam.slip({"typo-10": (is_late, value)}, otherwise="typo-11")
exam.call(value, crash={"^KeyError": "typo-12", "^TypeError": Slip("typo-13", value)})
"""
    found = set.intersection(*_unknown(code).values())
    assert found == {f"typo-{number}" for number in range(1, 14)}


_FINDERS = named_by_finder(source_of("grader.exercises.loops.slips"))
_NEVER = {
    "tool_result": {"unanswered", "answered-twice", "reordered", "server-call-answered"},
    "run_tools": {"reordered", "own-key-error", "error-empty"},
    "run_agent": {"own-key-error"},
    "SupportBot": {
        *_FINDERS["find_lost_turn"],
        *_FINDERS["find_lost_value"],
    },
}
"""Slips that never come up: one block answers one call, `run_tools` judges no order and its tools
fail with words, it and `run_agent` hand no other words over, and `SupportBot` has one name for all
that it has no words for."""


@pytest.mark.parametrize("exercise", EXERCISES, ids=[exercise.name for exercise in EXERCISES])
def test_an_exercise_has_words_for_each_slip_that_it_looks_for(exercise: Exercise) -> None:
    """A slip without words would end the exam with an error of ours."""
    own = {each for each in modules_of(exercise) if ".loops" not in each}
    called = set().union(*(called_in(source_of(module)) for module in own))
    if "find_misreport" in called:
        called.add("find_lost_value")
    sought = set().union(*(_FINDERS[each] for each in called & _FINDERS.keys()))
    known = {mistake.id for mistake in exercise.mistakes}
    assert sought - known - _NEVER.get(exercise.name, set()) == set()


def test_each_finder_names_what_it_finds() -> None:
    """The law above looks at something."""
    assert _FINDERS.keys() >= {"find_lost_turn", "find_mismatch", "find_misreport"}
    assert "assistant-dropped" in _FINDERS["find_lost_turn"]
    assert called_in("find_split(x).y(find_mismatch(z))") == {"find_split", "find_mismatch"}
