"""What calls have cost so far, by class of token, and what they would have cost without caching."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from grader.catalog import Tokens, find_model
from grader.classroom.reply_usage import ReplyUsage
from grader.errors import UnknownModel


@dataclass(frozen=True)
class Bill:
    """Add up replies; tokens as the API counted them, money in US dollars.

    fresh, written, read, output: tokens by class. uncached: the cost without any caching.
    errors: replies that were errors, which cost nothing. reckoned: streams closed before their
    final count. unpriced: models without a price in the catalog; their tokens count, their cost
    doesn't.
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
        """Return what caching saved; negative if it has cost more so far."""
        return self.uncached - self.spent

    def with_error(self) -> Bill:
        """Return the bill with one more error."""
        return replace(self, errors=self.errors + 1)

    def with_reply(self, reply: ReplyUsage) -> Bill:
        """Return the bill with one more reply."""
        tokens = reply.tokens
        cost, uncached = _cost(reply, tokens), _cost(reply, tokens.uncached)
        unpriced = self.unpriced
        if cost is None and reply.model not in unpriced:
            unpriced = (*unpriced, reply.model)
        return replace(
            self,
            calls=self.calls + 1,
            reckoned=self.reckoned + reply.is_reckoned,
            fresh=self.fresh + tokens.fresh,
            written=self.written + tokens.written,
            read=self.read + tokens.read,
            output=self.output + tokens.output,
            spent=self.spent + (cost or 0),
            uncached=self.uncached + (uncached or 0),
            unpriced=unpriced,
        )


def _cost(reply: ReplyUsage, tokens: Tokens) -> Decimal | None:
    try:
        return find_model(reply.model).cost_told(tokens, reply.usage)
    except UnknownModel:
        return None
