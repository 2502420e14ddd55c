"""The cap of a live session, with the simulator standing in for the live API."""

import asyncio
from decimal import Decimal
from typing import Any

import anthropic
import httpx2
import openai
import pytest

from grader.catalog import DEFAULT_MODEL, find_model, search_price
from grader.classroom.spending import CappedTransport, worst_case
from grader.simulator import Fault, Script, Simulator, SimulatorTransport, text

pytestmark = pytest.mark.usefixtures("small_catalog")

REQUEST: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "Tell me something."}],
}


def capped(cap: str, *replies: Any) -> tuple[anthropic.Anthropic, CappedTransport, Simulator]:
    """Return a client under a cap in US dollars, its transport, and the API behind it."""
    live = Simulator(replies=Script(*replies), seed=1)
    transport = CappedTransport(SimulatorTransport(live), cap=Decimal(cap))
    client = anthropic.Anthropic(api_key="k", http_client=httpx2.Client(transport=transport))
    return client, transport, live


def test_a_reply_is_added_at_the_catalogs_price() -> None:
    """What is spent is what the usage of the reply costs."""
    client, transport, _ = capped("1", text("Something."))
    message = client.messages.create(**REQUEST)
    card = find_model("claude-sonnet-4-6")
    assert transport.spending.spent == card.cost_of(message.usage.to_dict())
    assert transport.spending.spent > 0
    assert transport.spending.reserved == 0


def test_a_stream_costs_the_same_as_a_plain_reply() -> None:
    """The usage at a stream's end is cumulative, and counted once."""
    plain_client, plain, _ = capped("1", text("One two three."))
    plain_client.messages.create(**REQUEST)
    client, transport, _ = capped("1", text("One two three."))
    with client.messages.stream(**REQUEST) as stream:
        stream.until_done()
    assert transport.spending.spent == plain.spending.spent


def test_a_stream_that_is_closed_early_is_paid_for() -> None:
    """Hanging up does not make a reply free."""
    client, transport, live = capped("1", text("word " * 200))
    with client.messages.stream(**REQUEST) as stream:
        seen = "".join(next(stream.text_stream) for _ in range(20))
    assert live.transcript[-1].closed_early
    usage = {"input_tokens": 13, "output_tokens": seen.count("word")}
    least = find_model("claude-sonnet-4-6").cost_of(usage)
    assert least < transport.spending.spent < 4 * least
    assert transport.spending.reserved == 0


def test_the_request_that_would_pass_the_cap_is_not_sent() -> None:
    """The refusal has the API's own shape, is not tried again, and says what to do."""
    client, transport, live = capped("0.0001", text("never"))
    with pytest.raises(anthropic.APIStatusError) as refused:
        client.messages.create(**REQUEST)
    assert (refused.value.status_code, refused.value.type) == (402, "billing_error")
    assert "Stopped in your notebook, before the API" in str(refused.value)
    assert "call connect(cap=…) with a higher cap" in str(refused.value)
    assert live.transcript == []
    assert transport.spending.spent == 0


def test_the_worst_case_is_never_less_than_the_reply_costs() -> None:
    """The cap holds even when a reply uses all that it may."""
    client, transport, _ = capped("1", text("word " * 300, stop_reason="max_tokens"))
    client.messages.create(**REQUEST)
    assert transport.spending.spent <= worst_case(REQUEST)


def test_an_error_costs_nothing() -> None:
    """The API does not bill for a request that it refuses."""
    client, transport, _ = capped("1", Fault(400, "no"))
    with pytest.raises(anthropic.BadRequestError):
        client.messages.create(**REQUEST)
    assert (transport.spending.spent, transport.spending.reserved) == (0, 0)


def test_a_lost_connection_frees_what_was_set_aside() -> None:
    """A request that never arrived does not eat up the cap."""

    def lost(_request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("no route")

    transport = CappedTransport(httpx2.MockTransport(lost), cap=Decimal(1))
    http_client = httpx2.Client(transport=transport)
    client = anthropic.Anthropic(api_key="k", http_client=http_client, max_retries=0)
    with pytest.raises(anthropic.APIConnectionError):
        client.messages.create(**REQUEST)
    assert (transport.spending.spent, transport.spending.reserved) == (0, 0)


def test_counting_tokens_is_free() -> None:
    """A cap stops what is billed, and nothing else."""
    client, _, _ = capped("0.0000001")
    request = {key: value for key, value in REQUEST.items() if key != "max_tokens"}
    assert client.messages.count_tokens(**request).input_tokens > 0


def test_an_unknown_model_is_reckoned_as_the_dearest() -> None:
    """A model newer than the catalog can never cost more than was set aside."""
    unknown = worst_case({**REQUEST, "model": "claude-next"})
    assert unknown >= max(
        worst_case({**REQUEST, "model": name})
        for name in ("claude-fable-5-1", "claude-opus-5", "claude-sonnet-4-6")
    )


def test_requests_in_flight_count_against_the_cap() -> None:
    """Five at once cannot each take the last of the money."""
    live = Simulator(replies=Script(*[text("Hi.")] * 5))
    waiting = _Waiting(SimulatorTransport(live))
    transport = CappedTransport(waiting, cap=worst_case(REQUEST) * 2)
    http_client = httpx2.AsyncClient(transport=transport)
    client = anthropic.AsyncAnthropic(api_key="k", http_client=http_client)

    async def all_at_once() -> list[object]:
        calls = [asyncio.create_task(client.messages.create(**REQUEST)) for _ in range(5)]
        while waiting.started + sum(call.done() for call in calls) < 5:
            await asyncio.sleep(0)
        waiting.may_answer.set()
        return list(await asyncio.gather(*calls, return_exceptions=True))

    results = asyncio.run(all_at_once())
    assert sum(isinstance(each, anthropic.APIStatusError) for each in results) == 3
    assert waiting.started == 2


class _Waiting(httpx2.AsyncBaseTransport):
    """Answer nothing until told to."""

    def __init__(self, inner: SimulatorTransport) -> None:
        self._inner = inner
        self.started = 0
        self.may_answer = asyncio.Event()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.started += 1
        await self.may_answer.wait()
        return await self._inner.handle_async_request(request)


def test_the_compatible_endpoint_is_capped_too() -> None:
    """The comparisons of a live session cost money as well."""
    live = Simulator(replies=Script(text("Hi.")))
    transport = CappedTransport(SimulatorTransport(live), cap=Decimal(5))
    client = openai.OpenAI(
        api_key="k",
        base_url="https://api.anthropic.com/v1/",
        http_client=httpx2.Client(transport=transport),
    )
    client.chat.completions.create(
        model="claude-sonnet-4-6", messages=[{"role": "user", "content": "Hello"}]
    )
    assert transport.spending.spent > 0


@pytest.mark.parametrize("most", [1, 3, 10])
def test_the_worst_case_has_every_search_that_may_come(most: int) -> None:
    """Each is paid for beside the tokens; where no number is given, as many as a reply has."""

    def worst(**more: int) -> Decimal:
        tool = {"type": "web_search_20250305", "name": "web_search", **more}
        return worst_case(
            {"model": DEFAULT_MODEL, "max_tokens": 10, "messages": [], "tools": [tool]}
        )

    assert worst(max_uses=most + 1) - worst(max_uses=most) == search_price()
    assert worst() == worst(max_uses=10)


def test_the_worst_case_is_dearer_where_the_request_asks_for_it() -> None:
    """In the US alone by a tenth."""
    request = {"model": DEFAULT_MODEL, "max_tokens": 1_000, "messages": []}
    assert worst_case({**request, "inference_geo": "us"}) > worst_case(request)
