"""A reply that was cut off, and what comes after it."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import Called, Criterion, Diagnosis, Exam, Scene, exercise
from grader.exercises.conversations.lesson import CUT, EMPTY, NAME, VALUE
from grader.exercises.conversations.mistakes import EMPTY_STORED, REFUSED, text_for_blocks
from grader.exercises.conversations.turns import blocks_of, spoken, turns_of, types_of
from grader.exercises.readings import content_text, is_same
from grader.exercises.shared_mistakes import first_block, printed
from grader.simulator import Turn as Reply
from grader.simulator import empty, refusal, text, thinking, turn

Json = Any

_NO_PREFILL = ("claude-opus-4-8", "claude-sonnet-4-6", "claude-sonnet-5-5")
"""Models that take no answer begun for them, as all newer ones."""

_MOST_REQUESTS = 12
"""How many requests of one call are answered, so that one too many is told apart from failing."""


@exercise(
    lesson=NAME,
    minutes=8,
    criteria=[
        Criterion("first", "the first request is the one that your function was given"),
        Criterion(
            "goes-on",
            "after a cut, the whole reply and a user's turn follow what was sent before",
            points=2,
        ),
        Criterion("joined", "the pieces come back as one text, each of them once"),
        Criterion("stops", "any other stop reason ends it"),
        Criterion("bounded", "no more than `max_rounds` requests are sent"),
        Criterion("no-text", "a refusal, or a reply without text, ends it"),
        Criterion("kept", "the caller's request is left as it was"),
    ],
    mistakes=[
        Diagnosis(
            "prefill",
            title="The conversation that you send ends with the reply's own turn.",
            saw="The API answers: `{observed}`",
            why="Newer models take no answer begun for them: somebody has to ask.",
            next="Put a user's turn behind it that asks to go on.",
            where=CUT,
            hints=(
                "Whose turn is it after the assistant's?",
                "Read the 400 under “Cut off, and go on”: how must a conversation end?",
                "Two turns follow what you sent: the reply's, and a user's that asks to go on.",
            ),
            crash=r"^BadRequestError: .*assistant message prefill",
        ),
        first_block(CUT),
        EMPTY_STORED,
        REFUSED,
        printed(CUT),
        Diagnosis(
            "no-request",
            title="The client that your function was given sent nothing.",
            saw="Your function returned `{observed}` all the same.",
            why="The request's answer is what the whole function is about.",
            next="Call `client.messages.create(**request)`, on the argument `client`.",
            where=CUT,
        ),
        Diagnosis(
            "goes-on-anyway",
            title="A reply that was not cut off is followed by another request.",
            saw="After `{observed}` your function asked to go on.",
            why="Only `max_tokens` says that the end is missing. "
            "Whoever goes on after another reason pays for words that nobody needs.",
            next="Go on only while `stop_reason` is `max_tokens`.",
            where=CUT,
            hints=(
                "Which stop reason says that the limit was reached?",
                "The demo cells under “Cut off, and go on” print it.",
                '`if message.stop_reason != "max_tokens": …`',
            ),
        ),
        Diagnosis(
            "request-changed",
            title="The first request is not the one that your function was given.",
            saw="These of its parts arrived otherwise: `{observed}`.",
            why="The caller chose the model, the limit and the words.",
            next="Send it as it is: `client.messages.create(**request)`.",
            where=CUT,
        ),
        Diagnosis(
            "not-continued",
            title="A reply that was cut off came back as if it were whole.",
            saw="Its stop reason was `max_tokens`, and your function sent `{observed}` request.",
            why="Half an answer looks like an answer, and nobody is told.",
            next="Look at `stop_reason`, and ask for the rest when it is `max_tokens`.",
            where=CUT,
        ),
        Diagnosis(
            "asked-again",
            title="The same request was sent again.",
            saw="The second one had `{observed}` messages, as many as the first.",
            why="The API keeps nothing: it begins a new answer, and cuts that off too.",
            next="Add the reply's turn to what you send, and then a user's turn.",
            where=CUT,
        ),
        Diagnosis(
            "partial-dropped",
            title="The model is asked to go on, and does not see with what.",
            saw="The turns that followed have the roles `{observed}`.",
            why="The API keeps nothing, so the piece that came before has to be sent.",
            next="Put the reply's turn before the user's.",
            where=CUT,
        ),
        text_for_blocks(CUT),
        Diagnosis(
            "turns-otherwise",
            title="What was sent after a cut is not the conversation so far.",
            saw="Its turns have the roles `{observed}`.",
            why="Each request repeats the one before it, "
            "with the reply as it came and a user's turn behind.",
            next="Build the messages from the last request's, not from scratch.",
            where=CUT,
        ),
        Diagnosis(
            "parameters-lost",
            title="The requests after the first lack something of it.",
            saw="These parts arrived otherwise: `{observed}`.",
            why="The API keeps no parameter either: "
            "without its system prompt the model goes on as somebody else.",
            next="Send all of the request each time, with other messages.",
            where=CUT,
            hints=(
                "What does a request hold besides `messages`?",
                "“Every request starts from nothing” is true of the system prompt as well.",
                '`{**request, "messages": messages}`',
            ),
        ),
        Diagnosis(
            "doubled",
            title="A piece of the text is in there twice.",
            saw="Your function returned `{observed}`.",
            why="The model does not repeat what it said: each reply brings the next piece only.",
            next="Take each reply's own text once, and join the pieces at the end.",
            where=CUT,
        ),
        Diagnosis(
            "last-piece",
            title="Only one piece of the text came back.",
            saw="Your function returned `{observed}`, and the reply came in three pieces.",
            why="Each reply brings the next piece only.",
            next="Collect the text of each reply, and join the pieces at the end.",
            where=CUT,
        ),
        Diagnosis(
            "joined-otherwise",
            title="Something stands between the pieces.",
            saw="Your function returned `{observed}`.",
            why="The limit cuts anywhere, also within a word.",
            next='Join the pieces with nothing between: `"".join(…)`.',
            where=CUT,
        ),
        Diagnosis(
            "other-text",
            title="What came back is not the text of the replies.",
            saw="Your function returned `{observed}`.",
            why="The caller wants a `str`: the words as the model wrote them.",
            next="Return the text of all replies, joined.",
            where=CUT,
        ),
        Diagnosis(
            "unbounded",
            title="The limit on rounds is not kept.",
            saw="It sent `{observed}`.",
            why="Each request sends everything again and is paid for: "
            "a loop without a bound spends without one.",
            next="Count the requests, the first one too, and stop at `max_rounds`.",
            where=CUT,
            hints=(
                "What would end your loop if the model never came to an end?",
                "The docstring says what `max_rounds` counts.",
                "`for _ in range(max_rounds): …`",
            ),
        ),
        Diagnosis(
            "gave-up-early",
            title="Your function stopped before the last round.",
            saw="It sent `{observed}`, and the reply was still cut off.",
            why="The caller allows so many rounds in order to get the whole text.",
            next="Count the first request as one round, and use them all when needed.",
            where=CUT,
        ),
        Diagnosis(
            "bound-crash",
            title="At the last round your code stopped with an error.",
            saw="It came to this: `{observed}`",
            why="The docstring promises the text so far, and half a text is better than none.",
            next="Return what you have when the rounds are used up.",
            where=CUT,
        ),
        Diagnosis(
            "no-text-goes-on",
            title="A reply without text was followed by another request.",
            saw="After a reply with the blocks `{observed}` your function asked to go on.",
            why="Where one round brought nothing, the next one is likely to bring nothing too.",
            next="Stop when a reply has no text.",
            where=EMPTY,
        ),
        Diagnosis(
            "no-text-crash",
            title="A reply without text stopped your code.",
            saw="It came to this: `{observed}`",
            why="The docstring promises the text so far.",
            next="Return what you have when a reply brings no text.",
            where=EMPTY,
        ),
        Diagnosis(
            "mutated",
            title="Your function changed the caller's request.",
            saw="After the call it had `{observed}` messages.",
            why="Whoever sends it again sends your turns along.",
            next='Make a list of your own first: `messages = list(request["messages"])`.',
            where=VALUE,
            hints=(
                "Whose list is `request[\"messages\"]`?",
                "Look at the two names under “A history is a value”: how many lists are there?",
                '`request = {**request, "messages": [*request["messages"], …]}`',
            ),
        ),
    ],
    hints=(
        "A loop over rounds: send, keep the text, look at the stop reason, add two turns.",
        "“Cut off, and go on” does one round by hand. What of it happens again?",
        "`for _ in range(max_rounds):` send; collect the text; leave when it is not cut; "
        "else add the reply's turn and a user's.",
    ),
)
def continue_reply(exam: Exam) -> None:
    """Get whole replies, one in three pieces, endless ones, and such without text."""
    if not _is_sent(exam):
        return
    _goes_on(exam)
    _stops(exam)
    _keeps_to_the_bound(exam)
    _meets_no_text(exam)


def _is_sent(exam: Exam) -> bool:
    words = exam.words(4)
    scene, called, request = _called(exam, [text(words)] * _MOST_REQUESTS, 5)
    requests = scene.requests
    if not exam.expect("first", bool(requests), "no-request", called.value):
        return False
    changed = _changed(requests[0], request)
    exam.expect("first", not changed, "request-changed", ", ".join(changed))
    if not exam.expect("stops", len(requests) == 1, "goes-on-anyway", "end_turn"):
        return False
    wrong = exam.which(
        {"printed": called.value is None and words in called.printed}, otherwise="other-text"
    )
    return exam.expect("joined", is_same(called.value, words), wrong, called.value)


def _goes_on(exam: Exam) -> None:
    """Judge a reply in three pieces, the second of which begins with thinking."""
    words = exam.words(9).split()
    # Cut within a word, so that nothing may stand between the pieces.
    pieces = [" ".join(words[:3])[:-2], f"{words[3]} {words[4]} ", " ".join(words[5:])]
    replies = [
        _cut(text(pieces[0])),
        _cut(turn(thinking(), text(pieces[1]))),
        *[text(pieces[2])] * _MOST_REQUESTS,
    ]
    scene, called, request = _called(exam, replies, 6, judges=("goes-on", "joined"))
    requests = scene.requests
    if not exam.expect("goes-on", len(requests) > 1, "not-continued", len(requests)):
        exam.expect("joined", False, "not-continued", len(requests))
        return
    for number in range(1, len(requests)):
        content = scene.exchanges[number - 1].body["content"]
        _adds_two_turns(exam, requests[number - 1], requests[number], content)
        changed = _changed(requests[number], request, but=("messages",))
        exam.expect("goes-on", not changed, "parameters-lost", ", ".join(changed))
    value, whole = called.value, "".join(pieces)
    is_text = isinstance(value, str)
    wrong = exam.which(
        {
            "doubled": is_text and any(value.count(piece.strip()) > 1 for piece in pieces),
            "last-piece": value in pieces,
            "joined-otherwise": is_text and all(piece.strip() in value for piece in pieces),
        },
        otherwise="other-text",
    )
    exam.expect("joined", is_same(value, whole), wrong, value)
    mine = called.arguments[1]
    count = len(mine["messages"]) if _has_messages(mine) else mine
    exam.expect("kept", is_same(mine, request), "mutated", count)


def _adds_two_turns(exam: Exam, before: Json, after: Json, content: list[Json]) -> None:
    """Judge that a request repeats the one before it, then the reply, then asks to go on."""
    old, new = turns_of(before["messages"]), turns_of(after["messages"])
    roles = [role for role, _ in new]
    reply = ("assistant", blocks_of(content))
    added = new[len(old) :]
    is_shaped = len(added) == 2 and [role for role, _ in added] == ["assistant", "user"]
    is_less = is_shaped and types_of(added[0][1]) != types_of(content)
    wrong = exam.which(
        {
            "asked-again": new == old,
            "partial-dropped": [role for role, _ in added] == ["user"] and new[: len(old)] == old,
            "text-for-blocks": is_less and content[0]["type"] == "thinking",
        },
        otherwise="turns-otherwise",
    )
    observed: Json = {
        "asked-again": len(new),
        "partial-dropped": [role for role, _ in added],
        "text-for-blocks": types_of(added[0][1]) if added else [],
    }.get(wrong, roles)
    is_right = is_shaped and new[: len(old)] == old and added[0] == reply
    exam.expect("goes-on", is_right and spoken(added[1:]) != [("user", "")], wrong, observed)


def _stops(exam: Exam) -> None:
    first = exam.words(3)
    for reason in ("stop_sequence", "model_context_window_exceeded"):
        sequence = exam.fresh("END") if reason == "stop_sequence" else None
        last = text(exam.words(2), stop_reason=reason, stop_sequence=sequence)
        replies = [_cut(text(first)), *[last] * _MOST_REQUESTS]
        scene, called, _ = _called(exam, replies, 5, judges=("stops",))
        exam.expect("stops", len(scene.requests) < 3, "goes-on-anyway", reason)
        whole = first + content_text(list(last.content))
        exam.expect("stops", is_same(called.value, whole), "other-text", called.value)


def _keeps_to_the_bound(exam: Exam) -> None:
    for most in (exam.number(2, 4), 1):
        pieces = exam.words(8).split()
        # A loop without a bound comes to an end here, and is told by its requests.
        replies = [*[_cut(text(f"{piece} ")) for piece in pieces], text(exam.words(1))]
        scene, called, _ = _called(exam, replies, most, judges=("bounded",), crash="bound-crash")
        sent = len(scene.requests)
        wrong = exam.which({"unbounded": sent > most}, otherwise="gave-up-early")
        observed = f"{sent} requests for max_rounds={most}"
        exam.expect("bounded", sent == most, wrong, observed)
        whole = "".join(f"{piece} " for piece in pieces[:most])
        exam.expect("bounded", is_same(called.value, whole), "other-text", called.value)


def _meets_no_text(exam: Exam) -> None:
    """Judge what happens after one piece: a refusal, thinking without an answer, and nothing."""
    for reply in (refusal(), _cut(turn(thinking())), empty(stop_reason="max_tokens")):
        first = exam.words(3)
        replies = [_cut(text(first)), reply, *[text(exam.words(2))] * _MOST_REQUESTS]
        scene, called, _ = _called(exam, replies, 5, judges=("no-text",), crash="no-text-crash")
        types = [block["type"] for block in reply.content]
        exam.expect("no-text", len(scene.requests) < 3, "no-text-goes-on", types)
        exam.expect("no-text", is_same(called.value, first), "other-text", called.value)


def _called(
    exam: Exam,
    replies: list[Reply],
    most: int,
    *,
    judges: tuple[str, ...] = (),
    crash: str | None = None,
) -> tuple[Scene, Called, Json]:
    """Call with a new request, and return the scene, what came of it, and that request."""
    request = {
        "model": exam.pick(*_NO_PREFILL),
        "max_tokens": exam.number(50, 900),
        "system": f"Be {exam.words(1)}.",
        "messages": [
            {"role": "user", "content": exam.words(2)},
            {"role": "assistant", "content": exam.words(3)},
            {"role": "user", "content": exam.words(4)},
        ],
        "metadata": {"user_id": exam.fresh("user")},
    }
    scene = exam.scene(*replies)
    given = copy.deepcopy(request)
    called = exam.call(scene.client, given, most, judges=judges, crash=crash)
    return scene, called, request


def _cut(reply: Reply) -> Reply:
    return turn(reply, stop_reason="max_tokens")


def _changed(arrived: Json, request: Json, *, but: tuple[str, ...] = ()) -> list[str]:
    """Return the keys whose values arrived otherwise; how a reply is sent is the code's choice."""
    keys = [key for key in {**request, **arrived} if key not in (*but, "stream")]
    return [
        key
        for key in keys
        if _plain(key, arrived.get(key)) != _plain(key, request.get(key))
    ]


def _plain(key: str, value: Json) -> Json:
    return turns_of(value) if key == "messages" else value


def _has_messages(request: Json) -> bool:
    return isinstance(request, dict) and isinstance(request.get("messages"), list)
