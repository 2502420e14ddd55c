"""Stop reasons in OpenAI's words."""

from __future__ import annotations

from typing import Any

from grader.exams import Case, Criterion, Exam, Shapes, exercise, shown
from grader.exercises.readings import is_same
from grader.exercises.replies import beside, text_json

Json = Any

_WORDS = {
    "end_turn": ("stop", "finished", "sequence-not-stop"),
    "stop_sequence": ("stop", "finished", "sequence-not-stop"),
    "max_tokens": ("length", "cut", "window-as-stop"),
    "model_context_window_exceeded": ("length", "cut", "window-as-stop"),
    "tool_use": ("tool_calls", "tools", "tool-use-lost"),
    "refusal": ("content_filter", "refused", "refusal-as-stop"),
}
"""OpenAI's word for each reason, with the criterion and the mistake of another word."""
_WITH = {"a text": "a text", "nothing": "no content", "a call": "a call in it"}
_UNKNOWN = ("pause_turn", "compaction", "a new one", "one like end_turn", "one like max_tokens")


@exercise(
    minutes=6,
    criteria=[
        Criterion("finished", "`end_turn` and `stop_sequence` are `stop`"),
        Criterion("cut", "`max_tokens` and a full context window are `length`"),
        Criterion("tools", "`tool_use` is `tool_calls`"),
        Criterion("refused", "`refusal` is `content_filter`"),
        Criterion("unknown", "any other reason raises a `ValueError`"),
    ],
    shapes=Shapes(
        pairs=[("reason", "content")],
        reason=[*_WORDS, *_UNKNOWN],
        content=["a text", "nothing", "a call"],
        form=["Message", "ParsedMessage"],
    ),
)
def finish_reason(exam: Exam) -> None:
    """Translate all known stop reasons, and some that do not exist, whatever the reply holds."""
    reasons = [*_WORDS, *_UNKNOWN]
    first, *others = sorted(
        exam.cases(), key=lambda case: (case.content != "a text", reasons.index(case.reason))
    )
    right: set[str] = set()
    _translates(exam, first, right)
    for case in others:
        with exam.part():
            if case.reason in _WORDS:
                _translates(exam, case, right)
            else:
                _raises(exam, case)
    # Some come again, in an order that nobody can predict.
    for _ in range(4):
        with exam.part():
            _translates(exam, Case(**{**vars(first), "reason": exam.pick(*_WORDS)}), right)


def _translates(exam: Exam, case: Case, right: set[str]) -> None:
    """Judge the word for one reason; right: the reasons whose word was right so far."""
    word, criterion, mistake = _WORDS[case.reason]
    may_raise = ("ValueError", "LookupError")
    called = exam.call(_message(exam, case, case.reason), judges=(criterion,), may_raise=may_raise)
    value = called.value
    slip = exam.slip(
        {
            "reason-missing": (called.raised is not None, f"{case.reason}: {called.raised}"),
            "printed": value is None and word in called.printed,
            "returned-as-is": (value == case.reason != word, value),
            "content-decides": (
                case.content != "a text" and not is_same(value, word) and case.reason in right,
                f"{shown(value)} for {case.reason} with {_WITH[case.content]}",
            ),
        },
        otherwise=mistake,
        observed=f"{shown(value)} (for {case.reason} and {case.content})",
    )
    if exam.expect(criterion, is_same(value, word), slip):
        right.add(case.reason)


def _raises(exam: Exam, case: Case) -> None:
    new = {
        "a new one": exam.fresh("new_reason"),
        "one like end_turn": exam.fresh("end_turn"),
        "one like max_tokens": exam.fresh("max_tokens"),
    }
    reason = new.get(case.reason, case.reason)
    called = exam.call(_message(exam, case, reason), judges=("unknown",), may_raise=("Exception",))
    is_silent = called.raised is None
    wrong = exam.which({"unknown-as-stop": is_silent}, otherwise="unknown-key-error")
    observed = f"{shown(called.value)} (for {reason})" if is_silent else called.raised
    exam.expect("unknown", "ValueError" in called.raised_kinds, wrong, observed)


def _message(exam: Exam, case: Case, reason: str) -> Json:
    content = {
        "a text": [text_json(exam.words(3))],
        "nothing": [],
        "a call": [text_json(exam.words(2)), *beside(exam, "a call")],
    }[case.content]
    stop = exam.fresh("END") if reason == "stop_sequence" else None
    return exam.message(content=content, form=case.form, stop_reason=reason, stop_sequence=stop)
