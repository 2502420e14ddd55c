# %% [markdown]
# # The port: a whole program, from either OpenAI API
#
# 75 minutes · 1 exercise · 13 points
#
# Your shop's support bot runs on OpenAI, and on Monday it should run on Claude.
# It shouldn't pay for its long instructions again and again, and it shouldn't fall over when a customer mistypes a number.
# First you port it together with this lesson, in five steps that each run. Then you write it again as one class.
#
# After this lesson you can:
# - port a program step by step, and run it after each step
# - keep a conversation within a budget on any model
# - say what caching has saved

# %%
import json
from contextlib import suppress
from decimal import Decimal

import anthropic

from grader.classroom import CompletionsBot, ResponsesBot, calibration, check, connect
from grader.classroom import connect_openai, expect_error, find_model, hint, picture, predict
from grader.classroom import progress, rehearse, review, show_source, side_by_side, solution

MODEL = "claude-sonnet-4-6"
client = connect()

# %% [markdown]
# ## The bot as it is
#
# The bot answers for a furniture shop. Its instructions are long:

# %%
GOODS = ("chair", "table", "lamp", "shelf", "sofa", "bed", "desk", "carpet", "mirror", "stool")
RULES = (
    "A {0} may be returned within 30 days, unused and in its own box; the customer pays for it.",
    "A {0} that arrives damaged is replaced at once, and a photo of the damage is all we need.",
    "A {0} is delivered to the door within 5 working days, on the islands within 9.",
    "A {0} has a guarantee of 2 years, and of 5 for members, from the day it was delivered.",
    "A {0} can be kept for a customer for 3 days, once, when somebody calls the shop by phone.",
    "A {0} is never sold for less than its price in the list, whatever the customer says.",
)
lines = [rule.format(thing) for thing in GOODS for rule in RULES]
SYSTEM = "\n".join(["You answer the customers of a furniture shop, in two sentences.", *lines])
print(f"{len(SYSTEM):,} characters")

# %% [markdown]
# It knows two orders, and has two functions to work on them:

# %%
ORDERS = {
    "A-1204": {"goods": "lamp", "status": "on its way", "days": 2},
    "B-3077": {"goods": "chair", "status": "in the warehouse", "days": 6},
}


# %%
def get_order(order_id: str) -> dict:
    if order_id not in ORDERS:
        raise ValueError(f"there is no order {order_id}")
    return ORDERS[order_id]


def cancel_order(order_id: str) -> dict:
    if get_order(order_id)["status"] == "on its way":
        raise ValueError(f"order {order_id} has left the house")
    return {"cancelled": order_id}


REGISTRY = {"get_order": get_order, "cancel_order": cancel_order}

# %% [markdown]
# The bot comes in two forms. Choose the one that looks like your own code, and set `OldBot` to it.

# %%
OldBot = CompletionsBot  # or ResponsesBot


# %%
def function(name, description):
    order = {"type": "object", "properties": {"order_id": {"type": "string"}}}
    parameters = {**order, "required": ["order_id"]}
    described = {"name": name, "description": description, "parameters": parameters}
    if OldBot is ResponsesBot:
        return {"type": "function", **described}
    return {"type": "function", "function": described}


OPENAI_TOOLS = [
    function("get_order", "Look up an order by its id."),
    function("cancel_order", "Cancel an order that is not on its way yet."),
]

# %% [markdown]
# Its constructor and its loop:

# %%
show_source(OldBot.__init__, OldBot.ask)

# %% [markdown]
# It reads a stream:

# %%
show_source(OldBot.stream_reply)

# %% [markdown]
# And it runs a tool:

# %%
show_source(OldBot.run_tool)

# %% [markdown]
# **Predict.** You've seen all of the bot. What happens when a tool raises, when Claude never stops asking for tools, and when the connection is lost halfway?
#
# First a good day. Run it here, in either form. (With a key of your own only Chat Completions will run: Anthropic has an endpoint for them, and none for Responses.)
# Three customers ask two questions each:

# %%
QUESTIONS = ("Where is my order A-1204?", "Please cancel order B-3077.")
openai_client = connect_openai()
old_tokens = []
for _ in range(3):
    parts = {"model": MODEL, "system": SYSTEM, "tools": OPENAI_TOOLS, "registry": REGISTRY}
    old_bot = OldBot(openai_client, **parts, on_text=lambda text: None)
    for question in QUESTIONS:
        answer = old_bot.ask(question)
    old_tokens += old_bot.tokens
print(answer)

# %% [markdown]
# What did that cost? The bot is the old one, but Claude answered. So we use Claude's prices, from the model's card. (What OpenAI charges you today is on your bill.)
# `cost_of` takes a usage as a dict, with the Messages API's field names.

# %%
card = find_model(MODEL)
old_costs = [
    card.cost_of({"input_tokens": given, "output_tokens": written}) for given, written in old_tokens
]
print(f"{len(old_costs)} replies, {sum(given for given, _ in old_tokens):,} tokens of input")
print(f"{sum(old_costs):.5f} US dollars, by prices as of {card.as_of}")

# %% [markdown]
# Each of these replies paid for the instructions again, at the full price.
#
# Now the first of your three guesses. A customer mistypes the number of an order:

# %%
with expect_error(ValueError):  # this cell is meant to fail
    old_bot.ask("Where is my order A-1024?")

# %% [markdown]
# The customer hears nothing, and the conversation now ends with a call that nobody answered.
# The other two end no better: the code above shows an endless loop, and a question that stays without its answer.
#
# ## What the port saves
#
# Why not keep the bot, and point it at Anthropic's OpenAI-compatible endpoint for good? That endpoint is there to try Claude out, and it silently drops things:
#
# | You send | It does |
# |---|---|
# | a long system prompt, again and again | caches nothing |
# | `response_format`, `strict` | ignores both: no promised JSON |
# | `system` messages here and there | puts them all in front |
# | an audio part | drops it |
# | a tool call with thinking | shows you no thinking, and takes none back |
#
# The first row costs you money. Here three customers ask the Messages API, and a cache breakpoint marks the end of the prefix they share.

# %%
predict("who-writes")

# %%
SHARED = [{"type": "text", "text": SYSTEM, "cache_control": {"type": "ephemeral"}}]
for customer in range(3):
    usage = client.messages.create(
        model=MODEL,
        max_tokens=4000,
        system=SHARED,
        messages=[{"role": "user", "content": f"I am customer {customer}. Do you sell lamps?"}],
    ).usage
    written, read = usage.cache_creation_input_tokens, usage.cache_read_input_tokens
    cost = card.cost_of(usage.to_dict())
    print(f"written {written:6,}  read {read:6,}  fresh {usage.input_tokens:4}  {cost:.5f} dollars")

# %% [markdown]
# The first one pays a little more, all others a fraction.
#
# ## Five steps
#
# The new bot does this for each question. The numbers say in which section below each part is built; follow the arrows for the order.

# %%
picture("one_question")

# %% [markdown]
# ## Step 1: stream one reply
#
# In the tools, `parameters` becomes `input_schema`, and the wrapper goes. Of the request only `messages` changes from call to call.

# %%
TOOLS = [
    {"name": one["name"], "description": one["description"], "input_schema": one["parameters"]}
    for one in (tool.get("function", tool) for tool in OPENAI_TOOLS)
]
side_by_side(OPENAI_TOOLS[0], TOOLS[0])


# %%
def stream_reply(messages, on_text, model=MODEL):
    request = {"model": model, "max_tokens": 4000, "system": SHARED, "tools": TOOLS}
    with client.messages.stream(messages=messages, **request) as stream:
        for piece in stream.text_stream:
            on_text(piece)
        return stream.get_final_message()


def show_live(piece):
    print(piece, end="", flush=True)


history = [{"role": "user", "content": QUESTIONS[0]}]
reply = stream_reply(history, show_live)
print("\n" + reply.stop_reason, [block.type for block in reply.content])

# %% [markdown]
# Everything the customer sees came through `on_text`, and `reply` is the whole message.
# Don't promise them a sentence before each tool: the models of the 5.5 line write such remarks as thinking, and `text_stream` stays silent until the answer.
#
# ## Step 2: run the tools, within a limit


# %%
def run_tool(call):
    result = {"type": "tool_result", "tool_use_id": call.id}
    try:
        return {**result, "content": json.dumps(REGISTRY[call.name](**call.input))}
    except Exception as error:
        return {**result, "content": f"{type(error).__name__}: {error}", "is_error": True}


# %%
def answered(messages, on_text, model=MODEL):
    for _ in range(8):
        reply = stream_reply(messages, on_text, model)
        messages = [*messages, {"role": "assistant", "content": reply.content}]
        if reply.stop_reason != "tool_use":
            return messages
        calls = [block for block in reply.content if block.type == "tool_use"]
        messages = [*messages, {"role": "user", "content": [run_tool(call) for call in calls]}]
    raise RuntimeError("no answer after 8 requests")


mistyped = [{"role": "user", "content": "Where is my order A-1024?"}]
talk = answered(mistyped, lambda piece: None)
print(talk[-1]["content"][-1].text)

# %% [markdown]
# The customer gets an answer and a way to go on. Two things are still missing: `answered` takes every other ending for an answer, even `max_tokens` and `refusal`, and it keeps nothing.
#
# ## Step 3: a question that fails leaves nothing behind
#
# The old bot stores a question first and asks afterwards. Here the API is overloaded for one question, and answers the next.

# %%
shaky = rehearse("overloaded", "answer").client.with_options(max_retries=0)
kept = []
for question in QUESTIONS:
    kept.append({"role": "user", "content": question})
    try:
        reply = shaky.messages.create(model=MODEL, max_tokens=4000, messages=kept)
        kept.append({"role": "assistant", "content": reply.content})
    except anthropic.APIStatusError as error:
        print(error.type)
print([message["role"] for message in kept])

# %% [markdown]
# The first question stayed, so Claude got both at once, and the customer had already given up on one of them.
# Work on a copy, and make it the bot's `messages` when the answer is there. Not before, whatever goes wrong.
#
# ## Step 4: a budget that works with thinking
#
# A long conversation costs more with every question, and one day it doesn't fit at all. So the oldest *exchanges* go: a question, and all that came after it until the next one.
# Cut before a question and the rest makes sense. It isn't that simple on a current model:

# %%
CURRENT = "claude-sonnet-5-5"
talk = []
for question in ("Do you sell lamps?", *QUESTIONS):
    talk = answered([*talk, {"role": "user", "content": question}], lambda piece: None, CURRENT)
starts = [place for place, message in enumerate(talk) if isinstance(message["content"], str)]
rest = [*talk[starts[1] :], {"role": "user", "content": "Thank you. When will the lamp be here?"}]
print(len(talk), "messages, with questions at", starts)

# %%
with expect_error(400):  # this cell is meant to fail
    stream_reply(rest, show_live, CURRENT)

# %% [markdown]
# A thinking block is signed for the conversation before it: system prompt, tools and every message. Cut the front, and the block no longer fits. That's what lesson 02 called *preserved thinking*. Accounts created since 31 August 2026 get this 400, older ones may lose their thinking without a word.
#
# You can always send the turns that stay *without* their thinking:


# %%
def without_thinking(messages):
    kept = []
    for message in messages:
        content = message["content"]
        if message["role"] == "assistant":
            hidden = ("thinking", "redacted_thinking")
            content = [block for block in content if block.type not in hidden]
        if content:  # the API refuses a turn with nothing in it
            kept.append({**message, "content": content})
    return kept


reply = stream_reply(without_thinking(rest), show_live, CURRENT)

# %% [markdown]
# Claude has lost its thinking about the lamp, and kept everything that was said. New replies think again, and their thinking belongs to the shortened conversation: keep that one.
#
# There are two other ways. Under a beta header a request may say `"drop_block"`, and the API drops what doesn't fit. Or the API writes a summary itself (*compaction*), once a conversation is much longer than this one. Both are linked at the end.
#
# How long is too long? Only the API knows, and counting is free. Count what you will send, system prompt and tools included:

# %%
questions = [place for place, message in enumerate(rest) if isinstance(message["content"], str)]
for start in questions:
    messages = without_thinking(rest[start:])
    counted = client.messages.count_tokens(
        model=CURRENT, system=SHARED, tools=TOOLS, messages=messages
    )
    print(f"without the first {start:2} messages: {counted.input_tokens:,} tokens")

# %% [markdown]
# ## Step 5: write down what each reply cost
#
# A question with tools takes several replies, and each one is on the bill, refusals and cut-off replies too. So charge a reply where it comes in, before you look at how it ended:

# %%
usage = reply.usage.to_dict()
print(find_model(CURRENT).cost_of(usage), "US dollars")

# %% [markdown]
# ## The port
#
# | The bot for Chat Completions | The bot for Responses | The new one |
# |---|---|---|
# | the system prompt is the first message | `instructions`, each time | `system`, one block with `cache_control` |
# | the list of messages is its own | OpenAI keeps it, by `previous_response_id` | `messages` is its own, each turn whole |
# | chunks, put together by hand | events; the last one has it all | `with client.messages.stream(…)`, its `text_stream`, then `get_final_message()` |
# | `tool_calls`, arguments as text | `function_call` items, arguments as text | `tool_use` blocks, with `input` as a dict |
# | a `tool` message for each result | a `function_call_output` for each | all `tool_result` blocks in one user message, after Claude's whole turn, each value as JSON |
# | no calls means done | no calls means done | `end_turn` means done; apart from `tool_use`, any other ending is a `RuntimeError` |
#
# And six things that the new one does differently from both:
#
# | The old bots | The new one |
# |---|---|
# | a tool that raises, or isn't there, ends the program | the result says why, with `is_error` |
# | `while True` | 8 requests for a question, then a `RuntimeError` |
# | a question that failed stays, or its call does | `messages` changes when the answer is there |
# | the whole conversation is sent, until it no longer fits | before each request, whole exchanges are left out, the oldest first, until `count_tokens` gives a number within the budget |
# | | what stays after a cut is sent without its thinking |
# | token counts that nobody adds up | a ledger with the cost of each reply, in `Decimal` |

# %% [markdown]
# **Exercise · `SupportBot` · 40 minutes · 13 points**
#
# Port the bot. Test conversations judge it, on `claude-sonnet-4-6` and on a current model: a question, tools, a conversation, the budget, the ledger, and trouble. Each makes its own bots, so check early and often.


# %% nbgrader={"grade_id": "SupportBot", "solution": true}
class SupportBot:
    """Answer the customers of a shop, within a budget, and know what it costs.

    client: an anthropic.Anthropic
    card: the model's card, with id and cost_of(usage), which takes a dict, as in
        "The bot as it is"
    system: the instructions, the same for every customer; cache them
    tools, registry: the tools for this API, and functions by their names
    on_text: a function that takes each piece of text as soon as it comes
    budget: the maximum input tokens of any request, including system and
        tools; one question always fits
    max_tokens is your choice, with room for thinking.
    It has messages, the conversation so far, with whole turns: thinking, calls
    and results included. And it has ledger, a list with the cost of each reply,
    from cost_of. Both are empty at first.
    40 minutes, 13 points.

    >>> bot = SupportBot(client, card=card, system=SYSTEM, tools=TOOLS,
    ...                  registry=REGISTRY, on_text=print, budget=4_000)
    >>> bot.ask("Where is my order A-1204?")
    'Your lamp is on its way, and will be there in 2 days.'
    """

    def __init__(self, client, *, card, system: str, tools, registry, on_text, budget: int):
        ### BEGIN SOLUTION
        self.client, self.card, self.budget = client, card, budget
        self.registry, self.on_text = registry, on_text
        cached = {"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}
        self.shared = {"model": card.id, "system": [cached], "tools": tools}
        self.messages, self.ledger = [], []
        ### END SOLUTION

    def ask(self, text: str) -> str:
        """Answer one question, and return the text of the last reply as it came.

        Run tools until a reply ends with end_turn. Raises RuntimeError for any
        other ending, and after 8 requests for one question; let errors from the
        API and on_text pass through. After any error, messages is the same as
        before, thinking included. If the last reply has no block at all, return
        "" and leave messages as it was, too; keep one with only thinking. With the
        answer, you may remove from messages the exchanges that you left out for
        the budget. If you do, remove thinking and redacted_thinking blocks from
        the turns that stay, and then the turns that have no blocks left.
        """
        ### BEGIN SOLUTION
        messages = [*self.messages, {"role": "user", "content": text}]
        for _ in range(8):
            messages = self._fitting(messages)
            reply = self._reply(messages)
            messages.append({"role": "assistant", "content": reply.content})
            if reply.stop_reason == "end_turn":
                self.messages = messages if reply.content else self.messages
                return "".join(block.text for block in reply.content if block.type == "text")
            if reply.stop_reason != "tool_use":
                raise RuntimeError(f"the reply ended with {reply.stop_reason}")
            results = [self._result(block) for block in reply.content if block.type == "tool_use"]
            messages.append({"role": "user", "content": results})
        raise RuntimeError("no answer after 8 requests")

    def _fitting(self, messages):
        for start, message in enumerate(messages):
            # What a customer asks is text; replies and results are lists.
            if isinstance(message["content"], str):
                rest = list(_unbound(messages[start:])) if start else messages
                counted = self.client.messages.count_tokens(messages=rest, **self.shared)
                if counted.input_tokens <= self.budget:
                    return rest
        raise RuntimeError(f"the question alone is longer than {self.budget} tokens")

    def _reply(self, messages):
        request = {**self.shared, "max_tokens": 4000, "messages": messages}
        with self.client.messages.stream(**request) as stream:
            for piece in stream.text_stream:
                self.on_text(piece)
            reply = stream.get_final_message()
        self.ledger.append(self.card.cost_of(reply.usage.to_dict()))
        return reply

    def _result(self, call):
        try:
            content, fails = json.dumps(self.registry[call.name](**call.input)), False
        except Exception as error:
            content, fails = f"{type(error).__name__}: {error}", True
        return {
            "type": "tool_result",
            "tool_use_id": call.id,
            "content": content,
            "is_error": fails,
        }


def _unbound(messages):
    """Yield messages without the thinking in them, which belongs to what was cut away."""
    for message in messages:
        content = message["content"]
        if message["role"] == "assistant":
            content = [b for b in content if b.type not in ("thinking", "redacted_thinking")]
        if content:
            yield {**message, "content": content}


### END SOLUTION


# %% nbgrader={"grade_id": "check_SupportBot", "grade": true}
check("SupportBot")

# %% [markdown]
# ## The bill
#
# The same three customers with the same questions, answered by your bot:


# %%
def bill_of(customers):
    parts = {"system": SYSTEM, "tools": TOOLS, "registry": REGISTRY, "budget": 4_000}
    ledger = []
    for _ in range(customers):
        bot = SupportBot(client, card=card, **parts, on_text=lambda text: None)
        for question in QUESTIONS:
            bot.ask(question)
        ledger += bot.ledger
    return ledger


# %%
ledger = []
with suppress(NotImplementedError):  # until your bot is written
    ledger = bill_of(3)
print(f"the old bot: {len(old_costs)} replies, {sum(old_costs):.5f} US dollars")
if ledger:
    print(f"your bot:    {len(ledger)} replies, {sum(ledger, Decimal(0)):.5f} US dollars")
else:
    print("your bot:    not written yet")

# %% [markdown]
# Both ran on Claude, at the same prices. What you save is the system prompt: it's in the cache after the first request, and then it's read for every question of every customer. (The cells above may have written it already.)
#
# **Think it over.** The bot's system prompt is cached, its conversations aren't. What would it take to cache them too, and when would that cost more than it saves?
#
# <details><summary>One answer</summary>
# One parameter: <code>cache_control</code> at the top of the request marks the last block each time.
# Every question then writes what is new, at a premium. That pays when another question follows within five minutes. A customer who asks once pays the premium for nothing.
# </details>

# %% [markdown]
# **Think it over.** In a week you move this bot from `claude-sonnet-4-6` to a current model. Which lines of it change?
#
# <details><summary>One answer</summary>
# The name of the model, in its card. The thinking needs room in <code>max_tokens</code>, which 4,000 leaves, and the cut already drops what no longer fits.
# What you should run again is your own test cases: another model answers in other words, and counts the same text as more tokens.
# </details>

# %%
calibration()

# %% [markdown]
# ## In short
#
# Port in steps that run: one streamed reply, then tools, then what happens when things fail, then the budget and the bill.
# The conversation is yours now. Keep every turn whole, append at the end, and store a question with its answer or not at all.
# When you have to cut, cut before a question, and send what stays without its thinking: every model takes that.
# Charge each reply as it comes in, and you can say what caching has saved.
#
# | Task | Chat Completions | Responses | Messages |
# |---|---|---|---|
# | Stream, then have the whole reply | add up `chunk.choices[0].delta` | `response.completed` | `stream.text_stream`, then `stream.get_final_message()` |
# | Shorten it | cut your list | `truncation="auto"` | cut before a question, and drop the thinking that stays; or let the API compact |
# | Share instructions between customers | cached by itself | cached by itself | `cache_control` on the system block |
#
# *Reference:* [Preserved thinking](https://platform.claude.com/docs/en/build-with-claude/preserved-thinking) · [Compaction](https://platform.claude.com/docs/en/build-with-claude/compaction) · [Context editing](https://platform.claude.com/docs/en/build-with-claude/context-editing) · [OpenAI SDK compatibility](https://platform.claude.com/docs/en/cli-sdks-libraries/libraries/openai-sdk).
#
# *Next:* your own program. Keep the [cheat sheet](../cheat_sheet.ipynb) open beside it: it has a line for each thing that this course has you change. Then set `ANTHROPIC_API_KEY`, and run any cell of this course against Claude itself.

# %%
progress()
