"""The support bot that lesson 08 ports: a small program for OpenAI's API, as many people have it.

It runs, and has the usual weak spots: no limits, and it doesn't tell the model about failed tools.
"""

from __future__ import annotations

import json
from typing import Any


class OpenAIBot:
    """Answer the customers of a shop, through OpenAI's API."""

    def __init__(self, client: Any, **parts: Any) -> None:
        """Make a bot from model, system, tools, registry and on_text."""
        self.client, self.model, self.tools = client, parts["model"], parts["tools"]
        self.registry, self.on_text = parts["registry"], parts["on_text"]
        self.messages: list[Any] = [{"role": "system", "content": parts["system"]}]
        self.usages: list[Any] = []

    def ask(self, text: str) -> str:
        """Answer one question, and return the text of the last reply."""
        self.messages.append({"role": "user", "content": text})
        while True:
            message = self.stream_reply()
            self.messages.append(message)
            if "tool_calls" not in message:
                return str(message["content"])
            for call in message["tool_calls"]:
                self.messages.append(self.run_tool(call))

    def stream_reply(self) -> dict[str, Any]:
        """Return the next message, put together from chunks."""
        text, calls = "", dict[int, Any]()
        for chunk in self.client.chat.completions.create(
            model=self.model,
            messages=self.messages,
            tools=self.tools,
            stream=True,
            stream_options={"include_usage": True},
        ):
            if chunk.usage:
                self.usages.append(chunk.usage)
            if not chunk.choices:
                continue
            delta = chunk.choices[0].delta
            if delta.content:
                text += delta.content
                self.on_text(delta.content)
            for part in delta.tool_calls or []:
                empty = {"id": part.id, "type": "function"}
                empty["function"] = {"name": part.function.name, "arguments": ""}
                call = calls.setdefault(part.index, empty)
                call["function"]["arguments"] += part.function.arguments or ""
        message: dict[str, Any] = {"role": "assistant", "content": text}
        return {**message, "tool_calls": list(calls.values())} if calls else message

    def run_tool(self, call: dict[str, Any]) -> dict[str, str]:
        """Return the answer to a call."""
        name, arguments = call["function"]["name"], call["function"]["arguments"]
        value = self.registry[name](**json.loads(arguments))
        return {"role": "tool", "tool_call_id": call["id"], "content": json.dumps(value)}
