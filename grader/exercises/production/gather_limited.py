"""Many requests side by side, and never more than a limit at once."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.catalog import DEFAULT_MODEL
from grader.exams import (
    OWN_RAISE,
    Called,
    Case,
    Crash,
    Criterion,
    Exam,
    Opaque,
    Scene,
    SdkObject,
    Shapes,
    exercise,
)
from grader.exercises.readings import differing, is_same
from grader.simulator import (
    Exchange,
    Fault,
    Scripted,
    connection_cut,
    text,
    thinking,
    timed_out,
    turn,
)

Json = Any

_PENDING = ("coroutine", "_GatheringFuture", "Task", "Future", "list_iterator")
"""The types that stand in for a reply that nobody awaited."""
_ERRORS = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    409: "ConflictError",
    429: "RateLimitError",
    500: "InternalServerError",
    529: "OverloadedError",
}
"""The SDK's exceptions for this check's statuses (anthropic 2.12, `_exceptions.py`)."""
_TOO_LONG = 40_000
"""More `max_tokens` than the SDK lets pass without a stream."""
_UNSENT: Mapping[str, tuple[str, Json]] = {
    "too many max_tokens": ("max_tokens", _TOO_LONG),
    "no max_tokens": ("max_tokens", None),
    "a name it doesn't know": ("max_completion_tokens", 100),
}
"""What the SDK refuses: a parameter, and its value; None where it is missing.

For the first, awaiting the call raises; for the others, the call itself does, before any `await`.
"""
_LOST = ("APIConnectionError", "APITimeoutError")
_RETRY_COUNT = "x-stainless-retry-count"
_OTHER_LOOP = "is bound to a different event loop"
"""What asyncio says about a semaphore that another loop has waited for."""


@exercise(
    minutes=6,
    criteria=[
        Criterion("all", "every request is sent once, and its message is in the list"),
        Criterion("bound", "several are under way, and never more than `limit`"),
        Criterion("busy", "a place that gets free is taken at once"),
        Criterion("order", "the results stand in the order of the requests"),
        Criterion("failures", "a failure costs its own place only"),
    ],
    shapes=Shapes(
        requests=["more than the limit", "as many", "fewer", "one", "none", "a dozen and one"],
        lost=["connection", "timeout", "both"],
        unsent=["too many max_tokens", "no max_tokens", "a name it doesn't know"],
        equal=["neighbours", "apart"],
    ),
)
def gather_limited(exam: Exam) -> None:
    """Send many requests, few, none, and some that fail."""
    if not _many(exam):
        return
    _failing(exam)
    for case in exam.cases("lost"):
        _losing(exam, case)
    for case in exam.cases("unsent"):
        _refused_by_the_sdk(exam, case)
    _one_at_a_time(exam)
    for case in exam.cases("requests"):
        _counted(exam, case)
    for case in exam.cases("equal"):
        _equal(exam, case)


@dataclass(frozen=True)
class _Gathered:
    """Hold one call of the learner's function."""

    requests: list[Json]
    called: Called
    scene: Scene
    limit: int

    @property
    def under_way(self) -> str:
        """Return how many requests were in flight at once, in words."""
        return (
            f"{self.scene.in_flight.most} of {len(self.requests)} at once, with limit={self.limit}"
        )

    def changed_parameters(self) -> list[str]:
        """Return the names of the parameters that were sent with changed values."""
        changed = (
            differing(body, request, but=("stream",))
            for body in self.scene.requests
            for request in self.requests
            if body["messages"] == request["messages"]
        )
        return sorted({key for keys in changed for key in keys})

    def arrived(self, request: Json) -> list[Exchange]:
        """Return the exchanges of one request, and of its equals."""
        asked = request["messages"]
        return [e for e in self.scene.exchanges if e.request.body["messages"] == asked]

    def ids(self, request: Json) -> list[Json]:
        """Return the ids of the messages that answered it, or a request equal to it."""
        return [each.message["id"] for each in self.arrived(request) if each.message]


def _gather(
    exam: Exam,
    replies: Sequence[Scripted],
    limit: int,
    judges: tuple[str, ...],
    *,
    crash: Crash = None,
    spare: Sequence[Scripted] = (),
    equal: tuple[int, int] | None = None,
    unsent: str = "",
) -> _Gathered:
    """Call the learner's function.

    equal: the places of two equal requests. unsent: one of `_UNSENT`: one more request, in the
    middle, which the SDK itself refuses.
    """
    requests = [
        {
            "model": DEFAULT_MODEL,
            "max_tokens": exam.number(100, 900),
            "messages": [_question(exam, number)],
        }
        for number in range(1, len(replies) + 1)
    ]
    if equal is not None:
        requests[equal[1]] = copy.deepcopy(requests[equal[0]])
    if unsent:
        name, value = _UNSENT[unsent]
        other = {**requests[-1], "messages": [_question(exam, 0)], name: value}
        kept = {key: each for key, each in other.items() if each is not None}
        requests.insert(len(requests) // 2, kept)
    # Some spare replies, so that we can tell sending twice from failing.
    spare = spare or [text("Again.")] * 9
    scene = exam.scene(*replies, *spare, kind="anthropic_async")
    called = exam.call(
        scene.client, copy.deepcopy(requests), limit, judges=judges, crash=crash, awaits=True
    )
    return _Gathered(requests, called, scene, limit)


def _question(exam: Exam, number: int) -> Json:
    return {"role": "user", "content": f"{number}. {exam.words(3)}?"}


def _message_id(item: Json) -> Json:
    data = item.data if isinstance(item, SdkObject) else None
    return data.get("id") if isinstance(data, dict) else None


def _is_exception(item: Json) -> bool:
    return isinstance(item, Opaque) and item.type.endswith(("Error", "Exception"))


def _is_clients(item: Json) -> bool:
    """Return whether an exception came from the code's own client: it has no key, or no API."""
    return _is_exception(item) and (
        item.type in (*_LOST, "AuthenticationError") or "authentication method" in item.text
    )


def _is_listed(exam: Exam, gathered: _Gathered, criterion: str) -> bool:
    """Judge the requests, and that a list came back."""
    value, scene, count = gathered.called.value, gathered.scene, len(gathered.requests)
    items = value if isinstance(value, list | tuple) else [value]
    for item in items:
        if isinstance(item, Opaque) and item.type in _PENDING:
            is_call = "AsyncMessages.create" in item.text
            wrong = exam.which({"call-not-awaited": is_call}, otherwise="not-awaited")
            return exam.expect(criterion, False, wrong, f"a {item.type}")
    if any(_is_exception(item) and _OTHER_LOOP in item.text for item in items):
        return exam.expect(criterion, False, "notebooks-gate")
    foreign = [item.type for item in items if _message_id(item)]
    wrong = exam.which(
        {
            "blocking-client": bool(foreign),
            "own-client": any(map(_is_clients, items)),
            "every-place-failed": bool(items) and all(map(_is_exception, items)),
        },
        otherwise="no-request",
    )
    observed = {
        "blocking-client": f"a {foreign[0]}" if foreign else "",
        "own-client": items[0] if items else "",
        "every-place-failed": items[0] if items else "",
        "no-request": value,
    }[wrong]
    if not exam.expect(criterion, bool(scene.exchanges), wrong, observed):
        return False
    _judge_requests(exam, gathered, criterion)
    counted = f"{len(scene.exchanges)} requests arrived, for a list of {count}"
    each_once = all(len(gathered.arrived(request)) == 1 for request in gathered.requests)
    wrong = exam.which({"equal-sent-once": each_once}, otherwise="sent-otherwise")
    exam.expect(criterion, len(scene.exchanges) == count, wrong, counted)
    is_printed = value is None and gathered.called.printed != ""
    wrong = exam.which({"printed": is_printed}, otherwise="not-a-list")
    return exam.expect(criterion, isinstance(value, list), wrong, value)


def _many(exam: Exam) -> bool:
    """Judge more requests than the limit, and return whether their messages came back."""
    limit = exam.number(3, 4)
    replies = [text(exam.words(4)) for _ in range(limit * 2 + exam.number(1, 2))]
    gathered = _gather(exam, replies, limit, ("all",))
    if not _is_listed(exam, gathered, "all"):
        return False
    value: list[Json] = gathered.called.value
    mine = [_message_id(item) for item in value]
    ids = [next(iter(gathered.ids(request)), None) for request in gathered.requests]
    strange = next((item for item in value if _message_id(item) not in ids), value)
    is_whole = None not in ids and sorted(map(str, mine)) == sorted(map(str, ids))
    if not exam.expect("all", is_whole, "not-messages", strange):
        return False
    _is_bounded(exam, gathered)
    places = [ids.index(each) + 1 for each in mine]
    exam.expect("order", mine == ids, "order-lost", ", ".join(map(str, places)))
    return True


def _judge_requests(exam: Exam, gathered: _Gathered, criterion: str) -> None:
    """Judge that the requests arrived, and are left, as the caller made them."""
    left = gathered.called.arguments[1]
    is_left = is_same(left, gathered.requests)
    exam.expect("all", is_left, "requests-emptied", "" if is_left else _left(gathered))
    changed = gathered.changed_parameters()
    exam.expect(criterion, not changed, "request-changed", ", ".join(changed))


def _left(gathered: _Gathered) -> Json:
    """Return what a panel shows of a caller's list that the code changed."""
    left, count = gathered.called.arguments[1], len(gathered.requests)
    if not isinstance(left, list) or len(left) != count:
        return f"{len(left)} of {count} requests" if isinstance(left, list) else left
    pairs = [
        each for each in zip(left, gathered.requests, strict=True) if isinstance(each[0], dict)
    ]
    names = {name for now, before in pairs for name in differing(now, before)}
    return (
        f"requests with other {', '.join(sorted(names))}" if names else "requests in another order"
    )


def _is_bounded(exam: Exam, gathered: _Gathered) -> None:
    """Judge how many were in flight: never more than the limit, and never far fewer."""
    counts, limit = gathered.scene.in_flight.counts, gathered.limit
    most, count = gathered.scene.in_flight.most, len(gathered.requests)
    wrong = exam.which({"all-at-once": most == count}, otherwise="over-limit")
    exam.expect("bound", most <= limit, wrong, gathered.under_way)
    wrong = exam.which({"one-by-one": most == 1}, otherwise="below-limit")
    exam.expect("busy", most >= limit, wrong, gathered.under_way)
    # Code that sends one by one stays within any bound.
    exam.expect("bound", most > 1 or limit == 1, "one-by-one", gathered.under_way)
    ran_dry = limit > 1 and 1 in counts[limit:]
    exam.expect("busy", not ran_dry, "in-batches", ", ".join(map(str, counts)))


def _failing(exam: Exam) -> None:
    """Judge requests of which the API refuses some, each in another way."""
    faults = [Fault(status, exam.words(3)) for status in _ERRORS]
    replies: list[Scripted] = [text(exam.words(3)) for _ in range(4)]
    for fault in faults:
        replies.insert(exam.number(0, len(replies) - 1), fault)
    _judge_failures(exam, _gather(exam, replies, 2, ("failures",), crash="results-lost"))


def _losing(exam: Exam, case: Case) -> None:
    """Judge requests without a reply: their errors have no status."""
    ends = {"connection": [connection_cut()], "timeout": [timed_out()]}
    lost = (ends.get(case.lost, [connection_cut(), timed_out()]) * 3)[:3]
    # Enough for a client with its own retries.
    spare = [connection_cut()] * 40
    crash = {OWN_RAISE: "list-thrown-away", "^API(Connection|Timeout)Error": "connection-spreads"}
    gathered = _gather(exam, lost, 2, ("failures",), crash=crash, spare=spare)
    _judge_failures(exam, gathered)


def _refused_by_the_sdk(exam: Exam, case: Case) -> None:
    """Judge a request that the SDK refuses before it is sent, among others."""
    replies = [text(exam.words(3)) for _ in range(4)]
    # For the first of them awaiting raises, and code that survives it gets to the others.
    crash = "sdk-error-spreads" if case.unsent == "too many max_tokens" else "called-outside"
    gathered = _gather(exam, replies, 2, ("failures",), crash=crash, unsent=case.unsent)
    _judge_failures(exam, gathered, unsent=1)


def _judge_failures(exam: Exam, gathered: _Gathered, *, unsent: int = 0) -> None:
    """Judge that each place has the message of its request, or the exception that it raised.

    unsent: how many requests the SDK itself refuses.
    """
    value = gathered.called.value
    if not isinstance(value, list):
        exam.expect("failures", False, "not-a-list", value)
        return
    counted = f"{len(value)} results for {len(gathered.requests)} requests"
    if not exam.expect(
        "failures", len(value) == len(gathered.requests), "failures-dropped", counted
    ):
        return
    if any(_is_exception(item) and _OTHER_LOOP in item.text for item in value):
        exam.expect("failures", False, "notebooks-gate")
        return
    count = len(gathered.requests) - unsent
    sent = sum(bool(gathered.arrived(request)) for request in gathered.requests)
    if not exam.expect("failures", sent >= count, "requests-skipped", f"{sent} of {count}"):
        return
    _judge_requests(exam, gathered, "all")
    ids = [_message_id(item) for item in value]
    for place, (request, item) in enumerate(zip(gathered.requests, value, strict=True)):
        arrived = gathered.arrived(request)
        # What a client tries again by itself is one call, and its last answer counts.
        calls = sum(each.request.headers.get(_RETRY_COUNT, "0") == "0" for each in arrived)
        exchange = next(iter(arrived[::-1] if calls == 1 else arrived), None)
        if exchange is not None and exchange.message is not None:
            is_right = is_same(ids[place], exchange.message["id"])
            wrong = exam.which(
                {"order-lost": exchange.message["id"] in ids}, otherwise="not-messages"
            )
            observed = ids.index(exchange.message["id"]) + 1 if wrong == "order-lost" else item
            exam.expect("failures", is_right, wrong, observed)
        else:
            raised = _raised_by(exchange)
            is_error = isinstance(item, Opaque) and item.type in raised
            slip = exam.slip(
                {
                    "failure-sent-again": (calls > 1, f"{calls} times"),
                    "failures-moved": bool(ids[place]) and any(map(_is_exception, value)),
                },
                otherwise="failure-hidden",
                observed=item,
            )
            exam.expect("failures", is_error and calls <= 1, slip)


def _raised_by(exchange: Exchange | None) -> tuple[str, ...]:
    """Return the exceptions that a request may have raised; None: it was never sent."""
    if exchange is None:
        return ("ValueError", "TypeError")
    return (_ERRORS[exchange.status],) if exchange.status in _ERRORS else _LOST


def _one_at_a_time(exam: Exam) -> None:
    """Judge a limit of 1."""
    replies = [text(exam.words(3)) for _ in range(3)]
    gathered = _gather(exam, replies, 1, ("bound",))
    if _is_listed(exam, gathered, "bound"):
        _is_bounded(exam, gathered)


def _counted(exam: Exam, case: Case) -> None:
    """Judge several counts of requests, with replies that begin with thinking."""
    limit = 12 if case.requests == "a dozen and one" else 3
    counts = {"more than the limit": 4, "as many": limit, "fewer": 2, "one": 1, "none": 0}
    count = counts.get(case.requests, limit + 1)
    replies = [turn(thinking(), text(exam.words(3))) for _ in range(count)]
    crash = None if count else "no-requests-crash"
    gathered = _gather(exam, replies, limit, ("all",), crash=crash)
    value = gathered.called.value
    if not count:
        exam.expect("all", value == [], "no-requests-crash", value)
    elif _is_listed(exam, gathered, "all"):
        most = gathered.scene.in_flight.most
        wrong = exam.which({"one-by-one": most == 1}, otherwise="below-limit")
        exam.expect("busy", most >= min(count, limit), wrong, gathered.under_way)
        exam.expect("bound", most <= limit, "over-limit", gathered.under_way)
        exam.expect("all", len(value) == count, "not-messages", value)


def _equal(exam: Exam, case: Case) -> None:
    """Judge four requests, two of them equal."""
    replies = [text(exam.words(3)) for _ in range(4)]
    places = (1, 2) if case.equal == "neighbours" else (0, 3)
    gathered = _gather(exam, replies, 2, ("all",), equal=places)
    if _is_listed(exam, gathered, "all"):
        mine = {str(_message_id(item)) for item in gathered.called.value}
        ids = {each for request in gathered.requests for each in gathered.ids(request)}
        observed = f"{len(mine)} different messages for a list of {len(replies)}"
        exam.expect("all", mine == ids, "equal-sent-once", observed)
