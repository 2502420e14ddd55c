"""The spending cap of a live session: refuse the request that could pass it.

Before a request leaves, we work out its worst case: the estimated input, plus a quarter for the
estimate's error, and every token of `max_tokens`. After the reply, we add up what its `usage` says;
a batch, whose replies come later, counts as its worst case. A refused request gets an error reply
in the API's own shape (402 billing_error), so that the SDK doesn't retry it.
"""

from __future__ import annotations

import json
import threading
from decimal import Decimal
from typing import Any

import httpx2

from grader.catalog import BATCH_SHARE, ModelCard, load_catalog, search_price
from grader.classroom.reply_usage import WatchedStream, read_reply, uncompressed
from grader.errors import UnknownBlock, UnknownModel
from grader.simulator import Fault, input_tokens

# Anthropic serves no Responses; another server that takes a key may.
_UNLIMITED = {
    "/v1/chat/completions": "max_completion_tokens",
    "/v1/responses": "max_output_tokens",
}
"""Where a request needs no limit, with the name of the one that it may have."""
_BILLED = ("/v1/messages", "/v1/messages/batches", *_UNLIMITED)
_LIMITS = ("max_tokens", *_UNLIMITED.values())
_USUAL_LIMIT = 4096
"""The limit, in tokens, for a request that sets none."""
_BATCH_SHARE = Decimal("0.5")
_MARGIN = Decimal("1.25")
_MAX_OUTPUT = 128_000
Json = Any

_MOST_SEARCHES = 10
"""How many calls of its own tools the API makes before a turn pauses, in recorded traffic."""


class Spending:
    """Add up what a session spends, in US dollars, and keep it under a cap.

    spent: the cost of replies so far; reserved: the worst case of requests still in flight.
    """

    def __init__(self, cap: Decimal) -> None:
        self.cap = cap
        self.spent = Decimal(0)
        self.reserved = Decimal(0)
        # Several threads may use a client at once.
        self._lock = threading.Lock()

    def reserve(self, worst: Decimal) -> Fault | None:
        """Reserve a request's worst case, or return the fault that refuses it."""
        with self._lock:
            if self.spent + self.reserved + worst <= self.cap:
                self.reserved += worst
                return None
        return Fault(
            402,
            f"Stopped in your notebook, before the API: this request could cost up to "
            f"{worst:.4f} USD, and {self.spent + self.reserved:.4f} of your cap of {self.cap} USD "
            "is spent. Lower max_tokens, or call connect(cap=…) with a higher cap.",
            {"x-should-retry": "false"},
        )

    def settle(self, worst: Decimal, cost: Decimal) -> None:
        """Replace the amount reserved for a reply by what it cost."""
        with self._lock:
            self.reserved -= worst
            self.spent += cost


def worst_case(request: Json) -> Decimal:
    """Return the most that a request could cost, in US dollars."""
    if isinstance(request.get("requests"), list):
        parts = [each.get("params") for each in request["requests"] if isinstance(each, dict)]
        return (
            sum((worst_case(part) for part in parts if isinstance(part, dict)), Decimal(0))
            * BATCH_SHARE
        )
    card = _card(str(request.get("model")))
    try:
        tokens = input_tokens(request, card)
    except (UnknownBlock, KeyError, TypeError, ValueError, AttributeError):
        # We can't count this request, so every byte counts as a token.
        tokens = len(json.dumps(request))
    limits = [request[name] for name in _LIMITS if isinstance(request.get(name), int)]
    output = max(0, *limits) if limits else _MAX_OUTPUT
    price = card.price_for(tokens)
    # The most expensive class of input: nobody knows in advance what the cache will store.
    dearest = max(price.input, price.write_5m, price.write_1h) / price.input
    cost = price.cost(input_tokens=tokens) * dearest * _MARGIN + price.cost(output_tokens=output)
    # A request names what makes it dearer as a usage does.
    return cost * card.factor_of(request) + _worst_searches(request)


def _worst_searches(request: Json) -> Decimal:
    """Return the most that the web searches of a request could cost, in US dollars."""
    tools = request.get("tools")
    found = Decimal(0)
    for tool in tools if isinstance(tools, list) else ():
        if isinstance(tool, dict) and str(tool.get("type")).startswith("web_search_"):
            most = tool.get("max_uses")
            found += (most if isinstance(most, int) else _MOST_SEARCHES) * search_price()
    return found


def _card(model: str) -> ModelCard:
    catalog = load_catalog()
    try:
        return catalog.find(model)
    except UnknownModel:
        # The most expensive one, so that an unknown model never costs more than we reckoned.
        return max(catalog.models, key=lambda card: card.prices[-1].price.output)


class CappedTransport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Carry requests to a real server until the next one could pass the cap.

    spending: the amount so far; cap: US dollars.
    """

    def __init__(self, inner: Any, *, cap: Decimal) -> None:
        self.spending = Spending(cap)
        self._inner = inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request, or refuse it."""
        body = _billed(request, request.read())
        if body is None:
            return self._send(request)
        request = _limited(request, body)
        worst = worst_case(body)
        fault = self.spending.reserve(worst)
        if fault is not None:
            return _refused(fault)
        try:
            response = self._send(request)
        except BaseException:
            self.spending.settle(worst, Decimal(0))
            raise
        return self._watched(body, worst, response)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request of an asynchronous client, or refuse it."""
        body = _billed(request, await request.aread())
        if body is None:
            return await self._send_async(request)
        request = _limited(request, body)
        worst = worst_case(body)
        fault = self.spending.reserve(worst)
        if fault is not None:
            return _refused(fault)
        try:
            response = await self._send_async(request)
        except BaseException:
            self.spending.settle(worst, Decimal(0))
            raise
        return self._watched(body, worst, response)

    def close(self) -> None:
        """Close the transport underneath."""
        self._inner.close()

    async def aclose(self) -> None:
        """Close the transport underneath."""
        await self._inner.aclose()

    def _send(self, request: httpx2.Request) -> httpx2.Response:
        response: httpx2.Response = self._inner.handle_request(uncompressed(request))
        return response

    async def _send_async(self, request: httpx2.Request) -> httpx2.Response:
        response: httpx2.Response = await self._inner.handle_async_request(uncompressed(request))
        return response

    def _watched(self, body: Json, worst: Decimal, response: httpx2.Response) -> httpx2.Response:
        if response.status_code != 200:
            self.spending.settle(worst, Decimal(0))
            return response

        def settle(content: bytes) -> None:
            cost = worst if "requests" in body else _cost(str(body.get("model")), content)
            self.spending.settle(worst, cost)

        return httpx2.Response(
            200,
            headers=response.headers,
            stream=WatchedStream(response.stream, settle),
            extensions=response.extensions,
        )


def _refused(fault: Fault) -> httpx2.Response:
    headers = dict(fault.headers)
    return httpx2.Response(fault.status, headers=headers, json=fault.envelope("req_not_sent"))


def _limited(request: httpx2.Request, body: Json) -> httpx2.Request:
    """Return the request with a limit, because without one a reply can cost any amount."""
    limit = next((_UNLIMITED[end] for end in _UNLIMITED if request.url.path.endswith(end)), None)
    if limit is None or any(body.get(name) for name in _LIMITS):
        return request
    body[limit] = _USUAL_LIMIT
    headers = [pair for pair in request.headers.raw if pair[0].lower() != b"content-length"]
    return httpx2.Request(
        request.method, request.url, headers=headers, json=body, extensions=request.extensions
    )


def _billed(request: httpx2.Request, content: bytes) -> Json:
    """Return the body of a request that costs money, else None."""
    if request.method != "POST" or not request.url.path.endswith(_BILLED):
        return None
    try:
        body = json.loads(content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _cost(model: str, content: bytes) -> Decimal:
    """Return what a reply cost, in US dollars, from its bytes or from those read so far."""
    reply = read_reply(content)
    return _card(model).cost_told(reply.tokens, reply.usage)
