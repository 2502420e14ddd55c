"""What one exam takes in: forged values, requests and texts end it, and nothing honest does."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from grader.exams import Exam, Opaque, SdkObject, Verdict, describe, examine, read
from grader.exams.allowance import MAX_RECEIVED, Allowance, TooMuch
from grader.exams.candidate import MAX_KINDS, MAX_NAME, MAX_PRINTED, MAX_TRACEBACK
from grader.exams.description import MAX_DEPTH, MAX_HASHED, MAX_NODES, MAX_TEXT
from grader.simulator import text
from tests.exams.small_exercise import made

Json = Any

PRIME = 2**61 - 1
"""Whole numbers that differ by it have the same hash."""
TOO_LARGE = Opaque("unknown", "too large to be judged")


def items(count: int, item: Callable[[int], Json]) -> list[Json]:
    """Return so many items."""
    return [item(number) for number in range(count)]


def number(place: int) -> Json:
    """Return one of many numbers that have the same hash."""
    return place * PRIME


def nested(place: int) -> Json:
    """Return a set that has the same hash as others, of items that have the same hash."""
    return {"$": "set", "items": items(40, lambda inner: (place * 40 + inner) * PRIME)}


COLLIDING: Mapping[str, Callable[[int], Json]] = {
    "whole numbers": number,
    "negative numbers": lambda place: -number(place + 1),
    "tuples": lambda place: {"$": "tuple", "items": [1, number(place)]},
    "tuples in tuples": lambda place: {
        "$": "tuple",
        "items": [{"$": "tuple", "items": [number(place)]}],
    },
    "sets": nested,
    "decimals": lambda place: {"$": "decimal", "text": str(number(place))},
    "records": lambda place: {"$": "object", "type": "a", "text": str(place)},
    "handles": lambda place: {"$": "kept", "id": number(place), "type": "a"},
    "models": lambda place: {"$": "model", "type": "a", "data": number(place)},
}
HOLDERS: Mapping[str, Callable[[list[Json]], Json]] = {
    "a set": lambda keys: {"$": "set", "items": keys},
    "a dict": lambda keys: {"$": "dict", "items": [[key, 0] for key in keys]},
    "a set within": lambda keys: [{"a": {"$": "tuple", "items": [{"$": "set", "items": keys}]}}],
    "a record": lambda keys: {
        "$": "record",
        "type": "a",
        "fields": {"a": {"$": "set", "items": keys}},
    },
}


@pytest.mark.parametrize("holder", HOLDERS.values(), ids=HOLDERS)
@pytest.mark.parametrize("item", COLLIDING.values(), ids=COLLIDING)
def test_a_set_of_forged_items_is_not_made(
    item: Callable[[int], Json], holder: Callable[[list[Json]], Json]
) -> None:
    """Items with one hash are compared with each other, so no more than a few may be put in one."""
    assert read(holder(items(MAX_HASHED + 1, item))) == TOO_LARGE
    few = read(holder(items(20, item)))
    assert not isinstance(few, Opaque), few


@pytest.mark.parametrize("item", COLLIDING.values(), ids=COLLIDING)
def test_many_small_sets_are_as_bad_as_a_large_one(item: Callable[[int], Json]) -> None:
    """What a whole exam puts in sets has a bound as well."""
    allowance = Allowance()
    forged = {"$": "set", "items": items(20, item)}
    with pytest.raises(TooMuch):
        [read(forged, allowance) for _ in range(1_000)]


FORGED: Mapping[str, Json] = {
    "wide": items(MAX_NODES + 1, lambda _: 0),
    "wide and deep": items(300, lambda _: items(300, lambda _: [])),
    "long": "x" * (MAX_TEXT + 1),
    "long in all": items(50, lambda _: "x" * (MAX_TEXT // 40)),
    "long keys": {f"{place}{'x' * 50_000}": 0 for place in range(50)},
    "long bytes": {"$": "bytes", "hex": "00" * MAX_TEXT},
    "a long type": {"$": "model", "type": "x" * (MAX_TEXT + 1), "data": 1},
    "a long decimal": {"$": "decimal", "text": "1" * 100_000},
    "a long number": 1 << 2000,
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_description_larger_than_any_is_not_read(forged: Json) -> None:
    """`describe` makes none like it, so somebody forged it."""
    assert read(forged) == TOO_LARGE


def test_a_decimal_is_not_written_out_with_a_billion_zeros() -> None:
    """What would need them to be shown is no number to a check."""
    for written in ("1E+999999999", "1E-999999999", "-7E+1000"):
        value = read({"$": "decimal", "text": written})
        assert isinstance(value, Opaque), value


def test_what_is_described_can_be_read() -> None:
    """The bounds of both are the same, up to the last value."""
    deep: Json = "x"
    for _ in range(MAX_DEPTH):
        deep = [deep]
    largest = [
        deep,
        [None] * (MAX_NODES - 1),
        "x" * MAX_TEXT,
        set(range(MAX_HASHED)),
        {(each, "a"): each for each in range(MAX_HASHED // 3)},
        SdkObject("Message", {"content": [{"text": "x"}] * 1_000}),
    ]
    for value in largest:
        assert read(json.loads(json.dumps(describe(value)))) == value


class Forger:
    """Stand for a learner's process that asks and reports what it likes."""

    def __init__(self, report: Json, questions: tuple[Json, ...] = (), times: int = 1) -> None:
        self._report = report
        self._questions = questions * times
        self.answers: list[Json] = []

    def run(self, command: Json, ask: Callable[[Json], Json]) -> Json:
        """Return the report."""
        for question in self._questions:
            self.answers.append(ask(question))
            if self.answers[-1].get("over"):
                break
        return self._report


def judged(candidate: Forger, *, calls: int = 1) -> Verdict:
    """Return the verdict on a forger's report, which gets a point where it is taken for right."""

    def check(exam: Exam) -> None:
        scene = exam.scene(*[text("Hi.")] * 2_000)
        for _ in range(calls):
            called = exam.call(scene.client, may_raise=("Forged",))
            exam.expect("one", called.value == "right" or called.raised is not None, "wrong")

    return examine(made(check), candidate, seed=3)


RETURNED = {"outcome": "returned", "value": "right", "arguments": [0], "printed": ""}
RAISED = {
    "outcome": "raised",
    "type": "Forged",
    "kinds": ["Forged"],
    "message": "",
    "traceback": "",
    "raised_in": "",
    "is_own": False,
    "arguments": [0],
    "printed": "",
}


def test_an_ordinary_report_is_right() -> None:
    """Else the tests below would prove nothing."""
    for report in (RETURNED, RAISED):
        assert judged(Forger(report), calls=100).points == 1


def test_a_report_is_cut_where_it_is_taken_in() -> None:
    """A forged one may have a message, a traceback and prints of any length."""
    long = "i" * 10**6
    cuts = {"message": long, "printed": long, "traceback": long, "raised_in": long}
    report = {**RAISED, **cuts, "kinds": ["Forged", *[long] * 300]}
    found: list[Any] = []

    def check(exam: Exam) -> None:
        for _ in range(3):
            found.append(exam.call(may_raise=("Forged",)))
        exam.call()

    verdict = examine(made(check), Forger({**report, "arguments": []}), seed=3)
    assert {len(called.printed) for called in found} == {MAX_PRINTED}
    assert all(len(called.raised) <= MAX_TRACEBACK + MAX_NAME + 2 for called in found)
    assert all(len(called.raised_kinds) == MAX_KINDS for called in found)
    assert max(len(kind) for kind in found[0].raised_kinds) == MAX_NAME
    assert (len(verdict.printed), len(verdict.traceback)) == (MAX_PRINTED, MAX_TRACEBACK)


@pytest.mark.parametrize("kinds", [[1], [["Forged"]], [None], [{"a": 1}], ["Forged", []]], ids=repr)
def test_kinds_that_are_no_names_are_no_report(kinds: Json) -> None:
    """They are put in a set."""
    assert judged(Forger({**RAISED, "kinds": kinds})).diagnosis == "garbled"


@pytest.mark.parametrize("key", ["value", "arguments"])
def test_values_of_all_calls_together_have_a_bound(key: str) -> None:
    """Each of them is small enough, and an exam keeps them all."""
    large = items(MAX_NODES - 1, lambda _: 0)
    report = {**RETURNED, key: [large] if key == "arguments" else large}
    ended: list[int] = []

    def check(exam: Exam) -> None:
        for place in range(100):
            exam.call(0)
            ended.append(place)

    assert examine(made(check), Forger(report), seed=3).diagnosis == "sends-too-much"
    assert 5 < len(ended) < 40


def request(body: bytes, **headers: str) -> Json:
    """Return the question that a request is."""
    return {
        "ask": "request",
        "client": 1,
        "method": "POST",
        "path": "/v1/messages",
        "headers": {"x-api-key": "exam", "anthropic-version": "2023-06-01", **headers},
        "body": base64.b64encode(body).decode(),
    }


def sent(content: str) -> bytes:
    """Return the body of a request with this content, as JSON."""
    return (
        '{"model": "claude-sonnet-4-6", "max_tokens": 9, "messages": '
        f'[{{"role": "user", "content": {content}}}]}}'
    ).encode()


MB = 2**20
MANY = {
    "long texts": (sent(f'"{"x" * (20 * MB)}"'), {}),
    "many empty lists": (sent(f"[{'[],' * (6 * MB)}[]]"), {}),
    "many empty dicts": (sent(f"[{'{},' * (6 * MB)}[]]"), {}),
    "many lists in lists": (sent(f"[{'[[[[]]]],' * (2 * MB)}[]]"), {}),
    "many numbers": (sent(f"[{'1,' * (4 * MB)}0]"), {}),
    "numbers of one hash": (sent(str([place * PRIME for place in range(1, 600)])), {}),
    "many headers": (sent('"x"'), {f"h{place}": "x" * 100 for place in range(100_000)}),
    "headers of many words": (sent('"x"'), {"anthropic-beta": "a," * (8 * MB)}),
    "no JSON": (b"x" * (20 * MB), {}),
}


@pytest.mark.parametrize(("body", "headers"), MANY.values(), ids=MANY)
def test_requests_of_one_exam_have_a_bound_together(body: bytes, headers: dict[str, str]) -> None:
    """An exam keeps all of them, so a few large ones end it, with a word that says so."""
    candidate = Forger(RETURNED, (request(body, **headers),), times=10)
    verdict = judged(candidate)
    assert (verdict.diagnosis, verdict.outcome, verdict.points) == ("sends-too-much", "Crashed", 0)
    assert len(candidate.answers) <= 10
    assert candidate.answers[-1] == {"over": True}
    assert verdict.finding is not None
    assert f"{MAX_RECEIVED // MB} MB" in verdict.finding.saw


def test_what_an_honest_conversation_sends_is_far_below() -> None:
    """A thousand requests that each repeat a long history are taken in."""
    body = sent(f'"{"A word or two, and then some more. " * 200}"')
    candidate = Forger(RETURNED, (request(body),), times=1_000)
    assert judged(candidate).points == 1


def test_arguments_of_many_invocations_have_a_bound_together() -> None:
    """A tool of the exam's is called with values as large as a report's."""
    large = items(MAX_NODES - 1, lambda _: 0)
    question = {"ask": "invoke", "callable": 1, "arguments": [large], "keywords": {}}

    def check(exam: Exam) -> None:
        exam.call(exam.function("tool", lambda *_: None))

    candidate = Forger(RETURNED, (question,), times=100)
    assert examine(made(check), candidate, seed=3).diagnosis == "sends-too-much"
    assert len(candidate.answers) < 40


@pytest.mark.parametrize(
    "extra",
    [{"client": []}, {"callable": {}}, {"stream": [1]}, {"stream": 1.0}, {"callable": "1"}],
    ids=repr,
)
def test_a_question_with_odd_ids_beside_its_own_is_garbled(extra: Json) -> None:
    """They are looked up, too."""
    question = {"ask": "reply", "client": 1, "pending": 1, **extra}
    assert judged(Forger(RETURNED, (question,))).diagnosis == "garbled"
