"""One kernel, as the process that grades sees it."""

from __future__ import annotations

import secrets
import socket
from time import monotonic
from typing import Any

from grader.errors import GradingError, MachineTooBusy, WarmParentLost
from grader.grading.kernels.fair_clock import Deadline, FairClock, Times
from grader.grading.kernels.messages import BrokenLine, Messages
from grader.grading.kernels.outputs import CellRun, Ended, GatheredOutputs
from grader.grading.sandbox import Limits

_TOLD_WITHIN = 120.0
"""How long the warm parent may take to answer, on the busiest machine."""
_FLOOD = 4
"""How many times the kept size of a cell's outputs a kernel may send before it is killed."""
_LEAST_SIZE = 256
"""The least that a message counts for, in bytes: even a short one takes time to read."""


class SealedKernel:
    """Run cells in a kernel that can do no harm; made by `WarmParent.kernel`.

    exam: a connected socket; the other end is open inside the kernel, as its file `EXAM`. clock:
    how much time the kernel has had since it was ready. excess: the limit that it exceeded, if it
    was killed for that: "threads", "memory" or "files". is_orphan: whether the warm parent is gone,
    and the kernel with it.
    """

    def __init__(
        self, control: Messages, cells: socket.socket, exam: socket.socket, limits: Limits
    ) -> None:
        self.exam = exam
        self._control = control
        self._cells = Messages(cells, longest=limits.message_bytes)
        self._limits = limits
        self._started = ""
        self._has_died = False
        self.is_orphan = False
        self.excess = ""
        self.clock = FairClock(self._times)

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until the kernel says it is ready; raises GradingError if it says anything else."""
        try:
            said = self._cells.receive(monotonic() + seconds)
        except (EOFError, OSError, BrokenLine) as error:
            said = f"{type(error).__name__} {error}"
        if said != {"ready": True}:
            self.kill()
            if self.is_orphan:
                raise WarmParentLost
            raise GradingError(f"A kernel was forked but could not be sealed: {said}")
        self.clock = FairClock(self._times)

    def run(self, source: str, *, seconds: float, silent: bool = False) -> CellRun:
        """Run a cell, and return its outputs.

        seconds: after these it is interrupted, and killed if it does not end soon; see `Limits`.
        silent: whether the kernel throws its outputs away.
        Raises MachineTooBusy if the kernel did not get that time.
        """
        self._send({"code": source, "silent": silent})
        return self.finish(seconds=seconds)

    def sit(self, token: str, chance: str) -> None:
        """Let the kernel sit an exam over its socket; `finish` waits for the end of that.

        token: what it says first. chance: the seed of its code's own draws.
        """
        self._send({"sit": token, "chance": chance, "silent": True})

    def deadline(self, seconds: float) -> Deadline:
        """Return a deadline so many of this kernel's seconds from now."""
        return Deadline(self.clock, seconds=seconds, patience=self._limits.patience)

    def finish(self, *, seconds: float) -> CellRun:
        """Wait for the end of what was begun; seconds: see `run`."""
        gathered = GatheredOutputs(self._limits)
        deadline = self.deadline(seconds)
        until = deadline.wait_until
        ended: Ended | None = None
        left = _FLOOD * (self._limits.output_bytes + self._limits.message_bytes)
        while not self._has_died:
            try:
                message = self._cells.receive(until)
                left -= max(self._cells.last_size, _LEAST_SIZE)
                told = self._take(message, gathered)
            except TimeoutError:
                if more := deadline.more():
                    until = monotonic() + more
                    continue
                if deadline.was_starved:
                    raise MachineTooBusy from None
                if ended is not None:
                    self.kill()
                    break
                ended = "deadline"
                deadline = self.deadline(self._limits.interrupt_seconds)
                until = deadline.wait_until
                self.interrupt()
                continue
            except (EOFError, OSError, BrokenLine):
                break
            if told is not None:
                return CellRun(gathered.outputs, ended or told)
            if left < 0:
                break
        self.kill()
        return CellRun(gathered.outputs, ended or "died")

    def interrupt(self) -> None:
        """Send the kernel what Ctrl+C would send; it may ignore that."""
        self._tell("interrupt")

    def kill(self) -> None:
        """End the kernel, and return when nothing of it is left."""
        if self._has_died:
            return
        self._tell("kill")
        try:
            while not self._has_died:
                self._hear(self._control.receive(monotonic() + _TOLD_WITHIN))
        except (EOFError, OSError, BrokenLine):
            self._lose_parent()

    def close(self) -> None:
        """Kill the kernel, and close the sockets to it."""
        self.kill()
        self._control.connection.close()
        self._cells.connection.close()
        self.exam.close()

    @property
    def is_alive(self) -> bool:
        """Return whether the kernel still lives."""
        try:
            while not self._has_died:
                self._hear(self._control.receive(until=0))
        except TimeoutError:
            pass
        except (EOFError, OSError, BrokenLine):
            self._lose_parent()
        return not self._has_died

    def look(self) -> str:
        """Return the limit that the kernel exceeds at this moment, or ""; if any, it is killed.

        The fork server looks all the time; asked right after a cell, this blames that cell.
        """
        said = self._ask("look", "excess")
        return self.excess if said is None else str(said["excess"])

    def _times(self) -> Times | None:
        """Return what the kernel used, or None if it is gone."""
        said = self._ask("times", "used")
        return None if said is None else {name: float(said[name]) for name in ("used", "waited")}

    def _ask(self, what: str, told: str) -> dict[str, Any] | None:
        """Return the warm parent's answer with `told` in it, or None if the kernel is dead."""
        if not self.is_alive:
            return None
        self._tell(what)
        try:
            while not self._has_died:
                said: dict[str, Any] = self._control.receive(monotonic() + _TOLD_WITHIN)
                if told in said and "exit" not in said:
                    return said
                self._hear(said)
        except (EOFError, OSError, BrokenLine):
            self._lose_parent()
        return None

    def _hear(self, said: dict[str, object]) -> None:
        if "exit" in said:
            self._has_died = True
            self.excess = str(said.get("excess", ""))

    def _send(self, asked: dict[str, object]) -> None:
        # A new id for each cell: what an earlier one prints cannot pass for this one's end.
        self._started = secrets.token_hex(8)
        try:
            self._cells.send({"id": self._started, **asked})
        except OSError:
            self.kill()

    def _take(self, message: object, gathered: GatheredOutputs) -> Ended | None:
        if not isinstance(message, dict) or message.get("id") != self._started:
            return None
        outputs = message.get("outputs")
        for output in outputs if isinstance(outputs, list) else ():
            gathered.add(output)
        ended = message.get("ended")
        if ended is None:
            return None
        return "ok" if ended == "ok" else "error"

    def _tell(self, what: str) -> None:
        try:
            self._control.send({"do": what})
        except OSError:
            self._lose_parent()

    def _lose_parent(self) -> None:
        # With the warm parent all its kernels are gone.
        self._has_died = self.is_orphan = True
