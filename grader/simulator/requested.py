"""Faults on request: a header by which one request says how it wants to fail.

    x-simulator-fault: 429, retry-after=2
    x-simulator-fault: 529, times=2
    x-simulator-fault: cut, after=3
    x-simulator-fault: slow, first-token=5

First comes what happens: the status of an error, `cut` for a connection that is lost, `timeout` for
a reply that never comes, `slow` for one that comes late. Options follow:

- `retry-after=SECONDS`: the header of the error.
- `after=DELTAS`: a stream breaks off after so many of them; without it nothing of it comes.
- `first-token=SECONDS`, `between=SECONDS`: how late a stream's first delta comes, and each after
  it. Where nothing is streamed, the reply comes after the first of the two.
- `times=TRIES`: only the first tries fail, as an SDK of Anthropic or OpenAI counts them in
  `x-stainless-retry-count`; another client fails each time.

The live API knows nothing of the header, and takes no notice of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from grader.simulator.faults import (
    TYPES,
    Fault,
    connection_cut,
    credit_too_low,
    overloaded,
    rate_limited,
    server_error,
    timed_out,
)
from grader.simulator.stream import Pace

HEADER = "x-simulator-fault"

_TRY = "x-stainless-retry-count"
_LONGEST = 600.0
_MOST = 1_000_000
_SLOW = "5"
_KNOWN = {400: credit_too_low(), 429: rate_limited(), 500: server_error(), 529: overloaded()}
_OPTIONS = {
    "error": ("retry-after", "after", "times"),
    "cut": ("after", "times"),
    "timeout": ("after", "times"),
    "slow": ("first-token", "between", "times"),
}


class Unreadable(ValueError):
    """Say what of the header cannot be read, and how it is written."""

    def __init__(self, what: str) -> None:
        statuses = ", ".join(map(str, TYPES))
        super().__init__(
            f"{HEADER}: {what}. Begin with a status ({statuses}), cut, timeout or slow; options "
            "follow: retry-after=SECONDS, after=DELTAS, first-token=SECONDS, between=SECONDS, "
            "times=TRIES. For example: 429, retry-after=2"
        )


@dataclass(frozen=True)
class RequestedFault:
    """Hold how one request wants to fail.

    fault: what comes instead of the reply, or of the rest of its stream; None where it is only
    slow. after: how many deltas of a stream come before; None for none of it at all.
    pace: the delays of a slow reply, in seconds.
    """

    fault: Fault | None = None
    after: int | None = None
    pace: Pace | None = None


def read_requested(headers: Mapping[str, str]) -> RequestedFault | None:
    """Return how a request wants to fail, None where it doesn't, or not on this try.

    headers: lower-case names. Raises Unreadable.
    """
    written = headers.get(HEADER)
    if written is None:
        return None
    what, *given = (word.strip() for word in written.split(","))
    status = _status(what)
    kind = "error" if status else what
    if kind not in _OPTIONS:
        raise Unreadable(f"{what!r} is nothing that can happen")
    options = _read_options(given, kind)
    times = _number(options, "times")
    tried = headers.get(_TRY, "0")
    if times is not None and tried.isascii() and tried.isdigit() and int(tried[:9]) >= times:
        return None
    if kind == "slow":
        first = _number(options, "first-token", most=_LONGEST)
        between = _number(options, "between", most=_LONGEST)
        return RequestedFault(pace=Pace(first_token=first or 0.0, between_deltas=between or 0.0))
    fault = {"cut": connection_cut(), "timeout": timed_out()}.get(kind) or _error(status)
    wait = _number(options, "retry-after")
    if wait is not None:
        fault = replace(fault, headers={**fault.headers, "retry-after": options["retry-after"]})
    after = _number(options, "after")
    return RequestedFault(fault, None if after is None else int(after))


def _status(word: str) -> int:
    return int(word) if len(word) == 3 and word.isascii() and word.isdigit() else 0


def _error(status: int) -> Fault:
    if status not in TYPES:
        raise Unreadable(f"{status} is no status that the API sends")
    return _KNOWN.get(status) or Fault(status, f"This error was asked for by {HEADER}.")


def _read_options(given: list[str], kind: str) -> dict[str, str]:
    options = {}
    for option in given:
        name, _, value = (part.strip() for part in option.partition("="))
        if name not in _OPTIONS[kind]:
            takes = ", ".join(f"{each}=" for each in _OPTIONS[kind])
            raise Unreadable(f"{option!r} is no option here, which takes {takes}")
        options[name] = value
    if kind == "slow" and "between" not in options:
        options.setdefault("first-token", _SLOW)
    return options


def _number(options: Mapping[str, str], name: str, *, most: float = _MOST) -> float | None:
    """Return the number of an option: seconds with a fraction where a reply is slow, else whole."""
    if name not in options:
        return None
    written = options[name]
    try:
        number = float(written) if most == _LONGEST else int(written)
    except ValueError:
        number = math.nan
    if not 0 <= number <= most:
        raise Unreadable(f"{name}={written} is no number from 0 to {most:.0f}")
    return number
