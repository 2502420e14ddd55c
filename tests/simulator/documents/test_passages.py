"""Passages: sources are cut so that what is cited is what stands in the source."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.simulator.documents import passages_in, read_pdf, sentences
from tests.simulator.pdfs import pdf_source

TEXT = st.text(st.one_of(st.sampled_from(".!? \n\r\t\")'"), st.characters()), max_size=60)
ON = {"citations": {"enabled": True}}


def plain(text: str, **more: Any) -> dict[str, Any]:
    """Return a document of plain text."""
    source = {"type": "text", "media_type": "text/plain", "data": text}
    return {"type": "document", "source": source, **more}


def chunks(*texts: str, **more: Any) -> dict[str, Any]:
    """Return a document of text blocks."""
    content = [{"type": "text", "text": text} for text in texts]
    return {"type": "document", "source": {"type": "content", "content": content}, **more}


def found(*texts: str, **more: Any) -> dict[str, Any]:
    """Return a search result."""
    content = [{"type": "text", "text": text} for text in texts]
    return {"type": "search_result", "source": "kb://a", "title": "A", "content": content, **more}


def asked(*blocks: Any) -> dict[str, Any]:
    """Return a request with these blocks, the later half of them in a tool's result."""
    half = len(blocks) // 2
    result = {"type": "tool_result", "tool_use_id": "t", "content": list(blocks[half:])}
    turns = [list(blocks[:half]), [result]]
    return {"messages": [{"role": "user", "content": turn} for turn in turns]}


@given(TEXT)
def test_sentences_put_together_are_the_text(text: str) -> None:
    """Each begins where the one before ends, and none is empty."""
    places = list(sentences(text))
    assert "".join(text[start:end] for start, end in places) == text
    assert all(start < end for start, end in places)


def test_sentences_end_as_recorded() -> None:
    """With the white space behind them; a line break alone ends none."""
    text = 'Sample PDF\r\nThis is simple. "Fun!" Fun.\r\n\r\nA heading\n\nEnd. 好。二。'
    assert [text[start:end] for start, end in sentences(text)] == [
        "Sample PDF\r\nThis is simple. ",
        '"Fun!" ',
        "Fun.\r\n\r\n",
        "A heading\n\n",
        "End. ",
        "好。",
        "二。",
    ]


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_a_citation_of_characters_quotes_its_slice(texts: list[str]) -> None:
    """Of the document that it names, in any alphabet."""
    for passage in passages_in(asked(*[plain(text, **ON) for text in texts])):
        cited = passage.citation
        text = texts[cited["document_index"]]
        assert text[cited["start_char_index"] : cited["end_char_index"]] == cited["cited_text"]
        assert cited["cited_text"] == passage.text != ""


@given(st.lists(st.lists(TEXT, min_size=1, max_size=3), min_size=1, max_size=4))
def test_a_citation_of_blocks_quotes_whole_ones(texts: list[list[str]]) -> None:
    """Of content documents and of search results, each numbered by itself."""
    blocks = [make(*each, **ON) for each in texts for make in (chunks, found)]
    for passage in passages_in(asked(*blocks)):
        cited = passage.citation
        index = "document_index" if "document_index" in cited else "search_result_index"
        quoted = texts[cited[index]][cited["start_block_index"] : cited["end_block_index"]]
        assert "".join(quoted) == cited["cited_text"] == passage.text


def test_a_citation_of_a_page_stands_on_it() -> None:
    """Pages count from 1, the end excluded."""
    source = pdf_source(["One. Two."], ["Three."])
    request = asked(plain("Zero."), {"type": "document", "source": source, "title": "S", **ON})
    pages = read_pdf(source["data"])
    cited = [passage.citation for passage in passages_in(request) if passage.citation]
    assert [list(each) for each in cited] == [
        [
            "type",
            "cited_text",
            "document_index",
            "document_title",
            "start_page_number",
            "end_page_number",
        ]
    ] * 3
    for each in cited:
        assert each["end_page_number"] == each["start_page_number"] + 1
        assert each["cited_text"] in pages[each["start_page_number"] - 1].text
        assert (each["document_index"], each["document_title"]) == (1, "S")


@pytest.mark.parametrize("more", [{}, {"citations": None}, {"citations": {"enabled": False}}])
def test_nothing_is_cited_unasked(more: Any) -> None:
    """The passages are there all the same, to be read."""
    passages = passages_in(asked(plain("One. Two.", **more), chunks("Three", **more)))
    assert [passage.text for passage in passages] == ["One. ", "Two.", "Three"]
    assert [passage.citation for passage in passages] == [None] * 3


def test_a_picture_among_blocks_has_its_number_and_no_passage() -> None:
    """So that what follows it is cited by the right one."""
    document = chunks("One", "Two", **ON)
    picture = {"type": "image", "source": {"type": "url", "url": "https://a.b/c.png"}}
    document["source"]["content"].insert(1, picture)
    spans = [
        (passage.citation["start_block_index"], passage.citation["end_block_index"])
        for passage in passages_in(asked(document))
    ]
    assert spans == [(0, 1), (2, 3)]


def test_content_that_is_a_string_is_one_block() -> None:
    """As everywhere in the API."""
    document = {"type": "document", "source": {"type": "content", "content": "A. B."}, **ON}
    (passage,) = passages_in(asked(document))
    assert passage.citation["cited_text"] == "A. B."
    assert passage.citation["type"] == "content_block_location"
