"""The system prompt leaves the message list."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import Criterion, Exam, exercise
from grader.exercises.loops import content_text
from grader.exercises.readings import is_same

Json = Any


@exercise(
    minutes=6,
    criteria=[
        Criterion("hoisted", "the system text comes back on its own"),
        Criterion("joined", "several system and developer messages are joined, in order"),
        Criterion("rest", "all other messages come back unchanged, in order"),
        Criterion("none", "without a system message the text is `None`"),
        Criterion("kept", "the caller's list is left as it was"),
    ],
)
def split_system(exam: Exam) -> None:
    """Split lists with one, several and no system message."""
    question = {"role": "user", "content": f"Tell me about {exam.words(2)}."}
    answer = {"role": "assistant", "content": exam.words(4)}
    follow = {"role": "user", "content": exam.words(3)}
    first, second = f"Be {exam.words(1)}.", f"Answer in {exam.words(1)}."
    system = {"role": "system", "content": first}
    developer = {"role": "developer", "content": second}

    _splits(exam, [system, question], first, [question], criterion="hoisted")
    both = f"{first}\n\n{second}"
    _splits(exam, [system, question, answer, developer, follow], both, [question, answer, follow])
    plain = [question, answer, follow]
    _splits(exam, plain, None, plain, criterion="none", crash="empty-not-none")


def _splits(
    exam: Exam,
    given: list[Json],
    system: str | None,
    rest: list[Json],
    *,
    criterion: str = "joined",
    crash: str | None = None,
) -> None:
    called = exam.call(copy.deepcopy(given), judges=(criterion,), crash=crash)
    value = called.value
    if not (isinstance(value, tuple | list) and len(value) == 2):
        exam.expect("rest", False, "not-a-pair", value)
        return
    mine, others = value
    if isinstance(mine, list) and (others is None or isinstance(others, str)):
        exam.expect("rest", False, "swapped", others)
        return
    roles = (
        [message.get("role") for message in others if isinstance(message, dict)]
        if isinstance(others, list)
        else []
    )
    wrong = exam.which(
        {
            "system-left": "system" in roles,
            "developer-left": "developer" in roles,
        },
        otherwise="rest-changed",
    )
    left = next((role for role in roles if role in ("system", "developer")), others)
    exam.expect("rest", is_same(others, rest), wrong, left)
    texts = [
        content_text(message["content"])
        for message in given
        if message["role"] in ("system", "developer")
    ]
    wrong = exam.which(
        {
            "empty-not-none": system is None,
            "system-dropped": not all(words in str(mine) for words in texts),
        },
        otherwise="joined-otherwise",
    )
    exam.expect(criterion, is_same(mine, system), wrong, mine)
    after = called.arguments[0]
    exam.expect("kept", is_same(after, given), "mutated", after)
    # Leaving a list alone earns nothing if the code passed nothing on from it.
    is_passed_on = isinstance(others, list) and any(message in rest for message in others)
    exam.expect("kept", is_passed_on, "rest-changed", others)
