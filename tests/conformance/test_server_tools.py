"""Tools of Anthropic's on recorded conversations: each is replayed, and answers as it did live.

A scenario's steps go to one simulator in turn, which says what the model said. Status, keys, types,
their order, stop reasons, usage and events are compared; what a tool found is data.
"""

import json
import re
from collections.abc import Callable
from itertools import groupby
from typing import Any

import pytest

from grader.simulator import Simulator, Turn
from grader.simulator.disk import Disk
from grader.simulator.served import run_code
from tests.conformance.conftest import STAND_IN, recorded
from tests.conformance.history import compare
from tests.conformance.shapes import events_of, message_of, outline_of, shape_of
from tests.conformance.test_binding import SIGNED, answered, asked, betas_of
from tests.conformance.uploads import answer_files, is_about_files, with_own_files

Row = dict[str, Any]

NAMES = re.compile(
    r"web-search|web-fetch|web-tools|pause-turn|code-execution|files-code-execution|mcp-|"
    r"tool-search|memory-tool|advisor-|structured-mixed-tools|thinking-advisor-replay"
)
LATER = {
    "code-execution-container-400": "containers may be described since, which was refused then",
}
"""Scenarios that are not answered as they were, and why; each of them must differ."""

TOLD_LATER = re.compile(r"usage\.server_tool_use\.web_fetch_requests|\.caller")
"""What replies have at one time and not at another."""


def scenarios() -> dict[str, list[Row]]:
    """Return the recorded steps of every scenario about tools of Anthropic's, in order."""
    rows = [
        row
        for name in ("features.jsonl", "binding.jsonl")
        for row in recorded(name)
        if NAMES.match(row["scenario"])
    ]
    rows.sort(key=lambda row: (row["scenario"], row["step"]))
    return {name: list(steps) for name, steps in groupby(rows, key=lambda row: row["scenario"])}


def served(row: Row, said: list[Any]) -> tuple[str, Row]:
    """Return the path and the body of a step, for a model that is served."""
    path, body = asked(row, said)
    is_gone = body["model"].startswith("claude-opus-4-1")
    return path, {**body, "model": STAND_IN} if is_gone else body


def difference(sent: Any, row: Row, live: Any) -> list[str]:
    """Return how a reply or a stream differs from the recorded one, apart from what came since."""
    # The day of a file's commit is none of its recording.
    date = None if "date-from-git" in row["flags"] else row["date"]
    found = compare(shape_of(sent), shape_of(live), date)
    is_raw = row["response_fidelity"] == "raw"
    return [
        wrong
        for wrong in found.wrong
        if not TOLD_LATER.search(wrong.partition(" ")[2].partition(":")[0])
        and (is_raw or not wrong.startswith("order:"))
    ]


def differences(rows: list[Row]) -> list[str]:
    """Return how the steps of a scenario differ from what was recorded."""
    said: list[Any] = []
    turns: list[Turn] = []
    simulator = Simulator(replies=lambda *_: turns[-1], seed=1, clock=lambda: 0.0)
    wrong: list[str] = []
    ids: dict[str, str] = {}
    for row in rows:
        step = f"step {row['step']}"
        if is_about_files(row):
            reply = answer_files(row, simulator, ids)
            if reply.status != row["status"]:
                wrong.append(f"{step}: {reply.status}, not {row['status']}: {reply.body}")
            continue
        path, body = served(row, said)
        body = json.loads(with_own_files(json.dumps(body), simulator, ids))
        turns.append(answered(row, body))
        headers = {"x-api-key": "simulated", "anthropic-version": "2023-06-01"}
        headers |= {"anthropic-beta": betas_of(row, body)}
        reply = simulator.handle("POST", path, headers, json.dumps(body).encode())
        if reply.status != row["status"]:
            wrong.append(f"{step}: {reply.status}, not {row['status']}: {reply.body}")
            continue
        events = [{"type": event.name, **event.data} for event in reply.events or ()]
        message = simulator.transcript[-1].message
        said += [block for block in (message or {}).get("content", ()) if block["type"] in SIGNED]
        if row["response_sse"]:
            live = events_of(row["response_sse"])
            wrong += [
                f"{step}: {each}" for each in difference(outline_of(events), row, outline_of(live))
            ]
            wrong += same_message(message_of(events), message_of(live), step)
        else:
            wrong += [f"{step}: {each}" for each in difference(reply.body, row, row["response"])]
            wrong += same_message(reply.body, row["response"], step)
    return wrong


def same_message(ours: Any, live: Any, step: str) -> list[str]:
    """Return where two messages don't say the same, but for ids, signatures and what is billed."""
    wrong = [f"{step}: {key}" for key in ("stop_reason", "stop_sequence") if ours[key] != live[key]]
    counted, told = (each["usage"].get("server_tool_use") for each in (ours, live))
    if told is not None and not told.items() <= (counted or {}).items():
        wrong.append(f"{step}: {counted}, not {told}")
    for place, (block, old) in enumerate(zip(ours["content"], live["content"], strict=True)):
        kept = {key: value for key, value in old.items() if key not in SIGNED.values()}
        if not kept.items() <= block.items():
            wrong.append(f"{step}: block {place} is {block}, not {old}")
    return wrong


def test_every_recorded_scenario_is_answered_as_it_was(share: Callable[..., None]) -> None:
    """But for those of features that are still to come, each of which differs."""
    found = scenarios()
    assert len(found) > 30
    assert LATER.keys() <= found.keys()
    wrong = {name: differences(rows) for name, rows in found.items()}
    for name in found:
        share("server tools", is_right=not wrong[name], is_newest=name not in LATER)
    assert {name: each for name, each in wrong.items() if each and name not in LATER} == {}
    assert [name for name in LATER if not wrong[name]] == []


INPUT = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")


def inputs_of(usage: Any) -> int:
    """Return all tokens of a prompt."""
    return sum(usage.get(key) or 0 for key in INPUT)


@pytest.mark.parametrize("name", ["tool-search-stream", "code-execution-stream", "advisor-stream"])
def test_a_stream_opens_with_its_first_prompt_and_ends_with_all_of_them(name: str) -> None:
    """As many times as the model was called; what a page held is counted in another way."""
    row = scenarios()[name][0]
    path, body = served(row, [])
    simulator = Simulator(replies=lambda *_: answered(row, body), seed=1, clock=lambda: 0.0)
    headers = {"x-api-key": "simulated", "anthropic-version": "2023-06-01"}
    headers |= {"anthropic-beta": betas_of(row, body)}
    reply = simulator.handle("POST", path, headers, json.dumps(body).encode())
    ours = [event.data for event in reply.events or ()]
    shares = []
    for events in (ours, events_of(row["response_sse"])):
        opening = events[0]["message"]["usage"]
        (closing,) = (event["usage"] for event in events if event["type"] == "message_delta")
        shares.append(inputs_of(closing) / inputs_of(opening))
    assert shares[0] == pytest.approx(shares[1], rel=0.25)


def test_recorded_commands_print_what_they_printed() -> None:
    """As far as they are followed: those with pandas or Decimal are not, and print nothing."""
    followed = 0
    for rows in scenarios().values():
        disk = Disk()
        for row in rows:
            for part in (row["request"] or {}).get("multipart") or ():
                disk.put(part["filename"], f"{part['text']}\n".encode())
            reply = row["response"] or {}
            blocks = reply.get("content") or []
            results = {each.get("tool_use_id"): each.get("content") for each in blocks}
            for block in blocks:
                if block.get("name") == "bash_code_execution":
                    result = run_code(block["input"]["command"], block["name"], disk)
                    if result["stdout"]:
                        told = results[block["id"]]
                        assert {**told, "content": result["content"]} == result, block["input"]
                        followed += 1
    assert followed >= 5
