"""Read a conversation as the model does: without what was summarized, cleared or edited away.

The client's own list never changes: it sends all of it again, and the API leaves out anew what the
model is not to read. What the model reads is what is counted, billed and cached.

- Before a summary made at a threshold, everything is left out.
- A system message for one turn is left out once a user message follows it.
- `clear_thinking_20251015` takes the thinking of all but the last turns, and
  `clear_tool_uses_20250919` the results of all but the last calls (documented in August 2026). The
  words that stand in a result's place were not found. A result that is no longer than they are
  stays: recorded, an edit that freed nothing was not applied.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from grader.catalog import ModelCard
from grader.simulator.blocks import part_of
from grader.simulator.contents import as_blocks, is_summary
from grader.simulator.edits import CLEAR_THINKING, CLEAR_TOOL_USES, read_edits
from grader.simulator.tokens import Counter, PromptTokens, count_prompt, text_tokens
from grader.simulator.wire import Json

CLEARED = "[The result of this tool call was cleared to save context.]"
"""What stands in the place of a result that was cleared: a guess."""

_USUAL_TRIGGER = {"type": "input_tokens", "value": 100_000}
_USUAL_KEEP = 3


@dataclass(frozen=True)
class Context:
    """Hold a request as the model reads it.

    tokens: its count. applied: the entries of `applied_edits`, None where no edits were asked for.
    original: the input tokens before the edits.
    """

    request: Json
    tokens: PromptTokens
    applied: tuple[Json, ...] | None = None
    original: int = 0


def read_context(request: Json, card: ModelCard, *, counter: Counter = text_tokens) -> Context:
    """Return a valid request as the model reads it; counter: counts the texts."""
    read = read_conversation(request)
    tokens = count_prompt(read, card, counter=counter)
    if request.get("context_management") is None:
        return Context(read, tokens, original=tokens.total)
    original = tokens.total
    applied = []
    for edit in read_edits(request):
        clear = _CLEARINGS.get(edit["type"])
        cleared = clear(read, edit, card, tokens.total) if clear else None
        if cleared is None:
            continue
        edited = {**read, "messages": cleared.messages}
        left = count_prompt(edited, card, counter=counter)
        freed = tokens.total - left.total
        least = (edit.get("clear_at_least") or {}).get("value", 1)
        if freed >= max(1, least):
            told = {cleared.name: cleared.count, "cleared_input_tokens": freed}
            applied.append({"type": edit["type"], **told})
            read, tokens = edited, left
    return Context(read, tokens, tuple(applied), original)


def read_conversation(request: Json) -> Json:
    """Return a request without what stands before its newest summary, and without what is cleared.

    A summary that failed says nothing and is left out too.
    """
    messages = request["messages"]
    if not any(_may_be_left_out(message) for message in messages):
        return request
    messages = _from_summary(messages)
    spoken = [place for place, message in enumerate(messages) if message["role"] == "user"]
    last = spoken[-1] if spoken else -1
    kept = [
        message
        for place, message in enumerate(messages)
        if not (is_turn_scoped(message) and place < last)
    ]
    return {**request, "messages": [_without_failed(message) for message in kept]}


def is_turn_scoped(message: Json) -> bool:
    """Return whether a system message is cleared once the next user message follows it."""
    return bool(message.get("clear_at") == "next_user_message")


def _may_be_left_out(message: Json) -> bool:
    content = message["content"]
    return is_turn_scoped(message) or (
        isinstance(content, list) and any(part_of(block) == "summary" for block in content)
    )


def _from_summary(messages: Sequence[Json]) -> list[Json]:
    """Return the messages from the newest summary on."""
    for place in reversed(range(len(messages))):
        content = as_blocks(messages[place]["content"])
        for position in reversed(range(len(content))):
            if is_summary(content[position]):
                first = {**messages[place], "content": content[position:]}
                return [first, *messages[place + 1 :]]
    return list(messages)


def _without_failed(message: Json) -> Json:
    content = message["content"]
    if not isinstance(content, list) or all(part_of(block) != "summary" for block in content):
        return message
    kept = [block for block in content if part_of(block) != "summary" or is_summary(block)]
    return {**message, "content": kept}


@dataclass(frozen=True)
class _Cleared:
    """Hold a conversation with something cleared; name, count: how a reply tells how much."""

    messages: list[Json]
    name: str
    count: int


def _clear_thinking(request: Json, edit: Json, card: ModelCard, _tokens: int) -> _Cleared | None:
    """Clear the thinking of all but the last assistant turns.

    Recorded: with one to keep, both earlier turns that had some lost it, and the last had none.
    """
    keep: Json = edit.get("keep") or ("all" if card.rules.keeps_thinking else {"value": 1})
    if keep == "all" or keep.get("type") == "all":
        return None
    messages = request["messages"]
    turns = [
        [place for place, _ in run]
        for role, run in groupby(enumerate(messages), key=lambda each: each[1]["role"])
        if role == "assistant"
    ]
    thought = [turn for turn in turns[: -keep["value"]] if any(_thinks(messages[p]) for p in turn)]
    places = {place for turn in thought for place in turn}
    if not places:
        return None
    cleared = [
        _without_thinking(message) if place in places else message
        for place, message in enumerate(messages)
    ]
    return _Cleared(cleared, "cleared_thinking_turns", len(thought))


def _thinks(message: Json) -> bool:
    return any(part_of(block) == "thought" for block in as_blocks(message["content"]))


def _without_thinking(message: Json) -> Json:
    kept = [block for block in as_blocks(message["content"]) if part_of(block) != "thought"]
    return {**message, "content": kept}


def _clear_tool_uses(request: Json, edit: Json, _card: ModelCard, tokens: int) -> _Cleared | None:
    """Clear the results of all but the last calls, and their inputs where that is asked for."""
    blocks = [block for m in request["messages"] for block in as_blocks(m["content"])]
    answered = {_id(block, "tool_use_id") for block in blocks if part_of(block) in _RESULTS}
    spared = edit.get("exclude_tools") or ()
    calls = [
        block
        for block in blocks
        if part_of(block) in _CALLS
        and _id(block, "id") in answered
        and block.get("name") not in spared
    ]
    trigger: Json = edit.get("trigger") or _USUAL_TRIGGER
    reached = tokens if trigger["type"] == "input_tokens" else len(calls)
    keep = (edit.get("keep") or {}).get("value", _USUAL_KEEP)
    old = calls[: max(0, len(calls) - keep)]
    if reached <= trigger["value"] or not old:
        return None
    ids = {call["id"] for call in old}
    inputs = edit.get("clear_tool_inputs") or ()
    emptied = {call["id"] for call in old if inputs is True or (inputs and call["name"] in inputs)}
    messages = [_cleared(message, ids, emptied) for message in request["messages"]]
    return _Cleared(messages, "cleared_tool_uses", len(old))


_CALLS = ("call", "server_call")
_RESULTS = ("result", "server_result")


def _cleared(message: Json, ids: Collection[str], emptied: Collection[str]) -> Json:
    if not isinstance(message["content"], list):
        return message
    content = []
    for block in message["content"]:
        part = part_of(block)
        if part in _RESULTS and _id(block, "tool_use_id") in ids:
            content.append({**block, "content": CLEARED})
        elif part in _CALLS and _id(block, "id") in emptied:
            content.append({**block, "input": {}})
        else:
            content.append(block)
    return {**message, "content": content}


def _id(block: Json, key: str) -> str:
    """Return the id of a call; the inside of those that the API makes is not checked before."""
    found = block.get(key)
    return found if isinstance(found, str) else ""


_Clearing = Callable[[Json, Json, ModelCard, int], _Cleared | None]
_CLEARINGS: dict[str, _Clearing] = {
    CLEAR_THINKING: _clear_thinking,
    CLEAR_TOOL_USES: _clear_tool_uses,
}
