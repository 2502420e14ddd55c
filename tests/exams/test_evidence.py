"""The evidence of a verdict is cut to what a person looks at, and says where."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.exams import Verdict, panel, verdict_from_json, verdict_to_json
from grader.exams.evidence import MARK, MOST, MOST_WHEN_CORRECT, cut_evidence

Json = Any


def nested(depth: int) -> Json:
    """Return a value of so many levels."""
    value: Json = "x" * 100
    for _ in range(depth):
        value = [{"a": value, "b": "x" * 100}]
    return value


SMALL = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=9), inner, max_size=5)
    ),
    max_leaves=8,
)
LARGE = (
    st.lists(SMALL, min_size=1, max_size=2).map(lambda some: some * 300)
    | st.text(min_size=1, max_size=3).map(lambda some: some * 5_000)
    | SMALL.map(lambda some: {f"{place} of many": some for place in range(500)})
    | st.integers(1, 190).map(nested)
)
BODY = st.dictionaries(st.text(max_size=9), SMALL | LARGE, max_size=4)
REQUESTS = st.lists(BODY, max_size=4) | BODY.map(lambda body: [body] * 300)


def size_of(verdict: Verdict) -> int:
    """Return how many characters the evidence has on disk, all of it together."""
    written = verdict_to_json(verdict)
    kept = [*written["requests"], written["traceback"], written["printed"]]
    return len(json.dumps(kept, separators=(",", ":")))


def made(*requests: Json, shown_first: int | None = None, **fields: Any) -> Verdict:
    """Return a wrong verdict with this evidence."""
    return Verdict("answer", "Not yet", (), requests=requests, shown_first=shown_first, **fields)


def request(content: Json, **more: Json) -> Json:
    """Return the body of a request."""
    return {"model": "claude-sonnet-4-6", "messages": content, **more}


@settings(max_examples=8, deadline=None)
@given(REQUESTS, st.text(max_size=9), st.integers(0, 40_000), st.data())
def test_evidence_of_any_shape_has_a_bound(
    requests: list[Json], text: str, length: int, data: st.DataObject
) -> None:
    """It keeps its places and shapes, is not cut again, and what is short stays as it is."""
    first = data.draw(st.none() | st.sampled_from(range(len(requests)))) if requests else None
    words = (text * length)[:length]
    verdict = made(*requests, shown_first=first, printed=words, traceback=words)
    cut = cut_evidence(verdict)
    whole = [*requests, words, words]
    if len(json.dumps(whole, separators=(",", ":"))) <= MOST:
        assert cut == verdict
        assert panel(verdict_from_json(verdict_to_json(verdict))) == panel(verdict)
    assert size_of(verdict) <= MOST
    assert cut_evidence(cut) == cut
    assert verdict_to_json(cut) == verdict_to_json(verdict)
    assert len(cut.requests) == len(requests)
    assert all(body is None or isinstance(body, dict) for body in cut.requests)
    json.dumps(verdict_to_json(verdict), allow_nan=False)
    panel(verdict_from_json(verdict_to_json(verdict))).encode()


def test_a_prefix_that_is_sent_again_and_again_is_short() -> None:
    """Each request of a conversation is there, with its beginning and its end."""
    turns = [{"role": "user", "content": f"turn {place}: {'word ' * 400}"} for place in range(30)]
    verdict = made(*(request(turns[: place + 1], max_tokens=place) for place in range(30)))
    cut = cut_evidence(verdict)
    assert size_of(verdict) <= MOST
    assert [body["max_tokens"] for body in cut.requests] == [*range(30)]
    for place, body in enumerate(cut.requests):
        assert body["messages"][0]["content"].startswith("turn 0: ")
        assert body["messages"][-1]["content"].startswith(f"turn {place}: ")
    assert MARK in json.dumps(cut.requests[-1], ensure_ascii=False)


def test_a_right_answer_keeps_little() -> None:
    """Its panel shows no evidence, before and after."""
    long = request([{"role": "user", "content": "x" * 9_000}])
    verdict = Verdict("answer", "Correct", (), requests=(long,) * 9, printed="y" * 9_000)
    assert size_of(verdict) <= MOST_WHEN_CORRECT
    assert panel(verdict_from_json(verdict_to_json(verdict))) == panel(verdict)
    short = Verdict("answer", "Correct", (), requests=(request("x"),) * 9, printed="y" * 900)
    assert verdict_from_json(verdict_to_json(short)) == short


def test_the_request_that_matters_has_most_room() -> None:
    """The one where a mistake was seen is what is looked at."""
    long = [{"role": "user", "content": "x" * 9_000}]
    verdict = made(*[request(long)] * 40, shown_first=30)
    cut = cut_evidence(verdict)
    assert cut.requests[30] == request(long)
    assert json.dumps(cut.requests[0]).count("x") < 1_000


def test_requests_without_room_are_counted() -> None:
    """The panel names them by their true numbers."""
    bodies = [
        request([{"role": "user", "content": f"{place} {'x' * 50}"}]) for place in range(2000)
    ]
    verdict = made(*bodies, shown_first=1_000)
    html = panel(verdict_from_json(verdict_to_json(verdict)))
    assert "the 1999 other requests" in html
    assert "request 1001 of 2000, where it was seen" in html
    kept = [place for place, body in enumerate(cut_evidence(verdict).requests) if body is not None]
    assert {0, 1_000, 1_999} <= set(kept)
    # The shown one stands apart, so what is cut before it and behind it is one gap.
    gap = min(kept[kept.index(1_000) + 1 :]) - max(kept[: kept.index(1_000)]) - 2
    assert f"… (cut: {gap:,} requests)" in html


@pytest.mark.parametrize(
    "letter", ["x", "é", "漢", "\U0001f600", '"', "\\", "\x00", "\ud800"], ids=ascii
)
def test_texts_are_measured_as_they_are_written(letter: str) -> None:
    """A character may take twelve on disk."""
    words = letter * 30_000
    verdict = made(request(words), printed=words, traceback=words)
    assert MOST // 3 < size_of(verdict) <= MOST
    cut = cut_evidence(verdict)
    assert cut.printed.startswith(letter)
    assert cut.printed.endswith(MARK)
    assert cut.traceback.startswith(MARK)
    assert cut.traceback.endswith(letter)
    assert cut.requests[0]["messages"].endswith(MARK)
