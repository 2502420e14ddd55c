"""Wrong answers of `SupportBot`: conversations, budgets, ledgers, and trouble."""

from tests.exercises.production.bot import (
    CHARGE,
    COST,
    COUNT,
    CUT,
    CUT_BLINDLY,
    ENDED,
    OWN,
    RESULTS,
    SHORTEN,
    STORED,
    TEXT,
    TEXTS,
    changed,
)
from tests.exercises.proof import Wrong

_CONVERSATIONS = (
    Wrong(
        "requests-otherwise",
        changed(
            (
                OWN,
                """
        if self.messages:
            return self.messages[-1]["content"][0].text
"""
                + OWN,
            )
        ),
        5,
        "Almost",
    ),
    Wrong(
        "forgets",
        changed(
            (
                STORED,
                "self.messages = messages[-1:]\n",
            )
        ),
        8,
        "Almost",
    ),
    Wrong(
        "forgets",
        changed((OWN, '        messages = [{"role": "user", "content": text}]\n')),
        9,
        "Almost",
    ),
    Wrong(
        "messages-otherwise",
        changed(
            ("*self.messages,", "*self.history,"),
            (
                STORED,
                "self.history = messages\n",
            ),
            ("        self.messages = []\n", "        self.messages, self.history = [], []\n"),
        ),
        10,
        "Almost",
    ),
    Wrong(
        "shared-history",
        changed(
            ("    def __init__", "    messages = []\n\n    def __init__"),
            ("        self.messages = []\n", ""),
            (
                STORED,
                "self.messages[:] = messages\n",
            ),
        ),
        7,
        "Almost",
    ),
    Wrong("uncached", changed((', "cache_control": {"type": "ephemeral"}', "")), 11, "Almost"),
    Wrong(
        "cached-for-one",
        changed(
            (', "cache_control": {"type": "ephemeral"}', ""),
            (" max_tokens=1024,", ' max_tokens=1024, cache_control={"type": "ephemeral"},'),
        ),
        11,
        "Almost",
    ),
    Wrong(
        "system-lost",
        changed(('"text": self.system,', '"text": f"{len(self.ledger)} {self.system}",')),
        8,
        "Almost",
    ),
)

_BUDGETS = (
    Wrong(
        "dropped-early",
        changed(
            (
                "while self.count(messages) > self.budget",
                """while (
            isinstance(messages[-1]["content"], str)
            and len(messages) > 1
            and self.count(messages) > self.budget - 300
        )""",
            )
        ),
        10,
        "Almost",
    ),
    Wrong("budget-ignored", changed((SHORTEN, "")), 11, "Almost"),
    Wrong(
        "budget-guessed",
        changed(
            ("self.count(messages) > self.budget", "len(self.questions(messages)) > 2"),
            (
                "    def shorten",
                """    def questions(self, messages):
        return [m for m in messages if isinstance(m["content"], str)]

    def shorten""",
            ),
        ),
        11,
        "Almost",
    ),
    Wrong(
        "budget-guessed", changed((COUNT, "len(str(messages)) // 4")), 11, "Almost", saw="tokens"
    ),
    Wrong(
        "budget-guessed",
        changed((COUNT, f"{TEXTS} // 4")),
        10,
        "Almost",
        saw="IndexError",
    ),
    Wrong(
        "budget-guessed",
        changed(
            (COUNT, f"{TEXTS} // 4"),
            (
                "> self.budget",
                "> self.budget and sum(isinstance(m['content'], str) for m in messages) > 1",
            ),
        ),
        10,
        "Almost",
        saw="had room",
    ),
    Wrong("budget-guessed", changed((COUNT, f"{TEXTS} // 5")), 11, "Almost"),
    Wrong("budget-guessed", changed((COUNT, f"{TEXTS} // 6")), 11, "Almost", saw="tokens"),
    Wrong("orphan-results", changed((CUT, CUT_BLINDLY)), 10, "Crashed"),
    Wrong(
        "orphan-results",
        changed((CUT, CUT_BLINDLY), ("self.count(messages) > self.budget", "len(messages) > 3")),
        7,
        "Crashed",
    ),
    Wrong(
        "counted-in-part",
        changed((COUNT, COUNT.replace("**self.parts()", "model=self.card.id"))),
        11,
        "Almost",
    ),
    Wrong(
        "budget-once",
        changed((SHORTEN, ""), (OWN, OWN + "        messages = self.shorten(messages)\n")),
        11,
        "Almost",
    ),
    Wrong("over-budget", changed(("> self.budget", "> self.budget * 1.2")), 11, "Almost"),
    Wrong(
        "question-dropped",
        changed(
            (RESULTS, RESULTS + "            messages = messages[-2:]\n"),
        ),
        10,
        "Almost",
    ),
    Wrong(
        "cut-within-turn",
        changed(
            (
                """
            while not isinstance(messages[0]["content"], str):
                messages = messages[1:]
""",
                "\n",
            )
        ),
        11,
        "Almost",
    ),
)

_LEDGERS = (
    Wrong(
        "ledger-no-list",
        changed(
            ("self.ledger = []", "self.ledger = 0"), ("self.ledger.append(", "self.ledger += (")
        ),
        10,
        "Almost",
    ),
    Wrong(
        "ledger-by-question",
        changed(
            (CHARGE, ""),
            (
                f"                {STORED}",
                f"                {STORED}        " + CHARGE,
            ),
        ),
        10,
        "Almost",
    ),
    Wrong("ledger-gaps", changed((CHARGE, "")), 10, "Almost"),
    Wrong("ledger-gaps", changed((CHARGE, CHARGE * 2)), 10, "Almost"),
    Wrong(
        "refusal-unpaid",
        changed(
            (CHARGE, ""),
            (ENDED, ENDED + "    " + CHARGE),
            (
                f"                {STORED}",
                "        " + CHARGE + f"                {STORED}",
            ),
        ),
        11,
        "Almost",
    ),
    Wrong("ledger-floats", changed((COST, f"float({COST})")), 11, "Almost"),
    Wrong("ledger-floats", changed((COST, "reply.usage")), 11, "Almost"),
    Wrong("ledger-sums", changed((COST, f"{COST} + (self.ledger or [0])[-1]")), 11, "Almost"),
    Wrong(
        "cache-free",
        changed(
            (
                COST,
                """self.card.cost_of(
            {"input_tokens": reply.usage.input_tokens, "output_tokens": reply.usage.output_tokens}
        )""",
            )
        ),
        11,
        "Almost",
    ),
    Wrong(
        "cache-at-full-price",
        changed(
            (
                COST,
                """self.card.cost_of(
            {
                "input_tokens": reply.usage.input_tokens
                + reply.usage.cache_creation_input_tokens
                + reply.usage.cache_read_input_tokens,
                "output_tokens": reply.usage.output_tokens,
            }
        )""",
            )
        ),
        11,
        "Almost",
    ),
    Wrong("ledger-otherwise", changed((COST, f"round({COST}, 2)")), 11, "Almost"),
)

_TROUBLES = (
    Wrong("half-turn-kept", changed((STORED, "self.messages = messages\n")), 11, "Almost"),
    Wrong(
        "empty-crash",
        changed((TEXT, f"return reply.content[-1].text and {TEXT[7:]}")),
        11,
        "Crashed",
    ),
    Wrong(
        "error-swallowed",
        changed(
            (
                "            reply = self.stream(messages)\n",
                """
            try:
                reply = self.stream(messages)
            except anthropic.APIStatusError:
                return ''
""",
            )
        ),
        11,
        "Almost",
    ),
    Wrong(
        "refusal-as-answer",
        changed(('"stop_sequence")', '"stop_sequence", "refusal")')),
        11,
        "Almost",
    ),
    Wrong(
        "cut-as-answer",
        changed(('"stop_sequence")', '"stop_sequence", "max_tokens")')),
        11,
        "Almost",
    ),
    Wrong(
        "cut-call-run",
        changed(('!= "tool_use"', 'not in ("tool_use", "max_tokens")')),
        11,
        "Almost",
    ),
    Wrong(
        "trouble-retried",
        changed(
            (
                "            reply = self.stream(messages)\n",
                """
            try:
                reply = self.stream(messages)
            except anthropic.APIStatusError:
                reply = self.stream(messages)
""",
            )
        ),
        11,
        "Almost",
    ),
    Wrong("other-exception", changed(("RuntimeError", "ValueError")), 10, "Almost"),
    Wrong(
        "half-turn-kept",
        changed(
            (
                OWN,
                """
        self.messages.append({"role": "user", "content": text})
        messages = self.messages
""",
            ),
            (SHORTEN, "            messages = self.messages = self.shorten(messages)\n"),
        ),
        10,
        "Almost",
    ),
    Wrong(
        "cut-kept",
        changed(
            (
                OWN,
                """
        self.messages.append({"role": "user", "content": text})
        try:
            return self.answer()
        except Exception:
            while not isinstance(self.messages[-1]["content"], str):
                self.messages.pop()
            self.messages = self.messages[:-1]
            raise

    def answer(self):
        messages = self.messages
""",
            ),
            (SHORTEN, "            messages = self.messages = self.shorten(messages)\n"),
            (STORED, "self.messages = messages if reply.content else messages[:-2]\n"),
        ),
        11,
        "Almost",
        saw="overloaded_error",
    ),
    Wrong(
        "cut-kept",
        changed((SHORTEN, SHORTEN + "            self.messages = messages[:-1]\n")),
        10,
        "Almost",
    ),
    Wrong("endless-tools", changed(("for _ in range(8)", "while True")), 11, "Almost"),
    Wrong("endless-tools", changed(("range(8)", "range(9)")), 11, "Almost"),
    Wrong("gave-up-early", changed(("range(8)", "range(7)")), 11, "Almost"),
    Wrong(
        "limit-as-answer",
        changed(('raise RuntimeError("too many requests")', 'return ""')),
        11,
        "Almost",
    ),
)


WRONG_ACCOUNTS = (*_CONVERSATIONS, *_BUDGETS, *_LEDGERS, *_TROUBLES)
