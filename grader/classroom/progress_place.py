"""Where progress is kept: a file for each copy of the course, in Jupyter's own data folder.

Its name holds a digest of the folder that the copy lies in, so that a second clone begins at the
beginning, and no clone has a file more than git gave it. GRADER_PROGRESS names another file;
GRADER_PROGRESS=off keeps nothing, as grading a class does.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.classroom.notebook_code import starting_folder
from grader.classroom.progress_file import OFF, VARIABLE
from grader.errors import ProgressError
from grader.sources import nearest_root

_FORMER = "progress.json"
"""The one file that all copies of the course shared before each had its own."""
_ELSEWHERE = "progress-elsewhere.json"
"""The file of notebooks that lie in no copy of the course."""
_OTHERS = "progress-*.json"
"""The files of copies of the course, this one's among them."""


@dataclass(frozen=True)
class Place:
    """Say where progress is kept.

    path: the file, None where progress is switched off. course: the copy of the course that it
    belongs to, None for a file that belongs to none.
    """

    path: Path | None
    course: Path | None = None

    @property
    def statement(self) -> str:
        """Return in one sentence where progress is kept, and of what."""
        if self.path is None:
            return "Progress is switched off here."
        if self.course is None:
            return f"Kept in {self.path}."
        kept = f"Kept in {self.path}, for the course in {self.course} alone."
        others = list(self.path.parent.glob(_OTHERS))
        if self.path.exists() or not others:
            return kept
        return (
            f"{kept} It is empty so far. If you moved or renamed that folder, your progress is "
            f"still in {max(others, key=_changed)}: choose that file at “Load from a file”."
        )


def find_place(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Place:
    """Return where progress is kept.

    folder: the notebook's; the one that its kernel was started in unless given, and the working
        directory where that is in no course.
    """
    variables = os.environ if environment is None else environment
    chosen = variables.get(VARIABLE, "").strip()
    if chosen == OFF:
        return Place(None)
    if chosen:
        # By os.path: it leaves the ~ of an unknown user alone, where Path would raise.
        return Place(Path(os.path.expanduser(chosen)))
    from jupyter_core.paths import jupyter_data_dir

    kept = Path(jupyter_data_dir()) / "grader"
    folders = (starting_folder(), Path.cwd()) if folder is None else (folder,)
    course = next(filter(None, map(find_course, folders)), None)
    if course is None:
        return Place(kept / _ELSEWHERE)
    digest = hashlib.sha256(os.fsencode(course)).hexdigest()[:12]
    return Place(kept / f"progress-{digest}.json", course)


def find_course(folder: Path) -> Path | None:
    """Return the copy of the course that a folder is in, without links in its path, or None.

    A class may be handed lessons alone: then it is the folder that theirs lie in.
    """
    from grader.exercises import COURSE

    start = Path(os.path.realpath(folder))
    root = nearest_root(start)
    if root is None and any(start.name == lesson.name for lesson in COURSE):
        return start.parent
    return root


def open_place() -> Place:
    """Return where progress is kept, and say so once where it was kept until now.

    The one file of all copies goes to the first that is opened and has none yet. Raises
    ProgressError when it cannot be moved.
    """
    place = find_place()
    if place.path is None or (VARIABLE in os.environ and os.environ[VARIABLE].strip()):
        return place
    former = place.path.with_name(_FORMER)
    if place.path.exists() or not former.is_file():
        return place
    try:
        os.replace(former, place.path)
    except FileNotFoundError:
        # Another kernel was faster.
        return place
    except OSError as error:
        raise ProgressError(
            f"Progress was kept in {former} until now, and cannot be moved to {place.path} "
            f"({error.strerror}). Move it, or set {VARIABLE} to a file in a folder of your own."
        ) from error
    print(
        f"Each copy of the course keeps progress of its own now. Yours, from {former}, belongs to "
        f"{place.course or 'the notebooks outside of any copy'}, and lies in {place.path}."
    )
    return place


def _changed(path: Path) -> float:
    return path.stat().st_mtime
