"""The table of content block kinds: every part of the simulator reads it, and nothing else."""

import json
from collections.abc import Callable
from typing import Any

import anthropic
import pytest

from grader.catalog import find_beta, find_model
from grader.errors import ScriptError, UnknownBlock
from grader.simulator import (
    NEWEST_VERSION,
    Reply,
    Script,
    Simulator,
    Turn,
    count_prompt,
    output_tokens,
    text,
)
from grader.simulator.blocks import BLOCKS, BlockKind, Delta, kind_of
from grader.simulator.contents import is_markable
from tests.simulator.tokens.counting import NEWER, OLDER, words

RAN = {"stdout": "1\n", "stderr": "", "return_code": 0, "content": []}


def found(content: Any) -> dict[str, Any]:
    """Return the result of one of the API's own calls."""
    return {"tool_use_id": "srvtoolu_01", "content": content}


IMAGE = {"type": "url", "url": "https://a.b/c.png"}
EXAMPLES: dict[str, dict[str, Any]] = {
    "text": {"text": "Hello there"},
    "image": {"source": IMAGE},
    "thinking": {"thinking": "word " * 30, "signature": "c2ln"},
    "redacted_thinking": {"data": "E" * 1_000},
    "tool_use": {"id": "toolu_01", "name": "f", "input": {"city": "Rome"}},
    "tool_result": {"tool_use_id": "toolu_01", "content": "Sunny"},
    "document": {"source": {"type": "text", "media_type": "text/plain", "data": "Hello"}},
    "search_result": {"source": "https://a.b", "title": "A", "content": []},
    "tool_reference": {"tool_name": "f"},
    "container_upload": {"file_id": "file_01"},
    "fallback": {"from": {"model": "claude-fable-5-2"}, "to": {"model": "claude-opus-4-8"}},
    "server_tool_use": {"id": "srvtoolu_01", "name": "web_search", "input": {"query": "Rome"}},
    "advisor_tool_result": found({"type": "advisor_result", "text": "Go on."}),
    "bash_code_execution_tool_result": found({"type": "bash_code_execution_result", **RAN}),
    "code_execution_tool_result": found({"type": "code_execution_result", **RAN}),
    "text_editor_code_execution_tool_result": found(
        {"type": "text_editor_code_execution_create_result", "is_file_update": False}
    ),
    "tool_search_tool_result": found(
        {"type": "tool_search_tool_search_result", "tool_references": []}
    ),
    "web_fetch_tool_result": found(
        {"type": "web_fetch_tool_result_error", "error_code": "url_not_allowed"}
    ),
    "web_search_tool_result": found([]),
    "mcp_tool_use": {
        "id": "mcptoolu_01",
        "name": "f",
        "input": {"city": "Rome"},
        "server_name": "weather",
    },
    "mcp_tool_result": {"tool_use_id": "mcptoolu_01", "is_error": False, "content": []},
    "mcp_tool_listing": {"mcp_server_name": "weather", "tools": []},
    "browser_state": {"tabs": []},
    "compaction": {"content": "They asked for the weather in Rome."},
    "tool_addition": {"tool": {"type": "tool_reference", "name": "f"}},
    "tool_removal": {"tool": {"type": "tool_reference", "name": "f"}},
}
"""A block of each kind, without its type."""

MUSING = BlockKind(
    "musing",
    frozenset({"message", "reply"}),
    tokens_in="thought",
    tokens_out="thought",
    part="thought",
    required={"mused": str},
    deltas=(Delta("mused", "mused_delta", "mused", "words"),),
)
"""A kind that the API does not have."""

HELLO = {"role": "user", "content": "Hello"}
ALL_BETAS = {
    "anthropic-beta": ",".join(
        find_beta(beta) for beta in sorted({b for kind in BLOCKS.values() for b in kind.betas})
    )
}
"""The header with which every kind may be sent."""


def block_of(name: str) -> dict[str, Any]:
    """Return a block of a kind."""
    return {"type": name, **EXAMPLES[name]}


def names(place: str) -> list[str]:
    """Return the kinds that may stand in a place."""
    return [name for name, kind in BLOCKS.items() if place in kind.places]


def home(name: str) -> tuple[str, int]:
    """Return the role of a message in which a kind may stand, and its index in `asked`."""
    return ("user", 0) if BLOCKS[name].places & {"message", "result"} else ("system", 1)


def asked(*content: Any, role: str = "user") -> dict[str, Any]:
    """Return a request whose conversation has a message with some blocks."""
    said = {"role": role, "content": list(content)}
    messages = [said] if role == "user" else [HELLO, said, HELLO]
    return {"model": "claude-haiku-4-5", "max_tokens": 3_000, "messages": messages}


def answered(reply: Turn, **request: Any) -> tuple[Any, list[Any]]:
    """Return the message and the deltas that a script's reply comes as."""
    simulator = Simulator(replies=Script(reply, reply), seed=1)
    headers = {"x-api-key": "k", "anthropic-version": NEWEST_VERSION}
    body = {"model": "claude-haiku-4-5", "max_tokens": 3_000, "messages": [HELLO], **request}
    sent = json.dumps({**body, "stream": True}).encode()
    events = simulator.handle("POST", "/v1/messages", headers, sent).events
    deltas = [event.data["delta"] for event in events or () if "delta" in event.data]
    plain = simulator.handle("POST", "/v1/messages", headers, json.dumps(body).encode())
    return plain.body, [delta for delta in deltas if "type" in delta]


def put_together(deltas: list[Any], kind: BlockKind) -> dict[str, Any]:
    """Return the keys of a block that its deltas make up."""
    whole: dict[str, Any] = {}
    for delta in kind.deltas:
        pieces = [each[delta.field] for each in deltas if each["type"] == delta.type]
        joined = pieces if delta.cut == "each" else "".join(pieces)
        whole[delta.key] = json.loads(joined) if delta.cut == "json" else joined
    return whole


def test_every_kind_has_an_example() -> None:
    """So the laws below hold for a new row at once."""
    assert EXAMPLES.keys() == BLOCKS.keys()
    assert all(row.name == name for name, row in BLOCKS.items())


@pytest.mark.parametrize("name", BLOCKS)
def test_a_kind_can_be_in_a_reply_exactly_when_a_reply_counts_it(name: str) -> None:
    """So none costs nothing by being forgotten."""
    kind = BLOCKS[name]
    assert kind.places
    assert (kind.tokens_out is not None) == ("reply" in kind.places)


@pytest.mark.parametrize("name", BLOCKS)
def test_validation_takes_a_kind_where_its_row_says(post: Callable[..., Reply], name: str) -> None:
    """In a message and in a tool's result, and in neither otherwise."""
    kind, block = BLOCKS[name], block_of(name)
    result = {"type": "tool_result", "tool_use_id": "toolu_01", "content": [block]}
    for place, content in (("message", block), ("result", result)):
        role = "user" if place == "result" else "assistant"
        reply = post(asked(content, role=role), **ALL_BETAS)
        unexpected = f"Input tag '{name}' found using 'type' does not match"
        told = reply.body["error"]["message"] if reply.status == 400 else ""
        assert (unexpected not in told) == (place in kind.places), place


@pytest.mark.parametrize("name", [name for name in BLOCKS if BLOCKS[name].is_checked])
def test_validation_wants_the_keys_of_the_row(post: Callable[..., Reply], name: str) -> None:
    """Each that is required, and none that is not named."""
    kind, block = BLOCKS[name], block_of(name)
    role, index = home(name)
    where = f"messages.{index}.content.0.{name}"
    if kind.places == {"result"}:
        where = f"messages.{index}.content.0.tool_result.content.0.{name}"

    def told(block: Any) -> Any:
        result = {"type": "tool_result", "tool_use_id": "toolu_01", "content": [block]}
        sent = asked(result if kind.places == {"result"} else block, role=role)
        return post(sent, **ALL_BETAS).body["error"]["message"]

    for key in kind.required:
        lacking = {each: value for each, value in block.items() if each != key}
        assert told(lacking) == f"{where}.{key}: Field required"
    assert told({**block, "odd": 1}) == f"{where}.odd: Extra inputs are not permitted"


@pytest.mark.parametrize("name", [name for name in BLOCKS if BLOCKS[name].betas])
def test_a_kind_of_a_beta_is_unknown_without_its_header(
    post: Callable[..., Reply], name: str
) -> None:
    """As any that there is not; one of its betas is enough."""
    role, index = home(name)
    unknown = f"messages.{index}.content.0: Input tag '{name}' found using 'type' does not match"
    told = post(asked(block_of(name), role=role)).body["error"]["message"]
    assert told.startswith(unknown)
    for beta in BLOCKS[name].betas:
        reply = post(asked(block_of(name), role=role), **{"anthropic-beta": find_beta(beta)})
        assert unknown not in str(reply.body)


@pytest.mark.parametrize("name", names("message"))
def test_a_breakpoint_goes_where_the_row_says(post: Callable[..., Reply], name: str) -> None:
    """In validation, and in what automatic caching marks."""
    marked = {**block_of(name), "cache_control": {"type": "ephemeral"}}
    told = post(asked(marked), **ALL_BETAS).body.get("error", {}).get("message", "")
    refused = f"messages.0.content.0.{name}.cache_control: Extra inputs are not permitted"
    assert (told != refused) == BLOCKS[name].is_markable
    assert is_markable(block_of(name)) == BLOCKS[name].is_markable


@pytest.mark.parametrize(
    ("place", "name"), [(place, name) for place in ("message", "result") for name in names(place)]
)
@pytest.mark.parametrize("card", [OLDER, NEWER], ids=["v3", "v4.8"])
def test_a_prompt_counts_every_kind(place: str, name: str, card: Any) -> None:
    """As more than an empty text."""
    block = block_of(name)
    if place == "result":
        block = {"type": "tool_result", "tool_use_id": "a", "content": [block]}
    role = "assistant" if BLOCKS[name].part == "thought" else "user"
    tokens = [
        count_prompt({"messages": [HELLO, {"role": role, "content": [each]}]}, card, counter=words)
        for each in (block, {"type": "text", "text": ""})
    ]
    is_seen = BLOCKS[name].tokens_in != "nothing"
    assert (tokens[0].total > tokens[1].total) == is_seen


@pytest.mark.parametrize("name", names("reply"))
def test_a_script_sends_every_kind_that_a_reply_has(name: str) -> None:
    """Whole, and the same in a stream, and billed unless the model does not write it."""
    kind, block = BLOCKS[name], block_of(name)
    message, deltas = answered(Turn((block,)))
    assert message["content"] == [{**block, **kind.added}]
    assert put_together(deltas, kind) == {
        delta.key: block.get(delta.key) or [] for delta in kind.deltas
    }
    nothing = output_tokens([], find_model("claude-haiku-4-5"))
    billed = message["usage"]["output_tokens"] > nothing
    assert billed == (kind.tokens_out != "none")
    assert ("output_tokens_details" in message["usage"]) == (kind.part == "thought")


@pytest.mark.parametrize("name", names("reply"))
def test_a_script_wants_the_keys_of_the_row(name: str) -> None:
    """All but an id, which is drawn."""
    kind = BLOCKS[name]
    for key in kind.scripted:
        lacking = {each: value for each, value in block_of(name).items() if each != key}
        with pytest.raises(ScriptError, match=f"lacks {key}: a {name} block needs type"):
            Turn((lacking,))
    if kind.id_prefix:
        made = {key: value for key, value in block_of(name).items() if key != "id"}
        drawn = answered(Turn((made,)))[0]["content"][0]
        assert list(drawn)[:2] == ["type", "id"]
        assert drawn["id"].startswith(f"{kind.id_prefix}_01")


@pytest.mark.parametrize("name", [name for name in BLOCKS if name not in names("reply")])
def test_a_script_refuses_what_no_reply_has(name: str) -> None:
    """When it is written; and so does the count of a reply."""
    with pytest.raises(ScriptError, match=f"a model sends no {name}"):
        Turn((block_of(name),))
    with pytest.raises(UnknownBlock, match=f"No reply has a block of the kind '{name}'"):
        output_tokens([block_of(name)], OLDER)


@pytest.mark.parametrize(
    "block", [{"type": "musing"}, {"type": ["no", "name"]}, {"text": "Hi"}, "Hi"]
)
def test_a_kind_without_a_row_is_an_error(block: Any) -> None:
    """Never nothing: in a prompt, in a reply, in a script."""
    for use in (
        lambda: kind_of(block),
        lambda: count_prompt({"messages": [{"role": "user", "content": [block]}]}, OLDER),
        lambda: output_tokens([block], OLDER),
    ):
        with pytest.raises(UnknownBlock, match="of a kind that the simulator doesn't know"):
            use()
    with pytest.raises(ScriptError):
        Turn((block,))


def test_a_new_row_is_all_that_a_new_kind_needs(
    monkeypatch: pytest.MonkeyPatch, post: Callable[..., Reply]
) -> None:
    """Scripted, streamed, billed as a thought, refused when wrong, and taken when sent back."""
    block = {"type": "musing", "mused": "Hm, let me see what Rome is like. " * 20}
    told = post(asked(block, role="assistant")).body["error"]["message"]
    assert "Input tag 'musing'" in told
    assert "'musing'," not in told.partition("expected tags:")[2]
    monkeypatch.setitem(BLOCKS, "musing", MUSING)
    message, deltas = answered(Turn((block, *text("Hi.").content)))
    assert message["content"][0] == block
    assert put_together(deltas, MUSING) == {"mused": block["mused"]}
    thought = message["usage"]["output_tokens_details"]["thinking_tokens"]
    assert 150 < thought < message["usage"]["output_tokens"]
    assert post(asked(block, role="assistant")).status == 200
    last = {**asked(), "messages": [HELLO, {"role": "assistant", "content": [block]}]}
    ending = "The final block in an assistant message cannot be `musing`."
    assert post(last).body["error"]["message"] == f"messages.1: {ending}"
    told = post(asked({"type": "musing"}, role="assistant")).body["error"]["message"]
    assert told == "messages.1.content.0.musing.mused: Field required"
    assert not is_markable(block)
    assert "'musing'" in post(asked({"type": "odd"})).body["error"]["message"]


def test_redacted_thinking_is_billed_by_its_length(
    client_of: Callable[..., anthropic.Anthropic],
) -> None:
    """As a thought, and more of it costs more."""
    spent = []
    for length in (400, 1_000, 4_000):
        hidden = {"type": "redacted_thinking", "data": "E" * length}
        reply = Turn((hidden, *text("Hi.").content))
        client = client_of(Simulator(replies=Script(reply), seed=1))
        message = client.messages.create(
            model="claude-haiku-4-5",
            max_tokens=3_000,
            messages=[{"role": "user", "content": "Hello"}],
        )
        assert message.content[0].type == "redacted_thinking"
        details = message.usage.output_tokens_details
        assert details is not None
        assert message.usage.output_tokens > details.thinking_tokens
        spent.append(details.thinking_tokens)
    assert spent == [35, 127, 589]
