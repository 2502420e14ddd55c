"""Ask a kernel for a value, or for what becomes of an attempt."""

import json
from typing import Any

from grader.grading.kernels import CellRun, SealedKernel

SECONDS = 60
"""Far more than any cell here takes: a busy machine is no failure."""

_ATTEMPT = """
def attempt(action):
    try:
        return repr(action())
    except BaseException as error:
        return type(error).__name__
"""


def value(kernel: SealedKernel, expression: str, *, before: str = "") -> Any:
    """Return the value of an expression, which must be JSON."""
    done = kernel.run(f"{before}\nimport json\nprint(json.dumps({expression}))", seconds=SECONDS)
    assert done.ended == "ok", done
    return json.loads(done.outputs[0]["text"])


def attempts(kernel: SealedKernel, *actions: str, before: str = "") -> dict[str, str]:
    """Return for each expression its value's repr, or the name of the error that it raised."""
    lambdas = ", ".join(f"{action!r}: attempt(lambda: {action})" for action in actions)
    found: dict[str, str] = value(kernel, f"{{{lambdas}}}", before=f"{_ATTEMPT}\n{before}")
    return found


def run(kernel: SealedKernel, source: str) -> CellRun:
    """Run a cell that is to end by itself."""
    return kernel.run(source, seconds=SECONDS)
