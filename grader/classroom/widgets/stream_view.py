"""Stream view: a reply as it comes, with its blocks, its clock, its cost, and a Stop button."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Sequence
from typing import Any

from grader.classroom.showing import Shown, sendable
from grader.classroom.widgets.parts import announced, make_button, make_picture, sentence
from grader.classroom.widgets.playable import LiveOutput, has_notebook
from grader.classroom.widgets.stream_picture import (
    blocks_html,
    figures_html,
    framed,
    status,
    stream_html,
    stream_text,
    timeline_html,
)
from grader.classroom.widgets.stream_record import Snapshot
from grader.classroom.widgets.stream_run import StreamRun
from grader.look import QUIET

_COLUMN = "flex:1 1 24em;min-width:0"


class StreamView:
    """Show replies as they come; the notebook stays usable meanwhile.

    client: an anthropic.AsyncAnthropic, as `connect_async` returns it, or any client of the
        simulator. title: the name of its streams; by default the model's name.
    """

    def __init__(self, client: Any, *, title: str = "") -> None:
        self._client = client
        self._title = title

    def run(self, **request: Any) -> ShownStreams:
        """Send a request, and show its reply as a cell's last value, or when awaited.

        request: for client.messages.create. With `await` the cell ends when the stream does, and
        its value says how; without it the cell ends at once, and the stream goes on.
        """
        return ShownStreams([StreamRun(self._client, request, title=self._title)])

    @staticmethod
    def side_by_side(*streams: ShownStreams) -> ShownStreams:
        """Show the streams of several `run`s side by side."""
        return ShownStreams([run for shown in streams for run in shown.runs])


class ShownStreams:
    """Show one stream, or several side by side, again each time it is shown."""

    def __init__(self, runs: Sequence[StreamRun]) -> None:
        self.runs = tuple(runs)
        self._is_shown = False
        for run in self.runs:
            run.begin()

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        """Return each stream as it is now."""
        return tuple(run.snapshot() for run in self.runs)

    def still(self) -> Shown:
        """Return the streams as they are now, as text and HTML."""
        stands = [(run.title, run.snapshot()) for run in self.runs]
        full = _longest(self.runs)
        columns = [
            f'<div style="{_COLUMN}">{stream_html(*each, full=full)}</div>' for each in stands
        ]
        html = f'<div style="display:flex;flex-wrap:wrap;gap:0 2em">{"".join(columns)}</div>'
        return Shown("\n\n".join(stream_text(*each) for each in stands), html)

    def make_view(self) -> Any:
        """Return a view in ipywidgets that follows the streams."""
        from ipywidgets import HBox, Layout

        views = [_make_view(run, self.runs) for run in self.runs]
        return HBox(views, layout=Layout(flex_flow="row wrap", overflow="visible"))

    def __await__(self) -> Generator[Any, None, Snapshot | tuple[Snapshot, ...]]:
        return self._finish().__await__()

    async def _finish(self) -> Snapshot | tuple[Snapshot, ...]:
        if has_notebook() and not self._is_shown:
            self._ipython_display_()
        snapshots = await asyncio.gather(*(run.finish() for run in self.runs))
        if not has_notebook():
            print(self.still())
        return snapshots[0] if len(snapshots) == 1 else tuple(snapshots)

    def _ipython_display_(self) -> None:
        self._is_shown = True
        output = LiveOutput(self.make_view(), self.still())
        for run in self.runs:
            run.listen(lambda: None, lambda: output.write(self.still()))


def _longest(runs: Sequence[StreamRun]) -> float:
    """Return the seconds that all timelines show, so that readers can compare them."""
    return max(run.snapshot().elapsed for run in runs)


def _make_view(run: StreamRun, runs: Sequence[StreamRun]) -> Any:
    from ipywidgets import Layout, VBox

    name = f" {run.title}" if len(runs) > 1 else ""
    button = make_button("", "", run.press)
    button.layout = Layout(width="auto", min_width="9em", align_self="flex-start")
    state, shown, whole, growing, timeline = (make_picture("") for _ in range(5))

    def draw() -> None:
        snapshot = run.snapshot()
        button.description = f"Stop{name}" if snapshot.is_open else f"Send{name} again"
        button.tooltip = (
            f"Close the connection of {run.title}"
            if snapshot.is_open
            else f"Send the request to {run.title} again; it costs again"
        )
        # Send only what has changed to the browser.
        words = status(snapshot)
        state.value = sendable(_heading(run.title, words, is_news=not snapshot.is_open))
        shown.value = sendable(framed(figures_html(snapshot)))
        done = [block for block in snapshot.blocks if block.is_whole or not snapshot.is_open]
        rest = [block for block in snapshot.blocks if block not in done]
        whole.value = sendable(framed(blocks_html(done)))
        growing.value = sendable(framed(blocks_html(rest, is_growing=True)))
        timeline.value = sendable(framed(timeline_html(snapshot, full=_longest(runs))))

    draw()
    for each in runs:
        each.listen(draw, lambda: None)
    place = Layout(flex="1 1 24em", min_width="0", overflow="visible", margin="0 1em 0 0")
    return VBox([button, state, shown, whole, growing, timeline], layout=place)


def _heading(title: str, words: str, *, is_news: bool) -> str:
    line = f"{title}: {words}"
    return announced(line) if is_news else f'<div style="{QUIET}">{sentence(line)}</div>'
