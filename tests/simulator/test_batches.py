"""Message Batches: by the real SDK in process, on a clock that the tests move."""

import json
from collections.abc import Callable
from typing import Any

import anthropic
import pytest

from grader.catalog import LONG_OUTPUT, active_models, find_beta, find_model, load_catalog
from grader.simulator import RateLimit, Reply, Script, Simulator, overloaded, text
from grader.simulator.batches import MAX_BODY, MAX_REQUESTS

PARAMS: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "Hello"}],
}
DAY = 86_400.0


class Clock:
    """Give a time that a test moves."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.5

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still."""
    return Clock()


@pytest.fixture
def batches_of(client_of, clock: Clock) -> Callable[..., Any]:
    """Give the SDK's batches of a simulator on the clock."""

    def make(**options: Any) -> Any:
        simulator = Simulator(**{"clock": clock, "seed": 1, **options})
        return client_of(simulator).messages.batches

    return make


def items(*names: str, **changed: Any) -> list[Any]:
    """Return items of these names that ask the same."""
    return [{"custom_id": name, "params": {**PARAMS, **changed}} for name in names]


def results_of(batches: Any, id: str) -> dict[str, Any]:
    """Return the results of a batch by name, as plain data."""
    return {each.custom_id: each.result.to_dict() for each in batches.results(id)}


def test_a_batch_runs_from_its_creation_to_its_results(batches_of, clock: Clock) -> None:
    """Polled until it has ended; each item's message is that of a single request, at half price."""
    batches = batches_of(replies=Script(text("One."), text("Two.")))
    raw = batches.with_raw_response.create(requests=items("a", "b"))
    batch = raw.parse()
    assert raw.json() == {
        "id": batch.id,
        "type": "message_batch",
        "processing_status": "in_progress",
        "request_counts": {
            "processing": 2,
            "succeeded": 0,
            "errored": 0,
            "canceled": 0,
            "expired": 0,
        },
        "ended_at": None,
        "created_at": "2026-09-21T14:13:20.500000+00:00",
        "expires_at": "2026-09-22T14:13:20.500000+00:00",
        "archived_at": None,
        "cancel_initiated_at": None,
        "results_url": None,
    }
    polled = 0
    while batches.retrieve(batch.id).processing_status == "in_progress":
        with pytest.raises(anthropic.AnthropicError, match="Has it finished processing"):
            batches.results(batch.id)
        clock.now += 10
        polled += 1
    assert 6 <= polled <= 20
    ended = batches.retrieve(batch.id)
    assert ended.request_counts.to_dict() == {
        "processing": 0,
        "succeeded": 2,
        "errored": 0,
        "canceled": 0,
        "expired": 0,
    }
    assert ended.results_url == (
        f"https://api.anthropic.com/v1/messages/batches/{batch.id}/results"
    )
    found = results_of(batches, batch.id)
    said = {name: result["message"]["content"][0]["text"] for name, result in found.items()}
    assert said == {"a": "One.", "b": "Two."}
    usage = found["a"]["message"]["usage"]
    assert usage["service_tier"] == "batch"
    card = load_catalog().find(PARAMS["model"])
    assert card.cost_of(usage) * 2 == card.cost_of({**usage, "service_tier": "standard"})


def test_results_come_in_any_order(batches_of, clock: Clock) -> None:
    """Who matches them by place is wrong."""
    names = [str(number) for number in range(30)]
    batches = batches_of()
    batch = batches.create(requests=items(*names))
    clock.now += DAY
    order = [each.custom_id for each in batches.results(batch.id)]
    assert order != names
    assert sorted(order) == sorted(names)


def test_an_item_that_is_refused_is_an_error_of_its_own(batches_of, clock: Clock) -> None:
    """In the words that a single request gets; the others are answered."""
    batches = batches_of(replies=Script(text("Fine."), overloaded()))
    wrong = {
        "no_model": {"model": "nobody"},
        "no_limit": {"max_tokens": "many"},
        "streamed": {"stream": True},
        "warming": {"max_tokens": 0},
    }
    asked = [
        *items("right", stream=False),
        *(item for name, changed in wrong.items() for item in items(name, **changed)),
        *items("late"),
    ]
    batch = batches.create(requests=asked)
    clock.now += DAY
    assert batches.retrieve(batch.id).request_counts.errored == 5
    found = results_of(batches, batch.id)
    assert found["right"]["type"] == "succeeded"
    errors = {
        name: (result["error"]["error"]["type"], result["error"]["error"]["message"])
        for name, result in found.items()
        if result["type"] == "errored"
    }
    assert errors == {
        "no_model": ("not_found_error", "model: nobody"),
        "no_limit": ("invalid_request_error", "max_tokens: Input should be a valid integer"),
        "streamed": ("invalid_request_error", "stream: not supported in a Message Batch"),
        "warming": ("invalid_request_error", "max_tokens: 0 is not supported in a Message Batch"),
        "late": ("overloaded_error", "Overloaded"),
    }
    assert found["late"]["error"]["request_id"].startswith("req_01")


def test_a_canceled_batch_keeps_what_was_done(batches_of, clock: Clock) -> None:
    """It is canceling for a moment, then ended, with results for all."""
    batches = batches_of(batch_seconds=100.0)
    batch = batches.create(requests=items(*map(str, range(10))))
    clock.now += 35
    canceling = batches.cancel(batch.id)
    assert canceling.processing_status == "canceling"
    assert canceling.request_counts.processing == 10
    assert canceling.cancel_initiated_at.timestamp() == clock.now
    began = clock.now
    clock.now += 0.5
    assert batches.cancel(batch.id).cancel_initiated_at.timestamp() == began
    clock.now += 1
    ended = batches.retrieve(batch.id)
    assert (ended.processing_status, ended.ended_at.timestamp()) == ("ended", began + 1)
    assert (ended.request_counts.succeeded, ended.request_counts.canceled) == (3, 7)
    kinds = [each.result.to_dict() for each in batches.results(batch.id)]
    assert kinds.count({"type": "canceled"}) == 7
    with pytest.raises(anthropic.BadRequestError, match="has ended and cannot be canceled"):
        batches.cancel(batch.id)


def test_a_batch_that_takes_too_long_expires(batches_of, clock: Clock) -> None:
    """After a day, with what was done until then."""
    batches = batches_of(batch_seconds=2 * DAY)
    batch = batches.create(requests=items(*map(str, range(4))))
    clock.now += DAY - 1
    assert batches.retrieve(batch.id).processing_status == "in_progress"
    clock.now += 1
    ended = batches.retrieve(batch.id)
    assert (ended.request_counts.succeeded, ended.request_counts.expired) == (2, 2)
    assert ended.ended_at == ended.expires_at


def test_results_are_kept_for_29_days(batches_of, clock: Clock) -> None:
    """After that the batch is still there, archived, without results."""
    batches = batches_of()
    batch = batches.create(requests=items("a"))
    clock.now += 29 * DAY - 1
    assert list(results_of(batches, batch.id)) == ["a"]
    clock.now += 1
    archived = batches.retrieve(batch.id)
    assert archived.archived_at.timestamp() == clock.now
    assert archived.results_url is None


def test_batches_are_listed_newest_first_in_pages(batches_of, clock: Clock) -> None:
    """And gone once they are deleted, which one that runs cannot be."""
    batches = batches_of()
    ids = [batches.create(requests=items("a")).id for _ in range(5)]
    page = batches.list(limit=2)
    assert ([each.id for each in page.data], page.has_more) == ([ids[4], ids[3]], True)
    assert [each.id for each in batches.list(limit=2)] == ids[::-1]
    with pytest.raises(anthropic.BadRequestError, match="has not ended"):
        batches.delete(ids[0])
    clock.now += DAY
    assert batches.delete(ids[0]).to_dict() == {"id": ids[0], "type": "message_batch_deleted"}
    assert [each.id for each in batches.list()] == ids[:0:-1]
    for use in (batches.retrieve, batches.cancel, batches.delete):
        with pytest.raises(anthropic.NotFoundError, match=f"Message Batch {ids[0]} not found"):
            use(ids[0])


def test_items_share_the_cache_and_meet_no_limit_of_a_minute(batches_of, clock: Clock) -> None:
    """Discounts stack; batches have limits of their own."""
    system = [{"type": "text", "text": "word " * 3000, "cache_control": {"type": "ephemeral"}}]
    limit = RateLimit(requests_per_minute=1, input_tokens_per_minute=10)
    batches = batches_of(limit=limit)
    batch = batches.create(requests=items("a", "b", "c", system=system))
    clock.now += DAY
    usages = [result["message"]["usage"] for result in results_of(batches, batch.id).values()]
    written = [usage["cache_creation_input_tokens"] > 0 for usage in usages]
    read = [usage["cache_read_input_tokens"] > 0 for usage in usages]
    assert sorted(written) == [False, False, True]
    assert sorted(read) == [False, True, True]


def test_betas_and_the_version_hold_for_each_item(batches_of, clock: Clock) -> None:
    """They are the request's headers."""
    batches = batches_of()
    asked = items("a", context_management={"edits": []})
    beta = {"anthropic-beta": "context-management-2025-06-27"}
    ids = [
        batches.create(requests=asked, extra_headers=headers).id
        for headers in (beta, {}, {**beta, "anthropic-version": "2023-06-01"})
    ]
    clock.now += DAY
    kinds = [batches.retrieve(id).request_counts.succeeded for id in ids]
    assert kinds == [1, 0, 1]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ([], "body: Input should be an object"),
        ({}, "requests: Field required"),
        ({"requests": {}}, "requests: Input should be a valid array"),
        ({"requests": []}, "requests: List should have at least 1 item after validation, not 0"),
        ({"requests": [3]}, "requests.0: Input should be an object"),
        ({"requests": [{}]}, "requests.0.custom_id: Field required"),
        (
            {"requests": items("a" * 65)},
            "requests.0.custom_id: String should have at most 64 characters",
        ),
        (
            {"requests": items("a", "b c")},
            "requests.1.custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'",
        ),
        ({"requests": [{"custom_id": "a"}]}, "requests.0.params: Field required"),
        (
            {"requests": [{"custom_id": "a", "params": []}]},
            "requests.0.params: Input should be an object",
        ),
        (
            {"requests": [{**items("a")[0], "more": 1}]},
            "requests.0.more: Extra inputs are not permitted",
        ),
        ({"requests": items("a"), "more": 1}, "more: Extra inputs are not permitted"),
        (
            {"requests": items("a", "b", "a")},
            "requests: custom_id must be unique, and 'a' is given 2 times",
        ),
        (
            {"requests": [{}] * (MAX_REQUESTS + 1)},
            "requests: List should have at most 100000 items after validation, not 100001",
        ),
    ],
)
def test_a_batch_that_is_none_is_refused(post, body: Any, message: str) -> None:
    """Before any of its items is looked at."""
    simulator = Simulator()
    reply: Reply = post(body, to=simulator, path="/v1/messages/batches")
    assert (reply.status, reply.body["error"]["message"]) == (400, message)
    assert (
        simulator.handle("GET", "/v1/messages/batches", {"x-api-key": "a"}, b"").body["data"] == []
    )


def test_results_that_are_not_there_are_a_404_in_the_recorded_words(post) -> None:
    """Too early, and for no batch at all; what is polled says when to come back."""
    simulator = Simulator()
    created = post({"requests": items("a")}, to=simulator, path="/v1/messages/batches")
    address = f"/v1/messages/batches/{created.body['id']}"
    headers = {"x-api-key": "any"}
    early = simulator.handle("GET", f"{address}/results", headers, b"")
    assert (early.status, early.body["error"]["message"]) == (
        404,
        f"Message Batch {created.body['id']} has no available results.",
    )
    assert simulator.handle("GET", address, headers, b"").headers["retry-after"] == "10"
    for method, path in (("PUT", address), ("POST", address), ("GET", f"{address}/nothing")):
        assert (
            simulator.handle(method, path, headers, b"{}").body["error"]["message"] == "Not found"
        )
    for key in ({}, {"x-api-key": ""}):
        assert simulator.handle("GET", address, key, b"").status == 401


def test_results_are_json_lines(post) -> None:
    """One for each item, as recorded."""
    simulator = Simulator(batch_seconds=0.0)
    created = post({"requests": items("a", "b")}, to=simulator, path="/v1/messages/batches")
    id = created.body["id"]
    path = f"/v1/messages/batches/{id}/results"
    reply = simulator.handle("GET", path, {"x-api-key": "any"}, b"")
    assert reply.headers["content-type"] == "application/x-jsonl"
    assert reply.headers["content-disposition"] == (
        f"attachment; filename*=utf-8''{id}_results.jsonl"
    )
    lines = reply.content().decode().splitlines()
    assert sorted(json.loads(line)["custom_id"] for line in lines) == ["a", "b"]
    assert [list(json.loads(line)) for line in lines] == [["custom_id", "result"]] * 2


def test_a_batch_may_be_larger_than_a_request(post) -> None:
    """256 megabytes, and not a byte more."""
    body = b" " * (40 * 1024 * 1024) + json.dumps({"requests": items("a")}).encode()
    assert post(body, path="/v1/messages/batches").status == 200
    assert post(body, path="/v1/messages").status == 413
    assert post(b" " * (MAX_BODY + 1), path="/v1/messages/batches").status == 413


def test_a_batch_fails_on_request(batches_of) -> None:
    """By the header, as a whole."""
    with pytest.raises(anthropic.OverloadedError):
        batches_of().create(requests=items("a"), extra_headers={"x-simulator-fault": "529"})


def test_a_lenient_simulator_knows_every_batch(batches_of) -> None:
    """For generated tests: one that has ended, and holds nothing."""
    batches = batches_of(lenient=True)
    assert batches.retrieve("message_batch_id").processing_status == "ended"
    assert batches.cancel("message_batch_id").id == "message_batch_id"
    assert list(batches.results("message_batch_id")) == []
    assert batches.delete("message_batch_id").type == "message_batch_deleted"
    assert batches.list(after_id="after_id").data == []
    assert batches.create(requests=[]).processing_status == "ended"
    assert batches.create(requests=items("a")).processing_status == "in_progress"


def test_old_batches_are_forgotten_so_that_memory_stays_flat(
    batches_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the number of their items."""
    monkeypatch.setattr("grader.simulator.batches._MOST_ITEMS", 5)
    batches = batches_of()
    ids = [batches.create(requests=items("a", "b")).id for _ in range(4)]
    assert [each.id for each in batches.list()] == ids[:1:-1]


LONG = find_beta("long_output")


@pytest.mark.parametrize("model", active_models())
def test_a_reply_in_a_batch_may_be_longer_under_its_beta(
    client_of, clock: Clock, model: str
) -> None:
    """On the models whose row says so; outside a batch the header changes nothing."""
    card = find_model(model)
    simulator = Simulator(clock=clock, seed=1, batch_seconds=0)
    client = client_of(simulator, default_headers={"anthropic-beta": LONG})
    limits = {"most": LONG_OUTPUT, "more": LONG_OUTPUT + 1, "usual": card.max_output}
    asked = [
        {"custom_id": name, "params": {**PARAMS, "model": card.id, "max_tokens": limit}}
        for name, limit in limits.items()
    ]
    batch = client.messages.batches.create(requests=asked)
    results = results_of(client.messages.batches, batch.id)
    ends = {name: result["type"] for name, result in results.items()}
    most = "succeeded" if card.rules.long_output else "errored"
    assert ends == {"most": most, "more": "errored", "usual": "succeeded"}
    with pytest.raises(anthropic.BadRequestError, match=str(card.max_output)):
        client.messages.create(**{**PARAMS, "model": card.id, "max_tokens": LONG_OUTPUT}, timeout=9)
