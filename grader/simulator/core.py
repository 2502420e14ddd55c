"""The simulated Messages API: one request in, one reply out; no socket, no thread.

`Simulator.handle` reads a request, has it answered, and makes the reply. It keeps a transcript of
all that arrived and all that was answered.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import unquote

from grader.catalog import Catalog, load_catalog
from grader.errors import UnknownModel
from grader.simulator import openai_compatible
from grader.simulator.answering import Answering, Replies, ScriptedFault
from grader.simulator.faults import Fault, Refused, invalid
from grader.simulator.identifiers import Identifiers
from grader.simulator.lenient import is_forgiven, make_model, make_stand_in
from grader.simulator.limits import Meter, RateLimit
from grader.simulator.model_list import describe_model, list_models
from grader.simulator.replies import improvise
from grader.simulator.replying import Replying
from grader.simulator.stream import Pace, message_events
from grader.simulator.tokens import Counter, text_tokens
from grader.simulator.validation import NEWEST_VERSION, VERSIONS, read_body
from grader.simulator.wire import Exchange, Json, Reply, Request

MAX_BODY = 32 * 1024 * 1024
"""The largest body of a request, in bytes; a larger one is answered with 413."""

TOO_LARGE = Fault(413, "Request exceeds the maximum size")
NO_SUCH_PATH = Fault(404, "Not found")

_MESSAGES = "/v1/messages"
_COUNT = "/v1/messages/count_tokens"
_CHAT = openai_compatible.PATH
_MODELS = "/v1/models"
_SECRETS = ("authorization", "x-api-key", "cookie")


class Simulator:
    """Answer HTTP requests as the Messages API would.

    replies: where replies come from; the improviser unless given.
    api_key: the one key that is accepted; any non-empty key when None.
    seed: makes ids and padding repeatable.
    pace: the delays that each event carries for a socket's edge, in seconds; none by default.
    clock: gives the time in seconds since the epoch.
    limit: the rate limit of the one organisation that asks; nobody is refused when None.
    transcript_limit: how many exchanges the transcript keeps, the newest; all when None.
    lenient: whether a request that the API would refuse with a 400 is answered all the same, with
        a reply that says so; a model that does not exist is then taken too.
    tokens: counts the tokens of texts; ctok unless given, where Python has it, else an estimate.
    """

    def __init__(
        self,
        *,
        replies: Replies | None = None,
        catalog: Catalog | None = None,
        api_key: str | None = None,
        seed: int | None = None,
        pace: Pace | None = None,
        clock: Callable[[], float] = time.time,
        limit: RateLimit | None = None,
        transcript_limit: int | None = None,
        lenient: bool = False,
        tokens: Counter = text_tokens,
    ) -> None:
        self.transcript: list[Exchange] = []
        ids, meter = Identifiers(seed), Meter(limit)
        self._catalog = catalog or load_catalog()
        self._api_key = api_key
        self._ids = ids
        self._pace = pace or Pace()
        self._clock = clock
        self._transcript_limit = transcript_limit
        self._lenient = lenient
        self._answering = Answering(
            replies=replies or partial(improvise, counter=tokens),
            catalog=self._catalog,
            ids=ids,
            meter=meter,
            clock=clock,
            counter=tokens,
        )
        self._replying = Replying(ids=ids, meter=meter, clock=clock)

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Return the reply to one request, and record both in the transcript.

        path: may carry a query. headers: any case. body: the bytes as sent.
        """
        lowered = {name.lower(): value for name, value in headers.items()}
        address = path.partition("?")[0].partition("#")[0].rstrip("/")
        request_id = self._ids.draw("req")
        kept = {name: value for name, value in lowered.items() if name not in _SECRETS}
        exchange = Exchange(Request(method, address, kept, None), 200)
        self._record(exchange)
        try:
            if len(body) > MAX_BODY:
                raise Refused(TOO_LARGE)
            self._authenticate(lowered)
            if method == "GET":
                return self._replying.plain(exchange, self._get(address, lowered), request_id)
            if method != "POST" or address not in (_MESSAGES, _COUNT, _CHAT):
                raise Refused(NO_SUCH_PATH)
            version = VERSIONS[0] if address == _CHAT else _version(lowered)
            value = read_body(body)
            exchange.request = Request(method, address, kept, value)
            return self._post(exchange, value, version, request_id)
        except Refused as refused:
            if self._forgives(refused):
                return self._forgive(exchange, body, refused.fault, request_id)
            return self._replying.fault(exchange, refused.fault, request_id)

    def _post(self, exchange: Exchange, value: Json, version: str, request_id: str) -> Reply:
        address = exchange.request.path
        if address == _CHAT:
            return self._chat(exchange, value, request_id)
        if address == _COUNT:
            counted = {"input_tokens": self._answering.count(exchange, value, version)}
            return self._replying.plain(exchange, counted, request_id)
        return self._message(exchange, value, version, request_id)

    def _forgives(self, refused: Refused) -> bool:
        scripted = isinstance(refused, ScriptedFault)
        return self._lenient and not scripted and is_forgiven(refused.fault)

    def _forgive(self, exchange: Exchange, body: bytes, fault: Fault, request_id: str) -> Reply:
        """Answer a request in spite of a fault that the API would have sent."""
        exchange.forgiven = fault.message
        address = exchange.request.path
        if address.startswith(f"{_MODELS}/"):
            name = unquote(address.removeprefix(f"{_MODELS}/"))
            return self._replying.plain(exchange, make_model(name, self._catalog), request_id)
        counting = address == _COUNT
        value = make_stand_in(body, exchange.request.body, self._catalog, counting=counting)
        try:
            return self._post(exchange, value, VERSIONS[0], request_id)
        except Refused as refused:
            return self._replying.fault(exchange, refused.fault, request_id)

    def _message(self, exchange: Exchange, value: Json, version: str, request_id: str) -> Reply:
        answer = self._answering.answer(exchange, value, version)
        if not value.get("stream"):
            return self._replying.plain(exchange, answer.message, request_id, use=answer.use)
        events = message_events(answer.message, self._ids, self._pace)
        return self._replying.streamed(exchange, events, request_id, answer)

    def _chat(self, exchange: Exchange, value: Json, request_id: str) -> Reply:
        request = openai_compatible.to_messages_request(value)
        answer = self._answering.answer(exchange, request, VERSIONS[0])
        created = int(self._clock())
        if not request.get("stream"):
            completion = openai_compatible.to_completion(answer.message, created)
            return self._replying.plain(exchange, completion, request_id, use=answer.use)
        include_usage = openai_compatible.includes_usage(value)
        chunks = openai_compatible.to_chunks(
            answer.message, created, self._pace, include_usage=include_usage
        )
        return self._replying.streamed(exchange, chunks, request_id, answer)

    def _get(self, address: str, headers: Mapping[str, str]) -> Json:
        # The list needs no version header.
        version = headers.get("anthropic-version", NEWEST_VERSION)
        if address == _MODELS:
            return list_models(self._catalog, version=version)
        if address.startswith(f"{_MODELS}/"):
            name = unquote(address.removeprefix(f"{_MODELS}/"))
            try:
                return describe_model(self._catalog.find(name), version=version)
            except UnknownModel:
                raise Refused(Fault(404, f"model: {name}")) from None
        raise Refused(NO_SUCH_PATH)

    def _authenticate(self, headers: Mapping[str, str]) -> None:
        key = headers.get("x-api-key", "").strip()
        scheme, _, token = headers.get("authorization", "").partition(" ")
        bearer = token.strip() if scheme.lower() == "bearer" else ""
        if not key and not bearer:
            raise Refused(Fault(401, "x-api-key header is required"))
        if self._api_key is not None and (key or bearer) != self._api_key:
            # The second wording: github.com/Jeffser/Alpaca/issues/727.
            raise Refused(Fault(401, "invalid x-api-key" if key else "Invalid bearer token"))

    def _record(self, exchange: Exchange) -> None:
        self.transcript.append(exchange)
        if self._transcript_limit is not None:
            # In place: whoever holds the list goes on seeing the newest.
            del self.transcript[: max(0, len(self.transcript) - self._transcript_limit)]


def _version(headers: Mapping[str, str]) -> str:
    version = headers.get("anthropic-version")
    if not version:
        raise invalid("anthropic-version: header is required")
    if version not in VERSIONS:
        raise invalid(f'anthropic-version: "{version}" is not a valid version')
    return version


__all__ = ["MAX_BODY", "NEWEST_VERSION", "NO_SUCH_PATH", "TOO_LARGE", "Replies", "Simulator"]
