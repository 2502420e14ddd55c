"""Carry progress from one machine to another: into a file, and back without losing any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from grader.classroom.progress_file import (
    NO_PROGRESS,
    Progress,
    ProgressRecord,
    parse_progress,
    progress_text,
)
from grader.errors import ProgressError

FILE_NAME = "claude-course-progress.json"
"""The name of a saved file."""

LARGEST = 1_000_000
"""How many bytes we read; the progress of the whole course takes about 10,000."""


def pack(progress: Progress) -> bytes:
    """Return progress as the bytes of a file that `unpack` reads."""
    return progress_text(progress).encode()


def unpack(content: bytes, name: str, points: Mapping[str, int]) -> Progress:
    """Return the progress in an uploaded file.

    name: the file's, for the error. points: the most that each exercise of this course gives.
    Raises ProgressError if the file is damaged or isn't one of ours.
    """
    if len(content) > LARGEST:
        raise too_large(name, len(content))
    try:
        progress = parse_progress(content.decode("utf-8-sig"))
        for exercise, record in progress.records.items():
            _examine(exercise, record, points)
    except NO_PROGRESS as error:
        raise ProgressError(
            f"{name} has no progress of this course, or is damaged ({_first_line(error)}). "
            f"Nothing was changed. Choose a file that Save made, such as {FILE_NAME}."
        ) from error
    if progress.records and not progress.records.keys() & points.keys():
        raise ProgressError(
            f"{name} is about exercises that this course doesn't have, such as "
            f"{min(progress.records)!r:.60}. Nothing was changed."
        )
    return progress


def too_large(name: str, size: int) -> ProgressError:
    """Return the error for a file of too many bytes."""
    return ProgressError(
        f"{name} is too large: {size:,} bytes, and a file of this course has fewer than "
        f"{LARGEST:,}. Nothing was changed."
    )


def merge(mine: Progress, theirs: Progress) -> Progress:
    """Return the better record of each exercise, and every record that only one side has.

    Of two predictions the one whose answer was seen counts, else one's own.
    """
    records = dict(mine.records)
    for exercise, record in theirs.records.items():
        records[exercise] = _better(mine.record(exercise), record)
    predictions = {**theirs.predictions, **mine.predictions}
    for id, prediction in theirs.predictions.items():
        if prediction.came and not mine.prediction(id).came:
            predictions[id] = prediction
    return Progress(records, predictions)


def _better(one: ProgressRecord, other: ProgressRecord) -> ProgressRecord:
    best = max(one, other, key=lambda each: (each.is_correct, each.points, each.attempts))
    return replace(
        best,
        attempts=max(one.attempts, other.attempts),
        failures=max(one.failures, other.failures),
        points=max(one.points, other.points),
        right_on=max(one.right_on, other.right_on),
        reviews=max(one.reviews, other.reviews),
    )


def _examine(exercise: str, record: ProgressRecord, points: Mapping[str, int]) -> None:
    """Raise ValueError for a number that no check can have written."""
    most = points.get(exercise, record.points)
    if not 0 <= record.points <= most:
        raise ValueError(f"{exercise!r:.60} has {record.points} of {most} points")
    if min(record.attempts, record.failures, record.hints_seen) < 0:
        raise ValueError(f"{exercise!r:.60} has a count below 0")


def _first_line(error: BaseException) -> str:
    return f"{str(error).partition(chr(10))[0]:.120}" or type(error).__name__
