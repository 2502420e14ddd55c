"""Check the thinking that comes back in a conversation: it must be as it was sent.

A signature is the API's own to check. Those that the simulator made it can check; of others, such
as those of recorded traffic, only that they could be one.
"""

from __future__ import annotations

import re

from grader.simulator.blocks import Part, kind_of, part_of
from grader.simulator.faults import invalid
from grader.simulator.signatures import is_edited
from grader.simulator.validation.turns import Turn
from grader.simulator.wire import Json

_SIGNATURE = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_HELP = "https://docs.claude.com/en/docs/build-with-claude/extended-thinking"


def check_thoughts(turns: list[Turn], thinking: Json) -> None:
    """Refuse thinking that was changed, and, with a budget, a tool loop that left it out.

    thinking: the request's parameter.
    """
    spoken = [index for index, turn in enumerate(turns) if turn.role == "assistant"]
    if not spoken:
        return
    for index in spoken:
        for position, block in enumerate(turns[index].blocks):
            if kind_of(block).is_signed:
                where = f"messages.{index}.content.{position}"
                _check_signature(block, where, is_latest=index == spoken[-1])
    # Adaptive thinking has no such rule.
    if isinstance(thinking, dict) and thinking.get("type") == "enabled":
        _check_start(turns, spoken[-1])


def _check_signature(block: Json, where: str, *, is_latest: bool) -> None:
    signature = block["signature"]
    wrong = f"{where}: Invalid `signature` in `thinking` block"
    # github.com/anthropics/claude-code/issues/10627
    if not _SIGNATURE.fullmatch(signature):
        raise invalid(wrong)
    if is_edited(block["thinking"], signature):
        raise invalid(
            f"{where}: `thinking` or `redacted_thinking` blocks in the latest assistant message "
            "cannot be modified. These blocks must remain as they were in the original response."
            if is_latest
            else wrong
        )


def _check_start(turns: list[Turn], index: int) -> None:
    """Refuse an unfinished tool loop whose first assistant turn does not begin with thinking."""
    if not _has(turns[index], "call"):
        return
    while index >= 2 and _has(turns[index - 1], "result"):
        index -= 2
    if part_of(turns[index].blocks[0]) != "thought":
        first = turns[index].blocks[0]["type"]
        # github.com/deepset-ai/haystack-core-integrations/issues/2146
        raise invalid(
            f"messages.{index}.content.0.type: Expected `thinking` or `redacted_thinking`, but "
            f"found `{first}`. When `thinking` is enabled, a final `assistant` message must start "
            "with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` "
            "blocks). We recommend you include thinking blocks from previous turns. To avoid this "
            f"requirement, disable `thinking`. Please consult our documentation at {_HELP}"
        )


def _has(turn: Turn, part: Part) -> bool:
    return any(part_of(block) == part for block in turn.blocks)
