"""Block explorer: replies of every kind, and which of four ways to read them survive."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from grader.classroom.scenes import replay
from grader.classroom.widgets.history import cut
from grader.classroom.widgets.parts import sentence
from grader.classroom.widgets.playable import Playable
from grader.classroom.widgets.stepper import make_chooser
from grader.errors import WidgetError
from grader.look import FIGURE, QUIET

SCENES = ("text", "thinking", "two texts", "tool_use", "refusal", "empty")
"""The replies to show by default, by their names in the lesson."""

ALL, PART, NOTHING, RAISED = "all", "part", "nothing", "raised"


@dataclass(frozen=True)
class Attempt:
    """Hold what one way made of one reply.

    source: the expression that ran. result: its value, or the error that it raised.
    outcome: "all" of the text, "part" of it, "nothing" if there is none, or "raised".
    """

    source: str
    result: str
    outcome: str

    @property
    def survives(self) -> bool:
        """Return whether the way raised nothing and lost nothing."""
        return self.outcome in (ALL, NOTHING)


@dataclass(frozen=True)
class ShownReply:
    """Hold a reply by its name, its blocks in a line each, and what each way made of it."""

    name: str
    stop_reason: str
    blocks: tuple[str, ...]
    readings: tuple[Attempt, ...]

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


def explore(messages: Mapping[str, Any] | None = None) -> tuple[ShownReply, ...]:
    """Return what the four ways make of replies; messages: SDK Messages by name.

    Raises WidgetError for anything that isn't an SDK Message.
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
    """Return the expression that a way runs: its source, so that we show what really runs."""
    line = inspect.getsource(way).splitlines()[-1]
    return line.split("  #")[0].strip().removeprefix("return ")


def _scene(name: str, message: Any) -> ShownReply:
    from anthropic.types import Message

    if not isinstance(message, Message):
        raise WidgetError(
            f"{name!r} is {type(message).__name__} {message!r:.80}. Expected a Message, as "
            "client.messages.create(…) returns it."
        )
    text = _all_texts(message)
    return ShownReply(
        name,
        str(message.stop_reason),
        tuple(block.to_json(indent=None, exclude_none=True) for block in message.content),
        tuple(_read(way, message, text) for way in WAYS),
    )


def _read(way: Callable[[Any], Any], message: Any, text: str) -> Attempt:
    try:
        result = way(message)
    except Exception as error:  # noqa: BLE001 - whatever a way raises is what is shown
        return Attempt(source_of(way), f"{type(error).__name__}: {error}".rstrip(": "), RAISED)
    if result != text:
        return Attempt(source_of(way), repr(result), PART)
    return Attempt(source_of(way), repr(result), ALL if text else NOTHING)


_SAID = {
    ALL: "✓ all of the text",
    NOTHING: "✓ no error, and there was no text",
    PART: "✗ only part of the text",
    RAISED: "✗ an error",
}
_MORAL = "No error isn't enough: if there's no text, stop_reason says why."
_CELL = "padding:.1em .8em .1em 0;text-align:left;vertical-align:top"


def block_explorer(messages: Mapping[str, Any] | None = None) -> Playable:
    """Show replies of every kind, and what four ways of reading make of each.

    messages: SDK Messages by name; by default six prepared replies. Raises WidgetError for
    anything else.
    """
    scenes = explore(messages)
    return Playable(
        text="\n\n".join([*map(_text, scenes), "\n".join([*_score(scenes), _MORAL])]),
        html=_whole(scenes),
        make_view=lambda: _view(scenes),
    )


def _label(scene: ShownReply) -> str:
    """Return what a reply is and who survives it, in one line."""
    return f"{scene.name}: {scene.survivors} of {len(scene.readings)} ways survive"


def _score(scenes: Sequence[ShownReply]) -> list[str]:
    """Return how many replies each way survives, in a line each."""
    counts = (sum(scene.readings[at].survives for scene in scenes) for at in range(len(WAYS)))
    return [
        f"{source_of(way)} survives {count} of {len(scenes)}"
        for way, count in zip(WAYS, counts, strict=True)
    ]


def _blocks(scene: ShownReply) -> str:
    return "\n".join(map(cut, scene.blocks)) or "(no block)"


def _text(scene: ShownReply) -> str:
    lines = [f"{_label(scene)}; stop_reason {scene.stop_reason}"]
    lines += [f"  {line}" for line in _blocks(scene).splitlines()]
    for reading in scene.readings:
        lines += [f"  {reading.source}", f"      {_SAID[reading.outcome]}: {cut(reading.result)}"]
    return "\n".join(lines)


def _html(scene: ShownReply) -> str:
    # So wide that no word of code is broken; where there is no room, the table can be scrolled.
    columns = {"Way of reading": 15, "Survives?": 11, "What it gives": 9}
    head = "".join(
        f'<th scope="col" style="{_CELL};min-width:{width}em">{title}</th>'
        for title, width in columns.items()
    )
    rows = "".join(
        f'<tr><td style="{_CELL}"><code>{escape(reading.source)}</code></td>'
        f'<td style="{_CELL};{_coloured(reading.outcome)}">{_SAID[reading.outcome]}</td>'
        f'<td style="{_CELL}"><code>{escape(cut(reading.result))}</code></td></tr>'
        for reading in scene.readings
    )
    blocks = "<br>".join(f"<code>{escape(line)}</code>" for line in _blocks(scene).splitlines())
    return (
        f'<div style="{FIGURE};max-width:60em;overflow-x:auto"><p style="{QUIET}">{blocks}<br>'
        f"stop_reason: <code>{escape(scene.stop_reason)}</code></p>"
        f'<table class="ways"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _coloured(outcome: str) -> str:
    """Return the style of an outcome; its sign and its words say it too."""
    hue = "green" if _SAID[outcome].startswith("✓") else "red"
    return f"font-weight:600;color:inherit;color:var(--gr-{hue},inherit)"


def _whole(scenes: Sequence[ShownReply]) -> str:
    parts = "".join(f"{sentence(_label(scene))}{_html(scene)}" for scene in scenes)
    items = "".join(f"<li>{escape(line)}</li>" for line in _score(scenes))
    return f'{parts}<ul style="{FIGURE}">{items}</ul>{_moral()}'


def _moral() -> str:
    return f'<p style="{QUIET};line-height:1.5">{_MORAL}</p>'


def _view(scenes: Sequence[ShownReply]) -> Any:
    return make_chooser(
        [scene.name for scene in scenes],
        [_label(scene) for scene in scenes],
        lambda at: _html(scenes[at]),
        noun="reply",
        below=_moral(),
    )
