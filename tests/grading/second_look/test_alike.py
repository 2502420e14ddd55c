"""Pairs that are told: those that copied, and by chance next to nobody."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.grading.second_look.alike import Pair, WrittenAnswer, alike_pairs

NOTHING: dict[str, str] = {}
EXERCISES = ("first_call", "describe_reply", "run_tools", "split_system")


def written(draw: random.Random, exercise: str, habit: int) -> str:
    """Return an answer of ten lines: some as everybody has, some of few, some by habit."""
    lines = []
    for place in range(10):
        # Few variants are common, and many are rare.
        variant = min(int(draw.paretovariate(0.7)), 400)
        lines.append(
            f"    value = {exercise}_{place}(request, {variant}, {habit if place % 3 == 0 else 0})"
        )
    return f"def {exercise}(request):\n" + "\n".join(lines) + "\n    return value\n"


def of_class(seed: int, students: int, habits: int = 1) -> list[WrittenAnswer]:
    """Return a class in which everybody works alone; habits: how many ways to write there are."""
    draw = random.Random(seed)
    answers = []
    for number in range(students):
        habit = draw.randrange(habits)
        answers += [
            WrittenAnswer(f"s{number:03}", each, written(draw, each, habit)) for each in EXERCISES
        ]
    return answers


def copied(
    answers: Sequence[WrittenAnswer], one: str, other: str, exercises: Sequence[str]
) -> list[WrittenAnswer]:
    """Return a class in which one has another's answers to some exercises."""
    source = {each.exercise: each.code for each in answers if each.student == one}
    return [
        WrittenAnswer(each.student, each.exercise, source[each.exercise])
        if each.student == other and each.exercise in exercises
        else each
        for each in answers
    ]


@pytest.mark.parametrize(("students", "habits"), [(12, 1), (40, 6)])
def test_by_chance_next_to_nobody_is_told(students: int, habits: int) -> None:
    """Neither in small classes nor in large ones, nor where people have habits."""
    told = [
        pair for seed in range(8) for pair in alike_pairs(of_class(seed, students, habits), NOTHING)
    ]
    assert told == []


@pytest.mark.parametrize("students", [12, 40])
def test_who_copied_most_of_a_lesson_is_told_and_nobody_else(students: int) -> None:
    """With what they share, the rarest first, and how many others have it."""
    for seed in range(2):
        answers = copied(of_class(seed, students), "s003", "s007", EXERCISES[:3])
        pairs = alike_pairs(answers, NOTHING)
        assert [each.students for each in pairs] == [("s003", "s007")]
        others = [each.others for each in pairs[0].shared]
        assert others == sorted(others)
        assert {each.exercise for each in pairs[0].shared} >= set(EXERCISES[:3])


def test_what_the_course_gives_says_nothing() -> None:
    """A solution that two copied from the lesson is the lesson's."""
    answers = copied(of_class(1, 40), "s003", "s007", EXERCISES)
    solutions = {each.exercise: each.code for each in answers if each.student == "s003"}
    assert alike_pairs(answers, NOTHING)
    assert alike_pairs(answers, solutions) == ()
    assert alike_pairs(answers, {"": "\n".join(solutions.values())}) == ()


def test_what_many_have_says_nothing() -> None:
    """Half of a class with one answer is no pair."""
    answers = of_class(2, 40)
    for number in range(1, 20):
        answers = copied(answers, "s000", f"s{number:03}", EXERCISES)
    assert alike_pairs(answers, NOTHING) == ()


def test_other_names_and_spaces_hide_nothing() -> None:
    """A copy whose variables were renamed is a copy."""
    answers = copied(of_class(3, 40), "s003", "s007", EXERCISES)
    renamed = [
        WrittenAnswer(
            each.student, each.exercise, each.code.replace("value", "my_result").replace(", ", ",")
        )
        if each.student == "s007"
        else each
        for each in answers
    ]
    [pair] = alike_pairs(renamed, NOTHING)
    assert pair.students == ("s003", "s007")


def test_wrong_requests_count_and_right_ones_do_not() -> None:
    """An odd mistake that two make in the same way is told, whatever their code looks like."""
    odd = {"model": "m", "max_tokens": 777, "system": "speak like a pirate", "messages": []}
    extra = {f"field_{number}": number for number in range(12)}

    def found(*, is_wrong: bool) -> tuple[Pair, ...]:
        answers = [
            WrittenAnswer(
                each.student,
                each.exercise,
                each.code,
                ({**odd, **extra, "tool": each.exercise},)
                if each.student in ("s003", "s007")
                else ({"model": "m"},),
                is_wrong=is_wrong,
            )
            for each in of_class(4, 40)
        ]
        return alike_pairs(answers, NOTHING)

    assert [each.students for each in found(is_wrong=True)] == [("s003", "s007")]
    assert {each.kind for each in found(is_wrong=True)[0].shared} >= {"request"}
    assert found(is_wrong=False) == ()


@given(code=st.lists(st.text(max_size=60), min_size=5, max_size=8))
def test_any_text_is_compared(code: list[str]) -> None:
    """What isn't Python, or nothing at all, stops nothing."""
    answers = [WrittenAnswer(f"s{number}", "first_call", text) for number, text in enumerate(code)]
    for pair in alike_pairs(answers, NOTHING):
        assert pair.students[0] < pair.students[1]


def test_a_class_of_nobody_has_no_pairs() -> None:
    """Nor has one of one."""
    assert alike_pairs([], NOTHING) == ()
    assert alike_pairs([WrittenAnswer("ada", "first_call", "x = 1")], NOTHING) == ()
