"""The kinds of content blocks: one row a kind, and everything that is known of it.

Validation, scripts, messages, streams, token counts, caching and the course's widgets read these
rows and keep no list of kinds themselves. A kind without a row is an error everywhere.

To add a kind, add its row. Code is needed only where a kind has a rule that no other has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from grader.errors import UnknownBlock
from grader.simulator.wire import Json

Place = Literal["message", "result", "system", "reply"]
"""Where a block may stand: in a user's or assistant's message, in the result of a client's tool, in
a system message, in a reply."""

Part = Literal[
    "said", "thought", "call", "result", "server_call", "server_result", "summary", "change"
]
"""A block's part in the conversation; the API itself makes and answers server calls, a summary
stands for what was said before it, and a change is one of the tools."""

Sent = Literal[
    "text",
    "image",
    "call",
    "result",
    "thought",
    "source",
    "encrypted",
    "json",
    "summary",
    "change",
    "nothing",
]
"""How `grader.simulator.tokens` counts a block in a prompt; "nothing": the model doesn't see it."""

Told = Literal["text", "thought", "call", "server_call", "none"]
"""How `grader.simulator.tokens` counts a block in a reply; "none": the model doesn't write it."""

Cut = Literal["words", "json", "each", "whole", "late"]
"""How a key is cut for a stream: into pieces of text, into fragments of its JSON, into the items of
its list, or not at all; what comes late is null until then."""

_BLANKS: Mapping[Cut, type] = {
    "words": str,
    "json": dict,
    "each": list,
    "whole": str,
    "late": type(None),
}


@dataclass(frozen=True)
class Delta:
    """Describe how one key of a block is streamed.

    type: that of its deltas. field: the delta's key that holds a piece. cut: what a piece is.
    """

    key: str
    type: str
    field: str
    cut: Cut


@dataclass(frozen=True)
class BlockKind:
    """Describe one kind of content block.

    name: the block's `type`. places: where it may stand. part: what it does in a conversation.
    required: the keys that every block has, with the type of their value; sent back, these are what
        the API reads.
    optional: the other keys that a request may give.
    is_checked: whether the simulator knows the kind well enough to refuse a wrong one; otherwise it
        looks at the breakpoint alone.
    id_prefix: how the block's id begins, which a script may leave out; "" for kinds without an id.
    signed: the key that holds its signature, which a script may leave empty, to have it made.
    added: what the API adds to the block in a reply. nested: the key whose list holds more blocks.
    deltas: how it is streamed, in this order; a block without deltas comes whole in its start, and
        so does one that has the key `whole_with`.
    betas: the features of which a request must ask for one to send such a block, by their names in
        the catalog's betas; none for most kinds.
    tokens_in, tokens_out: how a prompt and a reply count it; tokens_out is None for a kind that no
        reply has.
    """

    name: str
    places: frozenset[Place]
    tokens_in: Sent
    tokens_out: Told | None = None
    part: Part = "said"
    required: Mapping[str, type] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    is_checked: bool = True
    id_prefix: str = ""
    signed: str = ""
    added: Mapping[str, Json] = field(default_factory=dict)
    deltas: tuple[Delta, ...] = ()
    nested: str | None = None
    whole_with: str = ""
    betas: tuple[str, ...] = ()

    @cached_property
    def keys(self) -> frozenset[str]:
        """Return the keys that a request may give."""
        return frozenset({"type", *self.required, *self.optional})

    @property
    def is_markable(self) -> bool:
        """Return whether a request may put a cache breakpoint on the block."""
        return not self.is_checked or "cache_control" in self.optional

    @cached_property
    def scripted(self) -> tuple[str, ...]:
        """Return the keys that a script must give; a result may leave out whose it is."""
        drawn = {"id"} if self.id_prefix else set()
        drawn |= {"tool_use_id"} if self.part == "server_result" else set()
        return tuple(key for key in self.required if key not in drawn)

    @cached_property
    def words(self) -> str | None:
        """Return the key that holds the block's text, None for a block of another sort."""
        return next((delta.key for delta in self.deltas if delta.cut == "words"), None)

    @property
    def blanks(self) -> Mapping[str, Json]:
        """Return what the streamed keys hold when the block starts."""
        return {delta.key: _BLANKS[delta.cut]() for delta in self.deltas}


def kind_of(block: Json) -> BlockKind:
    """Return the row of a block's kind. Raises UnknownBlock where there is none."""
    try:
        return BLOCKS[block["type"]]
    except (KeyError, TypeError):
        raise UnknownBlock(
            f"The content block {_shortened(block)} is of a kind that the simulator doesn't know. "
            f"It knows {', '.join(sorted(BLOCKS))}. A new kind needs a row in "
            "grader/simulator/blocks.py."
        ) from None


def part_of(block: Json) -> Part:
    """Return a block's part in the conversation. Raises UnknownBlock for a kind without a row."""
    return kind_of(block).part


def _shortened(value: Json) -> str:
    written = repr(value)
    return written if len(written) <= 80 else f"{written[:79]}…"


_INPUT = Delta("input", "input_json_delta", "partial_json", "json")


def _in(*places: Place) -> frozenset[Place]:
    return frozenset(places)


_MCP = ("mcp", "first_mcp", "inline_mcp")


def _server_call(name: str, prefix: str, *keys: str, betas: tuple[str, ...] = ()) -> BlockKind:
    return BlockKind(
        name,
        _in("reply", "message"),
        tokens_in="json",
        tokens_out="server_call",
        part="server_call",
        required={"id": str, "name": str, "input": dict, **dict.fromkeys(keys, str)},
        optional=frozenset({"cache_control"} if keys else {"cache_control", "caller"}),
        id_prefix=prefix,
        betas=betas,
        deltas=(_INPUT,),
    )


def _server_result(
    name: str, *, has_caller: bool = False, is_sealed: bool = False, betas: tuple[str, ...] = ()
) -> BlockKind:
    """Return the row of a result; has_caller: it tells who called. is_sealed: it is encrypted."""
    return BlockKind(
        name,
        _in("reply", "message"),
        tokens_in="encrypted" if is_sealed else "json",
        # The model reads it and doesn't write it; the API bills it as input of the same request.
        tokens_out="none",
        part="server_result",
        required={"tool_use_id": str, "content": object},
        optional=frozenset({"cache_control", "caller"} if has_caller else {"cache_control"}),
        betas=betas,
        added={"caller": {"type": "direct"}} if has_caller else {},
    )


def _tool_change(name: str) -> BlockKind:
    return BlockKind(
        name,
        _in("system"),
        tokens_in="change",
        part="change",
        required={"tool": dict},
        optional=frozenset({"cache_control"}),
        betas=("tool_changes", "inline_tools"),
    )


_ROWS = (
    BlockKind(
        "text",
        _in("message", "result", "system", "reply"),
        tokens_in="text",
        tokens_out="text",
        required={"text": str},
        optional=frozenset({"cache_control", "citations"}),
        deltas=(
            Delta("citations", "citations_delta", "citation", "each"),
            Delta("text", "text_delta", "text", "words"),
        ),
    ),
    BlockKind(
        "image",
        _in("message", "result"),
        tokens_in="image",
        required={"source": dict},
        optional=frozenset({"cache_control", "transformations"}),
    ),
    BlockKind(
        "thinking",
        _in("message", "reply"),
        tokens_in="thought",
        tokens_out="thought",
        part="thought",
        required={"thinking": str, "signature": str},
        signed="signature",
        deltas=(
            Delta("thinking", "thinking_delta", "thinking", "words"),
            Delta("signature", "signature_delta", "signature", "whole"),
        ),
    ),
    BlockKind(
        "redacted_thinking",
        _in("message", "reply"),
        tokens_in="thought",
        tokens_out="thought",
        part="thought",
        required={"data": str},
        signed="data",
    ),
    BlockKind(
        "tool_use",
        _in("message", "reply"),
        tokens_in="call",
        tokens_out="call",
        part="call",
        required={"id": str, "name": str, "input": dict},
        optional=frozenset({"cache_control", "caller", "toolset_name"}),
        id_prefix="toolu",
        added={"caller": {"type": "direct"}},
        deltas=(_INPUT,),
    ),
    BlockKind(
        "tool_result",
        _in("message"),
        tokens_in="result",
        part="result",
        required={"tool_use_id": str},
        optional=frozenset({"cache_control", "content", "is_error", "toolset_name"}),
        nested="content",
    ),
    BlockKind(
        "document",
        _in("message", "result"),
        tokens_in="source",
        required={"source": dict},
        optional=frozenset({"cache_control", "citations", "context", "title"}),
    ),
    BlockKind(
        "search_result",
        _in("message", "result"),
        tokens_in="source",
        required={"source": str, "title": str, "content": list},
        optional=frozenset({"cache_control", "citations"}),
    ),
    BlockKind(
        "tool_reference",
        _in("result"),
        tokens_in="json",
        required={"tool_name": str},
        optional=frozenset({"cache_control"}),
    ),
    BlockKind(
        "browser_state",
        _in("result"),
        tokens_in="json",
        required={"tabs": list},
        optional=frozenset({"cache_control", "state_changes"}),
    ),
    BlockKind(
        "container_upload",
        _in("message", "reply"),
        tokens_in="json",
        tokens_out="none",
        required={"file_id": str},
        optional=frozenset({"cache_control"}),
    ),
    _server_call("server_tool_use", "srvtoolu"),
    _server_result("advisor_tool_result", betas=("advisor",)),
    _server_result("bash_code_execution_tool_result"),
    _server_result("code_execution_tool_result"),
    _server_result("text_editor_code_execution_tool_result"),
    _server_result("tool_search_tool_result"),
    _server_result("web_fetch_tool_result", has_caller=True),
    _server_result("web_search_tool_result", has_caller=True, is_sealed=True),
    _server_call("mcp_tool_use", "mcptoolu", "server_name", betas=_MCP),
    BlockKind(
        "mcp_tool_result",
        _in("reply", "message"),
        tokens_in="json",
        tokens_out="none",
        part="server_result",
        required={"tool_use_id": str},
        optional=frozenset({"cache_control", "content", "is_error"}),
        betas=_MCP,
        added={"is_error": False, "content": []},
    ),
    BlockKind(
        "mcp_tool_listing",
        _in("reply", "message"),
        tokens_in="json",
        tokens_out="none",
        required={"mcp_server_name": str, "tools": list},
        betas=_MCP,
    ),
    # anthropic 2.12, types/beta/beta_fallback_block_param.py.
    BlockKind(
        "fallback",
        _in("message", "reply"),
        tokens_in="nothing",
        tokens_out="none",
        required={"from": dict, "to": dict},
        optional=frozenset({"trigger"}),
        betas=("fallbacks", "fallback_lists"),
    ),
    BlockKind(
        "compaction",
        _in("message", "reply"),
        tokens_in="summary",
        # Written in a call of its own, which `usage.iterations` tells of.
        tokens_out="none",
        part="summary",
        optional=frozenset(
            {"cache_control", "content", "encrypted_content", "signature", "tool_changes"}
        ),
        deltas=(Delta("content", "compaction_delta", "content", "late"),),
        # Documented: one made on demand, which is signed, comes at once.
        whole_with="signature",
        betas=("compaction", "threshold_compaction"),
    ),
    _tool_change("tool_addition"),
    _tool_change("tool_removal"),
)

BLOCKS: dict[str, BlockKind] = {row.name: row for row in _ROWS}
"""The rows by the `type` of their blocks."""
