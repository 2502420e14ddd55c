"""The list of models: what the catalog holds, in the API's shape."""

import pytest

from grader.catalog import Catalog, ModelCard, find_beta, load_catalog
from grader.simulator import Simulator
from grader.simulator.model_list import describe_model, list_models

HEADERS = {"x-api-key": "simulated"}


def test_the_list_holds_every_model_and_names_its_ends() -> None:
    """In the catalog's order, newest first, on one page."""
    ids = [card.id for card in load_catalog().models]
    listed = list_models(load_catalog())
    assert list(listed) == ["data", "has_more", "first_id", "last_id"]
    assert [row["id"] for row in listed["data"]] == ids
    assert (listed["has_more"], listed["first_id"], listed["last_id"]) == (False, ids[0], ids[-1])


def test_an_empty_catalog_gives_an_empty_list() -> None:
    """With ends that are null."""
    expected = {"data": [], "has_more": False, "first_id": None, "last_id": None}
    assert list_models(Catalog(models=())) == expected


def test_a_model_is_described_by_its_card() -> None:
    """Limits and capabilities are those that the requests are checked by."""
    described = describe_model(load_catalog().find("claude-haiku-4-5"))
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
    row = describe_model(load_catalog().find(model))
    assert (row["created_at"], row["lifecycle"], row["retires_at"]) == (created, lifecycle, retires)


@pytest.mark.parametrize("path", ["/v1/models", "/v1/models/", "/v1/models?beta=true"])
def test_the_list_is_at_its_address(path: str) -> None:
    """No version header is needed."""
    reply = Simulator().handle("GET", path, HEADERS, b"")
    assert (reply.status, reply.body) == (200, list_models(load_catalog()))


def test_one_model_is_at_its_own_address() -> None:
    """By id or alias, escaped or not; an unknown one is a 404 that names it."""
    simulator = Simulator()
    for name in ("claude-opus-4-5", "claude%2Dopus%2D4%2D5"):
        reply = simulator.handle("GET", f"/v1/models/{name}", HEADERS, b"")
        assert reply.body == describe_model(load_catalog().find("claude-opus-4-5"))
    unknown = simulator.handle("GET", "/v1/models/claude%209", HEADERS, b"")
    assert (unknown.status, unknown.body["error"]["message"]) == (404, "model: claude 9")


@pytest.mark.parametrize("card", load_catalog().models, ids=lambda card: card.id)
def test_under_its_beta_a_model_says_whether_it_summarizes(card: ModelCard) -> None:
    """On demand; that it does at a threshold is told without the header."""
    told = describe_model(card, betas=[find_beta("compaction")])["capabilities"]
    summarizes = {"supported": card.rules.compaction}
    assert told["compaction"] == {**summarizes, "summarize": summarizes}
    plain = describe_model(card)["capabilities"]
    assert "compaction" not in plain
    assert plain["context_management"]["compact_20260112"] == summarizes
