"""Documents and search results: their sources, what they say of citations, and how many pages."""

from typing import Any

import pytest

from grader.catalog import load_catalog
from grader.simulator.validation import NEWEST_VERSION
from tests.simulator.documents.test_passages import ON, chunks, found, plain
from tests.simulator.pdfs import locked_pdf, pdf_source, write_pdf

OFF = {"citations": {"enabled": False}}
FORMAT = {"type": "json_schema", "schema": {"type": "object", "additionalProperties": False}}
PLACE = "messages.0.content.0.document"
FILE = "messages.0.content.0.pdf.source.base64.data"


def document(source: Any, **more: Any) -> dict[str, Any]:
    """Return a document with a source."""
    return {"type": "document", "source": source, **more}


def pdf(data: Any, media_type: Any = "application/pdf") -> dict[str, Any]:
    """Return a document that holds a file in base64."""
    return document({"type": "base64", "media_type": media_type, "data": data})


def user(*blocks: Any) -> dict[str, Any]:
    """Return the messages of one user turn."""
    return {"messages": [{"role": "user", "content": list(blocks)}]}


def in_result(*blocks: Any) -> dict[str, Any]:
    """Return a conversation whose tool result holds these blocks."""
    call = {"type": "tool_use", "id": "t", "name": "get_time", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "t", "content": list(blocks)}
    turns = [("user", "a"), ("assistant", [call]), ("user", [result])]
    tool = {"name": "get_time", "input_schema": {"type": "object"}}
    messages = [{"role": role, "content": content} for role, content in turns]
    return {"messages": messages, "tools": [tool]}


PICTURE = {"type": "image", "source": {"type": "url", "url": "https://a.b/c.png"}}
RIGHT = [
    document(pdf_source(["One."], ["Two."])),
    document({"type": "url", "url": "https://a.b/c.pdf"}),
    plain("One.", title="A", context="From 2026.", **ON),
    plain("One.", title=None, context=None, citations=None),
    plain("One.", citations={}),
    chunks("One.", "Two.", **ON),
    document({"type": "content", "content": "One."}),
    document({"type": "content", "content": [{"type": "text", "text": "One."}, PICTURE]}),
    {**plain("One."), "cache_control": {"type": "ephemeral"}},
    found("One.", **ON),
    {**found("One."), "cache_control": {"type": "ephemeral", "ttl": "1h"}},
]


@pytest.mark.parametrize("block", RIGHT, ids=range(len(RIGHT)))
def test_a_right_source_is_taken(refusal, block: Any) -> None:
    """In a message and in the result of a tool, on both versions."""
    for version in ("2023-06-01", NEWEST_VERSION):
        assert refusal(user(block), version=version) == ""
        assert refusal(in_result(block), version=version) == ""


WRONG: list[tuple[Any, str]] = [
    ({"type": "document"}, f"{PLACE}.source: Field required"),
    (document("a.pdf"), f"{PLACE}.source: Input should be an object"),
    (document({}), f"{PLACE}.source.type: Field required"),
    (
        document({"type": "path"}),
        (
            f"{PLACE}.source: Input tag 'path' found using 'type' does not match any of the "
            "expected tags: 'base64', 'content', 'file', 'text', 'url'"
        ),
    ),
    (
        pdf("AAAA", "text/plain"),
        f"{PLACE}.source.base64.media_type: Input should be 'application/pdf'",
    ),
    (pdf(None), f"{PLACE}.source.base64.data: Input should be a valid string"),
    (
        pdf("not base64"),
        (f"{FILE}: The PDF specified was not valid: invalid base64 data."),
    ),
    (pdf(""), f"{FILE}: The PDF specified was not valid."),
    (
        pdf("aGVsbG8="),
        f"{FILE}: The PDF specified was not valid.",
    ),
    (
        pdf(locked_pdf()),
        f"{FILE}: The PDF specified is password protected.",
    ),
    (
        document({"type": "text", "media_type": "text/markdown", "data": "a"}),
        f"{PLACE}.source.text.media_type: Input should be 'text/plain'",
    ),
    (document({"type": "text", "data": "a"}), f"{PLACE}.source.text.media_type: Field required"),
    (
        document({"type": "text", "media_type": "text/plain"}),
        f"{PLACE}.source.text.data: Field required",
    ),
    (document({"type": "content"}), f"{PLACE}.source.content.content: Field required"),
    (
        document({"type": "content", "content": 7}),
        f"{PLACE}.source.content.content: Input should be a valid array",
    ),
    (
        document({"type": "content", "content": [plain("a")]}),
        (
            f"{PLACE}.source.content.content.0: Input tag 'document' found using 'type' does not "
            "match any of the expected tags: 'image', 'text'"
        ),
    ),
    (document({"type": "url", "url": "http://a.b/c.pdf"}), "Only HTTPS URLs are supported."),
    (document({"type": "url"}), f"{PLACE}.source.url.url: Field required"),
    (document({"type": "file"}), f"{PLACE}.source.file.file_id: Field required"),
    (
        document({"type": "url", "url": "https://a.b", "detail": 1}),
        f"{PLACE}.source.url.detail: Extra inputs are not permitted",
    ),
    (plain("a", title=7), f"{PLACE}.title: Input should be a valid string"),
    (plain("a", context=[]), f"{PLACE}.context: Input should be a valid string"),
    (plain("a", citations=True), f"{PLACE}.citations: Input should be an object"),
    (
        plain("a", citations={"enabled": "yes"}),
        f"{PLACE}.citations.enabled: Input should be a valid boolean",
    ),
    (
        plain("a", citations={"enabled": True, "style": "apa"}),
        f"{PLACE}.citations.style: Extra inputs are not permitted",
    ),
    (plain("a", author="b"), f"{PLACE}.author: Extra inputs are not permitted"),
    (
        {"type": "search_result", "source": "a", "title": "b", "content": "c"},
        "messages.0.content.0.search_result.content: Input should be a valid array",
    ),
    (
        {"type": "search_result", "source": "a", "title": "b", "content": [PICTURE]},
        (
            "messages.0.content.0.search_result.content.0: Input tag 'image' found using 'type' "
            "does not match any of the expected tags: 'text'"
        ),
    ),
    (
        {**found("a"), "citations": None},
        "messages.0.content.0.search_result.citations: Input should be an object",
    ),
]


@pytest.mark.parametrize(("block", "message"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_source_is_told_with_its_place(refusal, block: Any, message: str) -> None:
    """In a message; a tool's result has the same words behind its own path."""
    assert refusal(user(block)) == message
    nested = "messages.2.content.0.tool_result.content.0"
    assert refusal(in_result(block)) == message.replace("messages.0.content.0", nested)


@pytest.mark.parametrize("card", load_catalog().models, ids=lambda card: card.id)
def test_the_pages_of_a_request_are_limited_by_the_models_context(refusal, card: Any) -> None:
    """Over all its PDFs, in messages and results; texts have no pages."""
    limit = 600 if card.context_window >= 1_000_000 else 100
    half = pdf(write_pdf(*[["A."]] * (limit // 2)))
    model = {"model": card.id}
    right = user(half, plain("One."), half)
    assert refusal({**right, **model}) == ""
    assert refusal({**user(half, half, pdf(write_pdf(["A."]))), **model}) == (
        "messages.0.content.2.pdf.source.base64.data: "
        f"A maximum of {limit} PDF pages may be provided."
    )


@pytest.mark.parametrize(("make", "name"), [(plain, "document"), (found, "search_result")])
@pytest.mark.parametrize("other", [OFF, {}])
def test_sources_of_a_kind_agree_on_citations(refusal, make: Any, name: str, other: Any) -> None:
    """All or none, wherever they stand; the other kind decides by itself."""
    told = f"messages: citations must be enabled on all or none of the `{name}` blocks of a request"
    assert refusal(user(make("a", **ON), make("b", **other))) == told
    apart = in_result(make("a", **other))
    apart["messages"][0] = {"role": "user", "content": [make("b", **ON)]}
    assert refusal(apart) == told
    for same in (ON, OFF):
        assert refusal(user(make("a", **same), make("b", **same))) == ""
    assert refusal(user(plain("a", **ON), found("b", **OFF))) == ""


@pytest.mark.parametrize("make", [plain, chunks, found])
def test_citations_clash_with_a_format_for_the_answer(refusal, make: Any) -> None:
    """A documented 400; without citations both are taken."""
    wanted = {"output_config": {"format": FORMAT}}
    told = "output_config.format: not supported when citations are enabled"
    assert refusal({**user(make("a", **ON)), **wanted}) == told
    assert refusal({**user(make("a", **OFF)), **wanted}) == ""


CITED = {
    "type": "char_location",
    "cited_text": "One.",
    "document_index": 0,
    "document_title": None,
    "start_char_index": 0,
    "end_char_index": 4,
}


@pytest.mark.parametrize(
    ("citation", "message"),
    [
        (CITED, ""),
        ({**CITED, "file_id": None}, ""),
        ({**CITED, "type": "guess"}, "Input tag 'guess' found using 'type' does not match"),
        ({"type": "char_location"}, "char_location.cited_text: Field required"),
        ({"type": "web_search_result_location", "cited_text": "a"}, "encrypted_index: Field"),
        (7, "Input should be an object"),
    ],
)
def test_citations_that_are_sent_back_are_checked(refusal, citation: Any, message: str) -> None:
    """A kind of the five, with the keys that it needs."""
    said = {"type": "text", "text": "One.", "citations": [citation]}
    turns = [("user", [plain("One.", **ON)]), ("assistant", [said]), ("user", "And?")]
    messages = [{"role": role, "content": content} for role, content in turns]
    told = refusal({"messages": messages}, version=NEWEST_VERSION)
    if message:
        assert told.startswith("messages.1.content.0.text.citations.0")
        assert message in told
    else:
        assert told == ""
