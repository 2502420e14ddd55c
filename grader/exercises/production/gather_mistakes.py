"""The mistakes that the check of `gather_limited` recognises."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.production.lesson import MANY
from grader.exercises.shared_mistakes import printed

_BASICS = (
    Diagnosis(
        "request-not-spread",
        title="Each request has to be spread into its call.",
        saw="Python says: `{observed}`",
        why="It is a dict with the parameters of `messages.create`, by their names.",
        next="Write `async_client.messages.create(**request)`.",
        where=MANY,
        crash=r"^TypeError: (AsyncMessages\.)?create\(\) takes 1 (positional )?argument",
    ),
    Diagnosis(
        "awaited-wrongly",
        title="Something was awaited that cannot be.",
        saw="Python says: `{observed}`",
        why="A list of coroutines is a list: what `asyncio.gather` makes of it can be awaited.",
        next="Spread the list: `await asyncio.gather(*calls)`.",
        where=MANY,
        crash=r"^TypeError: (object \w+ can't be used in 'await' expression"
        r"|An asyncio.Future, a coroutine or an awaitable is required|unhashable type)",
    ),
    Diagnosis(
        "gate-not-async",
        title="A semaphore is entered with `async with`.",
        saw="Python says: `{observed}`",
        why="To enter may mean to wait, and only a coroutine that awaits lets the others go on.",
        next="Write `async with gate:`.",
        where=MANY,
        crash=r"^\w+: .*('Semaphore' object does not support the (sync )?context manager"
        r"|'Semaphore'.{0,200}__enter__)",
    ),
    Diagnosis(
        "notebooks-gate",
        title="You use a gate of the notebook, not one of the function's own.",
        saw="A semaphore was waited for that had been used before, in another event loop.",
        why="`two_at_most` in the cells above lets two through, whatever `limit` says, and all who "
        "use it share its places.",
        next="Make a semaphore of `limit` inside the function.",
        where=MANY,
        hints=(
            "Where is the gate made that your coroutine enters?",
            "A cell under “Many at once” has a semaphore with two places. Is yours that one?",
            "`asyncio.Semaphore(…)` with `limit`, in the first line of your function",
        ),
        crash=r"^RuntimeError: .*is bound to a different event loop",
    ),
    Diagnosis(
        "own-client",
        title="You sent with a client of your own.",
        saw="Nothing reached the one that was given, and yours said: `{observed}`",
        why="The caller chose a client, with its key, its timeouts and its address.",
        next="Send with `async_client`, the first argument; make no `AsyncAnthropic`.",
        where=MANY,
        hints=(
            "With which client does your coroutine send?",
            "The stub's docstring says what `async_client` is: nothing has to be made.",
            "`await async_client.messages.create(**request)`",
        ),
        crash=r"^\w+: .*Could not resolve authentication method",
    ),
    Diagnosis(
        "blocking-client",
        title="The replies came from another client than the one that was given.",
        saw="Nothing reached the given one, and the list holds `{observed}`.",
        why="The caller chose that client. And a plain `anthropic.Anthropic` blocks all that runs "
        "while it waits, so nothing goes side by side.",
        next="Await `async_client.messages.create(**request)` for each request.",
        where=MANY,
    ),
    Diagnosis(
        "every-place-failed",
        title="Nothing was sent: your own code failed in every place.",
        saw="The first place holds `{observed}`.",
        why="`return_exceptions=True` collects every exception, a slip of your own too.",
        next="Mend what it names: a semaphore wants `async with`, and a call wants `**request`.",
        where=MANY,
    ),
    Diagnosis(
        "no-request",
        title="The client that your function was given sent nothing.",
        saw="Your function returned `{observed}`.",
        why="The caller chose that client: it may be live, simulated, or another account's.",
        next="Await `async_client.messages.create(**request)` for each request.",
        where=MANY,
    ),
    printed(MANY),
    Diagnosis(
        "not-awaited",
        title="Nobody waited for the replies.",
        saw="The list holds `{observed}`.",
        why="A coroutine is a promise to do something; it does nothing until it is awaited.",
        next="Await what `asyncio.gather(…)` returns.",
        where=MANY,
        hints=(
            "What does a call of an asynchronous client return?",
            "Find the word `await` in the cells under “Many at once”.",
            "`return await asyncio.gather(*[…])`",
        ),
    ),
    Diagnosis(
        "call-not-awaited",
        title="Nobody waited for the calls themselves.",
        saw="The list holds `{observed}` that `messages.create` gave.",
        why="What an asynchronous client gives is a promise; nothing is sent until it is awaited.",
        next="Write `await` before the call, in the coroutine that makes it.",
        where=MANY,
        hints=(
            "What does a call of an asynchronous client return?",
            "Look at `gated` under “Many at once”: what stands before the call?",
            "`return await …` inside the coroutine, and `asyncio.gather` of such coroutines",
        ),
    ),
    Diagnosis(
        "not-a-list",
        title="The function should return a list.",
        saw="It returned `{observed}`.",
        why="The caller goes through requests and results side by side.",
        next="Return a list with one item for each request.",
        where=MANY,
    ),
    Diagnosis(
        "not-messages",
        title="The list does not hold the messages.",
        saw="It holds `{observed}`.",
        why="The caller wants each message whole: its text, its end, its usage.",
        next="Put what `messages.create` returns into the list, as it is.",
        where=MANY,
    ),
    Diagnosis(
        "requests-counted",
        title="The number of requests is not that of the list.",
        saw="`{observed}`.",
        why="Each request is to be sent, and each is paid for.",
        next="Send every request once.",
        where=MANY,
    ),
    Diagnosis(
        "equal-sent-once",
        title="Two equal requests became one.",
        saw="`{observed}`, in which two are alike.",
        why="Who asks twice wants two answers: they are seldom the same.",
        next="Go by the places in the list. A dict or a set holds what is equal only once.",
        where=MANY,
    ),
    Diagnosis(
        "requests-emptied",
        title="The caller's list is not what it was.",
        saw="After the call it holds `{observed}`, or what is in it was changed.",
        why="The caller goes through requests and results side by side.",
        next="Read from the list, and change neither it nor the dicts in it.",
        where=MANY,
    ),
    Diagnosis(
        "request-changed",
        title="What was sent is not what was given.",
        saw="These parameters differ: `{observed}`.",
        why="The caller decided what is in each request.",
        next="Pass `**request`, and nothing beside it.",
        where=MANY,
    ),
)

_BOUNDS = (
    Diagnosis(
        "unbounded",
        title="All requests were under way at once.",
        saw="`{observed}`.",
        why="A thousand at once meet the rate limit, and most come back as 429.",
        next="Let each call pass through the same `asyncio.Semaphore(limit)`: "
        "one gate for all, made outside the coroutine.",
        where=MANY,
        hints=(
            "Who keeps the fourth request back until the first is done?",
            "“Many at once” lets two through at a time. What does it wait for?",
            "`async with gate:` around the `await`; one gate for all, made outside the coroutine",
        ),
    ),
    Diagnosis(
        "over-limit",
        title="More requests were under way than the limit says.",
        saw="`{observed}`.",
        why="The caller knows how much the rate limit leaves for this.",
        next="Make the semaphore with `limit`, as it is, and hold it until the reply is there.",
        where=MANY,
    ),
    Diagnosis(
        "one-by-one",
        title="The requests went one after the other.",
        saw="`{observed}`.",
        why="Each one waits for seconds; waiting together takes as long as the slowest.",
        next="Make all the calls without `await`, then await them with `asyncio.gather`.",
        where=MANY,
        hints=(
            "When does the second request start in your code?",
            "The chart under “Many at once” shows the two ways.",
            "`await asyncio.gather(*[one(request) for request in requests])`",
        ),
    ),
    Diagnosis(
        "below-limit",
        title="Fewer requests were under way than the limit allows.",
        saw="`{observed}`.",
        why="Every place that stays empty makes the whole take longer.",
        next="Make the semaphore with `limit`, as it is.",
        where=MANY,
    ),
    Diagnosis(
        "in-batches",
        title="The requests went in batches, and each batch waited for its slowest.",
        saw="When each request arrived, so many were under way: `{observed}`.",
        why="One slow reply keeps the whole next batch back.",
        next="Start a request as soon as any other is done: that is what a semaphore does.",
        where=MANY,
    ),
    Diagnosis(
        "order-lost",
        title="The results are in another order than the requests.",
        saw="The results belong to the requests `{observed}`.",
        why="Replies come in the order in which they get ready, and the caller cannot tell whose "
        "they are.",
        next="Let `asyncio.gather` collect the results: it keeps the order of its arguments.",
        where=MANY,
        hints=(
            "In which order do replies come back, when all are asked for at once?",
            "“Many at once” prints results in the order of the questions. Who sorted them?",
            "Return from each coroutine, and append to no shared list.",
        ),
    ),
)

_FAILURES = (
    Diagnosis(
        "failure-spreads",
        title="One failure cost all the other results.",
        saw="One of the requests failed, and it came to this: `{observed}`",
        why="The others were answered, and are paid for.",
        next="Catch the error where its request is sent, or ask `gather` to return exceptions.",
        where=MANY,
        hints=(
            "Which of the results are still good when one request fails?",
            "“Many at once” has a request that fails, in both ways. Compare their results.",
            "`asyncio.gather(…, return_exceptions=True)`",
        ),
    ),
    Diagnosis(
        "connection-spreads",
        title="A lost connection broke off the whole call.",
        saw="No reply came to a request, and it came to this: `{observed}`",
        why="Such an error has no status: it is no `anthropic.APIStatusError`, and costs all the "
        "other results as well.",
        next="Catch `anthropic.APIError`, or ask `gather` to return exceptions.",
        where=MANY,
        hints=(
            "Which errors come when there is no reply at all?",
            "“Errors as they arrive” shows two that have no status. Which class covers them too?",
            "`except anthropic.APIError as error: return error`",
        ),
    ),
    Diagnosis(
        "failures-dropped",
        title="A request that failed has no place in the list.",
        saw="`{observed}`.",
        why="All results behind it move up, to requests that are not theirs.",
        next="Put the exception itself where the message would have stood.",
        where=MANY,
    ),
    Diagnosis(
        "failure-hidden",
        title="The place of a failed request does not say what went wrong.",
        saw="There stands `{observed}`.",
        why="The caller decides by the exception: try again, wait, mend something, or give up.",
        next="Put the exception itself there, as it was raised.",
        where=MANY,
    ),
)

_EDGES = (
    Diagnosis(
        "empty-crash",
        title="Without requests there are no results.",
        saw="For an empty list it came to this: `{observed}`",
        why="A list to work off may be empty, and that is no error.",
        next="Return an empty list then, without a special case if you can.",
        where=MANY,
    ),
)

MISTAKES = (*_BASICS, *_BOUNDS, *_FAILURES, *_EDGES)
