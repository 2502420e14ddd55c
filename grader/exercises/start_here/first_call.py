"""A prompt in, the reply's text out."""

from __future__ import annotations

from grader.exams import Called, Case, Criterion, Exam, SdkObject, Shapes, exercise, shown
from grader.exercises.failures import FAILURES, failing_scene, judge_failure
from grader.exercises.loops import last_user_text
from grader.exercises.readings import compared, is_same
from grader.exercises.replies import (
    WORDINGS,
    beside,
    is_joined_otherwise,
    text_json,
    worded,
)
from grader.simulator import Turn

MOST_REQUESTS = 8
"""How many requests we answer, so that we can tell asking twice from failing."""
_LONG = "a long one"
"""A prompt with a document in it, as real ones have."""
_LEAST = 20
"""The least limit that leaves room for an answer; the docstring says so."""


@exercise(
    minutes=5,
    criteria=[
        Criterion("asks", "one request reaches the API, with room for the answer"),
        Criterion("prompt", "the request carries the prompt it was given"),
        Criterion(
            "returns",
            "the function returns the reply's text, and an error of the API passes through",
        ),
        Criterion("any-block", "it finds all of the text, whatever else the reply holds"),
    ],
    shapes=Shapes(
        pairs=[("beside", "where"), ("texts", "beside")],
        beside=["nothing", "thinking", "a search", "an editor"],
        where=["in front", "behind"],
        texts=["one", "two", "two alike"],
        answer=[*WORDINGS, "lines"],
        prompt=[*WORDINGS, _LONG],
        error=list(FAILURES),
    ),
)
def first_call(exam: Exam) -> None:
    """Send prompts and return the replies' texts, the simplest reply first."""
    first, *others = sorted(
        exam.cases("beside", "where", "texts", "answer", "prompt"),
        key=lambda case: case.texts != "one",
    )
    if _answers(exam, first, "returns"):
        for case in others:
            with exam.part():
                _answers(exam, case, "any-block")
    for case in exam.cases("error"):
        with exam.part():
            _meets_an_error(exam, case.error)


def _meets_an_error(exam: Exam, error: str) -> None:
    scene, judges = failing_scene(exam, error), ("returns",)
    called = exam.call(scene.client, exam.words(3), judges=judges, may_raise=("Exception",))
    judge_failure(exam, "returns", called)


def _answers(exam: Exam, case: Case, criterion: str) -> bool:
    said = worded(exam, case.answer)
    texts = {"two": [said, worded(exam, case.answer)], "two alike": [said, said]}.get(
        case.texts, [said]
    )
    more, blocks = beside(exam, case.beside), [text_json(each) for each in texts]
    content = [*more, *blocks] if case.where == "in front" else [blocks[0], *more, *blocks[1:]]
    called = _asked(exam, Turn(tuple(content)), _prompt(exam, case.prompt), criterion)
    value, whole = called.value, "".join(texts)
    types = ", ".join(block["type"] for block in content)
    told = f"{types}; your function returned {shown(value)}"
    is_text = isinstance(value, str)
    slip = exam.slip(
        {
            "printed": value is None and said.strip() in called.printed,
            "returned-block": _holds_a_block(value),
            "text-behind": (
                case.beside != "nothing"
                and case.answer != "spaces at the edges"
                and value in (None, ""),
                told,
            ),
            "only-some-text": (
                is_text and len(texts) > 1 and value.strip() in map(str.strip, texts),
                told,
            ),
            "edges-lost": is_text and value == whole.strip(),
            "joined-otherwise": is_joined_otherwise(value, texts),
        },
        otherwise="other-text",
        observed=compared(value, whole),
    )
    return exam.expect(criterion, is_same(value, whole), slip)


def _prompt(exam: Exam, wording: str) -> str:
    return (
        " ".join(exam.words(20) for _ in range(80)) if wording == _LONG else worded(exam, wording)
    )


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
            {
                "trimmed-prompt": (asked == prompt.strip(), asked),
                "cut-prompt": (
                    asked != "" and asked in prompt,
                    f"{len(asked)} of {len(prompt)} characters",
                ),
            },
            otherwise="other-prompt",
            observed=compared(asked, prompt),
        )
        exam.expect("prompt", asked == prompt, slip)

    return exam.call(scene.client, prompt, judges=(criterion,), sent=sent)


def _holds_a_block(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, SdkObject | dict) for item in items)
