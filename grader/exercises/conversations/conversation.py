"""A conversation as an object: ask, take back, branch off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.exams import (
    OWN_RAISE,
    Called,
    Case,
    Crash,
    Criterion,
    Exam,
    Kept,
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
from grader.exercises.failures import FAILURES, judge_failure
from grader.exercises.loops import (
    Said,
    content_text,
    find_lost_exchange,
    last_user_text,
    objection,
    roles_of,
    said_by,
    said_in,
    spoken,
    types_of,
)
from grader.exercises.readings import compared, is_same
from grader.exercises.replies import WORDINGS, is_blank_dropped, texts_in, worded
from grader.simulator import Scripted, empty, text, thinking, turn

Json = Any

_TALKS = ("before", "length", "reply", "stop_reason", "wording", "system", "options")
"""The dimensions of a talk, and of the reply to the next question."""
_LONG = 12
"""How many exchanges more a long talk has: more than code keeps that cuts histories by itself."""


@exercise(
    minutes=7,
    criteria=[
        Criterion("asks", "`ask` sends the whole history and the question, and returns the text"),
        Criterion("options", "each request has the system prompt, the model and the limit"),
        Criterion("messages", "`messages` holds every turn, a reply with all its blocks"),
        Criterion("own", "two conversations share nothing"),
        Criterion("undo", "`undo` takes back the last question and its reply", points=2),
        Criterion("fork", "a fork goes on alone, from the same history, with the same options"),
        Criterion("failed", "a question without an answer leaves no trace"),
    ],
    shapes=Shapes(
        pairs=[("before", "reply"), ("system", "options")],
        dear=["length"],
        before=["nothing", "an exchange", "two exchanges"],
        length=["short", "long"],
        reply=[
            *("a text", "two texts", "two alike", "thinking", "hidden thoughts", "no text"),
            *("line ends between", "a space between"),
        ],
        stop_reason=[
            *("end_turn", "max_tokens", "stop_sequence", "refusal"),
            "model_context_window_exceeded",
        ],
        wording=WORDINGS,
        system=["given", "none"],
        options=["given", "the defaults"],
        repeated=["at once", "after another exchange"],
        error=list(FAILURES),
    ),
)
def Conversation(exam: Exam) -> None:  # noqa: N802 - a check is named after what a learner writes
    """Ask, take back and branch off; then meet an error and an empty reply."""
    replies = [text(exam.words(4)), turn(thinking(), text(exam.words(5)))]
    talk = _talk(exam, *replies, text(exam.words(3)), text(exam.words(3)))
    first = talk.kept.read("messages")
    if not is_same(first, []):
        exam.expect("messages", False, "not-empty", first)
        return
    told: list[Said] = []
    for _ in range(2):
        asked = _asks(talk, talk.kept, told)
        if asked is None or not _is_told(talk, asked):
            return
        told = asked
    is_alone = _is_alone(exam, told)
    undoes = _undoes(talk, told)
    for case in exam.cases("repeated") if undoes and is_alone else ():
        with exam.part():
            _undoes_one_of_two(exam, case.repeated)
    _forks(exam, undoes=undoes)
    _fails(exam)
    # Where conversations share a history, new ones only show that again.
    for case in exam.cases(*_TALKS) if is_alone else ():
        with exam.part():
            _asks_for(exam, case)


@dataclass(frozen=True)
class _Made:
    """Hold a learner's conversation, its scene, and the options that its requests should have.

    left_out: the options that have the signature's defaults.
    """

    exam: Exam
    scene: Scene
    kept: Kept
    options: dict[str, Json]
    left_out: set[str]


def _talk(
    exam: Exam,
    *replies: Scripted,
    judges: tuple[str, ...] = (),
    is_plain: bool = False,
    has_system: bool = True,
) -> _Made:
    """Make a conversation; is_plain: with the defaults for model and limit."""
    scene = exam.scene(*replies)
    # With spaces at its edges, which are the caller's own.
    system = f" Be {exam.words(1)}.\n" if has_system else None
    rest: dict[str, Any] = {"model": model_in_turn(exam), "max_tokens": exam.number(50, 900)}
    if is_plain:
        rest = {}
    kept = exam.make(scene.client, system, judges=judges, **rest)
    options = {"system": system, **DEFAULTS, **rest}
    return _Made(exam, scene, kept, options, set(DEFAULTS) - set(rest))


def _asks_for(exam: Exam, case: Case) -> None:
    """Ask in a conversation of its own, then look at its history."""
    count = {"nothing": 0, "an exchange": 1, "two exchanges": 2}[case.before]
    count += _LONG if case.length == "long" else 0
    reply = spoken_reply(exam, case.reply, case.wording, case.stop_reason)
    talk = _talk(
        exam,
        *[text(exam.words(2)) for _ in range(count)],
        reply,
        judges=("asks",),
        is_plain=case.options == "the defaults",
        has_system=case.system == "given",
    )
    told: list[Said] | None = []
    ending = {OWN_RAISE: Slip("ending-raised", case.stop_reason)}
    is_odd = case.stop_reason != "end_turn" and case.reply != "no text"
    for number in range(count + 1):
        is_last = number == count
        wording, crash = (case.wording if is_last else "plain"), (ending if is_odd else None)
        told = _asks(talk, talk.kept, told or [], wording=wording, crash=crash if is_last else None)
        if told is None:
            return
    _is_told(talk, told or [])


def _asks(
    talk: _Made,
    kept: Kept,
    told: list[Said],
    *,
    criterion: str = "asks",
    options: tuple[str, str] = ("options", "options-lost"),
    wording: str = "plain",
    question: str = "",
    crash: Crash = None,
) -> list[Said] | None:
    """Ask something; return what the history should be, or None unless one good request came.

    kept: the talk's own conversation, or a fork of it. told: its turns so far.
    options: the criterion, and the mistake, of a changed system prompt, model or limit.
    question: new unless given. wording: of a new one.
    """
    exam, before = talk.exam, len(talk.scene.requests)
    question = question or worded(exam, wording)
    called = kept.call("ask", question, judges=(criterion,), crash=crash)
    requests = talk.scene.requests[before:]
    slip = exam.slip(
        {
            "fork-unheard": options[0] == "fork" and not requests,
            "no-request": (not requests, called.value),
        },
        otherwise="requests-counted",
        observed=len(requests),
    )
    if not exam.expect(criterion, len(requests) == 1, slip):
        return None
    message = talk.scene.asked[before].message
    if message is None:
        exam.judge(Slip("refused", talk.scene.refusal), criterion)
        return None
    request, arrived = requests[0], said_in(requests[0]["messages"])
    is_last, asked = spoken(arrived[-1:]) == [("user", question)], last_user_text(request)
    is_other = roles_of(arrived[len(told) :]) == ["user"]
    slip = exam.slip(
        {"question-changed": (is_other, compared(asked, question))},
        otherwise="question-not-sent",
        observed=asked,
    )
    exam.expect(criterion, is_last, slip)
    earlier = spoken(arrived[:-1])
    is_cut = 0 < len(earlier) < len(told) and earlier == spoken(told[len(told) - len(earlier) :])
    slip = exam.slip(
        {
            "question-doubled": (
                earlier == [*spoken(told), ("user", question)],
                spoken(arrived[-2:]),
            ),
            "history-cut": (is_cut, f"{len(earlier)} of {len(told)}"),
        },
        otherwise="forgets",
        observed=[role for role, _ in earlier],
    )
    exam.expect(criterion, earlier == spoken(told), slip)
    other = find_other_options(request, talk.options, left_out=talk.left_out)
    is_lost = other is not None and other.mistake == "options-lost"
    exam.judge(Slip(options[1], other.observed) if other and is_lost else other, options[0])
    content = message["content"]
    words = content_text(content)
    is_printed = called.value is None and words in called.printed
    value = called.value
    slip = exam.slip(
        {
            "printed": is_printed,
            "pair-returned": isinstance(value, tuple | list) and words in value,
            "blank-dropped": (
                is_blank_dropped(value, texts_in(content)),
                f"{types_of(content)}; the text that came back is {value!r}",
            ),
            "edges-lost": isinstance(value, str) and value == words.strip(),
            "refusal-dropped": (
                message["stop_reason"] == "refusal" and words != "" and value in (None, ""),
                f"the text {value!r}",
            ),
            "ending-dropped": (
                message["stop_reason"] not in ("end_turn", "refusal")
                and all(block["type"] == "text" for block in content)
                and value in (None, ""),
                f"{message['stop_reason']} this came back: the text {value!r}",
            ),
        },
        otherwise="other-text",
        observed=compared(value, words),
    )
    exam.expect(criterion, is_same(value, words), slip)
    return [*told, said_by("user", question), said_by("assistant", content)]


def _is_told(talk: _Made, told: list[Said]) -> bool:
    """Judge that `messages` holds the turns; return whether it does, some wrong blocks aside."""
    mine = talk.kept.read("messages", judges=("messages",))
    slip = find_lost_exchange(talk.exam, mine, told, otherwise="messages-otherwise")
    is_right = talk.exam.judge(slip, "messages")
    return is_right or (slip is not None and slip.mistake == "text-for-blocks")


def _is_alone(exam: Exam, told: list[Said]) -> bool:
    """Judge whether a second conversation shares nothing, and return it.

    It is made without options; told: the first one's turns.
    """
    scene = exam.scene(text(exam.words(3)))
    other = exam.make(scene.client, judges=("own",))
    history = said_in(other.read("messages", judges=("own",)))
    wrong = exam.which({"shared-history": spoken(history) == spoken(told)}, otherwise="not-empty")
    observed = len(history) if wrong == "shared-history" else history
    is_alone = exam.expect("own", not history, wrong, observed)
    if is_alone:
        # The API refuses a system prompt of null.
        other.call("ask", exam.words(3), judges=("own", "options"))
        for request in scene.requests[:1]:
            options = {"system": None, **DEFAULTS}
            exam.judge(find_other_options(request, options, left_out=options), "options")
        counts = [len(request["messages"]) for request in scene.requests]
        wrong = exam.which({"shared-history": counts[:1] > [1]}, otherwise="requests-counted")
        observed = counts[0] - 1 if wrong == "shared-history" else len(counts)
        is_alone = exam.expect("own", counts == [1], wrong, observed)
    return is_alone


def _undoes(talk: _Made, told: list[Said]) -> bool:
    """Take exchanges back until none is left, and return whether they are gone."""
    if not _undo(talk, told, told[:-2]):
        return False
    asked = _asks(talk, talk.kept, told[:-2], criterion="undo")
    if asked is None or not _undo(talk, asked, asked[:-2]):
        return False
    is_empty = _undo(talk, asked[:-2], [])
    if is_empty:
        _undo(talk, [], [], crash="undo-empty-crash")
        # A fork of nothing is a conversation all the same.
        twin = _fork(talk, [])
        if twin is not None:
            _asks(talk, twin, [], criterion="fork", options=("fork", "fork-options-lost"))
    return is_empty


def _undoes_one_of_two(exam: Exam, repeated: str) -> None:
    """Take back an exchange that came twice: the earlier one stays where it was."""
    question, reply = exam.words(3), text(exam.words(4))
    between = [""] if repeated == "after another exchange" else []
    talk = _talk(exam, reply, *[text(exam.words(3)) for _ in between], reply, judges=("undo",))
    told: list[Said] = []
    for each in (question, *between, question):
        asked = _asks(talk, talk.kept, told, criterion="undo", question=each)
        if asked is None:
            return
        told = asked
    _undo(talk, told, told[:-2], otherwise="undo-of-earlier")


def _undo(
    talk: _Made,
    told: list[Said],
    left: list[Said],
    *,
    crash: str | None = None,
    otherwise: str = "undo-otherwise",
) -> bool:
    """Take back the last exchange, and judge which of the turns are left.

    otherwise: the mistake where some other turns are left.
    """
    exam = talk.exam
    if _called(exam, talk.kept, "undo", crash=crash) is None:
        return False
    turns = said_in(talk.kept.read("messages", judges=("undo",)))
    mine, roles = spoken(turns), [role for role, _ in turns]
    slip = exam.slip(
        {
            "undo-nothing": (mine == spoken(told), len(turns)),
            "undo-half": (mine == spoken(told[:-1]), "user"),
        },
        otherwise=otherwise,
        observed=mine if otherwise == "undo-of-earlier" else roles,
    )
    return exam.expect("undo", mine == spoken(left), slip)


def _forks(exam: Exam, *, undoes: bool) -> None:
    """Fork a conversation twice; one fork takes its last exchange back, the other is asked.

    undoes: whether a conversation that isn't a fork takes exchanges back.
    """
    replies = [turn(thinking(), text(exam.words(4))), text(exam.words(3)), text(exam.words(5))]
    talk = _talk(exam, *replies, judges=("fork",))
    told = _asks(talk, talk.kept, [], criterion="fork")
    twins = [_fork(talk, told or []) for _ in range(2)]
    if told is None or twins[0] is None or twins[1] is None:
        return
    spare, twin = twins[0], twins[1]
    if _called(exam, spare, "undo", criterion="fork") is not None:
        left = said_in(spare.read("messages", judges=("fork",)))
        is_undone = spoken(left) == spoken(told[:-2])
        is_undone = is_undone or not undoes
        exam.expect("fork", is_undone, "fork-undo", f"{len(left)} of {len(told)}")
        _is_untouched(exam, talk.kept, told)
        _is_untouched(exam, twin, told)
    asked = _asks(talk, twin, told, criterion="fork", options=("fork", "fork-options-lost"))
    _is_untouched(exam, talk.kept, told)
    mine = spoken(said_in(twin.read("messages", judges=("fork",))))
    has_told = exam.expect("fork", mine == spoken(asked or told), "messages-otherwise", mine)
    _asks(talk, talk.kept, told, criterion="fork")
    if asked is not None and has_told:
        _is_untouched(exam, twin, asked)


def _fork(talk: _Made, told: list[Said]) -> Kept | None:
    exam = talk.exam
    called = _called(exam, talk.kept, "fork", keep=True)
    if called is None:
        return None
    twin: Kept = called.value
    kind = "itself" if twin.handle == talk.kept.handle else twin.handle.type
    is_other = kind in ("itself", "NoneType", "dict", "list", "tuple")
    if not exam.expect("fork", not is_other, "fork-other", kind):
        return None
    turns = said_in(twin.read("messages", judges=("fork",)))
    is_less = len(turns) < len(told)
    wrong = exam.which({"fork-forgets": is_less}, otherwise="messages-otherwise")
    observed = len(turns) if is_less else spoken(turns)
    if exam.expect("fork", spoken(turns) == spoken(told), wrong, observed):
        # Whether the original keeps all blocks is another criterion's.
        own = said_in(talk.kept.read("messages", judges=("fork",)))
        is_whole = [each.blocks for each in turns] == [each.blocks for each in own]
        pairs = zip(turns, own, strict=False)
        lost = next((pair for pair in pairs if pair[0].blocks != pair[1].blocks), None)
        gone = f"{types_of(lost[0].blocks)} (of {types_of(lost[1].blocks)})" if lost else ""
        exam.expect("fork", is_whole, "fork-blocks-lost", gone)
    return twin


def _is_untouched(exam: Exam, kept: Kept, told: list[Said]) -> None:
    turns = said_in(kept.read("messages", judges=("fork",)))
    exam.expect("fork", spoken(turns) == spoken(told), "fork-shared", len(turns))


def _called(
    exam: Exam,
    kept: Kept,
    name: str,
    *,
    criterion: str | None = None,
    keep: bool = False,
    crash: str | None = None,
) -> Called | None:
    """Call a method; None if it isn't written yet, which costs only its own criterion."""
    judges = (criterion or name,)
    # By then `ask` has answered, so this isn't a blank exercise.
    allowed = ("NotImplementedError",)
    called = kept.call(name, keep=keep, judges=judges, may_raise=allowed, crash=crash)
    if called.raised is None:
        return called
    exam.expect(name, False, "unwritten", name)
    return None


def _fails(exam: Exam) -> None:
    """Ask when the API has nothing to say, then again, then while it fails in every way."""
    errors = [case.error for case in exam.cases("error")]
    faults = [FAILURES[error]() for error in errors]
    replies: list[Scripted] = [text(exam.words(3)), empty(), text(exam.words(4)), *faults]
    talk = _talk(exam, *replies, judges=("failed",))
    told = _asks(talk, talk.kept, [], criterion="failed")
    if told is None:
        return
    called = talk.kept.call("ask", exam.words(2), judges=("failed",), crash="empty-crash")
    exam.expect("failed", is_same(called.value, ""), "other-text", called.value)
    if not _left_no_trace(talk, told, "an empty reply"):
        return
    told = _asks(talk, talk.kept, told, criterion="failed")
    if told is None:
        return
    for number, error in enumerate(errors):
        called = talk.kept.call("ask", exam.words(2), judges=("failed",), may_raise=("Exception",))
        expected = 4 + number
        judge_failure(exam, "failed", called, talk.scene, expected=expected, failure=error)
        # Who asks again has used up what comes next.
        if not _left_no_trace(talk, told, error) or len(talk.scene.asked) != expected:
            return


def _left_no_trace(talk: _Made, told: list[Said], event: str) -> bool:
    exam = talk.exam
    mine = talk.kept.read("messages", judges=("failed",))
    turns, listed = said_in(mine), mine if isinstance(mine, list) else []
    following = {"role": "user", "content": exam.words(2)}
    refused = objection(exam, [*listed, following])
    wrong = exam.which(
        {
            "half-exchange": spoken(turns[:-1]) == spoken(told) and turns[-1][0] == "user",
            "empty-stored": refused is not None and spoken(turns[-1:]) == [("assistant", "")],
        },
        otherwise="failed-otherwise",
    )
    observed = refused if wrong == "empty-stored" else event
    return exam.expect("failed", spoken(turns) == spoken(told), wrong, observed)
