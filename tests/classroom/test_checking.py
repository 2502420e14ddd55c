"""check, hint, solution and progress, as a notebook calls them."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from grader.classroom import CheckResult, check, checking, hint, progress, solution
from grader.classroom.progress_file import VARIABLE, load_progress
from grader.classroom.watching import interrupted_if_endless
from grader.errors import SolutionNotShown, UnknownExercise
from tests.classroom.shells import shell

RIGHT = """
def text_of(message):
    return "".join(block.text for block in message.content if block.type == "text")
"""
WRONG = "def text_of(message):\n    return message.content[0].text\n"
LISTED = "def text_of(message):\n    return [block.type for block in message.content]\n"
STUB = "def text_of(message):\n    raise NotImplementedError\n"


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """Give a shell of its own, with nothing defined, and a progress file of its own."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "progress.json"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    with shell() as made:
        monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: made)
        yield made


def run(shell: InteractiveShell, source: str) -> None:
    """Run a cell as a notebook does, and keep it in the history."""
    shell.run_cell(source, store_history=True)


def checked(shell: InteractiveShell, source: str) -> CheckResult:
    """Run a cell and check text_of."""
    run(shell, source)
    result = check("text_of")
    assert isinstance(result, CheckResult)
    return result


def test_the_plain_text_is_the_number_of_points(notebook: InteractiveShell) -> None:
    """Nbgrader reads partial credit from it."""
    result = checked(notebook, WRONG)
    bundle = result._repr_mimebundle_()
    assert bundle["text/plain"] == str(result) == "1"
    assert "Crashed" in bundle["text/html"]


def test_a_stub_is_no_attempt(notebook: InteractiveShell) -> None:
    """Running a fresh notebook from the top uses up nothing."""
    result = checked(notebook, STUB)
    assert (result.verdict.outcome, result.footnotes) == ("Not started", ())
    assert "○ not started" in progress().text.split("text_of")[1].splitlines()[0]


def test_progress_outlives_a_restart(notebook: InteractiveShell, tmp_path: Path) -> None:
    """Everything is in the file, nothing in the kernel."""
    checked(notebook, RIGHT)
    record = load_progress(tmp_path / "progress.json").record("text_of")
    assert (record.is_correct, record.points, record.attempts) == (True, 4, 1)
    assert "● correct" in progress().text


def test_the_best_result_stays(notebook: InteractiveShell) -> None:
    """A later mistake does not take points away, and the panel says so."""
    checked(notebook, RIGHT)
    assert checked(notebook, WRONG).footnotes[0] == "Your best so far, 4 of 4, is kept."


def test_hints_come_one_after_another_and_begin_anew(notebook: InteractiveShell) -> None:
    """Each call gives the next hint of the last diagnosis; a new diagnosis has its own ladder."""
    checked(notebook, WRONG)
    told = [hint("text_of").text for _ in range(4)]
    assert [line.split(":")[0] for line in told] == [
        "Hint 1 of 3",
        "Hint 2 of 3",
        "Hint 3 of 3",
        "Hint 3 of 3",
    ]
    checked(notebook, LISTED)
    assert hint("text_of").text.startswith("Hint 1 of 3")


def test_no_hint_is_needed_when_all_is_right(notebook: InteractiveShell) -> None:
    """The word is friendly, and no hint is used up."""
    checked(notebook, RIGHT)
    assert hint("text_of").text == "`text_of` is correct, so there's nothing left to hint at."


def test_the_solution_opens_after_three_different_attempts(notebook: InteractiveShell) -> None:
    """The same code checked again is one attempt."""
    for _ in range(3):
        checked(notebook, WRONG)
    with pytest.raises(SolutionNotShown, match="2 more failed attempts"):
        solution("text_of")
    checked(notebook, LISTED)
    last = checked(notebook, WRONG + "# another try\n    # inside\n")
    checked(notebook, LISTED.replace("type for", "type   for"))
    assert 'return "".join(block.text' in solution("text_of").text
    assert last.footnotes == () or "solution" in last.footnotes[-1]


def test_the_solution_opens_after_success(notebook: InteractiveShell) -> None:
    """Who is right may compare."""
    checked(notebook, RIGHT)
    assert solution("text_of").text.startswith("One way to write it. Yours may be just as good.")


BROKEN = {
    "no colon": ("def text_of(message)\n    return ''\n", 1),
    "an open bracket": ("x = 1\ndef text_of(message):\n    return str(message\n", 3),
    "blank lines above": ("\n\n  \ndef text_of(message)\n    return ''\n", 4),
    "a return outside, above": ("x = 1\nreturn ''\ndef text_of(message):\n    pass\n", 2),
    "a null character": ("def text_of(message):\n    return '\0'\n", 1),
    "a decorated await": ("@staticmethod\ndef text_of(message):\n    await message\n", 3),
    "an await in a plain function": ("def text_of(message):\n    return await message\n", 2),
    "a misspelt def": ("dfe text_of(message):\n    return ''\n", 1),
    "a misspelt async def": ("asnyc def text_of(message):\n    return ''\n", 1),
    "an assignment": ("text_of = lambda message: :\n", 1),
    "a class": ("class text_of\n    pass\n", 1),
    "below a magic": ("%%time\ndef text_of(message)\n    return ''\n", 2),
    "beside a magic": ("%time 1\ndef text_of(message)\n    return ''\n", 2),
    "a wrong indentation": ("def text_of(message):\nreturn ''\n", 2),
    "an unfinished string": ("def text_of(message):\n    return 'x\n", 2),
    "a backtick": ("def text_of(message):\n    return `x`\n", 2),
    "half a decorator": ("@\ndef text_of(message):\n    return ''\n", 1),
    "a doubled argument": ("def text_of(message, message):\n    return ''\n", 1),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_syntax_error_in_the_newest_version_is_said_first(
    notebook: InteractiveShell, kind: str
) -> None:
    """With its line and Python's words; that the verdict is on the version before comes next."""
    source, line = BROKEN[kind]
    before = checked(notebook, WRONG)
    result = checked(notebook, source)
    assert result.verdict.points == before.verdict.points == 1
    title, told = result.lead
    assert title == "The newest version of `text_of` has a syntax error, so Python didn't run it."
    shown = source.split("\n")[line - 1].strip().replace("`", "'")
    assert told.startswith(f"Line {line} of its cell: `{shown}`: ")
    assert told.endswith("Fix the cell, run it, and check again.")
    bundle = result._repr_mimebundle_()
    assert bundle["text/plain"] == "1"
    html = bundle["text/html"]
    assert html.index("has a syntax error") < html.index("the verdict on the version before it")
    # Mended, it is gone.
    assert checked(notebook, RIGHT).lead == ()


def test_a_syntax_error_in_the_only_version_is_said_first(notebook: InteractiveShell) -> None:
    """There is nothing else to judge, and that is said too."""
    result = checked(notebook, "def text_of(message)\n    return ''\n")
    assert result.verdict.diagnosis == "missing"
    html = result._repr_mimebundle_()["text/html"]
    assert "has a syntax error" in html
    assert "the version before it" not in html


@pytest.mark.parametrize(
    "source",
    [
        "",
        "x = 1",
        "text_of(",
        "print text_of(1)",
        "for x in text_of(1):",
        "if text_of == 1\n    pass",
        "def text_of_all(message)",
        "text_off = (",
        "# def text_of",
        "%%writefile text_of.py\ndef text_of(message)\n",
        "raise ValueError\ndef text_of(message):\n    return ''",
        "await text_of(1)",
        "def text_of(message):\n    return ''\nreturn ''\n",
        "def text_of(message):\n    return ''\n\nasync def other(): yield 1; return 2\n",
        "def text_of(message):\n    return '\\d'",
        "!ls\ndef text_of(message):\n    return ''",
    ],
)
def test_another_cell_is_no_newer_version(
    notebook: InteractiveShell, source: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Only one that was to define the name, and that Python could not read."""
    monkeypatch.chdir(tmp_path)
    # It would start a shell, and close a million files for that.
    monkeypatch.setattr(notebook, "system", print)
    checked(notebook, RIGHT)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert checked(notebook, source).lead == ()


def test_an_interrupted_check_says_so(notebook: InteractiveShell) -> None:
    """Stopping an endless loop shows a sentence, and no traceback of ours."""
    run(notebook, "def text_of(message):\n    raise KeyboardInterrupt\n")
    assert check("text_of").text.startswith("Stopped before `text_of` finished.")  # type: ignore[union-attr]


def test_an_endless_check_says_so(
    notebook: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It's stopped for the learner, whose notebook goes on."""
    monkeypatch.setattr(checking, "interrupted_if_endless", lambda: interrupted_if_endless(0.05))
    run(notebook, "def text_of(message):\n    while True:\n        pass\n")
    assert check("text_of").text.startswith("Stopped before `text_of` finished.")  # type: ignore[union-attr]


def test_the_function_itself_may_be_given(notebook: InteractiveShell) -> None:
    """A slip that is clear in its meaning is understood."""
    run(notebook, RIGHT)
    result: Any = check(notebook.user_ns["text_of"])
    assert result.verdict.outcome == "Correct"


def test_a_name_with_a_slip_gets_the_nearest(notebook: InteractiveShell) -> None:
    """The error names what was probably meant."""
    with pytest.raises(UnknownExercise, match="Did you mean: text_of"):
        check("text_off")


def test_a_broken_progress_file_is_left_as_it_is(
    notebook: InteractiveShell, tmp_path: Path
) -> None:
    """The verdict is shown all the same, with a word on the file."""
    (tmp_path / "progress.json").write_text("not ours")
    result = checked(notebook, RIGHT)
    assert result.verdict.outcome == "Correct"
    assert result.footnotes[0].startswith("Your progress isn't saved: ")
    assert (tmp_path / "progress.json").read_text() == "not ours"


def test_progress_can_be_switched_off(
    notebook: InteractiveShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Grading a class leaves no trace in the instructor's own progress."""
    monkeypatch.setenv(VARIABLE, "off")
    assert checked(notebook, WRONG).footnotes == ()
    assert list(tmp_path.glob("*.json")) == []


def test_a_folder_that_cannot_be_written_is_named(
    notebook: InteractiveShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The panel names the variable that moves the file."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file" / "progress.json"))
    assert "GRADER_PROGRESS" in checked(notebook, RIGHT).footnotes[0]


def test_an_error_of_ours_is_one_sentence_in_a_notebook() -> None:
    """IPython asks an exception how it wants to be shown."""
    shown = SolutionNotShown("Not yet.")._render_traceback_()
    assert shown == ["SolutionNotShown: Not yet."]
