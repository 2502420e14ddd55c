"""Lesson 05: a reply as a stream of events, and what to build from them."""

from grader.exams import Lesson, Objective
from grader.exercises.streaming.accumulate import accumulate
from grader.exercises.streaming.first_token_latency import first_token_latency
from grader.exercises.streaming.stream_text import stream_text
from grader.exercises.streaming.stream_until import stream_until
from grader.exercises.streaming.tool_inputs import tool_inputs

LESSON = Lesson(
    name="05_streaming",
    title="Streaming: events, not chunks",
    minutes=75,
    objectives=(
        Objective(
            "name the six events of a stream, and what each of them carries", ("accumulate",)
        ),
        Objective("show text as it comes, and still get the whole message", ("stream_text",)),
        Objective("put a message together from its events", ("accumulate",)),
        Objective("tell when a tool's input is whole", ("accumulate", "tool_inputs")),
        Objective("measure how long a reader waits for the first word", ("first_token_latency",)),
        Objective("stop a stream early, and close it", ("stream_until",)),
    ),
    exercises=(stream_text, accumulate, tool_inputs, first_token_latency, stream_until),
)

__all__ = ["LESSON"]
