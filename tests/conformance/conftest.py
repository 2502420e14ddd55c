"""Recorded traffic of the live API, read where it lies beside the project."""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grader.simulator import Replies, Reply, Simulator, improvise
from tests.conformance.uploads import with_own_files

ROOT = Path(__file__).parents[2]
RECORDINGS = ROOT.parent / "shared" / "recordings"

PREFIX = "likeness: "
SHARE = "share: "

RETIRED = re.compile(r"claude-(2|3|sonnet-4-0|sonnet-4-2025)")
UNDATED = "2026-01-01"
"""The day of recordings that tell none."""

STAND_IN = "claude-haiku-4-5"
"""What answers for the retired models that the catalog does not hold; it takes what they took."""


@pytest.fixture(scope="session")
def pairs() -> list[dict[str, Any]]:
    """Return every recorded pair of request and response."""
    return recorded("pairs.jsonl")


@pytest.fixture(scope="session")
def errors() -> list[dict[str, Any]]:
    """Return every recorded error, word for word."""
    return recorded("errors.jsonl")


def recorded(name: str) -> list[dict[str, Any]]:
    """Return the rows of one file of recordings."""
    file = RECORDINGS / name
    if not file.exists():
        pytest.skip(f"The recordings are not on this machine: {file} does not exist.")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def share(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Count one recording of a kind as repeated or not, for the table after the run."""

    def count(kind: str, *, is_right: bool, is_newest: bool) -> None:
        shape = "newest" if is_newest else "older"
        request.node.user_properties.append((f"{SHARE}{kind}", f"{shape} {is_right:d}"))

    return count


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str, object], None]:
    """Note a measure of likeness, to be shown after the run."""

    # record_property would do the same, but refuses to where a JUnit file is asked for.
    def note(name: str, value: object) -> None:
        request.node.user_properties.append((f"{PREFIX}{name}", str(value)))

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show every measure that was noted, also by the workers of pytest-xdist."""
    noted = [
        (name, value)
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        for name, value in report.user_properties
    ]
    lines = table([(name, value) for name, value in noted if name.startswith(SHARE)])
    lines += [
        f"{name.removeprefix(PREFIX)}: {value}" for name, value in noted if name.startswith(PREFIX)
    ]
    if lines:
        terminalreporter.section("likeness to the recorded traffic")
        terminalreporter.write_line("\n".join(lines))


def table(counted: list[tuple[str, str]]) -> list[str]:
    """Return the shares of repeated recordings, a line for each kind."""
    counts: dict[str, Counter[str]] = {}
    for name, value in counted:
        counts.setdefault(name.removeprefix(SHARE), Counter())[value] += 1
    lines = [f"{'repeated, by kind':<20}{'newest shape':>20}{'older shapes':>20}"] if counts else []
    for kind, count in counts.items():
        cells = []
        for shape in ("newest", "older"):
            right, total = count[f"{shape} 1"], count[f"{shape} 1"] + count[f"{shape} 0"]
            cells.append(f"{right} of {total} ({right / total:.0%})" if total else "none")
        lines.append(f"{kind:<20}{cells[0]:>20}{cells[1]:>20}")
    return lines


@pytest.fixture
def resend() -> Callable[..., Reply]:
    """Send a recorded request to a simulator, and return its reply.

    With adapted=True it is sent without what only its retired model took, so that the reply can be
    compared.
    """

    def send(
        row: dict[str, Any],
        replies: Replies = improvise,
        *,
        api_key: str | None = None,
        adapted: bool = False,
    ) -> Reply:
        body = dict(row["request"])
        # A model that was gone by then is to be gone here too.
        if RETIRED.match(body["model"]) and row["status"] != 404:
            body["model"] = STAND_IN
        if adapted and "temperature" in body:
            body.pop("top_p", None)
        headers = {"x-api-key": "simulated", "anthropic-version": "2023-06-01"}
        beta = (row["request_headers"] or {}).get("anthropic-beta")
        if beta is not None:
            headers["anthropic-beta"] = beta
        # On the day of the recording, when its model had not retired.
        day = datetime.fromisoformat(row["date"] or UNDATED).replace(tzinfo=UTC).timestamp()
        simulator = Simulator(replies=replies, api_key=api_key, seed=1, clock=lambda: day)
        path = f"{row['url_path']}?{row['query']}" if row["query"] else row["url_path"]
        sent = with_own_files(json.dumps(body), simulator, {})
        return simulator.handle("POST", path, headers, sent.encode())

    return send
