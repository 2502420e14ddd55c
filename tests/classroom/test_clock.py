"""A clock of the simulator is moved by hand; a real server's is not."""

import anthropic
import httpx2
import pytest

from grader.classroom import SimulatedClock, connect, connect_async
from grader.simulator import Simulator, SimulatorTransport

SYSTEM = [
    {
        "type": "text",
        "text": "An order may be sent back unopened. " * 200,
        "cache_control": {"type": "ephemeral"},
    }
]


def _read(client: anthropic.Anthropic) -> int:
    message = client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=300,
        system=SYSTEM,  # type: ignore[arg-type]
        messages=[{"role": "user", "content": "Hello"}],
    )
    return message.usage.cache_read_input_tokens or 0


def test_what_is_cached_grows_older_when_the_clock_moves() -> None:
    """A hit within 5 minutes renews the entry; 5 minutes after the last one it is gone."""
    clock = SimulatedClock()
    reads = []
    with connect(clock=clock) as client:
        for minutes in (0, 4, 4, 5):
            clock.pass_time(minutes=minutes)
            reads.append(_read(client) > 0)
    assert reads == [False, True, True, False]


def test_a_clock_stands_still_until_it_is_moved(capsys: pytest.CaptureFixture[str]) -> None:
    """A demo shows the same, however long a reader pauses; each move is told."""
    clock = SimulatedClock()
    start = clock()
    clock.pass_time(minutes=1)
    clock.pass_time(minutes=2.5)
    assert clock() - start == 210
    assert capsys.readouterr().out == "1 minute later.\n2.5 minutes later.\n"


def test_two_clients_may_live_by_one_clock() -> None:
    """The asynchronous twin takes a clock as well."""
    clock = SimulatedClock()
    clients = connect(clock=clock), connect_async(clock=clock)
    assert [type(each).__name__ for each in clients] == ["Anthropic", "AsyncAnthropic"]


def test_a_real_client_says_that_its_clock_does_not_move(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is pretended in a live session."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test")
    clock = SimulatedClock()
    start = clock()
    live: httpx2.BaseTransport = SimulatorTransport(Simulator())
    with connect(clock=clock, transport=live):
        clock.pass_time(minutes=6)
    assert clock() == start
    assert (
        "This client is real, so its clock can't be moved by 6 minutes." in capsys.readouterr().out
    )


@pytest.mark.parametrize("minutes", [-1, float("nan")])
def test_time_does_not_run_backwards(minutes: float) -> None:
    """The error shows the value and what would do."""
    with pytest.raises(ValueError, match=r"would turn the clock back\. Give 0 or more"):
        SimulatedClock().pass_time(minutes=minutes)
