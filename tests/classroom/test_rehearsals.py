"""A rehearsed client meets the trouble that was planned, and its waits are told."""

import time

import anthropic
import pytest

from grader.classroom import rehearse
from grader.errors import ScriptError

REQUEST = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 2000,
    "messages": [{"role": "user", "content": "Hello"}],
}


@pytest.mark.parametrize(
    ("trouble", "kind", "status", "should_retry"),
    [
        ("wrong key", anthropic.AuthenticationError, 401, "false"),
        ("too large", anthropic.ContentTooLargeError, 413, "false"),
        ("rate limited", anthropic.RateLimitError, 429, "true"),
        ("spend limit", anthropic.RateLimitError, 429, "false"),
        ("server error", anthropic.InternalServerError, 500, "true"),
        ("overloaded", anthropic.OverloadedError, 529, "true"),
    ],
)
def test_a_trouble_is_the_error_that_the_sdk_raises(
    trouble: str, kind: type[anthropic.APIStatusError], status: int, should_retry: str
) -> None:
    """With its status, and with the API's word on whether to try again."""
    with pytest.raises(kind) as caught:
        rehearse(trouble).client.messages.create(**REQUEST)
    assert caught.value.status_code == status
    assert caught.value.response.headers["x-should-retry"] == should_retry


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        ("no connection", anthropic.APIConnectionError),
        ("timed out", anthropic.APITimeoutError),
    ],
)
def test_a_lost_connection_brings_no_reply(trouble: str, kind: type[Exception]) -> None:
    """The error is of the SDK, and has no status."""
    with pytest.raises(kind) as caught:
        rehearse(trouble).client.messages.create(**REQUEST)
    assert type(caught.value) is kind


def test_steps_come_in_their_order_and_waits_are_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK's own retries are seen, and nobody waits for them."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    api = rehearse("rate limited", "overloaded", "answer")
    assert api.client.messages.create(**REQUEST).stop_reason == "end_turn"
    assert (api.requests, api.waits[0], len(api.waits)) == (3, 9, 2)
    assert slept == []


def test_the_last_step_goes_on_for_ever() -> None:
    """Each of three attempts becomes three requests, as long as the SDK's retries are on."""
    api = rehearse("overloaded")
    for _ in range(3):
        with pytest.raises(anthropic.OverloadedError):
            api.client.messages.create(**REQUEST)
    assert api.requests == 9


@pytest.mark.parametrize(
    ("steps", "said"),
    [((), "called with nothing"), (("tired",), "no step 'tired' to rehearse. There are: answer")],
)
def test_a_step_that_is_not_there_is_refused(steps: tuple[str, ...], said: str) -> None:
    """The error is a list to choose from."""
    with pytest.raises(ScriptError, match=said):
        rehearse(*steps)
