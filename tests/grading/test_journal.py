"""Results outlive a crash: in the journal before anything else is done with them."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.errors import GradingError
from grader.grading.journal import Entry, Journal
from grader.grading.result import Run
from tests.grading.test_result import sample

BOOK = "sqlite:///gradebook.db"
ENTRY = Entry(
    "k1", sample(), Run("namespaces", {"cells": 0.25}), datetime(2026, 11, 28, tzinfo=UTC)
)
OTHER = replace(ENTRY, key="k2")


def test_a_result_is_found_again(tmp_path: Path) -> None:
    """With how it was found, and when it was handed in."""
    with Journal(tmp_path / "journal") as journal:
        journal.add(ENTRY)
    with Journal(tmp_path / "journal") as journal:
        assert (journal.find("k1"), journal.find("k2")) == (ENTRY, None)


def test_a_class_keeps_its_seed(tmp_path: Path) -> None:
    """Drawn by chance once; another one would make the results differ."""
    with Journal(tmp_path / "a") as first, Journal(tmp_path / "b") as second:
        assert first.seed != second.seed
    with Journal(tmp_path / "a") as again:
        assert again.seed == first.seed
    with pytest.raises(GradingError, match="a class keeps its seed"):
        Journal(tmp_path / "a", seed="another")


@pytest.mark.parametrize("left", range(1, 400, 57))
def test_a_torn_line_is_cut_off(tmp_path: Path, left: int) -> None:
    """Whatever moment the machine stopped at, all whole lines count and the next one is whole."""
    path = tmp_path / "journal"
    with Journal(path) as journal:
        journal.add(ENTRY)
        whole = path.stat().st_size
        journal.add(OTHER)
    os.truncate(path, whole + left)
    with Journal(path) as journal:
        assert (journal.find("k1"), journal.find("k2")) == (ENTRY, None)
        journal.add(OTHER)
    with Journal(path) as journal:
        assert journal.find("k2") == OTHER
    assert [*map(json.loads, path.read_text().splitlines())]


def test_the_first_line_may_be_torn_too(tmp_path: Path) -> None:
    """Then nothing was found yet."""
    (tmp_path / "journal").write_text('{"journal": 1, "se')
    with Journal(tmp_path / "journal", seed="s") as journal:
        journal.add(ENTRY)
    with Journal(tmp_path / "journal") as journal:
        assert (journal.seed, journal.find("k1")) == ("s", ENTRY)


@pytest.mark.parametrize("text", ["[1]\n", "{}\n", '{"journal": 9, "seed": ""}\n', "no JSON\n"])
def test_another_file_is_not_taken_for_a_journal(tmp_path: Path, text: str) -> None:
    """It says so, and changes nothing."""
    (tmp_path / "journal").write_text(text)
    with pytest.raises(GradingError, match="is no journal of `grader grade`"):
        Journal(tmp_path / "journal")
    assert (tmp_path / "journal").read_text() == text


def test_what_a_gradebook_was_given_last_is_known(tmp_path: Path) -> None:
    """A result that another one of the same student replaced is written again, for each book."""
    with Journal(tmp_path / "journal") as journal:
        for entry in (ENTRY, OTHER):
            journal.add(entry)
            journal.mark_written(entry, BOOK)
    with Journal(tmp_path / "journal") as journal:
        assert [journal.is_written(each, BOOK) for each in (ENTRY, OTHER)] == [False, True]
        assert not journal.is_written(OTHER, "postgresql://elsewhere")
        journal.mark_written(ENTRY, BOOK)
        assert [journal.is_written(each, BOOK) for each in (ENTRY, OTHER)] == [True, False]
    assert BOOK not in (tmp_path / "journal").read_text()


def test_another_due_time_makes_a_result_unwritten(tmp_path: Path) -> None:
    """What is late depends on it, so gradebook and page are written again; also after a return."""
    lesson = ENTRY.result.lesson
    first, second = (datetime(2026, 12, day, tzinfo=UTC) for day in (1, 2))
    with Journal(tmp_path / "journal") as journal:
        journal.add(ENTRY)
        journal.keep_due({lesson: first})
        journal.mark_written(ENTRY, BOOK)
        journal.keep_due({lesson: second})
        journal.mark_written(ENTRY, BOOK)
        journal.keep_due({lesson: first})
    with Journal(tmp_path / "journal") as journal:
        assert journal.due == {lesson: first}
        assert not journal.is_written(ENTRY, BOOK)
        journal.keep_due({lesson: second})
        assert journal.is_written(ENTRY, BOOK)
