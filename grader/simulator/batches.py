"""Message Batches: many requests at once, answered later, at half the price.

    POST /v1/messages/batches                 GET /v1/messages/batches
    GET /v1/messages/batches/{id}             GET /v1/messages/batches/{id}/results
    POST /v1/messages/batches/{id}/cancel     DELETE /v1/messages/batches/{id}

A batch is answered when it is created, item by item, as single messages are; what of it is seen
depends on the simulator's clock. Its processing takes a drawn time, a minute or two, and items end
in a drawn order. Shapes, key order, the second that a cancellation takes and the words for results
that are not there were recorded; limits are from Anthropic's page on batch processing. The words
for an unknown batch, for one that cannot be canceled or deleted, for two items of one name and for
what no item may ask are guesses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from grader.simulator.faults import Fault, Refused, invalid
from grader.simulator.identifiers import Identifiers
from grader.simulator.paging import Page, Query
from grader.simulator.validation import shapes
from grader.simulator.wire import Json

PATH = "/v1/messages/batches"
MAX_BODY = 256 * 1024 * 1024
"""The largest body of a request that creates a batch, in bytes."""
MAX_REQUESTS = 100_000
POLL = {"retry-after": "10"}
"""What the reply for a batch that has not ended says, as recorded."""

_DAY = 86_400.0
_KEPT = 29 * _DAY
_CANCELING = 1.0
_SECONDS = range(60, 180)
_SECONDS_A_REQUEST = 0.02
# A bound of ours, so that a long-lived server's memory stays flat.
_MOST_ITEMS = 2 * MAX_REQUESTS
_CUSTOM_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}", re.ASCII)
_KINDS = ("succeeded", "errored", "canceled", "expired")
_NOT_IN_BATCHES = ("stream", "speed", "store", "previous_thread_event_id", "fallbacks")

Answer = Callable[[Json], Json]
"""Answers the parameters of one item with its message, or raises Refused."""


@dataclass
class Batch:
    """Hold one batch: when it was created, when each item ends, and how.

    results: the lines of its results, in the order in which items end. ends: when each does, in
    seconds since the epoch.
    """

    id: str
    created: float
    results: Sequence[Json]
    ends: Sequence[float]
    canceled: float | None = None

    @property
    def expires(self) -> float:
        """Return when processing ends at the latest."""
        return self.created + _DAY

    @property
    def ended(self) -> float:
        """Return when processing ends, as far as is known now."""
        last = self.ends[-1] if self.ends else self.created
        canceled = self.expires if self.canceled is None else self.canceled + _CANCELING
        return min(last, canceled, self.expires)

    def status(self, now: float) -> str:
        """Return the processing status at a time."""
        if now >= self.ended:
            return "ended"
        return "in_progress" if self.canceled is None else "canceling"

    def has_results(self, now: float) -> bool:
        """Return whether results can be had: from the end on, for 29 days from the creation."""
        return self.ended <= now < self.created + _KEPT

    def lines(self) -> list[Json]:
        """Return the results, in the order in which items ended; the last ones may not have."""
        unfinished = {"type": "expired" if self.canceled is None else "canceled"}
        until = self.expires if self.canceled is None else self.canceled
        return [
            line if end <= until else {"custom_id": line["custom_id"], "result": unfinished}
            for line, end in zip(self.results, self.ends, strict=True)
        ]

    def describe(self, now: float, base_url: str) -> Json:
        """Return the batch in the API's shape; base_url: where the client reached the API."""
        has_ended = now >= self.ended
        counts = Counter(line["result"]["type"] for line in self.lines()) if has_ended else {}
        url = f"{base_url}{PATH}/{self.id}/results" if self.has_results(now) else None
        archived = self.created + _KEPT
        return {
            "id": self.id,
            "type": "message_batch",
            "processing_status": self.status(now),
            "request_counts": {
                "processing": 0 if has_ended else len(self.results),
                **{kind: counts.get(kind, 0) for kind in _KINDS},
            },
            "ended_at": _moment(self.ended) if has_ended else None,
            "created_at": _moment(self.created),
            "expires_at": _moment(self.expires),
            "archived_at": _moment(archived) if now >= archived else None,
            "cancel_initiated_at": None if self.canceled is None else _moment(self.canceled),
            "results_url": url,
        }


class Batches:
    """Keep the batches of one organisation; the time is an argument, never the clock.

    seconds: how long the processing of a batch takes; drawn when None. lenient: whether an id that
    is none's means an empty batch that has ended.
    """

    def __init__(
        self, ids: Identifiers, *, seconds: float | None = None, lenient: bool = False
    ) -> None:
        self._ids = ids
        self._seconds = seconds
        self._lenient = lenient
        self._batches: dict[str, Batch] = {}

    def create(self, body: Json, answer: Answer, *, now: float) -> Batch:
        """Return a new batch whose items are answered, or refuse it."""
        items = _read(body)
        ids = self._ids
        taken = self._seconds
        if taken is None:
            taken = ids.choose(_SECONDS) + len(items) * _SECONDS_A_REQUEST
        results = [
            {"custom_id": item["custom_id"], "result": self._result(item["params"], answer)}
            for item in items
        ]
        order = sorted(range(len(items)), key=lambda _: ids.choose(range(2**30)))
        ends = [now + taken * (place + 1) / len(items) for place in range(len(items))]
        batch = Batch(ids.draw("msgbatch"), now, [results[place] for place in order], ends)
        self._batches[batch.id] = batch
        self._forget()
        return batch

    def find(self, id: str, *, now: float) -> Batch:
        """Return a batch, or refuse an id that is none's."""
        batch = self._batches.get(id)
        if batch is None and self._lenient:
            return Batch(id, now, (), ())
        if batch is None:
            raise Refused(Fault(404, f"Message Batch {id} not found."))
        return batch

    def show(self, query: Query, *, now: float, base_url: str) -> Json:
        """Return a page of the batches, newest first."""
        newest = reversed(list(self._batches.values()))
        return Page.of(query).show([batch.describe(now, base_url) for batch in newest])

    def cancel(self, id: str, *, now: float) -> Batch:
        """Return a batch whose processing is being ended, or refuse one that has ended."""
        batch = self.find(id, now=now)
        if now >= batch.ended and not self._lenient:
            raise invalid(f"Message Batch {id} has ended and cannot be canceled.")
        if batch.canceled is None:
            batch.canceled = now
        return batch

    def results(self, id: str, *, now: float) -> list[Json]:
        """Return the results of a batch, a line for each item, in any order, or refuse."""
        batch = self.find(id, now=now)
        if not batch.has_results(now):
            raise Refused(Fault(404, f"Message Batch {id} has no available results."))
        return batch.lines()

    def delete(self, id: str, *, now: float) -> Json:
        """Forget a batch that has ended, and return what says so."""
        if now < self.find(id, now=now).ended:
            raise invalid(f"Message Batch {id} has not ended. Cancel it before you delete it.")
        self._batches.pop(id, None)
        return {"id": id, "type": "message_batch_deleted"}

    def _result(self, params: Json, answer: Answer) -> Json:
        try:
            _check_params(params)
            message = answer(params)
        except Refused as refused:
            error = refused.fault.envelope(self._ids.draw("req"))
            return {"type": "errored", "error": {"type": "error", **error}}
        message["usage"]["service_tier"] = "batch"
        return {"type": "succeeded", "message": message}

    def _forget(self) -> None:
        while sum(len(batch.results) for batch in self._batches.values()) > _MOST_ITEMS:
            del self._batches[next(iter(self._batches))]


def base_url_of(headers: Mapping[str, str]) -> str:
    """Return the address at which a client reached the API; headers: lower-case names."""
    host = headers.get("host", "api.anthropic.com")
    is_live = host.partition(":")[0].endswith("anthropic.com")
    return f"{headers.get('x-forwarded-proto', 'https' if is_live else 'http')}://{host}"


def results_headers(id: str) -> dict[str, str]:
    """Return the headers of a batch's results, as recorded."""
    return {
        "content-type": "application/x-jsonl",
        "content-disposition": f"attachment; filename*=utf-8''{id}_results.jsonl",
    }


def _read(body: Json) -> list[dict[str, Json]]:
    """Return the items of a request for a batch; their parameters are checked one by one."""
    request = shapes.mapping(body, "body")
    items = shapes.array(shapes.field(request, "requests", ""), "requests")
    if not items:
        raise invalid("requests: List should have at least 1 item after validation, not 0")
    if len(items) > MAX_REQUESTS:
        raise invalid(
            f"requests: List should have at most {MAX_REQUESTS} items after validation, "
            f"not {len(items)}"
        )
    shapes.only(request, "", {"requests"})
    read = [_read_item(item, f"requests.{place}") for place, item in enumerate(items)]
    id, times = Counter(item["custom_id"] for item in read).most_common(1)[0]
    if times > 1:
        raise invalid(f"requests: custom_id must be unique, and {id!r} is given {times} times")
    return read


def _read_item(value: Json, path: str) -> dict[str, Json]:
    item = shapes.mapping(value, path)
    name = f"{path}.custom_id"
    id = shapes.string(shapes.field(item, "custom_id", path), name, minimum=1, maximum=64)
    if not _CUSTOM_ID.fullmatch(id):
        raise invalid(f"{name}: String should match pattern '^{_CUSTOM_ID.pattern}$'")
    shapes.mapping(shapes.field(item, "params", path), f"{path}.params")
    shapes.only(item, path, {"custom_id", "params"})
    return item


def _check_params(params: Json) -> None:
    """Refuse what no item of a batch may ask, though a single request may."""
    for key in _NOT_IN_BATCHES:
        if params.get(key) not in (None, False):
            raise invalid(f"{key}: not supported in a Message Batch")
    if params.get("max_tokens") == 0 and params.get("max_tokens") is not False:
        raise invalid("max_tokens: 0 is not supported in a Message Batch")


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")
