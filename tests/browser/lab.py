"""JupyterLab as `make lab` starts it, over a copy of the course."""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from grader.authoring import find_root

ROOT = find_root(Path(__file__))

DARK = "JupyterLab Dark"
_SECONDS_TO_START = 60
_SECONDS_TO_STOP = 15
_ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)/\S*\?token=(\w+)")
# What a terminal of the tests has and a learner's has not: their make, their Jupyter, their keys.
_NOT_PASSED_ON = ("MAKE", "MFLAGS", "JUPYTER", "ANTHROPIC_", "OPENAI_", "GRADER_")
_THEME_SETTINGS = "lab/user-settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"


@dataclass(frozen=True)
class Lab:
    """Say where a JupyterLab answers.

    course: the folder with the lessons, a copy. prefix: what leads to it from the folder that is
    served, with a slash behind.
    """

    address: str
    token: str
    course: Path
    prefix: str = ""

    def page_of(self, path: str, *, workspace: str = "default") -> str:
        """Return the address that opens a file of the course.

        workspace: another one than the default has nothing open yet.
        """
        where = "lab" if workspace == "default" else f"lab/workspaces/{workspace}"
        return f"{self.address}/{where}/tree/{self.prefix}{path}?token={self.token}"


@contextmanager
def start_lab(folder: Path, *, theme: str | None = None) -> Iterator[Lab]:
    """Run `make lab` in `folder` until the block ends; what it prints is kept in `lab.log` there.

    theme: the name of a theme of JupyterLab, its own default unless given.
    Raises RuntimeError with what was printed when nothing answers.
    """
    _lay_out(folder)
    if theme is not None:
        choose_theme(folder, theme)
    command = ["make", "lab", "LAB_ARGS=--no-browser"]
    with start_server(command, folder, _environment(folder)) as (address, token):
        yield Lab(address, token, folder / "course")


@contextmanager
def start_server(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Run a command that starts Jupyter until the block ends; yield its address and its token.

    folder: where it runs; what it prints is kept in `lab.log` there.
    Raises RuntimeError with what was printed when nothing answers.
    """
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        # A group of its own: a signal to it reaches make and the server, and nobody else.
        start_new_session=True,
    )
    addresses: queue.Queue[re.Match[str] | None] = queue.Queue()
    assert process.stdout is not None
    log = folder / "lab.log"
    reader = threading.Thread(target=_read, args=(process.stdout, log, addresses), daemon=True)
    reader.start()
    try:
        yield _address(addresses, log)
    finally:
        _stop(process)
        reader.join(_SECONDS_TO_STOP)
        process.stdout.close()


def choose_theme(folder: Path, theme: str) -> None:
    """Give a theme to all pages of the JupyterLab in a folder that are opened from now on."""
    settings = folder / "home" / ".jupyter" / _THEME_SETTINGS
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f'{{"theme": "{theme}"}}', encoding="utf-8")


def _lay_out(folder: Path) -> None:
    """Make a folder that is a clone to `make lab`, set up, with notebooks that may be written."""
    shutil.copytree(
        ROOT / "course", folder / "course", ignore=shutil.ignore_patterns(".ipynb_checkpoints")
    )
    for name in (".ci", "Makefile", "binder", "pyproject.toml", "requirements.txt"):
        (folder / name).symlink_to(ROOT / name)
    venv = folder / ".venv"
    venv.mkdir()
    # Only the programs: JupyterLab keeps its workspaces in .venv/share, and those stay here.
    (venv / "bin").symlink_to(Path(sys.executable).parent)
    (venv / ".lab-ready").write_text(f"{folder.resolve()}\n", encoding="utf-8")
    (folder / "home").mkdir()


def _environment(folder: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(_NOT_PASSED_ON)
    }
    return kept | {
        "HOME": str(folder / "home"),
        "GRADER_PROGRESS": str(folder / "progress.json"),
    }


def _read(printed: IO[str], log: Path, addresses: queue.Queue[re.Match[str] | None]) -> None:
    with log.open("w", encoding="utf-8") as kept:
        for line in printed:
            kept.write(line)
            kept.flush()
            if found := _ADDRESS.search(line):
                addresses.put(found)
    addresses.put(None)


def _address(addresses: queue.Queue[re.Match[str] | None], log: Path) -> tuple[str, str]:
    try:
        found = addresses.get(timeout=_SECONDS_TO_START)
    except queue.Empty:
        found = None
    # The address is printed a moment before anybody listens there.
    if found is None or not _is_listening(found[1], within=_SECONDS_TO_START):
        where = "at no address" if found is None else f"not at {found[1]}"
        raise RuntimeError(
            f"After {_SECONDS_TO_START} s Jupyter answers {where}; it printed:\n"
            f"{log.read_text(encoding='utf-8')}"
        )
    return found[1], found[2]


def _is_listening(address: str, *, within: float) -> bool:
    place = urlsplit(address)
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            socket.create_connection((place.hostname or "", place.port or 0), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


def _stop(process: subprocess.Popen[str]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(_SECONDS_TO_STOP)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
