"""A Binder image, as far as it can be built without Docker.

repo2docker makes a fresh Python of binder/runtime.txt with a JupyterLab of its own, installs
binder/requirements.txt, runs binder/postBuild, and starts everything through binder/start.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from tests.binder.requirements_files import FROZEN, ROOT

KEYS = {"ANTHROPIC_API_KEY": "sk-ant-somebodys", "OPENAI_API_KEY": "sk-somebodys"}
"""What an image must not pass on, although it was given it."""


@dataclass(frozen=True)
class Image:
    """Hold a built image: the repository's folder in it and the environment of its commands."""

    repository: Path
    environment: dict[str, str]

    def run(self, *command: str) -> str:
        """Run a command in the repository's folder and return its output; fail with its words."""
        done = subprocess.run(
            command,
            cwd=self.repository,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command} failed:\n{done.stdout}\n{done.stderr}"
        return done.stdout


def build_image(folder: Path) -> Image:
    """Build the image in a folder, in a copy of the repository and with a home of its own."""
    repository, home, venv = folder / "repository", folder / "home", folder / "venv"
    home.mkdir()
    subprocess.run([_python(), "-m", "venv", venv], check=True)
    python = venv / "bin" / "python"
    _reach_index(python, folder)
    _copy_repository(repository)
    # GRADER_, JUPYTER_ and VIRTUAL_ENV of whoever runs the tests would lead out of the image.
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GRADER_", "JUPYTER", "VIRTUAL"))
    }
    environment = {
        **kept,
        **KEYS,
        "HOME": str(home),
        "PATH": f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    built = Image(repository, environment)
    built.run("python", "-m", "pip", "install", "--quiet", "-r", str(FROZEN))
    built.run("python", "-m", "pip", "install", "--quiet", "-r", "binder/requirements.txt")
    built.run("./binder/postBuild")
    return built


def wanted_version() -> str:
    """Return the version of Python that runtime.txt names, such as "3.12"."""
    return (ROOT / "binder" / "runtime.txt").read_text("utf-8").strip().removeprefix("python-")


def _python() -> str:
    """Return the Python of runtime.txt when it runs here, else the one that runs the tests."""
    named = shutil.which(f"python{wanted_version()}")
    if named:
        # A shim of pyenv may be found and then refuse to start.
        started = subprocess.run(
            [named, "-c", "import ensurepip"], capture_output=True, check=False
        )
        if started.returncode == 0:
            return named
    return sys.executable


def _reach_index(python: Path, folder: Path) -> None:
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--retries", "1", "--timeout", "10"]
    asked = subprocess.run(
        [*pip, "download", "--quiet", "--no-deps", "--no-cache-dir", "--dest", folder, "comm"],
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode != 0:
        _give_up(f"pip reaches no package index: {asked.stderr.strip()[-300:]}")


def _give_up(reason: str) -> NoReturn:
    """Skip and say why; on a build server fail, since a skip would pass for a tested image."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"No image was built. {reason}")


def _copy_repository(target: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        _give_up(f"git does not say which files Binder would get: {listed.stderr.strip()}")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
