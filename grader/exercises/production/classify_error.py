"""What to do with an error: try again, wait, mend something, or give up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from grader.exams import Criterion, Exam, exercise, sdk_error
from grader.exercises.production.classify_mistakes import MISTAKES
from grader.exercises.production.lesson import NAME
from grader.simulator import (
    Fault,
    Scripted,
    connection_cut,
    interrupted,
    overloaded,
    rate_limited,
    server_error,
    spend_limit_reached,
    text,
    timed_out,
)

Json = Any

WORDS = ("retry", "wait", "fix", "give up")
_TOO_LONG = 40_000
"""More `max_tokens` than the SDK lets pass without a stream."""
_MISLEADING = "retry_on_429_rate_limit_error_or_529_overloaded_error_or_timeout"
"""A key that no request has, and that a refusal quotes."""


@exercise(
    lesson=NAME,
    minutes=5,
    criteria=[
        Criterion("retry", "faults on the API's side are to `retry`"),
        Criterion("wait", "a rate limit is to `wait` for"),
        Criterion("fix", "what is refused, or never sent, is to `fix`"),
        Criterion("connection", "a lost connection and a timeout are to `retry`"),
        Criterion("give-up", "a bill, and what the API says not to retry, is to `give up`"),
        Criterion("midstream", "an error in mid-stream is told by its type"),
    ],
    mistakes=MISTAKES,
    hints=(
        "Four heaps of errors. Which one is for everything that you do not know?",
        "The table under “Errors as they arrive” has a line for each heap.",
        "First `isinstance` for what has no status, then `exc.status_code`, then `exc.type`.",
    ),
)
def classify_error(exam: Exam) -> None:
    """Classify errors with a status, without one, with strange words, and in mid-stream."""
    judge = _Judge(exam)
    first = judge.ask(overloaded(), "retry", "retry")
    if first not in WORDS:
        return
    if judge.ask(_refused(exam), "fix", "fix", same_as=first) == first:
        return
    for fault in (server_error(), Fault(504, exam.words(3))):
        judge.ask(fault, "retry", "retry")
    for status in (408, 409):
        judge.ask(Fault(status, exam.words(3)), "retry", "retry", "four-hundreds-alike")
    judge.ask(rate_limited(), "wait", "wait", "wait-missed")
    for status in (exam.pick(401, 403), exam.pick(404, 413)):
        judge.ask(Fault(status, exam.words(3)), "fix", "fix")
    judge.ask(Fault(529, exam.words(3)), "retry", "retry", "matched-message")
    misleading = Fault(400, f"{_MISLEADING}: Extra inputs are not permitted")
    judge.ask(misleading, "fix", "fix", "matched-message")
    parameters = exam.pick({"max_tokens": _TOO_LONG}, {"max_tokens": None})
    judge.ask(None, "fix", "fix", "own-mistake", **parameters)
    for lost in (connection_cut(), timed_out()):
        judge.ask(lost, "retry", "connection", "connection-missed")
    judge.ask(Fault(402, exam.words(3)), "give up", "give-up", "bill-missed")
    judge.ask(spend_limit_reached(), "give up", "give-up", "told-not-to")
    final = replace(server_error(), headers={"x-should-retry": "false"})
    judge.ask(final, "give up", "give-up", "told-not-to")
    for fault in (overloaded(), server_error()):
        broken = interrupted(text(exam.words(9)), after=1, fault=fault)
        judge.ask(broken, "retry", "midstream", "status-200")


def _refused(exam: Exam) -> Fault:
    return Fault(400, f"{exam.fresh('key')}: Extra inputs are not permitted")


class _Judge:
    """Ask about one error after the other."""

    def __init__(self, exam: Exam) -> None:
        self._exam = exam

    def ask(
        self,
        reply: Scripted | None,
        expected: str,
        criterion: str,
        mistake: str | None = None,
        *,
        same_as: str = "",
        **parameters: Json,
    ) -> Json:
        """Ask about one error, judge the answer, and return it.

        mistake: what another answer shows; by what is expected unless given.
        same_as: the answer to the error before, which is of another kind; "" for none.
        """
        exam = self._exam
        error = sdk_error(reply, seed=exam.number(0, 2**32 - 1), **parameters)
        called = exam.call(error, judges=(criterion,))
        value = called.value
        is_word = isinstance(value, str) and value in WORDS
        kind = "retry-missed" if expected == "retry" else "fix-missed"
        wrong = exam.which(
            {
                "printed": value is None and called.printed.strip() in WORDS,
                "no-word": not is_word,
                "one-answer": value == same_as,
                "fix-retried": mistake is None and expected == "fix" and value in WORDS[:2],
            },
            otherwise=mistake or kind,
        )
        observed = value
        if is_word and wrong != "one-answer":
            observed = f"{_told(reply)} → {value}"
        # Whoever says the same to all has told nothing apart.
        for each in (criterion, "retry") if value == same_as else (criterion,):
            is_right = value == expected != same_as
            exam.expect(each, is_right, wrong, observed)
        return value


def _told(reply: Scripted | None) -> str:
    """Return what an error is, in few words."""
    if isinstance(reply, Fault) and reply.status:
        note = ", x-should-retry: false" if "x-should-retry" in reply.headers else ""
        return f"{reply.status} {reply.type}{note}"
    if isinstance(reply, Fault):
        return "APITimeoutError" if reply.cut == "timeout" else "APIConnectionError"
    if reply is None:
        return "an error raised before the request was sent"
    return f"{reply.fault.type} in mid-stream"  # type: ignore[union-attr]
