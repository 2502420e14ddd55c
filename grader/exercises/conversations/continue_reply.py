"""A reply that was cut off, and what comes after it."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from grader.exams import (
    OWN_RAISE,
    Called,
    Case,
    Crash,
    Criterion,
    Exam,
    Scene,
    Shapes,
    Slip,
    exercise,
    shown,
)
from grader.exercises.conversations.lesson import model_in_turn, spoken_reply
from grader.exercises.failures import FAILURES, faults_of, judge_failure
from grader.exercises.loops import (
    blocks_of,
    cited,
    content_text,
    contents_of,
    first_changed,
    instructed_exchange,
    instructions_gone,
    last_user_text,
    new_request,
    plain_exchange,
    question,
    roles_of,
    said_in,
    searched,
    spoken,
    types_of,
)
from grader.exercises.readings import compared, differing, is_same
from grader.exercises.replies import is_blank_dropped, is_joined_otherwise, text_json
from grader.simulator import STOP_REASONS, Turn, empty, refusal, text, thinking, turn

Json = Any

_MOST_REQUESTS = 20
"""How many requests of one call we answer, so that we can tell one too many from failing."""
_REPLIES = (
    *("pieces", "rounds", "ends", "reply", "words", "alike"),
    *("messages", "system", "room"),
)
"""The dimensions of a reply that comes to an end, and of what was asked."""
_MANY = 12
"""More rounds than a limit of the code's own would be."""


@exercise(
    minutes=7,
    criteria=[
        Criterion("first", "the first request is the one that your function was given"),
        Criterion(
            "goes-on", "after a cut, the reply and a user's turn follow what was sent", points=2
        ),
        Criterion("blocks", "the reply is sent back with all its blocks"),
        Criterion("joined", "the pieces come back as one text, each of them once"),
        Criterion("stops", "any other stop reason ends it, and an error passes through"),
        Criterion("bounded", "no more than `max_rounds` requests are sent"),
        Criterion("no-text", "a refusal, or a reply without text, ends it"),
        Criterion("kept", "the caller's request is left as it was"),
    ],
    shapes=Shapes(
        pairs=[
            ("pieces", "rounds"),
            ("pieces", "ends"),
            ("rounds", "ends"),
            ("rounds", "room"),
            ("pieces", "words"),
            ("alike", "words"),
        ],
        pieces=["three", "two", "one"],
        rounds=["more than enough", "just enough"],
        ends=[reason for reason in STOP_REASONS if reason != "max_tokens"],
        reply=["a text", "thinking", "hidden thoughts", "two texts", "two alike"],
        blank=["line ends between", "a space between"],
        words=[
            *("cut in a word", "plain", "spaces at the edges", "other scripts", "marks"),
            "a full stop at the end",
        ],
        alike=["no", "all pieces"],
        messages=["a talk", "a question", "blocks", "a long talk", "an instruction"],
        system=["given", "none"],
        room=["to spare", "none left"],
        error=list(FAILURES),
        failing=["the first request", "a later one"],
    ),
)
def continue_reply(exam: Exam) -> None:
    """Get whole replies, one in three pieces, endless ones, and some without text."""
    if not _is_sent(exam):
        return
    goes_on = False
    with exam.part():
        goes_on = _goes_on(exam)
    with exam.part():
        _keeps_to_the_bound(exam)
    with exam.part():
        _meets_no_text(exam)
    # Where nothing is asked for a second time, the cases only show that again.
    for case in exam.cases(*_REPLIES) if goes_on else ():
        with exam.part():
            _ends(exam, case)
    for case in exam.cases("blank") if goes_on else ():
        with exam.part():
            # A piece of blanks can't be sent back, so it's in a reply that ends.
            last = spoken_reply(exam, case.blank, "plain", "end_turn")
            _gets(exam, [last], 3, _request(exam), judges=("stops",))
    for case in exam.cases("error", "failing"):
        if goes_on or case.failing == "the first request":
            with exam.part():
                _meets_an_error(exam, case)


def _meets_an_error(exam: Exam, case: Case) -> None:
    """Judge that an error of the API reaches the caller, whichever request fails."""
    begun = [_cut(text(exam.words(3)))] if case.failing == "a later one" else []
    scene = exam.scene(*begun, *faults_of(case.error))
    request, may_raise = _request(exam), ("Exception",)
    called = exam.call(scene.client, request, 3, judges=("stops",), may_raise=may_raise)
    expected = len(begun) + 1
    judge_failure(exam, "stops", called, scene, expected=expected, failure=case.error)


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


def _goes_on(exam: Exam) -> bool:
    """Judge a reply in three pieces, the second with thinking and a search; see `_gets`."""
    words = exam.words(9).split()
    # Cut within a word, because nothing may stand between the pieces.
    pieces = [" ".join(words[:3])[:-2], f"{words[3]} {words[4]} ", " ".join(words[5:])]
    quoted = cited(exam, pieces[1][4:])
    replies = [
        _cut(text(pieces[0])),
        _cut(turn(thinking(), text(pieces[1][:4]), Turn((*searched(exam), quoted)))),
        text(pieces[2]),
    ]
    request = _request(exam)
    # The place of the code's own turn: none of the replies so far is empty.
    plea = len(request["messages"]) + 1
    crash = {rf"^BadRequestError: .*messages\.{plea}: .*non-empty content": "plea-empty"}
    return _gets(exam, replies, 6, request, judges=("goes-on", "joined"), crash=crash)


def _ends(exam: Exam, case: Case) -> None:
    """Judge a reply in one piece or several, which ends for any reason."""
    count = {"one": 1, "two": 2, "three": 3}[case.pieces]
    replies = []
    wording = "plain" if case.words == "cut in a word" else case.words
    # A model may write a short line twice; a long one may be a piece that it says again.
    line = f"{exam.words(1)}\n"
    for number in range(count):
        reason = case.ends if number == count - 1 else "max_tokens"
        reply = spoken_reply(exam, case.reply, wording, reason)
        if case.alike == "all pieces":
            reply = replace(reply, content=(text_json(line),))
        replies.append(reply)
    most = count if case.rounds == "just enough" else count + 3
    crash = None if case.ends == "end_turn" else {OWN_RAISE: Slip("ending-raised", case.ends)}
    _gets(exam, replies, most, _request(exam, case), judges=("stops",), crash=crash)


def _gets(
    exam: Exam,
    replies: list[Turn],
    most: int,
    request: Json,
    *,
    judges: tuple[str, ...],
    crash: Crash = None,
) -> bool:
    """Judge a call that gets these replies, all but the last of them cut off.

    Return whether the conversation goes on as it should.
    """
    spare = [text(exam.words(2))] * _MOST_REQUESTS
    scene, given = exam.scene(*replies, *spare), copy.deepcopy(request)
    called = exam.call(scene.client, given, most, judges=judges, crash=crash)
    requests = scene.requests
    if scene.refusal is not None:
        exam.judge(Slip("refused", scene.refusal), *judges)
        return False
    sent, own = (
        (said_in(each["messages"]) for each in (requests[0], request)) if requests else ([], [])
    )
    is_cut = len(sent) < len(own) and sent == own[len(own) - len(sent) :]
    slip = exam.slip(
        {
            "instruction-lost": (instructions_gone(sent, own), "the request"),
            "history-cut": (is_cut, f"{len(sent)} of {len(own)}"),
        },
        otherwise="request-changed",
        observed="messages",
    )
    exam.expect("first", sent == own, slip)
    reason, count = replies[-1].stop_reason, len(replies)
    told = f"{len(requests)} requests for max_rounds={most}"
    if len(requests) < count == most:
        return exam.expect("bounded", False, "gave-up-early", told)
    is_full = reason == "model_context_window_exceeded"
    wrong = exam.which({"window-goes-on": is_full}, otherwise="goes-on-anyway")
    if not exam.expect("stops", len(requests) <= count, wrong, reason):
        return True
    is_begun = len(requests) > 1 or count == 1
    goes_on = exam.expect("goes-on", is_begun, "not-continued", len(requests))
    for number in range(1, min(len(requests), count)):
        content = contents_of(scene)[number - 1]
        goes_on &= _adds_two_turns(
            exam, requests[number - 1], requests[number], content, requests[0]
        )
        plea, asked = last_user_text(requests[number]), last_user_text(request)
        exam.expect("goes-on", not goes_on or plea != asked, "question-again", plea)
        own = requests[number]
        changed = differing(own, request, but=("messages", "stream"))
        is_there = all(key in own and key in request for key in changed)
        wrong = exam.which({"parameters-changed": is_there}, otherwise="parameters-lost")
        lost = ", ".join(f"{key}={own.get(key)!r} (not {request.get(key)!r})" for key in changed)
        exam.expect("goes-on", not changed, wrong, lost, request=own)
    if not goes_on:
        exam.expect("joined", False, "not-continued", len(requests))
        return False
    if exam.expect("joined", len(requests) >= count, "gave-up-early", told):
        _joins(exam, called.value, replies)
    _is_kept(exam, called.arguments[1], request)
    return True


def _joins(
    exam: Exam,
    value: Json,
    replies: Sequence[Turn],
    criterion: str = "joined",
    *,
    ended: str | None = None,
) -> None:
    """Judge the text that came back; ended: the stop reason of a reply after these, if any."""
    pieces = [content_text(list(each.content)) for each in replies]
    blocks = [[each for each in reply.content if each["type"] == "text"] for reply in replies]
    whole, bare, last = "".join(pieces), [piece.strip() for piece in pieces], replies[-1]
    counts = {piece: bare.count(piece) for piece in bare if piece}
    is_text, reason = isinstance(value, str), ended or last.stop_reason
    is_cut = reason == "max_tokens"
    some = ["".join(each[at]["text"] for each in blocks if each) for at in (0, -1)]
    # Where a text is lost, it's in the reply that has most of them.
    fullest = max(replies, key=lambda each: len(each.content))
    kinds = ", ".join(block["type"] for block in fullest.content)
    slip = exam.slip(
        {
            "only-some-text": (
                is_text and value in some,
                f"{kinds}; your function returned {shown(value)}",
            ),
            "blank-dropped": (
                is_blank_dropped(value, [each["text"] for reply in blocks for each in reply]),
                f"{kinds}; your function returned {shown(value)}",
            ),
            "last-lost": (
                is_text
                and pieces[-1] not in pieces[:-1]
                and value == "".join(pieces[:-1])
                and len(pieces) > 1
                and not is_cut,
                f"{reason}, and your function returned {shown(value)}",
            ),
            "refusal-dropped": (
                reason == "refusal" and whole != "" and value in (None, ""),
                f"the text {value!r}",
            ),
            "ending-dropped": (
                len(pieces) == 1 and ended is None and whole != "" and value in (None, ""),
                f"{reason} this came back: the text {value!r}",
            ),
            "edges-lost": is_text and value in (whole.strip(), "".join(bare)),
            "doubled": is_text and any(value.count(each) > counts[each] for each in counts),
            "pieces-lost": is_text and any(value.count(each) < counts[each] for each in counts),
            "joined-otherwise": is_joined_otherwise(value, pieces),
        },
        otherwise="other-text",
        observed=compared(value, whole),
    )
    exam.expect(criterion, is_same(value, whole), slip)


def _is_kept(exam: Exam, mine: Json, request: Json) -> None:
    count, own = (len(each["messages"]) if _has_messages(each) else 0 for each in (mine, request))
    told = f"{count} instead of {own}" if count != own else mine
    exam.expect("kept", is_same(mine, request), "mutated", told)


def _adds_two_turns(
    exam: Exam,
    before: Json,
    after: Json,
    content: list[Json],
    first: Json,
    *,
    is_plain: bool = False,
) -> bool:
    """Judge that a request repeats the one before it, then the reply, then asks to go on.

    first: the first request of all. is_plain: whether the reply is one text, which says nothing
        of its blocks. Return whether it does, some wrong blocks of the reply aside.
    """
    old, new = said_in(before["messages"]), said_in(after["messages"])
    begun = said_in(first["messages"])
    rounds = new[len(begun) : -2]
    added = new[len(old) :]
    roles = roles_of(added)
    slip = exam.slip(
        {
            "asked-again": (new == old, len(new)),
            "history-cut": (
                2 < len(new) < len(old) + 2 and new[:-2] == old[len(old) + 2 - len(new) :],
                f"{len(new) - 2} of {len(old)}",
            ),
            "partial-dropped": (roles == ["user"] and new[: len(old)] == old, roles),
            "rounds-lost": (
                len(begun) < len(old)
                and len(new) < len(old) + 2
                and roles_of(new[-2:]) == ["assistant", "user"]
                and new[: len(begun)] == begun
                and rounds == old[len(old) - len(rounds) :],
                f"{len(rounds) // 2} of {(len(old) - len(begun)) // 2}",
            ),
        },
        otherwise="turns-otherwise",
        observed=spoken(new),
    )
    reply = content_text(content)
    is_right = new[: len(old)] == old and spoken(added[:1]) == [("assistant", reply)]
    goes_on = is_right and roles[1:] == ["user"]
    if not exam.expect("goes-on", goes_on, slip, request=after):
        return False if is_plain else exam.judge(slip, "blocks")
    if is_plain:
        return True
    mine = types_of(added[0].blocks)
    own = blocks_of(content)
    if any(block["type"] != "text" for block in own) and mine != types_of(content):
        slip = Slip("text-for-blocks", f"{mine} (of {types_of(content)})")
    elif mine == types_of(content):
        slip = Slip("fields-lost", first_changed(added[0].blocks, own))
    exam.expect("blocks", added[0].blocks == own, slip)
    return True


def _keeps_to_the_bound(exam: Exam) -> None:
    for most in (4, 1, _MANY):
        pieces = exam.words(most + 4).split()
        # A loop without a bound ends here, and the number of its requests gives it away.
        replies = [*[_cut(text(f"{piece} ")) for piece in pieces], text(exam.words(1))]
        scene, called, _ = _called(exam, replies, most, judges=("bounded",), crash="bound-crash")
        sent = len(scene.requests)
        wrong = exam.which(
            {"one-request-more": sent == most + 1, "unbounded": sent > most},
            otherwise="gave-up-early",
        )
        observed = f"{sent} requests for max_rounds={most}"
        exam.expect("bounded", sent == most, wrong, observed)
        if sent == most:
            _joins(exam, called.value, replies[:most], "bounded")
            _repeats_all(exam, scene)


def _repeats_all(exam: Exam, scene: Scene) -> None:
    """Judge that each of many requests repeats the one before, up to the first that doesn't."""
    requests = scene.requests
    for number in range(1, len(requests)):
        before, after, content = requests[number - 1], requests[number], contents_of(scene)
        reply, first = content[number - 1], requests[0]
        if not _adds_two_turns(exam, before, after, reply, first, is_plain=True):
            break


def _meets_no_text(exam: Exam) -> None:
    """Judge what happens after one piece: a refusal, nothing, and thinking without an answer.

    The first of all replies may bring nothing, too.
    """
    for reply in (empty(stop_reason="max_tokens"), _cut(turn(thinking())), refusal()):
        is_refused = reply.stop_reason == "refusal"
        ended: Crash = {OWN_RAISE: Slip("ending-raised", "refusal")}
        crash = ended if is_refused else "no-text-crash"
        for first in (exam.words(3), ""):
            begun = [_cut(text(first))] if first else []
            replies = [*begun, reply, *[text(exam.words(2))] * _MOST_REQUESTS]
            scene, called, _ = _called(exam, replies, 5, judges=("no-text",), crash=crash)
            types = [block["type"] for block in reply.content]
            is_over = len(scene.requests) <= len(begun) + 1
            if exam.expect("no-text", is_over, "no-text-goes-on", types):
                ended = reply.stop_reason
                _joins(exam, called.value, begun or [reply], "no-text", ended=ended)


def _called(
    exam: Exam,
    replies: list[Turn],
    most: int,
    *,
    judges: tuple[str, ...] = (),
    crash: Crash = None,
) -> tuple[Scene, Called, Json]:
    """Call with a new request, and return the scene, the result, and the request."""
    request = _request(exam)
    scene = exam.scene(*replies)
    given = copy.deepcopy(request)
    called = exam.call(scene.client, given, most, judges=judges, crash=crash)
    return scene, called, request


def _request(exam: Exam, case: Case | None = None) -> dict[str, Json]:
    """Return a request for a text; case: what it holds, everything unless given."""
    kind = "a talk" if case is None else case.messages
    messages = {
        "a talk": [*plain_exchange(exam), *question(exam)],
        "a question": question(exam),
        "a long talk": [
            *[turn for _ in range(_MANY) for turn in plain_exchange(exam)],
            *question(exam),
        ],
        "blocks": [{"role": "user", "content": [{"type": "text", "text": exam.words(3)}]}],
        "an instruction": [*plain_exchange(exam), *instructed_exchange(exam)[:2]],
    }[kind]
    request = new_request(
        exam,
        model=model_in_turn(exam, takes_instructions=kind == "an instruction"),
        messages=messages,
        metadata={"user_id": exam.fresh("user")},
    )
    if case is not None and case.system == "none":
        del request["system"]
    if case is not None and case.room == "none left":
        # Any text of ours has so many tokens: a reply may be complete just as the limit is reached.
        request["max_tokens"] = 2
    return request


def _cut(reply: Turn) -> Turn:
    return turn(reply, stop_reason="max_tokens")


def _has_messages(request: Json) -> bool:
    return isinstance(request, dict) and isinstance(request.get("messages"), list)
