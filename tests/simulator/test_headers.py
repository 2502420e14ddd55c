"""Headers: what every reply says of itself, and how rate limits are told."""

import pytest

from grader.simulator import Fault, Script, Simulator, overloaded, rate_limited, text
from grader.simulator.dialects import CHAT, MESSAGES
from grader.simulator.headers import RateStanding, identity_headers, limit_headers

HELLO = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "Hello"}],
}
NOW = 1_795_305_600.0
"""2026-11-22T00:00:00Z."""

TOLD = ("limit", "remaining", "reset")
IDENTITY = ["request-id", "anthropic-organization-id", "anthropic-workspace-id"]


def names(*kinds: str) -> list[str]:
    """Return the names of the headers that tell of some limits."""
    return [f"anthropic-ratelimit-{kind}-{what}" for kind in kinds for what in TOLD]


def test_limits_are_told_as_recorded() -> None:
    """Tokens in thousands, rounded down; their sum; the earlier reset; whole seconds, cut off."""
    standings = {
        "input-tokens": RateStanding(40_000, 39_586.0, NOW + 0.6),
        "output-tokens": RateStanding(16_000, 16_000.0, NOW),
        "requests": RateStanding(1_000, 998.0, NOW + 0.99),
    }
    assert limit_headers(standings, MESSAGES.limit_names) == {
        "anthropic-ratelimit-input-tokens-limit": "40000",
        "anthropic-ratelimit-input-tokens-remaining": "39000",
        "anthropic-ratelimit-input-tokens-reset": "2026-11-22T00:00:00Z",
        "anthropic-ratelimit-output-tokens-limit": "16000",
        "anthropic-ratelimit-output-tokens-remaining": "16000",
        "anthropic-ratelimit-output-tokens-reset": "2026-11-22T00:00:00Z",
        "anthropic-ratelimit-requests-limit": "1000",
        "anthropic-ratelimit-requests-remaining": "998",
        "anthropic-ratelimit-requests-reset": "2026-11-22T00:00:00Z",
        "anthropic-ratelimit-tokens-limit": "56000",
        "anthropic-ratelimit-tokens-remaining": "55000",
        "anthropic-ratelimit-tokens-reset": "2026-11-22T00:00:00Z",
    }


def test_the_compatible_endpoint_tells_of_requests_and_tokens_only() -> None:
    """Under OpenAI's names."""
    standings = {
        "input-tokens": RateStanding(30_000, 0.0, NOW + 60),
        "output-tokens": RateStanding(8_000, 500.0, NOW + 55),
        "requests": RateStanding(50, 49.0, NOW + 1.2),
    }
    assert limit_headers(standings, CHAT.limit_names) == {
        "x-ratelimit-limit-requests": "50",
        "x-ratelimit-remaining-requests": "49",
        "x-ratelimit-reset-requests": "2026-11-22T00:00:01Z",
        "x-ratelimit-limit-tokens": "38000",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "2026-11-22T00:00:55Z",
    }


@pytest.mark.parametrize(
    ("left", "told"),
    [(-500.0, "0"), (999.0, "0"), (1_000.0 - 1e-9, "1000"), (2_499.0, "2000"), (2_500.0, "2500")],
)
def test_what_is_left_is_never_more_than_there_is(left: float, told: str) -> None:
    """A debt is told as nothing, and a full limit as it is."""
    headers = limit_headers({"input-tokens": RateStanding(2_500, left, NOW)}, MESSAGES.limit_names)
    assert headers["anthropic-ratelimit-input-tokens-remaining"] == told


def test_headers_come_in_the_recorded_order(post) -> None:
    """As in August 2026: the content, whether to retry, the limits, and who asked."""
    script = Script(text("a"), text("b"), overloaded(), rate_limited(retry_after=2))
    simulator = Simulator(replies=script)
    plain, streamed, busy, slow = (
        list(post({**HELLO, "stream": stream}, to=simulator).headers)
        for stream in (False, True, False, False)
    )
    limits = names("input-tokens", "output-tokens", "requests", "tokens")
    assert plain == ["content-type", *limits, *IDENTITY]
    assert streamed == ["content-type", "cache-control", *limits, *IDENTITY]
    assert busy == ["content-type", "x-should-retry", *IDENTITY]
    told = names("input-tokens", "requests")
    assert slow == ["content-type", "x-should-retry", *told, "retry-after", *IDENTITY]


def test_a_reply_to_nobody_names_no_organisation() -> None:
    """Recorded: a 401 has its request id alone."""
    reply = Simulator(api_key="right").handle("GET", "/v1/models", {"x-api-key": "wrong"}, b"")
    assert list(reply.headers) == ["content-type", "x-should-retry", "request-id"]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("wrkspc_01JwQvzr7rXLA5AGx3HKfFUJ", "wrkspc_01JwQvzr7rXLA5AGx3HKfFUJ"),
        ("", "wrkspc_011111111111111111111111"),
        ("wrkspc_01\r\nset-cookie: a=b", "wrkspc_011111111111111111111111"),
        ("default", "wrkspc_011111111111111111111111"),
    ],
    ids=["an id", "none", "a line end", "a word"],
)
def test_a_reply_names_the_workspace_of_its_request(post, asked: str, named: str) -> None:
    """Where the request names one by its id; else the organisation's own."""
    reply = post(HELLO, **{"Anthropic-Workspace-Id": asked})
    assert reply.headers["anthropic-workspace-id"] == named
    assert identity_headers("req_01", asked)["anthropic-workspace-id"] == named


def test_a_scripted_429_finds_its_limit_used_up(post) -> None:
    """So that its headers and its message tell the same."""
    script = Script(rate_limited(limit="output-tokens"), Fault(429, "Slow down"))
    simulator = Simulator(replies=script, clock=lambda: NOW)
    reached, unnamed = (post(HELLO, to=simulator).headers for _ in range(2))
    for headers, kind, limit in (
        (reached, "output-tokens", "400000"),
        (unnamed, "input-tokens", "2000000"),
    ):
        assert [headers[name] for name in names(kind, "requests")] == [
            limit,
            "0",
            "2026-11-22T00:01:00Z",
            "4000",
            "3999",
            "2026-11-22T00:00:00Z",
        ]
