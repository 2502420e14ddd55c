"""A notebook graded twice looks the same twice, but for what tells the time."""

import json
import re
from typing import Any

import pytest

from grader.exams import Lesson
from grader.exercises import COURSE
from grader.grading.course_notebooks import read_course_notebook
from grader.grading.examination import examine_notebook
from grader.grading.kernels import WarmParent
from grader.grading.rebuild import rebuild
from grader.grading.sandbox import Limits, probe
from tests.exercises.proof import ROOT

pytestmark = pytest.mark.xdist_group("grading")

_TIMES = re.compile(r" *\d+\.\d\d s|\d{4}-\d\d-\d\dT[\d:]+Z")
_DRAWS = (
    "import random\nfrom grader.classroom import connect\nclient = connect()\n"
    "reply = client.messages.create(model=MODEL, max_tokens=9,\n"
    "    messages=[{'role': 'user', 'content': 'Hello'}])\n"
    "print(random.random(), reply.id, reply._request_id)"
)


def graded(lesson: Lesson, digest: str, *own: str) -> Any:
    """Return a solved lesson as it looks once it's graded; own: cells behind its own."""
    solved = json.loads((ROOT / "solutions" / lesson.name / f"{lesson.name}.ipynb").read_text())
    notebook = rebuild(solved, read_course_notebook(ROOT, lesson.name))
    code = {"metadata": {}, "outputs": [], "execution_count": None}
    for each in own:
        notebook["cells"].append({"cell_type": "code", "id": "own", "source": each, **code})
    with WarmParent(probe()) as warm:
        done = examine_notebook(notebook, lesson, warm, seed="a", limits=Limits(), digest=digest)
    return done.notebook


@pytest.mark.parametrize(
    "lesson",
    [
        pytest.param(each, id=each.name, marks=[] if place == 3 else pytest.mark.proofs)
        for place, each in enumerate(COURSE)
    ],
)
def test_a_graded_notebook_is_repeatable(lesson: Lesson) -> None:
    """Its ids too, in two warm parents."""
    first, second = (_TIMES.sub("", json.dumps(graded(lesson, "aa"))) for _ in "ab")
    assert first == second


def test_another_file_draws_something_else() -> None:
    """What comes by chance is drawn from the file, so nobody's ids are somebody else's."""
    lesson = COURSE[3]
    shown = [graded(lesson, digest, _DRAWS)["cells"][-1]["outputs"] for digest in ("aa", "bb")]
    words = [each[0]["text"].split()[-3:] for each in shown]
    assert not set(words[0]) & set(words[1])
