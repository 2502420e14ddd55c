"""The simulated Messages API: one request in, one reply out; no socket, no thread.

`Simulator.handle` reads a request, has it answered, and makes the reply. It keeps a transcript of
all that arrived and all that was answered. It may be called from several threads at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from urllib.parse import unquote

from grader.catalog import Catalog, load_catalog
from grader.errors import UnknownModel
from grader.simulator import batches, files
from grader.simulator.answering import Answering, Replies, ScriptedFault, read_betas
from grader.simulator.batches import Batch, Batches
from grader.simulator.browsers import answer_preflight, check_origin, open_to_pages
from grader.simulator.containers import Containers
from grader.simulator.dialects import DIALECTS, Asked, Dialect
from grader.simulator.faults import NO_SUCH_PATH, Fault, Refused
from grader.simulator.files import (
    Files,
    StoredFile,
    answer_files,
    content_headers,
    forgive_files,
    is_files,
)
from grader.simulator.identifiers import Identifiers
from grader.simulator.lenient import is_forgiven, make_model, make_stand_in
from grader.simulator.limits import RateLimit, RateMeter
from grader.simulator.model_list import describe_model, list_models
from grader.simulator.paging import read_query
from grader.simulator.replies import improvise
from grader.simulator.replying import Flight, Replying
from grader.simulator.requested import HEADER as FAULT
from grader.simulator.requested import RequestedFault, Unreadable, read_requested
from grader.simulator.stream import Pace
from grader.simulator.tokens import Counter, text_tokens
from grader.simulator.validation import NEWEST_VERSION, VERSIONS, read_body
from grader.simulator.wire import Exchange, Json, Reply, Request

MAX_BODY = 32 * 1024 * 1024
"""The largest body of a request, in bytes; a larger one is answered with 413."""

TOO_LARGE = Fault(413, "Request exceeds the maximum size")

_MODELS = "/v1/models"
_BATCH = f"{batches.PATH}/"
# How a token begins that a subscription was logged in with, and no API key does.
_SUBSCRIPTION = "sk-ant-oat"
_LARGER_BODIES = {batches.PATH: batches.MAX_BODY, files.PATH: files.MAX_BODY}
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
    account_created: the first day of the account that asks, today unless given: several models hold
        only those of 2026-08-31 and later to the rule that thinking belongs to its conversation.
    dialects: the protocols that it speaks; the first one's errors are sent from any other path.
    batch_seconds: how long the processing of a Message Batch takes; drawn when None.
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
        account_created: date | None = None,
        dialects: Sequence[Dialect] = DIALECTS,
        batch_seconds: float | None = None,
    ) -> None:
        self.transcript: list[Exchange] = []
        ids, meter = Identifiers(seed), RateMeter(limit)
        self._catalog = catalog or load_catalog()
        begun = [each.begin(self._catalog) if each.begin else each for each in dialects]
        self._usual = begun[0]
        self._owners = [dialect for dialect in begun if dialect.resource]
        self._dialects = {dialect.path: dialect for dialect in begun}
        self._dialects |= {spoken.counting.path: spoken for spoken in begun if spoken.counting}
        self.api_key = api_key
        self._ids = ids
        self._pace = pace or Pace()
        self._clock = clock
        self._transcript_limit = transcript_limit
        self._lenient = lenient
        self.files = Files(ids, lenient=lenient)
        containers = Containers(ids, self.files, clock)
        self._answering = Answering(
            replies=replies or partial(improvise, counter=tokens, containers=containers),
            catalog=self._catalog,
            ids=ids,
            meter=meter,
            clock=clock,
            counter=tokens,
            files=self.files,
            containers=containers,
            account_created=account_created,
        )
        self._batches = Batches(ids, seconds=batch_seconds, lenient=lenient)
        self._replying = Replying(meter=meter, clock=clock)

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Return the reply to one request, and record both in the transcript.

        path: may carry a query. headers: any case. body: the bytes as sent.
        """
        lowered = {name.lower(): value for name, value in headers.items()}
        preflight = answer_preflight(method, lowered) if method == "OPTIONS" else None
        if preflight is not None:
            return preflight
        flight, query = self._begin(method, path, lowered)
        try:
            reply = self._answer(flight, query, lowered, body)
        except Refused as refused:
            if self._forgives(refused):
                reply = self._forgive(flight, body, refused.fault)
            else:
                reply = self._replying.fault(flight, refused.fault)
        return open_to_pages(reply, lowered) if "origin" in lowered else reply

    def refuse(self, method: str, path: str, headers: Mapping[str, str], fault: Fault) -> Reply:
        """Return the reply to a request whose body never came whole, and record it."""
        lowered = {name.lower(): value for name, value in headers.items()}
        flight, _ = self._begin(method, path, lowered)
        return open_to_pages(self._replying.fault(flight, fault), lowered)

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Return whether a request brings the key that is asked for, if one is.

        headers: lower-case names.
        """
        key, bearer = _keys(headers)
        return self.api_key is None or (key or bearer) == self.api_key

    def _begin(self, method: str, path: str, headers: Mapping[str, str]) -> tuple[Flight, str]:
        """Record a request that has arrived; return it with its query."""
        address, _, query = path.partition("#")[0].partition("?")
        address = address.rstrip("/")
        kept = dict(headers)
        for name in _SECRETS:
            kept.pop(name, None)
        id = self._ids.draw("req")
        exchange = Exchange(Request(method, address, kept, None), 200, id=id, at=self._clock())
        exchange.by_subscription = _SUBSCRIPTION in headers.get("authorization", "")
        self._record(exchange)
        owner = next((each for each in self._owners if each.owns(address)), self._usual)
        return Flight(exchange, id, self._dialects.get(address, owner)), query

    def _answer(self, flight: Flight, query: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Return the reply to a request, or refuse it."""
        exchange = flight.exchange
        method, address = exchange.request.method, exchange.request.path
        if len(body) > max_body(address):
            raise Refused(TOO_LARGE)
        if "origin" in headers:
            check_origin(headers)
        self._authenticate(headers)
        wanted = _wanted_fault(headers) if FAULT in headers else None
        if address.startswith(batches.PATH):
            return _late(self._batch(flight, query, headers, body, wanted), wanted)
        if is_files(address):
            return _late(self._file(flight, query, headers, body, wanted), wanted)
        resource = flight.dialect.resource
        if resource is not None and address not in self._dialects:
            self._fail(wanted, None)
            rest = unquote(address.removeprefix(f"{flight.dialect.path}/"))
            return _late(self._replying.plain(flight, resource(method, rest)), wanted)
        if method == "GET":
            listed = self._get(address, query, headers)
            self._fail(wanted, None)
            return _late(self._replying.plain(flight, listed), wanted)
        if method != "POST" or address not in self._dialects:
            raise Refused(NO_SUCH_PATH)
        dialect = flight.dialect
        version = dialect.version_of(headers)
        value = read_body(body)
        exchange.request = Request(method, address, exchange.request.headers, value)
        self._fail(wanted, value)
        counting = flight.counting
        request = counting.read(value) if counting else dialect.read(value)
        return _late(self._post(flight, request, version, wanted), wanted)

    def _fail(self, wanted: RequestedFault | None, body: Json) -> None:
        """Let a request fail that asked for it, unless its stream is to break off later."""
        if wanted is None or wanted.fault is None:
            return
        asked = body if isinstance(body, dict) else {}
        if wanted.after is None or not asked.get("stream"):
            raise ScriptedFault(self._answering.explain(wanted.fault, str(asked.get("model"))))

    def _post(
        self, flight: Flight, request: Json, version: str, wanted: RequestedFault | None = None
    ) -> Reply:
        """Answer a Messages request, or count its tokens."""
        exchange, dialect = flight.exchange, flight.dialect
        is_foreign = dialect is not self._usual
        if flight.counting is not None:
            counted = self._answering.count(exchange, request, version, is_foreign=is_foreign)
            return self._replying.plain(flight, flight.counting.write(counted))
        answer = self._answering.answer(
            exchange, request, version, wanted=wanted, is_foreign=is_foreign
        )
        body = exchange.request.body
        pace = wanted.pace if wanted and wanted.pace else self._pace
        sent = body if isinstance(body, dict) else {}
        betas = read_betas(exchange.request.headers)
        asked = Asked(sent, int(self._clock()), self._ids, pace, answer.use, betas)
        if request.get("stream"):
            return self._replying.streamed(flight, answer, asked)
        written = dialect.write(answer.message, asked)
        return self._replying.plain(flight, written, use=answer.use)

    def _batch(
        self,
        flight: Flight,
        query: str,
        headers: Mapping[str, str],
        body: bytes,
        wanted: RequestedFault | None,
    ) -> Reply:
        """Answer a request about batches."""
        request, now = flight.exchange.request, self._clock()
        base_url, plain = batches.base_url_of(headers), self._replying.plain
        id, _, action = request.path.removeprefix(_BATCH).partition("/")
        id = unquote(id)

        def told(batch: Batch) -> Reply:
            return plain(flight, batch.describe(now, base_url))

        self._fail(wanted, None)
        match request.method, request.path == batches.PATH, action:
            case "POST", True, _:
                return told(self._create_batch(flight, headers, body, now))
            case "GET", True, _:
                listed = self._batches.show(read_query(query), now=now, base_url=base_url)
                return plain(flight, listed)
            case "GET", False, "" if id:
                batch = self._batches.find(id, now=now)
                reply = told(batch)
                polls = {} if batch.status(now) == "ended" else batches.POLL
                return replace(reply, headers={**reply.headers, **polls})
            case "GET", False, "results":
                reply = plain(flight, self._batches.results(id, now=now))
                extra = batches.results_headers(id)
                return replace(reply, headers={**reply.headers, **extra}, is_lines=True)
            case "POST", False, "cancel":
                return told(self._batches.cancel(id, now=now))
            case "DELETE", False, "" if id:
                return plain(flight, self._batches.delete(id, now=now))
            case _:
                raise Refused(NO_SUCH_PATH)

    def _create_batch(
        self, flight: Flight, headers: Mapping[str, str], body: bytes, now: float
    ) -> Batch:
        version = self._usual.version_of(headers)
        value = read_body(body)
        request = flight.exchange.request
        flight.exchange.request = replace(request, body=value)

        def answer(params: Json) -> Json:
            item = Exchange(replace(request, body=params), 200, at=now)
            answered = self._answering.answer(item, params, version, batch=True)
            answered.use.commit()
            return answered.message

        return self._batches.create(value, answer, now=now)

    def _file(
        self,
        flight: Flight,
        query: str,
        headers: Mapping[str, str],
        body: bytes,
        wanted: RequestedFault | None,
    ) -> Reply:
        """Answer a request about files."""
        method, address = flight.exchange.request.method, flight.exchange.request.path
        version = _version(headers) if method != "POST" else self._usual.version_of(headers)
        self._fail(wanted, None)
        answered = answer_files(
            self.files, method, address, query, headers, body, now=self._clock(), version=version
        )
        if not isinstance(answered, StoredFile):
            return self._replying.plain(flight, answered)
        reply = self._replying.plain(flight, answered.data)
        flight.exchange.body = answered.describe(version)
        return replace(reply, headers={**reply.headers, **content_headers(answered)})

    def _forgives(self, refused: Refused) -> bool:
        scripted = isinstance(refused, ScriptedFault)
        return self._lenient and not scripted and is_forgiven(refused.fault)

    def _forgive(self, flight: Flight, body: bytes, fault: Fault) -> Reply:
        """Answer a request in spite of a fault that the API would have sent."""
        exchange = flight.exchange
        exchange.forgiven = fault.message
        address = exchange.request.path
        if address == _MODELS:
            return self._replying.plain(flight, list_models(self._catalog, today=self._today()))
        if address.startswith(batches.PATH):
            now, base_url = self._clock(), batches.base_url_of(exchange.request.headers)
            if exchange.request.method == "GET":
                shown = self._batches.show({}, now=now, base_url=base_url)
            else:
                shown = self._batches.find(self._ids.draw("msgbatch"), now=now).describe(
                    now, base_url
                )
            return self._replying.plain(flight, shown)
        if is_files(address):
            method, headers = exchange.request.method, exchange.request.headers
            told = forgive_files(
                self.files, method, address, now=self._clock(), version=_version(headers)
            )
            return self._replying.plain(flight, told)
        if address.startswith(f"{_MODELS}/"):
            name = unquote(address.removeprefix(f"{_MODELS}/"))
            return self._replying.plain(flight, make_model(name, self._catalog, self._today()))
        served = self._catalog.served_at(self._clock())
        request = make_stand_in(
            body, exchange.request.body, served, counting=flight.counting is not None
        )
        try:
            return self._post(flight, request, VERSIONS[0])
        except Refused as refused:
            return self._replying.fault(flight, refused.fault)

    def _get(self, address: str, query: str, headers: Mapping[str, str]) -> Json:
        version, betas, today = _version(headers), read_betas(headers), self._today()
        if address == _MODELS:
            asked = read_query(query)
            return list_models(
                self._catalog, today=today, version=version, query=asked, betas=betas
            )
        if address.startswith(f"{_MODELS}/"):
            name = unquote(address.removeprefix(f"{_MODELS}/"))
            try:
                card = self._catalog.find(name)
                return describe_model(card, today=today, version=version, betas=betas)
            except UnknownModel:
                raise Refused(Fault(404, f"model: {name}")) from None
        raise Refused(NO_SUCH_PATH)

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock(), UTC).date()

    def _authenticate(self, headers: Mapping[str, str]) -> None:
        key, bearer = _keys(headers)
        if not key and not bearer:
            raise Refused(Fault(401, "x-api-key header is required"))
        if not self.admits(headers):
            # The second wording: github.com/Jeffser/Alpaca/issues/727.
            raise Refused(Fault(401, "invalid x-api-key" if key else "Invalid bearer token"))

    def _record(self, exchange: Exchange) -> None:
        self.transcript.append(exchange)
        if self._transcript_limit is not None:
            # In place: whoever holds the list goes on seeing the newest.
            del self.transcript[: max(0, len(self.transcript) - self._transcript_limit)]


def max_body(address: str) -> int:
    """Return the largest body, in bytes, that is taken at an address."""
    return _LARGER_BODIES.get(address, MAX_BODY)


def _version(headers: Mapping[str, str]) -> str:
    """Return the version that a request is on which needs no header for it."""
    return headers.get("anthropic-version", NEWEST_VERSION)


def _keys(headers: Mapping[str, str]) -> tuple[str, str]:
    """Return the key and the bearer token of a request; the empty string for one it lacks."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    return headers.get("x-api-key", "").strip(), bearer


def _wanted_fault(headers: Mapping[str, str]) -> RequestedFault | None:
    try:
        return read_requested(headers)
    except Unreadable as unreadable:
        # Of our own making: a lenient simulator says it too.
        raise ScriptedFault(Fault(400, str(unreadable))) from None


def _late(reply: Reply, wanted: RequestedFault | None) -> Reply:
    """Return a reply that comes as late as its request wanted; a stream is late by itself."""
    if wanted is None or wanted.pace is None or reply.events is not None:
        return reply
    return replace(reply, delay=wanted.pace.first_token)


__all__ = [
    "MAX_BODY",
    "NEWEST_VERSION",
    "NO_SUCH_PATH",
    "TOO_LARGE",
    "Replies",
    "Simulator",
    "max_body",
]
