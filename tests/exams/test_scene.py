"""A scene's clock: time passes when the exam says so."""

from typing import Any

from grader.exams import Exam
from grader.simulator import Turn, text
from tests.exams.small_exercise import judged

SOURCE = """
LONG = "Answer politely, and never promise a refund. " * 300
def answer(client):
    block = {"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}}
    message = client.messages.create(model="claude-sonnet-4-6", max_tokens=9, system=[block],
                                     messages=[{"role": "user", "content": "Hello"}])
    return message.usage.cache_read_input_tokens > 0
"""


def test_cached_prefixes_grow_old_without_waiting() -> None:
    """A hit before five minutes have passed, a miss after."""
    hits: list[object] = []

    def check(exam: Exam) -> None:
        scene = exam.scene(*[text("Hi.")] * 4)
        for minutes in (0, 4.9, 4.9, 5.1):
            scene.pass_time(minutes=minutes)
            hits.append(exam.call(scene.client).value)

    judged(check, SOURCE)
    assert hits == [False, True, True, False]


ASKING = """
def answer(client, words):
    messages = [{"role": "user", "content": words}]
    message = client.messages.create(model="claude-sonnet-4-6", max_tokens=9, messages=messages)
    return message.content[0].text
"""


def test_an_answering_scene_replies_to_what_is_asked() -> None:
    """In any order, and as often as it is asked."""
    said: list[object] = []

    def reply(request: Any, _card: object) -> Turn:
        return text(request["messages"][0]["content"].upper())

    def check(exam: Exam) -> None:
        scene = exam.answering_scene(reply)
        said.extend(exam.call(scene.client, words).value for words in ("b", "a", "b"))
        assert len(scene.requests) == 3

    judged(check, ASKING)
    assert said == ["B", "A", "B"]


COUNTING = """
def answer(client):
    request = {"model": "claude-sonnet-4-6", "messages": [{"role": "user", "content": "Hello"}]}
    client.messages.count_tokens(**request)
    client.messages.create(max_tokens=9, **request)
    client.models.list()
"""


def test_counts_are_told_apart_from_messages() -> None:
    """A check can say which of the two was asked for; a panel shows both as evidence."""
    found: list[object] = []

    def check(exam: Exam) -> None:
        scene = exam.scene(text("Hi."))
        exam.call(scene.client)
        found.extend((scene.counts, scene.requests, scene.bodies))

    verdict = judged(check, COUNTING)
    asked = {"model": "claude-sonnet-4-6", "messages": [{"role": "user", "content": "Hello"}]}
    sent = {"max_tokens": 9, **asked}
    assert found == [[asked], [sent], [asked, sent]]
    assert verdict.requests == (asked, sent)
