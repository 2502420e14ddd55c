"""Stop reasons in OpenAI's words."""

from __future__ import annotations

from grader.exams import Called, Criterion, Exam, exercise
from grader.exercises.readings import is_same
from grader.simulator import text


@exercise(
    minutes=6,
    criteria=[
        Criterion("finished", "`end_turn` and `stop_sequence` are `stop`"),
        Criterion("cut", "`max_tokens` and a full context window are `length`"),
        Criterion("tools", "`tool_use` is `tool_calls`"),
        Criterion("refused", "`refusal` is `content_filter`"),
        Criterion("unknown", "any other reason raises a `ValueError`"),
    ],
)
def finish_reason(exam: Exam) -> None:
    """Translate all seven stop reasons, and one that does not exist yet."""
    known = (
        ("end_turn", "stop", "finished", "sequence-not-stop"),
        ("stop_sequence", "stop", "finished", "sequence-not-stop"),
        ("max_tokens", "length", "cut", "window-as-stop"),
        ("model_context_window_exceeded", "length", "cut", "window-as-stop"),
        ("tool_use", "tool_calls", "tools", "tool-use-lost"),
        ("refusal", "content_filter", "refused", "refusal-as-stop"),
    )
    # Some come again, in an order that nobody can predict.
    again = [exam.pick(*known) for _ in range(4)]
    for reason, word, criterion, mistake in (*known, *again):
        called = _stopped(exam, reason, criterion, may_raise=("ValueError", "LookupError"))
        wrong = exam.which(
            {
                "reason-missing": called.raised is not None,
                "printed": called.value is None and word in called.printed,
                "returned-as-is": called.value == reason != word,
            },
            otherwise=mistake,
        )
        is_about_value = wrong in ("returned-as-is", "refusal-as-stop", "tool-use-lost")
        observed = called.value if is_about_value else reason
        exam.expect(criterion, is_same(called.value, word), wrong, observed)
    for reason in ("pause_turn", exam.fresh("new_reason")):
        called = _stopped(exam, reason, "unknown", may_raise=("Exception",))
        wrong = exam.which(
            {"unknown-as-stop": called.raised is None}, otherwise="unknown-key-error"
        )
        right = "ValueError" in called.raised_kinds
        exam.expect("unknown", right, wrong, called.raised or reason)


def _stopped(exam: Exam, reason: str, criterion: str, *, may_raise: tuple[str, ...]) -> Called:
    stop = exam.fresh("END") if reason == "stop_sequence" else None
    content = [] if reason == "refusal" else list(text(exam.words(3)).content)
    message = exam.message(content=content, stop_reason=reason, stop_sequence=stop)
    return exam.call(message, judges=(criterion,), may_raise=may_raise)
