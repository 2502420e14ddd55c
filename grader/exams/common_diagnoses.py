"""The diagnoses that every exercise shares: nothing there yet, or code that stopped."""

from __future__ import annotations

from grader.exams.exercise import Diagnosis

NOT_STARTED = Diagnosis(
    "not-started",
    title="The exercise is still as it was given.",
    saw="`{observed}` ran into `raise NotImplementedError`.",
    why="That line marks where your code goes.",
    next="Replace it with your code, run the cell, then run the check again.",
    where="the exercise's own text",
)

UNFINISHED_PART = Diagnosis(
    "unfinished-part",
    title="Your code calls something that is not written yet.",
    saw="It ran into `raise NotImplementedError` in `{observed}`.",
    why="Your function can only be as ready as the ones it calls.",
    next="Finish that one first, or do its work here.",
    where="the exercise's own text",
)

MISSING = Diagnosis(
    "missing",
    title="There is nothing of that name to check.",
    saw="Nothing called `{observed}` is defined in this notebook.",
    why="The check looks for that exact name.",
    next="Run the cell above that defines it; if you renamed it, give it its name back.",
    where="the exercise's own text",
)

NOT_CALLABLE = Diagnosis(
    "not-callable",
    title="The name no longer stands for a function.",
    saw="It stands for a {observed}.",
    why="The check calls it.",
    next="Look for a line that assigns to the name, rename that variable, and run the cell again.",
    where="the exercise's own text",
)

NEEDS_NO_AWAIT = Diagnosis(
    "unexpected-async",
    title="Your function returned a coroutine, not a value.",
    saw="It was defined with `async def`, and this exercise calls it like any function.",
    why="A coroutine does nothing until it is awaited.",
    next="Define it with `def`, and call the client without `await`.",
    where="the exercise's own text",
)

CRASH = Diagnosis(
    "crash",
    title="Your code stopped with an error.",
    saw="{observed}",
    why="An exception ended the call before it could return.",
    next="Read the last line first: it names what went wrong. The traceback below shows where.",
    where="the exercise's own text",
)
