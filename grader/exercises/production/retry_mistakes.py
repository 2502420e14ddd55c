"""The mistakes that the check of `call_with_retries` recognises."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.production.lesson import BACKOFF, ERRORS, RETRIES
from grader.exercises.production.retry_crashes import CRASHES, HEADER
from grader.exercises.shared_mistakes import printed

_ATTEMPTS = (
    Diagnosis(
        "no-request",
        title="The client that your function was given sent nothing.",
        saw="It came to this: `{observed}`",
        why="The caller chose that client: it may be live, simulated, or another account's.",
        next="Call `client.messages.create(**request)` inside the function.",
        where=RETRIES,
    ),
    Diagnosis(
        "request-changed",
        title="What was sent is not the request that was given.",
        saw="These parameters differ: `{observed}`.",
        why="Each attempt is the same request; the caller decided what is in it.",
        next="Pass `**request`, and nothing beside it.",
        where=RETRIES,
    ),
    Diagnosis(
        "request-spoiled",
        title="The caller's request is not what it was.",
        saw="After the call these parameters of it differ: `{observed}`.",
        why="It stays as it is: the caller may send it again, or write it to a log.",
        next="Change a copy, `{**request, …}`, or nothing at all.",
        where=RETRIES,
    ),
    Diagnosis(
        "asks-again",
        title="A request that was answered was sent again.",
        saw="The first attempt brought a reply, and `{observed}` requests arrived.",
        why="Each answer is paid for.",
        next="Return the reply as soon as it is there.",
        where=RETRIES,
    ),
    printed(RETRIES),
    Diagnosis(
        "other-value",
        title="The message itself should come back.",
        saw="Your function returned `{observed}`.",
        why="The caller wants its `stop_reason` and its `usage` as well as its text.",
        next="Return what `client.messages.create(**request)` returns.",
        where=RETRIES,
    ),
    Diagnosis(
        "gave-up-at-once",
        title="An overloaded API was not tried again.",
        saw="With attempts left your function ended with `{observed}`",
        why="Such errors go away by themselves, most within seconds.",
        next="Put the call into a `for` over the attempts, with a `try` around it.",
        where=RETRIES,
    ),
    Diagnosis(
        "only-wait-retried",
        title="An overloaded API was not tried again, though a 429 was.",
        saw="For a 529 your function ended with `{observed}`",
        why="Such errors go away by themselves, most within seconds.",
        next='Try again for both words of `classify_error`: a 529 is to "retry", a 429 to '
        '"wait" for.',
        where=ERRORS,
        hints=(
            "Your loop works for one kind of error. What does it ask before it goes on?",
            "The table under “Errors as they arrive” has two words for errors that pass.",
            '`classify_error(error) not in ("retry", "wait")`, and `classify_error` checked too',
        ),
    ),
    Diagnosis(
        "wait-not-retried",
        title="A 429 was not tried again.",
        saw="With attempts left your function ended with `{observed}`",
        why="This limit is free again in a moment; that it is to be waited for means to come back.",
        next='Try again for both words of `classify_error`: a 529 is to "retry", a 429 to '
        '"wait" for.',
        where=ERRORS,
        hints=(
            "What is to happen after the wait?",
            "The table under “Errors as they arrive” has two words for errors that pass.",
            '`classify_error(error) not in ("retry", "wait")`, and `classify_error` checked too',
        ),
    ),
    Diagnosis(
        "sdk-does-it",
        title="The SDK's own retries did the work.",
        saw="Attempts came with `x-stainless-retry-count: {observed}`.",
        why="They wait by a clock of their own: `sleep` and `rng` are never asked, so nobody can "
        "test the policy, or change it.",
        next="Switch them off with `client.with_options(max_retries=0)`, and loop yourself.",
        where=RETRIES,
    ),
    Diagnosis(
        "stacked",
        title="Your retries are stacked on the SDK's.",
        saw="Attempts came with `x-stainless-retry-count: {observed}`: they are not yours.",
        why="Each of your attempts becomes three, and a thousand clients make a storm of it, "
        "while the API is short of capacity.",
        next="Send with `client.with_options(max_retries=0)`.",
        where=RETRIES,
        hints=(
            "Who else tries again when a call fails?",
            "Count the requests of the loop under “The SDK tries again by itself”.",
            "`patient = client.with_options(max_retries=…)`",
        ),
    ),
    Diagnosis(
        "callers-client",
        title="The caller's client was changed.",
        saw="After the call its `max_retries` is `{observed}`.",
        why="The caller sends other requests with it, and counts on its retries.",
        next="Leave it, and send with a copy: `client.with_options(max_retries=0)`.",
        where=RETRIES,
    ),
    Diagnosis(
        "no-sleep",
        title="Nothing was waited for between two attempts.",
        saw="`{observed}` requests arrived, and `sleep` was not called between them.",
        why="An overloaded API needs a pause. And only waits that go through `sleep` can be "
        "tested: `time.sleep` makes every test as slow as the real thing.",
        next="Call the `sleep` that you were given before each new attempt.",
        where=BACKOFF,
    ),
    Diagnosis(
        "sleeps-too-often",
        title="`sleep` was called where no attempt followed.",
        saw="`{observed}`.",
        why="After the last attempt, and after a reply, the caller waits for nothing.",
        next="Sleep right before the next attempt, and only when there is one.",
        where=BACKOFF,
        hints=(
            "How many pauses are there between three attempts?",
            "“Back off, each at another moment” has a line for each attempt but the first.",
            "`if attempt == max_attempts: raise` before the wait",
        ),
    ),
    Diagnosis(
        "attempts-otherwise",
        title="The number of attempts is another one.",
        saw="`{observed}`.",
        why="Who calls counts on it: for the time it takes, and for the load it makes.",
        next="The first call is an attempt too: send `max_attempts` requests in all.",
        where=RETRIES,
        hints=(
            "Is the first call one of the attempts, or does it come before them?",
            "“The SDK tries again by itself”: `max_retries=2` makes three attempts. And here?",
            "`for attempt in range(1, max_attempts + 1):`",
        ),
    ),
    Diagnosis(
        "swallowed",
        title="The last error got lost.",
        saw="After the last attempt your function returned `{observed}`.",
        why="The caller takes that for an answer.",
        next="Raise the error when no attempt is left.",
        where=RETRIES,
    ),
    Diagnosis(
        "other-exception",
        title="The caller gets another exception than the API's.",
        saw="It came to this: `{observed}`",
        why="With it go the status, the type and the request id.",
        next="Inside the `except`, a bare `raise` passes on what was caught.",
        where=RETRIES,
    ),
)

_WAITS = (
    Diagnosis(
        "wait-no-number",
        title="`sleep` was given something that is no number.",
        saw="It was `{observed}`.",
        why="`time.sleep` takes seconds as a number, and a header is text.",
        next="Make a number of what `error.response.headers` holds: `float(…)`.",
        where=BACKOFF,
        hints=HEADER,
    ),
    Diagnosis(
        "wait-constant",
        title="Every wait is as long as the one before.",
        saw="The waits were `{observed}`.",
        why="If the API has not recovered in one second, it needs more than one: "
        "waits that double find its pace in a few attempts.",
        next="Double the bound with each attempt: 1, 2, 4, 8 … seconds.",
        where=BACKOFF,
        hints=(
            "What does a second failure tell you that the first did not?",
            "The table under “Back off, each at another moment” has a bound for each attempt.",
            "`2 ** (attempt - 1)`, when the first attempt is number 1",
        ),
    ),
    Diagnosis(
        "wait-uncapped",
        title="The waits grow without end.",
        saw="The waits were `{observed}`.",
        why="Doubled ten times, a second is a quarter of an hour.",
        next="Take the smaller of that and 30: `min(30, …)`.",
        where=BACKOFF,
    ),
    Diagnosis(
        "wait-otherwise",
        title="A wait is out of its bounds.",
        saw="`{observed}`.",
        why="Shorter, and the API gets no rest; longer, and your user waits for nothing.",
        next="Stay between half of the bound and all of it; the bounds are 1, 2, 4 … 30.",
        where=BACKOFF,
    ),
    Diagnosis(
        "no-jitter",
        title="Chance has no part in the waits.",
        saw="With small and with large random numbers the waits were `{observed}`.",
        why="Clients that failed together would all come back in the same moment, and fail again.",
        next="Let `rng()` decide between half of the bound and all of it.",
        where=BACKOFF,
        hints=(
            "A thousand clients were refused in the same second. When do they come back?",
            "“Back off, each at another moment” prints waits with chance, and without.",
            "`bound / 2 + … * rng()`",
        ),
    ),
    Diagnosis(
        "own-random",
        title="The chance in the waits is not that of `rng`.",
        saw="`rng` was called `{observed}` times.",
        why="With a random source of its own, nobody can repeat what the function does.",
        next="Call `rng()` where you call `random` now.",
        where=BACKOFF,
    ),
    Diagnosis(
        "one-draw",
        title="One random number decides over all waits.",
        saw="`rng` was called `{observed}`.",
        why="Two clients that drew alike stay together from the first wait to the last.",
        next="Call `rng()` for each wait, inside the loop.",
        where=BACKOFF,
        hints=(
            "How many waits are there, and how often do you ask for chance?",
            "“Back off, each at another moment” calls `dice.random()` for every bound.",
            "`sleep(bound / 2 + bound / 2 * rng())` inside the loop",
        ),
    ),
    Diagnosis(
        "late-jitter",
        title="The late waits have no chance left.",
        saw="With the smallest and the largest random number the last wait was `{observed}`.",
        why="What is cut to 30 afterwards is 30 for everybody: all come back together again.",
        next="Cut the bound to 30 first, then let `rng()` decide between half of it and all.",
        where=BACKOFF,
        hints=(
            "What does your formula give for the seventh wait, with a small number and a large?",
            "“Back off, each at another moment”: where does `min(30, …)` stand there?",
            "`bound = min(30, …)`, and then `bound / 2 + bound / 2 * rng()`",
        ),
    ),
    Diagnosis(
        "retry-after-ignored",
        title="The API said when to come back, and your function came sooner.",
        saw="`{observed}`.",
        why="Before that moment the limit is still reached, and every attempt is refused.",
        next='Where `error.response.headers` has a "retry-after", wait at least so many seconds.',
        where=BACKOFF,
        hints=(
            "Who knows when the limit is free again?",
            "“Back off, each at another moment” reads `error.response.headers` of a 429.",
            'What `.get("retry-after")` gives is text: `float(…)`, and the larger of two waits',
        ),
    ),
    Diagnosis(
        "retry-after-overdone",
        title="The wait is far longer than the API asked for.",
        saw="`{observed}`.",
        why="When the moment has come there is nothing more to wait for, but for a little chance.",
        next="Take `retry-after` as it is, in seconds, or the larger of it and your own wait.",
        where=BACKOFF,
        hints=HEADER,
    ),
)

_ERRORS = (
    Diagnosis(
        "connection-missed",
        title="A lost connection was not tried again.",
        saw="It came to this: `{observed}`",
        why="Networks fail more often than the API does, and the next attempt may go through.",
        next="Catch `anthropic.APIError`: errors without a status belong to it too.",
        where=ERRORS,
    ),
    Diagnosis(
        "passing-missed",
        title="An error that passes was not tried again.",
        saw="After `{observed}`",
        why="A 408 or a 409 is the API's matter, as a 500 is: the next attempt may go through.",
        next="Try again for 408, 409, 429 and all from 500 up; if you ask `classify_error`, see "
        "what it says to this one.",
        where=ERRORS,
    ),
    Diagnosis(
        "decided-by-words",
        title="Words decided whether to try again.",
        saw="A 400 that quotes such words from the request was sent again: `{observed}`.",
        why="Messages are for people: they quote what was sent, and change without notice.",
        next="Ask for `error.status_code`, or ask `classify_error`, and never for the words of "
        "`str(error)`.",
        where=ERRORS,
        hints=(
            "What else may stand in a message than what you look for?",
            "The table under “Errors as they arrive” has statuses, types and a header, no words.",
            "`classify_error(error)`, or `error.status_code` of an `anthropic.APIStatusError`",
        ),
    ),
    Diagnosis(
        "fix-retried",
        title="A request that nothing can save was sent again.",
        saw="`{observed}`.",
        why="It is refused as often as it is sent, and your user waits for that.",
        next='Raise at once unless the error is to "retry" or to "wait" for; if you ask '
        "`classify_error`, it should say neither to this one.",
        where=ERRORS,
    ),
    Diagnosis(
        "told-not-to",
        title="The API said not to try again, and your function did.",
        saw="A 429 came with `x-should-retry: false`: `{observed}`.",
        why="This limit is for the month: no wait that a program can afford will help.",
        next="Look at `x-should-retry` before you wait. If you ask `classify_error`, it should say "
        '"give up" to this one: mend it there.',
        where=ERRORS,
    ),
    Diagnosis(
        "fix-slept",
        title="Your function slept before it gave up.",
        saw="For an error that is raised at once `sleep` was called with `{observed}`.",
        why="Nothing follows that would be worth the wait.",
        next="Decide first, and sleep only when there is another attempt.",
        where=BACKOFF,
    ),
    Diagnosis(
        "catches-everything",
        title="A mistake in the code was treated like a fault of the API.",
        saw="The request lacked `max_tokens`, the SDK raised `TypeError`, and your function "
        "`{observed}`.",
        why="No attempt mends code, and an `except` for everything hides what is wrong with it.",
        next="Catch `anthropic.APIError`, and let all else pass.",
        where=ERRORS,
        hints=(
            "Which exceptions come from the API, and which from your own lines?",
            "The last rows under “Errors as they arrive” never reached the API.",
            "`except anthropic.APIError as error:`",
        ),
    ),
)

MISTAKES = (*CRASHES, *_ATTEMPTS, *_WAITS, *_ERRORS)
