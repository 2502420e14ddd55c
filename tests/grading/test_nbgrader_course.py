"""nbgrader in a folder of results: what it is told, and what comes back when it stops."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.errors import GradingError
from grader.exercises import find_lesson
from grader.grading.nbgrader_course import NbgraderCourse, open_course
from grader.grading.results_folder import ResultsFolder, prepare_folder
from tests.grading.class_folder import ROOT, START


class Converter:
    """Stand for one of nbgrader's converters, and stop as told."""

    def __init__(self, **options: Any) -> None:
        self.log: logging.Logger = options["log"]

    def start(self) -> None:
        """Do nothing."""


class Failing(Converter):
    """Log an exception as nbgrader does, and raise one that says nothing of it."""

    def start(self) -> None:
        """Fail."""
        from nbgrader.converters.base import NbGraderException

        try:
            raise ValueError("the reason\nand more of it")
        except ValueError:
            self.log.error("There was an error processing assignment")
        raise NbGraderException("Please see the the above traceback.")


class Broken(Converter):
    """Stop in a way that nbgrader does not foresee."""

    def start(self) -> None:
        """Fail."""
        raise OSError("no space left")


class Interrupted(Converter):
    """Be stopped by Ctrl+C."""

    def start(self) -> None:
        """Be stopped."""
        raise KeyboardInterrupt


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> ResultsFolder:
    """Give a folder of results; one for all, because making a gradebook takes seconds."""
    return prepare_folder(tmp_path_factory.mktemp("results"), Path("submitted"))


@pytest.fixture
def opened(folder: ResultsFolder) -> Iterator[NbgraderCourse]:
    """Give nbgrader at work in that folder."""
    with open_course(folder) as course:
        yield course


def test_what_stopped_nbgrader_comes_back_as_a_sentence(
    opened: NbgraderCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exception that it logged says why; the one that it raises does not."""
    monkeypatch.setattr("nbgrader.converters.Autograde", Failing)
    assert opened.grade("ada", START) == "ValueError: the reason."


def test_an_unforeseen_exception_comes_back_too(
    opened: NbgraderCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One submission never stops the class."""
    monkeypatch.setattr("nbgrader.converters.Autograde", Broken)
    assert opened.grade("ada", START) == "OSError: no space left."


def test_a_failure_is_not_told_of_the_next(
    opened: NbgraderCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each submission is judged by its own run."""
    monkeypatch.setattr("nbgrader.converters.GenerateFeedback", Converter)
    monkeypatch.setattr("nbgrader.converters.Autograde", Failing)
    assert opened.grade("ada", START) != ""
    monkeypatch.setattr("nbgrader.converters.Autograde", Converter)
    assert opened.grade("bob", START) == ""


def test_the_feedback_is_part_of_the_grade(
    opened: NbgraderCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that cannot be written is not passed over."""
    monkeypatch.setattr("nbgrader.converters.Autograde", Converter)
    monkeypatch.setattr("nbgrader.converters.GenerateFeedback", Broken)
    assert opened.grade("ada", START) == "OSError: no space left."


def test_an_interrupt_stops_the_class(
    opened: NbgraderCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl+C is meant for the command, not for one submission."""
    monkeypatch.setattr("nbgrader.converters.Autograde", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        opened.grade("ada", START)


def test_nothing_is_left_behind(folder: ResultsFolder) -> None:
    """Loggers and the environment are as they were before."""
    loggers = (logging.getLogger(), logging.getLogger("grader.nbgrader"))
    before = ([list(each.handlers) for each in loggers], dict(os.environ))
    with open_course(folder):
        pass
    assert ([list(each.handlers) for each in loggers], dict(os.environ)) == before


def test_a_gradebook_that_cannot_be_opened_names_the_option(tmp_path: Path) -> None:
    """The sentence has the URL and the form of a right one."""
    folder = prepare_folder(tmp_path / "out", tmp_path / "submitted", "nonsense://a:b@c")
    with (
        pytest.raises(GradingError, match=r"nonsense://a:\*\*\*@c cannot be opened.*see --db"),
        open_course(folder),
    ):
        pass


def test_a_lesson_that_changed_since_it_was_graded_is_named(
    folder: ResultsFolder, opened: NbgraderCourse
) -> None:
    """nbgrader cannot add or remove exercises under submissions; a new folder can."""
    from nbgrader.api import Gradebook

    folder.copy_lessons(ROOT, [find_lesson(START)])
    opened.register(START)
    with Gradebook(folder.db_url) as gradebook:
        gradebook.update_or_create_student("ada")
        gradebook.update_or_create_submission(START, "ada")
    notebook = folder.path / "source" / START / f"{START}.ipynb"
    notebook.write_text(notebook.read_text().replace("check_first_call", "check_second_call"))
    with pytest.raises(
        GradingError, match=r"Cannot add or remove cells.*another folder with --out"
    ):
        opened.register(START)
