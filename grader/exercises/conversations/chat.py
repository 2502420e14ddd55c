"""One question more in a conversation whose history is a value."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from grader.catalog import DEFAULT_MODEL
from grader.exams import Criterion, Exam, SdkObject, exercise
from grader.exercises.conversations.lesson import without_prefill
from grader.exercises.conversations.turns import (
    Turn,
    blocks_of,
    contents_of,
    other_options,
    spoken,
    turns_of,
    types_of,
    user,
)
from grader.exercises.readings import content_text, is_same, last_user_text
from grader.simulator import Turn as Reply
from grader.simulator import empty, text, thinking, turn

Json = Any

_MOST_REQUESTS = 4
"""How many requests of one call are answered, so that asking twice is told apart from failing."""


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
    """Hold what one call was asked, what the API replied, and what came back."""

    question: str
    content: list[Json]
    value: Json
    history: Json
    after: Json


def _asked(
    exam: Exam,
    system: str | None,
    history: list[Json],
    reply: Reply,
    *,
    judges: tuple[str, ...],
    crash: str | None = None,
) -> _Asked | None:
    """Call with a new question and judge what was sent; None when nothing of use came back."""
    question = f"Tell me about {exam.words(2)}."
    scene = exam.scene(*[reply] * _MOST_REQUESTS)
    given = copy.deepcopy(history)
    options = {"model": exam.pick(*without_prefill()), "max_tokens": exam.number(50, 900)}
    if system is None:
        # The smallest call: the defaults of the signature have to do.
        options = {}
    called = exam.call(scene.client, system, given, question, judges=judges, crash=crash, **options)
    requests = scene.requests
    if not exam.expect("sent", len(requests) == 1, "requests-counted", len(requests)):
        _lose(exam, judges, "requests-counted", len(requests))
        return None
    _was_sent(exam, requests[0], turns_of(history), question)
    _has_options(exam, requests[0], {"system": system, **options})
    value, words = called.value, content_text(list(reply.content))
    if not _is_pair(value):
        is_printed = value is None and words != "" and words in called.printed
        wrong = exam.which({"printed": is_printed}, otherwise="not-a-pair")
        _lose(exam, judges or ("history",), wrong, value)
        return None
    content = contents_of(scene)[0]
    return _Asked(question, content, value[0], value[1], called.arguments[2])


def _lose(exam: Exam, criteria: tuple[str, ...], diagnosis: str, observed: Json) -> None:
    for criterion in criteria:
        exam.expect(criterion, False, diagnosis, observed)


def _was_sent(exam: Exam, request: Json, before: list[Turn], question: str) -> None:
    arrived = turns_of(request["messages"])
    is_asked = bool(arrived) and spoken(arrived[-1:]) == [("user", question)]
    exam.expect("sent", is_asked, "question-not-sent", last_user_text(request))
    wrong = exam.which(
        {"history-not-sent": len(arrived) == 1 < len(before)}, otherwise="history-changed"
    )
    observed = len(arrived) if wrong == "history-not-sent" else request["messages"][:-1]
    exam.expect("sent", arrived[:-1] == before, wrong, observed)


def _has_options(exam: Exam, request: Json, options: dict[str, Json]) -> None:
    others = other_options(request, options)
    exam.expect("options", not others, "options-lost", others)


def _grows(exam: Exam, before: list[Json], asked: _Asked) -> bool:
    """Judge what came back from a call that got an answer, and tell whether to go on."""
    exam.expect(
        "text", is_same(asked.value, content_text(asked.content)), "other-text", asked.value
    )
    old, new = turns_of(before), turns_of(asked.history)
    said = [*old, user(asked.question), ("assistant", blocks_of(asked.content))]
    wrong, observed = _mistake(exam, old, asked)
    is_kept = isinstance(asked.history, list) and spoken(new) == spoken(said)
    exam.expect("history", is_kept, wrong, observed)
    if asked.content[0]["type"] == "thinking":
        exam.expect("blocks", is_kept and new == said, wrong, observed)
    if is_kept:
        count = len(asked.after) if isinstance(asked.after, list) else asked.after
        exam.expect("value", is_same(asked.after, before), "mutated", count)
    return is_kept


def _mistake(exam: Exam, old: list[Turn], asked: _Asked) -> tuple[str, Json]:
    """Return the mistake that another history than the right one shows, and what shows it."""
    stored = asked.history if isinstance(asked.history, list) else []
    last, new = (stored[-1] if stored else None), turns_of(stored)
    question, reply = user(asked.question), ("assistant", blocks_of(asked.content))
    mine = last.get("content") if isinstance(last, dict) else None
    is_thoughtful = asked.content[0]["type"] == "thinking"
    is_less = new[:-1] == [*old, question] and types_of(mine) != types_of(asked.content)
    wrong = exam.which(
        {
            "system-in-history": "system" in [role for role, _ in new],
            "message-stored": any(isinstance(item, SdkObject) for item in stored),
            "block-stored": isinstance(mine, SdkObject | dict),
            "history-dropped": bool(old) and spoken(new) == spoken([question, reply]),
            "question-forgotten": spoken(new) == spoken([*old, reply]),
            "reply-forgotten": spoken(new) == spoken([*old, question]),
            "text-for-blocks": is_thoughtful and is_less,
        },
        otherwise="history-otherwise",
    )
    observed: Json = {
        "system-in-history": [role for role, _ in new],
        "message-stored": last,
        "block-stored": last,
        "history-dropped": len(old),
        "question-forgotten": "assistant",
        "reply-forgotten": "user",
        "text-for-blocks": types_of(mine),
    }.get(wrong, spoken(new) or asked.history)
    return wrong, observed


def _is_pair(value: Json) -> bool:
    # After the first question a history has two turns, and is no pair for that.
    return (
        isinstance(value, tuple | list)
        and len(value) == 2
        and not all(isinstance(part, dict) for part in value)
    )


def _meets_an_empty_reply(exam: Exam, system: str) -> None:
    history = [
        {"role": "user", "content": exam.words(3)},
        {"role": "assistant", "content": exam.words(4)},
    ]
    asked = _asked(exam, system, history, empty(), judges=("empty",), crash="empty-crash")
    if asked is None:
        return
    old, new = turns_of(history), turns_of(asked.history)
    following = {"role": "user", "content": exam.words(2)}
    is_list = isinstance(asked.history, list)
    refused = _objection(exam, [*asked.history, following]) if is_list else None
    wrong = exam.which(
        {
            "empty-stored": refused is not None and spoken(new[-1:]) == [("assistant", "")],
            "question-left": new == [*old, user(asked.question)],
        },
        otherwise="history-otherwise",
    )
    observed = {"empty-stored": refused, "question-left": "user"}.get(wrong, spoken(new))
    exam.expect("empty", is_list and new == old, wrong, observed)
    exam.expect("empty", is_same(asked.value, ""), "other-text", asked.value)


def _objection(exam: Exam, messages: list[Json]) -> str | None:
    return exam.send({"model": DEFAULT_MODEL, "max_tokens": 100, "messages": messages})
