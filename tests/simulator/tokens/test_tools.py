"""Token counts of tools: their definitions, and the hidden instructions that they bring."""

from dataclasses import replace
from typing import Any

import pytest

from grader.simulator.tokens import count_prompt, input_tokens
from tests.simulator.tokens.counting import HELLO, NEWER, OLDER, SINCE_4_6, counted, words

TOOL = {"name": "get_time", "input_schema": {"type": "object", "properties": {}}}
DEFINITION = 7 + 6
"""The words of its JSON and the frame of a definition."""


def brought(*tools: Any, card: Any = OLDER, **request: Any) -> int:
    """Return the tokens that tools add to a request."""
    return counted(card=card, tools=list(tools) or [TOOL], **request) - counted(card=card)


def test_tools_cost_the_hidden_prompt_of_the_model() -> None:
    """As the catalog has it; then each definition."""
    for card in (OLDER, SINCE_4_6, NEWER):
        assert card.tool_overhead is not None
        assert brought(card=card) == card.tool_overhead.auto + DEFINITION
        assert brought(TOOL, TOOL, card=card) == card.tool_overhead.auto + 2 * DEFINITION
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
    request = {"messages": HELLO, "tools": [TOOL], "system": "Be kind"}
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
    assert brought({**TOOL, "description": "Says when."}) == brought() + 3
    assert brought({**TOOL, "description": ""}) == brought()
    marked = {**TOOL, "type": "custom", "strict": True, "cache_control": {"type": "ephemeral"}}
    assert brought(marked) == brought()


def test_a_tool_of_the_servers_is_counted_without_a_name() -> None:
    """What is in it is not checked before."""
    request = {"messages": HELLO, "tools": [{"type": "mcp_toolset", "description": {"a": 1}}]}
    assert input_tokens(request, OLDER) > 496
