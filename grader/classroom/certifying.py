"""`progress().certificate()`: the page that says what was passed, with the code to check it.

The code is what the lessons' notebooks held when they were last saved, all of it: an answer may
call what any cell defines. Nothing of it is run here; `grader verify` does that, sealed off.
"""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from grader.certificates import (
    Certificate,
    LearnerCell,
    LessonWork,
    Passed,
    certificate_page,
    clean_name,
    course_version,
    read_certificate_file,
)
from grader.classroom.notebook_code import starting_folder
from grader.classroom.progress_file import Progress, load_progress, replace_file
from grader.classroom.progress_place import Place, find_course
from grader.classroom.reviewing import empty, this_day
from grader.classroom.showing import Shown, sendable
from grader.errors import CertificateError
from grader.exams import Lesson
from grader.exercises import COURSE
from grader.look.inert import visible
from grader.plural import counted, listed

FILE_NAME = "claude-course-certificate.html"
"""The name of a certificate's file."""
# As Anthropic, OpenAI and others write theirs; those that the lessons show are shorter.
_KEY = re.compile(r"\bsk-(?:ant-[a-z]+\d\d-|proj-|svcacct-)?[A-Za-z0-9_-]{32,}")
_NO_CODE = (
    "{names}: passed, but its saved notebook has no answer, so it is left out. "
    "Save the notebook, with your answer in its cell, and make the certificate anew."
)


def write_certificate(place: Place, name: object, path: object = None) -> Shown:
    """Write the certificate of what was passed, and show where it is.

    place: where progress is kept. name: of its owner, "" for none. path: the file, by default
    FILE_NAME in the notebook's folder. Raises CertificateError, and ProgressError.
    """
    owner = clean_name(name)
    target = _target(path)
    if place.path is None:
        raise CertificateError("Progress is switched off here, so there is nothing to certify.")
    known = load_progress(place.path)
    lessons, left_out = _gathered(known, place)
    if not lessons:
        why = " ".join(left_out) or "An exercise is passed when its check says Correct."
        raise CertificateError(f"There is nothing to certify yet. {why}")
    certificate = Certificate(this_day().isoformat(), course_version(), lessons, owner)
    try:
        replace_file(target, certificate_page(certificate))
    except (OSError, ValueError) as error:
        raise CertificateError(
            f"{visible(str(target))} can't be written ({getattr(error, 'strerror', error)}). "
            'Name a file in one of your own folders: certificate(path="…").'
        ) from error
    # Unlike progress it is for others; a browser's file system knows no permissions.
    with suppress(OSError):
        target.chmod(0o644)
    return _told(certificate, target, left_out)


def _told(certificate: Certificate, target: Path, left_out: tuple[str, ...]) -> Shown:
    what = (
        f"{counted(certificate.exercises, 'exercise')}, {counted(certificate.points, 'point')}, "
        "with the code of your notebooks as they were last saved"
    )
    check = f"On Linux, in a copy of the course, `grader verify {target.name}` checks it."
    text = "\n".join([f"{target}: {what}. {check}", *left_out])
    shown = target.name
    if target.parent == starting_folder():
        # A front end opens a relative link beside the notebook: JupyterLab in a new tab.
        shown = f'<a href="{quote(target.name)}">{escape(target.name)}</a>'
    else:
        shown = escape(str(target))
    remarks = "".join(f"<p>{escape(each)}</p>" for each in left_out)
    command = f"<code>grader verify {escape(target.name)}</code>"
    return Shown(
        text,
        sendable(
            f"<p>{shown}: {escape(what)}.</p><p>On Linux, in a copy of the course, {command} "
            f"checks it.</p>{remarks}"
        ),
    )


def _target(path: object) -> Path:
    """Return the file to write; raises CertificateError if it is none, or somebody else's."""
    if path is None:
        target = starting_folder() / FILE_NAME
    elif isinstance(path, str | os.PathLike) and isinstance(os.fspath(path), str):
        target = starting_folder() / os.path.expanduser(os.fspath(path))
    else:
        raise CertificateError(
            f'A path is a text, and this is {path!r:.60}. Write certificate(path="{FILE_NAME}").'
        )
    target = target / FILE_NAME if target.is_dir() else target
    try:
        if target.exists():
            read_certificate_file(target)
    except CertificateError as error:
        raise CertificateError(
            f"{target} is there already, and isn't a certificate as it was written. "
            'Move it away, or name another file: certificate(path="…").'
        ) from error
    return target


def _gathered(known: Progress, place: Place) -> tuple[tuple[LessonWork, ...], tuple[str, ...]]:
    """Return what was passed by lesson, and what is left out and why, a sentence each."""
    lessons, lacking, unread = [], [], []
    for lesson in COURSE:
        passed = [each for each in lesson.exercises if known.record(each.name).is_correct]
        if not passed:
            continue
        path = next(filter(Path.is_file, _notebooks(lesson, place)), None)
        try:
            cells = () if path is None else _cells(path)
        except CertificateError as error:
            unread.append(str(error))
            continue
        _refuse_keys(lesson, cells)
        written = [each for each in passed if _is_written(each.name, cells)]
        lacking += [each.name for each in passed if each not in written]
        if written:
            certified = tuple(
                Passed(each.name, each.points, record.right_on, record.seed)
                for each in written
                for record in (known.record(each.name),)
            )
            lessons.append(LessonWork(lesson.name, certified, cells))
    left_out = [_NO_CODE.format(names=listed(lacking))] if lacking else []
    return tuple(lessons), (*left_out, *unread)


def _notebooks(lesson: Lesson, place: Place) -> Iterator[Path]:
    """Yield where a lesson's notebook may be, the likeliest place first."""
    course = place.course or find_course(starting_folder())
    beside = starting_folder().parent
    for folder in (beside, *(() if course is None else (course / "course", course))):
        yield folder / lesson.name / f"{lesson.name}.ipynb"


def _cells(path: Path) -> tuple[LearnerCell, ...]:
    """Return a notebook's code, and what is an exercise's cell whatever its kind."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8-sig"))["cells"]
        found = tuple(map(_cell, cells))
    except (OSError, RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        reason = getattr(error, "strerror", None) or "it is no notebook, or damaged"
        raise CertificateError(
            f"{path.name} can't be read ({reason}), so its lesson is left out. Open it in "
            "JupyterLab, save it, and make the certificate anew."
        ) from error
    return tuple(each for each in found if each.is_code or each.mark)


def _cell(cell: Any) -> LearnerCell:
    source, marks = cell["source"], cell["metadata"].get("nbgrader", {})
    mark = marks.get("grade_id", "")
    return LearnerCell(
        str(cell.get("id", "")),
        mark if isinstance(mark, str) else "",
        source if isinstance(source, str) else "".join(source),
        cell["cell_type"] == "code",
    )


def _is_written(name: str, cells: tuple[LearnerCell, ...]) -> bool:
    """Return whether a notebook defines an exercise's name by more than its empty function."""
    return any(_defines(cell.source, name) for cell in cells if cell.mark != f"check_{name}")


def _defines(source: str, name: str) -> bool:
    try:
        nodes = [node for node in ast.parse(source).body if name in _given_by(node)]
        stub = ast.parse(empty(source, name)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # IPython reads more than Python does, such as `%time`; `grader verify` decides then.
        return name in source
    return bool(nodes) and [*map(ast.dump, nodes[-1:])] != [*map(ast.dump, stub)]


def _given_by(node: ast.stmt) -> Iterator[str | None]:
    """Yield the names that a statement gives a value."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
        return
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id
        elif isinstance(each, ast.alias):
            yield each.asname or each.name
        elif isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield each.name


def _refuse_keys(lesson: Lesson, cells: tuple[LearnerCell, ...]) -> None:
    """Raise CertificateError if a key would be published."""
    for number, cell in enumerate((each for each in cells if each.is_code), start=1):
        if _KEY.search(cell.source):
            raise CertificateError(
                f"Code cell {number} of {lesson.name} holds what looks like an API key, and "
                "whoever gets the certificate could read it. Take it out, save the notebook, and "
                "make the certificate anew."
            )


__all__ = ["FILE_NAME", "write_certificate"]
