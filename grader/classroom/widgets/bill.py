"""What calls have cost so far, by class of token, and what they would have cost without caching."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from grader.catalog import find_model
from grader.classroom.reply_usage import ReplyUsage
from grader.errors import UnknownModel


@dataclass(frozen=True)
class Bill:
    """Add up replies; tokens are counted as the API counted them, money is in US dollars.

    fresh, written, read, output: tokens by class. uncached: the cost without any caching.
    errors: replies that were errors, which cost nothing. reckoned: streams that were left before
        their final count. unpriced: models that the catalog has no price for; their tokens count,
        their cost does not.
    """

    calls: int = 0
    errors: int = 0
    reckoned: int = 0
    fresh: int = 0
    written: int = 0
    read: int = 0
    output: int = 0
    spent: Decimal = Decimal(0)
    uncached: Decimal = Decimal(0)
    unpriced: tuple[str, ...] = ()

    @property
    def saved(self) -> Decimal:
        """Return what caching saved; less than nothing where it has cost more so far."""
        return self.uncached - self.spent

    def with_error(self) -> Bill:
        """Return the bill with one more error."""
        return replace(self, errors=self.errors + 1)

    def with_reply(self, reply: ReplyUsage) -> Bill:
        """Return the bill with one more reply."""
        usage = reply.usage
        fresh, written, read, output = (
            int(usage.get(name) or 0)
            for name in (
                *("input_tokens", "cache_creation_input_tokens"),
                *("cache_read_input_tokens", "output_tokens"),
            )
        )
        plain = {"input_tokens": fresh + written + read, "output_tokens": output}
        cost, uncached = _cost(reply.model, usage), _cost(reply.model, plain)
        unpriced = self.unpriced
        if cost is None and reply.model not in unpriced:
            unpriced = (*unpriced, reply.model)
        return replace(
            self,
            calls=self.calls + 1,
            reckoned=self.reckoned + reply.is_reckoned,
            fresh=self.fresh + fresh,
            written=self.written + written,
            read=self.read + read,
            output=self.output + output,
            spent=self.spent + (cost or 0),
            uncached=self.uncached + (uncached or 0),
            unpriced=unpriced,
        )


def _cost(model: str, usage: Mapping[str, Any]) -> Decimal | None:
    try:
        return find_model(model).cost_of(usage)
    except UnknownModel:
        return None
