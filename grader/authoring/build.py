"""The build: course/ and the notebooks beside the sources, written from the sources.

A build writes what differs, removes what it once made and no longer makes, and refuses to
touch a file that somebody edited by hand.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.manifest import COURSE, MANIFEST, digest, read_manifest, render_manifest
from grader.authoring.plan import CHEAT_SHEET, BuildPlan, plan_course
from grader.authoring.project import read_files
from grader.errors import AuthoringError
from grader.exams import Lesson
from grader.sources import SOURCES, source_path


@dataclass(frozen=True)
class BuildReport:
    """Say what a build did, in paths from the root of the course."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


def build(
    root: Path,
    course: Sequence[Lesson],
    *,
    lessons: Sequence[str] | None = None,
    force: bool = False,
) -> BuildReport:
    """Build the whole course, or only the lessons named.

    `force` overwrites and removes generated files that were edited by hand.
    Raises AuthoringError, before anything is written, if a source cannot be built or a file
    was edited by hand.
    """
    _refuse_unknown(course, lessons)
    files = read_files(root)
    recorded = _recorded(files, force=force)
    plan = plan_course(files, course, recorded=recorded, only=lessons)
    if plan.problems:
        raise AuthoringError(
            "\n".join(f"{each.path}: {each.what} {each.fix}" for each in plan.problems)
        )
    outputs = plan.outputs
    gone = tuple(
        path
        for path in sorted(recorded.keys() - outputs.keys())
        if lessons is None or _lesson_of(path) in lessons
    )
    if not force:
        _refuse_edited(files, recorded, outputs, gone)
    kept = {path: value for path, value in recorded.items() if path not in gone}
    digests = {**kept, **{path: digest(data) for path, data in outputs.items()}}
    written = tuple(path for path in sorted(outputs) if files.get(path) != outputs[path])
    removed = tuple(path for path in gone if path in files)
    for path in written:
        _write(root / path, outputs[path])
    for path in removed:
        _remove(root / path, root)
    # Last, so that the next build repairs one that was cut short.
    manifest = render_manifest(digests)
    if files.get(MANIFEST) != manifest:
        _write(root / MANIFEST, manifest)
    return BuildReport(written, removed, tuple(sorted(outputs.keys() - set(written))))


def manifest_of(plan: BuildPlan) -> bytes:
    """Return the manifest that a build of the whole plan writes."""
    return render_manifest({path: digest(data) for path, data in plan.outputs.items()})


def _refuse_unknown(course: Sequence[Lesson], lessons: Sequence[str] | None) -> None:
    names = [lesson.name for lesson in course]
    for name in lessons or ():
        if name not in names:
            raise AuthoringError(
                f"No lesson of the course is called {name!r}; expected one of "
                f"{', '.join(names) or 'none'}. `grader build` without a name builds them all."
            )


def _recorded(files: Mapping[str, bytes], *, force: bool) -> dict[str, str]:
    try:
        return read_manifest(files.get(MANIFEST))
    except AuthoringError:
        if not force:
            raise
        return {}


def _refuse_edited(
    files: Mapping[str, bytes],
    recorded: Mapping[str, str],
    outputs: Mapping[str, bytes],
    gone: Sequence[str],
) -> None:
    edited = [
        path
        for path in sorted({*outputs, *gone})
        if path in files
        and files[path] != outputs.get(path)
        and digest(files[path]) != recorded.get(path)
    ]
    if not edited:
        return
    raise AuthoringError(
        "\n".join(
            f"{path} was edited by hand: it is neither what the last build wrote nor what this "
            f"one would write. Move the change to {_origin(path)} and undo it here with "
            f"`git checkout -- {path}`, or overwrite it: `grader build --force`."
            for path in edited
        )
    )


def _lesson_of(path: str) -> str:
    return path.split("/")[1]


def _origin(path: str) -> str:
    if path == CHEAT_SHEET:
        return "the table under “In short” of its lesson"
    lesson = _lesson_of(path)
    if path.endswith(f"/{lesson}.ipynb"):
        return source_path(lesson)
    return SOURCES + path.removeprefix(COURSE)


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    os.replace(part, path)


def _remove(path: Path, root: Path) -> None:
    """Remove a generated file, and the folders that held nothing else."""
    path.unlink()
    for folder in path.parents:
        if folder == root or any(folder.iterdir()):
            return
        folder.rmdir()
