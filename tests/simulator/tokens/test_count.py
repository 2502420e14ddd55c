"""Token counts of whole requests, their tools and hidden instructions included."""

from dataclasses import replace
from typing import Any

import pytest

from grader.catalog import find_model
from grader.simulator.tokens import PromptTokens, count_prompt, input_tokens
from grader.simulator.tokens.text import text_tokens
from tests.simulator.tokens.counting import HELLO, NEWER, OLDER, SINCE_4_6, counted, said, words


@pytest.mark.parametrize(
    ("messages", "older", "newer"),
    [
        (said(("user", "Hello")), 7, 6),
        (said(("user", "Hello"), ("assistant", "Hello")), 7, 6),
        (said(("user", "Hello"), ("user", "Hello")), 8, 7),
        (said(("user", "Hello"), ("assistant", "Hello"), ("user", "Hello")), 13, 10),
        (said(("assistant", "Hello"), ("user", "Hello")), 22, 20),
    ],
    ids=["one turn", "no open answer", "merged", "three turns", "assistant first"],
)
def test_the_frame_is_counted_by_runs_of_one_role(messages, older: int, newer: int) -> None:
    """Fitted on recorded requests: 3 a run and 1 once on the older tokenizer, 2 and 2 on the newer.

    An open answer is a run too, and each merged turn costs one.
    """
    assert counted(messages) == older + len(messages)
    assert counted(messages, card=NEWER) == newer + len(messages)


def test_opus_4_7_has_a_larger_frame() -> None:
    """11 for one message (ctok), where its siblings have 7 and 6."""
    assert counted(card=find_model("claude-opus-4-7")) == 11 + 1


def test_a_string_and_its_block_count_the_same() -> None:
    """In messages and in the system prompt; an empty system prompt is none."""
    block = [{"type": "text", "text": "Hello"}]
    assert counted(said(("user", block))) == counted()
    assert counted(system=block) == counted(system="Hello") == counted() + 1
    assert counted(system="") == counted(system=[]) == counted()


TOOL = {"name": "get_time", "input_schema": {"type": "object"}}


@pytest.mark.parametrize(
    ("card", "alone", "with_tools"),
    [(OLDER, 0, 2), (SINCE_4_6, 1, 2), (NEWER, 1, 0)],
    ids=["4.5", "4.6", "5"],
)
def test_a_system_prompt_is_joined_to_the_rest(card, alone: int, with_tools: int) -> None:
    """However many blocks it has; with tools it follows theirs."""
    assert counted(system="Hello", card=card) - counted(card=card) == 1 + alone
    tools = {"tools": [TOOL], "card": card}
    blocks = [{"type": "text", "text": "Hello"}] * 2
    assert counted(system=blocks, **tools) - counted(**tools) == 2 + with_tools


def test_prompt_is_told_block_by_block() -> None:
    """A frame is in the first block that it precedes; what opens the answer is the ending.

    Of the 496 hidden tokens that tools bring, 289 are before all of them.
    """
    request = {
        "tools": [TOOL, {**TOOL, "description": "Says when"}],
        "system": [{"type": "text", "text": "Be kind"}, {"type": "text", "text": "Be terse"}],
        "messages": said(
            ("user", [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]),
            ("assistant", "three four"),
            ("user", "five"),
        ),
    }
    assert count_prompt(request, OLDER, counter=words) == PromptTokens(
        tools=(289 + 5 + 6, 8 + 6),
        system=(2 + 2, 2),
        messages=((207 + 4 + 1, 1 + 1), (3 + 2,), (3 + 1,)),
        ending=3,
    )


def test_an_empty_message_leaves_its_frame_to_the_next() -> None:
    """A closing one leaves it to the ending."""
    tokens = count_prompt(
        {"messages": said(("user", []), ("user", "Hello"), ("assistant", []))},
        OLDER,
        counter=words,
    )
    assert tokens == PromptTokens((), (), ((), (4 + 1 + 1,), ()), 3)


@pytest.mark.parametrize(
    ("card", "request_", "expected"),
    [
        (OLDER, {"thinking": {"type": "enabled", "budget_tokens": 1024}}, 29),
        (OLDER, {"thinking": {"type": "disabled"}}, 0),
        (SINCE_4_6, {"thinking": {"type": "adaptive"}}, 0),
        (find_model("claude-opus-4-6"), {"thinking": {"type": "adaptive"}}, 17),
        (NEWER, {"thinking": {"type": "adaptive"}}, 0),
        (OLDER, {"thinking": None, "output_config": None}, 0),
        (SINCE_4_6, {"output_config": {"effort": "low"}}, 0),
    ],
)
def test_thinking_has_instructions_of_its_own(card, request_: Any, expected: int) -> None:
    """29 where it is enabled, 17 on Opus 4.6 where it is adaptive."""
    assert counted(card=card, **request_) - counted(card=card) == expected


def test_a_forced_call_leaves_no_room_for_thinking() -> None:
    """Recorded with Opus 4.6: adaptive thinking then adds nothing."""
    forced = {
        "card": find_model("claude-opus-4-6"),
        "tools": [TOOL],
        "tool_choice": {"type": "any"},
    }
    assert counted(thinking={"type": "adaptive"}, **forced) == counted(**forced)


def output(schema: Any) -> dict[str, Any]:
    """Return the output_config that asks for a schema."""
    return {"format": {"type": "json_schema", "schema": schema}}


def test_a_schema_for_the_output_counts_as_indented_json() -> None:
    """And 81 beside it (nine recorded requests, within 1)."""
    schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    lines = '{ "type": "object", "properties": { "city": { "type": "string" } } }'
    assert counted(output_config=output(schema)) == counted() + 81 + len(lines.split())


def test_a_huge_schema_is_not_indented() -> None:
    """200 levels down a line would begin with 400 spaces."""
    schema: Any = [0] * 10_000
    for _ in range(190):
        schema = {"enum": schema}
    assert counted(output_config=output(schema)) == counted() + 81 + 10_190


def test_a_request_is_counted_by_the_model_that_it_is_for() -> None:
    """Each generation has its own tokenizer and its own frame."""
    messages = said(("user", "internationalization"))
    for card, frame in ((OLDER, 7), (NEWER, 6)):
        tokens = text_tokens("internationalization", card.tokenizer)
        assert input_tokens({"messages": messages}, card) == frame + tokens


def test_input_tokens_are_the_prompts_total() -> None:
    """All its blocks and the ending."""
    request = {"messages": HELLO, "system": "Be kind", "tools": [TOOL]}
    assert input_tokens(request, OLDER) == count_prompt(request, OLDER).total


GET_TIME = {"name": "get_time", "input_schema": {"type": "object", "properties": {}}}
DEFINITION = 7 + 6
"""The words of its JSON and the frame of a definition."""


def brought(*tools: Any, card: Any = OLDER, **request: Any) -> int:
    """Return the tokens that tools add to a request."""
    return counted(card=card, tools=list(tools) or [GET_TIME], **request) - counted(card=card)


def test_tools_cost_the_hidden_prompt_of_the_model() -> None:
    """As the catalog has it; then each definition."""
    for card in (OLDER, SINCE_4_6, NEWER):
        assert card.tool_overhead is not None
        assert brought(card=card) == card.tool_overhead.auto + DEFINITION
        assert brought(GET_TIME, GET_TIME, card=card) == card.tool_overhead.auto + 2 * DEFINITION
    assert counted(tools=[]) == counted(tools=None) == counted()


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (None, 496),
        ({"type": "auto"}, 496),
        ({"type": "auto", "disable_parallel_tool_use": False}, 496),
        ({"type": "auto", "disable_parallel_tool_use": True}, 289),
        ({"type": "none"}, 496),
        ({"type": "any"}, 588),
        ({"type": "any", "disable_parallel_tool_use": True}, 588),
        ({"type": "tool", "name": "get_time"}, 588 + 1 + 2),
    ],
)
def test_the_choice_of_a_tool_decides_on_the_instructions(choice: Any, expected: int) -> None:
    """none costs what auto costs, and a forced tool is named."""
    assert brought(tool_choice=choice) == expected + DEFINITION


@pytest.mark.parametrize("card", [OLDER, SINCE_4_6, NEWER], ids=["4.5", "4.6", "5"])
@pytest.mark.parametrize(
    "choice",
    [
        {"type": "any"},
        {"type": "tool", "name": "get_time"},
        {"type": "none"},
        {"type": "auto", "disable_parallel_tool_use": True},
    ],
    ids=["any", "tool", "none", "one call"],
)
def test_a_choice_leaves_what_precedes_the_messages_as_it_is(card, choice: Any) -> None:
    """It does not invalidate a cached prefix of tools and system prompt, says Anthropic's page."""
    request = {"messages": HELLO, "tools": [GET_TIME], "system": "Be kind"}
    free = count_prompt(request, card, counter=words)
    chosen = count_prompt({**request, "tool_choice": choice}, card, counter=words)
    assert (chosen.tools, chosen.system) == (free.tools, free.system)
    assert all(count > 0 for message in chosen.messages for count in message)


def test_newer_models_pay_the_same_without_parallel_calls() -> None:
    """Nothing else is recorded."""
    choice = {"type": "auto", "disable_parallel_tool_use": True}
    assert brought(tool_choice=choice, card=NEWER) == brought(card=NEWER)


def test_a_model_without_a_known_hidden_prompt_is_given_one() -> None:
    """About what its siblings have."""
    unknown = replace(NEWER, tool_overhead=None)
    assert brought(card=unknown) == 350 + DEFINITION
    assert brought(card=unknown, tool_choice={"type": "any"}) == 475 + DEFINITION


def test_a_definition_counts_by_name_description_and_schema() -> None:
    """An empty description is left out, as are all other keys."""
    assert brought({**GET_TIME, "description": "Says when."}) == brought() + 3
    assert brought({**GET_TIME, "description": ""}) == brought()
    marked = {**GET_TIME, "type": "custom", "strict": True, "cache_control": {"type": "ephemeral"}}
    assert brought(marked) == brought()


def test_a_tool_of_the_servers_is_counted_without_a_name() -> None:
    """What is in it is not checked before."""
    request = {"messages": HELLO, "tools": [{"type": "mcp_toolset", "description": {"a": 1}}]}
    assert input_tokens(request, OLDER) > 496
