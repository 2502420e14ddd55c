"""One worker of a class: a process that examines notebooks, one after the other.

It reads jobs and writes answers, a line of JSON each: `python -m grader.grading.worker`.

    first line   {"course": path, "warm": address, "limits": {…}}
    job          {"student", "lesson", "digest", "seed", "notebook": text of the file}
    answer       {"result": {…}, "notebook": {…}, "seconds": {…}}
                 {"trouble": sentence}
                 {"trouble": sentence, "try": "alone"}     the machine was too busy
                 {"trouble": sentence, "try": "anew"}      the warm parent is gone

A job with "is_rebuilt" has a notebook that is already rebuilt from the course; one with "seeds" has
exams whose data is known, by exercise.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.errors import GraderError, MachineTooBusy, WarmParentLost
from grader.exercises import find_lesson
from grader.grading.course_code import remarks_on_course_code
from grader.grading.course_notebooks import read_course_notebook
from grader.grading.examination import examine_notebook
from grader.grading.kernels import WarmParent
from grader.grading.rebuild import is_check, rebuild, refuse_other_lesson, remarks_on, source_of
from grader.grading.result import Result, result_to_json
from grader.grading.sandbox import Limits

Json = Any


def work(job: Json, *, course: Path, warm: WarmParent, limits: Limits) -> Json:
    """Return the answer to one job; course: the repository."""
    begun = time.perf_counter()
    lesson = find_lesson(job["lesson"])
    released = read_course_notebook(course, lesson.name)
    rebuilt = submission = json.loads(job["notebook"])
    if not job.get("is_rebuilt"):
        refuse_other_lesson(submission, lesson)
        rebuilt = rebuild(submission, released)
    remarks = remarks_on(submission, released) + remarks_on_course_code(rebuilt)
    seconds = {"rebuild": time.perf_counter() - begun}
    warm.prepare(lesson.name, _cells_of(released))
    done = examine_notebook(
        rebuilt,
        lesson,
        warm,
        seed=job["seed"],
        limits=limits,
        student=job["student"],
        digest=job["digest"],
        seeds=job.get("seeds"),
    )
    result = Result(
        job["student"], lesson.name, job["digest"], done.exercises, (*remarks, *done.remarks)
    )
    return {
        "result": result_to_json(result),
        "notebook": done.notebook,
        "seconds": {**seconds, **done.seconds},
    }


def _cells_of(released: Json) -> Iterator[str]:
    """Yield the source of each cell that runs in a kernel."""
    for cell in released["cells"]:
        if cell["cell_type"] == "code" and not is_check(cell):
            yield source_of(cell)


def main() -> None:
    """Work until there are no more jobs."""
    answers = sys.stdout
    # A library's stray print must not land among the answers.
    sys.stdout = sys.stderr
    settings = json.loads(sys.stdin.readline())
    course = Path(settings["course"])
    limits = Limits(**settings["limits"])
    warm = WarmParent.connect(settings["warm"])
    for line in sys.stdin:
        try:
            answer = work(json.loads(line), course=course, warm=warm, limits=limits)
        except MachineTooBusy as error:
            answer = {"trouble": str(error), "try": "alone"}
        except WarmParentLost as error:
            answer = {"trouble": str(error), "try": "anew"}
        except GraderError as error:
            answer = {"trouble": str(error)}
        except Exception as error:  # noqa: BLE001 - one submission must not stop the class
            answer = {"trouble": f"Grading stopped at it ({type(error).__name__}: {error})."}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
