"""The pages of a list: `limit`, `after_id` and `before_id` of a query, and what they show.

The limits are those of the SDK's parameters (anthropic 2.12, `types/model_list_params.py`), the
wordings those that the API has for the same faults of a body. What it says of a cursor that is no
object's, and of both cursors at once, is not known: here the first is refused, and the second
shows what lies between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from grader.simulator.faults import invalid
from grader.simulator.wire import Json

_USUAL = 20
_MOST = 1000
_INTEGER = re.compile(r"[-+]?[0-9]+", re.ASCII)

Query = dict[str, list[str]]
"""The parameters of a query, each with all its values in order."""


def read_query(query: str) -> Query:
    """Return the parameters of a query, also empty ones."""
    return parse_qs(query, keep_blank_values=True)


@dataclass(frozen=True)
class Page:
    """Say which part of a list is asked for; a cursor is the id of an object beside it."""

    limit: int = _USUAL
    after_id: str | None = None
    before_id: str | None = None

    @classmethod
    def of(cls, query: Query) -> Page:
        """Return the page that a query asks for, or refuse it."""
        return cls(page_limit(query), _last(query, "after_id"), _last(query, "before_id"))

    def show(self, rows: Sequence[Json]) -> Json:
        """Return this page of a list in the API's shape, or refuse a cursor that is none of it.

        rows: the whole list; each has an id.
        """
        start = 0 if self.after_id is None else _place(rows, "after_id", self.after_id) + 1
        end = len(rows) if self.before_id is None else _place(rows, "before_id", self.before_id)
        between = rows[start:end]
        # Backwards it is the last ones before the cursor, and there may be more before them.
        shown = between[: self.limit] if self.before_id is None else between[-self.limit :]
        first, last = (shown[0]["id"], shown[-1]["id"]) if shown else (None, None)
        return {
            "data": list(shown),
            "has_more": len(shown) < len(between),
            "first_id": first,
            "last_id": last,
        }


def page_limit(query: Query) -> int:
    """Return how many objects a page has at most, or refuse what is no such number."""
    given = _last(query, "limit")
    if given is None:
        return _USUAL
    if _INTEGER.fullmatch(given) is None:
        raise invalid(
            "limit: Input should be a valid integer, unable to parse string as an integer"
        )
    # A number of many digits is past the limit, and no more than that need be known of it.
    number = int(given[:10])
    if number < 1:
        raise invalid("limit: Input should be greater than or equal to 1")
    if number > _MOST:
        raise invalid(f"limit: Input should be less than or equal to {_MOST}")
    return number


def _last(query: Query, name: str) -> str | None:
    values = query.get(name)
    return values[-1] if values else None


def _place(rows: Sequence[Json], name: str, cursor: str) -> int:
    for place, row in enumerate(rows):
        if row["id"] == cursor:
            return place
    raise invalid(f"{name}: {cursor!r} is the id of no object in this list")
