"""The course at a glance: the same facts as text and as tables, and where to go on."""

import re
from pathlib import Path

import pytest

from grader.classroom import progress
from grader.classroom.progress_file import VARIABLE, Progress, ProgressRecord, save_progress
from grader.exercises import COURSE

KEPT = Progress(
    {
        "text_of": ProgressRecord(3, 2, 4, True, "", 0, "abc"),
        "first_call": ProgressRecord(1, 1, 2, False, "printed", 2, "def"),
    }
)
EXERCISES = [exercise for lesson in COURSE for exercise in lesson.exercises]
TOTAL = sum(exercise.points for exercise in EXERCISES)


def done(*lessons: str) -> Progress:
    """Return progress where all of some lessons is correct; of all lessons without a name."""
    return Progress(
        {
            each.name: ProgressRecord(1, 0, each.points, is_correct=True)
            for each in EXERCISES
            if not lessons or each.lesson in lessons
        }
    )


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where progress is kept, in a folder of the course with two notebooks."""
    for name in ("00_start_here", "01_structure"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.ipynb").touch()
    monkeypatch.chdir(tmp_path / "00_start_here")
    kept = tmp_path / "progress <1>.json"
    monkeypatch.setenv(VARIABLE, str(kept))
    return kept


def _rows(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    return [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in rows]


def test_the_table_tells_lessons_points_and_what_is_next(path: Path) -> None:
    """The same facts as plain text and as tables."""
    save_progress(KEPT, path)
    shown = progress()
    lines = shown.text.splitlines()
    assert "00_start_here · Start here: your first call · 0 of 2 correct, 2 of 7 points" in lines
    assert "  first_call           ◐ tried        2 of 4" in lines
    assert "  describe_reply       ○ not started  0 of 3" in lines
    assert "  text_of              ● correct      4 of 4" in lines
    said = f"6 of {TOTAL} points, 1 of {len(EXERCISES)} exercises correct."
    assert f"{said} Next: first_call in 00_start_here." in lines
    assert said in shown.html
    assert "Next: <code>first_call</code> in this notebook." in shown.html
    assert "Tried, not correct yet: <code>first_call</code>." in shown.html
    lessons = [
        re.sub("<[^>]*>", "|", each)
        for each in re.findall('<div class="lesson".*?/summary>', shown.html)
    ]
    assert len(lessons) == len(COURSE)
    assert [word for word in lessons[0].split("|") if word] == [
        "00_start_here · Start here: your first call",
        "◐ begun",
        "2 of 7 points",
    ]
    rows = _rows(shown.html)
    assert rows[0] == ["Exercise", "State", "Points", "Minutes"]
    assert ["<code>text_of</code>", "● correct", "4 of 4", "5"] in rows
    assert "progress &lt;1&gt;.json" in shown.html


def test_the_bar_is_as_wide_as_the_points(path: Path) -> None:
    """A part for each lesson, as wide as its points, and filled as far as they are earned."""
    save_progress(done("00_start_here"), path)
    html = progress().html
    widths = re.findall(r"flex:(\d+) 1 0;", html)
    assert widths == [str(lesson.points) for lesson in COURSE]
    filled = re.findall(r'<div style="height:100%;width:([\d.]+)%', html)
    assert filled == ["100.0"] + ["0.0"] * (len(COURSE) - 1)


def test_what_is_next_is_a_link_where_its_notebook_is(path: Path) -> None:
    """A lesson in the folder beside has its link, another only its name."""
    save_progress(done("00_start_here"), path)
    html = progress().html
    link = (
        '<a href="../01_structure/01_structure.ipynb">01_structure · Two shapes of one request</a>'
    )
    assert f"Next: <code>split_system</code> in {link}." in html
    assert html.count("<a ") == 2
    save_progress(done("00_start_here", "01_structure"), path)
    assert "Next: <code>chat</code> in 02_conversations · " in progress().html


def test_the_exercises_of_the_next_lesson_are_unfolded(path: Path) -> None:
    """All others are one press away."""
    save_progress(done("00_start_here"), path)
    html = progress().html
    assert html.count("<details") == len(COURSE)
    assert re.findall(r"(\d\d_\w+) · [^\n]{,200}?<details[^>]* open>", html) == ["01_structure"]


def test_a_table_of_all_correct_says_so(path: Path) -> None:
    """Who is done is told."""
    save_progress(done(), path)
    shown = progress()
    assert f"{TOTAL} of {TOTAL} points" in shown.text
    assert "All done." in shown.text
    assert "All done." in shown.html
    assert " open>" not in shown.html
