"""One running stream: a task on the notebook's own event loop, which one can stop.

The task reads and records; a timer tells the listeners at most 20 times a second, so that drawing
never holds up the reading. JupyterLab may run a button's callback in a separate thread (a subshell,
ipykernel 7), so we hand a press to the loop.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from grader.classroom.showing import describe_error
from grader.classroom.widgets.asynchronous import asynchronous
from grader.classroom.widgets.stream_record import Snapshot, StreamRecord
from grader.errors import WidgetError

_BETWEEN_DRAWINGS = 0.05
_LONGEST_SILENCE = 0.5
"""How long a stream's clock stands still while nothing comes, in seconds."""
_REST = 1.0
"""How long a stopped stream can't be sent again, in seconds: a double click shall only stop it."""


class StreamRun:
    """Hold a stream, and read it as soon as an event loop runs.

    title: its name on show. clock: returns seconds, from any starting point.
    """

    def __init__(
        self,
        client: Any,
        request: dict[str, Any],
        *,
        title: str = "",
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.title = title or str(request.get("model", "a request without a model"))
        self._client = client
        self._request = {key: value for key, value in request.items() if key != "stream"}
        self._clock = clock
        self._listeners: list[Callable[[], None]] = []
        self._enders: list[Callable[[], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_stopping = False
        self._stopped: float | None = None
        self._new()

    def snapshot(self) -> Snapshot:
        """Return the stream as it is now."""
        return self._record.snapshot(self._seconds() if self._task else None)

    @property
    def is_resting(self) -> bool:
        """Return whether somebody has just stopped it, so that a press does nothing yet."""
        return self._stopped is not None and self._clock() - self._stopped < _REST

    def listen(self, on_change: Callable[[], None], on_end: Callable[[], None]) -> None:
        """Call `on_change` when there is something to draw, `on_end` when there will be no more."""
        self._listeners.append(on_change)
        self._enders.append(on_end)

    def begin(self) -> None:
        """Begin to read, if an event loop runs and reading hasn't begun."""
        if self._task is not None:
            return
        with suppress(RuntimeError):
            self._loop = asyncio.get_running_loop()
            self._is_stopping = False
            self._sent = self._drawn = self._clock()
            self._record.send()
            self._task = self._loop.create_task(self._read())
            self._tick()

    async def finish(self) -> Snapshot:
        """Read to the end; cancelling this closes the stream."""
        self.begin()
        if self._task is not None:
            await self._task
        return self.snapshot()

    def press(self) -> None:
        """Stop an open stream, or send a closed one's request again; works from any thread.

        In the second after a stop it does nothing: that was the other half of a double click.
        """
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._press)

    def _press(self) -> None:
        if self.is_resting:
            return
        if self._task is None or self._task.done():
            self._task = self._stopped = None
            self._new()
            self.begin()
        else:
            self._is_stopping = True
            self._stopped = self._clock()
            self._task.cancel()
            if self._loop is not None:
                self._loop.call_later(_REST, self._rested)

    def _rested(self) -> None:
        """Draw the button that sends again, once it does."""
        if self._loop is not None and self.is_resting:
            self._loop.call_later(_BETWEEN_DRAWINGS, self._rested)
        else:
            self._tell(self._listeners)

    def _new(self) -> None:
        self._record = StreamRecord(self._request.get("model"))
        self._sent = self._drawn = 0.0
        self._is_news = True

    def _seconds(self) -> float:
        return self._clock() - self._sent

    async def _read(self) -> None:
        try:
            await self._pull()
            self._record.end(self._seconds())
        except asyncio.CancelledError:
            self._record.stop(self._seconds(), interrupted=not self._is_stopping)
            if not self._is_stopping:
                raise
        except WidgetError as error:
            self._record.fail(str(error), self._seconds())
        except Exception as error:  # noqa: BLE001 (we show any exception of a client)
            self._record.fail(describe_error(error).replace("\n", " · "), self._seconds())
        finally:
            self._tell(self._listeners)
            self._tell(self._enders)

    async def _pull(self) -> None:
        create = asynchronous(self._client).messages.create
        # The SDK loads modules at its first use, and that time isn't part of the wait for the API.
        self._sent = self._clock()
        # This closes the connection, however we leave it.
        async with await create(stream=True, **self._request) as stream:
            async for event in stream:
                self._record.note(event.to_dict(), self._seconds())
                self._is_news = True
                # A stream that never waits would block the notebook.
                await asyncio.sleep(0)

    def _tick(self) -> None:
        """Draw what is new, and check again in a moment."""
        if self._task is None or self._task.done() or self._loop is None:
            return
        if self._is_news or self._clock() - self._drawn >= _LONGEST_SILENCE:
            self._is_news, self._drawn = False, self._clock()
            self._tell(self._listeners)
        self._loop.call_later(_BETWEEN_DRAWINGS, self._tick)

    def _tell(self, whom: list[Callable[[], None]]) -> None:
        for tell in whom:
            tell()
