"""Token counts of content blocks, in a prompt and in a reply, pictures among them."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.simulator.tokens import output_tokens, thinking_tokens
from tests.simulator.tokens.counting import HELLO, NEWER, OLDER, counted, said, words

WORDS = {"type": "text", "text": "Hello"}
THOUGHT = {"type": "thinking", "thinking": "word " * 30, "signature": "s"}
HIDDEN = {"type": "redacted_thinking", "data": "d"}


def call(name: str = "f", **given: Any) -> dict[str, Any]:
    """Return a call of a tool."""
    return {"type": "tool_use", "id": "a", "name": name, "input": given}


def result(content: Any = "") -> dict[str, Any]:
    """Return what a tool answered."""
    return {"type": "tool_result", "tool_use_id": "a", "content": content}


def asked(*blocks: Any, answers: Any = None, card: Any = OLDER) -> int:
    """Return the input tokens of a conversation in which the assistant sent blocks."""
    turns = said(("assistant", list(blocks)), ("user", answers or [result()]))
    return counted([*HELLO, *turns], card=card)


FRAME = counted(said(("user", "Hello"), ("assistant", ""), ("user", "")))


@pytest.mark.parametrize(("card", "pair"), [(OLDER, 39), (NEWER, 29)], ids=["v3", "v4.8"])
def test_a_call_and_its_result_cost_a_frame(card, pair: int) -> None:
    """39 or 29 for the pair, and its name."""
    turns = said(("user", "Hello"), ("assistant", ""), ("user", ""))
    assert asked(call(), card=card) == counted(turns, card=card) + pair + 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"city": "Rome"}, 14 + 2),
        ({"city": "New York", "unit": "K"}, 14 + 3 + 14 + 2),
        ({"days": [1, 2]}, 14 + 1 + 2),
        ({"days": None}, 14 + 2),
    ],
)
def test_an_argument_costs_14_beside_its_words(given: dict[str, Any], expected: int) -> None:
    """A value that is no string counts as its JSON."""
    assert asked(call(**given)) == asked(call()) + expected


def test_a_result_counts_as_what_is_in_it(picture: Callable[..., str]) -> None:
    """As a string or as blocks; an image in it as an image."""
    bare = asked(call())
    assert asked(call(), answers=[result("It is sunny")]) == bare + 3
    assert asked(call(), answers=[result([WORDS, WORDS])]) == bare + 2
    assert asked(call(), answers=[{"type": "tool_result", "tool_use_id": "a"}]) == bare
    data = picture(size=(200, 200))
    image = {"type": "base64", "media_type": "image/png", "data": data}
    assert asked(call(), answers=[result([{"type": "image", "source": image}])]) == bare + 67


def test_calls_side_by_side_count_their_names_twice() -> None:
    """And 22 once, as five recorded conversations have it within 3."""
    both = asked(call("f"), call("g"), answers=[result(), result()])
    assert both == FRAME + 2 * (39 + 1) + 22 + 2
    three = asked(call(), call(), call(), answers=[result()])
    assert three == FRAME + 3 * (39 + 1) + 22 + 3


@pytest.mark.parametrize(
    ("blocks", "joins"),
    [
        ([WORDS, WORDS], 1),
        ([WORDS, WORDS, WORDS], 2),
        ([WORDS, call()], 1),
        ([THOUGHT, WORDS], 0),
        ([call(), WORDS], 0),
    ],
    ids=["two texts", "three texts", "text and call", "thought and text", "call and text"],
)
def test_a_text_is_joined_to_what_follows_it(blocks: list[Any], joins: int) -> None:
    """One token, as recorded."""
    alone = sum(asked(block) - FRAME for block in blocks)
    assert asked(*blocks) == FRAME + alone + joins


def test_a_picture_is_joined_to_the_text_after_it() -> None:
    """And to none before it."""
    image = {"type": "image", "source": {"type": "url", "url": "https://a.b/c.png"}}
    first = counted(said(("user", [image, WORDS])))
    assert first == counted(said(("user", [WORDS, image]))) + 1


def test_thinking_of_earlier_turns_is_not_counted() -> None:
    """The API leaves it out once a person has spoken again."""
    with_thoughts = said(("user", "Hello"), ("assistant", [THOUGHT, HIDDEN, WORDS]))
    without = said(("user", "Hello"), ("assistant", [WORDS]))
    after = said(("user", "Hello"))
    assert counted([*with_thoughts, *after]) == counted([*without, *after])


def test_thinking_of_the_turn_that_goes_on_is_counted() -> None:
    """Until the results are read: its words, and 8 (recorded with Sonnet 4)."""
    assert asked(THOUGHT, call()) == asked(call()) + 30 + 8
    omitted = {**THOUGHT, "thinking": ""}
    assert asked(omitted, call()) == asked(call()) + 24 + 3
    asked_anew = [result(), {"type": "text", "text": "And now?"}]
    assert asked(THOUGHT, call(), answers=asked_anew) == asked(call(), answers=asked_anew)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"type": "server_tool_use", "input": {"deep": [[{}]]}}, 5),
        ({"type": "web_search_tool_result", "content": "x" * 200}, 100),
    ],
)
def test_a_block_of_another_kind_counts_as_its_json(block: Any, expected: int) -> None:
    """But what is encrypted by its length.

    None of it is simulated, nor free.
    """
    assert counted(said(("user", [block]))) == counted(said(("user", ""))) + expected


TWO_WORDS = {"type": "text", "text": "Hello there"}
CALLED = {"type": "tool_use", "id": "a", "name": "f", "input": {"city": "Rome"}}


def told(*content: Any, card: Any = OLDER, **options: Any) -> int:
    """Return the output tokens of a reply, a word for a token."""
    return output_tokens(content, card, counter=words, **options)


def test_a_reply_counts_its_texts_and_its_end() -> None:
    """3 or 2, as 92 % of recorded replies have it."""
    assert told() == 3
    assert told(TWO_WORDS) == 3 + 2
    assert told(TWO_WORDS, card=NEWER) == 2 + 2


@pytest.mark.parametrize(
    ("choice", "one", "two"),
    [
        (None, 34 + 1, 51 + 2),
        ({"type": "auto"}, 34 + 1, 51 + 2),
        ({"type": "any"}, 17 + 1, 34 + 2),
        ({"type": "tool", "name": "f"}, 17, 34),
    ],
    ids=["no choice", "auto", "any", "tool"],
)
def test_a_call_costs_less_where_it_was_forced(choice: Any, one: int, two: int) -> None:
    """17 each and 17 once; forced calls are spared the latter, and a named tool its name.

    A reply that ends with calls has no other end.
    """
    arguments = 14 + 2
    assert told(CALLED, tool_choice=choice) == one + arguments
    assert told(CALLED, CALLED, tool_choice=choice) == two + 2 * arguments


def test_a_text_before_a_call_is_joined_to_it() -> None:
    """One token, as recorded."""
    assert told(TWO_WORDS, CALLED) == told(CALLED) + 2 + 1


def test_thinking_counts_its_words_and_5() -> None:
    """At least 24, since an omitted block still cost some; 2 more beside it on the older models."""
    assert thinking_tokens([THOUGHT, TWO_WORDS, CALLED], OLDER, counter=words) == 35
    assert thinking_tokens([{**THOUGHT, "thinking": ""}], OLDER, counter=words) == 24
    assert thinking_tokens([TWO_WORDS], OLDER, counter=words) == 0
    assert told(THOUGHT, TWO_WORDS) == told(TWO_WORDS) + 35 + 2
    assert told(THOUGHT, TWO_WORDS, card=NEWER) == told(TWO_WORDS, card=NEWER) + 35
