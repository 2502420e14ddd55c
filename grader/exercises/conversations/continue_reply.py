"""A reply that was cut off, and what comes after it."""

from __future__ import annotations

import copy
from typing import Any

from grader.exams import Called, Criterion, Exam, Scene, Slip, exercise
from grader.exercises.conversations.lesson import without_prefill
from grader.exercises.loops import (
    blocks_of,
    content_text,
    contents_of,
    new_request,
    plain_exchange,
    question,
    roles_of,
    said_in,
    spoken,
    types_of,
)
from grader.exercises.readings import differing, is_same
from grader.simulator import Turn, empty, refusal, text, thinking, turn

Json = Any

_MOST_REQUESTS = 12
"""How many requests of one call we answer, so that we can tell one too many from failing."""


@exercise(
    minutes=7,
    criteria=[
        Criterion("first", "the first request is the one that your function was given"),
        Criterion(
            "goes-on", "after a cut, the reply and a user's turn follow what was sent", points=2
        ),
        Criterion("blocks", "the reply is sent back with all its blocks"),
        Criterion("joined", "the pieces come back as one text, each of them once"),
        Criterion("stops", "any other stop reason ends it"),
        Criterion("bounded", "no more than `max_rounds` requests are sent"),
        Criterion("no-text", "a refusal, or a reply without text, ends it"),
        Criterion("kept", "the caller's request is left as it was"),
    ],
)
def continue_reply(exam: Exam) -> None:
    """Get whole replies, one in three pieces, endless ones, and some without text."""
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
    changed = differing(requests[0], request, but=("messages", "stream"))
    if said_in(requests[0].get("messages")) != said_in(request["messages"]):
        changed.append("messages")
    exam.expect("first", not changed, "request-changed", ", ".join(changed))
    if not exam.expect("stops", len(requests) == 1, "goes-on-anyway", "end_turn"):
        return False
    value = called.value
    wrong = exam.which(
        {
            "printed": value is None and words in called.printed,
            "doubled": isinstance(value, str) and value.count(words) > 1,
        },
        otherwise="other-text",
    )
    return exam.expect("joined", is_same(value, words), wrong, value)


def _goes_on(exam: Exam) -> None:
    """Judge a reply in three pieces, the second of which begins with thinking."""
    words = exam.words(9).split()
    # Cut within a word, because nothing may stand between the pieces.
    pieces = [" ".join(words[:3])[:-2], f"{words[3]} {words[4]} ", " ".join(words[5:])]
    replies = [
        _cut(text(pieces[0])),
        _cut(turn(thinking(), text(pieces[1][:4]), text(pieces[1][4:]))),
        *[text(pieces[2])] * _MOST_REQUESTS,
    ]
    scene, called, request = _called(exam, replies, 6, judges=("goes-on", "joined"))
    requests = scene.requests
    if scene.refusal is not None:
        exam.judge(Slip("refused", scene.refusal), "goes-on", "joined")
        return
    goes_on = exam.expect("goes-on", len(requests) > 1, "not-continued", len(requests))
    for number in range(1, len(requests)):
        content = contents_of(scene)[number - 1]
        goes_on &= _adds_two_turns(exam, requests[number - 1], requests[number], content)
        changed = differing(requests[number], request, but=("messages", "stream"))
        lost = ", ".join(f"{key}={requests[number].get(key)!r}" for key in changed)
        exam.expect("goes-on", not changed, "parameters-lost", lost, request=requests[number])
    if not goes_on:
        exam.expect("joined", False, "not-continued", len(requests))
        return
    value = called.value
    is_text = isinstance(value, str)
    wrong = exam.which(
        {
            "doubled": is_text and any(value.count(piece.strip()) > 1 for piece in pieces),
            "pieces-lost": is_text and not all(piece.strip() in value for piece in pieces),
            "joined-otherwise": is_text,
        },
        otherwise="other-text",
    )
    exam.expect("joined", is_same(value, "".join(pieces)), wrong, value)
    mine = called.arguments[1]
    count, own = (len(each["messages"]) if _has_messages(each) else 0 for each in (mine, request))
    exam.expect(
        "kept",
        is_same(mine, request),
        "mutated",
        f"{count} instead of {own}" if count != own else mine,
    )


def _adds_two_turns(exam: Exam, before: Json, after: Json, content: list[Json]) -> bool:
    """Judge that a request repeats the one before it, then the reply, then asks to go on.

    Return whether it does, some wrong blocks of the reply aside.
    """
    old, new = said_in(before["messages"]), said_in(after["messages"])
    added = new[len(old) :]
    roles = roles_of(added)
    slip = exam.slip(
        {
            "asked-again": (new == old, len(new)),
            "partial-dropped": (roles == ["user"] and new[: len(old)] == old, roles),
        },
        otherwise="turns-otherwise",
        observed=spoken(new),
    )
    reply = content_text(content)
    is_right = new[: len(old)] == old and spoken(added[:1]) == [("assistant", reply)]
    goes_on = is_right and roles[1:] == ["user"]
    if not exam.expect("goes-on", goes_on, slip, request=after):
        return exam.judge(slip, "blocks")
    mine = types_of(added[0].blocks)
    is_less = content[0]["type"] == "thinking" and mine != types_of(content)
    slip = Slip("text-for-blocks", mine) if is_less else slip
    exam.expect("blocks", added[0].blocks == blocks_of(content), slip)
    return True


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
    for most in (exam.number(3, 5), 1):
        pieces = exam.words(8).split()
        # A loop without a bound ends here, and the number of its requests gives it away.
        replies = [*[_cut(text(f"{piece} ")) for piece in pieces], text(exam.words(1))]
        scene, called, _ = _called(exam, replies, most, judges=("bounded",), crash="bound-crash")
        sent = len(scene.requests)
        wrong = exam.which({"unbounded": sent > most}, otherwise="gave-up-early")
        observed = f"{sent} requests for max_rounds={most}"
        exam.expect("bounded", sent == most, wrong, observed)
        whole = "".join(f"{piece} " for piece in pieces[:most])
        exam.expect("bounded", is_same(called.value, whole), "other-text", called.value)


def _meets_no_text(exam: Exam) -> None:
    """Judge what happens after one piece: a refusal, nothing, and thinking without an answer."""
    for reply in (refusal(), empty(stop_reason="max_tokens"), _cut(turn(thinking()))):
        first = exam.words(3)
        replies = [_cut(text(first)), reply, *[text(exam.words(2))] * _MOST_REQUESTS]
        scene, called, _ = _called(exam, replies, 5, judges=("no-text",), crash="no-text-crash")
        types = [block["type"] for block in reply.content]
        exam.expect("no-text", len(scene.requests) < 3, "no-text-goes-on", types)
        exam.expect("no-text", is_same(called.value, first), "other-text", called.value)


def _called(
    exam: Exam,
    replies: list[Turn],
    most: int,
    *,
    judges: tuple[str, ...] = (),
    crash: str | None = None,
) -> tuple[Scene, Called, Json]:
    """Call with a new request, and return the scene, the result, and the request."""
    request = new_request(
        exam,
        model=exam.pick(*without_prefill()),
        messages=[*plain_exchange(exam), *question(exam)],
        metadata={"user_id": exam.fresh("user")},
    )
    scene = exam.scene(*replies)
    given = copy.deepcopy(request)
    called = exam.call(scene.client, given, most, judges=judges, crash=crash)
    return scene, called, request


def _cut(reply: Turn) -> Turn:
    return turn(reply, stop_reason="max_tokens")


def _has_messages(request: Json) -> bool:
    return isinstance(request, dict) and isinstance(request.get("messages"), list)
