"""Run the API's own tools on their script: each call with its result, code with what it called."""

from __future__ import annotations

import json

from grader.simulator.blocks import part_of
from grader.simulator.contents import as_blocks, result_kind
from grader.simulator.replies.desk import Desk
from grader.simulator.replies.server_plan import ServerPlan, ServerStep
from grader.simulator.served import (
    advise,
    answer_mcp,
    failed,
    fetch,
    find_pages,
    listing_of,
    page_block,
    seal,
    search_block,
    search_tools,
)
from grader.simulator.wire import Json

CODE_CALLER = "code_execution_20260120"
"""Who calls from code, whichever version of the tool was declared (Anthropic's page on it)."""

_FETCHED = 1_795_996_800.0
"""When pages are said to have been fetched, in seconds since the epoch: 29 November 2026."""


class ServerAnswers:
    """Answer calls of the API's own tools within one reply.

    plan: knows the tools. messages: the conversation, in which addresses to fetch must have stood.
    desk: runs code.
    """

    def __init__(self, plan: ServerPlan, request: Json, messages: list[Json], desk: Desk) -> None:
        self._desk = desk
        self._plan = plan
        self._request = request
        self._messages = messages
        self._uses: dict[str, int] = {}
        self._found: list[Json] = []

    def calls(self, step: ServerStep) -> list[Json]:
        """Return the calls of a step: one, or code and the call that it makes."""
        if step.server:
            return [
                {
                    "type": "mcp_tool_use",
                    "name": step.name,
                    "input": step.tool_input,
                    "server_name": step.server,
                }
            ]
        if not step.is_programmed:
            return [{"type": "server_tool_use", "name": step.name, "input": step.tool_input}]
        code = f"result = await {step.name}({json.dumps(step.tool_input)})\nprint(result)"
        caller = {"type": CODE_CALLER, "tool_id": ""}
        return [
            {"type": "server_tool_use", "name": "code_execution", "input": {"code": code}},
            {
                "type": "server_tool_use",
                "name": step.name,
                "input": step.tool_input,
                "caller": caller,
            },
        ]

    def run(self, step: ServerStep) -> list[Json]:
        """Return the calls of a step with their results, and the listing that an MCP call needs."""
        calls = self.calls(step)
        listed = self._listing(step.server) if step.server else []
        answers = [self.answer(call) for call in reversed(calls)]
        if not step.is_programmed:
            return [*listed, *calls, *answers]
        found = answers[0]
        ran = self._ran_with(step, found)
        if step.tool.get("response_inclusion") == "excluded":
            return [calls[0], ran]
        return [*calls, found, ran]

    def _ran_with(self, step: ServerStep, found: Json) -> Json:
        """Return the result of the code that searched or fetched."""
        words = json.dumps(found["content"], ensure_ascii=False)[:2_000]
        if step.name == "web_search":
            content: Json = {
                "type": "encrypted_code_execution_result",
                "encrypted_stdout": seal(words),
                "stderr": "",
                "return_code": 0,
                "content": [],
            }
        else:
            content = output_of(f"{words}\n")
        return {"type": "code_execution_tool_result", "content": content}

    def _listing(self, server: str) -> list[Json]:
        """Return the listing of a server's tools, once a conversation; a pinned one is not sent."""
        toolset: Json = next(
            (
                tool
                for tool in self._request.get("tools") or ()
                if tool.get("mcp_server_name") == server
            ),
            {},
        )
        is_listed = any(
            block["type"] == "mcp_tool_listing" and block["mcp_server_name"] == server
            for message in self._messages
            for block in as_blocks(message["content"])
        )
        if is_listed or toolset.get("tools") is not None:
            return []
        return [listing_of(server, self._plan.mcp)]

    def answer(self, call: Json, *, id: str = "") -> Json:
        """Return the result of a call; id: that of a call which was made before this reply."""
        kind = result_kind(call)
        given = {"tool_use_id": id} if id else {}
        caller = {"caller": call["caller"]} if call.get("caller") and kind.startswith("web") else {}
        if kind == "mcp_tool_result":
            content = answer_mcp(call["input"])
            return {"type": kind, **given, "is_error": False, "content": content}
        block = {"type": kind, **given, "content": self._content(call, kind), **caller}
        self._found.append(block)
        return block

    def _content(self, call: Json, kind: str) -> Json:
        name, tool_input = call["name"], call["input"]
        tool = self._plan.tools.get(name, {})
        self._uses[name] = self._uses.get(name, 0) + 1
        most = tool.get("max_uses")
        if most is not None and self._uses[name] > most:
            return failed(kind, "max_uses_exceeded")
        if name == "web_search":
            pages = find_pages(str(tool_input.get("query", "")), tool)
            return failed(kind, pages) if isinstance(pages, str) else search_block(pages)
        if name == "web_fetch":
            page = fetch(str(tool_input.get("url", "")), tool, self._context())
            return failed(kind, page) if isinstance(page, str) else page_block(page, tool, _FETCHED)
        if name == "advisor":
            return advise(str(tool.get("model", "")))
        if name.startswith("tool_search_"):
            deferred = [
                tool for tool in self._request.get("tools") or () if tool.get("defer_loading")
            ]
            known = [
                {"name": tool.name, "description": tool.description, "input_schema": tool.schema}
                for tool in self._plan.mcp
                if tool.is_deferred
            ]
            return search_tools(name, tool_input, [*deferred, *known])
        if name == "text_editor_code_execution":
            return self._desk.edit(tool_input)
        return self._desk.run(str(tool_input.get("code") or tool_input.get("command") or ""), name)

    def _context(self) -> str:
        """Return what an address may have stood in: all that the model did not write as a call."""
        blocks = [block for each in self._messages for block in as_blocks(each["content"])]
        read = [block for block in blocks if part_of(block) not in ("call", "server_call")]
        return json.dumps([*read, *self._found], ensure_ascii=False)


def output_of(words: str) -> Json:
    """Return the content of the result of code that printed some words."""
    return {
        "type": "code_execution_result",
        "stdout": words,
        "stderr": "",
        "return_code": 0,
        "content": [],
        "abort_reason": None,
    }
