"""Hold back the replies of an asynchronous client, so that we see which requests go together.

A request is in flight from its arrival until the exam releases its reply. The candidate asks for
replies when nothing else in its event loop can go on, so by then everything that could be in flight
is. The newest goes first, so that replies come back in a different order from the requests.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = Any

QUIET = 2
"""How often each waiting request asks before one is answered: the first round shows who waits."""


@dataclass
class InFlight:
    """Keep the requests of one client that wait for their answers.

    counts: for each request, how many were in flight when it arrived, itself included.
    """

    counts: list[int] = field(default_factory=list)
    _waiting: dict[int, Json] = field(default_factory=dict)
    _asked: dict[int, int] = field(default_factory=dict)
    _arrived: int = 0

    def arrive(self, reply: Json) -> int:
        """Hold a reply back, and return the number with which to ask for it."""
        self._arrived += 1
        self._waiting[self._arrived] = reply
        self._asked.clear()
        self.counts.append(len(self._waiting))
        return self._arrived

    @property
    def most(self) -> int:
        """Return the most that were ever in flight at once."""
        return max(self.counts, default=0)

    def ask(self, number: int) -> Json | None:
        """Return the reply if it may go, else None; an unknown number gets None."""
        if number not in self._waiting:
            return None
        self._asked[number] = self._asked.get(number, 0) + 1
        # Every waiting request asks in turn; a cancelled one falls behind, and holds up no other.
        often = self._asked[number]
        newest = max(other for other, times in self._asked.items() if times >= often - 1)
        if often < QUIET or number != newest:
            return None
        self._asked.clear()
        return self._waiting.pop(number)
