"""When a file was handed in: what an instructor says, nbgrader's timestamp.txt, or first sight.

Copying a file does not change its time: the journal keeps the earliest time at which these very
bytes were seen.
"""

from __future__ import annotations

import csv
import io
import os
import re
import stat
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path

from grader.errors import GradingError
from grader.look.inert import one_line

TIMESTAMP = "timestamp.txt"
"""Where nbgrader's collect and zip_collect say when a submission was handed in."""

GIVEN, STAMPED, SEEN = "given", "timestamp.txt", "first seen"
"""Who says when a file was handed in: the instructor, nbgrader's file, or this machine."""

_MOST = 200
_TAKEN_BACK = ("", "none")
_HEADS: Mapping[str, tuple[str, ...]] = {
    "student": ("student", "studentid", "user", "username", "login", "sisloginid", "name"),
    "lesson": ("lesson", "assignment", "assignmentname"),
    "time": ("time", "timestamp", "submitted", "submittedat", "handedin", "date", "handintime"),
}

Place = tuple[str, str]
"""A student and a lesson."""


_MOST_NAMED = 5


def listed(places: Iterable[Place]) -> str:
    """Return places in words, naming the first few of them."""
    names = [" · ".join(each) for each in sorted(places)]
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True)
class HandIn:
    """Hold what is known about when a file was handed in.

    first_seen: the earliest time at which these bytes were seen here. stamped: what timestamp.txt
    says. given: what the instructor says. remark: on timestamp.txt, and on what lay beside the
    notebook, or "".
    """

    first_seen: datetime
    stamped: datetime | None = None
    given: datetime | None = None
    remark: str = ""

    @property
    def at(self) -> datetime:
        """Return the time that counts."""
        return self.given or self.stamped or self.first_seen

    @property
    def source(self) -> str:
        """Return who says so: GIVEN, STAMPED or SEEN."""
        if self.given:
            return GIVEN
        return STAMPED if self.stamped else SEEN


def shown_time(when: datetime, zone: tzinfo | None = None) -> str:
    """Return a time for people, such as 2026-12-01 23:59:00 UTC+01:00.

    zone: that of the due date, so that both can be compared; this machine's unless given.
    """
    day, _, time = when.astimezone(zone).isoformat(timespec="seconds").partition("T")
    return f"{day} {time[:8]} UTC{time[8:].removeprefix('+00:00')}"


def read_timestamp(folder: Path) -> tuple[datetime | None, str]:
    """Return the time in a submission's timestamp.txt, and a remark if it says no time.

    It is read as nbgrader does (utils.parse_utc): any form dateutil knows, UTC without a zone.
    """
    path = folder / TIMESTAMP
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None, _no_time(f"{TIMESTAMP} is not a regular file")
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with open(os.open(path, flags), "rb") as file:
            text = file.read(_MOST).decode("utf-8-sig").strip()
    except FileNotFoundError:
        return None, ""
    except (OSError, ValueError) as error:
        return None, _no_time(f"{TIMESTAMP} cannot be read ({type(error).__name__})")
    if not text:
        return None, ""
    when = read_moment(text)
    return (when, "") if when else (None, _no_time(f"{TIMESTAMP} says {one_line(text)[:40]!r}"))


def _no_time(what: str) -> str:
    return (
        f"{what}, so it gives no time; when the file was first seen here counts. Write one such as "
        "2026-12-01 22:59:00 UTC."
    )


def read_moment(text: str) -> datetime | None:
    """Return a whole date and time in any form that dateutil knows, UTC without a zone; or None."""
    from dateutil import parser  # type: ignore[import-untyped]

    words = text.split(" ")
    zones: dict[str, tzinfo] = {}
    if len(words) == 3:
        # nbgrader writes the zone as a third word.
        zone = _zone(words[2])
        if zone is None:
            return None
        text, zones = " ".join([*words[:2], "TZ"]), {"TZ": zone}
    # dateutil fills in what the text leaves out from a default: with two of them, that shows.
    defaults = datetime(2000, 1, 1, tzinfo=UTC), datetime(2004, 2, 2, tzinfo=UTC)
    try:
        with warnings.catch_warnings():
            # dateutil warns about a zone that it doesn't know, and leaves it out.
            warnings.simplefilter("error")
            one, two = (parser.parse(text, tzinfos=zones, default=each) for each in defaults)
        if one != two:
            return None
        when: datetime = one.astimezone(UTC)
        return when
    except (ValueError, OverflowError, TypeError, RuntimeWarning):
        return None


def _zone(name: str) -> tzinfo | None:
    from dateutil import tz

    numbers = re.fullmatch(r"([+-])(\d\d):?(\d\d)", name)
    if numbers:
        away = timedelta(hours=int(numbers[2]), minutes=int(numbers[3]))
        return timezone(-away if numbers[1] == "-" else away)
    # Names only: tz.gettz opens paths too.
    if not re.fullmatch(r"[A-Za-z_]{1,40}(/[A-Za-z_+-]{1,40}){0,3}", name):
        return None
    found: tzinfo | None = tz.gettz(name)
    return found


def _plain(text: str) -> datetime | None:
    """Return a date and time in an unambiguous form; without a zone it's this machine's.

    01/12/2026 means different days in different countries.
    """
    if ":" not in text:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return read_moment(text) if re.match(r"\d{4}-\d\d-\d\d ", text) else None


def read_times(path: Path, lesson_named: Callable[[str], str]) -> dict[Place, datetime | None]:
    """Return when submissions were handed in, by student and lesson, from a CSV file.

    Its columns student, lesson and time may stand in any order, among others; if a student has
    several rows for a lesson, the latest counts. A time without a zone is this machine's. An empty
    one, or none, takes back what was said before: None.
    lesson_named: returns a lesson's full name or raises. Raises GradingError, naming the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or "it is not UTF-8"
        raise GradingError(f"{path} cannot be read ({cause}). Give a CSV file.") from error
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    columns = _columns(path, next(rows, []))
    times: dict[Place, datetime | None] = {}
    for row in rows:
        if not any(each.strip() for each in row):
            continue
        line = f"{path}, line {rows.line_num}"
        if len(row) <= max(columns.values()):
            raise GradingError(f"{line} has {len(row)} columns, too few. Add what is missing.")
        student, lesson, time = (row[columns[each]].strip() for each in _HEADS)
        when = _plain(time)
        if not student or (when is None and time.lower() not in _TAKEN_BACK):
            raise GradingError(
                f"{line}: {one_line(time)!r} is not a whole date and time, or the student is "
                "missing. Write one such as 2026-12-01T23:59+01:00, or none to take it back."
            )
        place = student, lesson_named(lesson)
        said = [each for each in (when, times.get(place)) if each]
        times[place] = max(said, default=None)
    return times


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _columns(path: Path, head: list[str]) -> dict[str, int]:
    names = ["".join(filter(str.isalnum, each.casefold())) for each in head]
    found = {
        column: next((names.index(each) for each in known if each in names), -1)
        for column, known in _HEADS.items()
    }
    missing = [column for column, place in found.items() if place < 0]
    if missing:
        raise GradingError(
            f"{path} has no column {', '.join(missing)}. Its first line has to name the columns: "
            "student,lesson,time"
        )
    return found


def read_span(text: str) -> timedelta | None:
    """Return a time span such as 2d, 36h, 1d12h or 90min; None if a text is not one."""
    parts = re.findall(r"(\d{1,9}(?:\.\d{1,9})?)(w|d|h|min)", text.replace(" ", "").lower())
    if not parts or "".join(map("".join, parts)) != text.replace(" ", "").lower():
        return None
    units = {"w": "weeks", "d": "days", "h": "hours", "min": "minutes"}
    return sum((timedelta(**{units[unit]: float(count)}) for count, unit in parts), timedelta())
