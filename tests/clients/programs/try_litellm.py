"""litellm: completions, its structured outputs, and its bridge from OpenAI's Responses."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import litellm
from pydantic import BaseModel
from telling import LONG, PARIS, PERSON, PNG, WEATHER, expect, get_weather, tell

litellm.suppress_debug_info = True
litellm.telemetry = False

TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": get_weather.__doc__,
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


class Person(BaseModel):
    """A person."""

    name: str
    age: int


def ask(model: str, content: Any, **options: Any) -> Any:
    """Ask one question."""
    messages = content if options.pop("is_whole", False) else [{"role": "user", "content": content}]
    return litellm.completion(f"anthropic/{model}", messages, num_retries=0, **options)


def plain(model: str) -> None:
    """Ask one question."""
    reply = ask(model, PARIS)
    expect("Paris" in reply.choices[0].message.content and reply.usage.completion_tokens, reply)


def stream(model: str) -> None:
    """Put the pieces together."""
    pieces = [chunk.choices[0].delta.content or "" for chunk in ask(model, PARIS, stream=True)]
    expect("Paris" in "".join(pieces), pieces)


def tools(model: str) -> None:
    """Run a tool and send back what it gave."""
    messages: list[Any] = [{"role": "user", "content": WEATHER}]
    message = ask(model, messages, is_whole=True, tools=[TOOL]).choices[0].message
    expect(message.tool_calls, message)
    messages.append(message)
    for call in message.tool_calls:
        content = get_weather(**json.loads(call.function.arguments))
        messages.append({"role": "tool", "tool_call_id": call.id, "content": content})
    reply = ask(model, messages, is_whole=True, tools=[TOOL]).choices[0].message.content
    expect("18 degrees in Paris" in reply, reply)


def structured(model: str) -> None:
    """Ask for a person by response_format."""
    reply = ask(model, PERSON, response_format=Person).choices[0].message.content
    expect(json.loads(reply) == {"name": "Jason", "age": 25}, reply)


def json_object(model: str) -> None:
    """Ask for JSON without a schema."""
    content = f'{PERSON} Answer in JSON with the keys "name" and "age".'
    reply = ask(model, content, response_format={"type": "json_object"}).choices[0].message.content
    expect(json.loads(reply) == {"name": "Jason", "age": 25}, reply)


def bridge(model: str) -> None:
    """Ask by the Responses API, which litellm turns into messages."""
    response = litellm.responses(input=PARIS, model=f"anthropic/{model}")
    expect("Paris" in response.output[-1].content[0].text, response)


def messages_api(model: str) -> None:
    """Ask by litellm's own Messages API."""
    asked = litellm.anthropic.messages.acreate(
        messages=[{"role": "user", "content": PARIS}], model=f"anthropic/{model}", max_tokens=500
    )
    reply = asyncio.run(asked)
    expect("Paris" in reply["content"][-1]["text"], reply)


def image(model: str) -> None:
    """Send a picture."""
    picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}
    content = [{"type": "text", "text": "What is this?"}, picture]
    reply = ask(model, content).choices[0].message.content
    expect("1 image" in reply, reply)


def cache(model: str) -> None:
    """Write a prefix, and read it."""
    block = {"type": "text", "text": f"{LONG} {model}", "cache_control": {"type": "ephemeral"}}
    messages = [{"role": "system", "content": [block]}, {"role": "user", "content": PARIS}]
    first, second = (ask(model, messages, is_whole=True).usage for _ in range(2))
    expect(first.cache_creation_input_tokens, first)
    expect(second.cache_read_input_tokens, second)


tell(
    {
        "plain": plain,
        "stream": stream,
        "tools": tools,
        "structured: pydantic": structured,
        "structured: json_object": json_object,
        "plain: Responses bridge": bridge,
        "plain: Messages": messages_api,
        "image": image,
        "cache": cache,
    }
)
