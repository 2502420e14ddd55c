"""How long `call_with_retries` waits: by its bounds, by `rng`, and by `retry-after`."""

from __future__ import annotations

from grader.exams import Exam
from grader.exercises.production.retry_tries import Tried, attempt
from grader.simulator import Fault, Scripted, overloaded, rate_limited, server_error, text

BOUNDS = (1, 2, 4, 8, 16, 30, 30)
"""The longest wait before each new attempt, in seconds; the shortest is half of it."""
MOST_LONGER = 0.25
"""How much longer than `retry-after` a wait may be, as a part of it."""
EARLY = 3
"""How many of the first waits are shorter than any limit one could set."""
SMALL = 0.4
"""A number for `rng` that makes a wait shorter than its middle, and is more than `MOST_LONGER`."""
GRAIN = 1e-6
"""Two waits that differ by less are the same."""


def _failing(exam: Exam, count: int) -> list[Scripted]:
    return [*_passing(count), text(exam.words(3))]


def _passing(count: int) -> list[Scripted]:
    """Return so many faults that pass, of both kinds in turn."""
    return [server_error() if place % 2 else overloaded() for place in range(count)]


def seconds(exam: Exam, tried: Tried, criterion: str) -> list[float] | None:
    """Return the waits in seconds, or None if one of them isn't a number."""
    strange = [each for each in tried.slept if type(each) not in (int, float)]
    if strange:
        exam.expect(criterion, False, "wait-no-number", strange[0])
        return None
    return [float(sum(pause)) for pause in tried.pauses if pause]


def judge_waits(exam: Exam) -> Tried:
    """Judge each of seven waits by its bounds, near the upper bounds, and return the call."""
    number = exam.number(970, 999) / 1000
    faults = _failing(exam, len(BOUNDS))
    tried = attempt(exam, faults, "waits", number=number)
    waits = seconds(exam, tried, "waits")
    if waits is None:
        return tried
    if not exam.expect("waits", len(waits) == len(BOUNDS), "no-sleep", tried.count):
        return tried
    outside = places_outside(waits)
    wrong = exam.which(
        {
            "wait-constant": max(waits) - min(waits) < GRAIN,
            "wait-uncapped": outside[:1] in ([5], [6]) and waits[6] > 1.5 * waits[5],
        },
        otherwise="wait-otherwise",
    )
    observed = ", ".join(f"{wait:.2f}" for wait in waits)
    if outside and wrong == "wait-otherwise":
        observed = out_of_bounds(waits, outside[0])
    exam.expect("waits", not outside, wrong, observed)
    return tried


def places_outside(waits: list[float]) -> list[int]:
    """Return the places of the waits that aren't between half of their bound and all of it."""
    return [
        place
        for place, (wait, bound) in enumerate(zip(waits, BOUNDS, strict=False))
        if not bound / 2 - GRAIN <= wait <= bound + GRAIN
    ]


def out_of_bounds(waits: list[float], place: int) -> str:
    """Return in words how long a wait was, and how long it may be."""
    bound = BOUNDS[place]
    return f"before attempt {place + 2}: {waits[place]:.2f} s, for {bound / 2} to {bound}"


def judge_jitter(exam: Exam, usual: Tried) -> None:
    """Judge that small and large random numbers make short and long waits; usual: the large."""
    tries = [attempt(exam, _failing(exam, len(BOUNDS)), "jitter", number=0.0), usual]
    low, high = (seconds(exam, tried, "jitter") for tried in tries)
    if low is None or high is None:
        return
    moves = [abs(a - b) > bound / 4 for a, b, bound in zip(low, high, BOUNDS, strict=False)]
    are_all = len(low) == len(high) == len(BOUNDS)
    drawn = sum(len(tried.drawn) for tried in tries)
    is_moved = any(abs(a - b) > GRAIN for a, b in zip(low[:EARLY], high[:EARLY], strict=False))
    wrong = exam.which(
        {"own-random": drawn == 0 and low != high, "little-jitter": is_moved},
        otherwise="no-jitter",
    )
    both = " and ".join(", ".join(f"{w:.2f}" for w in waits[:EARLY]) for waits in (low, high))
    moves_early = are_all and all(moves[:EARLY]) and drawn > 0
    exam.expect("jitter", moves_early, wrong, 0 if wrong == "own-random" else both)
    for tried in tries:
        count, waits = len(tried.drawn), len(tried.pauses)
        drawn_for = f"{count} {'time' if count == 1 else 'times'} for {waits} waits"
        exam.expect("jitter", count >= waits, "one-draw", drawn_for)
    if are_all:
        exam.expect("jitter", all(moves), "late-jitter", f"{low[-1]:.2f} and {high[-1]:.2f}")
    for place in places_outside(low[:EARLY]):
        exam.expect("jitter", False, "wait-otherwise", out_of_bounds(low, place))


def judge_retry_after(exam: Exam) -> None:
    """Judge waits after a long and a short `retry-after`, and after a 429 that has none."""
    asked, soon = exam.number(310, 390), exam.number(18, 28)
    faults: list[Fault] = [
        rate_limited(retry_after=asked),
        rate_limited(),
        Fault(529, "Overloaded", {"retry-after": str(asked + 7)}),
        rate_limited(retry_after=1),
        rate_limited(retry_after=soon),
    ]
    tried = attempt(exam, [*faults, text(exam.words(3))], "retry-after", number=SMALL)
    waits = seconds(exam, tried, "retry-after")
    if waits is None:
        return
    if len(waits) < len(faults):
        wrong = exam.which(
            {
                "no-sleep": not all(tried.pauses),
                "own-cap": _is_retried(exam, rate_limited(retry_after=1)),
                "wait-not-retried": faults[tried.count - 1].status == 429,
            },
            otherwise="gave-up-at-once",
        )
        observed = tried.count if wrong == "no-sleep" else tried.outcome
        exam.expect("retry-after", False, wrong, observed)
        return
    bounds = (
        told_waits(asked, 0),
        (BOUNDS[1] / 2, BOUNDS[1]),
        told_waits(asked + 7, 2),
        told_waits(1, 3),
        told_waits(soon, 4),
    )
    named = (
        f"a 429 with retry-after {asked}",
        "a 429 with no retry-after",
        f"a 529 with retry-after {asked + 7}",
        "a 429 with retry-after 1",
        f"a 429 with retry-after {soon}",
    )
    for wait, bound, what in zip(waits, bounds, named, strict=False):
        judge_wait(exam, wait, bound, what, is_usual=what == named[1])


def judge_wait(
    exam: Exam, wait: float, bounds: tuple[float, float], what: str, *, is_usual: bool = False
) -> None:
    """Judge one wait; is_usual: whether it goes by the usual bounds, not by a `retry-after`.

    bounds: the shortest and the longest, in seconds. what: the error that it comes after.
    """
    least, most = bounds
    wrong = exam.which(
        {"wait-otherwise": is_usual, "retry-after-ignored": wait < least},
        otherwise="retry-after-overdone",
    )
    is_right = least - GRAIN <= wait <= most + GRAIN
    exam.expect("retry-after", is_right, wrong, f"{what}: waited {wait:.2f} s")


def told_waits(asked: int, place: int) -> tuple[float, float]:
    """Return the shortest and the longest wait after a `retry-after` of so many seconds.

    Either `retry-after` and a quarter of it, or the longer of it and the usual wait: the task
    allows both. place: of the wait, from 0.
    """
    return asked, max(asked * (1 + MOST_LONGER), BOUNDS[place])


def _is_retried(exam: Exam, fault: Fault) -> bool:
    """Return whether the code tries again after a fault."""
    return attempt(exam, [fault, text(exam.words(2))], "retry-after").count > 1
