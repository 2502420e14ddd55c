"""Start the warm process from which kernels are forked, and ask it for them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import IO, Any, Self

from grader.errors import GradingError, WarmParentLost
from grader.grading.kernels.messages import BrokenLine, Messages
from grader.grading.kernels.outline import make_outline
from grader.grading.kernels.sealed_kernel import SealedKernel
from grader.grading.sandbox import ENVIRONMENT, Level, Limits, command_for, temporary_folder

_READY_WITHIN = 120.0
_LONGEST = 1 << 16
_LONGEST_PATH = 80
"""A socket's path may have 107 bytes, on other systems 103, and those of kernels are longer."""
_USUAL = Limits()


class WarmParent:
    """Hold the fork server: start it with `with`, and ask it for kernels.

    Other processes of the same user reach it too, by `WarmParent.connect(address)` or as a pickle
    of this one. It ends with the process that started it, however that ends.

    in_background: entering the `with` does not wait for it, so that other things can start beside
    it; asking for a kernel waits until it is ready.
    """

    def __init__(
        self, level: Level, limits: Limits = _USUAL, *, in_background: bool = False
    ) -> None:
        self.level = level
        self.limits = limits
        self._address = ""
        self._stack = ExitStack()
        self._is_awaited = not in_background
        self._told: IO[str] | None = None
        self._prepared: set[str] = set()
        self._log = Path()

    @classmethod
    def connect(cls, address: str) -> WarmParent:
        """Return a warm parent that another process started; address: its `address`."""
        with ask(address, {"do": "describe"}) as control:
            described = control.receive(monotonic() + _READY_WITHIN)
        parent = cls(Level(described["level"]), Limits(**described["limits"]))
        parent._address = address
        return parent

    @property
    def address(self) -> str:
        """Return where the fork server listens; raises GradingError when it was not started."""
        if not self._address:
            raise GradingError("The warm parent was not started. Use it as `with WarmParent(…)`.")
        return self._address

    def __reduce__(self) -> tuple[Callable[[str], WarmParent], tuple[str]]:
        return (WarmParent.connect, (self.address,))

    def __enter__(self) -> Self:
        if not hasattr(os, "fork"):
            raise GradingError(
                f"Kernels are forked, and {sys.platform} cannot fork. Grade on Linux or macOS; on "
                "Windows, in the Windows Subsystem for Linux."
            )
        with ExitStack() as stack:
            self._address = self._start(stack)
            if self._is_awaited:
                self.wait_until_ready()
            self._stack = stack.pop_all()
        return self

    @property
    def is_alive(self) -> bool:
        """Return whether it answers; one that is about to end does not."""
        try:
            with ask(self.address, {"do": "describe"}) as control:
                control.receive(monotonic() + _READY_WITHIN)
        except (GradingError, EOFError, OSError, BrokenLine):
            return False
        return True

    def wait_until_ready(self) -> None:
        """Wait until it can fork kernels; raises GradingError when it could not start."""
        if self._told is None:
            return
        told = self._told.readline()
        self._told = None
        if not told or "ready" not in json.loads(told):
            reason = json.loads(told)["failed"] if told else self._log.read_text().strip()
            raise GradingError(
                f"The warm parent could not start at the level {self.level.value}: {reason}. "
                "`grader doctor` says which levels hold here."
            )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._address = ""
        self._stack.close()

    def prepare(self, lesson: str, cells: Iterable[str]) -> None:
        """Have the cells of a lesson compiled before the next fork; cells: only the course's own.

        Kernels run cells faster that are prepared, and show the same. Raises WarmParentLost.
        """
        if lesson in self._prepared:
            return
        with ask(self.address, {"do": "prepare", "cells": list(cells)}) as control:
            try:
                control.receive(monotonic() + _READY_WITHIN)
            except (EOFError, OSError, BrokenLine) as error:
                raise WarmParentLost from error
        self._prepared.add(lesson)

    @contextmanager
    def kernel(self, chance: str = "") -> Iterator[SealedKernel]:
        """Fork a kernel and seal it; it is killed at the end of the `with`.

        chance: the seed of what its code draws; by default each kernel draws something else.
        Raises GradingError when it cannot be sealed.
        """
        with ExitStack() as stack:
            cells, inner_cells = socket.socketpair()
            exam, inner_exam = socket.socketpair()
            for each in (cells, exam):
                stack.callback(each.close)
            with inner_cells, inner_exam:
                asked = {"do": "fork", "chance": chance}
                inside = (inner_cells.fileno(), inner_exam.fileno())
                control = stack.enter_context(ask(self.address, asked, inside))
            kernel = SealedKernel(control, cells, exam, self.limits)
            stack.callback(kernel.close)
            kernel.wait_until_ready(_READY_WITHIN)
            yield kernel

    def _start(self, stack: ExitStack) -> str:
        folder = stack.enter_context(_short_folder())
        address = str(folder / "address")
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(address)
        listener.listen(64)
        ready, ready_inside = os.pipe()
        owner = _told_of_this_process(stack)
        asked: dict[str, Any] = {
            "level": self.level.value,
            "limits": asdict(self.limits),
            "folder": str(folder),
            "listener": listener.fileno(),
            "ready": ready_inside,
            "owner": owner,
            "course": make_outline(),
        }
        self._log = folder / "log"
        # Not kept open here: once the process is gone, connecting fails at once.
        with listener, self._log.open("w") as said:
            process = self.process = subprocess.Popen(
                [*command_for("grader.grading.kernels.fork_server"), json.dumps(asked)],
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                pass_fds=(listener.fileno(), ready_inside, owner),
                start_new_session=True,
            )
        stack.callback(process.wait)
        stack.callback(process.terminate)
        for each in (ready_inside, owner):
            os.close(each)
        self._told = stack.enter_context(os.fdopen(ready))
        return address


def _told_of_this_process(stack: ExitStack) -> int:
    """Return a file descriptor that becomes readable when this process ends, however it ends."""
    if sys.platform == "linux":
        return os.pidfd_open(os.getpid())
    # Elsewhere the end of a pipe; it stays open in processes that this one forks.
    inside, kept = os.pipe()
    stack.callback(os.close, kept)
    return inside


def _short_folder() -> AbstractContextManager[Path]:
    """Make a folder of this user alone, in /tmp if the usual one has too long a path."""
    usual = tempfile.gettempdir()
    below = usual if len(os.fsencode(usual)) + 30 < _LONGEST_PATH else "/tmp"
    return temporary_folder(prefix="grader-", below=below)


@contextmanager
def ask(
    address: str, question: dict[str, Any], descriptors: tuple[int, ...] = ()
) -> Iterator[Messages]:
    """Connect to a fork server, and send it the first request."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(address)
            control = Messages(connection, longest=_LONGEST)
            control.send(question, descriptors)
        except OSError as error:
            raise WarmParentLost(
                f"The warm parent at {address} does not answer ({error}). It ends with the process "
                "that started it."
            ) from error
        yield control
