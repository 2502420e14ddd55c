"""Both ends of an exam when the learner's code runs in another process.

The exam holds a `RemoteCandidate`; the other process sits the exam with `sit`. They exchange lines
of JSON, described in `candidate`, in this order:

    other process  {"hello": token}          the exam drops everything before it
    exam           a command                 then questions, their answers, and a report
    …
    exam           {"do": "end"}             `sit` returns

A command has a "number", which its questions and its report repeat. A line without it comes from
other code in that process, and ends the exam, because its effect on the verdict would be chance.

The script, the expected values and the verdict stay with the exam. It reads what the other process
says, and never believes it: that can be anything, at any time, or nothing.
"""

from __future__ import annotations

import os
import random
import socket
import time
from collections.abc import Callable, Mapping

from grader.exams.candidate import Ask, CandidateLost, Json
from grader.exams.lines import Lines, LinesLost
from grader.exams.runner import Runner

_NUMBER = "number"
_seed = random.seed
"""Bound now, because a notebook may reassign `random.seed`."""
_MOST_BEFORE_HELLO = 2_000
"""How many lines may be left over from code that ran before this exam."""
_MOST_AFTER_OVER = 100
"""How often code may still ask after hearing that the exam is over."""


class RemoteCandidate:
    """Run commands in the process at the other end of a socket.

    token: what that process must say first. seconds: how long the whole exam may take.
    more: called after that; returns how many more seconds it may take.
    """

    def __init__(
        self,
        lines: Lines,
        *,
        token: str,
        seconds: float,
        more: Callable[[], float] | None = None,
    ) -> None:
        self._lines = lines
        self._token = token
        self._has_begun = False
        self._number = 0
        lines.ends_at = time.monotonic() + seconds
        if more is not None:
            lines.more = more

    def run(self, command: Json, ask: Ask) -> Json:
        """Return the report of one command.

        Raises CandidateLost if none comes.
        """
        try:
            if not self._has_begun:
                self._begin()
            self._number += 1
            self._lines.send({**command, _NUMBER: self._number})
            return self._report(ask)
        except LinesLost as lost:
            raise CandidateLost(lost.cause) from None

    def end(self) -> None:
        """Tell the other process that the exam is over; it may be gone already.

        Raises CandidateLost if it cannot be reached.
        """
        try:
            if not self._has_begun:
                self._begin()
            self._lines.send({"do": "end"})
        except LinesLost as lost:
            raise CandidateLost(lost.cause) from None

    def _begin(self) -> None:
        for _ in range(_MOST_BEFORE_HELLO):
            try:
                said = self._lines.receive()
            except LinesLost as lost:
                if lost.cause != "garbled":
                    raise
                continue
            if said == {"hello": self._token}:
                self._has_begun = True
                return
        raise LinesLost("garbled")

    def _report(self, ask: Ask) -> Json:
        overs = 0
        while "ask" in (said := self._said()):
            answer = ask(said)
            overs += bool(answer.get("over"))
            if overs > _MOST_AFTER_OVER:
                raise LinesLost("garbled")
            self._lines.send(answer)
        return said

    def _said(self) -> dict[str, Json]:
        said = self._lines.receive()
        if not isinstance(said, dict) or said.pop(_NUMBER, None) != self._number:
            raise LinesLost("garbled")
        return said


def sit(names: Mapping[str, object], descriptor: int, token: str, chance: str) -> None:
    """Let an exam at the other end of a socket call what these names stand for, until it ends.

    descriptor: the socket's file descriptor, which stays open. token: what to say first.
    chance: the seed of Python's `random`, so that code which draws by chance gets the same grade
    again. Any code here can read both, so neither may give away the exam's data.
    """
    # Closing a socket object closes its descriptor, and the next exam needs that one.
    with socket.socket(fileno=os.dup(descriptor)) as connection:
        lines = Lines(connection)
        _seed(chance)
        lines.send({"hello": token})
        runner = Runner(names)

        number = 0

        def ask(question: Json) -> Json:
            lines.send({**question, _NUMBER: number})
            return lines.receive()

        while (command := lines.receive())["do"] != "end":
            number = command.pop(_NUMBER)
            lines.send({**runner.run(command, ask), _NUMBER: number})
