"""The proof of `gather_limited`."""

from tests.exercises.proof import Proof, Wrong

_GATHER = """
async def gather_limited(async_client, requests, limit):
    gate = asyncio.Semaphore(limit)

    async def send(request):
        async with gate:
            return await async_client.messages.create(**request)

    results = await asyncio.gather(*[send(each) for each in requests], return_exceptions=True)
    return results
"""
_SEND = "return await async_client.messages.create(**request)"
_COLLECT = "await asyncio.gather(*[send(each) for each in requests], return_exceptions=True)"
_LOOP = """
async def gather_limited(async_client, requests, limit):
    results = []
    for request in requests:
        try:
            results.append(await async_client.messages.create(**request))
        except Exception as error:
            results.append(error)
    return results
"""
_BATCHES = """
async def gather_limited(async_client, requests, limit):
    results = []
    for start in range(0, len(requests), limit):
        batch = [async_client.messages.create(**each) for each in requests[start : start + limit]]
        results += await asyncio.gather(*batch, return_exceptions=True)
    return results
"""
_AS_READY = """
async def gather_limited(async_client, requests, limit):
    gate, results = asyncio.Semaphore(limit), []

    async def send(request):
        async with gate:
            try:
                results.append(await async_client.messages.create(**request))
            except Exception as error:
                results.append(error)

    await asyncio.gather(*[send(each) for each in requests])
    return results
"""
_QUEUE = """
async def gather_limited(async_client, requests, limit):
    results, queue = [None] * len(requests), asyncio.Queue()
    for pair in enumerate(requests):
        queue.put_nowait(pair)

    async def work():
        while True:
            number, request = await queue.get()
            try:
                results[number] = await async_client.messages.create(**request)
            except Exception as error:
                results[number] = error
            finally:
                queue.task_done()

    workers = [asyncio.create_task(work()) for _ in range(limit)]
    await queue.join()
    for worker in workers:
        worker.cancel()
    return results
"""
_CATCHES = """
async def gather_limited(async_client, requests, limit):
    gate = asyncio.Semaphore(limit)

    async def one(request):
        async with gate:
            try:
                return await async_client.messages.create(**request)
            except anthropic.APIStatusError as error:
                return error

    return await asyncio.gather(*[one(each) for each in requests])
"""
_BY_TEXT = """
import json
async def gather_limited(async_client, requests, limit):
    gate = asyncio.Semaphore(limit)
    alike = {json.dumps(each): each for each in requests}

    async def send(request):
        async with gate:
            return await async_client.messages.create(**request)

    replies = await asyncio.gather(*map(send, alike.values()), return_exceptions=True)
    found = dict(zip(alike, replies))
    return [found[json.dumps(each)] for each in requests]
"""
_GLOBAL_GATE = """
import threading

gate = asyncio.Semaphore(2)

async def see():
    async def gated():
        async with gate:
            await asyncio.sleep(0)
    await asyncio.gather(*[gated() for _ in range(5)])

# As the notebook's own cells do, in a loop that is not the check's.
thread = threading.Thread(target=lambda: asyncio.run(see()))
thread.start()
thread.join()
""" + _GATHER.replace("    gate = asyncio.Semaphore(limit)\n", "")
_OWN_CLIENT = _GATHER.replace(
    "    gate =", "    async_client = anthropic.AsyncAnthropic()\n    gate ="
)
_FIRST_READY = """
async def gather_limited(async_client, requests, limit):
    tasks, under_way = [], set()
    for request in requests:
        if len(under_way) >= limit:
            _, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
        tasks.append(asyncio.create_task(async_client.messages.create(**request)))
        under_way.add(tasks[-1])
    if tasks:
        await asyncio.wait(tasks)
    return [task.exception() or task.result() for task in tasks]
"""
"""The first `create` that raises without an `await` ends the function."""
_GATE_LATE = """
async def gather_limited(async_client, requests, limit):
    gate = asyncio.Semaphore(limit)

    async def one(call):
        async with gate:
            return await call

    calls = [one(async_client.messages.create(**request)) for request in requests]
    return await asyncio.gather(*calls, return_exceptions=True)
"""

_GIVE_UP = """async with gate:
            if failed:
                return failed[0]
            try:
                return await async_client.messages.create(**request)
            except Exception as error:
                failed.append(error)
                raise
        async with gate:"""

_WRONG = (
    # All are sent, and each result stands in its place.
    Wrong(
        "requests-skipped",
        _GATHER.replace("async with gate:", _GIVE_UP).replace("gate = ", "failed, gate = [], "),
        4,
    ),
    Wrong(
        "failures-moved",
        _GATHER.replace(
            "return results", "return sorted(results, key=lambda r: hasattr(r, 'args'))"
        ),
        4,
    ),
    Wrong(
        "results-lost",
        _GATHER.replace(
            "    return results",
            "    for each in results:\n"
            "        if isinstance(each, Exception):\n"
            "            raise each\n"
            "    return results",
        ),
        4,
        "Crashed",
    ),
    *(
        Wrong(
            "failure-sent-again",
            _GATHER.replace(
                _SEND,
                "try: return await async_client.messages.create(**request)\n"
                f"            except anthropic.{name}:\n"
                "                return await async_client.messages.create(**request)",
            ),
            4,
        )
        for name in ("OverloadedError", "RateLimitError", "InternalServerError", "APIStatusError")
    ),
    *(
        Wrong(
            diagnosis,
            _GATHER.replace("        async with", f"        {line}\n        async with"),
            4,
        )
        for diagnosis, line in (
            ("requests-emptied", 'request.setdefault("max_tokens", 1000)'),
            ("request-changed", 'request = {"max_tokens": 1000, **request}'),
            (
                "request-changed",
                'request = {**request, "max_tokens": min(request.get("max_tokens", 1), 20_000)}',
            ),
            ("requests-emptied", 'request.pop("max_completion_tokens", None)'),
        )
    ),
    Wrong(
        "request-not-spread",
        _LOOP.replace("**request", "request").replace("Exception", "KeyError"),
        0,
        "Crashed",
    ),
    Wrong(
        "awaited-wrongly",
        _GATHER.replace(_COLLECT, "await [send(each) for each in requests]"),
        0,
        "Crashed",
    ),
    Wrong(
        "awaited-wrongly",
        # Closed at the end, for a coroutine that nobody awaits would warn in some later test.
        _GATHER.replace(
            f"    results = {_COLLECT}",
            "    calls = [send(each) for each in requests]\n"
            "    try:\n"
            "        results = await asyncio.gather(calls)\n"
            "    finally:\n"
            "        [call.close() for call in calls]",
        ),
        0,
        "Crashed",
    ),
    Wrong(
        "gate-not-async",
        _GATHER.replace("async with gate", "with gate").replace(", return_exceptions=True", ""),
        0,
        "Crashed",
    ),
    Wrong("every-place-failed", _GATHER.replace("async with gate", "with gate")),
    Wrong("every-place-failed", _GATHER.replace("**request", "request")),
    Wrong(
        "blocking-client",
        """
async def gather_limited(async_client, requests, limit):
    from grader.classroom import connect
    client = connect()
    return [client.messages.create(**each) for each in requests]
""",
    ),
    Wrong("own-client", _OWN_CLIENT),
    Wrong("own-client", _OWN_CLIENT.replace(", return_exceptions=True", ""), 0, "Crashed"),
    Wrong("notebooks-gate", _GLOBAL_GATE),
    Wrong(
        "notebooks-gate",
        _GLOBAL_GATE.replace(", return_exceptions=True", ""),
        0,
        "Crashed",
    ),
    Wrong(
        "not-async",
        "def gather_limited(async_client, requests, limit):\n    return [None] * len(requests)\n",
        0,
        "Crashed",
        saw="`list`, not a coroutine",
    ),
    Wrong("no-request", "async def gather_limited(async_client, requests, limit):\n    return []"),
    Wrong(
        "no-request",
        _GATHER.replace(_SEND, "return await asyncio.to_thread(str, request)"),
    ),
    Wrong("printed", _GATHER.replace("return results", "print(results)")),
    Wrong("not-awaited", _GATHER.replace(_COLLECT, "[send(each) for each in requests]")),
    Wrong("call-not-awaited", _GATHER.replace(_SEND, _SEND.replace("await ", ""))),
    Wrong(
        "call-not-awaited",
        "async def gather_limited(async_client, requests, limit):\n"
        "    return [async_client.messages.create(**each) for each in requests]\n",
    ),
    Wrong("not-awaited", _GATHER.replace(_COLLECT, _COLLECT[6:])),
    Wrong("not-a-list", _GATHER.replace("return results", "return tuple(results)")),
    Wrong("not-a-list", _GATHER.replace("return results", "return dict(enumerate(results))")),
    Wrong(
        "not-messages",
        _GATHER.replace(
            _SEND, f"message = {_SEND[7:]}\n            return message.content[0].text"
        ),
    ),
    Wrong(
        "not-messages", _GATHER.replace("return results", "return [r.to_dict() for r in results]")
    ),
    Wrong("sent-otherwise", _GATHER.replace(_SEND, f"{_SEND[7:]}\n            {_SEND}")),
    Wrong("sent-otherwise", _GATHER.replace("in requests]", "in requests[:-1]]")),
    Wrong("equal-sent-once", _BY_TEXT, 4),
    Wrong(
        "equal-sent-once",
        _BY_TEXT.replace("alike.values()", "requests").replace(
            "zip(alike, replies)", "zip(map(json.dumps, requests), replies)"
        ),
        4,
    ),
    Wrong(
        "requests-emptied",
        _GATHER.replace("return results", "requests.clear()\n    return results"),
        4,
    ),
    Wrong(
        "requests-emptied",
        _GATHER.replace("return results", "requests[0].pop('model')\n    return results"),
        4,
    ),
    Wrong(
        "request-changed",
        _GATHER.replace("**request)", "**{**request, 'max_tokens': 1024})"),
        3,
    ),
    Wrong(
        "all-at-once",
        _GATHER.replace("Semaphore(limit)", "Semaphore(len(requests) or 1)"),
        4,
    ),
    Wrong("all-at-once", _GATHER.replace("async with gate:", "if gate:"), 4),
    Wrong(
        "all-at-once",
        _GATHER.replace(
            "    async def send(request):\n",
            "    async def send(request):\n        gate = asyncio.Semaphore(limit)\n",
        ),
        4,
    ),
    Wrong("over-limit", _GATHER.replace("Semaphore(limit)", "Semaphore(limit + 1)"), 4),
    Wrong("one-by-one", _LOOP, 3),
    *(
        Wrong(
            named,
            _GATHER.replace(
                "    return results",
                "    if results and all(isinstance(each, Exception) for each in results):\n"
                f"        raise {what}\n    return results",
            ),
            4,
            "Crashed",
        )
        for what, named in (
            ("results[0]", "connection-spreads"),
            ("RuntimeError('nothing came')", "list-thrown-away"),
        )
    ),
    Wrong("one-by-one", _GATHER.replace("Semaphore(limit)", "Semaphore(1)"), 3),
    Wrong(
        "below-limit",
        _GATHER.replace("Semaphore(limit)", "Semaphore(max(1, limit - 1))"),
        4,
    ),
    Wrong("below-limit", _GATHER.replace("Semaphore(limit)", "Semaphore(min(limit, 10))"), 4),
    Wrong("in-batches", _BATCHES, 3),
    Wrong("order-lost", _AS_READY, 3),
    Wrong(
        "order-lost",
        _GATHER.replace("return results", "return results[::-1]"),
        3,
    ),
    Wrong("results-lost", _GATHER.replace(", return_exceptions=True", ""), 4, "Crashed"),
    Wrong("connection-spreads", _CATCHES, 4, "Crashed"),
    Wrong("sdk-error-spreads", _CATCHES.replace("APIStatusError", "APIError"), 4, "Crashed"),
    Wrong(
        "nothing-wakes",
        _GATHER.replace(
            f"async with gate:\n            {_SEND}",
            "await gate.acquire()\n"
            "        message = await async_client.messages.create(**request)\n"
            "        gate.release()\n"
            "        return message",
        ),
        4,
        "Crashed",
        saw="`Semaphore.acquire in send`",
    ),
    Wrong(
        "nothing-wakes",
        _QUEUE.replace("            finally:\n                queue.task_done()\n", ""),
        0,
        "Crashed",
        saw="`Queue.get in work, Queue.join in gather_limited`",
    ),
    Wrong(
        "failures-dropped",
        _GATHER.replace(
            "return results", "return [r for r in results if not isinstance(r, Exception)]"
        ),
        4,
    ),
    Wrong(
        "failure-hidden",
        _GATHER.replace(
            "return results", "return [None if isinstance(r, Exception) else r for r in results]"
        ),
        4,
    ),
    Wrong(
        "failure-hidden",
        _GATHER.replace(
            "return results", "return [str(r) if isinstance(r, Exception) else r for r in results]"
        ),
        4,
    ),
    Wrong("called-outside", _FIRST_READY, 4, "Crashed"),
    Wrong("called-outside", _GATE_LATE, 4, "Crashed"),
    Wrong(
        "called-outside",
        _CATCHES.replace("anthropic.APIStatusError", "(anthropic.APIError, ValueError)"),
        4,
        "Crashed",
    ),
    # A semaphore that outlives the call, when nothing is raised but put into the list.
    Wrong(
        "notebooks-gate",
        "GATES = []\n"
        + _GATHER.replace(
            "gate = asyncio.Semaphore(limit)",
            "GATES.append(asyncio.Semaphore(limit)) if not GATES else None\n    gate = GATES[0]",
        ),
        2,
    ),
    Wrong(
        "failure-sent-again",
        _CATCHES.replace("anthropic.APIStatusError", "Exception")
        .replace("return error", "return await async_client.messages.create(**request)")
        .replace("for each in requests])", "for each in requests], return_exceptions=True)"),
        4,
        saw="`2 times`",
    ),
    Wrong(
        "failure-sent-again",
        _GATHER.replace(
            "return results",
            "return [\n"
            "        await async_client.messages.create(**each)"
            " if isinstance(got, Exception) else got\n"
            "        for got, each in zip(results, requests)\n"
            "    ]",
        ),
        4,
    ),
    Wrong(
        "no-requests-crash",
        _GATHER.replace("    gate =", "    first = requests[0]\n    gate ="),
        4,
        "Crashed",
    ),
    Wrong(
        "no-requests-crash",
        _GATHER.replace("return results", "return results or None"),
        4,
    ),
)

PROOF = Proof(
    "gather_limited",
    wrong=_WRONG,
    right={
        "a copy without retries": _GATHER.replace(
            "    gate =", "    async_client = async_client.with_options(max_retries=0)\n    gate ="
        ),
        "a copy for each request": _GATHER.replace(
            "await async_client.", "await async_client.copy(timeout=60.0)."
        ),
        "a copy that tries again": _GATHER.replace(
            "    gate =", "    async_client = async_client.copy(max_retries=4)\n    gate ="
        ),
        "a queue that is joined": _QUEUE,
        "every exception is caught": _CATCHES.replace("anthropic.APIStatusError", "Exception"),
        "a queue and workers": """
async def gather_limited(async_client, requests, limit):
    results = [None] * len(requests)
    queue = asyncio.Queue()
    for number, request in enumerate(requests):
        queue.put_nowait((number, request))

    async def work():
        while not queue.empty():
            number, request = queue.get_nowait()
            try:
                results[number] = await async_client.messages.create(**request)
            except Exception as error:
                results[number] = error

    await asyncio.gather(*[work() for _ in range(limit)])
    return results
""",
        "a task group": """
async def gather_limited(async_client, requests, limit):
    gate = asyncio.BoundedSemaphore(limit)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(attempt(async_client, each, gate)) for each in requests]
    return [task.result() for task in tasks]

async def attempt(client, request, gate):
    await gate.acquire()
    try:
        return await client.messages.create(**request)
    except Exception as error:
        print("failed:", type(error).__name__)
        return error
    finally:
        gate.release()
""",
        "wait for the first": """
async def gather_limited(async_client, requests, limit):
    async def one(request):
        return await async_client.messages.create(**request)

    tasks, under_way = [], set()
    for request in requests:
        if len(under_way) >= limit:
            _, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
        tasks.append(asyncio.create_task(one(request)))
        under_way.add(tasks[-1])
    if tasks:
        await asyncio.wait(tasks)
    return [task.exception() or task.result() for task in tasks]
""",
        "streamed": """
async def gather_limited(async_client, requests, limit):
    gate = asyncio.Semaphore(limit)

    async def one(request):
        async with gate, async_client.messages.stream(**request) as stream:
            return await stream.get_final_message()

    return list(await asyncio.gather(*map(one, requests), return_exceptions=True))
""",
    },
)
