# %% [markdown]
# # Production: errors, retries and many calls at once
#
# 50 minutes · 3 exercises · 19 points
#
# In a demo every request is answered. In production some aren't, a thousand arrive at once, and somebody pays the bill.
# Here you write the calls that survive that.
#
# After this lesson you can:
# - decide for every error what to do with it
# - try again with a limit, with growing waits and with jitter
# - read rate-limit headers and set timeouts
# - send many requests side by side, within a limit

# %%
import asyncio
import random
import time
from contextlib import suppress

import anthropic

from grader.classroom import SimulatedClock, backoff_timeline, calibration, check, connect
from grader.classroom import connect_async, expect_error, hint, parallel_tools, picture
from grader.classroom import predict, progress, rehearse, review, solution

MODEL = "claude-sonnet-4-6"
client = connect()

# %% [markdown]
# ## Errors as they arrive
#
# Here's a refused request, in full:

# %%
request = {
    "model": MODEL,
    "max_tokens": 2000,
    "messages": [{"role": "user", "content": "What is an API?"}],
}
with expect_error(400):  # this cell is meant to fail
    client.messages.create(**{**request, "messages": []})

# %% [markdown]
# Every reply, good or bad, has a *request id*. Log it with every call: it's the first thing that Anthropic's support asks for, and without it they can't find your request.

# %%
print(client.messages.create(**request)._request_id)
try:
    client.messages.create(**{**request, "model": "sonnet-4-6"})
except anthropic.APIStatusError as error:
    print(error.request_id, error.status_code, error.type)

# %% [markdown]
# (The name with the underscore is public all the same; OpenAI's SDK has it too. A stream has `stream.request_id`.)
#
# Other errors you can't provoke. `rehearse` gives you a real client that fails the way you choose.

# %%
predict("goes-away")

# %%
TROUBLES = ("wrong key", "too large", "rate limited", "spend limit", "server error", "overloaded")
print(f"{'':15}{'status':8}{'type':23}{'x-should-retry':16}{'retry-after':13}error_code")
for trouble in TROUBLES:
    try:
        rehearse(trouble).client.messages.create(**request)
    except anthropic.APIStatusError as error:
        headers = error.response.headers
        told = f"{headers.get('x-should-retry', '-'):16}{headers.get('retry-after', '-'):13}"
        print(f"{trouble:15}{error.status_code:<8}{error.type:23}{told}{error.error_code or '-'}")

# %% [markdown]
# The API tells you itself, in the header `x-should-retry`. Look at the two errors with 429: the second is the spend limit for the month, and it also has an `error_code`. Few errors have one yet. Where there is one, it names the cause, and your code can branch on it.
#
# But `x-should-retry: false` comes with 400 and 401 too, where it only says that the same request won't help. So look at it only where you would retry or wait.
#
# Some errors have no status at all, because no reply came:

# %%
for trouble in ("no connection", "timed out"):
    try:
        rehearse(trouble).client.messages.create(**request)
    except anthropic.APIConnectionError as error:
        print(type(error).__name__, hasattr(error, "status_code"))

# %% [markdown]
# Only an `anthropic.APIStatusError` has `status_code`, `type` and `response`.
#
# A stream can also break off after it has begun. The error then has the status 200, because that went out before the trouble came; its `type` says what it was (lesson 05).
#
# And a `TypeError` or a `ValueError` was never on the wire. It comes from your code, or from the SDK before it sends.

# %%
picture("four_ways")

# %% [markdown]
# The same as a table, with every type:
#
# | Status | `type` | The cause | Do |
# |---|---|---|---|
# | 408, 409, 429 or from 500 up, **with `x-should-retry: false`** | | no retry will help | `give up` |
# | 429 otherwise | `rate_limit_error` | too much in a minute | `wait` |
# | 408, 409, and from 500 up otherwise | `api_error`, `timeout_error`, `overloaded_error`, … | the API | `retry` |
# | 200, in mid-stream | `overloaded_error`, `api_error` | the API | `retry` |
# | none: `APIConnectionError`, `APITimeoutError` | none | the network | `retry` |
# | 400, 404, 413 | `invalid_request_error`, `not_found_error`, `request_too_large` | your request | `fix` |
# | 401, 403 | `authentication_error`, `permission_error` | your key | `fix` |
# | 402 | `billing_error` | your account | `give up` |
# | none: `TypeError`, `ValueError`, … | none | your code | `fix` |
#
# *Retry* means: send again after a short pause, because the fault may be gone any moment.
# *Wait* means: hold back first. Until `retry-after` is over, every attempt is refused.
#
# Not every error is the API's own. A proxy in between may answer 502, with no `type` and none of these headers.
#
# Messages are for people. They quote your request and change without notice, and that's why nothing in this table looks at the wording.
#
# **Exercise · `classify_error` · 5 minutes · 6 points**
#
# Say what to do with an error, according to the table.


# %% nbgrader={"grade_id": "classify_error", "solution": true}
def classify_error(exc: Exception) -> str:
    """Return "retry", "wait", "fix" or "give up".

    exc: what an SDK call raised: an API error, a lost connection, or a Python
        error
    Return "fix" for anything that isn't in the table.
    5 minutes, 6 points.

    >>> try:
    ...     rehearse("overloaded").client.messages.create(**request)
    ... except Exception as exc:
    ...     classify_error(exc)
    'retry'
    """
    ### BEGIN SOLUTION
    if isinstance(exc, anthropic.APIConnectionError):
        return "retry"
    if not isinstance(exc, anthropic.APIStatusError):
        return "fix"
    status = exc.status_code
    passes = status in (408, 409, 429) or status >= 500
    if status == 402 or (passes and exc.response.headers.get("x-should-retry") == "false"):
        return "give up"
    if status == 429:
        return "wait"
    if passes or exc.type in ("overloaded_error", "api_error"):
        return "retry"
    return "fix"
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_classify_error", "grade": true}
check("classify_error")

# %% [markdown]
# **Think it over.** Your credit has run out. The API answers 400 `invalid_request_error` (not 402), with a message about your balance. What does your function say, and is that a fault?
#
# <details><summary>One answer</summary>
# It says <code>fix</code>, and it can't know better: only the message tells, and messages change.
# A person who reads the log sees it at once. So log the message, and decide by the rest.
# </details>

# %% [markdown]
# ## The SDK tries again by itself
#
# Here the API is overloaded twice, and then it answers.

# %%
api = rehearse("overloaded", "overloaded", "answer")
message = api.client.messages.create(**request)
print(message.stop_reason, "after", api.requests, "requests")
print("waits, in seconds:", [round(wait, 2) for wait in api.waits])

# %% [markdown]
# You saw no error, because `max_retries` is 2 unless you say otherwise. (A rehearsal notes the waits and doesn't make you wait.)

# %%
predict("stacked")

# %%
looped = rehearse("overloaded")
for _ in range(3):
    with suppress(anthropic.APIStatusError):
        looped.client.messages.create(**request)
print(looped.requests, "requests")

# %% [markdown]
# Nine. With a retrying proxy in front it would be twenty-seven, from every client, at the moment when the API has no capacity.
#
# So let one layer retry, and no other. If it's yours, switch the SDK's retries off:

# %%
api = rehearse("overloaded")
patient = api.client.with_options(max_retries=0)
for _ in range(3):
    with suppress(anthropic.APIStatusError):
        patient.messages.create(**request)
print(api.requests, "requests")

# %% [markdown]
# For most programs the SDK's retries will do: set `max_retries`, and write no loop.
# You need your own when your program has to choose what it tries again, or has to log and test each attempt.
#
# ## Back off, each at another moment
#
# How long should a loop wait? Twice as long each time: a short breakdown needs little patience, a long one needs a lot. And never without an upper bound.

# %%
predict("same-second")

# %%
bounds = [min(30, 2**number) for number in range(7)]
print("without jitter  ", "".join(f"{bound:7.1f}" for bound in bounds))
for number in range(3):
    dice = random.Random(number)
    waits = [bound / 2 + bound / 2 * dice.random() for bound in bounds]
    print(f"client {number}        ", "".join(f"{wait:7.1f}" for wait in waits))

# %% [markdown]
# With *jitter*, each wait is random: it lies between half of the bound and all of it.
# Choose each of the four ways, and play it:

# %%
predict("four-ways")

# %%
backoff_timeline()

# %% [markdown]
# Without jitter all clients come back together and are refused together, until many have no attempt left. With jitter each one comes at another moment.
# Stacked retries finish first, but send by far the most traffic, most of it to an API that is down. When every program does that, it stays down.
#
# A 429 often brings a better number than any formula:

# %%
try:
    rehearse("rate limited").client.messages.create(**request)
except anthropic.RateLimitError as error:
    for name, value in error.response.headers.items():
        if name == "retry-after" or name.startswith("anthropic-ratelimit"):
            print(f"{name}: {value}")

# %% [markdown]
# `retry-after` is in seconds, as text. Come back sooner and you'll be refused again. (The `-reset` headers say when a limit is *full* again; you needn't wait for that.)
# (HTTP allows a date there too, and a proxy may send one. The SDK's own retries read both.)
#
# You don't have to wait for a refusal to know where you stand. Every answer has these headers:

# %%
raw = client.messages.with_raw_response.create(**request)
for what in ("requests", "input-tokens", "output-tokens"):
    name = f"anthropic-ratelimit-{what}"
    left, limit = raw.headers.get(f"{name}-remaining"), raw.headers.get(f"{name}-limit")
    print(f"{what:15}{left or '?':>10} of {limit or '?'} left in this minute")
message = raw.parse()

# %% [markdown]
# And how long do *you* wait for a reply? Ten minutes, unless you say otherwise. A user at a screen has left by then.

# %%
hasty = rehearse("timed out").client.with_options(timeout=20.0, max_retries=0)
with expect_error(anthropic.APITimeoutError):  # this cell is meant to fail
    hasty.messages.create(**request)

# %% [markdown]
# A timeout doesn't say whether Claude had begun to write. So when you send the request again, you may pay for both.
#
# **Exercise · `call_with_retries` · 9 minutes · 8 points**
#
# Write the loop. Your `classify_error` can help.


# %% nbgrader={"grade_id": "call_with_retries", "solution": true}
def call_with_retries(client, request: dict, *, max_attempts: int, sleep, rng):
    """Send a request until the API answers, and return the Message.

    client: an anthropic.Anthropic, with its own retries on; don't change it
    request: the parameters of messages.create; don't change it
    max_attempts: the maximum number of requests to send, 1 or more
    sleep: a function that waits for a number of seconds, such as time.sleep
    rng: a function that returns a number from 0 to 1, such as random.random
    Try again if classify_error says "retry" or "wait". Raise any other error at
    once, and the last one when no attempt is left.
    Before the second attempt, sleep at most 1 second, then 2, 4, 8 … up to 30,
    and at least half of that. Let rng choose, with a new number each time.
    If an error has a retry-after, with any status, sleep that long or up to a
    quarter longer, or max(retry-after, the usual wait). It's always in seconds,
    and 1 second more than a retry-after of 1 is too long.
    9 minutes, 8 points.

    >>> call_with_retries(client, request, max_attempts=5,
    ...                   sleep=time.sleep, rng=random.random).stop_reason
    'end_turn'
    """
    ### BEGIN SOLUTION
    patient = client.with_options(max_retries=0)
    attempt, bound = 1, 1
    while True:
        try:
            return patient.messages.create(**request)
        except anthropic.APIError as error:
            if attempt == max_attempts or classify_error(error) not in ("retry", "wait"):
                raise
            response = getattr(error, "response", None)
            asked = response.headers.get("retry-after") if response else None
            sleep(max(bound / 2 * (1 + rng()), float(asked or 0)))
            attempt, bound = attempt + 1, min(30, bound * 2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_call_with_retries", "grade": true}
check("call_with_retries")

# %% [markdown]
# **Think it over.** Your request makes Claude call a tool that books a flight. The connection is lost before the reply. Is it safe to send the request again?
#
# <details><summary>One answer</summary>
# Yes. The API keeps no state, and it runs none of your tools. Your code does, after a reply has arrived.
# What isn't safe is running the <em>tool</em> again when you don't know whether its first run worked.
# </details>

# %% [markdown]
# ## Many at once
#
# You have a hundred reviews to summarise, and each call takes some seconds. One after the other that's minutes, and most of it is waiting.
#
# That's what the asynchronous client is for. Its calls give coroutines, and `asyncio.gather` awaits them together.
# In a notebook you can `await` right in a cell.

# %%
async_client = connect_async()
WORDS = ("idempotency", "latency", "throughput", "backpressure", "jitter")
requests = [
    {**request, "messages": [{"role": "user", "content": f"Explain {word} in one sentence."}]}
    for word in WORDS
]
replies = await asyncio.gather(*[async_client.messages.create(**each) for each in requests])
print([reply.stop_reason for reply in replies])

# %% [markdown]
# `gather` gives the results in the order of its arguments, whichever is ready first.
# (Don't put an `anthropic.Anthropic` inside a coroutine: it blocks the whole loop, and nothing runs side by side.)
#
# But a hundred at once will hit the rate limit. A *semaphore* is a gate that lets only so many through at a time:

# %%
two_at_most, under_way, seen = asyncio.Semaphore(2), set(), []


async def gated(number):
    async with two_at_most:
        under_way.add(number)
        seen.append(len(under_way))
        reply = await async_client.messages.create(**requests[number])
        under_way.remove(number)
        return reply


replies = await asyncio.gather(*[gated(number) for number in range(5)])
print("under way at most:", max(seen))

# %% [markdown]
# The gate costs some time, but far less than going one by one. Say five calls take this many seconds:

# %%
seconds = (2.1, 1.4, 2.8, 1.7, 1.2)
parallel_tools({f"call {n}": s for n, s in enumerate(seconds, start=1)}, at_once=2)

# %%
predict("one-of-five")

# %%
requests[2] = {**requests[2], "model": "sonnet-4-6"}
with expect_error(404):  # this cell is meant to fail
    await asyncio.gather(*[async_client.messages.create(**each) for each in requests])

# %%
calls = [async_client.messages.create(**each) for each in requests]
results = await asyncio.gather(*calls, return_exceptions=True)
print([type(result).__name__ for result in results])

# %% [markdown]
# The first way gives you none. The four others were answered, they're on your bill, and they're lost.
# The second way keeps each one in its place, the error too.
#
# **Exercise · `gather_limited` · 6 minutes · 5 points**
#
# Put the gate and the second way together.


# %% nbgrader={"grade_id": "gather_limited", "solution": true}
async def gather_limited(async_client, requests: list[dict], limit: int) -> list:
    """Send requests side by side, and return their results in order.

    async_client: an anthropic.AsyncAnthropic
    requests: the parameters of messages.create, a dict for each; don't change
        them
    limit: how many may be under way at once, 1 or more; as soon as one is
        done, send the next
    The list has the Message of each request, or the exception that it raised:
        an API error, a lost connection, or what the SDK raises before it sends.
    Call create once for each request, whatever it raises. If the client tries
    again by itself, that's the caller's choice: leave it on, or turn it off.
    6 minutes, 5 points.

    >>> [type(result).__name__ for result in await gather_limited(async_client, requests, 2)]
    ['Message', 'Message', 'NotFoundError', 'Message', 'Message']
    """
    ### BEGIN SOLUTION
    gate = asyncio.Semaphore(limit)

    async def send(request):
        async with gate:
            return await async_client.messages.create(**request)

    return await asyncio.gather(*[send(each) for each in requests], return_exceptions=True)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_gather_limited", "grade": true}
check("gather_limited")

# %% [markdown]
# ## What can wait
#
# A hundred reviews for tomorrow's report needn't go side by side. A *batch* takes them all in one request, answers within a day, and costs half.
# Here are the five from above, the one with the wrong model among them, and a clock that skips the waiting:

# %%
clock = SimulatedClock()
later = connect(clock=clock)
numbered = [{"custom_id": WORDS[n], "params": each} for n, each in enumerate(requests)]
batch = later.messages.batches.create(requests=numbered)
print(batch.processing_status)

clock.pass_time(minutes=60)
print(later.messages.batches.retrieve(batch.id).processing_status)
for answer in later.messages.batches.results(batch.id):
    print(answer.custom_id, answer.result.type)

# %% [markdown]
# Results come in any order, so go by `custom_id`. A request that fails costs its own place only, and there's no gate of yours to watch.
#
# **In your own code.** Search for `except Exception` around calls of the API, for `time.sleep`, and for `gather(` without a gate.

# %%
calibration()

# %% [markdown]
# ## In short
#
# Decide about an error by its status, its type, its code and its headers, never by its words. Log the request id of every call.
# One layer retries, with a limit, growing waits, jitter, and `retry-after`; all others are switched off.
# Choose the timeout by who is waiting.
# Many requests pass a gate, and one failure costs one result, not all of them.
#
# | Task | Chat Completions | Responses | Messages |
# |---|---|---|---|
# | Tell errors apart | `error.status_code`, `error.code` | the same | `error.status_code`, `error.type`, `error.error_code` |
# | Find a request again | `completion._request_id` | `response._request_id` | `message._request_id`, `error.request_id` |
# | Set retries and timeout | `client.with_options(max_retries=…, timeout=…)` | the same | the same |
# | See what is left in this minute | `x-ratelimit-remaining-requests`, `-tokens` | the same | `anthropic-ratelimit-requests-remaining`, `-input-tokens-`, `-output-tokens-` |
# | Send many at once | `openai.AsyncOpenAI` | the same | `anthropic.AsyncAnthropic` |
# | Send many by tomorrow | a batch file | the same | `client.messages.batches.create(requests=[…])` |
# | After a 429, 529 or 5xx | wait, and send it again | the same | the same; after another 4xx mend the request |
#
# *Reference:* [Errors](https://platform.claude.com/docs/en/api/errors) · [Handle errors](https://platform.claude.com/docs/en/api/handle-errors) · [Rate limits](https://platform.claude.com/docs/en/api/rate-limits) · [Batch processing](https://platform.claude.com/docs/en/build-with-claude/batch-processing).
# *Next:* [09 · The port](../09_port/09_port.ipynb), where all of this goes into one program.

# %%
progress()
