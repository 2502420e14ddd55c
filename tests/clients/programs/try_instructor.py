"""instructor: models of pydantic, in each mode that it has for Anthropic."""

from __future__ import annotations

from typing import Any

import anthropic
import instructor
from instructor import Mode
from instructor.processing.multimodal import Image
from pydantic import BaseModel
from telling import PERSON, PNG, expect, tell


class Person(BaseModel):
    """A person."""

    name: str
    age: int


class Picture(BaseModel):
    """What is in a picture."""

    title: str


def ask(model: str, mode: Mode, content: Any = PERSON, kind: Any = Person, **options: Any) -> Any:
    """Ask for something of a kind."""
    client = instructor.from_anthropic(anthropic.Anthropic(), mode=mode)
    return client.messages.create(
        model=model,
        max_tokens=2_000,
        messages=[{"role": "user", "content": content}],
        response_model=kind,
        max_retries=0,
        **options,
    )


def structured(mode: Mode, model: str, **options: Any) -> None:
    """Ask for a person."""
    person = ask(model, mode, **options)
    expect((person.name, person.age) == ("Jason", 25), person)


def partial(model: str) -> None:
    """Take a person as it comes."""
    client = instructor.from_anthropic(anthropic.Anthropic(), mode=Mode.JSON)
    seen = list(
        client.messages.create_partial(
            model=model,
            max_tokens=2_000,
            messages=[{"role": "user", "content": PERSON}],
            response_model=Person,
            max_retries=0,
        )
    )
    expect((seen[-1].name, seen[-1].age) == ("Jason", 25), seen)


def image(model: str) -> None:
    """Send a picture, and ask for its title."""
    content = ["What is in this picture?", Image.from_base64(f"data:image/png;base64,{PNG}")]
    picture = ask(model, Mode.JSON, content, Picture)
    expect(picture.title, picture)


tell(
    {
        "structured: TOOLS": lambda model: structured(Mode.TOOLS, model),
        "structured: JSON": lambda model: structured(Mode.JSON, model),
        "structured: JSON_SCHEMA": lambda model: structured(Mode.JSON_SCHEMA, model),
        "stream: partial": partial,
        "image": image,
    }
)
