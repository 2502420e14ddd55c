"""claude-agent-sdk, with the Claude Code that it brings."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from claude_agent_sdk import (
    AssistantMessage,
    ClaudeAgentOptions,
    ClaudeSDKClient,
    ResultMessage,
    StreamEvent,
    ToolUseBlock,
    create_sdk_mcp_server,
    query,
    tool,
)
from telling import ADDING, PARIS, PERSON, expect, tell


def told_of(model: str, prompt: str, **options: Any) -> list[Any]:
    """Return all messages of one query, made in a folder of its own."""

    async def run(folder: str) -> list[Any]:
        Path(folder, "notes.txt").write_text("The password is swordfish.\n", encoding="utf-8")
        asked = ClaudeAgentOptions(model=model, cwd=folder, max_turns=8, **options)
        return [message async for message in query(prompt=prompt, options=asked)]

    with tempfile.TemporaryDirectory() as folder:
        told = asyncio.run(run(folder))
    expect(isinstance(told[-1], ResultMessage) and not told[-1].is_error, told[-1:])
    return told


def calls(told: list[Any]) -> list[str]:
    """Return the names of the tools that were called."""
    blocks = [b for each in told if isinstance(each, AssistantMessage) for b in each.content]
    return [block.name for block in blocks if isinstance(block, ToolUseBlock)]


def plain(model: str) -> None:
    """Ask one question."""
    told = told_of(model, PARIS)
    expect("Paris" in told[-1].result and calls(told) == [], told[-1])


def hello(model: str) -> None:
    """Be greeted, and call nothing."""
    told = told_of(model, "hello")
    expect(calls(told) == [], calls(told))


def stream(model: str) -> None:
    """Take the partial messages."""
    told = told_of(model, PARIS, include_partial_messages=True)
    events = [each.event for each in told if isinstance(each, StreamEvent)]
    deltas = [each["delta"] for each in events if each["type"] == "content_block_delta"]
    expect("Paris" in "".join(delta.get("text", "") for delta in deltas), events)


def reading(model: str) -> None:
    """Read a file when asked to."""
    told = told_of(model, "Read the file notes.txt", allowed_tools=["Read"])
    expect(calls(told) == ["Read"] and "swordfish" in told[-1].result, (calls(told), told[-1]))


def adding(model: str) -> None:
    """Run a tool of an MCP server in this process, which Claude Code may have to load first."""

    @tool("add", "Add two numbers.", {"a": float, "b": float})
    async def add(given: dict[str, Any]) -> dict[str, Any]:
        return {"content": [{"type": "text", "text": f"The sum is {given['a'] + given['b']:g}."}]}

    server = create_sdk_mcp_server("sums", tools=[add])
    told = told_of(model, ADDING, mcp_servers={"sums": server}, allowed_tools=["mcp__sums__add"])
    expect(calls(told)[-1:] == ["mcp__sums__add"], calls(told))
    expect("The sum is 5." in told[-1].result, told[-1])


def structured(model: str) -> None:
    """Answer by a schema."""
    properties = {"name": {"type": "string"}, "age": {"type": "integer"}}
    schema = {"type": "object", "properties": properties, "required": ["name", "age"]}
    told = told_of(model, PERSON, output_format={"type": "json_schema", "schema": schema})
    expect(told[-1].structured_output == {"name": "Jason", "age": 25}, told[-1])


def two_turns(model: str) -> None:
    """Ask twice in one session."""

    async def run(folder: str) -> list[Any]:
        options = ClaudeAgentOptions(model=model, cwd=folder, max_turns=8)
        async with ClaudeSDKClient(options) as client:
            told = []
            for prompt in (PARIS, "hello"):
                await client.query(prompt)
                told += [message async for message in client.receive_response()]
            return told

    with tempfile.TemporaryDirectory() as folder:
        told = asyncio.run(run(folder))
    results = [each.result for each in told if isinstance(each, ResultMessage) if not each.is_error]
    expect(len(results) == 2 and calls(told) == [], (results, calls(told)))


tell(
    {
        "plain": plain,
        "plain: hello": hello,
        "plain: two turns": two_turns,
        "stream": stream,
        "tools: Read": reading,
        "tools: MCP": adding,
        "structured": structured,
    }
)
