"""Lesson 08: errors, retries and concurrency."""

from grader.exams import Lesson, Objective
from grader.exercises.production.call_with_retries import call_with_retries
from grader.exercises.production.classify_error import classify_error
from grader.exercises.production.gather_limited import gather_limited

LESSON = Lesson(
    name="08_production",
    title="Production: errors, retries and many calls at once",
    minutes=50,
    objectives=(
        Objective("decide for every error what to do with it", ("classify_error",)),
        Objective(
            "try again with a limit, with growing waits and with jitter", ("call_with_retries",)
        ),
        Objective(
            "read rate-limit headers and set timeouts", ("call_with_retries", "classify_error")
        ),
        Objective("send many requests side by side, within a limit", ("gather_limited",)),
    ),
    exercises=(classify_error, call_with_retries, gather_limited),
)

__all__ = ["LESSON"]
