"""Build a whole message from a scripted turn: ids, usage, and the newest shape's key order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy

from grader.catalog import ModelCard
from grader.simulator.binding import Signer
from grader.simulator.blocks import kind_of, part_of
from grader.simulator.caching import CacheUse
from grader.simulator.contents import is_summary, result_kind
from grader.simulator.identifiers import Identifiers
from grader.simulator.iterations import SummaryCall, iterate, only_summarized
from grader.simulator.replies import Turn
from grader.simulator.server_usage import (
    add_up,
    costs_of,
    count_requests,
    has_advice,
    read_rounds,
    tell_iterations,
    uses_server_tools,
)
from grader.simulator.tokens import (
    Counter,
    input_tokens,
    output_tokens,
    text_tokens,
    thinking_tokens,
)
from grader.simulator.tool_changes import net_changes
from grader.simulator.wire import Json


def make_message(
    turn: Turn,
    request: Json,
    card: ModelCard,
    ids: Identifiers,
    *,
    use: CacheUse | None = None,
    diagnostics: Json = None,
    transformations: Sequence[Json] | None = None,
    counter: Counter = text_tokens,
    container: Callable[[Sequence[Json]], Json] = lambda _content: None,
    sent: Json = None,
    applied: Sequence[Json] | None = None,
    summary: SummaryCall | None = None,
    iterates: bool = False,
) -> Json:
    """Return the message that answers a valid request with this turn.

    use: the input tokens by what they cost; all at the full price when None.
    diagnostics: why a cached prefix was not reused.
    transformations: what was done to the thinking that was sent; None where nobody asked.
    counter: counts the texts. container: gives that of a reply whose blocks ran code.
    sent: the request before anything was edited away, to which thinking and summaries are bound;
    `request` if None. applied: what was edited, None where nobody asked.
    summary: the call in which the conversation was summarized. iterates: whether the usage tells
    its iterations.
    """
    signer = Signer(request if sent is None else sent, card, ids)
    calls = _Calls()
    content = []
    tokens = turn.thinking_tokens
    is_on_demand = request.get("compaction") is not None
    for block in turn.content:
        if is_on_demand and is_summary(block):
            content.append(_summary(block, sent or request, signer))
            continue
        content.append(_block(block, ids, signer, tokens, calls))
        # All of it was spent on the first thought.
        tokens = 0 if part_of(block) == "thought" else tokens
    message = {
        "model": card.id,
        "id": ids.draw("msg"),
        "type": "message",
        "role": "assistant",
        "content": content,
        # Recorded on version 2023-06-01: null since September 2026 where no code ran.
        "container": container(content),
        "stop_reason": turn.stop_reason,
        "stop_sequence": turn.stop_sequence,
        "stop_details": turn.stop_details,
    }
    spent = use or _uncached(request, card, counter)
    usage = make_usage(request, content, card, spent, stop_reason=turn.stop_reason, counter=counter)
    if summary and (is_on_demand or turn.stop_reason == "compaction"):
        usage = only_summarized(usage, summary, at_threshold=not is_on_demand)
    elif summary or iterates:
        usage = iterate(usage, spent, summary=summary)
    message["usage"] = usage
    # Recorded on version 2023-06-01: null since the end of September 2026 where nobody asked.
    message["diagnostics"] = diagnostics
    if applied is not None:
        message["context_management"] = {"applied_edits": list(applied)}
    if transformations is not None:
        message["input_transformations"] = list(transformations)
    return message


def _uncached(request: Json, card: ModelCard, counter: Counter) -> CacheUse:
    fresh = input_tokens(request, card, counter=counter)
    return CacheUse(read=0, written_5m=0, written_1h=0, fresh=fresh)


def make_usage(
    request: Json,
    content: Sequence[Json],
    card: ModelCard,
    use: CacheUse,
    *,
    stop_reason: str,
    counter: Counter = text_tokens,
) -> Json:
    """Return the usage of a request and its reply, in tokens; counter: counts the reply's texts."""
    is_served = uses_server_tools(content)
    rounds = read_rounds(content) if is_served else ()
    costs = costs_of(rounds, use, card, counter=counter) if is_served else ()
    use = add_up(costs) if is_served else use
    asked = (request.get("thinking") or {}).get("type", "disabled") != "disabled"
    thinks = asked or any(part_of(block) == "thought" for block in content)
    chosen = request.get("tool_choice")
    is_stopped = stop_reason == "refusal" and not content
    empty = 0 if is_stopped else 1
    counted = (
        output_tokens(content, card, tool_choice=chosen, counter=counter) if content else empty
    )
    limit = request["max_tokens"]
    # Recorded: a reply that reached its limit has exactly so many, and no other has more.
    written = limit if stop_reason == "max_tokens" else min(counted, limit)
    usage: dict[str, Json] = {
        "input_tokens": use.fresh,
        "cache_creation_input_tokens": use.written,
        "cache_read_input_tokens": use.read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": use.written_5m,
            "ephemeral_1h_input_tokens": use.written_1h,
        },
    }
    usage["output_tokens"] = written
    if thinks or card.rules.reports_thinking:
        thought = min(thinking_tokens(content, card, counter=counter), usage["output_tokens"])
        usage["output_tokens_details"] = {"thinking_tokens": thought}
    # Recorded: a refusal before any output was served nowhere, in no tier.
    if not is_stopped:
        usage["service_tier"] = "standard"
    asked_place = request.get("inference_geo") or "global"
    is_placed = card.rules.inference_geo and not is_stopped
    usage["inference_geo"] = asked_place if is_placed else "not_available"
    if is_served:
        usage["server_tool_use"] = count_requests(content)
    if is_served and has_advice(content):
        usage["iterations"] = tell_iterations(
            rounds, costs, request, card, total=usage["output_tokens"], counter=counter
        )
    if request.get("speed"):
        is_fast = request["speed"] == card.rules.speed == "fast"
        usage["speed"] = "fast" if is_fast else "standard"
    return usage


def _summary(block: Json, request: Json, signer: Signer) -> Json:
    """Return a summary as a request gets it that asked for one: signed, with the tools' changes."""
    changes = block.get("tool_changes") or net_changes(request) or None
    signature = block.get("signature") or signer.sign_summary(block["content"], changes)
    whole = {"type": block["type"], "content": block["content"], "signature": signature}
    return {**whole, **({"tool_changes": changes} if changes else {})}


class _Calls:
    """Keep the API's own calls of a reply that have no result yet."""

    def __init__(self) -> None:
        self._open: list[Json] = []

    def link(self, block: Json) -> None:
        """Give a result the id of its call, and a call from code the id of that code.

        A script may leave either out, since the ids are drawn here.
        """
        part = part_of(block)
        caller = block.get("caller")
        if isinstance(caller, dict) and caller.get("tool_id") == "":
            code = [call["id"] for call in self._open if call["name"] == "code_execution"]
            block["caller"] = {**caller, "tool_id": code[-1] if code else ""}
        if part == "server_call":
            self._open.append(block)
        elif part == "server_result":
            own = [call for call in self._open if result_kind(call) == block["type"]]
            if own and not block.get("tool_use_id"):
                block["tool_use_id"] = own[0]["id"]
            id = block.get("tool_use_id")
            self._open = [call for call in self._open if call["id"] != id]


def _block(block: Json, ids: Identifiers, signer: Signer, tokens: int, calls: _Calls) -> Json:
    """Return a scripted block with all that a script may leave out."""
    kind = kind_of(block)
    whole = dict(block)
    if kind.id_prefix:
        # Recorded: the id comes second.
        id = {"id": block.get("id") or ids.draw(kind.id_prefix)}
        whole = {"type": kind.name, **id, **block, **id}
    if kind.signed:
        said = block[kind.words] if kind.words else ""
        whole[kind.signed] = block[kind.signed] or signer.sign(said, tokens=tokens)
    for key, value in kind.added.items():
        whole.setdefault(key, deepcopy(value))
    if "caller" in whole or kind.part in ("server_call", "server_result"):
        if kind.part == "server_result" and "tool_use_id" not in whole:
            # Recorded: it comes second.
            whole = {"type": kind.name, "tool_use_id": "", **whole}
        calls.link(whole)
    signer.add(whole)
    return whole
