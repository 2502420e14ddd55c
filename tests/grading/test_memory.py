"""What a class takes in memory: an index of its results, and none of their evidence."""

import gc
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.exams import Verdict
from grader.grading import results_folder
from grader.grading.grade import settle_class
from grader.grading.hand_in_times import HandIn
from grader.grading.journal import Entry, Journal
from grader.grading.report import read_class_results
from grader.grading.result import Result, Run
from grader.grading.results_folder import ResultsFolder
from tests.grading.made_results import result
from tests.grading.made_standings import NOON, MadeClass, standing_of

EVIDENCE = 15_000
INDEX = 3_000
"""How many bytes a result may take in memory; on disk its evidence alone takes EVIDENCE."""


def talkative(student: str) -> Result:
    """Return a result whose evidence is long, and nobody else's."""
    made = result(student, first_call="no-max-tokens")
    first = made.exercises[0]
    said = (student * EVIDENCE)[:EVIDENCE]
    told = replace(first.verdict, requests=({"model": said},), printed=student, traceback=student)
    return replace(made, exercises=(replace(first, verdict=told), *made.exercises[1:]))


def growth(held: Callable[[int], Any]) -> float:
    """Return how many bytes more are taken for each of 100 more results, at the worst moment."""
    peaks = []
    held(1)
    for number in (100, 200):
        gc.collect()
        tracemalloc.start()
        kept = held(number)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        del kept
    return (peaks[1] - peaks[0]) / 100


def test_a_journal_is_an_index(tmp_path: Path) -> None:
    """Opened with all its results known, each of which is read from disk when it's asked for."""

    def opened(number: int) -> Journal:
        journal = Journal(tmp_path / f"{number}")
        for each in range(number):
            if f"key {each}" not in journal:
                entry = Entry(f"key {each}", talkative(f"s{each}"), Run("namespaces"))
                journal.see(entry.place, entry.result.digest, at=NOON)
                journal.add(entry)
                journal.mark_written(entry, "sqlite:///gradebook.db", f"shown {each}")
        journal.__exit__(None, None, None)
        with Journal(tmp_path / f"{number}") as again:
            return again

    assert growth(opened) < INDEX
    with Journal(tmp_path / "100") as journal:
        assert journal.find("key 7") == Entry("key 7", talkative("s7"), Run("namespaces"))


def test_results_are_written_one_at_a_time(tmp_path: Path) -> None:
    """Whoever gives them, the writer holds none."""

    def written(number: int) -> None:
        made = ((each, talkative(f"s{each}")) for each in range(number))
        rows = ((standing_of(one, hand_in=HandIn(NOON)), one, Run("namespaces")) for _, one in made)
        ResultsFolder(tmp_path / f"{number}").write_results(rows, of="")

    assert growth(written) < INDEX


def test_a_report_reads_no_evidence(tmp_path: Path) -> None:
    """Neither what reads the file nor what comes of it takes more for longer evidence."""
    for number in (1, 100, 200):
        rows = (
            (standing_of(one), one, None) for one in (talkative(f"s{n}") for n in range(number))
        )
        ResultsFolder(tmp_path / f"{number}").write_results(rows, of="")
    assert growth(lambda number: read_class_results(tmp_path / f"{number}")) < INDEX


def test_settling_a_class_has_one_students_evidence_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many verdicts with evidence are in memory for a class twice as large."""
    peaks = []
    result_to_json = results_folder.result_to_json
    for size in (3, 6):
        counts: list[int] = []

        def counting(one: Result, counts: list[int] = counts) -> Any:
            live = (each for each in gc.get_objects() if isinstance(each, Verdict))
            counts.append(sum(each.printed.startswith("talker") for each in live))
            return result_to_json(one)

        made = MadeClass(tmp_path / f"{size}")
        for number in range(size):
            made.hand_in(talkative(f"talker{number}"))
        with monkeypatch.context() as patch:
            patch.setattr(results_folder, "result_to_json", counting)
            gc.collect()
            settle_class(made.path)
        assert len(counts) == size
        peaks.append(max(counts))
    assert peaks[0] == peaks[1] >= 1
