"""Clients whose own retries do not wait, and are seen."""

import asyncio
import time
from typing import Any

import anthropic
import httpx2
import pytest

from grader.exams import Exam, sleepless
from grader.simulator import (
    Script,
    Simulator,
    SimulatorTransport,
    overloaded,
    rate_limited,
    text,
)
from tests.exams.small_exercise import judged

REQUEST: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 50,
    "messages": [{"role": "user", "content": "Hello"}],
}


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the seconds that anything sleeps."""
    seconds: list[float] = []

    async def sleep(delay: float) -> None:
        if delay:
            seconds.append(delay)

    monkeypatch.setattr(time, "sleep", seconds.append)
    monkeypatch.setattr("anthropic._base_client.anyio.sleep", sleep)
    return seconds


def test_waits_are_told_and_not_slept(slept: list[float]) -> None:
    """They are those of the SDK: `retry-after`, or half a second and more."""
    waits: list[float] = []
    transport = SimulatorTransport(
        Simulator(replies=Script(rate_limited(retry_after=9), overloaded(), text("Hello.")))
    )
    client = sleepless(anthropic.Anthropic, on_wait=waits.append)(
        api_key="test", http_client=httpx2.Client(transport=transport)
    )
    # A copy is of the same class.
    message = client.with_options(timeout=5).messages.create(**REQUEST)
    assert message.content[0].text == "Hello."
    assert waits[0] == 9
    assert 0.75 <= waits[1] <= 1
    assert slept == []


def test_an_asynchronous_client_does_not_sleep_either(slept: list[float]) -> None:
    """Nor through the event loop."""
    waits: list[float] = []
    transport = SimulatorTransport(Simulator(replies=Script(overloaded(), text("Hello."))))
    client = sleepless(anthropic.AsyncAnthropic, on_wait=waits.append)(
        api_key="test", http_client=httpx2.AsyncClient(transport=transport)
    )
    asyncio.run(client.messages.create(**REQUEST))
    assert len(waits) == 1
    assert slept == []


def test_it_goes_by_the_sdks_name() -> None:
    """Messages speak of an Anthropic object."""
    kind = sleepless(anthropic.Anthropic)
    assert (kind.__name__, kind.__module__) == ("Anthropic", anthropic.Anthropic.__module__)
    assert issubclass(kind, anthropic.Anthropic)


@pytest.mark.parametrize(("retries", "counts"), [(0, ["0"]), (2, ["0", "1", "2"])])
def test_a_scene_says_how_often_its_client_tries_again(
    retries: int, counts: list[str], slept: list[float]
) -> None:
    """And sees it, in a header of each request."""
    seen: list[str] = []

    def check(exam: Exam) -> None:
        scene = exam.scene(*[overloaded()] * 5, retries=retries)
        exam.call(scene.client, REQUEST, may_raise=("APIError",))
        seen.extend(each.request.headers["x-stainless-retry-count"] for each in scene.exchanges)

    judged(check, "def answer(client, request): client.messages.create(**request)")
    assert seen == counts
    assert slept == []
