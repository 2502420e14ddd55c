"""The command: what each call prints, and how it ends."""

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from grader.cli import app, main
from grader.errors import UnknownExercise
from grader.grading.sandbox import Level, ProbedLevel
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
        (["--due", "03_tool_use=tomorrow"], "is not a due time"),
        (["--due", "03_toll_use=2026-12-01"], "Did you mean"),
        (["--due", "03_tool_use=2026-12-01", "--due", "03_tool_use=2026-12-02"], "two due times"),
        (["--jobs", "0"], "Give 1 or more"),
        (["--due", "9=none"], "There is no lesson named"),
        (["--due", "03_tool_use=none", "--due", "03_tool_use=2026-12-02"], "two due times"),
        (["--extension", "ada=2d"], "is not an extension"),
        (["--extension", "ada/03=soon"], "how much longer or until when"),
        (["--extension", "ada/9=2d"], "There is no lesson named"),
        (["--extension", "ada/03=2d", "--extension", "ada/03_tool_use=none"], "two extensions"),
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
    from grader.cli.due_times import read_due

    [(lesson, when)] = read_due(["03_tool_use=2026-12-01"]).items()
    assert lesson == "03_tool_use"
    assert when.isoformat().startswith("2026-12-01T23:59:59")
    [exact] = read_due(["03_tool_use=2026-12-01T00:00+00:00"]).values()
    assert exact == datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the clock of this machine to a zone with summer time, for one test."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


END = "2026-12-01T23:59:59-05:00"


@pytest.mark.usefixtures("new_york")
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *((day, END) for day in ("2026-12-01", "20261201", "2026-335", "2026335")),
        *((day, END) for day in ("2026-W49-2", "2026W492", "2026-w49-2", " 2026-12-01 ")),
        ("2028-366", "2028-12-31T23:59:59-05:00"),
        ("2026-07-01", "2026-07-01T23:59:59-04:00"),
        ("2026-12-01T24:00", "2026-12-02T00:00:00-05:00"),
        ("20261201T24", "2026-12-02T00:00:00-05:00"),
        ("2026-12-01T24:00Z", "2026-12-01T19:00:00-05:00"),
        ("2026-12-01 23:59", "2026-12-01T23:59:00-05:00"),
        ("2026-12-01t23:59z", "2026-12-01T18:59:00-05:00"),
        ("2026-12-01T23:59+01:00", "2026-12-01T17:59:00-05:00"),
        ("20261201T2359", "2026-12-01T23:59:00-05:00"),
        ("2026-W49-2T08:00", "2026-12-01T08:00:00-05:00"),
        ("2026-335T08:00", "2026-12-01T08:00:00-05:00"),
        ("2026-03-08T02:30Z", "2026-03-07T21:30:00-05:00"),
        # The clocks pass it twice, and the later one is meant.
        ("2026-11-01T01:30", "2026-11-01T01:30:00-05:00"),
        ("2026-03-08", "2026-03-08T23:59:59-04:00"),
    ],
)
def test_every_form_of_a_due_time_means_what_it_says(written: str, meant: str) -> None:
    """A day, however it is written, is all of that day."""
    from grader.cli.due_times import read_due

    [when] = read_due([f"03_tool_use={written}"]).values()
    assert when.isoformat() == meant


@pytest.mark.usefixtures("new_york")
@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-W49", "a week has seven days; add the day, such as -7 for its Sunday"),
        ("2026W49", "a week has seven days"),
        ("2026-03-08T02:30", "the clocks here skip 02:30 on 2026-03-08; give another hour, or"),
        ("\uff12\uff10\uff12\uff16-12-01", "its digits have to be 0 to 9"),
        ("2026-\u0661\u0662-01", "its digits have to be 0 to 9"),
        ("2026-366", "2026 has no day 366"),
        ("2026-000", "2026 has no day 000"),
        ("2026-02-30", "day is out of range"),
        ("2026-12-01T24:01", "hour must be in 0..23"),
        *((it, "is not a due time") for it in ("2026", "2026-12", "", "01.12.2026", "12/01/2026")),
        *((it, "is not a due time") for it in ("2026-12-01T", "9999-12-31T24:00", "0000-01-01")),
    ],
)
def test_what_is_no_due_time_says_why(written: str, said: str) -> None:
    """With the form that is right."""
    from grader.cli.due_times import read_due

    with pytest.raises(typer.BadParameter) as caught:
        read_due([f"03_tool_use={written}"])
    assert said in str(caught.value)
    assert "--due 03_tool_use=2026-12-01T23:59" in str(caught.value)


def test_extensions_are_a_span_a_time_or_none() -> None:
    """For a student whose name may hold what a lesson's may not."""
    from grader.cli.due_times import read_extensions

    given = ["ada=b/c/03=1d12h", "ben/03_tool_use=2026-12-01T00:00+00:00", "cho/03=none"]
    assert read_extensions(given) == {
        ("ada=b/c", "03_tool_use"): timedelta(hours=36),
        ("ben", "03_tool_use"): datetime(2026, 12, 1, tzinfo=UTC),
        ("cho", "03_tool_use"): None,
    }


@pytest.mark.parametrize(("given", "meant"), [("03", "03_tool_use"), ("00_s", "00_start_here")])
def test_the_beginning_of_a_lessons_name_is_enough(given: str, meant: str) -> None:
    """Where only one begins so."""
    from grader.cli.due_times import lesson_named

    assert lesson_named(given) == meant


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            "0",
            r"'0' could be 00_start_here, 01_.*, 08_production or 09_port\. Write more",
        ),
        ("9", "There is no lesson named '9'. There is: 00_start_here, 01_structure, "),
        ("", "There is no lesson named ''. There is: 00_start_here, "),
        ("03_toll_use", "Did you mean: 03_tool_use"),
    ],
)
def test_a_name_that_says_too_little_lists_what_it_could_be(given: str, said: str) -> None:
    """Several lessons that begin so, or all where none does."""
    from grader.cli.due_times import lesson_named

    with pytest.raises(UnknownExercise, match=said):
        lesson_named(given)


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

    def serve(simulator: Simulator, listener: socket.socket, **_told: object) -> None:
        listener.close()
        made.append(simulator)

    monkeypatch.setattr("grader.simulator.server.serve", serve)
    options = ["--port", "0", "--pace", "realistic", "--api-key", "k", "--lenient"]
    assert RUNNER.invoke(app, ["serve", *options]).exit_code == 0
    assert RUNNER.invoke(app, ["serve", "--port", "0"]).exit_code == 0
    assert [vars(simulator)["_pace"] for simulator in made] == [Pace.realistic(), Pace()]
    assert [simulator.api_key for simulator in made] == ["k", None]
    assert [vars(simulator)["_lenient"] for simulator in made] == [True, False]
    assert all(vars(simulator)["_transcript_limit"] == 100 for simulator in made)


def test_doctor_says_what_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every package, every level of containment, and the API that a notebook would reach."""
    monkeypatch.setattr(
        "grader.grading.sandbox.explain",
        lambda: (ProbedLevel(Level.NAMESPACES, "no"), ProbedLevel(Level.PROCESS, "")),
    )
    monkeypatch.setattr("grader.grading.kernels.proof.why_not", lambda _level: "")
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    result = RUNNER.invoke(app, ["doctor"])
    assert result.exit_code == 0
    assert f"anthropic {version('anthropic')}" in result.output
    assert "  namespaces: does not hold; no\n" in result.output
    assert "  process: holds; threads are counted ten times a second\n" in result.output
    assert "Grading: only notebooks of people you trust, with --allow-unsandboxed" in result.output
    assert result.output.endswith(
        "A notebook started here: "
        "Simulated: this course makes the replies, offline. Nothing is billed. "
        f"{installed_counter().statement}\n"
    )


def test_doctor_says_in_plain_words_that_a_class_can_be_graded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And by which level submissions are sealed off."""
    monkeypatch.setattr(
        "grader.grading.sandbox.explain",
        lambda: (ProbedLevel(Level.NAMESPACES, "no"), ProbedLevel(Level.LANDLOCK, "")),
    )
    proved = {Level.LANDLOCK: ""}
    monkeypatch.setattr("grader.grading.kernels.proof.why_not", proved.__getitem__)
    result = RUNNER.invoke(app, ["doctor"])
    said = "Grading: a class can be graded here; submissions are sealed off by landlock.\n"
    assert said in result.output


def test_doctor_believes_no_level_that_its_kernels_do_not_prove(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It says what they cannot do, in the place of the good news."""
    monkeypatch.setattr(
        "grader.grading.sandbox.explain", lambda: (ProbedLevel(Level.NAMESPACES, ""),)
    )
    monkeypatch.setattr(
        "grader.grading.kernels.proof.why_not", lambda _level: "Kernels do not see a."
    )
    result = RUNNER.invoke(app, ["doctor"])
    said = "Grading: not here. The level namespaces holds, but: Kernels do not see a.\n"
    assert said in result.output
    assert "can be graded here" not in result.output


def test_doctor_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what goes without it."""
    monkeypatch.setattr("grader.grading.sandbox.explain", lambda: ())
    monkeypatch.setattr("grader.grading.kernels.proof.why_not", lambda _level: "")
    monkeypatch.setenv("PATH", "")
    result = RUNNER.invoke(app, ["doctor"])
    assert "Node.js is not installed; only `make conformance` needs it\n" in result.output
