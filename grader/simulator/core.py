"""The simulated Messages API: one request in, one reply out; no socket, no thread.

`Simulator.handle` checks, counts, asks for a reply and returns a message or a stream of events. It
keeps a transcript of all that arrived and all that was answered.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from grader.catalog import Catalog, ModelCard, load_catalog
from grader.errors import UnknownModel
from grader.simulator import openai_compatible
from grader.simulator.faults import RETRIED, Fault, Refused, invalid
from grader.simulator.identifiers import Identifiers
from grader.simulator.improviser import improvise
from grader.simulator.message import make_message
from grader.simulator.model_list import describe_model, list_models
from grader.simulator.script import Scripted
from grader.simulator.stream import Pace, message_events
from grader.simulator.tokens import input_tokens
from grader.simulator.validate import NEWEST_VERSION, VERSIONS, check_request
from grader.simulator.wire import Exchange, Json, Reply, Request, ServerSentEvent

MAX_BODY = 32 * 1024 * 1024
"""The largest body of a request, in bytes; a larger one is answered with 413."""

ORGANIZATION = "00000000-0000-0000-0000-000000000000"
_SECRETS = ("authorization", "x-api-key", "cookie")
_LIMITS = {"requests": 4_000, "input-tokens": 2_000_000, "output-tokens": 400_000}

Replies = Callable[[Json, ModelCard], Scripted]
"""What gives the reply to a valid request: the improviser, or a Script."""


class Simulator:
    """Answer HTTP requests as the Messages API would.

    replies: where replies come from; the improviser unless given.
    api_key: the one key that is accepted; any non-empty key when None.
    seed: makes ids and padding repeatable.
    pace: the delays that each event carries for a socket's edge, in seconds; none by default.
    clock: gives the time in seconds since the epoch.
    """

    def __init__(
        self,
        *,
        replies: Replies = improvise,
        catalog: Catalog | None = None,
        api_key: str | None = None,
        seed: int | None = None,
        pace: Pace | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.transcript: list[Exchange] = []
        self._replies = replies
        self._catalog = catalog or load_catalog()
        self._api_key = api_key
        self._ids = Identifiers(seed)
        self._pace = pace or Pace()
        self._clock = clock

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Return the reply to one request, and record both in the transcript.

        path: may carry a query. headers: any case. body: the bytes as sent.
        """
        lowered = {name.lower(): value for name, value in headers.items()}
        address = urlsplit(path).path.rstrip("/")
        request_id = self._ids.draw("req")
        kept = {name: value for name, value in lowered.items() if name not in _SECRETS}
        exchange = Exchange(Request(method, address, kept, None), 200)
        self.transcript.append(exchange)
        compatible = address == "/v1/chat/completions"
        try:
            if len(body) > MAX_BODY:
                raise Refused(Fault(413, "Request exceeds the maximum size"))
            self._authenticate(lowered)
            if method == "GET":
                return self._plain(exchange, self._get(address), request_id)
            value = _parse(body)
            exchange.request = Request(method, address, kept, value)
            if compatible:
                return self._chat(exchange, value, request_id)
            version = _version(lowered)
            if method == "POST" and address == "/v1/messages/count_tokens":
                card = check_request(value, self._catalog, version=version, counting=True)
                counted = {"input_tokens": input_tokens(value, card)}
                return self._plain(exchange, counted, request_id)
            if method == "POST" and address == "/v1/messages":
                return self._message(exchange, value, version, request_id)
            raise Refused(Fault(404, "Not found"))
        except Refused as refused:
            return self._fault(exchange, refused.fault, request_id, compatible=compatible)

    def _message(self, exchange: Exchange, value: Json, version: str, request_id: str) -> Reply:
        message = self._answer(value, version)
        exchange.message = message
        if not value.get("stream"):
            return self._plain(exchange, message, request_id, limits=True)
        events = message_events(message, self._ids, self._pace)
        return self._streamed(exchange, events, request_id)

    def _chat(self, exchange: Exchange, value: Json, request_id: str) -> Reply:
        request = openai_compatible.to_messages_request(value)
        message = self._answer(request, VERSIONS[0])
        exchange.message = message
        created = int(self._clock())
        if not request.get("stream"):
            completion = openai_compatible.to_completion(message, created)
            return self._plain(exchange, completion, request_id, limits=True)
        usage = bool((value.get("stream_options") or {}).get("include_usage"))
        chunks = openai_compatible.to_chunks(message, created, include_usage=usage)
        return self._streamed(exchange, chunks, request_id)

    def _answer(self, value: Json, version: str) -> Json:
        card = check_request(value, self._catalog, version=version, counting=False)
        tokens = input_tokens(value, card)
        if tokens > card.context_window:
            raise invalid(f"prompt is too long: {tokens} tokens > {card.context_window} maximum")
        scripted = self._replies(value, card)
        if isinstance(scripted, Fault):
            raise Refused(scripted)
        return make_message(scripted, value, card, self._ids)

    def _get(self, address: str) -> Json:
        if address == "/v1/models":
            return list_models(self._catalog)
        if address.startswith("/v1/models/"):
            name = address.removeprefix("/v1/models/")
            try:
                return describe_model(self._catalog.find(name))
            except UnknownModel:
                raise Refused(Fault(404, f"model: {name}")) from None
        raise Refused(Fault(404, "Not found"))

    def _authenticate(self, headers: Mapping[str, str]) -> None:
        key = headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ")
        if not key:
            raise Refused(Fault(401, "x-api-key header is required"))
        if self._api_key is not None and key != self._api_key:
            raise Refused(Fault(401, "invalid x-api-key"))

    def _plain(
        self, exchange: Exchange, body: Json, request_id: str, *, limits: bool = False
    ) -> Reply:
        exchange.body = body
        headers = {"content-type": "application/json", **self._headers(request_id, limits=limits)}
        return Reply(200, headers, body)

    def _streamed(
        self, exchange: Exchange, events: Iterator[ServerSentEvent], request_id: str
    ) -> Reply:
        exchange.streamed = True
        exchange.finished = False
        headers = {
            "content-type": "text/event-stream; charset=utf-8",
            "cache-control": "no-cache",
            **self._headers(request_id, limits=True),
        }
        return Reply(200, headers, events=_watched(events, exchange))

    def _fault(
        self, exchange: Exchange, fault: Fault, request_id: str, *, compatible: bool
    ) -> Reply:
        exchange.status = fault.status
        body = fault.envelope(request_id)
        if compatible:
            error = {**body["error"], "param": None, "code": None}
            body = {"error": error}
        exchange.body = body
        headers = {
            "content-type": "application/json",
            "x-should-retry": "true" if fault.status in RETRIED else "false",
            **self._headers(request_id, limits=False),
            **fault.headers,
        }
        return Reply(fault.status, headers, body)

    def _headers(self, request_id: str, *, limits: bool) -> dict[str, str]:
        headers = {"request-id": request_id, "anthropic-organization-id": ORGANIZATION}
        if not limits:
            return headers
        now = datetime.fromtimestamp(self._clock(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        both = _LIMITS["input-tokens"] + _LIMITS["output-tokens"]
        for name, limit in {**_LIMITS, "tokens": both}.items():
            left = limit - 1 if name == "requests" else limit
            headers[f"anthropic-ratelimit-{name}-limit"] = str(limit)
            headers[f"anthropic-ratelimit-{name}-remaining"] = str(left)
            headers[f"anthropic-ratelimit-{name}-reset"] = now
        return headers


def _parse(body: bytes) -> Json:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise invalid(f"The request body is not valid JSON: {error}") from None


def _version(headers: Mapping[str, str]) -> str:
    version = headers.get("anthropic-version")
    if not version:
        raise invalid("anthropic-version: header is required")
    if version not in VERSIONS:
        raise invalid(f'anthropic-version: "{version}" is not a valid version')
    return version


def _watched(
    events: Iterator[ServerSentEvent], exchange: Exchange
) -> Iterator[ServerSentEvent]:
    try:
        for event in events:
            exchange.events_sent += 1
            yield event
        exchange.finished = True
    finally:
        exchange.closed_early = not exchange.finished


__all__ = ["MAX_BODY", "NEWEST_VERSION", "ORGANIZATION", "Replies", "Simulator"]
