"""Check the calls that the API itself makes: a paused turn goes on, or stays the last one.

A turn that stops with "pause_turn" may end in a call whose result is still to come. It is sent
back as it is, as the last message, and the API goes on from there.
"""

from __future__ import annotations

from grader.simulator.blocks import part_of
from grader.simulator.faults import invalid
from grader.simulator.validation.turns import Turn
from grader.simulator.wire import Json


def is_paused(blocks: list[Json]) -> bool:
    """Say whether an assistant turn ends in the API's own call, or in the result of one.

    Models that take no answer begun for them go on from such a turn: the documentation's way to
    resume one, followed with claude-sonnet-4-6 in github.com/enricoros/big-AGI/issues/1010. What
    a turn that was paused after a text gets is not known; here it counts as a begun answer.
    """
    return bool(blocks) and part_of(blocks[-1]) in ("server_call", "server_result")


def check_server_calls(turns: list[Turn]) -> None:
    """Refuse a call of the API's own that has no result in its turn, unless it can still come.

    It can in the last turn, and in one that waits for tools of the client too.
    """
    for index, turn in enumerate(turns[:-1]):
        parts = [part_of(block) for block in turn.blocks]
        if "server_call" not in parts or "call" in parts:
            continue
        answered = [block.get("tool_use_id") for block in turn.blocks]
        for block in turn.blocks:
            if part_of(block) == "server_call" and block.get("id") not in answered:
                name = block.get("name")
                # github.com/gsd-build/gsd-2/pull/2870; for other tools than web_search a guess.
                raise invalid(
                    f"messages.{index}: `{name}` tool use with id `{block.get('id')}` was found "
                    f"without a corresponding `{name}_tool_result` block"
                )
