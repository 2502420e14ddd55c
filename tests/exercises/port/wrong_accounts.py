"""Wrong answers of `SupportBot`: conversations, budgets and ledgers."""

from tests.exercises.port.bot import (
    BARE,
    COUNT,
    CUT,
    CUT_BLINDLY,
    MARKED,
    NO_BLOCK_QUESTION,
    NO_QUESTION,
    OWN,
    REPLY,
    RESULTS,
    SHORTEN,
    STARTS,
    STORED,
    TEXTS,
    changed,
)
from tests.exercises.port.wrong_ledgers import LEDGERS
from tests.exercises.proof import Wrong

_THOUGHT = "(lambda messages: 'thinking' in str(messages))"
"""Whether Claude has thought in a conversation: from then on the API minds what is changed."""

_CONVERSATIONS = (
    Wrong(
        "requests-otherwise",
        changed(
            (
                OWN,
                """
        if self.messages:
            return "I have answered that already."
"""
                + OWN,
            )
        ),
        5,
    ),
    Wrong(
        "thoughts-after-cut",
        changed(
            (
                STORED,
                "self.messages = messages[-1:]\n",
            )
        ),
        7,
        "Crashed",
    ),
    Wrong(
        "forgets",
        changed((OWN, '        messages = [{"role": "user", "content": text}]\n')),
        9,
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
        11,
    ),
    Wrong(
        "prefix-changed",
        changed(
            ("    def __init__", "    messages = []\n\n    def __init__"),
            ("        self.messages = []\n", ""),
            (
                STORED,
                "self.messages[:] = messages\n",
            ),
        ),
        6,
        "Crashed",
    ),
    # Only bots with one system prompt share, so Claude's thinking has the same beginning in all.
    Wrong(
        "shared-history",
        changed(
            ("    def __init__", "    shared = {}\n\n    def __init__"),
            (
                "        self.messages = []\n",
                "        self.messages = self.shared.setdefault(system, [])\n",
            ),
            (STORED, "self.messages[:] = messages\n"),
        ),
        11,
    ),
    Wrong("uncached", changed((', "cache_control": {"type": "ephemeral"}', "")), 12),
    Wrong(
        "marked-elsewhere",
        'MARK = {"type": "ephemeral"}\n'
        + changed(
            (', "cache_control": {"type": "ephemeral"}', ""),
            (
                '"tools": self.tools}',
                '"tools": [{**tool, "cache_control": MARK} for tool in self.tools]}',
            ),
        ),
        12,
    ),
    Wrong("marks-kept", changed((OWN, MARKED), (NO_QUESTION, NO_BLOCK_QUESTION)), 9, "Crashed"),
    Wrong(
        "forgets-later",
        changed((OWN, OWN + "        messages = messages[-7:]\n")),
        11,
    ),
    Wrong(
        "cached-for-one",
        changed(
            (', "cache_control": {"type": "ephemeral"}', ""),
            (" max_tokens=1024,", ' max_tokens=1024, cache_control={"type": "ephemeral"},'),
        ),
        12,
    ),
    Wrong(
        "system-lost",
        changed(('"text": self.system,', '"text": f"{len(self.ledger)} {self.system}",')),
        6,
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
    ),
    Wrong("budget-ignored", changed((SHORTEN, "")), 11),
    # The thinking goes with the question that was cut, and stays with the others.
    Wrong("thoughts-after-cut", changed((BARE, "")), 12),
    # With the thinking, what Claude said goes too.
    Wrong(
        "blocks-changed",
        changed(
            (
                'return {**message, "content": kept}',
                'return {**message, "content": kept[:1] + kept[2:]}',
            )
        ),
        12,
    ),
    # It is left out of what is sent once, and is back with the next question.
    Wrong(
        "thoughts-after-cut",
        changed(
            (BARE, ""),
            (REPLY, REPLY.replace("messages", "sent")),
            (
                SHORTEN,
                "            before = len(messages)\n"
                + SHORTEN
                + "            sent = messages\n"
                + "            if len(messages) < before:\n"
                + "                sent = [self.bare(message) for message in messages]\n",
            ),
        ),
        12,
    ),
    Wrong(
        "thoughts-lost-early",
        changed(
            (
                '        return {**message, "content": kept}\n',
                '        message["content"] = kept\n        return message\n',
            ),
        ),
        12,
    ),
    # One of the two kinds of thoughts stays.
    *(
        Wrong(
            "thoughts-after-cut", changed(('("thinking", "redacted_thinking")', f'("{kind}",)')), 12
        )
        for kind in ("thinking", "redacted_thinking")
    ),
    Wrong(
        "forgets-later",
        changed(
            ("self.count(messages) > self.budget", "len(self.questions(messages)) > 2"),
            (
                "    def shorten",
                """    def questions(self, messages):
        return [m for m in messages if isinstance(m["content"], str)]

    def shorten""",
            ),
        ),
        10,
    ),
    Wrong("budget-guessed", changed((COUNT, "len(str(messages)) // 4")), 11, saw="tokens"),
    Wrong(
        "budget-guessed",
        changed((COUNT, f"{TEXTS} // 2")),
        10,
        saw="IndexError",
    ),
    Wrong(
        "budget-guessed",
        changed(
            (COUNT, f"{TEXTS} // 3"),
            (
                "> self.budget",
                "> self.budget and sum(isinstance(m['content'], str) for m in messages) > 1",
            ),
        ),
        11,
        saw="had room",
    ),
    Wrong("budget-guessed", changed((COUNT, f"{TEXTS} // 5")), 11),
    Wrong("budget-guessed", changed((COUNT, f"{TEXTS} // 6")), 11, saw="tokens"),
    Wrong(
        "not-the-oldest",
        changed(
            (
                CUT,
                f"{STARTS}            messages = messages[: starts[-2]] + messages[starts[-1] :]\n",
            )
        ),
        11,
        saw="4 of 4`",
    ),
    Wrong(
        "not-the-oldest",
        changed(
            (
                CUT,
                STARTS
                + """            if len(starts) > 2:
                messages = messages[: starts[1]] + messages[starts[2] :]
            else:
                messages = messages[starts[1] :]
""",
            )
        ),
        11,
    ),
    Wrong(
        "shortened",
        changed(
            (
                CUT,
                """            whole, messages = messages, [
                {**each, "content": [{**part, "content": part["content"][:200]} for part in parts]}
                if isinstance(parts := each["content"], list) and each["role"] == "user"
                else each
                for each in messages
            ]
            if messages == whole:
"""
                + CUT.replace("            m", "                m")
                .replace("            while", "                while")
                .replace("        messages = messages[1:]\n", "        messages = messages[1:]\n"),
            )
        ),
        12,
    ),
    Wrong(
        "forgets-later", changed((SHORTEN, "            messages = messages[-24:]\n" + SHORTEN)), 12
    ),
    Wrong("orphan-results", changed((CUT, CUT_BLINDLY)), 10, "Crashed"),
    Wrong(
        "orphan-results",
        changed((CUT, CUT_BLINDLY), ("self.count(messages) > self.budget", "len(messages) > 3")),
        5,
        "Crashed",
    ),
    Wrong(
        "prefix-changed",
        changed((COUNT, COUNT.replace("**self.parts()", "model=self.card.id"))),
        9,
        "Crashed",
    ),
    Wrong(
        "counted-in-part",
        changed(
            (
                COUNT,
                COUNT.replace(
                    "**self.parts()",
                    f"**(self.parts() if {_THOUGHT}(messages) else {{'model': self.card.id}})",
                ),
            )
        ),
        12,
    ),
    Wrong(
        "budget-once",
        changed((SHORTEN, ""), (OWN, OWN + "        messages = self.shorten(messages)\n")),
        11,
    ),
    Wrong("over-budget", changed(("> self.budget", "> self.budget * 1.2")), 11),
    Wrong("over-budget", changed(("while self.count", "if self.count")), 12),
    Wrong(
        "dropped-too-many",
        changed((CUT, STARTS + "            messages = messages[starts[-1] :]\n")),
        11,
        saw="`3 of 3`",
    ),
    Wrong(
        "dropped-too-many",
        changed((CUT, STARTS + "            messages = messages[starts[len(starts) // 2] :]\n")),
        11,
        saw="`2 of 3`",
    ),
    Wrong(
        "dropped-too-many",
        changed((CUT, STARTS + "            messages = messages[starts[:3][-1] :]\n")),
        11,
        saw="`2 of 3`",
    ),
    Wrong(
        "thoughts-after-cut",
        changed(
            (RESULTS, RESULTS + "            messages = messages[-2:]\n"),
        ),
        8,
        "Crashed",
    ),
    Wrong(
        "question-dropped",
        changed(
            (
                RESULTS,
                RESULTS
                + f"            messages = messages if {_THOUGHT}(messages) else messages[-2:]\n",
            ),
        ),
        10,
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
    ),
)


WRONG_ACCOUNTS = (*_CONVERSATIONS, *_BUDGETS, *LEDGERS)
