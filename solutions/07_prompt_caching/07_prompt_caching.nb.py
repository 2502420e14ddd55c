# %% [markdown]
# # Prompt caching: pay once for a long prefix
#
# 70 minutes · 5 exercises · 29 points
#
# Your bot sends the same handbook with every question, and you pay for it every time. Worse, your customers wait while Claude reads it again.
# The API can keep that beginning, and charge a fraction for it the next time. Change one character in it and nothing is reused, silently.
#
# After this lesson you can:
# - put a breakpoint after what stays the same
# - tell from a usage what was written and what was read
# - build prompts whose prefix never changes
# - choose a lifetime, and know from which call on it pays
# - cache a conversation that grows, automatically or by hand

# %%
import asyncio

from grader.classroom import CostMeter, SimulatedClock, cache_bench, calibration, check, connect
from grader.classroom import connect_async, expect_error, find_model, hint, picture, predict
from grader.classroom import progress, review, side_by_side, solution, token_view

MODEL = "claude-sonnet-4-6"
clock = SimulatedClock()
client = connect(clock=clock)
meter = CostMeter(client)

# %% [markdown]
# The simulated API reads its time from `clock`. It stands still until a cell moves it, so minutes can pass and nobody waits.
#
# ## The same prompt, twice
#
# Here's a long system prompt, the rules of a shop:

# %%
RULES = [
    f"Article {number}: an order of class {number} may be sent back within {number + 13} days."
    for number in range(1, 111)
]
HANDBOOK = "\n".join(["You answer the customers of a shop.", *RULES])
question = {"role": "user", "content": "May I send back an order of class 7?"}


def used(message):
    usage = message.usage
    written, read = usage.cache_creation_input_tokens or 0, usage.cache_read_input_tokens or 0
    return f"{usage.input_tokens:6} fresh {written:6} written {read:6} read"


# %%
predict("by-itself")

# %%
plain = {"model": MODEL, "max_tokens": 1000, "system": HANDBOOK, "messages": [question]}
for _ in range(2):
    print(used(client.messages.create(**plain)))

# %% [markdown]
# Nothing was written, so there was nothing to read.
# With this API you say what to keep: you put a *breakpoint* on a block, `cache_control`.
# A string has no place for one, so the system prompt becomes a list of blocks.

# %%
block = {"type": "text", "text": HANDBOOK, "cache_control": {"type": "ephemeral"}}
marked = {**plain, "system": [block]}
short = {**plain, "system": HANDBOOK[:40] + "…"}
side_by_side(
    short,
    {**short, "system": [{**block, "text": short["system"]}]},
    titles=("A string", "A block with a breakpoint"),
)

# %%
for _ in range(2):
    message = client.messages.create(**marked)
    print(used(message))  # fresh is what stands after the breakpoint

token_view(marked, message)

# %% [markdown]
# The first call *wrote* the prefix, which costs a quarter more than plain input on this model; the second one *read* it, for a tenth.
# The picture shows the second one: what it read is nearly all of its tokens, and a smaller part of its price.
#
# | | Chat Completions | Responses | Messages |
# |---|---|---|---|
# | All input | `usage.prompt_tokens` | `usage.input_tokens` | the sum of the three below |
# | Read from the cache | `prompt_tokens_details.cached_tokens`, part of it | `input_tokens_details.cached_tokens`, part of it | `cache_read_input_tokens` |
# | Written to the cache | `prompt_tokens_details.cache_write_tokens` | `input_tokens_details.cache_write_tokens` | `cache_creation_input_tokens` |
# | Neither read nor written | | | `input_tokens` |
#
# ## Why it's always the beginning
#
# Before Claude writes its first word, it works through your prompt, token by token. What it works out for a token depends on every token before it. That work is what the cache keeps.

# %%
picture("one_prefix")

# %% [markdown]
# All rules of this lesson follow from the picture:
# - Two prompts share work only as far as they begin alike, to the letter, and only up to a breakpoint that the first one wrote.
# - The answer is written anew each time, and costs what it did.
# - Caching isn't memory: you still send the whole request.
#
# So you gain twice: the read is cheaper, and what is read needn't be worked through before the first word comes. Here's another question:

# %%
other = {"role": "user", "content": "And how long do I have for class 30?"}
message = client.messages.create(**{**marked, "messages": [other]})
print(used(message))
print(
    "to work through:",
    message.usage.input_tokens + (message.usage.cache_creation_input_tokens or 0),
)

# %% [markdown]
# Only the question. The breakpoint stands after the handbook and before the question, so the handbook was read.
# With a key of your own, measure it with `first_token_latency` of lesson 05: the longer the prompt, the more it shows.
#
# ## A shorter handbook

# %%
predict("short-handbook")

# %%
brief = "\n".join(RULES[:10])
small = {**plain, "system": [{**block, "text": brief}]}
for _ in range(2):
    print(used(client.messages.create(**small)))

# %% [markdown]
# No error, no warning, and no cache: a prefix has a minimum length, and each model its own.
# Only `usage` tells you.

# %%
models = ["claude-haiku-4-5", "claude-sonnet-4-6", "claude-sonnet-5-5", "claude-opus-5-5"]
for name in models:
    print(f"{name:18} {find_model(name).cache_minimum:6} tokens")
print("as of", min(find_model(name).as_of for name in models))

# %% [markdown]
# So if you rely on the cache, watch `usage`. `cache_creation_input_tokens` and `cache_read_input_tokens` may each be `None` instead of 0, and both may be above 0.
#
# **Exercise · `cache_status` · 4 minutes · 4 points**
#
# Say in one word what a call did with the cache.


# %% nbgrader={"grade_id": "cache_status", "solution": true}
def cache_status(usage) -> str:
    """Return what a call did with the cache: "none", "write", "read" or "both".

    usage: an anthropic.types.Usage; a field that is None counts as 0
    4 minutes, 4 points.

    >>> cache_status(client.messages.create(**marked).usage)
    'read'
    """
    ### BEGIN SOLUTION
    wrote = bool(usage.cache_creation_input_tokens)
    read = bool(usage.cache_read_input_tokens)
    if wrote and read:
        return "both"
    return "write" if wrote else "read" if read else "none"
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_cache_status", "grade": true}
check("cache_status")

# %% [markdown]
# ## What comes first
#
# Claude reads a prompt in one order, whatever the order in your dict: **tools, system, messages**.
# A breakpoint covers its own block and everything before it.
#
# | Where you put it | What it covers |
# |---|---|
# | on a tool, usually the last one | the tools up to there |
# | on a block of `system` | all tools, and the system prompt up to there |
# | on a block of a message | all of that, and the conversation up to there |
# | on the request itself | everything: the API marks the last block for you (*automatic caching*) |
#
# You may set four. They cost nothing by themselves.

# %%
predict("late-breakpoint")

# %%
late = {**plain, "system": HANDBOOK + "\nBe brief."}  # so that nothing is cached yet
for asked in (question, other):
    part = {"type": "text", "text": asked["content"], "cache_control": {"type": "ephemeral"}}
    turn = {"role": "user", "content": [part]}
    print(used(client.messages.create(**{**late, "messages": [turn]})))

# %% [markdown]
# Nothing. The prefix that was kept ends with the first question, and no other prompt begins that way.
# Each call pays for a write that nobody reads. Caching made it more expensive.
#
# A message has no place for a breakpoint; its blocks do:

# %%
with expect_error(400):  # this cell is meant to fail
    client.messages.create(
        **{**plain, "messages": [{**question, "cache_control": {"type": "ephemeral"}}]}
    )

# %% [markdown]
# **Exercise · `add_cache` · 6 minutes · 6 points**
#
# Put a breakpoint at the end of the system prompt of any request.


# %% nbgrader={"grade_id": "add_cache", "solution": true}
def add_cache(request: dict) -> dict:
    """Return a request that caches its tools and system prompt for 5 minutes.

    request: for client.messages.create(**request), all in dicts, lists and str;
        don't change it or what is in it. tools and system may be absent or empty;
        system is a str or a list of text blocks
    Put one breakpoint: on the last block of the system prompt, or without a system
    prompt on the last tool, even if the prompt is too short to be cached. If a
    request has a key cache_control anywhere (the word in a text is none), or
    neither tools nor a system prompt, return it as it is.
    6 minutes, 6 points.

    >>> add_cache({"system": "Be brief.", "messages": []})["system"]
    [{'type': 'text', 'text': 'Be brief.', 'cache_control': {'type': 'ephemeral'}}]
    """

    ### BEGIN SOLUTION
    def is_marked(part):
        if isinstance(part, dict):
            return "cache_control" in part or any(map(is_marked, part.values()))
        return isinstance(part, list) and any(map(is_marked, part))

    key = "system" if request.get("system") else "tools"
    parts = request.get(key)
    if not parts or is_marked(request):
        return request
    if isinstance(parts, str):
        parts = [{"type": "text", "text": parts}]
    last = {**parts[-1], "cache_control": {"type": "ephemeral"}}
    return {**request, key: [*parts[:-1], last]}
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_add_cache", "grade": true}
check("add_cache")

# %% [markdown]
# **Think it over.** A colleague puts `cache_control` on the request itself, in a service that answers single questions. What will the bill say?
#
# <details><summary>One answer</summary>
# The input costs a quarter more. The automatic breakpoint comes after the question, so each call writes and none reads.
# Automatic caching is for conversations, where the next request begins with everything in this one.
# </details>
#
# ## A prefix that never hits
#
# This function is in production, and its author wonders about the bill.

# %%
TOOLS = [
    {"name": name, "description": f"Call this to {name}.", "input_schema": {"type": "object"}}
    for name in ("find_order", "print_label", "refund")
]


# %%
def draft_request(user_input, now, handbook, tools):
    control = {"type": "ephemeral"}
    content = [{"type": "text", "text": user_input, "cache_control": control}]
    return {
        "model": MODEL,
        "max_tokens": 1000,
        "tools": tools,
        "system": f"It is {now}.\n{handbook}",
        "messages": [{"role": "user", "content": content}],
    }


# %% [markdown]
# Its tools come from plugins, which load in a different order each time.

# %%
predict("draft-reasons")

# %%
first = draft_request("May I send this back?", "2026-11-23 09:30", HANDBOOK, TOOLS)
second = draft_request("And this one?", "2026-11-23 09:31", HANDBOOK, TOOLS[::-1])
for request in (first, second):
    print(used(client.messages.create(**request)))

# %% [markdown]
# You can ask the API. A request with `diagnostics` names an earlier message, and the reply says where the two prompts part.
# The first request has no earlier message to name, so it passes `None`.
# The reply names the first difference only, so fix that one and ask again.


# %%
def why(first, second):
    told = client.messages.create(**first, diagnostics={"previous_message_id": None})
    asked = {"previous_message_id": told.id}
    return client.messages.create(**second, diagnostics=asked).diagnostics.cache_miss_reason.type


print(why(first, second))
second["tools"] = first["tools"]
print(why(first, second))
second["system"] = first["system"]
print(why(first, second))

# %% [markdown]
# Three reasons, in the order of the prompt:
# - The tools come in a different order. The very beginning differs, so nothing after it counts.
# - The time stands before the handbook, and it changes every minute.
# - The breakpoint comes after the question, which is a new one each time.
#
# You don't have to leave out what changes. Move it *after* the breakpoint.
#
# **Exercise · `build_request` · 8 minutes · 6 points**
#
# Fix the draft, so that each call after the first reads the tools and the handbook.


# %% nbgrader={"grade_id": "build_request", "solution": true}
def build_request(user_input: str, now: str, handbook: str, tools: list[dict]) -> dict:
    """Return a request that writes tools and handbook once, and then reads them.

    user_input: the question, which goes into the last user message
    now: date and time, as one text; put it in unchanged, after what is cached;
        you may split it into its date and its time
    handbook: the system prompt, the same in every call
    tools: the same tools in every call, in any order, one at least, each with
        a name of its own; some may be the API's, without a schema. Don't change
        the list
    Don't cache what changes from call to call. The model is
    claude-sonnet-4-6.
    8 minutes, 6 points.

    >>> request = build_request("Hello", "2026-11-23 09:30", HANDBOOK, TOOLS)
    >>> cache_status(client.messages.create(**request).usage)
    'write'
    """
    ### BEGIN SOLUTION
    control = {"type": "ephemeral"}
    return {
        "model": "claude-sonnet-4-6",
        "max_tokens": 1000,
        "tools": sorted(tools, key=lambda tool: tool["name"]),
        "system": [{"type": "text", "text": handbook, "cache_control": control}],
        "messages": [{"role": "user", "content": f"It is {now}. {user_input}"}],
    }
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_build_request", "grade": true}
check("build_request")

# %% [markdown]
# **Think it over.** Your handbook depends on the customer's plan: free, pro or enterprise. What does that do to the cache?
#
# <details><summary>One answer</summary>
# It gets three prefixes, and each is written and read by itself. That's fine as long as each is used often enough.
# The customer's <em>name</em> in the handbook would make one prefix per customer: put it into the message.
# </details>
#
# ## Five minutes, or an hour
#
# An entry lives for five minutes, counted from the start of the request that last used it. Each hit renews it for free.

# %%
predict("four-calls")

# %%
fresh = {**plain, "system": [{**block, "text": HANDBOOK + "\nBe polite."}]}
for minutes in (0, 4, 4, 6):
    clock.pass_time(minutes=minutes)
    print(used(client.messages.create(**fresh)))

# %% [markdown]
# The third call came 8 minutes after the write and still read: the second one had renewed the entry.
# If your calls are further apart, ask for an hour. The write then costs more:

# %%
hour = {"type": "ephemeral", "ttl": "1h"}
kept = {**plain, "system": [{**block, "text": HANDBOOK + "\nBe exact.", "cache_control": hour}]}
for minutes in (0, 50, 50, 70):
    clock.pass_time(minutes=minutes)
    print(used(client.messages.create(**kept)))

# %% [markdown]
# What a write and a read cost, as multiples of plain input:

# %%
for name in ("claude-haiku-4-5", "claude-sonnet-4-6", "claude-sonnet-5-5", "claude-fable-5-1"):
    price = find_model(name).price_for(2_000)
    multiples = price.write_5m_multiplier, price.write_1h_multiplier, price.read_multiplier
    print(f"{name:18} write 5m {multiples[0]}   write 1h {multiples[1]}   read {multiples[2]}")
print("as of", find_model(name).as_of)

# %% [markdown]
# The multiples differ from model to model, and they have changed before. Take them from a dated list.
#
# ## When it pays
#
# A write costs more than plain input, so a single call gets more expensive.

# %%
predict("pays-from")

# %%
price = find_model("claude-sonnet-4-6").price_for(2_000)
print("USD for each million tokens of the prefix")
print("calls    plain    5 minutes    1 hour")
for calls in range(1, 6):
    reads = (calls - 1) * price.read
    bills = calls * price.input, price.write_5m + reads, price.write_1h + reads
    print(f"{calls:5}   {bills[0]:6.2f}       {bills[1]:6.2f}    {bills[2]:6.2f}")

# %% [markdown]
# Five minutes pay from the second call on, an hour from the third: at these prices, and if the calls come in time.
# If your calls always arrive after the entry has expired, every one is a write, and you pay the premium every time.
#
# **Exercise · `break_even_calls` · 6 minutes · 5 points**
#
# Find that call for any price.


# %% nbgrader={"grade_id": "break_even_calls", "solution": true}
def break_even_calls(price, ttl: str) -> int:
    """Return the number of the first call at which caching a prefix is cheaper.

    price: has input, write_5m, write_1h and read, each a Decimal in US dollars
        for a million tokens; a read is cheaper than input and may be free, a
        write costs at least as much as input
    ttl: "5m" or "1h"
    The first call writes the prefix, every later one reads it. Count the cost of
    all calls so far; if caching costs the same, it isn't cheaper.
    6 minutes, 5 points.

    >>> break_even_calls(find_model("claude-sonnet-4-6").price_for(2_000), "1h")
    3
    """
    ### BEGIN SOLUTION
    write = price.write_1h if ttl == "1h" else price.write_5m
    calls = 1
    while write + (calls - 1) * price.read >= calls * price.input:
        calls += 1
    return calls
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_break_even_calls", "grade": true}
check("break_even_calls")

# %% [markdown]
# Far beyond that call, the price of a read is what counts. Here are 100 calls with a prefix of 2,000 tokens; one writes, and 99 read:

# %%
without = 100 * price.cost(input_tokens=2_000)
written = price.cost(cache_write_5m_tokens=2_000)
read = 99 * price.cost(cache_read_tokens=2_000)
print(f"without a cache  {without:.4f} USD")
print(f"with one         {written:.4f} + {read:.4f} = {written + read:.4f} USD")

# %% [markdown]
# But saving most of the *prefix* isn't saving most of the bill: the question and the answer still cost full price.
#
# Here's a bench to try all of this: blocks that you change and move, breakpoints, a clock, and the bill.
#
# **Predict.** The time stands before the handbook, and 4 minutes lie between the calls. What will the second call read? And what will the fourth read, when the time has moved behind the handbook?
#
# 1. Press *Send the call*, then *Let them pass*, and the same again: two calls.
# 2. Choose the block *Time*, and move it down by one.
# 3. Press *Send the call*, then *Let them pass*, and the same again: four calls.

# %%
cache_bench()

# %% [markdown]
# Nothing: each call has another time in it, and the only breakpoint comes after that. Not even the tools in front of the time are read.
# Behind the handbook the time costs only itself. The third call wrote the new prefix, and the fourth one read it.
#
# ## Three calls at once

# %%
predict("three-at-once")

# %%
async_client = connect_async(clock=clock)
new = {**marked, "system": [{**block, "text": HANDBOOK + "\nBe fair."}]}
at_once = (async_client.messages.create(**new) for _ in range(3))
for message in await asyncio.gather(*at_once):
    print(used(message))

# %% [markdown]
# Three writes: an entry can be read once the reply that wrote it has begun.
# So send one call first, and the others when it has answered. It needn't even answer: with `max_tokens=0` the API reads the prompt, writes the cache, and stops.

# %%
warm = {**marked, "system": [{**block, "text": HANDBOOK + "\nBe kind."}]}
warming = await async_client.messages.create(**{**warm, "max_tokens": 0})
print(used(warming), warming.content, warming.stop_reason)

at_once = (async_client.messages.create(**warm) for _ in range(3))
for message in await asyncio.gather(*at_once):
    print(used(message))

# %% [markdown]
# ## A breakpoint that moves along
#
# In a conversation each request begins with everything in the one before. Here only the system prompt is marked:

# %%
QUESTIONS = ["May I send back class 7?", "And class 8?", "And 9?", "And 10?", "And 11?"]


def talk(**options):
    history = []
    for asked in QUESTIONS:
        history = [*history, {"role": "user", "content": asked}]
        message = client.messages.create(model=MODEL, max_tokens=2000, messages=history, **options)
        print(used(message))
        history = [*history, {"role": "assistant", "content": message.content}]


talk(system=[{**block, "text": HANDBOOK + "\nBe patient."}])

# %% [markdown]
# The handbook is read, but you pay for the turns in full, and for more of them each time.
# So the newest question needs a breakpoint. What happens if you leave the old ones where they are?

# %%
history = []
with expect_error(400):  # this cell is meant to fail
    for asked in QUESTIONS:
        part = {"type": "text", "text": asked, "cache_control": {"type": "ephemeral"}}
        history = [*history, {"role": "user", "content": [part]}]
        message = client.messages.create(
            model=MODEL, max_tokens=2000, system=HANDBOOK, messages=history
        )
        history = [*history, {"role": "assistant", "content": message.content}]

# %% [markdown]
# A history that keeps its marks has five of them after five questions.
# So mark a copy, or leave it to the API: `cache_control` on the request marks the last block, wherever that is.

# %%
predict("moving-mark")

# %%
talk(system=HANDBOOK + "\nBe patient.", cache_control={"type": "ephemeral"})

# %% [markdown]
# More: each call reads everything that the one before sent, and writes only what's new.
# (The first one reads the handbook, if the cell above wrote it a moment ago.)
#
# A breakpoint looks up to 20 blocks back, and a tool call with its result takes two. After about ten calls in one turn, set a second breakpoint among them.
#
# **Exercise · `cached_chat` · 9 minutes · 8 points**
#
# Write lesson 02's `chat` again, this time for cached conversations.


# %% nbgrader={"grade_id": "cached_chat", "solution": true}
def cached_chat(
    client,
    system: str,
    messages: list[dict],
    user_input: str,
    *,
    model: str = "claude-sonnet-4-6",
    max_tokens: int = 1000,
) -> tuple[str, list[dict]]:
    """Ask one more question, and return the reply's text and the new history.

    system: the system prompt, a str
    messages: the turns so far, as this function returned them; don't change
        the list or its turns
    Each call reads from the cache everything that the call before it sent, and
    caches for 5 minutes. The new history has the turns so far, the question, and
    the reply with its whole content, also if max_tokens or a stop sequence ended
    it. If the reply has no block at all, return "" and the turns so far; keep one
    with only thinking. Let errors of the API pass through as they are.
    9 minutes, 8 points.

    >>> text, history = cached_chat(client, HANDBOOK, [], "May I send it back?")
    >>> text, history = cached_chat(client, HANDBOOK, history, "Until when?")
    >>> len(history)
    4
    """
    ### BEGIN SOLUTION
    sent = [*messages, {"role": "user", "content": user_input}]
    message = client.messages.create(
        model=model,
        max_tokens=max_tokens,
        system=system,
        messages=sent,
        cache_control={"type": "ephemeral"},
    )
    if not message.content:
        return "", messages
    text = "".join(block.text for block in message.content if block.type == "text")
    return text, [*sent, {"role": "assistant", "content": message.content}]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_cached_chat", "grade": true}
check("cached_chat")

# %% [markdown]
# **Think it over.** Halfway through a conversation your program adds a tool. What will the next call read?
#
# <details><summary>One answer</summary>
# Nothing. Tools come first, so the system prompt and every turn stand behind the change. And if a newer model has thought in this conversation, the call is a 400 (lesson 02).
# So offer all tools from the start. To switch them off for one call, send <code>tool_choice</code> with type <code>none</code>: tools and system prompt stay cached, and only the messages are written again. (Under a beta, a message in the conversation can add a tool and leave the beginning alone.)
# </details>
#
# ## The bill
#
# `meter` has listened to `client` since the first cell of this lesson, through the good ideas and the bad ones:

# %%
meter

# %% [markdown]
# Log the same figures in your own program: what was written, what was read, and what it would have cost without a cache.
#
# **In your own code.** Print the prompts of two calls side by side, and look for the first difference: a time, an id, a name, the order of a set.

# %%
calibration()

# %% [markdown]
# ## In short
#
# A cache keeps the work on a prefix, so put what stays the same first, a breakpoint after it, and everything that changes behind that.
# Reads are cheap and fast, writes cost extra, and a miss is silent: watch `usage`, and set an alarm for when reads stop.
# Let the lifetime fit the pause between your calls, and do the sum with dated prices.
# In a conversation the breakpoint moves along; before many calls at once, one warms the cache.
#
# | Task | Chat Completions | Responses | Messages |
# |---|---|---|---|
# | Cache a long beginning | happens by itself; newer models take `prompt_cache_breakpoint` on a block too | the same | `"cache_control": {"type": "ephemeral"}` on its last block |
# | Cache a conversation | happens by itself | the same | `cache_control={"type": "ephemeral"}` on the request |
# | Keep it longer | `prompt_cache_options={"ttl": …}` | the same | `"ttl": "1h"` in `cache_control` |
# | See what was read | `usage.prompt_tokens_details.cached_tokens` | `usage.input_tokens_details.cached_tokens` | `usage.cache_read_input_tokens` |
# | Find out why nothing was read | | | `diagnostics={"previous_message_id": …}` |
# | Warm the cache | | | `max_tokens=0` |
#
# *Reference:* [Prompt caching](https://platform.claude.com/docs/en/build-with-claude/prompt-caching) · [Pricing](https://platform.claude.com/docs/en/about-claude/pricing) · [Reducing latency](https://platform.claude.com/docs/en/reducing-latency).
# *Next:* [08 · Production](../08_production/08_production.ipynb), where requests fail, wait and come by the thousand.

# %%
progress()
