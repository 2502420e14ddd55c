"""Faults: their wording, their envelope, and what the real SDK makes of each."""

import asyncio
from typing import Any

import anthropic
import httpx2
import pytest

from grader.simulator import (
    Fault,
    Script,
    Simulator,
    SimulatorTransport,
    connection_cut,
    credit_too_low,
    improvise,
    overloaded,
    rate_limited,
    server_error,
    spend_limit_reached,
    text,
    timed_out,
    with_faults,
)
from grader.simulator.faults import Refused, invalid

ASK: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "Hello"}],
}


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Note how long the SDK would sleep, synchronous or not, and do not wait."""
    noted: list[float] = []

    async def sleep(seconds: float) -> None:
        noted.append(seconds)

    monkeypatch.setattr("anthropic._base_client.time.sleep", noted.append)
    monkeypatch.setattr("anthropic._base_client.anyio.sleep", sleep)
    return noted


def asked(simulator: Simulator, *, asynchronous: bool, max_retries: int = 2) -> Any:
    """Send one request with a real client of either kind, which retries as the SDK does."""
    options: dict[str, Any] = {"api_key": "simulated", "max_retries": max_retries}

    async def run() -> Any:
        async with httpx2.AsyncClient(transport=SimulatorTransport(simulator)) as http:
            client = anthropic.AsyncAnthropic(http_client=http, **options)
            return await client.messages.create(**ASK)

    if asynchronous:
        return asyncio.run(run())
    with httpx2.Client(transport=SimulatorTransport(simulator)) as http:
        return anthropic.Anthropic(http_client=http, **options).messages.create(**ASK)


def test_a_fault_has_the_apis_envelope() -> None:
    """Type, error and request id, in this order."""
    envelope = overloaded().envelope("req_01")
    assert list(envelope) == ["type", "error", "request_id"]
    assert envelope == {
        "type": "error",
        "error": {"type": "overloaded_error", "message": "Overloaded"},
        "request_id": "req_01",
    }


def test_a_413_has_that_of_the_networks_edge() -> None:
    """Neither an outer type nor a request id."""
    error = {"type": "request_too_large", "message": "Too large"}
    assert Fault(413, "Too large").envelope("req_01") == {"error": error}


def test_a_status_without_a_type_of_its_own_is_an_api_error() -> None:
    """As 502 and 503 of a gateway."""
    assert Fault(503, "Unavailable").type == "api_error"


def test_a_refusal_says_what_it_carries() -> None:
    """So that one that escapes can be read."""
    refused = invalid("max_tokens: Field required")
    assert isinstance(refused, Refused)
    assert refused.fault == Fault(400, "max_tokens: Field required")
    assert str(refused) == "400 invalid_request_error: max_tokens: Field required"


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (overloaded(), (529, "overloaded_error", "Overloaded")),
        (server_error(), (500, "api_error", "Internal server error")),
        (
            credit_too_low(),
            (
                400,
                "invalid_request_error",
                (
                    "Your credit balance is too low to access the Anthropic API. Please go to "
                    "Plans & Billing to upgrade or purchase credits."
                ),
            ),
        ),
    ],
    ids=["overloaded", "server_error", "credit_too_low"],
)
def test_a_fault_is_made_by_its_name(fault: Fault, expected: tuple[int, str, str]) -> None:
    """With the status, the type and the wording recorded."""
    assert (fault.status, fault.type, fault.message) == expected


def test_a_scripted_rate_limit_speaks_of_the_request_it_refuses(post) -> None:
    """The model asked for, and the limit that the headers name."""
    simulator = Simulator(replies=Script(rate_limited(retry_after=7, limit="requests")))
    reply = post({**ASK, "model": "claude-haiku-4-5"}, to=simulator)
    assert reply.status == 429
    assert reply.body["error"]["message"].startswith(
        "This request would exceed your organization's rate limit of 4,000 requests per minute "
        "(org: 00000000-0000-0000-0000-000000000000, model: claude-haiku-4-5-20251001). "
    )
    assert reply.headers["retry-after"] == "7"
    assert reply.headers["anthropic-ratelimit-requests-limit"] == "4000"


def test_a_fault_with_a_code_has_details() -> None:
    """The SDK makes a class of its own of it; others have no details."""
    simulator = Simulator(replies=Script(spend_limit_reached(), overloaded()))
    with pytest.raises(anthropic.RateLimitError) as caught:
        asked(simulator, asynchronous=False)
    error = caught.value
    assert type(error).__name__ == "EnforcedSpendLimitReachedError"
    assert (error.error_code, error.status_code) == ("enforced_spend_limit_reached", 429)
    assert "retry-after" not in error.response.headers
    assert simulator.transcript[0].body["error"]["details"] == {
        "error_code": "enforced_spend_limit_reached"
    }
    with pytest.raises(anthropic.OverloadedError):
        asked(simulator, asynchronous=False, max_retries=0)
    assert "details" not in simulator.transcript[1].body["error"]


@pytest.mark.parametrize(
    ("status", "kind", "attempts"),
    [
        (400, anthropic.BadRequestError, 1),
        (401, anthropic.AuthenticationError, 1),
        (402, anthropic.PaymentRequiredError, 1),
        (403, anthropic.PermissionDeniedError, 1),
        (404, anthropic.NotFoundError, 1),
        (409, anthropic.ConflictError, 3),
        (413, anthropic.ContentTooLargeError, 1),
        (429, anthropic.RateLimitError, 3),
        (500, anthropic.InternalServerError, 3),
        (504, anthropic.GatewayTimeoutError, 3),
        (529, anthropic.OverloadedError, 3),
    ],
)
@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_the_sdk_gives_up_with_the_class_of_the_status(
    slept: list[float], status: int, kind: type, attempts: int, asynchronous: bool
) -> None:
    """At once, or after three attempts."""
    fault = Fault(status, "Words.")
    simulator = Simulator(replies=Script(fault, fault, fault, text("Hi.")))
    with pytest.raises(kind) as caught:
        asked(simulator, asynchronous=asynchronous)
    error = caught.value
    assert type(error) is kind
    assert (error.status_code, error.type, error.api_message) == (status, fault.type, "Words.")
    assert error.request_id.startswith("req_01")
    assert [exchange.status for exchange in simulator.transcript] == [status] * attempts
    assert len(slept) == attempts - 1


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_the_sdk_gets_over_two_faults(slept: list[float], asynchronous: bool) -> None:
    """It honours retry-after, and else waits half a second, doubled each time."""
    faults = {1: rate_limited(retry_after=3), 2: overloaded()}
    simulator = Simulator(replies=with_faults(improvise, faults))
    assert asked(simulator, asynchronous=asynchronous).stop_reason == "end_turn"
    assert [exchange.status for exchange in simulator.transcript] == [429, 529, 200]
    assert slept[0] == 3.0
    assert 0.75 <= slept[1] <= 1.0


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (connection_cut(), anthropic.APIConnectionError),
        (timed_out(), anthropic.APITimeoutError),
    ],
    ids=["cut", "timed out"],
)
@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_a_lost_connection_is_the_sdks_own_error(
    slept: list[float], fault: Fault, kind: type, asynchronous: bool
) -> None:
    """Retried like others, with no reply to show; nobody waits for the time to run out."""
    simulator = Simulator(replies=Script(fault, fault, fault, fault, text("Hi.")))
    with pytest.raises(kind) as caught:
        asked(simulator, asynchronous=asynchronous)
    assert type(caught.value) is kind
    first = simulator.transcript[0]
    assert len(simulator.transcript) == 3
    assert (first.status, first.body, first.message, first.cut) == (0, None, None, fault.cut)
    assert asked(simulator, asynchronous=asynchronous).content[0].text == "Hi."


def test_the_reply_of_a_lost_connection_says_how_it_is_lost(post) -> None:
    """For the edges: no status, no headers, no body, no events."""
    reply = post(ASK, to=Simulator(replies=Script(connection_cut())))
    assert (reply.status, reply.headers, reply.body, reply.events) == (0, {}, None, None)
    assert reply.cut == "connection"
