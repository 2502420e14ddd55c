"""The headers of a reply: its request id, and the rate limits as the API reports them.

Recorded replies carry rate limits on an answered message and on a 429, and on nothing else: not
on other errors, not on count_tokens, not on the list of models.
"""

from __future__ import annotations

from datetime import UTC, datetime

ORGANIZATION = "00000000-0000-0000-0000-000000000000"
_LIMITS = {"requests": 4_000, "input-tokens": 2_000_000, "output-tokens": 400_000}
# Recorded: the limit of tokens is always the sum of the two others.
_TOKENS = _LIMITS["input-tokens"] + _LIMITS["output-tokens"]


def identity_headers(request_id: str) -> dict[str, str]:
    """Return the headers that every reply has."""
    return {"request-id": request_id, "anthropic-organization-id": ORGANIZATION}


def limit_headers(now: float, *, compatible: bool) -> dict[str, str]:
    """Return the rate-limit headers at a time.

    now: seconds since the epoch. compatible: True for the OpenAI-compatible endpoint, which
    names them as OpenAI does and tells only of requests and tokens.
    """
    reset = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    names = ("requests", "tokens") if compatible else (*_LIMITS, "tokens")
    headers = {}
    for name in names:
        limit = _LIMITS.get(name, _TOKENS)
        left = limit - 1 if name == "requests" else limit
        for what, value in {"limit": limit, "remaining": left, "reset": reset}.items():
            key = (
                f"x-ratelimit-{what}-{name}" if compatible else f"anthropic-ratelimit-{name}-{what}"
            )
            headers[key] = str(value)
    return headers
