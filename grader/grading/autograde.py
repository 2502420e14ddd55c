"""Make nbgrader's own `autograde`, and formgrader's button, work as `grader grade` does.

nbgrader converts a notebook twice: first it prepares the notebook, then it runs it and saves the
points. These are our steps in both; `options` names them.
"""

from __future__ import annotations

import json
import os
from tempfile import TemporaryFile
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from grader.errors import GradingError
from grader.exercises import find_lesson
from grader.grading.course_notebooks import read_course_notebook
from grader.grading.crew import Crew
from grader.grading.gradebook.comment import comment_on
from grader.grading.rebuild import rebuild, refuse_other_lesson
from grader.grading.result import result_from_json
from grader.grading.sandbox import Limits, probe, refuse_unsealed
from grader.sources import find_root


class RebuildSubmission(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Keep of a submission only what the learner was asked to write."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook rebuilt from the course; raises GradingError for another lesson's."""
        lesson = resources["nbgrader"]["assignment"]
        refuse_other_lesson(nb, find_lesson(lesson))
        return _as_node(rebuild(nb, read_course_notebook(find_root(), lesson))), resources


class ExamineSubmission(NbGraderPreprocessor):  # type: ignore[misc]
    """Run a rebuilt notebook in a sealed kernel, and put the examiner's points into it."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook with outputs; raises GradingError when it could not be examined."""
        place = resources["nbgrader"]
        answer = _examine(nb, place["student"], place["assignment"])
        if "trouble" in answer:
            raise GradingError(answer["trouble"])
        resources["grader_result"] = answer["result"]
        return _as_node(answer["notebook"]), resources


class SaveComments(NbGraderPreprocessor):  # type: ignore[misc]
    """Write each exercise's diagnosis into its comment, which nbgrader's own step has cleared."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook unchanged, and save the comments on its result."""
        place = resources["nbgrader"]
        result = result_from_json(resources["grader_result"])
        with Gradebook(place["db_url"]) as gradebook:
            for each in result.exercises:
                comment = gradebook.find_comment(
                    each.exercise, place["notebook"], place["assignment"], place["student"]
                )
                comment.auto_comment = comment_on(each)
            gradebook.db.commit()
        return nb, resources


def _examine(notebook: NotebookNode, student: str, lesson: str) -> Any:
    level = probe()
    refuse_unsealed(
        level,
        allow_unsandboxed=False,
        instead="`grader grade --allow-unsandboxed` grades notebooks of people you trust.",
    )
    job = {
        "student": student,
        "lesson": lesson,
        "digest": "",
        # Nobody can know the data of this exam beforehand.
        "seed": os.urandom(8).hex(),
        "notebook": json.dumps(notebook),
        "is_rebuilt": True,
    }
    # In separate processes: formgrader's button runs inside an event loop.
    with TemporaryFile() as log, Crew(find_root(), level, Limits(), jobs=1, log=log) as crew:
        return next(crew.examine([job]))[1]


def _as_node(notebook: Any) -> NotebookNode:
    made: NotebookNode = nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]
    return made
