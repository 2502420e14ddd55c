"""The learner's client in an exam: a real SDK client whose every request is a question.

It imports an SDK when it makes a client, so an exam of plain functions needs neither.
"""

from __future__ import annotations

import base64
import contextlib
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

from grader.exams.candidate import Ask, Over
from grader.exams.description import ClientHandle, Json
from grader.exams.sleepless import sleepless, starts_no_thread
from grader.exams.watched_loop import when_quiet
from grader.simulator import lost_connection


def make_client(handle: ClientHandle, ask: Ask) -> Any:
    """Return a real SDK client whose requests the exam answers."""
    import anthropic
    import httpx2

    transport = _relay(handle, ask)
    options: dict[str, Any] = {
        "api_key": "exam",
        "base_url": "https://api.anthropic.com",
        "max_retries": handle.retries,
    }
    if handle.kind == "anthropic":
        http_client = httpx2.Client(transport=transport)
        return sleepless(anthropic.Anthropic)(http_client=http_client, **options)
    if handle.kind == "anthropic_async":
        http = httpx2.AsyncClient(transport=transport)
        return starts_no_thread(sleepless(anthropic.AsyncAnthropic)(http_client=http, **options))
    raise ValueError(f"An exam asked for a client of kind {handle.kind!r}, which does not exist.")


def _relay(handle: ClientHandle, ask: Ask) -> Any:
    import httpx2

    class Events(httpx2.SyncByteStream, httpx2.AsyncByteStream):
        """Pull one event at a time from the exam's side."""

        def __init__(self, stream: int, cut: Json) -> None:
            self._stream = stream
            self._cut = cut

        def __iter__(self) -> Iterator[bytes]:
            while (event := self._next()) is not None:
                yield event

        async def __aiter__(self) -> Any:
            while (event := self._next()) is not None:
                yield event

        def _next(self) -> bytes | None:
            event = ask({"ask": "event", "stream": self._stream})["event"]
            if event is None and self._cut:
                raise lost_connection(self._cut, begun=True)
            return None if event is None else event.encode()

        def close(self) -> None:
            if _is_dropped():
                return
            with contextlib.suppress(Over):
                ask({"ask": "close", "stream": self._stream})

        async def aclose(self) -> None:
            self.close()

    class Relay(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
        """Carry a client's requests to the exam's scene."""

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            request.read()
            return self._response(ask(self._question(request)))

        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            await request.aread()
            answer = ask(self._question(request))
            while "pending" in answer:
                await when_quiet()
                pending = answer["pending"]
                answer = ask({"ask": "reply", "client": handle.id, "pending": pending})
            return self._response(answer)

        def _question(self, request: httpx2.Request) -> Json:
            return {
                "ask": "request",
                "client": handle.id,
                "method": request.method,
                "path": request.url.raw_path.decode("ascii"),
                "headers": dict(request.headers.items()),
                "body": base64.b64encode(request.content).decode("ascii"),
            }

        def _response(self, answer: Json) -> httpx2.Response:
            headers = answer["headers"]
            if answer["stream"] is not None:
                stream = Events(answer["stream"], answer["cut"])
                return httpx2.Response(answer["status"], headers=headers, stream=stream)
            if answer["cut"]:
                raise lost_connection(answer["cut"], begun=False)
            content = answer["body"].encode()
            return httpx2.Response(answer["status"], headers=headers, content=content)

    return Relay()


def _is_dropped() -> bool:
    """Return whether a stream is being closed only because nobody holds it any more.

    When that happens is up to Python, so code that counts on it leaves its connection open. The
    SDK's own generator then closes the response (`Stream.__stream__`, anthropic 2.12); a `with` and
    `close()` go past it.
    """
    if not isinstance(sys.exception(), GeneratorExit):
        return False
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - what asks for the close is seen nowhere else
    while frame is not None and frame.f_code.co_name != "__stream__":
        frame = frame.f_back
    return frame is not None and frame.f_globals.get("__name__") == "anthropic._streaming"
