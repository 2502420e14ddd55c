"""The cost meter counts what the SDK's own messages say, and follows every kind of call."""

import asyncio
from decimal import Decimal
from typing import Any

import anthropic
import httpx2
import pytest

from grader.catalog import Tokens, find_model, search_price
from grader.classroom import CostMeter, StreamView
from grader.classroom.reply_usage import ReplyUsage
from grader.classroom.spending import CappedTransport
from grader.classroom.widgets.bill import Bill
from grader.simulator import Script, Simulator, SimulatorTransport, overloaded, text
from tests.classroom.widgets.streaming import LONG, REQUEST, connected

pytestmark = pytest.mark.usefixtures("small_catalog")

MODEL = REQUEST["model"]
CACHED = {
    **REQUEST,
    "system": [
        {"type": "text", "text": "Be brief. " * 900, "cache_control": {"type": "ephemeral"}}
    ],
}


def _client(*replies: Any, cap: str | None = None) -> anthropic.Anthropic:
    """Return a synchronous client; cap: of a live one that the simulator stands in for."""
    transport: Any = SimulatorTransport(Simulator(replies=Script(*replies), seed=2))
    if cap is not None:
        transport = CappedTransport(transport, cap=Decimal(cap))
    return anthropic.Anthropic(
        api_key="k", http_client=httpx2.Client(transport=transport), max_retries=1
    )


def _cost(*messages: Any) -> Decimal:
    return sum((find_model(MODEL).cost_of(each.usage.to_dict()) for each in messages), Decimal(0))


def test_calls_are_added_up_plain_and_streamed() -> None:
    """By the usage that the SDK shows, at the catalog's price."""
    client = _client(text("One."), text("Two."), text("Three."))
    meter = CostMeter(client)
    first = client.messages.create(**REQUEST)
    with client.messages.stream(**REQUEST) as stream:
        second = stream.get_final_message()
    third = client.with_options(timeout=9).messages.create(**REQUEST)
    assert meter.bill.spent == _cost(first, second, third) > 0
    assert (meter.bill.calls, meter.bill.saved, meter.bill.reckoned) == (3, 0, 0)
    assert meter.bill.output == sum(each.usage.output_tokens for each in (first, second, third))


def test_what_caching_saves_is_told() -> None:
    """A write costs more at first, and reads bring it back."""
    client = _client(*[text("Yes.")] * 4)
    meter = CostMeter(client)
    client.messages.create(**CACHED)
    assert "caching has cost 0.00" in str(meter.still())
    assert "more so far" in str(meter.still())
    for _ in range(3):
        client.messages.create(**CACHED)
    bill = meter.bill
    assert bill.written > 1024
    assert bill.read == 3 * bill.written
    # Input costs 3 US dollars a million: a write a quarter more, a read nine tenths less.
    saved = Decimal(3) / 1_000_000 * (bill.read * Decimal("0.9") - bill.written * Decimal("0.25"))
    assert bill.saved == saved
    assert f"caching saved {saved:.6f} USD, " in str(meter.still())


@pytest.mark.parametrize("is_live", [False, True])
def test_web_searches_are_paid_for(*, is_live: bool) -> None:
    """One by one, beside their tokens; the cap of a live client counts them too."""
    transport: Any = SimulatorTransport(Simulator(seed=2))
    capped = CappedTransport(transport, cap=Decimal(1))
    http = httpx2.Client(transport=capped if is_live else transport)
    client = anthropic.Anthropic(api_key="k", http_client=http)
    meter = CostMeter(client)
    search: Any = {"type": "web_search_20250305", "name": "web_search"}
    asked: Any = [{"role": "user", "content": "Do 3 web searches about plans."}]
    message = client.messages.create(**{**REQUEST, "messages": asked, "tools": [search]})
    used = message.usage.server_tool_use
    assert used is not None
    assert used.web_search_requests == 3
    assert meter.bill.spent == _cost(message) > 3 * search_price()
    assert not is_live or capped.spending.spent == meter.bill.spent


def test_errors_and_counts_cost_nothing() -> None:
    """The SDK tries an overloaded API again: both attempts are seen."""
    client = _client(overloaded(), text("At last."))
    meter = CostMeter(client)
    client.messages.count_tokens(model=MODEL, messages=REQUEST["messages"])
    client.models.list()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.sleep", lambda seconds: None)
        message = client.messages.create(**REQUEST)
    assert (meter.bill.calls, meter.bill.errors) == (1, 1)
    assert meter.bill.spent == _cost(message)
    assert "1 request with an error" in str(meter.still())


def test_a_stream_that_is_left_early_is_reckoned() -> None:
    """Its usage never came, and the meter says so."""
    client = _client(LONG)
    meter = CostMeter(client)
    with client.messages.stream(**REQUEST) as stream:
        next(stream.text_stream)
    assert (meter.bill.calls, meter.bill.reckoned) == (1, 1)
    assert meter.bill.spent > 0
    assert "1 stream left early" in str(meter.still())


def test_an_asynchronous_client_is_followed_too() -> None:
    """Also while a stream view reads with it."""
    client, _ = connected(LONG, text("Two."))
    meter = CostMeter(client)

    async def ask() -> None:
        for run in StreamView(client).run(**REQUEST).runs:
            await run.finish()
        await client.messages.create(**REQUEST)

    asyncio.run(ask())
    assert meter.bill.calls == 2


def test_the_twin_of_a_client_is_followed_as_well() -> None:
    """A stream view asks with an asynchronous twin, and the meter is not passed by."""
    client = _client(LONG)
    meter = CostMeter(client)

    async def ask() -> Any:
        return await StreamView(client).run(**REQUEST).runs[0].finish()

    snapshot = asyncio.run(ask())
    assert (meter.bill.calls, meter.bill.spent) == (1, snapshot.cost)


def test_a_live_client_shows_its_cap() -> None:
    """What is spent includes what was spent before the meter came."""
    client = _client(text("One."), text("Two."), cap="0.5")
    first = client.messages.create(**REQUEST)
    meter = CostMeter(client)
    second = client.messages.create(**REQUEST)
    assert meter.bill.spent == _cost(second)
    words = str(meter.still())
    assert f"Cap: {_cost(first, second):.6f} of 0.5 USD spent" in words
    assert "1 call cost 0.0" in words
    assert "Simulated" not in words


def test_a_model_without_a_price_is_named() -> None:
    """Its tokens count, its cost does not."""
    reply = ReplyUsage("llama3", Tokens(fresh=5, output=7), is_reckoned=False)
    bill = Bill().with_reply(reply).with_reply(reply)
    assert (bill.calls, bill.fresh, bill.output, bill.spent) == (2, 10, 14, 0)
    assert bill.unpriced == ("llama3",)


def test_a_client_that_is_none_gets_a_word() -> None:
    """Nothing raises."""
    assert "this is 'nobody'. Expected an anthropic.Anthropic" in str(CostMeter("nobody").still())


def test_every_place_where_it_is_shown_is_kept_up_to_date(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each reply writes each output anew."""
    shown: list[tuple[dict[str, Any], dict[str, Any]]] = []
    monkeypatch.setattr(
        "IPython.display.publish_display_data",
        lambda data, **options: shown.append((data, options)),
    )
    client = _client(text("One."))
    meter = CostMeter(client)
    meter._ipython_display_()
    meter._ipython_display_()
    client.messages.create(**REQUEST)
    assert [options["update"] for _, options in shown] == [False, False, True, True]
    ids = [options["transient"]["display_id"] for _, options in shown]
    assert ids[:2] == ids[2:]
    assert ids[0] != ids[1]
    assert "0 calls would have cost 0.000000 USD" in shown[0][0]["text/plain"]
    assert "1 call would have cost 0.0" in shown[2][0]["text/html"]


def test_two_meters_count_apart() -> None:
    """Each from the moment when it was made."""
    client = _client(text("One."), text("Two."))
    first = CostMeter(client)
    client.messages.create(**REQUEST)
    second = CostMeter(client)
    client.messages.create(**REQUEST)
    assert (first.bill.calls, second.bill.calls) == (2, 1)


@pytest.mark.parametrize("reads", [1, 2])
def test_the_replies_of_a_batch_count_once_at_half_the_price(reads: int) -> None:
    """When its results are read, however often; an item that failed costs nothing."""
    simulator = Simulator(replies=lambda *_: text("Paris."), seed=2, batch_seconds=0.0)
    transport: Any = SimulatorTransport(simulator)
    client = anthropic.Anthropic(api_key="k", http_client=httpx2.Client(transport=transport))
    meter = CostMeter(client)
    params: Any = REQUEST
    wrong: Any = {**params, "max_tokens": -1}
    asked: Any = [{"custom_id": name, "params": params} for name in ("a", "b")]
    asked.append({"custom_id": "c", "params": wrong})
    batch = client.messages.batches.create(requests=asked)
    assert meter.bill.calls == 0
    for _ in range(reads):
        results = list(client.messages.batches.results(batch.id))
    messages = [each.result.message for each in results if each.result.type == "succeeded"]
    half = _cost(*messages)
    assert (meter.bill.calls, meter.bill.spent) == (2, half)
    client.messages.create(**params)
    assert meter.bill.spent == 2 * half
