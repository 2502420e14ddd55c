# %% [markdown]
# # The tool loop
#
# 85 minutes · 5 exercises · 28 points
#
# A customer asks your bot which plan they're on. The answer is in your database, so the model asks your code, waits, and reads what comes back.
# You know this loop from OpenAI. Here its shapes are different, and one wrong turn in the history is a 400.
#
# After this lesson you can:
# - define a tool for Claude
# - find the `tool_use` blocks in any reply
# - answer each call by its id, in a user turn
# - loop until there is an answer, and no longer

# %%
import json

from anthropic import beta_tool

from grader.classroom import broken_turns, calibration, check, connect, connect_openai
from grader.classroom import expect_error, hint, picture, predict, progress, replay, review
from grader.classroom import sequence_stepper, show, side_by_side, solution

MODEL = "claude-sonnet-4-6"
client = connect()
openai_client = connect_openai(live=False)  # Anthropic doesn't serve the Responses API

# %% [markdown]
# ## Describe the tool
#
# A tool is a name, a description, and a JSON Schema for its input.
# All three APIs want these three things; they differ in the wrapping.

# %%
schema = {
    "type": "object",
    "properties": {"customer_id": {"type": "string"}},
    "required": ["customer_id"],
}
name = "get_customer"
description = "Retrieve customer information by customer ID."
function = {"name": name, "description": description, "parameters": schema}

chat_tool = {"type": "function", "function": function}
responses_tool = {"type": "function", **function}
get_customer_tool = {"name": name, "description": description, "input_schema": schema}
side_by_side(chat_tool, responses_tool, get_customer_tool)

# %% [markdown]
# | Chat Completions | Responses | Messages | What changed |
# |---|---|---|---|
# | `type: "function"` around `function` | `type: "function"` | neither | removed |
# | `name`, `description`, `strict` inside `function` | the same, at the top | the same, at the top | moved up from `function` |
# | `parameters` inside `function` | `parameters` | `input_schema` | renamed |
# | no `parameters` | `parameters: None` | `{"type": "object", "properties": {}}` | required here |

# %%
predict("chat-tool")

# %%
with expect_error(400):  # this cell is meant to fail
    client.messages.create(
        model=MODEL,
        max_tokens=300,
        tools=[chat_tool],
        messages=[{"role": "user", "content": "Who is customer cust_123?"}],
    )

# %% [markdown]
# The type comes first: this API has no kind of tool called `function`.
#
# **Exercise · `to_anthropic_tool` · 4 minutes · 4 points**
#
# Convert a tool's definition from either of OpenAI's APIs.


# %% nbgrader={"grade_id": "to_anthropic_tool", "solution": true}
def to_anthropic_tool(openai_tool: dict) -> dict:
    """Return the definition of a tool for the Messages API.

    openai_tool: as Chat Completions takes it, {"type": "function",
        "function": {…}}, or flat as Responses does. It has a name; description,
        parameters and strict may be missing or None.
    Leave out anything missing or None, add nothing, and copy the rest unchanged.
    (An empty description and a strict of False say nothing, so they may go.)
    Only the schema is always there: if there are no parameters, it's an object
    without properties. Don't change the tool you are given.
    4 minutes, 4 points.

    >>> to_anthropic_tool({"type": "function", "function": {"name": "now"}})
    {'name': 'now', 'input_schema': {'type': 'object', 'properties': {}}}
    """
    ### BEGIN SOLUTION
    function = openai_tool.get("function", openai_tool)
    nothing = {"type": "object", "properties": {}}
    tool = {"name": function["name"], "input_schema": function.get("parameters") or nothing}
    if function.get("description"):
        tool["description"] = function["description"]
    if function.get("strict"):
        tool["strict"] = True
    return tool
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_to_anthropic_tool", "grade": true}
check("to_anthropic_tool")

# %% [markdown]
# ## Claude decides by the description
#
# From here on the tools belong to a service with subscriptions. The second tool changes something:

# %%
update_tool = {
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
}
VAGUE = [get_customer_tool, update_tool]

# %% [markdown]
# Claude can't see your code. All it knows about a tool is what you write: the name, the schema, and above all the descriptions.
# These two say what the tools do. They don't say *when* to use them, or what to do when something is missing.


# %%
def ask(tools, question):
    messages = [{"role": "user", "content": question}]
    reply = client.messages.create(model=MODEL, max_tokens=1000, tools=tools, messages=messages)
    for block in reply.content:
        if block.type == "text":
            print("Claude says:", block.text)
        if block.type == "tool_use":
            print("Claude calls:", block.name, block.input)


ASKING = "I'm customer cust_123. Could I move to the pro plan?"
HURRIED = "Please put me on the pro plan."

# %%
ask(VAGUE, ASKING)
ask(VAGUE, HURRIED)

# %% [markdown]
# The first customer asked a question, and gets an upgrade and its bill. For the second one Claude *invented* an id, and if somebody has it, you've looked up a stranger.
# (The simulated Claude slips every time, so that you can see it. A real one often asks, and small models guess more than large ones.)
#
# You cure both in the descriptions: say when to use the tool, where each argument comes from, and what to do without it.


# %%
def input_schema(**properties):
    return {"type": "object", "properties": properties, "required": list(properties)}


customer_id = {
    "type": "string",
    "description": "The customer's id, such as cust_123. If you don't have it, ask; never guess.",
}
plan = {"type": "string", "enum": ["free", "pro", "enterprise"]}
look_up = "Look up a customer's name and plan. Use it before you talk about their account."
change = (
    "Change a customer's plan, which changes what they pay. Use it only when they have told you "
    "to. If they only ask about it, offer the change and wait for their yes."
)

# %%
TOOLS = [
    {
        "name": "get_customer",
        "description": look_up,
        "input_schema": input_schema(customer_id=customer_id),
    },
    {
        "name": "update_subscription",
        "description": change,
        "input_schema": input_schema(customer_id=customer_id, plan=plan),
    },
]
ask(TOOLS, ASKING)
ask(TOOLS, HURRIED)

# %% [markdown]
# The same model, the same customers, and better words about the tools.
#
# | What goes wrong | What to write |
# |---|---|
# | Claude calls a tool that nobody asked for | when to use it, and when not to |
# | it invents an argument | where the argument comes from; without it, ask |
# | it takes the wrong one of two tools | how they differ in *when*, as well as in *what* |
# | it sends a value that your code doesn't know | an `enum`, and `"strict": True` with `"additionalProperties": False` in the schema |
# | it gets a format wrong | `input_examples`: a list of good inputs |
#
# Three or four sentences for a tool are normal. They count as input tokens in every request, and they're worth it.
# Settle them before a conversation begins: tools stay the same through all of it (lesson 02).

# %% [markdown]
# ## Claude asks
#
# Back to a customer who does ask for a change.

# %%
predict("first-tool")

# %%
QUESTION = "Upgrade customer cust_123 to the pro plan."
messages = [{"role": "user", "content": QUESTION}]

reply = client.messages.create(model=MODEL, max_tokens=1000, tools=TOOLS, messages=messages)
print(reply.stop_reason)
show(reply.content)

# %% [markdown]
# Nothing has run yet. Claude wrote down what it wants, and stopped to wait for you.
#
# The call is a *block* of type `tool_use`, with an `id`, a `name` and an `input`. (`caller` says who asks: `direct` is Claude itself.)
# Where do OpenAI's two APIs put the same things? Ask them, and compare the types:

# %%
completion = openai_client.chat.completions.create(
    model=MODEL, messages=messages, tools=[chat_tool]
)
response = openai_client.responses.create(model=MODEL, input=messages, tools=[responses_tool])

chat_call = completion.choices[0].message.tool_calls[0].function
item = next(item for item in response.output if item.type == "function_call")
our_call = next(block for block in reply.content if block.type == "tool_use")
print("Chat Completions", type(chat_call.arguments), chat_call.arguments)
print("Responses       ", type(item.arguments), item.arguments)
print("Messages        ", type(our_call.input), our_call.input)

# %% [markdown]
# OpenAI sends `arguments` as a string, and you parse it. `input` is a dict already, so leave `json.loads` behind.
#
# And don't count on where the call stands. Here are the blocks of two models' replies:

# %%
for model in (MODEL, "claude-sonnet-5-5"):
    other = client.messages.create(model=model, max_tokens=2000, tools=TOOLS, messages=messages)
    print(model, [block.type for block in other.content])

# %% [markdown]
# **Exercise · `tool_uses` · 3 minutes · 3 points**
#
# Find the calls in a reply.


# %% nbgrader={"grade_id": "tool_uses", "solution": true}
def tool_uses(message) -> list:
    """Return the tool_use blocks of a reply, in order.

    message: an anthropic.types.Message
    If the reply has no calls, return [].
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
# Claude has asked for a tool, but it can't run one. You can, so the next move is yours.

# %%
picture("two_speakers")

# %% [markdown]
# With Chat Completions you'd add a message with `role: "tool"`, with Responses an item of type `function_call_output`.
# The Messages API has no role for results: whatever comes from outside, and isn't an instruction of yours, comes from the user.
# So a result is a *content block* inside the next **user** message, and it says which call it answers.
#
# Here is one history in all three shapes. The question is the same everywhere, so let's look at what follows it.

# %%
asked = {"role": "user", "content": "Which plan is cust_123 on?"}
arguments = '{"customer_id": "cust_123"}'
found = '{"plan": "free"}'

function = {"name": "get_customer", "arguments": arguments}
chat_history = [
    asked,
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "call_1", "type": "function", "function": function}],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": found},
]

# %%
responses_history = [
    asked,
    {"type": "function_call", "call_id": "call_1", **function},
    {"type": "function_call_output", "call_id": "call_1", "output": found},
]
given = {"customer_id": "cust_123"}
call = {"type": "tool_use", "id": "call_1", "name": "get_customer", "input": given}
result = {"type": "tool_result", "tool_use_id": "call_1", "content": found}
our_history = [
    asked,
    {"role": "assistant", "content": [call]},
    {"role": "user", "content": [result]},
]
side_by_side(chat_history[1], responses_history[1], our_history[1])

# %% [markdown]
# That was the call. And this is the result:

# %%
side_by_side(chat_history[2], responses_history[2], our_history[2])

# %% [markdown]
# Follow the id from the call to the result in each column: it ties the two together.
#
# And if you translate only half of it? Here the call is Anthropic's, and the result still that of Chat Completions:

# %%
with expect_error(400):  # this cell is meant to fail
    mixed = [*our_history[:2], chat_history[2]]
    client.messages.create(model=MODEL, max_tokens=300, tools=TOOLS, messages=mixed)

# %% [markdown]
# The role: the API reads a message from the outside in. The key would have been next, so fixing the first error often uncovers a second.
#
# | Part of a result | What goes there |
# |---|---|
# | `tool_use_id` | the `id` of the call that it answers |
# | `content` | text, or a list of blocks; turn anything else into JSON text |
# | `is_error` | `True` when the tool failed; `content` then says how |
# | its place | in the user message right after the call; all results of a turn go into this one message, before any text |
#
# **Exercise · `tool_result` · 5 minutes · 5 points**
#
# Turn what a tool returned into the block that Claude expects.


# %% nbgrader={"grade_id": "tool_result", "solution": true}
def tool_result(block, value, *, is_error: bool = False) -> dict:
    """Return the tool_result block that answers a tool_use block.

    block: a ToolUseBlock, as found in a reply's content
    value: what the tool returned. A str stays as it is, anything else becomes
        JSON text, as json.dumps writes it; None, 0 and [] are values too
    is_error: True if the tool failed; value then says how
    Don't change what you are given.
    5 minutes, 5 points.

    >>> tool_result(our_call, {"plan": "free"})
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
# **Think it over.** A colleague wraps every tool in `try: … except: return "ok"`, so the loop never breaks.
# What will Claude tell your customer?
#
# <details><summary>One answer</summary>
# That it worked. Claude can only be as honest as the results it gets.
# Mark the failure with <code>is_error</code> and say what went wrong, and it can retry, ask, or apologise.
# </details>

# %% [markdown]
# ## One round trip by hand
#
# Here are the company's functions. They check what they're given: whatever a model sends is input from outside.

# %%
CUSTOMERS = {"cust_123": {"name": "Alice Johnson", "plan": "free"}}


def get_customer(customer_id: str) -> dict:
    if customer_id not in CUSTOMERS:
        raise ValueError(f"there is no customer {customer_id}")
    return {"id": customer_id, **CUSTOMERS[customer_id]}


def update_subscription(customer_id: str, plan: str) -> dict:
    get_customer(customer_id)  # raises if there's no such customer
    if plan not in ("free", "pro", "enterprise"):
        raise ValueError(f"there is no plan {plan}")
    CUSTOMERS[customer_id]["plan"] = plan
    return {"customer_id": customer_id, "new_plan": plan}


# %% [markdown]
# Claude's call from above is still waiting, in `reply`. Answer it: run the function, then send back *both* turns, Claude's and yours.

# %%
value = get_customer(**our_call.input)
result = {
    "type": "tool_result",
    "tool_use_id": our_call.id,
    "content": json.dumps(value),
}
history = [
    *messages,
    {"role": "assistant", "content": reply.content},
    {"role": "user", "content": [result]},
]
following = client.messages.create(model=MODEL, max_tokens=1000, tools=TOOLS, messages=history)
print(following.stop_reason)
print([block.input for block in following.content if block.type == "tool_use"])

# %% [markdown]
# Claude knows the customer now, and asks for the second tool. `stop_reason` is `tool_use` again, and this can go on for many rounds.
#
# You sent `reply.content` back whole, as it came: the call, and any text or thinking before it.
# The SDK takes its own blocks, so there's nothing to convert. Step through the conversation so far:

# %%
sequence_stepper([*history, {"role": "assistant", "content": following.content}])

# %% [markdown]
# ## Find the broken turn
#
# Here are five histories, each broken in one turn. Which one? Choose it, then read what the API says.

# %%
broken_turns()

# %% [markdown]
# ## The loop
#
# Your program can't know how many rounds there will be, so it loops.
# The next two cells have the loop that you'll find in many tutorials. On a good day it works:

# %%
REGISTRY = {"get_customer": get_customer, "update_subscription": update_subscription}
REQUEST = {"model": MODEL, "max_tokens": 1000, "tools": TOOLS}


def answer(call, registry):
    value = registry[call.name](**call.input)
    return {"type": "tool_result", "tool_use_id": call.id, "content": json.dumps(value)}


# %%
def tutorial_loop(user_message, *, registry=REGISTRY, request=REQUEST, answer=answer):
    messages = [{"role": "user", "content": user_message}]
    while True:
        reply = client.messages.create(messages=messages, **request)
        if reply.stop_reason == "end_turn":
            return next(block.text for block in reply.content if block.type == "text")
        if reply.stop_reason != "tool_use":
            return ""
        messages.append({"role": "assistant", "content": reply.content})
        calls = [block for block in reply.content if block.type == "tool_use"]
        messages.append({"role": "user", "content": [answer(call, registry) for call in calls]})


print(tutorial_loop(QUESTION))
print(CUSTOMERS)

# %% [markdown]
# Each round has four steps: ask, look at `stop_reason`, run what Claude asked for, send the result back.
# A reply's text is the answer only when `stop_reason` is `end_turn`; before that, it's what Claude says along the way.
#
# ## What was unsafe
#
# Now a bad day. First the registry lacks a tool, then the data lacks a customer.

# %%
predict("who-learns")

# %%
with expect_error(KeyError):  # this cell is meant to fail
    tutorial_loop(QUESTION, registry={"get_customer": get_customer})

# %%
with expect_error(ValueError):  # this cell is meant to fail
    tutorial_loop("Upgrade customer cust_999 to the pro plan.")

# %% [markdown]
# Claude never learns of the failure, and Claude is the one who could recover from it, by asking for another id or telling the user.
#
# The next cell leaves too little room for a reply. What does the caller get?

# %%
print(repr(tutorial_loop(QUESTION, request={**REQUEST, "max_tokens": 16})))

# %% [markdown]
# An empty string, and not a word about why. A refusal would give the same.
#
# The limit can cut off a call, too. This one was going to have a `plan`:

# %%
cut = replay("cut call")
print(cut.stop_reason)
print([block.input for block in cut.content if block.type == "tool_use"])

# %% [markdown]
# The input is a dict, and it looks complete. Only `stop_reason` gives it away.
#
# | What was unsafe | The repair |
# |---|---|
# | `registry[call.name]`, and a tool that raises | answer with `is_error`, and let Claude go on |
# | `while True` | at most `max_turns` requests, then an exception |
# | `return ""` | an exception that names the `stop_reason` |
# | a call that was cut off | run tools only when `stop_reason` is `tool_use` |
# | `next(…)`, when the last reply has no text, or two | join all its text blocks |
#
# Send the error's type too: `str(TimeoutError())` is empty, and the API refuses an empty result that says it failed.

# %% [markdown]
# **Exercise · `run_tools` · 15 minutes · 10 points**
#
# Write the loop for a bad day. Use your `tool_uses` and `tool_result`.
#
# `max_turns` counts requests, as it does in most libraries for agents.
# One `except Exception` is enough here. Lesson 04 tells failures apart, and has a branch for every stop reason.


# %% nbgrader={"grade_id": "run_tools", "solution": true}
def run_tools(
    client, user_message: str, tools: list[dict], registry: dict, *, max_turns: int = 8
) -> str:
    """Let Claude use tools until it has an answer, and return the answer's text.

    client: an anthropic.Anthropic
    tools: definitions for the request
    registry: a function for each tool's name; call it once for each tool_use
        block, with the input as keyword arguments. What it returns goes back as
        tool_result writes it. If the name is missing or the function raises,
        answer with is_error and say what went wrong.
    max_turns: the maximum number of requests to send
    The model and max_tokens are your choice.
    If the last reply has no text, return "". Raises RuntimeError if max_turns
    requests brought no answer, and for every stop_reason except end_turn and
    tool_use; that error names the stop_reason. Let API errors of its requests
    pass through as they are, without another try.
    15 minutes, 10 points.

    >>> run_tools(client, "Which plan is cust_123 on?", TOOLS, REGISTRY)
    'Customer cust_123 is on the free plan.'
    """
    ### BEGIN SOLUTION
    messages = [{"role": "user", "content": user_message}]
    for _ in range(max_turns):
        message = client.messages.create(
            model="claude-sonnet-4-6", max_tokens=1000, tools=tools, messages=messages
        )
        if message.stop_reason == "end_turn":
            return "".join(block.text for block in message.content if block.type == "text")
        if message.stop_reason != "tool_use":
            raise RuntimeError(f"the reply ended with {message.stop_reason}")
        results = []
        for block in tool_uses(message):
            try:
                value = registry[block.name](**block.input)
                results.append(tool_result(block, value))
            except Exception as error:
                told = f"{type(error).__name__}: {error}"
                results.append(tool_result(block, told, is_error=True))
        messages.append({"role": "assistant", "content": message.content})
        messages.append({"role": "user", "content": results})
    raise RuntimeError(f"no answer after {max_turns} requests")
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_run_tools", "grade": true}
check("run_tools")

# %% [markdown]
# Once it's right, watch it work in a cell of your own. The customer is on the pro plan by now, so put them back first:
# `CUSTOMERS["cust_123"]["plan"] = "free"`, and then `run_tools(client, QUESTION, TOOLS, REGISTRY)`.
# Then ask for customer cust_999, who doesn't exist, and once with an empty registry.
#
# **Think it over.** A tool charges a credit card, and the connection drops after the charge. Your loop reports an error, and Claude tries again.
# What happens, and what would you change?
#
# <details><summary>One answer</summary>
# The customer pays twice. A tool that changes something should recognise a call it has already seen: give it a key for the order, and let it answer “already done” the second time.
# </details>

# %% [markdown]
# ## Ask before you change something
#
# A good description makes a wrong call rare. It can't make it impossible, so a tool that changes something should wait for a person's yes.
# Your loop is the place for that: Claude has asked, and nothing has run yet.

# %%
CHANGES = {"update_subscription"}


def careful_answer(call, registry):
    if call.name in CHANGES and not is_confirmed(call):
        return {
            "type": "tool_result",
            "tool_use_id": call.id,
            "content": "The customer has not confirmed this change. Nothing was changed.",
            "is_error": True,
        }
    return answer(call, registry)


# %% [markdown]
# In your program `is_confirmed` would show the call to somebody and wait for a click. Here somebody clicks No.


# %%
def is_confirmed(call):
    print("Confirm:", call.name, call.input, "→ No")
    return False


CUSTOMERS["cust_123"]["plan"] = "free"
print(tutorial_loop(QUESTION, answer=careful_answer))
print(CUSTOMERS)

# %% [markdown]
# A no is a result like any other, with `is_error`: Claude reads it and says so, and your data is as it was.
# Look at the *call* when you decide, never at what Claude says about it.

# %% [markdown]
# ## The SDK's own runner
#
# The SDK has such a loop too, and it makes the definition from a function's signature and docstring:


# %%
@beta_tool
def find_customer(customer_id: str) -> str:
    """Look up a customer's name and plan.

    Args:
        customer_id: The customer's id, such as cust_123. If you don't have it, ask.
    """
    return json.dumps(get_customer(customer_id))


show(find_customer.to_dict())

# %% [markdown]
# The runner takes such functions, and loops until there's an answer:

# %%
runner = client.beta.messages.tool_runner(
    model=MODEL,
    max_tokens=1000,
    tools=[find_customer],
    messages=[{"role": "user", "content": "Which plan is customer cust_123 on?"}],
    max_iterations=8,
    thread=False,
)
for message in runner:
    print(message.stop_reason, [block.type for block in message.content])
print("".join(block.text for block in message.content if block.type == "text"))

# %% [markdown]
# With `thread=False` it sends the whole conversation each time, as your loop does; without it, it keeps it on the server, in a thread (lesson 02).
# It answers unknown tools and exceptions with `is_error`, as yours does, and resumes a turn that was paused.
# At its limit, `max_iterations`, and at any other stop reason it ends quietly, so look at the last message's `stop_reason` yourself.
# It's still in beta.
#
# ## Bring old conversations along
#
# Your stored conversations are in one of OpenAI's shapes, and your users want to go on with them.
# Two calls in one turn show the difference best. The calls first:

# %%
alice = {"name": "get_customer", "arguments": '{"customer_id": "cust_123"}'}
bob = {"name": "get_customer", "arguments": '{"customer_id": "cust_456"}'}

tool_calls = [
    {"id": "call_1", "type": "function", "function": alice},
    {"id": "call_2", "type": "function", "function": bob},
]
chat_turn = {"role": "assistant", "content": None, "tool_calls": tool_calls}
items = [
    {"type": "function_call", "call_id": "call_1", **alice},
    {"type": "function_call", "call_id": "call_2", **bob},
]

# %%
tool_use = {"type": "tool_use", "name": "get_customer"}
blocks = [
    {**tool_use, "id": "call_1", "input": {"customer_id": "cust_123"}},
    {**tool_use, "id": "call_2", "input": {"customer_id": "cust_456"}},
]
side_by_side(chat_turn, items, {"role": "assistant", "content": blocks})

# %% [markdown]
# A turn with nothing but calls has `content: None` in Chat Completions. Put nothing in its place: an empty text block is a 400.
# If the OpenAI model did say something, a `text` block comes before the calls.
#
# Responses has no turns, only a list of items. Neighbouring items of the model become *one* assistant message: its words, then its calls.
# `call_id` ties a result to its call; the item's own `id` (`fc_…`) doesn't.
# Leave `reasoning` items out: only OpenAI's models can read them.
#
# Now the results. How many messages are there on each side?

# %%
told = {"call_1": "Alice is on the pro plan.", "call_2": "Bob is on the free plan."}
chat_results = [{"role": "tool", "tool_call_id": id, "content": said} for id, said in told.items()]
outputs = [
    {"type": "function_call_output", "call_id": id, "output": said} for id, said in told.items()
]
results = [{"type": "tool_result", "tool_use_id": id, "content": said} for id, said in told.items()]
side_by_side(chat_results, outputs, [{"role": "user", "content": results}])

# %% [markdown]
# Two become one. The API would accept two user messages in a row, and merge them. But Claude learns from its history: split results teach it to ask for one tool at a time.
#
# **Exercise · `convert_tool_history` · 15 minutes · 6 points**
#
# Convert a stored conversation from either of OpenAI's APIs, so that Claude can continue it.


# %% nbgrader={"grade_id": "convert_tool_history", "solution": true}
def convert_tool_history(history: list[dict]) -> list[dict]:
    """Return a stored conversation with tools as messages for the Messages API.

    history: one of these two, without system messages (split_system took them):
        - messages of Chat Completions, with the roles user, assistant and tool.
          Their content is a str; an assistant's may be None, "" or missing when
          it has tool_calls. Such a turn may have other keys.
        - items of Responses: messages, whose content is a str or a list of
          parts that each have a text, and items of the types function_call,
          function_call_output (its output is a str) and reasoning.
    Leave out reasoning and other keys. Don't change the list you are given. It
    may be empty, it may end anywhere, and its last calls may have no answer yet.
    All results of a turn go into one message, in their order or that of their
    calls. Whether you merge other neighbours of one role is up to you, and so is
    a content of one text: a str or a block.
    15 minutes, 6 points.

    >>> convert_tool_history([{"role": "user", "content": "Hello"}])
    [{'role': 'user', 'content': [{'type': 'text', 'text': 'Hello'}]}]
    """
    ### BEGIN SOLUTION
    converted = []

    def add(role, blocks):
        if not converted or converted[-1]["role"] != role:
            converted.append({"role": role, "content": []})
        converted[-1]["content"].extend(blocks)

    def tool_use(id, function):
        tool_input = json.loads(function["arguments"])
        return {"type": "tool_use", "id": id, "name": function["name"], "input": tool_input}

    def result(id, content):
        return {"type": "tool_result", "tool_use_id": id, "content": content}

    for item in history:
        kind = item.get("type", "message")
        if kind == "function_call":
            add("assistant", [tool_use(item["call_id"], item)])
        elif kind == "function_call_output":
            add("user", [result(item["call_id"], item["output"])])
        elif kind == "message" and item["role"] == "tool":
            add("user", [result(item["tool_call_id"], item["content"])])
        elif kind == "message":
            content = item.get("content") or []
            texts = [content] if isinstance(content, str) else [part["text"] for part in content]
            calls = item.get("tool_calls") or []
            add(item["role"], [{"type": "text", "text": text} for text in texts])
            add(item["role"], [tool_use(call["id"], call["function"]) for call in calls])
    return converted
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_convert_tool_history", "grade": true}
check("convert_tool_history")

# %% [markdown]
# **In your own code.** Search it for `role: "tool"`, for `function_call_output`, for `tool_calls`, and for `json.loads(` near `arguments`.
# And read your tools' descriptions aloud: do they say when to use the tool?

# %%
calibration()

# %% [markdown]
# ## In short
#
# A tool is a name, a description and a schema, and Claude decides by the description: say when to use it, and what to do without an argument.
# When Claude asks, its whole turn goes back as it came, and the next user message answers every call by its id.
# A tool that failed says so with `is_error`, and Claude can try again, ask, or apologise.
# Your loop has a limit, it treats a stop reason it doesn't know as an error, and it asks a person before it changes something.
#
# | Task | Chat Completions | Responses | Messages |
# |---|---|---|---|
# | Define a tool | `{"type": "function", "function": {"name", "description", "parameters"}}` | `{"type": "function", "name", "description", "parameters"}` | `{"name", "description", "input_schema"}` |
# | Find the calls | `message.tool_calls` | items of type `function_call` in `output` | blocks of type `tool_use` in `content` |
# | Read the arguments | `json.loads(call.function.arguments)` | `json.loads(item.arguments)` | `block.input`, a dict |
# | Answer a call | `{"role": "tool", "tool_call_id", "content"}` | `{"type": "function_call_output", "call_id", "output"}` | `{"type": "tool_result", "tool_use_id", "content"}` in a user message |
# | Say that a tool failed | in the text | in the text | `"is_error": True` |
#
# *Reference:* [Tool use](https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview) · [Define tools](https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools) · [Handle tool calls](https://platform.claude.com/docs/en/agents-and-tools/tool-use/handle-tool-calls) · [Troubleshooting](https://platform.claude.com/docs/en/agents-and-tools/tool-use/troubleshooting-tool-use).
# *Next:* [04 · Agents](../04_agents/04_agents.ipynb), where tools fail in finer ways, run side by side, and return data of a fixed shape.

# %%
progress()
