"""What a class predicted: from the outputs of its notebooks into the report, and nowhere else."""

import json
from pathlib import Path
from typing import Any

import pytest

from grader.errors import GradingError
from grader.exams import ANSWER_TYPE, Predicted, predicted_from
from grader.exercises.predictions import predictions_of
from grader.grading.notebook_file import NotebookFile, read_notebook_file
from grader.grading.report import read_class_results, summarize
from grader.grading.report.report_page import report_page
from grader.grading.report.write_report import report_json
from grader.grading.results_folder import ResultsFolder
from tests.grading.report.made_class import write_class

LESSON = "00_start_here"
FIRST, SECOND = predictions_of(LESSON)[:2]


def answer(id: str, choice: str, sure: int = 3, came: str = "b") -> dict[str, Any]:
    """Return an output as a notebook holds it."""
    told = {"id": id, "choice": choice, "sure": sure, "came": came}
    data = {"text/plain": "…", ANSWER_TYPE: told}
    return {"output_type": "display_data", "metadata": {}, "data": data}


def notebook(path: Path, *outputs: Any) -> NotebookFile:
    """Read a file whose one cell shows these."""
    cell = {"cell_type": "code", "source": "1", "metadata": {}, "outputs": list(outputs)}
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": [cell]}))
    return read_notebook_file(path)


def test_a_notebook_tells_what_its_outputs_keep(tmp_path: Path) -> None:
    """The last answer of each question; what is graded has none of it."""
    file = tmp_path / "x.ipynb"
    read = notebook(file, answer("one", "a"), answer("two", "b", 1), answer("one", "c", 2))
    assert read.predicted == (Predicted("one", "c", 2, "b"), Predicted("two", "b", 1, "b"))
    assert read.content == notebook(file).content
    assert notebook(file).predicted == ()


@pytest.mark.parametrize(
    "output",
    [
        *(None, 3, [], {}, {"data": 3}, {"data": {ANSWER_TYPE: "text"}}),
        *(answer("one", ""), answer("one", "a", 4), answer("one", "a", -1)),
        *({"data": {ANSWER_TYPE: {"id": 1, "choice": "a", "sure": 1, "came": ""}}},),
        *({"data": {ANSWER_TYPE: {"id": "one", "choice": "a", "sure": True, "came": ""}}},),
        *(answer("x" * 101, "a"), answer("one", ["a"])),
    ],
    ids=range(13),
)
def test_what_is_no_prediction_is_not_counted(tmp_path: Path, output: Any) -> None:
    """Anybody can write anything into an output; the file is graded all the same."""
    read = notebook(tmp_path / "x.ipynb", output, answer("two", "b"))
    assert read.predicted == (Predicted("two", "b", 3, "b"),)


def test_the_report_counts_by_question_choice_and_certainty(tmp_path: Path) -> None:
    """A newer file replaces an older one's, cleared outputs take it away, odd ones are left out."""
    folder = ResultsFolder(write_class(tmp_path))
    before = summarize(read_class_results(tmp_path))
    wrong = next(letter for letter in FIRST.choices if letter != FIRST.right)

    def collect(student: str, digest: str, *told: Predicted, earlier: str = "") -> None:
        folder.collect(student, LESSON, NotebookFile(digest, b"{}", told), earlier=earlier)

    collect("ada", "1", Predicted(FIRST.id, wrong, 3, "b"), Predicted(SECOND.id, "b", 1, "b"))
    collect("ben", "2", Predicted(FIRST.id, FIRST.right, 2, FIRST.right))
    collect("cho", "3", Predicted(FIRST.id, wrong, 3, "b"), Predicted("other", "a", 3, "a"))
    collect("dan", "4", Predicted(FIRST.id, "z", 3, "b"))
    collect("eve", "5", Predicted(FIRST.id, wrong, 3, "b"))
    collect("eve", "6", earlier="5")
    after = summarize(read_class_results(tmp_path))
    assert [(each.id, each.number, each.sure_and_wrong) for each in after.asked] == [
        (FIRST.id, 3, 2),
        (SECOND.id, 1, 0),
    ]
    first = after.asked[0]
    assert (first.counts[wrong], first.counts[FIRST.right]) == ({3: 2}, {2: 1})
    assert first.share_right == 1 / 3
    # Nothing else of the report changes.
    told, known = report_json(after), report_json(before)
    assert told.pop("predictions") != known.pop("predictions") == []
    assert told == known
    page = report_page(after)
    assert "What the class predicted" in page
    assert "2 sure" in page
    assert "What the class predicted" not in report_page(before)
    folder.forget("ada")
    assert summarize(read_class_results(tmp_path)).asked[0].number == 2


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    """The error says how to get it back."""
    path = write_class(tmp_path) / "predictions" / "ada" / f"{LESSON}.json"
    path.parent.mkdir(parents=True)
    path.write_text("{")
    with pytest.raises(GradingError, match=r"can't be read .* Grade again"):
        read_class_results(tmp_path)


def test_reading_gives_back_what_was_kept() -> None:
    """Only what has the shape of one."""
    told = {"id": "one", "choice": "a", "sure": 0, "came": ""}
    assert predicted_from(told) == Predicted("one", "a", 0, "")
    assert predicted_from({**told, "more": 1}) == Predicted("one", "a", 0, "")
    assert predicted_from({**told, "choice": ""}) is None
