"""Install each client in an environment of its own, once for each state of its lockfile."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from tests.clients.table import HERE, Client

NPM = HERE / "npm"


def install(client: Client, folder: Path) -> Path:
    """Return the environment of a client below a folder; make it, unless it is there as locked.

    Raises CalledProcessError where pip or npm fails, FileNotFoundError where npm is lacking.
    """
    place = folder / (client.name if client.lock else "npm")
    stamp = place / "installed"
    wanted = _hash(client.lock or NPM / "package-lock.json")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return place
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    if client.lock:
        _run(sys.executable, "-m", "venv", str(place))
        pip = [str(place / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        _run(*pip, "install", "--quiet", "--no-compile", "--requirement", str(client.lock))
    else:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(NPM / name, place)
        _run("npm", "--prefix", str(place), "ci", "--silent", "--ignore-scripts", "--no-audit")
    stamp.write_text(wanted, encoding="utf-8")
    return place


def _hash(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
