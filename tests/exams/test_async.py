"""Asynchronous answers: run to their end in any place, with the requests in flight observed."""

import asyncio
import socket
import threading
from typing import Any

import pytest

from grader.exams import Exam, examine, watched_loop
from grader.simulator import Fault, text
from tests.exams.json_candidate import JsonCandidate
from tests.exams.small_exercise import judged, made

REQUEST = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 50,
    "messages": [{"role": "user", "content": "Hello"}],
}
ONE_BY_ONE = """
async def answer(client, requests):
    return [(await client.messages.create(**r)).content[0].text for r in requests]
"""
ALL_AT_ONCE = """
import asyncio
import socket
import threading
async def answer(client, requests):
    replies = await asyncio.gather(*[client.messages.create(**r) for r in requests])
    return [reply.content[0].text for reply in replies]
"""
TWO_AT_A_TIME = """
import asyncio
import socket
import threading
async def answer(client, requests):
    gate = asyncio.Semaphore(2)
    async def one(request):
        async with gate:
            return (await client.messages.create(**request)).content[0].text
    return await asyncio.gather(*[one(r) for r in requests])
"""


def told(source: str, count: int = 5) -> tuple[Any, int]:
    """Return what an answer returned, and how many requests were in flight at most."""
    heard: list[Any] = []

    def check(exam: Exam) -> None:
        scene = exam.scene(*(text(f"reply {i}") for i in range(count)), kind="anthropic_async")
        requests = [REQUEST] * count
        value = exam.call(scene.client, requests, awaits=True).value
        heard.append((value, scene.in_flight.most))

    judged(check, source)
    names: dict[str, Any] = {}
    exec(source, names)
    examine(made(check), JsonCandidate(names), seed=1)
    assert heard[0] == heard[1]
    return heard[0]


@pytest.mark.parametrize(
    ("source", "most"),
    [(ONE_BY_ONE, 1), (ALL_AT_ONCE, 5), (TWO_AT_A_TIME, 2)],
    ids=["one by one", "all at once", "two at a time"],
)
def test_requests_in_flight_are_counted_without_a_clock(source: str, most: int) -> None:
    """And every reply reaches the request that it answers."""
    value, seen = told(source)
    assert (value, seen) == ([f"reply {i}" for i in range(5)], most)


@pytest.mark.parametrize(
    ("source", "counts"),
    [(ONE_BY_ONE, [1] * 5), (ALL_AT_ONCE, [1, 2, 3, 4, 5]), (TWO_AT_A_TIME, [1, 2, 2, 2, 2])],
    ids=["one by one", "all at once", "two at a time"],
)
def test_how_many_were_in_flight_is_known_of_each_arrival(source: str, counts: list[int]) -> None:
    """A place that gets free is taken before the next reply goes."""
    seen: list[list[int]] = []

    def check(exam: Exam) -> None:
        scene = exam.scene(*[text("Fine.")] * 5, kind="anthropic_async")
        exam.call(scene.client, [REQUEST] * 5, awaits=True)
        seen.append(scene.in_flight.counts)

    judged(check, source)
    assert seen == [counts]


def test_replies_come_in_another_order_than_requests() -> None:
    """So that code which relies on it is seen to."""
    source = """
import asyncio
import socket
import threading
async def answer(client, requests):
    done = []
    async def one(request):
        done.append((await client.messages.create(**request)).content[0].text)
    await asyncio.gather(*[one(r) for r in requests])
    return done
"""
    assert told(source, 3)[0] == ["reply 2", "reply 1", "reply 0"]


def test_a_request_that_was_given_up_holds_up_no_other() -> None:
    """Its reply is never asked for."""
    source = """
import asyncio
import socket
import threading
async def answer(client, requests):
    last = asyncio.ensure_future(client.messages.create(**requests[1]))
    first = asyncio.ensure_future(client.messages.create(**requests[0]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    first.cancel()
    return (await last).content[0].text
"""
    value, _ = told(source, 2)
    assert value in ("reply 0", "reply 1")


def test_it_runs_inside_a_running_loop_too() -> None:
    """As a check in a notebook does."""

    async def cell() -> Any:
        return told(TWO_AT_A_TIME)

    assert asyncio.run(cell()) == ([f"reply {i}" for i in range(5)], 2)


def test_a_plain_function_is_told_to_be_async() -> None:
    """By the type of what it returned."""
    verdict = judged(lambda exam: exam.call(awaits=True), "def answer(): return [1]")
    assert verdict.finding is not None
    assert verdict.finding.diagnosis.id == "not-async"
    assert "`list`" in verdict.finding.saw


@pytest.mark.parametrize("inside", [False, True])
def test_an_exception_is_reported_with_the_learners_frames_only(inside: bool) -> None:
    """Neither ours nor those of the event loop."""
    source = "async def answer(client):\n    return await client.messages.create(**{})"
    broken = "async def answer(client):\n    return 1 / 0"

    def verdict_on(code: str) -> Any:
        def check(exam: Exam) -> None:
            exam.call(
                exam.scene(Fault(529, "Overloaded"), kind="anthropic_async").client, awaits=True
            )

        async def cell() -> Any:
            return judged(check, code)

        return asyncio.run(cell()) if inside else judged(check, code)

    assert "TypeError" in verdict_on(source).traceback
    trace = verdict_on(broken).traceback
    assert trace.splitlines()[1].strip().startswith('File "<string>", line 2, in answer')
    assert "asyncio" not in trace


def test_a_stub_is_not_started() -> None:
    """Though it is raised in a coroutine."""
    verdict = judged(
        lambda exam: exam.call(awaits=True), "async def answer(): raise NotImplementedError"
    )
    assert verdict.outcome == "Not started"


@pytest.mark.parametrize("copied", ["with_options(timeout=60.0)", "copy(max_retries=0)"])
def test_what_happens_in_threads_is_waited_for(copied: str) -> None:
    """The first request of a client's copy goes through one, and later requests do not.

    Which of them arrives first is up to the threads.
    """

    def in_any_order(source: str) -> tuple[list[str], int]:
        replies, most = told(source)
        return sorted(replies), most

    for source in (ALL_AT_ONCE, TWO_AT_A_TIME):
        inside = source.replace("client.messages", f"client.{copied}.messages")
        assert in_any_order(inside) == in_any_order(source)
    slow = ALL_AT_ONCE.replace(
        "replies =", "await asyncio.to_thread(__import__('time').sleep, 0.02)\n    replies ="
    )
    assert in_any_order(slow) == in_any_order(ALL_AT_ONCE)


SOMETIMES_LATER = {
    "one after the other": "await asyncio.sleep(0.1 * requests.index(request))",
    "by chance": "await asyncio.sleep(__import__('random').random() / 3)",
    "after many turns": "[await asyncio.sleep(0) for _ in range(50)]",
}


@pytest.mark.parametrize("pause", SOMETIMES_LATER.values(), ids=SOMETIMES_LATER)
def test_requests_that_start_a_little_later_are_under_way_together(pause: str) -> None:
    """A reply takes longer than a short pause, and nobody waits for either."""
    source = f"""
import asyncio
import socket
import threading
async def answer(client, requests):
    async def one(request):
        {pause}
        async with asyncio.timeout(30):
            return (await client.messages.create(**request)).content[0].text
    requests = [dict(request) for request in requests]
    for number, request in enumerate(requests):
        request["max_tokens"] += number
    return sorted(await asyncio.gather(*[one(r) for r in requests]))
"""
    assert told(source) == ([f"reply {i}" for i in range(5)], 5)


LOOKS = {
    "in every turn": "await asyncio.sleep(0)",
    "by the clock": "await asyncio.sleep(0.05)",
    "with an end": "await asyncio.wait(tasks, timeout=0.01)",
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_code_that_looks_again_and_again_gets_its_replies(look: str) -> None:
    """Its loop is never idle for long."""
    source = f"""
import asyncio
import socket
import threading
async def answer(client, requests):
    tasks = [asyncio.create_task(client.messages.create(**r)) for r in requests]
    while not all(task.done() for task in tasks):
        {look}
    return [task.result().content[0].text for task in tasks]
"""
    assert told(source) == ([f"reply {i}" for i in range(5)], 5)


def test_a_loop_of_its_own_in_a_thread_gets_its_replies() -> None:
    """Of such a loop nothing is known; it asks by the clock."""
    source = f"""
import asyncio
import socket
import threading
{ALL_AT_ONCE.replace("answer", "inner")}
async def answer(client, requests):
    return await asyncio.to_thread(lambda: asyncio.run(inner(client, requests)))
"""
    assert told(source)[0] == [f"reply {i}" for i in range(5)]


STUCK = {
    "Semaphore.acquire in one": """
    gate = asyncio.Semaphore(1)
    async def one():
        await gate.acquire()
    await asyncio.gather(one(), one())""",
    "Queue.join": """
    queue = asyncio.Queue()
    queue.put_nowait(1)
    async def work():
        queue.get_nowait()
    await asyncio.gather(work(), queue.join())""",
    "answer": """
    await asyncio.get_running_loop().create_future()""",
    "sleep in looks": """
    async def looks():
        while True:
            await asyncio.sleep(0.1)
    await looks()""",
    "sleep in spins": """
    async def spins():
        while True:
            await asyncio.sleep(0)
    await spins()""",
}


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize(("where", "body"), STUCK.items(), ids=STUCK)
def test_an_await_that_nothing_wakes_ends_the_exam(
    where: str, body: str, inside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says where it waits; in a notebook's running loop too."""
    monkeypatch.setattr("grader.exams.watched_loop.SILENCE", 0.01)
    monkeypatch.setattr("grader.exams.watched_loop.MOST_TURNS", 20_000)
    source = f"import asyncio\nasync def answer():{body}"

    async def cell() -> Any:
        return judged(lambda exam: exam.call(awaits=True), source)

    verdict = asyncio.run(cell()) if inside else judged(lambda exam: exam.call(awaits=True), source)
    assert verdict.finding is not None
    assert (verdict.finding.diagnosis.id, verdict.outcome) == ("nothing-wakes", "Crashed")
    assert f"`{where}`" in verdict.finding.saw


SLOW = {
    "a job in a thread": "await asyncio.to_thread(time.sleep, 0.1)",
    "a long sleep": "await asyncio.sleep(1e6)",
    "a thread of its own": "await other_thread()",
    "a look at another thread": "await look()",
    "a connection": "await connection()",
}


@pytest.mark.parametrize("wait", SLOW.values(), ids=SLOW)
def test_a_slow_answer_is_not_taken_to_be_stuck(wait: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as something may still come."""
    monkeypatch.setattr("grader.exams.watched_loop.SILENCE", 0.01)
    source = f"""
import asyncio, concurrent.futures, sys, threading, time
async def other_thread():
    loop, event = asyncio.get_running_loop(), asyncio.Event()
    threading.Timer(0.1, lambda: loop.call_soon_threadsafe(event.set)).start()
    await event.wait()
async def look():
    with concurrent.futures.ThreadPoolExecutor() as pool:
        future = pool.submit(time.sleep, 0.1)
        while not future.done():
            await asyncio.sleep(0.0001)
async def connection():
    reader, writer = await asyncio.open_connection(sock=_pair())
    assert await reader.read(1) == b"x"
    writer.close()
def _pair():
    import socket
    ours, theirs = socket.socketpair()
    threading.Timer(0.1, lambda: (theirs.send(b"x"), theirs.close())).start()
    return ours
async def answer():
    {wait}
    return "done"
"""
    values: list[Any] = []
    judged(lambda exam: values.append(exam.call(awaits=True).value), source)
    assert values == ["done"]


def test_a_check_inside_a_running_loop_needs_no_thread_and_no_socket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A kernel in a browser has neither; and its own loop goes on afterwards as if nothing was."""

    def cannot(*_given: object, **_named: object) -> None:
        raise RuntimeError("can't start new thread")

    async def cell() -> tuple[object, object, object]:
        before = asyncio.current_task()
        later = asyncio.get_running_loop().create_task(asyncio.sleep(0, "later"))
        value = told(TWO_AT_A_TIME)
        assert asyncio.current_task() is before
        assert asyncio.get_event_loop() is asyncio.get_running_loop()
        return value, await later, await asyncio.wait_for(asyncio.sleep(0, "in time"), 5)

    loop = asyncio.new_event_loop()
    monkeypatch.setattr(watched_loop, "_HAS_SOCKETS", False)
    monkeypatch.setattr(threading.Thread, "start", cannot)
    monkeypatch.setattr(socket, "socketpair", cannot)
    try:
        value, later, in_time = loop.run_until_complete(cell())
    finally:
        loop.close()
    assert value == ([f"reply {i}" for i in range(5)], 2)
    assert (later, in_time) == ("later", "in time")


def test_a_check_that_raises_gives_the_running_loop_back() -> None:
    """Whatever the learner's coroutine does."""

    async def cell() -> str:
        verdict = judged(
            lambda exam: exam.call(awaits=True), "async def answer():\n    raise ValueError('no')"
        )
        await asyncio.sleep(0)
        return verdict.outcome

    assert asyncio.run(cell()) == "Crashed"
