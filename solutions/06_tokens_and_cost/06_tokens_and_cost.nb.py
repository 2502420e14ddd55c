# %% [markdown]
# # Tokens and cost: count before you send
#
# 90 minutes · 7 exercises · 38 points
#
# Your prototype worked, so it goes to ten thousand customers, and somebody asks three questions.
# Will our longest contract fit? What does one answer cost? And would a cheaper model do?
# You can answer the first two before you send anything, and the third one with a test.
#
# After this lesson you can:
# - count a request before you send it
# - tell the context window from the output limit
# - read the four classes of tokens in a usage
# - work out what a call costs, alone and in a batch
# - cut a conversation to a budget in a few counts
# - choose a model from a dated catalog
# - find the cheapest model that passes your own tests

# %%
from datetime import date
from decimal import Decimal

from grader.classroom import CostCalculator, calibration, check, connect, expect_error
from grader.classroom import find_model, hint, load_catalog, picture, predict, progress
from grader.classroom import review, sample_image, show, solution, token_view, trial

MODEL = "claude-sonnet-4-6"
client = connect()

# %% [markdown]
# ## What is counted
#
# For OpenAI's models you may have counted on your own machine, with `tiktoken`, or asked their API with `responses.input_tokens.count`.
# For Claude you ask the API, with the parameters of the real call.
# Nothing is generated, and counting is free.

# %%
question = {"role": "user", "content": "What colour is this square?"}
client.messages.count_tokens(model=MODEL, messages=[question])

# %%
predict("adds-most")

# %%
weather = {
    "name": "get_weather",
    "description": "Get the weather in a city.",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}},
}
data = sample_image(side=1000).split(",", 1)[1]
source = {"type": "base64", "media_type": "image/png", "data": data}
content = [{"type": "image", "source": source}, {"type": "text", "text": question["content"]}]

# %%
requests = {
    "the question": {"messages": [question]},
    "with a system prompt": {"messages": [question], "system": "You are a painter's assistant."},
    "with a tool": {"messages": [question], "tools": [weather]},
    "with a picture": {"messages": [{"role": "user", "content": content}]},
}
for what, request in requests.items():
    counted = client.messages.count_tokens(model=MODEL, **request)
    print(f"{counted.input_tokens:6,}  {what}")

# %% [markdown]
# The picture. It counts by its size, no matter what it shows.
# The tool is only a few words, but with the first one the API adds instructions on how to use tools.
#
# Would a rule of thumb do? Here is a quarter of the characters, beside the counts of three models:

# %%
texts = {
    "English": "Please tell me whether the parcel that I sent to Lyon on Monday has arrived.",
    "German": "Bitte sagen Sie mir, ob das Paket nach Lyon vom Montag angekommen ist.",
    "Japanese": "月曜日にリヨンへ送った荷物が届いたかどうか教えてください。",
    "JSON": '{"order_id": "A-20417", "items": [{"sku": "X9", "quantity": 2}]}',
}
models = ("claude-haiku-4-5", "claude-sonnet-4-6", "claude-sonnet-5-5")
print(f"{'':10}{'a quarter':>10}", *(f"{model[7:]:>12}" for model in models))
for language, text in texts.items():
    counts = [
        client.messages.count_tokens(model=model, messages=[{"role": "user", "content": text}])
        for model in models
    ]
    print(f"{language:10}{len(text) // 4:10}", *(f"{each.input_tokens:12}" for each in counts))

# %% [markdown]
# No. A few of the tokens are the frame that the API puts around a message, and the rest depends on the language.
#
# The first two models agree, and the third one doesn't: Claude has had two tokenizers.
# One serves every model up to 4.6, the other one all from Opus 4.7 on, and it makes more tokens of most texts.
# So a count holds for the model that you name.

# %%
predict("count-as-is")

# %%
with expect_error(TypeError):  # this cell is meant to fail
    client.messages.count_tokens(model=MODEL, max_tokens=300, messages=[question])

# %% [markdown]
# No: a limit on the reply isn't part of the prompt. What counts is `messages`, `system`, `tools`, and whatever brings instructions with it:
# `tool_choice`, `thinking`, and `output_config` with a schema.
#
# Does the bill agree with the count? Collect the parts in a dict, and use it twice:

# %%
parts = {"model": MODEL, "messages": [question], "tools": [weather]}
counted = client.messages.count_tokens(**parts)
message = client.messages.create(max_tokens=1000, **parts)
print(counted.input_tokens, "counted,", message.usage.input_tokens, "billed")

# %% [markdown]
# Against the live API the two may differ by a few: the count is an estimate, and you pay by the usage.
#
# **Exercise · `count_request` · 4 minutes · 5 points**
#
# Count the tokens of a request for `messages.create`.


# %% nbgrader={"grade_id": "count_request", "solution": true}
def count_request(client, request: dict) -> int:
    """Return the input tokens of a request, as the API counts them.

    request: for client.messages.create(**request); don't change it
    Of the request, count model, messages, system, tools, tool_choice, thinking
    and output_config, if they are there. Leave out the rest, such as max_tokens
    or metadata. Let errors of the API pass through, without another try.
    4 minutes, 5 points.

    >>> count_request(client, {"model": "claude-sonnet-4-6", "max_tokens": 300,
    ...                        "messages": [{"role": "user", "content": "Hello"}]})
    8
    """
    ### BEGIN SOLUTION
    prompt = ("model", "messages", "system", "tools", "tool_choice", "thinking", "output_config")
    parts = {name: request[name] for name in prompt if name in request}
    return client.messages.count_tokens(**parts).input_tokens
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_count_request", "grade": true}
check("count_request")

# %% [markdown]
# ## Two limits
#
# What you send and what comes back share one space, the *context window*.
# On top of that, each model has a limit for the reply alone. Here are the two limits of a small model:

# %%
small = find_model("claude-haiku-4-5")
print(f"{small.context_window:,} tokens in the window, {small.max_output:,} of output at most")
print("as of", small.as_of)

# %% [markdown]
# These numbers come from the course's model *catalog* (more on it below).

# %%
predict("too-long")

# %%
with expect_error(400):  # this cell is meant to fail
    client.messages.create(
        model=small.id,
        max_tokens=300,
        messages=[{"role": "user", "content": "word " * 250_000}],
    )

# %% [markdown]
# It refuses. The API cuts nothing for you: a prompt that's too long gets no reply.
# The other limit has an error too, however short the question is. (It says `stream=True` only because the SDK refuses a plain request that long.)

# %%
with expect_error(400):  # this cell is meant to fail
    client.messages.create(model=small.id, max_tokens=100_000, stream=True, messages=[question])

# %% [markdown]
# Between the two lies a case without any error.
# When the input fits, but input and `max_tokens` together don't, the API takes the request.
# The reply then ends where the window ends, with the stop reason `model_context_window_exceeded`.
#
# **Exercise · `fits` · 4 minutes · 4 points**
#
# Find out before you send. You may call `count_request`.


# %% nbgrader={"grade_id": "fits", "solution": true}
def fits(client, request: dict, model_card) -> bool:
    """Return whether a request and the longest reply it allows fit a model.

    request: for client.messages.create(**request); it may name another model;
        don't change it
    model_card: has id, context_window and max_output, the last two in tokens
    The input, counted for the card's model, and max_tokens together fit into
    the window, and max_tokens is at most max_output. Let errors of the API
    pass through, without another try.
    4 minutes, 4 points.

    >>> fits(client, {"model": "claude-sonnet-4-6", "max_tokens": 300,
    ...               "messages": [{"role": "user", "content": "Hello"}]},
    ...      find_model("claude-haiku-4-5"))
    True
    """
    ### BEGIN SOLUTION
    limit = request["max_tokens"]
    tokens = count_request(client, {**request, "model": model_card.id})
    return tokens + limit <= model_card.context_window and limit <= model_card.max_output
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_fits", "grade": true}
check("fits")

# %% [markdown]
# **Think it over.** Your function says no to a summary of a long contract. What can the program do, besides giving up?
#
# <details><summary>One answer</summary>
# Ask for a shorter reply, take a model with a larger window, or summarise the contract part by part.
# The one thing it shouldn't do is to cut off the end without telling anybody.
# </details>

# %% [markdown]
# ## Four classes of tokens
#
# If you send the same long prompt again and again, the API can keep it in a *cache*; lesson 07 is about how.
# Here you only read what that does to `usage`.

# %%
RULES = "Answer politely, and name the paragraph that you rely on. " * 150
rules = {"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}


def ask_shop(question):
    messages = [{"role": "user", "content": question}]
    return client.messages.create(model=MODEL, max_tokens=1000, system=[rules], messages=messages)


# %%
predict("sent-twice")

# %%
first = ask_shop("May I return a coat after 20 days?").usage
second = ask_shop("May I return a coat after 20 days?").usage
names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens")
for name in names:
    print(f"{name:28}{getattr(first, name):8,}{getattr(second, name):8,}")

# %% [markdown]
# | Class | Field | What it is |
# |---|---|---|
# | fresh input | `input_tokens` | what was neither written nor read |
# | written input | `cache_creation_input_tokens` | what the API keeps for the next call |
# | read input | `cache_read_input_tokens` | what it found again |
# | output | `output_tokens` | the reply, thinking included |
#
# So `input_tokens` isn't the length of the prompt:

# %%
picture("one_window")

# %% [markdown]
# Send it once more, and look at it as it's billed: its tokens above, what they cost below.

# %%
coat = {"role": "user", "content": "May I return a coat after 20 days?"}
shop = {"model": MODEL, "max_tokens": 1000, "system": [rules], "messages": [coat]}
token_view(shop, client.messages.create(**shop))

# %% [markdown]
# OpenAI counts the other way: `prompt_tokens` in Chat Completions and `input_tokens` in Responses include the cached tokens.
# Add up Anthropic's three fields of input, and you have that number.
#
# A cache entry lives for five minutes or for an hour, and `cache_creation` says which:

# %%
show(first.cache_creation)

# %% [markdown]
# The SDK says that the fields about the cache may be `None`: a server without a cache needn't send them.
#
# **Exercise · `total_input` · 3 minutes · 3 points**
#
# How long was the prompt?


# %% nbgrader={"grade_id": "total_input", "solution": true}
def total_input(usage) -> int:
    """Return all input tokens of a call: fresh, written to the cache, read from it.

    usage: an anthropic.types.Usage; each field about the cache may be None.
        cache_creation may be None even if something was written: use the others
    3 minutes, 3 points.

    >>> total_input(first) == total_input(second)
    True
    """
    ### BEGIN SOLUTION
    written = usage.cache_creation_input_tokens or 0
    read = usage.cache_read_input_tokens or 0
    return usage.input_tokens + written + read
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_total_input", "grade": true}
check("total_input")

# %% [markdown]
# ## What a call costs
#
# Prices are in US dollars per *million* tokens. For the four classes each model has five of them, because writing has two: one for each lifetime.

# %%
print(f"{'':18}{'input':>6}{'output':>7}{'5 min':>6}{'1 hour':>7}{'read':>5}{'read/in':>8}")
for name in ("claude-haiku-4-5", "claude-sonnet-4-6", "claude-sonnet-5-5", "claude-fable-5-1"):
    card = find_model(name)
    price = card.price_for(2_000)
    print(f"{name:18}{price.input:6}{price.output:7}", end="")
    print(f"{price.write_5m:6}{price.write_1h:7}{price.read:5}", end="")
    print(f"{price.read_multiplier.normalize():8}")
print("as of", load_catalog().as_of)

# %% [markdown]
# Cache reads cost a tenth of fresh input on some models and far less on others. Don't memorise a ratio; look it up.
#
# The second call from above, class by class:

# %%
price = find_model(MODEL).price_for(second.input_tokens + second.cache_read_input_tokens)
parts = {
    "fresh input": second.input_tokens * price.input / 1_000_000,
    "read input": second.cache_read_input_tokens * price.read / 1_000_000,
    "output": second.output_tokens * price.output / 1_000_000,
}
for what, dollars in parts.items():
    print(f"{what:12}{dollars:12.7f}")
print(f"{'together':12}{sum(parts.values()):12.7f}")
print(f"{'in a batch':12}{sum(parts.values()) / 2:12.7f}")

# %% [markdown]
# A *batch* is for work whose replies may come later, within a day: each class costs half.
#
# Prices in the catalog are of the type `Decimal`, because sums of floats go wrong in the last digits, and people add up bills.
#
# And why is it `price_for(…)`, with the length of the prompt? Ask one model at two lengths:

# %%
card = find_model("claude-haiku-5-5")
for tokens in (100_000, 100_001):
    price = card.price_for(tokens)
    dollars = tokens * price.input / 1_000_000
    print(f"{tokens:,} tokens at {price.input} a million: {dollars:.4f}")

# %% [markdown]
# This model has *bands*. One token more, and you pay the next band's price for the whole prompt. Cached tokens count towards the length, too.
#
# **Exercise · `cost` · 6 minutes · 6 points**
#
# Calculate what one call costs, with all classes of tokens.


# %% nbgrader={"grade_id": "cost", "solution": true}
def cost(usage, price, *, batch: bool = False) -> Decimal:
    """Return what a call costs, in US dollars, not rounded.

    usage: an anthropic.types.Usage. Cache writes are in cache_creation, as
        ephemeral_5m_input_tokens and ephemeral_1h_input_tokens. A field
        about the cache may be None; count nothing for it
    price: has input, output, write_5m, write_1h and read, each a Decimal, in US
        dollars per million tokens; it's the right one for this prompt's length
    batch: whether the call was part of a batch, which halves every class
    6 minutes, 6 points.

    >>> price = find_model(MODEL).price_for(total_input(first))
    >>> cost(second, price) < cost(first, price)  # read instead of written
    True
    """
    ### BEGIN SOLUTION
    written = usage.cache_creation
    millionths = usage.input_tokens * price.input + usage.output_tokens * price.output
    millionths += (usage.cache_read_input_tokens or 0) * price.read
    if written:
        millionths += written.ephemeral_5m_input_tokens * price.write_5m
        millionths += written.ephemeral_1h_input_tokens * price.write_1h
    dollars = millionths / 1_000_000
    return dollars / 2 if batch else dollars
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_cost", "grade": true}
check("cost")

# %% [markdown]
# **Think it over.** Your program adds up `cost` for every reply that it got. At the end of the month the bill is a little higher. What's missing?
#
# <details><summary>One answer</summary>
# The replies that it didn't get to the end: streams that were closed early, and calls that timed out on your side while the model went on.
# Expect to pay for whatever had been generated by then.
# </details>

# %% [markdown]
# ## Each turn pays for the whole history
#
# You saw in lesson 02 that each call sends the whole history. Now with money.

# %%
predict("sixteen-questions")

# %%
price = find_model(MODEL).price_for(10_000)
talk, total = [], 0
print(f"{'questions':>9}{'last call':>12}{'all calls':>12}{'dollars':>10}")
for number in range(1, 17):
    talk.append({"role": "user", "content": f"Question {number}. " + "Why is that so? " * 10})
    tokens = client.messages.count_tokens(model=MODEL, messages=talk).input_tokens
    total += tokens
    if number in (1, 2, 4, 8, 16):
        dollars = total * price.input / 1_000_000
        print(f"{number:9}{tokens:12,}{total:12,}{dollars:10.4f}")
    talk.append({"role": "assistant", "content": "Because of what came before. " * 10})

# %% [markdown]
# Twice the questions, about four times the tokens: the sum grows with the *square* of the length.
# A cache makes the repeated part cheaper. A budget keeps it from growing: what doesn't fit is cut off at the beginning.
#
# Where may you cut? As in lesson 02, between two exchanges: before a user message that has no `tool_result` in it.
# And as there, the messages that stay lose their thinking: newer models refuse it when a message before it is missing.
# And how far? Here are the counts when you cut more and more:

# %%
request = {"model": MODEL, "max_tokens": 1000, "messages": talk[:-1]}
for exchanges in (0, 4, 8, 12, 15):
    shorter = {**request, "messages": request["messages"][2 * exchanges :]}
    counted = client.messages.count_tokens(model=MODEL, messages=shorter["messages"])
    print(f"{exchanges:3} exchanges cut off: {counted.input_tokens:6,} tokens")

# %% [markdown]
# Each count is a request, and the API limits how many you may send a minute. So don't try all the places one after another.
# Search like in a phone book: try the middle one first, and whether it fits or not, half of the places are settled. (That's a binary search.) Count what you'd return.
#
# **Exercise · `trim_to_budget` · 15 minutes · 8 points**
#
# Keep what fits, in a form that newer models accept, and find it with few counts. You may call `count_request`.


# %% nbgrader={"grade_id": "trim_to_budget", "solution": true}
def trim_to_budget(client, request: dict, budget: int) -> dict:
    """Return a request with as many of its newest exchanges as fit a budget.

    request: for client.messages.create(**request); don't change it.
        Its messages begin with an exchange. An exchange begins with a user
        message that has no tool_result block in it. Content is a str, or a list
        of blocks: dicts, or SDK objects.
    budget: how many input tokens the whole request may have
    If you cut something off, remove the thinking and redacted_thinking blocks
    from the messages that stay, and then the messages that have no blocks left.
    If everything fits, return all messages as they are. Keep the rest of the
    request. For up to 200 exchanges, ask the API for at most 10 counts.
    Raises ValueError if not even the newest exchange fits. Let errors of the
    API pass through, without another try.
    15 minutes, 8 points.

    >>> shorter = trim_to_budget(client, request, 500)
    >>> count_request(client, shorter) <= 500
    True
    """

    ### BEGIN SOLUTION
    def type_of(block):
        return block["type"] if isinstance(block, dict) else block.type

    def begins_exchange(message):
        content = message["content"]
        if message["role"] != "user" or isinstance(content, str):
            return message["role"] == "user"
        return all(type_of(block) != "tool_result" for block in content)

    def cut_at(start):
        kept = []
        for message in messages[start:]:
            content = message["content"]
            if isinstance(content, list):
                thoughts = ("thinking", "redacted_thinking")
                content = [block for block in content if type_of(block) not in thoughts]
            if content:
                kept.append({**message, "content": content})
        return {**request, "messages": kept}

    messages = request["messages"]
    if count_request(client, request) <= budget:
        return {**request}
    starts = [place for place, message in enumerate(messages) if begins_exchange(message)]
    low, high = 1, len(starts)
    while low < high:
        middle = (low + high) // 2
        if count_request(client, cut_at(starts[middle])) <= budget:
            high = middle
        else:
            low = middle + 1
    if low == len(starts):
        raise ValueError(f"the newest exchange alone is longer than {budget} tokens")
    return cut_at(starts[low])
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_trim_to_budget", "grade": true}
check("trim_to_budget")

# %% [markdown]
# **Think it over.** With a budget, each call cuts off one more exchange. Lesson 07 will show that a cache finds a prompt again only by its unchanged beginning.
# How do the two get along?
#
# <details><summary>One answer</summary>
# Badly: each cut changes the beginning, so you pay in full for everything after it.
# Cut rarely, but a lot: down to half of the budget, say, whenever you reach it.
# On models with preserved thinking a cut costs more than that: lesson 02 shows the 400, and what may be kept.
# </details>

# %% [markdown]
# ## Which model for what
#
# This course runs on an older model, so that nothing surprises you. What would you take for new work?
# Here is what Anthropic says of the models that it listed in the second half of 2026:

# %%
for card in load_catalog().models:
    if card.good_for:
        price, age = card.price_for(2_000), "legacy" if card.legacy else "current"
        print(f"{card.display_name} · {age} · {card.latency}", end=" · ")
        print(f"{price.input} in, {price.output} out\n    {card.good_for}")

# %% [markdown]
# *Legacy* means that a newer model of the same line is out. A legacy model still answers, and is the next to be deprecated, then retired.
# Fable 5.2 is newer than that list, so Anthropic has said nothing of the kind about it yet.
#
# There are two ways to start, and both end in a test.
# Take a small, fast model, and move up where it fails. Or take the most capable one, and move down as long as the results hold.
# Before you change the model, try its `effort` (lesson 04): it moves quality, speed and cost within one model.
#
# ## A price has a date
#
# A one-page guide to this API had a table of models, without a date. Here are its numbers, as they stood there: the window, and the prices for input and output.

# %%
GUIDE = {
    "claude-opus-4-7": (200_000, "15", "75"),
    "claude-sonnet-4-6": (200_000, "3", "15"),
    "claude-haiku-4-5-20251001": (200_000, "0.80", "4"),
}
show(GUIDE)

# %%
predict("guide-right")

# %%
for name, (window, dollars_in, dollars_out) in GUIDE.items():
    card = find_model(name)
    price = card.price_for(2_000)
    print(name)
    print(f"  the guide    {window:9,} tokens  {dollars_in:>5} in  {dollars_out:>5} out")
    print(f"  the catalog  {card.context_window:9,} tokens", end="")
    print(f"  {price.input:>5} in  {price.output:>5} out")

# %% [markdown]
# Three. The windows of two models are five times as large as the guide says.
# The prices of two models are those of older models, which have retired since.
#
# Nothing tells you when a number in your code goes stale. Keep prices and limits in one place, each row with its date and source, and let a test say when to look again:

# %%
catalog = load_catalog()
print(f"{'model':27}{'lifecycle':11}{'retires':11}retires not before")
for name in ("claude-sonnet-4-5", *GUIDE, "claude-sonnet-5-5"):
    card = catalog.find(name)
    first_day = card.retires_not_before or "-"
    print(f"{card.id:27}{card.lifecycle:11}{card.retires or '-'!s:11}{first_day}")

print()
for day in (date(2026, 12, 1), date(2027, 6, 1)):
    stale = catalog.stale_models(day, max_days=120)
    print(f"Rows older than 120 days on {day}: {len(stale)} of {len(catalog.models)}")

# %% [markdown]
# `retires_not_before` is a promise. `retires` is the day on which a *deprecated* model stops answering: it works until then, and from that day on it's a 404.
#
# **Exercise · `pick_model` · 6 minutes · 6 points**
#
# Of the models that passed your tests, choose the cheapest that will do.


# %% nbgrader={"grade_id": "pick_model", "solution": true}
def pick_model(needs: dict, catalog, today) -> str:
    """Return the id of the model that will do and costs least for a call.

    needs: a dict with models (the ids to choose from, all in the catalog; the
        list may be empty), input_tokens (the length of the prompt) and
        max_tokens (the longest reply); you pay for both in full
    catalog: its models are cards with id, retires (a date or None),
        context_window, max_output and price_for(input_tokens), which has input
        and output in US dollars per million tokens
    today: a date
    A model will do if it hasn't retired by then (it may be deprecated), if
    prompt and reply together fit its window, and if the reply fits max_output.
    Nothing is cached. If two cost the same, either is right.
    Raises ValueError if none will do.
    6 minutes, 6 points.

    >>> needs = {"models": ["claude-sonnet-4-6", "claude-sonnet-5-5"],
    ...          "input_tokens": 50_000, "max_tokens": 2_000}
    >>> pick_model(needs, load_catalog(), date(2026, 11, 23))
    'claude-sonnet-5-5'
    """

    ### BEGIN SOLUTION
    def will_do(card):
        lives = card.retires is None or today < card.retires
        both = needs["input_tokens"] + needs["max_tokens"]
        has_room = both <= card.context_window and needs["max_tokens"] <= card.max_output
        return card.id in needs["models"] and lives and has_room

    def call_cost(card):
        price = card.price_for(needs["input_tokens"])
        return needs["input_tokens"] * price.input + needs["max_tokens"] * price.output

    cards = [card for card in catalog.models if will_do(card)]
    if not cards:
        raise ValueError("no model of the catalog will do")
    return min(cards, key=call_cost).id
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_pick_model", "grade": true}
check("pick_model")

# %% [markdown]
# **Think it over.** In the docstring's example the newer model is the cheaper one by a third. Your prompt was counted on the older one. Is it still cheaper?
#
# <details><summary>One answer</summary>
# The newer model's tokenizer makes more tokens of the same text, in English about 30 % more in 2026.
# Two thirds of the price, times 1.3, is 0.87: still cheaper, but by far less. Count for each model before you compare.
# </details>

# %% [markdown]
# ## Choose by measuring
#
# A catalog knows limits, dates and prices. It can't know whether a model is good enough for *your* task.
# So write down some cases with known answers, let each model answer them, and add up what the replies cost.
#
# `trial()` gives you four tickets to sort, three models, and a client.
# The replies are made up: they say nothing about the real models. The prices and the counting are real.

# %%
test = trial()
for case in test.cases:
    print(case["prompt"].splitlines()[-1], "->", case["expected"])

# %%
predict("which-model")

# %%
print(f"{'':18}{'passed':>7}{'tokens in':>11}{'out':>7}{'dollars':>11}")
for card in test.cards:
    passed, into, out, dollars = 0, 0, 0, Decimal(0)
    for case in test.cases:
        messages = [{"role": "user", "content": case["prompt"]}]
        reply = test.client.messages.create(model=card.id, max_tokens=1000, messages=messages)
        text = "".join(block.text for block in reply.content if block.type == "text")
        passed += text == case["expected"]
        into += reply.usage.input_tokens
        out += reply.usage.output_tokens
        dollars += card.cost_of(reply.usage.to_dict())
    print(f"{card.id:18}{passed:7}{into:11,}{out:7,}{dollars:11.6f}")

# %% [markdown]
# The one with the highest price. The first model fails a case, and a wrong answer isn't cheap.
# The second one has the lower price per token, but here it thinks so long that the third one costs less.
# You can't read that off a price list; only the usage of real replies says it.
#
# With your own cases, take at least a few dozen, from real traffic, with the hard ones among them. Send them as a batch, and keep them: the next model is coming.
#
# **Exercise · `cheapest_that_passes` · 10 minutes · 6 points**
#
# Let every model answer the cases, and choose one.


# %% nbgrader={"grade_id": "cheapest_that_passes", "solution": true}
def cheapest_that_passes(client, cases: list[dict], cards: list, passes) -> str:
    """Return the id of the model that passes every case and whose replies cost least.

    cases: at least one dict, with prompt, a str, and other keys for passes
    cards: model cards, each with id and price_for(input_tokens), which has input
        and output in US dollars per million tokens; there may be none
    passes: a function of two arguments; call it with all the text of a reply, a
        str, and its case. It returns True if the reply is good enough.
    Send each prompt to a model once, as its only message, with max_tokens=1000.
    Once a model fails a case, it needs no more. Nothing is cached. If two cost
    the same, either is right. You may call cost and total_input.
    Raises ValueError if no model passes. Let API errors pass through.
    10 minutes, 6 points.

    >>> cheapest_that_passes(test.client, test.cases, test.cards,
    ...                      lambda text, case: text == case["expected"])
    'claude-opus-5-5'
    """
    ### BEGIN SOLUTION
    costs = {}
    for card in cards:
        dollars = Decimal(0)
        for case in cases:
            messages = [{"role": "user", "content": case["prompt"]}]
            reply = client.messages.create(model=card.id, max_tokens=1000, messages=messages)
            text = "".join(block.text for block in reply.content if block.type == "text")
            if not passes(text, case):
                break
            dollars += cost(reply.usage, card.price_for(total_input(reply.usage)))
        else:
            costs[card.id] = dollars
    if not costs:
        raise ValueError("no model passes every case")
    return min(costs, key=costs.get)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_cheapest_that_passes", "grade": true}
check("cheapest_that_passes")

# %% [markdown]
# **Think it over.** Replies vary: a model that passes today may fail the same case tomorrow. What does that mean for "passes every case"?
#
# <details><summary>One answer</summary>
# With few cases, chance decides: one lucky run and the weak model gets the job.
# Use more cases, or send each one several times, and ask for a share that you can live with, such as 98 of 100.
# And decide what a failure costs you: a ticket in the wrong queue is one thing, a wrong refund is another.
# </details>

# %% [markdown]
# ## All of it at once
#
# This calculator puts the lesson together: classes, prices with their date, a batch, the models side by side.

# %%
predict("dearest-part")

# %%
CostCalculator(caching="off")

# %% [markdown]
# What you send. The price of output is five times that of input, and still the prompt costs more, because it's so much longer and you send all of it with every call.
# Under "Caching" choose "5 minutes" and look again: that's lesson 07.
#
# **In your own code.** Search it for `tiktoken`, for `len(text) / 4`, for `prompt_tokens`, and for prices.

# %%
calibration()

# %% [markdown]
# ## In short
#
# Ask the API for the count of a long request, for the model that gets it, before you send it.
# Input and `max_tokens` together fit the window, and `max_tokens` alone fits the output limit.
# Log what each reply costs: four classes of tokens, and prices from one table with a date.
# Choose a model by a test of your own: of those that pass, take the one whose replies cost least.
# What can wait goes into a batch.
#
# | Task | Chat Completions | Responses | Messages |
# |---|---|---|---|
# | Count before you send | `tiktoken`, on your machine | `client.responses.input_tokens.count(…)` | `client.messages.count_tokens(…)` |
# | Limit the reply | `max_completion_tokens` | `max_output_tokens` | `max_tokens`, required |
# | Read the input | `usage.prompt_tokens`, cached ones included | `usage.input_tokens`, cached ones included | `input_tokens + cache_creation_input_tokens + cache_read_input_tokens` |
# | Read what came from the cache | `prompt_tokens_details.cached_tokens` | `input_tokens_details.cached_tokens` | `cache_read_input_tokens` |
# | Read the output | `usage.completion_tokens` | `usage.output_tokens` | `usage.output_tokens` |
# | Know that the window was full | `finish_reason: "length"` | `incomplete_details.reason` | `stop_reason: "model_context_window_exceeded"` |
#
# *Reference:* [Token counting](https://platform.claude.com/docs/en/build-with-claude/token-counting) · [Pricing](https://platform.claude.com/docs/en/about-claude/pricing) · [Models overview](https://platform.claude.com/docs/en/models/overview) · [Choosing a model](https://platform.claude.com/docs/en/about-claude/models/choosing-a-model) · [Deprecations](https://platform.claude.com/docs/en/about-claude/model-deprecations).
# *Next:* [07 · Prompt caching](../07_prompt_caching/07_prompt_caching.ipynb), where you pay for a long prompt once.

# %%
progress()
