"""`grader verify`: what a certificate claims is run again, and each claim is answered."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader.certificates import Certificate, LearnerCell, LessonWork, Passed, certificate_page
from grader.classroom import progress
from grader.classroom.progress_file import VARIABLE, Progress, ProgressRecord, save_progress
from grader.cli import app
from grader.errors import GradingError
from grader.exams import LocalCandidate, examine
from grader.exercises import find_exercise
from grader.grading.sandbox import Level
from grader.grading.verifying import Verification, verify
from grader.sources import solution_source
from tests.certificates.samples import ADA
from tests.grading.class_folder import RIGHT, ROOT, START, STRUCTURE, answered

RUNNER = CliRunner()
SEED = "5eed"


def _prompts_of(seed: int) -> list[str]:
    """Return the prompts that the exam of first_call sends with a seed."""
    seen: list[str] = []
    names: dict[str, Callable[..., object]] = {}
    exec(RIGHT, names)

    def first_call(client: object, prompt: str) -> object:
        seen.append(prompt)
        return names["first_call"](client, prompt)

    examine(find_exercise("first_call"), LocalCandidate({"first_call": first_call}), seed=seed)
    return seen


def _solved(name: str, lesson: str) -> LearnerCell:
    return LearnerCell(name, name, solution_source(ROOT, lesson, name))


def _points(name: str) -> int:
    return find_exercise(name).points


def test_each_claim_is_answered() -> None:
    """What passes holds; what doesn't, passes by its seed alone, or isn't there, has a reason."""
    known = _prompts_of(int(SEED, 16))
    by_heart = (
        f"{RIGHT}\n_known, _right = {known!r}, first_call\n"
        "def first_call(client, prompt):\n"
        "    return _right(client, prompt if prompt in _known else 'Hello')\n"
    )
    certificate = Certificate(
        "2026-11-30",
        "0123456789ab",
        (
            LessonWork(
                START,
                (
                    Passed("first_call", _points("first_call"), seed=SEED),
                    Passed("describe_reply", _points("describe_reply"), seed=SEED),
                ),
                (
                    LearnerCell("first_call", "first_call", by_heart),
                    LearnerCell(
                        "describe_reply", "describe_reply", "def describe_reply(message): ..."
                    ),
                ),
            ),
            LessonWork(
                STRUCTURE,
                (
                    Passed("text_of", _points("text_of"), seed=SEED),
                    Passed("finish_reason", _points("finish_reason")),
                    Passed("split_system", 900),
                    Passed("sudoku", 4),
                ),
                (
                    # A name that the answer needs may stand in any cell before it.
                    LearnerCell("mine", "", "import json as j\nKIND = 'text'"),
                    LearnerCell(
                        "text_of",
                        "text_of",
                        "def text_of(message):\n    return ''.join("
                        "b.text for b in message.content if b.type == KIND)",
                    ),
                    _solved("finish_reason", STRUCTURE),
                    _solved("split_system", STRUCTURE),
                ),
            ),
            LessonWork(
                "02_conversations",
                (Passed("chat", _points("chat")),),
                (LearnerCell("chat", "chat", "#" * 200_001),),
            ),
            LessonWork("99_nowhere", (Passed("first_thing", 1),), ()),
        ),
    )
    done: list[None] = []
    found = verify(
        certificate,
        ROOT,
        level=Level.PROCESS,
        allow_unsandboxed=True,
        on_examined=lambda: done.append(None),
    )
    assert len(done) == 6
    said = {each.exercise: each for each in found}
    assert list(said) == [one.name for work in certificate.lessons for one in work.passed]
    assert [name for name, each in said.items() if each.holds] == ["text_of", "finish_reason"]
    assert said["text_of"] == Verification(STRUCTURE, "text_of", _points("text_of"))
    assert said["first_call"].why_not.startswith("It passes with its own seed, and not with new")
    assert re.fullmatch(
        r"It doesn't pass with its own seed: \w[\w ]+, \d of \d points\.",
        said["describe_reply"].why_not,
    )
    assert said["split_system"].why_not.startswith("It is said to be worth 900 points, and is")
    assert said["sudoku"].why_not == f"sudoku is no exercise of {STRUCTURE}."
    assert "200,001 characters" in said["chat"].why_not
    assert said["first_thing"].why_not == "99_nowhere is no lesson of this course."


def test_a_strangers_code_is_not_run_unsealed() -> None:
    """Unless somebody says that they trust it."""
    with pytest.raises(GradingError, match="--allow-unsandboxed"):
        verify(ADA, ROOT, level=Level.PROCESS)


def test_a_learners_certificate_is_verified_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the call in the notebook to the last line of the command; a forged one is refused."""
    notebook = tmp_path / "course" / START / f"{START}.ipynb"
    notebook.parent.mkdir(parents=True)
    notebook.write_text(answered({"first_call": RIGHT}), encoding="utf-8")
    kept = tmp_path / "progress.json"
    record = ProgressRecord(1, 0, 4, is_correct=True, right_on="2026-11-29", seed=SEED)
    save_progress(Progress({"first_call": record}), kept)
    monkeypatch.setenv(VARIABLE, str(kept))
    monkeypatch.chdir(notebook.parent)
    progress().certificate("Ada")
    page = notebook.with_name("claude-course-certificate.html")

    result = RUNNER.invoke(app, ["verify", str(page), "--jobs", "1", "--allow-unsandboxed"])
    assert result.exit_code == 0, result.output
    assert "1 of 1 exercise passed when run again, 4 points." in result.output
    assert "Ada, made on" in result.output

    page.write_text(page.read_text(encoding="utf-8").replace("Ada", "Eve"), encoding="utf-8")
    result = RUNNER.invoke(app, ["verify", str(page), "--allow-unsandboxed"])
    assert result.exit_code == 1
    assert "was changed after it was made" in str(result.exception)


def test_a_claim_that_does_not_hold_ends_the_command_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its reason stands in the table; another version of the course is told."""
    page = tmp_path / "a.html"
    page.write_text(certificate_page(replace(ADA, version="0123456789ab")), encoding="utf-8")
    monkeypatch.setattr(
        "grader.grading.verifying.verify",
        lambda *_how, **_more: (Verification(START, "first_call", 4, "It doesn't pass: [b]"),),
    )
    result = RUNNER.invoke(app, ["verify", str(page)], env={**os.environ, "COLUMNS": "200"})
    assert result.exit_code == 1
    assert "no: It doesn't pass: [b]" in result.output
    assert "0 of 1 exercise passed when run again, 0 points." in result.output
    assert "It was made with version 0123456789ab" in result.output


def test_the_notebook_of_a_test_is_one() -> None:
    """The learner's notebook above holds the answer, so that it is the command that is tried."""
    cells = json.loads(answered({"first_call": RIGHT}))["cells"]
    assert any(cell["source"] == RIGHT for cell in cells)
