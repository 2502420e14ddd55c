"""llama-index-llms-anthropic, and LlamaIndex's agent on top of it."""

from __future__ import annotations

import asyncio
import base64

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.base.llms.types import CacheControl, CachePoint
from llama_index.core.llms import ChatMessage, ImageBlock, TextBlock
from llama_index.core.prompts import PromptTemplate
from llama_index.core.tools import FunctionTool
from llama_index.llms.anthropic import Anthropic
from pydantic import BaseModel
from telling import LONG, PARIS, PERSON, PNG, WEATHER, expect, get_weather, tell


class Person(BaseModel):
    """A person."""

    name: str
    age: int


def llm(model: str) -> Anthropic:
    """Return a model."""
    return Anthropic(model=model, max_tokens=2_000)


def plain(model: str) -> None:
    """Ask one question."""
    reply = llm(model).chat([ChatMessage(role="user", content=PARIS)])
    expect("Paris" in str(reply), reply)


def stream(model: str) -> None:
    """Put the pieces together."""
    pieces = list(llm(model).stream_chat([ChatMessage(role="user", content=PARIS)]))
    expect("Paris" in "".join(piece.delta or "" for piece in pieces), pieces)


def tools(model: str) -> None:
    """Let an agent run a tool."""

    async def run() -> str:
        agent = FunctionAgent(tools=[FunctionTool.from_defaults(get_weather)], llm=llm(model))
        return str(await agent.run(WEATHER))

    reply = asyncio.run(run())
    expect("18 degrees in Paris" in reply, reply)


def structured(model: str) -> None:
    """Ask for a person."""
    person = llm(model).structured_predict(Person, PromptTemplate(PERSON))
    expect(person == Person(name="Jason", age=25), person)


def image(model: str) -> None:
    """Send a picture."""
    blocks = [TextBlock(text="What is this?"), ImageBlock(image=base64.b64decode(PNG))]
    reply = llm(model).chat([ChatMessage(role="user", blocks=blocks)])
    expect("1 image" in str(reply), reply)


def count(model: str) -> None:
    """Count the tokens of a text."""
    expect(llm(model).tokenizer.encode(PARIS), PARIS)


def cache(model: str) -> None:
    """Write a prefix, and read it."""
    blocks = [
        TextBlock(text=f"{LONG} {model}"),
        CachePoint(cache_control=CacheControl(type="ephemeral")),
    ]
    messages = [ChatMessage(role="user", blocks=[*blocks, TextBlock(text=PARIS)])]
    first, second = (llm(model).chat(messages).raw["usage"] for _ in range(2))
    expect(first.cache_creation_input_tokens, first)
    expect(second.cache_read_input_tokens, second)


tell(
    {
        "plain": plain,
        "stream": stream,
        "tools": tools,
        "structured: structured_predict": structured,
        "count": count,
        "image": image,
        "cache": cache,
    }
)
