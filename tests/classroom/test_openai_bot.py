"""The bots that lesson 09 ports run on either of OpenAI's APIs, weak spots and all."""

import inspect
from typing import Any

import httpx2
import openai
import pytest

from grader.classroom import CompletionsBot, ResponsesBot
from grader.simulator import Script, Scripted, Simulator, SimulatorTransport, text, tool_use

PARAMETERS = {"type": "object", "properties": {"order_id": {"type": "string"}}}
TOOL = {"name": "get_order", "description": "Look up.", "parameters": PARAMETERS}
TOOLS = {
    CompletionsBot: {"type": "function", "function": TOOL},
    ResponsesBot: {"type": "function", **TOOL},
}
CALL = tool_use("get_order", {"order_id": "A-1"})

each_bot = pytest.mark.parametrize("kind", list(TOOLS), ids=lambda kind: kind.__name__)


def hire(
    kind: type[Any], *replies: Scripted, orders: dict[str, Any]
) -> tuple[Any, list[str], Simulator]:
    """Return a bot whose API gives these replies, what it says as it comes, and the API."""
    simulator = Simulator(replies=Script(*replies))
    http_client = httpx2.Client(transport=SimulatorTransport(simulator))
    client = openai.OpenAI(
        api_key="simulated", base_url="https://api.anthropic.com/v1/", http_client=http_client
    )
    said: list[str] = []
    bot = kind(
        client,
        model="claude-sonnet-4-6",
        system="Be kind.",
        tools=[TOOLS[kind]],
        registry={"get_order": lambda order_id: orders[order_id]},
        on_text=said.append,
    )
    return bot, said, simulator


@each_bot
def test_it_answers_and_keeps_what_each_reply_used(kind: type[Any]) -> None:
    """A call is run, its result goes back, and the text comes in pieces."""
    answer = "Your lamp is on its way, and will be there in two days."
    bot, said, simulator = hire(kind, CALL, text(answer), orders={"A-1": {"goods": "lamp"}})
    assert bot.ask("Where is my order A-1?") == answer
    assert ("".join(said), len(said) > 1) == (answer, True)
    assert len(bot.tokens) == len(simulator.transcript) == 2
    assert all(given > 0 and written > 0 for given, written in bot.tokens)


@each_bot
def test_it_remembers_the_questions_before(kind: type[Any]) -> None:
    """Its own list does for one form, and OpenAI's store for the other."""
    bot, _, simulator = hire(kind, text("Yes."), text("In two days."), orders={})
    bot.ask("Do you sell lamps?")
    bot.ask("When will mine be here?")
    shorter, longer = bot.tokens
    assert longer[0] > shorter[0] + 5
    assert len(simulator.transcript) == 2


def test_completions_keep_every_message() -> None:
    """The roles are OpenAI's, and a result is written as JSON."""
    orders = {"A-1": {"goods": "lamp"}}
    bot, _, _ = hire(CompletionsBot, CALL, text("On its way."), orders=orders)
    bot.ask("Where is my order A-1?")
    roles = [message["role"] for message in bot.messages]
    assert roles == ["system", "user", "assistant", "tool", "assistant"]
    assert bot.messages[3]["content"] == '{"goods": "lamp"}'


@each_bot
def test_a_tool_that_raises_takes_it_down(kind: type[Any]) -> None:
    """The lesson shows it, and the port does better."""
    bot, _, simulator = hire(kind, CALL, text("Never said."), orders={})
    with pytest.raises(KeyError, match="A-1"):
        bot.ask("Where is my order A-1?")
    assert len(simulator.transcript) == 1


@each_bot
def test_it_is_a_program_of_sixty_lines(kind: type[Any]) -> None:
    """Short enough to be read in a lesson."""
    lines = inspect.getsource(kind).splitlines()
    assert 40 <= len(lines) <= 60
    assert max(map(len, lines)) <= 100
