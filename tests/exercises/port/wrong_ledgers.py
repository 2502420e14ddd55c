"""Wrong answers of `SupportBot`: what its ledger says."""

from tests.exercises.port.bot import CHARGE, COST, ENDED, STORED, changed
from tests.exercises.proof import Wrong

LEDGERS = (
    Wrong(
        "ledger-no-list",
        changed(
            ("self.ledger = []", "self.ledger = 0"), ("self.ledger.append(", "self.ledger += (")
        ),
        11,
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
        11,
    ),
    Wrong(
        "ledger-by-question",
        changed(
            (CHARGE, CHARGE.replace("self.ledger.append(", "self.costs.append(")),
            ("        self.ledger = []\n", "        self.ledger, self.costs = [], []\n"),
            (
                f"                {STORED}",
                f"""                self.ledger.append(sum(self.costs))
                self.costs.clear()
                {STORED}""",
            ),
        ),
        11,
    ),
    Wrong(
        "ledger-shared",
        changed(
            ("        self.ledger = []\n", ""),
            ("class SupportBot:\n", "class SupportBot:\n    ledger = []\n"),
        ),
        11,
    ),
    Wrong("empty-unpaid", changed((CHARGE, f"        if reply.content:\n    {CHARGE}")), 12),
    Wrong("ledger-gaps", changed((CHARGE, "")), 11),
    Wrong("ledger-gaps", changed((CHARGE, CHARGE * 2)), 11),
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
        12,
    ),
    Wrong("ledger-floats", changed((COST, f"float({COST})")), 12),
    Wrong("ledger-floats", changed((COST, "reply.usage")), 12),
    Wrong("ledger-sums", changed((COST, f"{COST} + (self.ledger or [0])[-1]")), 12),
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
        12,
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
        12,
    ),
    Wrong("ledger-otherwise", changed((COST, f"round({COST}, 2)")), 12),
)
