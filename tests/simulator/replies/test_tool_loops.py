"""A learner's own tools work without a script, with both SDKs."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from anthropic import beta_tool
from pydantic import BaseModel

from grader.catalog import THINKING_MODEL
from grader.simulator import Simulator
from tests.simulator.replies.toolbox import (
    ADD,
    CANCEL_ORDER,
    FIND_CUSTOMER,
    GET_CUSTOMER,
    GET_ORDERS,
    GET_WEATHER,
    MULTIPLY,
    SEARCH,
    UPDATE_SUBSCRIPTION,
)

Registry = Mapping[str, Callable[..., Any]]


def loop(client: Any, prompt: str, tools: list[Any], registry: Registry, **request: Any) -> Any:
    """Run tools as a learner would, and return the last message and the inputs of each turn."""
    messages: list[Any] = [{"role": "user", "content": prompt}]
    asked = {"model": "claude-sonnet-4-6", "max_tokens": 2_000, "tools": tools, **request}
    turns: list[Any] = []
    while True:
        message = client.messages.create(messages=messages, **asked)
        if message.stop_reason != "tool_use":
            return message, turns
        calls = [block for block in message.content if block.type == "tool_use"]
        turns.append([(block.name, block.input) for block in calls])
        results = []
        for block in calls:
            result = {"type": "tool_result", "tool_use_id": block.id}
            try:
                results.append(
                    {**result, "content": json.dumps(registry[block.name](**block.input))}
                )
            except Exception as error:  # noqa: BLE001 - a tool may raise anything
                results.append({**result, "content": repr(error), "is_error": True})
        messages.append({"role": "assistant", "content": message.content})
        messages.append({"role": "user", "content": results})


def get_customer(customer_id: str) -> Any:
    """Look up one of two customers."""
    return {"cust_123": {"name": "Jane Doe", "plan": "basic"}}[customer_id]


def update_subscription(customer_id: str, plan: str) -> Any:
    """Change a plan."""
    return {"customer_id": customer_id, "new_plan": plan}


SHOP = {
    "find_customer": lambda email: {"customer_id": "cust_77"},
    "get_orders": lambda customer_id: [{"order_id": "ord_8", "total": 12.5}],
    "cancel_order": lambda order_id: f"{order_id} is cancelled",
}
SUMS = {"add": lambda a, b: a + b, "multiply": lambda a, b: a * b}
LOOPS: dict[str, tuple[str, list[Any], Registry, list[Any], str]] = {
    "customers": (
        "Upgrade customer cust_123 to the pro plan.",
        [GET_CUSTOMER, UPDATE_SUBSCRIPTION],
        {"get_customer": get_customer, "update_subscription": update_subscription},
        [
            [("get_customer", {"customer_id": "cust_123"})],
            [("update_subscription", {"customer_id": "cust_123", "plan": "pro"})],
        ],
        "Done: Jane Doe (cust_123) is on the pro plan now. Before that it was basic.",
    ),
    "weather": (
        "What is the weather in Paris and in Tokyo?",
        [GET_WEATHER, SEARCH],
        {"get_weather": lambda location, unit="celsius": f"18 {unit} in {location}"},
        [[("get_weather", {"location": "Paris"}), ("get_weather", {"location": "Tokyo"})]],
        "18 celsius in Tokyo",
    ),
    "sums": (
        "Can you multiply 3 and 4, then add 5 and 7?",
        [ADD, MULTIPLY],
        SUMS,
        [[("multiply", {"a": 3, "b": 4}), ("add", {"a": 5, "b": 7})]],
        "multiply(3, 4) gave 12",
    ),
    "shop": (
        "Cancel the last order of jane@example.com.",
        [CANCEL_ORDER, GET_ORDERS, FIND_CUSTOMER],
        SHOP,
        [
            [("find_customer", {"email": "jane@example.com"})],
            [("get_orders", {"customer_id": "cust_77"})],
            [("cancel_order", {"order_id": "ord_8"})],
        ],
        "ord_8 is cancelled",
    ),
}


@pytest.mark.parametrize("model", ["claude-sonnet-4-6", THINKING_MODEL])
@pytest.mark.parametrize("name", LOOPS)
def test_a_learners_loop_comes_to_an_answer(client_of, name: str, model: str) -> None:
    """In few turns, and with what the tools gave; also where the model thinks first."""
    prompt, tools, registry, expected, told = LOOPS[name]
    message, turns = loop(client_of(Simulator(seed=1)), prompt, tools, registry, model=model)
    assert (message.stop_reason, turns) == ("end_turn", expected)
    assert told in "".join(block.text for block in message.content if block.type == "text")


def test_a_tool_that_raises_is_told(client_of) -> None:
    """Nothing is changed then."""
    _, tools, registry, _, _ = LOOPS["customers"]
    prompt = "Upgrade customer cust_999 to the pro plan."
    message, turns = loop(client_of(Simulator(seed=1)), prompt, tools, registry)
    assert turns == [[("get_customer", {"customer_id": "cust_999"})]]
    assert message.content[0].text == (
        "I couldn't change anything for customer cust_999. This is what came back: "
        "KeyError('cust_999')"
    )


def test_a_tool_that_is_not_there_is_told(client_of) -> None:
    """As the SDK's own runner does, and loops that learners write."""
    prompt, tools, _, _, _ = LOOPS["weather"]
    message, turns = loop(client_of(Simulator(seed=1)), prompt, tools, {})
    assert (message.stop_reason, len(turns)) == ("end_turn", 1)
    said = "my tool get_weather doesn't work. This is what came back: KeyError('get_weather')"
    assert message.content[0].text.endswith(said)


def test_the_sdks_runner_comes_to_an_answer(client_of) -> None:
    """With tools made from functions."""
    asked: list[str] = []

    @beta_tool
    def find_plan(customer_id: str) -> str:
        """Look up the plan of a customer.

        Args:
            customer_id: The customer's id, such as cust_123.
        """
        asked.append(customer_id)
        return json.dumps({"plan": "pro"})

    runner = client_of(Simulator(seed=1)).beta.messages.tool_runner(
        model="claude-sonnet-4-6",
        max_tokens=1_000,
        tools=[find_plan],
        messages=[{"role": "user", "content": "Which plan has customer cust_123?"}],
        max_iterations=8,
    )
    reasons = [message.stop_reason for message in runner]
    assert (reasons, asked) == (["tool_use", "end_turn"], ["cust_123"])


def test_a_streamed_loop_is_the_same(client_of) -> None:
    """Each call's input comes in pieces, and adds up."""
    with client_of(Simulator(seed=1)).messages.stream(
        model="claude-sonnet-4-6",
        max_tokens=1_000,
        tools=[GET_WEATHER],
        messages=[{"role": "user", "content": "What is the weather in Paris and in Tokyo?"}],
    ) as stream:
        message = stream.get_final_message()
    inputs = [block.input for block in message.content if block.type == "tool_use"]
    assert inputs == [{"location": "Paris"}, {"location": "Tokyo"}]


@pytest.mark.parametrize("name", LOOPS)
def test_the_openai_sdks_loop_comes_to_an_answer(openai_client_of, name: str) -> None:
    """Through the compatible endpoint, with the same tools in OpenAI's shape."""
    prompt, tools, registry, expected, told = LOOPS[name]
    client = openai_client_of(Simulator(seed=1))
    functions = [
        {"type": "function", "function": {**given, "parameters": given["input_schema"]}}
        for given in tools
    ]
    messages: list[Any] = [{"role": "user", "content": prompt}]
    turns: list[Any] = []
    while True:
        completion = client.chat.completions.create(
            model="claude-sonnet-4-6", messages=messages, tools=functions
        )
        (choice,) = completion.choices
        if choice.finish_reason != "tool_calls":
            break
        messages.append(choice.message)
        turns.append([])
        for call in choice.message.tool_calls:
            arguments = json.loads(call.function.arguments)
            turns[-1].append((call.function.name, arguments))
            content = json.dumps(registry[call.function.name](**arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": content})
    assert (choice.finish_reason, turns) == ("stop", expected)
    assert told in choice.message.content


class Invoice(BaseModel):
    """What is wanted of an invoice."""

    number: str
    vendor: str
    total: float


@pytest.mark.parametrize("model", ["claude-sonnet-4-6", THINKING_MODEL])
def test_the_sdk_parses_what_the_format_asks_for(client_of, model: str) -> None:
    """Also after a thought."""
    message = client_of(Simulator(seed=1)).messages.parse(
        model=model,
        max_tokens=2_000,
        messages=[{"role": "user", "content": "Invoice INV-2041 from Acme GmbH, total 12.50 EUR"}],
        output_format=Invoice,
    )
    expected = Invoice(number="INV-2041", vendor="Acme GmbH", total=12.5)
    assert (message.stop_reason, message.parsed_output) == ("end_turn", expected)
