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
            except anthropic.APIError as error:
                results.append(error)

    await asyncio.gather(*[send(each) for each in requests])
    return results
"""

_WRONG = (
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
    Wrong("no-request", "async def gather_limited(async_client, requests, limit):\n    return []"),
    Wrong(
        "no-request",
        _GATHER.replace(_SEND, "return await asyncio.to_thread(str, request)"),
    ),
    Wrong("printed", _GATHER.replace("return results", "print(results)")),
    Wrong("not-awaited", _GATHER.replace(_COLLECT, "[send(each) for each in requests]")),
    Wrong(
        "not-awaited",
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
    Wrong("requests-counted", _GATHER.replace(_SEND, f"{_SEND[7:]}\n            {_SEND}")),
    Wrong("requests-counted", _GATHER.replace("in requests]", "in requests[:-1]]")),
    Wrong(
        "request-changed",
        _GATHER.replace("**request)", "**{**request, 'max_tokens': 1024})"),
        3,
        "Almost",
    ),
    Wrong(
        "unbounded",
        _GATHER.replace("Semaphore(limit)", "Semaphore(len(requests) or 1)"),
        4,
        "Almost",
    ),
    Wrong("unbounded", _GATHER.replace("async with gate:", "if gate:"), 4, "Almost"),
    Wrong(
        "unbounded",
        _GATHER.replace(
            "    async def send(request):\n",
            "    async def send(request):\n        gate = asyncio.Semaphore(limit)\n",
        ),
        4,
        "Almost",
    ),
    Wrong("over-limit", _GATHER.replace("Semaphore(limit)", "Semaphore(limit + 1)"), 4, "Almost"),
    Wrong("one-by-one", _LOOP, 3, "Almost"),
    Wrong("one-by-one", _GATHER.replace("Semaphore(limit)", "Semaphore(1)"), 3, "Almost"),
    Wrong(
        "below-limit",
        _GATHER.replace("Semaphore(limit)", "Semaphore(max(1, limit - 1))"),
        4,
        "Almost",
    ),
    Wrong("in-batches", _BATCHES, 4, "Almost"),
    Wrong("order-lost", _AS_READY, 3, "Almost"),
    Wrong(
        "order-lost",
        _GATHER.replace("return results", "return results[::-1]"),
        3,
        "Almost",
    ),
    Wrong("failure-spreads", _GATHER.replace(", return_exceptions=True", ""), 4, "Crashed"),
    Wrong(
        "failures-dropped",
        _GATHER.replace(
            "return results", "return [r for r in results if not isinstance(r, Exception)]"
        ),
        4,
        "Almost",
    ),
    Wrong(
        "failure-hidden",
        _GATHER.replace(
            "return results", "return [None if isinstance(r, Exception) else r for r in results]"
        ),
        4,
        "Almost",
    ),
    Wrong(
        "failure-hidden",
        _GATHER.replace(
            "return results", "return [str(r) if isinstance(r, Exception) else r for r in results]"
        ),
        4,
        "Almost",
    ),
    Wrong(
        "empty-crash",
        _GATHER.replace("    gate =", "    first = requests[0]\n    gate ="),
        4,
        "Crashed",
    ),
    Wrong("empty-crash", _GATHER.replace("return results", "return results or None"), 4, "Almost"),
)

PROOF = Proof(
    "gather_limited",
    wrong=_WRONG,
    right={
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
            except anthropic.APIError as error:
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
    tasks, under_way = [], set()
    for request in requests:
        if len(under_way) >= limit:
            _, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
        tasks.append(asyncio.create_task(async_client.messages.create(**request)))
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
