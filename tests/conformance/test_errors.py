"""Errors: the same request gets the same status, type and words as on the live API."""

from collections.abc import Callable
from typing import Any

from grader.simulator import Fault, Reply, Script

Row = dict[str, Any]

LOAD = frozenset({429, 500, 529})
"""Statuses that depend on the machine's load, and not on the request: they are scripted."""

EXPLAINED = {
    "01a27c0a31b1": "its text, of ten million bytes, is left out of the recording",
    "9115d9b59ad2": "its text, of ten million bytes, is left out of the recording",
    "0a5f43a1c922": "output_format was a beta's name for output_config.format",
    "1d806d05e1ab": "the account had no credit left, which the simulator's never is",
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
    if row["status"] == 401:
        return resend(row, api_key="another")
    if row["status"] in LOAD:
        return resend(row, Script(Fault(row["status"], row["response"]["error"]["message"])))
    return resend(row)


def same(reply: Reply, row: Row) -> bool:
    """Say whether status, type and message are those recorded."""
    if reply.status != row["status"]:
        return False
    return bool(reply.body["error"] == row["response"]["error"])


def test_recorded_errors_are_repeated_word_for_word(
    pairs: list[Row], resend: Callable[..., Reply], tell: Callable[[str, object], None]
) -> None:
    """All but those explained, and of those none that has come right since."""
    rows = [row for row in pairs if row["status"] != 200]
    different = {row["id"] for row in rows if not same(answer(row, resend), row)}
    tell("errors repeated", f"{len(rows) - len(different)} of {len(rows)}")
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
        if "request_id" in row["response"]:
            assert list(reply.body) == list(row["response"])
            assert list(reply.body["error"]) == list(row["response"]["error"])
