"""What is wrong with a bot over several questions: its memory, budget and ledger."""

from __future__ import annotations

from grader.exams import Diagnosis
from grader.exercises.production.bot_hints import AMOUNTS, COUNT, CUT, ENTRIES, LOOP, MEMORY
from grader.exercises.production.lesson import BOT, PORT

_CONVERSATIONS = (
    Diagnosis(
        "requests-otherwise",
        title="The number of requests is another one than that of the replies needed.",
        saw="`{observed}` requests for messages arrived.",
        why="Each question, and each round of tools, takes one request.",
        next="Send one request, look at its `stop_reason`, and go on only for `tool_use`.",
        where=PORT,
        hints=LOOP,
    ),
    Diagnosis(
        "forgets",
        title="The second question came without the first.",
        saw="Its request has messages with the roles `{observed}`.",
        why="The API keeps nothing: what the bot does not send, Claude does not know.",
        next="Begin each request with `self.messages`.",
        where=PORT,
        hints=MEMORY,
    ),
    Diagnosis(
        "messages-otherwise",
        title="`messages` is not the conversation so far.",
        saw="It has the roles `{observed}`.",
        why="The shop stores it, and goes on from it the next day.",
        next="After an answer, keep everything up to it in `self.messages`, the answer included.",
        where=PORT,
        hints=MEMORY,
    ),
    Diagnosis(
        "shared-history",
        title="The next customer's bot knows what the first one said.",
        saw="Its first request has `{observed}` messages more than the question.",
        why="Customers must not hear of each other.",
        next="Make the list in `__init__`: `self.messages = []`.",
        where=PORT,
        hints=MEMORY,
    ),
    Diagnosis(
        "uncached",
        title="The system prompt is not cached.",
        saw="The first request had `{observed}` tokens of fresh input.",
        why="Caching is asked for here, with `cache_control`. "
        "Without it each request pays for the whole prompt.",
        next='Make `system` a list of one block, with `"cache_control": {"type": "ephemeral"}`.',
        where=PORT,
        hints=(
            "Which part of every request is the same for all customers?",
            "The request under “What the port saves” has a mark. On what?",
            '`[{"type": "text", "text": system, "cache_control": …}]`',
        ),
    ),
    Diagnosis(
        "cached-for-one",
        title="What was cached was not found again.",
        saw="The first request wrote the prompt; the next ones read `{observed}` tokens.",
        why="A prefix is found again at a mark, and only when everything before that is the same. "
        "A mark behind the question serves one conversation.",
        next="Put the mark on the system block, and nothing that changes in front of it.",
        where=PORT,
        hints=(
            "Where does the part end that two customers have in common?",
            "The request under “What the port saves” has its mark there.",
            "The mark goes into the block of `system`, whatever else is marked.",
        ),
    ),
)

_BUDGETS = (
    Diagnosis(
        "dropped-early",
        title="Turns were left out that had room.",
        saw="The second request of a conversation had `{observed}` messages.",
        why="What is left out, Claude does not know.",
        next="Leave turns out only when the count is above the budget.",
        where=PORT,
        hints=COUNT,
    ),
    Diagnosis(
        "budget-ignored",
        title="A request is longer than the budget.",
        saw="It had `{observed}`.",
        why="A long conversation gets dearer with every question, and one day does not fit at all.",
        next="Before each request, count it, and leave out the oldest turns until it fits.",
        where=PORT,
        hints=COUNT,
    ),
    Diagnosis(
        "budget-guessed",
        title="The budget was kept by a guess: nobody counted.",
        saw="`{observed}`, and no request to `count_tokens` arrived.",
        why="A token is six characters of one text and two of another: "
        "only the API knows how many there are.",
        next="Ask `self.client.messages.count_tokens(…)`, with system and tools.",
        where=PORT,
        hints=(
            "Who knows how many tokens a request has, with its tools and its ids?",
            "The table under “The port” speaks of a count. Lesson 06 asked the API for it.",
            "`count_tokens(model=…, system=…, tools=…, messages=…).input_tokens`",
        ),
    ),
    Diagnosis(
        "counted-in-part",
        title="Only a part of the request was counted.",
        saw="The request had `{observed}`, and the count left out the system prompt or the tools.",
        why="Both are input, and the system prompt is the longest part of this bot.",
        next="Count with the same `system`, `tools` and `messages` that you send.",
        where=PORT,
        hints=COUNT,
    ),
    Diagnosis(
        "budget-once",
        title="The budget was looked at once for each question, and tools made it longer.",
        saw="After a tool had run, the next request had `{observed}`.",
        why="A result may be longer than all that was said before.",
        next="Make the request fit inside the loop, before each time you send.",
        where=PORT,
        hints=(
            "When does a conversation grow, besides when the customer asks?",
            "The docstring says for which requests the budget holds.",
            "First lines inside the `for`: while the count is above the budget, cut `messages`.",
        ),
    ),
    Diagnosis(
        "over-budget",
        title="A request is still longer than the budget.",
        saw="It had `{observed}`.",
        why="One turn less may not be enough.",
        next="Go on leaving out turns until the count is within the budget.",
        where=PORT,
        hints=COUNT,
    ),
    Diagnosis(
        "question-dropped",
        title="The question itself was left out.",
        saw="The request has `{observed}` messages, and the newest question is not among them.",
        why="Claude would answer something that nobody asked.",
        next="Leave out from the beginning, and stop in front of the newest question.",
        where=PORT,
        hints=CUT,
    ),
    Diagnosis(
        "cut-within-turn",
        title="The history was cut in the middle of a turn.",
        saw="The request has messages with the roles `{observed}`.",
        why="What begins with an answer, or with results, has lost what they belong to.",
        next="Cut in front of a question: a user's message that is a text.",
        where=PORT,
        hints=CUT,
    ),
)

_LEDGERS = (
    Diagnosis(
        "ledger-no-list",
        title="The ledger should be a list.",
        saw="It is `{observed}`.",
        why="An entry for each reply shows which question was dear; a sum does not.",
        next="Begin with `self.ledger = []`, and append what each reply cost.",
        where=PORT,
        hints=ENTRIES,
    ),
    Diagnosis(
        "ledger-by-question",
        title="Only the last reply of each question was charged.",
        saw="`{observed}`.",
        why="A question with tools takes several replies, and each is paid for.",
        next="Charge where a reply comes in, inside the loop.",
        where=PORT,
        hints=ENTRIES,
    ),
    Diagnosis(
        "ledger-gaps",
        title="The ledger has not one entry for each reply.",
        saw="`{observed}`.",
        why="At the end of the month it is compared with the bill.",
        next="Append one entry where `get_final_message()` has brought a reply.",
        where=PORT,
        hints=ENTRIES,
    ),
    Diagnosis(
        "refusal-unpaid",
        title="A reply that was no answer is missing in the ledger.",
        saw="After a refused question the ledger has `{observed}` entries.",
        why="A refusal is a reply, and its tokens are on the bill.",
        next="Charge a reply before you look at its `stop_reason`.",
        where=PORT,
        hints=ENTRIES,
    ),
    Diagnosis(
        "ledger-floats",
        title="The ledger holds something else than `Decimal`.",
        saw="It is `{observed}`.",
        why="Floats lose cents, and no other type can be added to the rest.",
        next="Append what `card.cost_of(…)` returns, as it is.",
        where=BOT,
        hints=AMOUNTS,
    ),
    Diagnosis(
        "ledger-sums",
        title="The entries are sums, each with all that went before.",
        saw="They are `{observed}`.",
        why="Who adds them up pays the first reply many times.",
        next="Append the cost of the reply alone.",
        where=PORT,
        hints=AMOUNTS,
    ),
    Diagnosis(
        "cache-free",
        title="What went through the cache was not charged.",
        saw="The entries are `{observed}`.",
        why="Writing costs more than fresh input, and reading costs something too.",
        next="Give the whole usage to `card.cost_of(…)`: it knows all classes.",
        where=BOT,
        hints=AMOUNTS,
    ),
    Diagnosis(
        "cache-at-full-price",
        title="Cached tokens were charged like fresh ones.",
        saw="The entries are `{observed}`.",
        why="Each class has its price, and the saving would never show.",
        next="Give the whole usage to `card.cost_of(…)`: it knows all classes.",
        where=BOT,
        hints=AMOUNTS,
    ),
    Diagnosis(
        "ledger-otherwise",
        title="The entries are not what the replies cost.",
        saw="They are `{observed}`.",
        why="At the end of the month the ledger is compared with the bill.",
        next="Append `card.cost_of(reply.usage.to_dict())` for each reply.",
        where=BOT,
        hints=AMOUNTS,
    ),
)

ACCOUNTS = (*_CONVERSATIONS, *_BUDGETS, *_LEDGERS)
