"""The command: what each call prints, and how it ends."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader.cli import app, main

RUNNER = CliRunner()


def run_main(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the command as the console script does, and return its exit code."""
    monkeypatch.setattr("sys.argv", ["grader", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_without_a_command_it_lists_them() -> None:
    """Somebody who types `grader` alone sees what there is."""
    result = RUNNER.invoke(app, [])
    assert all(name in result.output for name in ("build", "check", "grade", "demo", "serve"))


def test_check_says_that_every_law_holds() -> None:
    """The course in this repository keeps its own laws."""
    result = RUNNER.invoke(app, ["check"])
    assert (result.exit_code, result.output) == (0, "Every law of the course holds.\n")


def test_a_class_that_is_not_there_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error of ours is one line on stderr that names the folder, with exit code 1."""
    missing = tmp_path / "nobody"
    assert run_main(monkeypatch, "grade", str(missing)) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error: ")
    assert str(missing) in captured.err
    assert "Traceback" not in captured.err


def test_a_lesson_that_does_not_exist_names_the_nearest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip in --lesson is answered with the name that was probably meant."""
    assert run_main(monkeypatch, "grade", str(tmp_path), "--lesson", "01_strucutre") == 1
    assert "01_structure" in capsys.readouterr().err


def test_a_port_that_is_no_port_is_refused_by_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong option is a wrong call: exit code 2, and the range is named."""
    assert run_main(monkeypatch, "serve", "--port", "70000") == 2
    assert "65535" in capsys.readouterr().err
