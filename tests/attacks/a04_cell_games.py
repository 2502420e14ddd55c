"""Class 4: games with cells; every one of them is graded once, as the course has it."""

from collections.abc import Callable
from typing import Any

from tests.attacks.attack import ALL, RIGHT_CALL, Attack, Attacks
from tests.grading.class_folder import course_notebook

_CHECK = "check_first_call"
_UNTOUCHED = "".join(
    next(cell["source"] for cell in course_notebook()["cells"] if cell["id"] == "first_call")
)


def _of(notebook: Any, id: str) -> Any:
    return next(cell for cell in notebook["cells"] if cell.get("id") == id)


def _removed(*ids: str) -> Callable[[Any], object]:
    def change(notebook: Any) -> None:
        notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in ids]

    return change


def _checks(**fields: Any) -> Callable[[Any], object]:
    def change(notebook: Any) -> None:
        for cell in notebook["cells"]:
            if cell["id"].startswith("check_"):
                cell.update(fields)

    return change


def _marked(**marks: Any) -> Callable[[Any], object]:
    def change(notebook: Any) -> None:
        _of(notebook, _CHECK)["metadata"]["nbgrader"].update(marks)

    return change


def _added(**cell: Any) -> Callable[[Any], object]:
    made = {"cell_type": "code", "id": "x", "metadata": {}, "source": "100", "outputs": []}
    return lambda notebook: notebook["cells"].append({**made, "execution_count": 1, **cell})


def _grade_id(name: str) -> dict[str, Any]:
    marks = {"grade": True, "grade_id": name, "points": 100, "solution": False, "locked": True}
    return {"nbgrader": {**marks, "schema_version": 3, "task": False}}


def _copied(source: str, *, to: str) -> Callable[[Any], object]:
    """Paste a copy of the exercise's cell, marks and all, above another cell."""

    def change(notebook: Any) -> None:
        copy = {**_of(notebook, "first_call"), "id": "copy", "source": source}
        notebook["cells"].insert(notebook["cells"].index(_of(notebook, to)), copy)

    return change


def _without_marks(notebook: Any) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        del cell["id"]


ATTACKS: Attacks = {
    "check cells deleted": Attack(change=_removed(_CHECK, "check_describe_reply")),
    "everything deleted but the answers": Attack(
        RIGHT_CALL,
        change=lambda notebook: notebook.update(
            cells=[_of(notebook, "describe_reply"), _of(notebook, "first_call")]
        ),
        points=(ALL, 3),
    ),
    "check cells that say 4": Attack(change=_checks(source="4")),
    "check cells with outputs": Attack(
        change=_checks(
            outputs=[
                {
                    "output_type": "execute_result",
                    "execution_count": 1,
                    "metadata": {},
                    "data": {"text/plain": "4"},
                }
            ]
        )
    ),
    "check cells that are skipped": Attack(change=_checks(metadata={"tags": ["skip-execution"]})),
    "check cells turned to markdown": Attack(change=_checks(cell_type="markdown")),
    "check cells turned to raw": Attack(change=_checks(cell_type="raw", source="4")),
    "points changed": Attack(RIGHT_CALL, change=_marked(points=400), points=(ALL, 3)),
    "a solution marked as a check": Attack(
        change=lambda notebook: _of(notebook, "first_call").update(metadata=_grade_id(_CHECK))
    ),
    "a second check cell": Attack(change=_added(metadata=_grade_id(_CHECK))),
    "a check of an exercise that is none": Attack(change=_added(metadata=_grade_id("check_bonus"))),
    "a grade_id that climbs": Attack(change=_added(metadata=_grade_id("../../gradebook"))),
    "a look-alike grade_id": Attack(change=_added(metadata=_grade_id("check_first_саll"))),
    "the same cell a thousand times": Attack(
        RIGHT_CALL,
        change=lambda notebook: notebook["cells"].extend(
            {**_of(notebook, "first_call"), "id": f"copy{place}"} for place in range(1000)
        ),
        points=(ALL, 3),
    ),
    "a copy that forges the check": Attack(
        change=_copied('def check(name):\n    return 4\n\n\ncheck("first_call")', to=_CHECK)
    ),
    "a copy above the check that undoes the answer": Attack(
        RIGHT_CALL, change=_copied("del first_call", to=_CHECK)
    ),
    "a copy below the check that mends a wrong answer": Attack(
        "def first_call(client, prompt):\n    return 'Paris.'",
        change=_copied(RIGHT_CALL, to="describe_reply"),
    ),
    "a right answer above the untouched cell": Attack(
        _UNTOUCHED, change=_copied(RIGHT_CALL, to="first_call"), points=(ALL, 3)
    ),
    "a right answer above a stub of their own": Attack(change=_copied(RIGHT_CALL, to="first_call")),
    "a right answer that a wrong one replaces": Attack(
        "def first_call(client, prompt):\n    return 'Paris.'",
        change=_copied(RIGHT_CALL, to="first_call"),
    ),
    "an answer merged into the check": Attack(
        change=lambda notebook: (
            _of(notebook, _CHECK).update(source=f'{RIGHT_CALL}\n\ncheck("first_call")'),
            _removed("first_call")(notebook),
        ),
        points=(ALL, 3),
    ),
    "an answer in text": Attack(
        RIGHT_CALL,
        change=lambda notebook: _of(notebook, "first_call").update(cell_type="raw"),
        points=(ALL, 3),
    ),
    "no marks at all": Attack(RIGHT_CALL, change=_without_marks, points=(ALL, 3)),
    "no marks, and checks that say 4": Attack(
        change=lambda notebook: (_checks(source="4")(notebook), _without_marks(notebook))
    ),
    "reversed": Attack(
        RIGHT_CALL, change=lambda notebook: notebook["cells"].reverse(), points=(ALL, 3)
    ),
}
