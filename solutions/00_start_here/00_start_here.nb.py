# %% [markdown]
# # Start here: your first call
#
# 25 minutes · 2 exercises · 7 points
#
# You know the OpenAI API.
# In this lesson you make the call you know, make it again with the Messages API, and read what comes back.
#
# After it you can:
# - call the API from a notebook, offline and without a key
# - tell what is simulated here and what is not
# - read a `Message`: its blocks, its stop reason, its usage
# - use the check, the hints and the solution
# - see where your points and your progress are kept

# %%
import anthropic

from grader.classroom import check, connect, connect_openai, expect_error, hint
from grader.classroom import progress, rosetta, show, side_by_side, solution

MODEL = "claude-sonnet-4-6"
client = connect()

# %% [markdown]
# `client` is a real `anthropic.Anthropic`, from the SDK that you would use at work.
# The output above says where its requests go.
#
# **What is simulated.** Unless you set a key, requests never leave this notebook.
# The course answers them itself, in the API's own format: the same fields, the same errors, the same rules.
# What it cannot do is think: answers to the prompts in the lessons were written beforehand, and any other prompt gets a text that says so.
# Token counts may be estimates; the output above says whether they are. On short prompts they can be off by a few.
#
# **What is not.** The SDK, your code, and the checks.
# With `ANTHROPIC_API_KEY` set, the same cells talk to Claude, and stop before they spend 1 USD.

# %% [markdown]
# ## The same question, twice
#
# First the way you know, through Anthropic's OpenAI-compatible endpoint:

# %%
openai_client = connect_openai()

completion = openai_client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "What is the capital of France?"}],
)
print(completion.choices[0].message.content)

# %% [markdown]
# Now the Messages API.
#
# Compare the two calls line by line: one name is different, and one argument is new.

# %%
message = client.messages.create(
    model=MODEL,
    max_tokens=300,
    messages=[{"role": "user", "content": "What is the capital of France?"}],
)
print(message.content)

# %% [markdown]
# The answer is in there, in a list; we come to that.
#
# The name is `messages.create` instead of `chat.completions.create`.
# New is `max_tokens`: you say how long a reply may be, every time.
# Leave it out, and the SDK stops you before anything is sent:

# %%
with expect_error(TypeError):  # this cell is meant to fail
    client.messages.create(model=MODEL, messages=[{"role": "user", "content": "Hello"}])

# %% [markdown]
# ## What came back
#
# Here are both replies, whole, as JSON.

# %%
side_by_side(completion, message)

# %% [markdown]
# | You know | Here | The rule |
# |---|---|---|
# | `choices[0].message.content`, a string | `content`, a list of blocks | one reply, in typed pieces |
# | `finish_reason: "stop"` | `stop_reason: "end_turn"` | other words, and more of them |
# | `usage.prompt_tokens` | `usage.input_tokens` | another name, but beware: without cached tokens |
# | `usage.total_tokens` | not there | input and output have different prices |
#
# So the answer is not a string: it is a list of *blocks*, and each block has a `type`.
#
# **Predict.** The next cell asks a newer model the same question, and prints the type of each block.
# Would `message.content[0].text` work on that reply?

# %%
thoughtful = client.messages.create(
    model="claude-sonnet-5-5",
    max_tokens=2000,
    messages=[{"role": "user", "content": "What is the capital of France?"}],
)
for block in thoughtful.content:
    print(block.type)

# %%
with expect_error(AttributeError):  # this cell is meant to fail
    print(thoughtful.content[0].text)

# %% [markdown]
# This model thinks before it answers, so its first block is a `thinking` block, and that has no `.text`.
# Choose blocks by their type, and the code works on both:

# %%
for reply in (message, thoughtful):
    print("".join(block.text for block in reply.content if block.type == "text"))

# %% [markdown]
# ## What became of what
#
# Here is the whole of it: a request, its reply, and both once more with a tool, which has a lesson of its own.
# Choose a lettered part on either side, and see its counterpart and the rule.
#
# **Predict.** Which parts of OpenAI's reply have no counterpart at all?

# %%
rosetta()

# %% [markdown]
# ## A function of your own
#
# Now you. A check follows every exercise: it calls your function with new data and looks at the request that reached the API.
# Run it as often as you like.
#
# **Exercise · `first_call` · 5 minutes · 4 points**
#
# Ask Claude one question, and return the text of the answer.


# %% nbgrader={"grade_id": "first_call", "solution": true}
def first_call(client, prompt: str) -> str:
    """Send one prompt and return the text of the reply.

    client: an anthropic.Anthropic
    prompt: what the user says, sent as it is
    Leave room for an answer: 20 tokens or more.
    5 minutes, 4 points.

    >>> first_call(client, "What is the capital of France?")
    'Paris.'
    """
    ### BEGIN SOLUTION
    message = client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=300,
        messages=[{"role": "user", "content": prompt}],
    )
    return "".join(block.text for block in message.content if block.type == "text")
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_first_call", "grade": true}
check("first_call")

# %% [markdown]
# Stuck? The hints under the verdict fit your last attempt; `hint("first_call")` in a cell of your own gives them one at a time.
# `solution("first_call")` opens once you are right, or after three different attempts.
#
# **Think it over.** Your function throws the message away and keeps the text.
# What would you miss when a user reports a strange answer?
#
# <details><summary>One answer</summary>
# The message's <code>id</code>, its <code>stop_reason</code> (was the answer cut off?) and its <code>usage</code> (what did it cost?).
# Log them, even if you return only the text.
# </details>

# %% [markdown]
# ## What it cost
#
# Every reply says what it used.

# %%
show(message.usage)

# %% [markdown]
# `input_tokens` is what you sent, `output_tokens` what you got. Each has its own price.
# `inference_geo` and `service_tier` say where and how the request ran; the other fields belong to prompt caching, which has a lesson of its own.
#
# There is no total. What does old code do that asks for one?

# %%
with expect_error(AttributeError):  # this cell is meant to fail
    print(message.usage.total_tokens)

# %% [markdown]
# ## Describe any reply
#
# A log line needs six facts of a reply.
#
# **Exercise · `describe_reply` · 6 minutes · 3 points**
#
# Put them in a dict, for any reply: with one block, several, or none.


# %% nbgrader={"grade_id": "describe_reply", "solution": true}
def describe_reply(message) -> dict:
    """Return the facts of a reply that belong in a log.

    message: an anthropic.types.Message
    Returns a dict with id, model, stop_reason (str, as the message has them),
    block_types (list of str, one for each block, [] if there are none) and
    input_tokens, output_tokens (int, as in its usage).
    6 minutes, 3 points.

    >>> describe_reply(message)
    {'id': 'msg_01…', 'model': 'claude-sonnet-4-6', 'stop_reason': 'end_turn',
     'block_types': ['text'], 'input_tokens': 14, 'output_tokens': 5}
    """
    ### BEGIN SOLUTION
    return {
        "id": message.id,
        "model": message.model,
        "stop_reason": message.stop_reason,
        "block_types": [block.type for block in message.content],
        "input_tokens": message.usage.input_tokens,
        "output_tokens": message.usage.output_tokens,
    }
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_describe_reply", "grade": true}
check("describe_reply")

# %% [markdown]
# ## When it goes wrong
#
# Sooner or later a request is refused. The next cell asks for a model by a name that it does not have.
#
# **Predict.** Which status will come back: 400, 401 or 404?

# %%
with expect_error():  # this cell is meant to fail
    client.messages.create(
        model="sonnet-4-6",
        max_tokens=300,
        messages=[{"role": "user", "content": "Hello"}],
    )

# %% [markdown]
# Read an error in this order:
# 1. the **status** and the **type**: whose fault is it, and would trying again help?
# 2. the **message**: what exactly was wrong. Its wording may change, so never compare it in code.
# 3. the **request id**: what support asks for.
#
# The SDK raises a class of its own for each status, here `anthropic.NotFoundError`.

# %%
try:
    client.messages.create(model=MODEL, max_tokens=300, messages=[])
except anthropic.BadRequestError as error:
    print(error.status_code, error.type)

# %% [markdown]
# **In your own code.** Search it for `choices[0]` and for `total_tokens`.
# Each place you find is one that this lesson would have you change.
#
# ## Your points
#
# Points are counted by criterion, so a half-right answer keeps its half.
# The best result of each exercise is kept in a file on your machine, and is still there after a restart of the kernel.
# Where the machine itself goes away, as on Binder, save that file before you leave, and load it when you come back.

# %%
progress()

# %% [markdown]
# To see one way to do an exercise that you have done, or tried three times, run `solution("first_call")` in a cell of your own.
#
# **For your migration checklist:**
# - Every call has `max_tokens`.
# - Replies are read by block type, never by position.
# - The id, the stop reason and the usage of each reply are logged.
#
# Next comes lesson 01, where a whole request changes its shape.
