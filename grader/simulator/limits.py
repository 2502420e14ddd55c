"""Rate limits: what an organisation may ask for in a minute, and what is left of it.

    Simulator(limit=RateLimit(requests_per_minute=50, input_tokens_per_minute=30_000))

Each limit is a bucket that holds a minute's worth and fills continuously, as documented; the
recorded times of reset agree (74,000 of 200,000 tokens used: full after 22 seconds). Tokens read
from the prompt cache do not count. Output is counted as it is produced: since October 2025 no
recorded reply begins with output tokens set aside for its `max_tokens`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from grader.errors import ScriptError
from grader.simulator.faults import Fault, rate_limited
from grader.simulator.headers import Limited, RateStanding
from grader.simulator.wire import Json

_MINUTE = 60.0
# The clock's own grain: a float of seconds since the epoch is exact to a quarter of it.
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class RateLimit:
    """State what an organisation may ask for in a minute, of all models together.

    Raises ScriptError for a limit below 1.
    """

    requests_per_minute: int = 4_000
    input_tokens_per_minute: int = 2_000_000
    output_tokens_per_minute: int = 400_000

    def __post_init__(self) -> None:
        for limit in fields(self):
            value = getattr(self, limit.name)
            if value < 1:
                raise ScriptError(
                    f"{limit.name}={value} would refuse every request. Give 1 or more, "
                    "or leave it out."
                )

    def of(self, limit: Limited) -> int:
        """Return one of the three limits by the name that its headers have."""
        return {
            "requests": self.requests_per_minute,
            "input-tokens": self.input_tokens_per_minute,
            "output-tokens": self.output_tokens_per_minute,
        }[limit]


class Bucket:
    """Hold what is left of one limit; it may be owed, and fills to its capacity in a minute."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._level = float(capacity)
        self._since = -math.inf

    def left(self, now: float) -> float:
        """Return what is left at a time, in seconds; less than nothing when some is owed."""
        # A clock that is set back fills nothing and takes nothing.
        filled = max(0.0, now - self._since) * self.capacity / _MINUTE
        return min(float(self.capacity), self._level + filled)

    def take(self, amount: int, now: float) -> None:
        """Take an amount, also one that is not there."""
        self._level = self.left(now) - amount
        self._since = max(self._since, now)

    def wait(self, amount: int, now: float) -> float:
        """Return the seconds until an amount is there; infinity for more than it can hold."""
        if amount > self.capacity:
            return math.inf
        return max(0.0, (amount - self.left(now)) * _MINUTE / self.capacity)

    def standing(self, now: float) -> RateStanding:
        """Return what headers tell of it."""
        return RateStanding(self.capacity, self.left(now), now + self.wait(self.capacity, now))


class RateMeter:
    """Keep one organisation within its limit; the time is an argument, never the clock.

    limit: None refuses nobody, and reports the limits of a high tier as unused; `is_enforced` says
    so.
    """

    def __init__(self, limit: RateLimit | None) -> None:
        self.is_enforced = limit is not None
        self._limit = limit or RateLimit()
        names: tuple[Limited, ...] = ("input-tokens", "output-tokens", "requests")
        self._buckets = {name: Bucket(self._limit.of(name)) for name in names}

    def admit(self, input_tokens: int, model: str, now: float) -> Fault | None:
        """Count one request in, or return the fault that refuses it.

        input_tokens: those of the prompt that are not read from the cache.
        """
        if not self.is_enforced:
            return None
        needs = {"input-tokens": input_tokens, "output-tokens": 1, "requests": 1}
        waits = {name: bucket.wait(needs[name], now) for name, bucket in self._buckets.items()}
        # The longest wait, so that who honours it is not refused by the next limit.
        reached = max(waits, key=lambda name: waits[name])
        if waits[reached] > _TOLERANCE:
            return self._refusal(reached, waits[reached], model)
        self._buckets["requests"].take(1, now)
        return None

    def charge(self, usage: Json, now: float) -> None:
        """Take the tokens of an answered request, as its `usage` states them."""
        if self.is_enforced:
            for call in usage.get("iterations") or (usage,):
                taken = call["input_tokens"] + call["cache_creation_input_tokens"]
                self._buckets["input-tokens"].take(taken, now)
                self._buckets["output-tokens"].take(call["output_tokens"], now)

    def standings(self, now: float) -> Mapping[Limited, RateStanding]:
        """Return what headers tell of each limit."""
        if self.is_enforced:
            return {name: bucket.standing(now) for name, bucket in self._buckets.items()}
        # As if this request were the only one.
        return {
            name: RateStanding(bucket.capacity, bucket.capacity - (name == "requests"), now)
            for name, bucket in self._buckets.items()
        }

    def explain(self, fault: Fault, model: str) -> Fault:
        """Return a scripted fault with its message about one request to this organisation."""
        return fault.about(model=model, per_minute=self._limit.of(fault.limit or "input-tokens"))

    def standings_of_refusal(self, fault: Fault, now: float) -> Mapping[Limited, RateStanding]:
        """Return what the headers of a 429 tell: the limit that was reached, and the requests.

        The recorded 429 tells of no other. A scripted one finds its limit used up.
        """
        reached = fault.limit or "input-tokens"
        whole = self.standings(now)
        standings = {name: whole[name] for name in (reached, "requests")}
        if not self.is_enforced:
            standings[reached] = RateStanding(self._limit.of(reached), 0, now + _MINUTE)
        return standings

    def _refusal(self, reached: Limited, wait: float, model: str) -> Fault:
        if math.isinf(wait):
            # Recorded: a request past the whole limit is told not to come back.
            alone = rate_limited(limit=reached)
            return self.explain(replace(alone, headers={"x-should-retry": "false"}), model)
        seconds = max(1, math.ceil(wait - _TOLERANCE))
        return self.explain(rate_limited(retry_after=seconds, limit=reached), model)
