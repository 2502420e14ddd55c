"""A prompt in, the reply's text out."""

from __future__ import annotations

from grader.exams import Called, Case, Criterion, Exam, SdkObject, Shapes, exercise
from grader.exercises.loops import last_user_text
from grader.exercises.readings import is_same
from grader.exercises.replies import WORDINGS, beside, text_json, worded
from grader.simulator import Turn

MOST_REQUESTS = 8
"""How many requests we answer, so that we can tell asking twice from failing."""
_LEAST = 20
"""The least limit that leaves room for an answer; the docstring says so."""


@exercise(
    minutes=5,
    criteria=[
        Criterion("asks", "one request reaches the API, with room for the answer"),
        Criterion("prompt", "the request carries the prompt it was given"),
        Criterion("returns", "the function returns the reply's text"),
        Criterion("any-block", "it finds the text, whatever else the reply holds"),
    ],
    shapes=Shapes(
        pairs=[("beside", "where")],
        beside=["nothing", "thinking", "a search", "an editor"],
        where=["in front", "behind"],
        answer=["plain", "other scripts", "marks", "lines"],
        prompt=WORDINGS,
    ),
)
def first_call(exam: Exam) -> None:
    """Send prompts and return the replies' texts, the simplest reply first."""
    first, *others = exam.cases()
    if _answers(exam, first, "returns"):
        for case in others:
            with exam.part():
                _answers(exam, case, "any-block")


def _answers(exam: Exam, case: Case, criterion: str) -> bool:
    answer = worded(exam, case.answer)
    more = beside(exam, case.beside)
    content = [*more, text_json(answer)] if case.where == "in front" else [text_json(answer), *more]
    called = _asked(exam, Turn(tuple(content)), worded(exam, case.prompt), criterion)
    # What stands at the edges of the answer is not what this exercise is about.
    value = called.value.strip() if isinstance(called.value, str) else called.value
    types = ", ".join(block["type"] for block in content)
    slip = exam.slip(
        {
            "printed": value is None and answer in called.printed,
            "returned-block": _holds_a_block(value),
            "text-behind": (
                case.beside != "nothing" and value in (None, ""),
                f"{types}; your function returned {value!r}",
            ),
        },
        otherwise="other-text",
        observed=value,
    )
    return exam.expect(criterion, is_same(value, answer), slip)


def _asked(exam: Exam, reply: Turn, prompt: str, criterion: str) -> Called:
    """Call with a new prompt, and judge the request; answer a second request too."""
    scene = exam.scene(*[reply] * MOST_REQUESTS)

    def sent(called: Called | None) -> None:
        requests, value = scene.requests, called and called.value
        kind = exam.which({"no-request": not requests}, otherwise="many-requests")
        exam.expect("asks", len(requests) == 1, kind, len(requests) or value)
        if not requests:
            exam.expect("prompt", False, kind, value)
            return
        limit = requests[0].get("max_tokens")
        has_room = not isinstance(limit, int) or limit >= _LEAST
        exam.expect("asks", has_room, "limit-too-low", limit)
        asked = last_user_text(requests[0])
        slip = exam.slip(
            {"trimmed-prompt": asked == prompt.strip()}, otherwise="other-prompt", observed=asked
        )
        exam.expect("prompt", asked == prompt, slip)

    return exam.call(scene.client, prompt, judges=(criterion,), sent=sent)


def _holds_a_block(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, SdkObject | dict) for item in items)
