"""Retries: how often, after how long, and after which errors."""

from __future__ import annotations

from typing import Any

from grader.exams import Criterion, Exam, SdkObject, Shapes, exercise
from grader.exercises.failures import SDK_RETRIES
from grader.exercises.production.retry_tries import Tried, attempt
from grader.exercises.production.retry_waits import (
    SMALL,
    judge_jitter,
    judge_retry_after,
    judge_wait,
    judge_waits,
    out_of_bounds,
    places_outside,
    seconds,
    told_waits,
)
from grader.exercises.readings import is_same
from grader.plural import counted
from grader.simulator import (
    Fault,
    Scripted,
    connection_cut,
    empty,
    overloaded,
    rate_limited,
    refusal,
    spend_limit_reached,
    text,
    thinking,
    timed_out,
    turn,
)

Json = Any

QUOTED = "overloaded 529 api_error 500 503 rate_limit_error 429 timeout connection: try again"
"""Words of passing errors, as an error message may quote them from a request."""
_SEVERAL = 4
_LARGE = 0.98
"""A number for `rng` that makes long waits."""
_SHORT = (1, 2, 9)
"""Seconds of a `retry-after` to which the usual wait, or a second, adds more than a quarter."""
_MANY = 12
"""More attempts than a limit of the code's own would be."""


@exercise(
    minutes=9,
    criteria=[
        Criterion("returns", "the message that comes at last is returned"),
        Criterion("bounded", "after `max_attempts` requests the API's error is raised"),
        Criterion("alone", "the SDK's own retries are off"),
        Criterion("waits", "the waits double up to 30 seconds, and go through `sleep`"),
        Criterion("jitter", "`rng` decides between half of a wait and all of it"),
        Criterion("retry-after", "it waits at least as long as `retry-after` says"),
        Criterion("final", "what another attempt cannot help is raised at once"),
        Criterion("others", "lost connections are tried again, mistakes in the code are not"),
    ],
    shapes=Shapes(
        refused=[400, 401, 403, 404, 413, "400 that quotes", "spend limit", "told not to"],
        passing=[500, 408, 409, 503, 504, 520],
        after=[*_SHORT, "minutes"],
        lasting=["a limit", "no connection", "by turns"],
        answered=["nothing", "a bare refusal", "only thinking", "max_tokens", "pause_turn"],
    ),
)
def call_with_retries(exam: Exam) -> None:
    """Call while the API fails in several ways, for a while or for good."""
    if not _answered(exam):
        return
    for case in exam.cases("answered"):
        _answered_otherwise(exam, case.answered)
    if not _recovers(exam):
        return
    _alone(exam)
    _bounded(exam)
    judge_jitter(exam, judge_waits(exam))
    judge_retry_after(exam)
    _final(exam)
    _others(exam)
    for case in exam.cases("lasting"):
        _lasting(exam, case.lasting)


def _returns(exam: Exam, tried: Tried, criterion: str) -> bool:
    """Judge that the last reply came back, as a message."""
    value = tried.called.value
    message = tried.scene.exchanges[-1].message if tried.scene.exchanges else None
    data = value.data if isinstance(value, SdkObject) else None
    is_right = (
        message is not None and isinstance(data, dict) and is_same(data.get("id"), message["id"])
    )
    is_printed = value is None and tried.called.printed != ""
    wrong = exam.which({"printed": is_printed}, otherwise="other-value")
    return exam.expect(criterion, is_right, wrong, tried.outcome)


def _is_clients(tried: Tried) -> bool:
    """Return whether an exception came from the code's own client: it has no key, or no API."""
    return not {"APIConnectionError", "AuthenticationError"}.isdisjoint(tried.called.raised_kinds)


# -- attempts --------------------------------------------------------------------------------


def _answered(exam: Exam) -> bool:
    """Judge a call that the API answers at once."""
    tried = attempt(exam, [text(exam.words(4)), text(exam.words(3))], "returns")
    wrong = exam.which({"own-client": _is_clients(tried)}, otherwise="no-request")
    if not exam.expect("returns", tried.count > 0, wrong, tried.outcome):
        return False
    if not exam.expect("returns", tried.count == 1, "asks-again", tried.count):
        return False
    if tried.slept:
        observed = f"1 request was answered, and sleep was called {len(tried.slept)} times"
        exam.expect("waits", False, "sleeps-too-often", observed)
    return _returns(exam, tried, "returns")


def _answered_otherwise(exam: Exam, kind: str) -> None:
    """Judge that every Message is an answer, whatever is in it and however it ended."""
    reply = {
        "nothing": empty(),
        "a bare refusal": refusal(None, None),
        "only thinking": turn(thinking(), stop_reason="max_tokens"),
    }.get(kind) or text(exam.words(4), stop_reason=kind)
    tried = attempt(exam, [reply, text(exam.words(3))], "returns", may_raise=("Exception",))
    types = [block["type"] for block in reply.content]
    told = f"{types}, {reply.stop_reason}"
    if exam.expect("returns", tried.count == 1, "message-not-taken", told):
        _returns(exam, tried, "returns")


def _recovers(exam: Exam) -> bool:
    """Judge a call that the API answers at the second attempt, and the wait in between."""
    reply = turn(thinking(), text(exam.words(5)))
    tried = attempt(exam, [overloaded(), reply, text(exam.words(2))], "returns", attempts=3)
    sdk = tried.retries_of_the_sdk
    if not exam.expect("returns", not sdk, "sdk-does-it", ", ".join(sdk)):
        return False
    if tried.count <= 1:
        other = attempt(exam, [rate_limited(retry_after=1), text(exam.words(2))], "returns")
        wrong = exam.which({"only-wait-retried": other.count > 1}, otherwise="gave-up-at-once")
        return exam.expect("returns", False, wrong, tried.outcome)
    if not _returns(exam, tried, "returns"):
        return False
    return exam.expect("waits", bool(tried.slept), "no-sleep", tried.count)


def _alone(exam: Exam) -> None:
    """Judge a call of a client whose own retries are on."""
    faults: list[Scripted] = [overloaded() for _ in range(9)]
    tried = attempt(
        exam, faults, "alone", attempts=2, retries=SDK_RETRIES, may_raise=("Exception",)
    )
    sdk = tried.retries_of_the_sdk
    exam.expect("alone", not sdk, "stacked", ", ".join(sdk))
    exam.expect("alone", tried.count >= 1, "no-request", tried.outcome)


def _bounded(exam: Exam) -> None:
    """Judge calls that the API never answers, with one attempt and with several."""
    for most in (exam.number(3, 5), 1, _MANY):
        faults = [
            Fault(500, f"Internal server error ({exam.fresh('fault')})")
            if place % 2
            else Fault(529, f"Overloaded ({exam.fresh('fault')})")
            for place in range(most + 4)
        ]
        tried = attempt(exam, [*faults], "bounded", attempts=most, may_raise=("Exception",))
        is_api = "APIStatusError" in tried.called.raised_kinds
        made = f"{counted(tried.count, 'request')} with max_attempts={most}"
        exam.expect("bounded", tried.count == most, "attempts-otherwise", made)
        wrong = exam.which(
            {"swallowed": tried.called.raised is None}, otherwise="not-the-apis-error"
        )
        exam.expect("bounded", is_api, wrong, tried.outcome)
        others = [fault.message for fault in faults if fault.message in (tried.called.raised or "")]
        if is_api and tried.count == most:
            is_last = others == [faults[most - 1].message]
            last = faults[most - 1].message
            told = f"attempt {most} failed with {last!r}, and it raised {others}"
            exam.expect("bounded", is_last, "earlier-error-raised", told)
        slept = f"{counted(tried.count, 'request')}, and {len(tried.slept)} calls of sleep"
        exam.expect("bounded", not tried.needless, "sleeps-too-often", slept)
        exam.expect("waits", all(tried.pauses), "no-sleep", tried.count)


# -- errors ----------------------------------------------------------------------------------


def _final(exam: Exam) -> None:
    """Judge errors that retrying doesn't help: refused requests, and a monthly limit."""
    quoting = Fault(400, f"metadata.user_id: '{QUOTED}' has no place here")
    told = Fault(503, exam.words(3), {"x-should-retry": "false"})
    named = {"400 that quotes": quoting, "spend limit": spend_limit_reached(), "told not to": told}
    for case in exam.cases("refused"):
        fault = named.get(case.refused) or Fault(case.refused, exam.words(3))
        spare = [text(exam.words(2)) for _ in range(3)]
        tried = attempt(exam, [fault, *spare], "final", may_raise=("Exception",))
        wrong = exam.which(
            {"told-not-to": fault.status in (429, 503), "decided-by-words": fault is quoting},
            otherwise="fix-retried",
        )
        observed = f"{fault.status}, then {counted(tried.count - 1, 'request')} more"
        exam.expect("final", tried.count == 1, wrong, observed)
        is_api = "APIStatusError" in tried.called.raised_kinds
        wrong = exam.which(
            {"swallowed": tried.called.raised is None}, otherwise="not-the-apis-error"
        )
        exam.expect("final", is_api, wrong, tried.outcome)
        exam.expect("final", not tried.slept, "fix-slept", tried.slept[0] if tried.slept else "")


def _others(exam: Exam) -> None:
    """Judge lost connections, and a request that the SDK itself refuses."""
    faults: list[Scripted] = [connection_cut(), timed_out()]
    tried = attempt(exam, [*faults, text(exam.words(3))], "others")
    if tried.called.raised:
        exam.expect("others", False, "connection-missed", tried.called.raised)
    else:
        _returns(exam, tried, "others")
    afters = [case.after for case in exam.cases("after")]
    _passes(exam, [case.passing for case in exam.cases("passing")], afters)
    tried = attempt(
        exam, [text(exam.words(2))], "others", without="max_tokens", may_raise=("Exception",)
    )
    is_passed = "TypeError" in tried.called.raised_kinds
    observed = f"slept {len(tried.slept)} times" if tried.slept else f"ended with {tried.outcome}"
    exam.expect("others", is_passed and not tried.slept, "catches-everything", observed)


def _passes(exam: Exam, statuses: list[int], afters: list[Json]) -> None:
    """Judge errors that pass, first without a `retry-after`, then with one.

    afters: the seconds of the first of them, and "minutes" for all others.
    """
    tried = _tried_again(exam, [_passing(exam, status) for status in statuses], "others")
    if tried is None:
        return
    exam.expect("waits", all(tried.pauses), "no-sleep", tried.count)
    short = [after for after in afters if after != "minutes"]
    minutes = [exam.number(310, 390) for _ in statuses[len(short) :]]
    asked = dict(zip(statuses, [*short, *minutes], strict=True))
    faults = [_passing(exam, each, retry_after=after) for each, after in asked.items()]
    tried = _tried_again(exam, faults, "retry-after", number=SMALL)
    waits = (tried and seconds(exam, tried, "retry-after")) or []
    if len(waits) < len(faults):
        return
    for place, (wait, (status, after)) in enumerate(zip(waits, asked.items(), strict=True)):
        judge_wait(exam, wait, told_waits(after, place), f"a {status} with retry-after {after}")


def _tried_again(
    exam: Exam, faults: list[Fault], criterion: str, *, number: float | None = None
) -> Tried | None:
    """Return a call that meets one fault after the other, or None if it ends with one of them.

    number: see `attempt`.
    """
    tried = attempt(exam, [*faults, text(exam.words(2))], criterion, number=number)
    if tried.count > len(faults):
        return tried
    last = faults[tried.count - 1].status
    observed = f"a {last} it ended with {tried.outcome}"
    exam.expect(criterion, False, "passing-missed", observed)
    # What asks nothing at all follows no `retry-after` either.
    exam.expect("retry-after", tried.count > 0, "no-request", tried.outcome)
    return None


def _passing(exam: Exam, status: int, *, retry_after: int | None = None) -> Fault:
    """Return an error that passes; a proxy's status says no different."""
    headers = {"x-should-retry": "true"}
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    return Fault(status, exam.words(3), headers)


def _lasting(exam: Exam, kind: str) -> None:
    """Judge a failure that lasts: nothing answers, or it is always the limit.

    Code that doesn't try again after the first error of a kind was judged before.
    """
    late = (timed_out, overloaded, timed_out, connection_cut)
    kinds = {"a limit": (rate_limited,), "no connection": (connection_cut,)}.get(kind, late)
    faults: list[Scripted] = [each() for each in (kinds * _SEVERAL)[: _SEVERAL + 3]]
    tried = attempt(
        exam, faults, "others", attempts=_SEVERAL, number=_LARGE, may_raise=("Exception",)
    )
    gave_up = tried.count < _SEVERAL
    if gave_up and faults.index(faults[tried.count - 1]) == tried.count - 1:
        return
    after = {"a limit": "after a 429", "no connection": "after a lost connection"}.get(
        kind, "after timeouts, a 529 and a lost connection"
    )
    made = f"{counted(tried.count, 'request')} with max_attempts={_SEVERAL}, {after}"
    exam.expect("bounded", tried.count == _SEVERAL, "attempts-otherwise", made)
    wrong = exam.which({"swallowed": tried.called.raised is None}, otherwise="not-the-apis-error")
    is_api = "APIError" in tried.called.raised_kinds
    exam.expect("bounded", is_api, wrong, tried.outcome)
    slept = f"{counted(tried.count, 'request')}, and {len(tried.slept)} calls of sleep"
    exam.expect("bounded", not tried.needless, "sleeps-too-often", slept)
    waited = sum(map(bool, tried.pauses))
    wrong = exam.which({"no-sleep": kind == "a limit"}, otherwise="lost-not-slept")
    told = f"{waited} of {counted(len(tried.pauses), 'new attempt')}"
    told = str(tried.count) if wrong == "no-sleep" else told
    if not exam.expect("waits", all(tried.pauses), wrong, told):
        return
    waits = seconds(exam, tried, "waits")
    for place in places_outside(waits or []):
        told = f"{after}, {out_of_bounds(waits or [], place)}"
        exam.expect("waits", False, "wait-otherwise", told)
