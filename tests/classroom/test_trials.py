"""A trial of models: one fails a case, and the lowest price a token isn't the lowest cost."""

from decimal import Decimal

import pytest

from grader.catalog import ModelCard
from grader.classroom import Trial, trial


@pytest.fixture
def tried() -> Trial:
    """Return a new trial."""
    return trial()


def answers(tried: Trial, card: ModelCard) -> list[tuple[str, Decimal]]:
    """Return the text and the cost of each reply of a model."""
    replies = [
        tried.client.messages.create(
            model=card.id,
            max_tokens=1000,
            messages=[{"role": "user", "content": case["prompt"]}],
        )
        for case in tried.cases
    ]
    return [
        (
            "".join(block.text for block in reply.content if block.type == "text"),
            card.cost_of(reply.usage.to_dict()),
        )
        for reply in replies
    ]


def test_only_the_model_with_the_lowest_prices_fails(tried: Trial) -> None:
    """By one case; the others sort every ticket."""
    wrong = [
        sum(
            said != case["expected"]
            for (said, _), case in zip(answers(tried, card), tried.cases, strict=True)
        )
        for card in tried.cards
    ]
    assert wrong == [1, 0, 0]


def test_the_cards_stand_in_the_order_of_their_prices(tried: Trial) -> None:
    """So the lesson may say so."""
    prices = [card.price_for(1_000).output for card in tried.cards]
    assert prices == sorted(prices)


def test_the_cheapest_that_passes_has_not_the_lowest_price(tried: Trial) -> None:
    """The second thinks so long that the third costs less: that is what the lesson shows."""
    costs = [sum(cost for _, cost in answers(tried, card)) for card in tried.cards]
    assert costs[2] < costs[1]


def test_the_models_are_current_and_think_first(tried: Trial) -> None:
    """Whoever reads the first block as text learns it here."""
    assert not any(card.legacy for card in tried.cards)
    reply = tried.client.messages.create(
        model=tried.cards[0].id,
        max_tokens=1000,
        messages=[{"role": "user", "content": "Something else"}],
    )
    assert [block.type for block in reply.content] == ["thinking", "text"]
