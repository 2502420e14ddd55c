"""Event scrubber: a stream event by event, with its bytes, its data and the message beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from grader.classroom.showing import Shown, as_json, columns
from grader.classroom.widgets.accumulation import Accumulation
from grader.classroom.widgets.history import read_plain
from grader.classroom.widgets.playable import Playable
from grader.classroom.widgets.stepper import make_stepper
from grader.errors import WidgetError
from grader.look import FIGURE, QUIET, themed
from grader.simulator import BLOCKS, ServerSentEvent

Json = Any
_PIECES = {delta.field for kind in BLOCKS.values() for delta in kind.deltas}
_SHOWN = 40
"""How many characters of a piece an effect shows."""


@dataclass(frozen=True)
class WireEvent:
    """Hold one event; raw: its lines on the wire; data: what they say."""

    number: int
    raw: str
    data: Json

    @property
    def kind(self) -> str:
        """Return the type of the event."""
        return str(self.data.get("type"))


@dataclass(frozen=True)
class Moment:
    """Hold the message as it is after an event.

    inputs: the letters of each incomplete tool input, by the index of its block.
    """

    message: Json
    inputs: tuple[tuple[int, str], ...]


def read_events(events: Any) -> tuple[WireEvent, ...]:
    """Return the events of a stream, from dicts, SDK objects, or the text of the stream.

    Raises WidgetError for anything else.
    """
    if isinstance(events, bytes):
        events = events.decode("utf-8", "replace")
    if isinstance(events, list | tuple) and events and all(isinstance(e, str) for e in events):
        events = "\n".join(events)
    if isinstance(events, str):
        found = tuple(_from_text(events))
        if not found:
            raise WidgetError(
                f"This text has no events: {events!r:.80}. Expected lines that begin with "
                "'event: ' and 'data: ', with an empty line after each event."
            )
        return found
    plain = read_plain(events, "events") if isinstance(events, list | tuple) else None
    if not plain:
        raise WidgetError(
            f"This is {events!r:.80}. Expected the events of a stream, in a list, such as "
            'replay_events("text") gives.'
        )
    return tuple(_from_data(number, data) for number, data in enumerate(plain, start=1))


def moment(events: tuple[WireEvent, ...]) -> Moment:
    """Return the message after these events."""
    made = Accumulation()
    for event in events:
        made.add(event.data)
    growing = (
        (index, made.words_of(index))
        for index, block in enumerate(made.blocks)
        if index not in made.whole and "input" in block
    )
    return Moment(made.snapshot(), tuple(growing))


def effect(event: WireEvent) -> str:
    """Return what an event does to the message, in words."""
    data, index = event.data, event.data.get("index")
    delta = data.get("delta") if isinstance(data.get("delta"), dict) else {}
    if event.kind == "content_block_delta":
        piece = next((delta[name] for name in delta if name in _PIECES), None)
        if piece is None:
            return f"has {delta.get('type')} for block {index}"
        return f"adds {_short(piece)} to block {index}"
    return {
        "message_start": "the message begins, without content",
        "content_block_start": f"block {index} begins: {_kind_of(data.get('content_block'))}",
        "content_block_stop": f"block {index} is whole",
        "message_delta": f"stop_reason is {delta.get('stop_reason')}, and usage is final",
        "message_stop": "nothing more comes",
        "error": f"the stream ends with {_kind_of(data.get('error'))}",
    }.get(event.kind, "changes nothing")


def _short(piece: Json) -> str:
    written = repr(piece)
    return written if len(written) <= _SHOWN else f"{written[:_SHOWN]}…"


def _kind_of(part: Json) -> str:
    return str(part.get("type")) if isinstance(part, dict) else str(part)


def _from_data(number: int, data: Json) -> WireEvent:
    if not isinstance(data, dict) or not isinstance(data.get("type"), str):
        raise WidgetError(
            f"events[{number - 1}] is {data!r:.80}. Expected an event with a type, such as "
            '{"type": "message_stop"}.'
        )
    raw = ServerSentEvent(data["type"], data).encode().decode()
    return WireEvent(number, raw.strip(), data)


def _from_text(text: str) -> Iterator[WireEvent]:
    number = 0
    for part in text.replace("\r\n", "\n").split("\n\n"):
        lines = part.strip("\n").split("\n")
        written = "\n".join(
            line.removeprefix("data:") for line in lines if line.startswith("data:")
        )
        if not written.strip():
            continue
        number += 1
        try:
            data = json.loads(written)
        except ValueError:
            raise WidgetError(
                f"The data of event {number} isn't JSON: {written!r:.80}. Expected the stream of "
                "the Messages API as it was on the wire."
            ) from None
        yield WireEvent(number, "\n".join(lines), _from_data(number, data).data)


_CELL = "padding:.1em .8em .1em 0;text-align:left;vertical-align:top"
_NARROW = f"{_CELL};white-space:nowrap"
_PANE = (
    "flex:1 1 20em;min-width:0;border:1px solid var(--gr-hair,#bdbdbd);border-radius:6px;"
    "overflow:hidden"
)
_PANE_TITLE = "margin:0;padding:5px 10px;font-size:12px;background:var(--gr-sunk,transparent)"
# Always as high, so that what stands below doesn't jump.
_PANE_CODE = (
    "position:relative;height:330px;overflow:auto;margin:0;padding:8px 10px;white-space:pre-wrap;"
    "overflow-wrap:anywhere"
)
_NEW_LINE = "background:var(--gr-w-green,transparent);font-weight:bold"
_PLUS = '<span aria-hidden="true" style="position:absolute;margin-left:-1.1em">+</span>'
_KEY = (
    "A mark for each event, tall where something begins or ends. + stands beside what the event "
    "changed; « » are the letters of an input that isn't whole yet."
)
_HUES = {"text": "text", "thinking": "think", "tool_use": "tool"}
"""The colour of an event, by the kind of its block."""
_EDGES = ("message_start", "content_block_start", "content_block_stop", "message_stop")
_MOST = 300
"""How many events the table lists; the view has all of them."""


def event_scrubber(events: Any) -> Shown:
    """Show a stream event by event: on the wire, as data, and the message that it has built so far.

    events: a list of dicts or SDK objects, such as `replay_events` returns, or the text of a
        recorded stream. For anything else the widget says what it takes.
    """
    try:
        read = read_events(events)
    except WidgetError as error:
        return Shown(str(error), f'<p style="{QUIET}">✗ {escape(str(error))}</p>')
    return Playable(
        text=_text(read),
        html=_whole(read),
        make_view=lambda: _view(read),
    )


def _label(event: WireEvent, of: int) -> str:
    return f"Event {event.number} of {of}: {event.kind}, {effect(event)}"


def _rest(events: tuple[WireEvent, ...]) -> str:
    return f"… and {len(events) - _MOST:,} more" if len(events) > _MOST else ""


def _text(events: tuple[WireEvent, ...]) -> str:
    lines = [f"{event.number:>4} {event.kind:<20} {effect(event)}" for event in events[:_MOST]]
    whole = moment(events)
    message = ["", "The message:", as_json(whole.message)]
    return "\n".join([*lines, *filter(None, [_rest(events)]), *message, *_growing(whole)])


def _growing(now: Moment) -> list[str]:
    return [
        f"The input of block {index} so far, in letters: {letters!r}"
        for index, letters in now.inputs
    ]


def _view(events: tuple[WireEvent, ...]) -> Any:
    labels = [_label(event, len(events)) for event in events]
    return make_stepper(
        labels, lambda at: _step(events[: at + 1]), noun="event", scale=_marks(events)
    )


def _marks(events: tuple[WireEvent, ...]) -> Callable[[int], str]:
    """Return what draws a mark for each event: tall where a block begins or ends."""
    kinds: dict[int, str] = {}
    drawn: list[tuple[str, bool]] = []
    for event in events:
        index = event.data.get("index")
        if event.kind == "content_block_start":
            kinds[index] = str((event.data.get("content_block") or {}).get("type"))
        hue = _HUES.get(kinds.get(index, ""), "grey") if isinstance(index, int) else "grey"
        drawn.append((hue, event.kind in _EDGES))

    def draw(at: int) -> str:
        ring = "outline:2px solid var(--gr-ink,currentColor);outline-offset:1px"
        each = "".join(
            f'<i style="flex:1 1 0;max-width:12px;height:{18 if is_edge else 10}px;'
            f"border-radius:2px;{themed('border:1.5px solid {0}', hue)};"
            f"{themed('background', hue) if place <= at else ''};"
            f'{ring if place == at else ""}"></i>'
            for place, (hue, is_edge) in enumerate(drawn)
        )
        return (
            '<div aria-hidden="true" style="display:flex;gap:1px;align-items:flex-end;'
            # The middle of a mark is where the slider's handle stands.
            f'justify-content:space-between;height:24px;margin:4px 2px 0">{each}</div>'
        )

    return draw


def _step(so_far: tuple[WireEvent, ...]) -> str:
    now, before = moment(so_far), moment(so_far[:-1]) if len(so_far) > 1 else None
    old = set(_json_so_far(before).splitlines()) if before else set()
    panes = (
        ("On the wire", escape(so_far[-1].raw)),
        ("The message so far", _changed(_json_so_far(now), old)),
    )
    each = "".join(
        f'<div style="{_PANE}"><p style="{_PANE_TITLE}">{title}</p>'
        # The keyboard scrolls what has the focus.
        f'<pre tabindex="0" role="region" aria-label="{title}" style="{_PANE_CODE}">{code}</pre>'
        "</div>"
        for title, code in panes
    )
    return (
        f'<div style="display:flex;flex-wrap:wrap;gap:12px">{each}</div>'
        f'<p class="caption" style="margin:4px 0 0;font-size:12px">{_KEY}</p>'
    )


def _json_so_far(now: Moment) -> str:
    """Return the message as JSON; an input that isn't whole is shown in its letters."""
    message = json.loads(as_json(now.message))
    for index, letters in now.inputs:
        message["content"][index]["input"] = f"«{letters}»"
    return as_json(message)


def _changed(text: str, old: Collection[str]) -> str:
    """Return JSON with a mark beside each line that wasn't there before."""
    return "".join(
        f'<span style="display:block;padding-left:1.4em;{"" if line in old else _NEW_LINE}">'
        f"{'' if line in old else _PLUS}{escape(line)}</span>"
        for line in text.splitlines()
    )


def _whole(events: tuple[WireEvent, ...]) -> str:
    head = "".join(
        f'<th scope="col" style="{_CELL}">{title}</th>'
        for title in ("", "Event", "What it does", "On the wire")
    )
    rows = "".join(_row(event) for event in events[:_MOST])
    now = moment(events)
    growing = "".join(f'<p style="{QUIET}">{escape(line)}</p>' for line in _growing(now))
    return (
        f'<div style="{FIGURE}"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f"<p>{_rest(events)}</p></div>"
        f"{columns([('The message', _code(as_json(now.message)))])}{growing}"
    )


def _code(text: str) -> str:
    # At full height, because the keyboard would have to reach an area that scrolls.
    style = "margin:0;white-space:pre-wrap;overflow:visible;overflow-wrap:anywhere"
    return f'<pre style="{style}">{escape(text)}</pre>'


def _row(event: WireEvent) -> str:
    data = event.raw.split("data:", 1)[-1].strip()
    shown = data if len(data) <= 100 else f"{data[:100]}…"
    cells = (str(event.number), event.kind, effect(event))
    styles = (_NARROW, _NARROW, _CELL)
    plain = "".join(
        f'<td style="{style}">{escape(cell)}</td>'
        for style, cell in zip(styles, cells, strict=True)
    )
    return f'<tr>{plain}<td style="{_CELL}"><code>{escape(shown)}</code></td></tr>'
