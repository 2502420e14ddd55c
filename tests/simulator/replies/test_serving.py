"""Anthropic's own tools: whatever is asked and offered, the conversation goes on and ends."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from anthropic.types import Message
from anthropic.types.beta import BetaMessage
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.catalog import find_model, tool_kinds
from grader.simulator import LABEL, Simulator, improvise
from grader.simulator.blocks import part_of
from grader.simulator.contents import result_kind
from grader.simulator.replies.serving import MOST_ROUNDS

BETAS = "mcp-client-2026-09-15,advisor-tool-2026-03-01"
MODEL = "claude-sonnet-4-6"
SCHEMA = {"type": "object", "properties": {"customer_id": {"type": "string"}}}
CUSTOMER = {
    "name": "get_customer",
    "description": "Get a customer.",
    "input_schema": {**SCHEMA, "required": ["customer_id"]},
}
SEARCH = {"type": "web_search_20250305", "name": "web_search"}
FETCH = {"type": "web_fetch_20250910", "name": "web_fetch"}
CODE = {"type": "code_execution_20260120", "name": "code_execution"}
FIND = {"type": "tool_search_tool_bm25_20251119", "name": "tool_search_tool_bm25"}
ADVISOR = {"type": "advisor_20260301", "name": "advisor", "model": "claude-opus-4-8"}
WIKI = {"mcp_servers": [{"type": "url", "name": "wiki", "url": "https://mcp.example.com/mcp"}]}
TOOLSET = {"type": "mcp_toolset", "mcp_server_name": "wiki"}


def defined(kind: str) -> dict[str, Any]:
    """Return a definition of a type of tool, with all that it needs."""
    known = tool_kinds()[kind]
    needed = {
        "display_height_px": 600,
        "display_width_px": 800,
        "mcp_server_name": "wiki",
        "model": "claude-opus-4-8",
    }
    named = {"name": known.name} if known.name else {}
    return {"type": kind, **named, **{key: needed[key] for key in known.required}}


def steps(prompt: str, *tools: Any, result: str = '{"plan": "Pro"}', **asked: Any) -> Iterator[Any]:
    """Yield the messages of a conversation until it ends, each sent back as the API wants it."""
    simulator = Simulator(seed=1, clock=lambda: 1_790_000_000.0)
    body: dict[str, Any] = {
        "model": MODEL,
        "max_tokens": 8_000,
        "messages": [{"role": "user", "content": prompt}],
        **({"tools": list(tools)} if tools else {}),
        **asked,
    }
    headers = {"x-api-key": "k", "anthropic-version": "2023-06-01", "anthropic-beta": BETAS}
    for _ in range(20):
        reply = simulator.handle("POST", "/v1/messages", headers, json.dumps(body).encode())
        assert reply.status == 200, reply.body
        message = reply.body
        yield message
        if message["stop_reason"] not in ("tool_use", "pause_turn"):
            return
        if message.get("container"):
            body["container"] = message["container"]["id"]
        said = {"role": "assistant", "content": message["content"]}
        body["messages"] = [*body["messages"], said]
        body.pop("tool_choice", None)
        answers = [
            {"type": "tool_result", "tool_use_id": block["id"], "content": result}
            for block in message["content"]
            if block["type"] == "tool_use"
        ]
        if answers:
            body["messages"].append({"role": "user", "content": answers})
    raise AssertionError("The conversation does not end.")


def called(message: Any) -> list[str]:
    """Return the names of the calls in a message, in order."""
    return [block["name"] for block in message["content"] if "call" in part_of(block)]


SERVED = [kind for kind, row in tool_kinds().items() if row.runs == "server"]
PROMPTS = [
    "Search the web for the latest news, please.",
    "What does https://docs.example.com/plans say? And http://localhost/a?",
    "What is 12 * (3 + 4)? Run code.",
    "Which plan has customer C-17?",
    "Consult your advisor first.",
    "Ask a question about the wiki.",
    "Do 13 web searches.",
    "Create /tmp/a.txt with the text: Hi",
    "Hello",
]


@settings(max_examples=60, deadline=None)
@given(
    prompt=st.sampled_from(PROMPTS) | st.text(max_size=60),
    kinds=st.lists(st.sampled_from(SERVED), unique_by=lambda kind: tool_kinds()[kind].name or kind),
    is_deferred=st.booleans(),
    choice=st.sampled_from([None, {"type": "auto"}, {"type": "any"}, {"type": "none"}]),
)
def test_every_conversation_goes_on_and_ends(
    prompt: str, kinds: list[str], is_deferred: bool, choice: Any
) -> None:
    """What the simulator says it also takes back, and its usage counts what it holds."""
    tools = [*map(defined, kinds), CUSTOMER]
    if kinds and is_deferred:
        tools[-1] = {**CUSTOMER, "defer_loading": True}
    asked = dict(WIKI) if "mcp_toolset" in kinds else {}
    if choice:
        asked["tool_choice"] = choice
    content: list[Any] = []
    for message in steps(prompt or " x", *tools, **asked) if prompt.strip() else ():
        content += message["content"]
        BetaMessage.model_validate(message, strict=False)
        served = [block for block in message["content"] if part_of(block).startswith("server")]
        assert ("server_tool_use" in message["usage"]) == bool(served)
        if choice == {"type": "none"}:
            assert called(message) == []
        if choice == {"type": "any"} and message["content"] is content:
            assert called(message)
    answered = {block["tool_use_id"] for block in content if part_of(block) == "server_result"}
    calls = [block for block in content if part_of(block) == "server_call"]
    assert answered == {call["id"] for call in calls}
    kinds_of = {block["tool_use_id"]: block["type"] for block in content if "tool_use_id" in block}
    assert all(kinds_of[call["id"]] == result_kind(call) for call in calls)


@pytest.mark.parametrize("count", [1, MOST_ROUNDS, MOST_ROUNDS + 1, 3 * MOST_ROUNDS + 2])
def test_a_paused_turn_goes_on_until_all_is_searched(count: int) -> None:
    """Sent back as it is, it begins with the result of the call that waited."""
    messages = list(steps(f"Do {count} separate web searches about plans.", SEARCH))
    assert sum(called(message).count("web_search") for message in messages) == count
    usages = [message["usage"]["server_tool_use"]["web_search_requests"] for message in messages]
    assert sum(usages) == count
    assert max(usages) <= MOST_ROUNDS
    reasons = [message["stop_reason"] for message in messages]
    assert reasons == ["pause_turn"] * ((count - 1) // MOST_ROUNDS) + ["end_turn"]
    for paused, resumed in pairwise(messages):
        assert resumed["content"][0]["tool_use_id"] == paused["content"][-1]["id"]


def test_each_round_reads_the_prompt_again() -> None:
    """So the input of a reply grows with every round, faster than the rounds."""
    inputs = []
    for count in (1, 2, 3):
        (message,) = steps(f"Do {count} web searches about plans.", SEARCH)
        inputs.append(message["usage"]["input_tokens"])
    first, second = inputs[1] - inputs[0], inputs[2] - inputs[1]
    assert 0 < first < second


def test_a_written_answer_is_said_after_a_search_and_cites_it() -> None:
    """A prompt of a lesson has its answer, also where a paused turn goes on with a search."""
    search = {"type": "web_search_20260209", "name": "web_search"}
    call = {"type": "server_tool_use", "id": "srvtoolu_01", "name": "web_search"}
    question = {"role": "user", "content": "When was Python 1.0 released?"}
    paused = {"role": "assistant", "content": [{**call, "input": {"query": "Python 1.0"}}]}
    message = next(steps("", search, messages=[question, paused]))
    found, said = message["content"]
    assert found["type"] == "web_search_tool_result"
    assert said["text"] == "Python 1.0 was released in January 1994."
    assert said["citations"][0]["url"] == found["content"][0]["url"]


def test_a_search_cites_what_it_found() -> None:
    """The address, the title and the words of a page among the results."""
    (message,) = steps("Search the web for refunds.", SEARCH)
    (found,) = [block for block in message["content"] if block["type"].endswith("_tool_result")]
    (cited,) = [block for block in message["content"] if block.get("citations")]
    (citation,) = cited["citations"]
    assert citation["type"] == "web_search_result_location"
    assert {key: citation[key] for key in ("url", "title")} in [
        {key: page[key] for key in ("url", "title")} for page in found["content"]
    ]
    assert citation["cited_text"] == cited["text"]
    assert Message.model_validate(message).usage.server_tool_use is not None


@given(domain=st.sampled_from(["docs.example.com", "example.com", "library.test", "a.b/news"]))
@settings(max_examples=10, deadline=None)
def test_a_search_keeps_to_its_domains(domain: str) -> None:
    """Those allowed and their subdomains alone; of those blocked none."""
    for key, is_inside in (("allowed_domains", True), ("blocked_domains", False)):
        (message,) = steps("Search the web for plans.", {**SEARCH, key: [domain]})
        pages = message["content"][1]["content"]
        inside = [f"{domain}/" in page["url"] for page in pages]
        assert inside == [is_inside] * len(pages)
        assert pages


FETCHED = [
    ("https://docs.example.com/plans", {}, None),
    ("https://docs.example.com/plans", {"blocked_domains": ["example.com"]}, "url_not_allowed"),
    ("http://127.0.0.1/a", {}, "url_not_allowed"),
    (f"https://a.example.com/{'a' * 300}", {}, "url_too_long"),
    ("https://a.example.com/a.zip", {}, "unsupported_content_type"),
    ("https://gone.invalid/a", {}, "url_not_accessible"),
    ("https:///a", {}, "invalid_tool_input"),
]


@pytest.mark.parametrize(("url", "options", "code"), FETCHED, ids=range(len(FETCHED)))
def test_a_fetch_says_what_is_wrong_in_its_result(url: str, options: Any, code: str | None) -> None:
    """With status 200, and it is not counted."""
    (message,) = steps(f"Read {url} please", {**FETCH, **options})
    content = message["content"][1]["content"]
    assert content.get("error_code") == code
    assert message["usage"]["server_tool_use"]["web_fetch_requests"] == int(code is None)


def test_a_use_too_many_is_an_error_and_free() -> None:
    """The model goes on with what it has."""
    (message,) = steps("Do 4 web searches about plans.", {**SEARCH, "max_uses": 2})
    results = [b["content"] for b in message["content"] if part_of(b) == "server_result"]
    codes = [each.get("error_code") if isinstance(each, dict) else None for each in results]
    assert codes == [None, None, "max_uses_exceeded", "max_uses_exceeded"]
    assert message["usage"]["server_tool_use"]["web_search_requests"] == 2


@pytest.mark.parametrize("kind", [kind for kind in SERVED if kind.startswith("code_execution")])
@given(left=st.integers(0, 10**6), right=st.integers(1, 10**6), sign=st.sampled_from("+-*/"))
@settings(max_examples=10, deadline=None)
def test_code_works_out_sums(kind: str, left: int, right: int, sign: str) -> None:
    """Each version by its own tool, in a container that is told and lives on."""
    tool = {"type": kind, "name": "code_execution"}
    (message,) = steps(f"How much is {left} {sign} {right}?", tool)
    value = {"+": left + right, "-": left - right, "*": left * right, "/": left / right}[sign]
    call, result, _ = message["content"]
    assert result["content"]["stdout"] == f"{value}\n"
    is_first = kind == "code_execution_20250522"
    assert call["name"] == ("code_execution" if is_first else "bash_code_execution")
    assert message["container"]["id"].startswith("container_01")
    (again,) = steps("How much is 1 + 1?", tool, container="container_01x")
    assert again["container"]["id"] == "container_01x"


@pytest.mark.parametrize("kind", [kind for kind in SERVED if kind.startswith("tool_search")])
def test_a_deferred_tool_is_found_and_then_called(kind: str) -> None:
    """And never before; once found it stays."""
    find = {"type": kind, "name": tool_kinds()[kind].name}
    tools = [{**CUSTOMER, "defer_loading": True}, find]
    first, last = steps("Which plan has customer C-17?", *tools)
    assert called(first) == [find["name"], "get_customer"]
    assert called(last) == []
    without = [{**CUSTOMER, "defer_loading": True}, {"type": "bash_20250124", "name": "bash"}]
    (never,) = steps("Which plan has customer C-17?", *without)
    assert called(never) == []


def test_code_calls_the_clients_tools() -> None:
    """Each call names the code, whose result begins the reply after the client's."""
    coded = {**CUSTOMER, "allowed_callers": ["code_execution_20260120"]}
    first, last = steps("Which plan has customer C-17?", CODE, coded)
    code = next(block for block in first["content"] if block["type"] == "server_tool_use")
    made = next(block for block in first["content"] if block["type"] == "tool_use")
    assert (first["stop_reason"], code["name"]) == ("tool_use", "code_execution")
    assert made["caller"] == {"type": "code_execution_20260120", "tool_id": code["id"]}
    assert last["content"][0]["tool_use_id"] == code["id"]
    assert last["content"][0]["content"]["stdout"] == '{"plan": "Pro"}\n'
    assert first["container"]["id"] == last["container"]["id"]


@pytest.mark.parametrize("inclusion", ["full", "excluded"])
def test_newer_tools_of_the_web_are_called_from_code(inclusion: str) -> None:
    """The pair may be left out then, but not what was counted for it."""
    tool = {"type": "web_search_20260318", "name": "web_search", "response_inclusion": inclusion}
    (message,) = steps("Search the web for plans.", tool)
    nested = ["web_search"] if inclusion == "full" else []
    assert called(message) == ["code_execution", *nested]
    ended = [b for b in message["content"] if b["type"] == "code_execution_tool_result"]
    assert ended[0]["content"]["type"] == "encrypted_code_execution_result"
    assert message["container"] is not None
    (direct,) = steps("Search the web for plans.", {**tool, "allowed_callers": ["direct"]})
    assert called(direct) == ["web_search"]


def test_the_advisor_is_billed_apart() -> None:
    """Its iteration is told with its model, and is in no sum."""
    (message,) = steps("Consult your advisor: what is 2 + 2?", ADVISOR)
    usage = message["usage"]
    kinds = [each["type"] for each in usage["iterations"]]
    assert kinds == ["message", "advisor_message", "message"]
    own = [each for each in usage["iterations"] if each["type"] == "message"]
    for key in ("input_tokens", "output_tokens"):
        assert sum(each[key] for each in own) == usage[key]
    assert usage["iterations"][1]["model"] == "claude-opus-4-8"
    (hidden,) = steps("Consult your advisor.", {**ADVISOR, "model": "claude-fable-5-1"})
    assert hidden["content"][1]["content"]["type"] == "advisor_redacted_result"


def test_a_server_of_mcp_lists_its_tools_once_and_answers() -> None:
    """As its beta says since September 2026; a pinned listing is what it has."""
    (message,) = steps("Ask a question about the wiki.", TOOLSET, **WIKI)
    assert [block["type"] for block in message["content"]] == [
        "mcp_tool_listing",
        "mcp_tool_use",
        "mcp_tool_result",
        "text",
    ]
    listed = message["content"][0]["tools"]
    assert message["content"][1]["name"] in [tool["name"] for tool in listed]
    pinned = {**TOOLSET, "tools": [{**CUSTOMER, "description": None}]}
    (again,) = steps("Which plan has customer C-17?", pinned, **WIKI)
    assert called(again) == ["get_customer"]
    assert again["content"][0]["input"] == {"customer_id": "C-17"}
    off = {**TOOLSET, "default_config": {"enabled": False}}
    (silent,) = steps("Ask a question about the wiki.", off, **WIKI)
    assert called(silent) == []


CLIENTS = [kind for kind, row in tool_kinds().items() if row.runs == "client"]


@pytest.mark.parametrize("kind", tool_kinds())
def test_a_forced_call_comes_whatever_is_said(kind: str) -> None:
    """Of every tool of Anthropic's, by any and by its name."""
    tool = defined(kind)
    asked = WIKI if kind == "mcp_toolset" else {}
    choices: list[Any] = [{"type": "any"}]
    choices += [{"type": "tool", "name": tool["name"]}] if "name" in tool else []
    for choice in choices:
        message = next(steps("Hm.", tool, tool_choice=choice, **asked))
        names = called(message)
        assert names, choice
        if kind in CLIENTS:
            assert message["stop_reason"] == "tool_use"


@pytest.mark.parametrize("name", ["computer", "browser"])
def test_a_member_of_a_toolset_fits_its_type_and_names_its_set(name: str) -> None:
    """Every member, with the others disabled; the SDK reads each."""
    kind = f"{name}_toolset_20260801"
    members = tool_kinds()[kind].members
    for member in members:
        others = {other: {"enabled": False} for other in members if other != member}
        tool = {"type": kind, "configs": others}
        message = next(steps("Hm.", tool, tool_choice={"type": "any"}))
        (call,) = [block for block in message["content"] if block["type"] == "tool_use"]
        assert (call["name"], call["toolset_name"]) == (member, name)
        parts = "".join(part.title() for part in member.split("_"))
        module = __import__(f"anthropic.types.{name}_{member}_tool_use_block", fromlist=["x"])
        getattr(module, f"{name.title()}{parts}ToolUseBlock").model_validate(call)


@given(limit=st.integers(1, 200), prompt=st.sampled_from(PROMPTS))
@settings(max_examples=40, deadline=None)
def test_a_reply_keeps_within_its_limit(limit: int, prompt: str) -> None:
    """And leaves no call of the API's own without its result."""
    request = {
        "model": MODEL,
        "max_tokens": limit,
        "messages": [{"role": "user", "content": prompt}],
        "tools": [SEARCH, FETCH, CODE, ADVISOR],
    }
    turn = improvise(request, find_model(MODEL))
    calls = [block for block in turn.content if part_of(block) == "server_call"]
    results = [block for block in turn.content if part_of(block) == "server_result"]
    waits = turn.stop_reason == "pause_turn"
    assert len(calls) == len(results) + waits


def test_what_no_tool_is_for_is_answered_in_words() -> None:
    """A greeting calls nothing, whatever is offered."""
    (message,) = steps("Hello there", SEARCH, FETCH, CODE, FIND, ADVISOR, CUSTOMER)
    assert called(message) == []
    assert message["content"][0]["text"].startswith(LABEL)


def test_a_deferred_tool_is_billed_once_it_was_found() -> None:
    """And not before, however long its definition is."""
    long = {**CUSTOMER, "description": "Get a customer. " + "word " * 500, "defer_loading": True}
    inputs = []
    for tool in ({**CUSTOMER, "defer_loading": True}, long):
        first, last = steps("Which plan has customer C-17?", tool, FIND)
        inputs.append([message["usage"]["input_tokens"] for message in (first, last)])
    (short_first, short_last), (long_first, long_last) = inputs
    assert long_first == short_first
    assert long_last > short_last + 400
