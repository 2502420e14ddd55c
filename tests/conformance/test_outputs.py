"""Formats, effort and budgets on recorded requests: each is taken, and answered in its shape."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from grader.simulator import Reply
from tests.conformance.conftest import recorded
from tests.conformance.test_replies import compared_message, compared_stream

Row = dict[str, Any]
Resend = Callable[..., Reply]

FEATURES = ("structured-", "effort-", "task-budget-")
NEWEST = ("has container", "has diagnostics")
"""What messages have on the older version too since the end of September 2026; the simulator sends
both on the newest version alone."""


def rows() -> list[Row]:
    """Return the recorded steps of these features, with the betas that they had."""
    found = [row for row in recorded("features.jsonl") if row["scenario"].startswith(FEATURES)]
    for row in found:
        named = (row["request_headers"] or {}).get("anthropic-beta")
        betas = [named] if named else row.get("betas_inferred") or []
        row["request_headers"] = {"anthropic-beta": ",".join(betas)} if betas else {}
    return found


def is_other(row: Row, fault: str) -> bool:
    """Say whether a difference counts: what was written anew has no order of its own."""
    is_rewritten = row["response_fidelity"] == "parsed" and fault.startswith("order: ")
    return not is_rewritten and fault not in NEWEST


def test_every_recorded_step_is_answered_in_its_shape(
    resend: Resend, share: Callable[..., None]
) -> None:
    """Status, keys and their order, types, stop reason, the usage's keys, and the events."""
    found = rows()
    assert len({row["scenario"] for row in found}) > 10
    wrong: dict[str, tuple[str, ...]] = {}
    for row in found:
        assert row["status"] == 200
        compared = compared_stream if row["response_sse"] else compared_message
        faults = tuple(each for each in compared(row, resend).wrong if is_other(row, each))
        share("outputs", is_right=not faults, is_newest=(row["date"] or "") >= "2026-04")
        if faults:
            wrong[f"{row['scenario']} {row['step']}"] = faults
    assert wrong == {}


def test_every_recorded_format_is_kept_to(resend: Resend) -> None:
    """By the improviser too, which ends its turn with JSON that fits, or calls a tool first."""
    kinds: Counter[str] = Counter()
    for row in rows():
        asked = (row["request"].get("output_config") or {}).get("format")
        if not asked or row["request"].get("stream"):
            continue
        message = resend(row).body
        kinds[message["stop_reason"]] += 1
        if message["stop_reason"] == "end_turn":
            value = json.loads(message["content"][-1]["text"])
            Draft202012Validator(asked["schema"]).validate(value)
    assert kinds["end_turn"] > 5
    assert set(kinds) <= {"end_turn", "tool_use"}


def test_a_budget_belongs_to_its_beta(resend: Resend) -> None:
    """Without the header the recorded request is refused."""
    (row,) = (row for row in rows() if row["scenario"].startswith("task-budget"))
    told = resend(row).body["usage"]["input_tokens"]
    assert told == pytest.approx(row["response"]["usage"]["input_tokens"], abs=3)
    refused = resend({**row, "request_headers": {}})
    assert refused.body["error"]["message"] == (
        "output_config.task_budget: Extra inputs are not permitted"
    )
