"""A load generator: clients that keep their connections and ask again as soon as they are answered.

It reads no more of a reply than its length, so that it costs little beside what it measures.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """Hold what a load generator measured: requests a second, and the time of each, sorted."""

    per_second: float
    seconds: tuple[float, ...]

    def percentile(self, share: float) -> float:
        """Return the time that a share of the requests, from 0 to 1, did not exceed."""
        return self.seconds[min(int(len(self.seconds) * share), len(self.seconds) - 1)]


def drive(host: str, port: int, request: bytes, *, clients: int, requests: int) -> Load:
    """Send the same request so many times, by so many clients at once.

    Raises RuntimeError when a reply is not a 200 of stated length.
    """
    return asyncio.run(_drive(host, port, request, clients=clients, requests=requests))


async def _drive(host: str, port: int, request: bytes, *, clients: int, requests: int) -> Load:
    streams = [await asyncio.open_connection(host, port) for _ in range(clients)]
    start = time.perf_counter()
    timings = await asyncio.gather(
        *(_ask(*stream, request, times=requests // clients) for stream in streams)
    )
    elapsed = time.perf_counter() - start
    for _, writer in streams:
        writer.close()
        await writer.wait_closed()
    seconds = sorted(timing for each in timings for timing in each)
    return Load(len(seconds) / elapsed, tuple(seconds))


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, *, times: int
) -> list[float]:
    timings = []
    for _ in range(times):
        start = time.perf_counter()
        writer.write(request)
        await reader.readexactly(_length(await reader.readuntil(b"\r\n\r\n")))
        timings.append(time.perf_counter() - start)
    return timings


def _length(head: bytes) -> int:
    status, *lines = head.lower().split(b"\r\n")
    lengths = [line[16:] for line in lines if line.startswith(b"content-length: ")]
    if b" 200 " not in status or len(lengths) != 1:
        raise RuntimeError(f"Expected a 200 with a content-length, got {head!r}.")
    return int(lengths[0])
