"""What the fork server has made before the first fork, no kernel makes again."""

import json
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
from tests.grading.kernels.conftest import Parents

pytestmark = pytest.mark.xdist_group("grading")

_LOOK = """
def _made():
    import inspect, sys
    import anthropic, openai
    models, waiting = set(), [anthropic.BaseModel, openai.BaseModel]
    while waiting:
        below = waiting.pop().__subclasses__()
        waiting += below
        models |= {
            f"{each.__module__}.{each.__qualname__}"
            for each in below
            if each.__module__ != "__main__" and each.__pydantic_complete__
        }
    read = {
        f"{name}.{each.__name__}"
        for name, module in list(sys.modules.items())
        for each in list(vars(module).values())
        if name.startswith("grader.") and getattr(each, "__module__", "") == name
        and hasattr(each, "cache_info") and not inspect.signature(each).parameters
        and each.cache_info().currsize
    }
    return models, set(sys.modules), read

_before = _made()
"""
_TELL = """
import json
print(json.dumps([sorted(now - before) for now, before in zip(_made(), _before)]))
"""
_OWN = """
import wave
from openai.types import Batch
Batch.model_rebuild()
from grader.simulator import page
page._page.cache_clear()
_before[2].discard("grader.simulator.page._page")
page._page()
"""


def cell(id: str, source: str) -> Any:
    """Return a code cell of the learner's own."""
    return {
        "cell_type": "code",
        "id": id,
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def made_in_a_kernel(lesson: Lesson, warm: WarmParent, *own: Any) -> Any:
    """Return what a solved lesson makes: models of the SDKs, imports, and what files say.

    own: cells that come before its own.
    """
    path = ROOT / "solutions" / lesson.name / f"{lesson.name}.ipynb"
    solved = json.loads(path.read_text("utf-8"))
    notebook = rebuild(solved, read_course_notebook(ROOT, lesson.name))
    notebook["cells"] = [cell("look", _LOOK), *own, *notebook["cells"], cell("tell", _TELL)]
    done = examine_notebook(notebook, lesson, warm, seed="rehearsed", limits=Limits())
    return json.loads(done.notebook["cells"][-1]["outputs"][0]["text"])


@pytest.mark.parametrize(
    "lesson",
    [
        pytest.param(each, id=each.name, marks=[] if place == 3 else pytest.mark.proofs)
        for place, each in enumerate(COURSE)
    ],
)
def test_a_lesson_builds_no_model_and_imports_and_reads_nothing(
    lesson: Lesson, warm_parent: Parents
) -> None:
    """Each would cost every notebook what it costs the fork server once."""
    assert made_in_a_kernel(lesson, warm_parent(probe())) == [[], [], []]


def test_what_a_notebook_makes_itself_is_seen(warm_parent: Parents) -> None:
    """Otherwise the test above could not fail."""
    own = cell("own", _OWN)
    models, modules, read = made_in_a_kernel(COURSE[0], warm_parent(probe()), own)
    assert "openai.types.batch.Batch" in models
    assert "wave" in modules
    assert "grader.simulator.page._page" in read
