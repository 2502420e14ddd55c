"""What grading costs: stock nbgrader and `grader grade` on the same class, and where time goes."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.exercises import COURSE, find_lesson
from grader.grading import Class, grade_class
from grader.grading.course_notebooks import read_course_notebook
from grader.grading.examination import examine_notebook
from grader.grading.kernels import WarmParent
from grader.grading.rebuild import rebuild
from grader.grading.sandbox import Limits, probe
from tests.bench.measure import Row, milliseconds
from tests.exercises.proof import ROOT
from tests.exercises.proofs import PROOFS

LESSON = "03_tool_use"
_PRIVATE_MEMORY = (
    "lines = open('/proc/self/smaps_rollup').read().splitlines()\n"
    "print(sum(int(line.split()[1]) for line in lines if line.startswith('Private_')))"
)
SIZE = 30
_STOCK_LIMIT = int(os.environ.get("STOCK", SIZE))
"""How many of them stock nbgrader grades; fewer for a quick look."""


def grading() -> Iterator[Row]:
    """Give the rows of a class of thirty, with stock nbgrader first."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        notebooks = write_class(folder / "submitted")
        stock, stock_points = _stock(folder)
        begun = time.perf_counter()
        report = grade_class(Class.gather(folder / "submitted", COURSE), ROOT, folder / "out")
        ours = (time.perf_counter() - begun) / SIZE
        points = {each.student: each.points for each in report.results}
        same = all(points[student] == stock_points[student] for student in stock_points)
        yield Row(
            f"a class of {SIZE}, a notebook; stock scores {'equal' if same else 'DIFFER'}",
            milliseconds(stock),
            milliseconds(ours),
            f"{stock / ours:.1f}",
            ">= 20",
        )
        yield Row("notebooks a minute, start included", ours=f"{60 / ours:.0f}", goal=">= 300")
        runs = json.loads(report.folder.runs.read_text(encoding="utf-8"))
        yield from _stages(runs)
        yield from _warm(notebooks)


def write_class(submitted: Path) -> list[Any]:
    """Write thirty submissions: solutions, named mistakes and blanks in turn; return them all."""
    return write_notebooks(submitted, LESSON, SIZE)


def write_notebooks(submitted: Path, name: str, size: int) -> list[Any]:
    """Write submissions of a lesson: solutions, named mistakes and blanks in turn; return them."""
    lesson = find_lesson(name)
    proofs = [proof for proof in PROOFS if proof.exercise in {e.name for e in lesson.exercises}]
    made = []
    for number in range(size):
        notebook = json.loads(json.dumps(read_course_notebook(ROOT, name)))
        for place, proof in enumerate(proofs):
            kind = (number + place) % 5
            wrong = proof.wrong[number % len(proof.wrong)].source
            source = {0: proof.stub(), 1: wrong}.get(kind, proof.solution())
            for cell in notebook["cells"]:
                if cell["id"] == proof.exercise:
                    cell["source"] = source
        path = submitted / f"student{number:02}" / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        made.append(notebook)
    return made


def _stock(folder: Path) -> tuple[float, dict[str, float]]:
    """Return the seconds a notebook of nbgrader's own autograding, and the scores."""
    from nbgrader.api import Gradebook
    from nbgrader.converters import Autograde, GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    source = folder / "source" / LESSON / f"{LESSON}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_bytes((ROOT / "solutions" / LESSON / f"{LESSON}.ipynb").read_bytes())
    config = Config()
    config.CourseDirectory.root = str(folder)
    config.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
    log = logging.getLogger("bench")
    log.setLevel(logging.CRITICAL)
    os.environ["GRADER_PROGRESS"] = "off"
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    course = CourseDirectory(config=config, log=log)
    course.assignment_id = LESSON
    students = sorted(each.name for each in (folder / "submitted").iterdir())[:_STOCK_LIMIT]
    with warnings.catch_warnings(), contextlib.redirect_stderr(None):
        warnings.simplefilter("ignore")
        GenerateAssignment(coursedir=course, config=config, log=log).start()
        begun = time.perf_counter()
        for student in students:
            course.student_id = student
            step = Autograde(coursedir=course, config=config, log=log)
            step.start()
        took = (time.perf_counter() - begun) / len(students)
    with Gradebook(course.db_url) as gradebook:
        points = {name: gradebook.find_submission(LESSON, name).score for name in students}
    return took, points


def _stages(runs: list[Any]) -> Iterator[Row]:
    total = sum(sum(run["seconds"].values()) for run in runs)
    for stage in runs[0]["seconds"]:
        took = [run["seconds"].get(stage, 0.0) for run in runs]
        share = 100 * sum(took) / total
        yield Row(
            f"  of it {stage}", ours=milliseconds(statistics.median(took)), ratio=f"{share:.0f}%"
        )


def _warm(notebooks: list[Any]) -> Iterator[Row]:
    """Give what one notebook costs when everything is warm and nothing else runs."""
    lesson = find_lesson(LESSON)
    course = read_course_notebook(ROOT, LESSON)
    limits = Limits(cell_seconds=1)
    level = probe()
    with WarmParent(level, limits) as warm:
        took = []
        for notebook in notebooks[:12]:
            begun = time.perf_counter()
            rebuilt = rebuild(notebook, course)
            examine_notebook(rebuilt, lesson, warm, seed="bench", limits=limits)
            took.append(time.perf_counter() - begun)
        median = statistics.median(took[1:])
        sources = [cell["source"] for cell in rebuilt["cells"] if cell["cell_type"] == "code"]
        bare = statistics.median(_bare(sources) for _ in range(5))
        yield Row(
            f"one notebook, warm, {level.value}; a bare fork running the same cells",
            milliseconds(bare),
            milliseconds(median),
            f"{median / bare:.2f}",
            "<= 500ms",
        )
        with warm.kernel() as kernel:
            for source in sources:
                kernel.run(source, seconds=10)
            told = kernel.run(_PRIVATE_MEMORY, seconds=10).outputs[-1]["text"]
        private = int(told) / 1024
        yield Row("private memory of a kernel", ours=f"{private:.1f}MB", goal="<= 45MB")
        late = []
        for _ in range(3):
            with warm.kernel() as kernel:
                begun = time.perf_counter()
                kernel.run(
                    "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
                    seconds=1,
                )
                late.append(time.perf_counter() - begun - 1)
        median = milliseconds(statistics.median(late))
        yield Row(
            "from its deadline to dead, of a kernel that ignores SIGINT", ours=median, goal="<= 1s"
        )


def _bare(sources: list[str]) -> float:
    """Return the seconds of a forked interpreter that runs cells without Jupyter or a sandbox."""
    from IPython.core.interactiveshell import InteractiveShell

    import grader.classroom  # noqa: F401

    begun = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.environ["GRADER_PROGRESS"] = "off"
        shell = InteractiveShell.instance()
        for source in sources:
            shell.run_cell(source)
        os._exit(0)
    os.waitpid(pid, 0)
    return time.perf_counter() - begun
