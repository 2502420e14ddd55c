"""A stream under way: read, stopped, broken off, and sent again, with a real SDK client."""

import asyncio
from decimal import Decimal
from typing import Any

import anthropic
import httpx2
import pytest

from grader.classroom import StreamView
from grader.classroom.spending import CappedTransport
from grader.classroom.widgets.stream_run import StreamRun
from grader.simulator import (
    Pace,
    Script,
    Simulator,
    SimulatorTransport,
    connection_cut,
    interrupted,
    overloaded,
    text,
)
from tests.classroom.widgets.streaming import LONG, REQUEST, WORDS, connected, ticking


async def _begun(run: StreamRun) -> None:
    """Read until some of the text is there."""
    run.begin()
    while not (blocks := run.snapshot().blocks) or not blocks[-1].words:
        await asyncio.sleep(0)


def test_a_stream_is_read_to_its_end() -> None:
    """The snapshot has the words that the script has, and times of the clock."""
    client, simulator = connected(LONG)

    async def read() -> Any:
        return await StreamRun(client, REQUEST, clock=ticking(0.01)).finish()

    snapshot = asyncio.run(read())
    assert [block.words for block in snapshot.blocks] == ["The user asks about updates.", WORDS]
    assert (snapshot.state, snapshot.stop_reason) == ("ended", "end_turn")
    assert (
        snapshot.tokens["output_tokens"]
        == (simulator.transcript[0].message["usage"]["output_tokens"])
    )
    assert 0 < snapshot.first_event < snapshot.first_text < snapshot.elapsed
    assert simulator.transcript[0].finished


def test_stop_closes_the_connection() -> None:
    """The simulator saw the client let go; whoever awaits the stream goes on."""
    client, simulator = connected(LONG)

    async def stop() -> Any:
        run = StreamRun(client, REQUEST)
        await _begun(run)
        run.press()
        return await run.finish()

    snapshot = asyncio.run(stop())
    assert snapshot.state == "stopped"
    assert snapshot.blocks[0].words
    assert simulator.transcript[0].closed_early
    assert simulator.transcript[0].events_sent < 20


def test_a_press_may_come_from_another_thread() -> None:
    """JupyterLab runs the callbacks of buttons in a subshell."""
    client, simulator = connected(LONG, pace=Pace(between_deltas=0.05))

    async def stop() -> Any:
        run = StreamRun(client, REQUEST)
        await _begun(run)
        await asyncio.to_thread(run.press)
        return await run.finish()

    assert asyncio.run(stop()).state == "stopped"
    assert simulator.transcript[0].closed_early


def test_a_cell_that_is_interrupted_closes_the_connection() -> None:
    """The interruption goes on, so that Run All stops there."""
    client, simulator = connected(LONG)
    run = StreamRun(client, REQUEST)

    async def interrupt() -> None:
        cell = asyncio.create_task(run.finish())
        await _begun(run)
        cell.cancel()
        await cell

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(interrupt())
    assert run.snapshot().state == "interrupted"
    assert simulator.transcript[0].closed_early


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (interrupted(text(WORDS), after=6, fault=overloaded()), "200 overloaded_error"),
        (interrupted(text(WORDS), after=6, fault=connection_cut()), "peer closed connection"),
        (overloaded(), "529 overloaded_error"),
        (connection_cut(), "APIConnectionError"),
    ],
    ids=["mid-stream", "cut", "first", "no reply"],
)
def test_what_goes_wrong_is_said(reply: Any, words: str) -> None:
    """Before the first event or in the middle, and what came stays."""
    client, _ = connected(reply)
    snapshot = asyncio.run(StreamRun(client, REQUEST).finish())
    assert snapshot.state == "failed"
    assert words in snapshot.trouble
    assert bool(snapshot.blocks) == ("200" in words or "peer" in words)


@pytest.mark.parametrize(
    ("client", "words"),
    [
        ("nobody", "this is 'nobody'. Expected an anthropic.AsyncAnthropic"),
        (anthropic.Anthropic(api_key="k"), "Use an asynchronous one: StreamView(connect_async())"),
    ],
)
def test_a_client_that_cannot_do_it_gets_a_word(client: Any, words: str) -> None:
    """Nothing raises."""
    snapshot = asyncio.run(StreamRun(client, REQUEST).finish())
    assert (snapshot.state, words in snapshot.trouble) == ("failed", True)


def test_a_request_that_is_none_gets_a_word() -> None:
    """The SDK's own."""
    snapshot = asyncio.run(StreamRun(connected(LONG)[0], {"model": 5}).finish())
    assert "TypeError: Missing required arguments" in snapshot.trouble


def test_a_synchronous_client_of_the_simulator_is_good_enough() -> None:
    """Its twin asks the same simulator, so that both share a cache and a transcript."""
    simulator = Simulator(replies=Script(LONG), seed=2)
    http_client = httpx2.Client(transport=SimulatorTransport(simulator))
    client = anthropic.Anthropic(api_key="k", http_client=http_client)
    assert asyncio.run(StreamRun(client, REQUEST).finish()).state == "ended"
    assert simulator.transcript[0].finished


def test_a_live_client_keeps_its_cap() -> None:
    """A second connection would have a second cap, so a synchronous client is refused."""
    transport = CappedTransport(SimulatorTransport(Simulator()), cap=Decimal(1))
    client = anthropic.Anthropic(api_key="k", http_client=httpx2.Client(transport=transport))
    assert "synchronous" in asyncio.run(StreamRun(client, REQUEST).finish()).trouble


def test_a_request_can_be_sent_again() -> None:
    """The second stream begins with nothing."""
    client, simulator = connected(overloaded(), LONG)

    async def twice() -> Any:
        run = StreamRun(client, REQUEST)
        await run.finish()
        run.press()
        await _begun(run)
        return await run.finish()

    assert asyncio.run(twice()).state == "ended"
    assert [exchange.status for exchange in simulator.transcript] == [529, 200]


@pytest.mark.parametrize("presses", [2, 3, 9])
def test_presses_right_after_a_stop_send_nothing(presses: int) -> None:
    """A double click on Stop stops; a second later a press sends again."""
    client, simulator = connected(LONG, LONG)
    now = 0.0

    async def press() -> tuple[str, str]:
        nonlocal now
        run = StreamRun(client, REQUEST, clock=lambda: now)
        await _begun(run)
        for _ in range(presses):
            run.press()
        stopped = (await run.finish()).state
        assert run.is_resting
        now += 0.9
        run.press()
        await asyncio.sleep(0)
        assert len(simulator.transcript) == 1
        now += 0.2
        assert not run.is_resting
        run.press()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return stopped, (await run.finish()).state

    assert asyncio.run(press()) == ("stopped", "ended")
    assert len(simulator.transcript) == 2


def test_without_an_event_loop_nothing_is_sent_until_it_is_awaited(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In a script the end is printed."""
    client, simulator = connected(LONG)
    streams = StreamView(client).run(**REQUEST)
    assert (streams.snapshots[0].state, simulator.transcript) == ("unsent", [])
    streams.runs[0].press()

    async def wait() -> Any:
        return await streams

    assert asyncio.run(wait()).state == "ended"
    printed = capsys.readouterr().out
    assert printed.startswith("claude-sonnet-4-6: ✓ Ended after")
    assert "block 1 · text: A rolling update" in printed


def test_the_listeners_are_told_of_the_end_once() -> None:
    """And of changes at most 20 times a second, however many events come."""
    client, simulator = connected(text(WORDS * 20))
    changes: list[str] = []
    ends: list[str] = []

    async def read() -> float:
        run = StreamRun(client, {**REQUEST, "max_tokens": 5000})
        run.listen(lambda: changes.append(run.snapshot().state), lambda: ends.append("end"))
        return (await run.finish()).elapsed

    seconds = asyncio.run(read())
    assert ends == ["end"]
    assert simulator.transcript[0].events_sent > 300
    assert len(changes) <= 2 + 20 * seconds
    assert changes[0] == "waiting"
    assert changes[-1] == "ended"
