"""Preserved thinking on recorded conversations: each is replayed, and answers as it did live.

A scenario's steps go to one simulator in turn, which says what the model said. Thinking that a
later step sends back is replaced by what this simulator said, for only Anthropic can check its own.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from grader.catalog import find_model
from grader.errors import UnknownBlock
from grader.simulator import BLOCKS, Simulator, Turn
from grader.simulator.binding import BINDING_BETA
from tests.conformance.conftest import RETIRED, STAND_IN, recorded
from tests.conformance.history import compare
from tests.conformance.shapes import events_of, message_of, shape_of
from tests.conformance.uploads import answer_files, is_about_files, with_own_files

Row = dict[str, Any]

SIGNED = {name: kind.signed for name, kind in BLOCKS.items() if kind.signed}
CUT = re.compile(r"⟦(\d+)\u00d7(.*?)⟧", re.DOTALL)


def scenarios() -> dict[str, list[Row]]:
    """Return the recorded steps of every scenario, in order."""
    found: dict[str, list[Row]] = {}
    for row in recorded("binding.jsonl"):
        found.setdefault(row["scenario"], []).append(row)
    return found


def asked(row: Row, said: list[Any]) -> tuple[str, dict[str, Any]]:
    """Return the path and the body of a step.

    said: the thoughts that were said so far, in order.
    """
    written = json.dumps(row.get("request_as_messages") or row["request"], ensure_ascii=False)
    body = json.loads(CUT.sub(lambda match: match[2] * int(match[1]), written))
    name = re.sub(r"^(global\.)?anthropic\.", "", body["model"])
    body["model"] = STAND_IN if RETIRED.match(name) else name
    words = {each.get("thinking"): each for each in said if "thinking" in each}
    for message in body["messages"]:
        for block in message["content"] if isinstance(message["content"], list) else ():
            if "signature" in block and block.get("thinking") in words:
                block["signature"] = words[block["thinking"]]["signature"]
            if block["type"] == "redacted_thinking" and said:
                block["data"] = said[0]["data"]
    counting = row["url_path"].endswith("count_tokens")
    return f"/v1/messages{'/count_tokens' if counting else ''}", body


def answered(row: Row, body: dict[str, Any]) -> Turn:
    """Return what the model said in a step, its thinking unsigned."""
    reply = row["response"] or message_of(events_of(row["response_sse"]))
    if "output" in reply:
        content = [_block_of_converse(each) for each in reply["output"]["message"]["content"]]
        return Turn(tuple(content), stop_reason=reply["stopReason"])
    content = [
        {key: "" if key == SIGNED.get(block["type"]) else value for key, value in block.items()}
        for block in reply.get("content", [])
    ]
    return Turn(
        tuple(content),
        stop_reason=reply.get("stop_reason", "end_turn"),
        stop_details=reply.get("stop_details"),
    )


def _block_of_converse(block: Any) -> Any:
    if "text" in block:
        return {"type": "text", "text": block["text"]}
    words = block["reasoningContent"]["reasoningText"]["text"]
    return {"type": "thinking", "thinking": words, "signature": ""}


def betas_of(row: Row, body: dict[str, Any]) -> str:
    """Return the betas that a step named, or whose fields it has."""
    named = (row["request_headers"] or {}).get("anthropic-beta")
    betas = [named] if named else list(row.get("betas_inferred") or [])
    if "block_binding" in (body.get("thinking") or {}):
        betas.append(BINDING_BETA)
    return ",".join(betas)


def replay(
    rows: list[Row], account_created: date | None, *, events: list[Any] | None = None
) -> Iterator[tuple[Row, int, Any]]:
    """Yield each step with the status and the body that this simulator answers it with.

    events: is given the events of streams.
    """
    said: list[Any] = []
    turns: list[Turn] = []
    simulator = Simulator(
        replies=lambda *_: turns[-1], seed=1, account_created=account_created, clock=lambda: 0.0
    )
    ids: dict[str, str] = {}
    for row in rows:
        if is_about_files(row):
            filed = answer_files(row, simulator, ids)
            yield row, filed.status, filed.body
            continue
        path, body = asked(row, said)
        body = json.loads(with_own_files(json.dumps(body), simulator, ids))
        turns.append(answered(row, body))
        headers = {"x-api-key": "simulated", "anthropic-version": "2023-06-01"}
        headers |= {"anthropic-beta": betas_of(row, body)}
        reply = simulator.handle("POST", path, headers, json.dumps(body).encode())
        reply.content()
        sent = list(reply.events or ())
        if events is not None:
            events += sent
        message = simulator.transcript[-1].message
        if message:
            said += [block for block in message["content"] if block["type"] in SIGNED]
        yield row, reply.status, message or reply.body or sent


def told(row: Row) -> str:
    """Return the recorded message of a refusal, an empty string for an answer."""
    if row["status"] == 200:
        return ""
    body = row["response"]
    words = body["message"] if "message" in body else body["error"]["message"]
    return str(words).removeprefix("The model returned the following errors: ")


def faults(rows: list[Row], account_created: date | None) -> list[tuple[int, str]]:
    """Return the status of each step here, with the message where it is refused."""
    try:
        return _faults(rows, account_created)
    except UnknownBlock as unknown:
        return [(0, str(unknown))]


def _faults(rows: list[Row], account_created: date | None) -> list[tuple[int, str]]:
    return [
        (status, body["error"]["message"] if status != 200 else "")
        for _, status, body in replay(rows, account_created)
    ]


def test_every_recorded_scenario_is_answered_as_it_was() -> None:
    """Word for word where it was refused, by an older account and by a new one."""
    found = scenarios()
    assert len(found) > 30
    wrong = {}
    for name, rows in found.items():
        for created in (None, date(2026, 1, 1)):
            ours = faults(rows, created)
            if ours != [(row["status"], told(row)) for row in rows]:
                wrong[name] = ours
    assert wrong == {}


def test_a_scenario_with_its_beginning_edited_is_refused() -> None:
    """Where its thinking goes back to a model that checks: the replay itself can fail."""
    checked = 0
    for rows in scenarios().values():
        if not any("thinking-replayed" in row["kinds"] for row in rows[1:]):
            continue
        edited = json.loads(json.dumps(rows))
        talks = [row for row in edited if not is_about_files(row)]
        for row in talks:
            body = row.get("request_as_messages") or row["request"]
            body["model"] = "claude-opus-5-5"
            body["thinking"] = {"type": "adaptive"}
            for key in ("temperature", "tool_choice"):
                body.pop(key, None)
        whole = faults(edited, None)
        for row in talks[1:]:
            body = row.get("request_as_messages") or row["request"]
            body["system"] = f"{body.get('system')} Be brief."
        spoilt = faults(edited, None)
        if [status for status, _ in whole] == [200] * len(rows):
            assert any("bound to a different conversation" in words for _, words in spoilt)
            checked += 1
    assert checked >= 4


def test_what_was_dropped_is_not_billed() -> None:
    """Recorded: 75 tokens of input, too few for the thinking that was sent back."""
    rows = scenarios()["converse-opus-5-5-system-edited"]
    steps = list(replay(rows, None))
    _, _, dropped = steps[1]
    assert dropped["input_transformations"] == [
        {
            "type": "thinking_dropped",
            "path": "messages.1.content.0",
            "reason": "prefix_binding_mismatch",
        }
    ]
    billed = rows[1]["response"]["usage"]["inputTokens"]
    assert abs(dropped["usage"]["input_tokens"] - billed) <= 0.25 * billed
    assert find_model("claude-opus-5-5").rules.keeps_thinking


def test_a_refusal_before_any_output_is_told_as_it_was() -> None:
    """Its events, and a usage without a tier, of a place that is not available."""
    rows = scenarios()["refusal-fable-5-1-stream"]
    events: list[Any] = []
    assert [status for _, status, _ in replay(rows, None, events=events)] == [200]
    sent = events_of(b"".join(event.encode() for event in events).decode())
    live = events_of(rows[0]["response_sse"])
    assert compare(shape_of(sent), shape_of(live), rows[0]["date"]).wrong == ()
    for ours, theirs in zip(sent, live, strict=True):
        usages = [
            each.get("usage") or each.get("message", {}).get("usage") for each in (ours, theirs)
        ]
        if usages[1]:
            told = {key: usages[0][key] for key in usages[1] if "input_tokens" not in key}
            assert told == {key: usages[1][key] for key in told}
