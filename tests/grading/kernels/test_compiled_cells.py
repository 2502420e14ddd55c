"""A cell that was compiled before the fork does what it would have done if it had not been."""

import json
from collections.abc import Iterator

import pytest

from grader.exercises import COURSE
from grader.grading.course_notebooks import read_course_notebook
from grader.grading.kernels import CellRun, WarmParent
from grader.grading.rebuild import is_check, source_of
from grader.grading.sandbox import probe
from tests.exercises.proof import ROOT
from tests.grading.kernels.conftest import Parents

pytestmark = pytest.mark.xdist_group("grading")

KINDS = (
    "",
    "# nothing but a comment",
    "1 + 1",
    "x = 1\nx",
    "x = 2; x;",
    "print('shown'); 'and a value'",
    "def f(n):\n    raise ValueError(n)\n\nf({'a': 1})",
    "def g():\n    return lambda: __file__\n\ng()()",
    "import inspect\ndef h():\n    '''Say.'''\n    return 1\n\nprint(inspect.getsource(h))",
    "h.__code__.co_filename, h.__code__.co_firstlineno",
    "import traceback\ntry:\n    f(1)\nexcept ValueError:\n    print(traceback.format_exc())",
    "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "async def later():\n    return 3\n\nawait later()",
    "class A:\n    __repr__ = _repr_html_ = lambda self: '<p>'\n\nA()",
    "%%capture said\nprint('kept')",
    "said.stdout",
    "where = %pwd\nwhere == 1",
    "!ls",
    "print?",
    "    print('indented')",
    ">>> print('prompt')",
    "this is no Python",
    "for",
    "return 1",
    "print('\\d', 1 is 1)",
    "match x:\n    case 2:\n        print('two')",
    "exec('y = 1')\ny",
    "get_ipython().run_cell('1 + 1').result",
    "_, __, In[-2:], Out",
    "progress = 1",
    "progress",
    "1 + 1",
    "from __future__ import annotations\nz: nothing = 1\n__annotations__",
    "def k(n: nothing):\n    pass\n\nk.__annotations__",
)
IS_USED = "print(get_ipython().compile._runs is not None)"
IS_NOT_USED = {
    "another flag": "from __future__ import annotations",
    "a transformer of trees": (
        "import ast\nclass T(ast.NodeTransformer):\n    def visit_Name(self, node):\n"
        "        return node\n\nget_ipython().ast_transformers.append(T())"
    ),
    "a transformer of lines": (
        "get_ipython().input_transformers_post.append(lambda lines: [*lines, '# more\\n'])"
    ),
}

LOUDER = {
    "lines": (
        "def louder(lines):\n    return [line.replace('quiet', 'LOUD') for line in lines]\n\n"
        "get_ipython().input_transformer_manager.line_transforms.append(louder)"
    ),
    "trees": (
        "import ast\nclass Louder(ast.NodeTransformer):\n"
        "    def visit_Constant(self, node):\n"
        "        return ast.copy_location(ast.Constant('LOUD'), node)\n\n"
        "get_ipython().ast_transformers.append(Louder())"
    ),
}
"""What makes a cell say `LOUD` that says `quiet`."""


@pytest.fixture
def warm(warm_parent: Parents) -> WarmParent:
    """Return a warm parent at the strongest level that holds here."""
    return warm_parent(probe())


def runs(warm: WarmParent, sources: tuple[str, ...]) -> list[CellRun]:
    """Return what cells show, one after the other in one kernel."""
    with warm.kernel() as kernel:
        return [kernel.run(source, seconds=60) for source in sources]


def test_every_kind_of_cell_shows_the_same(warm: WarmParent) -> None:
    """To the byte: values, tracebacks, files, what is awaited, and what is wrong with it."""
    usual = runs(warm, KINDS)
    warm.prepare("every kind", KINDS)
    assert runs(warm, KINDS) == usual
    assert {each.ended for each in usual} == {"ok", "error"}


def test_a_cell_of_the_course_runs_as_it_was_compiled(warm: WarmParent) -> None:
    """Once: a second cell with the same text is compiled anew."""
    warm.prepare("used", (IS_USED,))
    assert [each.outputs[0]["text"] for each in runs(warm, (IS_USED, IS_USED))] == [
        "True\n",
        "False\n",
    ]


@pytest.mark.parametrize("change", IS_NOT_USED)
def test_what_changes_cells_changes_those_of_the_course_too(change: str, warm: WarmParent) -> None:
    """They are compiled anew, as the notebook that asks for it would do."""
    warm.prepare("used", (IS_USED,))
    assert runs(warm, (IS_NOT_USED[change], IS_USED))[1].outputs[0]["text"] == "False\n"


@pytest.mark.parametrize("change", LOUDER)
def test_a_learners_transformer_reaches_the_cells_of_the_course(
    change: str, warm: WarmParent
) -> None:
    """As it does in a notebook of their own."""
    said = "print('quiet')"
    warm.prepare("quiet", (said,))
    assert runs(warm, (LOUDER[change], said))[1].outputs[0]["text"] == "LOUD\n"


def cells() -> Iterator[str]:
    """Yield each cell of the course that runs in a kernel."""
    for lesson in COURSE:
        for cell in read_course_notebook(ROOT, lesson.name)["cells"]:
            if cell["cell_type"] == "code" and not is_check(cell):
                yield source_of(cell)


def test_every_cell_of_the_course_can_be_compiled_before(warm: WarmParent) -> None:
    """None of them warns, and none has a `from __future__`."""
    sources = tuple(cells())
    warm.prepare("all lessons", sources)
    ask = f"import json\nwanted = set(json.loads({json.dumps(json.dumps(sources))}))"
    tell = "print([each for each in wanted if each.strip() and each not in known])"
    know = (
        "compiled = get_ipython().compile\n"
        "known = {raw for raw, file in compiled._files.items()\n"
        "         if any(each.file == file for each in compiled._made.values())}"
    )
    assert runs(warm, (ask, know, tell))[2].outputs[0]["text"] == "[]\n"
