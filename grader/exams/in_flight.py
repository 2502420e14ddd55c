"""Hold back the replies of an asynchronous client, so that requests made together are seen so.

A request is in flight from its arrival until the exam lets its reply go. The candidate asks for
replies when nothing else in its event loop can go on, so all that could be under way then is. The
newest goes first, so that replies come back in another order than requests were made in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = Any

QUIET = 2
"""How often each waiting request asks before one is answered; once, to show which still wait."""


@dataclass
class InFlight:
    """Keep the requests of one client that have not been answered yet.

    counts: how many there were at once when each request had arrived, itself included.
    """

    counts: list[int] = field(default_factory=list)
    _waiting: dict[int, Json] = field(default_factory=dict)
    _asked: dict[int, int] = field(default_factory=dict)
    _arrived: int = 0

    def arrive(self, reply: Json) -> int:
        """Hold a reply back, and return the number to ask for it by."""
        self._arrived += 1
        self._waiting[self._arrived] = reply
        self._asked.clear()
        self.counts.append(len(self._waiting))
        return self._arrived

    @property
    def most(self) -> int:
        """Return how many there ever were at once."""
        return max(self.counts, default=0)

    def ask(self, number: int) -> Json | None:
        """Return the reply if it may go, else None. A number that is not known gets None."""
        if number not in self._waiting:
            return None
        self._asked[number] = self._asked.get(number, 0) + 1
        # All that still wait ask in turn; one that was cancelled falls behind, and holds up no one.
        often = self._asked[number]
        newest = max(other for other, times in self._asked.items() if times >= often - 1)
        if often < QUIET or number != newest:
            return None
        self._asked.clear()
        return self._waiting.pop(number)
