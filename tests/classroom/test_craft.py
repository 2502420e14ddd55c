"""What an answer sent, beside what the course's own sends."""

import pytest

from grader.classroom import notebook_code
from grader.classroom.craft import tell_craft
from grader.exams import LocalCandidate, Traffic, examine
from grader.exercises import find_exercise

ONE = """
def first_call(client, prompt):
    {more}
    message = client.messages.create(
        model="claude-sonnet-4-6", max_tokens=300, messages=[{{"role": "user", "content": prompt}}]
    )
    return "".join(block.text for block in message.content if block.type == "text")
"""
COUNTED = """client.messages.count_tokens(
        model="claude-sonnet-4-6", messages=[{"role": "user", "content": prompt}]
    )"""


def told(more: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Traffic, str]:
    """Return the traffic of an answer, and what is told of it."""
    names: dict[str, object] = {}
    exec(ONE.format(more=more), names)
    monkeypatch.setattr(notebook_code, "names", lambda: names)
    exercise = find_exercise("first_call")
    verdict = examine(exercise, LocalCandidate(names), seed=7)
    return verdict.traffic, tell_craft(exercise, verdict.traffic, seed=7)


def test_an_answer_like_the_courses_sends_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its requests, tokens and seconds are told; nobody is ranked."""
    traffic, words = told("pass", monkeypatch)
    assert traffic.requests > 0
    assert f"{traffic.requests} requests" in words
    assert f"{traffic.input:,} tokens in" in words
    assert words.endswith("The course's own answer sends as much.")


def test_an_answer_that_sends_more_is_told_what_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers of both stand side by side."""
    least, _ = told("pass", monkeypatch)
    traffic, words = told(COUNTED, monkeypatch)
    assert traffic.requests == 2 * least.requests
    assert f"sends {least.requests} requests" in words


def test_nothing_is_told_where_nothing_was_sent() -> None:
    """A pure function has no traffic."""
    assert tell_craft(find_exercise("text_of"), Traffic(), seed=1) == ""


def test_without_the_solutions_there_is_nothing_to_compare(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A class has only the notebooks."""
    from grader.errors import SolutionNotShown

    def absent(_exercise: object) -> str:
        raise SolutionNotShown("not here")

    monkeypatch.setattr("grader.classroom.craft.course_answer", absent)
    _, words = told("pass", monkeypatch)
    assert "course's own" not in words
