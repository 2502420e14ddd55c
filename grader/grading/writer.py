"""The one writer: what the journal has goes into the gradebook and onto feedback pages.

The gradebook is opened when there is something to write: nbgrader takes seconds to import.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from grader.exams import Lesson
from grader.grading.feedback_page import feedback_page
from grader.grading.journal import Entry, Journal
from grader.grading.results_folder import ResultsFolder

if TYPE_CHECKING:
    from grader.grading.gradebook import Gradebook


class Writer:
    """Write results where instructors and nbgrader look for them. Use as a context manager."""

    def __init__(
        self, folder: ResultsFolder, journal: Journal, course: Path, lessons: Sequence[Lesson]
    ) -> None:
        self._folder = folder
        self._journal = journal
        self._course = course
        self._lessons = lessons
        self._book: Gradebook | None = None
        self._open = ExitStack()

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def write(self, entry: Entry) -> None:
        """Write one result, unless it is what was written last."""
        student, lesson = entry.result.student, entry.result.lesson
        page = self._folder.feedback(student, lesson)
        url = self._folder.db_url
        is_there = self._folder.has_gradebook and page.exists()
        if is_there and self._journal.is_written(entry, url):
            return
        page.parent.mkdir(parents=True, exist_ok=True)
        self._folder.write(page, feedback_page(entry.result))
        notebook = self._folder.graded(student, lesson).read_bytes()
        self._gradebook().write(entry.result, notebook, submitted_at=entry.handed_in)
        self._journal.mark_written(entry, url)

    def _gradebook(self) -> Gradebook:
        if self._book is None:
            from grader.grading.gradebook import open_gradebook

            self._book = self._open.enter_context(open_gradebook(self._folder.db_url))
            for lesson in self._lessons:
                self._book.register(lesson, self._folder.source(lesson.name))
        return self._book
