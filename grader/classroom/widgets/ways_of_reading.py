"""Four ways of reading a reply, tried on replies of every kind."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.classroom.scenes import replay
from grader.errors import WidgetError

SCENES = ("text", "thinking", "two texts", "tool_use", "refusal", "empty")
"""The replies that are shown when none are given, by their names in the lesson."""

ALL, PART, NOTHING, RAISED = "all", "part", "nothing", "raised"


@dataclass(frozen=True)
class Reading:
    """Hold what one way made of one reply.

    source: the expression that was run. result: what it gave, or the error that it raised.
    outcome: "all" of the text, "part" of it, "nothing" where there is none, or "raised".
    """

    source: str
    result: str
    outcome: str

    @property
    def survives(self) -> bool:
        """Tell whether the way came to an end and lost nothing."""
        return self.outcome in (ALL, NOTHING)


@dataclass(frozen=True)
class Scene:
    """Hold a reply by its name, its blocks in a line each, and what each way made of it."""

    name: str
    stop_reason: str
    blocks: tuple[str, ...]
    readings: tuple[Reading, ...]

    @property
    def survivors(self) -> int:
        """Return how many ways survive."""
        return sum(reading.survives for reading in self.readings)


def _first_block(message: Any) -> Any:
    return message.content[0].text


def _last_block(message: Any) -> Any:
    return message.content[-1].text


def _first_text(message: Any) -> Any:
    return next(block.text for block in message.content if block.type == "text")


def _all_texts(message: Any) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


WAYS: tuple[Callable[[Any], Any], ...] = (_first_block, _last_block, _first_text, _all_texts)


def explore(messages: Mapping[str, Any] | None = None) -> tuple[Scene, ...]:
    """Return what the four ways make of replies; messages: SDK Messages by name.

    Raises WidgetError for anything that is no Message of the SDK.
    """
    if messages is None:
        messages = {name: replay(name) for name in SCENES}
    if not isinstance(messages, Mapping) or not messages:
        raise WidgetError(
            f"block_explorer takes a dict of Messages by name, and this is {messages!r:.80}. "
            'Expected something like {"mine": message}, or nothing at all.'
        )
    return tuple(_scene(str(name), message) for name, message in messages.items())


def source_of(way: Callable[[Any], Any]) -> str:
    """Return the expression that a way runs: its source, so that what is shown is what is run."""
    line = inspect.getsource(way).splitlines()[-1]
    return line.split("  #")[0].strip().removeprefix("return ")


def _scene(name: str, message: Any) -> Scene:
    from anthropic.types import Message

    if not isinstance(message, Message):
        raise WidgetError(
            f"{name!r} is {type(message).__name__} {message!r:.80}. Expected a Message, as "
            "client.messages.create(…) returns it."
        )
    text = _all_texts(message)
    return Scene(
        name,
        str(message.stop_reason),
        tuple(block.to_json(indent=None, exclude_none=True) for block in message.content),
        tuple(_read(way, message, text) for way in WAYS),
    )


def _read(way: Callable[[Any], Any], message: Any, text: str) -> Reading:
    try:
        result = way(message)
    except Exception as error:  # noqa: BLE001 - whatever a way raises is what is shown
        return Reading(source_of(way), f"{type(error).__name__}: {error}".rstrip(": "), RAISED)
    if result != text:
        return Reading(source_of(way), repr(result), PART)
    return Reading(source_of(way), repr(result), ALL if text else NOTHING)
