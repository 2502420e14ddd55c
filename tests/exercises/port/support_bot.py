"""The proof of `SupportBot`."""

from tests.exercises.port.bot import (
    BARE,
    BOT,
    MARKED,
    NO_BLOCK_QUESTION,
    NO_QUESTION,
    OWN,
    REPLY,
    RESULTS,
    SHORTEN,
    changed,
)
from tests.exercises.port.right_bots import GROWING, TURNS
from tests.exercises.port.wrong_accounts import WRONG_ACCOUNTS
from tests.exercises.port.wrong_crashes import WRONG_CRASHES
from tests.exercises.port.wrong_questions import WRONG_QUESTIONS
from tests.exercises.port.wrong_troubles import WRONG_TROUBLES
from tests.exercises.proof import Proof

PROOF = Proof(
    "SupportBot",
    wrong=(*WRONG_CRASHES, *WRONG_QUESTIONS, *WRONG_ACCOUNTS, *WRONG_TROUBLES),
    right={
        "another hand": BOT,
        "a word beside the results": changed(
            (
                RESULTS,
                RESULTS.replace("results}", '[*results, {"type": "text", "text": "Go on."}]}'),
            ),
        ),
        "the list grows, and is put back": GROWING,
        "turns as lists of dicts": TURNS,
        "everything is kept, a part is sent": changed(
            ("        self.ledger = []\n", "        self.ledger, self.is_cut = [], False\n"),
            (
                SHORTEN,
                """            whole = map(self.bare, messages) if self.is_cut else messages
            sent = self.shorten(list(whole))
            self.is_cut = self.is_cut or len(sent) < len(messages)
""",
            ),
            (REPLY, REPLY.replace("messages", "sent")),
        ),
        "the newest question is marked where it is sent": changed(
            (
                REPLY,
                """
            mark = {"cache_control": {"type": "ephemeral"}}
            sent = [*messages[:-1], {**messages[-1]}]
            if isinstance(sent[-1]["content"], str):
                sent[-1]["content"] = [{"type": "text", "text": sent[-1]["content"], **mark}]
            reply = self.stream(sent)
""",
            ),
        ),
        "the mark moves on with the questions": changed(
            (
                OWN,
                """
        for message in self.messages:
            if message["role"] == "user":
                message["content"][-1].pop("cache_control", None)
"""
                + MARKED[1:],
            ),
            (NO_QUESTION, NO_BLOCK_QUESTION),
        ),
        "the question in blocks": changed(
            (OWN, MARKED.replace(', "cache_control": mark', "")), (NO_QUESTION, NO_BLOCK_QUESTION)
        ),
        "what no longer fits is dropped by the API": changed(
            ("client.messages.", "client.beta.messages."),
            (BARE, ""),
            (
                '"tools": self.tools}',
                """"tools": self.tools,
            "betas": ["thinking-binding-controls-2026-08-01"],
            "thinking": {
                "type": "adaptive",
                "block_binding": {"prefix_mismatch_behavior": "drop_block"},
            },
        }""",
            ),
        ),
        "counted only where it may be too long": changed(
            ("while self.count", "while len(str(messages)) > 500 and self.count"),
        ),
    },
)
