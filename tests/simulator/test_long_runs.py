"""The SDK's tool runner in long conversations: it compacts, goes on after a pause, adds tools."""

import asyncio
from collections.abc import Callable
from typing import Any

import anthropic
import httpx2
from anthropic import beta_async_tool, beta_tool

from grader.catalog import find_beta
from grader.simulator import Simulator, SimulatorTransport
from tests.simulator.long_talks import ASKED, AT_THRESHOLD, COMPACT, LONG, ON_DEMAND, asked, posted

Client = Callable[..., anthropic.Anthropic]

ASK = {"role": "user", "content": "What is the weather in Rome?"}


@beta_tool
def get_weather(city: str) -> str:
    """Get the weather.

    Args:
        city: Its name.
    """
    return f"It is sunny in {city}."


@beta_tool
def get_time(city: str) -> str:
    """Get the time of a city.

    Args:
        city: Its name.
    """
    return f"It is noon in {city}."


@beta_async_tool
async def get_news(city: str) -> str:
    """Get the news of a city.

    Args:
        city: Its name.
    """
    return f"Nothing new in {city}."


def kinds_of(simulator: Simulator) -> list[list[str]]:
    """Return the kinds of blocks that the last request's messages held."""
    messages = simulator.transcript[-1].request.body["messages"]
    return [
        ["text"] if isinstance(m["content"], str) else [block["type"] for block in m["content"]]
        for m in messages
    ]


def test_the_runner_compacts_before_its_next_turn(client_of: Client) -> None:
    """Its history is the summary then, and the rest of the run goes on from it."""
    simulator = Simulator(seed=1)
    runner = client_of(simulator).beta.messages.tool_runner(
        model="claude-opus-5-5",
        max_tokens=2_000,
        tools=[get_weather],
        betas=[ON_DEMAND],
        messages=[ASK],
        stop_sequences=["END"],
    )
    reasons = []
    for message in runner:
        reasons.append(message.stop_reason)
        if message.stop_reason == "tool_use":
            runner.compact_before_next_turn()
    assert reasons == ["tool_use", "compaction", "end_turn"]
    assert kinds_of(simulator) == [["compaction"]]


def test_the_runner_goes_on_after_a_pause_at_the_threshold(client_of: Client) -> None:
    """It sends the summary back behind all that it stands for."""
    simulator = Simulator(seed=1)
    runner = client_of(simulator).beta.messages.tool_runner(
        model="claude-sonnet-4-6",
        max_tokens=2_000,
        tools=[get_weather],
        betas=[AT_THRESHOLD],
        context_management={"edits": [{**COMPACT, "pause_after_compaction": True}]},
        messages=[{"role": "user", "content": LONG}, {"role": "assistant", "content": "Yes?"}, ASK],
    )
    assert [m.stop_reason for m in runner] == ["compaction", "tool_use", "end_turn"]
    usages = [each.message["usage"] for each in simulator.transcript if each.message]
    assert usages[0]["iterations"][0]["input_tokens"] > 50_000
    assert usages[1]["input_tokens"] < usages[2]["input_tokens"] < 2_000


def test_the_runner_adds_a_tool_within_the_conversation(client_of: Client) -> None:
    """`tools` stays as it was, and the model calls the new one."""
    simulator = Simulator(seed=1)
    runner = client_of(simulator).beta.messages.tool_runner(
        model="claude-opus-5-5",
        max_tokens=2_000,
        tools=[get_weather],
        betas=[find_beta("inline_tools")],
        messages=[
            {"role": "user", "content": "What is the weather in Rome and the time in Paris?"}
        ],
    )
    called = []
    for message in runner:
        called += [block.name for block in message.content if block.type == "tool_use"]
        if called == ["get_weather"]:
            runner.add_tools(get_time)
    assert called == ["get_weather", "get_time"]
    bodies = [each.request.body for each in simulator.transcript]
    assert all([tool["name"] for tool in body["tools"]] == ["get_weather"] for body in bodies)


def test_the_async_runner_compacts_after_its_last_turn() -> None:
    """What it leaves is the summary of the whole run."""

    async def run() -> list[Any]:
        transport = SimulatorTransport(Simulator(seed=2))
        async with httpx2.AsyncClient(transport=transport) as http:
            client = anthropic.AsyncAnthropic(api_key="k", http_client=http, max_retries=0)
            runner = client.beta.messages.tool_runner(
                model="claude-opus-5-5",
                max_tokens=2_000,
                tools=[get_news],
                betas=[ON_DEMAND],
                messages=[{"role": "user", "content": "What is the news in Oslo?"}],
            )
            reasons = []
            async for message in runner:
                reasons.append(message.stop_reason)
                if message.stop_reason == "end_turn":
                    runner.compact_before_next_turn()
            return reasons

    assert asyncio.run(run()) == ["tool_use", "end_turn", "compaction"]


def test_an_item_of_a_batch_may_be_a_summary() -> None:
    """With the header of the batch."""
    simulator = Simulator(seed=1, batch_seconds=0.0)
    item = {"custom_id": "a", "params": asked(compaction=ASKED)}
    path = "/v1/messages/batches"
    created = posted({"requests": [item]}, ON_DEMAND, to=simulator, path=path).body
    headers = {"x-api-key": "k", "anthropic-version": "2023-06-01"}
    (line,) = simulator.handle("GET", f"{path}/{created['id']}/results", headers, b"").body
    message = line["result"]["message"]
    assert message["stop_reason"] == "compaction"
    assert message["usage"]["service_tier"] == "batch"
