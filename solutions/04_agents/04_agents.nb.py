# %% [markdown]
# # Agents: tools that fail, run in parallel, return structure
#
# 75 minutes · 4 exercises · 32 points
#
# Your support bot shines in the demo. In its first week in production a tool times out, Claude asks for three lookups at once, a reply stops in the middle of its JSON, and one request is refused.
# In this lesson you write a loop that survives all of that, and says how it ended.
#
# After this lesson you can:
# - answer several calls in one message
# - turn a failure into a result
# - let Claude choose a tool, make it use one, or forbid all of them
# - get JSON that fits a strict schema
# - take thinking through a tool loop
# - act on every stop reason in one loop

# %%
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ValidationError

from grader.classroom import calibration, check, connect, expect_error, hint, parallel_tools
from grader.classroom import picture, predict, progress, replay, review, show, side_by_side
from grader.classroom import solution

MODEL = "claude-sonnet-4-6"
NEWER = "claude-sonnet-5-5"
client = connect()

# %% [markdown]
# ## Two calls in one turn
#
# Here's a tool, and a question that needs it twice.

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

# %%
predict("two-cities")

# %%
reply = client.messages.create(model=MODEL, max_tokens=2000, tools=[WEATHER], messages=[question])
print(reply.stop_reason, [block.type for block in reply.content])
calls = [block for block in reply.content if block.type == "tool_use"]
for call in calls:
    print(call.name, call.input)

# %% [markdown]
# Both at once: neither call needs the other's answer, so Claude makes them together.
# Your tools don't have to wait for each other either.
# Say there are three of them, and they take this many seconds:

# %%
parallel_tools({"get_weather": 1.2, "get_calendar": 0.8, "search_flights": 2.1})

# %% [markdown]
# Here's the tool, and a function that answers a call with it:

# %%
TODAY = {
    "Paris": "18 degrees, light rain",
    "Tokyo": "24 degrees, clear sky",
    "Rome": "21 degrees, windy",
}


def get_weather(city: str) -> str:
    return f"{city}: {TODAY[city]}"


def answer(call) -> dict:
    content = get_weather(**call.input)
    return {"type": "tool_result", "tool_use_id": call.id, "content": content}


# %% [markdown]
# A pool of threads runs them together, and its `map` returns the results in the order of the calls.

# %%
with ThreadPoolExecutor() as pool:
    results = list(pool.map(answer, calls))
show(results)

# %% [markdown]
# All results go back in **one** user message.

# %%
turn = {"role": "assistant", "content": reply.content}
back = {"role": "user", "content": results}
final = client.messages.create(
    model=MODEL, max_tokens=2000, tools=[WEATHER], messages=[question, turn, back]
)
print("".join(block.text for block in final.content if block.type == "text"))

# %% [markdown]
# Every call needs an answer, even one that failed: leave one out, and the next request is a 400 (lesson 03).
# Which brings us to failures.
#
# ## A tool that raises
#
# This tool doesn't always find what it's looking for:

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
# The loop goes on, and Claude reads what went wrong. What does it tell the customer?

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
    {"role": "user", "content": "Which plan is customer cust_999 on?"},
    {"role": "assistant", "content": [{**call, "input": {"customer_id": "cust_999"}}]},
    {"role": "user", "content": [attempt("cust_999")]},
]
told = client.messages.create(model=MODEL, max_tokens=2000, tools=[CUSTOMER], messages=history)
print("".join(block.text for block in told.content if block.type == "text"))

# %% [markdown]
# Claude can only pass on what it got: does `KeyError: 'cust_999'` mean that the id is wrong, or that your code is? Write error messages for Claude as you'd write them for a colleague:

# %%
clear = {
    "type": "tool_result",
    "tool_use_id": "toolu_03",
    "content": "There is no customer cust_999. The id may be mistyped: ids are cust_ and 3 digits.",
    "is_error": True,
}
history[-1] = {"role": "user", "content": [clear]}
told = client.messages.create(model=MODEL, max_tokens=2000, tools=[CUSTOMER], messages=history)
print("".join(block.text for block in told.content if block.type == "text"))

# %% [markdown]
# Some exceptions have no words at all: `str(TimeoutError())` is empty. So send the type as well, as `attempt` does.
#
# **Exercise · `execute_all` · 8 minutes · 7 points**
#
# Run every call in a reply, in threads or one after the other, and return a result for each, even if it fails.


# %% nbgrader={"grade_id": "execute_all", "solution": true}
def execute_all(blocks: list, registry: dict) -> list[dict]:
    """Return a tool_result for each tool_use block, in order.

    blocks: the content of a reply. There may be other blocks among the calls,
        even calls of server tools, which already have their results
    registry: a function for each tool's name; call it with the input as
        keyword arguments
    Send a str back as it is, anything else as JSON. If anything goes wrong with
    a call, even if the tool is unknown, answer with is_error and say what.
    Without calls, return []. Don't change what you are given.
    8 minutes, 7 points.

    >>> execute_all(reply.content, {"get_weather": get_weather})
    [{'type': 'tool_result', 'tool_use_id': 'toolu_01…', 'content': 'Paris: 18…'},
     {'type': 'tool_result', 'tool_use_id': 'toolu_01…', 'content': 'Tokyo: 24…'}]
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
# No. It can't know whether the first try went through, and a second one may charge twice.
# Say what happened and let Claude or a person decide. Or make the tool idempotent, and retry inside it.
# </details>

# %% [markdown]
# ## Which tool, if any
#
# With `tool_choice` you say whether Claude may use a tool (`auto`), must use one (`any`, or `tool` with a name), or must not (`none`).

# %%
predict("forced")

# %%
for choice in (
    {"type": "auto"},
    {"type": "any"},
    {"type": "tool", "name": "get_customer"},
    {"type": "none"},
):
    reply = client.messages.create(
        model="claude-sonnet-4-6",  # it takes all four
        max_tokens=300,
        tools=[WEATHER, CUSTOMER],
        tool_choice=choice,
        messages=[{"role": "user", "content": "Say hello in one short sentence."}],
    )
    print(choice["type"], [b.input for b in reply.content if b.type == "tool_use"])

# %% [markdown]
# Forced to call a tool, Claude invents the arguments. Force a call only where every request needs one.
# And newer models refuse to be forced:

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
# With those, leave it at `auto`, and say in the prompt what you want. For JSON there's a better way, further down.
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
# | Chat Completions | Responses | Messages | With `parallel_tool_calls=False` |
# |---|---|---|---|
# | nothing, or `"auto"` | the same | `{"type": "auto"}` | add `"disable_parallel_tool_use": True` |
# | `"required"` | the same | `{"type": "any"}` | add it |
# | `{"type": "function", "function": {"name": …}}` | `{"type": "function", "name": …}` | `{"type": "tool", "name": …}` | add it |
# | `"none"` | the same | `{"type": "none"}` | leave it out: the key is a 400 |
#
# **Exercise · `to_tool_choice` · 5 minutes · 6 points**
#
# Convert a choice from either of OpenAI's APIs, and the flag for parallel calls.


# %% nbgrader={"grade_id": "to_tool_choice", "solution": true}
def to_tool_choice(openai_choice, parallel: bool) -> dict:
    """Return the tool_choice for OpenAI's tool_choice and parallel_tool_calls.

    openai_choice: a str, a dict or None, as Chat Completions or Responses takes
        it; a named function may be in either form
    parallel: whether Claude may call several tools in one turn
    Raises ValueError for a choice that this API doesn't have: another word,
    {"type": "allowed_tools", …}, {"type": "custom", …}.
    Don't change what you are given.
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
        function = openai_choice.get("function", openai_choice)
        choice = {"type": "tool", "name": function["name"]}
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
# You want data, not prose. All three APIs take a JSON Schema, and promise JSON that fits it.

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
wrapped = {"name": "refund", "strict": True, "schema": "…"}
side_by_side(
    {"response_format": {"type": "json_schema", "json_schema": wrapped}},
    {"text": {"format": {"type": "json_schema", "name": "refund", "strict": True, "schema": "…"}}},
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
# The reply is text that holds JSON, and you parse it. The amount is a string: a JSON number would become a float, and money doesn't belong in floats.

# %%
predict("closed-schema")

# %%
opened = {key: REFUND[key] for key in ("type", "properties", "required")}
request["output_config"] = {"format": {"type": "json_schema", "schema": opened}}
with expect_error(400):  # this cell is meant to fail
    client.messages.create(**request)

# %% [markdown]
# `"additionalProperties": False` closes the schema, and the API insists on it.
# It doesn't insist on `required`, but a key that you don't name there can be missing. So name them all.
#
# You needn't write the schema yourself. With OpenAI you'd pass a pydantic model to `chat.completions.parse` or `responses.parse`; here it's `messages.parse`:


# %%
class Refund(BaseModel):
    order: str
    amount: str
    reason: Literal["late", "damaged", "other"]


plain = {key: value for key, value in request.items() if key != "output_config"}
parsed = client.messages.parse(**plain, output_format=Refund)
print(repr(parsed.parsed_output))

# %% [markdown]
# The SDK made a closed schema of the class, sent it as `output_config.format`, and gave you an object.
#
# A tool's input can have the same guarantee. Make the tool `strict`, and close its schema as well:

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
# The guarantee holds for a reply that Claude finished.

# %%
predict("unfinished-json")

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
# The errors blame a column; the real causes were a token limit and a refusal.
# And you can't count on an error at all: the limit may fall right after the last brace, and a refused reply can hold anything.
# So look at `stop_reason` first.
#
# `messages.parse` doesn't look. It parses what it gets, and its error hides the message with the reason:

# %%
short = {**plain, "model": "claude-sonnet-4-6", "max_tokens": 12}  # it doesn't think first
try:
    client.messages.parse(**short, output_format=Refund)
except ValidationError as error:
    print(type(error).__name__, error.errors()[0]["type"])

# %% [markdown]
# A model that thinks first may have no text at all by then; in that case `parsed_output` is `None`, and nothing is raised.
# So `parse` is fine for a script. In a service, call `create`, look at `stop_reason`, then parse the text.
#
# Here's an invoice, as somebody typed it:

# %%
INVOICE = """Invoice INV-2041
Acme GmbH, Berlin, 3 March 2026
2 desks at 617.25 EUR each
Total: 1,234.50 EUR, due on 2 April"""

# %% [markdown]
# **Exercise · `extract_invoice` · 8 minutes · 7 points**
#
# Get the fields of an invoice out of its text. In descriptions you can say which formats you want, for the date and the total.


# %% nbgrader={"grade_id": "extract_invoice", "solution": true}
def extract_invoice(client, text: str) -> dict:
    """Return number, vendor, date, currency and total of an invoice, all as str.

    client: an anthropic.Anthropic
    text: the invoice, as somebody typed or scanned it
    Send one request, with the text as it is in the user message. The schema in
    its output_config.format guarantees exactly these five keys, each with a str
    of any kind: no enum, no pattern. A total may come without cents. Return what the reply says, unchanged. If the
    stop reason isn't end_turn, raise a ValueError that names it.
    8 minutes, 7 points.

    >>> extract_invoice(client, INVOICE)
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
# **Think it over.** The schema guarantees five strings. What doesn't it guarantee?
#
# <details><summary>One answer</summary>
# That they're true. Claude can misread a total or take the due date for the date, and if an invoice has no number it will make one up, because the field is required.
# Check what you can (do the lines add up to the total?), and let a field be null where an invoice may lack it.
# </details>

# %% [markdown]
# ## Thinking goes through the loop
#
# A model that thinks decides itself when to think and how much, before its first call and between calls.
# `claude-sonnet-5-5` thinks without being asked. `claude-sonnet-4-6` does it only with `thinking={"type": "adaptive"}`.
# How much it thinks depends on `effort`, OpenAI's `reasoning_effort` or `reasoning={"effort": …}`.

# %%
thoughtful = {
    "model": MODEL,
    "max_tokens": 4000,
    "thinking": {"type": "adaptive"},
    "tools": [WEATHER],
}
for effort in ("low", "high", "max"):
    config = {"effort": effort}
    reply = client.messages.create(**thoughtful, messages=[question], output_config=config)
    spent = reply.usage.output_tokens_details.thinking_tokens
    print(f"{effort:5} {spent:4} tokens of thinking in", [block.type for block in reply.content])

# %% [markdown]
# Thinking counts against `max_tokens` (lesson 01), so leave room.
#
# In older code you'll find a fixed budget in its place. Sonnet 4.6 still takes it, but it's deprecated, and newer models refuse it:

# %%
with expect_error(400):  # this cell is meant to fail
    client.messages.create(
        model=NEWER,
        max_tokens=4000,
        thinking={"type": "enabled", "budget_tokens": 1024},
        messages=[question],
    )

# %% [markdown]
# The thinking is signed. Does it have to go back with the calls that follow it?

# %%
predict("without-thinking")

# %%
calls = [block for block in reply.content if block.type == "tool_use"]
back = {"role": "user", "content": [answer(call) for call in calls]}
for name, content in (("whole", reply.content), ("without thinking", calls)):
    turn = {"role": "assistant", "content": content}
    final = client.messages.create(**thoughtful, messages=[question, turn, back])
    print(f"{name:20} {final.usage.input_tokens} input tokens, {final.stop_reason}")

# %% [markdown]
# The API takes both. But the second request is smaller by Claude's thinking: it goes on without knowing why it asked, and nobody tells you.
#
# It gets worse when you drop *some* of the thinking. On models with preserved thinking (lesson 02) each thinking block is tied to those before it.
# Here is a conversation of two questions; in the first one Claude calls tools, then answers:


# %%
def go_on(messages, rounds):
    request = {**thoughtful, "model": NEWER}
    for _ in range(rounds):
        reply = client.messages.create(**request, messages=messages)
        messages = [*messages, {"role": "assistant", "content": reply.content}]
        results = [answer(block) for block in reply.content if block.type == "tool_use"]
        if results:
            messages = [*messages, {"role": "user", "content": results}]
    return messages


# %%
rome = {"role": "user", "content": "What is the weather in Rome?"}
history = go_on([*go_on([question], rounds=2), rome], rounds=1)
for place, message in enumerate(history):
    content = message["content"]
    blocks = [] if isinstance(content, str) else content
    kinds = [block["type"] if isinstance(block, dict) else block.type for block in blocks]
    print(place, f"{message['role']:10}", kinds or repr(content))

# %% [markdown]
# Now take the thinking out of message 3, the answer to the first question, and leave everything else:

# %%
spoken = [block for block in history[3]["content"] if block.type != "thinking"]
forgetful = [*history[:3], {"role": "assistant", "content": spoken}, *history[4:]]
with expect_error(400):  # this cell is meant to fail
    client.messages.create(**{**thoughtful, "model": NEWER}, messages=forgetful)

# %% [markdown]
# The error names `messages.5`, which you didn't touch: it misses the thinking of message 3, which came before it.
# The rule for every model is short: append `reply.content` as it came, and don't edit it unless you cut the history (lesson 02).
#
# ## A turn that pauses
#
# Some tools run on Anthropic's side, web search for one. You never answer their calls.
# But a long turn with many of them can come back halfway, with the stop reason `pause_turn`:

# %%
paused = replay("paused")
print(paused.stop_reason, [block.type for block in paused.content])
show(paused.content[-1])

# %% [markdown]
# The last search has no result yet. Send the turn back as the last message, and the API goes on where it stopped.

# %%
SEARCH = {"type": "web_search_20260209", "name": "web_search"}
history = [
    {"role": "user", "content": "When was Python 1.0 released?"},
    {"role": "assistant", "content": paused.content},
]
resumed = client.messages.create(model=MODEL, max_tokens=2000, tools=[SEARCH], messages=history)
print(resumed.stop_reason)
print("".join(block.text for block in resumed.content if block.type == "text"))

# %%
predict("go-on")

# %%
pushed = [*history, {"role": "user", "content": "Go on."}]
with expect_error(400):  # this cell is meant to fail
    client.messages.create(model=MODEL, max_tokens=2000, tools=[SEARCH], messages=pushed)

# %% [markdown]
# Your message ended the turn, so the search result can't come any more.
#
# ## One loop for every ending
#
# Today a reply can end in seven ways (an eighth comes only with a beta), and each asks something else of your loop:

# %%
picture("every_ending")

# %% [markdown]
# | `stop_reason` | What the loop does | Status | The turn |
# |---|---|---|---|
# | `tool_use` | run the tools, ask again | | keep it |
# | `pause_turn` | ask again | | keep it |
# | `end_turn`, `stop_sequence` | return | `done` | keep it, unless it's empty |
# | `max_tokens`, `model_context_window_exceeded` | return | `max_tokens` | leave it out |
# | `refusal` | return | `refusal` | leave it out |
# | `tool_use` or `pause_turn` on the last of `max_turns` requests | run the tools, then return | `turn_limit` | keep it, with its calls answered |
# | any other | raise a `RuntimeError` that names it | | |
#
# The last row is for the reason that the API will have next year. A loop that takes it for success returns half an answer; one that asks again may never end.

# %% [markdown]
# In a chat you'd keep an answer that was cut off, as lesson 02 does. An agent's turn may end in a call that was cut off, and looks whole (lesson 03).
# Run it, and you do half of something. Keep the turn, and the next request is a 400, because nobody answered the call.

# %%
predict("blind-loop")

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
# After Claude's answer there was no call left to run, so the loop sent a message with nothing in it.
#
# **Exercise · `run_agent` · 13 minutes · 12 points**
#
# Write a loop that handles every ending. It may use your `execute_all`.


# %% nbgrader={"grade_id": "run_agent", "solution": true}
@dataclass(frozen=True)
class AgentResult:
    """Say how a run ended.

    status: done, max_tokens, refusal or turn_limit
    text: all the text of the last reply, joined with nothing in between
    messages: the conversation, with a result for every call. After turn_limit
        send it as it is, even if it ends with a paused turn; otherwise another
        question can follow
    """

    status: str
    text: str
    messages: list


def run_agent(client, request: dict, registry: dict, *, max_turns: int) -> AgentResult:
    """Run a conversation with tools to its end, and say how it ended.

    client: an anthropic.Anthropic
    request: the parameters of messages.create, including messages; don't
        change it
    registry: a function for each tool's name, as for execute_all
    max_turns: the maximum number of requests to send, 1 or more
    The table of this section says what to do for each stop reason. For any
    other, raise a RuntimeError that names it. Errors of the API pass through,
    without another try.
    13 minutes, 12 points.

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
        elif reply.stop_reason != "pause_turn":
            raise RuntimeError(f"the reply ended with {reply.stop_reason}")
    return AgentResult("turn_limit", text, messages)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_run_agent", "grade": true}
check("run_agent")

# %% [markdown]
# **Think it over.** Claude refused a request, and your product manager wants to try another model.
# Where does that belong: inside `run_agent`, or around it?
#
# <details><summary>One answer</summary>
# Around it. <code>run_agent</code> says <code>refusal</code> and hands the conversation back, without the refused turn.
# The caller can send the same request once more with another <code>model</code>. A loop that retries inside could go on forever.
# </details>

# %% [markdown]
# **In your own code.** Search it for `parallel_tool_calls`, `response_format`, `text_format`, `budget_tokens`, and for `while True`.
# Look at each `except` around a tool: does Claude learn of the failure?

# %%
calibration()

# %% [markdown]
# ## In short
#
# Answer every call of a turn in one user message, and give a failure `is_error` and words that help.
# Leave the choice of tools to Claude where newer models may run, and get JSON from `output_config.format` with a closed schema.
# Read `stop_reason` before you parse a text or run a tool.
# Claude's turns go back as they came, with their thinking, and a paused turn has nothing after it.
# Give each run a limit, and treat a stop reason that you don't know as an error.
#
# | Task | Chat Completions | Responses | Messages |
# |---|---|---|---|
# | Force some tool | `tool_choice="required"` | `tool_choice="required"` | `tool_choice={"type": "any"}`; newer models refuse that: say it in the prompt |
# | One call at a time | `parallel_tool_calls=False` | `parallel_tool_calls=False` | `"disable_parallel_tool_use": True` in `tool_choice` |
# | JSON by a schema | `response_format={"type": "json_schema", "json_schema": …}` | `text={"format": {"type": "json_schema", …}}` | `output_config={"format": {"type": "json_schema", "schema": …}}` |
# | JSON as an object | `chat.completions.parse(response_format=Model)`, `message.parsed` | `responses.parse(text_format=Model)`, `output_parsed` | `messages.parse(output_format=Model)`, `parsed_output` |
# | How much to think | `reasoning_effort="low"` | `reasoning={"effort": "low"}` | `output_config={"effort": "low"}`; older models think only with `thinking={"type": "adaptive"}` |
# | Keep the reasoning | not possible | send the `reasoning` items back | send the `thinking` blocks back, in `content` |
# | How it ended | `finish_reason` | `status`, `incomplete_details` | `stop_reason` |
#
# *Reference:* [Parallel tool use](https://platform.claude.com/docs/en/agents-and-tools/tool-use/parallel-tool-use) · [Structured outputs](https://platform.claude.com/docs/en/build-with-claude/structured-outputs) · [Thinking](https://platform.claude.com/docs/en/build-with-claude/thinking) · [Effort](https://platform.claude.com/docs/en/build-with-claude/effort) · [Stop reasons](https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons).
# *Next:* [05 · Streaming](../05_streaming/05_streaming.ipynb), where the reply arrives in pieces while Claude is still writing.

# %%
progress()
