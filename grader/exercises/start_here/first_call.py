"""A prompt in, the reply's text out."""

from __future__ import annotations

from grader.exams import Called, Criterion, Exam, SdkObject, exercise
from grader.exercises.loops import last_user_text
from grader.simulator import Turn, text, thinking, turn

MOST_REQUESTS = 8
"""How many requests we answer, so that we can tell asking twice from failing."""


@exercise(
    minutes=5,
    criteria=[
        Criterion("asks", "one request reaches the API"),
        Criterion("prompt", "the request carries the prompt it was given"),
        Criterion("returns", "the function returns the reply's text"),
        Criterion("any-block", "it finds the text when another block comes first"),
    ],
)
def first_call(exam: Exam) -> None:
    """Send a prompt and return the reply's text, also from a reply that begins with thinking."""
    answer = exam.words(6)
    called = _asked(exam, text(answer), "returns")
    wrong = exam.which(
        {
            "printed": called.value is None and answer in called.printed,
            "returned-block": _holds_a_block(called.value),
        },
        otherwise="other-text",
    )
    if not exam.expect("returns", called.value == answer, wrong, called.value):
        return
    later = exam.words(5)
    called = _asked(exam, turn(thinking(), text(later)), "any-block")
    is_another_text = isinstance(called.value, str) and called.value != ""
    wrong = exam.which({"other-text": is_another_text}, otherwise="first-block")
    exam.expect("any-block", called.value == later, wrong, called.value)


def _asked(exam: Exam, reply: Turn, criterion: str) -> Called:
    """Call with a new prompt, and judge the request; answer a second request too."""
    prompt = f"Tell me about {exam.words(2)}."
    scene = exam.scene(*[reply] * MOST_REQUESTS)

    def sent(called: Called | None) -> None:
        requests, value = scene.requests, called and called.value
        kind = exam.which({"no-request": not requests}, otherwise="many-requests")
        exam.expect("asks", len(requests) == 1, kind, len(requests) or value)
        asked = last_user_text(requests[0]) if requests else ""
        exam.expect("prompt", asked == prompt, "other-prompt", asked)

    return exam.call(scene.client, prompt, judges=(criterion,), sent=sent)


def _holds_a_block(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, SdkObject | dict) for item in items)
