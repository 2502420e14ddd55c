"""The one writer: what the journal has goes into the gradebook and onto feedback pages.

The gradebook is opened when it is asked for or there is something to write: nbgrader takes seconds
to import.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from types import TracebackType

from grader.exams import Lesson
from grader.grading.feedback_page import feedback_page
from grader.grading.gradebook import Book, open_gradebook
from grader.grading.journal import Entry, Journal
from grader.grading.result import Result
from grader.grading.results_folder import ResultsFolder


class Writer:
    """Write results where instructors and nbgrader look for them. Use as a context manager.

    The journal says when lessons have to be handed in; what the gradebook holds stays for others.
    """

    def __init__(self, folder: ResultsFolder, journal: Journal, lessons: Sequence[Lesson]) -> None:
        self._folder = folder
        self._journal = journal
        self._lessons = lessons
        self._book: Book | None = None
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

    def open(self) -> None:
        """Open the gradebook; raises GradingError when it cannot be opened."""
        self._gradebook()

    def write(self, entry: Entry) -> None:
        """Write one result, unless it is what was written last."""
        student, lesson = entry.result.student, entry.result.lesson
        page = self._folder.feedback(student, lesson)
        url = self._folder.db_url
        is_there = self._folder.has_gradebook and page.exists()
        if is_there and self._journal.is_written(entry, url):
            return
        notebook = self._folder.graded(student, lesson).read_bytes()
        code = _code_of(notebook)
        due = self._journal.due.get(lesson)
        late = entry.handed_in - due if due else timedelta()
        made = feedback_page(entry.result, handed_in=entry.handed_in, late=late, code=code)
        self._folder.write(page, made)
        self._folder.no_result(student, lesson).unlink(missing_ok=True)
        self._gradebook().write(entry.result, notebook, submitted_at=entry.handed_in)
        self._journal.mark_written(entry, url)

    def write_trouble(self, result: Result) -> None:
        """Write a page that says why a submission has no result; an earlier one's page goes."""
        student, lesson = result.student, result.lesson
        self._folder.feedback(student, lesson).unlink(missing_ok=True)
        path, page = self._folder.no_result(student, lesson), feedback_page(result)
        if not path.exists() or path.read_text(encoding="utf-8") != page:
            self._folder.write(path, page)

    def _gradebook(self) -> Book:
        if self._book is None:
            opened = open_gradebook(self._folder.path, self._folder.chosen_db_url)
            self._book = self._open.enter_context(opened)
            for lesson in self._lessons:
                notebook = self._folder.source(lesson.name).read_bytes()
                self._book.register(lesson, notebook, due=self._journal.due.get(lesson.name))
        return self._book


def _code_of(notebook: bytes) -> dict[str, str]:
    """Return the code of a graded notebook by cell; an exercise's cell has its name."""
    cells = json.loads(notebook)["cells"]
    return {each["id"]: each["source"] for each in cells if each["cell_type"] == "code"}
