"""`grader collect`, and the commands of the instructor's guide."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import grader
from grader.cli import app, main
from tests.grading.class_folder import START
from tests.grading.intake.downloads import (
    Person,
    canvas_files,
    canvas_table,
    csv_text,
    notebooks_in,
    unpacked,
    worked,
    zipped,
)

RUNNER = CliRunner()
CLASS = [Person("Zoë", "Müller", 1), Person("Ada", "Lovelace", 2)]
GUIDE = Path(grader.__file__).parent / "grading" / "README.md"


def prepared(folder: Path) -> tuple[str, str, str]:
    """Write a download and a roster, and return the arguments that name them and the result."""
    (folder / "submissions.zip").write_bytes(zipped(canvas_files(CLASS[:1])))
    (folder / "roster.csv").write_bytes(csv_text(canvas_table(CLASS)).encode("utf-16"))
    return str(folder / "submissions.zip"), str(folder / "roster.csv"), str(folder / "out")


def test_a_dry_run_shows_everything_and_changes_nothing(tmp_path: Path) -> None:
    """Each file with where it goes; who is missing; no folder is made."""
    download, roster, out = prepared(tmp_path)
    words = ["collect", download, "--roster", roster, "--out", out]
    shown = RUNNER.invoke(app, [*words, "--dry-run"])
    assert shown.exit_code == 0
    name = f"müllerzoë_1_901_{START}.ipynb"
    assert f"new: submissions.zip/{name} -> {out}/u0001/{START}/{START}.ipynb" in shown.output
    assert f"{START}: nothing from 1 of 2: Ada Lovelace (u0002)" in shown.output
    assert "Nothing was changed" in shown.output
    assert not Path(out).exists()
    done = RUNNER.invoke(app, words)
    assert done.exit_code == 0
    assert list(notebooks_in(Path(out))) == [f"u0001/{START}/{START}.ipynb"]
    assert f"Next: grader grade {out} --roster {roster}" in done.output


def test_what_needs_a_person_ends_with_1(tmp_path: Path) -> None:
    """And each such file is named with its reason; what nobody minds is counted."""
    files = [(f"{START}.ipynb", worked()), ("a.pdf", b"%PDF"), ("__MACOSX/._a", b"")]
    download = unpacked(files, tmp_path / "in")
    result = RUNNER.invoke(app, ["collect", str(download), "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert f"left: in/{START}.ipynb: nothing says whose it is" in result.output
    assert "left, 1 file, not a notebook: in/a.pdf" in result.output
    assert "Nothing to collect was found." in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["none.zip"], "There is no none.zip"),
        (["submissions.zip", "--roster", "none.csv"], "none.csv cannot be read"),
        (["submissions.zip", "--lesson", "99"], "99"),
        (["torn.zip"], "torn.zip is torn"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
) -> None:
    """Never a traceback, and exit code 1."""
    prepared(tmp_path)
    (tmp_path / "torn.zip").write_bytes(b"PK\x03\x04")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["grader", "collect", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert ended.value.code == 1
    assert said in told
    assert "Traceback" not in told


def commands(text: str) -> list[list[str]]:
    """Return the calls of `grader` in a text, each as its words."""
    lines = re.findall(r"^(?:\.venv/bin/)?grader (.+)$", text, re.MULTILINE)
    inline = re.findall(r"`grader ([^`]+)`", text)
    return [shlex.split(each, comments=True) for each in (*lines, *inline)]


def unknown_words(text: str) -> list[str]:
    """Return commands and options in a text that the command does not have."""
    known = typer.main.get_command(app)
    found = []
    for name, *words in commands(text):
        command = known.commands.get(name)  # type: ignore[attr-defined]
        if hasattr(command, "commands"):
            command = command.commands.get(words[0])
        options = {"--help"}
        options |= {opt for each in command.params for opt in each.opts} if command else set()
        found += [
            f"{name} {each}" for each in words if each.startswith("--") and each not in options
        ]
        found += [] if command else [name]
    return found


def test_every_command_of_the_guide_is_there() -> None:
    """With its options; so it is in the README."""
    guide = GUIDE.read_text(encoding="utf-8")
    readme = (GUIDE.parents[2] / "README.md").read_text(encoding="utf-8")
    assert len(commands(guide)) > 8
    assert unknown_words(guide) + unknown_words(readme) == []


def test_a_command_that_is_not_there_is_found() -> None:
    """The law can break."""
    assert unknown_words("`grader collect x --rooster y`, `grader collct`") == [
        "collect --rooster",
        "collct",
    ]
