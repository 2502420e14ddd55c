"""How long a reader waits for the first word."""

from __future__ import annotations

from typing import Any

from grader.exams import Called, Criterion, Diagnosis, Exam, exercise
from grader.exercises.readings import is_same
from grader.exercises.shared_mistakes import printed
from grader.exercises.streaming.lesson import CHUNKS, FIRST, NAME
from grader.exercises.streaming.mistakes import EVENT_AS_OBJECT
from grader.exercises.streaming.streams import PING, new_input, new_text, streamed
from grader.simulator import Turn, text, thinking, tool_use, turn

Json = Any
Timed = list[tuple[float, Json]]


@exercise(
    lesson=NAME,
    minutes=4,
    criteria=[
        Criterion("first", "the seconds until the first piece of text"),
        Criterion("thinking", "thinking before it counts as waiting"),
        Criterion("none", "a stream without text raises a `ValueError`"),
    ],
    mistakes=[
        EVENT_AS_OBJECT,
        Diagnosis(
            "key-missing",
            title="Your code reads a key that this event does not have.",
            saw="Python says: `{observed}`",
            why="Each type of event has keys of its own, and a ping has none besides its type.",
            next='See that `event["type"]` is `"content_block_delta"` before you read on.',
            where=CHUNKS,
            crash=r"^KeyError: '(delta|index|content_block|text|message)'",
        ),
        printed(FIRST),
        Diagnosis(
            "not-seconds",
            title="The function should return a number of seconds.",
            saw="It returned `{observed}`.",
            why="Latencies are compared and averaged, so the caller needs a `float`.",
            next="Return the first part of the pair.",
            where=FIRST,
        ),
        Diagnosis(
            "reply-begun",
            title="That is when the reply began, with nothing to read in it yet.",
            saw="It returned `{observed}`, the time of the first event.",
            why="`message_start` shows the reader nothing.",
            next="Look for the first `text_delta`.",
            where=FIRST,
            hints=(
                "What does a reader see when `message_start` comes?",
                "Look at the last line that the demo under “Until the first word” prints.",
                '`event["type"] == "content_block_delta"`, and then the type of its delta.',
            ),
        ),
        Diagnosis(
            "block-begun",
            title="That is when a block began, and it was empty.",
            saw="It returned `{observed}`, the time of a `content_block_start`.",
            why="A block starts with no text at all; its deltas bring it.",
            next="Look for the first `text_delta`.",
            where=FIRST,
        ),
        Diagnosis(
            "since-the-start",
            title="The clock was started too late.",
            saw="It returned `{observed}`, the time since the first event.",
            why="The reader waits from the moment the request is sent, "
            "and most of the wait is over when the first event comes.",
            next="Return the seconds as they are.",
            where=FIRST,
        ),
        Diagnosis(
            "thinking-counted",
            title="A thought was taken for the first word.",
            saw="It returned `{observed}`, the time of the first delta.",
            why="The reader sees text, and no thinking: they are waiting still.",
            next='Look at the delta\'s type as well: `"text_delta"`.',
            where=FIRST,
            hints=(
                "Is every delta something that a reader sees?",
                "Compare the two kinds of deltas that the demo under “Until the first word” times.",
                '`event["delta"]["type"] == "text_delta"`',
            ),
        ),
        Diagnosis(
            "other-time",
            title="That is not when the first text came.",
            saw="It returned `{observed}`.",
            why="The wait is over with the first piece of text, and no other event ends it.",
            next="Return at the first `text_delta`.",
            where=FIRST,
        ),
        Diagnosis(
            "none-silent",
            title="No text came, and your function does not say so.",
            saw="For such a stream it returned `{observed}`.",
            why="Any number would spoil an average, and `None` fails later, somewhere else.",
            next="Raise `ValueError` when the loop has found nothing.",
            where=FIRST,
        ),
        Diagnosis(
            "none-otherwise",
            title="Your function raises, but not a `ValueError`.",
            saw="For a stream without text: `{observed}`.",
            why="Any other error reads like a slip in your code, not like a stream without text.",
            next="After the loop, `raise ValueError(…)`.",
            where=FIRST,
        ),
    ],
    hints=(
        "Which event is the first that a reader can see?",
        "“Until the first word” times the first event of each kind.",
        "Go through the pairs; return the seconds of the first text delta; else raise.",
    ),
)
def first_token_latency(exam: Exam) -> None:
    """Time a text at once, a text after thinking, and replies that have none."""
    words = new_text(exam)
    _judge_time(exam, text(words), "first")
    _judge_time(exam, turn(thinking(new_text(exam)), text(words)), "thinking")
    call = tool_use(exam.fresh("get"), new_input(exam))
    for reply in (turn(thinking(new_text(exam)), call), call):
        _has_none(exam, reply)


def _judge_time(exam: Exam, reply: Turn, criterion: str) -> None:
    """Judge the time of the first text."""
    timed = _timed(exam, reply)
    called = exam.call(timed, judges=(criterion,))
    value, expected = called.value, _first(timed, "text_delta")
    starts = [seconds for seconds, event in timed if event["type"] == "content_block_start"]
    wrong = exam.which(
        {
            "printed": value is None and str(expected) in called.printed,
            "not-seconds": not isinstance(value, float),
            "reply-begun": value == timed[0][0],
            "block-begun": value in starts,
            "since-the-start": value in (expected - timed[0][0], expected - starts[0]),
            "thinking-counted": criterion == "thinking" and value == _first(timed, ""),
        },
        otherwise="other-time",
    )
    exam.expect(criterion, is_same(value, expected), wrong, value)


def _has_none(exam: Exam, reply: Turn) -> None:
    called = exam.call(_timed(exam, reply), judges=("none",), may_raise=("Exception",))
    wrong = exam.which({"none-silent": called.raised is None}, otherwise="none-otherwise")
    is_right = "ValueError" in called.raised_kinds
    exam.expect("none", is_right, wrong, _outcome(called))


def _outcome(called: Called) -> Json:
    return called.value if called.raised is None else called.raised


def _timed(exam: Exam, reply: Turn) -> Timed:
    """Return the events of a reply and a ping, each with the seconds since the request."""
    events = streamed(exam, reply).events
    events.insert(2, PING)
    seconds, timed = exam.number(200, 900) / 1000, []
    for event in events:
        timed.append((seconds, event))
        seconds = round(seconds + exam.number(7, 90) / 1000, 3)
    return timed


def _first(timed: Timed, kind: str) -> float:
    """Return the seconds of the first delta of a type; of any type when it is ""."""
    return next(
        seconds
        for seconds, event in timed
        if event["type"] == "content_block_delta" and event["delta"]["type"].startswith(kind)
    )
