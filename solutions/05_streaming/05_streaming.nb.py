# %% [markdown]
# # Streaming: events, not chunks
#
# 75 minutes · 5 exercises · 31 points
#
# Your support bot takes ten seconds for a long answer, and people close the tab before it comes.
# A stream shows them the first words at once. It's the same reply, in many pieces.
# With OpenAI's Chat Completions all pieces have one shape; here each is an event with a type, and your code branches on the type.
#
# After this lesson you can:
# - name the six events of a stream, and what each of them carries
# - show text as it comes, and still get the whole message
# - put a message together from its events
# - tell when a tool's input is whole
# - measure how long a reader waits for the first word
# - stop a stream early, and close it

# %%
import copy
import json
import time

from grader.classroom import Pace, StreamView, calibration, check, connect, connect_async
from grader.classroom import connect_openai, event_scrubber, expect_error, hint, picture
from grader.classroom import predict, progress, replay_events, replay_stream, review, show
from grader.classroom import solution

MODEL = "claude-sonnet-4-6"
client = connect()

# %% [markdown]
# ## Chunks and events
#
# You know this loop: chunk after chunk, perhaps with some text in it. (The first one has an empty text here, the last one none.)

# %%
openai_client = connect_openai()
question = [{"role": "user", "content": "Write a haiku about version control."}]

for chunk in openai_client.chat.completions.create(model=MODEL, messages=question, stream=True):
    print(chunk.choices[0].delta.content, end="|")

# %% [markdown]
# OpenAI's newer API, Responses, has left the chunks behind. It sends events with types:

# %%
for event in openai_client.responses.create(model=MODEL, input=question, stream=True):
    if event.type == "response.output_text.delta":
        print(event.delta, end="|")

# %% [markdown]
# The Messages API streams too when you say `stream=True`.

# %%
predict("chunk-loop")

# %%
request = {"model": MODEL, "max_tokens": 1000, "messages": question}

with expect_error(AttributeError):  # this cell is meant to fail
    for chunk in client.messages.create(stream=True, **request):
        print(chunk.choices[0].delta.content, end="|")

# %% [markdown]
# The very first event: no event has `choices`, so the attribute is missing at once.
# Here is everything that comes, by its type:

# %%
for event in client.messages.create(stream=True, **request):
    print(event.type)

# %% [markdown]
# | Event | What it carries |
# |---|---|
# | `message_start` | the message without its content: id, model, the tokens of your input |
# | `content_block_start` | an empty block, and its `index` |
# | `content_block_delta` | a piece of the block with that `index` |
# | `content_block_stop` | the `index` of a block that's whole now |
# | `message_delta` | how it ended: `stop_reason`, and the final `usage` |
# | `message_stop` | nothing more |
#
# Each further block has its own start, deltas and stop:

# %%
picture("typed_events")

# %% [markdown]
# If you know the events of Responses, you know most of these already:
#
# | What happens | Chat Completions | Responses | Messages |
# |---|---|---|---|
# | the reply begins | the first chunk | `response.created` | `message_start` |
# | a part begins | | `response.output_item.added` | `content_block_start` |
# | a piece of text | `delta.content` | `response.output_text.delta` | `content_block_delta` with a `text_delta` |
# | a piece of a call | `delta.tool_calls` | `response.function_call_arguments.delta` | `content_block_delta` with an `input_json_delta` |
# | a part is whole | | `response.output_item.done` | `content_block_stop` |
# | the end | `finish_reason`, then `[DONE]` | `response.completed`, or `.incomplete`, or `.failed` | `message_delta`, then `message_stop` |
#
# ## On the wire
#
# Each event is two lines of text and a blank one: its name, and its data as JSON.

# %%
with client.messages.with_streaming_response.create(stream=True, **request) as response:
    lines = list(response.iter_lines())

for line in lines[:6]:
    print(line[:100])

# %% [markdown]
# There may be spaces before the last brace: they're padding. Parse the data; never compare it as text.

# %%
events = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
print(len(events), "events, the last one", events[-1])

# %%
predict("six-types")

# %%
SIX = ["message_start", "content_block_start", "content_block_delta", "content_block_stop"]
SIX += ["message_delta", "message_stop"]

with expect_error(ValueError):  # this cell is meant to fail
    for event in events:
        print(SIX.index(event["type"]), event["type"])

# %% [markdown]
# As far as the `ping`, which keeps the connection awake. It can come at any time; the SDK leaves it out.
# The API may add types of events too, so skip any event type you don't recognise.
# And there's no `[DONE]`: the last event is `message_stop`.
#
# ## Text as it comes
#
# Most of the time you want two things: text for the screen, at once, and the message, at the end.

# %%
with client.messages.stream(**request) as stream:
    for text in stream.text_stream:
        print(text, end="|", flush=True)
    message = stream.get_final_message()

print()
print(message.stop_reason, message.usage.output_tokens)

# %% [markdown]
# `messages.stream` is the SDK's helper. It sends the same request, and puts the pieces together as they come.
# Without `with` you hold only the manager of a stream, and no stream:

# %%
with expect_error(AttributeError):  # this cell is meant to fail
    for text in client.messages.stream(**request).text_stream:
        print(text, end="|")

# %% [markdown]
# When you need more than the text, read the helper's events.

# %%
predict("each-word")

# %%
with client.messages.stream(**request) as stream:
    for event in stream:
        if event.type == "content_block_delta" and event.delta.type == "text_delta":
            print(event.delta.text, end="|")
        if event.type == "text":
            print(event.text, end="|")

# %% [markdown]
# Twice. After each delta from the wire the helper adds an event of its own: `text`, `thinking`, `input_json` and some more.
# Read the wire's events or the helper's, never both.
#
# **Exercise · `stream_text` · 8 minutes · 7 points**
#
# Pass on each piece of text as it comes, and return the message.


# %% nbgrader={"grade_id": "stream_text", "solution": true}
def stream_text(client, request: dict, on_text):
    """Stream a reply, pass on its text as it comes, and return the whole Message.

    client: an anthropic.Anthropic
    request: for client.messages.stream(**request); don't change it
    on_text: a function of one argument; call it with each piece of text, a str,
        before you read the next one
    Thinking and tool calls aren't text. Let API errors pass through, and what
    on_text raises.
    8 minutes, 7 points.

    >>> message = stream_text(client, request, print)
    Branches
     drift apart,
    …
    >>> message.stop_reason
    'end_turn'
    """
    ### BEGIN SOLUTION
    with client.messages.stream(**request) as stream:
        for text in stream.text_stream:
            on_text(text)
        return stream.get_final_message()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_stream_text", "grade": true}
check("stream_text")

# %% [markdown]
# **Think it over.** A nightly job summarises 10,000 reports, and nobody watches. Should it stream?
#
# <details><summary>One answer</summary>
# Not for the reader's sake: the reply is the same, and its tokens cost the same.
# For long replies it should. The SDK refuses a plain request whose <code>max_tokens</code> could take longer than ten minutes; a stream may take that long.
# <code>get_final_message()</code> then gives you what <code>create</code> would have returned.
# </details>
#
# ## Blocks and their deltas
#
# A reply is a list of blocks, streamed or not. This model thinks first:

# %%
thinking_request = {**request, "model": "claude-sonnet-5-5"}

for event in client.messages.create(stream=True, **thinking_request):
    if event.type == "content_block_start":
        print(event.index, event.content_block.type)
    if event.type == "content_block_delta":
        print(event.index, "  ", event.delta.type)

# %% [markdown]
# Block 0 is thinking without words: no `thinking_delta` came, only a signature.
# The newest models leave the text of their thinking out, unless you ask for a summary with `thinking={"type": "adaptive", "display": "summarized"}`.
#
# The text is in block 1. The `index` says where a delta belongs, and the delta's own type says what it is:
#
# | Delta | Its piece | What to do with it |
# |---|---|---|
# | `text_delta` | `text` | add it to the block's `text` |
# | `thinking_delta` | `thinking` | add it to the block's `thinking` |
# | `signature_delta` | `signature` | it is the block's `signature` |
# | `input_json_delta` | `partial_json` | keep it until the block is whole: next section |
# | `citations_delta` | `citation` | append it to the block's `citations` |
#
# Usage comes twice: at the start, and at the end. Here's that of the haiku from above, whose `events` you still have:

# %%
print(events[0]["message"]["usage"]["output_tokens"], "at the start")
print(events[-2]["usage"]["output_tokens"], "at the end")
show(events[-2])

# %% [markdown]
# The one at the end counts. Counts in a `message_delta` are totals so far: each replaces the one before.
# What it doesn't repeat, such as `service_tier`, stays as it was in `message_start`.
#
# ## A tool call in pieces
#
# `replay_events` gives you the events of a prepared reply, as dicts.
# In this one Claude says a few words and asks for two tools.

# %%
events = replay_events("two calls")
for event in events:
    if event["type"] == "content_block_start":
        print(event["index"], event["content_block"])
    if event["type"] == "content_block_delta" and event["delta"]["type"] == "input_json_delta":
        print(event["index"], "  ", repr(event["delta"]["partial_json"]))

# %% [markdown]
# `caller` says who asked for the call: `direct` is Claude itself, anything else is code that Claude wrote and the API ran.

# %%
deltas = [event["delta"] for event in events if event["type"] == "content_block_delta"]
pieces = [delta["partial_json"] for delta in deltas if delta["type"] == "input_json_delta"]

with expect_error(json.JSONDecodeError):  # this cell is meant to fail
    json.loads(pieces[1])

# %% [markdown]
# A piece can end anywhere: in the middle of a word, or right after a brace.
# The JSON is whole when the block is: at its `content_block_stop`. Join the pieces, and parse once.
#
# `get_time` takes no arguments, and its input has no JSON at all:

# %%
with expect_error(json.JSONDecodeError):  # this cell is meant to fail
    json.loads(pieces[-1])

print(json.loads(pieces[-1] or "{}"))

# %% [markdown]
# The SDK's helper does this for you: in `stream.get_final_message()` inputs are dicts.
# One trap is left. A reply that `max_tokens` cuts off may end in half a call: its pieces don't add up to JSON, and the helper shows you the half that it could read.
# Run tools only when `stop_reason` is `tool_use`.
#
# ## When it breaks off
#
# The API can run out of capacity in the middle of an answer. By then it has already sent status 200.
# `replay_stream` plays a prepared reply as the SDK's helper would stream it.

# %%
predict("breaks-off")

# %%
with expect_error(200), replay_stream("overloaded") as stream:  # this cell is meant to fail
    for text in stream.text_stream:
        print(text)

# %%
show(replay_events("overloaded")[-1])

# %% [markdown]
# An exception, in the middle of the answer. The last event has the type `error`, and the SDK raises an `APIStatusError`.
# It isn't an `OverloadedError`, because the status is 200: look at `error.type` instead.
# And the SDK doesn't try again. Your user has read a part of the answer, and only you know what to do about that.
#
# ## Put the message together
#
# You've seen every piece. Step through them once more, and watch what each one changes:

# %%
event_scrubber(replay_events("two calls"))

# %% [markdown]
# Now build what `get_final_message` builds.
# In Python the SDK does it for you; in a browser, a proxy or a log you'll do it yourself.
#
# A block of the type `server_tool_use` is a call that the API makes and answers by itself, such as a web search; your code doesn't run it.
#
# **Exercise · `accumulate` · 12 minutes · 11 points**
#
# Build the message from a stream's events.


# %% nbgrader={"grade_id": "accumulate", "solution": true}
def accumulate(events: list[dict]) -> dict:
    """Return the message that a stream's events make up, as a dict.

    events: the data of each event, in order, as on the wire; don't change them
    Build the message that a call without a stream would have returned: its
    fields, every block with all of its pieces, a tool's input as a dict, its
    end and its usage. Skip pings, and types of events and deltas that you don't
    know; you may skip citations_delta too, and the input of a server_tool_use (it
    then stays {}). max_tokens doesn't cut off any reply here. message_delta may
    come twice. In a log that breaks off, message_delta and message_stop may be
    missing, but each block in it is whole; stop_reason then stays None.
    Raises RuntimeError for an error event; its text names the error's type.
    12 minutes, 11 points.

    >>> message = accumulate(replay_events("two calls"))
    >>> message["content"][2]
    {'type': 'tool_use', 'id': 'toolu_01…', 'name': 'get_time', 'input': {}, …}
    """
    ### BEGIN SOLUTION
    message, written = {}, {}
    for event in copy.deepcopy(events):
        kind, index = event["type"], event.get("index")
        if kind == "message_start":
            message = event["message"]
        elif kind == "content_block_start":
            message["content"].append(event["content_block"])
            written[index] = ""
        elif kind == "content_block_delta":
            block, delta = message["content"][index], event["delta"]
            if delta["type"] == "text_delta":
                block["text"] += delta["text"]
            elif delta["type"] == "thinking_delta":
                block["thinking"] += delta["thinking"]
            elif delta["type"] == "signature_delta":
                block["signature"] = delta["signature"]
            elif delta["type"] == "input_json_delta":
                written[index] += delta["partial_json"]
        elif kind == "content_block_stop" and written[index]:
            message["content"][index]["input"] = json.loads(written[index])
        elif kind == "message_delta":
            message.update(event["delta"])
            message["usage"].update(event["usage"])
        elif kind == "error":
            raise RuntimeError(f"the stream ended with {event['error']['type']}")
    return message
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_accumulate", "grade": true}
check("accumulate")

# %% [markdown]
# **Think it over.** The line drops, and the events end without a `message_stop` and without an error. What does your function return, and who should notice?
#
# <details><summary>One answer</summary>
# A message whose <code>stop_reason</code> is <code>None</code>: nobody has said how it ended.
# If you store it or show it, check that first. The SDK raises an exception when a connection drops; a log that was cut short raises nothing.
# </details>
#
# ## Before the end
#
# A reply with several calls takes a while. As soon as the first call's block is whole, your program can show it, or begin to look something up.

# %%
predict("second-call")

# %%
so_far = replay_events("two calls")[:-4]
for event in so_far:
    if event["type"] == "content_block_start":
        print(event["index"], event["type"], event["content_block"].get("name", ""))
    if event["type"] == "content_block_stop":
        print(event["index"], event["type"])

# %% [markdown]
# Block 1 is whole. Block 2 has begun: you know its name, and its `input` is the empty dict that every call begins with.
# That's a placeholder, not the input.
#
# **Exercise · `tool_inputs` · 6 minutes · 4 points**
#
# List the calls that are complete.


# %% nbgrader={"grade_id": "tool_inputs", "solution": true}
def tool_inputs(events: list[dict]) -> list[tuple[str, dict]]:
    """Return the name and the input of each complete tool call, in order.

    events: the data of each event so far, as on the wire; the stream may go on
    A call is complete when its block's content_block_stop has come, because
    max_tokens doesn't cut off any reply here. The events of two blocks may
    alternate, so tell them apart by index. Leave out a server_tool_use: the
    API runs that one itself. Any tool_use counts, whoever its caller is.
    6 minutes, 4 points.

    >>> tool_inputs(replay_events("two calls"))
    [('get_weather', {'city': 'Paris', 'unit': 'celsius'}), ('get_time', {})]
    """
    ### BEGIN SOLUTION
    calls, begun = [], {}
    for event in events:
        index = event.get("index")
        if event["type"] == "content_block_start" and event["content_block"]["type"] == "tool_use":
            begun[index] = [event["content_block"]["name"], ""]
        elif event["type"] == "content_block_delta" and index in begun:
            begun[index][1] += event["delta"]["partial_json"]
        elif event["type"] == "content_block_stop" and index in begun:
            name, written = begun[index]
            calls.append((name, json.loads(written or "{}")))
    return calls
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_tool_inputs", "grade": true}
check("tool_inputs")

# %% [markdown]
# **Think it over.** One of the tools charges a credit card. Would you run it before the stream has ended?
#
# <details><summary>One answer</summary>
# No. Until <code>message_delta</code> has come you don't know the <code>stop_reason</code>, and the stream may still break off.
# A look-up that changes nothing can start early; a charge waits for <code>tool_use</code>.
# </details>
#
# ## A tool loop that streams
#
# It's the loop of lesson 03 with a stream in place of the call. The order and the shop are made up:


# %%
def describe(name, what):
    order_id = {"type": "object", "properties": {"order_id": {"type": "string"}}}
    return {"name": name, "description": what, "input_schema": order_id}


TOOLS = [describe("get_order", "Look up an order."), describe("cancel_order", "Cancel an order.")]
REGISTRY = {
    "get_order": lambda order_id: {"goods": "lamp", "status": "packed"},
    "cancel_order": lambda order_id: {"cancelled": order_id},
}

# %% [markdown]
# `watch` prints the kind of each block as the block begins, and then its words.


# %%
def run(block):
    told = json.dumps(REGISTRY[block.name](**block.input))
    return {"type": "tool_result", "tool_use_id": block.id, "content": told}


def watch(stream):
    for event in stream:
        if event.type == "content_block_start":
            print(f"\n[{event.content_block.type}]", end=" ")
        if event.type in ("text", "thinking"):
            print(getattr(event, event.type), end="")
    return stream.get_final_message()


# %%
def stream_loop(model, prompt, **options):
    options |= {"model": model, "max_tokens": 4000, "tools": TOOLS}
    messages = [{"role": "user", "content": prompt}]
    for _ in range(8):
        with client.messages.stream(messages=messages, **options) as stream:
            reply = watch(stream)
        if reply.stop_reason != "tool_use":
            return
        results = [run(block) for block in reply.content if block.type == "tool_use"]
        messages.append({"role": "assistant", "content": reply.content})
        messages.append({"role": "user", "content": results})


# %%
stream_loop("claude-sonnet-4-6", "Please cancel order A-1024.")

# %% [markdown]
# While the tools run, the customer reads what Claude is doing. Your user interface may count on that.

# %%
predict("quiet-app")

# %%
stream_loop("claude-sonnet-5-5", "Please cancel order A-1024.")

# %% [markdown]
# Nothing. With Sonnet 5.5 and Opus 5.5, what Claude writes between tool calls comes back in `thinking` blocks, and their text is left out.
# No request fails; your app goes quiet. Ask for the text, and it's there again, as `thinking` events:

# %%
shown = {"type": "adaptive", "display": "summarized"}
stream_loop("claude-sonnet-5-5", "Please cancel order A-1024.", thinking=shown)

# %% [markdown]
# Show these lines as progress ("Cancelling the order …"), not as part of the answer.
# And send the blocks back whole, as `reply.content` does here: on these models a changed thinking block is a 400.
#
# Two more settings bring progress back:
# - `thinking={"type": "between_tools"}`, which only Sonnet 5.5 takes: Claude doesn't think before it answers, and its notes between calls come as a summary.
# - `"display": "updates"`, under a beta header: short notes in place of a summary.
#
# A line of your own for each call ("Looking up order A-1024 …") works on every model.
#
# ## Until the first word
#
# What a user feels is the wait for the first word. The next cell plays a stream at the pace of a fast model, and notes when each kind of event first came.

# %%
first = {}
sent = time.monotonic()
with replay_stream("thinking aloud", is_paced=True) as stream:
    for event in stream:
        if event.type in ("text", "thinking", "signature"):  # the helper's own
            continue
        delta = event.delta.type if event.type == "content_block_delta" else ""
        first.setdefault((event.type, delta), time.monotonic() - sent)

for (kind, delta), seconds in first.items():
    print(f"{seconds:5.2f} s  {kind} {delta}")

# %% [markdown]
# At the first `text_delta`: not when the reply begins, and not while the model thinks.
# Start the clock when you send, because that's when your user starts to wait.
#
# Now watch two models answer the same question. The display runs as a task on the notebook's own event loop, so you can read on, or run another cell, while it streams.
#
# **Predict.** A token of the second model costs less. Which text begins sooner?

# %%
paced = connect_async(pace=Pace.realistic())
asked = {"role": "user", "content": "What is the difference between RAG and fine-tuning?"}
to_watch = {"model": "claude-sonnet-4-6", "max_tokens": 1000, "messages": [asked]}
thinks = {
    "model": "claude-sonnet-5-5",
    "thinking": {"type": "adaptive", "display": "summarized"},
}

StreamView.side_by_side(
    StreamView(paced).run(**to_watch),
    StreamView(paced).run(**{**to_watch, **thinks}),
)

# %% [markdown]
# The first model's: the second one thinks first. Thinking is output: you wait for it and pay for it, shown or not.
# While a stream is open, you don't know its token count. The display counts by itself, and marks such a count with ≈.
#
# **Exercise · `first_token_latency` · 4 minutes · 3 points**
#
# Find how long the reader waited.


# %% nbgrader={"grade_id": "first_token_latency", "solution": true}
def first_token_latency(timed_events: list[tuple[float, dict]]) -> float:
    """Return the seconds from sending the request to the first piece of text.

    timed_events: (seconds, event) in order; seconds since the request was
        sent, event as in accumulate; there may be none
    Neither thinking nor a tool's input is text. Raises ValueError if no text
    came.
    4 minutes, 3 points.

    >>> start = {"type": "content_block_start", "index": 0, "content_block": …}
    >>> delta = {"type": "text_delta", "text": "Paris"}
    >>> piece = {"type": "content_block_delta", "index": 0, "delta": delta}
    >>> first_token_latency([(0.61, start), (0.68, piece)])
    0.68
    """
    ### BEGIN SOLUTION
    for seconds, event in timed_events:
        if event["type"] == "content_block_delta" and event["delta"]["type"] == "text_delta":
            return seconds
    raise ValueError("no text came")
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_first_token_latency", "grade": true}
check("first_token_latency")

# %% [markdown]
# ## Stop a stream early
#
# A user presses Stop, or you have the line that you wanted. You don't need the rest.

# %%
predict("still-open")

# %%
unread = client.messages.create(stream=True, **request)
for event in unread:
    if event.type == "content_block_delta":
        break

print(unread.response.is_closed)

# %% [markdown]
# It is. `break` leaves your loop and nothing else, and as long as `unread` holds the stream, the stream holds its connection.
# A stream that you drop is closed only when Python garbage-collects it, and you don't control when that happens.
# Your program has a limited number of connections. `with` closes this one however you leave the block:

# %%
unread.close()

so_far = ""
with replay_stream("text") as stream:
    for text in stream.text_stream:
        so_far += text
        if "servers" in so_far:
            break

print(repr(so_far), stream.response.is_closed)

# %% [markdown]
# Look in the text so far, not in the piece: a word may be split across two pieces, and then neither contains it.
#
# Be that user: run the cell, and press *Stop* before it ends, which takes about 40 seconds.
#
# **Predict.** Which figures will keep their ≈ for good?

# %%
slow = connect_async(pace=Pace(first_token=0.6, between_deltas=1.6))
StreamView(slow).run(**to_watch)

# %% [markdown]
# The output tokens, and what's calculated from them: tokens a second and the cost. The final `usage` comes with `message_delta`, and that never came.
# Stop closed the connection, and that's how the API learns that nobody is reading any more.
#
# **Exercise · `stream_until` · 5 minutes · 6 points**
#
# Read a reply until you have enough.


# %% nbgrader={"grade_id": "stream_until", "solution": true}
def stream_until(client, request: dict, predicate) -> str:
    r"""Return the text of a streamed reply, up to and including the piece that is enough.

    request: for client.messages.stream(**request); don't change it
    predicate: a function of one argument; after each text delta, call it once
        with all the text so far. When it returns True, stop reading. If it never
        does, return the whole text.
    Close the connection before you return, and also when predicate raises; don't
    leave that to Python's garbage collector. Let API errors pass through, and
    what predicate raises.
    5 minutes, 6 points.

    >>> stream_until(client, request, lambda text: "," in text)
    'Branches drift apart,…'
    """
    ### BEGIN SOLUTION
    text = ""
    with client.messages.stream(**request) as stream:
        for piece in stream.text_stream:
            text += piece
            if predicate(text):
                break
    return text
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_stream_until", "grade": true}
check("stream_until")

# %% [markdown]
# **Think it over.** Your web server streams to a browser, and the user closes the tab. Who tells the API?
#
# <details><summary>One answer</summary>
# You do, or nobody does: the browser's connection and the API's are two different ones.
# When the first one goes, leave the <code>with</code> block of the second.
# No <code>message_delta</code> will come then, so your own count of the tokens is all that you have.
# </details>
#
# **In your own code.** Search it for `delta.content`, for `[DONE]`, and for `stream=True` without a `with`.

# %%
calibration()

# %% [markdown]
# ## In short
#
# A stream is six types of events; act by the type of the event and of the delta, and skip what you don't recognise.
# Pass text on as it comes, and keep the message too: its `stop_reason` and `usage` come last.
# Parse a tool's input once, when its block is whole.
# An error can come in the middle of the answer, so decide what you show then, and whether you ask again.
# On the newest models, what Claude writes between tool calls is thinking: ask for it, or your app goes quiet.
#
# | Task | Chat Completions | Responses | Messages |
# |---|---|---|---|
# | Stream a reply | `stream=True` | `stream=True` | `with client.messages.stream(…) as stream` |
# | Read the text | `chunk.choices[0].delta.content` | `response.output_text.delta` | `stream.text_stream` |
# | Read a call's arguments | join `delta.tool_calls[…].function.arguments` | `response.function_call_arguments.done` | join `partial_json` until `content_block_stop` |
# | Get the whole reply | join the chunks, or `chat.completions.stream(…)` | `response.completed` | `stream.get_final_message()` |
# | Get the usage | `stream_options={"include_usage": True}` | in `response.completed` | in `message_delta`, as totals |
# | Know the end | `finish_reason` | `response.completed`, `.incomplete`, `.failed` | `stop_reason` in `message_delta`, then `message_stop` |
#
# *Reference:* [Streaming messages](https://platform.claude.com/docs/en/build-with-claude/streaming) · [Thinking](https://platform.claude.com/docs/en/build-with-claude/thinking) · [What's new in Claude Sonnet 5.5](https://platform.claude.com/docs/en/models/sonnet-5-5/whats-new-sonnet-5-5).
# *Next:* [06 · Tokens and cost](../06_tokens_and_cost/06_tokens_and_cost.ipynb), where you count tokens before you send, and know what a call costs.

# %%
progress()
