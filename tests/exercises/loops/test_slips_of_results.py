"""The results that answer calls: the first thing wrong with them is named."""

from decimal import Decimal
from typing import Any

import pytest

from grader.exercises.loops import (
    Plan,
    Said,
    find_lost_value,
    find_mismatch,
    find_misreport,
    find_no_results,
    find_split,
)

ONE, TWO = (Plan(f"get_{id}", id, {"key": id}, {"code": id, "next": None}) for id in ("a", "b"))


def _result(id: str, content: Any = "Done.", **more: Any) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": id, "content": content, **more}


@pytest.mark.parametrize(
    ("results", "mistake"),
    [
        ([_result("a"), _result("b")], None),
        ([{"type": "tool_result", "tool_call_id": "a"}, _result("b")], "tool-call-id"),
        ([_result("a"), _result("c")], "other-id"),
        ([_result("a")], "unanswered"),
        ([_result("a"), _result("a"), _result("b")], "answered-twice"),
        ([_result("b"), _result("a")], "reordered"),
    ],
)
def test_results_find_their_calls(results: list[Any], mistake: str | None) -> None:
    """Each call has one result, and each result one call."""
    slip = find_mismatch(results, [ONE, TWO])
    assert (slip and slip.mistake) == mistake


def test_an_order_that_nobody_asked_for_is_not_judged() -> None:
    """The API takes results in any order."""
    assert find_mismatch([_result("b"), _result("a")], [ONE, TWO], in_order=False) is None


def test_results_come_first_and_in_one_message() -> None:
    """Where they stand is judged apart from what they say."""
    text = {"type": "text", "text": "Here."}
    cases = (
        (find_no_results, [Said("user", [text])], "no-result-block"),
        (find_no_results, [Said("user", [text, _result("a")])], "text-first"),
        (find_no_results, [Said("user", [_result("a"), text])], None),
        (find_split, [Said("user", [_result("a")]), Said("user", [_result("b")])], "results-split"),
        (find_split, [Said("user", [_result("a"), _result("b")])], None),
    )
    for find, answers, mistake in cases:
        slip = find(answers)
        assert (slip and slip.mistake) == mistake


@pytest.mark.parametrize(
    ("content", "value", "mistake"),
    [
        ("fine", "fine", None),
        ([{"type": "text", "text": "fine"}], "fine", None),
        ('"fine"', "fine", "text-quoted"),
        ("other", "fine", "value-lost"),
        ('{"a": 1}', {"a": 1}, None),
        ("{'a': 1}", {"a": 1}, "python-repr"),
        ('{"a": true}', {"a": 1}, "value-lost"),
        ({"a": 1}, {"a": 1}, "not-text"),
        (3, "3", "not-text"),
    ],
)
def test_what_a_tool_returned_is_read_back(content: Any, value: Any, mistake: str | None) -> None:
    """A text is itself, and anything else is JSON."""
    slip = find_lost_value(content, value)
    assert (slip and slip.mistake) == mistake


@pytest.mark.parametrize(
    ("value", "result", "mistake"),
    [
        (ValueError("no luck"), _result("a", "no luck"), "error-unmarked"),
        (ValueError("no luck"), _result("a", "failed", is_error=True), "error-silent"),
        (ValueError("no luck"), _result("a", "", is_error=True), "error-silent"),
        (TimeoutError(), _result("a", "", is_error=True), "error-empty"),
        (ValueError("no luck"), _result("a", "ValueError: no luck", is_error=True), None),
        ({"a": 1}, _result("a", '{"a": 1}', is_error=True), "success-as-error"),
        ({"amount": Decimal("1.5")}, _result("a", '{"amount": "1.5"}'), None),
        ({"amount": Decimal("1.5")}, _result("a", "{}"), "value-lost"),
    ],
)
def test_a_result_says_how_its_call_went(value: Any, result: Any, mistake: str | None) -> None:
    """A failure is marked and has words, and nothing else is marked."""
    slip = find_misreport(result, Plan("get_a", "a", {}, value))
    assert (slip and slip.mistake) == mistake
