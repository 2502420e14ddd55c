"""Values of every depth, at the edge of Python's own limit: an exam ends, and says why."""

import base64
import json
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from grader.exams import (
    Exam,
    Lines,
    RemoteCandidate,
    Verdict,
    examine,
    panel,
    read,
    verdict_to_json,
)
from grader.exams.evidence import cut_evidence
from grader.exams.shown import shown
from grader.simulator import text
from tests.exams.small_exercise import made
from tests.exams.test_sitting import lines

Json = Any

LIMIT = 400
"""How deep Python may go here: a small limit, so that each depth up to it is tried."""
DEPTHS = range(1, LIMIT + 60, 3)
SHAPES: Mapping[str, tuple[str, str]] = {
    "lists": ("[", "]"),
    "dicts": ('{"a":', "}"),
    "tuples": ('{"$":"tuple","items":[', "]}"),
    "models": ('{"$":"model","type":"a","data":', "}"),
    "records": ('{"$":"record","type":"a","fields":{"a":', "}}"),
    "sets": ('{"$":"set","items":[', "]}"),
    "keys": ('{"$":"dict","items":[[', ",0]]}"),
}


def nested(shape: tuple[str, str], depth: int) -> str:
    """Return JSON text of so many levels."""
    return shape[0] * depth + "0" + shape[1] * depth


@contextmanager
def little_stack() -> Iterator[None]:
    """Let Python go no deeper than LIMIT from here."""
    before, frame, used = sys.getrecursionlimit(), sys._getframe(), 0
    while frame is not None:  # type: ignore[redundant-expr]
        frame, used = frame.f_back, used + 1  # type: ignore[assignment]
    sys.setrecursionlimit(used + LIMIT)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


PLACES: Mapping[str, Callable[[str], str]] = {
    "a value": lambda deep: f'{{"outcome":"returned","value":{deep},"arguments":[0],"printed":""}}',
    "an argument": lambda deep: (
        f'{{"outcome":"returned","value":0,"arguments":[{deep}],"printed":""}}'
    ),
    "a kind": lambda deep: (
        f'{{"outcome":"raised","type":"a","kinds":[{deep}],"message":"","traceback":"",'
        '"raised_in":"","is_own":false,"arguments":[0],"printed":""}'
    ),
    "a report": lambda deep: f'{{"outcome":"missing","more":{deep}}}',
    "an outcome": lambda deep: f'{{"outcome":{deep}}}',
    "a question": lambda deep: f'{{"ask":"reply","client":1,"pending":{deep}}}',
    "an id": lambda deep: f'{{"ask":"reply","client":1,"pending":1,"stream":{deep}}}',
    "an invocation": lambda deep: (
        f'{{"ask":"invoke","callable":1,"arguments":[{deep}],"keywords":{{"a":{deep}}}}}'
    ),
    "a header": lambda deep: (
        '{"ask":"request","client":1,"method":"POST","path":"/v1/messages",'
        f'"headers":{{"a":{deep}}},"body":""}}'
    ),
}


def asks(exam: Exam) -> None:
    """Judge a call, and show what came back."""
    scene = exam.scene(text("Hi."))
    exam.function("tool", lambda *given, **named: (given, named))
    value = exam.call(scene.client).value
    exam.expect("one", False, "wrong", value)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_an_exam_ends_at_any_depth(place: Callable[[str], str], shape: tuple[str, str]) -> None:
    """No depth of what is sent is a traceback, be it of reading a line or of what follows."""
    for depth in DEPTHS:
        written = place(nested(shape, depth))
        line = f'{written[:-1]},"number":1}}\n'.encode()
        verdict = against(lines() + line)
        assert verdict.finding is not None
        assert verdict.points == 0


def against(written: bytes) -> Verdict:
    """Return the verdict on a process that writes this and ends, with little stack for the exam."""
    ours, theirs = socket.socketpair()
    theirs.sendall(written)
    theirs.shutdown(socket.SHUT_WR)
    candidate = RemoteCandidate(Lines(ours), token="token", seconds=60)
    try:
        with little_stack():
            verdict = examine(made(asks), candidate, seed=3)
            json.dumps(verdict_to_json(verdict))
            panel(verdict)
            return verdict
    finally:
        ours.close()
        theirs.close()


@pytest.mark.parametrize("shape", [SHAPES["lists"], SHAPES["dicts"]], ids=["lists", "dicts"])
@pytest.mark.parametrize("key", ["content", "system", "metadata"])
def test_a_request_of_any_depth_is_answered(key: str, shape: tuple[str, str]) -> None:
    """What the API refuses is refused, and kept as evidence."""
    for depth in range(1, 260, 7):
        deep = nested(shape, depth)
        messages = f'[{{"role":"user","content":{deep if key == "content" else chr(34) * 2}}}]'
        more = "" if key == "content" else f',"{key}":{deep}'
        body = f'{{"model":"claude-sonnet-4-6","max_tokens":9,"messages":{messages}{more}}}'
        question = {
            "ask": "request",
            "client": 1,
            "method": "POST",
            "path": "/v1/messages",
            "headers": {"x-api-key": "exam", "anthropic-version": "2023-06-01"},
            "body": base64.b64encode(body.encode()).decode(),
            "number": 1,
        }
        verdict = against(lines(question))
        # The process is gone then; what it sent is there.
        assert verdict.diagnosis == "died"
        assert len(verdict.requests) == (depth + (key == "content") * 3 < 200) or depth > 190


def test_what_was_read_can_be_shown() -> None:
    """A value is read to a depth that everything behind it can go."""
    for shape in SHAPES.values():
        for depth in DEPTHS:
            with little_stack():
                try:
                    description = json.loads(nested(shape, depth))
                except RecursionError:
                    continue
                assert len(shown(read(description))) <= 160


def test_a_value_too_deep_to_show_is_told_in_words() -> None:
    """Only one that is no description can be; it is told all the same."""
    deep: Json = []
    for _ in range(100_000):
        deep = [deep]
    assert shown(deep) == "a list of too many levels"
    while deep:
        deep = deep[0]


def test_evidence_is_cut_at_any_depth() -> None:
    """A request has 200 levels at most, and each of them may be wide."""
    body: Json = "x" * 30_000
    for _ in range(200):
        body = {"a": body, "b": ["y"] * 300}
    verdict = Verdict("answer", "Not yet", (), requests=(body,))
    with little_stack():
        assert len(json.dumps(cut_evidence(verdict).requests)) < 21_000
