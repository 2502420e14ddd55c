"""A key changes with what can change a verdict, and with nothing else."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import grader
from grader.exercises import COURSE
from grader.grading import keys
from grader.grading.keys import NO_VERDICT, grader_digest, key_of

PACKAGE = Path(grader.__file__).parent
LESSONS = [each.name for each in COURSE]
TOOLS = "03_tool_use"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the package, to be changed."""
    made = tmp_path_factory.mktemp("package") / "grader"
    return shutil.copytree(PACKAGE, made, ignore=shutil.ignore_patterns("__pycache__"))


@pytest.fixture(scope="module")
def changed(copy: Path) -> Iterator[dict[str, set[str]]]:
    """Give which lessons get another digest by a line at the end of each file.

    In the end each file is as it was, and so is each digest.
    """

    def digests() -> dict[str, str]:
        grader_digest.cache_clear()
        return {lesson: grader_digest(lesson, copy) for lesson in LESSONS}

    before = digests()

    class Changed(dict[str, set[str]]):
        def __missing__(self, name: str) -> set[str]:
            path = copy / name
            text = path.read_text(encoding="utf-8")
            path.write_text(f"{text}# a comment\n", encoding="utf-8")
            after = digests()
            path.write_text(text, encoding="utf-8")
            return {each for each in LESSONS if before[each] != after[each]}

    yield Changed()
    assert digests() == before


@pytest.mark.parametrize(
    "name",
    [
        "errors.py",
        "catalog/models.toml",
        "simulator/core.py",
        "simulator/replies/answers.toml",
        "exams/exam.py",
        "exercises/shared.md",
        "classroom/connection.py",
        "grading/examination.py",
        "grading/rebuild.py",
        "grading/notebook_file.py",
        "grading/worker.py",
        "grading/kernels/inner_kernel.py",
        "grading/sandbox/seccomp.py",
    ],
)
def test_what_can_change_a_verdict_is_part_of_every_key(
    changed: dict[str, set[str]], name: str
) -> None:
    """Everything is examined again after a change of it."""
    assert changed[name] == set(LESSONS)


@pytest.mark.parametrize(
    "name",
    [
        "cli/doctor.py",
        "authoring/build.py",
        "classroom/widgets/bill.py",
        "grading/feedback_page.py",
        "grading/gathering.py",
        "grading/grade.py",
        "grading/gradebook/book.py",
        "grading/journal.py",
        "grading/report/plots.py",
        "grading/standing.py",
        "grading/writer.py",
    ],
)
def test_what_only_tells_of_a_verdict_is_part_of_no_key(
    changed: dict[str, set[str]], name: str
) -> None:
    """Nobody is examined again for a comment in it."""
    assert changed[name] == set()


def test_an_exercise_is_part_of_its_lessons_key(changed: dict[str, set[str]]) -> None:
    """And of the lessons' that take something from it; the results of others stay."""
    folders = {each.partition("_")[2]: each for each in LESSONS}
    for own, lesson in folders.items():
        takers = {
            other
            for folder, other in folders.items()
            for each in (PACKAGE / "exercises" / folder).rglob("*.py")
            if f"grader.exercises.{own}" in each.read_text()
        }
        assert changed[f"exercises/{own}/__init__.py"] == {lesson, *takers}
    assert changed["exercises/tool_use/__init__.py"] == {TOOLS}


def test_what_is_left_out_is_there_and_no_worker_needs_it() -> None:
    """A module that examining loads is part of the key, but for the two that only name things."""
    assert not [each for each in NO_VERDICT if not (PACKAGE / each).exists()]
    said = subprocess.run(
        [sys.executable, "-c", "import grader.grading.worker, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    loaded = {each.removeprefix("grader.").replace(".", "/") for each in said}
    left_out = {each.removesuffix(".py") for each in NO_VERDICT}
    assert {each for each in left_out if each in loaded} == {"grading/keys"}


def test_a_key_holds_who_handed_in_what(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the versions of what the learner's code calls."""

    def key(**other: str) -> str:
        parts = {"student": "ada", "lesson": TOOLS, "digest": "d", "course": "c", "seed": "s"}
        return key_of(**{**parts, **other})

    names = ("student", "digest", "course", "seed")
    made = {key(), *(key(**{name: "x"}) for name in names), key(lesson="01_structure")}
    assert len(made) == 6
    assert key() == key()
    monkeypatch.setattr(keys, "library_versions", lambda: ("anthropic 99",))
    assert key() not in made
