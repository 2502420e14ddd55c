"""Clients for a notebook: the live API, another server that speaks the protocol, or the simulator.

    client = connect()

returns a real `anthropic.Anthropic`. If ANTHROPIC_BASE_URL is set, it talks to that server; else
if ANTHROPIC_API_KEY is set (or `live=True`), to the live API; else to the simulator, in this
process.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from grader.classroom.network import (
    address_remark,
    check_address,
    check_way,
    proxy_remark,
)
from grader.errors import ConnectionChoiceError

if TYPE_CHECKING:
    import anthropic
    import httpx2
    import openai

    from grader.classroom.rehearsals import SimulatedClock
    from grader.simulator import Pace

LIVE_URL = "https://api.anthropic.com"
DEFAULT_CAP = Decimal("1.00")
"""The most that a live session may spend, in US dollars, unless `cap` says otherwise."""

PROTOCOLS = {
    "simulator": (
        "Both of OpenAI's APIs are simulated. Anthropic itself serves only Chat Completions."
    ),
    "live": ("Anthropic serves Chat Completions, and not Responses."),
    "other": "It speaks Chat Completions and Responses as far as that server does.",
}
"""What a client of OpenAI's SDK can speak, by the kind of its destination."""
_SAID: set[str] = set()
"""The lines about the simulator that this process has printed."""


@dataclass(frozen=True)
class Destination:
    """Say where a client's requests go.

    kind: "live", "other" or "simulator". cap: US dollars, None for no cap.
    """

    kind: str
    base_url: str
    api_key: str
    cap: Decimal | None

    @property
    def statement(self) -> str:
        """Return one line that says where requests go and what that costs."""
        if self.kind == "simulator":
            return "Simulated: this course makes the replies, offline. Nothing is billed."
        spends = "" if self.cap is None else f" This session stops before it spends {self.cap} USD."
        if self.kind == "live":
            return f"Live: requests go to {self.base_url} and are billed to your key.{spends}"
        return f"Other server: requests go to {self.base_url}, as ANTHROPIC_BASE_URL says.{spends}"


def choose_destination(
    environment: Mapping[str, str], *, live: bool | None, cap: Decimal | float | str
) -> Destination:
    """Return where requests go, from the environment and what the caller asked for.

    live: True for a real server, False for the simulator, None to let the environment decide.
    Raises ConnectionChoiceError if a live client has no key, ANTHROPIC_BASE_URL isn't an address,
    or the cap isn't a positive amount of US dollars.
    """
    key = environment.get("ANTHROPIC_API_KEY", "").strip()
    base_url = environment.get("ANTHROPIC_BASE_URL", "").strip().rstrip("/")
    limit = _cap(cap)
    if live is False or (live is None and not key and not base_url):
        return Destination("simulator", LIVE_URL, "simulated", None)
    if base_url and base_url != LIVE_URL:
        check_address(base_url)
        # Without a key nothing can be billed, so a local server needs no cap.
        return Destination("other", base_url, key or "none", limit if key else None)
    if not key:
        raise ConnectionChoiceError(
            "The live API needs a key, and ANTHROPIC_API_KEY isn't set. Set it before you start "
            "Jupyter, or use the simulator: connect(live=False)."
        )
    return Destination("live", LIVE_URL, key, limit)


def _cap(cap: Decimal | float | str) -> Decimal:
    try:
        limit = Decimal(str(cap))
    except ArithmeticError:
        limit = Decimal("NaN")
    if not limit.is_finite() or limit <= 0:
        raise ConnectionChoiceError(
            f"cap={cap!r} isn't an amount to spend. Give US dollars above 0, such as cap=0.50."
        )
    return limit


def connect(
    *,
    live: bool | None = None,
    cap: Decimal | float | str = DEFAULT_CAP,
    clock: SimulatedClock | None = None,
    pace: Pace | None = None,
    transport: httpx2.BaseTransport | None = None,
) -> anthropic.Anthropic:
    """Return an `anthropic.Anthropic`, and print in one line where its requests go.

    live, cap: see `choose_destination`; cap is in US dollars, 1 by default.
    clock: the simulator's time; by default the real time.
    pace: how fast the simulator streams; by default at once. A real server has its own pace.
    transport: carries requests to a real server; by default the network.
    Raises ConnectionChoiceError.
    """
    import anthropic
    import httpx2

    destination = _announce(live=live, cap=cap)
    carried = _carrier(destination, transport or httpx2.HTTPTransport, clock, pace)
    # The SDK gives its own client the same timeout and follow_redirects.
    http_client = httpx2.Client(
        transport=carried, timeout=anthropic.DEFAULT_TIMEOUT, follow_redirects=True
    )
    return anthropic.Anthropic(
        api_key=destination.api_key, base_url=destination.base_url, http_client=http_client
    )


def connect_async(
    *,
    live: bool | None = None,
    cap: Decimal | float | str = DEFAULT_CAP,
    clock: SimulatedClock | None = None,
    pace: Pace | None = None,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> anthropic.AsyncAnthropic:
    """Return an `anthropic.AsyncAnthropic`; otherwise like `connect`."""
    import anthropic
    import httpx2

    from grader.exams.sleepless import starts_no_thread

    destination = _announce(live=live, cap=cap)
    carried = _carrier(destination, transport or httpx2.AsyncHTTPTransport, clock, pace)
    http_client = httpx2.AsyncClient(
        transport=carried, timeout=anthropic.DEFAULT_TIMEOUT, follow_redirects=True
    )
    return starts_no_thread(
        anthropic.AsyncAnthropic(
            api_key=destination.api_key, base_url=destination.base_url, http_client=http_client
        )
    )


def connect_openai(
    *,
    live: bool | None = None,
    cap: Decimal | float | str = DEFAULT_CAP,
    transport: httpx2.BaseTransport | None = None,
) -> openai.OpenAI:
    """Return an `openai.OpenAI` for Anthropic's OpenAI-compatible endpoint; see `connect`.

    It is for comparisons only: it doesn't use your OpenAI key, and nothing goes to OpenAI.
    It says which of OpenAI's two protocols it speaks: Anthropic doesn't serve Responses.
    Under a cap, a request without a limit is sent with a limit of 4,096 tokens.
    """
    import httpx2
    import openai

    destination = _announce(live=live, cap=cap, speaks=PROTOCOLS)
    carried = _carrier(destination, transport or httpx2.HTTPTransport)
    http_client = httpx2.Client(transport=carried, follow_redirects=True)
    return openai.OpenAI(
        api_key=destination.api_key,
        base_url=f"{destination.base_url}/v1/",
        http_client=http_client,
    )


def describe(destination: Destination, environment: Mapping[str, str]) -> list[str]:
    """Return lines about a destination: where requests go, which counter counts, and any remarks.

    The simulator's line loads the token counter, which its first reply would otherwise load.
    """
    if destination.kind == "simulator":
        from grader.simulator import installed_counter

        return [f"{destination.statement} {installed_counter().statement}"]
    remarks = address_remark(destination.base_url), proxy_remark(destination.base_url, environment)
    return [destination.statement, *filter(None, remarks)]


def _announce(
    *, live: bool | None, cap: Decimal | float | str, speaks: Mapping[str, str] | None = None
) -> Destination:
    """Print where requests go; speaks: what the first line ends with, by the kind.

    What counts tokens here is the same for every client, so it is said once.
    """
    destination = choose_destination(os.environ, live=live, cap=cap)
    first, *others = describe(destination, os.environ)
    if first in _SAID:
        first = destination.statement
    elif destination.kind == "simulator":
        _SAID.add(first)
    print(f"{first} {speaks[destination.kind]}" if speaks else first)
    for line in others:
        print(line)
    return destination


def _carrier(
    destination: Destination,
    transport: Any,
    clock: SimulatedClock | None = None,
    pace: Pace | None = None,
) -> Any:
    """Return the transport for a destination; transport: a real one, or a class to make it."""
    from grader.classroom.spending import CappedTransport
    from grader.simulator import Simulator, SimulatorTransport

    if destination.kind == "simulator":
        return SimulatorTransport(Simulator(clock=clock or time.time, pace=pace))
    if clock is not None:
        clock.ignore()
    carried = transport
    if isinstance(transport, type):
        proxy = check_way(destination.base_url, os.environ)
        carried = transport(proxy=proxy.url if proxy else None)
    if destination.cap is None:
        return carried
    return CappedTransport(carried, cap=destination.cap)
