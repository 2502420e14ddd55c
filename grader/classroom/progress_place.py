"""Where we keep progress: a file for each copy of the course, in Jupyter's own data folder.

Its name holds a digest of the copy's folder, so that a second clone starts from scratch, and no
clone gets a file that git didn't give it. GRADER_PROGRESS names another file; GRADER_PROGRESS=off
keeps nothing, as when grading a class.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.classroom.notebook_code import starting_folder
from grader.classroom.progress_file import OFF, VARIABLE
from grader.errors import ProgressError
from grader.sources import nearest_root

_FORMER = "progress.json"
"""The file that all copies of the course shared before each had its own."""
_ELSEWHERE = "progress-elsewhere.json"
"""The file for notebooks outside any copy of the course."""
_OTHERS = "progress-*.json"
"""A pattern for the files of copies of the course, this one included."""

_IN_BROWSER = sys.platform == "emscripten"


@dataclass(frozen=True)
class Place:
    """Say where we keep progress.

    path: the file, None if progress is switched off. course: the copy of the course that it
    belongs to, None if it belongs to none. in_browser: whether the kernel runs in a web page.
    """

    path: Path | None
    course: Path | None = None
    in_browser: bool = False

    @property
    def statement(self) -> str:
        """Return in one sentence where we keep progress, and for which course."""
        if self.path is None:
            return "Progress is switched off here."
        if self.in_browser:
            return self._statement_in_browser
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

    @property
    def _statement_in_browser(self) -> str:
        """Return the same for a web page, which keeps what lies beside its notebooks."""
        assert self.path is not None
        if self.course is not None and self.path.is_relative_to(self.course):
            return (
                "Kept in this browser, beside your notebooks, until you clear this site's data. "
                "“Save to a file” takes it to another browser or computer."
            )
        return (
            "This browser keeps nothing here, as in a private window: "
            "press “Save to a file” before you close the page."
        )


def find_place(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Place:
    """Return where we keep progress.

    folder: the notebook's; by default the one that its kernel started in, or the working directory
        if that isn't in a course.
    """
    variables = os.environ if environment is None else environment
    chosen = variables.get(VARIABLE, "").strip()
    if chosen == OFF:
        return Place(None)
    if chosen:
        # os.path leaves the ~ of an unknown user alone; Path would raise.
        return Place(Path(os.path.expanduser(chosen)))
    from jupyter_core.paths import jupyter_data_dir

    kept = Path(jupyter_data_dir()) / "grader"
    folders = (starting_folder(), Path.cwd()) if folder is None else (folder,)
    course = next(filter(None, map(find_course, folders)), None)
    if course is None:
        return Place(kept / _ELSEWHERE, in_browser=_IN_BROWSER)
    digest = hashlib.sha256(os.fsencode(course)).hexdigest()[:12]
    return Place(kept / f"progress-{digest}.json", course, _IN_BROWSER)


def find_course(folder: Path) -> Path | None:
    """Return the copy of the course that a folder is in, with links resolved, or None.

    A class may get only the lessons: then it is the folder that holds them.
    """
    from grader.exercises import COURSE

    start = Path(os.path.realpath(folder))
    root = nearest_root(start)
    if root is not None:
        return root
    if any(start.name == lesson.name for lesson in COURSE):
        return start.parent
    # The cheat sheet lies beside the lessons.
    return start if any((start / lesson.name).is_dir() for lesson in COURSE) else None


def open_place() -> Place:
    """Return where we keep progress, and say so once if the place has moved.

    The file that all copies shared goes to the first copy that is opened and has none yet. Raises
    ProgressError if it cannot be moved.
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
            f"Your progress was in {former} until now, and can't be moved to {place.path} "
            f"({error.strerror}). Move it, or set {VARIABLE} to a file in one of your own folders."
        ) from error
    print(
        f"Each copy of the course now keeps its own progress. Yours, from {former}, belongs to "
        f"{place.course or 'the notebooks outside of any copy'}, and is in {place.path}."
    )
    return place


def _changed(path: Path) -> float:
    return path.stat().st_mtime
