"""Token counts of requests and replies: the frame around the texts, tools, pictures."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from grader.catalog import find_model
from grader.simulator import input_tokens, output_tokens
from grader.simulator.tokens import image_tokens, thinking_tokens
from grader.simulator.tokens.estimate import text_tokens

OLDER = find_model("claude-sonnet-4-6")
NEWER = find_model("claude-sonnet-5")
HELLO = [{"role": "user", "content": "Hello"}]
TOOL = {"name": "get_time", "input_schema": {"type": "object", "properties": {}}}


def counted(messages: Any = HELLO, *, card: Any = OLDER, **request: Any) -> int:
    """Return the input tokens of a request."""
    return input_tokens({"messages": messages, **request}, card)


def said(*turns: tuple[str, str]) -> list[dict[str, str]]:
    """Return messages of a role and a text each."""
    return [{"role": role, "content": content} for role, content in turns]


@pytest.mark.parametrize(
    ("messages", "older", "newer"),
    [
        (said(("user", "Hello")), 7, 6),
        (said(("user", "Hello"), ("assistant", "Hello")), 7, 6),
        (said(("user", "Hello"), ("user", "Hello")), 8, 7),
        (said(("user", "Hello"), ("assistant", "Hello"), ("user", "Hello")), 13, 10),
    ],
    ids=["one turn", "no open answer", "merged", "three turns"],
)
def test_the_frame_is_counted_by_runs_of_one_role(messages, older: int, newer: int) -> None:
    """Fitted on recorded requests: 3 a run and 1 once on the older tokenizer, 2 and 2 on the newer.

    An open answer is a run too, and each merged turn costs one.
    """
    for card, frame in ((OLDER, older), (NEWER, newer)):
        words = text_tokens("Hello", card.tokenizer) * len(messages)
        assert counted(messages, card=card) == frame + words


def test_a_string_and_its_block_count_the_same() -> None:
    """In messages and in the system prompt."""
    block = [{"type": "text", "text": "Hello"}]
    assert counted([{"role": "user", "content": block}]) == counted()
    assert counted(system=block) == counted(system="Hello") == counted() + 1


def test_tools_cost_the_hidden_prompt_of_the_model() -> None:
    """As the catalog has it, by the kind of the choice; then each definition."""
    auto = counted(tools=[TOOL])
    both = counted(tools=[TOOL, {**TOOL, "name": "get_date"}])
    forced = counted(tools=[TOOL], tool_choice={"type": "any"})
    assert OLDER.tool_overhead is not None
    definition = auto - counted() - OLDER.tool_overhead.auto
    assert both - auto == definition
    assert forced - auto == OLDER.tool_overhead.forced - OLDER.tool_overhead.auto
    assert counted(tools=[]) == counted()


def test_a_model_without_a_known_hidden_prompt_is_given_one() -> None:
    """About what its siblings have."""
    unknown = replace(NEWER, tool_overhead=None)
    difference = counted(tools=[TOOL], card=unknown) - counted(tools=[TOOL], card=NEWER)
    assert NEWER.tool_overhead is not None
    assert difference == 350 - NEWER.tool_overhead.auto


def test_a_call_and_its_result_cost_a_frame() -> None:
    """39 for the pair and 14 an argument, beside the words in them."""

    def pair(given: dict[str, Any], result: Any) -> list[dict[str, Any]]:
        call = {"type": "tool_use", "id": "a", "name": "f", "input": given}
        answer = {"type": "tool_result", "tool_use_id": "a", "content": result}
        return [
            *HELLO,
            {"role": "assistant", "content": [call]},
            {"role": "user", "content": [answer]},
        ]

    bare = counted(pair({}, ""))
    turns = said(("user", "Hello"), ("assistant", ""), ("user", ""))
    assert bare == counted(turns) + 39 + text_tokens("f")
    assert counted(pair({"city": "Rome"}, "")) == bare + 14 + 2
    assert counted(pair({"days": [1, 2]}, "")) == bare + 14 + 1 + text_tokens("[1, 2]")
    assert counted(pair({}, "Sunny")) == counted(pair({}, [{"type": "text", "text": "Sunny"}]))
    assert counted(pair({}, "Sunny")) == bare + 1


def test_earlier_thinking_is_not_counted() -> None:
    """The API leaves it out of later turns."""
    thought = {"type": "thinking", "thinking": "Many words.", "signature": "s"}
    hidden = {"type": "redacted_thinking", "data": "d"}
    words = {"type": "text", "text": "Hello"}
    with_thoughts = [*HELLO, {"role": "assistant", "content": [thought, hidden, words]}]
    assert counted(with_thoughts) == counted([*HELLO, {"role": "assistant", "content": [words]}])


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1, 1, 4),
        (28, 28, 4),
        (29, 28, 5),
        (200, 200, 67),
        (1_000, 1_000, 1_299),
        (1_092, 1_092, 1_524),
        (8_000, 28, 59),
        (8_000, 8_000, 1_524),
    ],
)
def test_a_picture_counts_by_patches_of_28_pixels(width: int, height: int, expected: int) -> None:
    """After scaling down to at most 1,568 pixels a side and 1,568 patches, plus 3."""
    assert image_tokens(width, height) == expected


def test_a_picture_counts_by_its_header(picture: Callable[..., str]) -> None:
    """One that is given by reference counts as a large one."""

    def content(source: dict[str, str]) -> list[dict[str, Any]]:
        return [{"role": "user", "content": [{"type": "image", "source": source}]}]

    given = {"type": "base64", "media_type": "image/png", "data": picture(size=(200, 200))}
    nothing = counted(said(("user", "")))
    assert counted(content(given)) == nothing + 67
    assert counted(content({"type": "url", "url": "https://a.b/c.png"})) == nothing + 1_524


def test_output_counts_its_blocks_and_the_end_of_the_turn() -> None:
    """34 for a call, at least 24 for a thought, 3 or 2 for the end."""
    words = {"type": "text", "text": "Hello"}
    thought = {"type": "thinking", "thinking": "", "signature": "s"}
    call = {"type": "tool_use", "id": "a", "name": "f", "input": {"city": "Rome"}}
    assert output_tokens([], OLDER) == 3
    assert output_tokens([], NEWER) == 2
    assert output_tokens([words], OLDER) == 3 + 1
    assert output_tokens([thought, words], OLDER) == 3 + 24 + 1
    assert output_tokens([call], OLDER) == 3 + 34 + 1 + 14 + 2
    assert thinking_tokens([thought, words, call], OLDER) == 24


def test_a_block_of_another_kind_counts_as_its_json() -> None:
    """Documents and results of server tools are out of scope, but not free."""
    block = {"type": "document", "source": {"type": "text", "data": "Hello"}}
    words = '{"type": "document", "source": {"type": "text", "data": "Hello"}}'
    counted_block = counted([{"role": "user", "content": [block]}])
    assert counted_block == counted(said(("user", words)))
