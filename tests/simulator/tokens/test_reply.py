"""Token counts of replies."""

from typing import Any

import pytest

from grader.simulator.tokens import output_tokens, thinking_tokens
from tests.simulator.tokens.counting import NEWER, OLDER, words

WORDS = {"type": "text", "text": "Hello there"}
CALL = {"type": "tool_use", "id": "a", "name": "f", "input": {"city": "Rome"}}
THOUGHT = {"type": "thinking", "thinking": "word " * 30, "signature": "s"}


def answered(*content: Any, card: Any = OLDER, **options: Any) -> int:
    """Return the output tokens of a reply, a word for a token."""
    return output_tokens(content, card, counter=words, **options)


def test_a_reply_counts_its_texts_and_its_end() -> None:
    """3 or 2, as 92 % of recorded replies have it."""
    assert answered() == 3
    assert answered(WORDS) == 3 + 2
    assert answered(WORDS, card=NEWER) == 2 + 2


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
    assert answered(CALL, tool_choice=choice) == one + arguments
    assert answered(CALL, CALL, tool_choice=choice) == two + 2 * arguments


def test_a_text_before_a_call_is_joined_to_it() -> None:
    """One token, as recorded."""
    assert answered(WORDS, CALL) == answered(CALL) + 2 + 1


def test_thinking_counts_its_words_and_5() -> None:
    """At least 24, since an omitted block still cost some; 2 more beside it on the older models."""
    assert thinking_tokens([THOUGHT, WORDS, CALL], OLDER, counter=words) == 35
    assert thinking_tokens([{**THOUGHT, "thinking": ""}], OLDER, counter=words) == 24
    assert thinking_tokens([WORDS], OLDER, counter=words) == 0
    assert answered(THOUGHT, WORDS) == answered(WORDS) + 35 + 2
    assert answered(THOUGHT, WORDS, card=NEWER) == answered(WORDS, card=NEWER) + 35
