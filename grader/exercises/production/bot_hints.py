"""The hint ladders of a bot's mistakes, one for each part of the port."""

from __future__ import annotations

PARAMETERS = (
    "Two calls go out: one counts, one sends. What does each of them take?",
    "The request under “What the port saves” has all that a reply needs.",
    "Both take `model`, `system`, `tools` and `messages`; `max_tokens` goes with what is sent",
)
STREAM = (
    "Where does the text come from while Claude still writes?",
    "The table under “The port” names two things to ask a stream for: pieces, and the whole.",
    "`with … as stream:`, then `for piece in stream.text_stream:`, and in it `self.on_text(…)`",
)
ANSWER = (
    "What is the text of a reply that has two text blocks, or none at all?",
    "The table under “The port” says where the whole reply comes from, once it is streamed.",
    '`"".join(…)` of the `.text` of each block whose `type` is "text"',
)
LOOP = (
    "After which reply is there an answer, and after which is it the bot's turn again?",
    "The table under “The port” says which stop reason means done, and what the others mean.",
    'One `if` for "end_turn", which returns; one for all but "tool_use", which raises',
)
TURN = (
    "What did Claude say when it asked for tools: the calls, or more than that?",
    "The table under “The port” says what stands in front of the results.",
    '`{"role": "assistant", "content": reply.content}`: all of it, and before the results',
)
RESULTS = (
    "Claude asked for several things at once. In how many messages does the user answer?",
    "The table under “The port” says where all results of a turn go.",
    '`{"role": "user", "content": results}`, with one block in it for each `tool_use`',
)
FAILURE = (
    "Two results are there, and one tells of a failure. How does Claude know which?",
    "The table under “The port” has a line for a tool that raises.",
    '`"is_error": True` goes into the result that is made in the `except`, and into no other',
)
MEMORY = (
    "Who keeps what was said, when the API keeps nothing?",
    "The table under “The port” says when `messages` changes. It begins in `__init__`, empty.",
    '`[*self.messages, {"role": "user", "content": text}]` is what the first request has',
)
COUNT = (
    "How long is the request that you are about to send, with all that is in it?",
    "The table under “The port” says until when turns are left out.",
    "Ask for `count_tokens(…).input_tokens` again after each turn that you leave out",
)
CUT = (
    "Which messages of a history make sense without the one before?",
    "The table under “The port” says in front of what a history may be cut.",
    "A user's message whose `content` is a text is a question; the newest one always stays",
)
ENTRIES = (
    "When is a reply paid for: when it comes, or when it turns out to be an answer?",
    "The table under “The port” ends with the ledger. For what does it have an entry?",
    "`self.ledger.append(…)` right behind `get_final_message()`, in the method that streams",
)
AMOUNTS = (
    "How many classes of tokens has a usage, and who knows the price of each?",
    "A cell under “The bot as it is” asks the card what a usage costs.",
    "`self.card.cost_of(…)` of the whole usage, as a dict, goes into the ledger as it is",
)
ENDINGS = (
    "What can the shop do with a reply that is no answer, if nobody tells it?",
    "The table under “The port” says which endings raise; the docstring of `ask` says what.",
    '`raise RuntimeError(…)` for each stop reason but "end_turn" and "tool_use"',
)
ERRORS_PASS = (
    "Who decides whether to ask once more: the bot, or who called it?",
    "“Errors as they arrive” has a stream that breaks off. What has the customer seen by then?",
    "Let no `except` stand around the stream: what the SDK raises is for the caller",
)
LIMIT = (
    "How many requests may one question cost, and what happens at the last of them?",
    "The table under “The port” has a line for `while True`.",
    "`for _ in range(8):`, and behind the loop `raise RuntimeError(…)`",
)
