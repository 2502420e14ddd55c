"""How many requests a second `grader serve` answers on one core."""

from __future__ import annotations

import json
import os

from tests.bench.calling import HEADERS, PLAIN
from tests.bench.load import Load, drive
from tests.bench.measure import Row, milliseconds
from tests.serving import serving as serve

CLIENTS = 16
REQUESTS = 16_000
GOAL = 4_700


def serving() -> list[Row]:
    """Measure plain requests by clients that keep their connections."""
    load, pinned = _measure()
    where = "one core" if pinned else "any core, as this platform pins none"
    return [
        Row(
            f"plain requests a second over HTTP, {CLIENTS} clients, {where}",
            ours=f"{load.per_second:,.0f}",
            goal=f">= {GOAL:,}",
        ),
        Row("    time of one: median", ours=milliseconds(load.percentile(0.5))),
        Row("    time of one: 99th percentile", ours=milliseconds(load.percentile(0.99))),
    ]


def _measure() -> tuple[Load, bool]:
    with serve() as server:
        request = _request(server.port)
        cores = _split_cores(server.process.pid)
        try:
            for requests in (REQUESTS // 10, REQUESTS):
                load = drive("127.0.0.1", server.port, request, clients=CLIENTS, requests=requests)
        finally:
            if cores:
                os.sched_setaffinity(0, cores)
    return load, bool(cores)


def _split_cores(server: int) -> set[int]:
    """Give the server one core and this process the others; return what it had before."""
    if not hasattr(os, "sched_setaffinity"):
        return set()
    cores = os.sched_getaffinity(0)
    first = min(cores)
    os.sched_setaffinity(server, {first})
    os.sched_setaffinity(0, cores - {first} or cores)
    return cores


def _request(port: int) -> bytes:
    body = json.dumps(PLAIN).encode()
    fields = {**HEADERS, "host": f"127.0.0.1:{port}", "content-length": str(len(body))}
    lines = [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join(["POST /v1/messages HTTP/1.1", *lines, "", ""]).encode() + body
