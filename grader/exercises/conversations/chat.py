"""Ask one more question in a conversation whose history is a value."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from grader.exams import Criterion, Exam, Slip, exercise
from grader.exercises.conversations.lesson import without_prefill
from grader.exercises.loops import (
    Said,
    content_text,
    contents_of,
    find_lost_exchange,
    is_pair,
    last_user_text,
    objection,
    other_options,
    said_by,
    said_in,
    spoken,
)
from grader.exercises.readings import is_same
from grader.simulator import Turn, empty, text, thinking, turn

Json = Any

_MOST_REQUESTS = 4
"""How many requests of one call we answer, so that we can tell asking twice from failing."""


@exercise(
    minutes=7,
    criteria=[
        Criterion("sent", "the request carries the whole history, then the new question"),
        Criterion(
            "options", "`system`, `model` and `max_tokens` are as given, no system for `None`"
        ),
        Criterion("text", "the reply's text comes back, whatever block is first"),
        Criterion("history", "the new history ends with the question and the reply"),
        Criterion("blocks", "the reply stands there with all its blocks"),
        Criterion("value", "the caller's list is left as it was"),
        Criterion("empty", "a reply without content leaves no trace in the history"),
    ],
)
def chat(exam: Exam) -> None:
    """Hold a conversation of three questions, then meet an empty reply and no system prompt."""
    system = f"Be {exam.words(1)}."
    history: list[Json] = []
    replies = (
        text(exam.words(5)),
        turn(thinking(), text(f"{exam.words(3)} "), text(exam.words(3))),
        text(exam.words(4)),
    )
    for reply, judges in zip(replies, ((), ("text", "blocks"), ("sent",)), strict=True):
        asked = _asked(exam, system, history, reply, judges=judges)
        if asked is None or not _grows(exam, history, asked):
            break
        history = asked.history
    if not history:
        return
    _meets_an_empty_reply(exam, system)
    asked = _asked(exam, None, [], text(exam.words(3)), judges=("options",))
    if asked is not None:
        _grows(exam, [], asked)


@dataclass(frozen=True)
class _Asked:
    """Hold the question of one call, the API's reply, and what came back."""

    question: str
    content: list[Json]
    value: Json
    history: Json
    after: Json


def _asked(
    exam: Exam,
    system: str | None,
    history: list[Json],
    reply: Turn,
    *,
    judges: tuple[str, ...],
    crash: str | None = None,
) -> _Asked | None:
    """Call with a new question and judge the request; return None if nothing usable came back."""
    question = f"Tell me about {exam.words(2)}."
    scene = exam.scene(*[reply] * _MOST_REQUESTS)
    given = copy.deepcopy(history)
    options = {"model": exam.pick(*without_prefill()), "max_tokens": exam.number(50, 900)}
    if system is None:
        # The smallest call: it leaves the signature's defaults in place.
        options = {}
    called = exam.call(scene.client, system, given, question, judges=judges, crash=crash, **options)
    requests = scene.requests
    if not exam.expect("sent", len(requests) == 1, "requests-counted", len(requests)):
        exam.judge(Slip("requests-counted", len(requests)), *judges)
        return None
    if scene.refusal is not None:
        exam.judge(Slip("refused", scene.refusal), "sent", *judges)
        return None
    _was_sent(exam, requests[0], said_in(history), question)
    others = other_options(requests[0], {"system": system, **options})
    exam.expect("options", not others, "options-lost", others)
    value, words = called.value, content_text(list(reply.content))
    if not is_pair(value):
        is_printed = value is None and words != "" and words in called.printed
        wrong = exam.which({"printed": is_printed}, otherwise="not-a-pair")
        exam.judge(Slip(wrong, value), *(judges or ("history",)))
        return None
    content = contents_of(scene)[0]
    return _Asked(question, content, value[0], value[1], called.arguments[2])


def _was_sent(exam: Exam, request: Json, before: list[Said], question: str) -> None:
    arrived = said_in(request["messages"])
    is_asked = bool(arrived) and spoken(arrived[-1:]) == [("user", question)]
    exam.expect("sent", is_asked, "question-not-sent", last_user_text(request))
    wrong = exam.which(
        {"history-not-sent": len(arrived) == 1 < len(before)}, otherwise="history-changed"
    )
    observed = len(arrived) if wrong == "history-not-sent" else request["messages"][:-1]
    exam.expect("sent", arrived[:-1] == before, wrong, observed)


def _grows(exam: Exam, before: list[Json], asked: _Asked) -> bool:
    """Judge the result of a call that got an answer, and return whether to go on."""
    exam.expect(
        "text", is_same(asked.value, content_text(asked.content)), "other-text", asked.value
    )
    told = [
        *said_in(before),
        said_by("user", asked.question),
        said_by("assistant", asked.content),
    ]
    slip = find_lost_exchange(exam, asked.history, told)
    is_kept = isinstance(asked.history, list) and spoken(said_in(asked.history)) == spoken(told)
    exam.judge(None if is_kept else slip, "history")
    if asked.content[0]["type"] == "thinking":
        exam.judge(slip, "blocks")
    if is_kept:
        count = len(asked.after) if isinstance(asked.after, list) else asked.after
        exam.expect("value", is_same(asked.after, before), "mutated", count)
    return is_kept


def _meets_an_empty_reply(exam: Exam, system: str) -> None:
    history = [
        {"role": "user", "content": exam.words(3)},
        {"role": "assistant", "content": exam.words(4)},
    ]
    asked = _asked(exam, system, history, empty(), judges=("empty",), crash="empty-crash")
    if asked is None:
        return
    old, new = said_in(history), said_in(asked.history)
    following = {"role": "user", "content": exam.words(2)}
    is_list = isinstance(asked.history, list)
    refused = objection(exam, [*asked.history, following]) if is_list else None
    is_stored = refused is not None and spoken(new[-1:]) == [("assistant", "")]
    slip = exam.slip(
        {
            "empty-stored": (is_stored, refused),
            "question-left": (new == [*old, said_by("user", asked.question)], "user"),
        },
        otherwise="history-otherwise",
        observed=spoken(new),
    )
    exam.expect("empty", is_list and new == old, slip)
    exam.expect("empty", is_same(asked.value, ""), "other-text", asked.value)
