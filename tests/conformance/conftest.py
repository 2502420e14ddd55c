"""Recorded traffic of the live API, read where it lies beside the project."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.simulator import Replies, Reply, Simulator, improvise

ROOT = Path(__file__).parents[2]
PAIRS = ROOT.parent / "shared" / "recordings" / "pairs.jsonl"

PREFIX = "likeness: "

RETIRED = re.compile(r"claude-(2|3|sonnet-4-0|sonnet-4-2025)")
STAND_IN = "claude-haiku-4-5"
"""What answers for the retired models that the catalog does not hold; it takes what they took."""


@pytest.fixture(scope="session")
def pairs() -> list[dict[str, Any]]:
    """Return every recorded pair of request and response."""
    if not PAIRS.exists():
        pytest.skip(f"The recordings are not on this machine: {PAIRS} does not exist.")
    return [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str, object], None]:
    """Note a measure of likeness, to be shown after the run."""

    # record_property would do the same, but refuses to where a JUnit file is asked for.
    def note(name: str, value: object) -> None:
        request.node.user_properties.append((f"{PREFIX}{name}", str(value)))

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show every measure that was noted, also by the workers of pytest-xdist."""
    lines = [
        f"{name.removeprefix(PREFIX)}: {value}"
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        for name, value in report.user_properties
        if name.startswith(PREFIX)
    ]
    if lines:
        terminalreporter.section("likeness to the recorded traffic")
        terminalreporter.write_line("\n".join(lines))


@pytest.fixture
def resend() -> Callable[..., Reply]:
    """Send a recorded request to a simulator, and return its reply."""

    def send(
        row: dict[str, Any], replies: Replies = improvise, *, api_key: str | None = None
    ) -> Reply:
        body = dict(row["request"])
        # A model that was gone by then is to be gone here too.
        if RETIRED.match(body["model"]) and row["status"] != 404:
            body["model"] = STAND_IN
        headers = {"x-api-key": "simulated", "anthropic-version": "2023-06-01"}
        simulator = Simulator(replies=replies, api_key=api_key, seed=1)
        return simulator.handle("POST", row["url_path"], headers, json.dumps(body).encode())

    return send
