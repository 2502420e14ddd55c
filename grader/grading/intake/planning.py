"""Decide where each file goes, by what is in the folder of submissions already."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.errors import GradingError
from grader.grading.folders import NOTEBOOK, entries_of, is_notebook
from grader.grading.gathering import EARLIER
from grader.grading.hand_in_times import read_timestamp
from grader.grading.intake.looking import HandedIn, Left, Looked
from grader.grading.intake.tries import grouped, in_order
from grader.grading.keys import digest_of
from grader.grading.notebook_file import advice_on_reading, read_bytes
from grader.look.inert import looks_of, visible

ORIGIN = "collected.json"
"""What says beside a notebook which file it was."""
_DIGITS = 16


@dataclass(frozen=True)
class Move:
    """Hold where a file goes.

    target: the notebook's path. aside: where what is there now moves first, or None.
    is_there: whether the same file is there already, so that nothing happens.
    """

    handed_in: HandedIn
    target: Path
    aside: Path | None = None
    is_there: bool = False

    @property
    def is_earlier(self) -> bool:
        """Return whether it is an earlier try, which a newer one replaces."""
        return self.target.parent.parent.name == EARLIER


@dataclass(frozen=True)
class IntakePlan:
    """Hold all moves, in the order in which they are made, and all files that are left."""

    submitted: Path
    moves: tuple[Move, ...]
    left: tuple[Left, ...]

    @property
    def new(self) -> tuple[Move, ...]:
        """Return the moves that change something."""
        return tuple(each for each in self.moves if not each.is_there)

    @property
    def is_complete(self) -> bool:
        """Return whether no file is left that a person has to look at."""
        return not any(each.is_trouble for each in self.left)


@dataclass(frozen=True)
class _There:
    """Hold the file that is in a place now."""

    digest: str
    at: datetime | None
    order: int
    system: str


def plan(looked: Looked, submitted: Path, *, are_newer: bool = False) -> IntakePlan:
    """Return what is to be done; nothing is changed yet.

    are_newer: whether what is downloaded is newer than what is there if no time says it.
    Raises GradingError when the folder cannot be read.
    """
    names = _folders_in(submitted)
    moves: list[Move] = []
    left = list(looked.left)
    for found in grouped(looked.handed_in):
        student, lesson = found[0].place
        name = names.get(looks_of(student), student)
        tries, others = in_order(found)
        left += others
        folder = submitted / name / lesson
        try:
            done = list(_moves(tries, folder, lesson, are_newer=are_newer))
        except GradingError as error:
            done = [Left(each.item.shown, str(error)) for each in tries]
        moves += [each for each in done if isinstance(each, Move)]
        left += [each for each in done if isinstance(each, Left)]
    return IntakePlan(submitted, tuple(moves), tuple(left))


def refuse_own_folder(downloads: Sequence[Path], submitted: Path) -> None:
    """Raise GradingError if the folder of submissions is a file, or lies in a download."""
    if submitted.exists() and not submitted.is_dir():
        raise GradingError(f"{submitted} is a file. Choose a folder: --out submitted")
    out = submitted.resolve()
    for each in downloads:
        known = each.resolve()
        if known == out or known in out.parents:
            raise GradingError(
                f"{submitted} is inside {each}, which is only read. Choose another folder: "
                "--out submitted"
            )


def _folders_in(submitted: Path) -> Mapping[str, str]:
    """Return the students' folders by a form that is equal for names that look the same."""
    if not submitted.exists():
        return {}
    try:
        return {looks_of(each.name): each.name for each in submitted.iterdir()}
    except OSError as error:
        raise GradingError(
            f"{submitted} cannot be read ({error.strerror}). {advice_on_reading(error)}"
        ) from error


def _moves(
    tries: tuple[HandedIn, ...], folder: Path, lesson: str, *, are_newer: bool
) -> Iterator[Move | Left]:
    """Yield what happens with the tries of one student and lesson, the newest last."""
    target = folder / f"{lesson}{NOTEBOOK}"
    there = _there(folder, target)
    for number, each in enumerate(tries):
        is_last = number == len(tries) - 1
        aside = _aside(folder, each.read.digest, lesson)
        if there is not None and each.read.digest == there.digest:
            yield Move(each, target, is_there=True)
        elif aside.exists():
            yield Move(each, aside, is_there=True)
        elif not is_last:
            yield Move(each, aside)
        elif there is None:
            yield Move(each, target)
        else:
            is_newer = _is_newer(each, there)
            if is_newer is None and not are_newer:
                yield Left(each.item.shown, _undecided(each, folder))
            elif is_newer or is_newer is None:
                yield Move(each, target, _aside(folder, there.digest, lesson))
            else:
                yield Move(each, aside)


def _there(folder: Path, target: Path) -> _There | None:
    """Return what is in a place now; raises GradingError for what is not to be touched."""
    try:
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise GradingError(f"{folder} is in the way. Move it away.")
        if not target.exists():
            others = (
                [each for each in entries_of(folder) if is_notebook(each)]
                if folder.exists()
                else []
            )
            if others:
                raise GradingError(
                    f"{folder} holds {visible(others[0].name)} already. Rename it to "
                    f"{target.name}, or move it away."
                )
            return None
    except OSError as error:
        raise GradingError(
            f"{folder} cannot be read ({error.strerror}). {advice_on_reading(error)}"
        ) from error
    digest = digest_of(read_bytes(target))
    order, system = 0, ""
    try:
        told = json.loads((folder / ORIGIN).read_text(encoding="utf-8"))
        if told["digest"] == digest:
            order, system = int(told["order"]), str(told["system"])
    except (OSError, ValueError, LookupError, TypeError):
        # Somebody put it there by hand, or an earlier version did.
        order, system = 0, ""
    return _There(digest, read_timestamp(folder)[0], order, system)


def _is_newer(each: HandedIn, there: _There) -> bool | None:
    """Return whether a file is newer than what is there, None if nothing says it."""
    if each.at and there.at and each.at != there.at:
        return each.at > there.at
    if each.clue.order and there.order and each.clue.system == there.system:
        return each.clue.order > there.order
    return None


def _undecided(each: HandedIn, folder: Path) -> str:
    return (
        f"{folder} has another notebook, and nothing says which is newer. Add --newer if the "
        f"download is, or move that one away; {visible(each.item.parts[-1])} stays where it is."
    )


def _aside(folder: Path, digest: str, lesson: str) -> Path:
    return folder / EARLIER / digest[:_DIGITS] / f"{lesson}{NOTEBOOK}"
