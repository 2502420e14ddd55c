"""Ask one more question in a conversation whose history is a value."""

from __future__ import annotations

import copy
from dataclasses import dataclass
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
)
from grader.exercises.conversations.lesson import (
    DEFAULTS,
    find_other_options,
    model_in_turn,
    spoken_reply,
)
from grader.exercises.failures import FAILURES, failing_scene, judge_failure
from grader.exercises.loops import (
    Messages,
    content_text,
    contents_of,
    find_lost_exchange,
    instructed_exchange,
    instructions_gone,
    is_pair,
    last_user_text,
    objection,
    plain_exchange,
    question,
    roles_of,
    said_by,
    said_in,
    spoken,
    text_block,
    without_nulls,
)
from grader.exercises.readings import compared, is_same
from grader.exercises.replies import WORDINGS, is_blank_dropped, worded, words_beside
from grader.simulator import Turn, empty, text, thinking, turn

Json = Any

_LONG = 14
"""How many exchanges a long talk has: more than code keeps that cuts histories by itself."""
_TALKS = ("so_far", "reply", "stop_reason", "wording", "system", "options", "instruction")
"""The dimensions of a talk, and of the reply to the next question."""
_MOST_REQUESTS = 4
"""How many requests of one call we answer, so that we can tell asking twice from failing."""

_Kinds = set[frozenset[str]]


@exercise(
    minutes=7,
    criteria=[
        Criterion("sent", "the request carries the whole history, then the new question"),
        Criterion(
            "options", "`system`, `model` and `max_tokens` are as given, no system for `None`"
        ),
        Criterion("text", "the reply's text comes back, and an error of the API passes through"),
        Criterion("history", "the new history ends with the question and the reply"),
        Criterion("blocks", "the reply stands there with all its blocks"),
        Criterion("value", "the caller's list is left as it was"),
        Criterion("empty", "a reply without content leaves no trace in the history"),
    ],
    shapes=Shapes(
        pairs=[("so_far", "reply"), ("system", "options"), ("options", "instruction")],
        so_far=["a talk", "nothing", "blocks", "a question", "a long talk"],
        reply=[
            *("a text", "thinking", "hidden thoughts", "two texts", "two alike", "no text"),
            *("line ends between", "a space between"),
        ],
        stop_reason=[
            *("end_turn", "max_tokens", "stop_sequence", "refusal"),
            "model_context_window_exceeded",
        ],
        wording=WORDINGS,
        system=["given", "none"],
        options=["given", "the defaults"],
        instruction=["none", "given"],
        error=list(FAILURES),
    ),
)
def chat(exam: Exam) -> None:
    """Hold a conversation of three questions, then ask in others; meet an empty reply, an error."""
    found: _Kinds = set()
    if not _talks(exam, found):
        return
    # With spaces at its edges, which are the caller's own.
    system = f" Be {exam.words(1)}.\n"
    with exam.part():
        _meets_an_empty_reply(exam, system)
    takes_none = False
    with exam.part():
        history, reply = plain_exchange(exam), text(exam.words(4))
        asked = _asked(exam, None, history, reply, judges=("options",))
        takes_none = asked is not None and _grows(exam, history, asked, found)
    # Where a request without a system prompt fails, the cases only show that again.
    for case in exam.cases(*_TALKS):
        if takes_none or case.system == "given":
            with exam.part():
                _asks(exam, case, system, found)
    for case in exam.cases("error"):
        with exam.part():
            _meets_an_error(exam, case.error, system)


def _meets_an_error(exam: Exam, error: str, system: str) -> None:
    """Judge that an error of the API reaches the caller; error: one of `FAILURES`."""
    scene, judges = failing_scene(exam, error), ("text",)
    question, may_raise = exam.words(3), ("Exception",)
    called = exam.call(scene.client, system, [], question, judges=judges, may_raise=may_raise)
    judge_failure(exam, "text", called, scene, failure=error)


def _talks(exam: Exam, found: _Kinds) -> bool:
    """Hold a conversation on the learner's own histories; return whether there are any.

    found: see `_slip_of_text`.
    """
    history: list[Json] = []
    replies = (
        text(exam.words(5)),
        turn(thinking(), text(f"{exam.words(3)} "), text(exam.words(3))),
        spoken_reply(exam, "a search", "plain", "end_turn"),
    )
    system = f"Be {exam.words(1)}."
    for reply, judges in zip(replies, ((), ("text", "blocks"), ("sent",)), strict=True):
        asked = _asked(exam, system, history, reply, judges=judges)
        if asked is None or not _grows(exam, history, asked, found):
            break
        history = asked.history
    return bool(history)


def _asks(exam: Exam, case: Case, system: str, found: _Kinds) -> None:
    """Ask one question in a conversation that the learner's code has not made."""
    asks = worded(exam, case.wording)
    blocks = [{"type": "text", "text": worded(exam, case.wording)}]
    histories: dict[str, Messages] = {
        "nothing": [],
        # It begins with the question that is asked again.
        "a long talk": [
            {"role": "user", "content": asks},
            *[turn for _ in range(_LONG) for turn in plain_exchange(exam)][1:],
        ],
        "a talk": [*plain_exchange(exam), *plain_exchange(exam)],
        "a question": [*plain_exchange(exam), *question(exam)],
        "blocks": [
            {"role": "user", "content": blocks},
            {"role": "assistant", "content": [text_block(worded(exam, case.wording))]},
        ],
    }
    # Few models take a turn with the role system, so it comes with a model of ours.
    has_instruction = case.instruction == "given" and case.options == "given"
    history = [*(instructed_exchange(exam) if has_instruction else ()), *histories[case.so_far]]
    reason, crash = case.stop_reason, None
    if reason != "end_turn" and case.reply != "no text":
        crash = {OWN_RAISE: Slip("ending-raised", reason)}
    asked = _asked(
        exam,
        system if case.system == "given" else None,
        history,
        spoken_reply(exam, case.reply, case.wording, reason),
        judges=("text",),
        crash=crash,
        wording=case.wording,
        asks=asks,
        has_instruction=has_instruction,
        is_plain=case.options == "the defaults",
    )
    if asked is not None:
        _grows(exam, history, asked, found)


@dataclass(frozen=True)
class _Asked:
    """Hold the question of one call, the API's reply, and what came back."""

    question: str
    content: list[Json]
    stop_reason: str
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
    crash: Crash = None,
    wording: str = "plain",
    asks: str = "",
    has_instruction: bool = False,
    is_plain: bool = False,
) -> _Asked | None:
    """Call with a new question and judge the request; return None if nothing usable came back.

    wording: of the question. asks: the question itself, new unless given. has_instruction:
        whether a turn has the role system. is_plain: whether the signature's defaults stay in
        place.
    """
    question = asks or worded(exam, wording)
    scene = exam.scene(*[reply] * _MOST_REQUESTS)
    given = copy.deepcopy(history)
    model = model_in_turn(exam, takes_instructions=has_instruction)
    options: dict[str, Any] = {"model": model, "max_tokens": exam.number(50, 900)}
    if is_plain:
        options = {}

    def sent(called: Called | None) -> None:
        if called is not None and not scene.requests:
            exam.judge(Slip("no-request", called.value), "sent")
            return
        # After a crash only a request that was answered says anything, or a system prompt of None.
        if called is not None or contents_of(scene) or (system is None and scene.requests):
            expected = {"system": system, **DEFAULTS, **options}
            _judge_requests(exam, scene, history, question, expected, set(DEFAULTS) - set(options))

    called = exam.call(
        scene.client, system, given, question, judges=judges, crash=crash, sent=sent, **options
    )
    if len(scene.requests) != 1:
        slip = exam.slip(
            {"no-request": (not scene.requests, called.value)},
            otherwise="requests-counted",
            observed=len(scene.requests),
        )
        exam.judge(slip, *judges)
        return None
    if scene.refusal is not None:
        # Another model than the one asked for may not know the role; it's judged as such.
        if scene.requests[0].get("model") == options.get("model") or not has_instruction:
            exam.judge(Slip("refused", scene.refusal), "sent", *judges)
        return None
    value, words = called.value, content_text(list(reply.content))
    if is_pair(value) and isinstance(value[0], list | tuple) and not isinstance(value[1], list):
        exam.judge(Slip("swapped", value[1]), *(judges or ("history",)))
        return None
    if not is_pair(value):
        is_printed = value is None and words != "" and words in called.printed
        wrong = exam.which({"printed": is_printed}, otherwise="not-a-pair")
        exam.judge(Slip(wrong, value), *(judges or ("history",)))
        return None
    content = contents_of(scene)[0]
    return _Asked(question, content, reply.stop_reason, value[0], value[1], called.arguments[2])


def _judge_requests(
    exam: Exam,
    scene: Scene,
    history: list[Json],
    question: str,
    options: dict[str, Json],
    left_out: set[str],
) -> None:
    requests, before = scene.requests, said_in(history)
    if not exam.expect("sent", len(requests) == 1, "requests-counted", len(requests)):
        return
    request = requests[0]
    if scene.refusal is not None:
        is_null = "system" in request and request["system"] is None
        wrong = exam.which({"system-null": is_null}, otherwise="refused")
        # Another refusal says nothing about the options.
        exam.expect("options", not is_null, wrong, scene.refusal)
        return
    exam.judge(find_other_options(request, options, left_out=left_out), "options")
    arrived = said_in(request["messages"])
    is_asked = bool(arrived) and spoken(arrived[-1:]) == [("user", question)]
    asked, is_last = last_user_text(request), roles_of(arrived[len(before) :]) == ["user"]
    slip = exam.slip(
        {"question-changed": (is_last, compared(asked, question))},
        otherwise="question-not-sent",
        observed=asked,
    )
    exam.expect("sent", is_asked, slip)
    kept = arrived[:-1]
    slip = exam.slip(
        {
            "history-not-sent": (len(arrived) == 1 < len(before), 1),
            "instruction-lost": (instructions_gone(kept, before), "the request"),
            "history-cut": (
                0 < len(kept) < len(before) and kept == before[len(before) - len(kept) :],
                f"{len(kept)} of {len(before)}",
            ),
        },
        otherwise="history-changed",
        observed=request["messages"][:-1],
    )
    exam.expect("sent", kept == before, slip)


def _grows(exam: Exam, before: list[Json], asked: _Asked, found: _Kinds) -> bool:
    """Judge the result of a call that got an answer, and return whether to go on."""
    whole = content_text(asked.content)
    if exam.expect("text", is_same(asked.value, whole), _slip_of_text(exam, asked, found)):
        found.add(_kinds(asked.content))
    told = [
        *said_in(before),
        said_by("user", asked.question),
        said_by("assistant", asked.content),
    ]
    slip = find_lost_exchange(exam, asked.history, told)
    is_listed = not isinstance(asked.history, tuple)
    if asked.stop_reason == "refusal" and said_in(asked.history) == told[:-2]:
        slip = Slip("refusal-dropped", f"no turn more than before, and the text {asked.value!r}")
    if slip is None and not is_listed:
        slip = Slip("history-not-a-list", type(asked.history).__name__)
    is_kept = is_listed and spoken(said_in(asked.history)) == spoken(told)
    exam.judge(None if is_kept else slip, "history")
    if any(block["type"] != "text" or block.get("citations") for block in asked.content):
        exam.judge(slip, "blocks")
    if is_kept:
        given, after = without_nulls(before), without_nulls(asked.after)
        is_longer = isinstance(after, list) and len(after) != len(given)
        changed = f"{len(after)} messages, not {len(given)}" if is_longer else after
        exam.expect("value", is_same(after, given), "mutated", changed)
    return is_kept


def _slip_of_text(exam: Exam, asked: _Asked, found: _Kinds) -> Slip:
    """Return the slip that a wrong text shows; found: the blocks of replies with right texts."""
    value = asked.value
    texts = [block["text"] for block in asked.content if block["type"] == "text"]
    types = ", ".join(block["type"] for block in asked.content)
    told = f"{types}; the text that came back is {value!r}"
    is_found = len(asked.content) == len(texts) or _kinds(asked.content) in found
    is_gone = bool(texts) and value in (None, "")
    ended = f"{asked.stop_reason} this came back: the text {value!r}"
    return exam.slip(
        {
            "ending-dropped": (
                is_found and is_gone and asked.stop_reason not in ("end_turn", "refusal"),
                ended,
            ),
            "blank-dropped": (is_found and is_blank_dropped(value, texts), told),
            "beside-in-text": isinstance(value, str)
            and any(each in value for each in words_beside(asked.content)),
            "empty-otherwise": (not texts, value),
            "words-added": isinstance(value, str) and bool(texts) and "".join(texts) in value,
            "text-behind": (
                len(asked.content) > len(texts) > 0 and value in (None, ""),
                told,
            ),
            "only-some-text": (len(texts) > 1 and value in texts, told),
            "edges-lost": isinstance(value, str) and value == "".join(texts).strip(),
            "refusal-dropped": (
                asked.stop_reason == "refusal" and bool(texts) and value in (None, ""),
                f"the text {value!r}",
            ),
        },
        otherwise="other-text",
        observed=compared(value, "".join(texts)),
    )


def _kinds(content: list[Json]) -> frozenset[str]:
    """Return which types of blocks are in a reply."""
    return frozenset(block["type"] for block in content)


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
    exam.expect("empty", is_same(asked.value, ""), "empty-otherwise", asked.value)
