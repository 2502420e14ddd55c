"""Block explorer: replies of every kind, and which of four ways of reading them survive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from grader.classroom.widgets.bars import FIGURE, QUIET
from grader.classroom.widgets.chooser import make_chooser
from grader.classroom.widgets.playable import Playable
from grader.classroom.widgets.stepper import make_picture, sentence
from grader.classroom.widgets.ways_of_reading import (
    ALL,
    NOTHING,
    PART,
    RAISED,
    WAYS,
    Scene,
    explore,
    source_of,
)
from grader.classroom.widgets.words import counted, cut

_SAID = {
    ALL: "✓ all of the text",
    NOTHING: "✓ no error, and no text to lose",
    PART: "✗ a part of the text only",
    RAISED: "✗ an error",
}
_MORAL = "No error is not enough: where there is no text, stop_reason says why."
_CELL = "padding:.1em .8em .1em 0;text-align:left;vertical-align:top"


def block_explorer(messages: Mapping[str, Any] | None = None) -> Playable:
    """Show replies of every kind, and what four ways of reading make of each.

    messages: Messages of the SDK by name; six prepared replies unless given. Raises WidgetError
    for anything else.
    """
    scenes = explore(messages)
    return Playable(
        text="\n\n".join([*map(_text, scenes), "\n".join([*_score(scenes), _MORAL])]),
        html=_whole(scenes),
        summary=f"Replies of {counted(len(scenes), 'kind')} at once",
        make_view=lambda: _view(scenes),
    )


def _label(scene: Scene) -> str:
    """Return what a reply is and who survives it, in one line."""
    return f"{scene.name}: {scene.survivors} of {len(scene.readings)} ways survive"


def _score(scenes: Sequence[Scene]) -> list[str]:
    """Return how many replies each way survives, in a line each."""
    counts = (sum(scene.readings[at].survives for scene in scenes) for at in range(len(WAYS)))
    return [
        f"{source_of(way)} survives {count} of {len(scenes)}"
        for way, count in zip(WAYS, counts, strict=True)
    ]


def _blocks(scene: Scene) -> str:
    return "\n".join(map(cut, scene.blocks)) or "(no block)"


def _text(scene: Scene) -> str:
    lines = [f"{_label(scene)}; stop_reason {scene.stop_reason}"]
    lines += [f"  {line}" for line in _blocks(scene).splitlines()]
    for reading in scene.readings:
        lines += [f"  {reading.source}", f"      {_SAID[reading.outcome]}: {cut(reading.result)}"]
    return "\n".join(lines)


def _html(scene: Scene) -> str:
    # So wide that no word of code is broken; where there is no room, the table can be scrolled.
    columns = {"Way of reading": 15, "Survives?": 7, "What it gives": 9}
    head = "".join(
        f'<th scope="col" style="{_CELL};min-width:{width}em">{title}</th>'
        for title, width in columns.items()
    )
    rows = "".join(
        f'<tr><td style="{_CELL}"><code>{escape(reading.source)}</code></td>'
        f'<td style="{_CELL}">{_SAID[reading.outcome]}</td>'
        f'<td style="{_CELL}"><code>{escape(cut(reading.result))}</code></td></tr>'
        for reading in scene.readings
    )
    blocks = "<br>".join(f"<code>{escape(line)}</code>" for line in _blocks(scene).splitlines())
    return (
        f'<div style="{FIGURE};overflow-x:auto"><p style="{QUIET}">{blocks}<br>stop_reason: '
        f"<code>{escape(scene.stop_reason)}</code></p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _whole(scenes: Sequence[Scene]) -> str:
    parts = "".join(f"{sentence(_label(scene))}{_html(scene)}" for scene in scenes)
    items = "".join(f"<li>{escape(line)}</li>" for line in _score(scenes))
    return f'{parts}<ul style="{FIGURE}">{items}</ul>{_moral()}'


def _moral() -> str:
    return f'<p style="{QUIET};line-height:1.5">{_MORAL}</p>'


def _view(scenes: Sequence[Scene]) -> Any:
    chooser = make_chooser(
        [scene.name for scene in scenes],
        [_label(scene) for scene in scenes],
        lambda at: make_picture(_html(scenes[at])),
        noun="reply",
    )
    chooser.children = (*chooser.children, make_picture(_moral()))
    return chooser
