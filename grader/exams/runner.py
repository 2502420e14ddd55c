"""The learner's side of an exam: find the function, make the described arguments, call, report.

This code runs in the learner's process: the notebook's own kernel or a sandbox. It decides nothing
and knows neither the script nor the expected values.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import dis
import inspect
import io
import os
import threading
import traceback
from collections.abc import Callable, Mapping
from types import CoroutineType
from typing import Any

from grader.exams import event_loop, watched_loop
from grader.exams.candidate import MAX_PRINTED, MAX_TRACEBACK, Ask, Over
from grader.exams.description import (
    CallableHandle,
    ClientHandle,
    Json,
    KeptHandle,
    Record,
    SdkError,
    SdkObject,
    describe,
    name_of,
    without_addresses,
)
from grader.exams.event_loop import run_to_end
from grader.exams.reading import read
from grader.exams.relay import make_client
from grader.exams.sdk_error import raised_by_sdk
from grader.exams.watched_loop import NothingWakes

_NOT_THEIRS = (
    __file__,
    event_loop.__file__,
    watched_loop.__file__,
    os.path.dirname(asyncio.__file__),
    os.path.dirname(concurrent.futures.__file__),
)


class Runner:
    """Run commands against the names that a learner's code defined, and the objects it made."""

    def __init__(self, namespace: Mapping[str, object]) -> None:
        self._namespace = namespace
        self._kept: list[object] = []
        # One for all commands: an object may keep a client, which then asks during a later command.
        self._asking = _Asking()

    def run(self, command: Json, ask: Ask) -> Json:
        """Return the report of one command, even if the learner's code raises or exits.

        Only KeyboardInterrupt passes through, so that a learner can stop their own loop.
        """
        printed = _Printed()
        made: list[object] = []
        maker = _Maker(self._asking, self._kept)
        self._asking.begin(ask)
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(_Printed()):
                report = self._report(command, maker, made)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - nor may SystemExit end the notebook
            report = _raised(error)
        report["arguments"] = [describe(maker.handle(item)) for item in made]
        report["printed"] = io.StringIO.getvalue(printed)
        self._asking.end()
        return report

    def _report(self, command: Json, maker: _Maker, made: list[object]) -> dict[str, Json]:
        """Return the report of a command that does not raise.

        made: gets the arguments, so that we can describe them as they are afterwards.
        """
        name = command["name"]
        if command["on"] is None:
            if name not in self._namespace:
                return {"outcome": "missing"}
            found = self._namespace[name]
        else:
            try:
                found = getattr(self._kept[command["on"]], name)
            except AttributeError as error:
                if error.name != name:
                    raise
                return {"outcome": "missing"}
        if command["do"] == "read":
            return {"outcome": "returned", "value": describe(found)}
        if not callable(found):
            return {"outcome": "not callable", "type": name_of(type(found))}
        made += [maker.make(read(item)) for item in command["arguments"]]
        keywords = {key: maker.make(read(item)) for key, item in command["keywords"].items()}
        value = found(*made, **keywords)
        if command["awaits"]:
            if type(value) is not CoroutineType:
                if isinstance(value, asyncio.Future):
                    value.cancel()
                return {"outcome": "not awaitable", "type": name_of(type(value))}
            try:
                value = run_to_end(value)
            except NothingWakes as stuck:
                return {"outcome": "stuck", "where": stuck.where}
        if command["keep"]:
            value = self._handle(value)
        names = command["reads"]
        if names and all(hasattr(value, each) for each in names):
            fields = describe({each: getattr(value, each) for each in names})
            described = {"$": "record", "type": name_of(type(value)), "fields": fields}
            return {"outcome": "returned", "value": described}
        return {"outcome": "returned", "value": describe(_closed(value))}

    def _handle(self, value: object) -> KeptHandle:
        """Keep an object and return its handle; one that is kept already keeps its handle."""
        places = [place for place, kept in enumerate(self._kept) if kept is value]
        if not places:
            self._kept.append(value)
        place = places[0] if places else len(self._kept) - 1
        return KeptHandle(place, name_of(type(value)))


class LocalCandidate:
    """Run commands in this process, for the instant check in a notebook."""

    def __init__(self, namespace: Mapping[str, object]) -> None:
        self._runner = Runner(namespace)

    def run(self, command: Json, ask: Ask) -> Json:
        """Return the report of one command."""
        return self._runner.run(command, ask)


class _Asking:
    """Ask one question at a time while a command runs, from any thread."""

    def __init__(self) -> None:
        self._ask: Ask | None = None
        # The same thread may come back: the garbage collector closes a stream that nobody holds any
        # more, and it may run in the middle of another question.
        self._one_at_a_time = threading.RLock()
        self._is_asking = False
        self._deferred: list[Json] = []

    def __call__(self, question: Json) -> Json:
        with self._one_at_a_time:
            ask = self._ask
            if ask is None:
                raise Over
            if self._is_asking:
                self._deferred.append(question)
                return {}
            self._is_asking = True
            try:
                answer = ask(question)
                while self._deferred:
                    ask(self._deferred.pop(0))
            finally:
                self._is_asking = False
        if answer.get("over"):
            raise Over
        return answer

    def begin(self, ask: Ask) -> None:
        """Send questions to `ask` while a command runs."""
        self._ask = ask

    def end(self) -> None:
        """Stop asking: the report is written, and the next line isn't ours."""
        with self._one_at_a_time:
            self._ask = None


class _Printed(io.StringIO):
    """Keep the beginning of what is written, even if the learner's code tries to close it."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, MAX_PRINTED - self.tell())])
        return len(text)

    def close(self) -> None:
        """Stay open: the report still has to be written."""


def _closed(value: object) -> object:
    # Otherwise a coroutine that is never awaited warns on stderr when it is collected.
    if type(value) is CoroutineType:
        value.close()
    return value


def _raised(error: BaseException) -> dict[str, Json]:
    try:
        message = str.__str__(str(error))
        # The first frames are ours, and those of the event loop; the learner's code is below.
        frames = error.__traceback__
        while frames is not None and frames.tb_frame.f_code.co_filename.startswith(_NOT_THEIRS):
            frames = frames.tb_next
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
        "message": without_addresses(message)[:MAX_TRACEBACK],
        "traceback": without_addresses(trace)[-MAX_TRACEBACK:],
        **_place_of(error),
    }


def _place_of(error: BaseException) -> dict[str, Json]:
    """Return the function in which an exception was raised, and whether the notebook says `raise`.

    What Python itself raised in a line of the notebook, such as a KeyError, isn't its own.
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return {"raised_in": "", "is_own": False}
    code = trace.tb_frame.f_code
    says = dis.opname[code.co_code[trace.tb_lasti]] if trace.tb_lasti >= 0 else ""
    is_theirs = trace.tb_frame.f_globals.get("__name__") == "__main__"
    return {"raised_in": code.co_qualname, "is_own": is_theirs and says == "RAISE_VARARGS"}


class _Maker:
    """Make real clients, functions, SDK objects, errors and cards from the exam's descriptions."""

    def __init__(self, ask: Ask, kept: list[object]) -> None:
        self._ask = ask
        self._kept = kept
        self._clients: list[tuple[Any, ClientHandle]] = []

    def handle(self, value: Any) -> Any:
        """Return a client's current handle, and any other value as it is."""
        for client, handle in self._clients:
            if value is client:
                try:
                    retries = client.max_retries
                except KeyboardInterrupt:
                    raise
                except BaseException:  # noqa: BLE001 - a learner's code may do anything to it
                    return value
                return ClientHandle(handle.id, handle.kind, retries)
        return value

    def make(self, value: Any) -> Any:
        if isinstance(value, ClientHandle):
            client = make_client(value, self._ask)
            self._clients.append((client, value))
            return client
        if isinstance(value, CallableHandle):
            return _make_function(value, self._ask)
        if isinstance(value, KeptHandle):
            return self._kept[value.id]
        if isinstance(value, SdkObject):
            return _make_sdk_object(value)
        if isinstance(value, SdkError):
            return raised_by_sdk(value)
        if isinstance(value, Record):
            return self._make_card(value)
        if isinstance(value, list):
            return [self.make(item) for item in value]
        if isinstance(value, tuple):
            return tuple(self.make(item) for item in value)
        if isinstance(value, dict):
            return {key: self.make(item) for key, item in value.items()}
        return value

    def _make_card(self, value: Record) -> Any:
        """Make a Catalog, a ModelCard, a Price or what is in them, as a notebook has them."""
        from grader import catalog

        return getattr(catalog, value.type)(**self.make(value.fields))


def _make_function(handle: CallableHandle, ask: Ask) -> Callable[..., Any]:
    """Return a real function that passes a call on to the exam's, and returns its answer."""

    def function(*arguments: object, **keywords: object) -> Any:
        answer = ask(
            {
                "ask": "invoke",
                "callable": handle.id,
                "arguments": [describe(item) for item in arguments],
                "keywords": {key: describe(item) for key, item in keywords.items()},
            }
        )
        if "raised" in answer:
            raise _raised_by_tool(answer["raised"]["type"], answer["raised"]["message"])
        return read(answer["returned"])

    function.__name__ = function.__qualname__ = handle.name
    # Code that looks at a tool's signature sees one without the exam's own annotations.
    function.__annotations__ = {}
    if handle.parameters:
        shown = [inspect.Parameter(name, _ANY_WAY) for name in handle.parameters]
        vars(function)["__signature__"] = inspect.Signature(shown)
    return function


def _raised_by_tool(name: str, message: str) -> Exception:
    """Return what a tool raises; without a message it has no arguments, as `TimeoutError()`.

    name: of one of Python's exceptions, or of the SDK's for a lost connection: a tool may ask the
        API for something too.
    """
    if name == "APIConnectionError":
        import anthropic
        import httpx2

        request = httpx2.Request("POST", "https://api.anthropic.com/v1/messages")
        return anthropic.APIConnectionError(message=message, request=request)
    kind = _RAISED.get(name, RuntimeError)
    return kind(message) if message else kind()


_ANY_WAY = inspect.Parameter.POSITIONAL_OR_KEYWORD
_RAISED: dict[str, type[Exception]] = {
    kind.__name__: kind
    for kind in (KeyError, LookupError, RuntimeError, TimeoutError, TypeError, ValueError)
}


def _make_sdk_object(value: SdkObject) -> Any:
    """Return an object of the SDK's class of this name, or of its base for a name it lacks."""
    # From where it's defined: a notebook may have put something else in the package's place.
    from anthropic import types
    from anthropic._models import BaseModel
    from anthropic.types import beta

    # A class that was made for a type of the learner's own is named "ParsedTextBlock[Invoice]".
    name = value.type.partition("[")[0]
    named = [getattr(module, name, None) for module in (types, beta)]
    found = (kind for kind in named if isinstance(kind, type) and hasattr(kind, "construct"))
    kind = next(found, BaseModel)
    # `construct`, not `model_validate`: an exam may send values that are newer than this SDK.
    return kind.construct(**value.data)
