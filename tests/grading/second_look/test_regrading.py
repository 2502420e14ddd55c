"""Graded again: old and new side by side, with the reason, and no change that nobody asked for."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.errors import GradingError
from grader.exams.verdict import Judged
from grader.exercises import COURSE, find_lesson
from grader.grading import Class, grade_class
from grader.grading.entries import Entry
from grader.grading.grade import settle_class
from grader.grading.journal import Journal
from grader.grading.result import ExerciseResult, Result, Run
from grader.grading.sandbox import Level
from grader.grading.second_look.regrade_page import write_regrade_page
from grader.grading.second_look.regrading import Again, Regraded, differences, regrade
from grader.grading.versions import (
    UNCHANGED,
    changed_since,
    keep_versions,
    lesson_version,
    read_versions,
)
from tests.grading.class_folder import RIGHT, ROOT, START, answered, hand_in
from tests.grading.made_results import HOSTILE, hostile_result, result

pytestmark = pytest.mark.xdist_group("regrading")

SEED = "a class of tests"
AGAIN: dict[str, Any] = {"level": Level.PROCESS, "allow_unsandboxed": True, "jobs": 1}
NOW = lesson_version(ROOT, START)


def test_each_thing_that_changed_is_named() -> None:
    """Code, notebook, Python and libraries; and that nothing did."""
    old = result("ada")
    for then, said in (
        (NOW, UNCHANGED),
        (replace(NOW, code="other"), "another version of the grader's code"),
        (replace(NOW, course="other"), "another notebook of the lesson"),
        (replace(NOW, libraries=("python 3.9", *NOW.libraries[1:])), "instead of python 3.9"),
    ):
        key = then.key(old, SEED)
        assert said in changed_since(key, old, NOW, [NOW, then], seed=SEED)
    assert "only that is known" in changed_since("a key", old, NOW, [NOW], seed=SEED)


def test_versions_are_remembered_once(tmp_path: Path) -> None:
    """And a file from elsewhere is no reason to stop."""
    other = replace(NOW, code="other")
    keep_versions(tmp_path, [NOW, NOW])
    keep_versions(tmp_path, [other, NOW])
    assert read_versions(tmp_path) == (NOW, other)
    (tmp_path / "versions.json").write_text("[7]")
    assert read_versions(tmp_path) == ()


def worse(one: ExerciseResult) -> ExerciseResult:
    """Return a result whose first criterion is not met."""
    first, *rest = one.verdict.judged
    judged = (Judged(first.criterion, is_met=False), *rest)
    return replace(one, verdict=replace(one.verdict, judged=judged, outcome="Not yet"))


def test_a_verdict_that_differs_is_told_in_words() -> None:
    """Which criterion, and which outcome."""
    now = result("ada").exercises[0]
    told = " ".join(differences(worse(now), now))
    assert "The outcome was Not yet, and is Correct." in told
    assert f"Now met: {now.verdict.judged[0].criterion.text}." in told
    assert differences(now, now) == ()


@pytest.mark.parametrize("said", HOSTILE)
def test_the_page_runs_nothing(tmp_path: Path, said: str) -> None:
    """Whatever a submission, its code and its student's name say."""
    old = hostile_result("eve", said)
    again = Again(
        old,
        replace(old, exercises=tuple(map(worse, old.exercises))),
        "It changed.",
        {"first_call": said},
    )
    page = write_regrade_page(tmp_path, Regraded(START, "", (again,))).read_text(encoding="utf-8")
    for each in ("<script>", "<img", "<svg", "<link", "<meta http-equiv=refresh", "\x1b", "\u202e"):
        assert each not in page
    assert "Before" in page


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a graded class of two."""
    folder = tmp_path_factory.mktemp("graded")
    for name in ("ada", "ben"):
        hand_in(folder / "submitted", name, answered({"first_call": RIGHT}))
    gathered = Class.gather(folder / "submitted", COURSE)
    grade_class(gathered, ROOT, folder / "out", seed=SEED, **AGAIN)
    return folder / "out"


def _points(folder: Path) -> dict[str, int]:
    rows = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return {row["student"]: row["points"] for row in rows}


def test_a_changed_check_is_seen_first_and_counts_only_if_kept(graded: Path) -> None:
    """An earlier version took points off both; one is looked at, then both are kept."""
    before = replace(NOW, code="before it was mended")
    keep_versions(graded, [before])
    with Journal(graded / "journal.jsonl") as journal:
        for name in ("ada", "ben"):
            place = name, START
            entry = journal.entry_of(place, journal.newest(place))
            assert entry is not None
            old = replace(
                entry.result,
                exercises=(worse(entry.result.exercises[0]), *entry.result.exercises[1:]),
            )
            journal.add(Entry(before.key(old, SEED), old, Run("process")))
    settle_class(graded)
    assert set(_points(graded).values()) == {3}

    looked = regrade(graded, ROOT, START, students=["ada"], exercise="first_call", **AGAIN)
    [one] = looked.again
    assert (one.old.points, one.new.points, one.changed) == (3, 4, ("first_call",))
    assert "another version of the grader's code" in one.why
    assert "first_call" in one.code
    assert _points(graded) == {"ada": 3, "ben": 3}
    assert "Nothing was changed" in write_regrade_page(graded, looked).read_text(encoding="utf-8")

    refused = regrade(graded, ROOT, START, exercise="describe_reply", is_kept=True, **AGAIN)
    assert not any(each.is_kept for each in refused.again)
    assert [note.split(":")[0] for note in refused.notes] == ["ada", "ben"]

    kept = regrade(graded, ROOT, START, is_kept=True, **AGAIN)
    assert all(each.is_kept for each in kept.again)
    assert _points(graded) == {"ada": 4, "ben": 4}
    again = regrade(graded, ROOT, START, **AGAIN)
    assert [(each.changed, each.why) for each in again.again] == [((), UNCHANGED)] * 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"students": ["zoe"]}, "zoe: no result of"),
        ({"lesson": "01_structure"}, "Nobody: no result of 01_structure"),
        ({"exercise": "run_tools"}, "has no exercise 'run_tools'.*first_call"),
    ],
)
def test_what_is_not_there_is_told(graded: Path, words: dict[str, Any], said: str) -> None:
    """Before anything starts."""
    with pytest.raises(GradingError, match=said):
        regrade(graded, ROOT, **{"lesson": START, **AGAIN, **words})


def test_a_result_without_a_file_is_a_trouble_and_stays(graded: Path, tmp_path: Path) -> None:
    """What was handed in may have been removed from the folder."""
    copy = shutil.copytree(graded, tmp_path / "copy")
    shutil.rmtree(copy / "collected")
    [one] = regrade(copy, ROOT, START, students=["ada"], is_kept=True, **AGAIN).again
    assert "is gone from" in one.new.trouble
    assert not one.is_kept


def test_all_exercises_of_a_lesson_can_be_looked_at() -> None:
    """One student without any change sees both sides of everything."""
    made = result("ada")
    again = Again(made, made, UNCHANGED)
    assert [each.exercise for each, _ in again.exercises] == [
        each.name for each in find_lesson(START).exercises
    ]
    assert again.changed == ()
    assert Again(made, Result("ada", START, trouble="no"), "").changed == ()
