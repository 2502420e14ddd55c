"""What the imports of a notebook cost, over those of the SDK."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from tests.bench.measure import Row, in_turns, pair


def importing() -> list[Row]:
    """Compare what a notebook imports with `import anthropic` alone."""

    def run(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    base, ours = in_turns(
        run("import anthropic"),
        run("import anthropic; from grader.classroom import check, connect, show"),
        rounds=15,
    )
    return [pair("import grader.classroom, over import anthropic", base, ours, goal=1.10)]
