"""A mistake that a check names is one of its exercise: `Exam.which` passes over all others."""

from collections import defaultdict

from grader.exercises import COURSE
from tests.exercises.named_mistakes import modules_of, named_in, source_of

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
"""
    found = set.intersection(*_unknown(code).values())
    assert found == {f"typo-{number}" for number in range(1, 12)}
