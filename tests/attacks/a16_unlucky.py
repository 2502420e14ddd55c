"""Class 16: unlucky, not hostile. What is right earns everything, whatever stands around it."""

from collections.abc import Callable
from typing import Any

from tests.attacks.attack import ALL, RIGHT_CALL, RIGHT_DESCRIPTION, Attack, Attacks

_ALL = (ALL, 3)


def _sources(change: Callable[[str], Any]) -> Callable[[Any], object]:
    def all_of(notebook: Any) -> None:
        for cell in notebook["cells"]:
            cell["source"] = change("".join(cell["source"]))

    return all_of


ATTACKS: Attacks = {
    "warnings and prints": Attack(
        "import logging, sys, warnings\nlogging.basicConfig(level='INFO')\n"
        "warnings.warn('nothing to worry about')\nprint('on stderr', file=sys.stderr)\n"
        + RIGHT_CALL.replace(
            "    message =", "    print('asking')\n    warnings.warn('x')\n    message =", 1
        ),
        points=_ALL,
    ),
    "a slow import": Attack(RIGHT_CALL, before=("import time\ntime.sleep(0.5)",), points=_ALL),
    "another working directory": Attack(
        RIGHT_CALL,
        before=("import os\nos.makedirs('there', exist_ok=True)\nos.chdir('there')",),
        points=_ALL,
    ),
    "extra arguments": Attack(
        RIGHT_CALL.replace("prompt: str)", "prompt: str, *more, model=None, **options)", 1),
        points=_ALL,
    ),
    "magics": Attack(
        RIGHT_CALL, before=("%matplotlib inline\n%time 1", "%%time\nx = 1", "!ls"), points=_ALL
    ),
    "async cells": Attack(
        RIGHT_CALL, before=("import asyncio\nawait asyncio.sleep(0)",), points=_ALL
    ),
    "a cell that fails": Attack(RIGHT_CALL, before=("1 / 0", "not Python"), points=_ALL),
    "a renamed function": Attack(
        RIGHT_CALL.replace("def first_call", "def my_first_call"), points=(0, 3)
    ),
    "half finished": Attack("def first_call(client, prompt:", points=(0, 3)),
    "Windows line ends": Attack(
        RIGHT_CALL, change=_sources(lambda text: text.replace("\n", "\r\n")), points=_ALL
    ),
    "sources as lists of lines": Attack(
        RIGHT_CALL, change=_sources(lambda text: text.splitlines(keepends=True)), points=_ALL
    ),
    "a helper in a cell of its own": Attack(
        "def first_call(client, prompt):\n    return helper(client, prompt)",
        before=(RIGHT_CALL.replace("def first_call", "def helper"),),
        points=_ALL,
    ),
    "checks run again": Attack(
        RIGHT_CALL,
        description=f"{RIGHT_DESCRIPTION}\ncheck('describe_reply')\nhint('describe_reply')",
        points=_ALL,
    ),
    "an older notebook format": Attack(
        RIGHT_CALL,
        change=lambda notebook: (
            notebook.update(nbformat_minor=4),
            [cell.pop("id") for cell in notebook["cells"]],
        ),
        points=_ALL,
    ),
}
