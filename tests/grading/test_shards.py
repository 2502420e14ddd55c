"""Parts of a class: together they are the class, and merged they are what one machine would say."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import GradingError
from grader.exercises import COURSE
from grader.grading import Class, GradeReport, grade_class
from grader.grading.journal import Journal
from grader.grading.merging import merge_folders
from grader.grading.sandbox import Level
from grader.grading.shards import Shard, read_shard
from tests.grading.class_folder import RIGHT, ROOT, START, answered, course_notebook, hand_in

pytestmark = pytest.mark.xdist_group("shards")

SEED = "a class of tests"
NAMES = ("ada", "ben", "cem", "dora", "eve")


def grade(submitted: Path, out: Path, part: str = "1/1", **more: object) -> GradeReport:
    """Grade a part of a class in the simplest kernel."""
    gathered = Class.gather(submitted, COURSE, shard=read_shard(part))
    settings = {"seed": SEED, "level": Level.PROCESS, "allow_unsandboxed": True, "jobs": 1, **more}
    return grade_class(gathered, ROOT, out, **settings)  # type: ignore[arg-type]


@given(student=st.text(max_size=40), of=st.integers(1, 50))
def test_everybody_belongs_to_exactly_one_part(student: str, of: int) -> None:
    """Whoever else hands in; and a trouble that is no student's is told once."""
    parts = [number for number in range(1, of + 1) if student in Shard(number, of)]
    assert len(parts) == 1
    assert student or parts == [1]


@pytest.mark.parametrize("text", ["0/8", "9/8", "2", "2/", "a/b", "-1/3", "2/0", "1/1/1", "٢/٨"])
def test_no_part_of_a_class_is_told_with_an_example(text: str) -> None:
    """Before anything starts."""
    with pytest.raises(GradingError, match=r"is no part of a class.*--shard 2/8"):
        read_shard(text)


def test_a_part_needs_the_seed_of_the_class(tmp_path: Path) -> None:
    """The sentence has one to use, and with one it starts."""
    hand_in(tmp_path / "submitted", "ada", json.dumps(course_notebook()))
    with pytest.raises(GradingError, match=r"--seed [0-9a-f]{32}$"):
        grade(tmp_path / "submitted", tmp_path / "out", "1/2", seed=None)


@pytest.fixture
def submitted(tmp_path: Path) -> Path:
    """Give a class of five, with a try that counts, troubles, and a file that is nobody's."""
    folder = tmp_path / "submitted"
    for number, name in enumerate(NAMES):
        right = answered({"first_call": RIGHT}) if number % 2 else json.dumps(course_notebook())
        hand_in(folder, name, right)
    hand_in(folder, "eve", "torn {")
    (folder / "cem.ipynb").write_text("{}")
    return folder


def test_merged_parts_are_what_one_machine_says(submitted: Path, tmp_path: Path) -> None:
    """The same results, standings, feedback pages and points, troubles too; also when repeated."""
    whole = grade(submitted, tmp_path / "whole")
    parts = []
    for number in (1, 2, 3):
        part = tmp_path / f"part{number}"
        report = grade(submitted, part, f"{number}/3")
        assert {each.student for each in report.results if each.student} <= set(NAMES)
        parts.append(part)
    for _ in range(2):
        merged = merge_folders(parts, ROOT, tmp_path / "merged")
        assert (merged.results, merged.notes) == (4, ())
        same = [
            json.loads((each / "results.json").read_text())
            for each in (whole.folder.path, tmp_path / "merged")
        ]
        for row in [row for rows in same for row in rows]:
            for one in row["standing"]["tries"]:
                # Each folder saw the file at its own time only if it was first seen there.
                one.pop("handed_in")
        assert same[0] == same[1]
    pages = {
        each.relative_to(tmp_path / "merged")
        for each in (tmp_path / "merged" / "feedback").rglob("*.html")
    }
    assert pages == {
        each.relative_to(whole.folder.path)
        for each in (whole.folder.path / "feedback").rglob("*.html")
    }
    again = grade(submitted, tmp_path / "merged", seed=None)
    assert again.examined == 0
    assert again.results == whole.results


@pytest.mark.proofs
def test_parts_one_after_the_other_in_one_folder_are_the_class(
    submitted: Path, tmp_path: Path
) -> None:
    """Nobody of another part is taken for gone."""
    out = tmp_path / "out"
    reports = [grade(submitted, out, f"{number}/2") for number in (1, 2)]
    assert not any("gone" in note for report in reports for note in report.notes)
    whole = grade(submitted, out, seed=None)
    assert whole.examined == 0
    assert not any(each.is_kept for each in whole.standings)


def begun(folder: Path, *, seed: str = SEED, attempts: str = "", digest: str = "d1") -> Path:
    """Make a folder of results whose journal has seen one file."""
    folder.mkdir()
    with Journal(folder / "journal.jsonl", seed=seed) as journal:
        journal.keep_attempts(attempts)
        journal.see(("ada", START), digest, at=datetime(2026, 11, 1, tzinfo=UTC))
    return folder


def test_parts_that_were_graded_otherwise_are_not_merged(tmp_path: Path) -> None:
    """Another seed, other terms, or a folder without results; each sentence names what to do."""
    first, empty = begun(tmp_path / "first"), tmp_path / "empty"
    empty.mkdir()
    for second, said in (
        (begun(tmp_path / "b", seed="another one, as long"), "was graded with the seed"),
        (begun(tmp_path / "c", attempts="best"), r"--attempts none, and .* with best"),
        (begun(tmp_path / "d", digest="d2"), rf"ada · {START} is in .*d and in another folder"),
        (empty, r"has no results of `grader grade`"),
        (first, "is named twice"),
    ):
        with pytest.raises(GradingError, match=said):
            merge_folders([first, second], ROOT, tmp_path / "out")
    with pytest.raises(GradingError, match="is inside"):
        merge_folders([first], ROOT, first)


def test_extensions_that_only_a_gradebook_has_are_merged(tmp_path: Path) -> None:
    """Points by hand are not, and that is said."""
    part = begun(tmp_path / "part")
    by_hand = {"first_call": {"points": 3.0, "extra": None, "comment": "", "is_earlier": False}}
    row = {"student": "ada", "lesson": START, "extension": 7200.0, "by_hand": by_hand}
    (part / "by_hand.json").write_text(json.dumps({"gradebook": None, "due": {}, "by_hand": [row]}))
    merged = merge_folders([part], ROOT, tmp_path / "out")
    assert "given by hand in the gradebook of" in merged.notes[0]
    with Journal(tmp_path / "out" / "journal.jsonl") as journal:
        assert journal.extensions == {("ada", START): timedelta(hours=2)}
