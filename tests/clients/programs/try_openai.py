"""OpenAI's SDK at the compatible endpoint and at the simulator's Responses."""

from __future__ import annotations

import json
from typing import Any

import openai
from pydantic import BaseModel
from telling import PARIS, PERSON, PNG, WEATHER, expect, get_weather, tell

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
FUNCTION = {"name": "get_weather", "description": get_weather.__doc__, "parameters": SCHEMA}
PICTURE = f"data:image/png;base64,{PNG}"


class Person(BaseModel):
    """A person."""

    name: str
    age: int


client = openai.OpenAI(max_retries=0)


def chat(model: str) -> None:
    """Ask one question."""
    messages: Any = [{"role": "user", "content": PARIS}]
    reply = client.chat.completions.create(model=model, messages=messages)
    expect("Paris" in reply.choices[0].message.content and reply.usage.completion_tokens, reply)


def chat_stream(model: str) -> None:
    """Put the pieces together."""
    messages: Any = [{"role": "user", "content": PARIS}]
    chunks = client.chat.completions.create(model=model, messages=messages, stream=True)
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    expect("Paris" in "".join(pieces), pieces)


def chat_tools(model: str) -> None:
    """Run a tool and send back what it gave."""
    messages: Any = [{"role": "user", "content": WEATHER}]
    tools: Any = [{"type": "function", "function": FUNCTION}]
    for _ in range(4):
        reply = client.chat.completions.create(model=model, messages=messages, tools=tools)
        message = reply.choices[0].message
        messages.append(message)
        for call in message.tool_calls or ():
            content = get_weather(**json.loads(call.function.arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": content})
        if not message.tool_calls:
            break
    expect("18 degrees in Paris" in message.content and len(messages) == 4, messages)


def chat_image(model: str) -> None:
    """Send a picture."""
    content = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": PICTURE}},
    ]
    messages: Any = [{"role": "user", "content": content}]
    reply = client.chat.completions.create(model=model, messages=messages)
    expect("1 image" in reply.choices[0].message.content, reply)


def chat_parse(model: str) -> None:
    """Ask for a person by response_format."""
    messages: Any = [{"role": "user", "content": PERSON}]
    reply = client.chat.completions.parse(model=model, messages=messages, response_format=Person)
    expect(reply.choices[0].message.parsed == Person(name="Jason", age=25), reply)


def response(model: str) -> None:
    """Ask one question, and another that goes on from it."""
    first = client.responses.create(model=model, input=PARIS)
    expect("Paris" in first.output_text, first)
    second = client.responses.create(
        model=model, input="And of Italy?", previous_response_id=first.id
    )
    expect(second.output_text, second)


def response_stream(model: str) -> None:
    """Put the pieces together."""
    with client.responses.stream(model=model, input=PARIS) as events:
        pieces = [each.delta for each in events if each.type == "response.output_text.delta"]
        expect("Paris" in "".join(pieces), pieces)


def response_tools(model: str) -> None:
    """Run a tool and send back what it gave."""
    items: Any = [{"role": "user", "content": WEATHER}]
    tools: Any = [{"type": "function", **FUNCTION}]
    reply = client.responses.create(model=model, input=items, tools=tools)
    items += reply.output
    for call in reply.output:
        if call.type == "function_call":
            output = get_weather(**json.loads(call.arguments))
            items.append(
                {"type": "function_call_output", "call_id": call.call_id, "output": output}
            )
    reply = client.responses.create(model=model, input=items, tools=tools)
    expect("18 degrees in Paris" in reply.output_text, reply)


def response_parse(model: str) -> None:
    """Ask for a person by text_format."""
    reply = client.responses.parse(model=model, input=PERSON, text_format=Person)
    expect(reply.output_parsed == Person(name="Jason", age=25), reply)


def models(model: str) -> None:
    """Find the model in the list."""
    expect(model in [each.id for each in client.models.list()], model)


tell(
    {
        "plain: chat": chat,
        "stream: chat": chat_stream,
        "tools: chat": chat_tools,
        "structured: chat": chat_parse,
        "image: chat": chat_image,
        "plain: responses": response,
        "stream: responses": response_stream,
        "tools: responses": response_tools,
        "structured: responses": response_parse,
        "models": models,
    }
)
