"""A conversation that reads its earlier turns from the cache."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.exams import Called, Case, Criterion, Exam, Scene, Shapes, Slip, exercise
from grader.exercises.failures import FAILURES, failing_scene, judge_failure
from grader.exercises.loops import (
    cited,
    content_text,
    find_lost_exchange,
    is_pair,
    said_by,
    said_in,
    spoken,
)
from grader.exercises.prompt_caching.breakpoints import bare, is_late, marks
from grader.exercises.prompt_caching.playing import Play, input_of, play
from grader.exercises.prompt_caching.prompts import MARK, handbook, patient_models
from grader.exercises.readings import is_same
from grader.exercises.replies import beside, is_blank_dropped, texts_in, worded
from grader.simulator import (
    Exchange,
    Turn,
    empty,
    text,
    thinking,
    turn,
)

Json = Any

_PAUSE = 2
"""Minutes between two questions: the last ones come more than five minutes after the first."""
_LONG_PAUSE = 6
_MANY_EXCHANGES = 30
_REPLIES = (
    "a text",
    "a thought and two texts",
    "redacted",
    "two alike",
    "a search",
    "two thoughts",
)
_QUESTIONS = ("plain", "marks", "spaces at the edges", "other scripts", "asked before")
_ENDS = (
    "end_turn",
    "max_tokens",
    "stop_sequence",
    "refusal",
    "pause_turn",
    "model_context_window_exceeded",
)


@exercise(
    minutes=9,
    criteria=[
        Criterion("sent", "one request a question, with the whole conversation and its options"),
        Criterion("system", "the second call reads the system prompt from the cache"),
        Criterion("moves", "each call reads all that the call before it sent", points=2),
        Criterion("many", "six questions later there are still four breakpoints at most"),
        Criterion("text", "the reply's text comes back, whatever block is first"),
        Criterion("history", "the new history has every turn, with all its blocks"),
        Criterion("value", "the caller's list, and the turns in it, are left as they were"),
    ],
    shapes=Shapes(
        reply=_REPLIES,
        question=_QUESTIONS,
        ends=_ENDS,
        options=["none", "model", "max_tokens"],
        error=list(FAILURES),
    ),
)
def cached_chat(exam: Exam) -> None:
    """Hold a conversation of six questions, ask one again much later, and meet odd replies."""
    cases = sorted(
        exam.cases("reply", "question", "ends"), key=lambda case: _REPLIES.index(case.reply)
    )
    talk = _begin(exam, cases)
    history: list[Json] = []
    rounds: list[_Asked] = []
    for case in cases:
        # Code that takes the first block for the text stops where that is a thought.
        judges = ("many", "text") if case.reply == _REPLIES[1] else ("many",) if rounds else ()
        question = _question(exam, case, rounds)
        is_repeated = any(each.question == question for each in rounds)
        asked = _ask(exam, talk, history, question, judges=judges, is_repeated=is_repeated)
        if asked is None:
            return
        rounds.append(asked)
        _judge_reads(exam, rounds)
        if not _grows(exam, asked):
            return
        history = asked.value[1]
        talk.scene.pass_time(minutes=_PAUSE)
    exam.expect("many", True, "five")
    talk.scene.pass_time(minutes=_LONG_PAUSE)
    for case in exam.cases("options"):
        # What is not given is left to the signature's defaults.
        some = {key: value for key, value in talk.options.items() if key == case.options}
        if not _asks_again(exam, replace(talk, options=some), rounds[-1]):
            return
    # Whoever asks for one model whatever they are given is found here at the latest.
    options = {**talk.options, "model": patient_models()[1]}
    other = replace(talk, system=f"Be {exam.words(1)}.", options=options)
    # In turns as the code made them, and more of them than any limit of its own would keep.
    _meets_thinking_only(exam, other, [*history[:2] * _MANY_EXCHANGES, *history])
    _meets_nothing(exam, other, history)
    for case in exam.cases("error"):
        _meets_trouble(exam, talk, history, case.error)


def _question(exam: Exam, case: Case, rounds: Sequence[_Asked]) -> str:
    if case.question == "asked before" and rounds:
        return rounds[-1].question
    wording = "plain" if case.question == "asked before" else case.question
    asked = f"And {worded(exam, wording, count=3)}?"
    return f" {asked}\n" if wording == "spaces at the edges" else asked


def _asks_again(exam: Exam, talk: _Chat, last: _Asked) -> bool:
    """Judge a question that was asked before, and return whether to go on."""
    judges = "sent", "text"
    again = _ask(exam, talk, last.before, last.question, judges=judges, is_repeated=True)
    return again is not None and _grows(exam, again)


@dataclass(frozen=True)
class _Chat:
    """Hold what stays the same in a conversation."""

    scene: Scene
    system: str
    options: dict[str, Json]


@dataclass(frozen=True)
class _Asked:
    """Hold one question, the history before it, the request that arrived, and the result."""

    before: list[Json]
    question: str
    exchange: Exchange
    called: Called

    @property
    def request(self) -> Json:
        return self.exchange.request.body

    @property
    def content(self) -> list[Json]:
        return [] if self.exchange.message is None else self.exchange.message["content"]

    @property
    def ending(self) -> str:
        return "" if self.exchange.message is None else self.exchange.message["stop_reason"]

    @property
    def value(self) -> Json:
        return self.called.value


def _begin(exam: Exam, cases: Sequence[Case]) -> _Chat:
    replies = [_reply(exam, case.reply, case.ends) for case in cases]
    # A turn that goes back can't have a piece of blanks, so these have it: nothing follows them.
    again = [_reply(exam, "a blank between texts", "end_turn") for _ in exam.cases("options")]
    thought = turn(thinking(), stop_reason="max_tokens")
    # The last ones are for code that asks twice.
    scene = exam.scene(*replies, *again, thought, empty(), *replies)
    options = {"model": patient_models()[0], "max_tokens": exam.number(50, 900)}
    words = f"\n{handbook(exam)}\n{worded(exam, 'marks')}\n{worded(exam, 'other scripts')} "
    return _Chat(scene, words, options)


def _reply(exam: Exam, kind: str, ends: str) -> Turn:
    """Return a reply whose blocks are of one of `_REPLIES`."""
    # Lines, capitals and other scripts: a person reads the text as it came.
    first = text(f"{worded(exam, 'lines')} {worded(exam, 'other scripts')} ")
    last = text(exam.words(5))
    redacted = Turn(({"type": "redacted_thinking", "data": ""},))
    parts = {
        "a text": [first],
        "a thought and two texts": [thinking(), first, last],
        "redacted": [redacted, last],
        "a blank between texts": [first, text("\n\n"), last],
        "two alike": [first, first],
        # What is said about the pages that it found quotes them.
        "a search": [
            thinking(),
            first,
            Turn((*beside(exam, "a search"), cited(exam))),
            last,
        ],
        "two thoughts": [thinking(), redacted, first, thinking(), last],
    }
    said = turn(*parts[kind])
    word = exam.words(1) if ends == "stop_sequence" else None
    return replace(said, stop_reason=ends, stop_sequence=word)


def _ask(
    exam: Exam,
    talk: _Chat,
    history: list[Json],
    question: str,
    *,
    judges: tuple[str, ...],
    is_repeated: bool = False,
    crash: str | None = None,
) -> _Asked | None:
    """Call with a question, and judge the request; return None if nothing is left to judge."""
    count = len(talk.scene.asked)
    given = copy.deepcopy(history)
    called = exam.call(
        talk.scene.client, talk.system, given, question, judges=judges, crash=crash, **talk.options
    )
    new = talk.scene.asked[count:]
    wrong = exam.which(
        {"answer-kept": is_repeated and not new, "hit-expected": _asks_for_a_hit(new)},
        otherwise="requests-counted",
    )
    if not exam.expect("sent", len(new) == 1, wrong, len(new)):
        exam.judge(Slip(wrong, len(new)), *judges)
        return None
    if new[0].message is None:
        exam.judge(Slip("refused", talk.scene.refusal), "sent", *judges)
        return None
    asked = _Asked(history, question, new[0], called)
    _is_whole(exam, talk, asked)
    exam.expect("value", is_same(called.arguments[2], history), "mutated", _told(history, called))
    if is_pair(asked.value):
        return asked
    words = content_text(asked.content)
    is_printed = asked.value is None and words != "" and words in called.printed
    wrong = exam.which({"printed": is_printed}, otherwise="not-a-pair")
    exam.judge(Slip(wrong, asked.value), *judges, "text", "history")
    return None


def _asks_for_a_hit(exchanges: list[Exchange]) -> bool:
    """Return whether the code sent a request again because the first one missed the cache."""
    if len(exchanges) < 2 or exchanges[0].message is None:
        return False
    is_same_prompt = bare(exchanges[0].request.body) == bare(exchanges[1].request.body)
    return is_same_prompt and not exchanges[0].message["usage"]["cache_read_input_tokens"]


def _is_whole(exam: Exam, talk: _Chat, asked: _Asked) -> None:
    """Judge what the request says, apart from its breakpoints."""
    request = asked.request
    arrived, said = said_in(request["messages"]), said_in(asked.before)
    expected = [*said, said_by("user", asked.question)]
    system = content_text(request.get("system"))
    is_short = bool(said) and (system == "" or len(arrived) == 1)
    parts = (("system", system == talk.system), ("messages", arrived == expected))
    others = [name for name, is_right in parts if not is_right]
    if len(arrived) != len(expected):
        others[others.index("messages")] = f"messages, {len(arrived)} instead of {len(expected)}"
    others += [key for key, value in talk.options.items() if not is_same(request.get(key), value)]
    wrong = exam.which({"not-sent-again": is_short}, otherwise="request-changed")
    exam.expect("sent", not others, wrong, ", ".join(others), request=request)


def _judge_reads(exam: Exam, rounds: list[_Asked]) -> None:
    """Judge what the last call read, compared with what automatic caching would have read."""
    requests = [asked.request for asked in rounds]
    mine = _use(rounds[-1])
    places = [place for request in requests for place in marks(request)]
    if mine.tokens.write_1h:
        exam.expect("moves", False, "other-lifetime", "1h", request=requests[-1])
    if len(rounds) == 1:
        return
    right = play(
        [{**bare(request), "cache_control": MARK} for request in requests],
        minutes=[_PAUSE] * len(requests),
    )[-1]
    bare_ones = [place for place, body in enumerate(requests, 1) if not marks(body)]
    wrong = exam.which(
        {
            "not-marked": not places,
            "not-always-marked": bool(bare_ones),
            "breakpoint-stands": mine.read > 0 and not any(is_late(place) for place in places),
            "breakpoint-behind": mine.read > 0,
        },
        otherwise="never-hits",
    )
    observed = (
        mine.summary if wrong in ("not-marked", "never-hits") else (f"{mine.read} of {right.read}")
    )
    if wrong == "not-always-marked":
        observed = f"call {bare_ones[0]}"
    if len(rounds) == 2:
        exam.expect("system", mine.read > 0, wrong, observed, request=requests[-1])
    is_read = mine.read >= right.read > 0
    exam.expect("moves", is_read, wrong, observed, request=requests[-1])


def _use(asked: _Asked) -> Play:
    message = asked.exchange.message
    return Play() if message is None else input_of(message["usage"])


def _grows(exam: Exam, asked: _Asked) -> bool:
    """Judge what came back, and return whether to go on."""
    words, history = asked.value
    said = content_text(asked.content)
    ending = asked.ending
    is_dropped = words == "" != said and ending != "end_turn"
    observed = f"`{ending}` the text that came back is empty" if is_dropped else words
    texts = texts_in(asked.content)
    slip = exam.slip(
        {
            "ending-dropped": is_dropped,
            "blank-dropped": (is_blank_dropped(words, texts), texts),
        },
        otherwise="other-text",
        observed=observed,
    )
    exam.expect("text", is_same(words, said), slip)
    if is_dropped and isinstance(history, list) and said_in(history) == said_in(asked.before):
        return exam.expect("history", False, "ending-dropped", observed)
    told = [
        *said_in(asked.before),
        said_by("user", asked.question),
        said_by("assistant", asked.content),
    ]
    exam.judge(find_lost_exchange(exam, history, told), "history")
    return isinstance(history, list) and spoken(said_in(history)) == spoken(told)


def _meets_thinking_only(exam: Exam, talk: _Chat, history: list[Json]) -> None:
    """Judge a reply that was cut off while Claude was thinking: it has no text, and is a turn."""
    question = f"And {exam.words(3)}?"
    asked = _ask(exam, talk, history, question, judges=("history",))
    if asked is None:
        return
    # A conversation of this length is cached, however short its system prompt is.
    is_marked = bool(marks(asked.request))
    exam.expect("moves", is_marked, "short-system", talk.system, request=asked.request)
    words, new = asked.value
    said = [said_by("user", question), said_by("assistant", asked.content)]
    is_kept = isinstance(new, list) and said_in(new) == [*said_in(history), *said]
    exam.expect("history", is_kept, "thinking-only-dropped", len(said_in(new)))
    exam.expect("text", is_same(words, ""), "other-text", words)


def _meets_trouble(exam: Exam, talk: _Chat, history: list[Json], error: str) -> None:
    """Judge that an error of the API reaches the caller; error: one of `FAILURES`."""
    question, given = f"And {exam.words(3)}?", copy.deepcopy(history)
    scene = failing_scene(exam, error)
    called = exam.call(
        scene.client,
        talk.system,
        given,
        question,
        judges=("sent",),
        may_raise=("Exception",),
        **talk.options,
    )
    judge_failure(exam, "sent", called, scene, failure=error)


def _meets_nothing(exam: Exam, talk: _Chat, history: list[Json]) -> None:
    question = f"And {exam.words(3)}?"
    asked = _ask(exam, talk, history, question, judges=("history",), crash="empty-crash")
    if asked is None:
        return
    words, new = asked.value
    is_left = isinstance(new, list) and said_in(new) == said_in(history)
    exam.expect("history", is_left, "empty-kept", spoken(said_in(new)[-1:]))
    exam.expect("text", is_same(words, ""), "other-text", words)


def _told(asked: list[Json], called: Called) -> str:
    """Return what a panel shows of a caller's history that the code changed."""
    after = called.arguments[2]
    if not isinstance(after, list):
        return "no list"
    if len(after) != len(asked):
        return f"{len(after)} instead of {len(asked)}"
    pairs = enumerate(zip(asked, after, strict=True))
    others = [place for place, (old, new) in pairs if not is_same(new, old)]
    return f"number {others[0]}, counted from 0, is {after[others[0]]}" if others else ""
