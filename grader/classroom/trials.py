"""A trial of models: cases with known answers, and a client on which they cost what is made up.

What a model gets right here, and how long it thinks, says nothing of the real one. Prices are the
catalog's, and the API bills the tokens as it always does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from grader.catalog import ModelCard, active_models, find_model
from grader.simulator import Simulator, SimulatorTransport, Turn, text, thinking, turn

if TYPE_CHECKING:
    import anthropic

Json = Any

_TASK = "Sort this ticket. Answer with one word: billing, delivery or account."
_TICKETS = (
    ("I was charged twice this month.", "billing"),
    ("Where is my parcel? It should have come on Monday.", "delivery"),
    ("I can't sign in since you changed the page.", "account"),
    ("The invoice was in the box, but the lamp wasn't.", "delivery"),
)
_HARD = "billing"
"""What the weakest model makes of the last ticket."""
_THOUGHTS = (20, 400, 60)
"""How many tokens each model thinks about a ticket, the one with the lowest prices first."""


@dataclass(frozen=True)
class Trial:
    """Hold what a trial needs.

    client: an `anthropic.Anthropic` that never leaves this process. cases: dicts with prompt and
    expected. cards: the models that compete, from the catalog.
    """

    client: anthropic.Anthropic
    cases: list[dict[str, str]]
    cards: list[ModelCard]


def trial() -> Trial:
    """Return a trial of three current models, with replies that are made up."""
    import anthropic
    import httpx2

    expected = {f"{_TASK}\n{ticket}": label for ticket, label in _TICKETS}
    cards = _competitors()
    thoughts = dict(zip((card.id for card in cards), _THOUGHTS, strict=True))

    slips = {(cards[0].id, [*expected][-1]): _HARD}

    def reply(request: Json, card: ModelCard) -> Turn:
        prompt = _prompt_of(request)
        label = expected.get(prompt, "I only sort the tickets of this trial.")
        label = slips.get((card.id, prompt), label)
        if card.id not in thoughts:
            return text(label)
        return turn(replace(thinking(), thinking_tokens=thoughts[card.id]), text(label))

    client = anthropic.Anthropic(
        api_key="simulated",
        http_client=httpx2.Client(transport=SimulatorTransport(Simulator(replies=reply))),
    )
    cases = [{"prompt": prompt, "expected": label} for prompt, label in expected.items()]
    return Trial(client, cases, cards)


def _competitors() -> list[ModelCard]:
    """Return the three current models with the lowest prices, the lowest first."""
    ids = active_models(lambda card: not card.legacy and card.rules.thinking_default != "off")
    return sorted(map(find_model, ids), key=lambda card: card.price_for(1_000).output)[:3]


def _prompt_of(request: Json) -> str:
    content = request["messages"][-1]["content"]
    if isinstance(content, str):
        return content
    return "".join(block.get("text", "") for block in content)
