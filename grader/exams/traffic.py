"""What an exam's code sent and got in all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grader.catalog import read_usage
from grader.exams.scene import Scene


@dataclass(frozen=True)
class Traffic:
    """Add up what an exam's code sent and got, over all of its cases.

    requests: those for messages and for counts. input, output: the tokens of the answers' usage;
    what came from a cache is in the input.
    """

    requests: int = 0
    input: int = 0
    output: int = 0


def add_up(scenes: Iterable[Scene]) -> Traffic:
    """Return the traffic of some scenes."""
    requests = asked = written = 0
    for scene in scenes:
        requests += len(scene.bodies)
        for exchange in scene.asked:
            if exchange.message:
                tokens = read_usage(exchange.message["usage"])
                asked += tokens.prompt
                written += tokens.output
    return Traffic(requests, asked, written)
