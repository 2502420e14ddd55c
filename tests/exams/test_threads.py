"""A learner's code that asks from several threads at once."""

import sys
from typing import Any

from grader.exams import Exam
from tests.exams.small_exercise import judged

_ALL_AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor

def answer(look_up):
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(look_up, range(80)))
"""


def test_questions_of_many_threads_come_one_after_another() -> None:
    """The exam is in no function of its own twice, and each thread gets its own answer."""
    inside: list[int] = []
    overlaps: list[int] = []
    values: list[Any] = []

    def look_up(number: int) -> int:
        inside.append(number)
        # Long enough that another thread would come in between.
        for _ in range(2_000):
            if len(inside) > 1:
                overlaps.append(number)
        inside.remove(number)
        return number * 2

    def check(exam: Exam) -> None:
        values.append(exam.call(exam.function("look_up", look_up)).value)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        judged(check, _ALL_AT_ONCE)
    finally:
        sys.setswitchinterval(before)
    assert overlaps == []
    assert values == [[number * 2 for number in range(80)]]
