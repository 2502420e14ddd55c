"""Opening a gradebook, or saying why it does not open."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from grader.errors import GradingError
from grader.exercises import find_lesson
from grader.grading.gradebook import open_gradebook, shown_url
from tests.grading.class_folder import START
from tests.grading.made_results import solution_notebook

pytestmark = pytest.mark.xdist_group("gradebook")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///a.db", "sqlite:///a.db"),
        ("postgresql://ada@host/name", "postgresql://ada@host/name"),
        ("postgresql://ada:p@ss:w@host/name", "postgresql://ada:***@host/name"),
    ],
)
def test_a_password_is_never_shown(url: str, shown: str) -> None:
    """Not in a table, not in an error."""
    assert shown_url(url) == shown


@pytest.mark.parametrize(
    ("url", "said", "fix"),
    [
        ("nonsense", "Could not parse SQLAlchemy URL", "Give --db a URL such as sqlite:///"),
        ("oracle://ada@host/name", "ModuleNotFoundError", "Give --db a URL such as sqlite:///"),
        (
            "sqlite:////nowhere/at/all/gradebook.db",
            "unable to open database file",
            "mkdir -p /nowhere/at/all",
        ),
    ],
)
def test_what_cannot_be_opened_is_told_in_a_sentence(
    url: str, said: str, fix: str, tmp_path: Path
) -> None:
    """With the cause, and what mends it."""
    with (
        pytest.raises(GradingError, match="cannot be opened: ") as caught,
        open_gradebook(tmp_path, url),
    ):
        pass
    assert said in str(caught.value)
    assert fix in str(caught.value)


def test_a_server_that_does_not_answer_is_told_in_a_sentence(tmp_path: Path) -> None:
    """Without its password; where no driver is installed, the sentence says how to get one."""
    url = "postgresql://ada:secret@/name?host=/nowhere"
    said = r"See that the server runs|pip install 'psycopg\[binary\]'"
    with (
        pytest.raises(GradingError, match=said) as caught,
        open_gradebook(tmp_path, url),
    ):
        pass
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_gradebook_is_refused(tmp_path: Path) -> None:
    """And left as it is."""
    (tmp_path / "gradebook.db").write_bytes(b"not a database, but long enough to be read as one")
    with (
        pytest.raises(GradingError, match=r"cannot be opened: .*not a database"),
        open_gradebook(tmp_path),
    ):
        pass


def test_a_gradebook_that_breaks_while_it_is_open_is_named(tmp_path: Path) -> None:
    """Whatever a database says becomes one of our errors."""
    with pytest.raises(GradingError, match="cannot be written: OperationalError: no such table"):
        break_while_open(tmp_path)


def break_while_open(folder: Path) -> None:
    """Take a table away from an open gradebook, then register a lesson."""
    with open_gradebook(folder) as book:
        with closing(sqlite3.connect(folder / "gradebook.db")) as other:
            other.execute("DROP TABLE source_cell")
        book.register(find_lesson(START), solution_notebook())


_PROGRAM = """
import importlib.util, sys
from grader.grading.gradebook.opening import import_nbformat
import_nbformat()
import_nbformat()
import nbformat
from nbformat.v4 import new_code_cell, new_notebook
nbformat.validate(new_notebook(cells=[new_code_cell("1")]))
assert "rfc3987_syntax" not in sys.modules
assert importlib.util.find_spec("rfc3987_syntax")
print("done")
"""


def test_the_grammar_stays_out_and_can_still_be_imported() -> None:
    """Notebooks are read and validated without it; whoever needs it later gets it."""
    ran = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, encoding="utf-8", check=False
    )
    assert (ran.stdout, ran.returncode) == ("done\n", 0), ran.stderr
