"""What the core knows of a protocol: one object, by which it reads requests and writes replies.

The core answers Messages requests. A dialect turns its own requests into those, and a message into
its own reply; a dialect more is an object more in `Simulator(dialects=…)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from grader.catalog import Catalog
from grader.simulator.caching import CacheUse
from grader.simulator.headers import identity_headers
from grader.simulator.identifiers import Identifiers
from grader.simulator.stream import Pace, StageOf
from grader.simulator.wire import Json, ServerSentEvent

LimitNames = tuple[str, str, str]
"""The headers that tell of a rate limit: how much it is, what is left, and when all is back."""


@dataclass(frozen=True)
class Asked:
    """Hold what a reply is written for.

    body: the request as it was sent, in the dialect's own form; a lenient simulator also answers
    one that `read` refuses. created: the time in seconds since the epoch. use: what the request
    itself did with the cache, which is less than the message costs where the API's own tools were
    called. betas: the values of its header `anthropic-beta`.
    """

    body: Json
    created: int
    ids: Identifiers
    pace: Pace
    use: CacheUse | None = None
    betas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failed:
    """Hold what a stream would have said that an error ends."""

    message: Json
    asked: Asked


class Counted(NamedTuple):
    """Hold the input tokens of a request; original: before its edits, None where it has none."""

    tokens: int
    original: int | None = None


@dataclass(frozen=True)
class Counting:
    """Describe how a protocol counts the tokens of a request: where, and from what to what.

    read: makes a request of Anthropic's `count_tokens` of a body, or refuses it.
    write: makes the body of the reply from the count.
    """

    path: str
    read: Callable[[Json], Json]
    write: Callable[[Counted], Json]


@dataclass(frozen=True)
class Dialect:
    """Describe one protocol over the simulator.

    path: where it is spoken. counting: how it counts tokens, if it does.
    version_of: gives the version of the Messages API from a request's headers, or refuses them.
    read: makes a Messages request of a body, or refuses it.
    write: makes the body of a reply from a message.
    stream: makes the events of a streamed reply, each when it is pulled. stage_of: how far in the
    reply an event stands.
    write_error: makes the body of an error from the Messages API's. end_with_error: the same for
    the event that ends a stream.
    limit_names: gives the headers that tell of a rate limit, or None for one that isn't told.
    identify: gives the headers of a reply's identity, from the request's id and its workspace.
    resource: answers any other method and path under its own, from the method and the rest of the
    path, or refuses; None where there is nothing.
    begin: gives the dialect for one simulator, where it keeps something from request to request.
    """

    path: str
    version_of: Callable[[Mapping[str, str]], str]
    read: Callable[[Json], Json]
    write: Callable[[Json, Asked], Json]
    stream: Callable[[Json, Asked], Iterator[ServerSentEvent]]
    stage_of: StageOf
    write_error: Callable[[Json], Json]
    end_with_error: Callable[[Json, Failed], ServerSentEvent]
    limit_names: Callable[[str], LimitNames | None]
    counting: Counting | None = None
    identify: Callable[[str, str], dict[str, str]] = identity_headers
    resource: Callable[[str, str], Json] | None = None
    begin: Callable[[Catalog], Dialect] | None = None

    def owns(self, path: str) -> bool:
        """Return whether a path lies under the dialect's own, and it has something there."""
        return self.resource is not None and path.startswith(f"{self.path}/")
