"""Answers from documents: they quote what fits the question, and cite it where asked to."""

import json
from collections.abc import Callable
from typing import Any

import anthropic
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.simulator import NEWEST_VERSION, Script, Simulator, text
from grader.simulator.documents import read_pdf
from tests.simulator.documents.test_passages import ON, chunks, found, plain
from tests.simulator.pdfs import pdf_source

FACTS = (
    "Ruby was created by Yukihiro Matsumoto in 1993. It was designed to make programmers happy. "
    "Rails is a framework built with Ruby."
)
HEADERS = {"x-api-key": "k", "anthropic-version": NEWEST_VERSION}
TOOL = {
    "name": "search_documents",
    "description": "Search the document store.",
    "input_schema": {"type": "object", "properties": {"query": {"type": "string"}}},
}


def ask(*blocks: Any, **more: Any) -> Any:
    """Return the message that answers one turn with these blocks."""
    body = {
        "model": "claude-haiku-4-5",
        "max_tokens": 2_000,
        "messages": [{"role": "user", "content": list(blocks)}],
        **more,
    }
    reply = Simulator(seed=1).handle("POST", "/v1/messages", HEADERS, json.dumps(body).encode())
    assert reply.status == 200, reply.body
    return reply.body


def question(words: str) -> dict[str, Any]:
    """Return a text block."""
    return {"type": "text", "text": words}


def cited(message: Any) -> list[Any]:
    """Return the citations of a message, in order."""
    return [each for block in message["content"] for each in block.get("citations", [])]


def said(message: Any) -> str:
    """Return all that a message says."""
    return "".join(block["text"] for block in message["content"])


PDF = {"type": "document", "source": pdf_source(["Not this."], FACTS.split(". ")), "title": "Facts"}


@pytest.mark.parametrize(
    ("source", "location"),
    [
        (plain(FACTS, title="Facts"), "char_location"),
        (PDF, "page_location"),
        (chunks("Not this.", *FACTS.split(". ")), "content_block_location"),
        (found("Not this.", *FACTS.split(". ")), "search_result_location"),
    ],
)
def test_a_question_is_answered_with_the_sentence_that_fits(source: Any, location: str) -> None:
    """In a block of its own with its citation, the key first; uncited text has no such key."""
    message = ask({**source, **ON}, question("Who created Ruby?"))
    opening, quoted = message["content"]
    assert list(opening) == ["type", "text"]
    assert list(quoted) == ["citations", "type", "text"]
    assert "created by Yukihiro Matsumoto" in quoted["text"]
    (citation,) = quoted["citations"]
    assert citation["type"] == location
    assert "created by Yukihiro Matsumoto" in citation["cited_text"]
    assert opening["text"].startswith("[simulated reply] ")


@pytest.mark.parametrize("source", [plain(FACTS), PDF, found(FACTS)])
def test_without_citations_the_answer_is_one_text(source: Any) -> None:
    """It quotes all the same."""
    message = ask(source, question("Who created Ruby?"))
    assert [list(block) for block in message["content"]] == [["type", "text"]]
    assert "created by Yukihiro Matsumoto" in said(message)


def test_a_question_that_fits_nothing_gets_the_opening() -> None:
    """As "What does it say?" does, of each document where there are several."""
    one = ask(plain(FACTS, **ON), question("Summarize, please?"))
    assert cited(one)[0]["start_char_index"] == 0
    several = ask(plain("Zebras. A.", **ON), plain("Lions. B.", **ON), question("Summarize"))
    assert [each["document_index"] for each in cited(several)] == [0, 1]


def test_a_later_question_about_something_else_is_not_answered_from_a_document() -> None:
    """The document came earlier, and no word of it is asked for."""
    turns = [
        {"role": "user", "content": [plain(FACTS), question("Who created Ruby?")]},
        {"role": "assistant", "content": "Matsumoto."},
        {"role": "user", "content": "Unrelated nonsense"},
    ]
    assert "Matsumoto" not in said(ask(messages=turns))
    turns[-1] = {"role": "user", "content": "And which framework?"}
    assert "Rails is a framework" in said(ask(messages=turns))


def test_what_a_tool_found_is_cited() -> None:
    """Once the tool was called; search results are counted apart from documents."""
    call = {"type": "tool_use", "id": "t", "name": TOOL["name"], "input": {"query": "Ruby"}}
    result = {
        "type": "tool_result",
        "tool_use_id": "t",
        "content": [found("Perl came first.", **ON), found(FACTS, **ON)],
    }
    turns = [
        ("user", [plain("Nothing here.", **ON), question("Search: who created Ruby?")]),
        ("assistant", [call]),
        ("user", [result]),
    ]
    messages = [{"role": role, "content": content} for role, content in turns]
    (citation,) = cited(ask(messages=messages, tools=[TOOL]))
    assert citation["search_result_index"] == 1
    assert citation["cited_text"] == FACTS


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
@given(
    st.lists(st.text(max_size=80), min_size=1, max_size=3),
    st.lists(st.lists(st.text(max_size=30), max_size=3), max_size=2),
    st.text(max_size=40),
)
def test_every_citation_quotes_its_source(
    texts: list[str], blocks: list[list[str]], words: str
) -> None:
    """Whatever the documents are, in any alphabet, and whatever is asked."""
    documents = [*[plain(each, **ON) for each in texts], *[chunks(*each, **ON) for each in blocks]]
    for citation in cited(ask(*documents, question(f"? {words}"))):
        index = citation["document_index"]
        if citation["type"] == "char_location":
            span = slice(citation["start_char_index"], citation["end_char_index"])
            assert texts[index][span] == citation["cited_text"]
        else:
            span = slice(citation["start_block_index"], citation["end_block_index"])
            assert "".join(blocks[index - len(texts)][span]) == citation["cited_text"]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(1, 90))
def test_an_answer_keeps_to_its_limit(most: int) -> None:
    """The parts that fit are those of the whole answer, and the last may be cut."""
    asked = (plain(FACTS, **ON), question("What was created, designed or built?"))
    whole, cut = ask(*asked), ask(*asked, max_tokens=most)
    assert said(whole).startswith(said(cut))
    assert cut["usage"]["output_tokens"] <= most
    assert cited(cut) == cited(whole)[: len(cited(cut))]
    assert all(block["text"] for block in cut["content"])
    assert (cut["stop_reason"] == "max_tokens") == (said(cut) != said(whole))


def test_a_written_answer_cites_what_it_quotes() -> None:
    """Where the sources ask for it; the answer itself stays as it was written."""
    prompt = question("What is idempotency?")
    written = said(ask(prompt))
    message = ask(plain(f"Before that. {written} After it.", **ON), prompt)
    assert said(message) == written
    assert " ".join(each["cited_text"].strip() for each in cited(message)) == written


def test_a_stream_brings_citations_as_deltas(
    client_of: Callable[..., anthropic.Anthropic],
) -> None:
    """Before the text of their block, as recorded; the SDK puts the same message together."""
    body: Any = {
        "model": "claude-haiku-4-5",
        "max_tokens": 500,
        "messages": [
            {"role": "user", "content": [plain(FACTS, **ON), question("Who created Ruby?")]}
        ],
    }
    client = client_of(Simulator(seed=1))
    with client.messages.stream(**body) as stream:
        events = [event for event in stream if event.type == "content_block_delta"]
        streamed = stream.get_final_message()
    kinds = [event.delta.type for event in events if event.index == 1]
    assert kinds[0] == "citations_delta"
    assert set(kinds[1:]) == {"text_delta"}
    whole = client.messages.create(**body)
    assert [each.text for each in streamed.content] == [each.text for each in whole.content]
    assert streamed.content[1].citations == whole.content[1].citations
    assert streamed.usage.output_tokens == whole.usage.output_tokens


def test_a_scripted_reply_is_sent_as_it_was_scripted() -> None:
    """Only what is improvised is cited by itself."""
    body = {
        "model": "claude-haiku-4-5",
        "max_tokens": 500,
        "messages": [{"role": "user", "content": [plain(FACTS, **ON), question("Who?")]}],
    }
    simulator = Simulator(replies=Script(text(FACTS)), seed=1)
    reply = simulator.handle("POST", "/v1/messages", HEADERS, json.dumps(body).encode())
    assert reply.body["content"] == [{"type": "text", "text": FACTS}]


def test_a_document_at_an_address_is_made_up() -> None:
    """Nothing is fetched, and the answer says what stands for it."""
    source = {"type": "url", "url": "https://a.example/annual-report.pdf"}
    message = ask({"type": "document", "source": source, **ON}, question("What is this called?"))
    assert cited(message)[0]["type"] == "page_location"
    assert "annual-report.pdf" in said(message)


def test_the_pages_of_a_pdf_are_quoted_as_they_are() -> None:
    """With the line breaks of the page in the citation, and without them in the answer."""
    source = pdf_source(["The limit of the", "shelf is nine", "books."])
    message = ask({"type": "document", "source": source, **ON}, question("What is the limit?"))
    assert cited(message)[0]["cited_text"] == read_pdf(source["data"])[0].text
    assert "The limit of the shelf is nine books." in said(message)
