"""What an attack is: a submission of lesson 00, and exactly the points that it may earn."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.sources import solution_source
from tests.grading.class_folder import RIGHT, ROOT, START, course_notebook

Json = Any

RIGHT_CALL = RIGHT
RIGHT_DESCRIPTION = solution_source(ROOT, START, "describe_reply")
STUB = "def first_call(client, prompt):\n    raise NotImplementedError"
NOTHING, ALL = 0, 4
"""The points of first_call; describe_reply gives 3."""


@dataclass(frozen=True)
class Attack:
    """Hold one member of a class of attacks.

    call: the cell of first_call; what is attacked is its exam, unless said otherwise.
    description: that of describe_reply, right unless given: the rest of a notebook is graded.
    before: cells that are run first. change: what is done to the notebook in the end.
    points: what each of the two exercises earns. flag: a part of what grading remarks.
    seconds: the deadline of its cells, longer where something else is to end it.
    """

    call: str = STUB
    description: str = RIGHT_DESCRIPTION
    before: tuple[str, ...] = ()
    change: Callable[[Json], object] | None = None
    points: tuple[int, int] = (NOTHING, 3)
    flag: str = ""
    seconds: float = 2

    def notebook(self) -> Json:
        """Return the submission."""
        notebook = course_notebook()
        for cell in notebook["cells"]:
            if cell["id"] == "first_call":
                cell["source"] = self.call
            if cell["id"] == "describe_reply":
                cell["source"] = self.description
        added = [
            {"cell_type": "code", "id": f"added{place}", "metadata": {}, "source": source}
            for place, source in enumerate(self.before)
        ]
        notebook["cells"][:0] = [{**cell, "outputs": [], "execution_count": None} for cell in added]
        if self.change is not None:
            self.change(notebook)
        return json.loads(json.dumps(notebook))


Attacks = Mapping[str, Attack]
