"""Make what counts for a test: of one result, or of a whole class without a kernel."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from grader.exercises import find_lesson
from grader.grading.grade import settle_class
from grader.grading.hand_in_times import HandIn, Place
from grader.grading.journal import Entry, Journal
from grader.grading.keys import digest_of
from grader.grading.notebook_file import NotebookFile
from grader.grading.result import Result, Run
from grader.grading.results_folder import ResultsFolder, known_folder
from grader.grading.standing import NOTHING_HELD, Held, Standing, Terms, decide
from tests.grading.class_folder import ROOT, START, STRUCTURE, course_notebook

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def standing_of(
    result: Result,
    *,
    hand_in: HandIn | None = None,
    terms: Terms | None = None,
    held: Held = NOTHING_HELD,
) -> Standing:
    """Return what counts for a student who handed in once."""
    place = result.student, result.lesson
    if result.trouble:
        return decide(place, (), terms=Terms(), trouble=result)
    tries = [(hand_in or HandIn(NOON), result.digest, result)]
    return decide(place, tries, terms=terms or Terms(), held=held)


class MadeClass:
    """Fill a folder of results as `grader grade` does, with verdicts that are known already."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files = 0
        path.mkdir(parents=True, exist_ok=True)
        self.folder.write_configs("")
        self.folder.copy_lessons(ROOT, map(find_lesson, (START, STRUCTURE)))

    @property
    def folder(self) -> ResultsFolder:
        """Return where the results lie."""
        return known_folder(self.path)

    def hand_in(self, result: Result, at: datetime = NOON, **times: datetime) -> Result:
        """Put a student's newest file and its result into the journal; times: see `HandIn`."""
        self._files += 1
        content = b"%d" % self._files
        place, digest = (result.student, result.lesson), digest_of(content)
        with Journal(self.folder.journal) as journal:
            earlier = journal.newest(place)
        self.folder.collect(*place, NotebookFile(digest, content), earlier=earlier)
        self.folder.keep_graded(*place, digest, course_notebook(result.lesson))
        filed = replace(result, digest=digest)
        with Journal(self.folder.journal) as journal:
            if times.get("given"):
                journal.keep_times({place: times["given"]})
            journal.see(place, digest, at=at, stamped=times.get("stamped"))
            journal.add(Entry(f"key of {digest}", filed, Run("namespaces", {"cells": 0.5})))
        return filed

    def say(
        self,
        due: Mapping[str, datetime | None] | None = None,
        extensions: Mapping[Place, timedelta] | None = None,
        **words: str,
    ) -> None:
        """Say what holds for the class; words: attempts and late_penalty."""
        with Journal(self.folder.journal) as journal:
            journal.keep_due(due or {})
            journal.keep_extensions(extensions or {})
            if "attempts" in words:
                journal.keep_attempts(words["attempts"])
            if "late_penalty" in words:
                journal.keep_late_penalty(words["late_penalty"])
                self.folder.write_configs(words["late_penalty"])

    def settle(self) -> dict[Place, Any]:
        """Write everything down, and return the rows of results.json."""
        settle_class(self.path)
        rows = json.loads(self.folder.results.read_text(encoding="utf-8"))
        return {(row["student"], row["lesson"]): row for row in rows}

    def give_by_hand(
        self,
        student: str,
        *,
        points: float | None = None,
        extra: float | None = None,
        comment: str | None = None,
        lesson: str = START,
        exercise: str = "first_call",
    ) -> None:
        """Do what formgrader does when a person gives points, a bonus and a comment."""
        from nbgrader.api import Gradebook

        with Gradebook(self.folder.db_url) as gradebook:
            grade = gradebook.find_grade(f"check_{exercise}", lesson, lesson, student)
            grade.manual_score, grade.extra_credit = points, extra
            grade.needs_manual_grade = False
            words = gradebook.find_comment(exercise, lesson, lesson, student)
            words.manual_comment = comment
            gradebook.db.commit()

    def nbgrader_says(self) -> dict[Place, float]:
        """Return what nbgrader's own export makes of each submission."""
        from nbgrader.api import Gradebook

        with Gradebook(self.folder.db_url) as gradebook:
            return {
                (each.student.id, each.name): max(0.0, each.score - each.late_submission_penalty)
                for assignment in gradebook.assignments
                for each in assignment.submissions
            }
