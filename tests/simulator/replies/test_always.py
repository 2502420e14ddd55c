"""What holds whatever is asked, whatever the tools are and whatever they say."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.catalog import THINKING_MODEL, find_model
from grader.simulator import Turn, improvise
from tests.simulator.replies.toolbox import ROLL_DIE, TOOLS, made, result, tool, user

CLIENT_TOOLS = [
    {"type": "bash_20250124", "name": "bash"},
    {"type": "text_editor_20250728", "name": "str_replace_based_edit_tool"},
    {"type": "memory_20250818", "name": "memory"},
]
GREET = tool("say_hello", "Says hello to everyone.")
PROMPTS = [
    "Upgrade customer cust_123 to the pro plan.",
    "What is the weather in Paris and in Tokyo?",
    "Please cancel order B-3077.",
    "Cancel the last order of jane@example.com, then email bob@x.com about it.",
    "Add 3 and 4, multiply 5 by 6, roll the die 3 times and get the time in Rome.",
    "Book a flight from Berlin to Rome for Jane Doe on 2027-05-01, and set the light on.",
    "Search the web for 'prompt caching', read notes.txt and run `ls`.",
    "Hello",
    "",
]
RESULTS = st.one_of(
    st.sampled_from(
        [
            '{"id": "cust_7", "customer_id": "cust_9", "plan": "pro", "location": "Rome"}',
            '[{"order_id": "ord_1"}, {"order_id": "ord_2", "email": "a@b.cd"}]',
            '{"error": "not found"}',
            "Try again with another id: cust_8.",
            "",
        ]
    ),
    st.text(max_size=20),
)
OFFERED = st.lists(
    st.sampled_from([*TOOLS, *CLIENT_TOOLS]), min_size=1, max_size=9, unique_by=lambda t: t["name"]
)
ROUNDS = 60
"""More than any prompt here needs: each tool once, and each of its values."""

quietly = settings(max_examples=150, suppress_health_check=list(HealthCheck))


def reply_to(messages: list[Any], tools: list[Any], **request: Any) -> Turn:
    """Return the improvised turn."""
    asked = {"max_tokens": 20_000, "messages": messages, "tools": tools, **request}
    return improvise(asked, find_model(request.get("model", "claude-sonnet-4-6")))


def calls_of(reply: Turn) -> list[Any]:
    """Return the calls of a turn."""
    return [block for block in reply.content if block["type"] == "tool_use"]


@quietly
@given(
    st.sampled_from(PROMPTS),
    OFFERED,
    st.data(),
    st.sampled_from(["all", "last exchange", "prompt again"]),
    st.booleans(),
    st.sampled_from(["claude-sonnet-4-6", THINKING_MODEL]),
)
def test_a_loop_comes_to_an_end(
    prompt: str, tools: list[Any], data: st.DataObject, kept: str, is_single: bool, model: str
) -> None:
    """Also one that keeps its last exchange alone, or says its prompt again with each result."""
    choice = {"type": "auto", "disable_parallel_tool_use": is_single}
    messages = [user(prompt or "…")]
    for number in range(ROUNDS):
        reply = reply_to(messages, tools, tool_choice=choice, model=model)
        calls = calls_of(reply)
        assert len(calls) <= 1 or not is_single
        if not calls:
            break
        blocks = [{**call, "id": f"toolu_{number}_{n}"} for n, call in enumerate(calls)]
        results: list[Any] = [
            result(data.draw(RESULTS), id=block["id"], is_error=data.draw(st.booleans()))
            for block in blocks
        ]
        for each in results:
            each["content"] = each["content"] or "none"
        if kept == "prompt again":
            results.append({"type": "text", "text": prompt})
        turn = [{"role": "assistant", "content": blocks}, user(results)]
        messages = [messages[0], *turn] if kept == "last exchange" else [*messages, *turn]
    assert calls == []
    assert any(block.get("text") for block in reply.content)


@pytest.mark.parametrize("prompt", ["Please cancel order O1.", "Cancel my order O1 today."])
def test_a_loop_that_keeps_its_last_exchange_alone_goes_on(prompt: str) -> None:
    """Written or matched: one of Anthropic's own examples looked up and cancelled for ever."""
    look, cancel = (
        tool(name, description, order_id="string")
        for name, description in (("get_order", "Get an order."), ("cancel_order", "Cancel it."))
    )
    seen = []
    messages = [user(prompt)]
    while calls := calls_of(reply_to(messages, [look, cancel])):
        seen += [call["name"] for call in calls]
        assert len(seen) < 9
        messages = [messages[0], *made(calls[0]["name"], calls[0]["input"], "fine")]
    assert seen == ["get_order", "cancel_order"]


def test_two_calls_alike_are_one_where_each_comes_alone() -> None:
    """A loop that keeps its last exchange alone could not count them."""
    alone = {"tool_choice": {"type": "auto", "disable_parallel_tool_use": True}}
    prompt = user("Roll the die 3 times.")
    assert len(calls_of(reply_to([prompt], [ROLL_DIE]))) == 3
    assert len(calls_of(reply_to([prompt], [ROLL_DIE], **alone))) == 1
    after = [prompt, *made("roll_die", {}, "4")]
    assert calls_of(reply_to(after, [ROLL_DIE], **alone)) == []


@quietly
@given(st.sampled_from(PROMPTS), OFFERED, st.booleans(), st.data())
def test_where_a_tool_must_be_called_one_that_is_offered_is(
    prompt: str, tools: list[Any], is_single: bool, data: st.DataObject
) -> None:
    """Whatever the prompt; the one that is named, if one is; and one alone, if that is asked."""
    named = data.draw(st.none() | st.sampled_from([each["name"] for each in tools]))
    choice: dict[str, Any] = {"type": "tool", "name": named} if named else {"type": "any"}
    choice["disable_parallel_tool_use"] = is_single
    calls = calls_of(reply_to([user(prompt or "…")], tools, tool_choice=choice))
    names = {call["name"] for call in calls}
    assert names
    assert names <= ({named} if named else {each["name"] for each in tools})
    assert len(calls) == 1 or not is_single


@quietly
@given(st.sampled_from(PROMPTS), OFFERED, st.sampled_from([None, "any"]))
def test_an_input_fits_its_schema(prompt: str, tools: list[Any], forced: str | None) -> None:
    """Given by the prompt, or made up."""
    request = {"tool_choice": {"type": forced}} if forced else {}
    schemas = {each["name"]: each.get("input_schema", {}) for each in tools}
    for call in calls_of(reply_to([user(prompt or "…")], tools, **request)):
        jsonschema.Draft202012Validator(schemas[call["name"]]).validate(call["input"])


@quietly
@given(st.sampled_from(PROMPTS), OFFERED)
def test_where_no_tool_may_be_called_none_is(prompt: str, tools: list[Any]) -> None:
    """There is a text instead."""
    reply = reply_to([user(prompt or "…")], tools, tool_choice={"type": "none"})
    assert [block["type"] for block in reply.content] == ["text"]


@pytest.mark.parametrize(
    "greeting", ["Hello there!", "hi!", "Thanks a lot", "Good evening, Claude."]
)
@pytest.mark.parametrize("definition", [*TOOLS, *CLIENT_TOOLS, GREET], ids=lambda t: t["name"])
def test_a_greeting_calls_nothing(greeting: str, definition: Any) -> None:
    """Least of all what has an effect."""
    assert calls_of(reply_to([user(greeting)], [definition])) == []


@quietly
@given(st.sampled_from(PROMPTS), OFFERED)
def test_the_same_request_gets_the_same_reply(prompt: str, tools: list[Any]) -> None:
    """Nothing is kept, and nothing is left to chance."""
    messages = [user(prompt or "…")]
    before = json.dumps([messages, tools])
    assert reply_to(messages, tools) == reply_to(messages, tools)
    assert json.dumps([messages, tools]) == before
