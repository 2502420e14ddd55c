"""The command for several machines and for a second look: what it prints, and how it ends."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader.cli import app
from tests.grading.class_folder import START
from tests.grading.made_results import result
from tests.grading.report.made_class import write_class
from tests.test_cli import run_main

RUNNER = CliRunner()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["grade", "x", "--cluster", "tcp://192.0.2.7:8786"], "is open"),
        (["grade", "x", "--cluster", "http://lab"], "is no address"),
        (["grade", "x", "--cluster", "lab.json"], "There is no file lab.json"),
        (["worker", "lab.json"], "There is no file lab.json"),
        (["grade", "x", "--shard", "9/8"], "is no part of a class"),
        (["merge", "nowhere"], "has no results of `grader grade`"),
        (["explain", "ada", "03", "--out", "nowhere"], "Run `grader grade"),
        (["alike", "--lesson", "03", "--out", "nowhere"], "Run `grader grade"),
        (
            ["regrade", "--lesson", "03", "--out", "nowhere", "--allow-unsandboxed"],
            "Run `grader grade",
        ),
    ],
)
def test_a_slip_is_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
) -> None:
    """It comes before anything starts, and names what to do."""
    monkeypatch.chdir(tmp_path)
    assert run_main(monkeypatch, *words) == 1
    error = " ".join(capsys.readouterr().err.split())
    assert said in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--cluster", "lab:1", "--jobs", "2"], "Leave --jobs out"),
        (["--shard", "1/2", "--missing", "0"], "`grader merge`"),
        (["--shard", "1/2", "--roster", "names.csv"], "`grader merge`"),
    ],
)
def test_options_that_exclude_each_other_are_told(words: list[str], said: str) -> None:
    """With exit code 2."""
    ended = RUNNER.invoke(app, ["grade", "nowhere", *words])
    assert ended.exit_code == 2
    assert said in " ".join(ended.output.replace("│", " ").split())


def test_explain_prints_what_was_found(tmp_path: Path) -> None:
    """Of a lesson, or of one of its exercises."""
    folder = str(write_class(tmp_path))
    whole = RUNNER.invoke(app, ["explain", "ben", "00", "--out", folder])
    assert whole.exit_code == 0
    assert whole.output.startswith(f"ben · {START}")
    one = RUNNER.invoke(
        app, ["explain", "ben", "00", "--exercise", "describe_reply", "--out", folder]
    )
    assert "describe_reply · ● Correct" in one.output
    assert "first_call" not in one.output


def test_alike_says_that_it_is_no_proof(tmp_path: Path) -> None:
    """It writes a page, even an empty one; a class of three is too small."""
    folder = write_class(tmp_path / "six", [result(f"s{number}") for number in range(6)])
    ended = RUNNER.invoke(app, ["alike", "--lesson", "00", "--out", str(folder)])
    assert ended.exit_code == 0
    assert "That is no proof, and changes no point." in ended.output
    page = (folder / f"alike-{START}.html").read_text(encoding="utf-8")
    assert "0 pairs of 6 students" in page
    assert "points" not in page


def test_alike_needs_a_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is rare can't be known from two."""
    folder = write_class(tmp_path, [result("ada"), result("ben")])
    assert run_main(monkeypatch, "alike", "--lesson", "00", "--out", str(folder)) == 1
    assert "a class of 5 and more" in " ".join(capsys.readouterr().err.split())
