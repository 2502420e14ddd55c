"""A PostgreSQL server of a test's own, in a temporary folder, on a socket that nobody else sees."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

_DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Server:
    """Say where a server answers; programs: the folder of its commands."""

    programs: Path
    folder: Path

    def new_database(self, name: str) -> str:
        """Make a database and return its URL."""
        _run(self.programs / "createdb", "-h", str(self.folder), "-U", "grader", name)
        return f"postgresql://grader@/{name}?host={quote(str(self.folder), safe='')}"


def missing_postgresql() -> str:
    """Return what is not installed here, or ""."""
    if _programs() is None:
        return "no PostgreSQL server is installed (Debian: apt-get install postgresql)"
    if find_spec("psycopg") is None:
        return "no driver is installed (pip install 'grader[postgresql]')"
    return ""


@contextmanager
def start_postgresql() -> Iterator[Server]:
    """Run a server until the block ends."""
    programs = _programs()
    assert programs is not None
    # A socket's path has at most 107 bytes, so the folder is not one of pytest's.
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        folder = Path(name)
        data = folder / "data"
        data.mkdir(mode=0o700)
        for path in (folder, data):
            shutil.chown(path, _user())
        _run(programs / "initdb", "-D", str(data), "-U", "grader", "-A", "trust", "-E", "UTF8",
             "--locale=C", "--no-sync", user=_user())  # fmt: skip
        # A shell of pg_ctl's reads them.
        options = f"-k {shlex.quote(str(folder))} -c listen_addresses= -c fsync=off"
        control = programs / "pg_ctl"
        log = str(folder / "log")
        _run(control, "-D", str(data), "-w", "-l", log, "-o", options, "start", user=_user())
        try:
            yield Server(programs, folder)
        finally:
            _run(control, "-D", str(data), "-m", "immediate", "stop", user=_user())


def _programs() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    # Debian keeps them off the path.
    installed = sorted(_DEBIAN.glob("*/bin/initdb"))
    return installed[-1].parent if installed else None


def _user() -> str:
    """Return as whom the server runs: it refuses to be root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    known = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _run(*command: Path | str, user: str | None = None) -> None:
    identity: dict[str, object] = {}
    if user is not None and os.geteuid() == 0:
        entry = pwd.getpwnam(user)
        identity = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    # Without a pipe: the server would keep it open, and the wait would not end.
    with tempfile.TemporaryFile("w+") as said:
        ran = subprocess.run(
            [str(each) for each in command], stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            cwd="/", check=False, **identity,  # type: ignore[call-overload]
        )  # fmt: skip
        said.seek(0)
        assert ran.returncode == 0, said.read()
