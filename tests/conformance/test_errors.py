"""Errors: the same request gets the same status, type and words as on the live API."""

import json
import re
from collections.abc import Callable
from typing import Any

from grader.simulator import Fault, Reply, Script

Row = dict[str, Any]

SINCE = "2026-04"
LOAD = frozenset({429, 500, 529})
CREDIT = "Your credit balance is too low"
"""What depends on the machine's load or on the account, and not on the request, is scripted."""

LEFT_OUT = "<MASSIVE_TEXT>"
MASSIVE = "word " * 100_000

EXPLAINED = {
    "9115d9b59ad2": "recorded in 2025; in 2026 the same request is a prompt that is too long",
    "7aabdcc022b7": "a picture given by its URL is not downloaded",
    "1af65c68106b": "recorded in 2025; it says array for list since August 2026",
    "c977dc76e9de": "recorded in 2024; it says that it should be an object since August 2026",
    "080c67d1a742": "pictures and documents by file_id were a beta then, and are stable now",
    "6aaf00a7b562": "pictures and documents by file_id were a beta then, and are stable now",
    "c4830dd86edf": "pictures and documents by file_id were a beta then, and are stable now",
    "4f24fe00bfc2": "pictures and documents by file_id were a beta then, and are stable now",
}
"""The recorded errors that the simulator does not repeat, each with its reason."""


def answer(row: Row, resend: Callable[..., Reply]) -> Reply:
    """Return the simulator's reply to a request that failed, under the circumstances of then."""
    message = row["response"]["error"]["message"]
    if row["status"] == 401:
        return resend(row, api_key="another")
    if row["status"] in LOAD or message.startswith(CREDIT):
        # The model of one that was out of credit does not exist: it was not looked at.
        request = {**row["request"], "model": "claude-haiku-4-5"}
        return resend({**row, "request": request}, Script(Fault(row["status"], message)))
    # The recording leaves a long text out; any other of that length will do.
    written = json.dumps(row["request"]).replace(LEFT_OUT, MASSIVE)
    return resend({**row, "request": json.loads(written)})


def uncounted(error: Any) -> Any:
    """Return an error without the number of tokens, which depends on the text left out."""
    return {**error, "message": re.sub(r"\d+ tokens", "N tokens", error["message"])}


def same(reply: Reply, row: Row) -> bool:
    """Say whether status, type and message are those recorded."""
    if reply.status != row["status"]:
        return False
    return bool(uncounted(reply.body["error"]) == uncounted(row["response"]["error"]))


def test_recorded_errors_are_repeated_word_for_word(
    pairs: list[Row],
    resend: Callable[..., Reply],
    share: Callable[..., None],
    tell: Callable[[str, object], None],
) -> None:
    """All but those explained, and of those none that has come right since."""
    rows = [row for row in pairs if row["status"] != 200]
    different = {row["id"] for row in rows if not same(answer(row, resend), row)}
    for row in rows:
        is_newest = (row["date"] or "") >= SINCE
        share("error", is_right=row["id"] not in different, is_newest=is_newest)
        assert not (is_newest and row["id"] in EXPLAINED)
    for name, reason in EXPLAINED.items():
        tell(f"error {name} is not repeated", reason)
    assert different == set(EXPLAINED)


def test_errors_have_the_recorded_envelope_and_advice(
    pairs: list[Row], resend: Callable[..., Reply]
) -> None:
    """Keys in their order since the request id is in the body, and x-should-retry."""
    for row in pairs:
        if row["status"] == 200 or row["response_fidelity"] != "raw":
            continue
        reply = answer(row, resend)
        if reply.status != row["status"]:
            assert row["id"] in EXPLAINED
            continue
        advice = row["response_headers"].get("x-should-retry")
        # Recorded with either; the simulator advises to try again.
        if row["status"] != 429:
            assert reply.headers["x-should-retry"] == advice
        # Since 2025-08-20 the request id is in the body.
        if "request_id" in row["response"]:
            assert list(reply.body) == list(row["response"])
            assert list(reply.body["error"]) == list(row["response"]["error"])
            assert reply.body["request_id"] == reply.headers["request-id"]
