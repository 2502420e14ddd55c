"""Formgrader, nbgrader's own web page for graders, opens what was written."""

import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from grader.exercises import find_lesson
from grader.grading.gradebook import open_gradebook
from tests.browser.lab import _is_listening
from tests.grading.class_folder import ROOT, START, course_notebook, prepare_folder
from tests.grading.made_results import result, solution_notebook
from tests.grading.report.made_class import RESULTS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("gradebook")]

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAME = "zoë <b> & 漢"


def graded_notebook(points: dict[str, int]) -> bytes:
    """Return a notebook whose check cells show their points, as grading writes them."""
    notebook = course_notebook()
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if name in points:
            shown = {"text/plain": str(points[name]), "text/html": f"<p>{points[name]} points</p>"}
            cell["outputs"] = [
                {
                    "output_type": "execute_result",
                    "execution_count": 1,
                    "metadata": {},
                    "data": shown,
                }
            ]
    return json.dumps(notebook).encode()


def make_results(out: Path) -> Path:
    """Write a class into a folder of results, as `grader grade` does."""
    folder = prepare_folder(out, out.parent / "submitted")
    folder.copy_lessons(ROOT, [find_lesson(START)])
    with open_gradebook(out) as book:
        book.register(find_lesson(START), solution_notebook())
        for each in (*RESULTS, result(NAME, first_call="returned-block")):
            if each.lesson == START and not each.trouble:
                points = {f"check_{one.exercise}": one.verdict.points for one in each.exercises}
                book.write(each, graded_notebook(points), submitted_at=NOON)
    return out


class Formgrader:
    """Ask a running formgrader."""

    def __init__(self, address: str) -> None:
        self._address = address

    def get(self, path: str) -> str:
        """Return a page."""
        with urllib.request.urlopen(f"{self._address}/formgrader/{path}") as reply:
            text: str = reply.read().decode()
        return text

    def json(self, path: str) -> Any:
        """Return what its API says."""
        return json.loads(self.get(f"api/{path}"))


@pytest.fixture(scope="module")
def formgrader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Formgrader]:
    """Run Jupyter's server with nbgrader's extension in a folder of results."""
    folder = tmp_path_factory.mktemp("formgrader")
    out = make_results(folder / "out")
    command = [
        *(sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root"),
        *("--ServerApp.port=0", "--IdentityProvider.token="),
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
        "--ServerApp.disable_check_xsrf=True",
    ]
    environment = {
        "HOME": str(folder),
        "PATH": str(Path(sys.executable).parent),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            command, cwd=out, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        ) as server,
    ):
        try:
            yield Formgrader(_address(server, folder / "runtime", within=120))
        except LookupError:
            pytest.fail((folder / "log").read_text())
        finally:
            server.kill()


def _address(server: subprocess.Popen[bytes], runtime: Path, *, within: float) -> str:
    """Return where a server answers, as it says itself: a port that was free may be taken by now.

    Raises LookupError when it says nothing for so many seconds, or has ended.
    """
    said = runtime / f"jpserver-{server.pid}.json"
    until = time.monotonic() + within
    while time.monotonic() < until and server.poll() is None:
        with suppress(FileNotFoundError, json.JSONDecodeError):
            address = str(json.loads(said.read_text())["url"]).rstrip("/")
            if _is_listening(address, within=1):
                return address
        time.sleep(0.05)
    raise LookupError(said)


def test_it_lists_the_class_as_graded(formgrader: Formgrader) -> None:
    """With the points of each, and nothing left to do by hand."""
    [assignment] = formgrader.json("assignments")
    assert (assignment["name"], assignment["num_submissions"]) == (START, 5)
    rows = formgrader.json(f"submissions/{START}")
    assert {each["student"]: (each["score"], each["max_score"]) for each in rows} == {
        "ada": (7, 7),
        "ben": (5, 7),
        "cho": (2, 7),
        "dee": (0, 7),
        NAME: (5, 7),
    }
    assert {
        (each["autograded"], each["submitted"], each["needs_manual_grade"]) for each in rows
    } == {(True, True, False)}


def test_it_opens_each_notebook(formgrader: Formgrader) -> None:
    """The page of a submission shows its cells and outputs, with a field for points."""
    rows = formgrader.json(f"submitted_notebooks/{START}/{START}")
    assert len(rows) == 5
    for row in rows:
        page = formgrader.get(f"submissions/{row['id']}/")
        words = re.sub(r"<[^>]+>", "", page)
        assert "def first_call(client" in words
        assert re.search(r"[0-4] points", words)
        assert f"/formgrader/submissions/{row['id']}" in page
        grades = formgrader.json(f"grades?submission_id={row['id']}")
        assert {each["name"] for each in grades} == {"check_first_call", "check_describe_reply"}


def test_it_shows_the_diagnosis_as_a_comment(formgrader: Formgrader) -> None:
    """A grader sees what the exam saw, and may answer it."""
    rows = formgrader.json(f"submitted_notebooks/{START}/{START}")
    [ben] = [each["id"] for each in rows if each["student"] == "ben"]
    comments = formgrader.json(f"comments?submission_id={ben}")
    told = {each["name"]: each["auto_comment"] for each in comments}
    assert "You returned a block or a message instead of its text." in told["first_call"]


def test_a_submission_that_is_not_there_is_not_found(formgrader: Formgrader) -> None:
    """So the pages above are no pages of errors."""
    with pytest.raises(HTTPError, match="404"):
        formgrader.get("submissions/nobody/")
