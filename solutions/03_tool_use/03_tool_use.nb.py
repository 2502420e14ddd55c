# %% [markdown]
# # The tool loop
#
# 50 minutes · 5 exercises · 28 points
#
# The idea is the one you know: the model asks, your code runs, the model goes on.
# The shapes are different, and one wrong turn in the history is a 400.
# This is where most migrations lose a day; here you lose 50 minutes.
#
# After it you can:
# - define a tool for Claude
# - find the `tool_use` blocks in any reply
# - answer each call by its id, in a user turn
# - loop until there is an answer, and no longer

# %%
import json

from anthropic import beta_tool

from grader.classroom import broken_turns, check, connect, connect_openai, expect_error
from grader.classroom import hint, progress, replay, sequence_stepper, show, side_by_side
from grader.classroom import solution

MODEL = "claude-sonnet-4-6"
client = connect()

# %% [markdown]
# ## Describe the tool
#
# A tool is a name, a description, and a JSON Schema for its input.
# Both APIs say these three things; OpenAI wraps them once more.

# %%
schema = {
    "type": "object",
    "properties": {"customer_id": {"type": "string"}},
    "required": ["customer_id"],
}
openai_tool = {
    "type": "function",
    "function": {
        "name": "get_customer",
        "description": "Retrieve customer information by customer ID.",
        "parameters": schema,
    },
}

# %%
get_customer_tool = {
    "name": "get_customer",
    "description": "Retrieve customer information by customer ID.",
    "input_schema": schema,
}
side_by_side(openai_tool, get_customer_tool)

# %% [markdown]
# | OpenAI | Here | |
# |---|---|---|
# | `type: "function"`, and the wrapper `function` | none | removed |
# | `name`, `description`, `strict` | the same names, at the top | moved up |
# | `parameters` | `input_schema` | renamed |
# | no `parameters` at all | `{"type": "object", "properties": {}}` | required |
#
# **Predict.** What will the API mind first in the OpenAI tool: its type, its missing name, or its schema?

# %%
with expect_error(400):  # this cell is meant to fail
    client.messages.create(
        model=MODEL,
        max_tokens=300,
        tools=[openai_tool],
        messages=[{"role": "user", "content": "Who is customer cust_123?"}],
    )

# %% [markdown]
# The type: there is no kind of tool called `function`.
#
# **Exercise · `to_anthropic_tool` · 4 minutes · 4 points**
#
# Convert one tool's definition.


# %% nbgrader={"grade_id": "to_anthropic_tool", "solution": true}
def to_anthropic_tool(openai_tool: dict) -> dict:
    """Return the definition of a tool for the Messages API.

    openai_tool: {"type": "function", "function": {…}}; in function there is a
        name, and there may be description, parameters and strict
    What is not there stays away, but for the schema: without parameters it
    is an object without properties. The tool you are given stays as it is.
    4 minutes, 4 points.

    >>> to_anthropic_tool({"type": "function", "function": {"name": "now"}})
    {'name': 'now', 'input_schema': {'type': 'object', 'properties': {}}}
    """
    ### BEGIN SOLUTION
    function = openai_tool["function"]
    nothing = {"type": "object", "properties": {}}
    tool = {"name": function["name"], "input_schema": function.get("parameters", nothing)}
    for key in ("description", "strict"):
        if key in function:
            tool[key] = function[key]
    return tool
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_to_anthropic_tool", "grade": true}
check("to_anthropic_tool")

# %% [markdown]
# ## Claude asks
#
# From here on you work for a company with customers. Its second tool changes something:

# %%
TOOLS = [
    get_customer_tool,
    {
        "name": "update_subscription",
        "description": "Update a customer's subscription plan.",
        "input_schema": {
            "type": "object",
            "properties": {
                "customer_id": {"type": "string"},
                "plan": {"type": "string", "enum": ["free", "pro", "enterprise"]},
            },
            "required": ["customer_id", "plan"],
        },
    },
]

# %% [markdown]
# **Predict.** Which tool will Claude ask for first, and what will `stop_reason` say?

# %%
QUESTION = "Upgrade customer cust_123 to the pro plan."
messages = [{"role": "user", "content": QUESTION}]

reply = client.messages.create(model=MODEL, max_tokens=1000, tools=TOOLS, messages=messages)
print(reply.stop_reason)
show(reply.content)

# %% [markdown]
# Nothing has run. Claude wrote down what it wants, and stopped to wait for you.
#
# The call is a *block* among the others, of type `tool_use`, with an `id`, a `name` and an `input`.
# Where does OpenAI have these? Ask the same there, and compare the two types:

# %%
completion = connect_openai().chat.completions.create(
    model=MODEL, messages=messages, tools=[openai_tool]
)
their_call = completion.choices[0].message.tool_calls[0]
our_call = next(block for block in reply.content if block.type == "tool_use")
print("OpenAI   ", type(their_call.function.arguments), their_call.function.arguments)
print("Anthropic", type(our_call.input), our_call.input)

# %% [markdown]
# OpenAI's `arguments` are a string that you parse. `input` is a dict, read for you: leave `json.loads` behind.
#
# And do not count on the call's place. These are the blocks of two replies:

# %%
for model in (MODEL, "claude-sonnet-5-5"):
    other = client.messages.create(
        model=model, max_tokens=2000, tools=TOOLS, messages=messages
    )
    print(model, [block.type for block in other.content])

# %% [markdown]
# **Exercise · `tool_uses` · 3 minutes · 3 points**
#
# Find the calls in a reply.


# %% nbgrader={"grade_id": "tool_uses", "solution": true}
def tool_uses(message) -> list:
    """Return the tool_use blocks of a reply, in order.

    message: an anthropic.types.Message
    A reply that asks for no tool gives [].
    3 minutes, 3 points.

    >>> [block.name for block in tool_uses(replay("tool_use"))]
    ['get_weather']
    """
    ### BEGIN SOLUTION
    return [block for block in message.content if block.type == "tool_use"]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_tool_uses", "grade": true}
check("tool_uses")

# %% [markdown]
# ## Send the result back
#
# Claude asked for a tool. It cannot run it; you can.
# In OpenAI's API a result is a message of its own, with `role: "tool"`.
# Here it is a *block* inside the next **user** message, for there are only two parties: what is not Claude is you.

# %%
plan = '{"plan": "free"}'
arguments = '{"customer_id": "cust_123"}'
function = {"name": "get_customer", "arguments": arguments}
their_history = [
    {"role": "user", "content": "Which plan has cust_123?"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "call_1", "type": "function", "function": function}],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": plan},
]

# %%
call = {
    "type": "tool_use",
    "id": "call_1",
    "name": "get_customer",
    "input": {"customer_id": "cust_123"},
}
result = {"type": "tool_result", "tool_use_id": "call_1", "content": plan}
our_history = [
    {"role": "user", "content": "Which plan has cust_123?"},
    {"role": "assistant", "content": [call]},
    {"role": "user", "content": [result]},
]
side_by_side(their_history, our_history)

# %% [markdown]
# Follow the id from top to bottom on both sides: it ties the answer to its question.
#
# **Predict.** The next cell sends a half-translated history: the call is Anthropic's, the result still OpenAI's.
# What will the API mind first: the role, or the key `tool_call_id`?

# %%
with expect_error(400):  # this cell is meant to fail
    half_translated = [*our_history[:2], their_history[2]]
    client.messages.create(
        model=MODEL, max_tokens=300, tools=TOOLS, messages=half_translated
    )

# %% [markdown]
# It stopped at the role. The key would have been next.
#
# | A result | |
# |---|---|
# | `tool_use_id` | the `id` of the call that it answers |
# | `content` | text, or a list of blocks; anything else goes in as JSON text |
# | `is_error` | `True` when the tool failed; `content` then says how |
# | its place | in the user message right after the call; all results of a turn in this one message, before any text |
#
# **Exercise · `tool_result` · 5 minutes · 5 points**
#
# Turn what a tool returned into the block that Claude expects.


# %% nbgrader={"grade_id": "tool_result", "solution": true}
def tool_result(block, value, *, is_error: bool = False) -> dict:
    """Return the tool_result block that answers a tool_use block.

    block: a ToolUseBlock, as found in a reply's content
    value: what the tool returned: a str stays as it is, anything else becomes
        JSON text, as json.dumps writes it
    is_error: True when the tool failed; value then says how
    5 minutes, 5 points.

    >>> tool_result(block, {"plan": "free"})
    {'type': 'tool_result', 'tool_use_id': 'toolu_01…', 'content': '{"plan": "free"}'}
    """
    ### BEGIN SOLUTION
    text = value if isinstance(value, str) else json.dumps(value)
    result = {"type": "tool_result", "tool_use_id": block.id, "content": text}
    if is_error:
        result["is_error"] = True
    return result
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_tool_result", "grade": true}
check("tool_result")

# %% [markdown]
# **Think it over.** A colleague wraps every failing tool in `try: … except: return "ok"`, so that the loop never breaks.
# What will Claude tell your customer?
#
# <details><summary>One answer</summary>
# That it worked. Claude can only be as honest as the results it gets.
# Mark the failure with <code>is_error</code> and say what failed: it will try another way, ask, or apologise.
# </details>

# %% [markdown]
# ## One round trip by hand
#
# Here are the company's functions. They check what they are given: a model's input is input from outside.

# %%
CUSTOMERS = {"cust_123": {"name": "Alice Johnson", "plan": "free"}}


def get_customer(customer_id: str) -> dict:
    if customer_id not in CUSTOMERS:
        raise ValueError(f"there is no customer {customer_id}")
    return {"id": customer_id, **CUSTOMERS[customer_id]}


def update_subscription(customer_id: str, plan: str) -> dict:
    if plan not in ("free", "pro", "enterprise"):
        raise ValueError(f"there is no plan {plan}")
    CUSTOMERS[customer_id]["plan"] = plan
    return {"customer_id": customer_id, "new_plan": plan}


# %% [markdown]
# Claude's question from above still waits, in `reply`. Answer it: run the function, then send back *both* turns, Claude's and yours.

# %%
value = get_customer(**our_call.input)
result = {
    "type": "tool_result",
    "tool_use_id": our_call.id,
    "content": json.dumps(value),
}
messages += [
    {"role": "assistant", "content": reply.content},
    {"role": "user", "content": [result]},
]
reply = client.messages.create(model=MODEL, max_tokens=1000, tools=TOOLS, messages=messages)
print(reply.stop_reason)
print([block.input for block in reply.content if block.type == "tool_use"])

# %% [markdown]
# It knows the customer now, and asks for the second tool. `stop_reason` is `tool_use` again: this can go on for many rounds.
#
# `reply.content` went back as it came, whole: the call, and any text or thinking before it.
# The SDK takes its own blocks; there is nothing to convert. Step through the conversation so far:

# %%
sequence_stepper(messages)

# %% [markdown]
# ## Find the broken turn
#
# Five histories follow, each broken in one place. Find the turn, then read what the API says to it.

# %%
broken_turns()

# %% [markdown]
# ## The loop
#
# A program does not know how many rounds it will be, so it loops.
# This loop is found in many tutorials, and it works, on a good day:

# %%
REGISTRY = {"get_customer": get_customer, "update_subscription": update_subscription}


def run_step(messages, registry, max_tokens=1000):
    """Ask once; run what is asked for; return the reply."""
    reply = client.messages.create(
        model=MODEL, max_tokens=max_tokens, tools=TOOLS, messages=messages
    )
    messages.append({"role": "assistant", "content": reply.content})
    answers = []
    for block in reply.content:
        if block.type == "tool_use":
            value = registry[block.name](**block.input)
            answers.append(
                {"type": "tool_result", "tool_use_id": block.id, "content": json.dumps(value)}
            )
