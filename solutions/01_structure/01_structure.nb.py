# %% [markdown]
# # Two shapes of one request
#
# 40 minutes · 5 exercises · 25 points
#
# Most of a migration is moving things: the system prompt, the limits, the images, the way you read a reply.
# In this lesson you write the five small functions that do it.
#
# After it you can:
# - put the system prompt where it belongs
# - write and read content as typed blocks
# - tell required, renamed and removed parameters apart
# - act on every stop reason

# %%
from grader.classroom import block_explorer, check, connect, expect_error, hint, progress
from grader.classroom import replay, sample_image, show, show_image, side_by_side, solution

MODEL = "claude-sonnet-4-6"
client = connect()

# %% [markdown]
# ## The system prompt moves out
#
# With OpenAI, instructions are messages. What happens if you send them that way?
#
# **Predict.** Will the API ignore the system message, obey it, or refuse it?

# %%
openai_messages = [
    {"role": "system", "content": "You are a concise technical assistant."},
    {"role": "user", "content": "Explain idempotency in one sentence."},
]

with expect_error():  # this cell is meant to fail
    client.messages.create(model=MODEL, max_tokens=300, messages=openai_messages)

# %% [markdown]
# Refused, and the error says where it belongs: `system` is a parameter of its own.
# (What follows the semicolon is about a special form that you do not need.)

# %%
message = client.messages.create(
    model=MODEL,
    max_tokens=300,
    system="You are a concise technical assistant.",
    messages=[{"role": "user", "content": "Explain idempotency in one sentence."}],
)
show(message.content)

# %% [markdown]
# | OpenAI role | Here |
# |---|---|
# | `system`, and `developer` in newer code | the parameter `system` |
# | `user` | `user` |
# | `assistant` | `assistant` |
# | `tool` | a block in a `user` message: lesson 03 |
#
# Some newer models take a `system` message later in a conversation; none takes one at the start.
#
# **Exercise · `split_system` · 6 minutes · 5 points**
#
# Take the instructions out of an OpenAI message list.


# %% nbgrader={"grade_id": "split_system", "solution": true}
def split_system(openai_messages: list[dict]) -> tuple[str | None, list[dict]]:
    r"""Return the system text, and the other messages.

    openai_messages: dicts with role and content; the content of system and
        developer messages is a str. They may stand anywhere, or be all there is.
    Several instructions are joined with a blank line, in order. Without any
    the text is None. All other messages, a tool's too, come back as they are.
    The list you are given stays as it is.
    6 minutes, 5 points.

    >>> split_system([{"role": "system", "content": "Be brief."},
    ...               {"role": "developer", "content": "Use English."},
    ...               {"role": "user", "content": "Hello"}])
    ('Be brief.\n\nUse English.', [{'role': 'user', 'content': 'Hello'}])
    """
    ### BEGIN SOLUTION
    roles = ("system", "developer")
    texts = [m["content"] for m in openai_messages if m["role"] in roles]
    others = [m for m in openai_messages if m["role"] not in roles]
    return "\n\n".join(texts) or None, others
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_split_system", "grade": true}
check("split_system")

# %% [markdown]
# **Think it over.** A chat program adds a system message in the middle of a conversation: "The user now has the pro plan."
# Your function hoists it to the top. What may go wrong?
#
# <details><summary>One answer</summary>
# The model reads it before everything else, as if it had always been so, and the order of events is lost.
# For news in mid-conversation, put it in the next user message instead.
# </details>

# %% [markdown]
# ## One request, converted by hand
#
# Here is a request from a real program, and the same request for Claude.

# %%
openai_request = {
    "model": MODEL,
    "messages": openai_messages,
    "max_completion_tokens": 300,
    "temperature": 0.2,
    "stop": "END",
    "user": "user_417",
    "n": 1,
}

# %%
request = {
    "model": MODEL,
    "max_tokens": 300,
    "system": "You are a concise technical assistant.",
    "messages": [{"role": "user", "content": "Explain idempotency in one sentence."}],
    "stop_sequences": ["END"],
    "metadata": {"user_id": "user_417"},
}
side_by_side(openai_request, request)

# %% [markdown]
# | OpenAI | Here | |
# |---|---|---|
# | `max_completion_tokens`, in older code `max_tokens` | `max_tokens` | required |
# | `stop`: a string or a list | `stop_sequences`: a list | renamed |
# | `user` | `metadata.user_id` | renamed |
# | `temperature`, `top_p` | none | removed |
# | `n`, `seed`, `logprobs`, `logit_bias`, the penalties | none | removed |
#
# **Predict.** What will the SDK say to `temperature`?

# %%
with expect_error(TypeError):  # this cell is meant to fail
    client.messages.create(temperature=0.2, **request)

# %% [markdown]
# The parameter is gone from the SDK, and the newest API version answers 400 even if you smuggle it in.
# Say in the prompt what you used it for: "Answer in one sentence, without variations", or "Give five different titles".
#
# **Exercise · `convert_request` · 10 minutes · 7 points**
#
# Convert a whole request, so that `client.messages.create(**convert_request(r))` works.


# %% nbgrader={"grade_id": "convert_request", "solution": true}
def convert_request(openai_request: dict) -> dict:
    """Return the Messages request for an OpenAI chat completion request.

    openai_request: names a Claude model already; keep it. Contents are str,
        nothing in it is None.
    The reply's limit is max_completion_tokens, else max_tokens, else 1024.
    stop (str or list), user and the system messages move to their new places,
    and only when they are there. Anything else, in the table or not, is left out.
    The request you are given stays as it is.
    10 minutes, 7 points.

    >>> convert_request({"model": "claude-sonnet-4-6", "stop": "END", "seed": 7,
    ...                  "messages": [{"role": "user", "content": "Hello"}]})
    {'model': 'claude-sonnet-4-6', 'max_tokens': 1024,
     'messages': [{'role': 'user', 'content': 'Hello'}],
     'stop_sequences': ['END']}
    """
    ### BEGIN SOLUTION
    old = openai_request
    system, messages = split_system(old["messages"])
    limit = old.get("max_completion_tokens") or old.get("max_tokens") or 1024
    request = {"model": old["model"], "max_tokens": limit, "messages": messages}
    if system is not None:
        request["system"] = system
    if old.get("stop"):
        stop = old["stop"]
        request["stop_sequences"] = [stop] if isinstance(stop, str) else stop
    if old.get("user"):
        request["metadata"] = {"user_id": old["user"]}
    return request
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_convert_request", "grade": true}
check("convert_request")

# %% [markdown]
# ## An image is a block
#
# A message's content is a string or a list of typed blocks; a string is short for one text block.
# OpenAI puts images in parts of type `image_url`. Here is one, and the block that says the same.

# %%
part = {"type": "image_url", "image_url": {"url": sample_image(), "detail": "low"}}
head, data = part["image_url"]["url"].split(",", 1)
block = {
    "type": "image",
    "source": {"type": "base64", "media_type": "image/png", "data": data},
}
side_by_side(part, block)

# %%
show_image(sample_image(), text="a red square")

# %%
question = {"type": "text", "text": "What colour is this square?"}
message = client.messages.create(
    model=MODEL, max_tokens=300, messages=[{"role": "user", "content": [block, question]}]
)
show(message.content)

# %% [markdown]
# The picture comes before the question, as on a page.
# An address on the web has a source of its own: `{"type": "url", "url": "https://…"}`.
#
# What does the API say to the part as it was?

# %%
with expect_error(400):  # this cell is meant to fail
    client.messages.create(
        model=MODEL, max_tokens=300, messages=[{"role": "user", "content": [part, question]}]
    )

# %% [markdown]
# **Exercise · `convert_image_part` · 6 minutes · 4 points**
#
# Convert one image part, be it a data URI or an address on the web.


# %% nbgrader={"grade_id": "convert_image_part", "solution": true}
def convert_image_part(part: dict) -> dict:
    """Return the image block for an OpenAI image_url part.

    part: its url is a base64 data URI ("data:image/png;base64,…"; jpeg, gif and
        webp too) or any https address, which the API fetches by itself
    6 minutes, 4 points.

    >>> convert_image_part({"type": "image_url",
    ...                     "image_url": {"url": "https://example.com/cat.png"}})
    {'type': 'image', 'source': {'type': 'url', 'url': 'https://example.com/cat.png'}}
    """
    ### BEGIN SOLUTION
    url = part["image_url"]["url"]
    if not url.startswith("data:"):
        return {"type": "image", "source": {"type": "url", "url": url}}
    head, data = url.split(",", 1)
    media_type = head.removeprefix("data:").removesuffix(";base64")
    source = {"type": "base64", "media_type": media_type, "data": data}
    return {"type": "image", "source": source}
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_convert_image_part", "grade": true}
check("convert_image_part")

# %% [markdown]
# ## What a reply may hold
#
# `replay` gives you prepared replies, so that you can see rare ones too.
#
# **Predict.** For how many of these five does `message.content[0].text` work?

# %%
SCENES = ("text", "thinking", "two texts", "refusal", "empty")
for scene in SCENES:
    reply = replay(scene)
    print(f"{scene:10} {reply.stop_reason:10}", [block.type for block in reply.content])

# %% [markdown]
# For two of the five, and for one of those it loses half of the text:

# %%
for scene in SCENES:
    try:
        print(f"{scene:10}", repr(replay(scene).content[0].text))
    except (AttributeError, IndexError) as error:
        print(f"{scene:10}", type(error).__name__, error)

# %% [markdown]
# The refusal has no content at all, but it says why, in `stop_details`:

# %%
show(replay("refusal").stop_details)

# %% [markdown]
# **Exercise · `text_of` · 5 minutes · 4 points**
#
# Return all the text of a reply, whatever it holds.


# %% nbgrader={"grade_id": "text_of", "solution": true}
def text_of(message) -> str:
    """Return the text of a reply: all its text blocks, joined with nothing between.

    message: an anthropic.types.Message
    A reply without text gives "".
    5 minutes, 4 points.

    >>> text_of(replay("text"))
    'Paris.'
    """
    ### BEGIN SOLUTION
    return "".join(block.text for block in message.content if block.type == "text")
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_text_of", "grade": true}
check("text_of")

# %% [markdown]
# **Think it over.** `text_of` gives `""` for a refusal. Is that what your user should see?
#
# <details><summary>One answer</summary>
# No. An empty answer looks like a fault of your program.
# Look at <code>stop_reason</code> before you look at the text: that is the next exercise.
# </details>

# %% [markdown]
# Here are four ways of reading, tried on six kinds of reply. Yours is most likely one of them.
#
# **Predict.** `content[-1].text` is another habit: the last block. On which kinds does it survive?

# %%
block_explorer()

# %% [markdown]
# ## Why it stopped
#
# Every reply says why it ended. Seven reasons are known today:
#
# | `stop_reason` | What happened | OpenAI's word |
# |---|---|---|
# | `end_turn` | the model was done | `stop` |
# | `stop_sequence` | one of your stop sequences came up | `stop` |
# | `max_tokens` | your limit was reached | `length` |
# | `model_context_window_exceeded` | the context window was full | `length` |
# | `tool_use` | the model waits for a tool | `tool_calls` |
# | `refusal` | the request was declined | `content_filter` |
# | `pause_turn` | a long turn was paused: send it back to go on | none |
#
# Two of them, made on purpose:

# %%
cut = client.messages.create(
    model=MODEL,
    max_tokens=8,
    messages=[{"role": "user", "content": "What is an API?"}],
)
stopped = client.messages.create(
    model=MODEL,
    max_tokens=300,
    stop_sequences=["four"],
    messages=[{"role": "user", "content": "Count from one to five."}],
)
for reply in (cut, stopped):
    texts = [block.text for block in reply.content if block.type == "text"]
    print(reply.stop_reason, reply.stop_sequence, texts)

# %% [markdown]
# The stop sequence itself is not part of the text.
# And you pay for a reply that was cut off like for any other:

# %%
show(cut.usage)

# %% [markdown]
# **Exercise · `finish_reason` · 6 minutes · 5 points**
#
# Say in OpenAI's words why a reply ended, for the parts of your program that still expect them.


# %% nbgrader={"grade_id": "finish_reason", "solution": true}
def finish_reason(message) -> str:
    """Return OpenAI's word for a reply's stop reason.

    message: an anthropic.types.Message
    One of "stop", "length", "tool_calls", "content_filter". Raises ValueError
    for a reason that OpenAI has no word for, such as pause_turn, and for any
    that is new. What the reply holds does not matter.
    6 minutes, 5 points.

    >>> finish_reason(replay("max_tokens"))
    'length'
    """
    ### BEGIN SOLUTION
    words = {
        "end_turn": "stop",
        "stop_sequence": "stop",
        "max_tokens": "length",
        "model_context_window_exceeded": "length",
        "tool_use": "tool_calls",
        "refusal": "content_filter",
    }
    if message.stop_reason not in words:
        raise ValueError(f"no word for stop_reason {message.stop_reason!r}")
    return words[message.stop_reason]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_finish_reason", "grade": true}
check("finish_reason")

# %% [markdown]
# **In your own code.** Search it for `temperature`, for `"role": "system"` and for `image_url`.
#
# **For your migration checklist:**
# - The system prompt is a parameter; `developer` messages went the same way.
# - Every request is built from what the API knows, not from what OpenAI knew.
# - Text is read from all text blocks, and may be empty.
# - Every stop reason has a branch, and an unknown one is an error.
#
# Next comes lesson 02, where a conversation has a memory because you give it one.

# %%
progress()
