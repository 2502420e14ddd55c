"""Check a whole conversation: its turns, its calls and their results, its thoughts, its end.

Messages of one role in a row count as one turn, and faults name the indexes of the merged turns
(recorded). A conversation may begin with an assistant turn (recorded: answered with 200).

A signature of thinking is the API's own to check. Those that the simulator made it can check; of
others, such as those of recorded traffic, only that they could be one.

A turn that stops with "pause_turn" may end in a call of the API's own whose result is still to
come. It is sent back as it is, as the last message, and the API goes on from there.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from grader.catalog import ModelCard
from grader.simulator.blocks import kind_of, part_of
from grader.simulator.contents import has_only_text, is_directive
from grader.simulator.faults import invalid
from grader.simulator.signatures import read_signature
from grader.simulator.validation.server_calls import check_server_calls
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
    messages = [message for message in request["messages"] if not is_directive(message)]
    if not messages:
        raise invalid("messages: at least one message is required")
    turns = merge(messages)
    _check_system(messages, card)
    _check_empty(messages)
    _check_texts(turns)
    if request.get("compaction") is None:
        _check_end(messages, card)
    if has_only_text(messages):
        return
    check_thoughts(turns)
    check_calls(turns)
    check_server_calls(turns, request)


def _check_system(messages: list[Json], card: ModelCard) -> None:
    """Refuse system messages where they may not stand; several in a row count as one.

    Place and wording were measured on the live API and published in October 2026 (E).
    """
    if all(message["role"] != "system" for message in messages):
        return
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


def _check_texts(turns: list[MergedTurn]) -> None:
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
    if is_paused(blocks) or any(part_of(block) in ("call", "summary") for block in blocks):
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


_SIGNATURE = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def check_thoughts(turns: list[MergedTurn]) -> None:
    """Refuse thinking that was changed.

    A tool loop that left its thinking out is none of it: the model goes on without (documented as
    graceful degradation, and clients rely on it; issues of 2025 still quote a 400).
    """
    spoken = [index for index, turn in enumerate(turns) if turn.role == "assistant"]
    for index in spoken:
        for position, block in enumerate(turns[index].blocks):
            if kind_of(block).signed:
                where = f"messages.{index}.content.{position}"
                _check_signature(block, where, is_latest=index == spoken[-1])


def _check_signature(block: Json, where: str, *, is_latest: bool) -> None:
    kind = kind_of(block)
    signature = block[kind.signed]
    wrong = f"{where}: Invalid `{kind.signed}` in `{kind.name}` block"
    # github.com/anthropics/claude-code/issues/10627
    if kind.words and not _SIGNATURE.fullmatch(signature):
        raise invalid(wrong)
    try:
        signed = read_signature(signature)
    except ValueError:
        raise invalid(wrong) from None
    if signed is not None and kind.words and not signed.fits(block[kind.words]):
        raise invalid(
            f"{where}: `thinking` or `redacted_thinking` blocks in the latest assistant message "
            "cannot be modified. These blocks must remain as they were in the original response."
            if is_latest
            else wrong
        )


# A call or a result: its place in the turn, and the id of the call.
_Call = tuple[int, str]


def check_calls(turns: list[MergedTurn]) -> None:
    """Refuse calls without results, results without calls, and either on the wrong side."""
    asked: dict[str, None] = {}
    seen: set[str] = set()
    for index, turn in enumerate(turns):
        calls, results = _calls(turn), _results(turn)
        _check_side(turn.role, index, calls, results)
        if results:
            _check_results(results, index, asked)
        for position, call in calls:
            if call in seen:
                raise invalid(f"messages.{index}.content.{position}: `tool_use` ids must be unique")
            seen.add(call)
        asked = dict.fromkeys(call for _, call in calls)
        if asked:
            answered = _answered(turns[index + 1]) if index + 1 < len(turns) else ()
            _check_answered(asked, answered, index)


def _calls(turn: MergedTurn) -> list[_Call]:
    return [(i, block["id"]) for i, block in enumerate(turn.blocks) if part_of(block) == "call"]


def _results(turn: MergedTurn) -> list[_Call]:
    return [
        (i, block["tool_use_id"])
        for i, block in enumerate(turn.blocks)
        if part_of(block) == "result"
    ]


def _check_side(role: str, index: int, calls: list[_Call], results: list[_Call]) -> None:
    if role == "assistant" and results:
        raise invalid(f"messages.{index}: `tool_result` blocks can only be in `user` messages")
    if role != "assistant" and calls:
        raise invalid(f"messages.{index}: `tool_use` blocks can only be in `assistant` messages")


def _check_results(results: list[_Call], index: int, asked: Collection[str]) -> None:
    found: set[str] = set()
    for position, call in results:
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


def _answered(turn: MergedTurn) -> set[str]:
    """Return the ids that a turn answers before any of its text."""
    answered: set[str] = set()
    for block in turn.blocks:
        if part_of(block) != "result":
            break
        answered.add(block["tool_use_id"])
    return answered


def _check_answered(asked: Collection[str], answered: Collection[str], index: int) -> None:
    missing = [call for call in asked if call not in answered]
    if missing:
        raise invalid(
            f"messages.{index}: `tool_use` ids were found without `tool_result` blocks "
            f"immediately after: {', '.join(missing)}. Each `tool_use` block must have a "
            "corresponding `tool_result` block in the next message."
        )


def is_paused(blocks: list[Json]) -> bool:
    """Return whether an assistant turn ends in the API's own call, or in the result of one.

    Models that take no answer begun for them go on from such a turn: the documentation's way to
    resume one, followed with claude-sonnet-4-6 in github.com/enricoros/big-AGI/issues/1010. What
    a turn that was paused after a text gets is not known; here it counts as a begun answer.
    """
    return bool(blocks) and part_of(blocks[-1]) in ("server_call", "server_result")


@dataclass(frozen=True)
class MergedTurn:
    """Hold the blocks of consecutive messages of one role; a string is one text block."""

    role: str
    blocks: list[Json]


def merge(messages: list[Json]) -> list[MergedTurn]:
    """Return the turns of a conversation whose messages are well formed."""
    return [
        MergedTurn(role, [block for message in run for block in blocks_of(message)])
        for role, run in groupby(messages, key=lambda message: str(message["role"]))
    ]


def blocks_of(message: Json) -> list[Json]:
    """Return the content blocks of one message; an empty string has none."""
    content = message["content"]
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return list(content)


def texts_of(blocks: list[Json]) -> list[str]:
    """Return the texts among some blocks."""
    return [block["text"] for block in blocks if block["type"] == "text"]
