"""Tools that come and go within a conversation: what the model may call, and what is refused."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.catalog import find_beta
from grader.simulator import Simulator, text, thinking, turn
from grader.simulator.tool_changes import key_of, net_changes, offered_tools
from tests.simulator.long_talks import ASKED, ON_DEMAND, Request, asked, fault, posted, said

OLDER, INLINE, MCP = (find_beta(name) for name in ("tool_changes", "inline_tools", "inline_mcp"))
NAMES = ("get_weather", "get_time", "get_news")


def tool(name: str, **more: Any) -> Request:
    """Return the definition of a tool that takes a city."""
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    said = name.replace("_", " ")
    return {"name": name, "description": f"{said} of a city", "input_schema": schema, **more}


def reference(name: str) -> Request:
    """Return a reference to a tool."""
    return {"type": "tool_reference", "name": name}


def add(named: str | Request, **more: Any) -> Request:
    """Return the block that adds a tool: by its name, or by its definition."""
    by_value = {"type": "tool_definition", "definition": named}
    referred = reference(named) if isinstance(named, str) else by_value
    return {"type": "tool_addition", "tool": referred, **more}


def remove(name: str) -> Request:
    """Return the block that takes a tool away."""
    return {"type": "tool_removal", "tool": reference(name)}


def conversation(*changes: Sequence[Request], tools: Sequence[Request] = ()) -> Request:
    """Return a request with a question, and a system message with changes, a turn each."""
    messages: list[Any] = []
    for number, blocks in enumerate(changes):
        messages.append(said("user", "What is the weather, the time and the news in Rome?"))
        messages += [said("system", *blocks)] if blocks else []
        messages += [said("assistant", "Let me see.")] if number + 1 < len(changes) else []
    return asked(messages, tools=list(tools))


def called(request: Request) -> set[str]:
    """Return the tools that the improviser calls for a request."""
    content = posted(request, INLINE).body["content"]
    return {block["name"] for block in content if block["type"] == "tool_use"}


DEFERRED = [tool(name, defer_loading=True) for name in NAMES]
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "define", "remove"]), st.sampled_from(NAMES)), max_size=8
)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(steps=STEPS, deferred=st.sets(st.sampled_from(NAMES)))
def test_the_last_change_of_a_tool_decides(
    steps: list[tuple[str, str]], deferred: set[str]
) -> None:
    """For what the model may call, and for what a summary carries on."""
    tools = [tool(name, defer_loading=name in deferred) for name in NAMES]
    blocks = {"add": add, "define": lambda name: add(tool(name)), "remove": remove}
    changes = [[blocks[step](name)] for step, name in steps]
    request = conversation(*changes, [], tools=tools)
    last = {name: step for step, name in steps}
    expected = {
        name
        for name in NAMES
        if last.get(name, "remove" if name in deferred else "add") != "remove"
    }
    assert {each["name"] for each in offered_tools(request)} == expected
    assert all(not each.get("defer_loading") for each in offered_tools(request))
    carried = net_changes(request)
    assert {key_of(each["tool"].get("definition", each["tool"])) for each in carried} == {
        ("tool", name) for name in last
    }
    again = conversation(carried, tools=tools) if carried else request
    assert sorted(map(str, offered_tools(again))) == sorted(map(str, offered_tools(request)))


def test_the_model_calls_what_is_offered_at_the_end() -> None:
    """A deferred tool once it is added, a defined one, and none that was taken away."""
    whole = [tool(name) for name in NAMES]
    assert called(conversation([], tools=whole)) == set(NAMES)
    assert called(conversation([], tools=DEFERRED)) == set()
    assert called(conversation([add("get_time")], tools=DEFERRED)) == {"get_time"}
    assert called(conversation([add(tool("get_news"))])) == {"get_news"}
    assert called(conversation([remove("get_news")], tools=whole)) == {*NAMES} - {"get_news"}
    back = conversation([remove("get_news")], [add("get_news")], tools=whole)
    assert called(back) == set(NAMES)


def test_a_choice_may_name_a_tool_that_was_defined_in_the_conversation() -> None:
    """But none that nothing defines."""
    request = {**conversation([add(tool("get_news"))]), "model": "claude-opus-5"}
    for name, status in (("get_news", 200), ("get_time", 400)):
        choice = {"tool_choice": {"type": "tool", "name": name}}
        assert posted({**request, **choice}, INLINE).status == status


def test_a_change_of_tools_is_no_edit() -> None:
    """The thinking before it stays valid, and so does the thinking after it."""
    simulator = Simulator(
        replies=lambda *_: turn(thinking("Hm."), text("Fine.")), seed=2, clock=lambda: 0.0
    )
    request = asked([said("user", "Hello.")], tools=DEFERRED)
    for blocks in ([add("get_time")], [add(tool("get_more"))], [remove("get_time")]):
        reply = posted(request, INLINE, to=simulator)
        assert reply.status == 200, reply.body
        request["messages"] += [
            {"role": "assistant", "content": reply.body["content"]},
            said("user", "Go on."),
            said("system", *blocks),
        ]
    assert posted(request, INLINE, to=simulator).status == 200
    less = {**request, "tools": DEFERRED[:1]}
    assert posted(less, INLINE, to=simulator).status == 400


def test_an_added_tool_leaves_the_cache_before_it_valid() -> None:
    """`tools` is as it was."""
    simulator = Simulator(replies=lambda *_: text("Fine."), seed=2, clock=lambda: 0.0)
    marked = said("user", "word " * 900)
    marked["content"][0]["cache_control"] = {"type": "ephemeral"}
    request = asked([marked], tools=DEFERRED)
    written = posted(request, INLINE, to=simulator).body["usage"]["cache_creation_input_tokens"]
    request["messages"].append(said("system", add(tool("get_more"))))
    usage = posted(request, INLINE, to=simulator).body["usage"]
    assert usage["cache_read_input_tokens"] == written > 900
    assert usage["input_tokens"] > 30


def test_a_summary_carries_the_changes_of_what_it_stands_for() -> None:
    """It comes with them, and must come back with them."""
    request = conversation([add("get_time")], [add(tool("get_more"))], [], tools=DEFERRED)
    reply = posted({**request, "compaction": ASKED}, INLINE, ON_DEMAND)
    (block,) = reply.body["content"]
    assert [each["type"] for each in block["tool_changes"]] == ["tool_addition"] * 2
    assert block["tool_changes"][1]["tool"]["definition"]["name"] == "get_more"
    question = said("user", "What is the time in Rome?")
    later = asked([said("assistant", block), question], tools=DEFERRED)
    assert {each["name"] for each in offered_tools(later)} == {"get_time", "get_more"}
    content = posted(later, INLINE, ON_DEMAND).body["content"]
    assert {each["name"] for each in content if each["type"] == "tool_use"} == {"get_time"}
    bare = {key: block[key] for key in ("type", "content", "signature")}
    lost = asked([said("assistant", bare), question], tools=DEFERRED)
    assert fault(posted(lost, ON_DEMAND))[1] == "compaction_tool_changes_mismatch"


def test_a_summary_of_what_changed_no_tool_carries_nothing() -> None:
    """As recorded in September 2026."""
    reply = posted({**conversation([], tools=DEFERRED), "compaction": ASKED}, INLINE, ON_DEMAND)
    assert list(reply.body["content"][0]) == ["type", "content", "signature"]


MARK = {"type": "ephemeral"}
MCP_TOOL = {"type": "mcp_tool_reference", "server_name": "news", "name": "latest"}
MCP_SET = {"type": "mcp_toolset_reference", "server_name": "news"}
UNRESOLVED = [
    [add("get_more")],
    [remove("get_more")],
    [{"type": "tool_addition", "tool": MCP_TOOL}],
    [{"type": "tool_removal", "tool": MCP_SET}],
]


@pytest.mark.parametrize("blocks", UNRESOLVED)
def test_a_reference_to_what_is_not_defined_yet_is_refused(blocks: list[Request]) -> None:
    """Also where it is defined later."""
    for changes in ([blocks], [blocks, [add(tool("get_more"))]]):
        request = conversation(*changes, tools=DEFERRED)
        assert fault(posted(request, INLINE))[1] == "tool_reference_unresolved"
    defined = conversation([add(tool("get_more"))], [add("get_more")], tools=DEFERRED)
    assert posted(defined, INLINE).status == 200


def test_a_name_of_another_kind_of_tool_is_taken() -> None:
    """One of the same kind is a new definition from there on."""
    shell = {"type": "bash_20250124", "name": "bash"}
    taken = conversation([add(tool("bash"))], tools=[shell])
    assert fault(posted(taken, INLINE))[1] == "tool_name_conflict"
    gone = conversation([remove("bash")], [add(tool("bash"))], tools=[shell])
    assert posted(gone, INLINE).status == 200
    again = conversation([add(tool("get_time"))], tools=[tool("get_time")])
    assert posted(again, INLINE).status == 200


def test_definitions_may_not_be_too_large() -> None:
    """4 MiB of them, together."""
    large = tool("get_more", input_examples=[{"city": " " * (2 * 1024 * 1024)}])
    other = {**large, "name": "get_other"}
    assert posted(conversation([add(large)]), INLINE).status == 200
    code = fault(posted(conversation([add(large), add(other)]), INLINE))[1]
    assert code == "available_tools_limit_exceeded"


@pytest.mark.parametrize(
    ("block", "betas", "words"),
    [
        (add(tool("get_more")), [OLDER], "Input tag 'tool_definition' found using 'type'"),
        (
            {"type": "tool_removal", "tool": add(tool("get_time"))["tool"]},
            [INLINE],
            "Input tag 'tool_definition' found using 'type'",
        ),
        (add({"name": "odd one"}), [INLINE], "String should match pattern"),
        (add(tool("a", odd=1)), [INLINE], "definition.custom.odd: Extra inputs are not permitted"),
        (
            add(
                tool("a", cache_control={"type": "ephemeral"}), cache_control={"type": "ephemeral"}
            ),
            [INLINE],
            "not on both",
        ),
        (
            add(tool("a", defer_loading=True), cache_control=MARK),
            [INLINE],
            "defer_loading",
        ),
    ],
)
def test_a_wrong_change_is_refused(block: Request, betas: list[str], words: str) -> None:
    """By the beta that allows it, by what it defines, by where its breakpoint is."""
    message, _ = fault(posted(conversation([block], tools=DEFERRED), *betas))
    assert message.startswith("messages.1.content.0.tool_")
    assert words in message


def test_the_older_beta_takes_references() -> None:
    """As recorded."""
    assert posted(conversation([add("get_time")], tools=DEFERRED), OLDER).status == 200


def test_a_change_stands_in_system_messages_alone() -> None:
    """And only under a header."""
    request = asked([said("user", add("get_time"))], tools=DEFERRED)
    assert "Input tag 'tool_addition'" in fault(posted(request, INLINE))[0]
    bare = conversation([add("get_time")], tools=DEFERRED)
    assert "Input tag 'tool_addition'" in fault(posted(bare))[0]
