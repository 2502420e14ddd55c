"""Lesson 00: the first call, and what a reply holds."""

from grader.exams import Lesson, Objective
from grader.exercises.start_here.describe_reply import describe_reply
from grader.exercises.start_here.first_call import first_call

LESSON = Lesson(
    name="00_start_here",
    title="Start here: your first call",
    minutes=30,
    objectives=(
        Objective("call the API from a notebook, offline and without a key", ("first_call",)),
        Objective("tell what is simulated here and what is not", ("first_call",)),
        Objective("read a `Message`: its blocks, its stop reason, its usage", ("describe_reply",)),
        Objective("use the check, the hints and the solution", ("first_call", "describe_reply")),
        Objective("see where your points and your progress are kept", ("describe_reply",)),
    ),
    exercises=(first_call, describe_reply),
)

__all__ = ["LESSON"]
