"""Words: their roots, and what they may mean."""

import pytest

from grader.simulator.replies.language import (
    is_known,
    is_plain,
    kind_of,
    means,
    places_of,
    root,
    words_of_name,
    words_of_text,
    written_by,
)


@pytest.mark.parametrize(
    "words",
    [
        ("order", "orders", "Ordered", "ordering"),
        ("city", "cities"),
        ("price", "prices", "pricing"),
        ("employee", "employees"),
        ("address", "addresses"),
    ],
)
def test_forms_of_a_word_have_one_root(words: tuple[str, ...]) -> None:
    """However it is written."""
    assert len(set(map(root, words))) == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("get_customer", "get customer"),
        ("getCustomerID", "get customer id"),
        ("list-all-orders2", "list all order 2"),
        ("mcp__local__fetch_weather", "mcp local fetch weather"),
        ("", ""),
    ],
)
def test_a_name_is_made_of_words(name: str, words: str) -> None:
    """In any of the usual ways to join them."""
    assert words_of_name(name) == tuple(map(root, words.split()))


def test_words_stand_in_their_places() -> None:
    """A possessive's ending is no part of the word."""
    found = [(word.root, word.start, word.end) for word in words_of_text("Jane's two orders")]
    assert found == [("jan", 0, 6), ("two", 7, 10), ("order", 11, 17)]
    assert places_of("Forecast, or the weather?", "weather") == [0, 3]


def test_words_may_mean_the_same() -> None:
    """By their root, or by a row of the table."""
    assert means(root("orders"), root("order"))
    assert means(root("plus"), root("add"))
    assert not means(root("paris"), root("london"))


def test_the_tables_are_read() -> None:
    """Plain words, known words, what asks for a change, and kinds of values."""
    assert is_plain(root("please"))
    assert not is_plain(root("weather"))
    assert is_known(root("upgrade"))
    assert not is_known(root("Paris"))
    assert root("upgrade") in written_by(root("update"))
    assert written_by(root("get")) == frozenset()
    assert kind_of(words_of_name("customer_id")) == "identifier"
    assert kind_of(words_of_name("file_name")) == "path"
    assert kind_of(words_of_name("zebra")) is None
