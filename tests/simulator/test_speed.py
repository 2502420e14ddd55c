"""Speed, place and task budgets: which models take them, and what a usage and a bill say."""

import json
from decimal import Decimal
from typing import Any

import pytest

from grader.catalog import load_catalog
from grader.simulator import Script, Simulator, text

FAST = "fast-mode-2026-02-01"
BUDGET = "task-budgets-2026-03-13"
CARDS = load_catalog().models
IDS = [card.id for card in CARDS]


def asked(model: str, *betas: str, **changes: Any) -> tuple[int, Any]:
    """Return the status and the body of a reply by this model."""
    body = {"model": model, "max_tokens": 900, "messages": [{"role": "user", "content": "Hi"}]}
    headers = {"x-api-key": "k", "anthropic-version": "2026-10-21"}
    headers |= {"anthropic-beta": ",".join(betas)}
    simulator = Simulator(replies=Script(text("Hello.")), seed=1, clock=lambda: 1_790_000_000.0)
    written = json.dumps({**body, **changes}).encode()
    reply = simulator.handle("POST", "/v1/messages", headers, written)
    if reply.events is None:
        return reply.status, reply.body
    return reply.status, [event.data for event in reply.events]


@pytest.mark.parametrize("card", CARDS, ids=IDS)
def test_a_model_is_as_fast_as_its_row_says(card: Any) -> None:
    """It refuses, in quoted words, or answers and says how fast it was."""
    status, body = asked(card.id, FAST, speed="fast")
    if card.rules.speed == "none":
        assert status == 400
        assert body["error"]["message"] == f"'{card.id}' does not support the `speed` parameter."
    else:
        assert [*body["usage"]][-1] == "speed"
        assert body["usage"]["speed"] == card.rules.speed
    assert asked(card.id, speed="standard")[1]["usage"]["speed"] == "standard"
    assert asked(card.id, speed="fast")[1]["error"]["message"] == (
        "speed: Extra inputs are not permitted"
    )


@pytest.mark.parametrize("card", CARDS, ids=IDS)
def test_a_fast_reply_costs_what_the_row_says(card: Any) -> None:
    """Every class of tokens, cached ones too; a slow one costs no more."""
    usage = {"input_tokens": 70, "output_tokens": 9, "cache_read_input_tokens": 400}
    plain = card.cost_of(usage)
    assert (card.fast_factor is None) == (card.rules.speed != "fast")
    assert card.cost_of({**usage, "speed": "fast"}) == plain * (card.fast_factor or 1)
    assert card.cost_of({**usage, "speed": "standard"}) == plain


@pytest.mark.parametrize("card", CARDS, ids=IDS)
def test_a_place_is_for_models_that_know_one(card: Any) -> None:
    """Its usage says where it ran, and the US alone costs a tenth more."""
    status, body = asked(card.id, inference_geo="us")
    if not card.rules.inference_geo:
        assert (status, body["error"]["message"]) == (
            400,
            f"'{card.id}' does not support inference_geo.",
        )
        return
    usage = body["usage"]
    assert usage["inference_geo"] == "us"
    elsewhere = {**usage, "inference_geo": "global"}
    assert card.cost_of(usage) == card.cost_of(elsewhere) * Decimal("1.1")
    assert asked(card.id)[1]["usage"]["inference_geo"] == "global"


def budget(**changes: Any) -> dict[str, Any]:
    """Return an output_config with a budget for the whole task."""
    return {"output_config": {"task_budget": {"type": "tokens", "total": 20_000, **changes}}}


@pytest.mark.parametrize("card", CARDS, ids=IDS)
def test_a_task_budget_is_for_models_that_are_told_of_one(card: Any) -> None:
    """One attempt is told by itself in the usage, and adds up to the whole."""
    status, body = asked(card.id, BUDGET, **budget(remaining=0))
    if not card.rules.task_budget:
        assert status == 400
        return
    usage = body["usage"]
    (attempt,) = usage["iterations"]
    assert attempt.pop("type") == "message"
    assert attempt == {key: usage[key] for key in attempt}
    assert usage["input_tokens"] > asked(card.id)[1]["usage"]["input_tokens"]
    keys = [*usage]
    assert keys.index("iterations") == keys.index("output_tokens") - 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"total": 19_999}, "total: Input should be greater than or equal to 20000"),
        ({"total": "many"}, "total: Input should be a valid integer"),
        ({"type": "words"}, " Input tag 'words' found"),
        ({"remaining": -1}, "remaining: Input should be greater than or equal to 0"),
        ({"remaining": 20_001}, "remaining: Input should be less than or equal to 20000"),
        ({"left": 1}, "left: Extra inputs are not permitted"),
    ],
    ids=range(6),
)
def test_a_wrong_budget_is_refused(changes: dict[str, Any], words: str) -> None:
    """With its place."""
    status, body = asked("claude-opus-5-5", BUDGET, **budget(**changes))
    assert status == 400
    assert words in body["error"]["message"]


def test_a_stream_tells_of_attempts_and_speed_at_its_end() -> None:
    """Where all usage that depends on the whole reply stands."""
    events = asked("claude-opus-5", BUDGET, FAST, stream=True, speed="fast", **budget())[1]
    first, last = events[0]["message"]["usage"], events[-2]["usage"]
    assert (first["speed"], "iterations" in first) == ("fast", False)
    assert last["iterations"][0]["output_tokens"] == last["output_tokens"]
