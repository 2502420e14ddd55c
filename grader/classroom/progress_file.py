"""What a learner has done: attempts and best points of each exercise, in one small file.

The file outlives the kernel; `progress_place` says where it is.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from grader.errors import ProgressError

VARIABLE = "GRADER_PROGRESS"
"""The variable that names another file for progress, or switches it off."""
OFF = "off"
NO_PROGRESS = (AttributeError, KeyError, OSError, RecursionError, TypeError, ValueError)
"""The errors that reading somebody else's file raises."""
_FORMAT = 1


@dataclass(frozen=True)
class ProgressRecord:
    """Hold what is kept of one exercise.

    attempts: checks of started code; failures: those that weren't Correct.
    points: the best so far. diagnosis: the last one, "" after a correct answer.
    hints_seen: how many hints for that diagnosis.
    fingerprint: a digest of the last code checked.
    """

    attempts: int = 0
    failures: int = 0
    points: int = 0
    is_correct: bool = False
    diagnosis: str = ""
    hints_seen: int = 0
    fingerprint: str = ""


@dataclass(frozen=True)
class Progress:
    """Hold the records of all exercises by name."""

    records: Mapping[str, ProgressRecord] = field(default_factory=dict)

    def record(self, exercise: str) -> ProgressRecord:
        """Return an exercise's record, a blank one when it was never tried."""
        return self.records.get(exercise, ProgressRecord())

    def with_record(self, exercise: str, record: ProgressRecord) -> Progress:
        """Return the progress with one record put in."""
        return Progress({**self.records, exercise: record})


def load_progress(path: Path | None) -> Progress:
    """Read progress from a file; without a file it is blank.

    Raises ProgressError if the file isn't one of ours, and leaves it as it is.
    """
    if path is None:
        return Progress()
    try:
        return parse_progress(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return Progress()
    except NO_PROGRESS as error:
        raise ProgressError(
            f"{path} has no progress of this course ({error}). "
            f"Move it away, or set {VARIABLE} to another file."
        ) from error


def parse_progress(text: str) -> Progress:
    """Return the progress in a file's text; raises one of NO_PROGRESS if there is none."""
    data = json.loads(text)
    if data["format"] != _FORMAT:
        raise ValueError(f"format {data['format']!r}")
    return Progress({name: _record(row) for name, row in data["exercises"].items()})


def progress_text(progress: Progress) -> str:
    """Return progress as the text of a file."""
    rows = {name: asdict(record) for name, record in sorted(progress.records.items())}
    return json.dumps({"format": _FORMAT, "exercises": rows}, indent=1) + "\n"


def _record(row: Mapping[str, object]) -> ProgressRecord:
    for part in fields(ProgressRecord):
        value = row.get(part.name, part.default)
        if type(value) is not type(part.default):
            raise TypeError(f"{part.name} is {value!r}")
    return ProgressRecord(**row)  # type: ignore[arg-type]


def save_progress(progress: Progress, path: Path | None) -> None:
    """Write progress to a file in one step, so that a crash leaves the old file or the new one.

    Raises ProgressError if the file cannot be written.
    """
    if path is None:
        return
    text = progress_text(progress)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=path.name, delete=False
        ) as file:
            file.write(text)
        try:
            os.replace(file.name, path)
        except OSError:
            os.unlink(file.name)
            raise
    except OSError as error:
        raise ProgressError(
            f"{path} cannot be written ({error.strerror}). "
            f"Set {VARIABLE} to a file in one of your own folders, or to {OFF!r}."
        ) from error
