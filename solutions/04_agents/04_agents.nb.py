# %% [markdown]
# # Agents: tools that fail, run in parallel, return structure
#
# 50 minutes · 4 exercises · 31 points
#
# A loop that works in a demo meets its first timeout, its first refusal and its first half-written reply in production.
# In this lesson you make one that comes through all of them, and says how it ended.
#
# After it you can:
# - answer several calls in one message
# - turn a failure into a result
# - leave, force or forbid the choice of tools
# - get JSON that fits a strict schema
# - take thinking through a tool loop
# - act on every stop reason in one loop

# %%
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from grader.classroom import check, connect, expect_error, hint, parallel_tools
from grader.classroom import progress, replay, show, side_by_side, solution

MODEL = "claude-sonnet-4-6"
OLDER, NEWER = "claude-sonnet-4-6", "claude-sonnet-5-5"
client = connect()

# %% [markdown]
# ## Two calls in one turn
#
# Here is a tool, and a question that needs it twice.

# %%
WEATHER = {
    "name": "get_weather",
    "description": "Get the weather in a city today.",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"type": "string", "description": "The name of the city"}},
        "required": ["city"],
    },
}
question = {"role": "user", "content": "What is the weather in Paris and in Tokyo?"}

# %% [markdown]
# **Predict.** Will Claude ask twice in one reply, or once, and again after the first answer?

# %%
reply = client.messages.create(model=MODEL, max_tokens=2000, tools=[WEATHER], messages=[question])
print(reply.stop_reason, [block.type for block in reply.content])
calls = [block for block in reply.content if block.type == "tool_use"]
for call in calls:
    print(call.name, call.input)

# %% [markdown]
# Both at once: calls that do not depend on each other can be made together.
# So the tools need not wait for each other either.
# Suppose that there were three of them:

# %%
parallel_tools({"get_weather": 1.2, "get_calendar": 0.8, "search_flights": 2.1})

# %% [markdown]
# A pool of threads runs them together, and its `map` gives the results back in the order of the calls.


# %%
def get_weather(city: str) -> str:
    return f"{city}: 18 degrees, light rain"


def answer(call) -> dict:
    content = get_weather(**call.input)
    return {"type": "tool_result", "tool_use_id": call.id, "content": content}


with ThreadPoolExecutor() as pool:
    results = list(pool.map(answer, calls))
show(results)

# %% [markdown]
# All of them go back in **one** user message.

# %%
turn = {"role": "assistant", "content": reply.content}
back = {"role": "user", "content": results}
final = client.messages.create(
    model=MODEL, max_tokens=2000, tools=[WEATHER], messages=[question, turn, back]
)
print("".join(block.text for block in final.content if block.type == "text"))

# %% [markdown]
# **Predict.** What if one of two calls goes unanswered?

# %%
paris = {"type": "tool_use", "id": "toolu_01", "name": "get_weather", "input": {"city": "Paris"}}
tokyo = {"type": "tool_use", "id": "toolu_02", "name": "get_weather", "input": {"city": "Tokyo"}}
half = {"type": "tool_result", "tool_use_id": "toolu_01", "content": "18 degrees"}
history = [
    question,
    {"role": "assistant", "content": [paris, tokyo]},
    {"role": "user", "content": [half]},
]
with expect_error(400):  # this cell is meant to fail
    client.messages.create(model=MODEL, max_tokens=300, tools=[WEATHER], messages=history)

# %% [markdown]
# Every call wants its answer, also the one that failed. Which brings us to failures.
#
# ## A tool that raises
#
# This tool does not find what it looks for:

# %%
CUSTOMERS = {"cust_123": {"name": "Alice Johnson", "plan": "free"}}


def get_customer(customer_id: str) -> dict:
    return CUSTOMERS[customer_id]


def attempt(customer_id: str) -> dict:
    result = {"type": "tool_result", "tool_use_id": "toolu_03"}
    try:
        content = json.dumps(get_customer(customer_id=customer_id))
        return {**result, "content": content}
    except Exception as error:
        content = f"{type(error).__name__}: {error}"
        return {**result, "content": content, "is_error": True}


# %%
side_by_side(attempt("cust_123"), attempt("cust_999"), titles=("It works", "It fails"))

# %% [markdown]
# The loop goes on, and Claude hears what went wrong. With a good message it tries another way, or asks.

# %%
CUSTOMER = {
    "name": "get_customer",
    "description": "Look up a customer by id.",
    "input_schema": {
        "type": "object",
        "properties": {"customer_id": {"type": "string"}},
        "required": ["customer_id"],
    },
}

# %%
call = {"type": "tool_use", "id": "toolu_03", "name": "get_customer"}
history = [
    {"role": "user", "content": "Which plan does customer cust_999 have?"},
    {"role": "assistant", "content": [{**call, "input": {"customer_id": "cust_999"}}]},
    {"role": "user", "content": [attempt("cust_999")]},
]
told = client.messages.create(model=MODEL, max_tokens=2000, tools=[CUSTOMER], messages=history)
print("".join(block.text for block in told.content if block.type == "text"))

# %% [markdown]
# Some exceptions have no words: `str(TimeoutError())` is empty.
#
# **Predict.** Is an error without content better than none?

# %%
silent = {"type": "tool_result", "tool_use_id": "toolu_03", "content": "", "is_error": True}
history[-1] = {"role": "user", "content": [silent]}
with expect_error(400):  # this cell is meant to fail
    client.messages.create(model=MODEL, max_tokens=300, tools=[CUSTOMER], messages=history)

# %% [markdown]
# **Exercise · `execute_all` · 8 minutes · 7 points**
#
# Run every call of a reply, and return the answers to all of them, whatever happens.


# %% nbgrader={"grade_id": "execute_all", "solution": true}
def execute_all(blocks: list, registry: dict) -> list[dict]:
    """Return a tool_result for each tool_use among some blocks, in order.

    blocks: the content of a reply; other blocks may stand among the calls,
        calls of a server's tools too, which have their results already
    registry: functions by the names of their tools; the input of a call has
        their arguments by name
    A str goes back as it is, anything else as JSON. Whatever goes wrong with a
    call, an unknown tool too, is answered with is_error and with words.
    A reply without calls gives []. What you are given stays as it is.
    8 minutes, 7 points.

    >>> execute_all(reply.content, {"get_weather": get_weather})
    [{'type': 'tool_result', 'tool_use_id': 'toolu_01…', 'content': 'Paris: 18…'},
     {'type': 'tool_result', 'tool_use_id': 'toolu_01…', 'content': 'Tokyo: 18…'}]
    """
    ### BEGIN SOLUTION
    results = []
    for block in blocks:
        if block.type != "tool_use":
            continue
        result = {"type": "tool_result", "tool_use_id": block.id}
        try:
            if block.name not in registry:
                raise LookupError(f"there is no tool {block.name}")
            value = registry[block.name](**block.input)
            result["content"] = value if isinstance(value, str) else json.dumps(value)
        except Exception as error:
            result["content"] = f"{type(error).__name__}: {error}"
            result["is_error"] = True
        results.append(result)
    return results
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_execute_all", "grade": true}
check("execute_all")

# %% [markdown]
# **Think it over.** Your tool timed out after it had charged a card. Should `execute_all` try again by itself?
#
# <details><summary>One answer</summary>
# No. It cannot know whether the first try had its effect; a second one may charge twice.
# Say what happened and let Claude, or a person, decide; or make the tool idempotent, and retry inside it.
# </details>

# %% [markdown]
# ## Which tool, if any
#
# `tool_choice` says whether Claude may, must or must not use a tool.
#
# **Predict.** The prompt below needs no tool at all. Which of the four choices will bring a call?

# %%
for choice in (
    {"type": "auto"},
    {"type": "any"},
    {"type": "tool", "name": "get_customer"},
    {"type": "none"},
):
    reply = client.messages.create(
        model=OLDER,
        max_tokens=300,
        tools=[WEATHER, CUSTOMER],
        tool_choice=choice,
        messages=[{"role": "user", "content": "Say hello in one short sentence."}],
    )
    print(choice["type"], [b.input for b in reply.content if b.type == "tool_use"])

# %% [markdown]
# Forced, Claude makes something up to call a tool with. So force it only where a call is right in any case.
# And newer models do not take it at all:

# %%
with expect_error(400):  # this cell is meant to fail
    client.messages.create(
        model=NEWER,
        max_tokens=300,
        tools=[WEATHER],
        tool_choice={"type": "any"},
        messages=[question],
    )

# %% [markdown]
# There, leave it at `auto` and say in the prompt what you want; for JSON there is a better way, further down.
#
# A second switch keeps Claude from asking for several tools in one turn:

# %%
one_by_one = {"type": "auto", "disable_parallel_tool_use": True}
reply = client.messages.create(
    model=MODEL,
    max_tokens=2000,
    tools=[WEATHER],
    tool_choice=one_by_one,
    messages=[question],
)
print([block.input for block in reply.content if block.type == "tool_use"])

# %% [markdown]
# | OpenAI's `tool_choice` | Here | With `parallel_tool_calls=False` |
# |---|---|---|
# | none given, or `"auto"` | `{"type": "auto"}` | and `"disable_parallel_tool_use": True` |
# | `"required"` | `{"type": "any"}` | the same |
# | `{"type": "function", "function": {"name": …}}` | `{"type": "tool", "name": …}` | the same |
# | `"none"` | `{"type": "none"}` | leave it out: the key is a 400 |
#
# **Exercise · `to_tool_choice` · 5 minutes · 6 points**
#
# Convert OpenAI's choice, and its flag for parallel calls.


# %% nbgrader={"grade_id": "to_tool_choice", "solution": true}
def to_tool_choice(openai_choice, parallel: bool) -> dict:
    """Return the tool_choice for OpenAI's tool_choice and parallel_tool_calls.

    openai_choice: a str, a dict or None, as OpenAI takes it
    parallel: whether several tools may be asked for in one turn
    Raises ValueError for a choice that this API does not have: another word,
    {"type": "allowed_tools", …}, {"type": "custom", …}.
    What you are given stays as it is.
    5 minutes, 6 points.

    >>> to_tool_choice("required", False)
    {'type': 'any', 'disable_parallel_tool_use': True}
    """
    ### BEGIN SOLUTION
    if openai_choice in (None, "auto"):
        choice = {"type": "auto"}
    elif openai_choice == "required":
        choice = {"type": "any"}
    elif openai_choice == "none":
        return {"type": "none"}
    elif isinstance(openai_choice, dict) and openai_choice["type"] == "function":
        choice = {"type": "tool", "name": openai_choice["function"]["name"]}
    else:
        raise ValueError(f"no counterpart to tool_choice {openai_choice!r}")
    if not parallel:
        choice["disable_parallel_tool_use"] = True
    return choice
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_to_tool_choice", "grade": true}
check("to_tool_choice")

# %% [markdown]
# ## JSON that fits a schema
#
# You want data, not prose. OpenAI's `response_format` is `output_config.format` here, and what it promises is the same: JSON that fits your schema.

# %%
REFUND = {
    "type": "object",
    "properties": {
        "order": {"type": "string", "description": "The order's number"},
        "amount": {"type": "string", "description": "The amount as a decimal: 12.50"},
        "reason": {"type": "string", "enum": ["late", "damaged", "other"]},
    },
    "required": ["order", "amount", "reason"],
    "additionalProperties": False,
}

# %%
named = {"name": "refund", "strict": True, "schema": "…"}
side_by_side(
    {"response_format": {"type": "json_schema", "json_schema": named}},
    {"output_config": {"format": {"type": "json_schema", "schema": "…"}}},
)

# %%
letter = "Order A-1204 came damaged. Please refund the amount of 49.90 EUR."
request = {
    "model": MODEL,
    "max_tokens": 2000,
    "messages": [{"role": "user", "content": letter}],
    "output_config": {"format": {"type": "json_schema", "schema": REFUND}},
}
reply = client.messages.create(**request)
words = "".join(block.text for block in reply.content if block.type == "text")
print(json.loads(words))

# %% [markdown]
# It is text that holds JSON; you parse it. The amount is a string, for a number would become a float, and floats do not hold money.
#
# **Predict.** The schema says three things beside the types: `enum`, `required`, `additionalProperties`. Which of them may not be left out?

# %%
opened = {key: REFUND[key] for key in ("type", "properties", "required")}
request["output_config"] = {"format": {"type": "json_schema", "schema": opened}}
with expect_error(400):  # this cell is meant to fail
    client.messages.create(**request)

# %% [markdown]
# `"additionalProperties": False` closes a schema, and may not be left out.
# `required` may be incomplete, and then a key may be missing: name them all.
#
# The same promise holds for the input of a tool, when it is `strict`. Its schema must be closed as well:

# %%
strict_tool = {"name": "book_refund", "strict": True, "input_schema": REFUND}
reply = client.messages.create(
    model=MODEL,
    max_tokens=2000,
    tools=[strict_tool],
    messages=[{"role": "user", "content": f"Book this refund. {letter}"}],
)
print([block.input for block in reply.content if block.type == "tool_use"])

# %% [markdown]
# ## When the JSON is cut off
#
# The promise is for a reply that was finished.
#
# **Predict.** Here are two that were not. What will `json.loads` make of them?

# %%
for scene in ("cut json", "refusal"):
    reply = replay(scene)
    words = "".join(block.text for block in reply.content if block.type == "text")
    print(reply.stop_reason, repr(words))
    try:
        print(json.loads(words))
    except ValueError as error:
        print(type(error).__name__, error)

# %% [markdown]
# The error speaks of a column in a text; the reason was a limit, and a refusal.
# And it is only luck when there is an error: the limit may fall right behind the last brace, and a refused reply may hold anything.
# So look at `stop_reason` first.
#
# **Exercise · `extract_invoice` · 8 minutes · 7 points**
#
# Get the fields of an invoice out of its text.


# %% nbgrader={"grade_id": "extract_invoice", "solution": true}
def extract_invoice(client, text: str) -> dict:
    """Return number, vendor, date, currency and total of an invoice, all as str.

    client: an anthropic.Anthropic
    text: the invoice, as somebody typed or scanned it
    One request, whose output_config.format has a schema that guarantees the
    five keys and no other, with a text for each. What the reply says comes
    back unchanged. Raises ValueError that names the stop reason, unless it is
    end_turn.
    8 minutes, 7 points.

    >>> extract_invoice(client, "Invoice INV-2041 from Acme GmbH, 3 March 2026, …")
    {'number': 'INV-2041', 'vendor': 'Acme GmbH', 'date': '2026-03-03',
     'currency': 'EUR', 'total': '1234.50'}
    """
    ### BEGIN SOLUTION
    names = ["number", "vendor", "date", "currency", "total"]
    schema = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in names},
        "required": names,
        "additionalProperties": False,
    }
    message = client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=1000,
        messages=[{"role": "user", "content": text}],
        output_config={"format": {"type": "json_schema", "schema": schema}},
    )
    if message.stop_reason != "end_turn":
        raise ValueError(f"no invoice: the reply ended with {message.stop_reason}")
    return json.loads("".join(block.text for block in message.content if block.type == "text"))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_extract_invoice", "grade": true}
check("extract_invoice")

# %% [markdown]
# **Think it over.** The schema guarantees five strings. What does it not guarantee?
#
# <details><summary>One answer</summary>
# That they are true. A total may be misread, a date may be the due date, and an invoice without a number gets one made up, because it is required.
# Check what you can (does the sum of the lines match?), and let a field be null where it may be absent.
# </details>

# %% [markdown]
# ## Thinking goes through the loop
#
# A model that thinks puts its thoughts before its calls. They are signed, and belong to the turn.
# Older models are given a budget for it, in tokens, which is part of `max_tokens`.

# %%
request = {
    "model": OLDER,
    "max_tokens": 2000,
    "thinking": {"type": "enabled", "budget_tokens": 1024},
    "tools": [WEATHER],
}
reply = client.messages.create(**request, messages=[question])
back = {"role": "user", "content": [answer(b) for b in reply.content if b.type == "tool_use"]}
print([block.type for block in reply.content])

# %% [markdown]
# **Predict.** One of the next two requests sends all blocks back, the other leaves the thoughts out. What will each of them bring?

# %%
whole = {"role": "assistant", "content": reply.content}
final = client.messages.create(**{**request, "messages": [question, whole, back]})
print(final.stop_reason)

# %%
calls = [block for block in reply.content if block.type == "tool_use"]
stripped = {"role": "assistant", "content": calls}
silent = client.messages.create(**{**request, "messages": [question, stripped, back]})
for message in (final, silent):
    print([block.type for block in message.content])

# %% [markdown]
# Both are taken. But where its thoughts were left out, the model goes on without thinking, and nobody tells you.
# So send back `reply.content`, as it came.
#
# ## A turn that pauses
#
# Some tools run on Anthropic's side, web search for one. You answer none of their calls.
# But a long turn with many of them may come back half-way, with the stop reason `pause_turn`:

# %%
paused = replay("paused")
print(paused.stop_reason, [block.type for block in paused.content])
show(paused.content[-1])

# %% [markdown]
# The last search has no result yet. Send the turn back, as the last message, and the API goes on where it stopped.

# %%
SEARCH = {"type": "web_search_20250305", "name": "web_search"}
history = [
    {"role": "user", "content": "When was Python 1.0 released?"},
    {"role": "assistant", "content": paused.content},
]
resumed = client.messages.create(model=MODEL, max_tokens=2000, tools=[SEARCH], messages=history)
print(resumed.stop_reason)

# %% [markdown]
# **Predict.** And with a friendly "Go on." after it?

# %%
pushed = [*history, {"role": "user", "content": "Go on."}]
with expect_error(400):  # this cell is meant to fail
    client.messages.create(model=MODEL, max_tokens=2000, tools=[SEARCH], messages=pushed)

# %% [markdown]
# Your message ended the turn, and the result can no longer come.
#
# ## One loop for every ending
#
# Here is what each stop reason asks of a loop:
#
# | `stop_reason` | The loop | Its status | The turn |
# |---|---|---|---|
# | `tool_use` | runs the tools, asks again | | is kept |
# | `pause_turn` | asks again | | is kept |
# | `end_turn`, `stop_sequence` | returns | `done` | is kept, unless empty |
# | `max_tokens`, `model_context_window_exceeded` | returns | `max_tokens` | is left out |
# | `refusal` | returns | `refusal` | is left out |
# | `tool_use` or `pause_turn` on the last of `max_turns` requests | runs the tools, then returns | `turn_limit` | is kept, its calls answered |

# %% [markdown]
# Why leave out a turn that was cut off? Look at its last block:

# %%
cut = replay("cut call")
print(cut.stop_reason, [block.input for block in cut.content if block.type == "tool_use"])

# %% [markdown]
# `update_subscription` needs a `plan` too, and you cannot see that it is missing.
# Run it, and you do half of something; keep it, and the next request is a 400, for a call that nobody answered.
#
# **Predict.** This loop copies the caller's messages and counts its turns, but it does not look at `stop_reason`. How does it end?

# %%
request = {"model": MODEL, "max_tokens": 2000, "tools": [WEATHER], "messages": [question]}
messages = list(request["messages"])
with expect_error(400):  # this cell is meant to fail
    for number in range(5):
        reply = client.messages.create(**{**request, "messages": messages})
        print(number, reply.stop_reason)
        calls = [block for block in reply.content if block.type == "tool_use"]
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": [answer(call) for call in calls]})

# %% [markdown]
# After the answer there was no call left, and it sent a message with nothing in it.
#
# **Exercise · `run_agent` · 13 minutes · 11 points**
#
# Write the loop that ends well, whichever way it ends.


# %% nbgrader={"grade_id": "run_agent", "solution": true}
@dataclass(frozen=True)
class AgentResult:
    """Say how a run ended.

    status: done, max_tokens, refusal or turn_limit
    text: all the text of the last reply, joined with nothing between
    messages: the conversation, without a call that nobody answered; after
        turn_limit it can be sent as it is, else another question can follow
    """

    status: str
    text: str
    messages: list


def run_agent(client, request: dict, registry: dict, *, max_turns: int) -> AgentResult:
    """Run a conversation with tools to its end, and say how it ended.

    client: an anthropic.Anthropic
    request: the parameters of messages.create, messages among them; it stays
        as it is
    registry: functions by the names of their tools, as for execute_all
    max_turns: the most requests that may be sent, 1 or more
    The table of this section says what to do for each stop reason.
    13 minutes, 11 points.

    >>> run_agent(client, request, {"get_weather": get_weather}, max_turns=5).status
    'done'
    """
    ### BEGIN SOLUTION
    endings = {
        "end_turn": "done",
        "stop_sequence": "done",
        "max_tokens": "max_tokens",
        "model_context_window_exceeded": "max_tokens",
        "refusal": "refusal",
    }
    messages = list(request["messages"])
    for _ in range(max_turns):
        reply = client.messages.create(**{**request, "messages": messages})
        text = "".join(block.text for block in reply.content if block.type == "text")
        status = endings.get(reply.stop_reason, "")
        if reply.content and status in ("", "done"):
            messages.append({"role": "assistant", "content": reply.content})
        if status:
            return AgentResult(status, text, messages)
        if reply.stop_reason == "tool_use":
            results = execute_all(reply.content, registry)
            messages.append({"role": "user", "content": results})
    return AgentResult("turn_limit", text, messages)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_run_agent", "grade": true}
check("run_agent")

# %% [markdown]
# **Think it over.** A refusal came, and your product manager wants a second try with another model.
# Where does that belong: into `run_agent`, or around it?
#
# <details><summary>One answer</summary>
# Around it. <code>run_agent</code> says <code>refusal</code> and hands the conversation back, without the refused turn.
# The caller can run the same request once more with another <code>model</code>; a loop that retries inside would do it for ever.
# </details>

# %% [markdown]
# **In your own code.** Search it for `parallel_tool_calls`, for `response_format`, and for `while True`.
# Look at each `except` around a tool: does Claude hear of it?
#
# **For your migration checklist:**
# - Every call of a turn is answered in one user message, failures with `is_error` and words.
# - Forced tools are gone where a newer model may run; JSON comes from `output_config.format`, with a closed schema.
# - `stop_reason` is read before the text is parsed, and before a tool is run.
# - Claude's turns go back as they came: thinking, calls, and paused turns with nothing after them.
# - Each run has a limit, and says how it ended.
#
# Next comes lesson 05, where the reply arrives in pieces while Claude still writes.

# %%
progress()
