"""Rate limits: buckets on the simulated clock, and what the SDKs make of a 429."""

import asyncio
import math
from typing import Any

import anthropic
import httpx2
import openai
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import ScriptError
from grader.simulator import RateLimit, Script, Simulator, SimulatorTransport, text
from grader.simulator.limits import Bucket

ASK: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "Hello"}],
}
NOW = 1_795_305_600.0
"""2026-11-22T00:00:00Z."""


class Clock:
    """Tell a simulated time, and pass it by sleeping."""

    def __init__(self) -> None:
        self.now = NOW
        self.slept: list[float] = []

    def __call__(self) -> float:
        """Return the time, in seconds since the epoch."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    """Return a clock that only moves when it is told to."""
    return Clock()


def limited(clock: Clock, **limits: int) -> Simulator:
    """Return a simulator with a rate limit on a clock."""
    return Simulator(limit=RateLimit(**limits), clock=clock, seed=1)


def wordy(tokens: int, **more: Any) -> dict[str, Any]:
    """Return a request of about so many input tokens."""
    return {**ASK, "messages": [{"role": "user", "content": "ha " * tokens}], **more}


def statuses(simulator: Simulator) -> list[int]:
    """Return the statuses of every reply so far."""
    return [exchange.status for exchange in simulator.transcript]


@settings(max_examples=200)
@given(
    capacity=st.integers(1, 10**7),
    steps=st.lists(st.tuples(st.integers(0, 10**7), st.floats(0, 100)), max_size=20),
    amount=st.integers(1, 10**7),
)
def test_a_bucket_has_what_it_says_after_the_wait_it_says(
    capacity: int, steps: list[tuple[int, float]], amount: int
) -> None:
    """Whatever was taken before, it never holds more than its capacity."""
    bucket, now = Bucket(capacity), NOW
    for taken, passed in steps:
        bucket.take(taken, now)
        now += passed
        assert bucket.left(now) <= capacity
    wait = bucket.wait(amount, now)
    if amount > capacity:
        assert wait == math.inf
    else:
        assert bucket.left(now + wait) == pytest.approx(max(amount, bucket.left(now)), abs=0.1)
        assert bucket.standing(now).full_at >= now + wait - 1e-6


def test_a_clock_that_is_set_back_gives_nothing() -> None:
    """And takes nothing either."""
    bucket = Bucket(60)
    bucket.take(60, NOW)
    assert [bucket.left(NOW - 1_000), bucket.left(NOW), bucket.left(NOW + 1)] == [0.0, 0.0, 1.0]


@pytest.mark.parametrize(
    "name", ["requests_per_minute", "input_tokens_per_minute", "output_tokens_per_minute"]
)
@pytest.mark.parametrize("value", [0, -5])
def test_a_limit_that_refuses_everything_is_refused(name: str, value: int) -> None:
    """When it is written, with the name and the value."""
    with pytest.raises(ScriptError, match=f"{name}={value} would refuse every request. Give 1"):
        RateLimit(**{name: value})


def test_requests_past_the_limit_are_refused_until_the_bucket_has_filled(client_of, clock) -> None:
    """It fills continuously: one of three a minute is back after twenty seconds."""
    simulator = limited(clock, requests_per_minute=3)
    client = client_of(simulator)
    for _ in range(3):
        client.messages.create(**ASK)
    with pytest.raises(anthropic.RateLimitError) as caught:
        client.messages.create(**ASK)
    headers = caught.value.response.headers
    assert (headers["retry-after"], headers["x-should-retry"]) == ("20", "true")
    clock.sleep(19.9)
    with pytest.raises(anthropic.RateLimitError) as caught:
        client.messages.create(**ASK)
    assert caught.value.response.headers["retry-after"] == "1"
    clock.sleep(0.1)
    client.messages.create(**ASK)
    assert statuses(simulator) == [200, 200, 200, 429, 429, 200]


@pytest.mark.parametrize(
    ("limits", "request_", "words"),
    [
        ({"requests_per_minute": 1}, ASK, "1 requests"),
        ({"input_tokens_per_minute": 30_000}, wordy(18_000), "30,000 input tokens"),
        ({"output_tokens_per_minute": 2}, ASK, "2 output tokens"),
    ],
    ids=["requests", "input", "output"],
)
def test_a_refusal_names_the_limit_the_organisation_and_the_model(
    client_of, clock, limits: dict[str, int], request_: dict[str, Any], words: str
) -> None:
    """In the wording recorded in June 2026."""
    client = client_of(limited(clock, **limits))
    client.messages.create(**request_)
    with pytest.raises(anthropic.RateLimitError) as caught:
        client.messages.create(**request_)
    error = caught.value
    assert (error.type, error.error_code, error.details) == ("rate_limit_error", None, None)
    assert error.api_message == (
        f"This request would exceed your organization's rate limit of {words} per minute "
        "(org: 00000000-0000-0000-0000-000000000000, model: claude-sonnet-4-6). For details, refer "
        "to: https://docs.claude.com/en/api/rate-limits. You can see the response headers for "
        "current usage. Reduce the prompt length or the maximum tokens requested, or try again "
        "later. View your current limits at https://console.anthropic.com/settings/limits. To "
        "raise this limit, purchase credits to advance to the next usage tier at "
        "https://console.anthropic.com/settings/billing."
    )


def test_a_request_past_the_whole_limit_is_told_not_to_come_back(client_of, clock) -> None:
    """Recorded so: no retry-after, nothing used, and the SDK does not try again."""
    simulator = limited(clock, input_tokens_per_minute=30_000)
    with pytest.raises(anthropic.RateLimitError) as caught:
        client_of(simulator).with_options(max_retries=2).messages.create(**wordy(40_000))
    headers = caught.value.response.headers
    assert "retry-after" not in headers
    assert headers["x-should-retry"] == "false"
    assert headers["anthropic-ratelimit-input-tokens-remaining"] == "30000"
    assert statuses(simulator) == [429]


def test_the_longest_wait_is_the_one_that_is_told(client_of, clock) -> None:
    """Who honours it is not refused by another limit."""
    simulator = limited(clock, requests_per_minute=2, input_tokens_per_minute=20_000)
    client = client_of(simulator)
    client.messages.create(**wordy(15_000))
    client.messages.create(**ASK)
    with pytest.raises(anthropic.RateLimitError, match="20,000 input tokens") as caught:
        client.messages.create(**wordy(15_000))
    clock.sleep(int(caught.value.response.headers["retry-after"]))
    client.messages.create(**wordy(15_000))
    assert statuses(simulator) == [200, 200, 429, 200]


def told(reply: Any) -> dict[str, tuple[str, str]]:
    """Return remaining and reset of each limit, as a reply tells them."""
    kinds = ("input-tokens", "output-tokens", "requests", "tokens")
    return {
        kind: tuple(
            reply.headers[f"anthropic-ratelimit-{kind}-{what}"] for what in ("remaining", "reset")
        )
        for kind in kinds
    }


def test_the_headers_tell_what_is_left(post, clock) -> None:
    """Of requests, input and output, after the reply that carries them; streams too."""
    simulator = limited(
        clock,
        requests_per_minute=60,
        input_tokens_per_minute=60_000,
        output_tokens_per_minute=6_000,
    )
    full = "2026-11-22T00:00:{:02}Z".format
    reply = post(wordy(20_000), to=simulator)
    used = reply.body["usage"]
    left = (60_000 - used["input_tokens"]) // 1_000
    assert 30 < left < 50
    assert told(reply) == {
        "input-tokens": (f"{left}000", full(used["input_tokens"] // 1_000)),
        "output-tokens": ("5000", full(used["output_tokens"] // 100)),
        "requests": ("59", full(1)),
        "tokens": (f"{left + 5}000", full(used["output_tokens"] // 100)),
    }
    clock.sleep(5)
    second = told(post({**ASK, "stream": True}, to=simulator))
    assert second["input-tokens"][0] in (f"{left + 4}000", f"{left + 5}000")
    assert second["requests"] == ("59", full(6))


def test_output_is_counted_as_it_comes_and_may_be_owed(post, clock) -> None:
    """max_tokens sets nothing aside; a long answer makes the next request wait."""
    simulator = Simulator(
        replies=Script(text("ha " * 1_000), text("Hi.")),
        limit=RateLimit(output_tokens_per_minute=600),
        clock=clock,
    )
    first = post({**ASK, "max_tokens": 4_000}, to=simulator)
    owed = first.body["usage"]["output_tokens"] - 600
    assert owed > 0
    assert first.headers["anthropic-ratelimit-output-tokens-remaining"] == "0"
    second = post(ASK, to=simulator)
    assert (second.status, second.headers["retry-after"]) == (429, str(math.ceil((owed + 1) / 10)))


def test_tokens_read_from_the_cache_do_not_count(client_of, clock) -> None:
    """A cached prompt that fits once a minute can be asked again and again."""
    simulator = limited(clock, input_tokens_per_minute=6_000)
    client = client_of(simulator)
    system = [{"type": "text", "text": "ha " * 5_000, "cache_control": {"type": "ephemeral"}}]
    usages = [client.messages.create(**ASK, system=system).usage for _ in range(4)]
    assert [usage.cache_read_input_tokens > 4_000 for usage in usages] == [False, True, True, True]
    uncached = [{"type": "text", "text": "ho " * 5_000}]
    with pytest.raises(anthropic.RateLimitError):
        client.messages.create(**ASK, system=uncached)


def test_a_refused_request_takes_nothing(post, clock) -> None:
    """No scripted reply and no place in the bucket; nor does a wrong one, or one that counts."""
    script = Script(text("One."), text("Two."))
    simulator = Simulator(replies=script, limit=RateLimit(requests_per_minute=1), clock=clock)
    for body, path in (
        ({**ASK, "max_tokens": 0.5}, "/v1/messages"),
        ({key: ASK[key] for key in ("model", "messages")}, "/v1/messages/count_tokens"),
        (ASK, "/v1/messages"),
        (ASK, "/v1/messages"),
        (ASK, "/v1/messages"),
    ):
        post(body, to=simulator, path=path)
    assert statuses(simulator) == [400, 200, 200, 429, 429]
    assert script.used == 1
    clock.sleep(60)
    assert post(ASK, to=simulator).body["content"][0]["text"] == "Two."


def test_without_a_limit_nobody_is_refused(post, clock) -> None:
    """And the headers go on telling those of a high tier."""
    simulator = Simulator(clock=clock, transcript_limit=1)
    replies = [post(ASK, to=simulator) for _ in range(4_100)]
    assert {reply.status for reply in replies} == {200}
    assert told(replies[-1]) == {
        "input-tokens": ("2000000", "2026-11-22T00:00:00Z"),
        "output-tokens": ("400000", "2026-11-22T00:00:00Z"),
        "requests": ("3999", "2026-11-22T00:00:00Z"),
        "tokens": ("2400000", "2026-11-22T00:00:00Z"),
    }


def test_the_compatible_endpoint_has_the_same_limit(openai_client_of, clock) -> None:
    """With OpenAI's class of exception, and OpenAI's names of headers."""
    client = openai_client_of(limited(clock, requests_per_minute=1))
    ask = {"model": ASK["model"], "messages": ASK["messages"]}
    client.chat.completions.create(**ask)
    with pytest.raises(openai.RateLimitError) as caught:
        client.chat.completions.create(**ask)
    headers = caught.value.response.headers
    assert (headers["retry-after"], headers["x-ratelimit-remaining-requests"]) == ("60", "0")


def test_the_sdk_waits_as_long_as_it_is_told_and_then_succeeds(
    client_of, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own retries are enough for a limit that is soon free again."""
    monkeypatch.setattr("anthropic._base_client.time.sleep", clock.sleep)
    simulator = limited(clock, requests_per_minute=2)
    client = client_of(simulator).with_options(max_retries=2)
    for _ in range(4):
        client.messages.create(**ASK)
    assert clock.slept == [30.0, 30.0]
    assert statuses(simulator) == [200, 200, 429, 200, 429, 200]


def test_many_at_once_are_let_in_as_the_bucket_fills(
    clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The concurrency lesson: ten requests, five a minute, and no real time passes."""

    async def sleep(seconds: float) -> None:
        clock.sleep(seconds)

    monkeypatch.setattr("anthropic._base_client.anyio.sleep", sleep)
    simulator = limited(clock, requests_per_minute=5)

    async def run() -> list[Any]:
        async with httpx2.AsyncClient(transport=SimulatorTransport(simulator)) as http:
            client = anthropic.AsyncAnthropic(api_key="simulated", http_client=http, max_retries=10)
            asks = (client.messages.create(**ASK) for _ in range(10))
            return await asyncio.gather(*asks)

    messages = asyncio.run(run())
    assert [message.stop_reason for message in messages] == ["end_turn"] * 10
    # In which order they come is the SDK's affair; five at least have to wait for their turn.
    assert statuses(simulator).count(200) == 10
    assert statuses(simulator).count(429) == len(clock.slept) >= 5
    assert set(clock.slept) == {12.0}
