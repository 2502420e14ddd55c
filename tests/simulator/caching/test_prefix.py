"""What is part of a prefix, and what invalidates which level of it."""

from typing import Any

import pytest

from grader.catalog import active_models, find_model
from tests.simulator.caching.conftest import MARK, RULES, Workspace, block
from tests.simulator.documents.test_passages import ON, plain

SCHEMA = {"type": "object", "properties": {"id": {"type": "string"}}}


def tool(name: str, **marks: Any) -> dict[str, Any]:
    """Return a tool with a description long enough to be cached by itself."""
    return {"name": name, "description": RULES, "input_schema": SCHEMA, **marks}


BASE: dict[str, Any] = {
    "tools": [tool("find", **MARK)],
    "system": [block(RULES, **MARK)],
    "messages": [{"role": "user", "content": [block(RULES, **MARK)]}],
}
LEVELS = ("tools", "system", "messages")


def levels_read(workspace: Workspace, **change: Any) -> int:
    """Return how many of the three levels a changed request still reads."""
    workspace.ask(**BASE)
    sizes = [0]
    for last in range(len(LEVELS)):
        after = {key: unmarked(BASE[key]) for key in LEVELS[last + 1 :]}
        sizes.append(workspace.ask(**{**BASE, **after})[0])
    return sizes.index(workspace.ask(**{**BASE, **change})[0])


def unmarked(part: Any) -> Any:
    """Return a part of a request without its markers."""
    if isinstance(part, list):
        return [unmarked(inner) for inner in part]
    if isinstance(part, dict):
        return {key: unmarked(value) for key, value in part.items() if key != "cache_control"}
    return part


@pytest.mark.parametrize(
    ("change", "levels"),
    [
        ({}, 3),
        ({"max_tokens": 7}, 3),
        ({"metadata": {"user_id": "u-1"}}, 3),
        ({"stop_sequences": ["END"]}, 3),
        ({"tools": [tool("search", **MARK)]}, 0),
        ({"tools": [tool("find", **MARK), tool("other")]}, 1),
        ({"system": [block(f"{RULES}!", **MARK)]}, 1),
        ({"messages": [{"role": "user", "content": [block(f"{RULES}!", **MARK)]}]}, 2),
        ({"tool_choice": {"type": "any"}}, 2),
        ({"tool_choice": {"type": "auto", "disable_parallel_tool_use": True}}, 2),
        ({"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 2000}, 2),
        ({"output_config": {"effort": "low"}}, 2),
        ({"system": []}, 1),
        ({"messages": [{"role": "user", "content": [block(RULES, **MARK), plain("A.")]}]}, 3),
        ({"messages": [{"role": "user", "content": [block(RULES, **MARK), plain("A.", **ON)]}]}, 1),
    ],
    ids=[
        "nothing",
        "the limit of tokens",
        "metadata",
        "stop sequences",
        "another tool",
        "a tool after the breakpoint",
        "the system prompt",
        "a message",
        "tool choice",
        "parallel calls",
        "thinking",
        "effort",
        "no system prompt",
        "a document",
        "citations",
    ],
)
def test_a_change_invalidates_its_level_and_those_after_it(
    workspace: Workspace, change: Any, levels: int
) -> None:
    """The order is tools, system, messages."""
    assert levels_read(workspace, **change) == levels


@pytest.mark.parametrize("model", active_models())
def test_saying_what_holds_anyway_changes_nothing(workspace: Workspace, model: str) -> None:
    """The model's own effort and thinking, and how thinking is shown."""
    rules = find_model(model).rules
    config = {"effort": rules.default_effort}
    same: list[Any] = [{"output_config": config}] if rules.effort_levels else []
    thinks = {"type": "adaptive"}
    shown = {"thinking": {**thinks, "display": "summarized"}}
    if rules.thinking_default != "off":
        same += [{"thinking": thinks}, shown]
    asked: Any = {"model": model, "tools": [tool("find")], "system": RULES * 2}
    asked |= {"cache_control": {"type": "ephemeral"}}
    base = workspace.ask(**asked)
    for change in same:
        assert workspace.ask(**{**asked, **change})[0] == base[1]
    if rules.effort_levels:
        other = next(each for each in rules.effort_levels if each != rules.default_effort)
        assert workspace.ask(**{**asked, "output_config": {"effort": other}})[0] < base[1]


def test_an_image_anywhere_invalidates_the_messages(workspace: Workspace, picture: Any) -> None:
    """Even one that comes after the breakpoint."""
    data = {"type": "base64", "media_type": "image/png", "data": picture()}
    content = [block(RULES, **MARK), {"type": "image", "source": data}]
    assert levels_read(workspace, messages=[{"role": "user", "content": content}]) == 2


def test_the_order_of_keys_counts(workspace: Workspace) -> None:
    """A prefix is equal byte by byte or not at all."""
    one = {"name": "find", "input_schema": SCHEMA, "description": RULES, **MARK}
    other = {"description": RULES, "name": "find", "input_schema": SCHEMA, **MARK}
    workspace.ask(tools=[one])
    assert workspace.ask(tools=[other])[0] == 0
    assert workspace.ask(tools=[one])[0] > 0


def test_a_string_is_one_text_block(workspace: Workspace) -> None:
    """The same prompt, however it was written."""
    workspace.ask(messages=[{"role": "user", "content": [block(RULES, **MARK)]}])
    read, _, _ = workspace.ask(
        messages=[{"role": "user", "content": RULES}], cache_control={"type": "ephemeral"}
    )
    assert read > 0


def test_a_tools_result_can_end_a_prefix(workspace: Workspace) -> None:
    """Marked as a whole, or at a text inside it: one entry either way."""
    call = {"type": "tool_use", "id": "toolu_01", "name": "find", "input": {}}

    def result(**marks: Any) -> list[Any]:
        answer = {"type": "tool_result", "tool_use_id": "toolu_01", **marks}
        return [
            {"role": "user", "content": "Find it."},
            {"role": "assistant", "content": [call]},
            {"role": "user", "content": [answer]},
        ]

    tools = [tool("find")]
    workspace.ask(tools=tools, messages=result(content=RULES, **MARK))
    assert workspace.ask(tools=tools, messages=result(content=[block(RULES, **MARK)]))[0] > 0


def test_the_same_texts_in_other_turns_are_another_prefix(workspace: Workspace) -> None:
    """Two turns of one role are merged, and are not the same as one turn of two blocks."""
    content = [block(RULES), block("Hello", **MARK)]
    workspace.ask(messages=[{"role": "user", "content": content}])
    apart = [{"role": "user", "content": [part]} for part in content]
    assert workspace.ask(messages=apart)[0] == 0
