"""Faults on request: by a header, through the real SDKs in process."""

import json
from typing import Any

import anthropic
import httpx2
import openai
import pytest

from grader.simulator import Pace, Script, Simulator, text
from grader.simulator.faults import TYPES
from grader.simulator.requested import RequestedFault, Unreadable, read_requested

ASK: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "Hello"}],
}
FAULT = "x-simulator-fault"


def wanting(wanted: str) -> dict[str, Any]:
    """Return the options of an SDK's call that ask for a fault."""
    return {"extra_headers": {FAULT: wanted}}


@pytest.mark.parametrize("status", TYPES)
def test_every_status_of_the_api_can_be_asked_for(client_of, status: int) -> None:
    """With its own type of error, and without a reply from the script."""
    script = Script(text("Hi."))
    client = client_of(Simulator(replies=script))
    with pytest.raises(anthropic.APIStatusError) as caught:
        client.messages.create(**ASK, **wanting(str(status)))
    assert (caught.value.status_code, caught.value.body["error"]["type"]) == (
        status,
        TYPES[status],
    )
    assert script.used == 0
    assert client.messages.create(**ASK).content[0].text == "Hi."


def test_an_error_says_when_to_come_back(client_of) -> None:
    """And names the model that was asked, as the API's own does."""
    with pytest.raises(anthropic.RateLimitError, match="model: claude-sonnet-4-6") as caught:
        client_of(Simulator()).messages.create(**ASK, **wanting("429, retry-after=2"))
    assert caught.value.response.headers["retry-after"] == "2"
    assert caught.value.response.headers["x-should-retry"] == "true"


@pytest.mark.parametrize("path", ["/v1/messages/count_tokens", "/v1/models", "/v1/models/none"])
def test_every_endpoint_fails_on_request(path: str) -> None:
    """Once it is known that it would have answered."""
    body = {key: ASK[key] for key in ("model", "messages")}
    method = "POST" if "count" in path else "GET"
    headers = {"x-api-key": "any", "anthropic-version": "2026-10-21", FAULT: "529"}
    reply = Simulator().handle(method, path, headers, json.dumps(body).encode())
    assert reply.status == (404 if path.endswith("none") else 529)


def test_the_chat_completions_fail_in_their_own_form(openai_client_of) -> None:
    """One header for every protocol."""
    with pytest.raises(openai.InternalServerError) as caught:
        openai_client_of(Simulator()).chat.completions.create(
            model=ASK["model"], messages=ASK["messages"], **wanting("500")
        )
    assert caught.value.status_code == 500


def test_a_stream_is_cut_where_it_is_said(client_of) -> None:
    """After so many deltas; where nothing is streamed, nothing comes."""
    long = text("one two three four five six seven eight nine ten eleven twelve")
    simulator = Simulator(replies=Script(long, long), seed=1)
    client = client_of(simulator)
    with (
        client.messages.create(**ASK, stream=True, **wanting("cut, after=2")) as stream,
        pytest.raises(httpx2.RemoteProtocolError),
    ):
        list(stream)
    assert simulator.transcript[-1].cut == "connection"
    # message_start, content_block_start, ping, and two deltas.
    assert simulator.transcript[-1].events_sent == 5
    with pytest.raises(anthropic.APIConnectionError):
        client.messages.create(**ASK, **wanting("cut, after=2"))


def test_a_stream_ends_with_the_error_that_is_asked_for(client_of) -> None:
    """As the API sends it in the midst of one."""
    client = client_of(Simulator(replies=Script(text("one two three"))))
    with (
        client.messages.create(**ASK, stream=True, **wanting("529, after=1")) as stream,
        pytest.raises(anthropic.APIStatusError, match="Overloaded"),
    ):
        list(stream)


def test_a_reply_never_comes(client_of) -> None:
    """The client gives up, without the wait."""
    with pytest.raises(anthropic.APITimeoutError):
        client_of(Simulator()).messages.create(**ASK, **wanting("timeout"))


def test_only_the_first_tries_fail(client_of, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the SDK's own count of its retries, so that nothing need be remembered."""
    monkeypatch.setattr("anthropic._base_client.time.sleep", lambda _: None)
    simulator = Simulator()
    client = client_of(simulator).with_options(max_retries=3)
    client.messages.create(**ASK, **wanting("529, times=2"))
    assert [exchange.status for exchange in simulator.transcript] == [529, 529, 200]


def delays(simulator: Simulator, wanted: str) -> tuple[list[float], float]:
    """Return the delays of a stream's events, and of a plain reply, that want to be slow."""
    headers = {"x-api-key": "any", "anthropic-version": "2026-10-21", FAULT: wanted}
    body = json.dumps({**ASK, "stream": True}).encode()
    events = simulator.handle("POST", "/v1/messages", headers, body).events
    assert events is not None
    plain = simulator.handle("POST", "/v1/messages", headers, json.dumps(ASK).encode())
    return [event.delay for event in events if event.delay], plain.delay


def test_a_slow_reply_has_the_delays_that_are_asked_for() -> None:
    """The first token, those between, or both; five seconds unless it says how many."""
    simulator = Simulator(replies=lambda *_: text("one two three four five six seven"))
    for wanted, first, between in (
        ("slow", 5.0, 0.0),
        ("slow, first-token=0.5", 0.5, 0.0),
        ("slow, between=0.25", 0.0, 0.25),
        ("slow, first-token=2, between=1", 2.0, 1.0),
    ):
        paced = Simulator(
            replies=lambda *_: text("one two three four five six seven"),
            pace=Pace(first_token=first, between_deltas=between),
            seed=1,
        )
        assert delays(simulator, wanted)[1] == first
        assert set(delays(simulator, wanted)[0]) == set(delays(paced, "slow, times=0")[0])


def test_a_client_that_does_not_wait_so_long_gives_up(client_of) -> None:
    """At once, in process; one that waits gets its answer."""
    client = client_of(Simulator())
    with pytest.raises(anthropic.APITimeoutError):
        client.messages.create(**ASK, timeout=60.0, **wanting("slow, first-token=90"))
    assert client.messages.create(**ASK, timeout=60.0, **wanting("slow, first-token=0.01"))


@pytest.mark.parametrize(
    ("wanted", "what"),
    [
        ("", "'' is nothing that can happen"),
        ("later", "'later' is nothing that can happen"),
        ("200", "200 is no status that the API sends"),
        ("٤٢٩", "'٤٢٩' is nothing that can happen"),
        ("429, retry-after", "retry-after= is no number from 0 to 1000000"),
        ("429, retry-after=-1", "retry-after=-1 is no number from 0 to 1000000"),
        ("429, retry-after=soon", "retry-after=soon is no number from 0 to 1000000"),
        ("slow, first-token=nan", "first-token=nan is no number from 0 to 600"),
        ("slow, first-token=601", "first-token=601 is no number from 0 to 600"),
        ("cut, retry-after=2", "'retry-after=2' is no option here, which takes after=, times="),
        ("429, 529", "'529' is no option here, which takes retry-after=, after=, times="),
    ],
)
def test_a_wish_that_cannot_be_read_is_a_400_with_an_example(
    client_of, wanted: str, what: str
) -> None:
    """From a lenient simulator too: the header is ours."""
    with pytest.raises(Unreadable) as caught:
        read_requested({FAULT: wanted})
    assert str(caught.value).startswith(f"{FAULT}: {what}. Begin with a status (400, ")
    assert str(caught.value).endswith("For example: 429, retry-after=2")
    if wanted.isascii():
        with pytest.raises(anthropic.BadRequestError, match="For example: 429"):
            client_of(Simulator(lenient=True)).messages.create(**ASK, **wanting(wanted))


def test_who_asks_for_nothing_gets_nothing() -> None:
    """Nor whose tries were enough."""
    assert read_requested({}) is None
    assert read_requested({FAULT: "529, times=1", "x-stainless-retry-count": "1"}) is None
    assert read_requested({FAULT: "slow"}) == RequestedFault(pace=Pace(first_token=5.0))
