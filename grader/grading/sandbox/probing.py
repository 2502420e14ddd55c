"""Which level of containment holds here: found by entering it, never guessed from a version."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from functools import cache

from grader.grading.sandbox.level import Level, Limits
from grader.grading.sandbox.system import IS_LINUX

_SKIPPED = {each.strip() for each in os.environ.get("GRADER_REFUSE_LEVELS", "").split(",")}
"""Levels that are not to be used, by name: to see what a machine without them would do."""


def probe() -> Level:
    """Return the strongest level that holds on this machine."""
    return next(level for level in Level if not objection_to(level))


@cache
def objection_to(level: Level) -> str:
    """Return why a level does not hold here, "" when it does."""
    if level is Level.PROCESS:
        return ""
    if level.value in _SKIPPED:
        return "it is left out by GRADER_REFUSE_LEVELS"
    if not IS_LINUX:
        return "it needs Linux"
    return _tried(_try_namespaces if level is Level.NAMESPACES else _try_landlock)


def explain() -> tuple[str, ...]:
    """Return one line a level: whether it holds, and if not why."""
    lines = []
    for level in Level:
        objection = objection_to(level)
        lines.append(f"{level.value}: {f'no, {objection}' if objection else 'holds'}")
    return tuple(lines)


def _tried(attempt: Callable[[str], None]) -> str:
    """Return what an attempt in a process of its own raised, "" for nothing."""
    with tempfile.TemporaryDirectory(prefix="grader-probe-") as place:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            said = ""
            try:
                attempt(place)
            except BaseException as error:  # noqa: BLE001 - whatever it is, the level does not hold
                said = f"{type(error).__name__}: {error}"
            os.write(writing, said.encode() or b"holds")
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as pipe:
            said = pipe.read()
        os.waitpid(child, 0)
    return "" if said == "holds" else said or "it ends the process that tries it"


def _try_namespaces(place: str) -> None:
    from grader.grading.sandbox.namespaces import leave, move_in
    from grader.grading.sandbox.sealing import seal

    leave()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            move_in(place, Limits())
            seal(Level.NAMESPACES, Limits(), scratch="")
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(child, 0)[1] != 0:
        raise OSError("the root of a sandbox cannot be built")


def _try_landlock(place: str) -> None:
    from grader.grading.sandbox.sealing import seal

    seal(Level.LANDLOCK, Limits(), scratch=place)
    try:
        os.listdir("/proc")
    except PermissionError:
        return
    raise OSError("it does not keep a process from reading")
