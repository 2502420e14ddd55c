"""Faults of a scene reach the learner's client as they would on a network."""

import pytest

from grader.exams import Exam, examine
from grader.simulator import Scripted, connection_cut, interrupted, overloaded, text, timed_out
from tests.exams.json_candidate import JsonCandidate
from tests.exams.small_exercise import judged, made

PLAIN = """
def answer(client):
    client.messages.create(model="claude-sonnet-4-6", max_tokens=9,
                           messages=[{"role": "user", "content": "Hello"}])
"""
STREAMED = """
def answer(client):
    with client.messages.stream(model="claude-sonnet-4-6", max_tokens=9,
                                messages=[{"role": "user", "content": "Hello"}]) as stream:
        for words in stream.text_stream:
            print(words, end="")
"""


@pytest.mark.parametrize(
    ("source", "reply", "raised"),
    [
        (PLAIN, connection_cut(), "APIConnectionError"),
        (PLAIN, timed_out(), "APITimeoutError"),
        (PLAIN, overloaded(), "OverloadedError"),
        (
            STREAMED,
            interrupted(text("one two three"), after=1, fault=overloaded()),
            "APIStatusError",
        ),
        (
            STREAMED,
            interrupted(text("one two three"), after=1, fault=connection_cut()),
            "RemoteProtocolError",
        ),
    ],
    ids=["cut", "time-out", "overloaded", "error in mid-stream", "cut in mid-stream"],
)
def test_a_fault_is_raised_by_the_sdk(source: str, reply: Scripted, raised: str) -> None:
    """In this process and through JSON text."""
    heard: list[str] = []

    def check(exam: Exam) -> None:
        called = exam.call(exam.scene(reply).client, may_raise=("Exception",))
        heard.append((called.raised or "").split(":")[0])

    judged(check, source)
    names: dict[str, object] = {}
    exec(source, names)
    examine(made(check), JsonCandidate(names), seed=1)
    assert heard == [raised, raised]
