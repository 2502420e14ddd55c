"""What Jupyter lets a cell do, a sealed kernel lets it do: the lines below it run."""

from typing import Any

import pytest

from grader.grading.kernels import CellRun
from grader.grading.sandbox import Level
from tests.grading.kernels.asking import run, value
from tests.grading.kernels.conftest import Kernels
from tests.grading.kernels.levels import BY_TURNS

pytestmark = pytest.mark.parametrize("level", BY_TURNS)

_PIP = "import subprocess, sys\npip = [sys.executable, '-m', 'pip', 'install', 'anthropic']\n"
NOT_RUN = {
    "!pip install -q anthropic": "pip install -q anthropic",
    "!ls -l | wc": "ls -l | wc",
    "files = !ls": "ls",
    "!!ls": "ls",
    "%sx ls": "ls",
    "%system ls": "ls",
    "%pip install anthropic": "pip install anthropic",
    "%ls": "ls",
    "%mkdir here": "mkdir here",
    "if True:\n    !ls": "ls",
    "import os\nassert os.system('ls') == 0": "ls",
    "%%bash\nfor i in 1 2; do\n  echo $i\ndone": "bash",
    "%%sh --out told\nls": "sh",
    "%%script perl\nprint 1": "perl",
    f"{_PIP}subprocess.check_call(pip)": "pip install anthropic",
    f"{_PIP}subprocess.run(pip, check=True, capture_output=True, text=True).stdout": "pip install",
    f"{_PIP}subprocess.check_output(pip)": "pip install anthropic",
    "import subprocess\nsubprocess.run('pip install anthropic', shell=True, check=True)": "pip",
}
PASSED = (
    "%cd .",
    "%cd",
    "%matplotlib inline",
    "%matplotlib",
    "%config InlineBackend.figure_format = 'retina'",
    "%env A=1",
    "%time 1 + 1",
    "%timeit -n1 -r1 1 + 1",
    "%load_ext autoreload\n%autoreload 2",
    "%precision 3",
    "%xmode Minimal",
    "%whos",
    "%store x",
    "%history -n 1",
    "%lsmagic",
)


def printed(done: CellRun) -> str:
    """Return what a cell printed."""
    outputs: Any = done.outputs
    return "".join(each.get("text", "") for each in outputs)


@pytest.mark.parametrize("source", NOT_RUN, ids=lambda source: source.splitlines()[-1])
def test_a_program_is_not_run_and_the_cell_goes_on(
    level: Level, sealed_kernel: Kernels, source: str
) -> None:
    """One line says which program; the next line of the cell, or the next cell, runs."""
    kernel = sealed_kernel(level)
    done = run(kernel, source if source.startswith("%%") else f"{source}\nx = 7")
    assert done.ended == "ok", done
    [line] = [each for each in printed(done).splitlines() if each.startswith("Not run")]
    assert NOT_RUN[source] in line
    assert len(line) < 200
    assert value(kernel, "7" if source.startswith("%%") else "x") == 7


@pytest.mark.parametrize("source", PASSED)
def test_a_magic_does_not_stop_its_cell(level: Level, sealed_kernel: Kernels, source: str) -> None:
    """Also where IPython would keep something in a folder, or look for an application."""
    kernel = sealed_kernel(level)
    done = run(kernel, f"x = 1\n{source}\nx = 7")
    assert (done.ended, value(kernel, "x")) == ("ok", 7), done


def test_what_a_program_would_have_printed_is_an_empty_list(
    level: Level, sealed_kernel: Kernels
) -> None:
    """With the ways of IPython's own list; and a script's named output is empty."""
    kernel = sealed_kernel(level)
    run(kernel, "files = !ls")
    run(kernel, "%%bash --out told --err wrong\nls")
    assert value(kernel, "[list(files), files.n, files.grep('a'), told, wrong]") == [
        [],
        "",
        [],
        "",
        "",
    ]


def test_a_module_that_the_notebook_writes_is_imported(
    level: Level, sealed_kernel: Kernels
) -> None:
    """By %%writefile, by open, in a package of its own, and after %cd."""
    kernel = sealed_kernel(level)
    run(kernel, "%%writefile review.py\ndef f():\n    return 1")
    run(kernel, "import os\nos.makedirs('parts')\nopen('parts/one.py', 'w').write('x = 2')")
    run(kernel, "%cd parts\n%cd ..")
    found = value(kernel, "[f(), parts.one.x]", before="from review import f\nimport parts.one")
    assert found == [1, 2]


def test_the_checks_of_the_course_are_not_there(level: Level, sealed_kernel: Kernels) -> None:
    """Names and points are; `check` says where the exam is held, and stops no cell."""
    kernel = sealed_kernel(level)
    source = "from grader.classroom import check, hint, progress\nprogress()\ncheck('first_call')"
    done = run(kernel, source)
    shown: Any = done.outputs
    assert (done.ended, shown[-1]["data"]["text/plain"]) == (
        "ok",
        "first_call is examined from outside, where this notebook is graded.",
    )
    loaded = "sorted(each for each in sys.modules if each.startswith('grader.exercises'))"
    assert value(kernel, loaded, before="import sys") == ["grader.exercises"]
    failed: Any = run(kernel, "from grader.exercises.structure import LESSON").outputs
    assert failed[-1]["ename"] == "ModuleNotFoundError"


def test_kernels_see_the_packages_of_every_level(level: Level, sealed_kernel: Kernels) -> None:
    """Those that nothing has imported yet too, wherever they lie."""
    names = "sorted({each.name for each in pkgutil.iter_modules() if each.name not in mine})"
    before = "import pkgutil, sys\nmine = {'grader'}"
    seen = value(sealed_kernel(level), names, before=before)
    assert seen == value(sealed_kernel(Level.PROCESS), names, before=before)
    unread = [name for name in ("wave", "xmlrpc", "nbformat", "tqdm") if name in seen]
    kernel = sealed_kernel(level)
    done = run(kernel, "\n".join(f"import {name}" for name in unread))
    assert (done.ended, "nbformat" in unread) == ("ok", True), done
