"""langchain-anthropic, and LangGraph's agent on top of it."""

from __future__ import annotations

from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_core.tools import tool
from langgraph.prebuilt import create_react_agent
from pydantic import BaseModel
from telling import LONG, PARIS, PERSON, PNG, WEATHER, expect, get_weather, tell


class Person(BaseModel):
    """A person."""

    name: str
    age: int


def chat(model: str) -> ChatAnthropic:
    """Return a chat model."""
    return ChatAnthropic(model=model, max_tokens=2_000)


def plain(model: str) -> None:
    """Ask one question."""
    reply = chat(model).invoke(PARIS)
    expect("Paris" in reply.text and reply.usage_metadata["output_tokens"], reply)


def stream(model: str) -> None:
    """Put the pieces together."""
    pieces = list(chat(model).stream(PARIS))
    expect(len(pieces) > 1 and "Paris" in "".join(piece.text for piece in pieces), pieces)


def tools(model: str) -> None:
    """Let LangGraph run a tool."""
    agent = create_react_agent(chat(model), [tool(get_weather)])
    messages = agent.invoke({"messages": [("user", WEATHER)]}, {"recursion_limit": 8})["messages"]
    expect(len(messages) == 4 and "18 degrees in Paris" in messages[-1].text, messages)


def structured(method: str, model: str) -> None:
    """Ask for a person."""
    runnable = chat(model).with_structured_output(Person, method=method)
    person = runnable.invoke(PERSON)
    expect(person == Person(name="Jason", age=25), person)


def count(model: str) -> None:
    """Count as is billed."""
    messages = [HumanMessage(PARIS)]
    counted = chat(model).get_num_tokens_from_messages(messages)
    billed = chat(model).invoke(messages).usage_metadata["input_tokens"]
    expect(counted == billed, (counted, billed))


def image(model: str) -> None:
    """Send a picture."""
    picture = {"type": "image", "base64": PNG, "mime_type": "image/png"}
    content = [{"type": "text", "text": "What is this?"}, picture]
    reply = chat(model).invoke([HumanMessage(content)])
    expect("1 image" in reply.text, reply)


def cache(model: str) -> None:
    """Write a prefix, and read it."""
    block = {"type": "text", "text": f"{LONG} {model}", "cache_control": {"type": "ephemeral"}}
    messages = [SystemMessage([block]), HumanMessage(PARIS)]
    first, second = (chat(model).invoke(messages).response_metadata["usage"] for _ in range(2))
    expect(first["cache_creation_input_tokens"], first)
    expect(second["cache_read_input_tokens"], second)


tell(
    {
        "plain": plain,
        "stream": stream,
        "tools": tools,
        "structured: function_calling": lambda model: structured("function_calling", model),
        "structured: json_schema": lambda model: structured("json_schema", model),
        "count": count,
        "image": image,
        "cache": cache,
    }
)
