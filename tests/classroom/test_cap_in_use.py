"""The spending cap from the outside: what reaches the live API, and what each request costs."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import anthropic
import httpx2
import openai
import pytest

from grader.catalog import find_model
from grader.classroom import connect, connect_async, connect_openai
from grader.classroom.connection import choose_destination
from grader.classroom.spending import CappedTransport, Spending, worst_case
from grader.errors import ConnectionChoiceError
from grader.simulator import Fault, Script, Simulator, SimulatorTransport, text

pytestmark = pytest.mark.usefixtures("small_catalog")

REQUEST: dict[str, Any] = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "Tell me something."}],
}
CHAT = {key: REQUEST[key] for key in ("model", "messages")}


def live(*replies: Any) -> SimulatorTransport:
    """Return what stands in for the live API."""
    return SimulatorTransport(Simulator(replies=Script(*replies), seed=1))


@pytest.fixture
def with_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the environment of a learner with a key."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test")


@pytest.mark.usefixtures("with_key")
def test_a_refused_request_is_the_sdks_own_error_and_is_asked_once() -> None:
    """402 is no status that is tried again, and nothing reaches the API."""
    api = live(text("never"))
    with (
        connect(cap="0.0001", transport=api) as client,
        pytest.raises(anthropic.PaymentRequiredError) as refused,
    ):
        client.messages.create(**REQUEST)
    assert refused.value.response.headers["x-should-retry"] == "false"
    assert api.simulator.transcript == []


@pytest.mark.usefixtures("with_key")
def test_a_session_ends_when_the_money_does() -> None:
    """What earlier replies cost is taken from what is left."""
    api = live(*[text("word " * 80)] * 20)
    one = worst_case(REQUEST)
    answered, refusals = 0, []
    with connect(cap=one * 2, transport=api) as client:
        for _ in range(20):
            try:
                client.messages.create(**REQUEST)
            except anthropic.PaymentRequiredError as error:
                refusals.append(str(error))
            else:
                answered += 1
    assert 2 <= answered < 20
    assert len(refusals) == 20 - answered
    assert "of your cap of" in refusals[0]
    assert len(api.simulator.transcript) == answered


@pytest.mark.usefixtures("with_key")
def test_a_lesson_of_comparisons_fits_under_the_default_cap() -> None:
    """A chat completion sets no limit; under a cap it is sent with one."""
    api = live(text("Paris."))
    with connect_openai(transport=api) as client:
        completion = client.chat.completions.create(**CHAT)
    assert completion.choices[0].message.content == "Paris."
    assert api.simulator.transcript[0].request.body == {**CHAT, "max_completion_tokens": 4096}


@pytest.mark.usefixtures("with_key")
@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_a_chat_completion_with_a_limit_is_sent_as_it_is(name: str) -> None:
    """The cap changes nothing that it need not change."""
    api = live(text("Paris."))
    with connect_openai(transport=api) as client:
        client.chat.completions.create(**CHAT, **{name: 7})
    assert api.simulator.transcript[0].request.body == {**CHAT, name: 7}


def capped_openai(cap: str, *replies: Any) -> tuple[openai.OpenAI, CappedTransport]:
    """Return an OpenAI client under a cap in US dollars, and its transport."""
    transport = CappedTransport(live(*replies), cap=Decimal(cap))
    http_client = httpx2.Client(transport=transport)
    base_url = "https://api.anthropic.com/v1/"
    return openai.OpenAI(api_key="k", base_url=base_url, http_client=http_client), transport


def test_a_chat_completion_costs_its_usage() -> None:
    """The names of the tokens differ, and the prices do not."""
    client, transport = capped_openai("1", text("One two three."))
    usage = client.chat.completions.create(**CHAT).usage
    assert usage is not None
    known = {"input_tokens": usage.prompt_tokens, "output_tokens": usage.completion_tokens}
    assert transport.spending.spent == find_model("claude-sonnet-4-6").cost_of(known) > 0


def test_a_streamed_chat_completion_is_paid_for() -> None:
    """Its usage comes only when it is asked for; the text is there to be reckoned."""
    client, transport = capped_openai("1", text("word " * 100))
    for _ in client.chat.completions.create(**CHAT, stream=True):
        pass
    least = find_model("claude-sonnet-4-6").cost_of({"output_tokens": 80})
    assert transport.spending.spent > least
    assert transport.spending.reserved == 0


@pytest.mark.parametrize("streamed", [False, True])
def test_a_response_of_openais_api_has_a_limit_and_costs_its_usage(streamed: bool) -> None:
    """Where another server speaks Responses, streamed or not."""
    client, transport = capped_openai("1", text("One two three."))
    asked = {"model": "claude-sonnet-4-6", "input": "Hello"}
    if streamed:
        response = list(client.responses.create(**asked, stream=True))[-1].response
    else:
        response = client.responses.create(**asked)
    assert response.max_output_tokens == 4096
    known = response.usage.to_dict()
    assert transport.spending.spent == find_model("claude-sonnet-4-6").cost_of(known) > 0
    assert transport.spending.reserved == 0


@pytest.mark.usefixtures("with_key")
def test_an_asynchronous_stream_that_is_left_is_paid_for() -> None:
    """What came before it was closed is reckoned."""
    api = live(text("word " * 200))
    transport = CappedTransport(api, cap=Decimal(1))

    async def leave() -> None:
        http_client = httpx2.AsyncClient(transport=transport)
        client = anthropic.AsyncAnthropic(api_key="k", http_client=http_client)
        async with client, client.messages.stream(**REQUEST) as stream:
            async for _ in stream.text_stream:
                break

    asyncio.run(leave())
    assert api.simulator.transcript[0].closed_early
    assert transport.spending.spent > 0
    assert transport.spending.reserved == 0


@pytest.mark.usefixtures("with_key")
def test_an_asynchronous_request_past_the_cap_is_refused() -> None:
    """The twin of connect() holds the same cap."""
    api = live(text("never"))

    async def ask() -> None:
        async with connect_async(cap="0.0001", transport=api) as client:
            await client.messages.create(**REQUEST)

    with pytest.raises(anthropic.PaymentRequiredError):
        asyncio.run(ask())
    assert api.simulator.transcript == []


def test_an_asynchronous_error_frees_what_was_set_aside() -> None:
    """An error costs nothing, be it the API's or the network's."""

    def lost(_request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("no route")

    spent = []
    for inner in (live(Fault(400, "no")), httpx2.MockTransport(lost)):
        transport = CappedTransport(inner, cap=Decimal(1))

        async def ask(transport: CappedTransport = transport) -> None:
            http_client = httpx2.AsyncClient(transport=transport)
            client = anthropic.AsyncAnthropic(api_key="k", http_client=http_client, max_retries=0)
            with pytest.raises(anthropic.APIError):
                await client.messages.create(**REQUEST)
            await client.close()

        asyncio.run(ask())
        spent.append((transport.spending.spent, transport.spending.reserved))
    assert spent == [(0, 0), (0, 0)]


def test_a_batch_counts_as_its_worst_case() -> None:
    """Its replies come later and past the cap, so it is paid for when it is sent."""
    seen: list[Any] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(json.loads(request.content))
        return httpx2.Response(200, json={"id": "msgbatch_1", "type": "message_batch"})

    transport = CappedTransport(httpx2.MockTransport(answer), cap=worst_case(REQUEST) * 2)
    http_client = httpx2.Client(transport=transport)
    client = anthropic.Anthropic(api_key="k", http_client=http_client)
    part: Any = {"custom_id": "a", "params": REQUEST}
    client.messages.batches.create(requests=[part] * 3)
    assert transport.spending.spent == worst_case(REQUEST) * 3 / 2
    with pytest.raises(anthropic.PaymentRequiredError):
        client.messages.batches.create(requests=[part] * 3)
    assert len(seen) == 1


def test_threads_share_one_cap() -> None:
    """A client may be used from several at once."""
    spending = Spending(Decimal(1))

    def spend(_number: int) -> bool:
        if spending.reserve(Decimal("0.01")) is not None:
            return False
        spending.settle(Decimal("0.01"), Decimal("0.01"))
        return True

    with ThreadPoolExecutor(8) as pool:
        answered = sum(pool.map(spend, range(500)))
    assert (answered, spending.spent, spending.reserved) == (100, 1, 0)


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"model": 5, "max_tokens": None, "messages": 3},
        {**REQUEST, "max_tokens": -1_000_000},
        {**REQUEST, "max_tokens": "many"},
        {**REQUEST, "messages": [5, {"role": "user"}, {"role": "user", "content": {"a": 1}}]},
        {**REQUEST, "tools": [None], "system": 7},
        {"requests": [5, {"params": 6}, {"params": REQUEST}]},
    ],
    ids=range(7),
)
def test_an_odd_request_has_a_worst_case(odd: dict[str, Any]) -> None:
    """The API refuses it; until then the cap holds, and never grows."""
    assert worst_case(odd) >= 0
    assert worst_case({**odd, "note": "x" * 10_000}) >= 0


def test_the_live_address_without_a_key_is_refused() -> None:
    """Nobody asked for live=True, so the error does not speak of it."""
    environment = {"ANTHROPIC_BASE_URL": "https://api.anthropic.com/"}
    with pytest.raises(ConnectionChoiceError) as caught:
        choose_destination(environment, live=None, cap=1)
    assert str(caught.value) == (
        "The live API needs a key, and ANTHROPIC_API_KEY isn't set. Set it before you start "
        "Jupyter, or use the simulator: connect(live=False)."
    )
