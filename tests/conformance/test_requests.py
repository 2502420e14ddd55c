"""Requests: what the live API took is taken, and counted nearly as it counted."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from grader.simulator import Reply
from tests.conformance.shapes import shape_of

Row = dict[str, Any]

NOT_TAKEN = {
    (
        "`temperature` and `top_p` cannot both be specified for this model. Please use only one."
    ): "retired models took both; the stand-in does not",
}


def taken(pairs: list[Row]) -> list[Row]:
    """Return the rows of requests with a body that the live API answered with 200."""
    return [row for row in pairs if row["status"] == 200 and row["method"] == "POST"]


def test_every_recorded_request_is_taken(
    pairs: list[Row], resend: Callable[..., Reply], tell: Callable[[str, object], None]
) -> None:
    """No rule is stricter than the API was, since March 2024, but for the reasons above."""
    rows = taken(pairs)
    refused = Counter(
        reply.body["error"]["message"] for row in rows if (reply := resend(row)).status != 200
    )
    tell("requests taken", f"{len(rows) - refused.total()} of {len(rows)}")
    for message, reason in NOT_TAKEN.items():
        tell(f"not taken, {refused[message]} requests", reason)
    assert set(refused) == set(NOT_TAKEN)
    assert refused.total() < len(rows) / 20


def test_counts_have_the_recorded_shape(
    pairs: list[Row], resend: Callable[..., Reply], share: Callable[..., None]
) -> None:
    """One key, a whole number, and no rate limits beside it."""
    for row in taken(pairs):
        if row["url_path"].endswith("/count_tokens"):
            reply = resend(row)
            assert shape_of(reply.body) == shape_of(row["response"])
            assert [name for name in reply.headers if "ratelimit" in name] == []
            share("count_tokens", is_right=True, is_newest=(row["date"] or "") >= "2026-04")
