"""The one writer: what counts goes into the gradebook and onto feedback pages.

The gradebook is opened only if it changed since it was last read, or if there is something to
write: nbgrader takes seconds to import. What a person gave there is kept beside it, in
by_hand.json, with the size and time that the file had; one on a server is read at each run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from grader.errors import GradingError
from grader.exams import Lesson
from grader.grading.entries import Entry
from grader.grading.feedback_page import feedback_page
from grader.grading.gradebook import Book, Submitted, open_gradebook
from grader.grading.hand_in_times import Place, listed
from grader.grading.journal import Journal
from grader.grading.keys import digest_of, page_digest
from grader.grading.late_penalty import read_late_penalty
from grader.grading.options import has_own_penalty
from grader.grading.rebuild import source_of
from grader.grading.result import Result, canonical
from grader.grading.results_folder import ResultsFolder
from grader.grading.roster import ClassList
from grader.grading.standing import (
    LAST,
    NOTHING_HELD,
    ByHand,
    Held,
    Penalty,
    Standing,
    Terms,
    decide,
    no_penalty,
    standing_to_json,
)

Json = Any


class Writer:
    """Decide what counts and write it where instructors and nbgrader look. A context manager.

    lessons: the course's. config: nbgrader's options, including the instructor's. people: who is
    in the class.
    """

    def __init__(
        self,
        folder: ResultsFolder,
        journal: Journal,
        lessons: Iterable[Lesson],
        config: Any,
        people: ClassList | None = None,
    ) -> None:
        self._folder = folder
        self._journal = journal
        self._lessons = {each.name: each for each in lessons}
        self._config = config
        self._people = people or ClassList()
        self._book: Book | None = None
        self._submitted: Mapping[Place, Submitted] | None = None
        self._held: dict[Place, Held] = {}
        self._left: dict[Place, Held] = {}
        self._left_in = ""
        self._due: dict[str, datetime] = {}
        self._registered: set[str] = set()
        self._written: set[Place] = set()
        self._penalty = _penalty(config, journal.late_penalty, folder.path)
        self._open = ExitStack()

    def __enter__(self) -> Writer:
        try:
            # Even if the gradebook is new: `notes` mentions what another one had.
            is_known = self._read_kept()
            if self._folder.has_gradebook and not is_known:
                self.open()
            for lesson, due in self._journal.due.items():
                if lesson in self._lessons and self._due.get(lesson) != due:
                    self.register(lesson)
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Pass the error on: the gradebook turns a database's error into words.
        self._open.__exit__(kind, error, trace)
        if error is None and self._book is not None:
            self._keep_read()

    def open(self) -> Book:
        """Return the gradebook, opened; raises GradingError when it cannot be opened."""
        if self._book is None:
            folder = self._folder
            opened = open_gradebook(folder.path, folder.chosen_db_url, config=self._config)
            self._book = self._open.enter_context(opened)
            self._submitted = self._book.submitted()
            self._held = {place: each.held for place, each in self._submitted.items()}
            self._due = self._book.due()
            self._extend()
        return self._book

    def enrol(self) -> None:
        """Put the names and addresses of the class into the gradebook."""
        if self._people.roster is not None:
            self.open().enrol(self._people.roster.people)

    def register(self, lesson: str) -> None:
        """Update a lesson and its due date in the gradebook, if the lesson's copy is here."""
        source = self._folder.source(lesson)
        if lesson in self._registered or not source.exists():
            return
        due = self._journal.due.get(lesson)
        is_taken_back = lesson in self._journal.due and due is None
        self.open().register(
            self._lessons[lesson], source.read_bytes(), due=due, is_due_taken_back=is_taken_back
        )
        self._registered.add(lesson)

    @property
    def terms(self) -> Terms:
        """Return what was agreed for the class; what `grader` was told overrides the gradebook."""
        said = self._journal.due
        others = {name: when for name, when in self._due.items() if name not in said}
        due = {**others, **{name: when for name, when in said.items() if when is not None}}
        return Terms(self._journal.attempts or LAST, self._penalty, due)

    def notes(self) -> tuple[str, ...]:
        """Return notes on what was given by hand, a sentence each."""
        notes = []
        lost = [place for place, each in self._left.items() if self._lacks(place, each)]
        if lost:
            notes.append(
                f"The gradebook {self._folder.shown_db_url} begins without the points, comments "
                f"and extensions that {self._left_in} has for {listed(lost)}, so they do not "
                f"count. To go on with that one: --db {self._left_in}"
            )
        earlier = [
            place
            for place, each in self._held.items()
            if any(one.is_earlier for one in each.by_hand.values())
        ]
        if earlier:
            notes.append(
                "Points by hand that were given for an earlier try, or before the automatic points "
                f"changed, still count: {listed(earlier)}. formgrader shows them under 'Needs "
                "manual grade'; enter them there again to confirm them."
            )
        return tuple(notes)

    def _lacks(self, place: Place, left: Held) -> bool:
        now = self._held.get(place, NOTHING_HELD)
        return bool((left.by_hand and not now.by_hand) or (left.extension and not now.extension))

    def forget(self, student: str) -> str:
        """Remove a student from gradebook and folder, and return what that was, in a sentence.

        What the journal holds no longer counts.
        """
        lessons = sorted(lesson for name, lesson in self._journal.places if name == student)
        self.open().forget(student)
        self._held = {place: each for place, each in self._held.items() if place[0] != student}
        self._folder.forget(student)
        self._journal.forget(student)
        what = f"what was handed in of {', '.join(lessons)}" if lessons else "no lesson"
        return f"Forgotten: {student}, with {what}; also in the gradebook."

    def settle(
        self, place: Place, *, trouble: Result | None = None, is_kept: bool = False
    ) -> Standing:
        """Decide what counts for a student and lesson, write it down if needed, and return it.

        trouble: why the file there now has no result. is_kept: whether there is no file now.
        """
        standing = self._decide(place, trouble, is_kept=is_kept)
        if standing.number:
            self._write(standing)
        elif place[0] and place[1] in self._lessons:
            self._write_trouble(standing)
        return standing

    def _decide(self, place: Place, trouble: Result | None, *, is_kept: bool) -> Standing:
        tries = []
        for digest, hand_in in self._journal.tries(place).items():
            entry = self._journal.entry_of(place, digest)
            tries.append((hand_in, digest, entry.result if entry else None))
        held = self._held.get(place, NOTHING_HELD)
        waiting = self._journal.extensions.get(place)
        if waiting is not None:
            held = Held(waiting, held.by_hand)
        # Only what a person gave is compared with what they saw then.
        written = self._journal.written_to(place, self._folder.db_url) if held.by_hand else None
        return decide(
            place,
            tries,
            terms=self.terms,
            held=held,
            written=written.result if written else None,
            trouble=trouble,
            is_kept=is_kept,
        )

    def _write(self, standing: Standing) -> None:
        """Write what counts, unless it is what was written last."""
        (student, lesson), one = standing.place, standing.counting
        entry = self._journal.entry_of(standing.place, standing.result.digest)
        graded = self._folder.graded_try(student, lesson, standing.result.digest)
        if entry is None or one is None or not self._fits(standing):
            return
        page, url = self._folder.feedback(student, lesson), self._folder.db_url
        title, who = self._lessons[lesson].title, self._people.shown(student)
        shown = _shown(standing, title, who)
        is_on_page = page.exists() and self._journal.is_on_page(entry, shown)
        if is_on_page and self._is_in_gradebook(entry, standing, shown, url):
            return
        notebook = graded.read_bytes() if graded.exists() else None
        code = _code_of(notebook) if notebook else {}
        self._folder.write(page, feedback_page(standing, title=title, code=code, who=who))
        self._folder.remove(self._folder.no_result(student, lesson))
        if notebook is None:
            # Somebody removed it, and the file too; the gradebook keeps what it has.
            return
        self.register(lesson)
        book = self.open()
        book.write(
            standing.result,
            notebook,
            submitted_at=one.handed_in,
            penalty=standing.penalty,
            earlier={name for name, each in standing.by_hand.items() if each.is_earlier},
        )
        self._written.add(standing.place)
        self._held[standing.place] = Held(standing.extension, standing.by_hand)
        if standing.place in self._journal.extensions:
            book.extend(student, lesson, standing.extension)
            self._journal.drop_extension(standing.place)
        self._journal.mark_written(entry, url, shown)

    def _is_in_gradebook(self, entry: Entry, standing: Standing, shown: str, url: str) -> bool:
        if not self._folder.has_gradebook or not self._journal.is_written(entry, url, shown):
            return False
        if self._submitted is None or standing.place in self._written:
            return True
        found = self._submitted.get(standing.place)
        return found is not None and found.shows(standing)

    def _fits(self, standing: Standing) -> bool:
        """Return whether a result fits the lesson as it is now; an older one stays as it is."""
        lesson = self._lessons.get(standing.result.lesson)
        judged = {each.exercise for each in standing.result.exercises}
        return lesson is not None and judged == {each.name for each in lesson.exercises}

    def _write_trouble(self, standing: Standing) -> None:
        """Write a page that says why a submission has no result, and remove any result's page."""
        student, lesson = standing.place
        self._folder.remove(self._folder.feedback(student, lesson))
        path = self._folder.no_result(student, lesson)
        title, who = self._lessons[lesson].title, self._people.shown(student)
        page = feedback_page(standing, title=title, who=who)
        if not path.exists() or path.read_text(encoding="utf-8") != page:
            self._folder.write(path, page)

    def _extend(self) -> None:
        """Put granted extensions into the gradebook, where it has the submissions."""
        assert self._book is not None
        for place, span in list(self._journal.extensions.items()):
            if self._book.extend(*place, span):
                held = self._held.get(place, NOTHING_HELD)
                self._held[place] = Held(span, held.by_hand)
                self._journal.drop_extension(place)

    def _read_kept(self) -> bool:
        """Load what the gradebook had when last read; return whether it is unchanged since."""
        stamp = _stamp(self._folder.db_url)
        try:
            kept = json.loads(self._folder.by_hand.read_text(encoding="utf-8"))
            is_to_extend = any(map(self._journal.tries, self._journal.extensions))
            held = {
                (row["student"], row["lesson"]): Held(
                    timedelta(seconds=row["extension"]),
                    {name: ByHand(**each) for name, each in row["by_hand"].items()},
                )
                for row in kept["by_hand"]
            }
            if kept.get("url", self._folder.shown_db_url) != self._folder.shown_db_url:
                self._left, self._left_in = held, kept["url"]
            if stamp is None or kept["gradebook"] != stamp or is_to_extend:
                return False
            self._due = {name: datetime.fromisoformat(when) for name, when in kept["due"].items()}
            self._held = held
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return False
        return True

    def _keep_read(self) -> None:
        due = {**self._due, **self._journal.due}
        rows = [
            {
                "student": student,
                "lesson": lesson,
                "extension": held.extension.total_seconds(),
                "by_hand": {name: asdict(each) for name, each in held.by_hand.items()},
            }
            for (student, lesson), held in sorted(self._held.items())
            if held != NOTHING_HELD
        ]
        kept = {
            "url": self._folder.shown_db_url,
            "gradebook": _stamp(self._folder.db_url),
            "due": {name: when.isoformat() for name, when in sorted(due.items()) if when},
            "by_hand": rows,
        }
        self._folder.write(self._folder.by_hand, json.dumps(kept, indent=1) + "\n")


def _penalty(config: Any, agreed: str, folder: Path) -> Penalty:
    """Return what being late costs: by the instructor's plugin, or as agreed."""
    if has_own_penalty(config):
        if agreed:
            raise GradingError(
                f"{folder / 'nbgrader_config.py'} says what being late costs, and so does "
                f"--late-penalty {agreed}. Take it out of the file, or give --late-penalty none."
            )
        return _ByPlugin(config, folder)
    if not agreed:
        return no_penalty
    rule = read_late_penalty(agreed)
    return lambda _student, points, seconds: rule.of(points, seconds)


class _ByPlugin:
    """Ask an instructor's plugin, loaded only when something is late."""

    def __init__(self, config: Any, folder: Path) -> None:
        self._config, self._folder = config, folder
        self._plugin: Any = None

    def __call__(self, student: str, points: float, seconds: float) -> float:
        if self._plugin is None:
            from grader.grading.gradebook.late import LatePenalties

            self._plugin = LatePenalties(self._config, self._folder)
        return float(self._plugin.of(student, points, seconds))


def _shown(standing: Standing, title: str, who: str) -> str:
    """Return the digest of all that gradebook and page show besides the result itself."""
    named = [] if who == standing.result.student else [who]
    told = [standing_to_json(standing), title, page_digest(), *named]
    return digest_of(canonical(told).encode())


def _stamp(db_url: str) -> list[Any] | None:
    """Return a stamp that changes when a gradebook's file does, or None if there is no file."""
    path = Path(db_url.removeprefix("sqlite:///"))
    if str(path) == db_url:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return [digest_of(db_url.encode()), found.st_mtime_ns, found.st_size]


def _code_of(notebook: bytes) -> dict[str, str]:
    """Return the code of a graded notebook by cell; an exercise's cell has its name."""
    cells = json.loads(notebook)["cells"]
    return {each["id"]: source_of(each) for each in cells if each["cell_type"] == "code"}
