"""Check the shape of a whole conversation: where system messages stand, empty turns, its end.

Two things are no errors, against what old guides say: several turns of one role in a row are
merged, and a conversation may begin with an assistant turn (recorded: both answered with 200).
"""

from __future__ import annotations

from itertools import groupby

from grader.catalog import ModelCard
from grader.simulator.blocks import kind_of, part_of
from grader.simulator.faults import invalid
from grader.simulator.validation.calls import check_calls
from grader.simulator.validation.server_calls import check_server_calls, is_paused
from grader.simulator.validation.thoughts import check_thoughts
from grader.simulator.validation.turns import Turn, blocks_of, merge, texts_of
from grader.simulator.wire import Json

_DIRECTIVE = (
    "; the directive-only form (content: [] with output_config) is accepted at any position"
)
_NO_PREFILL = (
    "This model does not support assistant message prefill. "
    "The conversation must end with a user message."
)


def check_conversation(request: dict[str, Json], card: ModelCard) -> None:
    """Refuse a conversation that no model, or not this one, can continue."""
    messages = request["messages"]
    turns = merge(messages)
    _check_system(messages, card)
    _check_empty(messages)
    _check_texts(turns)
    _check_end(messages, card)
    check_thoughts(turns, request.get("thinking"))
    check_calls(turns)
    check_server_calls(turns)


def _check_system(messages: list[Json], card: ModelCard) -> None:
    """Refuse system messages where they may not stand; several in a row count as one.

    Place and wording were measured on the live API and published in October 2026 (E).
    """
    index = 0
    for role, run in groupby(messages, key=lambda message: str(message["role"])):
        group = list(run)
        if role == "system":
            if index > 0 and not card.rules.mid_conversation_system:
                raise invalid("role 'system' is not supported on this model")
            for offset, message in enumerate(group):
                _check_instruction(message["content"], f"messages.{index + offset}")
            _check_place(messages, index, index + len(group) - 1)
            if any(not words.strip() for message in group for words in _instructions(message)):
                where = f"messages.{index}"
                raise invalid(f"{where}: system text blocks must contain non-whitespace text")
        index += len(group)


def _check_instruction(content: Json, place: str) -> None:
    if not content:
        raise invalid(f"{place}: system content must contain at least one block")
    if isinstance(content, list) and any("system" not in kind_of(b).places for b in content):
        kinds = "text, tool_addition, and tool_removal"
        raise invalid(f"{place}: role 'system' supports {kinds} blocks only")


def _instructions(message: Json) -> list[str]:
    """Return the texts of a system message; an empty block is told with those of other roles."""
    return [words for words in texts_of(blocks_of(message)) if words]


def _check_place(messages: list[Json], first: int, last: int) -> None:
    if first == 0:
        raise invalid(
            "messages.0: use the top-level 'system' parameter for the initial system prompt"
            f"{_DIRECTIVE}"
        )
    before = messages[first - 1]
    if before["role"] == "assistant" and not _ends_in_server_result(blocks_of(before)):
        raise invalid(
            f"messages.{first}: role 'system' must follow a 'user' message or an 'assistant' "
            f"message ending in a server tool result{_DIRECTIVE}"
        )
    if last + 1 < len(messages) and messages[last + 1]["role"] == "user":
        raise invalid(
            f"messages.{last}: role 'system' must precede an 'assistant' message or end the array"
            f"{_DIRECTIVE}"
        )


def _ends_in_server_result(blocks: list[Json]) -> bool:
    return bool(blocks) and part_of(blocks[-1]) == "server_result"


def _check_empty(messages: list[Json]) -> None:
    """Refuse empty turns; an empty message beside one of its role is merged."""
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


def _check_texts(turns: list[Turn]) -> None:
    for turn in turns:
        texts = texts_of(turn.blocks)
        if "" in texts:
            raise invalid("messages: text content blocks must be non-empty")
        if any(not words.strip() for words in texts):
            raise invalid("messages: text content blocks must contain non-whitespace text")


def _check_end(messages: list[Json], card: ModelCard) -> None:
    """Refuse an answer begun for the model where it takes none, and one it cannot go on with."""
    last = messages[-1]
    blocks = blocks_of(last)
    if last["role"] != "assistant" or not blocks:
        return
    if is_paused(blocks) or any(part_of(block) == "call" for block in blocks):
        return
    if part_of(blocks[-1]) == "thought":
        where = f"messages.{len(messages) - 1}"
        kind = blocks[-1]["type"]
        raise invalid(f"{where}: The final block in an assistant message cannot be `{kind}`.")
    if not card.rules.prefill:
        raise invalid(_NO_PREFILL)
    words = "".join(texts_of(blocks[-1:]))
    if words != words.rstrip():
        raise invalid("messages: final assistant content cannot end with trailing whitespace")
