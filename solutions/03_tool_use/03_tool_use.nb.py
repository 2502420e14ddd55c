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
from grader.classroom import hint, picture, progress, replay, sequence_stepper, show
from grader.classroom import side_by_side, solution

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
# The call is a *block* of type `tool_use`, with an `id`, a `name` and an `input`. (`caller` says that Claude itself asks.)
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
# Claude has asked for a tool, but it can't run one. You can, so the next move is yours.

# %%
picture("two_speakers")

# %% [markdown]
# With OpenAI you'd add a message with `role: "tool"`. The Messages API has only two speakers, user and assistant, and anything that isn't Claude speaks as the user.
# So a result is a *content block* inside the next **user** message, and it says which call it answers.
#
# Here is one history in both shapes; what is shown below leaves out its first message, which is the same.

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
side_by_side(their_history[1:], our_history[1:])

# %% [markdown]
# Follow the id from top to bottom on both sides: it ties the answer to its question.
#
# **Predict.** The next cell sends a half-translated history: the call is Anthropic's, the result still OpenAI's.
# What will the API mind first: the role, or the key `tool_call_id`?

# %%
with expect_error(400):  # this cell is meant to fail
    mixed = [*our_history[:2], their_history[2]]
    client.messages.create(model=MODEL, max_tokens=300, tools=TOOLS, messages=mixed)

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
        JSON text, as json.dumps writes it; None, 0 and [] are values too
    is_error: True when the tool failed; value then says how
    What you are given stays as it is.
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
history = [
    *messages,
    {"role": "assistant", "content": reply.content},
    {"role": "user", "content": [result]},
]
following = client.messages.create(model=MODEL, max_tokens=1000, tools=TOOLS, messages=history)
print(following.stop_reason)
print([block.input for block in following.content if block.type == "tool_use"])

# %% [markdown]
# It knows the customer now, and asks for the second tool. `stop_reason` is `tool_use` again: this can go on for many rounds.
#
# `reply.content` went back as it came, whole: the call, and any text or thinking before it.
# The SDK takes its own blocks; there is nothing to convert. Step through the conversation so far:

# %%
sequence_stepper(history)

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
# The next two cells hold the loop that many tutorials have. On a good day it works:

# %%
REGISTRY = {"get_customer": get_customer, "update_subscription": update_subscription}
REQUEST = {"model": MODEL, "max_tokens": 1000, "tools": TOOLS}


def answer(call, registry):
    value = registry[call.name](**call.input)
    return {"type": "tool_result", "tool_use_id": call.id, "content": json.dumps(value)}


# %%
def tutorial_loop(user_message, *, registry=REGISTRY, request=REQUEST):
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
# Four steps a round: ask, look at `stop_reason`, run what is asked for, send it back.
# The text of a reply counts only when `stop_reason` is `end_turn`; before that it is what Claude says on its way.
#
# ## What was unsafe
#
# Now a bad day. A tool is missing from the registry, and then a customer from the data.
#
# **Predict.** Who hears of it: Claude, or the one who called `tutorial_loop`?

# %%
with expect_error(KeyError):  # this cell is meant to fail
    tutorial_loop(QUESTION, registry={"get_customer": get_customer})

# %%
with expect_error(ValueError):  # this cell is meant to fail
    tutorial_loop("Upgrade customer cust_999 to the pro plan.")

# %% [markdown]
# Claude hears nothing, and it is the one that could do something: ask for another id, or tell the user.
#
# The next cell gives a reply too little room. What does the caller get?

# %%
print(repr(tutorial_loop(QUESTION, request={**REQUEST, "max_tokens": 16})))

# %% [markdown]
# An empty string, and no word about why. The same comes back for a refusal.
#
# What the limit cut off can be a call, too. This one was to have a `plan`:

# %%
cut = replay("cut call")
print(cut.stop_reason)
print([block.input for block in cut.content if block.type == "tool_use"])

# %% [markdown]
# The input is a dict, and looks whole. Only `stop_reason` tells.
#
# | What was unsafe | The repair |
# |---|---|
# | `registry[call.name]`, and a tool that raises | Claude gets a result with `is_error`, and goes on |
# | an input that nobody looks at | the function checks it, and raises |
# | `while True` | at most `max_turns` requests, then an exception |
# | `return ""` | an exception that names the `stop_reason` |
# | a call that was cut off | tools run only when `stop_reason` is `tool_use` |
# | `next(…)`, where a last reply has no text, or two | all text blocks, joined |

# %% [markdown]
# **Exercise · `run_tools` · 15 minutes · 10 points**
#
# Write the loop for a bad day. Use your `tool_uses` and `tool_result`.
#
# One `except Exception` is enough here; telling failures apart, and a branch for every stop reason, come in lesson 04.


# %% nbgrader={"grade_id": "run_tools", "solution": true}
def run_tools(
    client, user_message: str, tools: list[dict], registry: dict, *, max_turns: int = 8
) -> str:
    """Let Claude use tools until it has an answer, and return the answer's text.

    client: an anthropic.Anthropic
    tools: definitions for the request
    registry: a function for each tool's name; call it with the input as
        keyword arguments. A name that is missing, and a function that raises,
        are answered with is_error and with what went wrong.
    max_turns: the most turns of Claude's, one for each request
    The model and max_tokens are your choice.
    A last reply without text gives "". Raises RuntimeError when max_turns
    requests brought no answer, and for every stop_reason but end_turn and
    tool_use; that error names the stop_reason. Errors of the API pass through.
    15 minutes, 10 points.

    >>> run_tools(client, "Which plan has cust_123?", TOOLS, REGISTRY)
    'Customer cust_123 has the free plan.'
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
# Once it is right, see it at work in a cell of your own: `run_tools(client, QUESTION, TOOLS, REGISTRY)`.
# Then ask about a customer that does not exist.
#
# **Think it over.** A tool charges a credit card, and the line breaks after the charge. Your loop reports an error, and Claude tries again.
# What happens, and what would you change?
#
# <details><summary>One answer</summary>
# The customer pays twice. A tool that changes something should know a call that it has seen: give it a key for the order, and let it answer “done already” the second time.
# For some tools, ask a person before you run them.
# </details>

# %% [markdown]
# ## The SDK's own runner
#
# The SDK has such a loop. It makes the definition from a function's signature and docstring:


# %%
@beta_tool
def find_customer(customer_id: str) -> str:
    """Retrieve customer information by customer ID.

    Args:
        customer_id: The customer's id, such as cust_123.
    """
    return json.dumps(get_customer(customer_id))


show(find_customer.to_dict())

# %% [markdown]
# `thread=False` has it send the whole conversation each time, as your loop does; else the API would be asked to keep it, which is a beta of its own.

# %%
runner = client.beta.messages.tool_runner(
    model=MODEL,
    max_tokens=1000,
    tools=[find_customer],
    messages=[{"role": "user", "content": "Which plan has customer cust_123?"}],
    max_iterations=8,
    thread=False,
)
for message in runner:
    print(message.stop_reason, [block.type for block in message.content])
print("".join(block.text for block in message.content if block.type == "text"))

# %% [markdown]
# It answers unknown tools and exceptions with `is_error`, as yours does, and resumes a turn that was paused.
# At its limit, `max_iterations`, and at any other stop reason it ends quietly: look at the last message's `stop_reason` yourself.
# It is still a beta; what it does, you can now read.
#
# ## Bring old conversations along
#
# Stored conversations are in OpenAI's shape, and users want to go on with them.
# Two calls in one turn show the difference best. The calls first:


# %%
def openai_call(id, customer):
    arguments = json.dumps({"customer_id": customer})
    function = {"name": "get_customer", "arguments": arguments}
    return {"id": id, "type": "function", "function": function}


calls = [openai_call("call_1", "cust_123"), openai_call("call_2", "cust_456")]
their_turn = {"role": "assistant", "content": None, "tool_calls": calls}
blocks = [
    {"type": "tool_use", "id": id, "name": "get_customer", "input": {"customer_id": customer}}
    for id, customer in (("call_1", "cust_123"), ("call_2", "cust_456"))
]
side_by_side(their_turn, {"role": "assistant", "content": blocks})

# %% [markdown]
# Where OpenAI has `content: None`, nothing takes its place: an empty text block is a 400.
# Where it has text, a `text` block comes before the calls.
#
# Now the results. How many messages are there on each side?

# %%
told = {"call_1": "Alice has the pro plan.", "call_2": "Bob has the free plan."}
their_answers = [
    {"role": "tool", "tool_call_id": id, "content": words} for id, words in told.items()
]
our_answer = {
    "role": "user",
    "content": [
        {"type": "tool_result", "tool_use_id": id, "content": words} for id, words in told.items()
    ],
}
side_by_side(their_answers, [our_answer])

# %% [markdown]
# Two messages become one. Two user messages in a row would be accepted, and merged; but Claude learns from its history, and would ask for one tool at a time.
#
# **Exercise · `convert_tool_history` · 8 minutes · 6 points**
#
# Convert a stored conversation, so that Claude can go on with it.


# %% nbgrader={"grade_id": "convert_tool_history", "solution": true}
def convert_tool_history(openai_messages: list[dict]) -> list[dict]:
    """Return a conversation with tools as messages for the Messages API.

    openai_messages: dicts with the roles user, assistant and tool, as OpenAI
        takes them; system messages went to split_system before. A user's and a
        tool's content is a str; an assistant's may be None or absent when it
        has tool_calls, and such a turn may have other keys, which are left out.
    The list you are given stays as it is. It may be empty, it may end with any
    role, and its last calls may have no answer yet.
    8 minutes, 6 points.

    >>> convert_tool_history([{"role": "user", "content": "Hello"}])
    [{'role': 'user', 'content': 'Hello'}]
    """
    ### BEGIN SOLUTION
    converted = []
    for message in openai_messages:
        if message["role"] == "tool":
            if converted[-1]["role"] == "assistant":
                converted.append({"role": "user", "content": []})
            id, content = message["tool_call_id"], message["content"]
            result = {"type": "tool_result", "tool_use_id": id, "content": content}
            converted[-1]["content"].append(result)
            continue
        text = message.get("content")
        blocks = [{"type": "text", "text": text}] if text else []
        for call in message.get("tool_calls") or ():
            name = call["function"]["name"]
            tool_input = json.loads(call["function"]["arguments"])
            blocks.append({"type": "tool_use", "id": call["id"], "name": name, "input": tool_input})
        converted.append({"role": message["role"], "content": blocks})
    return converted
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_convert_tool_history", "grade": true}
check("convert_tool_history")

# %% [markdown]
# **In your own code.** Search it for `role: "tool"`, for `tool_calls`, and for `json.loads(` near `arguments`.
#
# ## In short
#
# A tool is a name, a description and a schema; Claude decides by the description.
# When Claude asks, its whole turn goes back as it came, and the next user message answers every call by its id.
# A tool that failed says so with `is_error`, and Claude can try again, ask, or apologise.
# Your loop has a limit, and a stop reason it doesn't know is an error.
#
# | Task | Chat Completions | Responses | Messages |
# |---|---|---|---|
# | Define a tool | `{"type": "function", "function": {"name", "description", "parameters"}}` | `{"type": "function", "name", "description", "parameters"}` | `{"name", "description", "input_schema"}` |
# | Find the calls | `message.tool_calls` | items of type `function_call` in `output` | blocks of type `tool_use` in `content` |
# | Read the arguments | `json.loads(call.function.arguments)` | `json.loads(item.arguments)` | `block.input`, a dict |
# | Answer a call | `{"role": "tool", "tool_call_id", "content"}` | `{"type": "function_call_output", "call_id", "output"}` | `{"type": "tool_result", "tool_use_id", "content"}` in a user message |
# | Say that a tool failed | in the text | in the text | `"is_error": True` |
#
# *Reference:* [Tool use](https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview) · [Handle tool calls](https://platform.claude.com/docs/en/agents-and-tools/tool-use/handle-tool-calls).
# *Next:* [04 · Agents](../04_agents/04_agents.ipynb), where tools fail in finer ways, run side by side, and return data of a fixed shape.

# %%
progress()
