"""Read lessons and times from the command line: names, due dates and extensions."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import typer

_NONE = "none"
_DAY = timedelta(hours=23, minutes=59, seconds=59)
_DUE = re.compile(r"(?P<day>\d{4}[-\dWw]*?\d)(?:[Tt ](?P<time>\d\d[^ ]*))?")
_WEEK = re.compile(r"\d{4}-?[Ww]\d\d")
_DAY_OF_YEAR = re.compile(r"(\d{4})-?(\d{3})")
_MIDNIGHT = re.compile(r"24(?::?00){0,2}(?:[.,]0+)?([Zz]|[+-][\d:]+)?")


def lesson_named(name: str) -> str:
    """Return the whole name of a lesson; its beginning is enough if it fits only one.

    Raises UnknownExercise, with what it could be, if it fits none or more than one.
    """
    from grader.errors import UnknownExercise
    from grader.exercises import COURSE, find_lesson

    names = [each.name for each in COURSE]
    found = [each for each in names if each.startswith(name)]
    if name in names or not name or not found:
        return find_lesson(name).name
    if len(found) > 1:
        raise UnknownExercise(
            f"{name!r} could be {', '.join(found[:-1])} or {found[-1]}. Write more of its name."
        )
    return found[0]


def read_due_or_none(words: list[str]) -> dict[str, datetime | None]:
    """Return the due times by lesson, None for one that is taken back."""
    from grader.errors import UnknownExercise

    taken_back = [each for each in words if each.rpartition("=")[2].strip().lower() == _NONE]
    times: dict[str, datetime | None] = dict(
        read_due([each for each in words if each not in taken_back])
    )
    for given in taken_back:
        try:
            lesson = lesson_named(given.rpartition("=")[0])
        except UnknownExercise as error:
            raise typer.BadParameter(str(error)) from None
        if lesson in times:
            raise typer.BadParameter(f"{lesson} has two due times. Give one.")
        times[lesson] = None
    return times


def read_extensions(
    words: list[str],
) -> dict[tuple[str, str], timedelta | datetime | None]:
    """Return extensions by student and lesson: how much longer, until when, None to take back."""
    from grader.errors import UnknownExercise
    from grader.grading.hand_in_times import read_span

    found: dict[tuple[str, str], timedelta | datetime | None] = {}
    for given in words:
        place, _, time = given.rpartition("=")
        student, _, lesson = place.rpartition("/")
        try:
            if not student:
                raise ValueError
            name = lesson_named(lesson)
            span = read_span(time)
            until = None if time == _NONE or span else read_due([f"{name}={time}"])[name]
        except UnknownExercise as error:
            raise typer.BadParameter(str(error)) from None
        except (ValueError, typer.BadParameter):
            raise typer.BadParameter(
                f"'{given}' is not an extension. Write a student, /, a lesson, = and how much "
                "longer or until when: --extension ada/03_tool_use=2d or =2026-12-03T12:00"
            ) from None
        if (student, name) in found:
            raise typer.BadParameter(f"{student}/{name} has two extensions. Give one.")
        found[student, name] = span or until
    return found


def read_due(words: list[str]) -> dict[str, datetime]:
    """Return the times by lesson; one without a zone is in this machine's zone.

    A date alone, in any form, means the end of that day.
    """
    from grader.errors import UnknownExercise

    times = {}
    for given in words:
        name, _, time = given.partition("=")
        try:
            lesson = lesson_named(name)
        except UnknownExercise as error:
            raise typer.BadParameter(str(error)) from None
        if lesson in times:
            raise typer.BadParameter(f"{lesson} has two due times. Give one.")
        try:
            times[lesson] = _due_time(time.strip())
        except (ValueError, OverflowError) as error:
            raise typer.BadParameter(
                f"'{given}' is not a due time{f': {error}' if str(error) else ''}. Write a lesson, "
                "=, and a time: --due 03_tool_use=2026-12-01T23:59"
            ) from None
    return times


def _due_time(written: str) -> datetime:
    """Return the moment that a due time means; raises ValueError, with the reason if there is one.

    The forms of ISO 8601: a day by month, by week or by number, and a time of the day if need be.
    """
    if not written.isascii():
        raise ValueError("its digits have to be 0 to 9")
    found = _DUE.fullmatch(written)
    if found is None:
        raise ValueError
    if _WEEK.fullmatch(found["day"]):
        raise ValueError("a week has seven days; add the day, such as -7 for its Sunday")
    day = _day(found["day"])
    if not found["time"]:
        return _in_zone(day + _DAY, written)
    midnight = _MIDNIGHT.fullmatch(found["time"])
    time = f"00:00{midnight[1] or ''}" if midnight else found["time"].upper()
    # 24:00 is the end of that day.
    begun = day + timedelta(days=1) if midnight else day
    return _in_zone(datetime.fromisoformat(f"{begun:%Y-%m-%d}T{time}"), written)


def _day(written: str) -> datetime:
    by_number = _DAY_OF_YEAR.fullmatch(written)
    if not by_number:
        return datetime.fromisoformat(written.upper())
    first = datetime(int(by_number[1]), 1, 1)  # noqa: DTZ001 - a day has no zone
    day = first + timedelta(days=int(by_number[2]) - 1)
    if day.year != first.year:
        raise ValueError(f"{first.year} has no day {by_number[2]}")
    return day


def _in_zone(when: datetime, written: str) -> datetime:
    """Return a moment in this machine's zone, or raise ValueError for one that its clocks skip.

    If the clocks pass a moment twice, at the end of summer time, the later one counts.
    """
    if when.tzinfo is not None:
        return when.astimezone()
    there = when.replace(fold=1).astimezone()
    # A time in the hour that summer time skips comes back as another one.
    if there.astimezone(UTC).astimezone().replace(tzinfo=None) != when:
        raise ValueError(
            f"the clocks here skip {when:%H:%M} on {when:%Y-%m-%d}; give another hour, or a zone "
            f"such as {written}+00:00"
        )
    return there
