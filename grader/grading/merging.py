"""Merge folders of results into one: what several machines graded of a class."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from grader.errors import GradingError
from grader.exercises import COURSE
from grader.grading.grade import settle_class
from grader.grading.hand_in_times import Place
from grader.grading.journal import Journal
from grader.grading.one_run import one_run
from grader.grading.options import AUTOGRADED, COLLECTED, FEEDBACK
from grader.grading.results_folder import (
    ATTEMPTS,
    PREDICTIONS,
    ResultsFolder,
    choose_folder,
    known_folder,
)
from grader.grading.roster import Roster
from grader.grading.versions import keep_versions, read_versions
from grader.grading.whole_file import writing

Json = Any


@dataclass(frozen=True)
class Merged:
    """Say what was merged: how many results, of how many students; notes: what else to know."""

    folder: ResultsFolder
    results: int
    students: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    folder: ResultsFolder
    journal: Journal


def merge_folders(
    folders: Sequence[Path],
    course: Path,
    out: Path,
    *,
    db_url: str | None = None,
    roster: Roster | None = None,
    missing: str | None = None,
) -> Merged:
    """Put what several folders of results hold into one, and write its gradebook and pages.

    folders: as `grade_class` wrote them, with the same seed; they stay as they are. course: the
    repository. out: where all of it goes; merging again brings it up to date.
    Raises GradingError, with the fix, if they cannot be merged.
    """
    for number, each in enumerate(folders):
        if each.resolve() in [one.resolve() for one in folders[:number]]:
            raise GradingError(f"{each} is named twice. Name each part of the class once.")
        folder = choose_folder(out, each, db_url)
        if not known_folder(each).journal.exists():
            raise GradingError(
                f"{each} has no results of `grader grade`. Give the folders that it wrote, one for "
                "each part of the class."
            )
    with ExitStack() as stack:
        stack.enter_context(one_run(folder.path))
        parts = []
        for each in folders:
            known = known_folder(each)
            stack.enter_context(one_run(known.path))
            parts.append(_Part(known, stack.enter_context(Journal(known.journal))))
        _refuse_other_terms(parts)
        if db_url is None:
            folder = known_folder(folder.path)
        target = stack.enter_context(Journal(folder.journal, seed=parts[0].journal.seed))
        names = {place[1] for part in parts for place in part.journal.places}
        folder.copy_lessons(course, [each for each in COURSE if each.name in names])
        keep_versions(
            folder.path, [each for part in parts for each in read_versions(part.folder.path)]
        )
        _take_terms(target, parts)
        for part in parts:
            for place in part.journal.places:
                _take_place(folder, target, part, place)
        _take_troubles(folder, target, parts)
        folder.write_configs(target.late_penalty)
        places = list(target.places)
        results = sum(bool(_results_of(target, place)) for place in places)
    notes = settle_class(folder.path, db_url, roster=roster, missing=missing)
    students = len({student for student, _ in places})
    return Merged(folder, results, students, (*_by_hand_notes(parts), *notes))


def _results_of(journal: Journal, place: Place) -> list[str]:
    return [each for each in journal.tries(place) if journal.line_of(place, each) is not None]


def _refuse_other_terms(parts: Sequence[_Part]) -> None:
    """Raise GradingError if two parts were not graded alike."""
    first = parts[0]
    for part in parts[1:]:
        for what, ours, theirs in (
            ("seed", first.journal.seed, part.journal.seed),
            ("--attempts", first.journal.attempts, part.journal.attempts),
            ("--late-penalty", first.journal.late_penalty, part.journal.late_penalty),
        ):
            if ours != theirs:
                raise GradingError(
                    f"{first.folder.path} was graded with the {what} {ours or 'none'}, and "
                    f"{part.folder.path} with {theirs or 'none'}. A class has one: grade the "
                    "second again with that of the first."
                )
        for lesson in first.journal.due.keys() & part.journal.due.keys():
            if first.journal.due[lesson] != part.journal.due[lesson]:
                raise GradingError(
                    f"{lesson} is due at another time in {part.folder.path} than in "
                    f"{first.folder.path}. Say it again for one of them, with --due."
                )


def _take_terms(target: Journal, parts: Sequence[_Part]) -> None:
    target.keep_attempts(parts[0].journal.attempts)
    target.keep_late_penalty(parts[0].journal.late_penalty)
    for part in parts:
        target.keep_due(part.journal.due)
        target.keep_extensions({**_granted(part.folder), **part.journal.extensions})


def _take_place(folder: ResultsFolder, target: Journal, part: _Part, place: Place) -> None:
    """Take over all tries of a student's lesson, with the notebooks."""
    theirs, ours = part.journal.tries(place), target.tries(place)
    if ours and not ours.keys() <= theirs.keys():
        if theirs.keys() <= ours.keys():
            return
        raise GradingError(
            f"{' · '.join(place)} is in {part.folder.path} and in another folder with other files. "
            "Choose a new --out, and name each part of the class once."
        )
    student, lesson = place
    # First the notebook, then the line that says it is there.
    for kind in (COLLECTED, AUTOGRADED, ATTEMPTS):
        _copy(part.folder.path, folder.path, Path(kind) / student / lesson)
    _copy(part.folder.path, folder.path, Path(PREDICTIONS) / student / f"{lesson}.json")
    for digest, hand_in in theirs.items():
        entry = part.journal.entry_of(place, digest)
        if entry is not None and entry.key in target:
            target.use(entry.key, place, digest)
        elif entry is not None:
            target.add(entry)
        if hand_in.given is not None:
            target.keep_times({place: hand_in.given})
        target.see(
            place,
            digest,
            at=hand_in.first_seen,
            stamped=hand_in.stamped,
            remark=hand_in.remark,
        )


def _take_troubles(folder: ResultsFolder, target: Journal, parts: Sequence[_Part]) -> None:
    found = {each for part in parts for each in part.journal.troubles}
    ordered = sorted(found, key=lambda each: (each.student, each.lesson, each.sentence))
    target.keep_troubles(tuple(ordered))
    target.keep_gone(frozenset().union(*(part.journal.gone for part in parts)))
    for part in parts:
        for each in part.journal.troubles:
            if each.student and each.lesson:
                name = part.folder.no_result(each.student, each.lesson).name
                page = Path(FEEDBACK) / each.student / each.lesson / name
                _copy(part.folder.path, folder.path, page)


def _copy(source: Path, target: Path, name: Path) -> None:
    """Copy a file or a folder, if it exists."""
    there, here = source / name, target / name
    with writing(here):
        if there.is_dir():
            shutil.copytree(there, here, dirs_exist_ok=True)
        elif there.is_file():
            here.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(there, here)


def _rows_by_hand(folder: ResultsFolder) -> Iterator[Json]:
    """Give what a person gave, as the part's gradebook had it last."""
    try:
        yield from json.loads(folder.by_hand.read_text(encoding="utf-8"))["by_hand"]
    except FileNotFoundError:
        return
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise GradingError(
            f"{folder.by_hand} cannot be read ({error}). Run `grader report {folder.path}`, which "
            "writes it again."
        ) from error


def _granted(folder: ResultsFolder) -> Mapping[Place, timedelta]:
    return {
        (row["student"], row["lesson"]): timedelta(seconds=row["extension"])
        for row in _rows_by_hand(folder)
        if row["extension"]
    }


def _by_hand_notes(parts: Sequence[_Part]) -> tuple[str, ...]:
    return tuple(
        f"Points and comments given by hand in the gradebook of {part.folder.path} were not "
        "merged. Give them again in the merged one."
        for part in parts
        if any(row["by_hand"] for row in _rows_by_hand(part.folder))
    )
