"""Importing nbformat does not compile a grammar that nobody asks for."""

import subprocess
import sys

_PROGRAM = """
import importlib.util, sys
from grader.grading.nbformat_import import import_nbformat
import_nbformat()
import_nbformat()
import nbformat
from nbformat.v4 import new_code_cell, new_notebook
nbformat.validate(new_notebook(cells=[new_code_cell("1")]))
assert "rfc3987_syntax" not in sys.modules
assert importlib.util.find_spec("rfc3987_syntax")
print("done")
"""


def test_the_grammar_stays_out_and_can_still_be_imported() -> None:
    """Notebooks are read and validated without it; whoever needs it later gets it."""
    ran = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, encoding="utf-8", check=False
    )
    assert (ran.stdout, ran.returncode) == ("done\n", 0), ran.stderr
