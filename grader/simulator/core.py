"""The simulated Messages API: one request in, one reply out; no socket, no thread.

`Simulator.handle` checks, counts, asks for a reply and returns a message or a stream of events. It
keeps a transcript of all that arrived and all that was answered.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import unquote

from grader.catalog import Catalog, ModelCard, load_catalog
from grader.errors import UnknownModel
from grader.simulator import openai_compatible
from grader.simulator.faults import RETRIED, Fault, Refused, invalid
from grader.simulator.headers import identity_headers, limit_headers
from grader.simulator.identifiers import Identifiers
from grader.simulator.message import make_message
from grader.simulator.model_list import describe_model, list_models
from grader.simulator.replies import Scripted, improvise
from grader.simulator.stream import Pace, WatchedEvents, message_events
from grader.simulator.tokens import input_tokens
from grader.simulator.validation import NEWEST_VERSION, VERSIONS, check_request, read_body
from grader.simulator.wire import Exchange, Json, Reply, Request, ServerSentEvent

MAX_BODY = 32 * 1024 * 1024
"""The largest body of a request, in bytes; a larger one is answered with 413."""

_MESSAGES = "/v1/messages"
_COUNT = "/v1/messages/count_tokens"
_CHAT = "/v1/chat/completions"
_MODELS = "/v1/models"
_SECRETS = ("authorization", "x-api-key", "cookie")

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
        address = path.partition("?")[0].partition("#")[0].rstrip("/")
        request_id = self._ids.draw("req")
        kept = {name: value for name, value in lowered.items() if name not in _SECRETS}
        exchange = Exchange(Request(method, address, kept, None), 200)
        self.transcript.append(exchange)
        try:
            if len(body) > MAX_BODY:
                raise Refused(Fault(413, "Request exceeds the maximum size"))
            self._authenticate(lowered)
            if method == "GET":
                return self._plain(exchange, self._get(address), request_id)
            if method != "POST" or address not in (_MESSAGES, _COUNT, _CHAT):
                raise Refused(Fault(404, "Not found"))
            version = VERSIONS[0] if address == _CHAT else _version(lowered)
            value = read_body(body)
            exchange.request = Request(method, address, kept, value)
            if address == _CHAT:
                return self._chat(exchange, value, request_id)
            if address == _COUNT:
                card = check_request(value, self._catalog, version=version, counting=True)
                counted = {"input_tokens": input_tokens(value, card)}
                return self._plain(exchange, counted, request_id)
            return self._message(exchange, value, version, request_id)
        except Refused as refused:
            return self._fault(exchange, refused.fault, request_id)

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
        include_usage = openai_compatible.includes_usage(value)
        chunks = openai_compatible.to_chunks(
            message, created, self._pace, include_usage=include_usage
        )
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
        if address == _MODELS:
            return list_models(self._catalog)
        if address.startswith(f"{_MODELS}/"):
            name = unquote(address.removeprefix(f"{_MODELS}/"))
            try:
                return describe_model(self._catalog.find(name))
            except UnknownModel:
                raise Refused(Fault(404, f"model: {name}")) from None
        raise Refused(Fault(404, "Not found"))

    def _authenticate(self, headers: Mapping[str, str]) -> None:
        key = headers.get("x-api-key", "").strip()
        scheme, _, token = headers.get("authorization", "").partition(" ")
        bearer = token.strip() if scheme.lower() == "bearer" else ""
        if not key and not bearer:
            raise Refused(Fault(401, "x-api-key header is required"))
        if self._api_key is not None and (key or bearer) != self._api_key:
            # The second wording: github.com/Jeffser/Alpaca/issues/727.
            raise Refused(Fault(401, "invalid x-api-key" if key else "Invalid bearer token"))

    def _plain(
        self, exchange: Exchange, body: Json, request_id: str, *, limits: bool = False
    ) -> Reply:
        exchange.body = body
        headers = {"content-type": "application/json", **identity_headers(request_id)}
        if limits:
            headers |= self._limits(exchange)
        return Reply(200, headers, body)

    def _streamed(
        self, exchange: Exchange, events: Iterator[ServerSentEvent], request_id: str
    ) -> Reply:
        headers = {
            "content-type": "text/event-stream; charset=utf-8",
            "cache-control": "no-cache",
            **identity_headers(request_id),
            **self._limits(exchange),
        }
        return Reply(200, headers, events=WatchedEvents(events, exchange))

    def _fault(self, exchange: Exchange, fault: Fault, request_id: str) -> Reply:
        exchange.status = fault.status
        body = fault.envelope(request_id)
        if exchange.request.path == _CHAT:
            body = {"error": {**body["error"], "param": None, "code": None}}
        exchange.body = body
        headers = {
            "content-type": "application/json",
            "x-should-retry": "true" if fault.status in RETRIED else "false",
            **identity_headers(request_id),
            **(self._limits(exchange) if fault.status == 429 else {}),
            **fault.headers,
        }
        return Reply(fault.status, headers, body)

    def _limits(self, exchange: Exchange) -> dict[str, str]:
        return limit_headers(self._clock(), compatible=exchange.request.path == _CHAT)


def _version(headers: Mapping[str, str]) -> str:
    version = headers.get("anthropic-version")
    if not version:
        raise invalid("anthropic-version: header is required")
    if version not in VERSIONS:
        raise invalid(f'anthropic-version: "{version}" is not a valid version')
    return version


__all__ = ["MAX_BODY", "NEWEST_VERSION", "Replies", "Simulator"]
