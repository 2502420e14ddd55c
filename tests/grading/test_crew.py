"""A crew outlives its workers and its warm parent, and tries again what a busy machine spoilt."""

import json
from dataclasses import replace
from tempfile import TemporaryFile
from time import monotonic
from typing import Any

import pytest

from grader.errors import MachineTooBusy
from grader.grading import crew as crew_module
from grader.grading.crew import Crew
from grader.grading.kernels import WarmParent, fair_clock
from grader.grading.sandbox import Level, Limits
from tests.grading.class_folder import ROOT, START, course_notebook


def job(student: str) -> dict[str, Any]:
    """Return an untouched notebook to be examined."""
    return {
        "student": student,
        "lesson": START,
        "digest": "",
        "notebook": json.dumps(course_notebook()),
        "seed": "crew",
    }


def test_a_warm_parent_that_is_killed_is_started_again() -> None:
    """Whoever was not examined yet is, by kernels of the next one."""
    with TemporaryFile() as log, Crew(ROOT, Level.PROCESS, Limits(), jobs=1, log=log) as crew:
        answers = crew.examine([job(f"s{number}") for number in range(3)])
        _, first = next(answers)
        process = crew._warm.process
        process.kill()
        process.wait()
        rest = [answer for _, answer in answers]
    assert "result" in first
    assert all("result" in each for each in rest), rest


def test_what_a_busy_machine_spoilt_is_tried_alone_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When nobody else's is examined beside it; what then comes of it counts."""
    asked: list[str] = []

    class Worker:
        def __init__(self, *_settings: object) -> None: ...

        def answer(self, job: Any, *, seconds: float) -> Any:
            asked.append(job["student"])
            if job["student"] == "s1" and asked.count("s1") == 1:
                return {"trouble": "too busy", "try": "alone"}
            return {"result": job["student"]}

        def end(self) -> str:
            return ""

    monkeypatch.setattr(crew_module, "_Worker", Worker)
    with TemporaryFile() as log, Crew(ROOT, Level.PROCESS, Limits(), jobs=2, log=log) as crew:
        found = dict(crew.examine([job(f"s{number}") for number in range(4)]))
    assert asked[-1] == "s1"
    assert {place: each["result"] for place, each in found.items()} == {
        number: f"s{number}" for number in range(4)
    }


def test_a_machine_that_stays_too_busy_gives_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence, and never a 0 that is kept."""
    # All the time that passes, this process is kept waiting.
    monkeypatch.setattr(fair_clock, "waited", lambda _pid: monotonic())
    limits = replace(Limits(), patience=2)
    with (
        WarmParent(Level.PROCESS, limits) as parent,
        parent.kernel() as kernel,
        pytest.raises(MachineTooBusy, match="too busy"),
    ):
        kernel.run("import time; time.sleep(99)", seconds=1)
