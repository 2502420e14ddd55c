"""What a certificate says: who passed which exercises when, with which code and which seeds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeVar

from grader.errors import CertificateError
from grader.look.inert import inert, visible

FORMAT = 1
LONGEST_NAME = 100
"""How many characters a name may have."""
_MOST_LESSONS = 100
_MOST_CELLS = 2_000
_SEED = re.compile(r"[0-9a-f]{0,64}")
_VERSION = re.compile(r"[0-9a-f]{1,64}")
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Passed:
    """Hold an exercise that was passed.

    points: what it is worth. on: the day of its last right answer, as YYYY-MM-DD, "" if nobody
    noted it. seed: that of the check it passed, in hex, "" if nobody noted it.
    """

    name: str
    points: int
    on: str = ""
    seed: str = ""


@dataclass(frozen=True)
class LearnerCell:
    """Hold a cell of a learner's notebook: its id, nbgrader's grade_id ("" for none), its source.

    is_code: False for an exercise's cell that was turned into text.
    """

    id: str
    mark: str
    source: str
    is_code: bool = True


@dataclass(frozen=True)
class LessonWork:
    """Hold what was passed in a lesson, and its notebook's code."""

    lesson: str
    passed: tuple[Passed, ...]
    cells: tuple[LearnerCell, ...]


@dataclass(frozen=True)
class Certificate:
    """Hold what a certificate says.

    made: the day, as YYYY-MM-DD. version: the course's, see `course_version`. name: as its owner
    gave it, "" for none.
    """

    made: str
    version: str
    lessons: tuple[LessonWork, ...]
    name: str = ""

    @property
    def exercises(self) -> int:
        """Return how many exercises it says were passed."""
        return sum(len(each.passed) for each in self.lessons)

    @property
    def points(self) -> int:
        """Return the points of these exercises."""
        return sum(passed.points for each in self.lessons for passed in each.passed)


def clean_name(name: object) -> str:
    """Return a name as a certificate can show it; raises CertificateError for what is none."""
    if not isinstance(name, str):
        raise CertificateError(
            f'A name is a text, and this is {name!r:.60}. Write certificate("Ada Lovelace").'
        )
    shown = visible(" ".join(name.split()))
    if len(shown) > LONGEST_NAME:
        raise CertificateError(
            f"This name has {len(shown):,} characters; {LONGEST_NAME} is the most."
        )
    return shown


def data_text(certificate: Certificate) -> str:
    """Return a certificate's data as JSON in ASCII that may stand in HTML as it is."""
    text = json.dumps({"format": FORMAT, **asdict(certificate)}, indent=1)
    for each in "<>&\x7f":
        text = text.replace(each, f"\\u{ord(each):04x}")
    return text


def parse_data(text: str) -> Certificate:
    """Return the certificate in its JSON; raises ValueError, which says what is wrong with it."""
    try:
        data = json.loads(text)
    except (RecursionError, ValueError) as error:
        raise ValueError(f"{type(error).__name__} in its data") from error
    row = _object("the data", data)
    if row.get("format") != FORMAT or row["format"] is True:
        raise ValueError(f"its format is {row.get('format')!r:.40}, and {FORMAT} is known here")
    made = Certificate(
        made=_day(_taken(row, "made", str), "made"),
        version=_matched(_taken(row, "version", str), _VERSION, "version"),
        lessons=tuple(map(_lesson, _rows(row, "lessons", _MOST_LESSONS))),
        name=_taken(row, "name", str),
    )
    if made.name != inert(made.name) or len(made.name) > LONGEST_NAME:
        raise ValueError("its name is none that a certificate has")
    _once([each.lesson for each in made.lessons], "lesson")
    _once([one.name for each in made.lessons for one in each.passed], "exercise")
    return made


def _lesson(value: Any) -> LessonWork:
    row = _object("a lesson", value)
    return LessonWork(
        _taken(row, "lesson", str),
        tuple(map(_passed, _rows(row, "passed", _MOST_CELLS))),
        tuple(map(_cell, _rows(row, "cells", _MOST_CELLS))),
    )


def _passed(value: Any) -> Passed:
    row = _object("an exercise", value)
    on = _taken(row, "on", str)
    points = _taken(row, "points", int)
    if not 0 < points < 1000:
        raise ValueError(f"an exercise has {points} points")
    return Passed(
        _taken(row, "name", str),
        points,
        _day(on, "on") if on else "",
        _matched(_taken(row, "seed", str), _SEED, "seed"),
    )


def _cell(value: Any) -> LearnerCell:
    row = _object("a cell", value)
    return LearnerCell(
        _taken(row, "id", str),
        _taken(row, "mark", str),
        _taken(row, "source", str),
        _taken(row, "is_code", bool),
    )


def _object(what: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{what} is no object")
    return value


def _rows(row: Mapping[str, Any], key: str, most: int) -> Sequence[Any]:
    rows = _taken(row, key, list)
    if len(rows) > most:
        raise ValueError(f"{key} has {len(rows):,} entries, and {most:,} is the most")
    return rows


def _taken(row: Mapping[str, Any], key: str, kind: type[_Value]) -> _Value:
    value = row.get(key)
    if type(value) is not kind:
        raise ValueError(f"{key} is {value!r:.60}")
    return value


def _matched(text: str, pattern: re.Pattern[str], key: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"{key} is {text!r:.60}")
    return text


def _day(text: str, key: str) -> str:
    try:
        is_day = date.fromisoformat(text).isoformat() == text
    except ValueError:
        is_day = False
    if not is_day:
        raise ValueError(f"{key} is {text!r:.60}, and no day")
    return text


def _once(names: Sequence[str], what: str) -> None:
    doubled = [name for name in names if names.count(name) > 1]
    if doubled:
        raise ValueError(f"the {what} {doubled[0]!r:.60} stands in it twice")
