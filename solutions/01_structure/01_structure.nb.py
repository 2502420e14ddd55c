# %% [markdown]
# # Two shapes of one request
#
# 70 minutes · 5 exercises · 29 points
#
# Forty places in your code build requests for OpenAI, and somebody has asked how long the port will take.
# Most of it is moving things: the system prompt, the limits, the images, the way you read a reply.
# In this lesson you write the five small functions that do it, for Chat Completions and for Responses.
#
# After it you can:
# - put the system prompt where it belongs
# - write and read content as typed blocks
# - tell required, renamed and removed parameters apart
# - act on every stop reason

# %%
from grader.classroom import block_explorer, calibration, check, connect, expect_error, hint
from grader.classroom import picture, predict, progress, replay, review, sample_image, show
from grader.classroom import show_image, side_by_side, solution

MODEL = "claude-sonnet-4-6"
NEWER = "claude-sonnet-5-5"  # it thinks before it answers
client = connect()

# %% [markdown]
# Here is where each part of a request goes:

# %%
picture("where_parts_go")

# %% [markdown]
# ## The system prompt moves out
#
# In Chat Completions, instructions are messages. What happens if you send them that way?

# %%
predict("system-message")

# %%
openai_messages = [
    {"role": "system", "content": "You are a concise technical assistant."},
    {"role": "user", "content": "Explain idempotency in one sentence."},
]

with expect_error():  # this cell is meant to fail
    client.messages.create(model=MODEL, max_tokens=300, messages=openai_messages)

# %% [markdown]
# Refused, and the error says where it belongs: `system` is a parameter, as `instructions` is in Responses.
# (The part after the semicolon is about a special form that you don't need.)

# %%
message = client.messages.create(
    model=MODEL,
    max_tokens=300,
    system="You are a concise technical assistant.",
    messages=[{"role": "user", "content": "Explain idempotency in one sentence."}],
)
show(message.content)

# %% [markdown]
# | Chat Completions | Responses | Messages |
# |---|---|---|
# | role `system`, or `developer` in newer code | `instructions`, or a `system` or `developer` message in `input` | the parameter `system` |
# | `user`, `assistant` | `user`, `assistant` | `user`, `assistant` |
# | role `tool` | an item `function_call_output`, without a role | a block in a `user` message: lesson 03 |
#
# The content of OpenAI's system messages is a string, or a list of parts that each have a `text`.
#
# Why a parameter? Instructions come from you and rank above what users say, and a prefix that never changes can be cached (lesson 07).
# Some newer models take a `system` message later in a conversation; none takes one at the start.
#
# **Exercise · `split_system` · 8 minutes · 5 points**
#
# Take the instructions out of a list of OpenAI's messages, of either API.


# %% nbgrader={"grade_id": "split_system", "solution": true}
def split_system(openai_messages: list[dict]) -> tuple[str | None, list[dict]]:
    r"""Return the system text, and the other messages.

    openai_messages: messages of Chat Completions, or items of Responses, where a
        call, its result and reasoning have no role. The content of system and
        developer messages is a str, or a list of parts that each have a text.
        They may be anywhere, or be all there is.
    Join all texts, those of parts too, with a blank line, in order. If there are
    none, the text is None. Return all other messages and items unchanged.
    Don't change the list you are given.
    8 minutes, 5 points.

    >>> split_system([{"role": "system", "content": "Be brief."},
    ...               {"role": "developer", "content": "Use English."},
    ...               {"role": "user", "content": "Hello"}])
    ('Be brief.\n\nUse English.', [{'role': 'user', 'content': 'Hello'}])
    """
    ### BEGIN SOLUTION
    texts, others = [], []
    for message in openai_messages:
        if message.get("role") not in ("system", "developer"):
            others.append(message)
        elif isinstance(message["content"], str):
            texts.append(message["content"])
        else:
            texts.extend(part["text"] for part in message["content"])
    return "\n\n".join(texts) or None, others
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_split_system", "grade": true}
check("split_system")

# %% [markdown]
# **Think it over.** A chat program adds a system message in the middle of a conversation: "The user now has the pro plan."
# Your function moves it to the top. What can go wrong?
#
# <details><summary>One answer</summary>
# Claude reads it before everything else, as if it had always been true, and the order of events is lost.
# When something changes in mid-conversation, say so at that point: in the next user message, or on newer models in a `system` message (lesson 02).
# </details>

# %% [markdown]
# ## One request, converted by hand
#
# One request from a real program, for Chat Completions, for Responses (which has no stop sequences), and for Claude.

# %%
chat_request = {
    "model": MODEL,
    "messages": openai_messages,
    "max_completion_tokens": 2000,
    "reasoning_effort": "low",
    "temperature": 0.2,
    "stop": "END",
    "user": "user_417",
}

# %%
responses_request = {
    "model": MODEL,
    "instructions": "You are a concise technical assistant.",
    "input": "Explain idempotency in one sentence.",
    "max_output_tokens": 2000,
    "reasoning": {"effort": "low"},
    "temperature": 0.2,
    "safety_identifier": "user_417",
}

# %%
request = {
    "model": MODEL,
    "max_tokens": 2000,
    "system": "You are a concise technical assistant.",
    "messages": [{"role": "user", "content": "Explain idempotency in one sentence."}],
    "output_config": {"effort": "low"},
    "stop_sequences": ["END"],
    "metadata": {"user_id": "user_417"},
}
side_by_side(chat_request, responses_request, request)

# %% [markdown]
# | Chat Completions | Responses | Messages | What changed |
# |---|---|---|---|
# | `max_completion_tokens`, in older code `max_tokens` | `max_output_tokens` | `max_tokens` | required |
# | `messages` | `input`: a string or a list | `messages` | always a list |
# | `reasoning_effort` | `reasoning.effort` | `output_config.effort` | moved; no `none`, no `minimal` |
# | `stop`: a string or a list | none | `stop_sequences`: a list | renamed |
# | `user`, newer: `safety_identifier` | `user`, newer: `safety_identifier` | `metadata.user_id` | renamed |
# | `temperature`, `top_p` | `temperature`, `top_p` | none | removed |
# | `n`, `seed`, `logprobs`, `logit_bias`, the penalties | only `top_logprobs` | none | removed |
# | `store` | `store`, `previous_response_id` | none | you send the whole conversation |

# %%
predict("temperature")

# %%
with expect_error(TypeError):  # this cell is meant to fail
    client.messages.create(temperature=0.2, **request)

# %% [markdown]
# The parameter is gone from the SDK, and the API answers 400 even if you smuggle it in.
# Ask for variety in the prompt: "Give five different titles." Nothing replaces `temperature=0`: no prompt makes a model repeat itself word for word, so let your tests allow for that.
#
# ## Effort, and what it does to max_tokens
#
# The dial that you do have is effort. It says how much work a reply deserves: more text, more tool calls, and on models that think, more thinking.

# %%
predict("highest-effort")

# %%
question = {"role": "user", "content": "What makes an API call safe to retry?"}
for effort in ("low", "high", "max"):
    reply = client.messages.create(
        model=NEWER, max_tokens=4000, messages=[question], output_config={"effort": effort}
    )
    total = reply.usage.output_tokens
    thought = reply.usage.output_tokens_details.thinking_tokens
    print(f"{effort:5} {total:4} tokens: {thought:3} of thinking, {total - thought:2} of text")

# %% [markdown]
# With more effort the answer says more. But what makes `max` expensive is thinking (here as the course simulates it).
# You pay for thinking as output, even where its text isn't shown to you. And it counts against `max_tokens`.

# %%
predict("starved")

# %%
starved = client.messages.create(
    model=NEWER, max_tokens=200, messages=[question], output_config={"effort": "max"}
)
print(starved.stop_reason, [block.type for block in starved.content])

# %% [markdown]
# No text at all, no error, and 200 tokens on the bill.
# It happens when a limit that was right for a model that doesn't think is kept for one that does.
# Your converted requests keep the limits that they had, so look at each of them when the model changes.
# There are two cures: leave room, since a high limit costs nothing unless it's used; or ask for less effort.

# %%
for change in ({"max_tokens": 4000}, {"output_config": {"effort": "low"}}):
    cured = {"max_tokens": 200, "output_config": {"effort": "max"}, **change}
    reply = client.messages.create(model=NEWER, messages=[question], **cured)
    print(reply.stop_reason, *[block.text for block in reply.content if block.type == "text"])

# %% [markdown]
# | OpenAI's effort | Claude's |
# |---|---|
# | `none`, `minimal` | `low`: the least there is |
# | `low`, `medium`, `high` | the same |
# | `xhigh`, `max` | the same, on models that have it; a model without it answers 400 and lists its levels |
#
# Leave effort out, and the model uses its default: `high`, and `medium` on Opus 5.5 and Haiku 5.5. Some older models don't accept an effort, and answer 400.
#
# **Exercise · `convert_request` · 15 minutes · 10 points**
#
# Convert a whole request, so that `client.messages.create(**convert_request(old))` works.


# %% nbgrader={"grade_id": "convert_request", "solution": true}
def convert_request(openai_request: dict) -> dict:
    """Return the Messages request for a request of either of OpenAI's APIs.

    openai_request: for Chat Completions, with messages, or for Responses, with
        input (a str, or a list like messages) and perhaps instructions. It
        already names a Claude model; keep it. Contents are str.
    The reply's limit is max_completion_tokens or max_output_tokens, else
    max_tokens, else 1024. If they are there, move stop (str or list), the user
    (user or safety_identifier), the effort and all instructions (`instructions`
    first, all joined with a blank line) to their new places; if not, add no key,
    not even an empty one. The efforts none and minimal become low. Leave out
    anything else (stream, tools and metadata too), and add nothing.
    Don't change the request you are given.
    15 minutes, 10 points.

    >>> convert_request({"model": "claude-sonnet-4-6", "stop": "END", "seed": 7,
    ...                  "messages": [{"role": "user", "content": "Hello"}]})
    {'model': 'claude-sonnet-4-6', 'max_tokens': 1024,
     'messages': [{'role': 'user', 'content': 'Hello'}],
     'stop_sequences': ['END']}
    """
    ### BEGIN SOLUTION
    old = openai_request
    said = old["messages"] if "messages" in old else old["input"]
    if isinstance(said, str):
        said = [{"role": "user", "content": said}]
    if "instructions" in old:
        said = [{"role": "system", "content": old["instructions"]}, *said]
    system, messages = split_system(said)
    names = ("max_completion_tokens", "max_output_tokens", "max_tokens")
    limit = next((old[name] for name in names if name in old), 1024)
    request = {"model": old["model"], "max_tokens": limit, "messages": messages}
    if system is not None:
        request["system"] = system
    effort = old.get("reasoning_effort") or old.get("reasoning", {}).get("effort")
    if effort:
        effort = "low" if effort in ("none", "minimal") else effort
        request["output_config"] = {"effort": effort}
    if old.get("stop"):
        stop = old["stop"]
        request["stop_sequences"] = [stop] if isinstance(stop, str) else stop
    user = old.get("safety_identifier") or old.get("user")
    if user:
        request["metadata"] = {"user_id": user}
    return request
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_convert_request", "grade": true}
check("convert_request")

# %% [markdown]
# ## An image is a block
#
# A message's content is a string or a list of typed blocks. A plain string is shorthand for a single text block.
# OpenAI sends images in parts: `image_url` in Chat Completions, `input_image` in Responses. Here they are, and the block that says the same.

# %%
part = {"type": "image_url", "image_url": {"url": sample_image(), "detail": "low"}}
responses_part = {"type": "input_image", "image_url": sample_image(), "detail": "low"}
head, data = sample_image().split(",", 1)
block = {
    "type": "image",
    "source": {"type": "base64", "media_type": "image/png", "data": data},
}
side_by_side(part, responses_part, block)

# %%
show_image(sample_image(), text="a red square")

# %% [markdown]
# OpenAI's `detail` has no counterpart, so it goes.

# %%
asked = {"type": "text", "text": "What colour is this square?"}
message = client.messages.create(
    model=MODEL, max_tokens=300, messages=[{"role": "user", "content": [block, asked]}]
)
show(message.content)

# %% [markdown]
# The documentation recommends the picture first and the question after it; the other order works too.
# For a URL there's another kind of source: `{"type": "url", "url": "https://…"}`.
#
# What does the API say to OpenAI's part?

# %%
with expect_error(400):  # this cell is meant to fail
    client.messages.create(
        model=MODEL, max_tokens=300, messages=[{"role": "user", "content": [part, asked]}]
    )

# %% [markdown]
# **Exercise · `convert_image_part` · 7 minutes · 5 points**
#
# Convert one image part, with a data URI or a URL on the web.


# %% nbgrader={"grade_id": "convert_image_part", "solution": true}
def convert_image_part(part: dict) -> dict:
    """Return the image block for an image part of either of OpenAI's APIs.

    part: of type image_url (Chat Completions) or input_image (Responses). Its
        address is a base64 data URI ("data:image/png;base64,…"; jpeg, gif and
        webp too) or any https address, which the API fetches itself. Leave the
        address as it is, and the part too.
    7 minutes, 5 points.

    >>> convert_image_part({"type": "image_url",
    ...                     "image_url": {"url": "https://example.com/cat.png"}})
    {'type': 'image', 'source': {'type': 'url', 'url': 'https://example.com/cat.png'}}
    """
    ### BEGIN SOLUTION
    url = part["image_url"]
    if isinstance(url, dict):
        url = url["url"]
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
# `replay` gives you prepared replies, so that you see rare ones too.

# %%
SCENES = ("text", "thinking", "two texts", "refusal", "empty")
for scene in SCENES:
    reply = replay(scene)
    print(f"{scene:10} {reply.stop_reason:10}", [block.type for block in reply.content])

# %%
predict("zero-works")

# %%
for scene in SCENES:
    try:
        print(f"{scene:10}", repr(replay(scene).content[0].text))
    except (AttributeError, IndexError) as error:
        print(f"{scene:10}", type(error).__name__, error)

# %% [markdown]
# Two raise no error, and of the two texts you get only the first: it's right once in five.
#
# The refusal has no content at all. It says why in `stop_details`:

# %%
show(replay("refusal").stop_details)

# %% [markdown]
# **Exercise · `text_of` · 5 minutes · 4 points**
#
# Return all the text of a reply, as `output_text` does in Responses.


# %% nbgrader={"grade_id": "text_of", "solution": true}
def text_of(message) -> str:
    """Return the text of a reply: all its text blocks, joined with nothing in between.

    message: an anthropic.types.Message
    If the reply has no text, return "".
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
# No. An empty answer looks like a bug in your program.
# Look at <code>stop_reason</code> before you look at the text: that's the next exercise.
# </details>

# %% [markdown]
# Here are four ways to read a reply, tried on those five kinds and one more, a lone tool call. Your code probably has one of them.

# %%
predict("last-block")

# %%
block_explorer()

# %% [markdown]
# ## Why it stopped
#
# Every reply says why it ended. Today there are seven reasons (an eighth, `compaction`, comes only with the beta of that name: lesson 02):
#
# | `stop_reason` | What happened | Chat Completions | Responses |
# |---|---|---|---|
# | `end_turn` | Claude was done | `stop` | `completed` |
# | `stop_sequence` | one of your stop sequences came up | `stop` | none |
# | `max_tokens` | it reached your limit | `length` | `incomplete`: `max_output_tokens` |
# | `model_context_window_exceeded` | the context window was full | `length` | none |
# | `tool_use` | Claude waits for a tool | `tool_calls` | `completed`, with a `function_call` |
# | `refusal` | Claude declined | `content_filter` | `incomplete`: `content_filter`, or a `refusal` part |
# | `pause_turn` | a long turn was paused: send it back to go on | none | none |
#
# Here are two of them:

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
# The stop sequence isn't part of the text.
# And you still pay for a reply that was cut off:

# %%
print(cut.usage.output_tokens, "tokens of output")

# %% [markdown]
# **Exercise · `finish_reason` · 6 minutes · 5 points**
#
# Say why a reply ended, in the words of Chat Completions, because parts of your program still expect them.


# %% nbgrader={"grade_id": "finish_reason", "solution": true}
def finish_reason(message) -> str:
    """Return OpenAI's word for a reply's stop reason.

    message: an anthropic.types.Message
    One of "stop", "length", "tool_calls", "content_filter". Raises ValueError
    for a reason that OpenAI has no word for, such as pause_turn or compaction,
    and for any new one. Only the stop reason matters, not the reply's content.
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
# **In your own code.** Search it for `temperature`, `"role": "system"`, `instructions=`, `reasoning`, and `image_url`.
# Every hit is a line to change.

# %%
calibration()

# %% [markdown]
# ## In short
#
# Instructions go into `system`, everything else into `messages`, and content is a string or a list of typed blocks.
# Build each request from what this API knows: start from an empty dict and add what you keep.
# Effort is the dial; thinking counts against `max_tokens`, so leave room for it.
# Join all text blocks, expect that there may be none, and give every stop reason a branch. An unknown one is an error.
#
# | Task | Chat Completions | Responses | Messages |
# |---|---|---|---|
# | Instructions | `{"role": "system", …}` or `developer`, in `messages` | `instructions` | `system` |
# | Limit the reply | `max_completion_tokens` | `max_output_tokens` | `max_tokens`, required; thinking counts |
# | Set the effort | `reasoning_effort` | `reasoning={"effort": …}` | `output_config={"effort": …}`: `low` and up |
# | Stop early | `stop`: a string or a list | none | `stop_sequences`: a list |
# | Name the user | `user`, `safety_identifier` | `safety_identifier` | `metadata={"user_id": …}` |
# | Send an image | `{"type": "image_url", "image_url": {"url"}}` | `{"type": "input_image", "image_url"}` | `{"type": "image", "source": {"type": "base64", "media_type", "data"}}` or `{"type": "url", "url"}` |
# | See why it ended | `choices[0].finish_reason` | `status`, `incomplete_details.reason` | `stop_reason`, `stop_details` |
# | `temperature`, `n`, `seed` | parameters | `temperature` only | none: gone from the SDK |
#
# *Reference:* [Using the Messages API](https://platform.claude.com/docs/en/build-with-claude/working-with-messages) · [Effort](https://platform.claude.com/docs/en/build-with-claude/effort) · [Thinking](https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking) · [Stop reasons](https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons) · [Vision](https://platform.claude.com/docs/en/build-with-claude/vision).
# *Next:* [02 · Conversations](../02_conversations/02_conversations.ipynb), where Claude remembers only what you send.

# %%
progress()
