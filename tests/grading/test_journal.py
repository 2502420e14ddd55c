"""Results outlive a crash: in the journal before anything else is done with them."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from errno import ENOSPC
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import GradingError
from grader.grading.journal import Entry, Journal, NoResult
from grader.grading.result import Run, result_to_json
from grader.grading.whole_file import NoRoom
from tests.grading.test_result import sample

BOOK = "sqlite:///gradebook.db"
ENTRY = Entry("k1", sample(), Run("namespaces", {"cells": 0.25}))
PLACE = ENTRY.result.student, ENTRY.result.lesson
DIGEST = ENTRY.result.digest
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
OTHER = replace(ENTRY, key="k2")


def test_a_result_is_found_again(tmp_path: Path) -> None:
    """With how it was found."""
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
    with pytest.raises(GradingError, match="is not a journal of `grader grade`"):
        Journal(tmp_path / "journal")
    assert (tmp_path / "journal").read_text() == text


def test_what_a_gradebook_was_given_last_is_known(tmp_path: Path) -> None:
    """A result that another one of the same student replaced is written again, for each book."""
    with Journal(tmp_path / "journal") as journal:
        for entry in (ENTRY, OTHER):
            journal.add(entry)
            journal.mark_written(entry, BOOK, "so")
    with Journal(tmp_path / "journal") as journal:
        assert [journal.is_written(each, BOOK, "so") for each in (ENTRY, OTHER)] == [False, True]
        assert not journal.is_written(OTHER, "postgresql://elsewhere", "so")
        journal.mark_written(ENTRY, BOOK, "so")
        assert [journal.is_written(each, BOOK, "so") for each in (ENTRY, OTHER)] == [True, False]
    assert BOOK not in (tmp_path / "journal").read_text()


def test_what_is_shown_otherwise_is_unwritten(tmp_path: Path) -> None:
    """In a gradebook and on the page, of which there is one for all gradebooks."""
    with Journal(tmp_path / "journal") as journal:
        journal.add(ENTRY)
        journal.mark_written(ENTRY, BOOK, "so")
        journal.mark_written(ENTRY, "postgresql://elsewhere", "otherwise")
    with Journal(tmp_path / "journal") as journal:
        shown = [journal.is_written(ENTRY, BOOK, each) for each in ("so", "otherwise")]
        on_page = [journal.is_on_page(ENTRY, each) for each in ("so", "otherwise")]
        assert (shown, on_page) == ([True, False], [False, True])


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), min_size=1, max_size=12))
def test_the_earliest_time_at_which_a_file_was_seen_stays(seen: list[tuple[str, int]]) -> None:
    """Whatever is copied, unpacked or put back later; the newest file is the one seen last."""
    with TemporaryDirectory() as folder:
        for digest, hours in seen:
            with Journal(Path(folder, "journal")) as journal:
                journal.see(PLACE, digest, at=NOON + timedelta(hours=hours))
        with Journal(Path(folder, "journal")) as journal:
            assert {digest: each.at for digest, each in journal.tries(PLACE).items()} == {
                digest: NOON + timedelta(hours=min(h for d, h in seen if d == digest))
                for digest, _ in seen
            }
            assert journal.newest(PLACE) == seen[-1][0]


def test_a_time_that_is_given_belongs_to_the_file_that_lies_there(tmp_path: Path) -> None:
    """It stays with that file; the next one has its own."""
    with Journal(tmp_path / "journal") as journal:
        journal.keep_times({PLACE: NOON})
    with Journal(tmp_path / "journal") as journal:
        journal.see(PLACE, "first", at=NOON + timedelta(days=3))
        journal.see(PLACE, "second", at=NOON + timedelta(days=5))
    with Journal(tmp_path / "journal") as journal:
        assert [(each.at, each.source) for each in journal.tries(PLACE).values()] == [
            (NOON, "given"),
            (NOON + timedelta(days=5), "first seen"),
        ]
        assert journal.times == {}


def test_all_that_was_said_is_remembered(tmp_path: Path) -> None:
    """Due dates in their own zone and taken back, tries, penalty, extensions, troubles."""
    zone = timezone(timedelta(hours=1))
    trouble = NoResult("eve", "00_start_here", "Not JSON.")
    with Journal(tmp_path / "journal") as journal:
        journal.keep_due({"a": NOON.astimezone(zone), "b": NOON})
        journal.keep_due({"b": None})
        journal.keep_attempts("best")
        journal.keep_late_penalty("10%/day")
        journal.keep_extensions({PLACE: timedelta(days=2), ("ben", "a"): timedelta()})
        journal.drop_extension(("ben", "a"))
        journal.keep_troubles((trouble,))
        journal.keep_gone(frozenset({PLACE}))
    size = (tmp_path / "journal").stat().st_size
    with Journal(tmp_path / "journal") as journal:
        assert journal.due == {"a": NOON, "b": None}
        assert journal.due["a"].utcoffset() == timedelta(hours=1)  # type: ignore[union-attr]
        assert (journal.attempts, journal.late_penalty) == ("best", "10%/day")
        assert journal.extensions == {PLACE: timedelta(days=2)}
        assert (journal.troubles, journal.gone) == ((trouble,), {PLACE})
        journal.keep_due({"b": None})
        journal.keep_troubles((trouble,))
    assert (tmp_path / "journal").stat().st_size == size


def test_a_journal_of_the_first_version_is_read(tmp_path: Path) -> None:
    """Its hand-in times are when files were first seen, over all keys, and stay so."""
    lines: list[object] = [{"journal": 1, "seed": "s"}]
    for key, hour in (("k1", 15), ("k2", 11)):
        lines.append(
            {
                "key": key,
                "result": result_to_json(ENTRY.result),
                "run": {"level": "namespaces", "seconds": {}},
                "handed_in": f"2026-11-28T{hour}:00:00+00:00",
            }
        )
    lines += [{"written": "k2", "gradebook": "g", "due": ""}, {"due": {"a": NOON.isoformat()}}]
    (tmp_path / "journal").write_text("".join(json.dumps(each) + "\n" for each in lines))
    with Journal(tmp_path / "journal") as journal:
        journal.see(PLACE, DIGEST, at=NOON + timedelta(days=9))
    with Journal(tmp_path / "journal") as journal:
        assert (journal.seed, journal.due) == ("s", {"a": NOON})
        [seen] = journal.tries(PLACE).values()
        assert seen.at == NOON - timedelta(hours=1)
        entry = journal.entry_of(PLACE, DIGEST)
        assert entry is not None
        assert entry.key == "k2"


def test_a_time_that_is_taken_back_counts_no_longer(tmp_path: Path) -> None:
    """Neither for the file that it was given for, nor for the next one."""
    later = NOON + timedelta(days=2)
    with Journal(tmp_path / "journal") as journal:
        journal.keep_times({PLACE: later, ("ben", "b"): later})
        journal.see(PLACE, "a", at=NOON)
        assert journal.tries(PLACE)["a"].at == later
    for _ in range(2):
        with Journal(tmp_path / "journal") as journal:
            journal.keep_times({PLACE: None, ("ben", "b"): None, ("cho", "c"): None})
            assert (journal.tries(PLACE)["a"].at, journal.times) == (NOON, {})
    with Journal(tmp_path / "journal") as journal:
        assert (journal.tries(PLACE)["a"].given, journal.times) == (None, {})
        journal.see(PLACE, "b", at=NOON)
        assert journal.tries(PLACE)["b"].at == NOON


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_full_disk_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """No half line stays: with room again the next one is whole."""

    def full(*_: object) -> int:
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    with Journal(tmp_path / "journal") as journal:
        before = (tmp_path / "journal").read_bytes()
        real = os.write
        with monkeypatch.context() as patch:
            # Half of the line still found room.
            patch.setattr(os, "write", lambda file, data: real(file, data[:9]))
            patch.setattr(os, call, full)
            if call == "fsync":
                patch.setattr(os, "write", real)
            with pytest.raises(NoRoom, match=r"journal cannot be written \(No space left.*again"):
                journal.add(ENTRY)
        assert (tmp_path / "journal").read_bytes() == before
        journal.add(ENTRY)
    with Journal(tmp_path / "journal") as journal:
        assert journal.find("k1") == ENTRY
