"""What to do about an error: try again, wait, fix something, or give up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from grader.exams import (
    Criterion,
    Exam,
    SdkError,
    Shapes,
    Slip,
    exercise,
    page_error,
    python_error,
    sdk_error,
)
from grader.simulator import (
    Fault,
    Interrupted,
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
_MISLEADING = (
    "retry_on_429_rate_limit_error_or_529_overloaded_error_or_timeout"
    "_or_your_credit_balance_or_billing_or_monthly_spend_or_usage_limit"
)
"""A key that no request has, quoted in a refusal."""
_MONEY = f"Your credit balance is too low. {spend_limit_reached().message}"
"""What an error may say about money."""
_OF_PYTHON = {
    "KeyError": "model",
    "FileNotFoundError": "invoice.pdf",
    "AttributeError": "'Messages' object has no attribute 'creat'",
}
"""What a mistake around a call raises, with its text; the SDK's own checks raise other kinds."""
_USUAL = (overloaded().message, server_error().message, rate_limited().message)
"""The API's own words for errors that pass."""


@exercise(
    minutes=5,
    criteria=[
        Criterion("retry", "faults on the API's side are to `retry`"),
        Criterion("wait", "a rate limit is to `wait` for"),
        Criterion("fix", "what is refused, or never sent, is to `fix`"),
        Criterion("connection", "a lost connection and a timeout are to `retry`"),
        Criterion("give-up", "a bill, and what the API says not to retry, is to `give up`"),
        Criterion("midstream", "an error in mid-stream is told by its type"),
    ],
    shapes=Shapes(
        error=[
            *("500", "504", "529 with retry-after", "408", "409"),
            *("429", "429 with retry-after", "401", "403", "404", "413"),
            *("502 from a proxy", "503 from a proxy", "520 from a proxy", "429 from a proxy"),
            *("529 in other words", "400 in misleading words"),
            *("too many max_tokens", "no max_tokens", "lost", "timed out"),
            *("529 that speaks of money", "400 that speaks of money", "429 that speaks of money"),
            *("402", "429 not to be retried", "500 not to be retried"),
            *("429 not to be retried, in other words", "529 not to be retried"),
            *("529 in mid-stream", "500 in mid-stream", "400 in mid-stream", "401 in mid-stream"),
            *("an unknown type in mid-stream", "429 in mid-stream"),
            *("418 from a proxy", "422 from a proxy", *_OF_PYTHON, "a page in place of a Message"),
        ]
    ),
)
def classify_error(exam: Exam) -> None:
    """Classify errors with a status, without one, with strange words, and in mid-stream."""
    first = _ask(exam, _Case(overloaded(), "retry", "retry", "retry-missed"))
    _judge(exam, *first)
    if first[1] not in WORDS:
        return
    second = _ask(exam, _Case(_refused(exam), "fix", "fix", "fix-missed"))
    if second[1] == first[1]:
        # Code that answers both alike has told nothing apart.
        exam.judge(Slip("one-answer", second[1]), "retry", "fix")
        return
    _judge(exam, *second)
    cases = _cases(exam)
    asked: dict[int, tuple[_Case, Json, str]] = {}
    named = list(enumerate(cases[case.error] for case in exam.cases()))
    # In a new order each time, because the answers are the same in every check.
    for place, case in sorted(named, key=lambda _: exam.number(0, 2**32 - 1)):
        with exam.part():
            asked[place] = _ask(exam, case)
    for place in sorted(asked):
        _judge(exam, *asked[place])


@dataclass(frozen=True)
class _Case:
    """Hold one error and what should be done with it.

    reply: the API's answer; None if the SDK raises before it sends.
    mistake: the one that any other answer shows. parameters: those of the call.
    type: the error type sent in mid-stream, if no status belongs to it.
    is_proxied: a proxy answers, with a page instead of JSON and without the API's headers.
    python: the exception of Python's own that is raised in the call's place.
    also: other words that are as right, where one may go by the status or by the type.
    """

    reply: Fault | Interrupted | None
    expected: str
    criterion: str
    mistake: str
    parameters: dict[str, Json] = field(default_factory=dict)
    type: str = ""
    is_proxied: bool = False
    python: str = ""
    also: tuple[str, ...] = ()

    @property
    def fault(self) -> Fault | None:
        """Return the fault with the error's words; None if the API said nothing."""
        fault = self.reply.fault if isinstance(self.reply, Interrupted) else self.reply
        return None if fault is None or fault.cut else fault

    def with_fault(self, fault: Fault) -> _Case:
        """Return the same case with another fault."""
        if isinstance(self.reply, Interrupted):
            return replace(self, reply=replace(self.reply, fault=fault))
        return replace(self, reply=fault)

    @property
    def names_a_moment(self) -> bool:
        """Return whether the reply says when to come back."""
        return self.fault is not None and "retry-after" in self.fault.headers

    @property
    def told(self) -> str:
        """Return a short name for the error."""
        reply = self.reply
        if self.python:
            return f"a {self.python}, raised before a request was sent"
        if self.is_proxied and reply is None:
            return "an APIResponseValidationError, for a page with the status 200"
        if reply is None:
            return "an error raised before the request was sent"
        if isinstance(reply, Interrupted):
            return f"{self.type or reply.fault.type} in mid-stream"
        if reply.cut:
            return "APITimeoutError" if reply.cut == "timeout" else "APIConnectionError"
        if self.is_proxied:
            return f"{reply.status} from a proxy, without JSON and x-should-retry"
        noted = [f", {name}: {value}" for name, value in reply.headers.items()]
        if self.expected == "wait" and not self.names_a_moment:
            noted.append(", no retry-after")
        return f"{reply.status} {reply.type}{''.join(noted)}"


def _cases(exam: Exam) -> dict[str, _Case]:
    """Return the errors by name, from the most usual to the strangest."""
    hurried = replace(overloaded(), headers={"retry-after": str(exam.number(2, 20))})
    misleading = Fault(400, f"{_MISLEADING}: Extra inputs are not permitted")
    refused = {"x-should-retry": "false"}
    final = replace(server_error(), headers=refused)
    unknown = f"{exam.fresh('odd')}_error"

    def told(status: int) -> Fault:
        return Fault(status, exam.words(3))

    cases: dict[str, _Case] = {
        "500": _Case(server_error(), "retry", "retry", "retry-missed"),
        "504": _Case(told(504), "retry", "retry", "retry-missed"),
        "529 with retry-after": _Case(hurried, "retry", "retry", "retry-missed"),
    }
    for status in (408, 409):
        cases[f"{status}"] = _Case(told(status), "retry", "retry", "four-hundreds-alike")
    cases["429"] = _Case(rate_limited(), "wait", "wait", "wait-missed")
    later = rate_limited(retry_after=exam.number(2, 20))
    cases["429 with retry-after"] = _Case(later, "wait", "wait", "wait-missed")
    for status in (401, 403, 404, 413):
        cases[f"{status}"] = _Case(told(status), "fix", "fix", "fix-missed")
    proxies = (502, "retry"), (503, "retry"), (520, "retry"), (429, "wait")
    refusing = (418, "fix"), (422, "fix")
    for status, expected in (*proxies, *refusing):
        cases[f"{status} from a proxy"] = _Case(
            told(status), expected, expected, f"{expected}-missed", is_proxied=True
        )
    for kind in _OF_PYTHON:
        cases[kind] = _Case(None, "fix", "fix", "own-mistake", python=kind)
    cases["a page in place of a Message"] = _Case(
        None, "fix", "fix", "page-retried", is_proxied=True
    )
    return cases | {
        "529 in other words": _Case(told(529), "retry", "retry", "matched-message"),
        "400 in misleading words": _Case(misleading, "fix", "fix", "matched-message"),
        **{
            f"{status} that speaks of money": _Case(
                Fault(status, _MONEY), expected, expected, "matched-message"
            )
            for status, expected in ((529, "retry"), (400, "fix"), (429, "wait"))
        },
        "too many max_tokens": _Case(None, "fix", "fix", "own-mistake", {"max_tokens": _TOO_LONG}),
        "no max_tokens": _Case(None, "fix", "fix", "own-mistake", {"max_tokens": None}),
        "lost": _Case(connection_cut(), "retry", "connection", "connection-missed"),
        "timed out": _Case(timed_out(), "retry", "connection", "connection-missed"),
        "402": _Case(told(402), "give up", "give-up", "bill-missed"),
        "429 not to be retried": _Case(spend_limit_reached(), "give up", "give-up", "told-not-to"),
        "500 not to be retried": _Case(final, "give up", "give-up", "told-not-to"),
        # Only the header says so: there is no error code, and the words say nothing.
        **{
            name: _Case(replace(told(status), headers=refused), "give up", "give-up", "told-not-to")
            for name, status in (
                ("429 not to be retried, in other words", 429),
                ("529 not to be retried", 529),
            )
        },
        "529 in mid-stream": _Case(_broken(exam, told(529)), "retry", "midstream", "status-200"),
        "500 in mid-stream": _Case(
            _broken(exam, server_error()), "retry", "midstream", "status-200"
        ),
        **{
            f"{status} in mid-stream": _Case(
                _broken(exam, Fault(status, f"{_MISLEADING}?")),
                "fix",
                "midstream",
                "midstream-alike",
            )
            for status in (400, 401)
        },
        # Its type says "wait", and the table nothing.
        "429 in mid-stream": _Case(
            _broken(exam, rate_limited()), "fix", "midstream", "midstream-alike", also=("wait",)
        ),
        "an unknown type in mid-stream": _Case(
            _broken(exam, server_error()), "fix", "midstream", "midstream-alike", type=unknown
        ),
    }


def _broken(exam: Exam, fault: Fault) -> Interrupted:
    return interrupted(text(exam.words(9)), after=1, fault=fault)


def _refused(exam: Exam) -> Fault:
    return Fault(400, f"{exam.fresh('key')}: Extra inputs are not permitted")


def _ask(exam: Exam, case: _Case) -> tuple[_Case, Json, str]:
    """Ask about one error; return the case, the answer, and what was printed."""
    # Such an error has a status and no type, and only what's said about it is judged.
    is_odd = case.is_proxied and case.reply is None
    may_raise = ("AttributeError",) if is_odd else ()
    called = exam.call(_error(exam, case), judges=(case.criterion,), may_raise=may_raise)
    if is_odd and called.raised is not None:
        return case, case.expected, called.printed
    return case, called.value, called.printed


def _error(exam: Exam, case: _Case) -> SdkError:
    if case.python:
        return python_error(case.python, _OF_PYTHON[case.python])
    if case.is_proxied and case.reply is None:
        return page_error(f"<html>{exam.words(2)}</html>")
    error = sdk_error(case.reply, seed=exam.number(0, 2**32 - 1), **case.parameters)
    if case.type and case.fault:
        return replace(error, body=error.body.replace(case.fault.type, case.type))
    if case.is_proxied and case.fault:
        page = f"<html><h1>{case.fault.status}</h1>{case.fault.message}</html>"
        headers = {"content-type": "text/html", **case.fault.headers}
        return replace(error, headers=headers, body=page)
    return error


def _judge(exam: Exam, case: _Case, value: Json, printed: str) -> None:
    is_word = isinstance(value, str) and value in WORDS
    # We ask again only about wrong answers, to find out why.
    is_right = is_word and value in (case.expected, *case.also)
    is_mistaken = is_word and not is_right
    wrong = exam.which(
        {
            "printed": value is None and printed.strip() in WORDS,
            "no-word": not is_word,
            "matched-message": is_mistaken and _depends_on_words(exam, case, value),
            "header-first": is_mistaken and _depends_on_header(exam, case, value),
            "header-missing": is_mistaken and case.is_proxied and _minds_if_told(exam, case),
            "type-alone": is_mistaken and case.is_proxied and _goes_by_type(exam, case),
            "wait-by-header": value == "wait" and case.names_a_moment,
            "waited": value == "wait" and case.mistake == "retry-missed",
            "header-as-bool": is_mistaken and _takes_header_as_bool(exam, case, value),
            "fix-retried": case.mistake == "fix-missed" and value in ("retry", "wait"),
            "status-200": case.mistake == "midstream-alike" and value != "retry",
        },
        otherwise=case.mistake,
    )
    observed = f"{case.told} → {value}" if is_word else value
    exam.expect(case.criterion, is_right, wrong, observed)


def _depends_on_words(exam: Exam, case: _Case, value: str) -> bool:
    """Return whether the same error with other words gets another answer."""
    fault = case.fault
    if fault is None:
        return False
    others = [
        replace(fault, message=words) for words in (exam.words(3), _MISLEADING, *_USUAL, _MONEY)
    ]
    return any(_answer(exam, case.with_fault(other)) != value for other in others)


def _depends_on_header(exam: Exam, case: _Case, value: str) -> bool:
    """Return whether a refused request is given up because its `x-should-retry` is false."""
    fault = case.fault
    if fault is None or case.mistake != "fix-missed" or value != "give up":
        return False
    other = replace(fault, headers={"x-should-retry": "true"})
    return bool(_answer(exam, case.with_fault(other)) != value)


def _minds_if_told(exam: Exam, case: _Case) -> bool:
    """Return whether a proxy's error would be told right if it had the header that says so."""
    return case.fault is not None and _answer(exam, _encouraged(case, case.fault)) == case.expected


def _goes_by_type(exam: Exam, case: _Case) -> bool:
    """Return whether a proxy's error would be told right if the API itself had sent it."""
    if case.fault is None:
        return False
    own = replace(_encouraged(case, case.fault), is_proxied=False)
    return bool(_answer(exam, own) == case.expected)


def _encouraged(case: _Case, fault: Fault) -> _Case:
    return case.with_fault(replace(fault, headers={"x-should-retry": "true"}))


def _takes_header_as_bool(exam: Exam, case: _Case, value: str) -> bool:
    """Return whether `x-should-retry: false` counts as true, since its text is not empty."""
    fault = case.fault
    if fault is None or case.mistake != "told-not-to" or value == "give up":
        return False
    other = replace(fault, headers={"x-should-retry": ""})
    return bool(_answer(exam, case.with_fault(other)) == "give up")


def _answer(exam: Exam, case: _Case) -> Json:
    called = exam.call(_error(exam, case), judges=(case.criterion,), may_raise=("Exception",))
    return called.value
