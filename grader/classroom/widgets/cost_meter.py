"""Cost meter: what a client's calls have cost so far, kept up to date in the cell that shows it.

It listens where the SDK allows it: to the events of the httpx2 client underneath. It doesn't wrap
`client.messages`, and changes no reply.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from grader.catalog import load_catalog
from grader.classroom.reply_usage import WatchedStream, read_reply, read_results, uncompressed
from grader.classroom.showing import Drawn, Shown
from grader.classroom.widgets.asynchronous import awaited, http_client_of, transport_of
from grader.classroom.widgets.bill import Bill
from grader.classroom.widgets.playable import KeptOutput
from grader.look import FIGURE, QUIET, Segment, bar, swatch
from grader.plural import counted, listed

if TYPE_CHECKING:
    import httpx2

    from grader.classroom.spending import Spending

_PATH = "/v1/messages"
_BATCHES = "/v1/messages/batches/"
_CLASSES = (
    ("fresh", "fresh", "Input, fresh"),
    ("written", "write", "Input, written to a cache"),
    ("read", "read", "Input, read from a cache"),
    ("output", "out", "Output"),
)
_CELL = "padding:.1em .8em .1em 0;text-align:left"
_NUMBER = "padding:.1em .8em .1em 0;text-align:right"


class CostMeter:
    """Follow what the calls of a client cost, from now on.

    client: the anthropic.Anthropic or AsyncAnthropic in use. The replies of a batch count when its
        results are read, each once and at half the price. The free token count isn't followed.
        Anything else gets a message.
    """

    def __init__(self, client: Any) -> None:
        import anthropic

        self.bill = Bill()
        self._counted: set[str] = set()
        self._outputs: list[KeptOutput] = []
        self._is_simulated = False
        self._spending: Spending | None = None
        self._trouble = ""
        if isinstance(client, anthropic.Anthropic | anthropic.AsyncAnthropic):
            self._follow(client, is_asynchronous=isinstance(client, anthropic.AsyncAnthropic))
        else:
            self._trouble = (
                f"A cost meter follows a client, and this is {client!r:.80}. Expected an "
                "anthropic.Anthropic: CostMeter(connect())."
            )

    def still(self) -> Shown:
        """Return the meter as it stands, as text and HTML."""
        if self._trouble:
            return Shown(self._trouble, f'<p style="{QUIET}">✗ {escape(self._trouble)}</p>')
        return Drawn("\n".join(self._lines()), self._html())

    def _ipython_display_(self) -> None:
        self._outputs.append(KeptOutput(self.still()))

    def _follow(self, client: Any, *, is_asynchronous: bool) -> None:
        from grader.classroom.spending import CappedTransport
        from grader.simulator import SimulatorTransport

        transport = transport_of(client)
        self._is_simulated = isinstance(transport, SimulatorTransport)
        if isinstance(transport, CappedTransport):
            self._spending = transport.spending
        hooks = http_client_of(client).event_hooks
        for event, hook in (("request", _ask), ("response", self._listen)):
            hooks[event].append(awaited(hook) if is_asynchronous else hook)

    def _listen(self, response: httpx2.Response) -> None:
        settle = self._settle if _is_call(response.request) else self._settle_results
        if not _is_call(response.request) and not _is_results(response.request):
            return
        if response.status_code != 200:
            self._note(self.bill.with_error())
        elif response.is_stream_consumed:
            # In this process a plain reply arrives in one piece.
            settle(response.content)
        else:
            response.stream = WatchedStream(response.stream, settle)

    def _settle(self, content: bytes) -> None:
        self._note(self.bill.with_reply(read_reply(content)))

    def _settle_results(self, content: bytes) -> None:
        bill = self.bill
        for reply in read_results(content):
            if reply.id not in self._counted:
                self._counted.add(reply.id)
                bill = bill.with_reply(reply)
        if bill is not self.bill:
            self._note(bill)

    def _note(self, bill: Bill) -> None:
        self.bill = bill
        still = self.still()
        for output in self._outputs:
            output.write(still)

    def _sums(self) -> Iterator[str]:
        """Yield what the calls cost, in sentences."""
        bill = self.bill
        cost = "would have cost" if self._is_simulated else "cost"
        as_of = load_catalog().as_of
        yield (
            f"{counted(bill.calls, 'call')} {cost} {bill.spent:.6f} USD, at the catalog's prices "
            f"of {as_of}.{' Simulated: nothing is billed.' * self._is_simulated}"
        )
        if bill.written or bill.read:
            share = 100 * abs(bill.saved) / bill.uncached if bill.uncached else 0
            verb = "saved" if bill.saved >= 0 else "has cost"
            more = "" if bill.saved >= 0 else " more so far"
            yield (
                f"Without caching it would be {bill.uncached:.6f} USD: caching {verb} "
                f"{abs(bill.saved):.6f} USD{more}, {share:.0f} %."
            )
        if self._spending is not None:
            spent, cap = self._spending.spent, self._spending.cap
            yield f"Cap: {spent:.6f} of {cap} USD spent since this client was made."
        if bill.errors:
            noun = counted(bill.errors, "request")
            yield f"The API answered {noun} with an error, and charges nothing for that."
        if bill.reckoned:
            left = counted(bill.reckoned, "stream")
            yield f"{left} left early. Their output is estimated from what came, probably too high."
        if bill.unpriced:
            names = listed([repr(name) for name in bill.unpriced])
            yield f"Not in the sum: the catalog has no price for {names}."

    def _lines(self) -> Iterator[str]:
        yield from self._sums()
        for name, _, words in _CLASSES:
            yield f"  {words:<26}{getattr(self.bill, name):>12,} tokens"

    def _html(self) -> str:
        counts = {name: getattr(self.bill, name) for name, *_ in _CLASSES}
        first, *rest = self._sums()
        sums = (
            f'<p class="lead" style="font-size:16px;font-weight:600;margin:0">{escape(first)}</p>'
        )
        sums += "".join(f'<p style="margin:2px 0">{escape(each)}</p>' for each in rest)
        rows = "".join(
            f'<tr><th scope="row" style="{_CELL};font-weight:normal">{swatch(pattern)} {words}</th>'
            f'<td style="{_NUMBER}">{counts[name]:,}</td></tr>'
            for name, pattern, words in _CLASSES
        )
        segments = [Segment(counts[name], pattern) for name, pattern, _ in _CLASSES]
        return (
            f'<div style="{FIGURE}">{sums}<div style="margin:8px 0">'
            f"{bar(segments, full=sum(counts.values()) or 1, height=28)}</div>"
            f'<table><thead><tr><th scope="col" style="{_CELL}">Class</th>'
            f'<th scope="col" style="{_NUMBER}">Tokens</th></tr></thead>'
            f"<tbody>{rows}</tbody></table></div>"
        )


def _is_call(request: httpx2.Request) -> bool:
    return bool(request.method == "POST" and request.url.path.endswith(_PATH))


def _is_results(request: httpx2.Request) -> bool:
    path = request.url.path
    return bool(request.method == "GET" and _BATCHES in path and path.endswith("/results"))


def _ask(request: httpx2.Request) -> None:
    if _is_call(request) or _is_results(request):
        uncompressed(request)
