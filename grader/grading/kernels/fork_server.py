"""The warm parent: a process that has imported everything, and forks a kernel for each connection.

It runs as `python -P -m grader.grading.kernels.fork_server`, with a clean environment, and ends
with the process that started it. It holds nothing worth stealing: no key, no script, no check.
Forking is safe only while there is one thread, so nothing that is imported may start another.
"""

from __future__ import annotations

import gc
import importlib
import os
import selectors
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

# What a lesson's cells import, and what the first call would import.
_PRELOADED = (
    "anthropic",
    "openai",
    "asyncio",
    "decimal",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.displayhook",
    "IPython.core.completer",
    "ipywidgets",
    "comm",
    "grader.exams",
    "grader.simulator",
    "grader.classroom",
)
READY = b"ready\n"
_BACKLOG = 128


def main() -> None:
    """Serve until the process that started this one is gone."""
    path = sys.argv[1]
    preload()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(_BACKLOG)
    os.write(1, READY)
    # It writes to nobody any more, and nothing of a submission may reach a terminal.
    silence()
    _serve(listener)


def preload() -> None:
    """Import what kernels need, and assert that a fork copies all there is."""
    for name in _PRELOADED:
        importlib.import_module(name)
    _load_lazily_loaded()
    tasks = Path("/proc/self/task")
    threads = len(list(tasks.iterdir())) if tasks.exists() else threading.active_count()
    if threads != 1:
        raise RuntimeError(f"{threads} threads run where a fork would copy only one")
    gc.collect()
    # What is there now is shared with every kernel; looking for garbage in it would copy it.
    gc.freeze()


def silence() -> None:
    """Turn this process's input and output to nothing."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(null, descriptor)
    os.close(null)


def _load_lazily_loaded() -> None:
    """Make one call of each kind, for what the SDK and the classroom load at their first use."""
    import anthropic
    import httpx2

    from grader.simulator import Script, Simulator, text
    from grader.simulator.transport import SimulatorTransport

    classroom = importlib.import_module("grader.classroom")
    for name in classroom.__all__:
        getattr(classroom, name)
    transport = SimulatorTransport(Simulator(replies=Script(text("Hi."), text("Hi."))))
    with httpx2.Client(transport=transport) as http:
        client = anthropic.Anthropic(api_key="warm", http_client=http)
        asked: Any = {"model": "claude-sonnet-4-6", "max_tokens": 9}
        messages: Any = [{"role": "user", "content": "Hi."}]
        client.messages.create(**asked, messages=messages)
        with client.messages.stream(**asked, messages=messages) as stream:
            stream.until_done()


def _serve(listener: socket.socket) -> None:
    from grader.grading.kernels.keeper import keep

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        # Whoever started this process holds the other end, and closes it when it ends.
        selector.register(0, selectors.EVENT_READ)
        while True:
            ready = {key.fd for key, _ in selector.select(timeout=1)}
            _reap()
            if 0 in ready:
                return
            if listener.fileno() not in ready:
                continue
            connection, _ = listener.accept()
            if os.fork() == 0:
                try:
                    listener.close()
                    selector.close()
                    keep(connection)
                finally:
                    os._exit(1)
            connection.close()


def _reap() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    main()
