"""The support bot that lesson 09 ports: a small program for OpenAI's API, as many people have it.

It comes twice, for Chat Completions and for Responses: learners read the one that is like theirs.
Both run, and have the usual weak spots: no limits, and they don't tell the model of failed tools.
"""

from __future__ import annotations

import json
from typing import Any


class CompletionsBot:
    """Answer the customers of a shop, through OpenAI's Chat Completions."""

    def __init__(self, client: Any, **parts: Any) -> None:
        """Make a bot from model, system, tools, registry and on_text."""
        self.client, self.model, self.tools = client, parts["model"], parts["tools"]
        self.registry, self.on_text = parts["registry"], parts["on_text"]
        self.messages: list[Any] = [{"role": "system", "content": parts["system"]}]
        self.tokens: list[tuple[int, int]] = []

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
                self.tokens.append((chunk.usage.prompt_tokens, chunk.usage.completion_tokens))
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


class ResponsesBot:
    """Answer the customers of a shop, through OpenAI's Responses."""

    def __init__(self, client: Any, **parts: Any) -> None:
        """Make a bot from model, system, tools, registry and on_text."""
        self.client, self.model, self.tools = client, parts["model"], parts["tools"]
        self.registry, self.on_text = parts["registry"], parts["on_text"]
        self.system: str = parts["system"]
        # OpenAI keeps the conversation; the bot keeps the id of its last response.
        self.last_id: str | None = None
        self.tokens: list[tuple[int, int]] = []

    def ask(self, text: str) -> str:
        """Answer one question, and return the text of the last reply."""
        items: list[Any] = [{"role": "user", "content": text}]
        while True:
            response = self.stream_reply(items)
            calls = [item for item in response.output if item.type == "function_call"]
            if not calls:
                return str(response.output_text)
            items = [self.run_tool(call) for call in calls]

    def stream_reply(self, items: list[Any]) -> Any:
        """Return the next response, which the last event of its stream holds."""
        response = None
        for event in self.client.responses.create(
            model=self.model,
            instructions=self.system,
            input=items,
            tools=self.tools,
            previous_response_id=self.last_id,
            stream=True,
        ):
            if event.type == "response.output_text.delta":
                self.on_text(event.delta)
            if event.type == "response.completed":
                response = event.response
        assert response is not None, "the stream broke off"
        self.last_id = response.id
        self.tokens.append((response.usage.input_tokens, response.usage.output_tokens))
        return response

    def run_tool(self, call: Any) -> dict[str, str]:
        """Return the answer to a call."""
        value = self.registry[call.name](**json.loads(call.arguments))
        return {
            "type": "function_call_output",
            "call_id": call.call_id,
            "output": json.dumps(value),
        }
