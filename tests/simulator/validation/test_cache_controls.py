"""Validation of cache breakpoints: their shape, number and lifetimes."""

from typing import Any

import pytest

MARK = {"type": "ephemeral"}
HOUR = {"type": "ephemeral", "ttl": "1h"}
DOCUMENT = {
    "type": "document",
    "source": {"type": "text", "media_type": "text/plain", "data": "a"},
}
TOOL = {"name": "get_time", "input_schema": {"type": "object"}}
TAG = (
    "Input tag 'permanent' found using 'type' does not match any of the expected tags: 'ephemeral'"
)
ORDER = (
    "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that "
    "blocks are processed in the following order: `tools`, `system`, `messages`."
)


def words(said: str = "a", control: Any = None) -> dict[str, Any]:
    """Return a text block with a breakpoint; null stands for none."""
    return {"type": "text", "text": said, "cache_control": control}


def user(*blocks: dict[str, Any]) -> dict[str, Any]:
    """Return the messages of one user turn."""
    return {"messages": [{"role": "user", "content": list(blocks)}]}


def answered(result: dict[str, Any]) -> dict[str, Any]:
    """Return a conversation that ends with a tool's result."""
    call = {"type": "tool_use", "id": "t", "name": "get_time", "input": {}}
    return {
        "messages": [
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": [call]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", **result}]},
        ]
    }


BAD_SHAPES: list[tuple[dict[str, Any], str]] = [
    ({"cache_control": "ephemeral"}, "cache_control: Input should be an object"),
    ({"cache_control": {}}, "cache_control.type: Field required"),
    ({"cache_control": {"type": "permanent"}}, f"cache_control: {TAG}"),
    (
        {"cache_control": {**MARK, "ttl": "5h"}},
        "cache_control.ephemeral.ttl: Input should be '5m' or '1h'",
    ),
    (
        {"cache_control": {**MARK, "scope": "global"}},
        "cache_control.ephemeral.scope: Extra inputs are not permitted",
    ),
    (
        user(words(control=True)),
        "messages.0.content.0.text.cache_control: Input should be an object",
    ),
    (
        user({**DOCUMENT, "cache_control": {"type": "permanent"}}),
        f"messages.0.content.0.document.cache_control: {TAG}",
    ),
    (
        answered({"cache_control": {**MARK, "ttl": 300}}),
        (
            "messages.2.content.0.tool_result.cache_control.ephemeral.ttl: "
            "Input should be '5m' or '1h'"
        ),
    ),
    (
        answered({"content": [words(control=7)]}),
        (
            "messages.2.content.0.tool_result.content.0.text.cache_control: "
            "Input should be an object"
        ),
    ),
    (
        {"tools": [{**TOOL, "cache_control": {"type": "permanent"}}]},
        f"tools.0.custom.cache_control: {TAG}",
    ),
    (
        {"tools": [{"type": "bash_20250124", "name": "bash", "cache_control": 7}]},
        "tools.0.bash_20250124.cache_control: Input should be an object",
    ),
    ({"system": [words(control=7)]}, "system.0.cache_control: Input should be an object"),
]


@pytest.mark.parametrize(("changes", "message"), BAD_SHAPES, ids=range(len(BAD_SHAPES)))
def test_a_bad_breakpoint_is_told_with_its_place(refusal, changes, message: str) -> None:
    """Wherever one may stand."""
    assert refusal(changes) == message


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        (user(words("", MARK)), "messages.0.content.0.text"),
        ({"system": [words(), words("", MARK)]}, "system.1"),
        (
            answered({"content": [words("", MARK)]}),
            "messages.2.content.0.tool_result.content.0.text",
        ),
    ],
    ids=["message", "system prompt", "result"],
)
def test_nothing_cannot_be_cached(refusal, changes: dict[str, Any], place: str) -> None:
    """An empty text with a breakpoint has words of its own."""
    assert refusal(changes) == f"{place}: cache_control cannot be set for empty text blocks"


def test_thinking_cannot_be_marked(refusal) -> None:
    """It has no such key."""
    thought = {"type": "thinking", "thinking": "a", "signature": "b", "cache_control": MARK}
    turns = [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": [thought, words("b")]},
        {"role": "user", "content": "c"},
    ]
    message = "messages.1.content.0.thinking.cache_control: Extra inputs are not permitted"
    assert refusal({"messages": turns}) == message


def marked(tools: int, system: int, texts: int) -> dict[str, Any]:
    """Return a request with so many breakpoints of each level."""
    return {
        "tools": [{**TOOL, "name": f"t{i}", "cache_control": MARK} for i in range(tools)],
        "system": [words(control=MARK) for _ in range(system)],
        **user(*(words(control=MARK) for _ in range(texts)), words()),
    }


def test_four_breakpoints_are_the_most(refusal) -> None:
    """Counted over tools, system prompt and messages."""
    assert refusal(marked(1, 1, 2)) == ""
    assert refusal(marked(1, 1, 3)) == (
        "A maximum of 4 blocks with cache_control may be provided. Found 5."
    )
    assert refusal(marked(5, 0, 5)) == (
        "A maximum of 4 blocks with cache_control may be provided. Found 10."
    )


def test_the_parts_of_a_result_count(refusal) -> None:
    """And the result beside them."""
    result = {"content": [words(control=MARK)] * 4, "cache_control": MARK}
    assert refusal(answered(result)) == (
        "A maximum of 4 blocks with cache_control may be provided. Found 5."
    )
    result["cache_control"] = None
    assert refusal(answered(result)) == ""


def test_automatic_caching_takes_one_of_the_four(refusal) -> None:
    """With four explicit ones there is none left; the wording is a guess."""
    assert refusal({**marked(1, 1, 1), "cache_control": MARK}) == ""
    assert refusal({**marked(1, 1, 2), "cache_control": MARK}) == (
        "A maximum of 4 blocks with cache_control may be provided. Found 5."
    )


BAD_ORDERS: list[tuple[dict[str, Any], str]] = [
    (user(words(control=MARK), words(control=HOUR)), "messages.0.content.1"),
    ({"system": [words(control=MARK)], **user(words(control=HOUR))}, "messages.0.content.0"),
    (
        {
            "tools": [{**TOOL, "cache_control": {**MARK, "ttl": "5m"}}],
            "system": [words(control=HOUR)],
        },
        "system.0",
    ),
    (
        {"tools": [{**TOOL, "cache_control": MARK}, {**TOOL, "name": "b", "cache_control": HOUR}]},
        "tools.1",
    ),
    (answered({"content": [words(control=MARK)], "cache_control": HOUR}), "messages.2.content.0"),
    ({"system": [words(control=MARK)], "cache_control": HOUR}, "messages.0.content"),
]


@pytest.mark.parametrize(("changes", "place"), BAD_ORDERS, ids=range(len(BAD_ORDERS)))
def test_a_long_lifetime_may_not_follow_a_short_one(refusal, changes, place: str) -> None:
    """No lifetime is the short one; automatic caching counts where it falls."""
    assert refusal(changes) == f"{place}.cache_control.ttl: {ORDER}"


def test_a_short_lifetime_may_follow_a_long_one(refusal) -> None:
    """Or be the same."""
    assert refusal(user(words(control=HOUR), words(control=HOUR), words(control=MARK))) == ""


def test_automatic_caching_must_agree_with_the_block_it_falls_on(refusal) -> None:
    """The last one that can be marked; with the same lifetime it adds nothing."""
    last = user(words(), words(control=HOUR))
    assert refusal({**last, "cache_control": HOUR}) == ""
    assert refusal({**last, "cache_control": MARK}) == (
        "Top-level cache_control has ttl='5m' but the target block already has cache_control with "
        "ttl='1h'. When both are specified on the same block, they must have matching TTLs."
    )
    assert refusal({**user(words(control=HOUR), words()), "cache_control": MARK}) == ""


def test_automatic_caching_passes_over_what_cannot_be_marked(refusal) -> None:
    """Thinking, and an assistant turn that is still empty."""
    thought = {"type": "thinking", "thinking": "a", "signature": "b"}
    turns = [
        *user(words(control=HOUR))["messages"],
        {"role": "assistant", "content": [thought, {**words("b"), "cache_control": HOUR}]},
        {"role": "assistant", "content": ""},
    ]
    changes = {"model": "claude-haiku-4-5", "messages": turns, "cache_control": MARK}
    assert refusal(changes).startswith("Top-level cache_control has ttl='5m'")
