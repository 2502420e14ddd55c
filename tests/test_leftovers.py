"""What a test leaves behind is found, whatever it is."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests import leftovers
from tests.leftovers import Belongings, Surroundings, for_all_modules, what_stays


@contextmanager
def _a_socket() -> Iterator[None]:
    with socket.socket():
        yield


@contextmanager
def _a_file() -> Iterator[None]:
    with Path(__file__).open():
        yield


@contextmanager
def _a_thread() -> Iterator[None]:
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="left behind")
    thread.start()
    yield
    end.set()
    thread.join()


@contextmanager
def _a_process() -> Iterator[None]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE):
        yield


@contextmanager
def _a_folder() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="left-behind-"):
        yield


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere there is no /proc to look into.")
@pytest.mark.parametrize(
    ("leave", "told"),
    [
        (_a_socket, "socket:["),
        (_a_file, "test_leftovers.py is open as "),
        (_a_thread, "the thread left behind runs"),
        (_a_process, " -c input()"),
        (_a_folder, "left-behind-"),
    ],
)
def test_what_a_module_leaves_is_named(
    leave: Callable[[], ExitStack], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no longer when it has ended, or when a fixture of the session answers for it."""
    monkeypatch.setattr(leftovers, "PATIENCE", 0)
    monkeypatch.setattr(leftovers, "_for_all", set())
    before = Belongings.now()
    with leave():
        assert any(told in each for each in what_stays(before))
    assert what_stays(before) == []
    with ExitStack() as stack:
        with for_all_modules():
            stack.enter_context(leave())
        assert what_stays(before) == []


def test_what_is_about_to_end_is_waited_for() -> None:
    """A thread that ends by itself is nothing that was left."""
    before = Belongings.now()
    threading.Thread(target=time.sleep, args=(0.2,)).start()
    assert what_stays(before) == []


def test_what_a_test_changes_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The folder, the environment, a handler, the recursion limit, where modules are looked for."""
    before = Surroundings.now()
    assert before.changes(Surroundings.now()) == []
    limit, handler = sys.getrecursionlimit(), signal.getsignal(signal.SIGALRM)
    folder = Path.cwd()
    try:
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            patch.setenv("LEFT_BEHIND", "1")
            patch.syspath_prepend(str(tmp_path))
            sys.setrecursionlimit(limit + 1)
            signal.signal(signal.SIGALRM, signal.SIG_IGN)
            assert [each.split(" is ")[0] for each in before.changes(Surroundings.now())] == [
                "the working folder",
                "the variable LEFT_BEHIND",
                "SIGALRM",
                "the recursion limit",
                "sys.path",
            ]
    finally:
        sys.setrecursionlimit(limit)
        signal.signal(signal.SIGALRM, handler)
    assert os.getcwd() == str(folder)
    assert before.changes(Surroundings.now()) == []


def test_the_test_that_leaves_something_fails(tmp_path: Path) -> None:
    """By name when it changed something itself, for its module when something stays open."""
    (tmp_path / "conftest.py").write_text(
        "from tests import leftovers\n"
        "leftovers.PATIENCE = 0\n"
        "def pytest_configure(config):\n"
        "    config.pluginmanager.register(leftovers.Leftovers())\n"
    )
    (tmp_path / "test_it.py").write_text(
        "import os, socket\n"
        "kept = []\n"
        "def test_changes(): os.environ['LEFT_BEHIND'] = '1'\n"
        "def test_is_innocent(): pass\n"
        "def test_opens(): kept.append(socket.socket())\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
    ]
    root = str(Path(__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": root, "PYTEST_ADDOPTS": ""}
    done = subprocess.run(
        [*command, str(tmp_path)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "3 passed, 2 errors" in done.stdout, done.stdout + done.stderr
    assert "test_it.py::test_changes changed what the next test finds:" in done.stdout
    assert "the variable LEFT_BEHIND is '1', and was None" in done.stdout
    assert "the tests of test_it.py left what the next test finds:" in done.stdout
