# %% [markdown]
# # Production: errors, retries and many calls at once
#
# 50 minutes · 3 exercises · 19 points
#
# In a demo every request is answered. In production one in a hundred is not, a thousand arrive at once, and somebody pays the bill.
# In this lesson you make calls that come through that.
#
# After this lesson you can:
# - decide for every error what to do with it
# - try again with a limit, with growing waits and with chance
# - heed rate-limit headers and set timeouts
# - send many requests side by side, within a bound

# %%
import asyncio
import random
import time
from contextlib import suppress

import anthropic

from grader.classroom import backoff_timeline, check, connect, connect_async, expect_error
from grader.classroom import hint, parallel_tools, progress, rehearse, replay_stream, solution

MODEL = "claude-sonnet-4-6"
client = connect()

# %% [markdown]
# ## Errors as they arrive
#
# A refused request, in full:

# %%
request = {
    "model": MODEL,
    "max_tokens": 2000,
    "messages": [{"role": "user", "content": "What is an API?"}],
}
with expect_error(400):  # this cell is meant to fail
    client.messages.create(**{**request, "messages": []})

# %% [markdown]
# Others come when they want to, and no prompt brings them about. `rehearse` gives you a real client for which they are planned.
#
# **Predict.** Which of these six would go away if you sent the same request again?

# %%
TROUBLES = ("wrong key", "too large", "rate limited", "spend limit", "server error", "overloaded")
print(f"{'status':8}{'type':24}{'x-should-retry':16}retry-after")
for trouble in TROUBLES:
    try:
        rehearse(trouble).client.messages.create(**request)
    except anthropic.APIStatusError as error:
        headers = error.response.headers
        told = headers.get("x-should-retry", "-"), headers.get("retry-after", "-")
        print(f"{error.status_code:<8}{error.type:24}{told[0]:16}{told[1]}")

# %% [markdown]
# The API says so itself, in the header `x-should-retry`. Look at the two errors with 429: the second is a limit for the month.
# But `x-should-retry: false` comes with 400 and 401 too, where it only says that the same request is no use. So look at it only where you would retry or wait.
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
# And a stream can break off after it has begun.
#
# **Predict.** Which status will this error have?

# %%
try:
    with replay_stream("overloaded") as stream:
        stream.until_done()
except anthropic.APIStatusError as error:
    print(error.status_code, error.type, isinstance(error, anthropic.OverloadedError))

# %% [markdown]
# The status had been sent before the trouble came. What it was is in `type`.
#
# Last, an error that never was on the wire. A plain call with room for a very long reply:

# %%
with expect_error(ValueError):  # this cell is meant to fail
    client.messages.create(**{**request, "max_tokens": 40_000})

# %% [markdown]
# Such a reply may take longer than connections live, so the SDK wants it streamed.
#
# | Status | `type` | Whose matter | Do |
# |---|---|---|---|
# | 400, 404, 413 | `invalid_request_error`, `not_found_error`, `request_too_large` | the request's | `fix` |
# | 401, 403 | `authentication_error`, `permission_error` | the key's | `fix` |
# | 402 | `billing_error` | the account's | `give up` |
# | 429 | `rate_limit_error` | too much in a minute | `wait` |
# | 408, 409, and from 500 up | `api_error`, `timeout_error`, `overloaded_error`, … | the API's | `retry` |
# | 429, 408, 409 or from 500 up, with `x-should-retry: false` | | nobody's now | `give up` |
# | 200, in mid-stream | `overloaded_error`, `api_error` | the API's | `retry` |
# | none: `APIConnectionError`, `APITimeoutError` | none | the network's | `retry` |
# | none: `TypeError`, `ValueError`, … | none | your code's | `fix` |
#
# To `retry` is to send again after a short pause, since the fault may be gone any moment.
# To `wait` is to hold back first: the limit is free again at a certain time, and until then every attempt is refused.
#
# Not every error is the API's own: a proxy in between may answer 502, with no `type` and none of these headers.

# %% [markdown]
# Messages are for people. They quote from your request and change without notice, so no line of this table asks for their words.
#
# **Exercise · `classify_error` · 5 minutes · 6 points**
#
# Say what to do with an error, as the table has it.


# %% nbgrader={"grade_id": "classify_error", "solution": true}
def classify_error(exc: Exception) -> str:
    """Return "retry", "wait", "fix" or "give up".

    exc: what a call of the SDK raised: one of the API's errors, a lost
        connection, or an error of Python's
    What no line of the table knows is to "fix".
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
# **Think it over.** Your credit has run out. The API answers 400 `invalid_request_error`, with a message about your balance. What does your function say, and is that a fault?
#
# <details><summary>One answer</summary>
# It says <code>fix</code>, and it cannot know better: only the message tells, and that is no ground to stand on.
# A person who reads the log sees it at once. So log the message; decide by the rest.
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
# You saw no error, because `max_retries` is 2 unless you say otherwise. (Rehearsed waits are noted, not waited.)
#
# **Predict.** Many programs have a loop of their own around that. The API stays overloaded: how many requests do three attempts make?

# %%
api = rehearse("overloaded")
for _ in range(3):
    with suppress(anthropic.APIStatusError):
        api.client.messages.create(**request)
print(api.requests, "requests")

# %% [markdown]
# Nine. With a retrying proxy in front it would be twenty-seven, from every client, at the moment when the API has no capacity.
#
# So one layer retries, and the others do not. If it is yours, switch the SDK's off:

# %%
api = rehearse("overloaded")
patient = api.client.with_options(max_retries=0)
for _ in range(3):
    with suppress(anthropic.APIStatusError):
        patient.messages.create(**request)
print(api.requests, "requests")

# %% [markdown]
# For most programs the SDK's retries will do: set `max_retries`, and write no loop.
# You write one when your program has to choose what is tried again, to test it, or to log each attempt.
#
# ## Back off, each at another moment
#
# How long should a loop wait? Twice as long each time, for a short breakdown needs little and a long one much; and never without end.
#
# **Predict.** A thousand clients were refused in the same second. With waits of 1, 2, 4 … seconds, when do they come back?

# %%
bounds = [min(30, 2**number) for number in range(7)]
print("without chance  ", "".join(f"{bound:7.1f}" for bound in bounds))
for number in range(3):
    dice = random.Random(number)
    waits = [bound / 2 + bound / 2 * dice.random() for bound in bounds]
    print(f"client {number}        ", "".join(f"{wait:7.1f}" for wait in waits))

# %% [markdown]
# With chance, a wait is between half of the bound and all of it.
#
# **Predict.** Two hundred clients are refused in the same moment. Here are four ways of trying again: without chance, with chance, by `retry-after`, and with stacked retries, a loop around the SDK's own. Which sends the most requests, and which leaves clients without an answer?

# %%
backoff_timeline()

# %% [markdown]
# Without chance all come back together and are refused together, until many have no attempt left. With chance each one comes at another moment.
# Stacked retries are done soonest, and send the most by far, most of it to an API that is down. When every program does that, it stays down.
#
# A 429 often brings a better number than any formula:

# %%
try:
    rehearse("rate limited").client.messages.create(**request)
except anthropic.RateLimitError as error:
    for name, value in error.response.headers.items():
        if name == "retry-after" or name.startswith("anthropic-ratelimit"):
            print(f"{name}: {value if 'reset' not in name else '(a moment)'}")

# %% [markdown]
# `retry-after` is in seconds, as text. To come sooner is to be refused again.
#
# You need not wait for a refusal to know where you stand. Every answer has the headers too:

# %%
raw = client.messages.with_raw_response.create(**request)
for what in ("requests", "input-tokens", "output-tokens"):
    name = f"anthropic-ratelimit-{what}"
    left, limit = raw.headers.get(f"{name}-remaining"), raw.headers.get(f"{name}-limit")
    print(f"{what:15}{left or '?':>10} of {limit or '?'} left in this minute")
message = raw.parse()

# %% [markdown]
# And the other way round: how long do *you* wait for a reply? Ten minutes, unless you say otherwise. A user at a screen has left by then.

# %%
hasty = rehearse("timed out").client.with_options(timeout=20.0, max_retries=0)
with expect_error(anthropic.APITimeoutError):  # this cell is meant to fail
    hasty.messages.create(**request)

# %% [markdown]
# (Rehearsed: it does not make you wait.)
# A timeout does not tell whether Claude had begun to write. So it may be that you pay twice for a request that you send twice.
#
# **Exercise · `call_with_retries` · 9 minutes · 8 points**
#
# Write the loop. You may call `classify_error`.


# %% nbgrader={"grade_id": "call_with_retries", "solution": true}
def call_with_retries(client, request: dict, *, max_attempts: int, sleep, rng):
    """Send a request until it is answered, and return the Message.

    client: an anthropic.Anthropic, whose own retries are on; it stays as it is
    request: the parameters of messages.create; it stays as it is
    max_attempts: the most requests to send, 1 or more
    sleep: a function that waits so many seconds, such as time.sleep
    rng: a function that gives a number from 0 to 1, such as random.random
    What is to "retry" or to "wait" for is tried again, as classify_error says.
    Any other error is raised at once; when no attempt is left, the last one is.
    Before the second attempt it sleeps 1 second at most, then 2, 4, 8 … up to
    30, and half of that at least: rng decides, anew each time.
    Where a refusal has a retry-after, whatever its status, it sleeps as long as
    that or a little longer. Where the usual wait is longer, it may take either.
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
# Yes. The API keeps no state, and it runs none of your tools: your code does, after a reply has arrived.
# What is not safe is to run the <em>tool</em> again, when you do not know whether its first run had its effect.
# </details>

# %% [markdown]
# ## Many at once
#
# A hundred reviews are to be summed up, each in a call of some seconds. One after the other that is minutes; most of it is waiting.

# %%
parallel_tools({"review 1": 2.1, "review 2": 1.4, "review 3": 2.8, "review 4": 1.7})

# %% [markdown]
# For that there is an asynchronous client. Its calls give coroutines, and `asyncio.gather` awaits them together.
# In a notebook you may `await` right in a cell.

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
# (Not so good: an `anthropic.Anthropic` inside a coroutine. It blocks the whole loop, and nothing runs side by side.)
#
# But all at once meet the rate limit. A *semaphore* is a gate with so many places:

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
# **Predict.** One of five requests names a model that does not exist. How many of the five replies will you get?

# %%
requests[2] = {**requests[2], "model": "sonnet-4-6"}
with expect_error(404):  # this cell is meant to fail
    await asyncio.gather(*[async_client.messages.create(**each) for each in requests])

# %%
calls = [async_client.messages.create(**each) for each in requests]
results = await asyncio.gather(*calls, return_exceptions=True)
print([type(result).__name__ for result in results])

# %% [markdown]
# None, in the first way: the four others were answered, are on the bill, and are lost.
# In the second each has its place, and the error too.
#
# **Exercise · `gather_limited` · 6 minutes · 5 points**
#
# Put the gate and the second way together.


# %% nbgrader={"grade_id": "gather_limited", "solution": true}
async def gather_limited(async_client, requests: list[dict], limit: int) -> list:
    """Send requests side by side, and return what came of each, in their order.

    async_client: an anthropic.AsyncAnthropic
    requests: the parameters of messages.create, a dict for each; they stay as
        they are
    limit: how many may be under way at once, 1 or more; as soon as one is
        done, the next is sent
    The list has the Message of each request, or the exception that it raised:
        the API's, a lost connection, or what the SDK raises before it sends.
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
# **Think it over.** The hundred reviews are for a report of tomorrow. What is better than a hundred calls side by side?
#
# <details><summary>One answer</summary>
# A batch: half the price, results within a day, and no gate of your own to steer.
# </details>

# %% [markdown]
# ## In short
#
# Decide about an error by its status, its type and its headers, never by its words.
# One layer retries: with a limit, growing waits, chance, and `retry-after`.
# Many requests pass a gate, and one failure costs one result.
#
# | Task | Chat Completions | Responses | Messages |
# |---|---|---|---|
# | Switch the SDK's retries off | `client.with_options(max_retries=0)` | the same | the same |
#
# *Reference:* [Errors](https://platform.claude.com/docs/en/api/errors).
# *Next:* [09 · The port](../09_port/09_port.ipynb), a whole program.

# %%
progress()
