"""Write what was planned into the folder of submissions; what is there is never overwritten."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

from grader.errors import GradingError
from grader.grading.hand_in_times import TIMESTAMP
from grader.grading.intake.looking import Left
from grader.grading.intake.planning import ORIGIN, IntakePlan, Move
from grader.grading.keys import digest_of
from grader.grading.notebook_file import read_bytes
from grader.grading.one_run import one_run
from grader.grading.whole_file import NoRoom, write_whole, writing

_TIME = "%Y-%m-%d %H:%M:%S.%f UTC"


def place(
    plan: IntakePlan, on_placed: Callable[[Move], object] = lambda _move: None
) -> tuple[Left, ...]:
    """Make all moves of a plan, and return the files that could not be placed after all.

    Stopped at any moment, it goes on when it is called with a new plan. Raises GradingError when
    nothing more can be written, RunAtWork while another run is at work on the folder.
    """
    with writing(plan.submitted):
        plan.submitted.mkdir(parents=True, exist_ok=True)
    left = []
    with one_run(plan.submitted):
        for move in plan.new:
            try:
                _make(move)
            except NoRoom:
                raise
            except GradingError as error:
                left.append(Left(move.handed_in.item.shown, str(error)))
            on_placed(move)
    return tuple(left)


def _make(move: Move) -> None:
    handed_in, folder = move.handed_in, move.target.parent
    content = handed_in.item.read()
    if digest_of(content) != handed_in.read.digest:
        raise GradingError("It changed while it was collected. Run the same command again.")
    if move.aside is not None:
        _move_aside(folder, move.aside.parent, move.target.name)
    if move.target.exists():
        raise GradingError(f"{move.target} was put there meanwhile. Run the same command again.")
    if handed_in.at is not None:
        stamp = handed_in.at.astimezone(UTC).strftime(_TIME)
        write_whole(folder / TIMESTAMP, stamp.encode())
    origin = {
        "from": handed_in.item.shown,
        "system": handed_in.clue.system,
        "order": handed_in.clue.order,
        "digest": handed_in.read.digest,
    }
    write_whole(folder / ORIGIN, (json.dumps(origin, indent=1) + "\n").encode())
    # Last, so that a crash before it leaves a place that still counts as empty.
    write_whole(move.target, content)


def _move_aside(folder: Path, aside: Path, notebook: str) -> None:
    """Move a try into a folder of its own; after a crash at any point it still has its time."""
    for name in (TIMESTAMP, ORIGIN):
        if (folder / name).is_file():
            write_whole(aside / name, read_bytes(folder / name))
    with writing(aside):
        aside.mkdir(parents=True, exist_ok=True)
        os.replace(folder / notebook, aside / notebook)
        for name in (TIMESTAMP, ORIGIN):
            (folder / name).unlink(missing_ok=True)
