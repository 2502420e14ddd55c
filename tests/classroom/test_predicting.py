"""Predictions in a notebook: two clicks or a call, kept, and answered by the cell itself."""

import contextlib
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from grader.classroom import calibration, predict, progress
from grader.classroom.predicting import AskedPrediction
from grader.classroom.prediction_face import make_view
from grader.classroom.progress_file import (
    VARIABLE,
    PredictionRecord,
    Progress,
    load_progress,
    save_progress,
)
from grader.errors import PredictionError, UnknownPrediction
from grader.exams import ANSWER_TYPE
from grader.exercises import predictions as words
from grader.exercises.predictions import parse_predictions
from tests.classroom.shells import shell
from tests.classroom.widgets.traits import controls, drawn, said
from tests.classroom.widgets.traits import words as drawn_words

WORDS = """\
# Predictions

## double
What will twice three be?

- a: Five
- b: Six
- c: Nine
- Right: b
- Because: Twice is times two.
- About: doubling
- Cell: `number = 2 * 3`
- Proof: `number == 6 and printed.startswith("6\\n") and result == 7`

## halve
What will half of three be?

- a: One
- b: One and a half
- Right: b
- Because: It's a float.
- About: halving
- Cell: `half = 3 / 2`
- Proof: `half == 1.5`
"""
CELL = "number = 2 * 3\nprint(number)\nnumber + 1"
HALF = "half = 3 / 2"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where progress is kept, in a course of two predictions."""
    known = {each.id: each for each in parse_predictions(WORDS, "words.md", "00_start_here")}
    monkeypatch.setattr(words, "predictions", lambda: known)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv(VARIABLE, str(tmp_path / "progress.json"))
    return tmp_path / "progress.json"


class Notebook:
    """Run cells in a shell, and note what each shows of predictions."""

    def __init__(self, made: InteractiveShell) -> None:
        self._shell = made
        self.shown: list[dict[str, Any]] = []

    def run(self, source: str) -> list[dict[str, Any]]:
        """Return what a cell published; what it prints goes nowhere."""
        self.shown.clear()
        self._shell.user_ns["predict"] = predict
        with contextlib.redirect_stdout(io.StringIO()) as out:
            self._shell.run_cell(source, store_history=True)
            assert sys.stdout is out
        return list(self.shown)

    def begin(self, source: str) -> None:
        """Run a cell as JupyterLite's kernel does one that awaits: nobody hears its end."""
        cell = self._shell.transform_cell(source)
        running = self._shell.run_cell_async(source, store_history=True, transformed_cell=cell)
        with contextlib.redirect_stdout(io.StringIO()), pytest.raises(StopIteration):
            running.send(None)

    def answers(self, source: str) -> list[tuple[str, str, int, str]]:
        """Return what a cell showed of answers: id, choice, certainty, what came."""
        told = [each[ANSWER_TYPE] for each in self.run(source) if ANSWER_TYPE in each]
        return [(each["id"], each["choice"], each["sure"], each["came"]) for each in told]


@pytest.fixture
def notebook(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notebook]:
    """Give a notebook that shows what it's asked to."""
    with shell() as made:
        monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: made)
        given = Notebook(made)
        monkeypatch.setattr(
            "IPython.display.publish_display_data", lambda data, **_how: given.shown.append(data)
        )
        yield given


def test_the_cell_itself_answers_what_was_predicted(notebook: Notebook, path: Path) -> None:
    """Other cells don't, whenever they run; the answer is shown again when the cell runs again."""
    notebook.run('predict("double", "a", sure=3);')
    assert notebook.answers("2 + 2") == []
    assert notebook.answers(CELL) == [("double", "a", 3, "b")]
    assert load_progress(path).prediction("double") == PredictionRecord("a", 3, "b")
    assert notebook.answers(CELL) == [("double", "a", 3, "b")]
    (shown,) = [each for each in notebook.run(CELL) if ANSWER_TYPE in each]
    assert shown["text/plain"] == (
        "✗ You predicted a (sure): Five\n✓ What happened: b · Six Twice is times two."
    )


def test_a_prediction_can_be_changed_until_the_answer_is_seen(
    notebook: Notebook, path: Path
) -> None:
    """Then it stays, in this kernel and in the next."""
    notebook.run('predict("double", "a", sure=1);')
    notebook.run('predict("double", "b");')
    assert load_progress(path).prediction("double") == PredictionRecord("b", 1)
    assert notebook.answers(CELL) == [("double", "b", 1, "b")]
    notebook.run('predict("double", "c", sure=3);')
    assert load_progress(path).prediction("double") == PredictionRecord("b", 1, "b")


def test_without_a_prediction_a_line_says_what_came(notebook: Notebook, path: Path) -> None:
    """Nothing is kept, and it's too late to predict until the question is asked again."""
    notebook.run('asked = predict("double").asked')
    shown = notebook.run(CELL)
    assert [each["text/plain"] for each in shown] == ["What happened: b · Six"]
    asked = notebook._shell.user_ns["asked"]
    assert (asked.say("b", 3), path.exists()) == (None, False)
    notebook.run('asked = predict("double").asked')
    assert notebook._shell.user_ns["asked"].say("b", 3) == PredictionRecord("b", 3)


@pytest.mark.parametrize("before", ["", "print = lambda *_: None", "class int: pass"])
def test_something_else_than_in_the_course_does_not_count(
    notebook: Notebook, path: Path, before: str
) -> None:
    """A live model, or a changed cell, may do another thing; then the course says so."""
    notebook.run('predict("double", "a", sure=3);')
    (answer,) = notebook.answers(f"{before}\n{CELL}\nnumber = 7")
    assert answer == ("double", "a", 3, "")
    assert load_progress(path).prediction("double").came == ""


@pytest.mark.parametrize("broken", [f"{CELL}\n1 / 0", f"{CELL}\n(", f"1 / 0\n{CELL}"])
def test_a_cell_that_fails_answers_nothing(notebook: Notebook, broken: str) -> None:
    """It didn't get to where the answer is, and what it printed is the notebook's again."""
    notebook.run('predict("double", "a", sure=3);')
    with contextlib.redirect_stderr(io.StringIO()):
        assert notebook.answers(broken) == []
    assert notebook.answers(CELL) == [("double", "a", 3, "b")]


def test_a_kernel_that_tells_no_end_answers_with_the_next_cell(notebook: Notebook) -> None:
    """JupyterLite's doesn't, for cells that await; and sys.stdout is given back."""
    notebook.run('predict("halve", "b", sure=3);')
    notebook.begin(HALF)
    assert notebook.answers("2 + 2") == [("halve", "b", 3, "b")]
    assert notebook.answers("2 + 2") == []
    del notebook._shell.user_ns["half"]
    notebook.begin("# half = 3 / 2")
    assert notebook.answers("2 + 2") == []
    assert notebook.answers(HALF) == [("halve", "b", 3, "b")]


def test_one_cell_can_answer_two(notebook: Notebook) -> None:
    """Both see all that it prints, and sys.stdout is given back in any order."""
    notebook.run('predict("double", "b", sure=1); predict("halve", "a");')
    cell = f"{HALF}\n{CELL}"
    assert sorted(notebook.answers(cell)) == [("double", "b", 1, "b"), ("halve", "a", 0, "b")]


def test_asking_twice_answers_once(notebook: Notebook) -> None:
    """A cell that was run again doesn't add a second answer."""
    for _ in range(3):
        notebook.run('predict("double", "b");')
    assert len(notebook.answers(CELL)) == 1


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (("treble",), UnknownPrediction, "There is no prediction named 'treble'."),
        (("double", "d"), PredictionError, 'double has no choice \'d\'. It has "a": Five; "b"'),
        (("double", "b", 4), PredictionError, "sure is 4. Expected 1 (a guess), 2"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    path: Path, call: tuple[Any, ...], error: type[Exception], told: str
) -> None:
    """The error names what there is; nothing is kept."""
    id, *rest = call
    choice, sure = (*rest, "", 0)[:2] if len(rest) < 2 else rest
    with pytest.raises(error) as caught:
        predict(id, choice, sure=sure)
    assert str(caught.value).startswith(told)
    assert not path.exists()


def test_the_buttons_say_and_show_the_same(path: Path) -> None:
    """One click for the choice, one for the certainty; the chosen ones are marked."""
    asked = AskedPrediction(words.predictions()["double"])

    def hear(name: str, value: str) -> bool:
        said = asked.say(value) if name == "choice" else asked.say(sure=int(value))
        return said is not None

    view, redraw = make_view(asked, hear)
    assert [each.name for each in controls(view)] == [
        *("a · Five", "b · Six", "c · Nine", "a guess", "fairly sure", "sure")
    ]
    controls(view)[1].click()
    controls(view)[5].click()
    assert load_progress(path).prediction("double") == PredictionRecord("b", 3)
    assert [each.is_chosen for each in controls(view)] == [False, True, False, False, False, True]
    assert said(view) == "Your prediction: b, sure."
    assert 'class="prediction open"' in drawn(view)
    asked.see("b")
    redraw()
    assert 'class="prediction"' in drawn(view)
    assert re.findall(r'class="was mine">([^<]*)', drawn(view)) == ["b · Six", "sure"]
    assert all(part in drawn(view) for part in ("a · Five", "c · Nine", "a guess", "How sure"))
    assert controls(view) == []
    assert "Your prediction: b, sure. What happened is shown below its cell." in drawn_words(view)
    late = AskedPrediction(words.predictions()["halve"])
    late.see("b")
    view, _ = make_view(late, lambda *_: late.say("a") is not None)
    controls(view)[0].click()
    assert said(view).startswith("The cell has run already.")
    assert "halve" not in load_progress(path).predictions


@pytest.mark.parametrize("came", ["b", ""])
@pytest.mark.parametrize("choice", ["b", ""])
def test_a_prediction_is_open_until_its_cell_has_run(path: Path, choice: str, came: str) -> None:
    """Whether somebody predicted or not, and whatever happened there."""
    asked = AskedPrediction(words.predictions()["double"])
    seen: list[bool] = []
    asked.on_change = lambda: seen.append(asked.is_open)
    if choice:
        asked.say(choice)
    assert asked.is_open
    asked.see(came)
    assert seen == [*[True] * bool(choice), False]
    # In the next kernel only an answer that was kept is known.
    assert AskedPrediction(asked.prediction).is_open == (not (choice and came))


def test_without_widgets_the_question_stands_in_words(path: Path) -> None:
    """Outside a notebook too: question, choices, how to answer, and what was answered."""
    shown = repr(predict("halve", "a", sure=2)).splitlines()
    assert shown[:4] == [
        *("What will half of three be?", "  a  One", "  b  One and a half"),
        "Your prediction: a, fairly sure.",
    ]
    assert 'predict("halve", "a", sure=2)' in shown[4]


def test_a_damaged_file_is_named_and_left(path: Path) -> None:
    """The question is asked all the same."""
    path.write_text("broken", encoding="utf-8")
    assert "Predictions are not kept: " in repr(predict("halve", "b"))
    assert path.read_text(encoding="utf-8") == "broken"


def test_calibration_counts_what_was_predicted_and_seen(path: Path) -> None:
    """What isn't seen yet, or is of no lesson any more, isn't counted."""
    assert calibration().text == "Nothing to compare in the course yet: predict, then run the cell."
    kept = {
        "double": PredictionRecord("a", 3, "b"),
        "halve": PredictionRecord("b", 3, "b"),
        "gone": PredictionRecord("a", 3, "b"),
    }
    save_progress(Progress(predictions=kept), path)
    line = (
        "2 predictions, 1 right. You were sure twice and right once; "
        "sure and wrong: 1, about doubling."
    )
    assert calibration().text.splitlines()[0] == line
    assert calibration("00_start_here").text.splitlines()[0] == line
    assert line in progress().text
    assert line in progress().html
    save_progress(Progress(predictions={"halve": PredictionRecord("b", 1, "b")}), path)
    assert calibration().text.startswith("1 prediction, 1 right. You were sure of none.")
    save_progress(Progress(predictions={"halve": PredictionRecord("b", 1)}), path)
    assert calibration().text.startswith("Nothing to compare")
