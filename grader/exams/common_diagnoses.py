"""The diagnoses that every exercise shares: nothing there yet, or code that stopped."""

from __future__ import annotations

from grader.exams.exercise import Diagnosis

NOT_STARTED = Diagnosis(
    "not-started",
    title="`raise NotImplementedError` is still there.",
    saw="`{observed}` ran into it before it could return anything.",
    why="That line marks where your code goes.",
    next="Put your code in its place, run the cell, then run the check again.",
)

UNFINISHED_PART = Diagnosis(
    "unfinished-part",
    title="Your code calls something that is not written yet.",
    saw="It ran into `raise NotImplementedError` in `{observed}`.",
    why="Your function can only be as ready as the ones it calls.",
    next="Finish that one first, or do its work here.",
)

MISSING = Diagnosis(
    "missing",
    title="There is nothing of that name to check.",
    saw="Nothing called `{observed}` is defined in this notebook.",
    why="The check looks for that exact name.",
    next="Run the cell above that defines it; if you renamed it, give it its name back.",
)

CELL_FAILED = Diagnosis(
    "cell-failed",
    title="The cell of this exercise stopped with an error, so there is nothing to check.",
    saw="Python says: `{observed}`",
    why="What stands in a cell is there only when the cell has run.",
    next="Run that cell, read the last line of what it says, and mend it; then check again.",
)

NOT_CALLABLE = Diagnosis(
    "not-callable",
    title="The name no longer stands for a function.",
    saw="It stands for a value of type `{observed}`.",
    why="The check calls it, and such a value cannot be called.",
    next="Look for a line that assigns to the name, rename that variable, and run the cell again.",
)

MISSING_PART = Diagnosis(
    "missing-part",
    title="Something that the task asks for is not there.",
    saw="Your object has no `{observed}` that the check could use.",
    why="The check uses the names of the stub: its methods, and what it keeps.",
    next="Give your class that name back, as a method or an attribute like the stub's.",
)

NEEDS_NO_AWAIT = Diagnosis(
    "unexpected-async",
    title="Your function returned a coroutine, not a value.",
    saw="It was defined with `async def`, and this exercise calls it like any function.",
    why="A coroutine does nothing until it is awaited.",
    next="Define it with `def`, and call the client without `await`.",
)

NEEDS_ASYNC = Diagnosis(
    "not-async",
    title="Your function should be a coroutine function.",
    saw="Calling it gave a value of type `{observed}`, and no coroutine.",
    why="Requests can only wait side by side in code that awaits them.",
    next="Define it with `async def`, and await what the client returns.",
)

CRASH = Diagnosis(
    "crash",
    title="Your code stopped with an error.",
    saw="Python says: `{observed}`",
    why="An exception ended the call before it could return.",
    next="Open the traceback below. Its last line names what went wrong, the lines above it where.",
)

RETIRED_MODEL = Diagnosis(
    "retired-model",
    title="The model that your code asks for is retired.",
    saw="{observed}",
    why="Its name was right once. The API no longer serves it, and answers as to a name that "
    "never was one: 404.",
    next="Use a name from the lesson, such as the one in `MODEL`.",
    crash=r"^NotFoundError: .*\bmodel: ",
)

LOOP_RUNS = Diagnosis(
    "loop-runs",
    title="Your code starts an event loop where one is running already.",
    saw="Python says: `{observed}`",
    why="A notebook runs in an event loop, and so does a coroutine. `asyncio.run` and "
    "`run_until_complete` start another one, which only a plain program can.",
    next="Write `await` before the coroutine, and take `asyncio.run( … )` away.",
    hints=(
        "Who runs the event loop in a notebook, and who has to start it in a program?",
        "What does `await` do with a coroutine that `asyncio.run` would do too?",
        "`results = await work()` in place of `results = asyncio.run(work())`",
    ),
    crash=r"^RuntimeError: (asyncio\.run\(\)|Runner\.run\(\)|This event loop|"
    r"Cannot run the event loop).*(running|while another loop)",
)

ENDLESS = Diagnosis(
    "endless",
    title="Your code does not come to an end.",
    saw="The check stopped it after {observed} requests and calls.",
    why="Each request is paid for, and a loop without a bound never returns.",
    next="Find the loop that repeats them, and say when it is over.",
)

TOO_MUCH = Diagnosis(
    "too-much",
    title="Your code sends more than a check takes in.",
    saw="Its requests and values came to more than {observed}.",
    why="A check keeps everything your code sends until it has judged it, and every token of a "
    "real request is paid for.",
    next="Print the length of what you send before each request, and look for a text or a list "
    "that is repeated or grows without a bound.",
)

NOTHING_WAKES = Diagnosis(
    "nothing-wakes",
    title="An `await` waits for something that never comes.",
    saw="No request moves any more, and this waits: `{observed}`.",
    why="A permit that nobody gives back, or work that nobody says is done, is waited for without "
    "an end.",
    next="Give back what you took also when a request fails: `async with` does, and so does "
    "`finally`. And each `get` of a queue that you `join` needs a `task_done`.",
    hints=(
        "Who was to wake the line that waits, and what kept it from doing so?",
        "Go through your code with a request that fails: which lines are skipped?",
        "`async with gate:` gives its place back, whatever happens inside",
    ),
)

GARBLED = Diagnosis(
    "garbled",
    title="The check could not follow your code.",
    saw="It got {observed} that it cannot read.",
    why="Checks and code talk in a fixed format, and something in the notebook changed it.",
    next="Restart the kernel, run the notebook from the top, and run the check again.",
)

OUT_OF_TIME = Diagnosis(
    "out-of-time",
    title="Your code was stopped: its time was up.",
    saw="The exam of `{observed}` did not come to an end.",
    why="A call that never returns holds up everything after it.",
    next="Look for a loop that never ends or a wait for something that never comes.",
)

DIED = Diagnosis(
    "died",
    title="Your code ended the whole Python process.",
    saw="The kernel was gone in the exam of `{observed}`.",
    why="Nothing can be returned by a process that is not there any more.",
    next="Look for `exit`, for code that takes all memory, or that recurses without an end.",
)

UNREADABLE = Diagnosis(
    "unreadable",
    title="The check could not follow your code.",
    saw="What came back in the exam of `{observed}` was no answer.",
    why="Exam and code talk in a fixed format, and something in the notebook changed it.",
    next="Restart the kernel, run the notebook from the top, and look for code that replaces "
    "parts of Python or of the course.",
)

LOST = {"deadline": OUT_OF_TIME, "died": DIED, "garbled": UNREADABLE}
"""The diagnosis of an exam whose candidate was lost, by its cause."""
