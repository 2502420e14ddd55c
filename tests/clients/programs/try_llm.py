"""llm with llm-anthropic, by its Python API; it asks the API first which models there are."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import llm
from telling import PARIS, PERSON, PNG, WEATHER, expect, get_weather, tell


def plain(model: str) -> None:
    """Ask one question."""
    response = llm.get_model(f"anthropic/{model}").prompt(PARIS, stream=False)
    expect("Paris" in response.text() and response.usage().output, response.text())


def stream(model: str) -> None:
    """Put the pieces together."""
    pieces = list(llm.get_model(f"anthropic/{model}").prompt(PARIS))
    expect("Paris" in "".join(pieces), pieces)


def tools(model: str) -> None:
    """Let a chain run a tool."""
    text = llm.get_model(f"anthropic/{model}").chain(WEATHER, tools=[get_weather]).text()
    expect("18 degrees in Paris" in text, text)


def structured(model: str) -> None:
    """Ask for a person by llm's short schema."""
    response = llm.get_model(f"anthropic/{model}").prompt(
        PERSON, schema=llm.schema_dsl("name, age int")
    )
    expect(json.loads(response.text()) == {"name": "Jason", "age": 25}, response.text())


def conversation(model: str) -> None:
    """Ask twice in one conversation."""
    talk = llm.get_model(f"anthropic/{model}").conversation()
    expect("Paris" in talk.prompt(PARIS).text(), talk)
    expect(talk.prompt("And what did I ask before?").text(), talk)


def image(model: str) -> None:
    """Send a picture."""
    picture = llm.Attachment(type="image/png", content=base64.b64decode(PNG))
    text = llm.get_model(f"anthropic/{model}").prompt("What is this?", attachments=[picture]).text()
    expect("1 image" in text, text)


REFRESH = [Path(sys.executable).with_name("llm"), "anthropic", "refresh"]
subprocess.run(REFRESH, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

tell(
    {
        "plain": plain,
        "stream": stream,
        "tools": tools,
        "structured: schema": structured,
        "plain: conversation": conversation,
        "image": image,
    }
)
