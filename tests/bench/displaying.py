"""How far behind a stream its display is at the end, in a kernel, with a view that draws."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anthropic
import httpx2
import nbformat
from nbclient import NotebookClient

from grader.authoring import find_root
from grader.classroom import StreamView
from grader.simulator import Script, Simulator, text
from tests.bench.calling import HEADERS, STREAMED
from tests.bench.measure import Row, milliseconds

RATE = 200
"""How many events come in a second."""
_SECONDS = 5
_GOAL = 0.1
_CELL = """
from tests.bench.displaying import behind
import json
print("MEASURED", json.dumps([await behind(is_shown=False), await behind(is_shown=True)]))
"""


def displaying() -> list[Row]:
    """Compare a stream that is read only with one that is drawn as well."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(_CELL)])
    resources = {"metadata": {"path": str(find_root(Path(__file__)))}}
    NotebookClient(notebook, timeout=120, resources=resources).execute()
    printed = "".join(each.get("text", "") for each in notebook.cells[0].outputs)
    read, drawn = json.loads(printed.rpartition("MEASURED ")[2])
    what = f"how late the last of {RATE} deltas a second is drawn, over read"
    return [Row(what, milliseconds(read), milliseconds(drawn), "", f"<= {milliseconds(_GOAL)}")]


async def behind(*, is_shown: bool) -> float:
    """Return the seconds from the moment when the last event was due to when it was drawn, or read.

    The events come by the clock: who reads too slowly is late by more with each.
    """
    due: list[float] = []
    seen: list[float] = []
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(200, stream=_Timed(due)))
    client = anthropic.AsyncAnthropic(
        api_key="bench", http_client=httpx2.AsyncClient(transport=transport)
    )
    streams = StreamView(client).run(**{k: v for k, v in STREAMED.items() if k != "stream"})
    if is_shown:
        streams._ipython_display_()
    # The view listens first, so this is after it has drawn.
    streams.runs[0].listen(lambda: seen.append(time.perf_counter()), lambda: None)
    snapshot = await streams.runs[0].finish()
    assert snapshot.state == "ended", snapshot.trouble
    assert len(due) >= RATE * _SECONDS
    return seen[-1] - due[-1]


class _Timed(httpx2.AsyncByteStream):
    """Send the events of a long text, each when it is due."""

    def __init__(self, due: list[float]) -> None:
        self._due = due

    async def __aiter__(self) -> AsyncIterator[bytes]:
        start = time.perf_counter()
        for number, piece in enumerate(_events()):
            self._due.append(start + number / RATE)
            await asyncio.sleep(max(0.0, self._due[-1] - time.perf_counter()))
            yield piece


def _events() -> list[bytes]:
    words: Any = Script(text("One word after another, and then some more. " * 480))
    body = httpx2.Request("POST", "https://bench", json=STREAMED).content
    reply = Simulator(replies=words, seed=1).handle("POST", "/v1/messages", HEADERS, body)
    return [event.encode() for event in reply.events or ()]
