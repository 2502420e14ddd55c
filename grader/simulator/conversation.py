"""Check the shape of a whole conversation: system placement, empty turns, calls and results.

Two things are no errors, against what old guides say: several turns of one role in a row are
merged, and a conversation may begin with an assistant turn (recorded: both answered with 200).
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.catalog import ModelCard
from grader.simulator.faults import invalid
from grader.simulator.wire import Json

_LEADING_SYSTEM = "use the top-level 'system' parameter for the initial system prompt"
_NO_PREFILL = (
    "This model does not support assistant message prefill. "
    "The conversation must end with a user message."
)


def check_conversation(messages: list[Json], card: ModelCard) -> None:
    """Refuse a conversation that no model, or not this one, can continue."""
    _check_system(messages, card)
    _check_empty(messages)
    _check_prefill(messages, card)
    _check_calls(messages)


def _check_system(messages: list[Json], card: ModelCard) -> None:
    for index, message in enumerate(messages):
        if message["role"] != "system":
            continue
        if index == 0:
            raise invalid(f"messages.0: {_LEADING_SYSTEM}")
        if not card.rules.mid_conversation_system:
            raise invalid(f"messages.{index}: role 'system' is not supported on this model")
        if index + 1 < len(messages) and messages[index + 1]["role"] != "assistant":
            raise invalid(
                f"messages.{index}: role 'system' must precede an 'assistant' message "
                "or end the array"
            )


def _check_empty(messages: list[Json]) -> None:
    last = len(messages) - 1
    for index, message in enumerate(messages):
        content = message["content"]
        if not content:
            if index == last and message["role"] == "assistant":
                continue
            raise invalid(
                f"messages.{index}: all messages must have non-empty content "
                "except for the optional final assistant message"
            )
        texts = [content] if isinstance(content, str) else _texts(content)
        if "" in texts:
            raise invalid("messages: text content blocks must be non-empty")
        if any(not words.strip() for words in texts):
            raise invalid("messages: text content blocks must contain non-whitespace text")


def _texts(content: Sequence[Json]) -> list[str]:
    return [block["text"] for block in content if block["type"] == "text"]


def _check_prefill(messages: list[Json], card: ModelCard) -> None:
    last = messages[-1]
    if last["role"] != "assistant" or not last["content"]:
        return
    if _ids(last, "tool_use", "id"):
        return
    if not card.rules.prefill:
        raise invalid(_NO_PREFILL)
    content = last["content"]
    words = content if isinstance(content, str) else "".join(_texts(content[-1:]))
    if words != words.rstrip():
        raise invalid("messages: final assistant content cannot end with trailing whitespace")


def _check_calls(messages: list[Json]) -> None:
    asked: list[str] = []
    seen: set[str] = set()
    for index, message in enumerate(messages):
        _check_sides(message, index)
        _check_results(message, index, asked)
        for position, block in _blocks(message, "tool_use"):
            if block["id"] in seen:
                raise invalid(f"messages.{index}.content.{position}: `tool_use` ids must be unique")
            seen.add(block["id"])
        merged = index + 1 < len(messages) and messages[index + 1]["role"] == message["role"]
        asked = [*(asked if merged else []), *_ids(message, "tool_use", "id")]
        if merged and message["role"] == "assistant":
            continue
        answered = _answers(messages, index + 1)
        missing = [call for call in asked if call not in answered]
        if missing and message["role"] == "assistant":
            raise invalid(
                f"messages.{index}: `tool_use` ids were found without `tool_result` blocks "
                f"immediately after: {', '.join(missing)}. Each `tool_use` block must have a "
                "corresponding `tool_result` block in the next message."
            )


def _check_sides(message: Json, index: int) -> None:
    if message["role"] == "assistant" and _ids(message, "tool_result", "tool_use_id"):
        raise invalid(f"messages.{index}: `tool_result` blocks can only be in `user` messages")
    if message["role"] != "assistant" and _ids(message, "tool_use", "id"):
        raise invalid(f"messages.{index}: `tool_use` blocks can only be in `assistant` messages")


def _check_results(message: Json, index: int, asked: list[str]) -> None:
    found: set[str] = set()
    for position, block in _blocks(message, "tool_result"):
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


def _answers(messages: list[Json], start: int) -> set[str]:
    """Return the ids answered by the user turns that follow, before any of their text."""
    answered: set[str] = set()
    for message in messages[start:]:
        if message["role"] != "user" or isinstance(message["content"], str):
            break
        for block in message["content"]:
            if block["type"] != "tool_result":
                return answered
            answered.add(block["tool_use_id"])
    return answered


def _blocks(message: Json, kind: str) -> list[tuple[int, Json]]:
    content = message["content"]
    if isinstance(content, str):
        return []
    return [(i, block) for i, block in enumerate(content) if block["type"] == kind]


def _ids(message: Json, kind: str, key: str) -> list[str]:
    return [block[key] for _, block in _blocks(message, kind)]
