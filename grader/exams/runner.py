"""The learner's side of an exam: find the function, make what was described, call, report.

This code runs in the learner's process, be it the notebook's own kernel or a sandbox. It decides
nothing and knows neither the script nor the expected values.
"""

from __future__ import annotations

import base64
import contextlib
import io
import traceback
from collections.abc import Iterator, Mapping
from types import CoroutineType
from typing import Any

from grader.exams.candidate import Ask
from grader.exams.description import (
    CallableHandle,
    ClientHandle,
    Json,
    SdkObject,
    describe,
    name_of,
    read,
)

MAX_PRINTED = 20_000
MAX_TRACEBACK = 8_000
_NO_RETRIES = 0


class Runner:
    """Run commands against the names that a learner's code defined."""

    def __init__(self, namespace: Mapping[str, object]) -> None:
        self._namespace = namespace

    def run(self, command: Json, ask: Ask) -> Json:
        """Return the report of one command, whatever the learner's code does.

        Only KeyboardInterrupt passes through, so that a learner can stop their own loop.
        """
        name = command["name"]
        if name not in self._namespace:
            return {"outcome": "missing"}
        function = self._namespace[name]
        if not callable(function):
            return {"outcome": "not callable", "type": name_of(type(function))}
        maker = _Maker(_until_over(ask))
        arguments = [maker.make(read(item)) for item in command["arguments"]]
        keywords = {key: maker.make(read(item)) for key, item in command["keywords"].items()}
        printed = _Printed()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(_Printed()):
                value = function(*arguments, **keywords)
                described = describe(_closed(value))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - nor may SystemExit end the notebook
            report = _raised(error)
        else:
            report = {"outcome": "returned", "value": described}
        report["arguments"] = [describe(item) for item in arguments]
        report["printed"] = io.StringIO.getvalue(printed)
        return report


class LocalCandidate:
    """Run commands in this process, for the instant check in a notebook."""

    def __init__(self, namespace: Mapping[str, object]) -> None:
        self._runner = Runner(namespace)

    def run(self, command: Json, ask: Ask) -> Json:
        """Return the report of one command."""
        return self._runner.run(command, ask)


class _Over(BaseException):
    """End the learner's code; no Exception, so that a loop of retries does not outlive it."""


def _until_over(ask: Ask) -> Ask:
    def asked(question: Json) -> Json:
        answer = ask(question)
        if answer.get("over"):
            raise _Over
        return answer

    return asked


class _Printed(io.StringIO):
    """Keep the beginning of what is written, whatever the learner's code does with it."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, MAX_PRINTED - self.tell())])
        return len(text)

    def close(self) -> None:
        """Stay open: the report still has to be written."""


def _closed(value: object) -> object:
    # A coroutine that is never awaited would warn on stderr when it is collected.
    if type(value) is CoroutineType:
        value.close()
    return value


def _raised(error: BaseException) -> dict[str, Json]:
    try:
        message = str.__str__(str(error))
        # The first frame is ours; the learner's code begins below it.
        frames = error.__traceback__.tb_next if error.__traceback__ else None
        lines = traceback.format_exception(type(error), error, frames, chain=False)
        trace = "".join(lines)
    except KeyboardInterrupt:
        raise
    except BaseException as broken:  # noqa: BLE001 - a broken __str__ must not hide the crash
        message, trace = f"no message: {name_of(type(broken))}", ""
    return {
        "outcome": "raised",
        "type": name_of(type(error)),
        "kinds": [name_of(kind) for kind in type.mro(type(error))],
        "message": message[:MAX_TRACEBACK],
        "traceback": trace[-MAX_TRACEBACK:],
        "raised_in": _innermost(error),
    }


def _innermost(error: BaseException) -> str:
    """Return the qualified name of the function in which an exception was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else trace.tb_frame.f_code.co_qualname


class _Maker:
    """Make real clients, functions and SDK objects from what the exam described."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def make(self, value: Any) -> Any:
        if isinstance(value, ClientHandle):
            return _make_client(value, self._ask)
        if isinstance(value, CallableHandle):
            return _Invoked(value, self._ask)
        if isinstance(value, SdkObject):
            return _make_sdk_object(value)
        if isinstance(value, list):
            return [self.make(item) for item in value]
        if isinstance(value, tuple):
            return tuple(self.make(item) for item in value)
        if isinstance(value, dict):
            return {key: self.make(item) for key, item in value.items()}
        return value


class _Invoked:
    """Pass a call on to the exam's own function and give back its answer."""

    def __init__(self, handle: CallableHandle, ask: Ask) -> None:
        self.__name__ = handle.name
        self._handle = handle
        self._ask = ask

    def __call__(self, *arguments: object, **keywords: object) -> Any:
        answer = self._ask(
            {
                "ask": "invoke",
                "callable": self._handle.id,
                "arguments": [describe(item) for item in arguments],
                "keywords": {key: describe(item) for key, item in keywords.items()},
            }
        )
        if "raised" in answer:
            kind = _RAISED.get(answer["raised"]["type"], RuntimeError)
            raise kind(answer["raised"]["message"])
        return read(answer["returned"])


_RAISED: dict[str, type[Exception]] = {
    kind.__name__: kind
    for kind in (KeyError, LookupError, RuntimeError, TimeoutError, TypeError, ValueError)
}


def _make_sdk_object(value: SdkObject) -> Any:
    from anthropic import types

    # construct, not model_validate: an exam may send values that are newer than this SDK.
    return getattr(types, value.type).construct(**value.data)


def _make_client(handle: ClientHandle, ask: Ask) -> Any:
    import httpx2

    transport = _relay(handle, ask)
    if handle.kind == "anthropic":
        import anthropic

        return anthropic.Anthropic(
            api_key="exam",
            base_url="https://api.anthropic.com",
            max_retries=_NO_RETRIES,
            http_client=httpx2.Client(transport=transport),
        )
    if handle.kind == "anthropic_async":
        import anthropic

        return anthropic.AsyncAnthropic(
            api_key="exam",
            base_url="https://api.anthropic.com",
            max_retries=_NO_RETRIES,
            http_client=httpx2.AsyncClient(transport=transport),
        )
    raise ValueError(f"An exam asked for a client of kind {handle.kind!r}, which does not exist.")


def _relay(handle: ClientHandle, ask: Ask) -> Any:
    import httpx2

    class Events(httpx2.SyncByteStream, httpx2.AsyncByteStream):
        """Pull one event at a time from the exam's side."""

        def __init__(self, stream: int) -> None:
            self._stream = stream

        def __iter__(self) -> Iterator[bytes]:
            while (event := self._next()) is not None:
                yield event

        async def __aiter__(self) -> Any:
            while (event := self._next()) is not None:
                yield event

        def _next(self) -> bytes | None:
            event = ask({"ask": "event", "stream": self._stream})["event"]
            return None if event is None else event.encode()

        def close(self) -> None:
            with contextlib.suppress(_Over):
                ask({"ask": "close", "stream": self._stream})

        async def aclose(self) -> None:
            self.close()

    class Relay(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
        """Carry a client's requests to the exam's scene."""

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            request.read()
            return self._answer(request)

        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            await request.aread()
            return self._answer(request)

        def _answer(self, request: httpx2.Request) -> httpx2.Response:
            answer = ask(
                {
                    "ask": "request",
                    "client": handle.id,
                    "method": request.method,
                    "path": request.url.raw_path.decode("ascii"),
                    "headers": dict(request.headers.items()),
                    "body": base64.b64encode(request.content).decode("ascii"),
                }
            )
            headers = answer["headers"]
            if answer["stream"] is not None:
                stream = Events(answer["stream"])
                return httpx2.Response(answer["status"], headers=headers, stream=stream)
            content = answer["body"].encode()
            return httpx2.Response(answer["status"], headers=headers, content=content)

    return Relay()
