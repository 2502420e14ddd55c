"""Check the shape of a whole conversation: system placement, empty turns, calls and results.

Two things are no errors, against what old guides say: several turns of one role in a row are
merged, and a conversation may begin with an assistant turn (recorded: both answered with 200).
Calls and results are checked on the merged turns, whose indexes the messages then name (recorded).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from grader.catalog import ModelCard
from grader.simulator.faults import invalid
from grader.simulator.wire import Json

_DIRECTIVE = (
    "; the directive-only form (content: [] with output_config) is accepted at any position"
)
_LEADING_SYSTEM = f"use the top-level 'system' parameter for the initial system prompt{_DIRECTIVE}"
_MISPLACED_SYSTEM = (
    f"role 'system' must precede an 'assistant' message or end the array{_DIRECTIVE}"
)
_SYSTEM_BLOCKS = ("text", "tool_addition", "tool_removal")
_NO_PREFILL = (
    "This model does not support assistant message prefill. "
    "The conversation must end with a user message."
)


@dataclass(frozen=True)
class _Turn:
    """Hold the blocks of consecutive messages of one role."""

    role: str
    blocks: list[Json]

    def of_kind(self, kind: str) -> Iterator[tuple[int, Json]]:
        return ((i, block) for i, block in enumerate(self.blocks) if block["type"] == kind)


def check_conversation(messages: list[Json], card: ModelCard) -> None:
    """Refuse a conversation that no model, or not this one, can continue."""
    for index, message in enumerate(messages):
        if message["role"] == "system":
            _check_system(messages, index, card)
    _check_empty(messages)
    _check_prefill(messages[-1], card)
    _check_calls(_merged(messages))


def _check_system(messages: list[Json], index: int, card: ModelCard) -> None:
    place = f"messages.{index}"
    content = messages[index]["content"]
    if index > 0 and not card.rules.mid_conversation_system:
        raise invalid(f"{place}: role 'system' is not supported on this model")
    if content == []:
        raise invalid(f"{place}: system content must contain at least one block")
    blocks = _blocks(messages[index])
    if any(block["type"] not in _SYSTEM_BLOCKS for block in blocks):
        kinds = "text, tool_addition, and tool_removal"
        raise invalid(f"{place}: role 'system' supports {kinds} blocks only")
    if index == 0:
        raise invalid(f"{place}: {_LEADING_SYSTEM}")
    # Of system messages in a row only the last one's place matters.
    following = messages[index + 1]["role"] if index + 1 < len(messages) else "assistant"
    if following == "user":
        raise invalid(f"{place}: {_MISPLACED_SYSTEM}")
    if any(not words.strip() for words in _texts(blocks)):
        raise invalid(f"{place}: system text blocks must contain non-whitespace text")


def _check_empty(messages: list[Json]) -> None:
    """Refuse empty turns and empty texts; an empty message beside one of its role is merged."""
    index = 0
    for role, run in groupby(messages, key=lambda message: str(message["role"])):
        contents = [message["content"] for message in run]
        final = index + len(contents) == len(messages)
        if not any(contents) and not (final and role == "assistant"):
            raise invalid(
                f"messages.{index}: all messages must have non-empty content "
                "except for the optional final assistant message"
            )
        index += len(contents)
    for message in messages:
        texts = _texts(_blocks(message))
        if "" in texts:
            raise invalid("messages: text content blocks must be non-empty")
        if any(not words.strip() for words in texts):
            raise invalid("messages: text content blocks must contain non-whitespace text")


def _check_prefill(last: Json, card: ModelCard) -> None:
    blocks = _blocks(last)
    if last["role"] != "assistant" or not blocks:
        return
    if any(block["type"] == "tool_use" for block in blocks):
        return
    if not card.rules.prefill:
        raise invalid(_NO_PREFILL)
    words = "".join(_texts(blocks[-1:]))
    if words != words.rstrip():
        raise invalid("messages: final assistant content cannot end with trailing whitespace")


def _check_calls(turns: list[_Turn]) -> None:
    asked: list[str] = []
    seen: set[str] = set()
    for index, turn in enumerate(turns):
        _check_side(turn, index)
        _check_results(turn, index, asked)
        for position, block in turn.of_kind("tool_use"):
            if block["id"] in seen:
                raise invalid(f"messages.{index}.content.{position}: `tool_use` ids must be unique")
            seen.add(block["id"])
        asked = [block["id"] for _, block in turn.of_kind("tool_use")]
        answered = _answered(turns[index + 1]) if index + 1 < len(turns) else set()
        missing = [call for call in asked if call not in answered]
        if missing:
            raise invalid(
                f"messages.{index}: `tool_use` ids were found without `tool_result` blocks "
                f"immediately after: {', '.join(missing)}. Each `tool_use` block must have a "
                "corresponding `tool_result` block in the next message."
            )


def _check_side(turn: _Turn, index: int) -> None:
    kind, side = ("tool_result", "user") if turn.role == "assistant" else ("tool_use", "assistant")
    if any(turn.of_kind(kind)):
        raise invalid(f"messages.{index}: `{kind}` blocks can only be in `{side}` messages")


def _check_results(turn: _Turn, index: int, asked: list[str]) -> None:
    found: set[str] = set()
    for position, block in turn.of_kind("tool_result"):
        call = block["tool_use_id"]
        where = f"messages.{index}.content.{position}"
        if call not in asked:
            raise invalid(
                f"{where}: unexpected `tool_use_id` found in `tool_result` blocks: {call}. "
                "Each `tool_result` block must have a corresponding `tool_use` block in the "
                "previous message."
            )
        if call in found:
            raise invalid(
                f"{where}: each tool_use must have a single result. "
                f"Found multiple `tool_result` blocks with id: {call}"
            )
        found.add(call)


def _answered(turn: _Turn) -> set[str]:
    """Return the ids that a turn answers before any of its text."""
    answered: set[str] = set()
    for block in turn.blocks:
        if block["type"] != "tool_result":
            break
        answered.add(block["tool_use_id"])
    return answered


def _merged(messages: list[Json]) -> list[_Turn]:
    return [
        _Turn(role, [block for message in run for block in _blocks(message)])
        for role, run in groupby(messages, key=lambda message: str(message["role"]))
    ]


def _blocks(message: Json) -> list[Json]:
    content: Json = message["content"]
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return list(content)


def _texts(blocks: list[Json]) -> list[str]:
    return [block["text"] for block in blocks if block["type"] == "text"]
