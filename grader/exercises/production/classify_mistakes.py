"""The mistakes that the check of `classify_error` recognises."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.production.lesson import ERRORS
from grader.exercises.shared_mistakes import printed

_CRASHES = (
    Diagnosis(
        "raised-again",
        title="Your function raises the error that it was given.",
        saw="It came back as an exception: `{observed}`",
        why="Somebody has caught it already, and wants to know what to do next.",
        next='Return one of the four words: `return "fix"`, for what no line of yours knows too.',
        where=ERRORS,
        crash=r"^(\w+Error: (Error code: \d+|\{'type': 'error'|Connection error|Request timed out)"
        r"|TypeError: Missing required arguments|ValueError: Streaming is required)",
    ),
    Diagnosis(
        "error-as-dict",
        title="An error is an object, and not a dict.",
        saw="Python says: `{observed}`",
        why="What the API said of it are its attributes.",
        next="Use a dot: `exc.status_code`, `exc.type`.",
        where=ERRORS,
        crash=r"^TypeError: '\w+Error' object is not subscriptable",
    ),
    Diagnosis(
        "no-status",
        title="Not every error has a status.",
        saw="Python says: `{observed}`",
        why="A connection that was lost brings no reply, so there is no status, type or header; "
        "and a mistake in your own code never was one of the API's errors.",
        next="Ask for the class first: `isinstance(exc, anthropic.APIStatusError)`.",
        where=ERRORS,
        hints=(
            "Which of the errors in the lesson came without a reply?",
            "Two lines of the table under “Errors as they arrive” have no status.",
            "`if isinstance(exc, anthropic.APIConnectionError): …` before you read a status",
        ),
        crash=r"^AttributeError: '(API(Connection|Timeout)Error|ValueError|TypeError)' object",
    ),
    Diagnosis(
        "other-attribute",
        title="The error has no attribute of that name.",
        saw="Python says: `{observed}`",
        why="The SDK's errors carry `status_code`, `type`, `error_code`, `request_id` "
        "and `response`.",
        next="Read `exc.status_code`, or `exc.type`.",
        where=ERRORS,
        crash=r"^AttributeError: '\w+Error' object has no attribute",
    ),
    Diagnosis(
        "no-header",
        title="That header is not always there.",
        saw="Python says: `{observed}`",
        why="Replies carry the headers that they need, and none is promised.",
        next='Read headers with `.get("…")`: it gives `None` where there is none.',
        where=ERRORS,
        crash=r"^KeyError: '(x-|retry|anthropic|request)",
    ),
    Diagnosis(
        "no-json",
        title="Not every error has a body of JSON.",
        saw="Python says: `{observed}`",
        why="A proxy's 502 has a page of text, and a lost connection has nothing: "
        "then `exc.body` is no dict, and `exc.type` is `None`.",
        next="Decide by `exc.status_code` first, and compare `exc.type` with `==` or in a tuple.",
        where=ERRORS,
        hints=(
            "Who answers when the API cannot be reached behind its proxy, and in which form?",
            "“Errors as they arrive” prints a status for every reply. The type comes from the API.",
            "`exc.status_code >= 500` before any type, and `exc.type in (…)` with a tuple",
        ),
        crash=r"^(TypeError: (string indices must be|'NoneType' object is not subscriptable"
        r"|argument of type 'NoneType' is not)"
        r"|AttributeError: '(str|NoneType)' object has no attribute)",
    ),
    Diagnosis(
        "not-in-table",
        title="Your table does not have every error.",
        saw="Python says: `{observed}`",
        why="New kinds of errors come, and each of them wants an answer too.",
        next='Look up with `.get(…, "fix")`, which answers for what is not there.',
        where=ERRORS,
        crash=r"^KeyError: ",
    ),
)

_WORDS = (
    printed(ERRORS),
    Diagnosis(
        "no-word",
        title="The answer is none of the four words.",
        saw="Your function returned `{observed}`.",
        why="The caller compares it with `retry`, `wait`, `fix` and `give up`, to the letter.",
        next="Return one of the four, in small letters, `give up` with a space.",
        where=ERRORS,
    ),
    Diagnosis(
        "one-answer",
        title="Two very different errors got the same answer.",
        saw="For an overloaded API and for a refused request your function said `{observed}`.",
        why="The one goes away by itself. The other comes back as often as you send it.",
        next="Tell them apart by `exc.status_code`: 529 and 400.",
        where=ERRORS,
        hints=(
            "Whose fault is a 529, and whose a 400?",
            "The table under “Errors as they arrive” has a line for each status.",
            '`if exc.status_code >= 500: return "retry"`',
        ),
    ),
)

_STATUSES = (
    Diagnosis(
        "retry-missed",
        title="An error that goes away by itself was not to be tried again.",
        saw="For `{observed}`.",
        why="The request is right, and the API had a bad moment: a later attempt may go through.",
        next='Answer "retry" for every status from 500 up.',
        where=ERRORS,
        hints=(
            "Which statuses say that the request was right, and the other side was not well?",
            "The table under “Errors as they arrive” counts them from 500 up, without a list.",
            "`exc.status_code >= 500`, and no list of the numbers that you have seen",
        ),
    ),
    Diagnosis(
        "type-alone",
        title="Your answer depends on `exc.type`, which not every error has.",
        saw="A reply that is not from the API has no type: `{observed}`.",
        why="A proxy on the way answers 502 or 520 with a page of its own. "
        "It goes away by itself like the API's own errors.",
        next='Answer "retry" for `exc.status_code >= 500`, whatever the type.',
        where=ERRORS,
        hints=(
            "What do you know of an error that a proxy sends, and not the API?",
            "The table under “Errors as they arrive” begins each line with a status.",
            "`exc.status_code` first; `exc.type` only where the status is 200",
        ),
    ),
    Diagnosis(
        "header-missing",
        title="A reply without the header was taken for one that says no.",
        saw="For `{observed}`.",
        why="Only the API sends `x-should-retry`. A proxy's reply says nothing of it, "
        "and then the status decides.",
        next='Give up only where the header is there, and is "false".',
        where=ERRORS,
        hints=(
            "What does a header say that is not there?",
            "The table under “Errors as they arrive” names the one value that changes the answer.",
            '`exc.response.headers.get("x-should-retry") == "false"`, and not `!= "true"`',
        ),
    ),
    Diagnosis(
        "wait-by-header",
        title="`retry-after` does not make an error a rate limit.",
        saw="For `{observed}`.",
        why="Whether to wait for a limit is said by the status. "
        "How long to pause may be said by any reply.",
        next='Answer "wait" for the status 429, and for no other.',
        where=ERRORS,
        hints=(
            "Which error is about a limit of yours, and which about the API's health?",
            "Look for `wait` in the table under “Errors as they arrive”: one line has it.",
            '`if exc.status_code == 429: return "wait"`, without a look at `retry-after`',
        ),
    ),
    Diagnosis(
        "four-hundreds-alike",
        title="Not every status from 400 to 499 is the request's fault.",
        saw="For `{observed}`.",
        why="A 408 says that it took too long, and a 409 that something else was going on: "
        "both are worth another attempt, and the SDK makes one.",
        next='Answer "retry" for 408 and 409 too.',
        where=ERRORS,
    ),
    Diagnosis(
        "wait-missed",
        title="Too many requests in a minute is a case of its own.",
        saw="For `{observed}`.",
        why="A 429 goes away with time. Often `retry-after` says with how much, but not always; "
        "to try at once is refused again.",
        next='Answer "wait" for the status 429, with `retry-after` or without.',
        where=ERRORS,
        hints=(
            "What does a minute's limit need, before the same request is taken?",
            "Look for 429 in the table under “Errors as they arrive”.",
            '`if exc.status_code == 429: return "wait"`',
        ),
    ),
    Diagnosis(
        "fix-retried",
        title="A request that was refused was to be sent again.",
        saw="For `{observed}`.",
        why="The same request with the same key is refused again, as often as you send it.",
        next='Answer "fix" for 400, 401, 403, 404 and 413.',
        where=ERRORS,
        hints=(
            "What would be different at the second attempt?",
            "Read the last column of the table under “Errors as they arrive”.",
            'Name the statuses to retry, and let `return "fix"` be the last line.',
        ),
    ),
    Diagnosis(
        "fix-missed",
        title="A refused request can be mended.",
        saw="For `{observed}`.",
        why="A person has to look at the request, at the key or at the name of the model; "
        "time does not help, and nothing is lost yet.",
        next='Answer "fix" for 400, 401, 403, 404 and 413.',
        where=ERRORS,
    ),
    Diagnosis(
        "header-first",
        title="The header `x-should-retry` was asked before the status.",
        saw="A refused request, whose `x-should-retry` is `false`, was given up: `{observed}`.",
        why="`x-should-retry: false` comes with 400 and 401 too: "
        "the same request is no use, and a mended one is.",
        next="Look at that header only where you would retry or wait.",
        where=ERRORS,
        hints=(
            "What does the header say of a request that somebody mends?",
            "“Errors as they arrive” prints the header for a wrong key. And what is to be done?",
            "First the statuses that are to retry or to wait for; within those the header.",
        ),
    ),
    Diagnosis(
        "matched-message",
        title="Your answer depends on the words of the message.",
        saw="With other words the same kind of error got another answer: `{observed}`.",
        why="A message is for people, quotes from the request, and changes without notice. "
        "In mid-stream, where the status is 200, that is no different.",
        next="Decide by `exc.status_code` and `exc.type`, and leave `str(exc)` alone.",
        where=ERRORS,
        hints=(
            "Which parts of an error are made for programs?",
            "“Errors as they arrive” prints what stays the same from one error to the next.",
            "`exc.status_code == 529`, in mid-stream `exc.type == …`, and no `in str(exc)`",
        ),
    ),
)

_OTHERS = (
    Diagnosis(
        "own-mistake",
        title="This error never reached the API.",
        saw="For `{observed}`.",
        why="Python, or the SDK, refused the call before anything was sent. "
        "It is the code that has to change.",
        next='Let `return "fix"` be the answer to everything that no other line knows.',
        where=ERRORS,
    ),
    Diagnosis(
        "connection-missed",
        title="A lost connection is worth another attempt.",
        saw="For `{observed}`.",
        why="No reply came, so nothing says that the request was wrong.",
        next='Answer "retry" for `anthropic.APIConnectionError`; a timeout is one of them.',
        where=ERRORS,
        hints=(
            "What do you know of a request to which no reply came?",
            "The table under “Errors as they arrive” has two errors without a status.",
            "`isinstance(exc, anthropic.APIConnectionError)`",
        ),
    ),
    Diagnosis(
        "bill-missed",
        title="Nobody's code can pay a bill.",
        saw="For `{observed}`.",
        why="A 402 needs a person with access to the account: neither a better request nor "
        "time helps.",
        next='Answer "give up" for 402.',
        where=ERRORS,
    ),
    Diagnosis(
        "told-not-to",
        title="The API said that another attempt is no use.",
        saw="For `{observed}`.",
        why="`x-should-retry: false` comes with a status that is retried otherwise: "
        "a limit for the month, for one.",
        next='Where you would say "retry" or "wait", look at that header first: '
        'the text "false" is "give up".',
        where=ERRORS,
        hints=(
            "Who knows best whether another attempt makes sense?",
            "“Errors as they arrive” prints two errors with the status 429. What differs?",
            '`exc.response.headers.get("x-should-retry") == "false"`',
        ),
    ),
    Diagnosis(
        "header-as-bool",
        title='The header says "false", and your code took that for true.',
        saw="For `{observed}`.",
        why='A header is a text. `bool("false")` is `True`, since that text is not empty.',
        next='Compare the value with the text: `== "false"`.',
        where=ERRORS,
        hints=(
            "Of which type is the value of a header, and when is such a value false?",
            "“Errors as they arrive” prints the header's value, as it came.",
            '`exc.response.headers.get("x-should-retry") == "false"`',
        ),
    ),
    Diagnosis(
        "status-200",
        title="An error in mid-stream has the status of the reply that had begun.",
        saw="For `{observed}`.",
        why="The reply began with 200, and only then something went wrong. "
        "What it was is in `exc.type`.",
        next='Look at `exc.type`: "overloaded_error" and "api_error" are to retry, others to fix.',
        where=ERRORS,
        hints=(
            "When does a stream's status reach you, and when its error?",
            "The broken stream under “Errors as they arrive” prints status and type.",
            '`exc.type in ("overloaded_error", "api_error")`',
        ),
    ),
    Diagnosis(
        "midstream-alike",
        title="Not every error in mid-stream goes away by itself.",
        saw="For `{observed}`.",
        why="The status 200 says that the reply had begun. Whose matter the error is, "
        "its type says, and a type that the table does not know is to fix.",
        next='Answer "retry" only for the two types that the table names for mid-stream.',
        where=ERRORS,
        hints=(
            "What do all errors in mid-stream have in common, and what not?",
            "The table under “Errors as they arrive” names two types for the status 200.",
            'Ask `exc.type in (…)`, with two types; `return "fix"` stays the last line.',
        ),
    ),
)

MISTAKES = (*_CRASHES, *_WORDS, *_STATUSES, *_OTHERS)
