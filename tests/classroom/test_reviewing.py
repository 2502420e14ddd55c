"""Reviews: what is due on which day, and which check counts as having done it again."""

import ast
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from grader.classroom import check, review
from grader.classroom.progress_file import (
    VARIABLE,
    Progress,
    ProgressRecord,
    load_progress,
    save_progress,
)
from grader.classroom.reviewing import MOST_AT_ONCE, PAUSES, after_check, due, due_from, empty
from grader.exercises import COURSE
from grader.sources import find_root, solution_source
from tests.classroom.shells import shell

DAY = date(2027, 1, 1)
EXERCISES = [exercise for lesson in COURSE for exercise in lesson.exercises]
RIGHT = """
def text_of(message):
    return "".join(block.text for block in message.content if block.type == "text")
"""
WRONG = "def text_of(message):\n    return message.content[0].text\n"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where progress is kept."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "progress.json"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    return tmp_path / "progress.json"


@pytest.fixture
def notebook(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """Give a shell of its own."""
    with shell() as made:
        monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: made)
        made.user_ns |= {"review": lambda: None}
        yield made


def run(shell: InteractiveShell, source: str, day: int) -> ProgressRecord:
    """Run a cell, check text_of some days after the first, and return what is kept."""
    shell.run_cell(source, store_history=True)
    check("text_of", today=DAY + timedelta(days=day))
    return load_progress(Path(shell.user_ns["where"])).record("text_of")


@given(st.lists(st.integers(0, 100), min_size=1, max_size=12))
def test_each_review_that_is_right_makes_the_pause_longer(waits: list[int]) -> None:
    """It counts once it is due, whatever the day, and never before."""
    record, day, done = ProgressRecord(), DAY, 0
    record = after_check(record, ProgressRecord(is_correct=True), day, is_right=True, is_anew=False)
    for wait in waits:
        pause = PAUSES[min(done, len(PAUSES) - 1)]
        assert due_from(record) == day + timedelta(days=pause)
        today = day + timedelta(days=wait)
        after = after_check(record, record, today, is_right=True, is_anew=True)
        assert (after != record) == (wait >= pause)
        if wait >= pause:
            day, done = today, done + 1
        record = after
    assert (record.reviews, record.right_on) == (done, day.isoformat())


def test_only_an_answer_written_anew_is_a_review(notebook: InteractiveShell, path: Path) -> None:
    """Running the old cell's check again, or all cells again, proves no memory."""
    notebook.user_ns["where"] = str(path)
    first = run(notebook, RIGHT, 0)
    assert (first.right_on, first.reviews) == ("2027-01-01", 0)
    assert run(notebook, "1 + 1", 2) == first
    assert run(notebook, RIGHT, 2).reviews == 0
    notebook.run_cell("review()", store_history=True)
    assert run(notebook, "1 + 1", 2).reviews == 0
    again = run(notebook, RIGHT, 2)
    assert (again.right_on, again.reviews) == ("2027-01-03", 1)
    # Not due on the same day again.
    assert run(notebook, RIGHT, 2).reviews == 1


def test_a_wrong_answer_in_a_review_begins_the_pauses_again(
    notebook: InteractiveShell, path: Path
) -> None:
    """The points and the mark stay: a review takes nothing away."""
    notebook.user_ns["where"] = str(path)
    run(notebook, RIGHT, 0)
    record = load_progress(path).record("text_of")
    kept = ProgressRecord(**{**vars(record), "reviews": 3})
    save_progress(Progress({"text_of": kept}), path)
    notebook.run_cell("review()", store_history=True)
    wrong = run(notebook, WRONG, 30)
    assert (wrong.reviews, wrong.is_correct, wrong.points) == (0, True, record.points)
    assert due_from(wrong) == DAY + timedelta(days=1)
    assert run(notebook, RIGHT, 30).reviews == 1


def test_what_was_right_before_days_were_noted_is_due(path: Path) -> None:
    """Nobody knows how long ago that was; and a day that is none is no day either."""
    for day in ("", "soon", "2027-13-01"):
        record = ProgressRecord(1, 0, 4, is_correct=True, right_on=day)
        assert due_from(record) == date.min
    assert due_from(ProgressRecord(1, 1, 2)) is None


def test_three_at_once_the_longest_due_first(path: Path) -> None:
    """Across the lessons, each with its task, its empty function and its check."""
    chosen = EXERCISES[::9]
    days = {each.name: DAY - timedelta(days=number) for number, each in enumerate(chosen)}
    save_progress(
        Progress(
            {
                name: ProgressRecord(1, 0, 1, is_correct=True, right_on=day.isoformat())
                for name, day in days.items()
            }
        ),
        path,
    )
    assert [each.exercise.name for each in due(load_progress(path), DAY)] == [*days][:0:-1]
    text = review(today=DAY).text
    shown = [each.name for each in chosen if f'check("{each.name}")' in text]
    assert shown == [*days][-MOST_AT_ONCE:]
    assert "Its task is in the lesson" not in text
    assert text.count("raise NotImplementedError") >= len(shown)
    assert review(today=DAY - timedelta(days=100)).text.startswith("Nothing is due for review.")
    assert "the next exercise" in review(today=date.min).text.lower()


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda each: each.name)
def test_no_line_of_a_solution_is_in_its_empty_function(exercise) -> None:
    """Signature and docstring stay, and it is Python."""
    source = solution_source(find_root(Path(__file__)), exercise.lesson, exercise.name)
    stub = empty(source, exercise.name)
    assert "### " not in stub
    (node,) = ast.parse(stub).body
    (whole,) = [each for each in ast.parse(source).body if getattr(each, "name", "") == node.name]
    assert ast.get_docstring(node) == ast.get_docstring(whole)
    assert not [each for each in ast.walk(node) if isinstance(each, ast.Return | ast.Call)]


@pytest.mark.parametrize("source", ["", "def other(): pass", "def text_of(:", "text_of = 1", "\0"])
def test_what_is_no_such_function_gives_no_stub(source: str) -> None:
    """A learner's cell may hold anything."""
    assert empty(source, "text_of") == ""
