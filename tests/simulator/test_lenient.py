"""Lenient mode: what the API would refuse is answered, and the reply says so."""

import json
from typing import Any

import anthropic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.catalog import Catalog, find_model
from grader.simulator import LABEL, Fault, Reply, Script, Simulator, input_tokens, text
from grader.simulator.lenient import make_stand_in

HEADERS = {"x-api-key": "simulated", "anthropic-version": "2026-10-21"}
ASK: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "Hello"}],
}
POSTS = ("/v1/messages", "/v1/messages/count_tokens", "/v1/chat/completions")


def test_a_refused_request_is_answered_with_the_reason(client_of) -> None:
    """The reply is labelled, has the model that was asked for, and counts what was sent."""
    simulator = Simulator(lenient=True)
    client = client_of(simulator)
    message = client.messages.create(**{**ASK, "messages": []})
    reason = "messages: at least one message is required"
    assert message.content[0].text == f"{LABEL} The API would refuse this request: {reason}"
    assert (message.model, message.stop_reason) == (ASK["model"], "end_turn")
    assert simulator.transcript[0].forgiven == reason
    assert simulator.transcript[0].status == 200


def test_what_is_refused_is_counted_as_text(client_of) -> None:
    """The body as it was sent, alike in a message's usage and in count_tokens."""
    client = client_of(Simulator(lenient=True))
    wrong = {"model": ASK["model"], "messages": [{"role": "nobody", "content": "Hello"}]}
    counted = client.messages.count_tokens(**wrong).input_tokens
    message = client.messages.create(**wrong, max_tokens=9)
    assert counted > 20
    assert 0 < message.usage.input_tokens - counted < 20


def test_a_refused_request_for_a_stream_gets_a_stream(client_of) -> None:
    """With all its events."""
    client = client_of(Simulator(lenient=True))
    with client.messages.stream(**{**ASK, "model": "nobody"}) as stream:
        words = "".join(stream.text_stream)
    assert words == f"{LABEL} The API would refuse this request: model: nobody"


def test_a_model_that_does_not_exist_is_described_all_the_same(client_of) -> None:
    """By its name, and labelled."""
    model = client_of(Simulator(lenient=True)).models.retrieve("model_id")
    assert (model.id, model.display_name, model.type) == ("model_id", f"{LABEL} model_id", "model")


def test_the_compatible_endpoint_is_lenient_too(openai_client_of) -> None:
    """In its own shape."""
    client = openai_client_of(Simulator(lenient=True))
    chat = client.chat.completions.create(model="gpt-5", messages=[])
    assert chat.choices[0].message.content.startswith(f"{LABEL} The API would refuse")


def test_a_valid_request_is_answered_as_ever(client_of) -> None:
    """Nothing of it is forgiven."""
    simulator = Simulator(lenient=True, replies=Script(text("Hi.")))
    assert client_of(simulator).messages.create(**ASK).content[0].text == "Hi."
    assert simulator.transcript[0].forgiven is None


def test_without_it_a_refusal_is_a_refusal(client_of) -> None:
    """Off by default."""
    with pytest.raises(anthropic.NotFoundError):
        client_of(Simulator()).messages.create(**{**ASK, "model": "nobody"})


@pytest.mark.parametrize("status", [400, 404, 429, 529])
def test_a_scripted_fault_is_sent(client_of, status: int) -> None:
    """It is no judgement of the request."""
    replies = Script(Fault(status, "model: as scripted"))
    client = client_of(Simulator(lenient=True, replies=replies))
    with pytest.raises(anthropic.APIStatusError) as caught:
        client.messages.create(**ASK)
    assert caught.value.status_code == status


@pytest.mark.parametrize(
    ("method", "path", "key", "status"),
    [
        ("POST", "/v1/messages", "", 401),
        ("POST", "/v1/complete", "k", 404),
        ("GET", "/v1/messages", "k", 404),
        ("GET", "/v1/filings/model", "k", 404),
    ],
)
def test_what_is_not_the_requests_fault_stays_refused(
    method: str, path: str, key: str, status: int
) -> None:
    """No key, and addresses that are not there."""
    reply = Simulator(lenient=True).handle(method, path, {**HEADERS, "x-api-key": key}, b"{}")
    assert reply.status == status


def answered(path: str, headers: dict[str, str], body: bytes) -> Reply:
    """Return the reply of a lenient simulator."""
    return Simulator(lenient=True, seed=1).handle("POST", path, headers, body)


@pytest.mark.parametrize("version", [{}, {"anthropic-version": "1999"}, {"anthropic-version": ""}])
def test_the_version_may_be_missing_or_wrong(version: dict[str, str]) -> None:
    """As any other 400."""
    reply = answered("/v1/messages", {"x-api-key": "k", **version}, json.dumps(ASK).encode())
    assert reply.status == 200
    assert "anthropic-version" in reply.body["content"][0]["text"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=9,
)
BODIES = st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode())
ODD = st.fixed_dictionaries({}, optional=dict.fromkeys((*ASK, "stream", "tools"), JSON)).map(
    lambda odd: json.dumps({**ASK, **odd}).encode()
)


@settings(max_examples=200)
@given(path=st.sampled_from(POSTS), body=BODIES | ODD)
def test_every_body_is_answered(path: str, body: bytes) -> None:
    """With a 200 that is well-formed to its last event."""
    reply = answered(path, HEADERS, body)
    assert reply.status == 200
    if reply.events is None:
        assert json.loads(reply.content())
    else:
        assert all(event.encode().endswith(b"\n\n") for event in reply.events)


@pytest.mark.parametrize("character", ["a", "語", "🜚", "\x00", " ", '"'])
def test_a_long_body_fits_every_window(character: str) -> None:
    """What is counted of it is bounded, so that it is never too long a prompt."""
    haiku = find_model("claude-haiku-4-5")
    body = json.dumps({"model": haiku.id, "x": character * 10**6}, ensure_ascii=False).encode()
    stand_in = make_stand_in(body, json.loads(body), Catalog((haiku,)), counting=False)
    assert input_tokens(stand_in, haiku) < haiku.context_window
    assert answered("/v1/messages", HEADERS, body).status == 200
