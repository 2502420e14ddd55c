"""Stop reasons in OpenAI's words."""

from __future__ import annotations

from grader.exams import Called, Criterion, Diagnosis, Exam, exercise
from grader.exercises.readings import is_same
from grader.exercises.shared_mistakes import printed
from grader.exercises.structure.lesson import NAME, STOP
from grader.simulator import text


@exercise(
    lesson=NAME,
    minutes=6,
    criteria=[
        Criterion("finished", "`end_turn` and `stop_sequence` are `stop`"),
        Criterion("cut", "`max_tokens` and a full context window are `length`"),
        Criterion("tools", "`tool_use` is `tool_calls`"),
        Criterion("refused", "`refusal` is `content_filter`"),
        Criterion("unknown", "any other reason raises a `ValueError`"),
    ],
    mistakes=[
        Diagnosis(
            "returned-as-is",
            title="The reason came back in Anthropic's words.",
            saw="Your function returned `{observed}`.",
            why="The caller still speaks OpenAI: it compares with `stop`, `length` and so on.",
            next="Look each stop reason up in a table of your own.",
            where=STOP,
        ),
        printed(STOP),
        Diagnosis(
            "reason-missing",
            title="Your function raises for a reason that OpenAI has a word for.",
            saw="For `{observed}` it raised an exception.",
            why="The caller would take a normal reply for a failure.",
            next="Give every reason that has a word in the table its own.",
            where=STOP,
        ),
        Diagnosis(
            "refusal-as-stop",
            title="A refusal is not a finished answer.",
            saw="For `refusal` your function returned `{observed}`.",
            why="Your program would show half an answer, or none, as if all were well.",
            next="Map `refusal` to `content_filter`.",
            where=STOP,
            hints=(
                "What does OpenAI's API say when its filter stops a reply?",
                "The table under “Why it stopped” has a row for it.",
                '`"refusal": "content_filter"`',
            ),
        ),
        Diagnosis(
            "window-as-stop",
            title="A reply that was cut off is not finished.",
            saw="For `{observed}` your function did not return `length`.",
            why="The caller has to know that the end is missing.",
            next="Map `max_tokens` and `model_context_window_exceeded` to `length`.",
            where=STOP,
        ),
        Diagnosis(
            "sequence-not-stop",
            title="`end_turn` and `stop_sequence` are both a normal end.",
            saw="For `{observed}` your function did not return `stop`.",
            why="Nothing is missing: the model was done, or came to an end that you had asked for.",
            next="Map `end_turn` and `stop_sequence` to `stop`.",
            where=STOP,
        ),
        Diagnosis(
            "tool-use-lost",
            title="The model waits for a tool, and nobody is told.",
            saw="For `tool_use` your function returned `{observed}`.",
            why="The caller runs the tools when it reads `tool_calls`.",
            next="Map `tool_use` to `tool_calls`.",
            where=STOP,
        ),
        Diagnosis(
            "unknown-as-stop",
            title="A reason you do not know is not a success.",
            saw="For `{observed}` your function did not raise anything.",
            why="The API adds reasons over time, and `pause_turn` means: not done yet.",
            next="Raise `ValueError` for every reason that is not in your table.",
            where=STOP,
            hints=(
                "What should your program do with a word it has never seen?",
                "The last line of the table under “Why it stopped” says what OpenAI lacks.",
                '`if reason not in TABLE: raise ValueError(f"… {reason}")`',
            ),
        ),
        Diagnosis(
            "unknown-key-error",
            title="Your function raises, but not a `ValueError`.",
            saw="For an unknown reason: `{observed}`.",
            why="Any other error reads like a slip in your code, not like news from the API.",
            next="Test for the reason first, and raise `ValueError` with the reason in its text.",
            where=STOP,
        ),
    ],
    hints=(
        "There are more reasons on this side than on the other: several share a word.",
        "“Why it stopped” has the table of both vocabularies.",
        "A dict from reason to word, and a `ValueError` for what is not in it.",
    ),
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
    # Some come again, in an order that nobody can foresee.
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
