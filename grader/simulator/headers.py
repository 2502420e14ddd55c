"""Headers: what a request says, a reply's request id, and rate limits as the API reports them.

Recorded replies carry rate limits on an answered message and on a 429, and on nothing else: not
on other errors, not on count_tokens, not on the list of models.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal

ORGANIZATION = "00000000-0000-0000-0000-000000000000"
WORKSPACE = f"wrkspc_01{'1' * 22}"
"""The workspace of a key that is bound to none by a header."""

Limited = Literal["requests", "input-tokens", "output-tokens"]
"""What a rate limit counts, as the names of its headers spell it."""

_WORKSPACE_FORM = re.compile(r"wrkspc_[0-9A-Za-z]{1,64}")
_TOKENS = "tokens"
# A float may fall short of a whole number by less than this.
_GRAIN = 1e-6


@dataclass(frozen=True)
class RateStanding:
    """State one rate limit at one moment.

    limit: what may be asked for in a minute. left: what is left of it.
    full_at: when all of it is back, in seconds since the epoch.
    """

    limit: int
    left: float
    full_at: float


def read_headers(sent: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return a request's headers; the values of one that was sent several times, joined."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in sent:
        name, value = _name(raw_name), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


@lru_cache(maxsize=256)
def _name(raw: bytes) -> str:
    return raw.decode("latin-1").lower()


def identity_headers(request_id: str, workspace: str = "") -> dict[str, str]:
    """Return the headers that every reply has but a 401, in the order recorded in August 2026.

    workspace: the one that the request names; the organisation's own when that is no id.
    """
    named = workspace if _WORKSPACE_FORM.fullmatch(workspace) else WORKSPACE
    return {
        "request-id": request_id,
        "anthropic-organization-id": ORGANIZATION,
        "anthropic-workspace-id": named,
    }


def limit_headers(
    standings: Mapping[Limited, RateStanding],
    names_of: Callable[[str], tuple[str, str, str] | None],
) -> dict[str, str]:
    """Return the rate-limit headers for what is left of each limit.

    names_of: gives the headers of one limit, or None where it isn't told; see `Dialect`.
    """
    told: dict[str, _Told] = {name: _told(name, standing) for name, standing in standings.items()}
    if {"input-tokens", "output-tokens"} <= told.keys():
        told[_TOKENS] = _sum(told["input-tokens"], told["output-tokens"])
    headers: dict[str, str] = {}
    for name, (limit, remaining, reset) in told.items():
        names = names_of(name)
        if names is not None:
            values = (str(limit), str(remaining), _moment(int(reset)))
            headers.update(zip(names, values, strict=True))
    return headers


_Told = tuple[int, int, float]


def _told(name: str, standing: RateStanding) -> _Told:
    """Return limit, remaining and reset of one limit as the API tells them."""
    left = max(0, math.floor(standing.left + _GRAIN))
    if name != "requests" and left < standing.limit:
        # Recorded: tokens are told in thousands, rounded down (414 of 40,000 used: 39000).
        left -= left % 1000
    return standing.limit, left, standing.full_at


def _sum(received: _Told, sent: _Told) -> _Told:
    # Recorded in 119 of 119 replies; the reset is the earlier one in all that can be compared.
    return received[0] + sent[0], received[1] + sent[1], min(received[2], sent[2])


@lru_cache(maxsize=64)
def _moment(seconds: int) -> str:
    # Recorded: fractions of a second are cut off. The limits of a reply share a few seconds.
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
