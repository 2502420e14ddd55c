"""When a file was handed in: what is read as a time, and what is refused."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader.cli.due_times import lesson_named
from grader.errors import GradingError
from grader.grading.hand_in_times import read_span, read_times, read_timestamp
from grader.grading.late_penalty import read_late_penalty

WHEN = datetime(2026, 12, 1, 22, 59, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01 22:59:30.000000 UTC\n",
        "2026-12-01 22:59:30 UTC",
        "2026-12-01 23:59:30 +0100",
        "2026-12-01 23:59:30 Europe/Berlin",
        "2026-12-01T23:59:30+01:00",
        "2026-12-01 22:59:30",
        "\ufeffTue Dec 1 22:59:30 2026",
        "2026-12-01 22:59:30 +0000",
    ],
)
def test_a_timestamp_is_read_as_nbgrader_reads_it(tmp_path: Path, text: str) -> None:
    """In each form that it and its plugins write; UTC without a zone."""
    (tmp_path / "timestamp.txt").write_text(text, encoding="utf-8")
    assert read_timestamp(tmp_path) == (WHEN, "")


@pytest.mark.parametrize(
    "text",
    ["soon", "2026", "12", "22:59", "2026-12-01 22:59:30 /etc/passwd", "2026-13-01", "1" * 300],
)
def test_what_is_no_time_is_remarked_on(tmp_path: Path, text: str) -> None:
    """Not even one that today would make whole."""
    (tmp_path / "timestamp.txt").write_text(text)
    when, remark = read_timestamp(tmp_path)
    assert when is None
    assert remark.startswith("timestamp.txt says ")
    assert "so it gives no time; when the file was first seen here counts." in remark


def test_a_timestamp_that_is_none_harms_nobody(tmp_path: Path) -> None:
    """No file, an empty one, bytes, a link, a folder, a pipe: no waiting, no traceback."""
    path = tmp_path / "timestamp.txt"
    assert read_timestamp(tmp_path) == (None, "")
    path.write_text(" \n")
    assert read_timestamp(tmp_path) == (None, "")
    path.write_bytes(b"\xff\xfe2026")
    assert "cannot be read" in read_timestamp(tmp_path)[1]
    for make in (lambda: path.symlink_to("/etc/hostname"), path.mkdir, lambda: os.mkfifo(path)):
        path.rmdir() if path.is_dir() else path.unlink()
        make()
        assert "is not a regular file" in read_timestamp(tmp_path)[1]


@pytest.mark.parametrize(
    "text",
    [
        "student,lesson,time\nada,03_tool_use,2026-12-01T22:59:30+00:00\n",
        "\ufeffTime;Email;Student ID;Assignment\r\n2026-12-01T23:59:30+01:00;x;ada;03\r\n",
        "lesson\tusername\tsubmitted_at\n03_tool\tada\t2026-12-01 22:59:30 UTC\n",
        "STUDENT,LESSON,TIME\nada,03,2026-11-01T00:00Z\n\nada,03,2026-12-01T22:59:30Z\n",
        "student,lesson,time\nada,03,2026-12-01T22:59:30Z\nada,03,\n",
    ],
)
def test_times_are_read_from_any_such_file(tmp_path: Path, text: str) -> None:
    """Columns in any order, comma, semicolon or tab; of several rows the latest counts."""
    path = tmp_path / "times.csv"
    path.write_text(text, encoding="utf-8")
    assert read_times(path, lesson_named) == {("ada", "03_tool_use"): WHEN}


@pytest.mark.parametrize("time", ["", "  ", "none", "None"])
def test_an_empty_time_takes_one_back(tmp_path: Path, time: str) -> None:
    """That was given before, in a row of the file."""
    path = tmp_path / "times.csv"
    path.write_text(f"student,lesson,time\nada,03,{time}\nben,03,2026-12-01T22:59:30Z\n")
    found = read_times(path, lesson_named)
    assert found == {("ada", "03_tool_use"): None, ("ben", "03_tool_use"): WHEN}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no column student, lesson, time"),
        ("student,lesson\nada,03\n", "has no column time"),
        ("student,lesson,time\nada,03\n", "line 2 has 2 columns"),
        (
            "student,lesson,time\nada,03,2026-12-01\n",
            "line 2: '2026-12-01' is not a whole date and",
        ),
        ("student,lesson,time\nada,03,01/12/2026 10:00\n", "is not a whole date and time"),
        ("student,lesson,time\n,03,2026-12-01T10:00\n", "the student is missing"),
    ],
)
def test_a_file_of_times_that_is_wrong_is_told_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    """A date that is another one in another country too."""
    path = tmp_path / "times.csv"
    path.write_text(text)
    with pytest.raises(GradingError, match=said):
        read_times(path, lesson_named)


@pytest.mark.parametrize(
    ("text", "hours"),
    [("2d", 48), ("36h", 36), ("1d12h", 36), ("90min", 1.5), ("1w", 168), ("0.5 d", 12)],
)
def test_a_span_is_read(text: str, hours: float) -> None:
    """In the units that people write."""
    assert read_span(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "2", "d", "2 days later", "2026-12-01", "-2d", "none"])
def test_what_is_no_span_is_none(text: str) -> None:
    """It may be a time then."""
    assert read_span(text) is None


@pytest.mark.parametrize(
    ("rule", "hours", "taken"),
    [
        ("10%/day", 0, 0),
        ("10%/day", 0.01, 2),
        ("10%/day", 24, 2),
        ("10%/day", 24.01, 4),
        ("10 % / day", 2400, 20),
        ("10%/day max 50%", 2400, 10),
        ("2/hour", 1.5, 4),
        ("2 points per hour, max 5 points", 9, 5),
        ("0.5/h", 3, 1.5),
    ],
)
def test_a_late_penalty_costs_what_it_says(rule: str, hours: float, taken: float) -> None:
    """For each day or hour that has begun, of 20 points; never more than there are."""
    assert read_late_penalty(rule).of(20, hours * 3600) == taken


@pytest.mark.parametrize("rule", ["10%", "%/day", "10%/week", "-1/day", "ten/day", ""])
def test_what_is_no_late_penalty_is_refused(rule: str) -> None:
    """With what can be written."""
    with pytest.raises(GradingError, match=r"is not a late penalty\. .*10%/day"):
        read_late_penalty(rule)
