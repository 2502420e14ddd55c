"""The crashes that the check of `call_with_retries` recognises."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.production.lesson import BACKOFF, ERRORS, RETRIES

HEADER = (
    "Where does an error keep the reply that it came with, and what is in it?",
    "“Back off, each at another moment” reads the headers of a 429: `error.response.headers`.",
    '`float(error.response.headers.get("retry-after") or 0)`: what a header holds is text',
)
"""How to read `retry-after`."""

CRASHES = (
    Diagnosis(
        "rng-as-object",
        title="`rng` is a function.",
        saw="Python says: `{observed}`",
        why="It stands for `random.random`, and each call of it gives the next number.",
        next="Call it: `rng()`.",
        where=BACKOFF,
        crash=r"^AttributeError: '_Invoked' object has no attribute",
    ),
    Diagnosis(
        "no-header",
        title="Not every refusal says how long to wait.",
        saw="Python says: `{observed}`",
        why="`retry-after` comes with most 429s, and with few other errors.",
        next='Read it with `error.response.headers.get("retry-after")`, and back off as usual '
        "where it is `None`.",
        where=BACKOFF,
        hints=HEADER,
        crash=r"^(KeyError: 'retry-after'|TypeError: .*('|not )NoneType)",
    ),
    Diagnosis(
        "no-response",
        title="A lost connection has no response to read from.",
        saw="Python says: `{observed}`",
        why="No reply came, so there are neither headers nor a status.",
        next="Ask for `anthropic.APIStatusError` before you read a header.",
        where=ERRORS,
        hints=(
            "What has an error to which no reply came?",
            "Two lines of the table under “Errors as they arrive” have no status.",
            '`getattr(error, "response", None)`, or an `except` of its own',
        ),
        crash=r"^AttributeError: '(API(Connection|Timeout)Error)' object",
    ),
    Diagnosis(
        "headers-elsewhere",
        title="The headers are somewhere else.",
        saw="Python says: `{observed}`",
        why="An error of the API's keeps the whole reply in `response`, and that has `headers`.",
        next='Read `error.response.headers.get("retry-after")`.',
        where=BACKOFF,
        hints=HEADER,
        crash=r"^(AttributeError: '\w+Error' object has no attribute '(header|retry)"
        r"|TypeError: 'Response' object is not subscriptable"
        r"|AttributeError: 'Response' object has no attribute '(get|retry))",
    ),
    Diagnosis(
        "header-as-text",
        title="A header is text, and a wait is a number.",
        saw="Python says: `{observed}`",
        why="The wire knows text only: `retry-after` is such as '9'.",
        next='Make a number of it first: `float(error.response.headers["retry-after"])`.',
        where=BACKOFF,
        hints=HEADER,
        crash=r"^TypeError: .*('str'|type 'float')",
    ),
    Diagnosis(
        "own-client",
        title="You sent with a client of your own.",
        saw="Nothing reached the one that was given, and it came to this: `{observed}`",
        why="The caller chose a client, with its key, its timeouts and its address.",
        next="Take a copy of the one that you were given: `client.with_options(max_retries=0)`.",
        where=RETRIES,
        hints=(
            "With which client do you send?",
            "“The SDK tries again by itself” has a client with other options, and makes none.",
            "`patient = client.with_options(max_retries=0)`",
        ),
        crash=r"^\w+: .*Could not resolve authentication method",
    ),
    Diagnosis(
        "request-not-spread",
        title="The request has to be spread into the call.",
        saw="Python says: `{observed}`",
        why="It is a dict with the parameters of `messages.create`, by their names.",
        next="Write `client.messages.create(**request)`.",
        where=RETRIES,
        crash=r"^TypeError: (Messages\.)?create\(\) takes 1 (positional )?argument",
    ),
    Diagnosis(
        "retries-in-call",
        title="How often the SDK tries again is no parameter of a call.",
        saw="Python says: `{observed}`",
        why="It is an option of the client, and never goes to the API.",
        next="Take a client that has it: `client.with_options(max_retries=0)`.",
        where=RETRIES,
        crash=r"^TypeError: .*got an unexpected keyword argument 'max_retries'",
    ),
)
