"""pydantic-ai: an agent with tools, and each of its ways to a structured output."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

from pydantic import BaseModel
from pydantic_ai import Agent, BinaryContent, NativeOutput, PromptedOutput, ToolOutput
from pydantic_ai.messages import ModelRequest
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.anthropic import AnthropicModel, AnthropicModelSettings
from telling import ADDING, LONG, PARIS, PERSON, PNG, WEATHER, expect, get_weather, tell


class Person(BaseModel):
    """A person."""

    name: str
    age: int


def agent(model: str, **options: Any) -> Agent[None, Any]:
    """Return an agent."""
    return Agent(AnthropicModel(model), **options)


def plain(model: str) -> None:
    """Ask one question."""
    run = agent(model).run_sync(PARIS)
    expect("Paris" in run.output and run.usage.output_tokens, run)


def stream(model: str) -> None:
    """Take the text as it comes."""

    async def pieces() -> list[str]:
        async with agent(model).run_stream(PARIS) as run:
            return [piece async for piece in run.stream_text(delta=True, debounce_by=None)]

    seen = asyncio.run(pieces())
    expect("Paris" in "".join(seen), seen)


def tools(model: str) -> None:
    """Run a tool."""
    run = agent(model, tools=[get_weather]).run_sync(WEATHER)
    expect("18 degrees in Paris" in run.output and run.usage.requests == 2, run)


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


def adding(model: str) -> None:
    """Run a tool that is asked for in words."""
    run = agent(model, tools=[add]).run_sync(ADDING)
    expect("5" in run.output and run.usage.tool_calls == 1, run)


def structured(kind: Any, model: str) -> None:
    """Ask for a person."""
    run = agent(model, output_type=kind(Person)).run_sync(PERSON)
    expect(run.output == Person(name="Jason", age=25), run.output)


def tools_and_structured(model: str) -> None:
    """Run a tool, then put what it gave into a shape."""
    run = agent(model, output_type=ToolOutput(Report), tools=[get_weather]).run_sync(WEATHER)
    expect(run.output.city == "Paris", run.output)
    expect(run.usage.tool_calls == 1, run.usage)


class Report(BaseModel):
    """What the weather is."""

    city: str
    summary: str


def count(model: str) -> None:
    """Count as is billed."""
    request = [ModelRequest.user_text_prompt(PARIS)]
    counting = AnthropicModel(model).count_tokens(request, None, ModelRequestParameters())
    counted = asyncio.run(counting).input_tokens
    billed = agent(model).run_sync(PARIS).usage.input_tokens
    expect(counted == billed, (counted, billed))


def image(model: str) -> None:
    """Send a picture."""
    picture = BinaryContent(base64.b64decode(PNG), media_type="image/png")
    run = agent(model).run_sync(["What is this?", picture])
    expect("1 image" in run.output, run.output)


def cache(model: str) -> None:
    """Write a prefix, and read it."""
    settings = AnthropicModelSettings(anthropic_cache_instructions=True)
    one = agent(model, instructions=f"{LONG} {model}", model_settings=settings)
    first, second = (one.run_sync(PARIS).usage for _ in range(2))
    expect(first.cache_write_tokens, first)
    expect(second.cache_read_tokens, second)


tell(
    {
        "plain": plain,
        "stream": stream,
        "tools": tools,
        "tools: asked for in words": adding,
        "structured: ToolOutput": lambda model: structured(ToolOutput, model),
        "structured: NativeOutput": lambda model: structured(NativeOutput, model),
        "structured: PromptedOutput": lambda model: structured(PromptedOutput, model),
        "structured: after a tool": tools_and_structured,
        "count": count,
        "image": image,
        "cache": cache,
    }
)
