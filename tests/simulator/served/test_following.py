"""Small programs are followed as Python runs them, and commands as a shell does."""

import contextlib
import io
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.simulator.disk import Disk
from grader.simulator.served import run_code

PROGRAMS = (
    "print(sum([x * x for x in [1, 2, 3] if x > 1]))",
    "total = 0\nfor n in [1, 2, 3]:\n    total += n\nprint(f'{total / 3:.2f} of {total}')",
    "words = 'b a c'.split()\nprint(sorted(words), ', '.join(words).upper(), len(words))",
    "rows = []\nfor n in [3, 4]:\n    rows.append(n)\nprint(rows[0], max(rows), round(2 / 3, 3))",
    "x = 5\nif x > 3:\n    print('big')\nelse:\n    print('small')",
    "import json\nprint(json.loads('{\"a\": [1, 2]}')['a'])",
    "a, b = [1, 2]\nprint(a if a > b else b, not a, -b)",
)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_prints_what_python_prints(program: str) -> None:
    """The same text, by our following and by Python itself."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(program, "program", "exec"), {})
    result = run_code(program, "code_execution", Disk())
    assert (result["stdout"], result["return_code"]) == (printed.getvalue(), 0)


COMMANDS = (
    "echo one > a.txt && echo two >> a.txt && cat a.txt",
    "echo one > a.txt; cp a.txt b.txt; ls",
    "cat > a.txt << 'EOF'\nred\ngreen\nEOF\nhead -n 1 a.txt\nwc -l a.txt",
    "echo $((6 * 7))",
    "cat missing.txt && echo never",
    "cat missing.txt; echo always",
    "cp missing.txt a.txt || true",
    "cat missing.txt && echo never || echo else",
    "echo one | cat",
    "echo red > a.txt; echo blue >> a.txt; cat a.txt | head -n 1; cat a.txt | wc -l",
    "python3 << 'EOF'\nprint(6 * 7)\nEOF",
    'python3 -c "print(6 * 7)"',
    "echo 'print(1 + 1)' > a.py && python3 a.py",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_prints_what_a_shell_prints(command: str, tmp_path: Path) -> None:
    """The same output and, in kind, the same end."""
    ran = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    result = run_code(command, "bash_code_execution", Disk())
    assert (result["stdout"], result["return_code"]) == (ran.stdout, ran.returncode)


@given(code=st.text(max_size=60), kind=st.sampled_from(["code_execution", "bash_code_execution"]))
@settings(max_examples=200, deadline=None)
def test_any_text_comes_to_a_result(code: str, kind: str) -> None:
    """Nonsense too: nothing is raised."""
    result = run_code(code, kind, Disk())
    assert result["type"] == f"{kind}_result"
    assert isinstance(result["return_code"], int)


@pytest.mark.parametrize(
    "program",
    [
        "x = [1]\nfor n in x:\n    x.append(n)",
        "x = 'a'\nfor n in [1, 2] * 9:\n    x = x + x",
        "print(9 ** 9 ** 9)",
        "print(round(1, -10 ** 9))",
        "x = 2\nfor n in [1,2,3,4,5,6,7,8,9]:\n    x = x ** 900",
        "import os\nos.system('true')",
        "print(().__class__)",
        "import socket",
    ],
)
def test_what_has_no_bounds_is_not_followed(program: str) -> None:
    """It ends with what it has printed, soon and without harm."""
    result = run_code(program, "code_execution", Disk())
    assert (result["stdout"], result["return_code"]) == ("", 0)
