"""Token counts of requests: the frame around the texts."""

from typing import Any

import pytest

from grader.catalog import find_model
from grader.simulator.tokens import PromptTokens, count_prompt, input_tokens
from grader.simulator.tokens.text import text_tokens
from tests.simulator.tokens.counting import (
    HELLO,
    NEWER,
    OLDER,
    SINCE_4_6,
    counted,
    said,
    words,
)


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
