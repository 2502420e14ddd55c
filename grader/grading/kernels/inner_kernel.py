"""The kernel inside: ipykernel's, without its sockets, fed by one connection.

Most of its cost lies in making it, so that happens before the fork. It needs no threads, sockets
or heartbeat: one line brings a cell and one takes its outputs back. A cell that breaks it harms
only its own submission's outputs.

    to the kernel   {"id": …, "code": "1 + 1", "silent": false}
                    {"id": …, "sit": "token", "chance": "…"}    sit an exam over its socket
    from it         {"ready": true} · {"failed": "…"}
                    {"id": …, "outputs": […]} · {"id": …, "outputs": […], "ended": "ok"}
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from time import monotonic
from types import SimpleNamespace
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from jupyter_client.session import Session
from traitlets.config import Config

from grader.exams import sit
from grader.grading.kernels.compiled_cells import CellCompiler, CompiledCells
from grader.grading.kernels.messages import EXAM
from grader.grading.kernels.shell_lines import stand_in_for_shell
from grader.grading.sandbox import reserve

_OUTPUTS = frozenset(
    {"clear_output", "display_data", "error", "execute_result", "update_display_data"}
)
_AT_ONCE = 1 << 16
_HELD_SECONDS = 0.1
"""How long outputs may wait for more; a killed cell leaves only what was sent before."""


class InnerKernel:
    """Run cells; make it before the fork, and call `serve` after."""

    def __init__(self, *, most: int) -> None:
        """most: how many bytes of a cell's outputs are worth sending."""
        self._sent = SentOutputs(most)
        config = Config()
        # History would need a database, and a thread that writes it.
        config.HistoryManager.enabled = False
        # A debugger would take 10 MB in every kernel. None tells Python that it is missing.
        missing = {"debugpy": None}
        sys.modules.update(missing)  # type: ignore[arg-type]
        # Any: most of ipykernel has no types.
        make_kernel: Any = IPythonKernel.instance
        self._kernel = make_kernel(
            config=config,
            session=_OutputSession(self._sent),
            log=logging.getLogger(__name__),
            compiler_class=CellCompiler,
            # It asks only which thread runs the cells.
            shell_channel_thread=SimpleNamespace(parent_thread=threading.main_thread()),
        )
        for name in missing:
            del sys.modules[name]
        self._kernel.set_parent([], {"header": {}})
        self._warm_up()
        stand_in_for_shell(self._kernel)
        self._cells = CompiledCells(self._kernel.shell)

    def prepare(self, sources: Iterable[str]) -> None:
        """Transform and compile cells of the course, so that no kernel has to."""
        self._cells.make(sources)

    def _warm_up(self) -> None:
        """Run cells of every kind, so that what they import is shared, and forget them."""
        shell = self._kernel.shell
        printed, sys.stdout = sys.stdout, Printed(self._sent, "stdout", 1)
        try:
            with _folders_resolved_once():
                for source in _KINDS_OF_CELLS:
                    shell.run_cell(source, silent=False)
        finally:
            sys.stdout = printed
        for name in ("last_exc", "last_type", "last_value", "last_traceback"):
            vars(sys).pop(name, None)
        shell.reset()

    def serve(self, connection: socket.socket) -> None:
        """Run the cells that arrive, until the other side hangs up."""
        self._sent.open(connection)
        self._kernel.shell.home_dir = os.environ["HOME"]
        sys.stdout = Printed(self._sent, "stdout", 1)
        sys.stderr = Printed(self._sent, "stderr", 2)
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        loop.run_until_complete(self._serve(loop, connection))

    async def _serve(self, loop: asyncio.AbstractEventLoop, connection: socket.socket) -> None:
        # A signal asks it to wake; `exit()` asks it to stop soon, which we ignore: a kernel ends
        # with its notebook. Tornado's own loop would leave it asleep: a callback added in the
        # loop's thread wakes nobody (tornado.platform.asyncio, add_callback).
        self._kernel.io_loop = SimpleNamespace(
            add_callback=loop.call_soon_threadsafe, call_later=lambda *_: None, stop=None
        )
        self._sent.say({"ready": True})
        received = b""
        while True:
            await _readable(loop, connection)
            chunk = connection.recv(_AT_ONCE)
            if not chunk:
                return
            *lines, received = (received + chunk).split(b"\n")
            for line in lines:
                await self._run(json.loads(line))

    async def _run(self, asked: dict[str, Any]) -> None:
        self._sent.begin(asked["id"], is_silent=asked["silent"])
        ended = "error"
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            try:
                ended = await self._do(asked)
            finally:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
        except (KeyboardInterrupt, asyncio.CancelledError):
            self._sent.add({"output_type": "error", **_INTERRUPTED})
        self._sent.end(ended)

    async def _do(self, asked: dict[str, Any]) -> str:
        if "sit" in asked:
            # Not as a cell: a learner who redefined `int` or `globals` must not get in the way.
            with reserve():
                sit(self._kernel.shell.user_ns, EXAM, asked["sit"], asked["chance"])
            return "ok"
        reply = await self._kernel.do_execute(
            asked["code"], asked["silent"], store_history=not asked["silent"]
        )
        return str(reply["status"])


@contextmanager
def _folders_resolved_once() -> Iterator[None]:
    """Make `os.path.realpath` look at each folder once.

    The first traceback asks for the paths of all modules (`inspect.getmodule`): of thousands of
    files in hundreds of folders, which takes a third of a second.
    """
    usual = os.path.realpath
    resolved = cache(usual)

    def realpath(path: Any, **options: Any) -> Any:
        folder, name = os.path.split(path)
        if options or name in ("", os.curdir, os.pardir) or os.path.islink(path):
            return usual(path, **options)
        return os.path.join(resolved(folder), name)

    os.path.realpath = realpath  # type: ignore[assignment]
    try:
        yield
    finally:
        os.path.realpath = usual


_KINDS_OF_CELLS = (
    "import json\nprint(json.dumps([1]))",
    "def f(x):\n    raise ValueError(x)\n\nf({'a': 1})",
    "this is no Python",
    "{'a': [1, 2.5, None]}",
    "from IPython.display import HTML, display\ndisplay(HTML('<p>'))",
    "%pinfo print",
)
_INTERRUPTED = {"ename": "KeyboardInterrupt", "evalue": "", "traceback": ["KeyboardInterrupt"]}


def _readable(loop: asyncio.AbstractEventLoop, connection: socket.socket) -> asyncio.Future[None]:
    # Not `sock_recv`: it wants a socket that does not block, and threads send over this one.
    arrived: asyncio.Future[None] = loop.create_future()

    def take() -> None:
        loop.remove_reader(connection)
        if not arrived.done():
            arrived.set_result(None)

    loop.add_reader(connection, take)
    return arrived


class SentOutputs:
    """Send outputs a few at a time, and stop when a cell has sent enough."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.RLock()
        self._connection: socket.socket | None = None
        self.begin("", is_silent=True)

    def open(self, connection: socket.socket) -> None:
        """Send over this connection from now on."""
        self._connection = connection

    def begin(self, id: str, *, is_silent: bool) -> None:
        """Start a cell; is_silent: whether its outputs are thrown away."""
        self._id = id
        self._left = 0 if is_silent else self._most
        self._held: list[dict[str, Any]] = []
        self._held_bytes = 0
        self._held_since = monotonic()

    def add(self, output: dict[str, Any]) -> None:
        """Take an output; past the limit nothing more of this cell is sent."""
        with self._lock:
            if self._left <= 0:
                return
            text = output.get("text", "")
            if text:
                # One more than fits, so that the gathering side sees that there was more.
                text = output["text"] = text[: self._left + 1]
            last = self._held[-1] if self._held else {}
            if text and last.get("name") == output["name"]:
                last["text"] += text
            else:
                self._held.append(output)
            size = len(text) or len(json.dumps(output, default=str))
            self._left -= size
            self._held_bytes += size
            if self._held_bytes > _AT_ONCE or monotonic() - self._held_since > _HELD_SECONDS:
                self._flush()

    def end(self, ended: str) -> None:
        """Send what is left, and how the cell ended."""
        with self._lock:
            self._flush(ended=ended)

    def say(self, message: dict[str, Any]) -> None:
        """Send a message of another kind."""
        assert self._connection is not None
        self._connection.sendall(json.dumps(message, default=str).encode() + b"\n")

    def _flush(self, **more: str) -> None:
        outputs, self._held = self._held, []
        self._held_bytes, self._held_since = 0, monotonic()
        self.say({"id": self._id, "outputs": outputs, **more})


class _OutputSession(Session):
    """Take what a kernel would publish, and keep what a notebook would show of it."""

    def __init__(self, sent: SentOutputs) -> None:
        super().__init__()
        self._sent = sent

    def send(
        self,
        stream: Any,  # noqa: ARG002  # there is but one way out
        msg_or_type: Any,
        content: Any = None,
        *_more: Any,
        **_options: Any,
    ) -> None:
        """Send an output; other messages, such as those of widgets, go nowhere."""
        if isinstance(msg_or_type, dict):
            msg_or_type, content = msg_or_type["header"]["msg_type"], msg_or_type["content"]
        if msg_or_type in _OUTPUTS:
            self._sent.add({**content, "output_type": msg_or_type})


class Printed(io.TextIOBase):
    """Stand in for stdout or stderr in a cell."""

    encoding = "utf-8"

    def __init__(self, sent: SentOutputs, name: str, descriptor: int) -> None:
        self._sent = sent
        self.name = name
        self._descriptor = descriptor

    def write(self, text: str) -> int:
        """Print; returns how many characters."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text:
            self._sent.add({"output_type": "stream", "name": self.name, "text": str(text)})
        return len(text)

    def writable(self) -> bool:
        """Return True: this can be written to."""
        return True

    def fileno(self) -> int:
        """Return a descriptor that leads nowhere; some libraries insist on one."""
        return self._descriptor
