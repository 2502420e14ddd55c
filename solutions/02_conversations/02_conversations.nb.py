# %% [markdown]
# # Conversations: you own the state
#
# 75 minutes · 4 exercises · 32 points
#
# On Monday a customer asks "And the other one?", and your bot wants to know which one.
# On Tuesday one long conversation is refused, and refused again, with the same 400.
# Both times the list of messages was wrong. Claude knows what is in that list and nothing else, so here you learn to keep it right.
#
# After this lesson you can:
# - send the whole conversation, because the API keeps none of it
# - store a reply with all of its blocks
# - treat a history as a value that you can undo and fork
# - shorten a history without breaking it, on newer models too
# - go on after a reply was cut off

# %%
from grader.classroom import calibration, check, connect, connect_openai, expect_error, hint
from grader.classroom import picture, predict, progress, replay, review, show, side_by_side
from grader.classroom import solution, turn_stepper

MODEL = "claude-sonnet-4-6"
NEWER = "claude-sonnet-5-5"
TUTOR = "You are a helpful Python tutor."
client = connect()


def ask(messages, *, model=MODEL, system=TUTOR):
    return client.messages.create(model=model, max_tokens=2000, system=system, messages=messages)


# %%
def text_of(message):
    return "".join(block.text for block in message.content if block.type == "text")


# %% [markdown]
# ## Every request starts from nothing
#
# The Messages API works like Chat Completions: the list you send is the conversation.

# %%
predict("second-question")

# %%
first = [{"role": "user", "content": "What is a decorator?"}]
second = [{"role": "user", "content": "Show me a simple example."}]

print(text_of(ask(first)))
print()
print(text_of(ask(second)))

# %% [markdown]
# The second call never heard of the first.
# Now ask the same question, and send what was said before it:

# %%
history = [
    {"role": "user", "content": "What is a decorator?"},
    {"role": "assistant", "content": "A function that takes one and returns another."},
    {"role": "user", "content": "Show me a simple example."},
]
print(text_of(ask(history)))

# %% [markdown]
# Look at the second message: no model wrote it. You did, and the API took your word for it.
#
# With OpenAI's Responses you may have left all this to the server. You send the new question, and the id of the reply before it.

# %%
predict("one-line")

# %%
openai_client = connect_openai(live=False)  # Anthropic doesn't serve Responses

one = openai_client.responses.create(model=MODEL, instructions=TUTOR, input=first[0]["content"])
two = openai_client.responses.create(
    model=MODEL,
    instructions=TUTOR,
    input=second[0]["content"],
    previous_response_id=one.id,
)
print(two.output_text)
print()
print(one.usage.input_tokens, "tokens in, then", two.usage.input_tokens)

# %% [markdown]
# You pay for the whole conversation: the model reads all of it again. The id only saves you the sending.
#
# | | Chat Completions | Responses | Messages |
# |---|---|---|---|
# | Next question | send the list again | `previous_response_id`, or send the items again | send the list again |
# | System prompt | the first message | `instructions`, with every request | `system`, with every request |
# | Who keeps the conversation | you | the server, unless `store` is false | you |
#
# (Anthropic has a beta that keeps conversations on the server, called threads. Without it no conversation is kept.)
#
# ## The whole reply goes back
#
# Two words that we need from here on:
# - A *turn* is one message of a history.
# - An *exchange* is a question with all the turns that follow it, up to the next question.
#
# Here is one exchange by hand: a request, its reply, and the turn you make from the reply.

# %%
request = {"model": MODEL, "max_tokens": 1000, "messages": first}
request["system"] = TUTOR
message = client.messages.create(**request)
show({"role": "assistant", "content": message.content})

# %% [markdown]
# `message.content` goes back as it came: the SDK takes its own blocks in a request.
#
# Why not keep only the text? Here's another model's reply.

# %%
predict("text-only")

# %%
thoughtful = ask(first, model=NEWER)
side_by_side(
    {"role": "assistant", "content": text_of(thoughtful)},
    {"role": "assistant", "content": thoughtful.content},
    titles=("Only its text", "Its whole content"),
)

# %% [markdown]
# People read the text; Claude goes on from the blocks.
# A `thinking` block is Claude's note to itself. It's signed, so nobody else can write one. It may look empty; send it back all the same.
# (A `redacted_thinking` block is one that's encrypted. Treat it alike.)
# Lose a `tool_use` block, and the next call fails; lesson 03 shows how.
#
# ## What is refused, and what isn't

# %%
predict("two-user-messages")

# %%
print(text_of(ask([*first, *second])))

# %% [markdown]
# The API merges messages of one role in a row, and Claude answers all of it.
# So forgetting to store an answer raises no error. Claude answers the old question again.
#
# What the API does refuse is a turn with nothing in it.
# Replies without content happen. Here is one, stored as if it were an answer:

# %%
silent = replay("empty")
stored = {"role": "assistant", "content": text_of(silent)}
print(silent.stop_reason, stored)

# %%
with expect_error(400):  # this cell is meant to fail
    ask([*first, stored, *second])

# %% [markdown]
# The call that fails isn't the one that stored the empty turn. It's the next one.
# And every call after it fails too, for as long as that conversation lives.
#
# ## A history is a value

# %%
today = [{"role": "user", "content": "Hello"}]
also_today = today
also_today.append({"role": "assistant", "content": "Hello! What shall we look at?"})
print(len(today), len(also_today))

tomorrow = [*today, {"role": "user", "content": "Decorators, please."}]
print(len(today), len(tomorrow))

# %% [markdown]
# `today` and `also_today` are two names for one list; `tomorrow` is a new list.
# Don't change a history; make the next one.
# Then you undo by keeping the old list, and you fork by going on twice from the same one.
#
# **Exercise · `chat` · 7 minutes · 7 points**
#
# Ask one more question, and return the answer and the new history.


# %% nbgrader={"grade_id": "chat", "solution": true}
def chat(
    client,
    system: str | None,
    messages: list[dict],
    user_input: str,
    *,
    model: str = "claude-sonnet-4-6",
    max_tokens: int = 1000,
) -> tuple[str, list[dict]]:
    """Ask one more question, and return the reply's text and the new history.

    system: the system prompt, or None for a request without one
    messages: the turns so far, dicts with role and content; don't change the list
    model, max_tokens: what the request asks for; keep their defaults
    The new history has the turns so far, the question, and the reply with its
    whole content. If the reply has no content, return "" and the turns so far;
    a refusal with text is a reply like any other. Let API errors pass through,
    without another try.
    7 minutes, 7 points.

    >>> text, history = chat(client, None, [], "What is a decorator?")
    >>> [turn["role"] for turn in history]
    ['user', 'assistant']
    """
    ### BEGIN SOLUTION
    sent = [*messages, {"role": "user", "content": user_input}]
    request = {"model": model, "max_tokens": max_tokens, "messages": sent}
    if system is not None:
        request["system"] = system
    message = client.messages.create(**request)
    if not message.content:
        return "", messages
    text = "".join(block.text for block in message.content if block.type == "text")
    return text, [*sent, {"role": "assistant", "content": message.content}]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_chat", "grade": true}
check("chat")

# %% [markdown]
# **Think it over.** After an empty reply your function drops the question too. Why not keep it?
#
# <details><summary>One answer</summary>
# The API would merge it with the next one. A user who asks again would have asked twice,
# and a user who asks something else would get both answered.
# </details>
#
# ## Ask, take back, branch off
#
# A program that holds many conversations wants an object for each.
# You have `chat` already, so the object needs little more than a list and a few options.
#
# **Exercise · `Conversation` · 7 minutes · 8 points**
#
# Write the four methods. `ask` may call your `chat`.


# %% nbgrader={"grade_id": "Conversation", "solution": true}
class Conversation:
    """Hold one conversation, in which you can ask, undo and fork.

    client: an anthropic.Anthropic
    system: the system prompt, or None
    model, max_tokens: what each request asks for; keep the defaults
    Its attribute messages is the history, a list of turns, and [] at first.
    7 minutes, 8 points.

    >>> talk = Conversation(client, "You are a helpful Python tutor.")
    >>> talk.ask("What is a decorator?")
    'A decorator is a function that …'
    """

    def __init__(
        self,
        client,
        system: str | None = None,
        *,
        model: str = "claude-sonnet-4-6",
        max_tokens: int = 1000,
    ):
        ### BEGIN SOLUTION
        self.client = client
        self.system = system
        self.model = model
        self.max_tokens = max_tokens
        self.messages = []
        ### END SOLUTION

    def ask(self, text: str) -> str:
        """Send the history and a question, keep both new turns, and return the reply's text.

        Let API errors pass through, without another try. After an error, and after
        a reply without content (""), the history is the same as before.
        """
        ### BEGIN SOLUTION
        options = {"model": self.model, "max_tokens": self.max_tokens}
        reply, self.messages = chat(self.client, self.system, self.messages, text, **options)
        return reply
        ### END SOLUTION

    def undo(self) -> None:
        """Remove the last question and its reply; if the history is empty, do nothing."""
        ### BEGIN SOLUTION
        self.messages = self.messages[:-2]
        ### END SOLUTION

    def fork(self) -> "Conversation":
        """Return a new conversation with the same options and the same history so far.

        After that, changes to one don't affect the other.
        """
        ### BEGIN SOLUTION
        options = {"model": self.model, "max_tokens": self.max_tokens}
        twin = Conversation(self.client, self.system, **options)
        twin.messages = list(self.messages)
        return twin
        ### END SOLUTION


# %% nbgrader={"grade_id": "check_Conversation", "grade": true}
check("Conversation")

# %% [markdown]
# **Think it over.** Your web server has two workers, and a user's second question reaches the other one.
# Where do you keep the history?
#
# <details><summary>One answer</summary>
# Outside of both: in a database or in the user's session. It's plain data:
# <code>message.to_dict()["content"]</code> gives the blocks as dicts that you can store as JSON,
# and <code>message.to_param()</code> gives the whole turn. Store every block, and change nothing in it.
# </details>
#
# ## A history only grows
#
# So far you could have edited the past, and nobody would have noticed. Newer models notice.
# They sign their thinking for the conversation it belongs to. Anthropic calls this *preserved thinking*.

# %%
talk = first
for question in ("Show me a simple example.", "When would you use one?"):
    reply = ask(talk, model=NEWER)
    answer = {"role": "assistant", "content": reply.content}
    talk = [*talk, answer, {"role": "user", "content": question}]
print(text_of(ask(talk, model=NEWER)))

# %% [markdown]
# That worked: `talk` was only ever extended.

# %%
predict("cut-and-date")

# %%
with expect_error(400):  # this cell is meant to fail
    ask(talk[2:], model=NEWER)

# %%
with expect_error(400):  # this cell is meant to fail
    ask(talk, model=NEWER, system=f"{TUTOR} Today is Monday.")

# %% [markdown]
# Both fail, and the API's last sentence says what has changed.
# The signature stands for everything in front of the thinking: the system prompt, the tools, and every message.
# `claude-sonnet-4-6` takes both. Newer models check, but not for every account, so a test account may accept what production refuses.

# Here's what you may change, as a picture and as a table:

# %%
picture("only_growing")

# %% [markdown]
# | Fine | Breaks the thinking that follows |
# |---|---|
# | a new turn at the end | an earlier turn edited, moved or left out |
# | a different `max_tokens`, effort, `tool_choice` or `cache_control` | a different system prompt, even if only its date changed |
# | undo and fork: the end goes, the beginning stays | a tool added, removed or reworded |
# | all thinking left out, or only the oldest: allowed, but Claude forgets why it acted (lesson 04) | thinking left out between other thinking |
#
# Three habits keep you on the left side:
# 1. Send every reply back as it came, `thinking` blocks without text too.
# 2. Build `system` and `tools` once for each conversation.
# 3. Put everything new into a new message at the end.
#
# The third one is also how you add an instruction later. Newer models take a `system` message after the user's:

# %%
note = {"role": "system", "content": "From now on, answer in German."}
print(text_of(ask([*talk, note], model=NEWER)))

# %% [markdown]
# It stays in the history like any other turn. It can't be the first message; that's what `system` is for.
# `claude-sonnet-4-6` refuses the role. There the instruction goes into the user's next message.
#
# ## Every turn is paid again
#
# How fast does that grow?

# %%
predict("fourth-input")

# %%
questions = ["What is a decorator?", "Show me a simple example."]
questions += ["When would you use one?", "Name one from the standard library."]
history, turns = [], []
for question in questions:
    history = [*history, {"role": "user", "content": question}]
    message = ask(history)
    turns.append((history, message))
    print(message.usage.input_tokens, "tokens in,", message.usage.output_tokens, "out")
    history = [*history, {"role": "assistant", "content": message.content}]

# %% [markdown]
# More than seven times, and more still if the model thinks. Step through the calls, and watch what you send again.

# %%
turn_stepper(turns)

# %% [markdown]
# Every call carries all the turns before it.
# Add up the inputs: four questions cost about four times as much as two.
# Lesson 07 makes the repeated part cheaper, as long as it stays the same: one more reason to only add.
#
# ## When you have to cut
#
# A history that only grows meets a limit some day: the context window, or your budget. Then you have three ways out:
#
# | Way | What gets lost | Good for |
# |---|---|---|
# | Cut the oldest exchanges, and the thinking of those that stay | what was said first, and the thinking | a chat |
# | Start again, with a summary in the first user message | the exact words | a task with one goal |
# | Let the API write the summary (*compaction*, a beta) | the exact words; thinking may stay | a long-running agent |
#
# The first two take a few lines. `talk` from above has three questions and two answers. Cut off the first exchange, take the thinking out of the answer that stays, and the API accepts it:

# %%
asked, answer, asked_next = talk[2:]  # the second question, its answer, and the third
spoken = [block for block in answer["content"] if block.type != "thinking"]
cut_talk = [asked, {"role": "assistant", "content": spoken}, asked_next]
print(text_of(ask(cut_talk, model=NEWER)))

# %% [markdown]
# And here is a new start. The old turns are gone, so there's no thinking that could miss them:

# %%
summary = "Before: you explained decorators, and showed one that calls a function twice."
anew = [{"role": "user", "content": f"{summary}\n\nWhen would you use one?"}]
print(text_of(ask(anew, model=NEWER)))

# %% [markdown]
# For a cut you need one more rule: where. Here is a question that took a tool call:

# %%
call = {"type": "tool_use", "id": "toolu_01", "name": "get_weather", "input": {"city": "Paris"}}
result = {"type": "tool_result", "tool_use_id": "toolu_01", "content": "18 degrees"}
with_tool = [
    {"role": "user", "content": "What is the weather in Paris?"},
    {"role": "assistant", "content": [call]},
    {"role": "user", "content": [result]},
    {"role": "assistant", "content": "It is 18 degrees in Paris."},
]

# %%
predict("cut-result")

# %%
tool = {"name": "get_weather", "input_schema": {"type": "object"}}
short = [*with_tool[-2:], {"role": "user", "content": "Thank you."}]

with expect_error(400):  # this cell is meant to fail
    client.messages.create(model=MODEL, max_tokens=300, tools=[tool], messages=short)

# %% [markdown]
# A user message isn't always a question: it may carry tool results, and a result belongs to its call.
# Cut only in front of a user message that carries none. That's where an exchange begins.
# And whatever stays after a cut loses its `thinking` and `redacted_thinking` blocks.
#
# **Exercise · `trim_history` · 12 minutes · 8 points**
#
# Return the newest exchanges of a history, in a form that newer models accept.


# %% nbgrader={"grade_id": "trim_history", "solution": true}
def trim_history(messages: list[dict], max_exchanges: int) -> list[dict]:
    """Return the newest exchanges of a history, at most max_exchanges of them.

    An exchange begins with a user message that has no tool_result block in it,
    and ends before the next one, even if nobody answered.
    If you cut something off, remove the thinking and redacted_thinking blocks
    from the turns that stay, and then the turns that have no blocks left.
    If you cut nothing off, return the history as it is.
    messages: begins with an exchange, or is empty. Content is a str, or a list of
        blocks: dicts, or SDK objects. Change neither the list nor what's in it.
    max_exchanges: 0 or more
    12 minutes, 8 points.

    >>> trim_history(with_tool, 1) == with_tool
    True
    >>> later = [{"role": "user", "content": "Thank you."}]
    >>> trim_history([*with_tool, *later], 1) == later
    True
    """

    ### BEGIN SOLUTION
    def type_of(block):
        return block["type"] if isinstance(block, dict) else block.type

    def begins_exchange(message):
        content = message["content"]
        if message["role"] != "user" or isinstance(content, str):
            return message["role"] == "user"
        return all(type_of(block) != "tool_result" for block in content)

    starts = [place for place, message in enumerate(messages) if begins_exchange(message)]
    cut = len(starts) - max_exchanges
    if cut <= 0:
        return messages
    kept = []
    for message in messages[starts[cut] :] if cut < len(starts) else []:
        content = message["content"]
        if isinstance(content, list):
            thoughts = ("thinking", "redacted_thinking")
            content = [block for block in content if type_of(block) not in thoughts]
        if content:
            kept.append({**message, "content": content})
    return kept
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_trim_history", "grade": true}
check("trim_history")

# %% [markdown]
# **Think it over.** In the first exchange the user gave their name and their plan, and now you've cut it off.
# What could you send in its place, and where?
#
# <details><summary>One answer</summary>
# A summary, as the first paragraph of the first question that stays. Claude can write it for you.
# Write it when you cut, because the thinking goes then anyway, and don't change it later.
# If your program depends on a fact, store it yourself; don't leave it to a summary.
# </details>
#
# ## Cut off, and go on
#
# A reply that reaches `max_tokens` ends in mid-sentence. With a model that thinks, the thinking counts too.

# %%
question = [{"role": "user", "content": "Explain what an API is in two sentences."}]
cut = client.messages.create(model=MODEL, max_tokens=30, messages=question)
print(cut.stop_reason, repr(text_of(cut)))

# %% [markdown]
# Older guides use *prefill*: they send half the answer as the last message, and the model finishes it.

# %%
predict("prefill")

# %%
half = {"role": "assistant", "content": cut.content}

with expect_error(400):  # this cell is meant to fail
    client.messages.create(model=MODEL, max_tokens=300, messages=[*question, half])

# %% [markdown]
# Neither this model nor any newer one does: an unfinished answer can't be the last message. So let the user ask for the rest:

# %%
go_on = {"role": "user", "content": "Go on exactly where you stopped, and repeat nothing."}
rest = client.messages.create(model=MODEL, max_tokens=300, messages=[*question, half, go_on])
print(rest.stop_reason, repr(text_of(rest)))
print()
print(text_of(cut) + text_of(rest))

# %% [markdown]
# This is the third habit once more: both turns were added at the end.
# The rest may be cut off as well, so you need a loop.
# Cap it: every round resends the whole conversation.
#
# **Exercise · `continue_reply` · 7 minutes · 9 points**
#
# Get the whole text of a reply, in no more rounds than allowed.


# %% nbgrader={"grade_id": "continue_reply", "solution": true}
def continue_reply(client, request: dict, max_rounds: int) -> str:
    """Return the whole text of a reply that max_tokens may cut off.

    request: for client.messages.create(**request); don't change it
    max_rounds: the maximum number of requests to send, 1 or more
    Each request after the first repeats the one before, with two more turns: the
    reply with its whole content, and a user turn that asks to go on.
    Join the texts with nothing in between. Stop at any other stop reason, at a
    reply without text, or after the last round, and return all the text that
    came. The last reply's counts too, even if it's a refusal.
    Let API errors pass through, without another try.
    7 minutes, 9 points.

    >>> continue_reply(client, {"model": "claude-sonnet-4-6", "max_tokens": 30,
    ...                         "messages": question}, 5)
    'An API is a contract that …'
    """
    ### BEGIN SOLUTION
    messages, pieces = request["messages"], []
    for _ in range(max_rounds):
        message = client.messages.create(**{**request, "messages": messages})
        text = "".join(block.text for block in message.content if block.type == "text")
        pieces.append(text)
        if message.stop_reason != "max_tokens" or not text:
            break
        partial = {"role": "assistant", "content": message.content}
        plea = {"role": "user", "content": "Go on exactly where you stopped, and repeat nothing."}
        messages = [*messages, partial, plea]
    return "".join(pieces)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_continue_reply", "grade": true}
check("continue_reply")

# %% [markdown]
# **Think it over.** Your function returns a `str`, whether the reply is whole, cut off in the last round, or refused.
# What can't its caller know?
#
# <details><summary>One answer</summary>
# Whether the text is complete. Return the last <code>stop_reason</code> with it, and let the caller decide.
# The agent in lesson 04 does that.
# </details>
#
# **In your own code.** Search it for `previous_response_id`, for slices such as `messages[-10:]`, and for a system prompt with a date in it.

# %%
calibration()

# %% [markdown]
# ## In short
#
# Claude knows what you send, so you send the whole conversation each time, and pay for all of it.
# Every reply goes into the history with all of its blocks; an empty one doesn't go in at all.
# A history only grows: newer models refuse their own thinking once something before it has changed.
# If you must cut, cut whole exchanges and drop the thinking of those that stay, or start again with a summary.
# A reply that was cut off goes on when the user asks for the rest, in a loop with a limit.
#
# | Task | Chat Completions | Responses | Messages |
# |---|---|---|---|
# | Ask the next question | send `messages` again | `previous_response_id`, or send the items again | send `messages` again |
# | Keep a reply | `choices[0].message` | the items of `output` | `{"role": "assistant", "content": message.content}` |
# | Send the system prompt | the first message | `instructions`, each time | `system`, each time |
# | Add an instruction later | a `developer` message | a `developer` item | a `system` message after the user's, where the model takes it |
# | Shorten a history | cut the list | `"truncation": "auto"` | whole exchanges go, and the thinking of the rest; or compaction |
# | Go on after the token limit | ask for the rest | ask for the rest | ask for the rest; no prefill |
#
# *Reference:* [Using the Messages API](https://platform.claude.com/docs/en/build-with-claude/working-with-messages) · [Preserved thinking](https://platform.claude.com/docs/en/build-with-claude/preserved-thinking) · [Prefix checks](https://platform.claude.com/docs/en/build-with-claude/preserved-thinking/prefix-checks) · [Mid-conversation system messages](https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages) · [Compaction](https://platform.claude.com/docs/en/build-with-claude/compaction).
# *Next:* [03 · The tool loop](../03_tool_use/03_tool_use.ipynb), where Claude asks your code to do something.

# %%
progress()
