"""Read what `grader grade` wrote into a folder of results."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from grader.errors import GradingError
from grader.exams import Predicted, predicted_from
from grader.grading.hand_in_times import Place
from grader.grading.lean import Lean
from grader.grading.result import Result, Run, result_from_json
from grader.grading.results_folder import PREDICTIONS
from grader.grading.standing import Standing, standing_from_json

_GRADE_AGAIN = "Grade again with this version of `grader`, into an empty folder."
_DECODER = json.JSONDecoder()
_SPACE: Any = re.compile(r"[ \t\n\r]*")
_PART = 1 << 18
RESULTS, RUNS = "results.json", "runs.json"


@dataclass(frozen=True)
class ClassResults:
    """Hold the results of a class, sorted by student and lesson, and how they came about.

    standings: what counts; the results come without their evidence, which no report shows and
    which fills most of the file. runs: by student and lesson; empty if the folder does not say.
    predicted: how many handed in each prediction, with its lesson.
    """

    standings: tuple[Standing, ...]
    runs: Mapping[Place, Run]
    predicted: Mapping[tuple[str, Predicted], int] = field(default_factory=dict)

    @property
    def results(self) -> tuple[Result, ...]:
        """Return the result that counts for each, or why there is none."""
        return tuple(each.result for each in self.standings)


def read_class_results(folder: Path) -> ClassResults:
    """Return the results in a folder.

    Raises GradingError when there are none, or they were not written by `grader grade`.
    """
    results, runs, lean = _results_in(folder), folder / RUNS, Lean()
    return ClassResults(
        tuple(
            sorted(
                (_made(results, partial(_standing, lean=lean), each) for each in _read(results)),
                key=lambda each: each.place,
            )
        ),
        dict(_made(runs, _run, each) for each in _read(runs)) if runs.is_file() else {},
        _predicted(folder),
    )


def full_standings(folder: Path) -> Iterator[Standing]:
    """Yield what counts for each student and lesson, with its evidence, one at a time.

    Raises GradingError as `read_class_results` does.
    """
    results = _results_in(folder)
    for each in _read(results):
        yield _made(results, partial(_standing, lean=lambda result: result), each)


def _results_in(folder: Path) -> Path:
    if not (folder / RESULTS).is_file():
        raise GradingError(
            f"There is no {folder / RESULTS}. Run `grader grade SUBMITTED --out {folder}` first."
        )
    return folder / RESULTS


def _predicted(folder: Path) -> Mapping[tuple[str, Predicted], int]:
    """Return how many handed in each prediction; came is left out, for the course knows it."""
    found: Counter[tuple[str, Predicted]] = Counter()
    for path in sorted((folder / PREDICTIONS).glob("*/*.json")):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise GradingError(
                f"{path} can't be read ({error}). Grade again, and it's written anew."
            ) from error
        for each in told if isinstance(told, list) else ():
            one = predicted_from(each)
            if one is not None:
                found[path.stem, replace(one, came="")] += 1
    return found


def _read(path: Path) -> Iterator[Any]:
    """Yield the entries of a list in a JSON file one at a time: together they take gigabytes."""
    try:
        with path.open(encoding="utf-8") as file:
            yield from _entries(_Text(file))
    except OSError as error:
        raise GradingError(f"{path} can't be read ({error.strerror}). Fix that first.") from error
    except (ValueError, RecursionError) as error:
        raise GradingError(f"{path} isn't a JSON list: {error}. {_GRADE_AGAIN}") from error


def _entries(text: _Text) -> Iterator[Any]:
    text.take("[")
    while not text.has("]"):
        yield text.value()
        if not text.has("]"):
            text.take(",")


class _Text:
    """Read JSON from a file from front to back, with a part of it in memory."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._text, self._place = file, "", 0

    def has(self, expected: str) -> bool:
        """Return whether a character comes next, after any space."""
        while True:
            self._place = _SPACE.match(self._text, self._place).end()
            if self._place < len(self._text) or not self._more():
                return self._text.startswith(expected, self._place)

    def take(self, expected: str) -> None:
        """Go past a character, which has to come next."""
        if not self.has(expected):
            raise json.JSONDecodeError(f"expected {expected!r}", self._text, self._place)
        self._place += len(expected)

    def value(self) -> Any:
        """Return the value that comes next. Raises ValueError if there is none."""
        while True:
            self.has("")
            try:
                found, end = _DECODER.raw_decode(self._text, self._place)
            except json.JSONDecodeError:
                if not self._more():
                    raise
                continue
            # A number at the end of a part may go on in the next one.
            if end < len(self._text) or not self._more():
                self._place = end
                return found

    def _more(self) -> bool:
        """Read on, twice as far if nothing was used up; return whether there was more."""
        self._text = self._text[self._place :]
        self._place = 0
        part = self._file.read(max(_PART, len(self._text)))
        self._text += part
        return bool(part)


def _standing(written: Any, lean: Callable[[Result], Result]) -> Standing:
    result = lean(result_from_json(written))
    if "standing" in written:
        return standing_from_json(written["standing"], result)
    # An earlier version wrote only the result.
    return Standing(result, points=result.points)


def _run(written: Any) -> tuple[Place, Run]:
    seconds = {str(stage): float(each) for stage, each in written["seconds"].items()}
    return (written["student"], written["lesson"]), Run(written["level"], seconds)


def _made(path: Path, make: Any, written: Any) -> Any:
    try:
        return make(written)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GradingError(
            f"{path} has an entry that isn't a result ({type(error).__name__}: {error}): "
            f"{json.dumps(written)[:80]}. {_GRADE_AGAIN}"
        ) from error
