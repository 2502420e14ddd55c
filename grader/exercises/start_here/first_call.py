"""A prompt in, the reply's text out."""

from __future__ import annotations

from grader.exams import (
    OWN_RAISE,
    Called,
    Case,
    Crash,
    Criterion,
    Exam,
    SdkObject,
    Shapes,
    Slip,
    exercise,
    shown,
)
from grader.exercises.failures import FAILURES, failing_scene, judge_failure
from grader.exercises.loops import last_user_text
from grader.exercises.readings import compared, is_same
from grader.exercises.replies import (
    BLANKS,
    WORDINGS,
    beside,
    is_blank_dropped,
    is_joined_otherwise,
    text_json,
    with_blank,
    worded,
    words_beside,
)
from grader.simulator import Turn

MOST_REQUESTS = 12
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
        pairs=[("beside", "where"), ("texts", "beside"), ("texts", "blank")],
        beside=["nothing", "thinking", "a search", "an editor"],
        where=["in front", "behind"],
        texts=["one", "two", "two alike"],
        blank=list(BLANKS),
        answer=[*WORDINGS, "lines"],
        prompt=[*WORDINGS, _LONG],
        silent=["nothing", "thinking", "a search"],
        ends=["max_tokens", "stop_sequence", "refusal", "model_context_window_exceeded"],
        error=list(FAILURES),
    ),
)
def first_call(exam: Exam) -> None:
    """Send prompts and return the replies' texts, the simplest reply first."""
    first, *others = sorted(
        exam.cases("beside", "where", "texts", "blank", "answer", "prompt"),
        key=lambda case: (case.texts != "one", case.blank != "none"),
    )
    if _answers(exam, first, "returns"):
        for case in others:
            with exam.part():
                _answers(exam, case, "any-block")
        for case in exam.cases("silent"):
            with exam.part():
                _says_nothing(exam, case.silent)
        for case in exam.cases("ends"):
            with exam.part():
                _ends_otherwise(exam, case.ends)
    for case in exam.cases("error"):
        with exam.part():
            _meets_an_error(exam, case.error)


def _meets_an_error(exam: Exam, error: str) -> None:
    scene, judges = failing_scene(exam, error), ("returns",)
    called = exam.call(scene.client, exam.words(3), judges=judges, may_raise=("Exception",))
    judge_failure(exam, "returns", called, scene, failure=error)


def _ends_otherwise(exam: Exam, reason: str) -> None:
    """Judge a reply of one text that ends for another reason than `end_turn`."""
    said, stop = exam.words(4), exam.fresh("END") if reason == "stop_sequence" else None
    reply = Turn((text_json(said),), stop_reason=reason, stop_sequence=stop)
    crash: Crash = {OWN_RAISE: Slip("ending-raised", reason)}
    called = _asked(exam, reply, exam.words(3), "returns", crash=crash)
    slip = exam.slip(
        {
            "ending-dropped": (called.value in (None, ""), f"{reason}: {shown(called.value)}"),
            "words-added": _adds_words(called.value, said),
        },
        otherwise="other-text",
        observed=compared(called.value, said),
    )
    exam.expect("returns", is_same(called.value, said), slip)


def _says_nothing(exam: Exam, kind: str) -> None:
    """Judge a reply without text; kind: of the blocks that it has."""
    content = beside(exam, kind)
    reply, prompt = Turn(tuple(content)), exam.words(3)
    called = _asked(exam, reply, prompt, "any-block", crash="empty-crash")
    value = called.value
    is_text = isinstance(value, str)
    slip = exam.slip(
        {
            "thinking-in-text": kind == "thinking" and is_text and content[0]["thinking"] in value,
            "beside-in-text": is_text and any(each in value for each in words_beside(content)),
        },
        otherwise="empty-otherwise",
        observed=value,
    )
    exam.expect("any-block", is_same(value, ""), slip)


def _adds_words(value: object, whole: str) -> bool:
    """Return whether a value has the whole text and more than blanks beside it."""
    return isinstance(value, str) and whole in value and bool(value.replace(whole, "", 1).strip())


def _answers(exam: Exam, case: Case, criterion: str) -> bool:
    said = worded(exam, case.answer)
    texts = {
        "two": [said, worded(exam, case.answer)],
        "two alike": [said, said],
    }.get(case.texts, [said])
    texts = with_blank(texts, case.blank)
    more, blocks = beside(exam, case.beside), [text_json(each) for each in texts]
    content = [*more, *blocks] if case.where == "in front" else [blocks[0], *more, *blocks[1:]]
    thoughts = [block["thinking"] for block in content if block["type"] == "thinking"]
    called = _asked(exam, Turn(tuple(content)), _prompt(exam, case.prompt), criterion)
    value, whole = called.value, "".join(texts)
    types = ", ".join(block["type"] for block in content)
    told = f"{types}; your function returned {shown(value)}"
    is_text = isinstance(value, str)
    slip = exam.slip(
        {
            "printed": value is None and said.strip() in called.printed,
            "returned-block": _holds_a_block(value),
            "thinking-in-text": is_text and any(each in value for each in thoughts),
            "beside-in-text": is_text and any(each in value for each in words_beside(content)),
            "blank-dropped": (is_blank_dropped(value, texts), told),
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


def _asked(exam: Exam, reply: Turn, prompt: str, criterion: str, *, crash: Crash = None) -> Called:
    """Call with a new prompt, and judge the request; answer a second request too."""
    scene = exam.scene(*[reply] * MOST_REQUESTS)

    def sent(called: Called | None) -> None:
        requests, value = scene.requests, called and called.value
        slip = exam.slip(
            {
                "no-request": (not requests, value),
                "asked-on": (reply.stop_reason != "end_turn", reply.stop_reason),
            },
            otherwise="many-requests",
            observed=len(requests),
        )
        exam.expect("asks", len(requests) == 1, slip)
        if not requests:
            exam.expect("prompt", False, "no-request", value)
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

    return exam.call(scene.client, prompt, judges=(criterion,), crash=crash, sent=sent)


def _holds_a_block(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, SdkObject | dict) for item in items)
