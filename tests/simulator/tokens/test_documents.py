"""Documents: their text, their pages as pictures, and what citations add."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.simulator.tokens import input_tokens, output_tokens
from tests.simulator.documents.test_passages import ON, chunks, found, plain
from tests.simulator.pdfs import pdf_source, write_pdf
from tests.simulator.tokens.counting import NEWER, OLDER, words


def counted(*blocks: Any, card: Any = OLDER) -> int:
    """Return the tokens of a message with these blocks, without the message's own."""
    ask = {"type": "text", "text": ""}
    full, empty = (
        input_tokens({"messages": [{"role": "user", "content": each}]}, card, counter=words)
        for each in ([*blocks, ask], [ask])
    )
    return full - empty


def pdf(*pages: list[str], size: tuple[int, int] = (612, 792)) -> dict[str, Any]:
    """Return a document that is a PDF."""
    source = {**pdf_source(["A."]), "data": write_pdf(*pages, size=size)}
    return {"type": "document", "source": source}


def test_a_text_counts_its_words_and_what_is_around_it() -> None:
    """A title and a context count too; blocks of content and of search results likewise."""
    around = counted(plain(""))
    assert counted(plain("one two three")) == around + 3
    assert counted(plain("one two", title="A title", context="Some more words")) == around + 2 + 5
    assert counted(chunks("one two", "three")) == around + 3
    assert counted(found("one two", "three")) == around + 24 + 3 + 2


@pytest.mark.parametrize("card", [OLDER, NEWER], ids=["v3", "v4.8"])
def test_a_page_counts_as_text_and_as_a_picture(card: Any) -> None:
    """Recorded: a page with hardly a word counted 1,625 to 1,635, on models of both tokenizers."""
    blank, page = counted(pdf([]), card=card), counted(pdf(["one two three"]), card=card)
    assert 1_560 < blank < 1_680
    assert page == blank + 3
    two = counted(pdf(["one two three"], ["four"]), card=card)
    assert page + 1_500 < two < page + 1_600
    wide = counted(pdf([], size=(792, 612)), card=card)
    assert abs(wide - blank) < 60


@given(st.lists(st.sampled_from(["One two. ", "Three. ", "Four five six. "]), max_size=8))
def test_citations_add_a_constant_and_a_mark_a_sentence(said: list[str]) -> None:
    """Recorded: a text of four sentences counted some 560 more than its words."""
    text = "".join(said)
    added = counted(plain(text, **ON)) - counted(plain(text))
    assert added == 500 + 14 * len(said)
    assert counted(plain(text, citations={"enabled": False})) == counted(plain(text))


def test_what_is_cited_is_free_both_ways() -> None:
    """As output, and as input when it is sent back."""
    cited = {
        "type": "text",
        "text": "one two",
        "citations": [{"type": "char_location", "cited_text": "a b c d e f g " * 100}],
    }
    bare = {"type": "text", "text": "one two"}
    assert output_tokens([cited], OLDER, counter=words) == output_tokens(
        [bare], OLDER, counter=words
    )
    sent = [
        input_tokens({"messages": [{"role": "assistant", "content": [each]}]}, OLDER, counter=words)
        for each in (cited, bare)
    ]
    assert sent[0] == sent[1]
