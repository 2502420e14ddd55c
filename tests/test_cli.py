"""The command: what each call prints, and how it ends."""

import socket
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader.cli import app, main
from grader.grading.sandbox import Finding, Level
from grader.simulator import Pace, Simulator, installed_counter
from tests.grading.report.made_class import write_class

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


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--due", "03_tool_use=tomorrow"], "is no due time"),
        (["--due", "03_tool=2026-12-01"], "Did you mean"),
        (["--due", "03_tool_use=2026-12-01", "--due", "03_tool_use=2026-12-02"], "two due times"),
        (["--jobs", "0"], "Give 1 or more"),
    ],
)
def test_an_option_that_makes_no_sense_is_told_before_anything_starts(
    tmp_path: Path, given: list[str], said: str
) -> None:
    """With exit code 2, and what would be right."""
    result = RUNNER.invoke(app, ["grade", str(tmp_path / "nowhere"), *given])
    assert result.exit_code == 2
    assert said in " ".join(result.output.replace("│", " ").split())


def test_a_date_alone_is_due_at_the_end_of_the_day() -> None:
    """Whoever writes a day means all of it."""
    from grader.cli.grading import read_due

    [(lesson, when)] = read_due(["03_tool_use=2026-12-01"]).items()
    assert lesson == "03_tool_use"
    assert when.isoformat().startswith("2026-12-01T23:59:59")
    [exact] = read_due(["03_tool_use=2026-12-01T00:00+00:00"]).values()
    assert exact == datetime(2026, 12, 1, tzinfo=UTC)


def test_report_names_what_it_wrote_and_whose_points_count(tmp_path: Path) -> None:
    """Without a gradebook it says that only automatic points are in the files."""
    result = RUNNER.invoke(app, ["report", str(write_class(tmp_path))])
    assert result.exit_code == 0
    written = [tmp_path / name for name in ("report.html", "report.json", "canvas.csv")]
    assert all(f"wrote {path}\n" in result.output for path in written)
    assert "The CSV files hold the automatic points; name the gradebook" in result.output


def test_a_report_on_nothing_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names the command that comes first."""
    assert run_main(monkeypatch, "report", str(tmp_path)) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"error: There is no {tmp_path / 'results.json'}. Run `grader grade ")


def test_serve_makes_the_simulator_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pace, key, seed and leniency; what it remembers is bounded in any case."""
    made: list[Simulator] = []

    def serve(simulator: Simulator, listener: socket.socket, *, on_lost: object) -> None:
        listener.close()
        made.append(simulator)

    monkeypatch.setattr("grader.simulator.server.serve", serve)
    options = ["--port", "0", "--pace", "realistic", "--api-key", "k", "--lenient"]
    assert RUNNER.invoke(app, ["serve", *options]).exit_code == 0
    assert RUNNER.invoke(app, ["serve", "--port", "0"]).exit_code == 0
    assert [vars(simulator)["_pace"] for simulator in made] == [Pace.realistic(), Pace()]
    assert [vars(simulator)["_api_key"] for simulator in made] == ["k", None]
    assert [vars(simulator)["_lenient"] for simulator in made] == [True, False]
    assert all(vars(simulator)["_transcript_limit"] == 100 for simulator in made)


def test_doctor_says_what_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every package, every level of containment, and the API that a notebook would reach."""
    monkeypatch.setattr(
        "grader.grading.sandbox.explain",
        lambda: (Finding(Level.NAMESPACES, "no"), Finding(Level.PROCESS, "")),
    )
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    result = RUNNER.invoke(app, ["doctor"])
    assert result.exit_code == 0
    assert f"anthropic {version('anthropic')}" in result.output
    assert "  namespaces: does not hold; no\n  process: holds\n" in result.output
    assert "Grading: only notebooks of people you trust, with --allow-unsandboxed" in result.output
    assert result.output.endswith(
        "A notebook started here: "
        "Simulated: replies are made by this course, offline. Nothing is billed. "
        f"{installed_counter().statement}\n"
    )


def test_doctor_says_in_plain_words_that_a_class_can_be_graded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And by which level submissions are sealed off."""
    monkeypatch.setattr(
        "grader.grading.sandbox.explain",
        lambda: (Finding(Level.NAMESPACES, "no"), Finding(Level.LANDLOCK, "")),
    )
    result = RUNNER.invoke(app, ["doctor"])
    said = "Grading: a class can be graded here; submissions are sealed off by landlock.\n"
    assert said in result.output


def test_doctor_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what goes without it."""
    monkeypatch.setattr("grader.grading.sandbox.explain", lambda: ())
    monkeypatch.setenv("PATH", "")
    result = RUNNER.invoke(app, ["doctor"])
    assert "Node.js is not installed; only `make conformance` needs it\n" in result.output
