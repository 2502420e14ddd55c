"""The result of calling the learner's code, and the objects that an exam keeps from such calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from grader.exams.crashes import Crash
from grader.exams.description import KeptHandle


@dataclass(frozen=True)
class Called:
    """Hold the result of one call of the learner's code, as plain data.

    value: what it returned, as a Kept if the call said `keep`; None if it raised.
    raised: "TypeError: message" if it raised something that the check allows, else None.
    raised_kinds: the names of that exception's class and of its base classes.
    arguments: the positional arguments as they were after the call; for a client, its handle.
    printed: what it printed.
    """

    value: Any
    raised: str | None
    raised_kinds: tuple[str, ...]
    arguments: tuple[Any, ...]
    printed: str


class Keeper(Protocol):
    """Reach an object that the candidate keeps."""

    def run_kept(
        self,
        handle: KeptHandle,
        name: str,
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        *,
        keep: bool,
        judges: tuple[str, ...],
        may_raise: tuple[str, ...],
        crash: Crash,
    ) -> Called:
        """Call one of its methods."""

    def read_kept(self, handle: KeptHandle, name: str, *, judges: tuple[str, ...]) -> Any:
        """Return one of its attributes."""


@dataclass(frozen=True)
class Kept:
    """Refer to an object that the learner's code made and the candidate keeps."""

    _exam: Keeper
    handle: KeptHandle

    def call(
        self,
        name: str,
        *arguments: Any,
        keep: bool = False,
        judges: tuple[str, ...] = (),
        may_raise: tuple[str, ...] = (),
        crash: Crash = None,
        **keywords: Any,
    ) -> Called:
        """Call one of its methods; keep: hold on to the object it returns, too."""
        return self._exam.run_kept(
            self.handle,
            name,
            arguments,
            keywords,
            keep=keep,
            judges=judges,
            may_raise=may_raise,
            crash=crash,
        )

    def read(self, name: str, *, judges: tuple[str, ...] = ()) -> Any:
        """Return one of its attributes as plain data."""
        return self._exam.read_kept(self.handle, name, judges=judges)
