"""What a large class takes: memory, time and disk when nothing is left to examine.

A few students are graded for real; everybody else is a copy of one of them under another name.
Their files are links to the same bytes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from grader.exercises import COURSE
from grader.grading import Class, grade_class
from grader.grading import writer as writer_module
from grader.grading.course_notebooks import course_digest
from grader.grading.journal import Entry, Journal
from grader.grading.keys import key_of
from grader.grading.options import load_config
from grader.grading.results_folder import known_folder
from grader.grading.writer import Writer
from tests.bench.grading import write_notebooks
from tests.bench.measure import Row
from tests.exercises.proof import ROOT

MODELS = 2
STUDENTS = int(os.environ.get("LARGE", "4500"))
"""How many there are, each with every lesson; fewer for a quick look."""
_SEEN = datetime(2026, 11, 1, tzinfo=UTC)
_KINDS = ("collected", "autograded", "feedback")
_MEASURED = """
import resource, sys
from pathlib import Path
from grader.cli import main
try:
    main()
finally:
    status = Path("/proc/self/status")
    if status.exists():
        # Linux counts what the process that started this one had as ours in getrusage.
        line = next(each for each in status.read_text().splitlines() if each.startswith("VmHWM"))
        peak = int(line.split()[1]) * 1024
    else:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak, file=sys.stderr)
"""


def large_class() -> Iterator[Row]:
    """Give the rows of a class with every lesson of thousands of students."""
    if sys.platform == "win32":
        yield Row("memory is not measured on Windows")
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        small, large = Path(name, "small"), Path(name, "large")
        for lesson in COURSE:
            write_notebooks(small / "submitted", lesson.name, MODELS)
        grade_class(Class.gather(small / "submitted", COURSE), ROOT, small / "out")
        number = multiply(small, large)
        size = sum(_size(known_folder(small / "out").path / kind) for kind in _KINDS)
        grade = ("grade", str(large / "submitted"), "--out", str(large / "out"))
        for what, goal, command in (
            # Copies are files that no run has read.
            ("all read again: grader grade", "", grade),
            ("nothing to examine: grader grade", "<= 30s", grade),
            ("nothing to examine: grader report", "", ("report", str(large / "out"))),
        ):
            megabytes, seconds = _run(command)
            yield Row(f"{number:,} results, {what}, MB", ours=f"{megabytes:.0f}MB", goal="<= 400MB")
            yield Row(f"{number:,} results, {what}, time", ours=f"{seconds:.0f}s", goal=goal)
        each = size / (MODELS * len(COURSE))
        for path in large.glob("out/*.json*"):
            each += path.stat().st_size / number
        yield Row(
            "disk a result, without the gradebook", ours=f"{each / 1e3:.0f}KB", goal="<= 60KB"
        )


def multiply(small: Path, large: Path) -> int:
    """Make a large class of a small one that was graded; return how many results it has.

    The gradebook stays that of the small one, as it was read last: a run with nothing to do doesn't
    open it.
    """
    few, many = known_folder(small / "out"), known_folder(large / "out")
    many.write_configs("")
    many.copy_lessons(ROOT, COURSE)
    many.write(many.path / "gradebook.db", (few.path / "gradebook.db").read_bytes())
    config = load_config(many.path)
    # Nobody would miss these lines after a crash.
    with (
        patch.object(os, "fsync"),
        Journal(few.journal) as old,
        Journal(many.journal, seed=old.seed) as new,
    ):
        models: dict[str, list[Entry]] = {}
        for place in old.places:
            known = old.entry_of(place, old.newest(place))
            assert known is not None
            models.setdefault(place[0], []).append(known)
        course = {each.name: course_digest(ROOT, each.name) for each in COURSE}
        with Writer(many, new, COURSE, config) as writer:
            for number in range(STUDENTS):
                student = f"student{number:05}"
                for model in list(models.values())[number % len(models)]:
                    lesson, digest = model.result.lesson, model.result.digest
                    key = key_of(student, lesson, digest, course=course[lesson], seed=new.seed)
                    entry = Entry(key, replace(model.result, student=student), model.run)
                    _link(small, large, model.place, student)
                    new.see(entry.place, digest, at=_SEEN)
                    new.add(entry)
                    new.mark_written(entry, many.db_url, _shown(writer, entry))
            writer._keep_read()
    return STUDENTS * len(COURSE)


def _shown(writer: Writer, entry: Entry) -> str:
    standing = writer._decide(entry.place, None, is_kept=False)
    title = next(each.title for each in COURSE if each.name == entry.place[1])
    return writer_module._shown(standing, title, entry.place[0])


def _link(small: Path, large: Path, place: tuple[str, str], student: str) -> None:
    model, lesson = place
    folders = [Path("submitted"), *(Path("out", each) for each in _KINDS)]
    for folder in folders:
        for path in (small / folder / model / lesson).iterdir():
            link = large / folder / student / lesson / path.name
            link.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, link)


def _run(command: tuple[str, ...]) -> tuple[float, float]:
    """Return the megabytes and seconds of a command."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, *command], capture_output=True, text=True, check=True
    )
    return int(done.stderr.split()[-1]) / 2**20, time.perf_counter() - begun


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())
