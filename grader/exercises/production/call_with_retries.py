"""Retries: how often, after how long, and after which errors."""

from __future__ import annotations

from typing import Any

from grader.exams import Criterion, Exam, SdkObject, Shapes, exercise
from grader.exercises.production.retry_tries import Tried, attempt
from grader.exercises.readings import is_same
from grader.simulator import (
    Fault,
    Scripted,
    connection_cut,
    empty,
    overloaded,
    rate_limited,
    refusal,
    server_error,
    spend_limit_reached,
    text,
    thinking,
    timed_out,
    turn,
)

Json = Any

BOUNDS = (1, 2, 4, 8, 16, 30, 30)
"""The longest wait before each new attempt, in seconds; the shortest is half of it."""
MOST_EXTRA = 30
"""How many seconds a random extra may add to `retry-after`."""
SDK_RETRIES = 2
QUOTED = "overloaded 529 api_error 500 503 rate_limit_error 429 timeout connection: try again"
"""Words of passing errors, as an error message may quote them from a request."""
EARLY = 3
"""How many of the first waits are shorter than any limit one could set."""
_LOW, _HIGH = 0.0, 0.999
_GRAIN = 1e-6
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
        refused=[400, 401, 403, 404, 413, "400 that quotes", "spend limit"],
        passing=[408, 409],
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
    _waits(exam)
    _jitter(exam)
    _retry_after(exam)
    _final(exam)
    _others(exam)


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


def _times(count: int) -> str:
    return f"{count} request" if count == 1 else f"{count} requests"


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
        counted = f"{_times(tried.count)} with max_attempts={most}"
        exam.expect("bounded", tried.count == most, "attempts-otherwise", counted)
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
        slept = f"{_times(tried.count)}, and {len(tried.slept)} calls of sleep"
        exam.expect("bounded", not tried.needless, "sleeps-too-often", slept)
        exam.expect("waits", all(tried.pauses), "no-sleep", tried.count)


# -- waits -----------------------------------------------------------------------------------


def _failing(exam: Exam, count: int) -> list[Scripted]:
    return [*_passing(count), text(exam.words(3))]


def _passing(count: int) -> list[Scripted]:
    """Return so many faults that pass, of both kinds in turn."""
    return [server_error() if place % 2 else overloaded() for place in range(count)]


def _seconds(exam: Exam, tried: Tried, criterion: str) -> list[float] | None:
    """Return the waits in seconds, or None if one of them isn't a number."""
    strange = [each for each in tried.slept if type(each) not in (int, float)]
    if strange:
        exam.expect(criterion, False, "wait-no-number", strange[0])
        return None
    return [float(sum(pause)) for pause in tried.pauses if pause]


def _waits(exam: Exam) -> None:
    """Judge each of seven waits by its bounds, near the upper bounds."""
    number = exam.number(970, 999) / 1000
    faults = _failing(exam, len(BOUNDS))
    tried = attempt(exam, faults, "waits", number=number)
    waits = _seconds(exam, tried, "waits")
    if waits is None:
        return
    if not exam.expect("waits", len(waits) == len(BOUNDS), "no-sleep", tried.count):
        return
    outside = _outside(waits)
    wrong = exam.which(
        {
            "wait-constant": max(waits) - min(waits) < _GRAIN,
            "wait-uncapped": outside[:1] in ([5], [6]) and waits[6] > BOUNDS[6],
        },
        otherwise="wait-otherwise",
    )
    observed = ", ".join(f"{wait:.2f}" for wait in waits)
    if outside and wrong == "wait-otherwise":
        observed = _out_of_bounds(waits, outside[0])
    exam.expect("waits", not outside, wrong, observed)


def _outside(waits: list[float]) -> list[int]:
    """Return the places of the waits that aren't between half of their bound and all of it."""
    return [
        place
        for place, (wait, bound) in enumerate(zip(waits, BOUNDS, strict=False))
        if not bound / 2 - _GRAIN <= wait <= bound + _GRAIN
    ]


def _out_of_bounds(waits: list[float], place: int) -> str:
    bound = BOUNDS[place]
    return f"before attempt {place + 2}: {waits[place]:.2f} s, for {bound / 2} to {bound}"


def _jitter(exam: Exam) -> None:
    """Judge that small and large random numbers make short and long waits."""
    faults = _failing(exam, len(BOUNDS))
    tries = [attempt(exam, faults, "jitter", number=each) for each in (_LOW, _HIGH)]
    low, high = (_seconds(exam, tried, "jitter") for tried in tries)
    if low is None or high is None:
        return
    moves = [abs(a - b) > bound / 4 for a, b, bound in zip(low, high, BOUNDS, strict=False)]
    are_all = len(low) == len(high) == len(BOUNDS)
    drawn = sum(len(tried.drawn) for tried in tries)
    wrong = exam.which({"own-random": drawn == 0 and low != high}, otherwise="no-jitter")
    both = " and ".join(", ".join(f"{w:.2f}" for w in waits[:EARLY]) for waits in (low, high))
    moves_early = are_all and all(moves[:EARLY]) and drawn > 0
    exam.expect("jitter", moves_early, wrong, 0 if wrong == "own-random" else both)
    for tried in tries:
        count, waits = len(tried.drawn), len(tried.pauses)
        drawn_for = f"{count} {'time' if count == 1 else 'times'} for {waits} waits"
        exam.expect("jitter", count >= waits, "one-draw", drawn_for)
    if are_all:
        exam.expect("jitter", all(moves), "late-jitter", f"{low[-1]:.2f} and {high[-1]:.2f}")
    for place in _outside(low[:EARLY]):
        exam.expect("jitter", False, "wait-otherwise", _out_of_bounds(low, place))


def _retry_after(exam: Exam) -> None:
    """Judge waits after a long and a short `retry-after`, and after a 429 that has none."""
    asked, soon = exam.number(310, 390), exam.number(18, 28)
    faults: list[Fault] = [
        rate_limited(retry_after=asked),
        rate_limited(),
        Fault(529, "Overloaded", {"retry-after": str(asked + 7)}),
        rate_limited(retry_after=1),
        rate_limited(retry_after=soon),
    ]
    tried = attempt(exam, [*faults, text(exam.words(3))], "retry-after")
    waits = _seconds(exam, tried, "retry-after")
    if waits is None:
        return
    if len(waits) < len(faults):
        wrong = exam.which(
            {
                "no-sleep": not all(tried.pauses),
                "wait-not-retried": faults[tried.count - 1].status == 429,
            },
            otherwise="gave-up-at-once",
        )
        observed = tried.count if wrong == "no-sleep" else tried.outcome
        exam.expect("retry-after", False, wrong, observed)
        return
    bounds = (
        (asked, asked + MOST_EXTRA),
        (BOUNDS[1] / 2, BOUNDS[1]),
        (asked + 7, asked + 7 + MOST_EXTRA),
        # Either `retry-after`, or the longer of that and the usual wait: the task allows both.
        (1, BOUNDS[3] + 1),
        (soon, soon + MOST_EXTRA),
    )
    named = (
        f"a 429 with retry-after {asked}",
        "a 429 with no retry-after",
        f"a 529 with retry-after {asked + 7}",
        "a 429 with retry-after 1",
        f"a 429 with retry-after {soon}",
    )
    for wait, (least, most), what in zip(waits, bounds, named, strict=False):
        wrong = exam.which(
            {
                "wait-otherwise": what in (named[1], named[3]),
                "retry-after-ignored": wait < least,
            },
            otherwise="retry-after-overdone",
        )
        is_right = least - _GRAIN <= wait <= most + _GRAIN
        exam.expect("retry-after", is_right, wrong, f"{what}: waited {wait:.2f} s")


# -- errors ----------------------------------------------------------------------------------


def _final(exam: Exam) -> None:
    """Judge errors that retrying doesn't help: refused requests, and a monthly limit."""
    quoting = Fault(400, f"metadata.user_id: '{QUOTED}' has no place here")
    named = {"400 that quotes": quoting, "spend limit": spend_limit_reached()}
    for case in exam.cases("refused"):
        fault = named.get(case.refused) or Fault(case.refused, exam.words(3))
        spare = [text(exam.words(2)) for _ in range(3)]
        tried = attempt(exam, [fault, *spare], "final", may_raise=("Exception",))
        wrong = exam.which(
            {"told-not-to": fault.status == 429, "decided-by-words": fault is quoting},
            otherwise="fix-retried",
        )
        observed = f"{fault.status}, then {_times(tried.count - 1)} more"
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
    for case in exam.cases("passing"):
        status = case.passing
        passing: list[Scripted] = [Fault(status, exam.words(3)), text(exam.words(2))]
        tried = attempt(exam, passing, "others")
        observed = f"a {status} it ended with {tried.outcome}"
        exam.expect("others", tried.count > 1, "passing-missed", observed)
    tried = attempt(
        exam, [text(exam.words(2))], "others", without="max_tokens", may_raise=("Exception",)
    )
    is_passed = "TypeError" in tried.called.raised_kinds
    observed = f"slept {len(tried.slept)} times" if tried.slept else f"ended with {tried.outcome}"
    exam.expect("others", is_passed and not tried.slept, "catches-everything", observed)
