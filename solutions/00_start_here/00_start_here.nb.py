# %% [markdown]
# # Start here: your first call
#
# 30 minutes · 2 exercises · 7 points
#
# Your service talks to OpenAI, and now somebody wants Claude beside it.
# The call looks the same but for a line or two, so you change those, and it runs.
# Then a log line crashes on a missing total, a reply comes back empty, and a user sees half a sentence.
# This lesson shows you the call, what comes back, and how to read it so that this doesn't happen to you.
#
# After it you can:
# - call the API from a notebook, offline and without a key
# - tell what is simulated here and what is not
# - read a `Message`: its blocks, its stop reason, its usage
# - use the check, the hints and the solution
# - see where your points and your progress are kept
#
# **Only 45 minutes?** Do `first_call` below, then the other five exercises of the [short way](../cheat_sheet.ipynb): one page with all three APIs side by side, and six exercises.

# %%
import anthropic

from grader.classroom import calibration, check, connect, connect_openai, expect_error
from grader.classroom import find_model, hint, picture, predict, progress, replay, review
from grader.classroom import rosetta, show, solution, token_view

MODEL = "claude-sonnet-4-6"
client = connect()

# %% [markdown]
# `client` is a real `anthropic.Anthropic`, from the SDK that you'd use at work.
# The line above says where its requests go.
#
# **What is simulated.** Unless you set a key, requests never leave this notebook.
# The course answers them itself, in the API's own format: the same fields, the same errors, the same rules.
# A simulator can't think. Replies to the prompts in these lessons are written beforehand; any other prompt gets a placeholder that says so.
# Token counts may be estimates, a few tokens off on short prompts; the line above says whether they are.
#
# **What is not.** The SDK, your code, and the checks.
# With `ANTHROPIC_API_KEY` set, the same cells talk to Claude, and stop before they spend 1 USD.

# %% [markdown]
# ## Make a client
#
# At work you'd run `pip install anthropic`, and write:
#
# | | OpenAI | Anthropic |
# |---|---|---|
# | Make a client | `client = openai.OpenAI()` | `client = anthropic.Anthropic()` |
# | It reads its key from | `OPENAI_API_KEY` | `ANTHROPIC_API_KEY` |
# | The key comes from | OpenAI's platform | the [Claude Console](https://platform.claude.com/docs/en/get-api-key), Settings → API keys |
#
# Keep the key out of your code: set the variable, or let your secret manager set it.
#
# What happens without one? Before a cell with a surprise in it, we ask you what you expect: one click for the answer, one for how sure you are.
# That costs no points. Run the cell after it, and you see what happens.

# %%
predict("missing-key")

# %%
keyless = client.copy()
keyless.api_key = None  # as if no key were set anywhere
print("The client is made.")
with expect_error(TypeError):  # this cell is meant to fail
    keyless.messages.create(
        model=MODEL, max_tokens=300, messages=[{"role": "user", "content": "Hello"}]
    )

# %% [markdown]
# At the first request, and with a `TypeError`, not with an error of the API: nothing was sent.
# So a service without its key starts up fine, and fails when the first user comes. Let it send one small request when it starts.
#
# ## The same question, three times
#
# First the two ways you know. Here the simulator stands in for OpenAI, even if you've set an Anthropic key.
# It answers to the name of Claude's model, so that only the shapes differ.

# %%
openai_client = connect_openai(live=False)
question = "What is the capital of France?"

completion = openai_client.chat.completions.create(
    model=MODEL, messages=[{"role": "user", "content": question}]
)
response = openai_client.responses.create(model=MODEL, input=question)
print(completion.choices[0].message.content, response.output_text)

# %% [markdown]
# Now the Messages API. What's different?

# %%
message = client.messages.create(
    model=MODEL,
    max_tokens=300,
    messages=[{"role": "user", "content": question}],
)
print(message.content)

# %% [markdown]
# The answer is inside that list. We'll unpack it in a moment.
#
# The name is `messages.create` instead of `chat.completions.create`.
# The new argument is `max_tokens`: you say how long a reply may be, every time. It caps what a reply can cost you.
# Leave it out, and the SDK stops you before anything is sent:

# %%
with expect_error(TypeError):  # this cell is meant to fail
    client.messages.create(model=MODEL, messages=[{"role": "user", "content": "Hello"}])

# %% [markdown]
# ## What came back
#
# Three replies to one question:

# %%
picture("one_reply")

# %% [markdown]
# | Chat Completions | Responses | Messages | What differs |
# |---|---|---|---|
# | `choices[0].message.content`, a string | `output`, a list of items; `output_text` joins their text | `content`, a list of blocks | typed pieces |
# | `finish_reason: "stop"` | `status: "completed"` | `stop_reason: "end_turn"` | seven values; Chat Completions has five |
# | `usage.prompt_tokens` | `usage.input_tokens` | `usage.input_tokens` | OpenAI's include cached tokens; Anthropic's don't |
# | `usage.total_tokens` | `usage.total_tokens` | not there | input and output have different prices |
#
# Here's the whole message as JSON:

# %%
show(message)

# %% [markdown]
# So the answer isn't a string. It's a list of *blocks*, and each block has a `type`.
# One reply can hold thinking, text and tool calls, in the order in which Claude made them.

# %%
predict("first-block")

# %%
thoughtful = client.messages.create(
    model="claude-sonnet-5-5",
    max_tokens=2000,
    messages=[{"role": "user", "content": question}],
)
for block in thoughtful.content:
    print(block.type)

# %% [markdown]
# This model thinks before it answers, unless it finds a question too small for that.
# When it has thought, the first block is a `thinking` block, and that has no `.text`:

# %%
prepared = replay("thinking")  # a prepared one: a live reply may have no thinking
with expect_error(AttributeError):  # this cell is meant to fail
    print(prepared.content[0].text)

# %% [markdown]
# Choose blocks by their type, and the same code works on all of them:

# %%
for reply in (message, thoughtful, prepared):
    print("".join(block.text for block in reply.content if block.type == "text"))

# %% [markdown]
# Thinking comes out of `max_tokens`, which is why that call got 2000. Lesson 01 shows what happens when it's too small.
#
# ## Which model this is
#
# The course has a catalog of Claude's models, and knows where each one stands:

# %%
for name in (MODEL, "claude-sonnet-5-5"):
    card = find_model(name)
    print(f"{name}: {card.lifecycle}, {'legacy' if card.legacy else 'current'}, {card.released}")

# %% [markdown]
# `claude-sonnet-4-6` is active, so you can call it, and legacy, because a newer Sonnet is out.
# The lessons start with it for two reasons: it thinks only when you ask for it, so replies are short; and a lot of the code you'll meet still names it.
# Where current models behave differently, a lesson shows both.
# In new code, start with a current one.
#
# ## Look up any part
#
# Here's everything side by side: a request and its reply, then both again with a tool (lesson 03).
# Press a part with a letter, in any column, to see its counterparts and the rule.

# %%
predict("no-counterpart")

# %%
rosetta()

# %% [markdown]
# `temperature`, `n` and `store` are gone. You ask for style in the prompt, send the request again for a second reply, and keep the conversation yourself: lessons 01 and 02.

# %% [markdown]
# ## A function of your own
#
# Now you. A check follows every exercise. It calls your function with new data, and looks at the request that reached the API.
# Run it as often as you like.
#
# **Exercise · `first_call` · 5 minutes · 4 points**
#
# Ask Claude one question, and return the text of the answer.


# %% nbgrader={"grade_id": "first_call", "solution": true}
def first_call(client, prompt: str) -> str:
    """Send one prompt and return all the text of the reply, however it ends.

    client: an anthropic.Anthropic
    prompt: what the user says, sent as it is
    Leave room for an answer: 20 tokens or more. Return the text as it is, and
    "" if there is none; an error of the API passes through, without another try.
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
# Stuck? There are hints under the verdict. `hint("first_call")` in a new cell gives them one at a time.
# `solution("first_call")` opens once you're right, or after three different attempts.
#
# **Think it over.** Your function keeps the text and throws the rest of the message away.
# What would you miss when a user reports a strange answer?
#
# <details><summary>One answer</summary>
# Its <code>id</code>, its <code>stop_reason</code> (was the answer cut off?) and its <code>usage</code> (what did it cost?).
# Log them, even if you return only the text.
# </details>

# %% [markdown]
# ## What it cost
#
# Every reply says how many tokens it used.

# %%
show(message.usage)

# %% [markdown]
# `input_tokens` is what you sent, `output_tokens` is what you got.
# `inference_geo` and `service_tier` say where and how the request ran. The other fields are about prompt caching: lesson 07.
#
# Here's that call as it's billed: its tokens above, what they cost below.

# %%
asked = {"model": MODEL, "max_tokens": 300, "messages": [{"role": "user", "content": question}]}
token_view(asked, message)

# %% [markdown]
# Each token of output costs more than one of input, so the lower bar is divided differently.
#
# There's no total. What happens to old code that asks for one?

# %%
with expect_error(AttributeError):  # this cell is meant to fail
    print(message.usage.total_tokens)

# %% [markdown]
# ## Describe any reply
#
# When a user reports a strange answer, six facts about the reply will save you. Log them.
#
# **Exercise · `describe_reply` · 6 minutes · 3 points**
#
# Put them in a dict. It should work for any reply: with one block, several, or none.


# %% nbgrader={"grade_id": "describe_reply", "solution": true}
def describe_reply(message) -> dict:
    """Return the facts about a reply that belong in a log.

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
# Sooner or later a request is refused. The next cell asks for a model that doesn't exist.

# %%
predict("unknown-model")

# %%
with expect_error():  # this cell is meant to fail
    client.messages.create(
        model="sonnet-4-6",
        max_tokens=300,
        messages=[{"role": "user", "content": "Hello"}],
    )

# %% [markdown]
# Read an error in this order:
# 1. the **status** and the **type**: whose problem is it, and would trying again help?
# 2. the **message**: what exactly was wrong. Anthropic may change the wording, so never compare it in code.
# 3. the **request id**: support will ask you for it.
#
# The SDK raises a different class for each status; this one was `anthropic.NotFoundError`. Catch classes, not texts:

# %%
try:
    client.messages.create(model=MODEL, max_tokens=300, messages=[])
except anthropic.BadRequestError as error:
    print(error.status_code, error.type)

# %% [markdown]
# **In your own code.** Search it for `choices[0]`, `output_text` and `total_tokens`.
# Every hit is a line to change.
#
# ## Your points
#
# A check gives points for each thing that's right, so a half-right answer keeps its half.
# Your best result for each exercise is kept in a file on your machine, and is still there after you restart the kernel.
# On Binder the machine is deleted when you leave, so save the file first, and load it next time.
#
# What you got right comes back: `review()` asks for three exercises at a time, after a day, then after longer and longer pauses.
# `calibration()` compares how sure you were of what cells would do with how often you were right.

# %%
progress()

# %%
calibration()

# %% [markdown]
# ## In short
#
# `messages.create` always takes `max_tokens`, and its reply is a message: a list of typed blocks, a reason why it stopped, and its usage.
# Read blocks by type, never by position: current models put their thinking first.
# Log the id, the stop reason and the usage of each reply.
# Catch errors by class and status; keep the request id.
#
# | Task | Chat Completions | Responses | Messages |
# |---|---|---|---|
# | Install, make a client | `openai.OpenAI()` | `openai.OpenAI()` | `pip install anthropic`, `anthropic.Anthropic()` |
# | Key | `OPENAI_API_KEY`; missing: an error when you make the client | the same | `ANTHROPIC_API_KEY`; missing: a `TypeError` at the first request |
# | Ask | `chat.completions.create(model=, messages=)` | `responses.create(model=, input=)` | `messages.create(model=, max_tokens=, messages=)` |
# | Read the text | `choices[0].message.content` | `output_text` | join `block.text` of the blocks of type `text` in `content` |
# | Tokens | `usage.prompt_tokens`, `completion_tokens`, `total_tokens` | `usage.input_tokens`, `output_tokens`, `total_tokens` | `usage.input_tokens` (without cached ones), `output_tokens` |
# | Catch an error | `openai.NotFoundError`, … | `openai.NotFoundError`, … | `anthropic.NotFoundError`, …; `error.type`, `error.request_id` |
#
# *Reference:* [Get started](https://platform.claude.com/docs/en/get-started) · [Get an API key](https://platform.claude.com/docs/en/get-api-key) · [The Python SDK](https://platform.claude.com/docs/en/cli-sdks-libraries/sdks/python) · [Models](https://platform.claude.com/docs/en/about-claude/models/overview).
# *Next:* [01 · Structure](../01_structure/01_structure.ipynb), where a whole request changes its shape.
