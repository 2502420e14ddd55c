"""The bot that lesson 08 ports runs through the OpenAI-compatible endpoint, weak spots and all."""

import inspect
from typing import Any

import httpx2
import openai
import pytest

from grader.classroom import CompletionsBot
from grader.simulator import Script, Scripted, Simulator, SimulatorTransport, text, tool_use

PARAMETERS = {"type": "object", "properties": {"order_id": {"type": "string"}}}
TOOLS = [
    {
        "type": "function",
        "function": {"name": "get_order", "description": "Look up.", "parameters": PARAMETERS},
    }
]
CALL = tool_use("get_order", {"order_id": "A-1"})


def hire(*replies: Scripted, orders: dict[str, Any]) -> tuple[CompletionsBot, list[str], Simulator]:
    """Return a bot whose API gives these replies, what it says as it comes, and the API."""
    simulator = Simulator(replies=Script(*replies))
    http_client = httpx2.Client(transport=SimulatorTransport(simulator))
    client = openai.OpenAI(
        api_key="simulated", base_url="https://api.anthropic.com/v1/", http_client=http_client
    )
    said: list[str] = []
    bot = CompletionsBot(
        client,
        model="claude-sonnet-4-6",
        system="Be kind.",
        tools=TOOLS,
        registry={"get_order": lambda order_id: orders[order_id]},
        on_text=said.append,
    )
    return bot, said, simulator


def test_it_answers_and_keeps_what_each_reply_used() -> None:
    """A call is run, its result goes back, and the text comes in pieces."""
    answer = "Your lamp is on its way, and will be there in two days."
    bot, said, simulator = hire(CALL, text(answer), orders={"A-1": {"goods": "lamp"}})
    assert bot.ask("Where is my order A-1?") == answer
    assert ("".join(said), len(said) > 1) == (answer, True)
    roles = [message["role"] for message in bot.messages]
    assert roles == ["system", "user", "assistant", "tool", "assistant"]
    assert bot.messages[3]["content"] == '{"goods": "lamp"}'
    assert len(bot.usages) == len(simulator.transcript) == 2
    assert all(usage.prompt_tokens > 0 for usage in bot.usages)


def test_a_tool_that_raises_takes_it_down() -> None:
    """The lesson shows it, and the port is to do better."""
    bot, _, _ = hire(CALL, text("Never said."), orders={})
    with pytest.raises(KeyError, match="A-1"):
        bot.ask("Where is my order A-1?")
    assert "tool_calls" in bot.messages[-1]


def test_it_is_a_program_of_sixty_lines() -> None:
    """Short enough to be read in a lesson."""
    lines = inspect.getsource(CompletionsBot).splitlines()
    assert 40 <= len(lines) <= 60
    assert max(map(len, lines)) <= 100
