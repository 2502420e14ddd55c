"""The simulated Messages API: one request in, one reply out; no socket, no thread.

`Simulator.handle` reads a request, has it answered, and makes the reply. It keeps a transcript of
all that arrived and all that was answered.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from urllib.parse import unquote

from grader.catalog import Catalog, load_catalog
from grader.errors import UnknownModel
from grader.simulator.answering import Answering, Replies, ScriptedFault
from grader.simulator.dialects import DIALECTS, Asked, Dialect
from grader.simulator.faults import Fault, Refused
from grader.simulator.identifiers import Identifiers
from grader.simulator.lenient import is_forgiven, make_model, make_stand_in
from grader.simulator.limits import RateLimit, RateMeter
from grader.simulator.model_list import describe_model, list_models
from grader.simulator.replies import improvise
from grader.simulator.replying import Flight, Replying
from grader.simulator.stream import Pace
from grader.simulator.tokens import Counter, text_tokens
from grader.simulator.validation import NEWEST_VERSION, VERSIONS, read_body
from grader.simulator.wire import Exchange, Json, Reply, Request

MAX_BODY = 32 * 1024 * 1024
"""The largest body of a request, in bytes; a larger one is answered with 413."""

TOO_LARGE = Fault(413, "Request exceeds the maximum size")
NO_SUCH_PATH = Fault(404, "Not found")

_MODELS = "/v1/models"
_SECRETS = ("authorization", "x-api-key", "cookie")


class Simulator:
    """Answer HTTP requests as the Messages API would.

    replies: where replies come from; the improviser unless given.
    api_key: the one key that is accepted; any non-empty key when None.
    seed: makes ids and padding repeatable.
    pace: the delays that each event carries for the edge, in seconds; none by default.
    clock: gives the time in seconds since the epoch.
    limit: the rate limit of the one organisation that asks; nobody is refused when None.
    transcript_limit: how many exchanges the transcript keeps, the newest; all when None.
    lenient: whether a request that the API would refuse with a 400 is answered all the same, with
        a reply that says so; a model that does not exist is then taken too.
    tokens: counts the tokens of texts; ctok unless given, where Python has it, else an estimate.
    dialects: the protocols that it speaks; the first one's errors are sent from any other path.
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
        dialects: Sequence[Dialect] = DIALECTS,
    ) -> None:
        self.transcript: list[Exchange] = []
        ids, meter = Identifiers(seed), RateMeter(limit)
        self._catalog = catalog or load_catalog()
        begun = [each.begin(self._catalog) if each.begin else each for each in dialects]
        self._usual = begun[0]
        self._owners = [dialect for dialect in begun if dialect.resource]
        self._dialects = {dialect.path: dialect for dialect in begun}
        self._dialects |= {spoken.counting.path: spoken for spoken in begun if spoken.counting}
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
        self._replying = Replying(meter=meter, clock=clock)

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Return the reply to one request, and record both in the transcript.

        path: may carry a query. headers: any case. body: the bytes as sent.
        """
        lowered = {name.lower(): value for name, value in headers.items()}
        address = path.partition("?")[0].partition("#")[0].rstrip("/")
        kept = {name: value for name, value in lowered.items() if name not in _SECRETS}
        exchange = Exchange(Request(method, address, kept, None), 200)
        dialect = self._dialects.get(address)
        owner = None if dialect else next((e for e in self._owners if e.owns(address)), None)
        flight = Flight(exchange, self._ids.draw("req"), dialect or owner or self._usual)
        self._record(exchange)
        try:
            if len(body) > MAX_BODY:
                raise Refused(TOO_LARGE)
            self._authenticate(lowered)
            if owner is not None and owner.resource is not None:
                rest = unquote(address.removeprefix(f"{owner.path}/"))
                return self._replying.plain(flight, owner.resource(method, rest))
            if method == "GET":
                return self._replying.plain(flight, self._get(address, lowered))
            if method != "POST" or dialect is None:
                raise Refused(NO_SUCH_PATH)
            version = dialect.version_of(lowered)
            value = read_body(body)
            exchange.request = Request(method, address, kept, value)
            counting = flight.counting
            request = counting.read(value) if counting else dialect.read(value)
            return self._post(flight, request, version)
        except Refused as refused:
            if self._forgives(refused):
                return self._forgive(flight, body, refused.fault)
            return self._replying.fault(flight, refused.fault)

    def _post(self, flight: Flight, request: Json, version: str) -> Reply:
        """Answer a Messages request, or count its tokens."""
        exchange, dialect = flight.exchange, flight.dialect
        if flight.counting is not None:
            counted = self._answering.count(exchange, request, version)
            return self._replying.plain(flight, flight.counting.write(counted))
        answer = self._answering.answer(exchange, request, version)
        body = exchange.request.body
        asked = Asked(
            body if isinstance(body, dict) else {}, int(self._clock()), self._ids, self._pace
        )
        if request.get("stream"):
            return self._replying.streamed(flight, answer, asked)
        written = dialect.write(answer.message, asked)
        return self._replying.plain(flight, written, use=answer.use)

    def _forgives(self, refused: Refused) -> bool:
        scripted = isinstance(refused, ScriptedFault)
        return self._lenient and not scripted and is_forgiven(refused.fault)

    def _forgive(self, flight: Flight, body: bytes, fault: Fault) -> Reply:
        """Answer a request in spite of a fault that the API would have sent."""
        exchange = flight.exchange
        exchange.forgiven = fault.message
        address = exchange.request.path
        if address.startswith(f"{_MODELS}/"):
            name = unquote(address.removeprefix(f"{_MODELS}/"))
            return self._replying.plain(flight, make_model(name, self._catalog))
        served = self._catalog.served_at(self._clock())
        request = make_stand_in(
            body, exchange.request.body, served, counting=flight.counting is not None
        )
        try:
            return self._post(flight, request, VERSIONS[0])
        except Refused as refused:
            return self._replying.fault(flight, refused.fault)

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


__all__ = ["MAX_BODY", "NEWEST_VERSION", "NO_SUCH_PATH", "TOO_LARGE", "Replies", "Simulator"]
