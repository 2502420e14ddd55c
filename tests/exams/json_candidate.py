"""A candidate behind a socket, without the socket."""

import json
from collections.abc import Mapping
from typing import Any

from grader.exams import LocalCandidate


class JsonCandidate:
    """Run commands in this process, with all that passes as lines of JSON on the way."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._local = LocalCandidate(names)

    def run(self, command: Any, ask: Any) -> Any:
        """Return the report of one command."""
        return crossed(
            self._local.run(crossed(command), lambda asked: crossed(ask(crossed(asked))))
        )


def crossed(value: Any) -> Any:
    """Return what is left of a value after it was a line of text."""
    line = json.dumps(value, allow_nan=False)
    assert "\n" not in line
    return json.loads(line)
