"""Simulator: what it does with one HTTP request, before and around the reply."""

import json
import re
from datetime import UTC, datetime, time
from typing import Any

import pytest

from grader.catalog import load_catalog, retirement
from grader.simulator import Exchange, Fault, Reply, Request, Script, Simulator, empty, text
from grader.simulator.core import MAX_BODY

HELLO = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "Hello"}],
}
HEADERS = {"x-api-key": "simulated", "anthropic-version": "2026-10-21"}


def error_of(reply: Any) -> tuple[int, str, str]:
    """Return status, type and message of an error reply."""
    error = reply.body["error"]
    return reply.status, error["type"], error["message"]


def test_a_plain_message_has_the_newest_shape(post) -> None:
    """Keys, their order and every value follow recorded replies of the shape since October 2026."""
    reply = post(HELLO, to=Simulator(replies=Script(text("Hi.")), seed=1))
    message = dict(reply.body)
    assert re.fullmatch(r"msg_01[1-9A-HJ-NP-Za-km-z]{22}", message.pop("id"))
    assert (reply.status, reply.events) == (200, None)
    assert list(reply.body) == [
        "model",
        "id",
        "type",
        "role",
        "content",
        "container",
        "stop_reason",
        "stop_sequence",
        "stop_details",
        "usage",
        "diagnostics",
    ]
    assert message == {
        "model": "claude-sonnet-4-6",
        "type": "message",
        "role": "assistant",
        "content": [{"type": "text", "text": "Hi."}],
        "container": None,
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "stop_details": None,
        "usage": {
            "input_tokens": 8,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
            "output_tokens": 5,
            "service_tier": "standard",
            "inference_geo": "global",
        },
        "diagnostics": None,
    }


def test_an_alias_is_answered_with_the_id_behind_it(post) -> None:
    """A request for claude-haiku-4-5 says in its reply which snapshot answered."""
    assert post({**HELLO, "model": "claude-haiku-4-5"}).body["model"] == "claude-haiku-4-5-20251001"


def test_one_seed_gives_the_same_bytes(post) -> None:
    """Ids, and the padding of a stream, depend on the seed alone."""
    first, second, other = (Simulator(seed=seed, clock=lambda: 0.0) for seed in (7, 7, 8))
    assert post(HELLO, to=first) == post(HELLO, to=second)
    streamed = {**HELLO, "stream": True}
    drawn = [
        b"".join(event.encode() for event in post(streamed, to=simulator).events)
        for simulator in (first, second, other)
    ]
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, (401, "authentication_error", "x-api-key header is required")),
        ({"x-api-key": " "}, (401, "authentication_error", "x-api-key header is required")),
        (
            {"authorization": "Basic c2VjcmV0"},
            (401, "authentication_error", "x-api-key header is required"),
        ),
        ({"x-api-key": "wrong"}, (401, "authentication_error", "invalid x-api-key")),
        ({"authorization": "Bearer wrong"}, (401, "authentication_error", "Invalid bearer token")),
    ],
    ids=["none", "blank", "another scheme", "wrong key", "wrong bearer"],
)
def test_a_missing_or_wrong_key_is_a_401(headers: dict[str, str], expected) -> None:
    """Each way of giving a key has the API's own words for a wrong one."""
    simulator = Simulator(api_key="right")
    sent = {"anthropic-version": "2026-10-21", **headers}
    reply = simulator.handle("POST", "/v1/messages", sent, json.dumps(HELLO).encode())
    assert error_of(reply) == expected


@pytest.mark.parametrize(
    "headers",
    [{"X-Api-Key": "right"}, {"Authorization": "Bearer right"}, {"AUTHORIZATION": "bearer right"}],
    ids=["x-api-key", "bearer", "any case"],
)
def test_both_ways_of_giving_the_key_are_accepted(headers: dict[str, str]) -> None:
    """Older clients send x-api-key, anthropic 2.x sends Authorization: Bearer."""
    simulator = Simulator(api_key="right")
    sent = {"Anthropic-Version": "2026-10-21", **headers}
    assert simulator.handle("POST", "/v1/messages", sent, json.dumps(HELLO).encode()).status == 200


def test_no_key_reaches_the_transcript(post) -> None:
    """What is kept of a request can be shown to anyone."""
    simulator = Simulator(replies=Script(empty()))
    post(HELLO, to=simulator, Authorization="Bearer secret", Cookie="secret", Accept="*/*")
    kept = simulator.transcript[0].request
    assert kept == Request(
        "POST",
        "/v1/messages",
        {"anthropic-version": "2026-10-21", "accept": "*/*"},
        HELLO,
    )


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("", "anthropic-version: header is required"),
        ("2020-01-01", 'anthropic-version: "2020-01-01" is not a valid version'),
    ],
    ids=["absent", "unknown"],
)
def test_a_version_is_required_and_must_exist(post, version: str, message: str) -> None:
    """A raw request without the header, or with a made-up date, is a 400."""
    assert error_of(post(HELLO, version=version)) == (400, "invalid_request_error", message)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/complete"),
        ("POST", "/v1/models"),
        ("POST", ""),
        ("GET", "/v1/messages"),
        ("GET", "/"),
        ("DELETE", "/v1/messages"),
        ("PATCH", "//[half an address"),
    ],
)
def test_an_address_that_does_not_exist_is_a_404(method: str, path: str) -> None:
    """Whatever the body says: the address is looked at first."""
    reply = Simulator().handle(method, path, HEADERS, b"")
    assert error_of(reply) == (404, "not_found_error", "Not found")


def test_a_query_is_no_part_of_the_address() -> None:
    """The SDK's beta methods ask for /v1/messages?beta=true."""
    simulator = Simulator(seed=1)
    reply = simulator.handle("POST", "/v1/messages?beta=true", HEADERS, json.dumps(HELLO).encode())
    assert (reply.status, simulator.transcript[0].request.path) == (200, "/v1/messages")


def test_a_body_past_the_limit_is_a_413_in_the_shape_of_the_edge(post) -> None:
    """The edge of the network answers it: no outer type, no request id in the body."""
    reply = post(b" " * (MAX_BODY + 1))
    error = {"type": "request_too_large", "message": "Request exceeds the maximum size"}
    assert (reply.status, reply.body) == (413, {"error": error})


def test_an_unknown_model_is_a_404_that_names_it(post) -> None:
    """The whole message is the name."""
    reply = post({**HELLO, "model": "claude-does-not-exist"})
    assert error_of(reply) == (404, "not_found_error", "model: claude-does-not-exist")


def test_a_prompt_past_the_context_window_is_a_400(post) -> None:
    """Only the input counts against the window, and the message says by how much it is too long."""
    long = {**HELLO, "model": "claude-haiku-4-5", "messages": [{"role": "user"}]}
    long["messages"][0]["content"] = "ha " * 200_000
    reply = post(long)
    assert error_of(reply) == (
        400,
        "invalid_request_error",
        "prompt is too long: 200007 tokens > 200000 maximum",
    )


def test_counting_answers_with_one_number(post) -> None:
    """It equals the input tokens of the same request sent as a message."""
    counted = {key: value for key, value in HELLO.items() if key != "max_tokens"}
    reply = post(counted, path="/v1/messages/count_tokens")
    assert reply.body == {"input_tokens": post(HELLO).body["usage"]["input_tokens"]}


def test_a_request_id_is_in_the_header_and_in_an_errors_body(post) -> None:
    """The two are equal, as in all recorded errors since August 2025."""
    reply = post({})
    assert re.fullmatch(r"req_01[1-9A-HJ-NP-Za-km-z]{22}", reply.headers["request-id"])
    assert list(reply.body) == ["type", "error", "request_id"]
    assert reply.body["request_id"] == reply.headers["request-id"]


def rate_limits(headers) -> list[str]:
    """Return the names of the rate-limit headers."""
    return sorted(name for name in headers if "ratelimit" in name)


def test_rate_limits_come_with_messages_and_429_only(post) -> None:
    """Recorded: no other error has them, and neither count_tokens nor the list of models."""

    def names(*kinds: str) -> list[str]:
        told = ("limit", "remaining", "reset")
        return [f"anthropic-ratelimit-{kind}-{what}" for kind in kinds for what in told]

    whole = names("input-tokens", "output-tokens", "requests", "tokens")
    script = Script(text("a"), text("b"), Fault(429, "Slow down"), Fault(529, "Overloaded"))
    simulator = Simulator(replies=script, clock=lambda: 1_795_305_600.0)
    plain, streamed, slow, overloaded = (
        post({**HELLO, "stream": stream}, to=simulator) for stream in (False, True, False, False)
    )
    counted = post({**HELLO}, path="/v1/messages/count_tokens")
    models = simulator.handle("GET", "/v1/models", HEADERS, b"")
    assert [rate_limits(reply.headers) for reply in (plain, streamed)] == [whole] * 2
    assert rate_limits(slow.headers) == names("input-tokens", "requests")
    assert [rate_limits(reply.headers) for reply in (overloaded, counted, models)] == [[]] * 3
    assert plain.headers["anthropic-ratelimit-requests-reset"] == "2026-11-22T00:00:00Z"


def test_the_limit_of_tokens_is_the_sum_of_input_and_output(post) -> None:
    """So it is in 6,271 of 6,271 recorded replies."""
    headers = post(HELLO).headers
    limits = [
        int(headers[f"anthropic-ratelimit-{kind}-limit"])
        for kind in ("input-tokens", "output-tokens", "tokens")
    ]
    assert limits[0] + limits[1] == limits[2]


@pytest.mark.parametrize(
    ("status", "kind", "retried"),
    [
        (400, "invalid_request_error", "false"),
        (402, "billing_error", "false"),
        (403, "permission_error", "false"),
        (409, "conflict_error", "true"),
        (429, "rate_limit_error", "true"),
        (500, "api_error", "true"),
        (504, "timeout_error", "true"),
        (529, "overloaded_error", "true"),
        (418, "api_error", "false"),
    ],
)
def test_a_scripted_fault_is_an_error_reply(post, status: int, kind: str, retried: str) -> None:
    """Its type follows the status, and the header tells the SDK whether to try again."""
    reply = post(HELLO, to=Simulator(replies=Script(Fault(status, "Words."))))
    assert error_of(reply) == (status, kind, "Words.")
    assert reply.headers["x-should-retry"] == retried


def test_a_scripted_fault_sets_headers_over_the_usual_ones(post) -> None:
    """Also x-should-retry, which is how a scene makes the SDK give up at once."""
    fault = Fault(529, "Overloaded", {"retry-after": "7", "x-should-retry": "false"})
    headers = post(HELLO, to=Simulator(replies=Script(fault))).headers
    assert (headers["retry-after"], headers["x-should-retry"]) == ("7", "false")


def test_a_used_up_script_says_so(post) -> None:
    """The error counts the replies that were there and is not retried."""
    simulator = Simulator(replies=Script(text("One.")))
    assert post(HELLO, to=simulator).status == 200
    reply = post(HELLO, to=simulator)
    assert error_of(reply) == (
        400,
        "invalid_request_error",
        "This scene's script has 1 replies, and this is request 2: nothing more was expected.",
    )
    assert reply.headers["x-should-retry"] == "false"


def test_a_refused_request_uses_up_no_reply(post) -> None:
    """What is wrong never reaches the model, so the script stays where it was."""
    script = Script(text("One."))
    simulator = Simulator(replies=script)
    post({**HELLO, "messages": []}, to=simulator)
    assert (script.used, post(HELLO, to=simulator).status) == (0, 200)


def test_the_transcript_keeps_every_exchange(post) -> None:
    """Errors, messages and streams, in the order in which they arrived."""
    simulator = Simulator(replies=Script(text("One."), text("Two.")))
    plain, refused, streamed = (
        post(body, to=simulator) for body in (HELLO, {}, {**HELLO, "stream": True})
    )
    sent = {"anthropic-version": "2026-10-21"}
    first, second, third = simulator.transcript
    assert first == Exchange(
        Request("POST", "/v1/messages", sent, HELLO), 200, plain.body, plain.body
    )
    assert second == Exchange(Request("POST", "/v1/messages", sent, {}), 400, refused.body)
    assert third.message["content"] == [{"type": "text", "text": "Two."}]
    assert (third.status, third.body, third.streamed) == (200, None, True)
    assert streamed.body is None


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_a_bounded_transcript_keeps_the_newest(post, limit: int) -> None:
    """In the same list, so that whoever holds it sees them."""
    simulator = Simulator(transcript_limit=limit)
    transcript = simulator.transcript
    for number in range(1, 6):
        post({**HELLO, "max_tokens": number}, to=simulator)
    kept = [exchange.request.body["max_tokens"] for exchange in transcript]
    assert kept == [1, 2, 3, 4, 5][5 - limit :]
    assert simulator.transcript is transcript


def test_an_open_stream_goes_on_when_its_exchange_is_forgotten(post) -> None:
    """The exchange notes how far it came, though the transcript has it no more."""
    simulator = Simulator(replies=Script(text("One."), text("Two.")), transcript_limit=1)
    reply = post({**HELLO, "stream": True}, to=simulator)
    (exchange,) = simulator.transcript
    next(reply.events)
    post(HELLO, to=simulator)
    assert exchange not in simulator.transcript
    names = [event.name for event in reply.events]
    assert names[-1] == "message_stop"
    assert (exchange.events_sent, exchange.finished) == (len(names) + 1, True)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "The request body is not valid JSON: unexpected character: line 1 column 1 (char 0)"),
        (b"[]", "body: Input should be an object"),
        (b'"text"', "body: Input should be an object"),
        (b"null", "body: Input should be an object"),
    ],
)
def test_a_body_that_is_no_object_is_a_400(post, body: bytes, message: str) -> None:
    """It is refused before anything in it is looked at."""
    assert error_of(post(body)) == (400, "invalid_request_error", message)


@pytest.mark.parametrize("name", ["claude-sonnet-4-5", "claude-sonnet-4-5-20250929"])
def test_a_model_retires_on_its_day(name: str) -> None:
    """By the simulator's clock: until then it answers, from then on it is a 404."""
    retires = load_catalog().find(name).retires
    assert retires is not None
    midnight = datetime.combine(retires, time.min, UTC).timestamp()
    body = {"model": name, "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
    raw = json.dumps(body).encode()
    headers = {"x-api-key": "k", "anthropic-version": "2023-06-01"}

    def ask(at: float, *, lenient: bool = False) -> Reply:
        simulator = Simulator(clock=lambda: at, lenient=lenient)
        return simulator.handle("POST", "/v1/messages", headers, raw)

    assert ask(midnight - 1).status == 200
    gone = ask(midnight)
    assert (gone.status, gone.body["error"]["message"]) == (404, f"model: {name}")
    assert ask(midnight, lenient=True).status == 200
    assert f"{name} was retired on {retires}" in retirement(name)
