"""Event scrubber: a stream event by event, with its bytes, its data and the message beside it."""

from __future__ import annotations

from html import escape
from typing import Any

from grader.classroom.showing import as_json, columns
from grader.classroom.shown import Shown
from grader.classroom.widgets.bars import FIGURE, QUIET
from grader.classroom.widgets.events import Moment, WireEvent, effect, moment, read_events
from grader.classroom.widgets.playable import Playable
from grader.classroom.widgets.stepper import make_picture, make_stepper
from grader.classroom.widgets.words import counted
from grader.errors import WidgetError

_CELL = "padding:.1em .8em .1em 0;text-align:left;vertical-align:top"
_NARROW = f"{_CELL};white-space:nowrap"
_MOST = 300
"""How many events the table lists; the view has them all."""


def event_scrubber(events: Any) -> Shown:
    """Show a stream event by event: on the wire, as data, and the message that it has made so far.

    events: a list of them, as dicts or SDK objects, such as `replay_events` gives; or the text of
        a recorded stream. For anything else it says what it takes.
    """
    try:
        read = read_events(events)
    except WidgetError as error:
        return Shown(str(error), f'<p style="{QUIET}">✗ {escape(str(error))}</p>')
    return Playable(
        text=_text(read),
        html=_whole(read),
        summary=f"{counted(len(read), 'event')} at once",
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

    def step(at: int) -> Any:
        return make_picture(_step(events[: at + 1]))

    return make_stepper(labels, step, noun="event", has_number=True)


def _step(so_far: tuple[WireEvent, ...]) -> str:
    now = moment(so_far)
    growing = "".join(f'<p style="{QUIET}">{escape(line)}</p>' for line in _growing(now))
    parts = (
        ("On the wire", _code(so_far[-1].raw)),
        ("The event", _code(as_json(so_far[-1].data))),
        ("The message so far", _code(as_json(now.message))),
    )
    return growing + columns(parts)


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
    # As high as it is: what scrolls in itself would have to be reached by keyboard.
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
