"""Check a request for a summary, and summaries that are sent back.

A summary that was made on demand is signed: it comes first, alone of its kind, and as it was. One
that was made at a threshold is not signed: there may be several, anywhere, and each later request
asks for the edit that made them. The codes are those of anthropic 2.12
(`types/compaction_*_error_details.py`). What a changed summary, a missing edit and a missing
signature are told is recorded; all other wordings are a guess.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from grader.catalog import ModelCard, asks_for, find_beta
from grader.simulator.blocks import part_of
from grader.simulator.contents import as_blocks, is_summary
from grader.simulator.edits import COMPACT, find_edit
from grader.simulator.faults import Refused, invalid
from grader.simulator.signatures import may_be_real
from grader.simulator.summaries import MOST_NAMES, read_summary
from grader.simulator.validation import shapes
from grader.simulator.wire import Json

MAX_INSTRUCTIONS = 16_384
"""The longest instructions for a summary, in characters."""

_KEY = "compaction"


def check_compaction(request: dict[str, Json], card: ModelCard, betas: Collection[str]) -> None:
    """Refuse a request for a summary that has no header, no model for it, or nothing to summarize.

    betas: the values of the header `anthropic-beta`. It is checked before all other parameters,
    which is a guess.
    """
    if request[_KEY] is None:
        return
    if not asks_for(betas, "compaction"):
        raise invalid(f"{_KEY}: requires anthropic-beta: {find_beta('compaction')}")
    asked = shapes.mapping(request[_KEY], _KEY)
    kind = shapes.tag(asked, _KEY, ("summarize",))
    shapes.only(asked, f"{_KEY}.{kind}", ("type", "instructions"))
    if asked.get("instructions") is not None:
        shapes.string(
            asked["instructions"], f"{_KEY}.{kind}.instructions", maximum=MAX_INSTRUCTIONS
        )
    if not card.rules.compaction:
        raise invalid(f"{_KEY}: this model does not support compaction")
    for is_given, what in _clashes(request):
        if is_given:
            raise invalid(f"{_KEY}: cannot be combined with {what}")
    if request.get("messages") == []:
        raise _nothing()


def check_summarized(request: dict[str, Json]) -> None:
    """Refuse to summarize a conversation that says nothing, or stops in the middle of a turn."""
    messages = request["messages"]
    # A summary has been summarized already.
    spoken = [
        m
        for m in messages
        if m["role"] != "system" and any(not is_summary(b) for b in as_blocks(m["content"]))
    ]
    if not spoken:
        raise _nothing()
    last = spoken[-1]
    if last["role"] == "assistant" and _is_open(as_blocks(last["content"])):
        raise invalid(
            f"messages.{messages.index(last)}: cannot compact a conversation that ends on an "
            "unfinished `assistant` turn",
            error_code="compaction_incomplete_turn",
        )
    names = {
        str(block.get("name"))
        for message in spoken
        for block in as_blocks(message["content"])
        if part_of(block) in ("call", "server_call")
    }
    if len(names) > MOST_NAMES:
        raise invalid(
            f"{_KEY}: the conversation references more than {MOST_NAMES} tools",
            error_code="compaction_too_many_tool_references",
        )


def check_summary(block: dict[str, Json], path: str, betas: Collection[str]) -> None:
    """Refuse a summary whose keys hold something else than they may."""
    if block.get("content") is not None:
        shapes.string(block["content"], f"{path}.content", minimum=1)
    if block.get("encrypted_content") is not None:
        shapes.string(block["encrypted_content"], f"{path}.encrypted_content")
    if block.get("signature") is not None:
        if not asks_for(betas, "compaction"):
            raise invalid(f"{path}.signature: Extra inputs are not permitted")
        shapes.string(block["signature"], f"{path}.signature")


def check_summaries(request: dict[str, Json], betas: Collection[str]) -> None:
    """Refuse summaries that stand in the wrong place, or are not as the API returned them."""
    found = list(_found(request["messages"]))
    signed = [(place, block) for place, block in found if block.get("signature")]
    if not signed:
        if found:
            _check_edit(request, found[0][0], betas)
        return
    if len(found) > 1:
        place = found[1][0]
        raise invalid(
            f"{_path(place)}: only one `compaction` block may be sent; send the newest",
            error_code="compaction_block_ambiguous",
        )
    place, block = signed[0]
    where = _path(place)
    if place != (0, 0) or request["messages"][0]["role"] == "system":
        raise invalid(
            f"{where}: a `compaction` block must be the first block of `messages`",
            error_code="compaction_block_misplaced",
        )
    if find_edit(request, COMPACT) is not None:
        raise invalid(
            f"{where}: a signed `compaction` block cannot be combined with a `{COMPACT}` strategy"
        )
    if _remaining(request) is not None:
        raise invalid(
            f"{where}: a `compaction` block cannot be combined with "
            "`output_config.task_budget.remaining`"
        )
    _check_signature(block, where)


def _check_edit(request: dict[str, Json], place: tuple[int, int], betas: Collection[str]) -> None:
    if find_edit(request, COMPACT) is not None:
        return
    if not asks_for(betas, "threshold_compaction"):
        raise invalid(
            f"{_path(place)}: a `compaction` block with `content` requires its `signature`"
        )
    # Recorded: where the assistant speaks first, the index is one more than that of the message.
    opens = request["messages"][0]["role"] == "assistant"
    where = _path((place[0] + opens, place[1]))
    raise invalid(
        f"{where}: `compaction` blocks require a `{COMPACT}` strategy in "
        "`context_management.edits`."
    )


def _check_signature(block: Json, where: str) -> None:
    signature = block["signature"]
    wrong = invalid(
        f"{where}: Invalid `signature` in `compaction` block",
        error_code="compaction_signature_invalid",
    )
    try:
        summarized = read_summary(signature)
    except ValueError:
        raise wrong from None
    if summarized is None:
        if not may_be_real(signature):
            raise wrong
        return
    if not summarized.fits(block["content"]):
        raise invalid(
            f"{where}: `compaction` block `content` does not match its `signature`",
            error_code="compaction_content_mismatch",
        )
    if not summarized.fits_changes(block.get("tool_changes") or None):
        raise invalid(
            f"{where}: `compaction` block `tool_changes` does not match its `signature`",
            error_code="compaction_tool_changes_mismatch",
        )


def _clashes(request: dict[str, Json]) -> Iterator[tuple[bool, str]]:
    """Yield what may not stand beside a request for a summary, and whether it does."""
    config, choice = request.get("output_config"), request.get("tool_choice")
    config = config if isinstance(config, dict) else {}
    choice = choice if isinstance(choice, dict) else {}
    yield request.get("context_management") is not None, "`context_management`"
    yield bool(request.get("stop_sequences")), "`stop_sequences`"
    yield config.get("format") is not None, "`output_config.format`"
    yield request.get("output_format") is not None, "`output_format`"
    yield choice.get("type") in ("any", "tool"), "`tool_choice` of type `any` or `tool`"
    yield _remaining(request) is not None, "`output_config.task_budget.remaining`"


def _remaining(request: dict[str, Json]) -> Json:
    config = request.get("output_config")
    budget = config.get("task_budget") if isinstance(config, dict) else None
    return budget.get("remaining") if isinstance(budget, dict) else None


def _is_open(blocks: list[Json]) -> bool:
    """Return whether an assistant turn waits for the result of a call, or was paused at one."""
    answered = [block.get("tool_use_id") for block in blocks]
    return any(
        part_of(block) in ("call", "server_call") and block.get("id") not in answered
        for block in blocks
    )


def _found(messages: list[Json]) -> Iterator[tuple[tuple[int, int], Json]]:
    """Yield the summaries of a conversation with their places, but for those that failed."""
    for index, message in enumerate(messages):
        content = message["content"]
        for position, block in enumerate(content if isinstance(content, list) else ()):
            if is_summary(block):
                yield (index, position), block


def _path(place: tuple[int, int]) -> str:
    return f"messages.{place[0]}.content.{place[1]}"


def _nothing() -> Refused:
    return invalid(
        f"{_KEY}: `messages` has no `user` or `assistant` content to summarize",
        error_code="compaction_nothing_to_summarize",
    )
