# %% [markdown]
# # Tokens and cost: count before you send
#
# 45 minutes · 6 exercises · 32 points
#
# A model has room for so many tokens, and you pay for each.
# How many a request has, and what it will cost, you can know before you send it.
#
# After this lesson you can:
# - count a request before you send it
# - tell the context window from the output limit
# - read the four classes of tokens in a usage
# - work out what a call costs, alone and in a batch
# - cut a conversation to a budget in a few counts
# - choose a model from a dated catalog

# %%
from datetime import date
from decimal import Decimal

from grader.classroom import check, connect, expect_error, find_model, hint, load_catalog
from grader.classroom import progress, sample_image, show, solution
from grader.classroom import CostCalculator

MODEL = "claude-sonnet-4-6"
client = connect()

# %% [markdown]
# ## What is counted
#
# For OpenAI's models you may have counted with a library on your own machine.
# Here you ask the API, with the parameters of the real call. No reply is made, and to ask is free.

# %%
question = {"role": "user", "content": "What colour is this square?"}
client.messages.count_tokens(model=MODEL, messages=[question])

# %% [markdown]
# **Predict.** Which will add the most: a system prompt of one sentence, a tool with one property, or a picture of 1000 by 1000 pixels?

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
# A picture counts by its size, whatever is on it.
# The tool is only a few words, but with the first one the API adds instructions on how to use tools.
#
# Would a rule of thumb have done? Take a quarter of the characters, and two generations of models:

# %%
texts = {
    "English": "Please tell me whether the parcel that I sent to Lyon on Monday has arrived.",
    "German": "Bitte sagen Sie mir, ob das Paket nach Lyon vom Montag angekommen ist.",
    "Japanese": "月曜日にリヨンへ送った荷物が届いたかどうか教えてください。",
    "JSON": '{"order_id": "A-20417", "items": [{"sku": "X9", "quantity": 2}]}',
}
print(f"{'':10}{'a quarter':>10}{'sonnet 4.6':>12}{'sonnet 5.5':>12}")
for language, text in texts.items():
    print(f"{language:10}{len(text) // 4:10}", end="")
    for model in ("claude-sonnet-4-6", "claude-sonnet-5-5"):
        messages = [{"role": "user", "content": text}]
        counted = client.messages.count_tokens(model=model, messages=messages)
        print(f"{counted.input_tokens:12}", end="")
    print()

# %% [markdown]
# Some of the tokens are the frame that the API puts around a message.
# And each generation of models has a tokenizer of its own: a count holds for the model that you name.
#
# **Predict.** You have a request ready for `messages.create`. Can `count_tokens` take it as it is?

# %%
with expect_error(TypeError):  # this cell is meant to fail
    client.messages.count_tokens(model=MODEL, max_tokens=300, messages=[question])

# %% [markdown]
# A limit on the reply is no part of the prompt. What is: `messages`, `system`, `tools`, and what brings instructions with it:
# `tool_choice`, `thinking`, and `output_config` with a schema.
#
# Does the bill agree with the count? Collect the parts in a dict, and use it twice:

# %%
parts = {"model": MODEL, "messages": [question], "tools": [weather]}
counted = client.messages.count_tokens(**parts)
message = client.messages.create(max_tokens=1000, **parts)
print(counted.input_tokens, "counted,", message.usage.input_tokens, "billed")

# %% [markdown]
# Against the live API the two may differ by a few: the count is an estimate, the usage is what is billed.
#
# **Exercise · `count_request` · 4 minutes · 5 points**
#
# Count a request that was made for `messages.create`.


# %% nbgrader={"grade_id": "count_request", "solution": true}
def count_request(client, request: dict) -> int:
    """Return the input tokens of a request, as the API counts them.

    request: for client.messages.create(**request); it stays as it is
    Counted are model, messages, system, tools, tool_choice, thinking and
    output_config, those of them that the request has.
    What else is in it, such as max_tokens or metadata, is left out.
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
# Beside it each model has a limit for the reply alone.
#
# ```
# |------------- context window -------------|
# |  input                |  reply           |
# |  system, tools,       |  max_tokens,     |
# |  messages             |  <= max_output   |
# ```

# %%
small = find_model("claude-haiku-4-5")
print(f"{small.context_window:,} tokens in the window, {small.max_output:,} of output at most")
print("as of", small.as_of)

# %% [markdown]
# These numbers come from the course's *catalog* of models, of which the last section tells more.
#
# **Predict.** 250,000 words go to this model. Will it read as many as it can, or refuse?

# %%
with expect_error(400):  # this cell is meant to fail
    client.messages.create(
        model=small.id,
        max_tokens=300,
        messages=[{"role": "user", "content": "word " * 250_000}],
    )

# %% [markdown]
# Nothing is cut for you: a prompt that is too long gets no reply.
# The other limit has an error of its own, however short the question is. (A reply that long would have to be streamed.)

# %%
with expect_error(400):  # this cell is meant to fail
    client.messages.create(model=small.id, max_tokens=100_000, stream=True, messages=[question])

# %% [markdown]
# Between the two lies a case without any error.
# When the input fits, and input and `max_tokens` together do not, the request is taken.
# The reply then ends where the window ends, with the stop reason `model_context_window_exceeded`.
#
# **Exercise · `fits` · 4 minutes · 4 points**
#
# Find out before you send. You may call `count_request`.


# %% nbgrader={"grade_id": "fits", "solution": true}
def fits(client, request: dict, model_card) -> bool:
    """Tell whether a request and the longest reply that it allows fit a model.

    request: for client.messages.create(**request); it may name another model,
        and stays as it is
    model_card: has id, context_window and max_output, the last two in tokens
    The input, counted for the card's model, and max_tokens go into the window
    together, and max_tokens is at most max_output.
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
# To cut off its end in silence is the one thing it should not do.
# </details>

# %% [markdown]
# ## Four classes of tokens
#
# A long prompt that comes again and again can be kept in a *cache*; lesson 07 is about how.
# Here you only read what that does to `usage`.

# %%
RULES = "Answer politely, and name the paragraph that you rely on. " * 150
rules = {"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}


def ask_shop(question):
    messages = [{"role": "user", "content": question}]
    return client.messages.create(model=MODEL, max_tokens=1000, system=[rules], messages=messages)


# %% [markdown]
# **Predict.** The same request is sent twice. Which numbers of its usage will change?

# %%
first = ask_shop("May I return a coat after 20 days?").usage
second = ask_shop("May I return a coat after 20 days?").usage
names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens")
for name in names:
    print(f"{name:28}{getattr(first, name):8,}{getattr(second, name):8,}")

# %% [markdown]
# | Class | Field | |
# |---|---|---|
# | fresh input | `input_tokens` | what no cache was used for |
# | written input | `cache_creation_input_tokens` | kept for the next call |
# | read input | `cache_read_input_tokens` | found again |
# | output | `output_tokens` | the reply, thinking included |
#
# So `input_tokens` is not the length of the prompt. OpenAI's `prompt_tokens` has the cached tokens in it; here each class stands alone.
#
# What is written is written for a lifetime, and `cache_creation` says for which:

# %%
show(first.cache_creation)

# %% [markdown]
# The fields about the cache may be `None`, says the SDK: a server that keeps no cache need not send them.
#
# **Exercise · `total_input` · 3 minutes · 3 points**
#
# How long was the prompt?


# %% nbgrader={"grade_id": "total_input", "solution": true}
def total_input(usage) -> int:
    """Return all input tokens of a call: fresh, written to the cache, read from it.

    usage: an anthropic.types.Usage; what it says of the cache may be None, each
        field by itself, and so may cache_creation where something was written
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
# Prices are in US dollars per *million* tokens. Each model has five: for fresh input, for output, for writing with either lifetime, and for reading.

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
# To read is a tenth of fresh input with some models, and much less with others: there is no rule to remember, only a table.
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
# Prices in the catalog are of the type `Decimal`. Why not floats?
#
# **Predict.** Ten thousand calls at 0.0003 dollars each. Which of the two sums will be 3?

# %%
floats, decimals = 0.0, Decimal(0)
for _ in range(10_000):
    floats += 0.0003
    decimals += Decimal("0.0003")
print(floats)
print(decimals)

# %% [markdown]
# A `Decimal` times a whole number, or divided by a million, is exact. Mixed with a float, it refuses.
#
# And why is it `price_for(…)`, with the length of the prompt? Ask one model at two lengths:

# %%
card = find_model("claude-haiku-5-5")
for tokens in (100_000, 100_001):
    price = card.price_for(tokens)
    dollars = tokens * price.input / 1_000_000
    print(f"{tokens:,} tokens at {price.input} a million: {dollars:.4f}")

# %% [markdown]
# This model has *bands*. One token more, and the whole prompt is charged at the price of the next band; cached tokens count for the length, too.
#
# **Exercise · `cost` · 6 minutes · 6 points**
#
# Charge one call, with all of its classes.


# %% nbgrader={"grade_id": "cost", "solution": true}
def cost(usage, price, *, batch: bool = False) -> Decimal:
    """Return what a call costs, in US dollars, not rounded.

    usage: an anthropic.types.Usage. What was written is in cache_creation, as
        ephemeral_5m_input_tokens and ephemeral_1h_input_tokens. Fields about the
        cache may be None, where there was nothing of the kind.
    price: has input, output, write_5m, write_1h and read, each a Decimal, in US
        dollars per million tokens; it is the one for this length of prompt
    batch: whether the call was part of a batch, which halves every class
    6 minutes, 6 points.

    >>> cost(second, find_model(MODEL).price_for(total_input(second)))
    Decimal('0.0016233')
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
# **Think it over.** Your program adds up `cost` for every reply that it got. At the end of the month the bill is a little higher. What is missing?
#
# <details><summary>One answer</summary>
# The replies that it did not get to the end: streams that were closed early, and calls that timed out on your side while the model went on.
# Reckon with paying for what was written until then.
# </details>

# %% [markdown]
# ## Every turn pays for all before it
#
# A conversation sends its whole history with each call: you saw it in lesson 02. Now with money.
#
# **Predict.** Sixteen turns, all of the same length. Will their input cost twice, three times or four times as much as that of eight?

# %%
price = find_model(MODEL).price_for(10_000)
talk, total = [], 0
print(f"{'turns':>5}{'last call':>12}{'all calls':>12}{'dollars':>10}")
for turn in range(1, 17):
    talk.append({"role": "user", "content": f"Question {turn}. " + "Why is that so? " * 10})
    tokens = client.messages.count_tokens(model=MODEL, messages=talk).input_tokens
    total += tokens
    if turn in (1, 2, 4, 8, 16):
        dollars = total * price.input / 1_000_000
        print(f"{turn:5}{tokens:12,}{total:12,}{dollars:10.4f}")
    talk.append({"role": "assistant", "content": "Because of what came before. " * 10})

# %% [markdown]
# Twice the turns, about four times the tokens: the sum grows with the *square* of the turns.
# A cache makes the repeated part cheaper. A budget puts an end to it: what does not fit is cut off at the beginning.
#
# Where may you cut? As in lesson 02, in front of an *exchange*: a user's message that has no `tool_result` in it, with all that follows.
# And as there, the messages that stay lose their thinking: newer models refuse it once something before it is gone.
# And how far? Here are the counts when more and more turns are cut off:

# %%
request = {"model": MODEL, "max_tokens": 1000, "messages": talk[:-1]}
for turns in (0, 4, 8, 12, 15):
    shorter = {**request, "messages": request["messages"][2 * turns :]}
    counted = client.messages.count_tokens(model=MODEL, messages=shorter["messages"])
    print(f"{turns:3} turns cut off: {counted.input_tokens:6,} tokens")

# %% [markdown]
# Each turn that goes makes it shorter; none makes it longer.
# So you need not try them one after the other. Try the middle: then one half of the places is settled.
#
# **Predict.** A conversation has 200 turns. How many counts do you need to find the first place to cut that fits?
#
# <details><summary>One answer</summary>
# Eight: 200, 100, 50, 25, 13, 7, 4, 2, 1.
# </details>

# %% [markdown]
# **Exercise · `trim_to_budget` · 10 minutes · 8 points**
#
# Keep what fits, in a form that newer models take, and find it in few counts. You may call `count_request`.


# %% nbgrader={"grade_id": "trim_to_budget", "solution": true}
def trim_to_budget(client, request: dict, budget: int) -> dict:
    """Return a request with as many of its newest exchanges as fit a budget.

    request: for client.messages.create(**request); it stays as it is.
        Its messages begin with an exchange. An exchange begins with a user's
        message that has no tool_result block in it. Content is a str, or a list
        of blocks: dicts, or the SDK's objects.
    budget: how many input tokens the whole request may have
    If something is cut off, the messages that stay lose their thinking and
    redacted_thinking blocks, and one of which nothing is left goes too. If all
    of it fits, it stays as it is. The rest of the request does so anyway.
    For up to 200 exchanges the API is asked for at most 10 counts.
    Raises ValueError when not even the newest exchange fits.
    10 minutes, 8 points.

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
# **Think it over.** With a budget, each call cuts off one turn more. Lesson 07 will show that a cache finds a prompt again only by its unchanged beginning.
# How do the two get along?
#
# <details><summary>One answer</summary>
# Badly: each cut changes the beginning, so everything behind it is paid in full again.
# Cut seldom and much: down to half of the budget, say, whenever it is reached.
# </details>

# %% [markdown]
# ## A price has a date
#
# A one-page guide to this API had a table of models, without a date. Here are its numbers, as they stood there.
#
# **Predict.** Three windows, three prices for input, three for output. How many of the nine are right?

# %%
GUIDE = {
    "claude-opus-4-7": (200_000, "15", "75"),
    "claude-sonnet-4-6": (200_000, "3", "15"),
    "claude-haiku-4-5-20251001": (200_000, "0.80", "4"),
}
for name, (window, dollars_in, dollars_out) in GUIDE.items():
    card = find_model(name)
    price = card.price_for(2_000)
    print(name)
    print(f"  the guide    {window:9,} tokens  {dollars_in:>5} in  {dollars_out:>5} out")
    print(f"  the catalog  {card.context_window:9,} tokens", end="")
    print(f"  {price.input:>5} in  {price.output:>5} out")

# %% [markdown]
# Three. The prices of two models are those of their predecessors, which have retired since.
#
# The same guide worked out what a cache saves, for a prompt of 2,000 tokens and 100 calls of Sonnet 4.6.
# It reckoned 2000 times `$0.0003`, which is `$0.06`, for reading, and `$0.067` for all. Check it:

# %%
price = find_model("claude-sonnet-4-6").price_for(2_000)
print("2000 times 0.0003    ", 2_000 * Decimal("0.0003"))
write = 2_000 * price.write_5m / 1_000_000
read = 2_000 * price.read / 1_000_000
print("one write, 99 reads  ", write + 99 * read)
print("100 times fresh input", 100 * 2_000 * price.input / 1_000_000)

# %% [markdown]
# The product is off by ten. To read a *thousand* tokens costs 0.0003, not one, and the 100 calls are missing from the line.
# By the product as it stands, a cache would save nothing; the result that was printed is nearly right, by luck.
#
# A price in code goes stale in silence. Keep prices in one place, each row with its date and source, and let a test say when to look again:

# %%
catalog = load_catalog()
print(f"{'':27}{'lifecycle':11}{'retires':11}not before")
for name in ("claude-sonnet-4-5", *GUIDE, "claude-sonnet-5-5"):
    card = catalog.find(name)
    first_day = card.retires_not_before or "-"
    print(f"{card.id:27}{card.lifecycle:11}{card.retires or '-'!s:11}{first_day}")

print()
for day in (date(2026, 12, 1), date(2027, 6, 1)):
    stale = catalog.stale_models(day, max_days=120)
    print(f"Rows older than 120 days on {day}: {len(stale)} of {len(catalog.models)}")

# %% [markdown]
# `retires_not_before` is a promise. `retires` is the day on which a *deprecated* model stops answering: until then it works, from then on it is a 404.
#
# A catalog knows limits, dates and prices. Whether a model is good enough for your task, only your own tests can tell.
#
# **Exercise · `pick_model` · 6 minutes · 6 points**
#
# Of the models that passed your tests, choose the cheapest that will do.


# %% nbgrader={"grade_id": "pick_model", "solution": true}
def pick_model(needs: dict, catalog, today) -> str:
    """Return the id of the model for which a call costs least, of those that will do.

    needs: models, the ids to choose from, each of them in the catalog; there may
        be none. input_tokens and max_tokens, the length of the prompt and the
        longest reply
    catalog: its models are cards with id, retires (a date or None),
        context_window, max_output and price_for(input_tokens), which has input
        and output in US dollars per million tokens
    today: a date. A model will do that has not retired by then, deprecated or
        not, and that the prompt and the reply fit: both together the window,
        the reply max_output. Nothing is cached. Of two at the same cost either
        is right.
    Raises ValueError when none will do.
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
# ## All of it at once
#
# This calculator puts the lesson together: classes, prices with their date, a batch, the models side by side.
#
# **Predict.** A system prompt of 2,000 tokens, a question of 200, a reply of 300, a hundred times a day. Which of the three costs most?

# %%
CostCalculator(caching="off")

# %% [markdown]
# The price of output is five times that of input, and still the long prompt comes first, for it is sent with every call.
# Choose "Cache 5 minutes" and look again: that is lesson 07.
#
# ## For your own migration
#
# **In your own code.** Search it for `tiktoken`, for `len(text) / 4`, for `prompt_tokens`, and for prices.
#
# **For your migration checklist:**
# - Long requests are counted by the API, for the model that gets them, before they are sent.
# - Input and `max_tokens` together fit the window, and `max_tokens` alone the output limit.
# - The cost of each reply is logged: four classes of tokens, prices from one dated table, in `Decimal`.
# - Conversations have a budget, and are cut at the beginning of a turn.
# - What can wait goes into a batch.
#
# Next comes lesson 07, where a long prompt is paid for once.

# %%
progress()
