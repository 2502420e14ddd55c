"""What a learner has done and predicted: attempts and best points, in one small file.

The file outlives the kernel; `progress_place` says where it is.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from grader.errors import ProgressError

VARIABLE = "GRADER_PROGRESS"
"""The variable that names another file for progress, or switches it off."""
OFF = "off"
NO_PROGRESS = (AttributeError, KeyError, OSError, RecursionError, TypeError, ValueError)
"""The errors that reading somebody else's file raises."""
_FORMAT = 2
_KNOWN_FORMATS = (1, _FORMAT)
"""The versions that we read. The first one has no predictions and no reviews."""
SURE = {0: "", 1: "a guess", 2: "fairly sure", 3: "sure"}
"""How sure one can be of a prediction, in words; 0: not said."""


_Record = TypeVar("_Record", "ProgressRecord", "PredictionRecord")


@dataclass(frozen=True)
class ProgressRecord:
    """Hold what is kept of one exercise.

    attempts: checks of started code; failures: those that weren't Correct.
    points: the best so far. diagnosis: the last one, "" after a correct answer.
    hints_seen: how many hints for that diagnosis.
    fingerprint: a digest of the last code checked.
    right_on: the day of the last answer that counted as remembered, as YYYY-MM-DD, "" before one.
    reviews: how many reviews of it were right.
    seed: that of the check that its newest right code passed first, in hex, "" before one.
    """

    attempts: int = 0
    failures: int = 0
    points: int = 0
    is_correct: bool = False
    diagnosis: str = ""
    hints_seen: int = 0
    fingerprint: str = ""
    right_on: str = ""
    reviews: int = 0
    seed: str = ""


@dataclass(frozen=True)
class PredictionRecord:
    """Hold what is kept of one prediction.

    choice: a letter, "" before one. sure: a key of SURE. came: the letter that came true, "" while
    nobody has seen it; from then on the rest stays as it is.
    """

    choice: str = ""
    sure: int = 0
    came: str = ""

    @property
    def is_right(self) -> bool:
        """Return whether it came true as predicted."""
        return bool(self.choice) and self.choice == self.came

    @property
    def surely(self) -> str:
        """Return how sure somebody was, in brackets for the end of a sentence; "" if not said."""
        return f" ({SURE[self.sure]})" if self.sure else ""


@dataclass(frozen=True)
class Progress:
    """Hold the records of all exercises by name, and of all predictions by id."""

    records: Mapping[str, ProgressRecord] = field(default_factory=dict)
    predictions: Mapping[str, PredictionRecord] = field(default_factory=dict)

    def record(self, exercise: str) -> ProgressRecord:
        """Return an exercise's record, a blank one when it was never tried."""
        return self.records.get(exercise, ProgressRecord())

    def with_record(self, exercise: str, record: ProgressRecord) -> Progress:
        """Return the progress with one record put in."""
        return replace(self, records={**self.records, exercise: record})

    def prediction(self, id: str) -> PredictionRecord:
        """Return the record of a prediction, a blank one when there is none."""
        return self.predictions.get(id, PredictionRecord())

    def with_prediction(self, id: str, record: PredictionRecord) -> Progress:
        """Return the progress with the record of one prediction put in."""
        return replace(self, predictions={**self.predictions, id: record})


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
    if data["format"] not in _KNOWN_FORMATS:
        raise ValueError(f"format {data['format']!r}")
    return Progress(
        {name: _record(ProgressRecord, row) for name, row in data["exercises"].items()},
        {id: _prediction(row) for id, row in data.get("predictions", {}).items()},
    )


def progress_text(progress: Progress) -> str:
    """Return progress as the text of a file."""
    data = {
        "format": _FORMAT,
        "exercises": _rows(progress.records),
        "predictions": _rows(progress.predictions),
    }
    return json.dumps(data, indent=1) + "\n"


def _rows(records: Mapping[str, _Record]) -> Any:
    return {name: asdict(record) for name, record in sorted(records.items())}


def _prediction(row: Mapping[str, object]) -> PredictionRecord:
    record = _record(PredictionRecord, row)
    if record.sure not in SURE:
        raise ValueError(f"sure is {record.sure}")
    return record


def _record(kind: type[_Record], row: Mapping[str, object]) -> _Record:
    for part in fields(kind):
        value = row.get(part.name, part.default)
        if type(value) is not type(part.default):
            raise TypeError(f"{part.name} is {value!r}")
    return kind(**row)  # type: ignore[arg-type]


def save_progress(progress: Progress, path: Path | None) -> None:
    """Write progress to a file in one step, so that a crash leaves the old file or the new one.

    Raises ProgressError if the file cannot be written.
    """
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, progress_text(progress))
    except OSError as error:
        raise ProgressError(
            f"{path} cannot be written ({error.strerror}). "
            f"Set {VARIABLE} to a file in one of your own folders, or to {OFF!r}."
        ) from error


def replace_file(path: Path, text: str) -> None:
    """Write a file in one step, so that nobody ever reads half of it; raises OSError."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=path.name, delete=False
    ) as file:
        file.write(text)
    try:
        os.replace(file.name, path)
    except OSError:
        os.unlink(file.name)
        raise
