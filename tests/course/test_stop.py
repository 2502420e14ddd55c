"""Lesson 05 lets its reader stop a stream: it lasts long enough to read the task and press."""

import json
import re
from pathlib import Path

from grader.simulator import NEWEST_VERSION, Pace, Simulator

LESSON = Path(__file__).parents[2] / "solutions" / "05_streaming" / "05_streaming.nb.py"
LEAST = 10
"""How many seconds a person needs to find the button and press it."""
SEEDS = 40


def test_the_stream_to_stop_lasts_ten_seconds() -> None:
    """However the simulator cuts the very reply that the lesson asks for."""
    names: dict[str, object] = {}
    source = LESSON.read_text(encoding="utf-8")
    for line in re.findall(r"^(?:asked|to_watch) = .*$", source, re.MULTILINE):
        exec(line, names)
    (pace,) = re.findall(r"^slow = connect_async\(pace=(Pace\(.*\))\)$", source, re.MULTILINE)
    slow = eval(pace, {"Pace": Pace})
    request = json.dumps({**names["to_watch"], "stream": True}).encode()  # type: ignore[dict-item]
    headers = {"x-api-key": "k", "anthropic-version": NEWEST_VERSION}
    lasts = []
    for seed in range(SEEDS):
        simulator = Simulator(seed=seed, pace=slow)
        reply = simulator.handle("POST", "/v1/messages", headers, request)
        lasts.append(sum(event.delay for event in reply.events))
    assert min(lasts) >= LEAST
