"""What a text mentions is found by its form, and in bounded time."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.simulator.replies import language
from grader.simulator.replies.language import (
    Mention,
    Mentions,
    after,
    apart,
    codes,
    compounds,
    currencies,
    dates,
    emails,
    identifiers,
    moments,
    names,
    numbers,
    objects,
    paths,
    phones,
    quoted,
    relative_days,
    streets,
    sums,
    symbols,
    tags,
    things,
    times,
    urls,
)

Find = Callable[[str], Mentions]

FOUND: list[tuple[Find, str, list[Any]]] = [
    (quoted, "Say “Hi”, 'Bob' and \"go\", don't `run`", ["Hi", "Bob", "go", "run"]),
    (emails, "Write to jane.doe@example.com.", ["jane.doe@example.com"]),
    (urls, "See https://example.com/a?b=1. Not a@b.com", ["https://example.com/a?b=1"]),
    (urls, "Is docs.example.org/a up?", ["docs.example.org/a"]),
    (tags, "Ask @jane in #general, not a#b or #12", ["@jane", "#general"]),
    (codes, "Run SELECT a FROM b; then go", ["SELECT a FROM b"]),
    (codes, "Run `ls -la`", ["ls -la"]),
    (phones, "Call +49 30 1234567 on 2026-03-03", ["+49 30 1234567"]),
    (streets, "at 12 Main Street, Springfield", ["12 Main Street, Springfield"]),
    (
        paths,
        "Read src/main.py, README.md and /etc/hosts",
        ["src/main.py", "README.md", "/etc/hosts"],
    ),
    (compounds, "Is api-gateway up, or user_events?", ["api-gateway", "user_events"]),
    (
        identifiers,
        "cust_123, INV-2041, #17, 0-7653-1178-X, 48213, not 2026-03-03, 3-5, 5pm or 20th",
        ["cust_123", "INV-2041", "17", "0-7653-1178-X", "48213"],
    ),
    (symbols, "AAPL and $MSFT, not A or Ibm", ["AAPL", "MSFT"]),
    (
        numbers,
        "12 times 7, 1,234.50 or 1.234,50 for two at -5°, 20%; not cust_9, 14:30 or 2026-03-03",
        [12, 7, 1234.5, 1234.5, 2, -5, 20],
    ),
    (numbers, "1) first, 2) second", []),
    (currencies, "100 USD, 5 euros, $3 and £4", ["USD", "EUR", "USD", "GBP"]),
    (
        dates,
        "2026-03-03, 3 March 2026, March 4th, 2026, 5.3.2026, not 31 June 2026",
        ["2026-03-03", "2026-03-03", "2026-03-04", "2026-03-05"],
    ),
    (moments, "at 2026-03-03 14:30", ["2026-03-03T14:30"]),
    (times, "14:30, 3pm and 12 am, not 7", ["14:30", "15:00", "00:00"]),
    (relative_days, "tomorrow or next Friday", ["tomorrow", "next Friday"]),
    (
        names,
        "Ask Jane Doe's boss at Acme GmbH in Rio de Janeiro.",
        ["Jane Doe", "Acme GmbH", "Rio de Janeiro"],
    ),
    (names, "Upgrade Bob. Paris is nice. I know.", ["Bob", "Paris"]),
    (objects, "Please add milk, bread and eggs to the list.", ["milk", "bread", "eggs"]),
    (things, "3 x Widget at 9.99", ["Widget"]),
    (sums, "What is (15 + 27) times 3?", ["(15 + 27) * 3"]),
    (sums, "15% of 230, not 2026-03-03 or 3-5", ["15 / 100 * 230"]),
]


@pytest.mark.parametrize(("find", "text", "expected"), FOUND)
def test_a_form_is_found(find: Find, text: str, expected: list[Any]) -> None:
    """In the order of the text, and nothing that only looks like it."""
    assert [mention.value for mention in find(text)] == expected


def test_what_follows_a_preposition_is_a_name_or_small_words() -> None:
    """Up to a plain word, a mark, or a word for a day."""
    text = "weather in the city of Paris, in new york today and in 2026"
    assert [place.value for place in after(text, ("in",))] == ["Paris", "new york"]


def test_mentions_stand_where_they_are_in_the_text() -> None:
    """So that two of them can be told apart."""
    (found,) = identifiers("order ord_5!")
    assert found == Mention("ord_5", 6, 11)
    assert apart([found], [Mention("x", 10, 12)]) == ()
    assert apart([found], [Mention("x", 11, 12)]) == (found,)


READERS: list[Find] = [find for find, _, _ in FOUND] + [lambda text: after(text, ("in", "for"))]
PIECES = [
    "a",
    "A ",
    "1",
    "_",
    "-",
    ".",
    "@",
    "/",
    "'",
    '"',
    "(",
    ")",
    "+",
    "$",
    ":",
    ",",
    " ",
    "\n",
    "in ",
]


@pytest.mark.parametrize("piece", [*PIECES, "a_", "1,", "a-", "a/", "a.b@", "1 * ", "12:3", "(1"])
def test_a_long_text_is_read_in_steps_that_grow_with_it(piece: str) -> None:
    """No expression goes back and forth over it: a stuck one would never end this test."""
    text = (piece * language.MAX_TEXT)[: language.MAX_TEXT]
    for find in READERS:
        assert len(find(text)) <= len(text)


@settings(max_examples=150)
@given(st.lists(st.one_of(st.text(max_size=9), st.sampled_from(PIECES)), max_size=12).map("".join))
def test_any_text_is_read(text: str) -> None:
    """Every mention lies inside the text."""
    for find in READERS:
        for mention in find(text):
            assert 0 <= mention.start <= mention.end <= len(text)
