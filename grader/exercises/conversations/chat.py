"""One question more in a conversation whose history is a value."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from grader.exams import Criterion, Diagnosis, Exam, SdkObject, exercise
from grader.exercises.conversations.lesson import EMPTY, FORGETS, NAME, REPLY, VALUE
from grader.exercises.conversations.mistakes import (
    EMPTY_STORED,
    REFUSED,
    SYSTEM_NULL,
    text_for_blocks,
)
from grader.exercises.conversations.turns import (
    Turn,
    blocks_of,
    spoken,
    turns_of,
    types_of,
    user,
)
from grader.exercises.readings import content_text, is_same, last_user_text
from grader.exercises.shared_mistakes import first_block, printed
from grader.simulator import Turn as Reply
from grader.simulator import empty, text, thinking, turn

Json = Any

_MOST_REQUESTS = 4
"""How many requests of one call are answered, so that asking twice is told apart from failing."""


@exercise(
    lesson=NAME,
    minutes=8,
    criteria=[
        Criterion("sent", "the request carries the whole history, then the new question"),
        Criterion("system", "the system prompt is the request's `system`, and absent when `None`"),
        Criterion("text", "the reply's text comes back, whatever block is first"),
        Criterion("history", "the new history ends with the question and the reply"),
        Criterion("blocks", "the reply stands there with all its blocks"),
        Criterion("value", "the caller's list is left as it was"),
        Criterion("empty", "a reply without content leaves no trace in the history"),
    ],
    mistakes=[
        Diagnosis(
            "system-in-history",
            title="The system prompt is among the messages.",
            saw="It shows here: `{observed}`",
            why="It is no turn of the conversation, and the API takes none of that role first.",
            next="Pass it as `system=…`, and keep it out of the history.",
            where=REPLY,
            hints=(
                "Who speaks in a conversation here, and who does not?",
                "Look at the request under “The whole reply goes back”: where is its `system`?",
                "`client.messages.create(system=system, messages=…)`",
            ),
            crash=r"^BadRequestError: .*(use the top-level 'system' parameter|role 'system')",
        ),
        first_block(REPLY),
        SYSTEM_NULL,
        EMPTY_STORED,
        REFUSED,
        Diagnosis(
            "requests-counted",
            title="One question is one request.",
            saw="The API got `{observed}` of them.",
            why="Each is paid for, and gets an answer of its own.",
            next="Call `client.messages.create` once, on the argument `client`, "
            "and keep what it returns in a variable.",
            where=REPLY,
        ),
        Diagnosis(
            "question-not-sent",
            title="The question did not reach the API as the last turn.",
            saw="The last user message says `{observed}`.",
            why="The model answers the end of the list that it gets.",
            next='Put `{"role": "user", "content": user_input}` behind the turns so far.',
            where=FORGETS,
        ),
        Diagnosis(
            "history-not-sent",
            title="The earlier turns stayed at home.",
            saw="The request had `{observed}` message, the new question.",
            why="The API keeps nothing between calls: what you do not send, the model never heard.",
            next="Send the turns so far, with the question behind them.",
            where=FORGETS,
            hints=(
                "How could the model know what was said a minute ago?",
                "Compare the two calls under “Every request starts from nothing”.",
                "`messages + [the new question]`",
            ),
        ),
        Diagnosis(
            "history-changed",
            title="The earlier turns changed on the way to the API.",
            saw="They arrived as `{observed}`.",
            why="The model takes the history for what was said, and builds on it.",
            next="Send the turns as your function was given them.",
            where=FORGETS,
        ),
        Diagnosis(
            "system-lost",
            title="The system prompt is not the one that your function was given.",
            saw="The request's `system` is `{observed}`.",
            why="It goes with every call: nothing is remembered from the one before.",
            next="Pass `system` in each request, whenever it is not `None`.",
            where=REPLY,
        ),
        printed(REPLY),
        Diagnosis(
            "not-a-pair",
            title="The function should return two things.",
            saw="It returned `{observed}`.",
            why="The caller shows the text, and sends the new history along next time.",
            next="End with `return`, the text, a comma, and the new list.",
            where=VALUE,
        ),
        Diagnosis(
            "other-text",
            title="The first of the two is not the reply's text.",
            saw="It is `{observed}`.",
            why="The caller shows it to a person: a `str`, all of it and nothing else.",
            next="Join the text of the blocks whose type is `text`.",
            where=REPLY,
        ),
        Diagnosis(
            "message-stored",
            title="A whole `Message` object is in the history.",
            saw="The last item is `{observed}`.",
            why="A turn is a dict with role and content. "
            "The reply has more, such as its id, and the API refuses that: 400, extra inputs.",
            next="Store its role and its content only.",
            where=REPLY,
            hints=(
                "Which keys does a turn have?",
                "“The whole reply goes back” shows a turn made from a reply.",
                '`{"role": "assistant", "content": …}`, with the content of the message.',
            ),
        ),
        Diagnosis(
            "block-stored",
            title="The content of the reply's turn is one block, and should be a list.",
            saw="The last item is `{observed}`.",
            why="Content is a text or a list of blocks, and the API refuses anything else.",
            next="Store the list of blocks as it came, not one of them.",
            where=REPLY,
        ),
        Diagnosis(
            "history-dropped",
            title="The earlier turns are missing from the new history.",
            saw="Your function was given `{observed}` turns, and returned two others.",
            why="The caller sends the new list next time, and nothing else.",
            next="Begin the new list with the turns so far.",
            where=VALUE,
        ),
        Diagnosis(
            "question-forgotten",
            title="The question is missing from the new history.",
            saw="It ends with the role `{observed}`, and your user's turn is not before it.",
            why="Next time the model reads an answer, and not what it was an answer to.",
            next="Put the user's turn into the new list too.",
            where=VALUE,
        ),
        Diagnosis(
            "reply-forgotten",
            title="The reply is missing from the new history.",
            saw="It ends with the role `{observed}`.",
            why="Nobody complains: the API merges the two questions, "
            "and the model answers the first one again.",
            next="Put the assistant's turn behind the question.",
            where=EMPTY,
            hints=(
                "Who remembers what the model said?",
                "“What is refused, and what is not” sends two questions in a row. What happens?",
                "The new list is the turns so far, then the question, then the reply.",
            ),
        ),
        text_for_blocks(REPLY),
        Diagnosis(
            "history-otherwise",
            title="The new history is not what was said.",
            saw="Its turns are `{observed}`.",
            why="The model takes it for the conversation: every turn, in order, nothing else.",
            next="Return the turns so far, then the question, then the reply; "
            "after an empty reply the turns so far.",
            where=VALUE,
        ),
        Diagnosis(
            "mutated",
            title="Your function changed the caller's list.",
            saw="After the call it had `{observed}` messages.",
            why="Whoever keeps the list from before, to try again or to branch off, has it no more.",
            next="Build a new list, and leave the one you were given alone.",
            where=VALUE,
            hints=(
                "Who else may hold the list that you were given?",
                "Look at the two names under “A history is a value”: how many lists are there?",
                "`messages + […]` makes a new list; `append` and `+=` do not.",
            ),
        ),
        Diagnosis(
            "empty-crash",
            title="A reply without content stopped your code.",
            saw="For `content == []` it came to this: `{observed}`",
            why="Empty replies happen, and a conversation should outlive one.",
            next='Return `""` and the turns so far when the reply has no content.',
            where=EMPTY,
        ),
        Diagnosis(
            "question-left",
            title="A question that got no answer is still in the history.",
            saw="After an empty reply it ends with the role `{observed}`.",
            why="The API would merge it with the next question, and the model answers both.",
            next="Return the turns as they were before the question.",
            where=EMPTY,
        ),
    ],
    hints=(
        "Three lists: the turns you get, the turns you send, and the turns you return.",
        "“The whole reply goes back” makes one round by hand. Which parts of it change here?",
        "Build the list to send from `messages` and the question; "
        "the list to return is that one and the reply's turn.",
    ),
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
            return
        history = asked.history
    _meets_an_empty_reply(exam, system)
    asked = _asked(exam, None, [], text(exam.words(3)), judges=("system",))
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
    called = exam.call(scene.client, system, given, question, judges=judges, crash=crash)
    requests = scene.requests
    if not exam.expect("sent", len(requests) == 1, "requests-counted", len(requests)):
        _lose(exam, judges, "requests-counted", len(requests))
        return None
    _was_sent(exam, requests[0], system, turns_of(history), question)
    value, words = called.value, content_text(list(reply.content))
    if not (isinstance(value, tuple | list) and len(value) == 2):
        is_printed = value is None and words != "" and words in called.printed
        wrong = exam.which({"printed": is_printed}, otherwise="not-a-pair")
        _lose(exam, judges or ("history",), wrong, value)
        return None
    content = scene.exchanges[0].body["content"]
    return _Asked(question, content, value[0], value[1], called.arguments[2])


def _lose(exam: Exam, criteria: tuple[str, ...], diagnosis: str, observed: Json) -> None:
    for criterion in criteria:
        exam.expect(criterion, False, diagnosis, observed)


def _was_sent(
    exam: Exam, request: Json, system: str | None, before: list[Turn], question: str
) -> None:
    arrived = turns_of(request["messages"])
    is_asked = bool(arrived) and spoken(arrived[-1:]) == [("user", question)]
    exam.expect("sent", is_asked, "question-not-sent", last_user_text(request))
    wrong = exam.which(
        {"history-not-sent": len(arrived) == 1 < len(before)}, otherwise="history-changed"
    )
    observed = len(arrived) if wrong == "history-not-sent" else request["messages"][:-1]
    exam.expect("sent", arrived[:-1] == before, wrong, observed)
    mine = content_text(request.get("system")) or None
    exam.expect("system", mine == system, "system-lost", request.get("system"))


def _grows(exam: Exam, before: list[Json], asked: _Asked) -> bool:
    """Judge what came back from a call that got an answer, and tell whether to go on."""
    words = content_text(asked.content)
    exam.expect("text", is_same(asked.value, words), "other-text", asked.value)
    old, new = turns_of(before), turns_of(asked.history)
    question, reply = user(asked.question), ("assistant", blocks_of(asked.content))
    roles = [role for role, _ in new]
    stored = asked.history if isinstance(asked.history, list) else []
    last = stored[-1] if stored else None
    wrong = exam.which(
        {
            "system-in-history": "system" in roles,
            "message-stored": any(isinstance(item, SdkObject) for item in stored),
            "block-stored": isinstance(last, dict) and _is_block(last.get("content")),
            "history-dropped": bool(old) and spoken(new) == spoken([question, reply]),
            "question-forgotten": spoken(new) == spoken([*old, reply]),
            "reply-forgotten": spoken(new) == spoken([*old, question]),
        },
        otherwise="history-otherwise",
    )
    observed: Json = {
        "message-stored": last,
        "block-stored": last,
        "history-dropped": len(old),
        "question-forgotten": "assistant",
        "reply-forgotten": "user",
    }.get(wrong, roles if isinstance(asked.history, list) else asked.history)
    said = spoken([*old, question, reply])
    is_kept = isinstance(asked.history, list) and spoken(new) == said
    if not exam.expect("history", is_kept, wrong, observed):
        return False
    if asked.content[0]["type"] == "thinking":
        mine = types_of(stored[-1]["content"])
        is_less = mine != types_of(asked.content)
        wrong = exam.which({"text-for-blocks": is_less}, otherwise="history-otherwise")
        exam.expect("blocks", new == [*old, question, reply], wrong, mine)
    after = asked.after
    count = len(after) if isinstance(after, list) else after
    exam.expect("value", is_same(after, before), "mutated", count)
    return True


def _is_block(content: Json) -> bool:
    return isinstance(content, SdkObject | dict)


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
    roles = [role for role, _ in new]
    observed = {"empty-stored": refused, "question-left": "user"}.get(wrong, roles)
    exam.expect("empty", is_list and new == old, wrong, observed)
    exam.expect("empty", is_same(asked.value, ""), "other-text", asked.value)


def _objection(exam: Exam, messages: list[Json]) -> str | None:
    return exam.send({"model": "claude-sonnet-4-6", "max_tokens": 100, "messages": messages})
