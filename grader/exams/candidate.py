"""What an exam knows of a learner's side: commands go out, questions come back, a report ends it.

Everything is plain JSON, so that the same exam runs against code in this process or behind a
socket. A command says what to call, with described arguments. While the code runs, the candidate
asks: what does the API answer to this request, what is the stream's next event, what does this
function of the exam return. The report says what came of it.

    command   {"do": "call", "name": "first_call", "arguments": […], "keywords": {…}}
    question  {"ask": "request", "client": 1, "method": "POST", "path": …, "headers": …, "body": …}
              {"ask": "event", "stream": 3} · {"ask": "close", "stream": 3}
              {"ask": "invoke", "callable": 2, "arguments": […], "keywords": {…}}
    report    {"outcome": "returned", "value": …, "arguments": […], "printed": "…"}
              {"outcome": "raised", "type": "TypeError", "message": …, "traceback": …, …}
              {"outcome": "missing"}
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

Json = Any
Ask = Callable[[Json], Json]


class Candidate(Protocol):
    """Run a command against a learner's code, and ask while it runs."""

    def run(self, command: Json, ask: Ask) -> Json:
        """Return the report of one command."""
        ...
