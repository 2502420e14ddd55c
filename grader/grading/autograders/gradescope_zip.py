"""The archive that Gradescope takes as an autograder: the course, and how to run it on one file.

Gradescope unpacks it to /autograder/source, runs setup.sh once while it builds the image, and
run_autograder for each submission, which has to write /autograder/results/results.json.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from grader.errors import GradingError
from grader.grading.folders import is_leftover

_FILES = ("LICENSE", "README.md", "nbgrader_config.py", "pyproject.toml", "requirements.txt")
_FOLDERS = ("course", "grader", "solutions")
# A zip holds times; these make it the same bytes each time it is made.
_TIME = (1980, 1, 1, 0, 0, 0)
_RUNNABLE, _PLAIN = 0o100755, 0o100644

_SETUP = """#!/bin/sh
# Run once by Gradescope, while it builds the image.
set -eu
cd "${AUTOGRADER:-/autograder}/source"
found=""
for python in python3.14 python3.13 python3.12 python3.11; do
  if "$python" -m venv --help > /dev/null 2>&1; then found="$python"; break; fi
done
if [ -z "$found" ]; then
  apt-get update
  apt-get install -y python3.11 python3.11-venv
  found=python3.11
fi
"$found" -m venv .venv
.venv/bin/pip install --quiet -e '.[teach]'
.venv/bin/grader doctor
"""
_RUN = """#!/bin/sh
# Run by Gradescope for each submission. If it ends without results.json, Gradescope says so: a
# submission that could not be graded gets no 0.
set -eu
home="${AUTOGRADER:-/autograder}"
cd "$home"
exec "$home/source/.venv/bin/grader" export gradescope-results "$home/submission" \\
  --lesson LESSON --out "$home/results/results.json"
"""


def gradescope_zip(course: Path, lesson: str) -> bytes:
    """Return the archive for one lesson; course: the repository."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "setup.sh", _SETUP.encode(), _RUNNABLE)
        _put(archive, "run_autograder", _RUN.replace("LESSON", lesson).encode(), _RUNNABLE)
        for name, path in _course_files(course):
            _put(archive, name, path.read_bytes(), _PLAIN)
    return written.getvalue()


def _put(archive: zipfile.ZipFile, name: str, content: bytes, mode: int) -> None:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = mode << 16
    archive.writestr(info, content)


def _course_files(course: Path) -> Iterator[tuple[str, Path]]:
    for name in _FILES:
        path = course / name
        if not path.is_file():
            raise GradingError(f"There is no {path}. Run this inside a clone of the course.")
        yield name, path
    for folder in _FOLDERS:
        for path in sorted((course / folder).rglob("*")):
            parts = path.relative_to(course).parts
            if path.is_file() and not any(map(is_leftover, parts)):
                yield "/".join(parts), path
