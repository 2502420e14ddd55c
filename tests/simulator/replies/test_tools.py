"""The improviser with tools: what the request allows, and what each model does."""

from typing import Any

import pytest

from grader.catalog import THINKING_MODEL, find_model
from grader.simulator import LABEL, Turn, improvise, text, tool_use, turn
from tests.simulator.replies.toolbox import (
    GET_CUSTOMER,
    GET_WEATHER,
    UPDATE_SUBSCRIPTION,
    made,
    tool,
    user,
)

BOTH = "What is the weather in Paris and in Tokyo?"
PARIS, TOKYO = (tool_use("get_weather", {"location": place}) for place in ("Paris", "Tokyo"))
PREFACE = text("I'll call get_weather.")


def improvised(prompt: Any, *, model: str = "claude-sonnet-4-6", **request: Any) -> Turn:
    """Return the improvised turn for a prompt, or for a conversation."""
    messages = [user(prompt)] if isinstance(prompt, str) else prompt
    asked = {"max_tokens": 2_000, "messages": messages, "tools": [GET_WEATHER]}
    return improvise({**asked, **request}, find_model(model))


def said(reply: Turn) -> str:
    """Return the text of a turn."""
    return "".join(block["text"] for block in reply.content if block["type"] == "text")


ALONE = {"disable_parallel_tool_use": True}
NAMED = {"type": "tool", "name": "get_weather"}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (None, turn(PREFACE, PARIS, TOKYO)),
        ({"type": "auto"}, turn(PREFACE, PARIS, TOKYO)),
        ({"type": "auto", **ALONE}, turn(PREFACE, PARIS)),
        ({"type": "any"}, turn(PARIS, TOKYO)),
        ({"type": "any", **ALONE}, PARIS),
        (NAMED, turn(PARIS, TOKYO)),
        ({**NAMED, **ALONE}, PARIS),
    ],
)
def test_tool_choice_is_kept_to(choice: Any, expected: Turn) -> None:
    """And a call that is asked for comes without a word before it."""
    given = {} if choice is None else {"tool_choice": choice}
    assert improvised(BOTH, **given) == expected


def test_one_call_a_turn_comes_to_the_end_too() -> None:
    """One after the other."""
    alone = {"tool_choice": {"type": "auto", **ALONE}}
    messages = [user(BOTH), *made("get_weather", {"location": "Paris"}, "rain")]
    assert improvised(messages, **alone) == turn(PREFACE, TOKYO)
    messages += made("get_weather", {"location": "Tokyo"}, "sun", id="toolu_2")
    assert said(improvised(messages, **alone)) == "Here is today's weather.\nrain\nsun"


def test_with_choice_none_no_tool_is_called() -> None:
    """The prompt is answered as if there were none."""
    assert said(improvised(BOTH, tool_choice={"type": "none"})).startswith(f"{LABEL} No model")
    hello = improvised("Hello", tool_choice={"type": "none"})
    assert hello == text("Hello! It's good to meet you.")


@pytest.mark.parametrize("choice", [{"type": "any"}, NAMED])
def test_a_call_that_is_asked_for_comes_whatever_the_prompt(choice: Any) -> None:
    """With a value made up."""
    call = tool_use("get_weather", {"location": "simulated location"})
    assert improvised("Hello", tool_choice=choice) == call


def test_where_any_call_must_be_made_one_that_changes_nothing_is() -> None:
    """Wherever it stands among the tools."""
    forced = {"tool_choice": {"type": "any"}}
    reply = improvised("Hello", tools=[UPDATE_SUBSCRIPTION, GET_CUSTOMER], **forced)
    assert [block["name"] for block in reply.content] == ["get_customer"]


def test_only_the_tool_that_is_named_is_called() -> None:
    """Another one would fit better."""
    reply = improvised(
        "Upgrade customer cust_1 to pro.",
        tools=[GET_CUSTOMER, UPDATE_SUBSCRIPTION],
        tool_choice={"type": "tool", "name": "update_subscription"},
    )
    assert reply == tool_use("update_subscription", {"customer_id": "cust_1", "plan": "pro"})


def test_an_unrelated_prompt_has_its_written_answer() -> None:
    """Tools or none; but a tool that is asked for comes first."""
    prompt = "What is the capital of France?"
    capital = tool("get_capital", "Get a country's capital.", country="string")
    assert improvised(prompt) == text("Paris.")
    assert improvised(prompt, tools=[capital]).content[-1]["input"] == {"country": "France"}


def test_a_question_about_a_word_of_a_tools_name_is_no_call_that_lacks_something() -> None:
    """It asks for knowledge."""
    reply = improvised("What is a customer lifetime value?", tools=[GET_CUSTOMER])
    assert said(reply).startswith(f"{LABEL} No model read this.")


SERVER_SIDE = [
    {"type": "web_search_20250305", "name": "web_search"},
    {**GET_WEATHER, "allowed_callers": ["code_execution_20250825"]},
]


@pytest.mark.parametrize("choice", [None, {"type": "any"}, {"type": "tool", "name": "web_search"}])
def test_tools_that_are_not_the_clients_to_run_are_not_the_clients_calls(choice: Any) -> None:
    """Whatever is asked for: the API runs its own where it is told to."""
    given = {} if choice is None else {"tool_choice": choice}
    reply = improvised(BOTH, tools=SERVER_SIDE, **given)
    called = [block["name"] for block in reply.content if block["type"] == "server_tool_use"]
    assert (reply.stop_reason, called) == ("end_turn", ["web_search"] if choice else [])
    assert "tool_use" not in [block["type"] for block in reply.content]


CLIENT_SIDE = [
    ({"type": "bash_20250124", "name": "bash"}, {"command": "ls"}),
    (
        {"type": "text_editor_20250728", "name": "str_replace_based_edit_tool"},
        {"command": "view", "path": "."},
    ),
    (
        {"type": "memory_20250818", "name": "memory"},
        {"command": "view", "path": "/memories"},
    ),
    (
        {
            "type": "computer_20251124",
            "name": "computer",
            "display_width_px": 1,
            "display_height_px": 1,
        },
        {"action": "screenshot"},
    ),
]


@pytest.mark.parametrize(("definition", "harmless"), CLIENT_SIDE)
def test_a_client_tool_of_anthropics_is_called_where_it_must_be(
    definition: Any, harmless: Any
) -> None:
    """With what changes nothing, since nobody asked for more; and not because of a greeting."""
    name = definition["name"]
    for choice in ({"type": "any"}, {"type": "tool", "name": name}):
        reply = improvised("Hello", tools=[definition], tool_choice=choice)
        assert reply == tool_use(name, harmless)
    assert improvised("Hello", tools=[definition]).stop_reason == "end_turn"


def test_a_command_in_quotes_is_the_one_that_is_run() -> None:
    """Where the prompt asks for it."""
    bash = {"type": "bash_20250124", "name": "bash"}
    reply = improvised("Run the command `wc -l notes.txt`, please.", tools=[bash])
    assert reply.content[-1]["input"] == {"command": "wc -l notes.txt"}


@pytest.mark.parametrize(
    ("model", "thinking", "expected"),
    [
        ("claude-sonnet-4-6", None, ["text", "tool_use"]),
        ("claude-opus-4-8", None, ["text", "tool_use"]),
        (
            "claude-sonnet-4-6",
            {"type": "enabled", "budget_tokens": 1_024},
            ["thinking", "tool_use"],
        ),
        ("claude-sonnet-5", {"type": "disabled"}, ["tool_use"]),
        (THINKING_MODEL, None, ["thinking", "tool_use"]),
    ],
)
def test_a_model_speaks_or_thinks_before_it_calls(model: str, thinking: Any, expected: Any) -> None:
    """The newer ones do not speak."""
    given = {} if thinking is None else {"thinking": thinking}
    reply = improvised("Weather in Oslo?", model=model, **given)
    assert [block["type"] for block in reply.content] == expected


def test_a_forced_call_comes_without_a_thought() -> None:
    """As recorded."""
    reply = improvised("Weather in Oslo?", model="claude-sonnet-5", tool_choice={"type": "any"})
    assert [block["type"] for block in reply.content] == ["tool_use"]


def test_results_are_told_in_the_end() -> None:
    """With the label, since no model has read them."""
    messages = [user("Weather in Oslo?"), *made("get_weather", {"location": "Oslo"}, "18 degrees")]
    expected = f"{LABEL} get_weather(Oslo) gave 18 degrees"
    assert improvised(messages) == text(expected)
    # The tools may be left out by then.
    assert improvised(messages, tools=None) == text(expected)


def test_what_is_lacking_is_told_after_what_is_known() -> None:
    """Rather than an id is made up, or a plan."""
    tools = [GET_CUSTOMER, UPDATE_SUBSCRIPTION]
    lacking = "I need the customer id; your message doesn't say."
    assert improvised("Change the subscription of the customer.", tools=tools) == text(
        f"{LABEL} To call get_customer {lacking}"
    )
    messages = [
        user("Change the plan of customer cust_1."),
        *made("get_customer", {"customer_id": "cust_1"}, '{"plan": "basic"}'),
    ]
    assert said(improvised(messages, tools=tools)) == (
        f'{LABEL} get_customer(cust_1) gave {{"plan": "basic"}} '
        "To call update_subscription I need the plan; your message doesn't say."
    )


def test_the_format_is_kept_to_when_the_tools_have_answered() -> None:
    """With what they gave."""
    schema = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "pages": {"type": "integer"}},
        "required": ["name", "pages"],
        "additionalProperties": False,
    }
    look = tool("get_book", "Look up a book.", isbn="string")
    given = {
        "tools": [look],
        "output_config": {"format": {"type": "json_schema", "schema": schema}},
    }
    prompt = user("Which book has ISBN 0-7653-1178-X?")
    first = improvised([prompt], **given)
    assert first.content[-1]["input"] == {"isbn": "0-7653-1178-X"}
    found = made("get_book", {"isbn": "0-7653-1178-X"}, '{"name": "Mistborn", "pages": 544}')
    assert improvised([prompt, *found], **given) == text('{"name": "Mistborn", "pages": 544}')


def test_the_same_request_gives_the_same_reply() -> None:
    """Nothing is kept, and nothing is left to chance."""
    assert improvised(BOTH) == improvised(BOTH)
