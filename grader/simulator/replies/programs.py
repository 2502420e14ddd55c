"""Let code call the client's tools, and end it once they have answered.

Anthropic's page on programmatic tool calling: the code's call comes first, then those that it
makes, each naming it as their caller; its own result begins a reply after the client has sent
theirs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from grader.simulator.blocks import part_of
from grader.simulator.contents import as_blocks
from grader.simulator.replies.server_answers import CODE_CALLER, output_of
from grader.simulator.wire import Json


def call_from_code(calls: Sequence[Json]) -> list[Json]:
    """Return code that makes some calls of the client's tools, and these calls."""
    lines = [f"print(await {call['name']}({json.dumps(call['input'])}))" for call in calls]
    code = {"code": "\n".join(lines)}
    caller = {"type": CODE_CALLER, "tool_id": ""}
    return [
        {"type": "server_tool_use", "name": "code_execution", "input": code},
        *({**call, "caller": caller} for call in calls),
    ]


def end_code(since: Sequence[Json]) -> list[Json]:
    """Return the results of code whose tools have answered: it printed what they said.

    since: the blocks that came since the user last wrote something.
    """
    answered = {block.get("tool_use_id") for block in since}
    ended: list[Json] = []
    for call in since:
        if part_of(call) != "server_call" or call["id"] in answered:
            continue
        own = {
            block["id"]
            for block in since
            if (block.get("caller") or {}).get("tool_id") == call["id"] and "id" in block
        }
        if not own:
            continue
        lines = [
            _words_of(block)
            for block in since
            if block["type"] == "tool_result" and block["tool_use_id"] in own
        ]
        content = output_of("".join(f"{line}\n" for line in lines))
        ended.append(
            {
                "type": "code_execution_tool_result",
                "tool_use_id": call["id"],
                "content": content,
            }
        )
    return ended


def _words_of(result: Json) -> str:
    blocks = as_blocks(result.get("content") or "")
    return "\n".join(block["text"] for block in blocks if block["type"] == "text")
