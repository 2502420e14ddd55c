"""The proof of `SupportBot`."""

from tests.exercises.production.bot import BOT, REPLY, SHORTEN, changed
from tests.exercises.production.right_bots import GROWING, TURNS
from tests.exercises.production.wrong_accounts import WRONG_ACCOUNTS
from tests.exercises.production.wrong_questions import WRONG_QUESTIONS
from tests.exercises.proof import Proof

PROOF = Proof(
    "SupportBot",
    wrong=(*WRONG_QUESTIONS, *WRONG_ACCOUNTS),
    right={
        "another hand": BOT,
        "the list grows, and is put back": GROWING,
        "turns as lists of dicts": TURNS,
        "everything is kept, a part is sent": changed(
            (SHORTEN, "            sent = self.shorten(messages)\n"),
            (REPLY, REPLY.replace("messages", "sent")),
        ),
        "counted only where it may be too long": changed(
            ("while self.count", "while len(str(messages)) > 500 and self.count"),
        ),
    },
)
