"""A conversation says what is asked, what was called for it, and what came back."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.simulator.replies.planning import Call, Task, read_task
from grader.simulator.replies.values import Fact
from tests.simulator.replies.toolbox import call, made, result, user

HELLO = {"role": "assistant", "content": "Hello!"}


def task_of(*messages: Any, **request: Any) -> Task:
    """Return the task in a conversation."""
    return read_task({"messages": list(messages), **request})


def test_the_last_prompt_is_the_task() -> None:
    """What was said before it is kept, the latest first."""
    found = task_of(user("One."), HELLO, user("Two."), HELLO, user("Three."), system="Be brief.")
    assert found == Task("Three.", "", (), ("Two.", "One.", "Be brief."))


def test_results_belong_to_their_calls() -> None:
    """In the order of the calls, whatever that of the results."""
    blocks = [call("a", {"x": 1}, id="t1"), {"type": "text", "text": "And"}, call("b", {}, id="t2")]
    back = [result("two", id="t2"), result([{"type": "text", "text": "one"}], id="t1")]
    found = task_of(user("Go."), {"role": "assistant", "content": blocks}, user(back))
    assert found.prompt == "Go."
    assert found.calls == (Call("a", {"x": 1}, 1, "one"), Call("b", {}, 1, "two"))


def test_turns_of_one_role_are_one() -> None:
    """A result a message is accepted, and so is text after results."""
    calls = [call("a", {}, id="t1"), call("b", {}, id="t2")]
    found = task_of(
        user("Go."),
        {"role": "assistant", "content": calls},
        user([result("1", id="t1")]),
        user([result("2", id="t2"), {"type": "text", "text": "Go on."}]),
    )
    assert (found.prompt, [call.text for call in found.calls]) == ("Go.\nGo on.", ["1", "2"])


def test_the_calls_of_earlier_prompts_are_done_with() -> None:
    """Only what was called for this one counts."""
    found = task_of(user("Go."), *made("a", {}, "1"), HELLO, user("Again."))
    assert (found.prompt, found.calls, found.earlier) == ("Again.", (), ("Go.",))


def test_an_answer_to_a_question_goes_with_what_was_asked_before() -> None:
    """And so do the calls that were made before the question."""
    asked = {"role": "assistant", "content": "Which plan do you mean?"}
    found = task_of(user("Upgrade cust_1."), *made("a", {}, "1"), asked, user("pro"))
    assert found.prompt == "Upgrade cust_1.\npro"
    assert [call.name for call in found.calls] == ["a"]


@pytest.mark.parametrize(
    ("content", "more", "expected"),
    [
        ("sunny", {}, Call("a", {}, 1, "sunny")),
        ("", {}, Call("a", {}, 1)),
        ([], {}, Call("a", {}, 1)),
        ("no data", {"is_error": True}, Call("a", {}, 1, "no data", has_failed=True)),
        ("Error: no data", {}, Call("a", {}, 1, "Error: no data", has_failed=True)),
        ('{"error": "x"}', {}, Call("a", {}, 1, '{"error": "x"}', has_failed=True)),
        ('{"error": null}', {}, Call("a", {}, 1, '{"error": null}')),
        (
            [{"type": "search_result", "content": [{"type": "text", "text": "found"}, 5]}],
            {},
            Call("a", {}, 1, "found"),
        ),
        ([{"type": "tool_reference", "tool_name": "b"}], {}, Call("a", {}, 1)),
    ],
)
def test_a_result_may_have_any_legal_form(content: Any, more: Any, expected: Call) -> None:
    """Text, blocks, nothing; marked as an error, or one in its words."""
    (found,) = task_of(user("Go."), *made("a", {}, content, **more)).calls
    assert found == expected


def test_a_result_without_content_is_empty() -> None:
    """The key may be left out."""
    block = {"type": "tool_result", "tool_use_id": "toolu_1"}
    asked = {"role": "assistant", "content": [call("a", {})]}
    (found,) = task_of(user("Go."), asked, user([block])).calls
    assert found == Call("a", {}, 1)


def test_pictures_in_results_are_measured(picture: Callable[..., str]) -> None:
    """One by reference cannot be, nor one that is broken."""
    sources = [
        {"type": "base64", "media_type": "image/png", "data": picture(size=(30, 40))},
        {"type": "url", "url": "https://example.com/a.png"},
        {"type": "base64", "media_type": "image/png", "data": "eA=="},
    ]
    content = [{"type": "image", "source": source} for source in sources]
    (found,) = task_of(user("Go."), *made("a", {}, content)).calls
    assert found.pictures == ("30 by 40 pixels", "given by reference", "that cannot be read")


def test_a_result_says_facts_and_numbers() -> None:
    """Each with all that it belongs to; none where it failed."""
    good = Call("get_customer", {}, 1, '{"id": "c1", "plan": {"name": "pro"}, "ages": [7, null]}')
    assert good.facts == (
        Fact("id", ("get", "customer", "id"), "c1"),
        Fact("name", ("get", "customer", "plan", "nam"), "pro"),
        Fact("ages", ("get", "customer", "age"), 7),
    )
    assert Call("add", {}, 1, "2 and 3 make 5.").number == 5
    failure = Call("add", {}, 1, '{"a": 1}', has_failed=True)
    assert (failure.facts, failure.number) == ((), None)
    assert Call("add", {}, 1, "NaN").value == "NaN"
