# %% [markdown]
# # Conversations: you own the state
#
# 40 minutes · 4 exercises · 30 points
#
# The API remembers nothing between two calls.
# Your program does, and what it sends is all that the model knows.
#
# After this lesson you can:
# - send the whole conversation, because the API keeps none of it
# - store a reply with all of its blocks
# - treat a history as a value that you can undo and fork
# - cut a history where nothing is torn apart
# - go on after a reply was cut off

# %%
from grader.classroom import check, connect, expect_error, hint, progress, replay
from grader.classroom import show, side_by_side, solution, turn_stepper

MODEL = "claude-sonnet-4-6"
TUTOR = "You are a helpful Python tutor."
client = connect()


def ask(messages):
    return client.messages.create(model=MODEL, max_tokens=1000, system=TUTOR, messages=messages)


def text_of(message):
    return "".join(block.text for block in message.content if block.type == "text")


# %% [markdown]
# ## Every request starts from nothing
#
# With OpenAI you may have left the history to the server: `previous_response_id`, conversations, threads.
# The Messages API is like chat completions: the list that you send is the conversation.
#
# **Predict.** Two questions, each in a call of its own. What will the second answer say?

# %%
first = [{"role": "user", "content": "What is a decorator?"}]
second = [{"role": "user", "content": "Show me a simple example."}]

print(text_of(ask(first)))
print()
print(text_of(ask(second)))

# %% [markdown]
# The second call never heard of the first.
# Now the same question, with what was said before it:

# %%
history = [
    {"role": "user", "content": "What is a decorator?"},
    {"role": "assistant", "content": "A function that takes one and returns another."},
    {"role": "user", "content": "Show me a simple example."},
]
print(text_of(ask(history)))

# %% [markdown]
# Look at the second message: no model wrote it. You did, and the API took it as said.
# A history is yours to keep, to shorten and to repair. It is also yours to break.
#
# ## The whole reply goes back
#
# A *turn* is one message of a history: what one side says before the other one speaks.
# Here is one round by hand: a request, its reply, and the turn made of the reply.

# %%
request = {"model": MODEL, "max_tokens": 1000, "messages": first}
request["system"] = TUTOR
message = client.messages.create(**request)
show({"role": "assistant", "content": message.content})

# %% [markdown]
# `message.content` goes back as it came: the SDK takes its own blocks in a request.
# The system prompt is no turn. It is a part of each request, and you send it each time.
#
# Why not keep only the text? Ask a model that thinks first.
#
# **Predict.** What gets lost?

# %%
thoughtful = client.messages.create(model="claude-sonnet-5-5", max_tokens=2000, messages=first)
side_by_side(
    {"role": "assistant", "content": text_of(thoughtful)},
    {"role": "assistant", "content": thoughtful.content},
    titles=("Only its text", "Its whole content"),
)

# %% [markdown]
# The text is what a person reads; the blocks are what the model goes on from.
# A `thinking` block is its own note to itself, signed so that nobody else writes one.
# A `tool_use` block that is lost makes the next call fail, as lesson 03 shows.
#
# ## What is refused, and what is not
#
# **Predict.** Two user messages in a row, with no answer between them: refused, or not?

# %%
print(text_of(ask([*first, *second])))

# %% [markdown]
# Messages of one role in a row are merged into one, and the model answers all of it.
# So nobody tells you when you forget to store an answer: the old question is answered once more.
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
# The call that fails is not the one that stored the empty turn. It is the next one.
# And so is each one after it, for as long as that conversation lives.
#
# ## A history is a value
#
# **Predict.** Which four numbers will this print?

# %%
today = [{"role": "user", "content": "Hello"}]
also_today = today
also_today.append({"role": "assistant", "content": "Hello! What shall we look at?"})
print(len(today), len(also_today))

tomorrow = [*today, {"role": "user", "content": "Decorators, please."}]
print(len(today), len(tomorrow))

# %% [markdown]
# `today` and `also_today` are two names of one list; `tomorrow` is a new list.
# Never change a history; make the next one.
# Then to undo is to keep the old list, and to fork is to go on twice from the same one.
#
# **Exercise · `chat` · 7 minutes · 7 points**
#
# Ask one question more, and return the answer with the new history.


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
    """Return the text of the reply to one question more, and the new history.

    system: the system prompt, or None for a request without one
    messages: the turns so far, dicts with role and content; this list stays as it is
    model, max_tokens: what the request asks for
    The new history has the turns so far, the question, and the reply with its
    whole content. A reply without content gives "" and the turns so far.
    An error of the API passes through.
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
# It would be merged with the next one. A user who asks again would have asked twice,
# and one who asks something else would get both answered.
# </details>
#
# ## Ask, take back, branch off
#
# A program with many conversations wants an object for each.
# With `chat` done, it needs little more than a list and a few options.
#
# **Exercise · `Conversation` · 7 minutes · 8 points**
#
# Write the four methods; `ask` may call your `chat`.


# %% nbgrader={"grade_id": "Conversation", "solution": true}
class Conversation:
    """Hold one conversation: ask, take a question back, branch off.

    client: an anthropic.Anthropic
    system: the system prompt, or None
    model, max_tokens: what each request asks for
    Its attribute messages is the history, a list of turns; [] at first.
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

        An error of the API passes through. After one, and after a reply without
        content (""), the history is what it was before.
        """
        ### BEGIN SOLUTION
        options = {"model": self.model, "max_tokens": self.max_tokens}
        reply, self.messages = chat(self.client, self.system, self.messages, text, **options)
        return reply
        ### END SOLUTION

    def undo(self) -> None:
        """Take back the last question and its reply; on an empty history do nothing."""
        ### BEGIN SOLUTION
        self.messages = self.messages[:-2]
        ### END SOLUTION

    def fork(self) -> "Conversation":
        """Return a new conversation with the same options and the same history so far.

        From then on, what happens to one does not touch the other.
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
# Where does the history have to be?
#
# <details><summary>One answer</summary>
# Outside of both: in a database or in the user's session. It is plain data, so it can be:
# <code>message.to_dict()["content"]</code> gives the blocks as dicts that JSON can hold.
# </details>
#
# ## Every turn is paid again
#
# What you send again you pay for again.
#
# **Predict.** Four short questions in one conversation: how much larger than the first call's input will the fourth's be?

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
# About seven times. Step through the calls, and watch what is sent again.

# %%
turn_stepper(turns)

# %% [markdown]
# Every call carries all turns before it.
# Add up the inputs: four questions cost about four times as much as two.
# Lesson 07 makes the repeated part cheaper; what you do not send costs nothing at all.
#
# So old turns have to go. But where may you cut? Here is a question that took a tool call:

# %%
call = {"type": "tool_use", "id": "toolu_01", "name": "get_weather", "input": {"city": "Paris"}}
result = {"type": "tool_result", "tool_use_id": "toolu_01", "content": "18 degrees"}
with_tool = [
    {"role": "user", "content": "What is the weather in Paris?"},
    {"role": "assistant", "content": [call]},
    {"role": "user", "content": [result]},
    {"role": "assistant", "content": "It is 18 degrees in Paris."},
]

# %% [markdown]
# **Predict.** `with_tool[-2:]` begins with a user's message and ends with the answer. Will the API take it?

# %%
tool = {"name": "get_weather", "input_schema": {"type": "object"}}
short = [*with_tool[-2:], {"role": "user", "content": "Thank you."}]

with expect_error(400):  # this cell is meant to fail
    client.messages.create(model=MODEL, max_tokens=300, tools=[tool], messages=short)

# %% [markdown]
# A message of the user's is not always a question: a `tool_result` answers a call, and the two belong together.
# Cut in front of a user's message that has none in it.
# What lies between two such places is an *exchange*: a question with all the turns that follow it, up to the next question.
#
# **Exercise · `trim_history` · 6 minutes · 6 points**
#
# Return the newest exchanges of a history, each of them whole.


# %% nbgrader={"grade_id": "trim_history", "solution": true}
def trim_history(messages: list[dict], max_exchanges: int) -> list[dict]:
    """Return the newest exchanges of a history, at most max_exchanges of them.

    An exchange begins with a user's message that has no tool_result block in it,
    and ends before the next one, also if nobody answered.
    messages: begins with an exchange, or is empty. Content is a str, a list of
        dicts, or the blocks of a reply. The list stays as it is.
    max_exchanges: 0 or more
    6 minutes, 6 points.

    >>> trim_history(with_tool, 1) == with_tool
    True
    """

    ### BEGIN SOLUTION
    def begins_exchange(message):
        content = message["content"]
        if message["role"] != "user" or isinstance(content, str):
            return message["role"] == "user"
        return all(block["type"] != "tool_result" for block in content)

    starts = [place for place, message in enumerate(messages) if begins_exchange(message)]
    cut = max(0, len(starts) - max_exchanges)
    return messages[starts[cut] :] if cut < len(starts) else []
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_trim_history", "grade": true}
check("trim_history")

# %% [markdown]
# **Think it over.** In the first exchange the user gave their name and their plan, and now that is cut off.
# What could you send in its place?
#
# <details><summary>One answer</summary>
# A summary of what was cut, as a paragraph in the system prompt or before the first question that is left.
# A model can write it. Facts that your program needs, it had better store itself.
# </details>
#
# ## Cut off, and go on
#
# A reply that reaches `max_tokens` ends in mid-sentence.

# %%
question = [{"role": "user", "content": "Explain what an API is in two sentences."}]
cut = client.messages.create(model=MODEL, max_tokens=30, messages=question)
print(cut.stop_reason, repr(text_of(cut)))

# %% [markdown]
# Older guides go on by *prefill*: they send the half answer as the last message, and the model finishes it.
#
# **Predict.** Will this model?

# %%
half = {"role": "assistant", "content": cut.content}

with expect_error(400):  # this cell is meant to fail
    client.messages.create(model=MODEL, max_tokens=300, messages=[*question, half])

# %% [markdown]
# Newer models do not take it. A conversation ends with a user's turn, so let the user ask for the rest:

# %%
go_on = {"role": "user", "content": "Go on exactly where you stopped, and repeat nothing."}
rest = client.messages.create(model=MODEL, max_tokens=300, messages=[*question, half, go_on])
print(rest.stop_reason, repr(text_of(rest)))
print()
print(text_of(cut) + text_of(rest))

# %% [markdown]
# The rest may be cut off as well, so it takes a loop.
# And the loop takes a bound: each round sends everything again.
#
# **Exercise · `continue_reply` · 7 minutes · 9 points**
#
# Get the whole text of a reply, in as many rounds as allowed.


# %% nbgrader={"grade_id": "continue_reply", "solution": true}
def continue_reply(client, request: dict, max_rounds: int) -> str:
    """Return the text of a reply, with what follows when it was cut off at max_tokens.

    request: for client.messages.create(**request); it stays as it is
    max_rounds: the most requests to send, 1 or more
    Each request after the first repeats the one before, with two more turns: the
    reply with its whole content, and a user's turn that asks to go on.
    The texts are joined with nothing between. Any other stop reason, a reply
    without text, and the last round end it: the text so far is returned.
    An error of the API passes through.
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
# **Think it over.** Your function returns a `str`, be the reply whole, cut off in the last round, or refused.
# What can its caller not know?
#
# <details><summary>One answer</summary>
# Whether the text is complete. Return the last <code>stop_reason</code> beside it, and let the caller decide.
# The agent of lesson 04 does so.
# </details>
#
# ## For your own migration
#
# **In your own code.** Search it for `previous_response_id`, for `messages.append`, and for slices such as `messages[-10:]`.
#
# **For your migration checklist:**
# - The program keeps each conversation, and every request sends all of it.
# - A reply goes into the history with its whole content, and an empty one not at all.
# - Histories are cut in front of a question, never between a call and its result.
# - No request ends with the assistant's turn; what was cut off is asked for, in a bounded loop.
#
# So far it had these lines:
# - Every call has `max_tokens`.
# - Replies are read by block type, never by position.
# - The id, the stop reason and the usage of each reply are logged.
# - The system prompt is a parameter; `developer` messages went the same way.
# - Every request is built from what the API knows, not from what OpenAI knew.
# - Text is read from all text blocks, and may be empty.
# - Every stop reason has a branch, and an unknown one is an error.
#
# Next comes lesson 03, where Claude asks your code to do something.

# %%
progress()
