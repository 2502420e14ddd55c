"""Pages of a list: by the real SDK, forwards and backwards, and what is refused."""

from datetime import UTC, date, datetime
from typing import Any

import anthropic
import pytest

from grader.catalog import load_catalog
from grader.simulator import Reply, Simulator

NOW = datetime(2026, 11, 29, tzinfo=UTC).timestamp()
IDS = [card.id for card in load_catalog().models]


def listed(query: str, **options: Any) -> Reply:
    """Ask for the list of models with a query."""
    return Simulator(clock=lambda: NOW, **options).handle(
        "GET", f"/v1/models?{query}", {"x-api-key": "any"}, b""
    )


def page_of(query: str) -> tuple[list[str], bool, str | None, str | None]:
    """Return the ids of a page, whether there are more, and its ends."""
    body = listed(query).body
    ids = [row["id"] for row in body["data"]]
    return ids, body["has_more"], body["first_id"], body["last_id"]


@pytest.mark.parametrize("limit", [1, 4, len(IDS), 1000])
def test_the_sdk_walks_through_every_page(client_of, limit: int) -> None:
    """Each model once, in the catalog's order."""
    client = client_of(simulator := Simulator(clock=lambda: NOW))
    assert [model.id for model in client.models.list(limit=limit)] == IDS
    assert len(simulator.transcript) == -(-len(IDS) // limit)


def test_the_sdk_walks_backwards(client_of) -> None:
    """From a model to the first one, page by page."""
    client = client_of(Simulator(clock=lambda: NOW))
    pages = list(client.models.list(limit=2, before_id=IDS[5]).iter_pages())
    assert [[model.id for model in page.data] for page in pages] == [IDS[3:5], IDS[1:3], IDS[:1]]


def test_a_page_has_its_ends_and_says_if_there_are_more() -> None:
    """Of an empty one the ends are null."""
    assert page_of("limit=2") == (IDS[:2], True, IDS[0], IDS[1])
    assert page_of(f"limit=2&after_id={IDS[-3]}") == (IDS[-2:], False, IDS[-2], IDS[-1])
    assert page_of(f"after_id={IDS[-1]}") == ([], False, None, None)
    assert page_of(f"before_id={IDS[0]}") == ([], False, None, None)
    assert page_of(f"after_id={IDS[0]}&before_id={IDS[3]}")[:2] == (IDS[1:3], False)


def test_twenty_are_shown_unless_a_limit_is_given() -> None:
    """As documented; a list of twenty has no more."""
    from grader.simulator.paging import Page

    rows = [{"id": str(number)} for number in range(25)]
    assert len(Page.of({}).show(rows)["data"]) == 20
    assert Page.of({}).show(rows)["has_more"]
    assert not Page.of({}).show(rows[:20])["has_more"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit=0", "limit: Input should be greater than or equal to 1"),
        ("limit=-3", "limit: Input should be greater than or equal to 1"),
        ("limit=1001", "limit: Input should be less than or equal to 1000"),
        (f"limit={'9' * 5000}", "limit: Input should be less than or equal to 1000"),
        *(
            (
                f"limit={given}",
                "limit: Input should be a valid integer, unable to parse string as an integer",
            )
            for given in ("abc", "", "1.5", "1_0", "%D9%A1", "0x10")
        ),
        ("after_id=nobody", "after_id: 'nobody' is the id of no object in this list"),
        ("before_id=", "before_id: '' is the id of no object in this list"),
        (
            "lifecycle[]=active&lifecycle[]=gone",
            "lifecycle.1: Input should be 'active', 'deprecated' or 'retired'",
        ),
        (
            "lifecycle=active,active,active,active",
            "lifecycle: List should have at most 3 items after validation, not 4",
        ),
    ],
)
def test_a_bad_query_is_refused(query: str, message: str) -> None:
    """With a 400 that names the parameter; a lenient simulator shows the first page."""
    reply = listed(query)
    assert (reply.status, reply.body["error"]) == (
        400,
        {"type": "invalid_request_error", "message": message},
    )
    assert listed(query, lenient=True).body == listed("").body


@pytest.mark.parametrize(
    "stages", [["active"], ["deprecated"], ["active", "deprecated"], ["retired"]]
)
def test_models_are_listed_by_their_stage(client_of, stages: list[str]) -> None:
    """In the SDK's spelling and in a plain one; retired ones only where they are asked for."""
    client: anthropic.Anthropic = client_of(Simulator(clock=lambda: NOW))
    cards = load_catalog().models
    expected = [card.id for card in cards if card.stage(date(2026, 11, 29)) in stages]
    assert [model.id for model in client.models.list(lifecycle=stages)] == expected
    assert page_of(f"lifecycle={','.join(stages)}")[0] == expected
