"""The list of models: what the catalog holds, in the API's shape."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from grader.catalog import Catalog, ModelCard, find_beta, load_catalog
from grader.simulator import Simulator
from grader.simulator.model_list import describe_model, list_models

HEADERS = {"x-api-key": "simulated"}
TODAY = date(2026, 11, 29)


def on(day: date) -> Simulator:
    """Return a simulator whose clock shows the noon of a day."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()
    return Simulator(clock=lambda: noon)


def lists(day: date, query: str = "", **headers: str) -> list[Any]:
    """Return the models that are listed on a day."""
    sent = {**HEADERS, **{name.replace("_", "-"): value for name, value in headers.items()}}
    reply = on(day).handle("GET", f"/v1/models{query}", sent, b"")
    assert reply.status == 200
    return list(reply.body["data"])


def test_the_list_holds_every_model_and_names_its_ends() -> None:
    """In the catalog's order, newest first, on one page."""
    ids = [card.id for card in load_catalog().models]
    listed = list_models(load_catalog(), today=TODAY)
    assert list(listed) == ["data", "has_more", "first_id", "last_id"]
    assert [row["id"] for row in listed["data"]] == ids
    assert (listed["has_more"], listed["first_id"], listed["last_id"]) == (False, ids[0], ids[-1])


def test_an_empty_catalog_gives_an_empty_list() -> None:
    """With ends that are null."""
    expected = {"data": [], "has_more": False, "first_id": None, "last_id": None}
    assert list_models(Catalog(models=()), today=TODAY) == expected


def test_a_model_is_described_by_its_card() -> None:
    """Limits and capabilities are those that the requests are checked by."""
    described = describe_model(load_catalog().find("claude-haiku-4-5"), today=TODAY)
    supported, unsupported = {"supported": True}, {"supported": False}
    assert described == {
        "type": "model",
        "id": "claude-haiku-4-5-20251001",
        "display_name": "Claude Haiku 4.5",
        "created_at": "2025-10-15T00:00:00Z",
        "max_input_tokens": 200_000,
        "max_tokens": 64_000,
        "capabilities": {
            "batch": supported,
            "citations": supported,
            "code_execution": unsupported,
            "context_management": {
                **supported,
                "clear_tool_uses_20250919": supported,
                "clear_thinking_20251015": supported,
                "compact_20260112": unsupported,
            },
            "effort": {
                "supported": False,
                "low": unsupported,
                "medium": unsupported,
                "high": unsupported,
                "xhigh": unsupported,
                "max": unsupported,
            },
            "image_input": supported,
            "pdf_input": supported,
            "server_tools": {
                **supported,
                "web_search": supported,
                "code_execution": supported,
            },
            "structured_outputs": supported,
            "thinking": {
                "supported": True,
                "types": {
                    "enabled": supported,
                    "adaptive": unsupported,
                    "disabled": supported,
                    "between_tools": unsupported,
                },
            },
        },
        "lifecycle": "active",
        "line": "haiku",
        "deprecated_at": None,
        "retires_at": None,
    }


@pytest.mark.parametrize(
    ("model", "created", "lifecycle", "retires"),
    [
        ("claude-fable-5-1", "1970-01-01T00:00:00Z", "active", None),
        ("claude-sonnet-4-5", "2025-09-29T00:00:00Z", "deprecated", "2026-11-30T00:00:00Z"),
    ],
)
def test_dates_follow_the_card(model: str, created: str, lifecycle: str, retires) -> None:
    """A release date that no source states is the epoch, which the SDK documents."""
    row = describe_model(load_catalog().find(model), today=TODAY)
    assert (row["created_at"], row["lifecycle"], row["retires_at"]) == (created, lifecycle, retires)


@pytest.mark.parametrize("path", ["/v1/models", "/v1/models/", "/v1/models?beta=true"])
def test_the_list_is_at_its_address(path: str) -> None:
    """No version header is needed."""
    reply = on(TODAY).handle("GET", path, HEADERS, b"")
    assert (reply.status, reply.body) == (200, list_models(load_catalog(), today=TODAY))


def test_one_model_is_at_its_own_address() -> None:
    """By id or alias, escaped or not; an unknown one is a 404 that names it."""
    simulator = on(TODAY)
    for name in ("claude-opus-4-5", "claude%2Dopus%2D4%2D5"):
        reply = simulator.handle("GET", f"/v1/models/{name}", HEADERS, b"")
        assert reply.body == describe_model(load_catalog().find("claude-opus-4-5"), today=TODAY)
    unknown = simulator.handle("GET", "/v1/models/claude%209", HEADERS, b"")
    assert (unknown.status, unknown.body["error"]["message"]) == (404, "model: claude 9")


@pytest.mark.parametrize(
    "card", [card for card in load_catalog().models if card.retires], ids=lambda card: card.id
)
def test_a_model_deprecates_and_retires_by_the_clock(card: ModelCard) -> None:
    """From the day on it is out of the usual list, and there for who asks for the retired."""
    assert card.retires is not None
    assert card.deprecated is not None
    day = timedelta(days=1)
    stages = []
    for today in (card.deprecated - day, card.deprecated, card.retires - day, card.retires):
        usual, gone = lists(today), lists(today, "?lifecycle[]=retired")
        found = next(row for row in [*usual, *gone] if row["id"] == card.id)
        stages.append(found["lifecycle"])
        assert (found["deprecated_at"] is None) == (found["lifecycle"] == "active")
        assert (found in usual) == (stages[-1] != "retired")
        assert on(today).handle("GET", f"/v1/models/{card.id}", HEADERS, b"").body == found
    assert stages == ["active", "deprecated", "deprecated", "retired"]


def test_fallbacks_are_told_under_their_beta() -> None:
    """As the catalog has them; without the header there is no such key."""
    told = lists(TODAY, anthropic_beta="server-side-fallback-2026-07-01")
    rules = {card.id: list(card.rules.fallbacks) for card in load_catalog().models}
    assert {row["id"]: row["allowed_fallback_models"] for row in told} == rules
    assert any(rules.values())
    assert not any("allowed_fallback_models" in row for row in lists(TODAY))


@pytest.mark.parametrize("card", load_catalog().models, ids=lambda card: card.id)
def test_under_its_beta_a_model_says_whether_it_summarizes(card: ModelCard) -> None:
    """On demand; that it does at a threshold is told without the header."""
    told = describe_model(card, today=TODAY, betas=[find_beta("compaction")])["capabilities"]
    summarizes = {"supported": card.rules.compaction}
    assert told["compaction"] == {**summarizes, "summarize": summarizes}
    plain = describe_model(card, today=TODAY)["capabilities"]
    assert "compaction" not in plain
    assert plain["context_management"]["compact_20260112"] == summarizes
