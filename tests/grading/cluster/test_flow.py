"""Jobs on their way to a cluster: each arrives once, workers have enough, memory stays bounded."""

import asyncio
import json
import queue
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import GradingError
from grader.grading.cluster import flow as flow_module
from grader.grading.cluster.flow import MOST, Arrived, ChunkLost, Flow, Found

Json = Any


class Workers:
    """Stand in for a cluster whose threads come and go; each chunk takes some turns of the loop."""

    def __init__(self, threads: Sequence[int], *, deadly: int = -1, turns: int = 3) -> None:
        self._threads = list(threads)
        self._deadly, self._turns = deadly, turns
        self.sizes: list[int] = []
        self.at_work = self.most_at_work = 0

    async def count(self) -> int:
        """Return how many threads there are now."""
        return self._threads.pop(0) if len(self._threads) > 1 else self._threads[0]

    async def submit(self, text: str) -> str:
        """Return a chunk as its answers, unless it's the deadly one."""
        jobs = json.loads(text)
        self.sizes.append(len(jobs))
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        for _ in range(self._turns):
            await asyncio.sleep(0)
        self.at_work -= 1
        if self._deadly in jobs:
            raise ChunkLost
        return json.dumps({"answers": jobs})


class Jobs(Sequence[Json]):
    """Give each job's number as the job; one of them cannot be read."""

    def __init__(self, number: int, unreadable: int = -1) -> None:
        self._number, self._unreadable = number, unreadable

    def __len__(self) -> int:
        return self._number

    def __getitem__(self, place: Any) -> Json:
        if place == self._unreadable:
            raise GradingError("it was changed")
        return place


def flown(jobs: Jobs, workers: Workers, *, is_slow: bool = False) -> list[Arrived]:
    """Return what arrives when all of it is taken at once, or one at a time."""
    arrived: list[Arrived] = []
    waiting: list[Arrived] = []

    class Taken(queue.SimpleQueue[Found]):
        def put(self, item: Found, *_rest: Any, **_more: Any) -> None:
            assert isinstance(item, Arrived)
            arrived.append(item)
            if is_slow:
                waiting.append(item)
                loop.call_later(0.001, waiting.pop(0).taken.set)
            else:
                item.taken.set()

    async def run() -> None:
        flow = Flow(jobs, workers.submit, workers.count, Taken(), patience=5)
        await flow.run()
        await flow.stop()

    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        runner.run(run())
    return arrived


@given(
    number=st.integers(0, 120),
    threads=st.lists(st.integers(1, 9), min_size=1, max_size=5),
    is_slow=st.booleans(),
)
def test_each_job_arrives_once_whatever_the_workers_do(
    number: int, threads: list[int], is_slow: bool
) -> None:
    """In chunks of at most eight, and the last ones of one."""
    workers = Workers(threads)
    arrived = flown(Jobs(number), workers, is_slow=is_slow)
    assert sorted(place for each in arrived for place in each.places) == list(range(number))
    for each in arrived:
        assert json.loads(each.text or "")["answers"] == list(each.places)
    assert max(workers.sizes, default=1) <= MOST
    assert workers.most_at_work <= 2 * max(threads)


@given(number=st.integers(1, 60), threads=st.integers(1, 4), data=st.data())
def test_one_that_cannot_be_read_or_kills_its_workers_costs_no_other(
    number: int, threads: int, data: st.DataObject
) -> None:
    """Its chunk is told as lost, all others have their answers."""
    unreadable = data.draw(st.integers(0, number - 1))
    deadly = data.draw(st.integers(0, number - 1))
    arrived = flown(Jobs(number, unreadable), Workers([threads], deadly=deadly))
    troubles = {place for each in arrived for place in each.troubles}
    answered = {place for each in arrived if each.text for place in each.places}
    lost = {place for each in arrived if each.text is None for place in each.places}
    assert troubles == {unreadable}
    assert troubles | answered | lost == set(range(number))
    assert (deadly in lost) == (deadly != unreadable)
    assert len(lost) <= MOST


def test_what_is_not_written_down_yet_holds_up_what_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow disk must not fill the memory: two chunks for each slot, and no more."""
    monkeypatch.setattr(flow_module, "_EVERY", 0.01)
    workers, arrived = Workers([2]), queue.SimpleQueue[Found]()

    async def run() -> None:
        flow = Flow(Jobs(500), workers.submit, workers.count, arrived, patience=5)
        running = asyncio.ensure_future(flow.run())
        await asyncio.sleep(0.1)
        running.cancel()
        await flow.stop()

    asyncio.run(run())
    assert arrived.qsize() == 4
    assert len(workers.sizes) == 8


def test_without_workers_it_ends_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who waits for a cluster that nobody joins is told."""
    monkeypatch.setattr(flow_module, "_EVERY", 0.01)
    with pytest.raises(GradingError, match="no worker has been there"):
        asyncio.run(
            Flow(
                Jobs(3), Workers([0]).submit, Workers([0]).count, queue.SimpleQueue(), patience=0.05
            ).run()
        )


def test_workers_that_come_late_get_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """None at first, then three."""
    monkeypatch.setattr(flow_module, "_EVERY", 0.01)
    arrived = flown(Jobs(40), Workers([0, 0, 3]))
    assert sorted(place for each in arrived for place in each.places) == list(range(40))
