"""Write a folder of results for a test, as `grader grade` leaves it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.exercises import find_exercise, find_lesson
from grader.grading.result import Result, result_to_json
from tests.grading.class_folder import START, STRUCTURE
from tests.grading.made_results import result

RESULTS = (
    result("ada"),
    result("ada", STRUCTURE, finish_reason="blank"),
    result("ben", first_call="returned-block"),
    result("cho", first_call="returned-block", describe_reply="blank"),
    result("dee", first_call="blank", describe_reply="blank"),
    Result("eve", START, trouble="00_start_here.ipynb is not JSON."),
)
STRUCTURE_POINTS = find_lesson(STRUCTURE).points
ADAS_POINTS = STRUCTURE_POINTS - find_exercise("finish_reason").points
"""What she has of lesson 01, without the exercise that she left blank."""
RUNS: tuple[dict[str, Any], ...] = (
    {"student": "ada", "lesson": START, "level": "namespaces", "seconds": {"run": 1, "judge": 0.5}},
    {"student": "ben", "lesson": START, "level": "namespaces", "seconds": {"run": 3, "judge": 0.5}},
    {"student": "cho", "lesson": START, "level": "landlock", "seconds": {"run": 2, "judge": 1.0}},
)


def write_class(
    folder: Path, results: Sequence[Result] = RESULTS, runs: Sequence[dict[str, Any]] = RUNS
) -> Path:
    """Write results.json and runs.json, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    written = json.dumps([result_to_json(each) for each in results], indent=1)
    (folder / "results.json").write_text(written, encoding="utf-8")
    (folder / "runs.json").write_text(json.dumps(list(runs)), encoding="utf-8")
    return folder
