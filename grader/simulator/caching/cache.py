"""The store of cached prefixes, and what one request finds and leaves in it.

The rules are those of Anthropic's page on prompt caching: entries are written at breakpoints only
and found up to 20 blocks before one; a prefix shorter than the model's minimum is not cached, and
nothing says so; a lifetime counts from the start of a request, and a hit renews it; an entry can
be read once the reply that wrote it has begun.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from grader.catalog import ModelCard
from grader.simulator.caching.prefix import Lifetime, Position, is_marked, read_positions
from grader.simulator.tokens import PromptTokens
from grader.simulator.wire import Json

LOOKBACK = 20
"""How many blocks a breakpoint looks back for an entry, itself included."""

LIFETIMES: dict[Lifetime, float] = {"5m": 300.0, "1h": 3600.0}
"""How long an entry lives after the start of the request that last used it, in seconds."""

_KEPT = 10_000
"""How many entries are kept: a bound of ours, so that a long-lived server's memory stays flat."""

_Key = tuple[str, str, bytes]


@dataclass(frozen=True)
class _Entry:
    lifetime: Lifetime
    expires: float


@dataclass(frozen=True)
class CacheUse:
    """Split the input tokens of one request by what they cost.

    read: from the cache. written_5m, written_1h: into it, by lifetime. fresh: all the rest, which
    is what `usage.input_tokens` counts.
    """

    read: int
    written_5m: int
    written_1h: int
    fresh: int
    _commit: Callable[[], None] = field(default=lambda: None, repr=False, compare=False)

    @property
    def written(self) -> int:
        """Return the tokens written, of both lifetimes."""
        return self.written_5m + self.written_1h

    def uncommitted(self) -> CacheUse:
        """Return the same use, by which nothing is stored or renewed."""
        return replace(self, _commit=lambda: None)

    def with_fresh(self, tokens: int) -> CacheUse:
        """Return the same use of a prompt with more behind it, in tokens."""
        return replace(self, fresh=self.fresh + tokens)

    def after(self, earlier: CacheUse) -> CacheUse:
        """Return the same use, which commits what an earlier one does first."""

        def commit() -> None:
            earlier.commit()
            self.commit()

        return replace(self, _commit=commit)

    def commit(self) -> None:
        """Store what the request wrote and renew what it read: its reply begins."""
        self._commit()


class PromptCache:
    """Hold the cached prefixes of every workspace; the time is an argument, never the clock."""

    def __init__(self) -> None:
        self._entries: dict[_Key, _Entry] = {}

    def look_up(
        self,
        request: Json,
        card: ModelCard,
        tokens: PromptTokens,
        *,
        now: float,
        workspace: str,
    ) -> CacheUse:
        """Return what a valid request reads and writes. Nothing changes before `commit`.

        now: the start of the request, in seconds since the epoch.
        """
        if not is_marked(request):
            return CacheUse(0, 0, 0, tokens.total)
        positions = read_positions(request, tokens, card)
        breakpoints = [
            place
            for place, position in enumerate(positions)
            if position.lifetime and position.tokens >= card.cache_minimum
        ]
        if not breakpoints:
            return CacheUse(0, 0, 0, tokens.total)

        def key(place: int) -> _Key:
            return workspace, card.id, positions[place].digest

        def is_stored(place: int) -> bool:
            entry = self._entries.get(key(place))
            return entry is not None and now < entry.expires

        hit = _longest_hit(breakpoints, is_stored)
        read = positions[hit].tokens if hit is not None else 0
        written: dict[Lifetime, int] = {"5m": 0, "1h": 0}
        done = read
        for place in breakpoints:
            position = positions[place]
            if position.tokens > done and position.lifetime:
                written[position.lifetime] += position.tokens - done
                done = position.tokens

        def commit() -> None:
            for place in {*breakpoints, *(() if hit is None else (hit,))}:
                self._keep(key(place), positions[place], now)

        return CacheUse(read, written["5m"], written["1h"], tokens.total - done, commit)

    def _keep(self, key: _Key, position: Position, now: float) -> None:
        """Write an entry, or renew it for its own lifetime; no source says whether 5m turns 1h."""
        entry = self._entries.pop(key, None)
        if entry is not None and now < entry.expires:
            lifetime, least = entry.lifetime, entry.expires
        else:
            lifetime, least = position.lifetime or "5m", 0.0
        expires = max(least, now + LIFETIMES[lifetime])
        self._entries[key] = _Entry(lifetime, expires)
        while len(self._entries) > _KEPT:
            del self._entries[next(iter(self._entries))]


def _longest_hit(breakpoints: list[int], is_stored: Callable[[int], bool]) -> int | None:
    """Return the last place with an entry that some breakpoint's lookback reaches."""
    for place in reversed(breakpoints):
        for candidate in range(place, max(-1, place - LOOKBACK), -1):
            if is_stored(candidate):
                return candidate
    return None
