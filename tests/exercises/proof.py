"""The proof of an exercise: its stub, wrong answers with their diagnosis, and right answers.

A proof lists sources, as a learner would type them. Each is judged twice: directly, as the instant
check does, and over a socket, as grading does.
"""

import ast
import os
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from grader.exams import Candidate, LocalCandidate, Verdict
from grader.exams import examine as examine_candidate
from grader.exercises import find_exercise
from grader.sources import SourceCell, solution_source, source_path, split_cells
from tests.exams.socket_candidate import SocketCandidate

ROOT = Path(__file__).parents[2]
SEEDS = tuple(range(1, 1 + int(os.environ.get("SEEDS", "1"))))
"""With which fresh data each answer is judged; `make soak` asks for more."""

_IMPORTS = (ast.Import, ast.ImportFrom)
_REGION = re.compile(r"### BEGIN SOLUTION\n.*?### END SOLUTION", re.DOTALL)


@dataclass(frozen=True)
class Wrong:
    """Hold a wrong answer, the diagnosis that it must get, and its points.

    outcome: "Not yet" or "Almost", as the points say, unless given.
    saw: words that what was observed must have, where the diagnosis alone proves too little.
    """

    diagnosis: str
    source: str
    points: int = 0
    outcome: str = ""
    saw: str = ""


@dataclass(frozen=True)
class Proof:
    """Hold the answers that prove one exercise; needs: solutions that the answers may call."""

    exercise: str
    wrong: tuple[Wrong, ...]
    right: Mapping[str, str]
    needs: tuple[str, ...] = ()
    _judged: dict[tuple[str, int], Verdict] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def solution(self) -> str:
        """Return the lesson's own solution."""
        return _solution(self.exercise)

    def stub(self) -> str:
        """Return the cell that learners get: nbgrader puts this line in the solution's place."""
        source = next(cell.source for cell in self._cells() if cell.grade_id == self.exercise)
        stub, count = _REGION.subn("raise NotImplementedError", source)
        assert count >= 1
        return stub

    def names(self, source: str) -> dict[str, Any]:
        """Return the names that a notebook would hold after running an answer."""
        names: dict[str, Any] = {"__name__": "__main__"}
        for needed in (self._imports(), *(_solution(name) for name in self.needs), source):
            exec(compile(needed, "<answer>", "exec"), names)
        return names

    def _cells(self) -> tuple[SourceCell, ...]:
        path = ROOT / source_path(find_exercise(self.exercise).lesson)
        return split_cells(path.read_text(encoding="utf-8"))

    def _imports(self) -> str:
        """Return the lesson's imports, which an answer has at hand, but for the classroom's."""
        code = next(cell for cell in self._cells() if "markdown" not in cell.options)
        found = [node for node in ast.parse(code.source).body if isinstance(node, _IMPORTS)]
        lines = [ast.unparse(node) for node in found]
        return "\n".join(line for line in lines if "grader.classroom" not in line)

    def judge(self, source: str, *, seed: int = 1) -> Verdict:
        """Return the verdict on an answer; the same one is judged once."""
        if (source, seed) not in self._judged:
            self._judged[source, seed] = self.judge_names(self.names(source), seed=seed)
        return self._judged[source, seed]

    def judge_over_socket(self, source: str, *, seed: int = 1) -> Verdict:
        """Return the verdict on an answer at the other end of a socket."""
        candidate = SocketCandidate(self.names(source))
        try:
            return self._judge(candidate, seed)
        finally:
            candidate.close()

    def judge_names(self, names: Mapping[str, Any], *, seed: int = 1) -> Verdict:
        """Return the verdict on what a notebook holds."""
        return self._judge(LocalCandidate(names), seed)

    def _judge(self, candidate: Candidate, seed: int) -> Verdict:
        with warnings.catch_warnings():
            # A learner's warning is a line on stderr, and no error as in these tests.
            warnings.simplefilter("ignore")
            return examine_candidate(find_exercise(self.exercise), candidate, seed=seed)


@cache
def _solution(name: str) -> str:
    return solution_source(ROOT, find_exercise(name).lesson, name)
