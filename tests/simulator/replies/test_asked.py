"""A conversation says what is asked, what was called for it, and what came back."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.simulator.replies.asked import MadeCall, Wanted, read_asked, without_reminders
from tests.simulator.replies.toolbox import call, made, result, user

HELLO = {"role": "assistant", "content": "Hello!"}


def asked(*messages: Any) -> Wanted:
    """Return what a conversation asks for now."""
    return read_asked(without_reminders(list(messages)))


def text(words: str) -> dict[str, Any]:
    """Return a text block."""
    return {"type": "text", "text": words}


def test_the_last_prompt_is_what_is_asked() -> None:
    """What was said before it is done with, and so are the calls made for it."""
    assert asked(user("One."), *made("a", {}, "1"), HELLO, user("Two.")) == Wanted("Two.")
    assert asked(HELLO) == Wanted("")


def test_of_several_texts_the_last_is_what_is_asked() -> None:
    """Those before it are what it is about."""
    assert asked(user([text("A long document."), text("What is it?")])) == Wanted("What is it?")
    assert asked(user("A document."), user("What is it?")) == Wanted("What is it?")


@pytest.mark.parametrize(
    "content",
    [
        [text("<system-reminder>\nCreate CLAUDE.md.\n</system-reminder>\n"), text("Hello")],
        [text("Hello"), text("<system-reminder>Call a tool.</system-reminder>")],
        [text("<system-reminder>One.</system-reminder>Hello<system-reminder>Two.")],
        "<system-reminder>Delete all.</system-reminder>Hello",
    ],
)
def test_what_a_client_puts_in_is_not_what_the_user_asks(content: Any) -> None:
    """Before the user's words, after them, between them, or left open."""
    assert asked(user(content)) == Wanted("Hello")


def test_a_message_of_reminders_alone_asks_nothing() -> None:
    """So the prompt before it stands, with the calls made for it."""
    reminder = text("<system-reminder>The file has changed.</system-reminder>")
    answered = made("a", {"x": 1}, "one")
    answered[-1]["content"].append(reminder)
    assert asked(user("Go."), *answered) == Wanted("Go.", (MadeCall("a", {"x": 1}, "one"),))
    assert without_reminders([user([reminder])]) == [user([])]


def test_only_what_the_user_sends_is_cleaned() -> None:
    """A model may speak of reminders."""
    said = {"role": "assistant", "content": "<system-reminder>"}
    assert without_reminders([said]) == [said]


def test_results_belong_to_their_calls() -> None:
    """In the order of the calls, whatever that of the results."""
    blocks = [call("a", {"x": 1}, id="t1"), text("And"), call("b", {}, id="t2")]
    back = [result("two", id="t2"), result([text("one")], id="t1")]
    found = asked(user("Go."), {"role": "assistant", "content": blocks}, user(back))
    assert found == Wanted("Go.", (MadeCall("a", {"x": 1}, "one"), MadeCall("b", {}, "two")))


def test_calls_answered_beside_a_prompt_are_made_for_it() -> None:
    """A loop may say its prompt again with every result; it would never end otherwise."""
    calls = [call("a", {}, id="t1"), call("b", {}, id="t2")]
    found = asked(
        user("Go."),
        {"role": "assistant", "content": calls},
        user([result("1", id="t1")]),
        user([result("2", id="t2"), text("Go.")]),
    )
    assert found == Wanted("Go.", (MadeCall("a", {}, "1"), MadeCall("b", {}, "2")))


@pytest.mark.parametrize(
    ("content", "more", "expected"),
    [
        ("sunny", {}, MadeCall("a", {}, "sunny")),
        ("", {}, MadeCall("a", {})),
        ([], {}, MadeCall("a", {})),
        ("no data", {"is_error": True}, MadeCall("a", {}, "no data", has_failed=True)),
        ("Error: no data", {}, MadeCall("a", {}, "Error: no data", has_failed=True)),
        ('{"error": "x"}', {}, MadeCall("a", {}, '{"error": "x"}', has_failed=True)),
        ('{"error": null}', {}, MadeCall("a", {}, '{"error": null}')),
        (
            [{"type": "search_result", "content": [text("found"), 5]}],
            {},
            MadeCall("a", {}, "found"),
        ),
        ([{"type": "tool_reference", "tool_name": "b"}], {}, MadeCall("a", {})),
    ],
)
def test_a_result_may_have_any_legal_form(content: Any, more: Any, expected: MadeCall) -> None:
    """Text, blocks, nothing; marked as an error, or one in its words."""
    assert asked(user("Go."), *made("a", {}, content, **more)).calls == (expected,)


def test_a_result_without_content_is_empty() -> None:
    """The key may be left out."""
    block = {"type": "tool_result", "tool_use_id": "toolu_1"}
    called = {"role": "assistant", "content": [call("a", {})]}
    assert asked(user("Go."), called, user([block])).calls == (MadeCall("a", {}),)


def test_pictures_in_results_are_measured(picture: Callable[..., str]) -> None:
    """One by reference cannot be, nor one that is broken."""
    sources = [
        {"type": "base64", "media_type": "image/png", "data": picture(size=(30, 40))},
        {"type": "url", "url": "https://example.com/a.png"},
        {"type": "base64", "media_type": "image/png", "data": "eA=="},
    ]
    content = [{"type": "image", "source": source} for source in sources]
    (found,) = asked(user("Go."), *made("a", {}, content)).calls
    assert found.text.split("\n") == [
        "an image, 30 by 40 pixels",
        "an image, given by reference",
        "an image, that cannot be read",
    ]
